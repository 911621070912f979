"""Every page: a description for search engines, taken from its first paragraph."""

from html import escape

from docutils import nodes


def describe(app, pagename, templatename, context, doctree):
    """Add the meta description unless the page has one."""
    if doctree is None or 'name="description"' in context.get("metatags", ""):
        return
    texts = [p.astext() for p in doctree.findall(nodes.paragraph)]
    text = " ".join(next((t for t in texts if len(t) > 40), app.config.html_title).split())
    short = text if len(text) <= 160 else text[:157].rsplit(" ", 1)[0] + "…"
    context["metatags"] += f'\n<meta name="description" content="{escape(short, quote=True)}">'


def setup(app):
    app.connect("html-page-context", describe)
