"""Claims that once deceived the checker, or might: each false one must not be proved again.

They attack the rules of the normal form one by one: induction through an indicator, branch cuts, kinks,
empty ranges, sums of indicators, shifted products, estimated integrals and series.
"""

import time

import pytest
from sympy import (
    Abs,
    Derivative,
    DiagMatrix,
    Eq,
    Heaviside,
    I,
    IndexedBase,
    Integral,
    KroneckerDelta,
    Limit,
    MatrixSymbol,
    Max,
    Piecewise,
    Product,
    Rational,
    Subs,
    Sum,
    Symbol,
    acos,
    binomial,
    conjugate,
    cos,
    erf,
    exp,
    factorial,
    gamma,
    log,
    oo,
    pi,
    re,
    sin,
    sqrt,
    symbols,
    tanh,
)

from helpers import check, indices, sizes, tensors

pytestmark = pytest.mark.filterwarnings("error")  # a proof contradicted by a number warns

K, M = sizes("K M")
i, k = indices("i k", K)
n, m = indices("n m")
x, y, z, w = tensors("x y z w")
a, b, p = symbols("a b p")
q, r = symbols("q r", integer=True)
X = Symbol("X", real=True)
late = Piecewise((1, K > 8), (0, True))
A, v = MatrixSymbol("A", K, M), MatrixSymbol("v", K, 1)
zc = IndexedBase(Symbol("zc", complex=True))

FALSE = {
    "induction divides by a step": (late * Sum(2**k, (k, 1, K)), late * (2 ** (K + 1) + 5), {}),
    "induction divides by a delta": (
        x[1] + KroneckerDelta(K, 9) * Sum(2**k, (k, 1, K)), x[1] + KroneckerDelta(K, 9) * (2 ** (K + 1) + 5), {}),
    "a matrix row named like the reader's r": (v[r, 0] * A, DiagMatrix(v) * A, {"where": {r: (0, K - 1)}}),
    "root of a complex exponential": (sqrt(exp(I * X)), exp(I * X / 2), {}),
    "log of exp of a root": (log(exp(sqrt(a))), sqrt(a), {}),
    "modulus of a root": (Abs(sqrt(a)) ** 2, a, {}),
    "real part of a root": (re(sqrt(a)), sqrt(a), {}),
    "a reversed range": (Sum(q, (q, 5, 1)), 0, {}),
    "facts that exclude each other": (a, a + b, {"given": [Eq(b, 0), Eq(b, 2)]}),
    "max at its kink": (Subs(Derivative(Max(0, X), X), X, 0), 0, {}),
    "modulus at its kink": (Subs(Derivative(Abs(X), X), X, 0), -1, {}),
    "a sum of steps is not positive": (
        Piecewise((1, Sum(Heaviside(x[k], 0), (k, 1, K)) > 0), (0, True)), 1, {}),
    "the range of a fact may be empty": (
        Piecewise((1, K >= 2), (0, True)), 1, {"given": [Eq(x[q], 0)], "where": {q: (1, K - 1), K: (1, 5)}}),
    "the derivative by a size": (Derivative(Sum(k, (k, 1, K)), K), K + Rational(1, 2), {}),
    "a complex tensor": (conjugate(zc[1]), zc[1], {}),
    "binomial of negative numbers": (binomial(q, r), binomial(q, q - r), {}),
    "far from zero": (a + Max(a - 3, 0), a, {}),
    "the range of acos": (acos(cos(a)), Abs(a), {}),
    "a divergent series": (Sum(2**q, (q, 0, oo)), -1, {}),
    "an oscillating series": (Sum((-1) ** q, (q, 0, oo)), Rational(1, 2), {}),
    "a limit seen at whole numbers": (Limit(sin(pi * a), a, oo), 0, {}),
    "a limit seen from afar": (Limit(tanh(10**12 * a), a, 0), 1, {}),
}

EMPTY = {  # equal as far as ordinary points tell
    "a far subscript": (2 * z[n + 10], 3 * z[n + 10], {}),
    "a stride": (Sum(w[m] * z[10 * n + m], (m, -oo, oo)), Sum(w[m] * z[10 * n - m], (m, -oo, oo)), {}),
    "nothing but zeros": (2 * z[n + 1000], 3 * z[n + 1000], {}),
    "nothing but zeros, against 0": (Sum(z[m], (m, 1000, oo)) * w[n], 0, {}),
    "a number very near 1": (1 + exp(-1000), 1, {}),
    "a number very near a": (a + exp(-1000), a, {}),
    "true for five sizes": (
        (K - 1) * (K - 2) * (K - 3) * (K - 4) * (K - 5) * sin(K) + sin(a) ** 2 + cos(a) ** 2, 1, {}),
    "a fact with a factor that may be 0": (a, 0, {"given": [Eq(a * b, 0)]}),
}

TRUE = {
    "zero over zero": (a**2 / Abs(a) ** 2, 1, {}),
    "gamma at a pole": (gamma(q + 1), q * gamma(q), {}),
    "a fact keeps to the range": (Abs(p), p, {"where": {p: (0, 1), q: (0, 1)}, "given": [Eq(b + 2 * p, 1)]}),
    "a narrow peak": (
        Integral(exp(-(10**6) * (a - Rational(1, 3)) ** 2), (a, 0, 1)),
        sqrt(pi) * (erf(Rational(2000, 3)) + erf(Rational(1000, 3))) / 2000, {}),
    "a series that starts at nothing": (Sum(exp(-100) * 100**q / factorial(q), (q, 0, oo)), 1, {}),
    "a steep limit": (Limit(tanh(10**10 * a), a, 0), 0, {}),
    "an empty product": (
        Product(x[k], (k, 1, K - 2)) * KroneckerDelta(K, 2) * Product(x[k], (k, 3, K)), KroneckerDelta(K, 2),
        {"where": {K: (2, 5)}}),
    "the log of a square": (log((1 + a**2) ** 2), 2 * log(1 + a**2), {}),
}


@pytest.mark.parametrize("name", FALSE)
def test_the_false_is_not_proved(name):
    lhs, rhs, options = FALSE[name]
    assert check(lhs, rhs, **options).status != "proved"


@pytest.mark.parametrize("name", EMPTY)
def test_the_empty_is_not_even_checked(name):
    lhs, rhs, options = EMPTY[name]
    assert check(lhs, rhs, **options).status in ("refuted", "undecided")


@pytest.mark.parametrize("name", TRUE)
def test_the_true_is_not_refuted(name):
    lhs, rhs, options = TRUE[name]
    assert check(lhs, rhs, **options).status != "refuted"


@pytest.mark.parametrize("claim", ["shared subterms", "a large exponent"])
def test_the_time_is_kept(claim):
    unrolled = a
    for _ in range(20):
        unrolled = unrolled**2 + unrolled * b + 1
    steep = exp(Rational(2999, 1000) * a)
    lhs, rhs, known = {"shared subterms": (unrolled, unrolled + a, ("refuted", "undecided")),
                       "a large exponent": (1 / (1 + steep), 1 - 1 / (1 + 1 / steep), ("proved", "checked"))}[claim]
    start = time.process_time()
    assert check(lhs, rhs, seconds=1).status in known
    assert time.process_time() - start < 3


def test_a_proof_says_from_which_size_on_it_holds():
    assert str(check(x[i], x[i], where={i: (1, K - 2)})) == "proved for every K ≥ 3"
