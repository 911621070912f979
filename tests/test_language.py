"""Definitions: a name stands for its formula, in values, in derivatives, and nowhere by accident."""

import pytest
from sympy import (
    Abs,
    Derivative,
    Eq,
    Heaviside,
    Integral,
    Limit,
    Piecewise,
    Rational,
    Subs,
    Sum,
    Symbol,
    exp,
    log,
    oo,
    sign,
    symbols,
    tanh,
)

from helpers import Σ, D, activation, check, define, indices, prime, sizes, tensors, δ
from helpers.latex import latex

K = sizes("K")
i, j, k = indices("i j k", K)
x, z = tensors("x z")
a, w, u, v = symbols("a w u v", real=True)
sigma = define("sigma", u, 1 / (1 + exp(-u)))
f = define("f", u, v, u * v**2)


@pytest.mark.parametrize("lhs, rhs", [
    (tanh(a), 2 * sigma(2 * a) - 1),
    (prime(sigma)(2 * a), sigma(2 * a) * (1 - sigma(2 * a))),
    (D(sigma(2 * a), a), 2 * prime(sigma)(2 * a)),
    (prime(sigma, 2)(a), D(sigma(a), (a, 2))),
    (prime(prime(sigma))(a), prime(sigma, 2)(a)),
    (D(Σ(sigma(w * x[k]), k), x[j]), w * prime(sigma)(w * x[j])),
    (sigma(sigma(u)), 1 / (1 + exp(-sigma(u)))),
    (D(f(a, w), w), 2 * a * w),
    (Integral(sigma(a), (a, 0, w)), log(1 + exp(w)) - log(2)),
])
def test_a_defined_function_is_its_formula(lhs, rhs):
    assert check(lhs, rhs).status == "proved"


@pytest.mark.parametrize("lhs, rhs", [
    (D(sigma(2 * a), a), prime(sigma)(2 * a)),  # the inner derivative is forgotten
    (prime(sigma)(a), sigma(a) * (1 + sigma(a))),
    (f(a, w), f(w, a)),
])
def test_and_nothing_else(lhs, rhs):
    assert check(lhs, rhs).status == "refuted"


def test_it_prints_with_its_argument():
    assert latex(sigma(2 * a)) == r"\sigma{\left(2 a\right)}"
    assert latex(prime(sigma)(a)) == r"\sigma'{\left(a\right)}"
    assert str(f(a, w).subs(a, 3)) == "f(3, w)"


def test_what_is_no_definition_is_refused():
    with pytest.raises(TypeError, match="expected indices, or the real variables of a function"):
        define("f", u, i, u * z[i])
    with pytest.raises(ValueError, match=r"free indices \['j'\]"):
        define("p", i, z[i] * z[j])
    with pytest.raises(TypeError, match="exactly 2 arguments"):
        f(a)
    with pytest.raises(TypeError, match="of one variable"):
        prime(f)
    with pytest.raises(TypeError, match="made by activation"):
        prime(tanh)


def test_sympy_does_not_differentiate_past_a_name():
    """SymPy would take p[j], L and σ(a) for constants."""
    p, L = define("p", i, exp(z[i])), define("L", a**2)
    for quantity, variable in ((p[j], z[k]), (L, a), (sigma(a), a)):
        with pytest.raises(TypeError, match="let it be checked"):
            quantity.diff(variable)
        assert isinstance(D(quantity, variable), Derivative)


def test_names_are_told_apart_by_their_formulas():
    assert define("sigma", u, 1 / (1 + exp(-u)))(a) == sigma(a)
    assert define("sigma", u, tanh(u))(a) != sigma(a)
    assert activation("sigma")(a) != sigma(a)
    assert Symbol("L") != define("L", a)


