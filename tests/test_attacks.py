"""Claims that once deceived the checker, or might: each false one must not be proved again.

They attack the rules of the normal form one by one: induction through an indicator, branch cuts, kinks,
empty ranges, sums of indicators, shifted products, estimated integrals and series.
"""

import time

import pytest
import sympy as sp
from sympy import (
    Abs,
    Derivative,
    DiagMatrix,
    Eq,
    Function,
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
    floor,
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

from helpers import check, define, indices, prime, sizes, tensors

pytestmark = pytest.mark.filterwarnings("error")  # a proof contradicted by a number warns

K, M = sizes("K M")
i, k = indices("i k", K)
n, m = indices("n m")
x, y, z, w = tensors("x y z w")
a, b, p = symbols("a b p")
q, r = symbols("q r", integer=True)
X = Symbol("X", real=True)
late = Piecewise((1, K > 8), (0, True))
pp = Symbol("p", positive=True)
f = Function("f")
total = a + b + p
tripled = Sum(r * 3**r, (r, 1, K))
in_closed_form = Rational(3, 4) + (2 * K - 1) * 3 ** (K + 1) / 4
times = define("f", X, X * Symbol("u'", real=True))
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
    "x/S + y/S + z/S beside S = 0": (
        Piecewise((5, Eq(total, 0)), (a / total + b / total + p / total, True)), 1,
        {"where": {a: (1, 2), b: (1, 2), p: (-4, -2)}}),
    "0/0 is not 1": (Piecewise((0, Eq(total, 0)), (a / total + b / total + p / total, True)), 1, {}),
    "a number over itself, except at one size": (Piecewise((5, Eq(K, 9)), ((K - 9) * a / (K - 9), True)), a, {}),
    "induction divides by a - b": (
        (K - 1) * Piecewise((1, Eq(a, b)), (0, True)) + (a - b) * tripled, (a - b) * in_closed_form,
        {"where": {a: (0, 1), b: (0, 1)}}),
    "induction divides by 1 - p": (
        (K - 1) * Piecewise((1, Eq(pp, 1)), (0, True)) + (1 - pp) * Sum(pp**r, (r, 0, K - 1)), 1 - pp**K,
        {"where": {pp: (0, 2)}}),
    "induction divides by f(a)": (
        (K - 1) * Piecewise((1, Eq(f(a), 0)), (0, True)) + f(a) * tripled, f(a) * in_closed_form, {}),
    "a pole between the limits": (a * Integral(1 / pp**2, (pp, -1, 1)), -2 * a, {"seconds": 2}),
    "a pole at -1": (Integral(1 / (1 + pp) ** 2, (pp, -3, 1)), -1, {"seconds": 2}),
    "a pole inside a range": (
        a * Derivative(b * Integral(1 / a**2, (a, -1, 1)), b), -2 * a, {"where": {a: (0, 1)}, "seconds": 2}),
    "a delta of real numbers": (KroneckerDelta(X, Rational(1, 2)), 0, {"where": {X: (0, 1)}}),
    "the name that σ′ uses": (prime(times)(a), 2 * a, {}),
    "far from zero": (a + Max(a - 3, 0), a, {}),
    "the range of acos": (acos(cos(a)), Abs(a), {}),
    "a divergent series": (Sum(2**q, (q, 0, oo)), -1, {}),
    "an oscillating series": (Sum((-1) ** q, (q, 0, oo)), Rational(1, 2), {}),
    "a limit seen at whole numbers": (Limit(sin(pi * a), a, oo), 0, {}),
    "a limit seen from afar": (Limit(tanh(10**12 * a), a, 0), 1, {}),
}

