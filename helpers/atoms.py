"""Atoms: what the polynomials of the normal form are made of.

An atom is something the algebra does not take apart any further: a symbol, an entry x[i], e^m, log q,
δ(i, j), a sum. Atoms are numbered; two atoms are equal exactly if their numbers are.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import QQ
from sympy import I as ImaginaryUnit

from .polynomials import UNIT, add, constant, key, merge, primitive

IDEMPOTENT = {"delta", "step", "positive", "zero"}


@dataclass(slots=True, eq=False)
class Atom:
    kind: str
    data: tuple
    free: frozenset = frozenset()  # numbers of the symbols and bound variables inside
    height: int = 0  # bound names 0 … height-1 are used inside
    real: bool = True
    sign: bool = False  # known to be positive
    special: bool = False


class Atoms:
    """A table of atoms, what is known about them, and products of polynomials."""

    def __init__(self, budget):
        self.budget = budget
        self.atoms: list[Atom] = []
        self.numbers: dict = {}
        self.tidied: dict = {}
        self.bounds: dict = {}  # symbol or index number -> (lower, upper), affine polynomials or None
        self.integers: set = set()  # symbols known to be integers: sizes and indices
        self.known_positive: set = set()  # polynomials that a range makes positive, such as 1 - p
        self.domain: list = []  # affine polynomials known to be >= 0
        self.vanished: frozenset = frozenset()  # indicators assumed to be 0
        self.orientation: dict = {}  # which of u, -u was met first, per kind of indicator
        self.offsets: dict = {}
        self.patterns: list = []  # given facts: (atom, power, its universal indices, value)
        self.fresh_names = 0
        self.factored: dict = {}
        self.settled: dict = {}
        self.kinked = False  # whether something with a kink was differentiated

    def make(self, kind, data, free=frozenset(), **properties):
        identity = (kind, data)
        number = self.numbers.get(identity)
        if number is None:
            number = len(self.atoms)
            self.atoms.append(Atom(kind, data, frozenset(free), **properties))
            self.numbers[identity] = number
        return number

    def poly(self, number, exponent=1):
        return {((number, exponent),): QQ(1)}

    def built(self, number, exponent=1):
        """The polynomial of an atom just made, which a given fact may know."""
        return self.tidy(((number, exponent),)) if self.patterns else self.poly(number, exponent)

    def symbol(self, name):
        """The atom of a SymPy symbol or constant."""
        number = self.numbers.get(("sym", name))
        if number is None:
            number = len(self.atoms)
            self.make("sym", name, {number}, sign=bool(name.is_positive),
                      real=bool(name.is_real) or name.is_real is None and name.is_complex is None,
                      special=name == ImaginaryUnit)
        return number

    def fresh(self):
        """A new bound variable."""
        self.fresh_names += 1
        number = len(self.atoms)
        return self.make("var", self.fresh_names, {number})

    def bound(self, position):
        """The canonical name of a bound variable inside a closed sum."""
        number = len(self.atoms)
        known = self.numbers.get(("bound", position))
        return known if known is not None else self.make("bound", position, {number}, height=position + 1)

    # ------------------------------------------------------  what is known
    def free(self, poly):
        atoms = self.atoms
        return frozenset().union(*(atoms[a].free for m in poly for a, _ in m)) if poly else frozenset()

    def height(self, poly):
        return max((self.atoms[a].height for m in poly for a, _ in m), default=0)

    def is_real(self, poly):
        """Whether real numbers in it make it real: no root of what may be negative."""
        return all(self.atoms[a].real and (isinstance(e, int) or self.atoms[a].sign) for m in poly for a, e in m)

    def over(self, *polys, **properties):
        """Properties that an atom inherits from the polynomials inside it."""
        inherited = {"free": frozenset().union(*map(self.free, polys)),
                     "height": max(map(self.height, polys), default=0),
                     "real": all(map(self.is_real, polys))}
        return inherited | properties

    def is_positive(self, poly):
        if not poly:
            return False
        if all(c > 0 and self.is_positive_monomial(m) for m, c in poly.items()) or (
                self.known_positive and key(primitive(poly)) in self.known_positive):
            return True
        if poly.get(UNIT, 0) > 0 and self.is_nonnegative(poly):
            return True
        if len(poly) > 1 and any(self.atoms[a].kind == "base" and e < 0 for m in poly for a, e in m):
            c, m, q = self.normalize(poly)  # such as 1 - 1/(1 + x) = x/(1 + x)
            return c > 0 and self.is_positive_monomial(m) and all(
                d > 0 and self.is_positive_monomial(n) for n, d in q.items())
        return False

    def is_positive_monomial(self, monomial):
        return all(self.atoms[a].sign for a, _ in monomial)

    def is_nonnegative(self, poly):
        return all(c > 0 and all(self.atoms[a].sign or self.atoms[a].kind in IDEMPOTENT
                                 or self.atoms[a].real and isinstance(e, int) and e % 2 == 0 for a, e in m)
                   for m, c in poly.items())

    def is_integer(self, poly):
        return all(c.denominator == 1 and all(isinstance(e, int) and e > 0 and self.is_integer_atom(a) for a, e in m)
                   for m, c in poly.items())

    def is_integer_atom(self, number):
        atom = self.atoms[number]
        if atom.kind == "sym":
            return number in self.integers or atom.data.is_integer is True
        return atom.kind in ("var", "bound") or atom.kind in IDEMPOTENT

    # -----------------------------------------------------------  products
    def mul(self, p, q):
        self.budget.check()
        if len(p) == 1 and UNIT in p:
            return {m: c * p[UNIT] for m, c in q.items()}
        if len(q) == 1 and UNIT in q:
            return {m: c * q[UNIT] for m, c in p.items()}
        total, atoms = {}, self.atoms
        for count, (m, c) in enumerate(p.items()):
            if not count & 63:
                self.budget.check()
            special = any(atoms[a].special for a, _ in m)
            for n, d in q.items():
                product = merge(m, n)
                if special or self.patterns or any(atoms[a].special for a, _ in n):
                    for monomial, coefficient in self.tidy(product).items():
                        value = total.get(monomial, 0) + c * d * coefficient
                        if value:
                            total[monomial] = value
                        else:
                            total.pop(monomial, None)
                    continue
                value = total.get(product, 0) + c * d
                if value:
                    total[product] = value
                else:
                    del total[product]
        return total

    def product(self, polys):
        total = constant(1)
        for poly in polys:
            total = self.mul(total, poly)
        return total

    def raised(self, poly, exponent):
        """poly ** exponent for a nonnegative integer."""
        total = constant(1)
        while exponent:
            if exponent & 1:
                total = self.mul(total, poly)
            exponent >>= 1
            if exponent:
                poly = self.mul(poly, poly)
        return total

    def mul_raw(self, p, q):
        """The product without simplifying products of atoms."""
        total = {}
        for m, c in p.items():
            self.budget.check()
            for n, d in q.items():
                total = add(total, {merge(m, n): c * d})
        return total

    def tidy(self, monomial):
        """The monomial, simplified: a polynomial."""
        done = self.tidied.get(monomial)
        if done is None:
            self.budget.check()
            done = self.tidied[monomial] = self.simplified(monomial)
        return done

    def simplified(self, monomial):
        raise NotImplementedError

    def retidy(self, monomial, atom, replacement):
        rest = tuple((a, e) for a, e in monomial if a != atom)
        return self.mul(self.tidy(rest), replacement) if rest else replacement
