"""The live checker of the pages, as the page asks it: JSON in, JSON out, and without NumPy."""

import ast
import json
import subprocess
import sys

import nbformat
import pytest
import sympy as sp
from book_ext.execution import ROOT, read
from book_ext.statements import cells_of, exercises_of, page_of
from lines import replay

from helpers.live import Desk
from helpers.typed import Unspeakable, typed

SOFTMAX = page_of(read(ROOT / "book" / "softmax.ipynb"))
EXERCISE = next(cell for cell, (name, _) in SOFTMAX["exercises"].items() if name == "log_probability")
DERIVATION = next(cell for cell, found in SOFTMAX["derivations"].items() if "D(exp(z[i])" in str(found))


@pytest.fixture(scope="module")
def desk():
    found = Desk()
    assert json.loads(found.reply(json.dumps({"do": "open", "cells": SOFTMAX["cells"]}))) == {}
    return found


def ask(desk, **request):
    return json.loads(desk.reply(json.dumps(request)))


@pytest.mark.parametrize(("text", "status", "words"), [
    ("delta(i,j) - p[j]", "right", "Right: proved for every K."),
    ("δ(i, j) - p[i]", "wrong", "it should be -0.0188676, your answer gives -0.596198"),
    ("delta(i,j - p[j]", "not understood", "expected to close the bracket"),
    ("D(log(p[i]), z[j])", "not understood", "a derivative is no answer"),
    ("__import__('os')", "not understood", '"_" is not understood'),
    ("exp(z[i])", "not allowed", "contains exp"),
    ("", "not answered", ""),
])
def test_an_answer_is_graded(desk, text, status, words):
    reply = ask(desk, do="grade", cell=EXERCISE, exercise="log_probability", text=text)
    assert reply["status"] == status and words in reply["message"]


CHAIN = ["D(z[i], z[j]) - D(log(Sum(exp(z[k]), (k, 1, K))), z[j])",
         "δ(i,j) - exp(z[j])/Σ(exp(z[k]), k)",
         "δ(i,j) - p[j]"]


def test_a_chain_is_judged_line_by_line(desk):
    statuses = [ask(desk, do="chain", cell=EXERCISE, exercise="log_probability", lines=CHAIN[:n])["status"]
                for n in (1, 2, 3)]
    assert statuses == ["line", "line", "right"]


@pytest.mark.parametrize(("line", "status", "words"), [
    ("δ(i,j) - exp(z[i])/Σ(exp(z[k]), k)", "wrong", "the line before is"),
    ("D(z[i], z[j]) - D(log(Sum(exp(z[k]), (k, 1, K))), z[j])", "line", "the line before once more"),
    ("δ(i,j) - nosuch[j]", "not understood", "nosuch is not known"),
    ("D(", "not understood", "This line is not understood"),
])
def test_what_is_said_of_a_second_line(desk, line, status, words):
    reply = ask(desk, do="chain", cell=EXERCISE, exercise="log_probability", lines=[CHAIN[0], line])
    assert reply["status"] == status and words in reply["message"]


def test_a_line_of_a_derivation_is_changed(desk):
    texts = SOFTMAX["derivations"][DERIVATION]
    place = next(n for n, lines in enumerate(texts) if any("D(exp(z[i])" in line for line in lines))
    request = dict(do="line", cell=DERIVATION, derivation=place)
    for number, text in enumerate(texts[place]):
        reply = ask(desk, **request, number=number, text=text)
        assert reply["status"] == ("right" if "neq" not in reply["latex"] else "wrong"), (number, reply)
    assert ask(desk, **request, number=1, text="1 + " + texts[place][1])["status"] == "wrong"


def test_an_equality_of_ones_own(desk):
    ask_ = lambda left, right: ask(desk, do="equal", cell=None, left=left, right=right)
    assert ask_("Σ(p[i], i)", "1")["status"] == "right"
    assert ask_("Σ(p[i]^2, i)", "1")["status"] == "wrong"
    assert ask_("Σ(p[i]^2, i)", "")["message"].startswith("This is not understood: the right side")


def test_a_preview_shows_what_was_read(desk):
    reply = ask(desk, do="preview", cell=EXERCISE, exercise="log_probability", text="p[i](1-p[j])", derivatives=False)
    assert reply == {"latex": r"p_{i} \left(1 - p_{j}\right)"}


def test_too_deep_and_unknown_requests_are_replies():
    found = Desk()
    assert ask(found, do="open", cells=[[0, ["from helpers import sizes", "K = sizes('K')"]]]) == {}
    assert ask(found, do="equal", cell=None, left="(" * 60 + "K" + ")" * 60, right="K")["status"] == "not understood"


# --- the chapters ---------------------------------------------------------------------------------


def test_each_chapter_runs_without_numpy(notebook_path):
    """In a process of its own: nothing that the page cannot have is imported."""
    code = ("import json, sys\nfor name in ('numpy', 'matplotlib', 'IPython', 'flint'): sys.modules[name] = None\n"
            "from helpers.live import Page\npage = Page(json.load(sys.stdin))\npage.at(None)")
    done = subprocess.run([sys.executable, "-c", code], input=json.dumps(cells_of(read(notebook_path))), text=True,
                          capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr[-1500:]


def test_the_solutions_are_right_in_the_page(notebook_path):
    """Every exercise about a formula is in the page, and what the book gives as its solution is graded Right there."""
    notebook = read(notebook_path)
    page, (_, variables, answers) = page_of(notebook), replay(notebook_path)
    symbolic = {name for name in exercises_of(notebook).values()}
    live = {name: cell for cell, (name, _) in page["exercises"].items()}
    assert set(live) == symbolic, "some exercises are not in the page"
    desk = Desk()
    ask(desk, do="open", cells=page["cells"])
    told = {}
    for exercise, answer in answers:
        name = next((n for n, thing in variables.items() if thing is exercise), None)
        if name in live and isinstance(answer, sp.Expr):
            try:
                text = typed(answer, exercise.known.extended(variables))
            except Unspeakable:
                continue
            told[name] = ask(desk, do="grade", cell=live[name], exercise=name, text=text)
    assert {name: reply["message"] for name, reply in told.items() if reply["status"] != "right"} == {}
    assert len(told) >= len(live) - 1


def test_what_needs_numpy_is_left_out_and_taints():
    cells = ["import numpy as np\nfrom helpers import check, sizes\nfrom sympy import Symbol",
             "K = sizes('K')\nx = np.ones(3)\ny = x + 1\nz = Symbol('z')",
             "y = Symbol('y')\nprint(y)\nv = check(y, z)\nw = v\nrows = [x for x in (y, z)]"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    kept = [statement for _, statements in cells_of(notebook) for statement in statements]
    assert kept == ["from helpers import sizes", "from sympy import Symbol", "K = sizes('K')", "z = Symbol('z')",
                    "y = Symbol('y')", "rows = [x for x in (y, z)]"]
    assert all(ast.parse(statement) for statement in kept)
