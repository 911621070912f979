"""The page of sources: which question or claim of the source notes is answered where; and the errata.

`book/sources.yml` is a list of items with the keys id, chapter, anchor, had (what the source
had), shows (what the book shows) and verdict. What is corrected has also counterexample, the labels
of the lines that refute it, and, if they do not speak for themselves, because. Texts are Markdown,
formulas included. An item named in a chapter, `001-Q3a`, is a link to its row.
"""

from pathlib import Path
from typing import ClassVar

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from .ledger import collect, word
from .tables import inline, link, markdown, paragraph, table, title

PAGE = "sources"
KEYS = {"id", "chapter", "anchor", "had", "shows", "verdict"}


def load(path):
    """Return the items of the file; say which lacks a key, or bears the name of another."""
    items = yaml.safe_load(Path(path).read_text(encoding="utf8")) or []
    seen = set()
    for item in items:
        keys = KEYS | {"counterexample"} if item.get("verdict") == "corrected" else KEYS
        if set(item) - {"because"} != keys:
            odd = ", ".join(sorted((set(item) - {"because"}) ^ keys))
            raise ValueError(f"{path}: item {item.get('id')}: missing or unknown keys: {odd}")
        if item["id"] in seen:
            raise ValueError(f"{path}: item {item['id']} stands twice")
        seen.add(item["id"])
    return items


def refutations(ledger, item):
    """Return the rows of the ledger that refute an item, in the order of its labels; a proof, if it is by a proof."""
    labels = item.get("counterexample", ())
    rows = [row for label in labels for row in ledger.get(item["chapter"], []) if row["label"] == label]
    return [row for row in rows if row["status"] == "refuted"] or rows


class Sources(SphinxDirective):
    """Show all items as a table; each links to its place in the book."""

    def run(self):
        heads = ["Item", "What the source had", "What the book shows", "Verdict"]
        keys = ("had", "shows", "verdict")
        rows = [[[self.heading(item)], *(markdown(self, item[key], "sources.yml") for key in keys)]
                for item in self.items()]
        return [table(heads, rows, ["sources"])]

    def items(self):
        path = Path(self.env.srcdir, "sources.yml")
        self.env.note_dependency(str(path))
        return sorted(load(path), key=lambda item: item["id"])

    def heading(self, item, *more):
        """Return a paragraph that begins with a link to the item's place."""
        builder = self.env.app.builder
        target = link(builder, self.env.docname, item["chapter"], item["id"], item["anchor"])
        return paragraph(target, *more, ids=[anchor(item["id"])])


class Errata(Sources):
    """Show the items with one verdict, each with the lines that refute it."""

    option_spec: ClassVar = {"verdict": directives.unchanged_required}

    def run(self):
        wanted = [item for item in self.items() if item["verdict"] == self.options["verdict"]]
        ledger = collect(self.env) if any("counterexample" in item for item in wanted) else {}
        return [self.entry(item, refutations(ledger, item)) for item in wanted]

    def entry(self, item, rows):
        """Return what the source had, where that fails, and what is right."""
        told = [block for row in rows for block in self.refuted(row)]
        parts = {"In the source": markdown(self, item["had"], "sources.yml"),
                 "Where it fails": [*markdown(self, item.get("because", ""), "sources.yml"), *told],
                 "In the book": markdown(self, item["shows"], "sources.yml")}
        found = nodes.definition_list(classes=["erratum", "simple"])
        for term, blocks in parts.items():
            if blocks:
                found += nodes.definition_list_item(
                    "", nodes.term("", term), nodes.definition("", *blocks))
        return nodes.container("", self.heading(item, f" · {title(self.env, item['chapter'])}"), found)

    def refuted(self, row):
        """Return a line that was claimed, with what was found; or one that was proved instead."""
        claim = nodes.math_block(text=row["latex"], nowrap=False, number=None, docname=self.env.docname)
        return [claim, paragraph(word(row["status"]), *inline(f": {row['how']}" if row["how"] else ""))]


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
    app.add_directive("errata", Errata)
    app.add_post_transform(LinkedItems)
