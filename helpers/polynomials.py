"""Polynomials over numbered atoms, as plain dicts.

A polynomial is `{monomial: coefficient}` with rational coefficients; a monomial is a sorted tuple of pairs
(atom, exponent), where exponents may be negative or fractional, so that 1/Z and √p are monomials too.
What the atoms stand for is told in `atoms`.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from sympy import QQ, factorint

UNIT = ()  # the empty monomial


def key(poly):
    """A polynomial as a hashable, ordered value."""
    return tuple(sorted(poly.items(), key=lambda term: term[0]))


def add(p, q, factor=1):
    total = dict(p)
    for monomial, coefficient in q.items():
        value = total.get(monomial, 0) + coefficient * factor
        if value:
            total[monomial] = value
        else:
            total.pop(monomial, None)
    return total


def whole(exponent):
    return int(exponent) if exponent.denominator == 1 else exponent


def rational(exponent):
    """An exponent as a coefficient."""
    return QQ(Fraction(exponent).numerator, Fraction(exponent).denominator)


def merge(m, n):
    """The product of two monomials, before any simplification."""
    exponents = dict(m)
    for atom, exponent in n:
        value = whole(Fraction(exponents.get(atom, 0) + exponent))
        if value:
            exponents[atom] = value
        else:
            exponents.pop(atom, None)
    return tuple(sorted(exponents.items()))


def constant(value):
    return {UNIT: QQ(value)} if value else {}


def value_of(poly):
    """The rational number a constant polynomial stands for, else None."""
    if not poly:
        return QQ(0)
    return poly[UNIT] if len(poly) == 1 and UNIT in poly else None


def primitive(u):
    """u divided by the positive content of its coefficients."""
    scale = lcm(*(int(c.denominator) for c in u.values()))
    divisor = gcd(*(int(c * scale) for c in u.values()))
    return {m: c * scale / divisor for m, c in u.items()}


def prime_factors(c):
    """Prime factors of a positive rational with exponents; a large cofactor stays as it is."""
    for number, sign in ((c.numerator, 1), (c.denominator, -1)):
        for prime, exponent in factorint(int(number), limit=10**5).items():
            yield prime, sign * exponent
