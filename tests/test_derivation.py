"""Derivations, results, the ledger, exercises and the bridge to arrays, as a chapter uses them."""

import json

import numpy as np
import pytest
from sympy import Abs, Eq, Integral, Limit, Max, Rational, Symbol, exp, log, oo, symbols, tanh
from sympy.core.parameters import global_parameters

from helpers import (
    Σ,
    D,
    Derivation,
    Exercise,
    Results,
    activation,
    chapter,
    check,
    define,
    indices,
    ledger,
    prime,
    sizes,
    tally,
    tensors,
    δ,
)
from helpers.arrays import value
from helpers.derivation import NotRefuted, UndecidedStep, WrongStep

K = sizes("K")
i, j, k = indices("i j k", K)
y, z, W = tensors("y z W^{(1)}")
Z = Σ(exp(z[k]), k)
p = define("p", i, exp(z[i]) / Z)
L = define("L", -Σ(y[k] * log(p[k]), k))
a = Symbol("a")


@pytest.fixture(autouse=True)
def fresh_chapter():
    chapter("test")


def jacobian():
    with Derivation(D(p[i], z[j]), label="test-jacobian") as step:
        step("definition of $p$", D(exp(z[i]) / Z, z[j]))
        step("quotient rule", (exp(z[i]) * δ(i, j) * Z - exp(z[i]) * exp(z[j])) / Z**2)
        step("definition of $p$", p[i] * (δ(i, j) - p[j]))
    return step


def test_lines_are_printed_in_the_authors_order():
    lines = jacobian().latex().splitlines()
    assert lines[1].startswith(r"\frac{\partial p_{i}}{\partial z_{j}} &= \frac{\partial}{\partial z_{j}}")
    assert r"p_{i} \left(\delta_{i j} - p_{j}\right) && \text{definition of $p$}" in lines[-2]
    assert lines[-2].endswith(r"{\scriptstyle \forall K}")
    with Derivation() as step:
        step(-a + 1)
        step("turned round", 1 - a)
    assert "-a + 1 &= 1 - a" in step.latex()


def test_a_side_that_is_complex_at_the_counterexample_is_told():
    with Derivation(L, given=[Eq(Σ(y[k], k), 1)]) as step:
        step.wrong("the logarithm of a mean", log(Σ(y[k] * exp(z[k]), k) / Σ(exp(z[k]), k)))
    assert "3.14159*I" in str(step)


def test_the_label_is_the_first_line_of_the_output():
    bundle = jacobian()._repr_mimebundle_()
    assert bundle["text/latex"].splitlines()[:2] == ["$$", "% label: test-jacobian"]
    assert "proved for every K" in bundle["text/plain"]


def test_a_wrong_line_raises_with_both_lines_and_the_point():
    with pytest.raises(WrongStep) as error, Derivation(D(p[i], z[j])) as step:
        step("a slip", p[i] * (1 - p[j]))
    message = str(error.value)
    assert "a slip" in message and "Derivative(p[i], z[j])" in message and "refuted at K = " in message
    assert global_parameters.evaluate, "SymPy's evaluation stays on after an error"
    assert ledger.rows == []


def test_a_line_that_cannot_be_decided_raises():
    with pytest.raises(UndecidedStep), Derivation(Integral(exp(a), a)) as step:
        step("up to a constant", exp(a))


def test_a_famous_error_is_shown_and_must_be_one():
    with Derivation(D(p[i], z[j])) as slip:
        slip.wrong("the diagonal alone", p[i] * (1 - p[i]))
    assert r"&\neq p_{i} \left(1 - p_{i}\right) && \text{the diagonal alone}" in slip.latex()
    (words,) = slip.counterexamples()
    assert words.startswith("the diagonal alone: refuted at K = ")
    with pytest.raises(NotRefuted), Derivation(D(p[i], z[j])) as slip:
        slip.wrong("not an error at all", p[i] * (δ(i, j) - p[j]))


def test_facts_are_for_the_line_that_names_them():
    with Derivation(D(L, z[j])) as step:
        step("chain rule", p[j] * Σ(y[k], k) - y[j])
        step("the targets sum to 1", p[j] - y[j], given=[Eq(Σ(y[k], k), 1)])
    assert [verdict.status for verdict in step.verdicts] == ["proved", "proved"]
    with pytest.raises(WrongStep), Derivation(D(L, z[j])) as step:
        step("without the fact", p[j] - y[j])


