r"""The lines of the book: each says what was checked, and a slip of the pen in it would be refuted."""

import random
from contextlib import suppress

import definitions
import mutants
import pytest
import sympy as sp
from latex_reader import read_equation
from lines import SIGN, Line, Reading, gap, lines_of, replay

from helpers.answers import Names, parse
from helpers.language import Σ, activation, define, indices, prime, sizes, tensors, δ
from helpers.typed import Unspeakable, rebuilt, typed
from helpers.verdict import Verdict

SLIPS = 6  # of each notebook; `make mutants` makes more


def first_gap(reading, sides, seed):
    """The gap at the first point at which both sides are defined."""
    for meaning in reading.points(seed):
        with suppress(ArithmeticError):
            return gap(meaning, *sides)
    pytest.fail(f"no point was found for {sides}")


def test_the_lines_of_the_book_say_what_was_checked(notebook_path):
    """Every line can be read, and both sides agree (or not, if it is refuted), where the facts hold."""
    for row, *line in lines_of(notebook_path):
        reading = Reading(*line)
        sides = read_equation(row["latex"], reading.names, SIGN[row["status"] == "refuted"])
        gaps = [first_gap(reading, sides, seed) for seed in range(1 if row["status"] != "refuted" else 5)]
        assert (max(gaps) > 1e-3) if row["status"] == "refuted" else (max(gaps) < 1e-9), row["latex"]


# --- definitions ----------------------------------------------------------------------------------


def test_a_typed_definition_is_the_one_of_the_code(notebook_path, notebook):
    """Every typed equation of a definition has the value of what the code has under its name, or is listed."""
    _, aside = definitions.compared(notebook_path, notebook)
    assert aside == definitions.BY_HAND.get(notebook_path.stem, []), "these definitions are not those of the code"


@pytest.mark.parametrize("rights", [["-y_{k}"], ["y_{k} - p_{k}"], ["p_{j} - y_{j}"], ["p_{k} - y_{k}", "y_{k}"]])
def test_a_definition_with_a_slip_is_seen(rights):
    K = sizes("K")
    k = indices("k", K)
    p, y = tensors("p y")
    g = define("g", k, p[k] - y[k])
    assert definitions.agrees(g, [], "g_{k}", ["p_{k} - y_{k}"]) is True
    assert not definitions.agrees(g, [], "g_{k}", rights)


# --- slips ----------------------------------------------------------------------------------------


def test_a_slip_in_a_line_of_the_book_is_refuted(notebook_path):
    lines = [line for line in lines_of(notebook_path) if line.row["status"] != "refuted"]
    rng, fates = random.Random(notebook_path.stem), []
    for line in rng.choices(lines, k=SLIPS):
        what, formula = rng.choice(mutants.slips(line))
        fate, words = mutants.judge(line, formula)
        assert fate != "survived", f"{what}:\n{line.left}\n{formula}\n{words}"
        fates.append(fate)
    assert fates.count("refuted") > SLIPS / 2, fates


K = sizes("K")
i, j, k = indices("i j k", K)
x, y, W = tensors("x y W")
σ = activation("sigma")
a = sp.Symbol("a")
with sp.evaluate(False):
    LINE = Line({}, σ(a) * Σ(W[i, k] * x[k], k), 1 / sp.sqrt(a) * prime(σ)(a) * δ(i, j) - Σ(W[i, k] * y[k], k), {}, ())


def test_the_slips_are_those_of_an_author():
    made = {}
    for what, formula in mutants.slips(LINE):
        made.setdefault(what, []).append(formula)
    first, total = 1 / sp.sqrt(a) * prime(σ)(a) * δ(i, j), Σ(W[i, k] * y[k], k)
    same = lambda left, right: any(sp.simplify(formula.doit() - right.doit()) == 0 for formula in made[left])
    assert same("a sign", first + total) and same("factor 2", first - 2 * total) and same("a term forgotten", first)
    assert same("δ forgotten", prime(σ)(a) / sp.sqrt(a) - total) and same("σ′ forgotten", δ(i, j) / sp.sqrt(a) - total)
    assert same("transposed", first - Σ(W[k, i] * y[k], k)) and same("another letter", first - Σ(W[i, k] * x[k], k))
    assert same("Σ forgotten", first - W[i, k] * y[k]) and same("another index", first - Σ(W[j, k] * y[k], k))
    assert same("index off by one", first - Σ(W[i, k] * y[k + 1], k))
    assert same("a sum off by one", first - sp.Sum(W[i, k] * y[k], (k, 1, K - 1)))
    assert same("a root forgotten", prime(σ)(a) * δ(i, j) / a - total)
    assert same("σ and σ′ confused", σ(a) * δ(i, j) / sp.sqrt(a) - total)
    assert {"factor ½", "a factor forgotten", "a sign inside", "Π and Σ confused"} <= made.keys()


@pytest.mark.parametrize(("verdict", "fate"), [
    (Verdict("proved"), "survived"), (Verdict("checked", points=9), "survived"), (Verdict("undecided"), "survived"),
    (Verdict("refuted", {a: sp.Integer(1), "left": sp.Integer(0), "right": sp.Integer(1)}), "refuted"),
    (Verdict("refuted", {a: sp.Integer(0), "left": sp.Integer(0), "right": sp.Integer(1)}), "survived")])
def test_the_judge_believes_no_verdict(monkeypatch, verdict, fate):
    """Of a² = 2a, which is wrong but for a = 0 and a = 2."""
    monkeypatch.setattr(mutants, "check", lambda *_, **__: verdict)
    assert mutants.judge(Line({}, a**2, a**2, {}, ()), 2 * a)[0] == fate


def test_a_slip_that_changes_nothing_is_seen():
    with sp.evaluate(False):
        line = Line({}, a**2 + σ(a), (-1 * a) ** 2 + σ(a), {}, ())
    assert mutants.judge(line, a**2 + σ(a))[0] == "equivalent"
    assert mutants.judge(line, sp.log(a - a, evaluate=False) + sp.log(0, evaluate=False))[0] == "empty"


# --- answers --------------------------------------------------------------------------------------


def test_the_solutions_of_the_book_can_be_typed(notebook_path):
    """Typed with the names of the exercise and of its notebook, each is read as the same formula."""
    _, variables, answers = replay(notebook_path)
    formulas = [(exercise, answer) for exercise, answer in answers
                if isinstance(answer, sp.Expr) and not answer.has(sp.Derivative)]
    assert len(formulas) >= 1
    for exercise, answer in formulas:
        names = exercise.known.extended(variables)
        text = typed(answer, names)
        assert rebuilt(parse(text, names)) == rebuilt(answer), text


def test_nearly_every_line_of_the_book_can_be_typed(notebook_path):
    """With the names of its chapter, and read again as the same formula: `typed` makes sure of that itself."""
    lines, variables, _ = replay(notebook_path)
    mute = 0
    for line in lines:
        names = Names(line.left, line.right).extended(variables)
        for formula in (line.left, line.right):
            try:
                assert typed(formula, names)
            except Unspeakable:
                mute += 1
    assert mute <= max(7, len(lines) // 10), f"{mute} formulas cannot be typed"
