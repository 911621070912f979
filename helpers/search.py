"""The search for a counterexample: many points, several sizes, enough digits."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import lru_cache

import sympy as sp
from sympy import QQ, Dummy, Lambda, Rational

from .balls import EXACT, Indeterminate, Undefined, best_field, primal
from .errors import OutOfTime, Unsupported
from .facts import satisfy
from .language import parts
from .points import Evaluator, Point
from .watching import Watcher

PRECISIONS = (240, 700, 2000)  # bits, tried in turn until the digits suffice
ENOUGH = 50  # digits two values must agree to
STEADY = 10  # digits that more precision must not change, where there is no error bound
PLENTY = 550  # where nothing is drawn: 1 + exp(-1000) is not 1
STEP = 64  # numbers are drawn as multiples of 1/STEP, so that sums and products of them are exact
OFF_GRID = 100  # from this number on, points are no such multiples,
PRIME = 2 ** 61 - 1  # but have this denominator too,
WIDER = 4  # and sequences reach so much farther
FAR = 30  # sequences with farther subscripts are not evaluated
WORK = 50_000  # terms and bound values after which no further point is begun: about a second, on any machine the same
SPECIAL = (QQ(0), QQ(1), QQ(-1))


@dataclass
class Outcome:
    """What a search found."""

    points: int = 0
    digits: int = 9999
    sizes: dict = field(default_factory=dict)
    counterexample: dict | None = None
    gap: dict | None = None  # a point at which the left side has a value, and the right side has none
    estimated: bool = False  # whether a value at the counterexample was estimated, without a bound
    guess: dict | None = None  # a point at which the sides agree, with an estimated value
    obstacle: str = ""
    nonzero: bool = False  # whether some side was not 0 at some point
    drawn: bool = False  # whether the formulas depend on anything that was drawn

    def add(self, claim, point, digits):
        self.points += 1
        self.digits = min(self.digits, digits)
        for size in claim.sizes:
            self.sizes.setdefault(size, set()).add(int(point.values[size]))


def search(claim, budget, first=0, count=12, precisions=PRECISIONS, seen=None):
    """Compare both sides at up to `count` points, starting with number `first` of the claim's points.

    `seen` collects what the numbers have seen of the claim.
    """
    outcome = Outcome()
    if claim.reach > FAR:
        outcome.obstacle = f"a subscript as far from 0 as {claim.reach}"
        return outcome
    settings = best_field(), budget, claim.sequences, claim.counts, claim.reach + (WIDER if first >= OFF_GRID else 0)
    evaluator = Evaluator(*settings) if seen is None else Watcher(seen, *settings)
    try:
        left, right = evaluator.compile(claim.lhs), evaluator.compile(claim.rhs)
        facts = [(evaluator.compile(fact.lhs), evaluator.compile(fact.rhs), fact) for fact in claim.given]
        attempts = range(first, first + 4 * count + 3 * min(first, 12)) if claim.varies else [first]
        for number in attempts:
            if outcome.points >= count or outcome.points and evaluator.work > WORK:
                break
            budget.check()
            try:
                compare(claim, evaluator, left, right, facts, number, outcome, precisions)
            except (Undefined, Indeterminate, ZeroDivisionError):
                continue
            if outcome.counterexample or outcome.points and not (claim.sizes or outcome.drawn):
                break
    except OutOfTime:
        outcome.obstacle = outcome.obstacle or "the time is used up"
    except Unsupported as error:
        outcome.obstacle = str(error)
    except (RecursionError, MemoryError):
        outcome.obstacle = "the expression is too large"
    return outcome


def compare(claim, evaluator, left, right, facts, number, outcome, precisions):
    """Evaluate both sides at one point, with more digits until they agree or differ for certain.

    Values without an error bound count only when more digits do not change them.
    """
    before = None
    if not best_field().rigorous and len(precisions) == 1:
        precisions = (precisions[0] // 2, *precisions)
    for bits in precisions:
        evaluator.field = best_field(bits)
        evaluator.field.enter()
        point = draw_point(claim, number)
        try:
            for fact in facts:
                satisfy(evaluator, point, *fact, number)
            point.used.clear()
            point.memo.clear()
            evaluator.estimated = False
            lhs, rhs = both_sides(claim, evaluator, point, left, right, outcome)
            outcome.drawn |= any(key in claim.free or not isinstance(key, sp.Symbol) for key in point.used)
        except Indeterminate:
            continue
        if isinstance(lhs, EXACT) and isinstance(rhs, EXACT):
            if lhs != rhs:
                outcome.counterexample = describe(claim, evaluator, point, lhs, rhs)
            else:
                outcome.add(claim, point, 9999)
                outcome.nonzero |= bool(lhs)
            return
        lhs, rhs = evaluator.field.lift(lhs), evaluator.field.lift(rhs)
        if not evaluator.field.rigorous:
            now = lhs, rhs
            steady = before and all(evaluator.field.digits(*pair) >= STEADY for pair in zip(before, now, strict=True))
            before = now
            if not steady:
                continue
        if evaluator.field.different(lhs, rhs):
            outcome.counterexample = describe(claim, evaluator, point, lhs, rhs)
            outcome.estimated = evaluator.estimated
            return
        digits = evaluator.field.digits(lhs, rhs)
        enough = ENOUGH if outcome.drawn or claim.sizes else PLENTY
        if digits >= enough or bits == precisions[-1] and digits >= 10 or bits == PRECISIONS[0] and 10 <= digits < 35:
            outcome.add(claim, point, digits)
            if evaluator.estimated and outcome.guess is None:
                outcome.guess = describe(claim, evaluator, point, lhs, rhs)
            zero = evaluator.field.lift(QQ(0))
            outcome.nonzero |= any(evaluator.field.different(side, zero) for side in (lhs, rhs))
            return
    raise Indeterminate


def both_sides(claim, evaluator, point, left, right, outcome):
    """The values of both sides; a point at which only the left one has a value is noted."""
    lhs = primal(left(point))
    try:
        return lhs, primal(right(point))
    except (Undefined, ZeroDivisionError):
        if outcome.gap is None:
            outcome.gap = describe(claim, evaluator, point, lhs, lhs)
        raise


def boundaries(claim):
    """Where cases meet: an equation for every condition, and for every argument of |u|, max(u, v), [u > 0]."""
    for node in (node for side in (claim.lhs, claim.rhs) for node in parts(side)):
        if isinstance(node, sp.core.relational.Relational | sp.Max | sp.Min | sp.KroneckerDelta):
            left, right = node.args[:2]
        elif isinstance(node, sp.Abs | sp.sign | sp.Heaviside):
            left, right = node.args[0], sp.S.Zero
        else:
            continue
        inside = list(parts(left - right))
        names = {base.label for base in inside if isinstance(base, sp.IndexedBase)}
        names |= {name for node in inside if hasattr(node, "law") for name in (node, *node.law[1])}
        symbols = {s for s in inside if isinstance(s, sp.Symbol)} - names
        counted = symbols <= claim.counts and not (
            any(isinstance(node, sp.Indexed) for node in inside))
        if symbols <= claim.free and not counted:
            fact = sp.Eq(left, right)
            if isinstance(fact, sp.Eq):
                yield fact


# ------------------------------------------------------------------- points
def draw_point(claim, number):
    """Point `number` of a claim: the same in every run."""
    source = random.Random(f"point {number}")
    values = {size: QQ(n) for size, n in draw_sizes(claim, number).items()}
    special = None
    if claim.coarse and not claim.kinked and number % 6 == 4 and number < OFF_GRID:
        special = SPECIAL[number // 6 % len(SPECIAL)]
    scale = QQ(1, 2 ** (number // 12 % 3)) if claim.given else QQ(1)
    integers = []
    for index, (low, high) in claim.indices.items():
        wide = 4 if number % 4 == 3 else 2
        values[index] = draw_index(values, index, low, high, wide, source, integers)
        integers.append(values[index])

    def draw(what, subscripts):
        generator = random.Random(f"{number} {what} {subscripts}")
        off = QQ(generator.randint(1, PRIME - 1), PRIME) if number >= OFF_GRID else QQ(0)
        if subscripts is None and what in claim.intervals:
            return draw_between(generator, *(bound.subs({s: Rational(int(v)) for s, v in values.items()})
                                             for bound in claim.intervals[what]), off)
        if subscripts is None and what in claim.integers:
            if number % 2 and integers:
                candidate = integers[-1] + generator.choice((-1, 0, 0, 1))
                if allowed(what, candidate):
                    return candidate
            return draw_allowed(generator, what, integer=True, wide=number % 4 == 3)
        if special is not None and allowed(what, special):
            return special
        value = draw_allowed(generator, what)
        wide = 8 if number % (8 if claim.given else 4) == 3 else 1  # now and then far out
        return (value + off / STEP) * scale * wide if isinstance(value, EXACT) and not what.is_integer else value

    return Point(values, draw, lambda function, arity: draw_function(number, function, arity),
                 mantissa=QQ(source.randint(100, 1000), 97))


def draw_sizes(claim, number):
    """Sizes for a point: all smallest first, then each size through all its values while others stay small."""
    if not claim.sizes:
        return {}
    source = random.Random(f"sizes {number}")
    sizes = list(claim.sizes.items())
    if number == 0:
        return {size: tried[0] for size, tried in sizes}
    leading = (number - 1) % len(sizes)
    chosen = {}
    for place, (size, tried) in enumerate(sizes):
        if place == leading:
            chosen[size] = tried[(number // len(sizes) + place) % len(tried)]
        else:
            chosen[size] = source.choice(tried[:3 if len(sizes) < 3 else 2])
    return chosen


def draw_index(values, index, low, high, wide, source, others):
    """An index in its range; without end, between -wide and wide."""
    known = {s: sp.Integer(int(v)) for s, v in values.items()}
    low = -wide if low == -sp.oo else low.xreplace(known)
    high = wide if high == sp.oo else high.xreplace(known)
    if not (getattr(low, "is_Integer", True) and getattr(high, "is_Integer", True)):
        raise Unsupported(f"the range of {index}")
    if low > high:
        raise Undefined
    low, high = int(low), int(high)
    near = [n for n in others if low <= n <= high]
    if near and source.random() < 0.4:
        return source.choice(near)
    return QQ(source.randint(low, high))


def draw_between(source, low, high, off):
    """A number strictly between two limits, `off` the grid."""
    low = sp.Integer(-3) if low == -sp.oo and high == sp.oo else high - 4 if low == -sp.oo else low
    high = low + 4 if high == sp.oo else high
    if not (low.is_Rational and high.is_Rational):
        low, high = Rational(str(sp.N(low, 12))), Rational(str(sp.N(high, 12)))
    low, high = QQ(int(low.p), int(low.q)), QQ(int(high.p), int(high.q))
    return low + (high - low) * (source.randint(1, STEP * 4 - 1) + off) / (STEP * 4)


def allowed(symbol, value):
    number = Rational(int(value.numerator), int(value.denominator))
    facts = getattr(symbol, "assumptions0", {})
    return all(getattr(number, f"is_{fact}", None) in (truth, None) for fact, truth in facts.items())


def draw_allowed(source, symbol, integer=False, wide=False):
    """A number that satisfies the assumptions of a symbol or a tensor."""
    if getattr(symbol, "is_real", None) is None and getattr(symbol, "is_complex", None):
        return best_field().lift(draw_real(source)) + best_field().imaginary() * best_field().lift(draw_real(source))
    if getattr(symbol, "is_imaginary", None) is True:
        return best_field().imaginary() * best_field().lift(draw_real(source))
    facts = getattr(symbol, "assumptions0", None) or getattr(getattr(symbol, "label", None), "assumptions0", {})
    integer = integer or facts.get("integer")
    for _ in range(300):
        value = QQ(source.randint(*((-20, 20) if wide else (-4, 6)))) if integer else draw_real(source)
        if all(getattr(Rational(int(value.numerator), int(value.denominator)), f"is_{fact}", None) in (truth, None)
               for fact, truth in facts.items()):
            return value
    raise Unsupported(f"no number found that satisfies the assumptions of {symbol}")


def draw_real(source):
    value = source.randint(-5 * STEP // 2, 5 * STEP // 2)
    return QQ(value or 3, STEP)


@lru_cache(maxsize=500)
def draw_function(number, function, arity):
    """A concrete smooth function in place of an unknown one: its variables and its formula."""
    source = random.Random(f"{number} {function} {arity}")
    names = [Dummy(name, real=True) for name in ("u", "v", "w", *map("u{}".format, range(3, arity)))[:arity]]

    def coefficient():
        return Rational(source.choice([n for n in range(-24, 25) if abs(n) > 6]), 16)

    inside = sum((coefficient() * name for name in names), coefficient())
    formula = coefficient() * sp.sin(inside) + sum(coefficient() * name ** 2 / 4 for name in names)
    formula += coefficient() * sp.prod(names)
    if function.is_positive is True:
        formula = sp.exp(formula / 4)
    return names, formula


# ----------------------------------------------------------- counterexample
def describe(claim, evaluator, point, lhs, rhs):
    """The counterexample as a dict: symbols and entries to exact values, and both sides' values."""
    found = {}
    for symbol in (*claim.sizes, *claim.indices):
        if symbol in point.values:
            found[symbol] = exact(evaluator, point.values[symbol])
    for key in sorted(point.used, key=lambda key: sp.default_sort_key(
            key if isinstance(key, sp.Symbol) else sp.Tuple(sp.Symbol(str(key[0])), *map(
                sp.sympify, key[1] if isinstance(key[1], tuple) else (key[1],))))):
        if isinstance(key, sp.Symbol):
            if key in claim.free and key in point.values and key not in found:
                found[key] = exact(evaluator, point.values[key])
        elif key in point.functions:
            names, formula, _ = point.functions[key]
            plain = [sp.Symbol(name.name) for name in names]
            found[key[0]] = Lambda(tuple(plain), formula.xreplace(dict(zip(names, plain, strict=True))))
        else:
            base, subscripts = key
            found[base[subscripts]] = exact(evaluator, point.entries.get(key, QQ(0)))
    agreeing = evaluator.field.digits(evaluator.field.lift(lhs), evaluator.field.lift(rhs))
    found["left"], found["right"] = (exact(evaluator, side, max(15, agreeing + 10)) for side in (lhs, rhs))
    return found


def exact(evaluator, value, digits=15):
    value = primal(value)
    if isinstance(value, EXACT):
        return Rational(int(value.numerator), int(value.denominator))
    return evaluator.field.to_sympy(evaluator.field.lift(value), digits)
