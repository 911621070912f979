"""The ledger: one row for each checked line of the book, with what the check does establish.

A chapter's last cell shows its summary and, in the same output, carries its rows as
`application/vnd.backprop.ledger+json`: {"chapter": "softmax", "rows": [{"label", "latex",
"status", "how", "sizes", "points", "ms"}, ...]}. They are collected from the executed notebooks
into `ledger.json`, beside the built pages. Where a page says {ledger}, the counts are shown, and the
lines that are not proved; the rows of a chapter have a page of their own, `ledger-softmax.html`.
"""

import json
from collections import Counter
from html import escape
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


def used(rows):
    """Return the statuses that occur among the rows, in the order of STATUS."""
    return [status for status in STATUS if any(row["status"] == status for row in rows)]


def address(doc):
    """Return the name of the page with a chapter's rows."""
    return f"{PAGE}-{doc}"


class Ledger(SphinxDirective):
    """Show the counts of every chapter, then the lines that are not proved."""

    def run(self):
        book = collect(self.env)
        if not book:
            return [paragraph("No chapter has written to the ledger yet.")]
        file = nodes.reference("", "ledger.json", internal=True, refuri=FILE)
        note = paragraph("The same rows, for a machine: ", file, ".")
        return [self.counts(book), note, self.unproved(book)]

    def counts(self, book):
        """Return the table of counts by status, with a last row for the whole book; a chapter leads to its rows."""
        everything = [row for rows in book.values() for row in rows]
        columns = used(everything)
        body = [[[self.head(doc)], *self.count(columns, rows)] for doc, rows in book.items()]
        body += [["The whole book", *self.count(columns, everything)]]
        return table(["Chapter", "Lines", *[status.capitalize() for status in columns]], body, ["counts"])

    def head(self, doc):
        target = link(self.env.app.builder, PAGE, address(doc), title(self.env, doc))
        return paragraph(target, ids=[f"{PAGE}-{doc}"])

    @staticmethod
    def count(columns, rows):
        tally = Counter(row["status"] for row in rows)
        return [str(len(rows)), *[str(tally[status]) for status in columns]]

    def unproved(self, book):
        """Return a section with the lines that are not proved."""
        found = [(doc, row) for doc, rows in book.items() for row in rows if row["status"] != "proved"]
        section = nodes.section("", ids=["not-proved"], names=["not-proved"])
        section += nodes.title("", "", nodes.Text("The lines that are not proved"))
        section += shown(self.env, found)
        return section


def shown(env, found):
    """Return a table of rows, each given with its chapter, and before it the choice of a status."""
    body = [[formula(row), finding(env, doc, row)] for doc, row in found]
    lines = table(["Line", "What was established"], body, [PAGE])
    statuses = used([row for _, row in found])
    return [choice(statuses), lines] if len(statuses) > 1 else [lines]


def choice(statuses):
    """Return the choice of the status to be shown; ledger.css does what it says, without a script."""
    button = '<label><input type="radio" name="status" value="{0}"{1}> {0}</label>'
    buttons = [button.format("all", " checked"), *(button.format(status, "") for status in statuses)]
    form = f'<fieldset class="ledger-choice"><legend>Show</legend>{" ".join(buttons)}</fieldset>'
    return nodes.raw("", form, format="html")


def formula(row):
    return [nodes.math_block(text=row["latex"], nowrap=False, number=None, docname=PAGE)]


def finding(env, doc, row):
    """Say in words how far the check of a row reaches, and where the line stands."""
    told = ", ".join(part for part in (row.get("how"), tried(row)) if part)
    found = paragraph(word(row["status"], STATUS[row["status"]]), *(inline(f": {told}") if told else []))
    label = row.get("label")
    known = label in env.get_domain("math").equations
    anchor = f"equation-{nodes.make_id(label)}" if known else ""
    text = label if known else title(env, doc)
    return [found, paragraph(link(env.app.builder, PAGE, doc, text, anchor), classes=["where"])]


def chapter_pages(app):
    """Yield a page for each chapter, with all its rows."""
    book = collect(app.env)
    around = [PAGE, *map(address, book), None]
    heads = {PAGE: title(app.env, PAGE), **{address(doc): title(app.env, doc) for doc in book}}
    for place, (doc, rows) in enumerate(book.items(), 1):
        before, after = ({"link": f"{name}.html", "title": heads[name]} if name else None
                         for name in (around[place - 1], around[place + 1]))
        name = heads[address(doc)]
        builder = app.builder
        head = paragraph(f"All {len(rows)} lines of the chapter ", link(builder, PAGE, doc, name), ". ",
                         link(builder, PAGE, PAGE, "The other chapters"), ".")
        content = nodes.container("", head, *shown(app.env, [(doc, row) for row in rows]))
        yield address(doc), {
            "title": escape(f"Ledger: {name}"),
            "description": f"All {len(rows)} lines of the chapter {name}, each with how far its check reaches.",
            "body": f"<h1>Ledger: {escape(name)}</h1>\n{builder.render_partial(content)['fragment']}",
            "prev": before, "next": after,
        }, "page.html"


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
    app.connect("html-collect-pages", chapter_pages)
    app.connect("build-finished", write_json)
