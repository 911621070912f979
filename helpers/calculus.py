"""Derivatives of normal forms with respect to symbols and tensor entries.

Bound variables are numbers of their own, so that ∂/∂x_k of Σ_k x_k cannot be captured.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

from sympy import QQ

from .atoms import IDEMPOTENT
from .errors import Unsupported
from .polynomials import add, constant, whole
from .sums import Sums


class ZeroDivisor(Unsupported):
    """A denominator times an indicator of the polynomial is 0."""


class Calculus(Sums):
    """An algebra that can differentiate."""

    def differentiate(self, poly, variable):
        """∂poly/∂variable; the variable is the number of a symbol or of an entry x[i]."""
        total = {}
        for m, c in poly.items():
            self.budget.check()
            for a, e in m:
                inner = self.differentiate_atom(a, variable)
                if inner:
                    lowered = tuple((b, f if b != a else f - 1) for b, f in m if b != a or f != 1)
                    factor = {lowered: c * QQ(e.numerator, e.denominator)}
                    total = add(total, self.mul(inner, factor))
        return total

    def differentiate_atom(self, number, variable):
        atom, target = self.atoms[number], self.atoms[variable]
        if number == variable:
            return constant(1)
        if atom.kind in IDEMPOTENT:
            self.kinked |= atom.kind in ("positive", "zero")
            return {}
        if atom.kind in ("sym", "var", "bound", "prime"):
            return {}
        if atom.kind == "entry":
            if target.kind != "entry" or atom.data[0] != target.data[0] or len(atom.data) != len(target.data):
                return {}
            return self.product(self.delta(add(dict(s), dict(t), -1))
                                for s, t in zip(atom.data[1:], target.data[1:], strict=True))
        if atom.kind == "exp":
            inner = self.differentiate({atom.data: QQ(1)}, variable)
            return self.mul(self.poly(number), inner) if inner else {}
        if atom.kind == "base":
            return self.differentiate(dict(atom.data), variable)
        if atom.kind == "log":
            inner = self.differentiate(dict(atom.data), variable)
            return self.mul(inner, self.power(dict(atom.data), -1)) if inner else {}
        if atom.kind == "pow":
            base, exponent = map(dict, atom.data)
            if self.differentiate(exponent, variable):
                raise Unsupported("the derivative of a power with respect to its exponent")
            inner = self.differentiate(base, variable)
            return self.product([self.poly(number), exponent, inner, self.power(base, -1)]) if inner else {}
        if atom.kind in ("function", "call"):
            skip = 2 if atom.kind == "function" else 1
            total = {}
            for place, argument in enumerate(atom.data[skip:]):
                inner = self.differentiate(dict(argument), variable)
                if inner:
                    total = add(total, self.mul(self.partial(atom, place), inner))
            return total
        if atom.kind == "sum":
            body, names = self.open(atom)
            inner = self.differentiate(body, variable)
            return self.close(names, inner) if inner else {}
        if atom.kind == "product":
            low, high, body, name = self.open_product(atom)
            inner = self.differentiate(body, variable)
            if not inner:
                return {}
            ratio = self.mul(inner, self.power(body, -1))
            return self.mul(self.poly(number), self.sum_over(name, low, high, ratio))
        raise Unsupported(f"the derivative of {atom.kind}")

    def partial(self, atom, place):
        """The derivative of a function atom with respect to its argument number `place`."""
        if atom.kind == "function":
            function, orders, *arguments = atom.data
            orders = tuple(n + (t == place) for t, n in enumerate(orders))
            return self.function(function, orders, [dict(a) for a in arguments])
        function, *arguments = atom.data
        return self.derivative_of_call(function, [dict(a) for a in arguments], place)

    def derivative_of_call(self, function, arguments, place):
        raise NotImplementedError

    # ---------------------------------------------------------------- zero
    def is_zero(self, poly):
        """Whether the polynomial is identically zero, wherever it is defined."""
        try:
            return not self.cleared(poly)
        except ZeroDivisor as divisor:
            indicator = divisor.args[0]
            return self.is_zero(self.without(poly, indicator)) and self.is_zero(self.where(poly, indicator))

    def where(self, poly, indicator):
        """The polynomial where the indicator of an equation is 1."""
        rest = {}
        for m, c in poly.items():
            rest = add(rest, {tuple((a, e) for a, e in m if a != indicator): c})
        solved = self.solve(dict(self.atoms[indicator].data), nested=False)
        return self.substitute(rest, dict([solved])) if solved else rest

    def cleared(self, poly):
        """The polynomial times the powers of sums that stand in its denominators.

        Beside an indicator [q = 0] a factor q would lose what the polynomial is at q = 0.
        """
        poly = dict(poly)
        while poly:
            self.budget.check()
            bases = {}
            for m in poly:
                for a, e in m:
                    if self.atoms[a].kind == "base":
                        bases.setdefault(a, set()).add(e)
            inside = {b for a in bases for m, _ in self.atoms[a].data for b, _ in m}
            clear = next((a for a in sorted(bases, reverse=True) if a not in inside and min(bases[a]) < 0), None)
            if clear is None:
                break
            low, q = min(bases[clear]), dict(self.atoms[clear].data)
            for a in {a for m in poly for a, _ in m if self.atoms[a].kind == "zero"}:
                if not self.mul(self.poly(a), q):
                    raise ZeroDivisor(a)
            total, powers = {}, {}
            for m, c in poly.items():
                gain = Fraction(dict(m).get(clear, 0) - low)
                if gain not in powers:
                    power, rest = self.raised(q, floor(gain)), whole(gain - floor(gain))
                    powers[gain] = self.mul(power, self.base_power(q, rest)) if rest else power
                rest = tuple((a, e) for a, e in m if a != clear)
                total = add(total, self.mul({rest: c}, powers[gain]))
            poly = total
        return poly
