r"""Formulas: rendered by KaTeX while the book is built; computed ones get a label and a number.

* One table of macros, `book_macros` in `_config.yml`.
* A formula KaTeX cannot read is a Sphinx warning with notebook, cell and line.
* A `text/latex` output whose first line is the comment `% label: softmax-jacobian` becomes a
  numbered equation, which {eq}`softmax-jacobian` refers to from any page. The comment may stand
  before or just inside the `$$`; inside is better, for there JupyterLab does not print it.
* A derivation becomes a list of its lines, each with its reason as text: see `derivations.py`.
* A display wider than its column scrolls in a box of its own, reachable from the keyboard; on paper,
  where nothing scrolls, it shrinks. For that each box bears the width of its formula.
"""

import re
from functools import partial
from html import escape

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from . import derivations
from .katex import KaTeXError, render_latex

logger = logging.getLogger(__name__)

LABEL = re.compile(r"\A\s*(\$\$|\\\[|\$)?\s*%\s*label:\s*([\w:-]+)[ \t]*\n")


class LabelledOutputs(SphinxTransform):
    """Turn each computed display that begins with a label comment into a numbered equation."""

    default_priority = 300

    def apply(self):
        domain = self.env.get_domain("math")
        for node in list(self.document.findall(nodes.math_block)):
            label, latex = split_label(node.astext())
            if label is None:
                continue
            node.children = [nodes.Text(latex)]
            name = nodes.make_id(f"equation-{label}")
            node.update_basic_atts({"ids": [name]})
            node["label"], node["docname"] = label, self.env.docname
            domain.note_equation(self.env.docname, label, location=node)
            node["number"] = domain.get_equation_number_for(label)
            self.document.note_explicit_target(node)


def split_label(latex):
    """Return the label a formula begins with, or None, and the formula without it."""
    match = LABEL.match(latex)
    if match is None:
        return None, latex
    rest = latex[match.end():].strip()
    for start, end in (("$$", "$$"), (r"\[", r"\]"), ("$", "$")):
        if (match[1] or rest).startswith(start) and rest.endswith(end):
            return match[2], rest.removeprefix(start).removesuffix(end).strip()
    return match[2], rest


def visit_math(writer, node):
    writer.body.append(writer.starttag(node, "span", "", CLASS="math"))
    writer.body.append(render(writer, node, node.astext(), False)[0] + "</span>")
    raise nodes.SkipNode


def visit_math_block(writer, node):
    lines = derivations.split_lines(node.astext())
    writer.body.append(writer.starttag(node, "div", "", CLASS="math derivation" if lines else "math"))
    if lines:
        writer.body.append(derivations.to_html(lines, partial(render, writer, node)))
    else:
        formula, width = render(writer, node, node.astext(), True)
        writer.body.append(f'<div class="math-box" tabindex="0" style="--width: {width:.2f}">{formula}</div>')
    if node.get("number"):
        number = get_node_equation_number(writer, node)
        writer.body.append(f'<span class="eqno">({number})')
        writer.add_permalink_ref(node, "Link to this equation")
        writer.body.append("</span>")
    writer.body.append("</div>\n")
    raise nodes.SkipNode


def render(writer, node, latex, display):
    """Return a formula of the node as HTML, and its width in em.

    When KaTeX cannot read the formula, warn and show its source.
    """
    macros = writer.builder.config.book_macros
    options = {"displayMode": display, "throwOnError": True, "strict": "error", "macros": macros}
    try:
        return render_latex(latex, options)
    except KaTeXError as error:
        logger.warning("KaTeX%s: %s", cell(node), error, location=node, type="katex")
        return f'<code class="math-error">{escape(latex)}</code>', 0


def cell(node):
    """Return the place of a formula in its notebook: MyST-NB numbers line 7 of cell 2 as 20007."""
    line = node.line or getattr(node.parent, "line", None) or 0
    return f" in cell {line // 10000}, line {line % 10000}" if line >= 10000 else ""


def setup(app):
    app.add_config_value("book_macros", {}, "html")
    app.add_html_math_renderer("katex", (visit_math, None), (visit_math_block, None))
    app.add_transform(LabelledOutputs)