@pytest.mark.parametrize(("reason", "line"), [("", 1 - a), (None, 1 - a), (1, 1 - a)])
def test_every_line_has_a_reason(reason, line):
    with pytest.raises(TypeError, match="reason"), Derivation(1 - a) as step:
        step(reason, line)


def test_a_float_in_a_line_is_refused():
    with pytest.raises(TypeError, match="float"), Derivation(a / 2) as step:
        step("halved", 0.5 * a)


def test_the_ledger_counts_what_was_shown():
    jacobian()
    with Derivation(D(p[i], z[j])) as slip:
        slip.wrong("the diagonal alone", p[i] * (1 - p[i]))
    assert str(tally()) == "4 equalities: 3 proved for all sizes, 1 refuted, as intended."
    bundle = tally()._repr_mimebundle_()
    rows = bundle["application/vnd.backprop.ledger+json"]
    assert json.loads(json.dumps(rows)) == rows
    assert rows["chapter"] == "test" and [row["status"] for row in rows["rows"]] == ["proved"] * 3 + ["refuted"]
    assert rows["rows"][2]["latex"].endswith(r"= p_{i} \left(\delta_{i j} - p_{j}\right)")
    assert r" \neq " in rows["rows"][3]["latex"]
    assert f"the diagonal alone: refuted {rows['rows'][3]['how']}" == slip.counterexamples()[0]


def test_the_ledger_tells_what_was_given():
    chapter("test")
    with Derivation(p[j] * Σ(y[k], k), where={a: (0, 1)}) as step:
        step("the targets sum to 1", p[j], given=[Eq(Σ(y[k], k), 1)])
    assert tally().rows[0]["how"] == r"given $\sum_{k=1}^{K} y_{k} = 1$, $0 < a < 1$"


def test_a_summary_says_where_all_its_lines_hold():
    """Of each chain the sizes, the ranges and the facts of every line; a line alone has its own."""
    t = Symbol("t", integer=True)
    with Derivation(Σ(y[k], k) * a) as step:
        step("the targets sum to 1", a, given=[Eq(Σ(y[k], k), 1)])
        step("only for some", a + Max(K, 3) - K, where={K: (3, 6)})
    assert step.latex().count(", given ") == 0  # the reason says it
    (row,) = Results(step).latex().splitlines()[1:-1]
    assert row.endswith(r"{\scriptstyle \forall 3 \le K \le 6\text{, given $\sum_{k=1}^{K} y_{k} = 1$}}")
    with Derivation(Abs(t)) as step:
        step("for positive ones", t, where={t: (1, oo)})
    assert r"\forall t \ge 1" in step.latex() and tally().rows[-1]["how"] == "for t ≥ 1"


def test_marks_have_the_letters_of_the_page():
    nu = sizes("nu")
    count = indices("k", nu)
    with Derivation(Σ(count, count)) as step:
        step("as Gauss did", nu * (nu + 1) / 2)
    assert r"{\scriptstyle \forall \nu}" in step.latex() and "proved for every ν" in str(step)
    with Derivation(Σ(a ** (count - 1), count) * (1 - a)) as step:
        step("the terms cancel", 1 - a**nu)
    assert r"{\scriptstyle \forall \nu\text{ (induction on $\nu$)}}" in step.latex()


def test_results_show_first_and_last_line_with_the_weakest_mark():
    shown = Results(jacobian()).latex()
    assert r"\frac{\partial p_{i}}{\partial z_{j}} &= p_{i} \left(\delta_{i j} - p_{j}\right) &&" in shown
    with pytest.raises(TypeError, match="finished"):
        Results(Derivation(a))


@pytest.mark.parametrize(("answer", "status", "words"), [
    (..., "not answered", "dots"),
    (p[j] - y[j], "right", "proved"),
    (-y[j] * (1 - p[j]), "wrong", "your answer gives"),
    (D(L, z[j]), "not allowed", "without"),
    (p[k] - y[k], "wrong", "depends on k, the question does not. Is a sum over it missing?"),
    (p[j] - y[j] + W[j, 1], "wrong", "depends on W⁽¹⁾, the question does not."),
    (p[j] - y[0], "wrong", "Indices count from 1"),
    (-p[j], "wrong", "your answer gives"),
    (0.5, "not allowed", "exact"),
    ("p - y", "not understood", "write p[…]"),
    ("p[j] - y[j]", "right", "proved"),
    (z, "not allowed", "tensor"),
    (p[j] - y[Symbol("q")], "not allowed", "q"),
])
def test_whatever_the_reader_types_there_is_an_answer(answer, status, words):
    grade = Exercise(D(L, z[j]), given=[Eq(Σ(y[k], k), 1)]).grade(answer)
    assert grade.status == status and words in str(grade)


