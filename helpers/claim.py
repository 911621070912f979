"""A claim lhs = rhs, read and validated: which symbols are sizes, indices, numbers, and where they range."""

from __future__ import annotations

from copy import copy

import sympy as sp
from sympy import Dummy, Symbol
from sympy.core.function import AppliedUndef
from sympy.matrices import MatrixBase
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr
from sympy.tensor.indexed import Indexed

from .arguments import brief, equations, ranges, scalar
from .language import Index, is_made_of, parts
from .points import is_coarse

TRIED = (1, 5)  # the sizes at which a claim is evaluated when no range is given
MOST = 8  # so many of them at most
NEAR = 2  # a subscript n + 10 widens the support of sequences


def expression(name, value):
    """`value` as an exact SymPy expression, or a clear error that names the argument."""
    if isinstance(value, MatrixBase | MatrixExpr):
        for rounded in value.atoms(sp.Float):
            raise TypeError(f"{name}: expected exact numbers, got the float {rounded} in {brief(value)}; "
                            "write an exact one, such as 3 or Rational(1, 2)")
        return value.as_immutable() if isinstance(value, MatrixBase) else value
    value = scalar(name, value)
    if value in (sp.oo, -sp.oo):
        raise ValueError(f"{name}: expected a number, got {value}")
    for node in parts(value):
        if isinstance(node, Symbol) and not node.is_commutative:
            raise TypeError(f"{name}: expected numbers, got {node}, which does not commute, in {brief(value)}")
        if isinstance(node, sp.Float):
            raise TypeError(f"{name}: expected exact numbers, got the float {node}, a rounded number, in {brief(value)}"
                            "; write an exact one, such as 3 or Rational(1, 2)")
        if not isinstance(node, sp.Indexed) and any(isinstance(part, sp.IndexedBase) for part in node.args):
            base = next(part for part in node.args if isinstance(part, sp.IndexedBase))
            raise TypeError(f"{name}: {base} is a whole tensor; write an entry such as {base}[i], in {brief(node)}")
        if isinstance(node, sp.Indexed) and any(False in (s.is_integer, s.is_finite) for s in node.args[1:]):
            raise ValueError(f"{name}: the subscripts of {node} are not integers")
        if isinstance(node, sp.Derivative):
            tangled(name, [variable for variable, _ in node.variable_count])
        bound = node.args[1:2] if isinstance(node, sp.Limit) else getattr(node, "bound_symbols", ())
        bound = next((s for s in bound if hasattr(s, "law")), None)
        if bound is not None:
            raise ValueError(f"{name}: {bound} stands for a formula and cannot be the variable of {brief(node)}")
        if node in (sp.nan, sp.zoo):
            raise ValueError(f"{name}: expected a number, got {node} in {brief(value)}")
    return value


def tangled(name, variables):
    """Refuse a derivative by a defined name and by what it is made of: SymPy does not keep their order."""
    for variable in variables:
        if hasattr(variable, "law"):
            for other in variables:
                if is_made_of(variable.law[0], other):
                    raise ValueError(f"{name}: {variable} is made of {other}; a derivative by both has no clear order, "
                                     "write the inner one out")


