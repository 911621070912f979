"""The ledger: one row for each checked line of the book, with what the check does establish.

A chapter's last cell shows its summary and, in the same output, carries its rows as
`application/vnd.backprop.ledger+json`: {"chapter": "softmax", "rows": [{"label", "latex",
"status", "how", "sizes", "points", "ms"}, ...]}. They are collected from the executed notebooks
into `ledger.json`, beside the built pages, and shown where a page says {ledger}.
"""

import json
from collections import Counter
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from .execution import executed
from .tables import inline, link, paragraph, table, title

MIME = "application/vnd.backprop.ledger+json"
PAGE, FILE = "ledger", "ledger.json"
LAST = ("intro", "errata", "results", PAGE)  # pages made from the chapters
STATUS = {
    "proved": "proved",
    "checked": "checked",
    "refuted": "refuted, as intended",
    "undecided": "undecided",
}


def rows_of(notebook):
    """Return the ledger rows in the outputs of an executed notebook."""
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", ())]
    ledgers = [output["data"][MIME] for output in outputs if MIME in output.get("data", ())]
    return [row for ledger in ledgers for row in ledger["rows"]]


def notebooks(env):
    """Return {page: executed notebook}, in reading order."""
    order = [doc for docs in env.toctree_includes.values() for doc in docs]
    pages = sorted(env.found_docs, key=lambda doc: (order.index(doc) if doc in order else -1, doc))
    paths = {doc: Path(env.doc2path(doc)) for doc in pages}
    cache = env.mystnb_config.execution_cache_path
    return {doc: executed(path, cache) for doc, path in paths.items() if path.suffix == ".ipynb"}


def collect(env):
    """Return {page: rows} for the notebooks of the book, in reading order."""
    found = {doc: rows_of(notebook) for doc, notebook in notebooks(env).items()}
    return {doc: rows for doc, rows in found.items() if rows}


def word(status, text=""):
    """Return the word for a status, in its colour."""
    return nodes.strong("", text or status, classes=["status", f"status-{status}"])


def tried(row):
    """Say where the two sides were compared as numbers."""
    count = row.get("points")
    if not count:
        return ""
    points = f"{count} point{'s' * (count != 1)}"
    where = f"{points}, {row['sizes']}" if row.get("sizes") else points
    return f"and equal at {where}" if row["status"] == "proved" else where


class Ledger(SphinxDirective):
    """Show the counts of every chapter, then its rows."""

    def run(self):
        book = collect(self.env)
        if not book:
            return [paragraph("No chapter has written to the ledger yet.")]
        file = nodes.reference("", "ledger.json", internal=True, refuri=FILE)
        note = paragraph("The same rows, for a machine: ", file, ".")
        return [self.counts(book), note, *[self.chapter(doc, rows) for doc, rows in book.items()]]

    def counts(self, book):
        """Return the table of counts by status, with a last row for the whole book."""
        used = [s for s in STATUS if any(row["status"] == s for rows in book.values() for row in rows)]
        everything = [row for rows in book.values() for row in rows]
        body = [[[paragraph(self.link(doc))], *self.count(used, rows)] for doc, rows in book.items()]
        body += [["The whole book", *self.count(used, everything)]]
        return table(["Chapter", "Lines", *[status.capitalize() for status in used]], body, ["counts"])

    @staticmethod
    def count(used, rows):
        tally = Counter(row["status"] for row in rows)
        return [str(len(rows)), *[str(tally[status]) for status in used]]

    def chapter(self, doc, rows):
        """Return a section with a chapter's rows."""
        section = nodes.section("", ids=[f"ledger-{doc}"], names=[f"ledger-{doc}"])
        section += nodes.title("", "", nodes.Text(title(self.env, doc)))
        body = [[self.formula(row), self.finding(doc, row)] for row in rows]
        section += table(["Line", "What was established"], body, ["ledger"])
        return section

    def formula(self, row):
        return [nodes.math_block(text=row["latex"], nowrap=False, number=None, docname=PAGE)]

    def finding(self, doc, row):
        """Say in words how far the check of a row reaches, and where the line stands."""
        told = ", ".join(part for part in (row.get("how"), tried(row)) if part)
        found = paragraph(word(row["status"], STATUS[row["status"]]), *(inline(f": {told}") if told else []))
        label = row.get("label")
        known = label in self.env.get_domain("math").equations
        anchor = f"equation-{nodes.make_id(label)}" if known else ""
        text = label if known else title(self.env, doc)
        return [found, paragraph(self.link(doc, text, anchor), classes=["where"])]

    def link(self, doc, text=None, anchor=""):
        return link(self.env.app.builder, PAGE, doc, text or title(self.env, doc), anchor)


def read_last(app, env, docnames):
    """Read the ledger and the results after every chapter, and whenever a chapter is read."""
    if docnames:
        last = [doc for doc in LAST if doc in env.found_docs]
        docnames[:] = [doc for doc in docnames if doc not in last] + last


def write_json(app, exception):
    """Write `ledger.json` beside the pages."""
    if exception is None and app.builder.format == "html":
        text = json.dumps(collect(app.env), indent=1, ensure_ascii=False)
        Path(app.outdir, FILE).write_text(text + "\n", encoding="utf8")


def setup(app):
    app.add_directive("ledger", Ledger)
    app.connect("env-before-read-docs", read_last)
    app.connect("build-finished", write_json)