EMPTY = {  # equal as far as ordinary points tell
    "a far subscript beside something": (a + Sum(z[n] * w[n + 100], (n, -oo, oo)), a + 2 * Sum(
        z[n] * w[n + 100], (n, -oo, oo)), {}),
    "a far entry": (Sum(z[n], (n, -oo, oo)) + z[50], Sum(z[n], (n, -oo, oo)), {}),
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
    "shares of a sum that may be 0": (
        Sum(x[r] * Abs(x[r]) / Sum(x[q] * Abs(x[q]), (q, 1, K)), (r, 1, K)), 1, {}),
    "shares of a sum that is 0": (
        Sum(x[r] / Sum(x[q], (q, 1, K)), (r, 1, K)), 1, {"given": [Eq(Sum(x[q], (q, 1, K)), 0)]}),
    "0/0 set to 1": (Piecewise((1, Eq(total, 0)), (a / total + b / total + p / total, True)), 1, {}),
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
    assert str(check(x[i], x[i], where={i: (1, K - 2)})) == "proved for every K ≥ 3, 1 ≤ i ≤ K - 2"


def test_what_is_read_as_an_integer_is_said():
    told = str(check(KroneckerDelta(a, Rational(1, 2)), 0))
    assert told == "proved for integers a (both sides 0 at every point, no point with 1/2 = a)"
    with pytest.raises(ValueError, match="expected numbers as limits of the real symbol X"):
        check(floor(X), X, where={X: (a, a + 5)})


def test_a_size_beyond_which_nothing_is_defined_is_said():
    assert str(check(Sum(q, (q, K, 0)), 0)).startswith("proved for every K ≤ 1 (both sides 0")


def test_factors_that_do_not_commute_are_refused():
    left, right = symbols("left right", commutative=False)
    with pytest.raises(TypeError, match="does not commute"):
        check(left * right, right * left)


def test_a_fact_that_sympy_denies_is_named():
    with pytest.raises(ValueError, match="one of the equations"):
        check(a, a + 1, given=[Eq(pp, -1)])


@pytest.mark.parametrize(("lhs", "rhs", "fact"), [
    (exp(a), 2, Eq(exp(a), 2)), (f(a) + 1, 4, Eq(f(a), 3)), (exp(a) * b, 2 * b, Eq(exp(a), 2)),
    (x[i + 1], 2 * x[i], Eq(x[k + 1], 2 * x[k])),
])
def test_a_fact_holds_wherever_its_left_side_stands(lhs, rhs, fact):
    assert check(lhs, rhs, given=[fact]).status == "proved"


# ---------------------------------------------- complex numbers behind a real name
FAR = x[n + 40]  # so far out that no number is compared


@pytest.mark.parametrize(("lhs", "rhs"), [
    (sp.Subs(exp(sp.I * a / 3), a, b), exp(sp.I * b) ** Rational(1, 3)),
    (sp.Subs(sp.log(exp(a)), a, 5 * sp.I), 5 * sp.I),
    (Derivative(sp.log(exp(define("s", 5 * sp.I * a))) ** 2, define("s", 5 * sp.I * a)), 10 * sp.I * a),
])
def test_a_root_or_a_logarithm_is_not_taken_as_of_a_real_number(lhs, rhs):
    assert check(lhs, rhs).status in ("refuted", "undecided")
    assert check(lhs + FAR, rhs + FAR).status == "undecided"


def test_a_fraction_inside_an_exponential_stays_there():
    s = define("s", b)
    assert check(Derivative(sp.sin(s / 3), s), sp.cos(s / 3) / 3).status == "proved"


def test_two_functions_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two different symbols are called f"):
        check(sp.Function("f")(a), sp.Function("f", real=True)(a))


# ------------------------------------------------- points that are hard to come by
def test_the_range_of_an_index_may_depend_on_one_drawn_after_it():
    h, n = symbols("h n", integer=True)  # in the order of their names, h comes first
    where = {h: (1, n), n: (1, K), K: (1, 3)}
    assert check(x[h] + w[K, n], w[K, n] + x[h], where=where).points
    assert check(x[h] + w[K, n], w[K, n] + 2 * x[h], where=where).status == "refuted"


def test_a_fact_whose_root_is_not_rational_costs_no_time():
    slope = Sum((a * x[k] - y[k]) * x[k], (k, 1, K))
    verdict = check(b, b + x[1] * slope, given=[Eq(slope, 0)], seconds=3)
    assert (verdict.status, verdict.points) == ("proved", 12)


# --- what the numbers once did not look at --------------------------------------------------------

C, S_, N = tensors("C s v")
CHANNELS = indices("i", K)
LINE, AT = indices("m n")


def channels(last):
    return Sum(Sum(C[CHANNELS, LINE] * N[CHANNELS, AT - LINE], (LINE, -oo, oo)), (CHANNELS, 1, last))


UNSEEN = {
    "a fact with the root 0": (X, 1, [Eq(X**2, X)], {}),
    "binary targets": (S_[CHANNELS], 1, [Eq(S_[CHANNELS] ** 2, S_[CHANNELS])], {}),
    "three roots": (X**2, 1, [Eq(X**3, X)], {}),
    "channels beyond the second": (channels(K), channels(K - 1), (), {K: (4, 6)}),
    "all channels but one": (
        Sum(C[CHANNELS, AT], (CHANNELS, 1, K)), C[1, AT] + C[2, AT], (), {K: (2, 5)}),
    "sequences that meet far out only": (X * N[AT - 2] + S_[AT + 2] * N[AT - 2], X * N[AT - 2], (), {}),
    "a sum over the usual support": (Sum(N[AT], (AT, -oo, oo)), N[-1] + N[0] + N[1] + N[2], (), {}),
    "given a product of three, the factor in the middle is 0": (a * p, 0, [Eq(a * b * p, 0)], {}),
    "x or z is 0, for each k on its own": (x[i] * z[1], 0, [Eq(x[k] * z[k], 0)], {}),
    "a wave between fine points": (X + sp.sin(6208 * pi * X), X, (), {}),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_once_went_unseen_is_refuted(name):
    lhs, rhs, given, where = UNSEEN[name]
    assert check(lhs, rhs, given=given, where=where).status == "refuted"


def test_sympy_is_not_asked_where_it_finds_no_value():
    t, f = Symbol("t", real=True), Function("f")
    assert check(Derivative(Integral(exp(-X * t**2), (t, 0, 1)), X), 0).status == "refuted"
    assert "only estimated" in str(check(Integral(f(t), (t, 0, 1)), f(0)))


def test_an_estimate_that_sympy_doubts_is_not_checked():
    t = Symbol("t", real=True)
    late = Sum(exp(-1000) * 1000**q / factorial(q), (q, 0, oo))
    peak = Integral(10**6 * exp(-(10**12) * (t - Rational(1, 3)) ** 2), (t, 0, 1))
    for small in (late, peak):  # they are 1 and sqrt(pi)
        assert "SymPy's value differs" in str(check(X + small, X))
    for wave in (Limit(sp.sin(31 * pi / (37 * t)), t, 0, "+"), Limit(sp.frac(37 * t / 31), t, oo)):
        assert check(X + wave, X).status == "undecided"  # the limits do not exist
    assert check(Limit((1 + X / t) ** t, t, oo), exp(X)).status == "checked"
