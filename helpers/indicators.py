"""Indicators: conditions as atoms with the values 0 and 1.

delta(u) = [u = 0] and step(u) = [u ≥ 0] for integer u, zero(u) = [u = 0] and positive(u) = [u > 0] for real
u. Every range of a sum is a product of steps, so that indicators are where the sizes come in.
"""

from __future__ import annotations

from contextlib import contextmanager
from math import gcd, lcm

from sympy import QQ

from .atoms import IDEMPOTENT, Atoms
from .errors import Unsupported
from .polynomials import UNIT, add, constant, key, primitive, value_of


class Indicators(Atoms):
    """Atoms with indicators, and with what the ranges of symbols say about them."""

    # -------------------------------------------------------------  ranges
    def assume_integer(self, symbol, low=None, high=None):
        """The symbol stands for integers from low to high, polynomials or None; the number of its atom."""
        number = self.symbol(symbol)
        self.integers.add(number)
        self.bounds[number] = low, high
        return number

    def assume_nonnegative(self, affine):
        """The affine polynomial is not negative, as a range that is not empty tells."""
        if self.free(affine):
            self.domain.append(affine)

    def assume_positive(self, u):
        """The polynomial is positive, as an interval tells of p and of 1 - p."""
        (m, c), *others = u.items()
        if not others and c > 0 and len(m) == 1 and m[0][1] == 1:
            self.atoms[m[0][0]].sign = True
        self.known_positive.add(key(primitive(u)))

    @contextmanager
    def assuming_zero(self, indicator):
        """Within the block this indicator is 0; what contains it has to be built anew."""
        before = self.vanished, self.tidied, self.settled
        self.vanished, self.tidied, self.settled = self.vanished | {self.atoms[indicator].data}, {}, {}
        try:
            yield
        finally:
            self.vanished, self.tidied, self.settled = before

    def at_least(self, affine, least, facts=(), depth=2):
        """Whether affine >= least follows from the ranges of the symbols and the facts >= 0."""
        lowest = self.lowest(affine)
        if lowest is not None and lowest >= least:
            return True
        if not depth:
            return False
        free = self.free(affine)
        for fact in (*facts, *self.domain):
            if free & self.free(fact):
                difference = add(affine, fact, -1)
                if sum(abs(c) for m, c in difference.items() if m) <= sum(abs(c) for m, c in affine.items() if m):
                    if self.at_least(difference, least, facts, depth - 1):
                        return True
        return False

    def lowest(self, affine):
        """A lower bound of an affine polynomial from the ranges of its symbols, or None."""
        affine = dict(affine)
        for _ in range(12):
            terms = [(m[0][0], c) for m, c in affine.items() if m]
            if not terms:
                return affine.get(UNIT, QQ(0))
            if any(len(m) != 1 or m[0][1] != 1 for m in affine if m):
                return None
            ranged = [t for t in terms if t[0] in self.bounds]
            if not ranged:
                return None
            # first the indices, then the sizes their ranges depend on
            limits = {a: frozenset().union(*(self.free(p) for p in self.bounds[a] if p)) for a, _ in ranged}
            a, c = next((t for t in ranged if not any(t[0] in limits[b] for b, _ in ranged)), ranged[0])
            bound = self.bounds[a][0 if c > 0 else 1]
            if bound is None:
                return None
            del affine[((a, 1),)]
            affine = add(affine, bound, c)
        return None

    # ---------------------------------------------------------  indicators
    def delta(self, u):
        """The indicator of u = 0 for an integer polynomial u."""
        number = value_of(u)
        if number is not None:
            return constant(int(number == 0))
        u = primitive(u)
        if int(u.get(UNIT, 0)) % gcd(*(int(c) for m, c in u.items() if m)):
            return {}
        return self.equation("delta", u)

    def equation(self, kind, u):
        """The atom of u = 0, which is that of -u = 0; 0 where it is assumed not to hold."""
        if u[max(u)] < 0:
            u = add({}, u, -1)
        if key(u) in self.vanished:
            return {}
        return self.tidy(((self.make(kind, key(u), special=True, **self.over(u)), 1),))

    def step(self, u):
        """The indicator of u >= 0 for an integer polynomial u."""
        number = value_of(u)
        if number is not None:
            return constant(int(number >= 0))
        scale = lcm(*(int(c.denominator) for c in u.values()))
        u = {m: c * scale for m, c in u.items()}
        divisor = gcd(*(int(c) for m, c in u.items() if m))
        floor = int(u.get(UNIT, QQ(0))) // divisor
        u = {m: c / divisor for m, c in u.items() if m} | ({UNIT: QQ(floor)} if floor else {})
        linear = {m: c for m, c in u.items() if m}
        if not any(self.atoms[a].kind in ("var", "bound") for a in self.free(u)):
            opposite = key(add({}, linear, -1))
            if self.orientation.setdefault(("step", min(key(linear), opposite)), key(linear)) == opposite:
                return add(constant(1), self.step(add(add({}, u, -1), constant(1), -1)), -1)
            u, extra = self.shifted_step(linear, u.get(UNIT, QQ(0)), ("free", key(linear)))
        else:
            extra = {}
        atom = self.make("step", key(u), special=True, **self.over(u))
        return add(self.tidy(((atom, 1),)), extra)

    def shifted_step(self, linear, offset, family):
        """[linear + offset >= 0] by way of the first offset met in this family, and the deltas between."""
        first = self.offsets.setdefault(family, offset)
        extra = {}
        if abs(offset - first) > 30:
            first = offset
        low, high, sign = (first, offset, 1) if offset > first else (offset, first, -1)
        for t in range(int(low) + 1, int(high) + 1):
            extra = add(extra, self.delta(add(linear, constant(t))), sign)
        return add(linear, constant(first)), extra

    def zero(self, u):
        """The indicator of u = 0 for a real polynomial u."""
        number = value_of(u)
        if number is not None:
            self.away_from_kinks(number)
            return constant(int(number == 0))
        if self.is_integer(primitive(u)):
            return self.delta(primitive(u))
        u = self.without_positive_factors(u)
        if self.is_positive(u) or self.is_positive(add({}, u, -1)):
            return {}
        return self.equation("zero", u)

    def positive(self, u):
        """The indicator of u > 0 for a real polynomial u."""
        number = value_of(u)
        if number is not None:
            self.away_from_kinks(number)
            return constant(int(number > 0))
        if not self.is_real(u):
            raise Unsupported("an order between complex numbers")
        u = self.without_positive_factors(u)
        if self.is_integer(u):
            return self.step(add(u, constant(1), -1))
        if self.is_positive(u):
            return constant(1)
        if self.is_positive(add({}, u, -1)):
            return {}
        if u[max(u)] < 0:
            opposite = add({}, u, -1)
            return add(add(constant(1), self.positive(opposite), -1), self.zero(opposite), -1)
        return self.tidy(((self.make("positive", key(u), special=True, **self.over(u)), 1),))

    def absolute(self, u):
        """|u| of a real polynomial."""
        return self.mul(u, add(self.mul(constant(2), self.positive(u)), constant(1), -1)) if u else {}

    def away_from_kinks(self, number):
        """A derivative of |u| or max(u, 0) has no value at u = 0."""
        if number == 0 and self.kinked:
            raise Unsupported("a derivative at a kink")

    def without_positive_factors(self, u):
        """u divided by the positive factors that all its terms share: they change no sign."""
        shared = {a: min(dict(m).get(a, 0) for m in u) for n in u for a, _ in n if self.atoms[a].sign}
        inverse = tuple(sorted((a, -e) for a, e in shared.items() if e))
        return primitive(self.mul(u, {inverse: QQ(1)}) if inverse else u)

    # ---------------------------------------------  products of indicators
    def reduce_indicators(self, monomial):
        """Drop indicators that follow from others; 0 if they exclude each other; else None."""
        indicators = tuple(a for a, _ in monomial if self.atoms[a].kind in IDEMPOTENT)
        if indicators not in self.settled:
            self.settled[indicators] = self.settle(indicators)
        redundant = self.settled[indicators]
        if redundant is None:
            return None
        return {} if redundant == "exclude" else self.retidy(monomial, redundant, constant(1))

    def settle(self, indicators):
        """An indicator that follows from the others; "exclude" if they exclude each other; else None."""
        steps = [dict(self.atoms[a].data) for a in indicators if self.atoms[a].kind == "step"]
        for a in indicators:
            atom = self.atoms[a]
            u = dict(atom.data)
            if atom.kind == "step":
                others = [s for s in steps if s != u]
                if self.at_least(u, 0, others):
                    return a
                if self.at_least(add({}, u, -1), 1, others):
                    return "exclude"
            elif atom.kind == "delta":
                if self.at_least(u, 1, steps) or self.at_least(add({}, u, -1), 1, steps):
                    return "exclude"
            elif atom.kind in ("positive", "zero"):
                family, value = self.threshold(u)
                for b in indicators:
                    other = self.atoms[b]
                    if b == a or other.kind not in ("positive", "zero"):
                        continue
                    relatives, known = self.threshold(dict(other.data))
                    if relatives != family:
                        continue
                    if atom.kind == "positive" and known > value:
                        return a  # v > 2 or v = 2 says that v > 1
                    if other.kind == "zero" and known <= value:
                        return "exclude"  # v = 1 against v > 1, or against v = 2
        return None

    def threshold(self, u):
        """u > 0 as v > t: the direction v, scaled to the leading coefficient 1, and the number t."""
        lead = u[max(u)]
        return key({m: c / lead for m, c in u.items() if m}), -u.get(UNIT, QQ(0)) / lead

    def solve(self, poly, nested=True):
        """A variable of the affine equation poly = 0 and its value, or None."""
        best = None
        for m, c in poly.items():
            if len(m) == 1 and m[0][1] == 1:
                a = m[0][0]
                if nested and (abs(c) != 1 or self.atoms[a].kind not in ("var", "bound", "sym")):
                    continue
                if any(a == b or a in self.atoms[b].free for n in poly if n != m for b, _ in n):
                    continue
                rank = self.rank(a)
                if best is None or rank > best[0]:
                    best = rank, a, m, c
        if best is None:
            return None
        _, a, m, c = best
        return a, {n: -d / c for n, d in poly.items() if n != m}

    def rank(self, number):
        """Which variable an equation is solved for: bound before indices before sizes."""
        atom = self.atoms[number]
        if atom.kind == "var":
            return (3, number, "")
        if atom.kind == "sym":
            ranged = number in self.bounds and self.bounds[number][1] is not None
            return (2 if ranged else 1, 0, str(atom.data))
        return (0, number, "")
