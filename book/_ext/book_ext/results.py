"""Results at a glance: the summaries of all chapters on one page, where it says {results}.

A chapter's summary is computed from its derivations. Here the same outputs are shown again, taken
from the executed notebooks, so that nothing is typed twice.
"""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from .derivations import split_lines
from .formulas import split_label
from .ledger import notebooks
from .tables import link, markdown, paragraph, title


def summary_of(notebook):
    """Return the results below the heading "Summary", ("math", LaTeX), each after its ("text", Markdown)."""
    inside, found = False, []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            head, _, text = f"\n{cell.source}".partition("\n## Summary\n")
            inside = bool(text) or inside and "\n## " not in head
            if inside:
                found.append(("text", (text or head).strip()))
        elif inside:
            shown = [output.get("data", {}).get("text/latex") for output in cell.outputs]
            blocks = [split_label(latex)[1].strip().strip("$").strip() for latex in shown if latex]
            found += [("math", latex) for latex in blocks if split_lines(latex)]
    while found and found[-1][0] == "text":
        found.pop()
    return found


class Results(SphinxDirective):
    """Show what each chapter has established: the words and formulas of its summary, with the status of each."""

    def run(self):
        shown = []
        for doc, notebook in notebooks(self.env).items():
            summary = summary_of(notebook)
            if summary:
                section = nodes.section("", ids=[f"results-{doc}"], names=[f"results-{doc}"])
                section += nodes.title("", "", nodes.Text(title(self.env, doc)))
                section += paragraph(link(self.env.app.builder, self.env.docname, doc, "How they are derived", ""), ".")
                for kind, source in summary:
                    section += markdown(self, source, f"{doc}.ipynb") if kind == "text" else nodes.math_block(
                        text=source, nowrap=False, number=None, docname=self.env.docname)
                shown.append(section)
        return shown or [paragraph("No chapter has a summary yet.")]


def setup(app):
    app.add_directive("results", Results)