# ------------------------------------------------- derivatives by a defined name
M, N = sizes("M N")
m, r = indices("m r", M)
n, s = indices("n s")
W, V, y, c, t = tensors("W V y c t")
φ = activation("phi")
pre = define("a", m, Σ(W[m, k] * x[k], k))
hidden = define("h", m, φ(pre[m]))
logits = define("z", k, Σ(V[k, m] * hidden[m], m) + c[k])
p = define("p", k, exp(logits[k]) / Σ(exp(logits[i]), i))
CE = define("L", -Σ(y[k] * log(p[k]), k))
half = define("H", w + v)
Q = define("Q", half * u)
conv = define("a", n, Σ(t[s] * x[n - s], s))
G = define("G", Σ(conv[n] ** 2, n) / 2)
ONE = [Eq(Σ(y[k], k), 1)]


@pytest.mark.parametrize("lhs, rhs", [
    (D(CE, logits[j]), p[j] - y[j]),
    (D(p[i], logits[j]), p[i] * (δ(i, j) - p[j])),
    (D(CE, hidden[r]), Σ((p[k] - y[k]) * V[k, r], k)),
    (D(CE, pre[r]), prime(φ)(pre[r]) * Σ(D(CE, logits[k]) * V[k, r], k)),
    (D(CE, W[r, j]), D(CE, pre[r]) * x[j]),
    (D(y[j] + D(CE, logits[j]), c[i]), D(p[j], logits[i])),
    (D(logits[k], hidden[r]), V[k, r]),
    (D(Q, half), u),
    (D(Q, w), D(Q, half)),
    (D(Q * half, half), 2 * Q),
    (D(half**3, (half, 2)), 6 * half),
    (D(G, conv[n]), conv[n]),
    (D(G, t[s]), Σ(D(G, conv[n]) * x[n - s], n)),
])
def test_a_derivative_by_a_defined_name_takes_it_for_a_variable(lhs, rhs):
    verdict = check(lhs, rhs, given=ONE)
    assert verdict.status == "proved" and verdict.points


@pytest.mark.parametrize("lhs, rhs", [
    (D(CE, logits[j]), p[j] - 2 * y[j]),
    (D(CE, logits[j]), 0),
    (D(CE, hidden[r]), Σ((p[k] - y[k]) * V[k, r], k) * prime(φ)(pre[r])),  # φ′ belongs to a, not to h
    (D(CE, pre[r]), Σ((p[k] - y[k]) * V[k, r], k)),
    (D(Q, half), 0),
    (D(Q * half, half), Q),
    (D(G, conv[n]), 2 * conv[n]),
    (D(CE, c[j]), D(CE, logits[j]) * 2),
])
def test_and_not_for_another_one(lhs, rhs):
    assert check(lhs, rhs, given=ONE).status == "refuted"


def test_a_name_whose_symbols_are_bound_inside_is_not_differentiated_by():
    scaled = define("q", k, u * c[k])
    lhs = D(Subs(scaled[k] * u, u, 2), scaled[j])
    verdict = check(lhs, 2 * δ(j, k))
    assert verdict.status == "undecided"  # there each q[k] would be moved by the same amount, at whatever u


def test_a_name_that_counts_is_not_differentiated_by():
    count = define("N", K + 1)
    assert check(D(count**2, count), 2 * count).status == "undecided"
    assert check(D(Σ(x[k], k) + count**2, count), 2 * count).status == "undecided"


@pytest.mark.parametrize("bind", [lambda s: Sum(s, (s, 1, 3)), lambda s: Subs(s, s, 2), lambda s: Limit(s, s, 0),
                                  lambda s: Integral(s, (s, 0, 1))])
def test_a_name_is_not_bound(bind):
    with pytest.raises(ValueError, match="H stands for a formula and cannot be the variable of"):
        check(bind(half), 1)