def test_the_question_is_not_its_own_answer():
    squares = define("q", Σ(y[k] ** 2, k))
    for question, answer in ((squares, squares), (squares, 0 + squares * 1), (p[i], p[i]), (tanh(a), tanh(a) + 0)):
        assert "contains the question itself" in str(Exercise(question).grade(answer))
    assert "contains the question itself" in str(Exercise(Σ(y[k], k)).grade(Σ(y[i], i)))
    assert Exercise(squares).grade(Σ(y[k] * y[k], k)).status == "right"
    assert Exercise(K + 1 - 3).grade(K - 2).status == "right"  # SymPy has added up the question


def test_the_question_is_found_behind_a_name():
    u = Symbol("u", real=True)
    σ = define("sigma", u, 1 / (1 + exp(-u)))
    question = Exercise(D(σ(a), a))
    for disguised in (define("Q", D(σ(a), a)), define("f", u, D(σ(u), u))(a), Limit((σ(a + u) - σ(a)) / u, u, 0)):
        assert "still contains" in str(question.grade(disguised))
    assert question.grade(prime(σ)(a)).status == question.grade(σ(a) * (1 - σ(a))).status == "right"


def test_an_answer_may_not_contain_what_the_exercise_excludes():
    u = Symbol("u", real=True)
    sigma = define("sigma", u, 1 / (1 + exp(-u)))
    slope = Exercise(D(sigma(a), a), without=(prime(sigma), exp))
    assert slope.grade(sigma(a) * (1 - sigma(a))).status == "right"
    for answer, words in ((prime(sigma)(a), "contains σ'(a)"), (D(sigma(a), a), "contains Derivative"),
                          (exp(-a) / (1 + exp(-a)) ** 2, "contains exp")):
        grade = slope.grade(answer)
        assert grade.status == "not allowed" and words in str(grade)


@pytest.mark.parametrize(
    ("name", "plain"),
    [("W^{(1)}", "W⁽¹⁾"), (r"\tilde{b}^{(2)}", "b\N{COMBINING TILDE}⁽²⁾"), (r"\bar{z}", "z\N{COMBINING MACRON}"),
     (r"\eta", "η"), ("eta_1", "η_1"), ("varepsilon", "ε"), ("variance", "variance"), ("x_1", "x_1")],
)
def test_a_counterexample_has_no_latex_in_it(name, plain):
    assert str(check(Symbol(name), Symbol(name) + 1)).startswith(f"refuted at {plain} = ")


def test_values_are_those_of_the_formula():
    scores = np.array([0.3, -1.2, 2.0])
    probabilities = np.exp(scores) / np.exp(scores).sum()
    claimed = value(p[i] * (δ(i, j) - p[j]), {K: 3, z: scores}, (i, j))
    assert np.allclose(claimed, np.diag(probabilities) - np.outer(probabilities, probabilities), rtol=0, atol=1e-15)
    σ = activation("sigma")
    assert np.isclose(value(prime(σ)(a), {a: 0.4, σ: tanh}), 1 - np.tanh(0.4) ** 2, rtol=0, atol=1e-15)
    with pytest.raises(ValueError, match="shape"):
        value(Σ(z[k], k), {K: 4, z: scores})
    with pytest.raises(ValueError, match="z"):
        value(Σ(z[k], k), {K: 3})


def test_names_and_ranges_are_checked_where_they_are_made():
    with pytest.raises(ValueError, match="free indices"):
        define("q", exp(z[i]))
    with pytest.raises(ValueError, match="subscripts"):
        p[i, j]
    with pytest.raises(TypeError, match="indices"):
        Σ(z[k], Symbol("k"))
    with pytest.raises(TypeError, match="prime"):
        prime(exp)
    with pytest.raises(TypeError, match="names"):
        sizes(3)


def test_derivatives_of_defined_names_cannot_vanish_in_silence():
    with pytest.raises(TypeError, match="stands for a formula"):
        p[i].diff(z[j])
    assert D(p[i], z[j]) != 0 and D(L, z[j]) != 0


def test_an_identity_of_numbers_says_so():
    x, = symbols("x,")
    with Derivation() as step:
        step(x / 2 + x / 2)
        step("halves", Rational(2) * x / 2)
    assert r"\frac{x}{2} + \frac{x}{2} &=" in step.latex() and "proved" in step.latex()
