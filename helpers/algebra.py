"""The normal form of polynomials over atoms: products simplified, facts used, symbols replaced.

This module and those below it know nothing of SymPy's trees; `sums` adds sums, `calculus` derivatives,
`reader` SymPy.
"""

from __future__ import annotations

from contextlib import contextmanager
from fractions import Fraction
from itertools import product as tuples

from sympy import QQ
from sympy import I as ImaginaryUnit

from .atoms import IDEMPOTENT
from .errors import Unsupported
from .polynomials import UNIT, add, constant, key, whole
from .powers import Powers


class Algebra(Powers):
    """Polynomials over atoms, simplified."""

    def simplified(self, monomial):
        for rewrite in (self.rewrite_powers, self.use_facts, self.use_equations, self.reduce_indicators, self.divide):
            polynomial = rewrite(monomial)
            if polynomial is not None:
                return polynomial
        return {monomial: QQ(1)}

    # Each of the rewrites below returns a simpler polynomial, or None where it does not apply.

    def rewrite_powers(self, monomial):
        """Powers that have a simpler form: [u = 0]² = [u = 0], (√2)² = 2, i² = -1, (1 + x)² expanded."""
        for a, e in monomial:
            rewrite = POWERS.get(self.atoms[a].kind)
            value = rewrite(self, a, e) if rewrite else None
            if value is not None:
                return self.retidy(monomial, a, value)
        return None

    def power_of_indicator(self, a, e):
        if e < 0:
            raise Unsupported("division by an indicator")
        return self.poly(a) if e != 1 else None

    def power_of_prime(self, a, e):
        if 0 < e < 1:
            return None
        floor, rest = self.whole_part(e)
        return {((a, rest),) if rest else UNIT: QQ(self.atoms[a].data) ** floor}

    def power_of_symbol(self, a, e):
        if self.atoms[a].data != ImaginaryUnit or e == 1 or not isinstance(e, int):
            return None
        return {0: constant(1), 1: self.poly(a), 2: constant(-1), 3: {((a, 1),): QQ(-1)}}[e % 4]

    def power_of_power(self, a, e):
        """((-1)^t)^2 = 1."""
        if self.atoms[a].data[0] != key(constant(-1)) or not isinstance(e, int) or e in (0, 1):
            return None
        return self.poly(a) if e % 2 else constant(1)

    def power_of_sum(self, a, e):
        if e < 1:
            return None
        floor, rest = self.whole_part(e)
        return self.mul({((a, rest),) if rest else UNIT: QQ(1)}, self.raised(dict(self.atoms[a].data), floor))

    @staticmethod
    def whole_part(exponent):
        floor = exponent.__floor__()
        return floor, whole(Fraction(exponent) - floor)

    def use_facts(self, monomial):
        """A power that a given fact knows."""
        if not self.patterns:
            return None
        steps = [dict(self.atoms[b].data) for b, _ in monomial if self.atoms[b].kind == "step"]
        for a, e in monomial:
            known = self.known(a, e, steps)
            if known:
                power, value = known
                return self.retidy(monomial, a, self.mul({((a, e - power),) if e != power else UNIT: QQ(1)}, value))
        return None

    def use_equations(self, monomial):
        """[i = j] x[i] = [i = j] x[j], and [x = y] x = [x = y] y."""
        for a, _ in monomial:
            kind = self.atoms[a].kind
            if kind not in ("delta", "zero"):
                continue
            solved = self.solve(dict(self.atoms[a].data), nested=kind == "delta")
            if not solved:
                continue
            pivot, value = solved
            rest = tuple((b, f) for b, f in monomial if b != a)
            if kind == "delta" and any(pivot in self.atoms[b].free for b, _ in rest):
                return self.mul(self.poly(a), self.substitute({rest: QQ(1)}, {pivot: value}))
            power = dict(rest).get(pivot, 0)
            quotient = any(f < 0 for _, f in rest)  # [x = 0] x/x stays: on the other side of a case it is 0
            if kind == "zero" and isinstance(power, int) and power > 0 and not quotient:
                others = {tuple((b, f) for b, f in rest if b != pivot): QQ(1)}
                return self.product([self.poly(a), self.raised(value, power), others])
        return None

    def divide(self, monomial):
        """x/(1 + x) = 1 - 1/(1 + x)."""
        for a, e in monomial:
            if self.atoms[a].kind == "base" and e < 0:
                divided = self.partial_fraction(monomial, a, e)
                if divided is not None:
                    return divided
        return None

    # --------------------------------------------------------  given facts
    def known(self, number, exponent, facts):
        """(power, value) if a given fact says what a power of this atom is, else None."""
        atom = self.atoms[number]
        for pattern, power, indices, value in self.patterns:
            if not isinstance(exponent, int) or exponent < power or self.atoms[pattern].kind != atom.kind:
                continue
            swapped = power == 1 and self.is_renaming(pattern, value)
            for choice in tuples(self.subscripts(number), repeat=len(indices)):
                values = {index: dict(value) for (index, _, _), value in zip(indices, choice, strict=True)}
                with self.without_facts():
                    instance = self.substitute(self.poly(pattern), values)
                if instance == self.poly(number) and all(
                        self.within(values[index], low, high, values, facts) for index, low, high in indices):
                    if swapped:  # a symmetry such as A[i, j] = A[j, i] is used in one direction only
                        with self.without_facts():
                            other = self.substitute(value, values)
                        if max(max(other))[0] >= number:
                            continue
                    replacement = self.substitute(value, values)
                    return power, replacement
        return None

    def subscripts(self, number):
        """What the indices of a given fact may stand for in this atom."""
        return [key(self.poly(name)) for name in sorted(self.atoms[number].free)]

    def is_renaming(self, pattern, value):
        """Whether a fact says that an entry equals the one with its subscripts in another order."""
        atom = self.atoms[pattern]
        if atom.kind != "entry" or len(value) != 1:
            return False
        (m, c), = value.items()
        other = self.atoms[m[0][0]] if c == 1 and len(m) == 1 and m[0][1] == 1 else atom
        return other != atom and other.kind == "entry" and sorted(other.data[1:]) == sorted(atom.data[1:]) and (
            other.data[0] == atom.data[0])

    @contextmanager
    def without_facts(self):
        """Build formulas as they stand, not using given facts."""
        before = self.patterns, self.tidied
        self.patterns, self.tidied = [], {}
        try:
            yield
        finally:
            self.patterns, self.tidied = before

    def within(self, u, low, high, values, facts):
        """Whether low <= u <= high is certain; the limits may depend on the indices in `values`."""
        return (low is None or self.at_least(add(u, self.substitute(low, values), -1), 0, facts)) and (
            high is None or self.at_least(add(self.substitute(high, values), u, -1), 0, facts))

    def with_facts(self, poly):
        """The polynomial built anew, so that the given facts take effect everywhere."""
        return self.substitute(poly, {}, rebuild=True)

    # -------------------------------------------------------  substitution
    def substitute(self, poly, values, rebuild=False):
        """Replace symbols and bound variables by polynomials, everywhere."""
        if not (rebuild or self.free(poly) & values.keys()):
            return poly
        total = {}
        for m, c in poly.items():
            factors = [{UNIT: c}]
            same = []
            for a, e in m:
                if self.atoms[a].kind == "exp" and (rebuild or self.atoms[a].free & values.keys()):
                    inside = {self.atoms[a].data: QQ(e.numerator, e.denominator)}  # no root is drawn of a complex e^m
                    factors.append(self.exp(self.substitute(inside, values, rebuild)))
                elif rebuild or self.atoms[a].free & values.keys():
                    replaced = self.substitute_atom(a, values, rebuild)
                    factors.append(self.power(replaced, e) if e != 1 else replaced)
                else:
                    same.append((a, e))
            if same:
                factors.append(self.tidy(tuple(same)))
            total = add(total, self.product(factors))
        return total

    def without(self, poly, indicator):
        """The polynomial where the indicator is 0, everywhere."""
        with self.assuming_zero(indicator):
            # substituting every symbol of the indicator by itself rebuilds all atoms that contain it
            rebuilt = self.substitute(poly, {a: self.poly(a) for a in self.atoms[indicator].free})
        return {m: c for m, c in rebuilt.items() if all(a != indicator for a, _ in m)}

    def substitute_atom(self, number, values, rebuild):
        if number in values:
            return values[number]
        atom = self.atoms[number]
        if atom.kind in ("sym", "var", "bound", "prime"):
            return self.tidy(((number, 1),))
        parts = atom.data
        if atom.kind == "pow":
            return self.symbolic_power(*(self.substitute(dict(part), values, rebuild) for part in parts))
        if atom.kind == "base":
            return self.substitute(dict(parts), values, rebuild)
        if atom.kind in ("log", "delta", "step", "positive", "zero"):
            return getattr(self, atom.kind)(self.substitute(dict(parts), values, rebuild))
        return self.rebuild(atom, values, rebuild)

    def rebuild(self, atom, values, rebuild):
        raise NotImplementedError(atom.kind)


POWERS = dict.fromkeys(IDEMPOTENT, Algebra.power_of_indicator) | {
    "prime": Algebra.power_of_prime,
    "sym": Algebra.power_of_symbol,
    "pow": Algebra.power_of_power,
    "base": Algebra.power_of_sum,
}
