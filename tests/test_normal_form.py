"""The normal form has the value of the formula it was read from, at generic points.

`Meaning` evaluates normal forms from what the kinds of atoms are documented to mean; oracle.py evaluates
the formula itself. Orders, kinks, roots and thresholds are drawn here, which the pairs of grammar.py lack.
"""

import random

import oracle
import pytest
from grammar.formulas import ORDERS, RANGES, Kinked
from grammar.trees import WHERE, K
from sympy import I as imaginary_unit
from sympy import ceiling, floor, oo, zoo
from sympy import nan as not_a_number

from helpers.budget import Budget
from helpers.claim import Claim
from helpers.errors import OutOfTime, Unsupported
from helpers.prover import prepared

MANY = oracle.digits(300)  # e^(e^5) - e^(e^5) + 1 is 1
TRIED = {**WHERE, K: (1, 4)}


class TooLarge(Exception):
    """An exponential beyond the digits."""


class Meaning:
    """The values of normal forms at a point of the oracle."""

    def __init__(self, reader, point):
        self.reader, self.point = reader, point

    def poly(self, poly, bound):
        return sum((MANY.mpf(int(c.numerator)) / int(c.denominator) * self.monomial(m, bound)
                    for m, c in dict(poly).items()), MANY.mpf(0))

    def monomial(self, monomial, bound):
        value = MANY.mpc(1)
        indicators = ("step", "delta", "zero", "positive")
        for number, e in sorted(monomial, key=lambda pair: self.reader.atoms[pair[0]].kind not in indicators):
            power = MANY.mpf(e.numerator) / e.denominator
            atom = self.reader.atoms[number]
            if atom.kind == "exp":
                inside = power * self.monomial(atom.data, bound)
                if abs(inside.real) > 300:
                    raise TooLarge
                value *= MANY.exp(inside)
                continue
            base = MANY.mpc(self.atom(number, atom, bound))
            if base == 0 and power > 0:
                return MANY.mpc(0)  # a range of which the rest lies outside
            value *= base ** int(e) if isinstance(e, int) else MANY.power(base, power)
        return value

    def atom(self, number, atom, bound):
        if number in bound:
            return bound[number]
        data = atom.data
        if atom.kind == "sym":
            return MANY.j if data == imaginary_unit else self.point.value(data)
        if atom.kind == "entry":
            base, *subscripts = data
            return self.point.value(base[tuple(int(MANY.nint(self.poly(s, bound).real)) for s in subscripts)])
        if atom.kind == "sum":
            positions, body = data
            if len(positions) > 1:
                raise Unsupported("a double sum")
            return sum(self.monomial(body, {**bound, positions[0]: n}) for n in range(-9, 10))
        if atom.kind == "log":
            return MANY.log(self.poly(data, bound))
        if atom.kind == "base":
            return self.poly(data, bound)
        if atom.kind == "prime":
            return data
        if atom.kind == "call" and data[0] in (floor, ceiling):
            nudge = MANY.mpf(10) ** -99 * (1 if data[0] == floor else -1)  # e/e is 1
            return getattr(MANY, {floor: "floor", ceiling: "ceil"}[data[0]])(self.poly(data[1], bound).real + nudge)
        u = self.poly(data, bound).real if atom.kind != "call" else None
        signs = {"step": lambda: u > -MANY.mpf(10) ** -99, "delta": lambda: abs(u) < MANY.mpf(10) ** -99,
                 "zero": lambda: abs(u) < MANY.mpf(10) ** -99, "positive": lambda: u > MANY.mpf(10) ** -99}
        if atom.kind not in signs:
            raise Unsupported(atom.kind)
        return int(signs[atom.kind]())


KINDS = {"orders": ORDERS, "ranges": RANGES}


@pytest.mark.parametrize("kinds", KINDS)
def test_the_normal_form_has_the_value_of_the_formula(kinds):
    formulas, compared = Kinked(random.Random(4), KINDS[kinds]), 0
    while compared < 400:
        try:
            formula = formulas.make(depth=formulas.rng.randint(2, 3))
        except (TypeError, ValueError):
            continue  # SymPy cannot compare complex numbers
        if formula.has(not_a_number, zoo, oo) or formula.is_number:
            continue
        claim = Claim(formula, formula * 0, TRIED)
        reader = prepared(claim, Budget(1))
        try:
            normal = reader.read(formula)
            for seed in range(3):
                point = oracle.random_point(formula, 0, TRIED, seed=seed, ctx=MANY)
                expected, found = MANY.mpc(point.value(formula)), Meaning(reader, point).poly(normal, {})
                if not MANY.isfinite(found):
                    continue  # log 0 in a case that does not apply
                assert abs(found - expected) <= MANY.mpf(10) ** -60 * (1 + abs(expected)), (formula, point.symbols)
                compared += 1
        except (Unsupported, OutOfTime, TooLarge, ZeroDivisionError, ValueError, OverflowError,
                oracle.Undefined, oracle.Unsupported):
            continue
