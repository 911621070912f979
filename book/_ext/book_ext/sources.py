"""The page of sources: which question or claim of the source notes is answered where.

`book/sources.yml` is a list of items with the keys id, chapter, anchor, had (what the source
had), shows (what the book shows) and verdict. Texts are Markdown, formulas included.
"""

from pathlib import Path

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from .tables import link, paragraph, table

KEYS = {"id", "chapter", "anchor", "had", "shows", "verdict"}


def load(path):
    """Return the items of the file; say which lacks a key, or bears the name of another."""
    items = yaml.safe_load(Path(path).read_text(encoding="utf8")) or []
    seen = set()
    for item in items:
        if set(item) != KEYS:
            odd = ", ".join(sorted(set(item) ^ KEYS))
            raise ValueError(f"{path}: item {item.get('id')}: missing or unknown keys: {odd}")
        if item["id"] in seen:
            raise ValueError(f"{path}: item {item['id']} stands twice")
        seen.add(item["id"])
    return items


class Sources(SphinxDirective):
    """Show the items as a table; each links to its place in the book."""

    def run(self):
        path = Path(self.env.srcdir, "sources.yml")
        self.env.note_dependency(str(path))
        rows = []
        for item in load(path):
            target = link(
                self.env.app.builder, self.env.docname, item["chapter"], item["id"], item["anchor"]
            )
            cells = [self.markdown(item[key]) for key in ("had", "shows", "verdict")]
            rows.append([[paragraph(target)], *cells])
        heads = ["Item", "What the source had", "What the book shows", "Verdict"]
        return [table(heads, rows, ["sources"])]

    def markdown(self, text):
        cell = nodes.container()
        lines = StringList(str(text).splitlines(), source="sources.yml")
        self.state.nested_parse(lines, self.content_offset, cell)
        return cell.children


def setup(app):
    app.add_directive("sources", Sources)
