"""`check`: is this equality true? Four honest answers."""

from __future__ import annotations

import re
import time
import warnings
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import islice

import sympy as sp
from sympy.printing.pretty.pretty_symbology import greek_unicode

from .arguments import time_limit
from .balls import precision_kept
from .budget import Budget, interrupt
from .claim import scalar_claims
from .language import unfolded
from .prover import FAILURES, exact_sizes, prove
from .search import ENOUGH, OFF_GRID, PLENTY, PRECISIONS, Outcome, boundaries, search
from .watching import Seen, says_something, unmet

ACCENTS = {"tilde": "\N{COMBINING TILDE}", "hat": "\N{COMBINING CIRCUMFLEX ACCENT}", "bar": "\N{COMBINING MACRON}",
           "dot": "\N{COMBINING DOT ABOVE}"}
BOUNDARIES = 4  # so many conditions are tried as equations
TIME = "the time is used up"
SHOWN = 16  # numbers of a counterexample that are told in words; its dict has all
BEYOND = 8  # a size at which a claim is tried that was not proved
POINTS = 40  # points at which an equality is compared that could not be proved
SIGNS = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}
NAMED = 2  # so many conditions that were never met are told
RANK = {"refuted": 0, "undecided": 1, "checked": 2, "proved": 3}


class ProofContradicted(UserWarning):
    """A symbolic proof that a number contradicts: an error in this checker or in SymPy. Please report it."""


@dataclass(frozen=True)
class Verdict:
    """What is known about an equality.

    `status` is "proved" (for all sizes), "checked" (numbers agree, no proof), "refuted" or "undecided";
    `counterexample` maps symbols, entries and functions to values, and "left" and "right" to the values of
    both sides; `how` says by what means; `points`, `sizes` and `digits` say how far the numbers went; `integers`
    names symbols that were read as integers, `largest` sizes beyond which a side is not defined, `ranges`
    {integer: (low, high)} those that `where` gave; `unmet` conditions that held at no point that was compared, such
    as i = 9 beside a delta: of a proof those for which both sides were 0 at every point; `gap` a point at which the
    left side has a value and the right side has none.
    """

    status: str
    counterexample: dict | None = None
    how: str = ""
    points: int = 0
    sizes: dict = field(default_factory=dict)
    digits: int = 0
    exact_to: int = 0
    integers: tuple = ()
    largest: dict = field(default_factory=dict)
    ranges: dict = field(default_factory=dict)
    unmet: tuple = ()
    gap: dict | None = None
    milliseconds: float = 0.0

    def __bool__(self):
        raise TypeError('a verdict is not a truth value; ask for verdict.status == "proved", for example')

    def __str__(self):
        if self.status == "proved":
            every = " for every " + ", ".join(self.every()) if self.every() else ""
            every += f" for integers {', '.join(self.integers)}" if self.integers else ""
            numbers = f" ({self.reservation()})" if self.reservation() else ""
            return named(f"proved{every}{' ' + self.how if self.how else ''}{numbers}")
        if self.status == "refuted":
            return "refuted" + describe(self.counterexample)
        if self.status == "undecided":
            return "undecided" + (f": {self.how}" if self.how else "")
        words = [f"{self.points} points" if self.points != 1 else "1 point", *self.tried(), f"{self.digits} digits"]
        exactly = f" (exactly for {', '.join(map(str, self.sizes))} up to {self.exact_to})" if self.exact_to else ""
        inside = f" for {', '.join(self.limits())}" if self.ranges else ""
        numbers = f", {self.reservation()}" if self.unmet else ""
        return named(f"checked at {', '.join(words)}{exactly}{inside}{numbers}")

    def reservation(self, printed=None):
        """What the compared numbers leave open, in words; `printed` prints a condition."""
        if self.status == "proved" and not self.points:
            return "no numbers compared"
        zeros = ["both sides 0 at every point"] if self.unmet and self.status == "proved" else []
        conditions = [(printed or condition_in_words)(c) for c in self.unmet if c != sp.false]
        return ", ".join(zeros + [f"no point with {' or '.join(conditions[:NAMED])}"] * bool(conditions))

    def limits(self):
        """The ranges of integers that were given, in words."""
        found = []
        for symbol, (low, high) in self.ranges.items():
            ends = f"{low} ≤ " * (low != -sp.oo), f" ≤ {high}" * (high != sp.oo)
            found.append(f"{symbol} ≥ {low}" if ends[0] and not ends[1] else f"{ends[0]}{symbol}{ends[1]}")
        return found

    def every(self):
        """The sizes of a proof, with the values between which the claim says anything, and the ranges given."""
        found = []
        for size, values in self.sizes.items():
            first = min(values, default=1)
            if size in self.ranges:
                continue
            if size in self.largest:
                found.append(f"{first} ≤ " * (first > 1) + f"{size} ≤ {self.largest[size]}")
            else:
                found.append(f"{size} ≥ {first}" if first > 1 else str(size))
        return found + self.limits()

    def tried(self):
        """The sizes at which numbers were compared, in words."""
        return [f"{size} = {span(values)}" for size, values in self.sizes.items() if values]