class Claim:
    """The equality of two scalar expressions with everything known about their symbols.

    Attributes: `lhs`, `rhs`; `sizes` {symbol: sizes to try}; `indices` {symbol: (low, high)}, both SymPy
    integers or expressions in sizes; `intervals` {symbol: (low, high)} of real symbols; `integers`, plain
    symbols that stand for integers; `sequences`, the tensors indexed by all integers, with the places of such
    subscripts; `reach`, the largest number in their subscripts; `untold`, the sizes without a range; `taken`,
    symbols without assumptions that are read as integers; `varies`, whether there is anything to draw; `coarse`,
    whether there are kinks or jumps; `given`, the facts as claims.
    """

    def __init__(self, lhs, rhs, where=None, given=(), known=None):
        self.lhs, self.rhs = lhs, rhs
        self.where = ranges(where)
        self.subscripts, self.limits, self.in_deltas, self.free = set(), set(), set(), set()
        self.endless, self.sequences, self.subscripted = set(), {}, []
        self.scanned, self.bound = set(), set()
        for side in (lhs, rhs):
            self.scan(side, frozenset())
        self.refuse_namesakes()
        self.refuse_ranks()
        for symbol in sorted(self.free, key=sp.default_sort_key):
            self.limits |= self.range_symbols(symbol)
        self.sizes, self.indices, self.intervals, self.integers = {}, {}, {}, set()
        for symbol in sorted(self.free, key=sp.default_sort_key):
            self.classify(symbol, known)
        self.indices = dict(sorted(self.indices.items(), key=lambda item: self.nesting(item[0])))
        self.taken = [s for s in (*self.integers, *self.indices) if s.is_integer is None and s not in self.subscripts]
        self.varies = bool(self.free or self.subscripted) or any(
            isinstance(node, AppliedUndef) for side in (lhs, rhs) for node in parts(side))
        self.coarse = any(is_coarse(side) for side in (lhs, rhs))
        self.kinked = self.coarse and any(isinstance(n, sp.Derivative | sp.Integral | sp.Limit)
                                          for side in (lhs, rhs) for n in parts(side))
        unbounded = set(self.endless)
        if known is None:  # a fact about every row W[i, …] makes W no sequence
            unbounded |= {i for i, (low, _) in self.indices.items() if low == -sp.oo}
        for base, subscripts in self.subscripted:
            endless = {place for place, s in enumerate(subscripts) if unbounded & s.free_symbols}
            if endless:
                self.sequences[base] = self.sequences.get(base, frozenset()) | endless
        numbers = [abs(int(n)) for base, subscripts in self.subscripted if base in self.sequences
                   for n in set().union(*(s.atoms(sp.Integer) for s in subscripts))]
        self.reach = max((n for n in numbers if n > NEAR), default=0)
        self.untold = [size for size in self.sizes if size not in self.where and known is None]
        self.given = [self.fact(fact) for fact in equations(given)]

    def refuse_namesakes(self):
        """Two symbols of one name, with other assumptions, would be taken for one by every reader."""
        seen = {}
        functions = {getattr(node.func, "of", node.func) for side in (self.lhs, self.rhs) for node in parts(side)
                     if isinstance(node, AppliedUndef) and not hasattr(node, "law")}
        for thing in (*self.free, *(base for base, _ in self.subscripted), *functions):
            if seen.setdefault((str(thing), isinstance(thing, Symbol)), thing) != thing:
                raise ValueError(f"lhs and rhs: two different symbols are called {thing}; make it once")

    def refuse_ranks(self):
        """One tensor has one number of subscripts."""
        ranks = {}
        for base, subscripts in self.subscripted:
            if ranks.setdefault(base, len(subscripts)) != len(subscripts):
                counts = sorted((ranks[base], len(subscripts)))
                raise ValueError(f"lhs and rhs: {base} is written with {counts[0]} and with {counts[1]} subscripts")

    def refuse_bound(self):
        """A range says nothing about an index that sums only run over: they have limits of their own."""
        for symbol in self.where:
            if any(symbol in part.bound for part in (self, *self.given)) and not any(
                    symbol in part.free for part in (self, *self.given)):
                raise ValueError(f"where: {symbol} is bound by a sum, an integral or a limit, which has its own range")

    def scan(self, node, bound):
        """Collect how symbols are used; `bound` are the names bound around this node."""
        if (node, bound) in self.scanned:
            return
        self.scanned.add((node, bound))
        self.bound |= bound
        if isinstance(node, Symbol) and not hasattr(node, "law"):
            if node not in bound:
                self.free.add(node)
            return
        if hasattr(node, "law"):
            formula, values = node.law
            for value in values.values():
                if isinstance(node, Indexed):
                    self.use(self.subscripts, value, bound)
                self.scan(value, bound)
            self.scan(formula, bound | set(values))
            return
        if isinstance(node, Indexed | MatrixElement):
            self.subscripted.append((node.args[0], node.args[1:]))
            for subscript in node.args[1:]:
                self.use(self.subscripts, subscript, bound)
                self.scan(subscript, bound)
            return
        if isinstance(node, sp.KroneckerDelta):
            self.use(self.in_deltas, node, bound)
        if isinstance(node, sp.Sum | sp.Product):
            inside = bound
            for name, *limits in reversed(node.limits):
                if len(limits) != 2:
                    raise ValueError(f"expected limits for the sum over {name}, got {node}")
                for limit in limits:
                    self.use(self.limits, limit, inside)
                    self.scan(limit, inside)
                    if limit in (sp.oo, -sp.oo):
                        self.endless.add(name)
                inside = inside | {name}
            self.scan(node.function, inside)
            return
        if isinstance(node, sp.Integral | sp.Limit | sp.Subs):
            names, ends = self.bound_by(node)
            for end in ends:
                self.scan(end, bound)
            self.scan(node.args[0], bound | set(names))
            return
        for argument in node.args:
            self.scan(argument, bound)

    @staticmethod
    def bound_by(node):
        """The names an integral, limit or substitution binds, and the expressions they run to."""
        if isinstance(node, sp.Limit):
            return [node.args[1]], [node.args[2]]
        if isinstance(node, sp.Subs):
            return list(node.variables), list(node.point)
        return [limit[0] for limit in node.limits if len(limit) > 1], [e for limit in node.limits for e in limit[1:]]

    @staticmethod
    def use(collection, expr, bound):
        collection |= {s for s in expr.free_symbols if isinstance(s, Symbol)} - bound

    def classify(self, symbol, known):
        if known is not None:  # a fact shares the symbols of its claim
            for mine, theirs in ((self.sizes, known.sizes), (self.indices, known.indices),
                                 (self.intervals, known.intervals)):
                if symbol in theirs:
                    mine[symbol] = theirs[symbol]
                    return
        limits = self.where.get(symbol)
        if limits is None and isinstance(symbol, Index):
            limits = symbol.lower, symbol.upper
        if limits is None:
            counted = symbol in self.subscripts and known is None and symbol.is_integer and symbol.is_positive
            if symbol in self.limits or counted:
                if symbol.is_integer is False:
                    raise ValueError(f"the limit {symbol} of a sum is not an integer")
                self.sizes[symbol] = self.tried(symbol, None)
            elif symbol in self.subscripts and known is not None:
                self.indices[symbol] = -sp.oo, sp.oo  # a fact holds for every value of its own indices
            elif symbol in self.subscripts:
                size = "K" if symbol.name != "K" else "N"
                raise ValueError(f"where: expected a range for the index {symbol}, for example "
                                 f"where={{{symbol}: (1, {size})}}, got none")
            elif symbol in self.in_deltas and symbol.is_integer is None and symbol.is_real is None:
                self.integers.add(symbol)
            elif symbol.is_integer:
                self.integers.add(symbol)
            return
        around = set().union(*(limit.free_symbols for limit in limits))
        whole = all(s.is_integer or s in self.limits or s.is_real is None for s in around)
        counts = symbol.is_real is None and (symbol in self.in_deltas or around and whole)
        if symbol in self.subscripts or isinstance(symbol, Index) or counts or (
                symbol.is_integer and (around or symbol not in self.limits)):
            for limit in limits:
                if limit.is_number and limit not in (sp.oo, -sp.oo) and not limit.is_integer:
                    raise ValueError(f"where: expected integer limits for the index {symbol}, got {limits}")
            self.indices[symbol] = limits
            for other in sorted(around, key=sp.default_sort_key):
                if other == symbol or symbol in self.range_symbols(other):
                    raise ValueError(f"where: the ranges of {symbol} and {other} depend on each other")
                if other not in self.free:
                    self.free.add(other)
                    self.limits.add(other)
                    self.classify(other, known)
                elif other not in self.sizes and other not in self.indices:
                    self.limits.add(other)
                    self.classify(other, known)
        elif symbol in self.limits:
            self.sizes[symbol] = self.tried(symbol, limits)
        elif around:
            raise ValueError(f"where: expected numbers as limits of the real symbol {symbol}, got {tuple(limits)}")
        else:
            self.intervals[symbol] = limits

    def nesting(self, index):
        """How many ranges have to be known before the one of this index is: in that order they are drawn."""
        return 1 + max(map(self.nesting, self.range_symbols(index)), default=0) if index in self.indices else 0

    def range_symbols(self, symbol):
        own = (symbol.lower, symbol.upper) if isinstance(symbol, Index) else ()
        limits = self.where.get(symbol, own)
        return set().union(*(limit.free_symbols for limit in limits))

    @staticmethod
    def tried(symbol, limits):
        low, high = limits or TRIED
        if not all(limit.is_Integer if isinstance(limit, sp.Basic) else True for limit in (low, high)):
            raise ValueError(f"where: expected integers as the sizes to try for {symbol}, got {(low, high)}")
        tried = range(int(low), min(int(high), int(low) + MOST - 1) + 1)
        possible = [n for n in tried if all(getattr(sp.Integer(n), f"is_{fact}") in (truth, None)
                                            for fact, truth in symbol.assumptions0.items())]
        if not possible:
            raise ValueError(f"where: no size in {low}…{high} satisfies the assumptions of {symbol}; give its range")
        if limits and len(possible) < len(tried):
            wrong = next(n for n in tried if n not in possible)
            raise ValueError(f"where: {symbol} = {wrong} contradicts the assumptions of {symbol}, got {(low, high)}")
        return possible

    @property
    def counts(self):
        """All symbols that stand for integers."""
        return frozenset((*self.sizes, *self.indices, *self.integers))

    def with_fact(self, fact):
        """This claim where one more fact is given."""
        narrower = copy(self)
        narrower.given = [*self.given, self.fact(fact)]
        return narrower

    def fact(self, fact):
        claim = Claim(expression("given", fact.lhs), expression("given", fact.rhs), self.where, known=self)
        claim.universal = [i for i in claim.indices if i not in self.free]
        for base, places in claim.sequences.items():
            self.sequences[base] = self.sequences.get(base, frozenset()) | places
        for size, tried in claim.sizes.items():
            self.sizes.setdefault(size, tried)
        return claim


