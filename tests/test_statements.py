"""The checker must prove the true statements for every size and refute the false ones."""

import oracle
import pytest
from statements import BOOK, SUITE

from helpers import check

pytestmark = pytest.mark.filterwarnings("error")  # a proof contradicted by a number warns

STATEMENTS = SUITE + BOOK


@pytest.mark.parametrize("s", STATEMENTS, ids=str)
def test_verdict(s):
    verdict = check(s.lhs, s.rhs, where=s.where, given=s.given, seconds=s.seconds)
    assert verdict.status in s.expected.split(" or "), str(verdict)
    assert str(verdict).startswith(verdict.status)
    if verdict.status == "refuted":
        oracle.witness(verdict, s.lhs, s.rhs, s.given, s.where)
    else:
        assert verdict.counterexample is None


@pytest.mark.parametrize("s", STATEMENTS, ids=str)
def test_the_list_itself(s):
    """Without the checker: at random points of explicit sizes the statement is what we say it is."""
    found = oracle.compare(s.lhs, s.rhs, s.where, s.given, points=3, positive={t.label for t in s.positive})
    assert found[0] == ("different" if s.expected == "refuted" else "equal")


def test_the_suite_is_complete():
    false = [s.name for s in SUITE if s.expected == "refuted"]
    assert (len(SUITE), len(false)) == (
        56,
        4,
    )  # the experiment's 54 and 3, and the geometric sum with its mutant
    assert all(s.expected == "proved" for s in SUITE if s.name not in false)
    assert len(BOOK) >= 30
    assert len({s.name for s in STATEMENTS}) == len(STATEMENTS)
