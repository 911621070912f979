"""Every page: read again when the site's frame changed, described, timed, and linked to its source.

* A description, and with the title the same as Open Graph, for search engines and previews of links.
* Below the title of a notebook stands about how long it takes: see `minutes`.
* With `repository.url` in `_config.yml`, a page leads to its source, and to the report of an error.
* With `html.baseurl`, a page names its address, and `sitemap.xml` lists all of them.
* `404.html`, shown at addresses that do not exist, finds the book from any depth: see its template.
"""

from hashlib import sha256
from html import escape
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

from docutils import nodes
from markupsafe import Markup
from sphinx_exercise.nodes import exercise_enumerable_node, solution_node

from .derivations import split_lines
from .ledger import address
from .tables import paragraph, title

FRAME = ("_ext", "_static", "_templates")
TIME = "reading-time"
WORDS, LINES = 200, 4  # words of text, displayed lines of formulas: what one reads in a minute
EXERCISE = {"easy": 5, "medium": 10, "hard": 20}  # minutes


def frame_changed(app, env, added, changed, removed):
    """Return every page when an extension, a style or a template is not what it was."""
    files = [path for folder in FRAME for path in sorted(Path(app.srcdir, folder).rglob("*.*"))]
    files = [path for path in files if path.is_file() and path.suffix != ".pyc"]
    digest = sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()
    before, env.frame_digest = getattr(env, "frame_digest", None), digest
    return [] if before == digest else list(env.found_docs)


def describe(app, pagename, templatename, context, doctree):
    """Add what search engines and previews of links show; a page made of no source may bring its description."""
    config = app.config
    text = described(doctree, config.html_title) if doctree else context.get("description")
    if not text:
        return
    found = {
        "og:title": Markup(context["title"]).striptags(),
        "og:description": text,
        "og:type": "website" if pagename == config.root_doc else "article",
        "og:site_name": config.html_title,
        "og:locale": config.language,
    }
    if config.html_baseurl:
        found["og:url"] = urljoin(config.html_baseurl, f"{pagename}.html")
    tags = [f'<meta name="description" content="{escape(text)}">']
    tags += [f'<meta property="{name}" content="{escape(value)}">' for name, value in found.items()]
    context["metatags"] = "\n".join([context.get("metatags") or "", *tags])


def described(doctree, fallback):
    """Return the first paragraph that says something, at most 160 letters of it."""
    texts = [node.astext() for node in doctree.findall(nodes.paragraph) if TIME not in node["classes"]]
    text = " ".join(next((text for text in texts if len(text) > 40), fallback).split())
    return text if len(text) <= 160 else text[:157].rsplit(" ", 1)[0] + "…"


def minutes(doctree):
    """Return about how long a page takes, in minutes: to read it, and to do its exercises.

    One reads 200 words a minute, and four displayed lines of formulas. An exercise takes 5, 10 or 20 minutes,
    as it is easy, medium or hard; what stands in it and in its solution belongs to it. Code is not counted.
    """
    def reader(node):
        while node is not None and not isinstance(node, (exercise_enumerable_node, solution_node)):
            node = node.parent
        return node is None

    texts = filter(reader, doctree.findall(lambda node: isinstance(node, (nodes.paragraph, nodes.title, nodes.term))))
    words = sum(len(node.astext().split()) for node in texts)
    formulas = filter(reader, doctree.findall(nodes.math_block))
    lines = sum(len(split_lines(node.astext()) or [node]) for node in formulas)
    exercises = [EXERCISE[level] for node in doctree.findall(exercise_enumerable_node)
                 for level in node["classes"] if level in EXERCISE]
    return words / WORDS + lines / LINES, sum(exercises)


def clock(number):
    """Return a number of minutes in words, to the next five minutes."""
    hours, rest = divmod(max(5, 5 * round(number / 5)), 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest))


def say_time(app, doctree):
    """Say below the title of a notebook how long it takes."""
    head = next(doctree.findall(nodes.title), None)
    if head is None or not app.env.doc2path(app.env.docname).endswith(".ipynb"):
        return
    reading, exercises = minutes(doctree)
    text = f"Reading: about {clock(reading)}." + f" Exercises: about {clock(exercises)}." * bool(exercises)
    head.parent.insert(head.parent.index(head) + 1, paragraph(text, classes=[TIME]))


def link_source(app, pagename, templatename, context, doctree):
    """Give a page the links to its source and to the report of an error, if the repository is known."""
    options = app.config.html_theme_options
    repository = (options.get("repository_url") or "").rstrip("/")
    if not repository:
        return
    gitlab = "gitlab" in urlsplit(repository).netloc
    root = f"{repository}/-" if gitlab else repository
    subject, key = quote(f"Error on the page {pagename}"), "issue[title]" if gitlab else "title"
    links = [("Report an error", f"{root}/issues/new?{key}={subject}")]
    if doctree is not None:
        path = f"{Path(app.srcdir).name}/{pagename}{context['page_source_suffix']}"
        links.insert(0, ("Edit this page", f"{root}/edit/{options.get('repository_branch') or 'main'}/{path}"))
    context["page_links"] = links
    context["theme_article_footer_items"] = ["page-foot.html"]


def missing_page(app):
    """Yield the page that is shown at an address that does not exist, with the titles of all others."""
    pages = [doc for docs in app.env.toctree_includes.values() for doc in docs]
    found = [(f"{doc}.html", title(app.env, doc)) for doc in (app.config.root_doc, *pages)]
    yield "404", {"title": "Page not found", "pages": found}, "404.html"


def write_sitemap(app, exception):
    """Write the sitemap, if the address of the site is known."""
    base = app.config.html_baseurl
    if exception is None and app.builder.format == "html" and base:
        names = [*app.env.found_docs, *map(address, app.env.found_docs)]
        pages = sorted(f"{name}.html" for name in names if Path(app.outdir, f"{name}.html").exists())
        lines = [f"<url><loc>{escape(urljoin(base, page))}</loc></url>" for page in pages]
        text = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        Path(app.outdir, "sitemap.xml").write_text(text + "\n".join(lines) + "\n</urlset>\n", encoding="utf8")


def setup(app):
    app.connect("env-get-outdated", frame_changed)
    app.connect("doctree-read", say_time)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", link_source, priority=900)  # after the theme, which removes what it does not know
    app.connect("html-collect-pages", missing_page)
    app.connect("build-finished", write_sitemap)
