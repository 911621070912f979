"""Docutils pieces, shared by the ledger, the results and the page of sources."""

import re

from docutils import nodes
from docutils.statemachine import StringList


def inline(text):
    """Return the text as inline nodes; $…$ inside it is mathematics."""
    pieces = re.split(r"\$([^$]+)\$", text)
    made = [nodes.math("", piece) if place % 2 else nodes.Text(piece) for place, piece in enumerate(pieces)]
    return [node for node in made if node.astext()]


def markdown(directive, text, source):
    """Return Markdown, read where the directive stands, as block nodes; `source` is named in its warnings."""
    found = nodes.container()
    directive.state.nested_parse(StringList(text.splitlines(), source=source), directive.content_offset, found)
    return found.children


def paragraph(*children, classes=(), ids=()):
    """Return a paragraph of strings and inline nodes."""
    made = [nodes.Text(child) if isinstance(child, str) else child for child in children]
    return nodes.paragraph("", "", *made, classes=list(classes), ids=list(ids))


def link(builder, page, target, text, anchor=""):
    """Return a link from a page of the book to another, or to an anchor on it."""
    uri = builder.get_relative_uri(page, target) + (f"#{anchor}" if anchor else "")
    return nodes.reference("", "", nodes.Text(text), internal=True, refuri=uri)


def title(env, page):
    """Return the title of a page, or its name while it has none."""
    return env.titles[page].astext() if page in env.titles else page


def table(heads, rows, classes=()):
    """Return a table; a cell is a list of block nodes, or a string."""
    group = nodes.tgroup(cols=len(heads))
    group += [nodes.colspec(colwidth=1) for _ in heads]
    group += nodes.thead("", _row(heads))
    group += nodes.tbody("", *[_row(row) for row in rows])
    return nodes.table("", group, classes=["book-table", *classes])


def _row(cells):
    blocks = [[paragraph(cell)] if isinstance(cell, str) else cell for cell in cells]
    return nodes.row("", *[nodes.entry("", *block) for block in blocks])
