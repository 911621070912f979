"""What Sphinx and its theme leave out for assistive technology and for a slow connection."""

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

INLINE_NEEDS_IT = "documentation_options.js"  # a script in the page itself sets values in it


def visit_entry(writer, node):
    """Open a cell of a table; an empty one in the head is no heading of anything."""
    before = len(writer.body)
    HTML5Translator.visit_entry(writer, node)
    if writer.context[-1].startswith("</th") and not node.astext().strip() and not node.next_node(nodes.image):
        writer.context[-1] = "</td>\n"
        writer.body[before:] = [part.replace("<th", "<td", 1) for part in writer.body[before:]]


def depart_entry(writer, node):
    HTML5Translator.depart_entry(writer, node)


def defer(app, pagename, templatename, context, doctree):
    """Let the scripts wait until the page is read; those of the search page depend on each other's order."""
    for script in context.get("script_files", ()):
        name = str(script.filename or "")
        if name and "async" not in script.attributes and not name.endswith(INLINE_NEEDS_IT):
            script.attributes.pop("defer", None)
            if pagename != "search":
                script.attributes["defer"] = "defer"


def setup(app):
    app.add_node(nodes.entry, override=True, html=(visit_entry, depart_entry))
    app.connect("html-page-context", defer, priority=900)
