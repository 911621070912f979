"""ReLU, cases and parity by an arithmetic solver, which knows nothing of the checker."""

from collections import Counter

import pytest
import sympy as sp
from book_ext.execution import ROOT
from grammar import pairs
from lines import lines_of

from helpers import check

pytest.importorskip("z3", reason="there is no z3 for this machine: the solver's judgement is left out")
from solver import Unread, holds  # noqa: E402


def test_the_lines_of_the_parity_chapter():
    lines = list(lines_of(ROOT / "book" / "parity.ipynb"))
    for line in lines:
        where = {s: (s.lower, s.upper) for side in (line.left, line.right) for s in side.free_symbols
                 if hasattr(s, "lower")} | line.where
        assert not line.given
        assert holds(line.left, line.right, where) is (line.row["status"] != "refuted"), line.row["latex"]
    assert len(lines) > 15


def test_random_networks_of_kinks():
    """What was proved of piecewise polynomials has no counterexample, what was refuted has one."""
    decided = Counter()
    for _, pair in zip(range(120), pairs(8, ["folds"]), strict=False):
        verdict = check(pair.lhs, pair.rhs, where=pair.where, seconds=3)
        try:
            answer = holds(pair.lhs, pair.rhs, pair.where)
        except Unread:
            answer = None
        if answer is not None and verdict.status in ("proved", "refuted"):
            assert answer is (verdict.status == "proved"), pair
            decided[verdict.status] += 1
    assert decided["proved"] > 25 and decided["refuted"] > 25, decided


def test_the_solver_itself():
    x, y, n = sp.Symbol("x", real=True), sp.Symbol("y", real=True), sp.Symbol("n", integer=True)
    assert holds(sp.Max(x, y) + sp.Min(x, y), x + y, {}) is True
    assert holds(sp.Abs(x + y), sp.Abs(x) + sp.Abs(y), {}) is False
    assert holds(sp.Heaviside(x, 0), (1 + sp.sign(x)) / 2, {}) is False  # they differ at 0 only
    assert holds(n**2, n, {n: (0, 1)}) is True and holds(n**2, n, {n: (0, 2)}) is False
    assert holds((-1) ** n * (-1) ** (n + 1), sp.Integer(-1), {}) is True
    assert holds(sp.exp(x) * 0 + sp.exp(x), sp.exp(x + y), {}) is None
