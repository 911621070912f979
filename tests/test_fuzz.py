"""Random pairs, half of them mutated: never a false proof, never a wrong refutation, never an exception.

`python tools/fuzz.py --pairs 20000 --seed 1` is the long run.
"""

import mpmath
import oracle
import pytest
import sympy as sp
from grammar import K, M, fuzz, pairs

from helpers import check


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_soundness(seed):
    counts, complaints = fuzz(check, count=100, seed=seed, report=lambda text: None)
    assert not complaints, "\n".join(map(str, complaints[:3]))
    assert not counts["contradicted"], counts
    assert counts["proved"] >= 30 and counts["refuted"] >= 20, counts
    assert counts["unjudged"] <= 10 and counts["false check"] <= 2, counts


def test_the_generator_is_worth_its_time():
    """Half the pairs are equal, half not, nearly all can be judged, and the whole grammar occurs."""
    found, kinds = {"equal": 0, "different": 0, "unknown": 0}, set()
    for _, (lhs, rhs, where, _mutated) in zip(range(150), pairs(5), strict=False):
        found[oracle.compare(lhs, rhs, where, points=2, tolerance=1e-12)[0]] += 1
        kinds |= {type(e) for e in sp.preorder_traversal(lhs)}
    assert found["equal"] > 50 and found["different"] > 30 and found["unknown"] < 10, found
    assert kinds >= {sp.Sum, sp.Product, sp.KroneckerDelta, sp.Derivative, sp.Subs, sp.Piecewise}
    assert kinds >= {sp.exp, sp.log, sp.tanh, sp.Pow, sp.Indexed}


def test_the_judge_sees_what_sympy_gets_wrong():
    """The evaluator binds names as mathematics does, where SymPy's own `diff` and `subs` capture them."""
    x, k = sp.IndexedBase("x"), sp.Symbol("k", integer=True)
    total = sp.Sum(sp.exp(x[k]), (k, 1, K))
    where = {k: (1, K)}
    right = oracle.compare(sp.Derivative(total, x[k]), sp.exp(x[k]), where)
    captured = oracle.compare(sp.Derivative(total, x[k]), total.diff(x[k]), where, points=8)
    assert (right[0], captured[0]) == ("equal", "different")


def test_the_judge_in_floating_point_and_with_many_digits():
    x, k, m = sp.IndexedBase("x"), *sp.symbols("k m", integer=True)
    e = sp.Derivative(sp.log(sp.Sum(sp.exp(x[k] * x[m]), (k, 1, m), (m, 1, M))), x[2], x[1])
    values = []
    for ctx in (mpmath.fp, oracle.digits(40)):
        point = oracle.Point(ctx)
        point.symbols[M] = 3
        point.entries.update({(x.label, (n,)): ctx.mpf(n) / 4 for n in (1, 2, 3)})
        values.append(float(point.number(e)))
    unrolled = sp.log(sum(sp.exp(x[s] * x[t]) for t in (1, 2, 3) for s in range(1, t + 1)))
    exact = unrolled.diff(x[2], x[1]).subs({x[n]: sp.Rational(n, 4) for n in (1, 2, 3)})
    assert values == pytest.approx([float(exact.evalf(30))] * 2, abs=1e-7)