def scalar_claims(lhs, rhs, where, given):
    """The scalar claims that `lhs = rhs` consists of, each made when it is asked for: one, or one per entry."""
    lhs, rhs = expression("lhs", lhs), expression("rhs", rhs)
    matrices = [isinstance(side, MatrixBase | MatrixExpr) for side in (lhs, rhs)]
    given = equations(given)
    if not any(matrices):
        return [lambda: Claim(lhs, rhs, where, given)]
    if not all(matrices):
        shapes = [side.shape if matrix else "a scalar" for side, matrix in zip((lhs, rhs), matrices, strict=True)]
        raise ValueError(f"lhs and rhs: expected equal shapes, got {shapes[0]} and {shapes[1]}")
    if lhs.shape != rhs.shape:
        raise ValueError(f"lhs and rhs: expected equal shapes, got {lhs.shape} and {rhs.shape}")
    if 0 in lhs.shape:
        raise ValueError(f"lhs and rhs: expected matrices with entries, got the shape {lhs.shape}")
    where = ranges(where)
    places = []
    for name, length in zip("rc", lhs.shape, strict=True):
        if isinstance(lhs, MatrixBase) or isinstance(rhs, MatrixBase):
            places.append(range(int(length)))
        else:
            places.append([Dummy(name, integer=True)])
            where[places[-1][0]] = (sp.Integer(0), length - 1)
    return [lambda r=r, c=c: Claim(expression("lhs", lhs[r, c]), expression("rhs", rhs[r, c]), where, given)
            for r in places[0] for c in places[1]]