def test_cases_meet_behind_a_name():
    """Where a defined number, entry or value is zero, the two sides differ."""
    number, entry = define("s", v - Rational(3, 7)), define("z", k, x[k] - Rational(3, 7))
    for u_ in (number, entry[i], define("g", u, u - Rational(3, 7))(v)):
        assert check(Abs(sign(u_)), 1).status == "refuted"
        assert check(Piecewise((1, u_ >= 0), (0, True)), Heaviside(u_, 0)).status == "refuted"
    assert check(Abs(sigma(v)), sigma(v)).status == "proved"


def test_a_fact_about_a_defined_function():
    slope = D(sigma(x[i]), x[i])
    assert check(slope, y[i] * (1 - y[i]), given=[Eq(y[k], sigma(x[k]))]).status == "proved"
    assert check(slope, y[i] * (1 + y[i]), given=[Eq(y[k], sigma(x[k]))]).status == "refuted"


def test_two_symbols_of_one_name_are_refused():
    for one, other in ((Symbol("s", real=True), Symbol("s")), (x[1], tensors("x", positive=True)[1])):
        with pytest.raises(ValueError, match="two different symbols are called [sx]; make it once"):
            check(one, other)


def test_a_derivative_by_a_name_and_by_what_it_is_made_of_has_no_order():
    with pytest.raises(ValueError, match=r"lhs: H is made of w; a derivative by both has no clear order"):
        check(D(D(Q, half), w), 0)
    with pytest.raises(ValueError, match="no clear order"):
        check(D(CE, logits[j], V[j, m]), 0)
    assert check(D(half * D(Q, w), half), u).status == "undecided"  # not even with something between


# ------------------------------------- a variable that stands behind another name
inside = define("U", v + u)  # depends on u, without a word


@pytest.mark.parametrize("lhs, rhs, status", [
    (prime(define("g", u, inside**2))(u), 0, "refuted"),  # once proved: SymPy's replacement does not look behind names
    (prime(define("g", u, inside**2))(2 * v), 6 * v, "proved"),
    (prime(define("g", u, inside**2), 2)(v), 2, "proved"),
    (Integral(inside, (u, 0, 1)), inside, "refuted"),
    (Integral(inside, (u, 0, 1)), v + Rational(1, 2), "proved"),
    (D(Integral(inside * w, (u, 0, 1)), w), inside, "refuted"),
    (D(Integral(inside * w, (u, 0, 1)), w), v + Rational(1, 2), "proved"),
    (D(Integral(inside * w, (u, 0, w)), w), v * w * 2 + 3 * w**2 / 2, "proved"),  # Leibniz: both ends and inside
    (D(Integral(inside * w, (u, 0, w)), (w, 2)), 2 * v + 3 * w, "proved"),
    (D(Integral(inside * w, (u, w, 0)), w), v * w * 2 + 3 * w**2 / 2, "refuted"),
    (Subs(inside, u, 2), inside, "refuted"),
    (Subs(inside, u, 2), v + 2, "proved"),
    (Limit(inside / u, u, oo), 1, "checked"),
])
def test_a_variable_is_found_behind_a_name(lhs, rhs, status):
    verdict = check(lhs, rhs)
    assert verdict.status == status and (verdict.points or status == "refuted")


def test_sympy_does_not_substitute_behind_a_name():
    named = define("q", k, w * x[k])
    assert named[j].subs(j, 1) == named[1] and f(a, w).subs(w, 2) == f(a, 2)
    for quantity in (named[j], a * named[j], define("S", Σ(named[k], k)), define("g", u, u * w)(a)):
        with pytest.raises(TypeError, match="stands for a formula with w"):
            quantity.subs(w, 2)


def test_a_size_may_be_a_subscript():
    size = sizes("T")
    last = indices("k", size)
    total = define("s", size, Σ(x[last], last))
    assert str(check(total[size + 1] - x[size + 1], total[size])) == "proved for every T"
    assert check(total[size + 1], total[size]).status == "refuted"
    with pytest.raises(ValueError, match="expected a range for the index q"):
        check(x[Symbol("q", positive=True)], 0)