def condition_in_words(condition):
    """A condition in plain text: i = j + 9."""
    if isinstance(condition, sp.core.relational.Relational):
        return f"{condition.lhs} {SIGNS.get(condition.rel_op, condition.rel_op)} {condition.rhs}"
    return " and ".join(map(condition_in_words, condition.args)) if isinstance(condition, sp.And) else str(condition)


def span(values):
    values = sorted(values)
    if len(values) > 2 and values[-1] - values[0] == len(values) - 1:
        return f"{values[0]}…{values[-1]}"
    return " and ".join(map(str, values)) if len(values) < 3 else ", ".join(map(str, values))


def describe(counterexample):
    """A counterexample in words: " at K = 3, x[1] = 0.5: left 0.4621, right 0.2311"."""
    left, right = counterexample["left"], counterexample["right"]
    with sp.evaluate(True):  # also within a derivation, where SymPy compares nothing
        digits = next((n for n in (6, 15, 30) if short(left, n) != short(right, n)), 6)
        apart = "" if short(left, digits) != short(right, digits) else f", apart by {short(abs(left - right), 2)}"
        sides = f": left {short(left, digits)}, right {short(right, digits)}{apart}"
    return whereabouts(counterexample) + sides


def whereabouts(point):
    """A point in words: " at K = 3, x[1] = 0.5"."""
    with sp.evaluate(True):
        at = [f"{called(key, value)} = {short(value)}" for key, value in point.items() if not isinstance(key, str)]
    if len(at) > SHOWN:
        at[SHOWN:] = [f"and {len(at) - SHOWN} more values"]
    return f" at {', '.join(at)}" if at else ""


def named(key):
    """The name of a symbol or an entry in plain text: W⁽¹⁾ for W^{(1)}, b̃ for \\tilde{b}, η for \\eta or eta."""
    text = re.sub(r"\^\{\((\d)\)\}", lambda layer: f"⁽{'⁰¹²³⁴⁵⁶⁷⁸⁹'[int(layer[1])]}⁾", str(key))
    text = re.sub(r"\\(tilde|hat|bar|dot)\{(\w+)\}", lambda name: name[2] + ACCENTS[name[1]], text)
    return re.sub(r"\\?(?:var)?([A-Za-z]+)", lambda name: greek_unicode.get(name[1], name[0].lstrip("\\")), text)


def called(key, value):
    """The name of what has a value; of a function with its variables: σ(u)."""
    return named(key) + (f"({', '.join(map(str, value.variables))})" if isinstance(value, sp.Lambda) else "")


def short(value, digits=6):
    """A number (or the formula of a function) in few characters."""
    if isinstance(value, sp.Lambda):
        value = value.expr
    if value.is_Integer and abs(value) < 10**12 or value.free_symbols:
        return str(value)
    plain = value.is_real and digits < 16 and (value == 0 or 1e-300 < abs(value) < 1e300)
    return f"{float(value):.{digits}g}" if plain else str(sp.N(value, digits))


