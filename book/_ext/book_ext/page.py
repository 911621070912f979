"""Every page: read again when the site's frame changed, and described for search engines."""

from hashlib import sha256
from html import escape
from pathlib import Path

from docutils import nodes

FRAME = ("_ext", "_static", "_templates")


def frame_changed(app, env, added, changed, removed):
    """Return every page when an extension, a style or a template is not what it was."""
    files = [path for folder in FRAME for path in sorted(Path(app.srcdir, folder).rglob("*.*"))]
    files = [path for path in files if path.is_file() and path.suffix != ".pyc"]
    digest = sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()
    before, env.frame_digest = getattr(env, "frame_digest", None), digest
    return [] if before == digest else list(env.found_docs)


def describe(app, pagename, templatename, context, doctree):
    """Add the meta description unless the page has one."""
    if doctree is None or 'name="description"' in context.get("metatags", ""):
        return
    texts = [p.astext() for p in doctree.findall(nodes.paragraph)]
    text = " ".join(next((t for t in texts if len(t) > 40), app.config.html_title).split())
    short = text if len(text) <= 160 else text[:157].rsplit(" ", 1)[0] + "…"
    context["metatags"] += f'\n<meta name="description" content="{escape(short, quote=True)}">'


def setup(app):
    app.connect("env-get-outdated", frame_changed)
    app.connect("html-page-context", describe)
