"""An equality that was 0 = 0 wherever it was compared, or a part of which was never met, says so."""

import pytest
import sympy as sp
from sympy import (
    Abs,
    Derivative,
    Eq,
    Heaviside,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Sum,
    cos,
    exp,
    oo,
    sin,
    symbols,
)

from helpers import check, define, indices, ledger, sizes, tensors
from helpers.derivation import mark
from helpers.verdict import together

K, M = sizes("K M")
i, j, k = indices("i j k", K)
n, m = indices("n m")
x, W, v, w = tensors("x W v w")
a, b = symbols("a b")
t = symbols("t", integer=True)
p = define("p", i, exp(x[i]) / Sum(exp(x[k]), (k, 1, K)))
late = KroneckerDelta(i, j + 9)

IDLE = {  # proved, and 0 = 0 wherever numbers were compared: the conditions that were never met
    "a delta that is never 1": (late * x[i], late * x[j + 9], [Eq(i, j + 9)]),
    "a delta at a size not tried": (KroneckerDelta(i, 7) * x[i], KroneckerDelta(i, 7) * x[7], [Eq(7, i)]),
    "a case that is never met": (
        Piecewise((a + b, t > 100), (0, True)), Piecewise((a, t > 100), (0, True)) + Piecewise((b, t > 100), (0, True)),
        [t > 100]),
    "nothing times something": (Mul(0, a, evaluate=False), sp.S.Zero, [sp.false]),
    "the slope of what does not move": (Derivative(x[i], W[i, j]), sp.S.Zero, [sp.false]),
}

BUSY = {  # both sides are 0, and what they are made of is not
    "the slope of a sum that is 1": (Derivative(Sum(p[k], (k, 1, K)), x[j]), 0),
    "a difference": (a * (a + b) - a**2 - a * b, 0),
    "a square and its expansion": ((sin(a) ** 2 + cos(a) ** 2 - 1) * b, 0),
    "the delta is 1 at a few points only": (KroneckerDelta(i, 4) * (x[i] - x[4]), 0),
    "what is written as 0": (sp.S.Zero, 0),
    "a threshold far away": (Heaviside(a - 100, 0) * b, Heaviside(a - 100, 0) ** 2 * b),
    "a convolution with far offsets": (
        Sum(v[n] * w[n + 12], (n, -oo, oo)), Sum(v[n - 12] * w[n], (n, -oo, oo))),
    "some entries of a matrix": (sp.diag(a + b, a * b), sp.diag(b + a, b * a)),
}

PARTLY = {  # no proof, and no number either for a part
    "a delta beside something": (a + KroneckerDelta(i, j + 7) * b, a, [Eq(i, j + 7)]),
    "a case beyond the sizes": (Piecewise((x[i], K > 11), (a, True)), a, [K > 11]),
    "a case beyond the numbers": (Piecewise((a, t > 100), (b, True)), b, [t > 100]),
    "what else there is": (Piecewise((b, t <= 100), (a, True)), b, [t > 100]),
    "a maximum under a sum": (a + Sum(Max(x[k] - 100, 0), (k, 1, K)), a, [x[k] - 100 > 0]),
    "a minimum": (a + Sum(Min(x[k], 100), (k, 1, K)), a + Sum(x[k], (k, 1, K)), [x[k] > 100]),
    "an absolute value": (
        a + Sum(Abs(x[k] - 100), (k, 1, K)), a + Sum(100 - x[k], (k, 1, K)), [x[k] - 100 > 0]),
    "the only value": (Piecewise((1, t > 100), (2, True)), 2, [t > 100]),
}


@pytest.mark.parametrize("name", IDLE)
def test_a_proof_of_zeros_says_so(name):
    lhs, rhs, conditions = IDLE[name]
    verdict = check(lhs, rhs)
    assert (verdict.status, list(verdict.unmet)) == ("proved", conditions)
    assert "both sides 0 at every point" in str(verdict)
    assert "both sides 0 at every point" in mark(verdict)


@pytest.mark.parametrize("name", BUSY)
def test_a_proof_with_numbers_is_not_blamed(name):
    verdict = check(*BUSY[name])
    assert (verdict.status, verdict.unmet) == ("proved", ()) and verdict.points, verdict
    assert verdict.reservation() == ""


@pytest.mark.parametrize("name", PARTLY)
def test_a_check_tells_what_it_never_met(name):
    lhs, rhs, conditions = PARTLY[name]
    verdict = check(lhs, rhs)
    assert (verdict.status, list(verdict.unmet)) == ("checked", conditions)
    assert str(verdict).endswith(f", {verdict.reservation()}") and "no point with" in str(verdict)


@pytest.mark.parametrize("claim", [
    (Piecewise((1, t > 100), (0, True)), 0), (Derivative(x[i], x[j + 9]), 0), (2 * v[n + 30], 3 * v[n + 30] + 0 * a),
    (Heaviside(a - 100, 0) * exp(b), Heaviside(a - 100, 0) * b),
])
def test_zeros_without_a_proof_are_no_evidence(claim):
    assert check(*claim).status in ("undecided", "refuted")


def test_what_holds_nowhere_or_is_defined_nowhere_is_not_proved():
    assert "no point found" in str(check(a, b, given=[Eq(a, b), Eq(a, b + 1)]))
    nowhere = sp.floor(sp.log(sp.Min(-1, a)))
    assert "no point found" in str(check(nowhere, nowhere + late - late * 1))


def test_marks_ledger_and_chains_carry_the_reservation():
    idle, busy, partly = check(late * x[i], late * x[j + 9]), check(a + b, b + a), check(*PARTLY["the only value"][:2])
    assert mark(idle).endswith(r"\text{, both sides 0 at every point, no point with $i = 9 + j$}}")
    assert "no point with $t > 100$" in mark(partly)
    assert together([busy, idle]).unmet == idle.unmet and not together([busy, busy]).unmet
    before = list(ledger.rows)
    ledger.record("", "", idle)
    assert ledger.rows.pop()["how"] == "both sides 0 at every point, no point with $i = 9 + j$"
    assert ledger.rows == before