def check(lhs, rhs, *, where=None, given=(), seconds=10):
    """Judge whether `lhs = rhs` holds wherever both sides are defined.

    Parameters
    ----------
    lhs, rhs : SymPy expressions (or matrices of the same shape); exact, no floats.
        Plain symbols and tensor entries stand for real numbers, their assumptions are respected.
    where : dict of ranges: `{i: (0, K - 1)}` for an integer index, `{K: (1, 5)}` for the sizes to try,
        `{p: (0, 1)}` for a real symbol strictly between two limits. Sizes are tried at 1…5 by default.
    given : sequence of `Eq` that may be used; an index that is free only in a fact stands for all values.
    seconds : time after which the best verdict so far is returned.

    Returns
    -------
    Verdict

    Raises
    ------
    TypeError, ValueError : for arguments that make no claim, naming the argument.
    """
    start, budget = time.perf_counter(), Budget(time_limit(seconds))
    verdicts, ranges = [], {}
    try:
        with precision_kept(), sp.evaluate(True):  # also where the caller has SymPy evaluate nothing
            claims = scalar_claims(lhs, rhs, where, given)
            for number, make in enumerate(claims):
                if verdicts and budget.left() < 0:
                    verdicts.append(Verdict("undecided", None, TIME))
                    break
                claim = make()
                claim.refuse_bound()
                ranges |= {s: pair for s, pair in claim.indices.items() if s in claim.where}
                verdicts.append(judge(claim, budget.share(1 / (len(claims) - number))))
                if verdicts[-1].status == "refuted":
                    break
    except RecursionError:
        return Verdict("undecided", None, "the expression is nested too deeply")
    worst = min(verdicts, key=lambda verdict: RANK[verdict.status])
    conditions = [verdict.unmet for verdict in verdicts if verdict.status == worst.status]
    if worst.status == "proved" and () in conditions:  # of a matrix some entries may be 0
        conditions = []
    elapsed = round((time.perf_counter() - start) * 1000, 1)
    gap = next((verdict.gap for verdict in verdicts if verdict.gap), None)
    return replace(worst, ranges=ranges, unmet=united(conditions), gap=gap, milliseconds=elapsed)


def united(collections):
    return tuple(dict.fromkeys(condition for conditions in collections for condition in conditions))


def together(verdicts):
    """One verdict on several equalities: as weak as the weakest, and where all of them hold."""
    worst = min(verdicts, key=lambda verdict: (RANK[verdict.status], not verdict.how, verdict.points))
    sizes, largest, ranges, integers = {}, {}, {}, {}
    for verdict in verdicts:
        for size, tried in verdict.sizes.items():
            before = sizes.get(size) or tried
            sizes[size] = sorted(set(before) & set(tried or before))
        for size, last in verdict.largest.items():
            largest[size] = min(last, largest.get(size, last))
        for symbol, pair in verdict.ranges.items():
            if ranges.setdefault(symbol, pair) != pair:
                low, high = ranges[symbol]
                ranges[symbol] = sp.Max(low, pair[0]), sp.Min(high, pair[1])
        integers |= dict.fromkeys(verdict.integers)
    exact = [verdict.exact_to for verdict in verdicts if verdict.status == "checked"]
    return replace(worst, sizes=sizes, largest=largest, ranges=ranges, integers=tuple(integers),
                   unmet=united(verdict.unmet for verdict in verdicts), exact_to=min(exact, default=0),
                   points=min(verdict.points for verdict in verdicts),
                   digits=min(verdict.digits for verdict in verdicts))


