"""What is wrong with a verdict on a random pair.

By evaluation at explicit sizes (oracle.py); proofs also by polynomials at explicit sizes (written_out.py), and those
of orders and cases by an arithmetic solver (solver.py).
"""

import warnings
from collections import Counter
from random import Random

import oracle
from sympy import Derivative
from written_out import second_opinion

from helpers.budget import Budget, interrupt
from helpers.errors import OutOfTime

from .families import FAMILIES, pairs

try:
    import solver
except ImportError:  # there is no z3 for this machine
    solver = None

FAULTS = ("false proof", "wrong refutation", "error", "contradicted")
SECONDS = 5  # for the second judge
FAR = {"induction": dict(largest=9, points=10)}  # where a claim may fail at one large size only


def judge(pair, verdict):
    """What is wrong with a verdict: 'false proof: …', 'wrong refutation: …', 'unjudged' or None."""
    try:
        if verdict.status == "refuted":
            return refutation(pair, verdict)
        return agreement(pair, verdict) if verdict.status in ("proved", "checked") else None
    except (oracle.Undefined, oracle.Unsupported, ArithmeticError):
        return "unjudged"


def quotients(pair):
    """Whether the judge takes difference quotients."""
    return any(isinstance(node, Derivative) or getattr(node.func, "order", 0)
               for node in oracle.seen_through(pair.lhs, pair.rhs))


def refutation(pair, verdict):
    """A refutation must name a point at which the sides differ and the facts hold."""
    # difference quotients lose a third of the digits
    sharp = (dict(apart=1e-90, context=oracle.digits(200)) if quotients(pair) else
             dict(apart=1e-250, context=oracle.digits(300)))
    try:
        oracle.witness(verdict, pair.lhs, pair.rhs, pair.given, pair.where, **sharp)
    except (AssertionError, KeyError) as error:
        return f"wrong refutation: {error}"
    return None


def agreement(pair, verdict):
    """What was proved must hold at points of the judge's own."""
    options = dict(points=5, largest=4, whole=not quotients(pair)) | FAR.get(pair.family, {})
    found, point, *sides = oracle.compare(pair.lhs, pair.rhs, pair.where, pair.given, tolerance=1e-12, **options)
    if found == "different":
        kind = "false proof" if verdict.status == "proved" else "false check"
        return "%s: %s against %s at %s" % (kind, *sides, point.symbols)
    return None if found == "equal" else "unjudged"


def second(pair, rng):
    """What the judges without numbers say of a proof: 'false proof: …', 'agreed twice' or 'agreed once'."""
    for name, opinion in {"polynomials": lambda: second_opinion(pair, rng), "solver": lambda: solved(pair)}.items():
        try:
            with interrupt(Budget(SECONDS)):
                holds = opinion()
        except OutOfTime:
            holds = None
        if holds is not None:
            return "agreed twice" if holds else f"false proof: by the {name}"
    return "agreed once"


def solved(pair):
    """The opinion of the arithmetic solver on orders and cases."""
    if solver is None or pair.family not in ("kinks", "folds"):
        return None
    try:
        return solver.holds(pair.lhs, pair.rhs, pair.where)
    except solver.Unread:
        return None


class Tally:
    """How many pairs, by family, got which verdict and which judgement; and the faults in words."""

    def __init__(self):
        self.families, self.faults = {}, []

    def add(self, pair, kind):
        self.families.setdefault(pair.family, Counter())[kind] += 1

    def complain(self, number, pair, fault):
        self.add(pair, fault.split(":")[0])
        self.faults.append("pair %d (%s): %s\n  %s\n  %s\n  where %s, given %s" % (
            number, pair.family, fault, pair.lhs, pair.rhs, pair.where, pair.given))

    def update(self, other):
        for family, counts in other.families.items():
            self.families.setdefault(family, Counter()).update(counts)
        self.faults += other.faults

    @property
    def counts(self):
        return sum(self.families.values(), Counter())


def fuzz(check, count, seed, seconds=3, families=FAMILIES):
    """Check `count` pairs and judge the verdicts: the tally."""
    tally, rng = Tally(), Random(seed)
    for number, pair in zip(range(count), pairs(seed, families), strict=False):
        tally.add(pair, "pairs")
        try:
            with warnings.catch_warnings(record=True) as loud:
                warnings.simplefilter("always")
                verdict = check(pair.lhs, pair.rhs, where=pair.where, given=pair.given, seconds=seconds)
        except Exception as error:  # noqa: BLE001  no mathematical input may raise
            tally.complain(number, pair, f"error: {type(error).__name__}: {error}")
            continue
        tally.add(pair, verdict.status)
        if any(w.category.__name__ == "ProofContradicted" for w in loud):  # the checker's own complaint
            tally.complain(number, pair, f"contradicted: {verdict}")
        opinions = [judge(pair, verdict)]
        if verdict.status == "proved":
            opinions.append(second(pair, rng))
        for opinion in filter(None, opinions):
            if opinion.split(":")[0] in FAULTS:
                tally.complain(number, pair, f"{opinion} ({verdict})")
            else:  # a check that is false elsewhere: agreement at points is evidence, and says so
                tally.add(pair, opinion.split(":")[0])
    return tally
