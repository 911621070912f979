"""The normal form has the value of the formula it was read from, at generic points.

`Meaning` evaluates normal forms from what the kinds of atoms are documented to mean; oracle.py evaluates
the formula itself. Orders, kinks, roots and thresholds are drawn here, which the pairs of grammar.py lack.
"""

import random

import oracle
import pytest
from sympy import (
    Abs,
    Heaviside,
    IndexedBase,
    KroneckerDelta,
    Max,
    Min,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    ceiling,
    exp,
    floor,
    log,
    oo,
    sign,
    symbols,
    tanh,
    zoo,
)
from sympy import I as imaginary_unit
from sympy import nan as not_a_number

from helpers.budget import Budget
from helpers.claim import Claim
from helpers.errors import OutOfTime, Unsupported
from helpers.prover import prepared

MANY = oracle.digits(300)  # e^(e^5) - e^(e^5) + 1 is 1
a, b = symbols("a b", real=True)
p = Symbol("p", positive=True)
K = Symbol("K", integer=True, positive=True)
i, j = symbols("i j", integer=True)
x, w = IndexedBase("x"), IndexedBase(Symbol("w", positive=True))
WHERE = {i: (1, K), j: (1, K), K: (1, 4)}


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


class Formulas:
    """Random formulas; `kinds` are the ways to make a larger one."""

    def __init__(self, seed, kinds):
        self.rng, self.kinds, self.count = random.Random(seed), kinds, 0

    def index(self, scope):
        return self.rng.choice([i, j, K, *scope]) + self.rng.choice([0, 0, 0, 1, -1])

    def condition(self, scope, depth):
        left, right = ((self.index(scope), self.index(scope)) if self.rng.random() < 0.6 else
                       (self.make(scope, depth - 1), self.make(scope, depth - 1)))
        return self.rng.choice([left < right, left <= right, left > right])

    def thresholds(self, v):
        signs = (self.rng.choice([1, 2, -1]) * v - Rational(self.rng.randint(-3, 3), 2) for _ in range(2))
        return Heaviside(next(signs), 0) * Heaviside(next(signs), 0)

    def make(self, scope=(), depth=3):
        rng = self.rng
        if depth <= 0:
            return rng.choice([a, b, p, x[self.index(scope)], w[self.index(scope)], self.index(scope),
                               Rational(rng.randint(-3, 3), 2)])
        part = lambda: self.make(scope, depth - 1)
        kind = rng.choice(self.kinds)
        if kind == "sum":
            self.count += 1
            k = Symbol(f"k{self.count}", integer=True)
            low, high = rng.choice([1, i, j, 0]), rng.choice([K, K - 1, j, K + 1])
            return Sum(self.make((*scope, k), depth - 1), (k, low, high))
        return {
            "add": lambda: part() + part(), "subtract": lambda: part() - part() / 2,
            "multiply": lambda: part() * part(),
            "divide": lambda: part() / part(), "power": lambda: part() ** rng.choice([2, 3, -1, -2]),
            "root": lambda: part() ** Rational(rng.choice([1, -1, 3]), rng.choice([2, 3])), "exp": lambda: exp(part()),
            "log": lambda: log(part()), "tanh": lambda: tanh(part()), "abs": lambda: Abs(part()),
            "max": lambda: rng.choice([Max, Min])(part(), part()), "sign": lambda: sign(part()),
            "jump": lambda: Heaviside(part(), 0), "thresholds": lambda: self.thresholds(part()),
            "floor": lambda: floor(part()),
            "delta": lambda: KroneckerDelta(self.index(scope), self.index(scope)) * part(),
            "cases": lambda: Piecewise((part(), self.condition(scope, depth)), (part(), True)),
        }[kind]()


KINDS = {
    "orders": "add subtract multiply divide power root exp log tanh abs max sign jump thresholds cases floor".split(),
    "ranges": "add subtract multiply delta cases cases sum sum sum max abs sign jump thresholds".split(),
}


@pytest.mark.parametrize("kinds", KINDS)
def test_the_normal_form_has_the_value_of_the_formula(kinds):
    formulas, compared = Formulas(4, KINDS[kinds]), 0
    while compared < 400:
        try:
            formula = formulas.make(depth=formulas.rng.randint(2, 3))
        except (TypeError, ValueError):
            continue  # SymPy cannot compare complex numbers
        if formula.has(not_a_number, zoo, oo) or formula.is_number:
            continue
        claim = Claim(formula, formula * 0, WHERE)
        reader = prepared(claim, Budget(1))
        try:
            normal = reader.read(formula)
            for seed in range(3):
                point = oracle.random_point(formula, 0, WHERE, seed=seed, ctx=MANY, positive={w.label})
                expected, found = MANY.mpc(point.value(formula)), Meaning(reader, point).poly(normal, {})
                if not MANY.isfinite(found):
                    continue  # log 0 in a case that does not apply
                assert abs(found - expected) <= MANY.mpf(10) ** -60 * (1 + abs(expected)), (formula, point.symbols)
                compared += 1
        except (Unsupported, OutOfTime, TooLarge, ZeroDivisionError, ValueError, OverflowError,
                oracle.Undefined, oracle.Unsupported):
            continue