def judge(claim, budget):
    """The verdict on one scalar claim."""
    outcome = limited(lambda part: search_everywhere(claim, part), budget.share(0.5)) or Outcome(obstacle=TIME)
    how = limited(lambda part: prove(claim, part), budget.share(0.1 if outcome.counterexample else 0.6))
    if outcome.counterexample:
        verdict = refuted(claim, outcome, budget)
        if how is not None and verdict.status == "refuted":
            warnings.warn(f"{claim.lhs} = {claim.rhs} was proved {how} but is false"
                          f"{describe(outcome.counterexample)}", ProofContradicted, stacklevel=4)
        return verdict
    sizes = {size: sorted(outcome.sizes.get(size, ())) for size in claim.sizes}
    counts = {size: [] for size in sorted(claim.integers, key=str) if size.is_positive}  # sizes as mere numbers
    if how is not None and not outcome.points and outcome.obstacle == TIME:
        outcome = limited(lambda part: search(claim, part, count=1), budget) or outcome
        if outcome.obstacle == TIME:
            return Verdict("undecided", None, f"proved{' ' + how if how else ''}, but no number was compared in time")
    if how is not None and not outcome.points and not outcome.obstacle:
        return Verdict("undecided", None, "no point found at which both sides are defined and the given facts hold")
    seen = Seen()
    if how is not None:
        zeros = () if outcome.nonzero else idle(claim, seen, budget)
        return Verdict("proved", None, how, outcome.points, sizes | counts, min(outcome.digits, ENOUGH), unmet=zeros,
                       gap=outcome.gap, integers=tuple(sorted(map(str, claim.taken))),
                       largest=largest_sizes(claim, sizes, budget))
    exact = limited(lambda part: exact_sizes(claim, part), budget.share(0.4)) or 0
    more, beyond = further(claim, seen, outcome.points, budget)
    for found in (more, beyond):
        if found.counterexample:
            return refuted(claim, found, budget)
    if not (claim.sizes or outcome.drawn):
        more = Outcome(nonzero=more.nonzero)  # the same point once more
    if any(len(tried) > 1 and len({*outcome.sizes.get(size, ()), *more.sizes.get(size, ())}) == 1
           for size, tried in claim.sizes.items()):
        return Verdict("undecided", None, "numbers could be compared at one size only")
    guess = outcome.guess or more.guess
    if guess and limited(lambda part: doubted(claim, guess), budget.share(0.5)):
        return Verdict("undecided", None, "an integral, limit or series is only estimated, and SymPy's value differs")
    points = outcome.points + more.points
    digits = min(outcome.digits, more.digits, ENOUGH if claim.sizes or outcome.drawn else PLENTY)
    sizes = {size: sorted({*outcome.sizes.get(size, ()), *more.sizes.get(size, ())}) for size in claim.sizes}
    if not points:
        return Verdict("undecided", None, outcome.obstacle or "no point found at which both sides are defined")
    if not (outcome.nonzero or more.nonzero or beyond.nonzero) and vacuous(claim, seen):
        return Verdict("undecided", None, "both sides are 0 at every point that was tried")
    return Verdict("checked", None, "", points, sizes, digits, exact, unmet=never(claim, seen),
                   gap=outcome.gap or more.gap or beyond.gap)


def refuted(claim, outcome, budget):
    """The verdict on a counterexample; integrals and limits are estimated, and so refute with SymPy's consent only."""
    if outcome.estimated and not limited(lambda part: confirmed(claim, outcome.counterexample), budget.share(0.5)):
        return Verdict("undecided", None, f"an integral or a limit is only estimated{describe(outcome.counterexample)}")
    return Verdict("refuted", outcome.counterexample)


def confirmed(claim, counterexample):
    """Whether the sides differ there by SymPy's own integrals and limits too, and by as much."""
    apart = apart_by_sympy(claim, counterexample)
    return apart is not None and bool(abs(apart / (counterexample["left"] - counterexample["right"]) - 1) < 1e-3)


def doubted(claim, point):
    """Whether SymPy's own integrals, limits and series differ at a point where the estimated ones agree."""
    apart = apart_by_sympy(claim, point)
    return apart is not None and bool(abs(apart) > 1e-6 * (1 + abs(point["left"])))


