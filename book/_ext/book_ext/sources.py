"""The page of sources: which question or claim of the source notes is answered where.

`book/sources.yml` is a list of items with the keys id, chapter, anchor, had (what the source
had), shows (what the book shows) and verdict. Texts are Markdown, formulas included. An item named in
a chapter, `001-Q3a`, is a link to its row.
"""

from pathlib import Path
from typing import ClassVar

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from .tables import link, paragraph, table

PAGE = "sources"
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
    """Show the items as a table, or those with one verdict only; each links to its place in the book."""

    option_spec: ClassVar = {"verdict": directives.unchanged_required}

    def run(self):
        path = Path(self.env.srcdir, "sources.yml")
        self.env.note_dependency(str(path))
        rows, wanted = [], self.options.get("verdict")
        items = sorted(load(path), key=lambda item: item["id"])
        for item in (item for item in items if wanted in (None, item["verdict"])):
            target = link(
                self.env.app.builder, self.env.docname, item["chapter"], item["id"], item["anchor"]
            )
            keys = ("had", "shows") if wanted else ("had", "shows", "verdict")
            cells = [self.markdown(item[key]) for key in keys]
            named = paragraph(target)
            named["ids"] = [anchor(item["id"])]
            rows.append([[named], *cells])
        heads = ["Item", "What the source had", "What the book shows"]
        return [table(heads if wanted else [*heads, "Verdict"], rows, ["sources"])]

    def markdown(self, text):
        cell = nodes.container()
        lines = StringList(str(text).splitlines(), source="sources.yml")
        self.state.nested_parse(lines, self.content_offset, cell)
        return cell.children


def anchor(item):
    """Return the id of an item's row."""
    return nodes.make_id(f"item-{item}")


class LinkedItems(SphinxPostTransform):
    """Make each item that a page names, in the type of code, a link to its row."""

    default_priority = 100

    def run(self):
        names = {item["id"] for item in load(Path(self.env.srcdir, "sources.yml"))}
        for node in list(self.document.findall(nodes.literal)):
            if node.astext() in names and self.env.docname != PAGE:
                target = link(self.app.builder, self.env.docname, PAGE, "", anchor(node.astext()))
                node.replace_self(target)
                target.children = []
                target += node


def setup(app):
    app.add_directive("sources", Sources)
    app.add_post_transform(LinkedItems)
