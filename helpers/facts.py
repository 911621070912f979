"""Points at which given facts hold: one number per equation is moved until it does.

The equations are solved by Newton's method with the derivatives of `points`; rational roots come out exact.
"""

from __future__ import annotations

import random

import mpmath
import sympy as sp
from sympy import QQ

from .balls import EXACT, Dual, Indeterminate, Undefined, is_zero, primal

EXACT_STEPS = 3  # of Newton's method; a linear equation takes one
ORDERS = (  # in which the numbers of an equation are asked to move, at every fourth point
    lambda keys, source: reversed(keys),
    lambda keys, source: keys,
    *2 * [lambda keys, source: source.sample(keys, len(keys))],
)


def satisfy(evaluator, point, left, right, fact, number):
    """Change one number per equation so that a given fact holds at this point, for all its indices.

    Of the numbers in an equation the last that can be moved is, or the first, or any: by the `number` of the point.
    """
    source = random.Random(f"facts {number}")
    for values in assignments(fact, point):
        before = dict(point.values)
        point.values.update(values)
        try:
            if not assign(evaluator, point, left, right, fact):
                solve(evaluator, point, left, right, fact, ORDERS[number % len(ORDERS)], source)
        finally:
            for name in values:
                point.values.pop(name, None)
                if name in before:
                    point.values[name] = before[name]


def assignments(fact, point):
    """All values of the indices for which the fact is to hold."""
    found = [{}]
    for index in fact.universal:
        low, high = fact.indices[index]
        extended = []
        for values in found:
            known = {s: sp.Integer(int(v)) for s, v in {**point.values, **values}.items()
                     if isinstance(v, EXACT) and v.denominator == 1}
            ends = [-1 if low == -sp.oo else low.subs(known), 6 if high == sp.oo else high.subs(known)]
            extended += [{**values, index: QQ(n)} for n in range(int(ends[0]), int(ends[1]) + 1)]
        found = extended
    return found


def assign(evaluator, point, left, right, fact):
    """Where one side is a symbol or an entry, give it the value of the other side, if it may be changed."""
    for side, closure, other in ((fact.lhs, left, right), (fact.rhs, right, left)):
        if hasattr(side, "law") or not isinstance(side, sp.Symbol | sp.Indexed):
            continue
        point.memo.clear()
        point.used.clear()
        closure(point)
        key = list(point.used)[-1]
        point.used.clear()
        value = other(point)
        if key in point.frozen or key in point.used or not changeable(key, point, evaluator.integers):
            continue
        what = key if isinstance(key, sp.Symbol) else key[0]
        if stays_allowed(evaluator, fact, what, value):
            table = point.values if isinstance(key, sp.Symbol) else point.entries
            table[key] = value
            point.frozen.update({key, *(used for used in point.used if changeable(used, point, evaluator.integers))})
            return True
    return False


def solve(evaluator, point, left, right, fact, order, source):
    def residual():
        point.memo.clear()
        return evaluator.add(left(point), evaluator.neg(right(point)))

    point.used.clear()
    value = residual()
    touched = [key for key in point.used if changeable(key, point, evaluator.integers)]
    if is_zero(value):
        point.frozen.update(touched)
        return
    for key in order(touched, source):
        if key in point.frozen:
            continue
        table = point.values if isinstance(key, sp.Symbol) else point.entries
        start = table[key]
        for step_number in range(60):
            if step_number == EXACT_STEPS:  # a root that is not rational: the fractions would double each time
                table[key] = evaluator.field.lift(table[key])
            evaluator.level += 1
            table[key] = Dual(evaluator.level, table[key], QQ(1))
            point.overrides = (evaluator.level,)
            slanted = residual()
            table[key], point.overrides = table[key].value, ()
            if not isinstance(slanted, Dual) or is_zero(slanted.slope):
                break
            try:
                step = primal(evaluator.divide(slanted.value, slanted.slope))
                table[key] = evaluator.add(table[key], evaluator.neg(step))
            except (Undefined, Indeterminate):
                break
            value = residual()
            if is_zero(value) or not isinstance(value, EXACT) and all(settled(evaluator, x) for x in (value, step)):
                if not is_zero(value):
                    root, table[key] = table[key], simple(evaluator, table[key])
                    if not is_zero(residual()):
                        table[key] = blurred(evaluator, root)
                what = key if isinstance(key, sp.Symbol) else key[0]
                if stays_allowed(evaluator, fact, what, table[key]):
                    point.frozen.update(touched)
                    return
                break
        table[key] = start
    raise Undefined


def changeable(key, point, integers):
    """Numbers may be changed; sizes, indices and functions may not."""
    if isinstance(key, sp.Symbol):  # one that is bound, by a sum or a function, has no value now
        return key in point.values and key not in integers and not key.is_integer
    return key in point.entries


def settled(evaluator, value):
    magnitude = evaluator.field.magnitude(evaluator.field.lift(value))
    return evaluator.field.digits(magnitude, evaluator.field.lift(QQ(0))) > 45


def simple(evaluator, value):
    """The quarter next to a root: 0 and 1 are found exactly."""
    middle = evaluator.field.to_mpmath(evaluator.field.lift(value))
    return QQ(int(mpmath.nint(4 * middle.real)), 4)


def blurred(evaluator, value):
    """A root found by Newton's method, with the error it may have."""
    value = evaluator.field.lift(value)
    middle = evaluator.field.to_mpmath(value)
    return evaluator.field.approximate(middle, (1 + abs(middle)) * mpmath.mpf(10) ** -38)


def stays_allowed(evaluator, fact, what, value):
    """Whether a solved value satisfies the sign and the range of its symbol, if it has any."""
    limits = fact.intervals.get(what, ())
    if not (limits or what.is_positive or what.is_negative or what.is_nonnegative):
        return True
    try:
        sign = evaluator.sign(value)
        for limit, side in zip(limits, (1, -1), strict=False):
            if limit.is_Rational and evaluator.sign(
                    evaluator.add(value, QQ(-int(limit.p), int(limit.q)))) != side:
                return False
    except (Undefined, Indeterminate):
        return False
    return not (what.is_positive and sign <= 0 or what.is_negative and sign >= 0 or what.is_nonnegative and sign < 0)
