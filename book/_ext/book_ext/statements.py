"""What of a chapter runs in its page: the statements of its notebook that need only SymPy and our checker.

An import of anything else taints its names, and a statement that reads a tainted name is left out and taints what
it assigns. Nor is anything judged or shown again.
"""

import ast

from helpers.live import Page, texts

PURE = {"sympy", "helpers", "helpers.answers", "helpers.language", "helpers.latex", "collections", "fractions",
        "functools", "itertools", "math", "operator"}
JUDGES = {"Results", "chapter", "check", "tally"}  # of helpers; what they say is on the page already
VERDICTS = {"counterexample", "counterexamples", "verdicts"}  # of derivations, which are not judged again
KEPT = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.FunctionDef, ast.ClassDef, ast.With)


def cells_of(notebook):
    """[number of the cell, its statements] for every cell that has some, for `helpers.live.Page`."""
    tainted, found = set(), []
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            kept = [ast.unparse(node) for node in ast.parse(cell.source).body if is_kept(node, tainted)]
            if kept:
                found.append([number, kept])
    return found


def is_kept(node, tainted):
    """Whether a statement runs in the page; the names it assigns become tainted if not, clean if so."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return imported(node, tainted)
    parts = list(ast.walk(node))
    inside = {name.id for part in parts if isinstance(part, ast.comprehension) for name in ast.walk(part.target)
              if isinstance(name, ast.Name)} | {part.arg for part in parts if isinstance(part, ast.arg)}
    names = [part for part in parts if isinstance(part, ast.Name) and part.id not in inside]
    loaded, stored = ({name.id for name in names if isinstance(name.ctx, use)} for use in (ast.Load, ast.Store))
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        loaded, stored = loaded - stored, {node.name}
    judged = any(isinstance(part, ast.Attribute) and part.attr in VERDICTS for part in parts)
    clean = isinstance(node, KEPT) and not judged and not loaded & tainted
    tainted.difference_update(stored) if clean else tainted.update(stored)
    return clean


def imported(node, tainted):
    """Whether an import runs in the page; of one that does not, the names are tainted."""
    module = getattr(node, "module", None)
    names = {(alias.asname or alias.name).split(".")[0]: alias.name for alias in node.names}
    wrong = {name for name, of in names.items() if (module or of) not in PURE or module == "helpers" and of in JUDGES}
    tainted |= wrong
    if wrong and isinstance(node, ast.ImportFrom):  # the others are kept
        node.names = [alias for alias in node.names if (alias.asname or alias.name) not in wrong]
        return bool(node.names)
    return not wrong


def exercises_of(notebook):
    """{number of the cell: name of the exercise} where the reader is to answer: the cell grades `answer`."""
    found = {}
    for number, cell in enumerate(notebook.cells):
        for node in ast.parse(cell.source).body if cell.cell_type == "code" else ():
            match node:
                case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), "grade"), [ast.Name("answer")])):
                    found[number] = name
    return found


def page_of(notebook):
    """All that the page of a chapter needs to know, ready for JSON.

    The cells for `helpers.live.Page`; where the reader is to answer, the exercise and what an answer may be made of;
    for the derivations of a cell their lines as one may type them.
    """
    cells = cells_of(notebook)
    page = Page(cells)
    page.at(None)
    live = {number: name for number, name in exercises_of(notebook).items() if name in page.after.get(number, ())}
    exercises = {number: [name, page.names_at({"cell": number, "exercise": name}).told()]
                 for number, name in live.items()}
    derivations = {number: texts(page, number) for number, made in page.derivations.items() if made}
    return {"cells": cells, "exercises": exercises, "derivations": derivations}