def apart_by_sympy(claim, point):
    """left - right at a point by SymPy's `doit`, or None if that finds no number."""
    known = {key: value for key, value in point.items() if isinstance(key, sp.Symbol | sp.Indexed)}
    try:
        counts = {s: value for s, value in known.items() if s in claim.counts}
        sides = [unfolded(side).subs(counts).doit().subs(known).doit() for side in (claim.lhs, claim.rhs)]
        apart = sp.N(sides[0] - sides[1], 20)
        return None if any(side.has(sp.Integral, sp.Limit, sp.Sum) for side in sides) or not apart.is_Number else apart
    except (TypeError, ValueError, AttributeError):  # SymPy finds no value
        return None


def further(claim, seen, first, budget):
    """More points, and points beyond those, watched by `seen`."""
    more = limited(lambda part: search(claim, part, first=first, count=POINTS - first, seen=seen),
                   budget.share(0.9)) or Outcome()
    return more, limited(lambda part: search_beyond(claim, part, seen), budget.share(0.9)) or more


def idle(claim, seen, budget):
    """Why a proved claim was 0 = 0 at every point; nothing if its parts or a further point show more."""
    limited(lambda part: search(claim, part, seen=seen), budget.share(0.5))
    if not vacuous(claim, seen) or any(found.nonzero for found in further(claim, seen, 12, budget)) or not vacuous(
            claim, seen):
        return ()
    return never(claim, seen) or (sp.false,)


def vacuous(claim, seen):
    """Whether a side that is not written as 0 is made of nothing but what was 0 at every point."""
    return any(side != 0 and not says_something(side, seen) for side in (claim.lhs, claim.rhs))


def never(claim, seen):
    """The conditions that held at no point."""
    return united(unmet(side, seen) for side in (claim.lhs, claim.rhs))


def largest_sizes(claim, sizes, budget):
    """Sizes beyond which no side is defined: Σ_{k=n}^{0} is at n = 1 only. (Facts may just be hard to satisfy.)"""
    largest = {}
    for size, tried in () if claim.given else claim.sizes.items():
        if sizes[size] and sizes[size][-1] < tried[-1]:
            last = copy(claim)
            last.sizes = {**claim.sizes, size: [tried[-1]]}
            found = limited(lambda part, last=last: search(last, part, count=3), budget.share(0.5))
            if found and not found.points and not found.obstacle:
                largest[size] = sizes[size][-1]
    return largest


def search_everywhere(claim, budget):
    """Generic points first; then, where there are cases, points at which two of them meet."""
    outcome = search(claim, budget)
    if claim.coarse and not claim.kinked and not outcome.counterexample:
        for fact in islice(boundaries(claim), BOUNDARIES):
            met = claim.with_fact(fact)
            found = limited(lambda part, met=met: search(met, part, count=3), budget.share(0.2))
            if found and found.counterexample:
                return found
    return outcome


def search_beyond(claim, budget, seen):
    """Looks beyond the usual points: off their grid, with most digits; past the cases; at sizes not tried otherwise."""
    outcome = search(claim, budget.share(0.5), first=OFF_GRID, count=1, precisions=PRECISIONS[-1:], seen=seen)
    for step in (sp.Rational(1, 3), sp.Rational(-1, 3)) if claim.coarse and not claim.kinked else ():
        for fact in islice(boundaries(claim), BOUNDARIES):
            fact = sp.Eq(fact.lhs - fact.rhs, step)
            if not outcome.counterexample and isinstance(fact, sp.Eq):
                outcome = search(claim.with_fact(fact), budget.share(0.2), count=2, seen=seen)
    for size in () if outcome.counterexample else claim.untold:
        larger = copy(claim)
        larger.sizes = {other: [BEYOND] if other == size else tried[:2] for other, tried in claim.sizes.items()}
        outcome = search(larger, budget.share(0.5), first=1, count=1, seen=seen)
        if outcome.counterexample:
            break
    return outcome


def limited(step, budget):
    """The result of a step, or None if its time is used up or it knows no rule for the claim."""
    try:
        with interrupt(budget):
            return step(budget)
    except FAILURES:
        return None
