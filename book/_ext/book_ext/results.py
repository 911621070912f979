"""Results at a glance: the summaries of all chapters on one page, where it says {results}.

A chapter's summary is computed from its derivations. Here the same outputs are shown again, taken
from the executed notebooks, so that nothing is typed twice.
"""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from .derivations import split_lines
from .formulas import split_label
from .ledger import notebooks
from .tables import link, paragraph, title


def summary_of(notebook):
    """Return the blocks of results below the heading "Summary", as LaTeX."""
    inside, found = False, []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heads = [line for line in cell.source.splitlines() if line.startswith("## ")]
            inside = heads[-1] == "## Summary" if heads else inside
        elif inside:
            shown = [output.get("data", {}).get("text/latex") for output in cell.outputs]
            found += [split_label(latex)[1].strip().strip("$").strip() for latex in shown if latex]
    return [latex for latex in found if split_lines(latex)]


class Results(SphinxDirective):
    """Show what each chapter has established: its formulas, with the sizes and the status of each."""

    def run(self):
        shown = []
        for doc, notebook in notebooks(self.env).items():
            blocks = summary_of(notebook)
            if blocks:
                section = nodes.section("", ids=[f"results-{doc}"], names=[f"results-{doc}"])
                section += nodes.title("", "", nodes.Text(title(self.env, doc)))
                section += paragraph(link(self.env.app.builder, self.env.docname, doc, "How they are derived", ""), ".")
                section += [nodes.math_block(text=latex, nowrap=False, number=None, docname=self.env.docname)
                            for latex in blocks]
                shown.append(section)
        return shown or [paragraph("No chapter has a summary yet.")]


def setup(app):
    app.add_directive("results", Results)
