"""The map of the chapters, where a page says {map}: which chapter needs which.

What a chapter needs stands in its paragraph "Before you start", as {doc} links; it is read there.
An arc is left out if others say the same: what a needed chapter needs is needed too.
"""

import re

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from .execution import chapters, read
from .tables import link, paragraph, title

NEEDS = re.compile(r"\*\*Before you start\*\*(.*?)(?:\n\n|\Z)", re.DOTALL)
DOC = re.compile(r"\{doc\}`(?:[^`<]*<)?(\w+)>?`")
ROW, WIDTH = 38, 92  # pixels: the height of a row, the width of the arcs; also in the style sheet


def needed(notebook):
    """Return the pages that the notebook's "Before you start" names; None if it has no such paragraph."""
    found = NEEDS.search("\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown"))
    return None if found is None else set(DOC.findall(found[1]))


def prerequisites(paths):
    """Return {chapter: the chapters that it needs and that no other of them needs}, in reading order."""
    found = {path.stem: needed(read(path)) for path in paths}
    found = {name: pages for name, pages in found.items() if pages is not None}
    direct = {name: [page for page in found if page in pages] for name, pages in found.items()}

    def everything(name):
        return {page for other in direct[name] for page in {other, *everything(other)}}

    return {name: [page for page in pages if not any(page in everything(other) for other in pages)]
            for name, pages in direct.items()}


def arcs(row, rows):
    """Return the curves that arrive at a row from those above it, as SVG."""
    paths = []
    for start in rows:
        span = (row - start) * ROW
        reach = min(WIDTH - 6, 12 + 0.3 * span) * 4 / 3  # a cubic reaches three quarters of the way
        x, y = WIDTH - 6, ROW / 2
        paths.append(f'<path d="M{x} {y - span}C{x - reach:.0f} {y - span} {x - reach:.0f} {y} {x} {y}"/>')
    head = f'<path class="head" d="M{WIDTH - 12} {ROW / 2 - 4}l7 4l-7 4z"/>' if paths else ""
    return f'<svg aria-hidden="true" width="{WIDTH}" height="{ROW}">{"".join(paths)}{head}</svg>'


class Map(SphinxDirective):
    """Show the chapters as a list, with an arc from each to those that need it."""

    def run(self):
        paths = chapters()
        for path in paths:
            self.env.note_dependency(str(path))
        found = prerequisites(paths)
        order = list(found)
        shown = nodes.bullet_list(classes=["chapter-map"])
        for row, (name, pages) in enumerate(found.items()):
            svg = nodes.raw("", arcs(row, [order.index(page) for page in pages]), format="html")
            chapter = link(self.env.app.builder, self.env.docname, name, title(self.env, name))
            names = ", ".join(title(self.env, page) for page in pages)
            after = nodes.inline("", f" (needs {names})" if pages else "", classes=["needs"])
            shown += nodes.list_item("", paragraph(svg, chapter, after))
        return [shown]


def setup(app):
    app.add_directive("map", Map)
