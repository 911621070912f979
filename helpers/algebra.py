"""Polynomials over atoms: the arithmetic underneath the normal form.

A formula is kept as a polynomial `{monomial: coefficient}` with rational coefficients. A monomial is a
sorted tuple of pairs (atom, exponent); exponents may be negative or fractional, so that 1/Z and √p are
monomials too. An atom is something the algebra does not take apart any further: a symbol, an entry
x[i], e^m, log q, δ(i, j), a sum. Atoms are numbered; two atoms are equal exactly if their numbers are.

Indicators are atoms with values 0 and 1: delta(u) = [u = 0] and step(u) = [u ≥ 0] for integer u,
zero(u) = [u = 0] and positive(u) = [u > 0] for real u. Every range of a sum is a product of steps.

This module knows nothing of SymPy's trees; `sums` adds sums, `calculus` derivatives, `reader` SymPy.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product as tuples
from math import gcd, lcm

from sympy import QQ, factorint
from sympy import I as ImaginaryUnit
from sympy.polys.rings import ring

UNIT = ()  # the empty monomial
IDEMPOTENT = {"delta", "step", "positive", "zero"}


class Unsupported(Exception):
    """The normal form has no rule for this expression."""


@dataclass(slots=True, eq=False)
class Atom:
    kind: str
    data: tuple
    free: frozenset = frozenset()  # numbers of the symbols and bound variables inside
    height: int = 0  # bound names 0 … height-1 are used inside
    real: bool = True
    sign: bool = False  # known to be positive
    special: bool = field(default=False)


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


def prime_factors(c):
    """Prime factors of a positive rational with exponents; a large cofactor stays as it is."""
    for number, sign in ((c.numerator, 1), (c.denominator, -1)):
        for prime, exponent in factorint(int(number), limit=10**5).items():
            yield prime, sign * exponent


def value_of(poly):
    """The rational number a constant polynomial stands for, else None."""
    if not poly:
        return QQ(0)
    return poly[UNIT] if len(poly) == 1 and UNIT in poly else None


class Algebra:
    """A table of atoms and the rules for multiplying them."""

    def __init__(self, budget):
        self.budget = budget
        self.atoms: list[Atom] = []
        self.numbers: dict = {}
        self.tidied: dict = {}
        self.bounds: dict = {}  # symbol or index number -> (lower, upper), affine polynomials or None
        self.integers: set = set()  # symbols known to be integers: sizes and indices
        self.known_positive: set = set()  # polynomials that a range makes positive, such as 1 - p
        self.domain: list = []  # affine polynomials known to be >= 0
        self.orientation: dict = {}  # which of u, -u was met first, per kind of indicator
        self.offsets: dict = {}
        self.patterns: list = []  # given facts: (atom, power, its universal indices, value)
        self.fresh_names = 0
        self.factored: dict = {}
        self.settled: dict = {}
        self.kinked = False  # whether something with a kink was differentiated

    # ------------------------------------------------------------------ atoms
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
                self.known_positive and key(self.primitive(poly)) in self.known_positive):
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

    # ------------------------------------------------------------- arithmetic
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

    # ------------------------------------------- simplifying a single product
    def tidy(self, monomial):
        """The monomial, simplified: a polynomial."""
        done = self.tidied.get(monomial)
        if done is None:
            self.budget.check()
            done = self.tidied[monomial] = self._tidy(monomial)
        return done

    def _tidy(self, monomial):
        atoms = self.atoms
        for a, e in monomial:
            kind = atoms[a].kind
            if kind in IDEMPOTENT and e != 1:
                if e < 0:
                    raise Unsupported("division by an indicator")
                return self.retidy(monomial, a, self.poly(a))
            if kind == "prime" and not 0 < e < 1:
                floor = e.__floor__()
                rest = whole(Fraction(e) - floor)
                return self.retidy(monomial, a, {((a, rest),) if rest else UNIT: QQ(atoms[a].data) ** floor})
            if kind == "sym" and atoms[a].data == ImaginaryUnit and e != 1:
                power = {0: constant(1), 1: self.poly(a), 2: constant(-1), 3: {((a, 1),): QQ(-1)}}
                if isinstance(e, int):
                    return self.retidy(monomial, a, power[e % 4])
            if kind == "pow" and atoms[a].data[0] == key(constant(-1)) and isinstance(e, int) and e not in (0, 1):
                return self.retidy(monomial, a, self.poly(a) if e % 2 else constant(1))
            if kind == "base" and e >= 1:
                floor = int(e)
                rest = whole(Fraction(e) - floor)
                return self.retidy(monomial, a, self.mul({((a, rest),) if rest else UNIT: QQ(1)},
                                                         self.raised(dict(atoms[a].data), floor)))
            if self.patterns:
                facts = [dict(atoms[b].data) for b, _ in monomial if atoms[b].kind == "step"]
                known = self.known(a, e, facts)
                if known:
                    power, value = known
                    return self.retidy(monomial, a, self.mul({((a, e - power),) if e != power else UNIT: QQ(1)}, value))
        for a, _ in monomial:
            if atoms[a].kind in ("delta", "zero"):
                solved = self.solve(dict(atoms[a].data), nested=atoms[a].kind == "delta")
                if solved:
                    pivot, value = solved
                    nested = atoms[a].kind == "delta"
                    if nested:
                        found = any(b != a and pivot in atoms[b].free for b, _ in monomial)
                    else:
                        found = any(b == pivot and isinstance(f, int) and f > 0 for b, f in monomial)
                    if found:
                        rest = {tuple((b, f) for b, f in monomial if b != a): QQ(1)}
                        if not nested:
                            power = dict(monomial)[pivot]
                            rest = {tuple((b, f) for b, f in monomial if b not in (a, pivot)): QQ(1)}
                            return self.product([self.poly(a), self.raised(value, power), rest])
                        return self.mul(self.poly(a), self.substitute(rest, {pivot: value}))
        reduced = self.reduce_indicators(monomial)
        if reduced is not None:
            return reduced
        for a, e in monomial:
            if atoms[a].kind == "base" and e < 0:
                reduced = self.partial_fraction(monomial, a, e)
                if reduced is not None:
                    return reduced
        return {monomial: QQ(1)}

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
                    replacement = self.substitute(value, values)
                    if swapped and max(max(replacement))[0] >= number:
                        continue  # a symmetry such as A[i, j] = A[j, i] is used in one direction only
                    return power, replacement
        return None

    def subscripts(self, number):
        """What the indices of a given fact may stand for in this atom."""
        return [key(self.poly(name)) for name in sorted(self.atoms[number].free)]

    def is_renaming(self, pattern, value):
        """Whether a fact says that an atom equals another of its kind with other indices."""
        base = self.atoms[pattern].data[0] if self.atoms[pattern].kind == "entry" else None
        return base is not None and len(value) == 1 and all(
            len(m) == 1 and m[0][1] == 1 and self.atoms[m[0][0]].kind == "entry" and self.atoms[m[0][0]].data[0] == base
            for m in value)

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

    def retidy(self, monomial, atom, replacement):
        rest = tuple((a, e) for a, e in monomial if a != atom)
        return self.mul(self.tidy(rest), replacement) if rest else replacement

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

    def partial_fraction(self, monomial, base, exponent):
        """Rewrite r^n/(1+c·r+…) with smaller n, so that summands have one form only; else None."""
        q = dict(self.atoms[base].data)
        if UNIT not in q or not isinstance(exponent, int):
            return None
        exponents = dict(monomial)
        rest = tuple((a, e) for a, e in monomial if a != base)
        less, same = self.poly(base, exponent + 1) if exponent != -1 else constant(1), self.poly(base, exponent)
        if len(q) == 2:  # q = 1 + c·r, so r·q^e = (q^(e+1) - q^e)/c and q^e/r = q^(e+1)/r - c·q^e
            (r, c), = ((m, c) for m, c in q.items() if m)
            lead, step = r[0]
            turns = (Fraction(exponents.get(lead, 0)) / Fraction(step)).__floor__()
            if turns == 0:
                return None
            inverse = tuple((a, -e) for a, e in r)
            if turns > 0:
                without = merge(rest, inverse)
                replaced = add({m: v / c for m, v in less.items()}, same, -1 / c)
            else:
                without = merge(rest, r)
                replaced = add({merge(m, inverse): v for m, v in less.items()}, same, -c)
            return self.mul({without: QQ(1)}, replaced)
        lead = min(a for m in q for a, _ in m)
        degrees = [dict(m).get(lead, 0) for m in q]
        top = max(degrees)
        leaders = [m for m in q if dict(m).get(lead, 0) == top]
        if min(degrees) < 0 or len(leaders) != 1 or exponents.get(lead, 0) < top:
            return None
        leader, c = leaders[0], q[leaders[0]]
        without = merge(rest, tuple((a, -e) for a, e in leader))
        others = {m: v for m, v in q.items() if m != leader}
        replaced = add({m: v / c for m, v in less.items()}, self.mul_raw(others, same), -1 / c)
        return self.mul({without: QQ(1)}, replaced)

    def mul_raw(self, p, q):
        """The product without simplifying products of atoms."""
        total = {}
        for m, c in p.items():
            self.budget.check()
            for n, d in q.items():
                total = add(total, {merge(m, n): c * d})
        return total

    # ---------------------------------------------------------- constructors
    def delta(self, u):
        """The indicator of u = 0 for an integer polynomial u."""
        number = value_of(u)
        if number is not None:
            return constant(int(number == 0))
        u = self.primitive(u)
        if int(u.get(UNIT, 0)) % gcd(*(int(c) for m, c in u.items() if m)):
            return {}
        if u[max(u)] < 0:
            u = add({}, u, -1)
        return self.tidy(((self.make("delta", key(u), special=True, **self.over(u)), 1),))

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
        if self.is_integer(self.primitive(u)):
            return self.delta(self.primitive(u))
        u = self.without_positive_factors(u)
        if self.is_positive(u) or self.is_positive(add({}, u, -1)):
            return {}
        if u[max(u)] < 0:
            u = add({}, u, -1)
        return self.tidy(((self.make("zero", key(u), special=True, **self.over(u)), 1),))

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

    def away_from_kinks(self, number):
        """A derivative of |u| or max(u, 0) has no value at u = 0."""
        if number == 0 and self.kinked:
            raise Unsupported("a derivative at a kink")

    def without_positive_factors(self, u):
        """u divided by the positive factors that all its terms share: they change no sign."""
        shared = {a: min(dict(m).get(a, 0) for m in u) for n in u for a, _ in n if self.atoms[a].sign}
        inverse = tuple(sorted((a, -e) for a, e in shared.items() if e))
        return self.primitive(self.mul(u, {inverse: QQ(1)}) if inverse else u)

    def primitive(self, u):
        """u divided by the positive content of its coefficients."""
        scale = lcm(*(int(c.denominator) for c in u.values()))
        divisor = gcd(*(int(c * scale) for c in u.values()))
        return {m: c * scale / divisor for m, c in u.items()}

    def exp(self, p):
        factors = []
        for m, c in p.items():
            exponent = whole(Fraction(int(c.numerator), int(c.denominator)))
            atoms = [self.atoms[a] for a, _ in m]
            indicator = next((a for a, e in m if self.atoms[a].kind in IDEMPOTENT), None)
            if indicator is not None:
                rest = tuple((a, e) for a, e in m if a != indicator)
                jump = add(self.exp({rest: c}), constant(1), -1)
                factors.append(add(constant(1), self.mul(self.poly(indicator), jump)))
            elif len(m) == 1 and atoms[0].kind == "log" and m[0][1] == 1:
                factors.append(self.power(dict(atoms[0].data), exponent))
            else:
                inside = {m: QQ(1)}
                real = self.is_real(inside)
                atom = self.make("exp", m, sign=real, **self.over(inside))
                factors.append(self.poly(atom, exponent))
        return self.product(factors)

    def log(self, p):
        if not p:
            raise Unsupported("log 0")
        c, m, q = self.normalize(p)
        total = {}
        if c < 0:
            c, q = -c, add({}, q, -1)
        for prime, exponent in prime_factors(c):
            if prime != 1:
                inside = constant(prime)
                total = add(total, self.poly(self.make("log", key(inside), sign=True)), exponent)
        rest = []
        for a, e in m:
            atom = self.atoms[a]
            if not atom.sign:
                rest.append((a, e))
            elif atom.kind == "exp":
                total = add(total, {atom.data: QQ(1)}, _rational(e))
            elif atom.kind == "base":
                total = add(total, self.log(dict(atom.data)), _rational(e))
            elif atom.kind == "prime":
                total = add(total, self.poly(self.make("log", key(constant(atom.data)), sign=True)), _rational(e))
            else:
                inside = self.poly(a)
                total = add(total, self.poly(self.make("log", key(inside), **self.over(inside))), _rational(e))
        rest = tuple(rest)
        if not rest and value_of(q) == 1:
            return total
        if not rest and self.is_positive(q):
            for factor, multiplicity in self.factor(q):
                atom = self.make("log", key(factor), **self.over(factor, real=True))
                total = add(total, self.poly(atom), multiplicity)
            return total
        inside = self.mul({rest: QQ(1)} if rest else constant(1), q)
        if value_of(inside) == 1:
            return total
        return add(total, self.poly(self.make("log", key(inside), **self.over(inside, real=False))))

    def power(self, p, exponent):
        """p ** exponent for a rational exponent (principal value)."""
        if isinstance(exponent, int) and exponent >= 0:
            return self.raised(p, exponent)
        if not p:
            if exponent > 0:
                return {}
            raise Unsupported("division by 0")
        c, m, q = self.normalize(p)
        integer = isinstance(exponent, int)
        outside = []
        if integer:
            result, inside_m = constant(c ** exponent), ()
            outside = [(a, whole(Fraction(e * exponent))) for a, e in m]
        else:
            result, inside_c = self.rational_power(abs(c), exponent), (1 if c > 0 else -1)
            inside_m = tuple((a, e) for a, e in m if not self.atoms[a].sign)
            for a, e in inside_m:  # √(x²) = |x|
                if self.atoms[a].real and isinstance(e, int) and e % 2 == 0 and (e * exponent).denominator == 1:
                    result = self.mul(result, self.power(self.absolute(self.poly(a)), int(e * exponent)))
                    inside_m = tuple((b, f) for b, f in inside_m if b != a)
            outside = [(a, whole(Fraction(e * exponent))) for a, e in m if self.atoms[a].sign]
            q = {n: v * inside_c for n, v in q.items()}
            if inside_m:
                q = self.mul({inside_m: QQ(1)}, q)
        if any(self.atoms[a].kind in IDEMPOTENT for a, _ in outside):
            raise Unsupported("division by an indicator")
        if outside:
            result = self.mul(result, self.tidy(tuple(sorted(outside))))
        if value_of(q) == 1:
            return result
        if len(q) == 1:
            (only, v), = q.items()
            if v == 1 and len(only) == 1 and only[0][1] == 1 and (integer or self.atoms[only[0][0]].kind != "exp"):
                return self.mul(result, {((only[0][0], exponent),): QQ(1)})
            return self.mul(result, self.base_power(q, exponent))
        if not integer and not self.is_positive(q):
            return self.mul(result, self.root(q, exponent))
        for factor, multiplicity in self.factor(q):
            if len(factor) == 1:
                result = self.mul(result, self.power(factor, whole(Fraction(exponent * multiplicity))))
            else:
                result = self.mul(result, self.base_power(factor, whole(Fraction(exponent * multiplicity))))
        return result

    def root(self, q, exponent):
        """A fractional power of a sum that may be negative; √((a + b)²) = |a + b|."""
        factors = self.factor(q)
        if not self.is_real(q) or any(e % 2 or (e * exponent).denominator != 1 for _, e in factors):
            return self.base_power(q, exponent)
        return self.product(self.power(self.absolute(f), int(e * exponent)) for f, e in factors)

    def absolute(self, u):
        """|u| of a real polynomial."""
        return self.mul(u, add(self.mul(constant(2), self.positive(u)), constant(1), -1)) if u else {}

    def base_power(self, q, exponent):
        atom = self.make("base", key(q), special=True, sign=self.is_positive(q), **self.over(q))
        if isinstance(exponent, Fraction) and not self.atoms[atom].sign:
            self.atoms[atom].real = False
        return self.tidy(((atom, exponent),))

    def rational_power(self, c, exponent):
        """c ** exponent for a positive rational c: primes with fractional exponents."""
        result = constant(1)
        for prime, e in prime_factors(c):
            if prime != 1:
                atom = self.make("prime", prime, sign=True, special=True)
                result = self.mul(result, self.tidy(((atom, whole(Fraction(e) * exponent)),)))
        return result

    def symbolic_power(self, p, exponent):
        """p ** exponent for an exponent that is not a number."""
        number = value_of(exponent)
        if number is not None:
            return self.power(p, whole(Fraction(int(number.numerator), int(number.denominator))))
        if self.is_positive(p):
            return self.exp(self.mul(exponent, self.log(p)))
        result = constant(1)
        for m, c in exponent.items():
            if not m and c.denominator == 1:
                result = self.mul(result, self.power(p, int(c)))
            elif p and c.denominator == 1 and self.is_integer({m: QQ(1)}):
                for factor, e in self.factors(p):
                    result = self.mul(result, self.integer_power(factor, m, int(c) * e))
            else:
                return self.poly(self.make("pow", (key(p), key(exponent)), **self.over(p, exponent, real=False)))
        return result

    def factors(self, p):
        """The factors of a product with whole exponents; a sum is one factor."""
        if len(p) > 1 or not all(isinstance(e, int) for m in p for _, e in m):
            return [(p, 1)]
        (m, c), = p.items()
        return [(self.poly(a), e) for a, e in m] + ([(constant(c), 1)] if c != 1 else [])

    def integer_power(self, p, m, c):
        """p ** (c·m) for a monomial m with integer values and a whole number c."""
        if self.is_positive(p):
            return self.exp(self.mul({m: QQ(c)}, self.log(p)))
        number, result = value_of(p), constant(1)
        if number is not None and number != -1:  # (-2)^t = (-1)^t 2^t
            result, p = self.exp(self.mul({m: QQ(c)}, self.log(constant(-number)))), constant(-1)
        power = {m: QQ(1)}
        atom = self.make("pow", (key(p), key(power)), special=number is not None, **self.over(p, power))
        return self.mul(result, self.tidy(((atom, c),)))

    # ---------------------------------------------------- canonical quotients
    def normalize(self, p):
        """(c, m, q) with p = c·m·q, q without common monomial; binomials become 1 + c·r."""
        lowest = None
        for m in p:
            exponents = dict(m)
            if lowest is None:
                lowest = exponents
                continue
            lowest = {a: min(lowest.get(a, 0), exponents.get(a, 0)) for a in {*lowest, *exponents}}
        common = tuple(sorted((a, e) for a, e in lowest.items() if e))
        q = {merge(m, tuple((a, -e) for a, e in common)): c for m, c in p.items()}
        if len(q) == 1:
            return q[UNIT], common, constant(1)
        if any(self.atoms[a].kind == "base" and e >= 1 for n in q for a, e in n):  # over one denominator
            expanded = {}
            for n, c in q.items():
                expanded = add(expanded, self.tidy(n), c)
            if not expanded:
                raise Unsupported("division by 0")
            c, m, q = self.normalize(expanded)
            return c, merge(common, m), q
        if len(q) == 2 and UNIT not in q:
            first, second = sorted(q)
            ratio = merge(first, tuple((a, -e) for a, e in second))
            if ratio[0][1] < 0:
                first, second = second, first
                ratio = tuple((a, -e) for a, e in ratio)
            common, q = merge(common, second), {ratio: q[first], UNIT: q[second]}
        elif len(q) == 2:
            (ratio, c), = ((m, c) for m, c in q.items() if m)
            if ratio[0][1] < 0:
                common = merge(common, ratio)
                q = {tuple((a, -e) for a, e in ratio): q[UNIT], UNIT: c}
        content = q[UNIT] if UNIT in q else q[max(q)]
        return content, common, {m: c / content for m, c in q.items()}

    def factor(self, q):
        """Irreducible factors of a normalized polynomial, with multiplicities; their product is q."""
        found = self.factored.get(key(q))
        if found is None:
            found = self.factored[key(q)] = self._factor(q)
        return found

    def _factor(self, q):
        names = sorted({a for m in q for a, _ in m})
        degree = max(sum(abs(Fraction(e)) for _, e in m) for m in q)
        if len(q) > 60 or len(names) > 12 or degree > 40 or self.irreducible(q, names):
            return [(q, 1)]
        scale = {a: lcm(*(Fraction(dict(m).get(a, 0)).denominator for m in q)) for a in names}
        if max(scale.values()) > 12:
            return [(q, 1)]
        low = {a: min(dict(m).get(a, 0) for m in q) for a in names}
        polynomials, *generators = ring([f"a{a}" for a in names], QQ)
        total = polynomials.from_dict({tuple(int((dict(m).get(a, 0) - low[a]) * scale[a]) for a in names): c
                                       for m, c in q.items()})
        content, factors = total.factor_list()
        if len(factors) == 1 and factors[0][1] == 1:
            return [(q, 1)]
        result, left = [], content
        for factor, multiplicity in factors:
            back = {}
            for exponents, c in factor.terms():
                m = tuple((a, whole(Fraction(e, scale[a]))) for a, e in zip(names, exponents, strict=True) if e)
                back[m] = QQ(c)
            c, m, r = self.normalize(back)
            left = left * c ** multiplicity
            if m:
                result.append(({m: QQ(1)}, multiplicity))
            if value_of(r) != 1:
                result.append((r, multiplicity))
        if left != 1:
            result.append((constant(left), 1))
        monomial = tuple((a, low[a]) for a in names if low[a])
        if monomial:
            result.append(({monomial: QQ(1)}, 1))
        return result

    @staticmethod
    def irreducible(q, names):
        """A quick sufficient test: linear in some atom with a single leading term, no common monomial."""
        for a in names:
            having = [dict(m)[a] for m in q if a in dict(m)]
            if len(having) == 1 and having[0] == 1 and len(q) >= 2 and all(
                    e >= 0 for m in q for _, e in m):
                return True
        return False

    # ------------------------------------------------------------ substitution
    def with_facts(self, poly):
        """The polynomial built anew, so that the given facts take effect everywhere."""
        return self.substitute(poly, {}, rebuild=True)

    def substitute(self, poly, values, rebuild=False):
        """Replace symbols and bound variables by polynomials, everywhere."""
        if not (rebuild or self.free(poly) & values.keys()):
            return poly
        total = {}
        for m, c in poly.items():
            factors = [{UNIT: c}]
            same = []
            for a, e in m:
                if rebuild or self.atoms[a].free & values.keys():
                    replaced = self.substitute_atom(a, values, rebuild)
                    factors.append(self.power(replaced, e) if e != 1 else replaced)
                else:
                    same.append((a, e))
            if same:
                factors.append(self.tidy(tuple(same)))
            total = add(total, self.product(factors))
        return total

    def substitute_atom(self, number, values, rebuild):
        if number in values:
            return values[number]
        atom = self.atoms[number]
        if atom.kind in ("sym", "var", "bound", "prime"):
            return self.tidy(((number, 1),))
        parts = atom.data
        if atom.kind == "exp":
            return self.exp(self.substitute({parts: QQ(1)}, values, rebuild))
        if atom.kind == "pow":
            return self.symbolic_power(*(self.substitute(dict(part), values, rebuild) for part in parts))
        if atom.kind == "base":
            return self.substitute(dict(parts), values, rebuild)
        if atom.kind in ("log", "delta", "step", "positive", "zero"):
            return getattr(self, atom.kind)(self.substitute(dict(parts), values, rebuild))
        return self.rebuild(atom, values, rebuild)

    def rebuild(self, atom, values, rebuild):
        raise NotImplementedError(atom.kind)


def _rational(exponent):
    return QQ(Fraction(exponent).numerator, Fraction(exponent).denominator)

