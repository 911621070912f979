r"""Derivations: the one `aligned` block that a notebook stores is a list of lines on the page.

KaTeX sets an array column by column, so that no style sheet can move a reason below its formula.
Here the block is taken apart while the book is built. Each line becomes an item with the left
side, the relation with its formula, the reason as text, and the mark that says how the line was
established. A block of another shape is no derivation; KaTeX sets it as a whole.
"""

import re
from collections import namedtuple
from html import escape
from unicodedata import lookup

# Formulas are LaTeX; a reason and a mark are lists of ("text" or "math", LaTeX).
Line = namedtuple("Line", "left formula reason mark")

INSIDE = ""  # what braces may hold, braces in it up to eight deep
for _ in range(8):
    INSIDE = r"(?:[^\\{}]|\\.|\{%s\})*" % INSIDE
BLOCK = re.compile(r"\s*\\begin\{aligned\}(?!\s*\[)(.*)\\end\{aligned\}\s*", re.DOTALL)
TOKEN = re.compile(r"\\(?:begin|end)\{[^}]*\}|\\\\(?:\s*\[[^]]*\])?|\\.|[{}&]|[^\\{}&]+", re.DOTALL)
RELATION = re.compile(r"=|\\neq(?![A-Za-z])")
TEXT = re.compile(r"\\text\{(%s)\}" % INSIDE, re.DOTALL)
MARK = re.compile(r"\{\\scriptstyle(?![A-Za-z])\s*(%s)\}" % INSIDE, re.DOTALL)
SIGNS = {r"\forall": "proved for every", r"\geq": "≥", r"\ge": "≥", r"\leq": "≤", r"\le": "≤"}
CHARACTER = 0.48  # the width of a letter in em, on the average


def split_rows(latex):
    r"""Return the rows of an array, each a list of its cells; None if it does not close what it opens.

    An `&` or a `\\` in braces, or in an environment such as cases or a matrix, belongs to its cell.
    """
    rows, depth = [[""]], 0
    for token in TOKEN.findall(latex):
        depth += (token[0] == "{" or token.startswith(r"\begin{")) - (token[0] == "}" or token.startswith(r"\end{"))
        if depth < 0:
            return None
        if depth == 0 and token == "&":
            rows[-1].append("")
        elif depth == 0 and token.startswith(r"\\"):
            rows.append([""])
        else:
            rows[-1][-1] += token
    return None if depth else [[cell.strip() for cell in row] for row in rows]


def split_lines(latex):
    """Return the lines of a derivation, or None when the formula is not one."""
    block = BLOCK.fullmatch(latex)
    rows = block and split_rows(block[1])
    lines = [line_of(row) for row in rows or ()]
    return lines if lines and None not in lines else None


def line_of(cells):
    """Return the line with these cells, or None; a line of a summary has no cell for the reason."""
    if len(cells) not in (4, 6) or any(cells[2::2]) or not RELATION.match(cells[1]):
        return None
    reason, mark = TEXT.fullmatch(cells[3]), MARK.fullmatch(cells[-1])
    if mark is None or (len(cells) == 6 and reason is None):
        return None
    return Line(cells[0], cells[1], split_text(cells[3]) if reason else [], split_text(mark[1]))


def split_text(latex):
    r"""Return the pieces of a formula with `\text{…}` in it, in which `$…$` is a formula again."""
    pieces = []
    for place, part in enumerate(TEXT.split(latex)):
        inner = re.split(r"(?<!\\)\$", part) if place % 2 else ["", part]
        for odd, piece in enumerate(inner):
            if odd % 2:
                pieces.append(("math", piece))
            elif re.search(r"[\\{}~^_#%&`]", piece):
                pieces.append(("math", rf"\text{{{piece}}}"))
            else:
                pieces.append(("text", piece.replace("--", "–").replace("'", "’")))
    return [(kind, piece) for kind, piece in pieces if piece.strip() or kind == "text" and piece]


def spoken(mark):
    """Return in words a mark that is written in signs, else nothing; formulas that are given speak for themselves."""
    text = "".join(piece for _, piece in mark)
    if not text.startswith(r"\forall") or ", given " in text:
        return ""
    for sign, word in SIGNS.items():
        text = re.sub(re.escape(sign) + r"(?![A-Za-z])", word, text)
    text = re.sub(r"\\([A-Za-z]+)", greek, text)
    return "" if "\\" in text else " ".join(text.split())


def greek(command):
    r"""Return the letter that a command such as `\nu` stands for, or the command."""
    case = "CAPITAL" if command[1][0].isupper() else "SMALL"
    name = command[1].upper().replace("LAMBDA", "LAMDA")  # as Unicode spells it
    try:
        return lookup(f"GREEK {case} LETTER {name}")
    except KeyError:
        return command[0]


def to_html(lines, render):
    """Return the list of the lines; `render(latex, display)` gives the HTML of a formula, and its width.

    The style sheet gets the widths of the widest left side, formula and note, in em; by them it sets
    the columns, and decides what goes below what. A line of a summary, which has a left side like
    every other, also gets its own.
    """
    summary = sum(bool(line.left) for line in lines) > 1
    items, widths = [], []
    for line in lines:
        left, left_width = render(line.left, True) if line.left else ("", 0)
        formula, width = render(line.formula, True)
        note, note_width = note_html(line, render)
        classes = ["refuted"] * line.formula.startswith(r"\neq") + ["own"] * summary
        start = f' class="{" ".join(classes)}"' if classes else ""
        if summary:
            start += f' style="--own-left: {left_width:.2f}; --own-formula: {width:.2f}"'
        boxes = [("left", left, left_width)] * bool(left) + [("line", formula, width)]
        parts = [f'<span class="{name} math-box" tabindex="0" style="--width: {em:.2f}">{html}</span>'
                 for name, html, em in boxes]
        items.append(f"<li{start}>{' '.join(parts)} {note}</li>\n")
        widths.append((left_width, width, note_width))
    widest = zip(("left", "formula", "note"), map(max, zip(*widths, strict=True)), strict=True)
    style = "; ".join(f"--{name}: {size:.2f}" for name, size in widest)
    return f'<ol role="list" style="{style}">\n{"".join(items)}</ol>'


def note_html(line, render):
    """Return the reason and the mark of a line as HTML, and the width they want."""
    reason, reason_width = words(line.reason, render)
    mark, mark_width = words(line.mark, render)
    said = escape(spoken(line.mark))
    if said:
        mark = f'<span aria-hidden="true">{mark}</span><span class="visually-hidden">{said}</span>'
    title = f' title="{said}"' if said else ""
    mark = f'<span class="verdict"{title}>{mark}</span>'
    if reason:  # a pause before the mark, for the ear
        mark = f'<span class="reason">{reason}<span class="visually-hidden">;</span></span> {mark}'
    return f'<span class="note">{mark}</span>', min(reason_width, 11) + 0.8 * min(mark_width, 9)


def words(pieces, render):
    """Return text with formulas in it as HTML, and about how wide it is in em."""
    made, total = [], 0
    for kind, piece in pieces:
        if kind == "text":
            made.append(escape(piece, quote=False))
            total += CHARACTER * len(piece)
        else:
            html, width = render(piece, False)
            made.append(f'<span class="math">{html}</span>')
            total += 1.21 * width  # KaTeX's own font size
    return "".join(made), total
