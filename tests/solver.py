"""A judge of orders, cases and whole numbers: the arithmetic solver z3, for all reals and all integers at once.

Maxima, moduli, thresholds and cases become "if … then … else"; sums over a range are written out for explicit sizes,
with a condition on each term. An equation is true if z3 finds no numbers at which its sides differ.
"""

import operator
from functools import reduce
from itertools import product

import sympy as sp
import z3
from sympy.core.function import AppliedUndef

from helpers.language import parts

LARGEST = 4  # sizes at which sums are written out
MILLISECONDS = 2000  # for one claim at one choice of the sizes
RELATIONS = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
             ">=": operator.ge}


class Unread(Exception):
    """A kind of expression that is not arithmetic."""


class Arithmetic:
    """Reads SymPy expressions as z3's; `sizes` have numbers for symbols, `where` ranges."""

    def __init__(self, where, sizes):
        self.where = {s: [sp.sympify(end).subs(sizes) for end in ends] for s, ends in where.items() if s not in sizes}
        self.sizes = sizes
        self.symbols, self.assumed, self.certain = {}, [], True

    def symbol(self, s):
        if s not in self.symbols:
            made = self.symbols[s] = z3.Int(s.name) if s.is_integer else z3.Real(s.name)
            if s.is_positive or s.is_nonnegative:
                self.assumed.append(made > 0 if s.is_positive else made >= 0)
            for end, below in zip(self.where.get(s, ()), (True, False), strict=False):
                if end.is_finite is not False:
                    end = self.read(end)
                    small, large = (end, made) if below else (made, end)
                    self.assumed.append(small <= large if s.is_integer else small < large)
        return self.symbols[s]

    def number(self, s):
        return z3.ToReal(self.symbol(s)) if s.is_integer else self.symbol(s)

    def read(self, e, bound=None):
        """The value of an expression, a real; `bound` has whole numbers for bound names."""
        bound = bound or {}
        part = lambda a: self.read(a, bound)
        if hasattr(e, "law"):
            formula, values = e.law
            return part(formula.xreplace(values))
        if e.is_Rational:
            return z3.RealVal(f"{e.p}/{e.q}")
        if e in bound or e in self.sizes:
            return z3.RealVal(int(bound.get(e, self.sizes.get(e))))
        if e.is_Symbol:
            return self.number(e)
        if isinstance(e, sp.Indexed):
            places = [z3.simplify(z3.ToInt(part(index))) for index in e.indices]
            return z3.Function(f"{e.base.label}", *[z3.IntSort()] * len(places), z3.RealSort())(*places)
        if isinstance(e, sp.Add | sp.Mul):
            return reduce(operator.add if e.is_Add else operator.mul, map(part, e.args))
        if isinstance(e, sp.Pow):
            return self.power(*e.args, part)
        if isinstance(e, sp.Sum):
            return self.sum(e, bound)
        if isinstance(e, sp.Piecewise):
            return self.cases(e, bound)
        if isinstance(e, sp.exp | sp.tanh | AppliedUndef):
            return self.unknown(e, part)
        if type(e) in ORDERS:
            return ORDERS[type(e)](*map(part, e.args))
        raise Unread(type(e).__name__)

    def unknown(self, e, part):
        """A value of which only this is known: equal arguments, equal values."""
        self.certain = False
        value = z3.Function(str(e.func), *[z3.RealSort()] * (len(e.args) + 1))(*map(part, e.args))
        if isinstance(e, sp.exp):
            self.assumed.append(value > 0)
        return value

    def power(self, base, exponent, part):
        if exponent.is_Integer:
            value = reduce(operator.mul, [part(base)] * abs(int(exponent)), z3.RealVal(1))
            if exponent < 0:
                self.assumed.append(value != 0)
                return 1 / value
            return value
        if base == -1 and exponent.is_integer:
            return z3.If(z3.ToInt(part(exponent)) % 2 == 0, z3.RealVal(1), z3.RealVal(-1))
        raise Unread("Pow")

    def sum(self, e, bound):
        """The terms from the least to the greatest place that the range can have, each if the range has it."""
        (*inner, (name, low, high)) = e.limits
        body = e.func(e.function, *inner) if inner else e.function
        ends = [self.extreme(low, bound, 0), self.extreme(high, bound, 1)]
        within = lambda n: z3.And(self.read(low, bound) <= n, n <= self.read(high, bound))
        terms = [z3.If(within(n), self.read(body, bound | {name: sp.Integer(n)}), z3.RealVal(0))
                 for n in range(ends[0], ends[1] + 1)]
        self.assumed.append(self.read(high, bound) >= self.read(low, bound) - 1)
        return reduce(operator.add, terms, z3.RealVal(0))

    def extreme(self, end, bound, which):
        end = end.subs({**self.sizes, **bound}).subs({s: ends[which] for s, ends in self.where.items()})
        if not end.is_Integer:
            raise Unread("a range without numbers")
        return int(end)

    def cases(self, e, bound):
        *cases, (value, condition) = e.args
        if condition != sp.true:
            self.assumed.append(z3.Or(*(self.truth(c, bound) for _, c in e.args)))
        value = self.read(value, bound)
        for other, condition in reversed(cases):
            value = z3.If(self.truth(condition, bound), self.read(other, bound), value)
        return value

    def truth(self, c, bound):
        if c in (sp.true, sp.false):
            return z3.BoolVal(bool(c))
        if isinstance(c, sp.And | sp.Or | sp.Not):
            return {sp.And: z3.And, sp.Or: z3.Or, sp.Not: z3.Not}[c.func](*(self.truth(a, bound) for a in c.args))
        if isinstance(c, sp.ITE):
            return z3.If(*(self.truth(a, bound) for a in c.args))
        if not isinstance(c, sp.core.relational.Relational):
            raise Unread(type(c).__name__)
        return RELATIONS[c.rel_op](self.read(c.lhs, bound), self.read(c.rhs, bound))


def greatest(*values):
    return reduce(lambda a, b: z3.If(a >= b, a, b), values)


def least(*values):
    return reduce(lambda a, b: z3.If(a <= b, a, b), values)


ORDERS = {
    sp.Max: greatest,
    sp.Min: least,
    sp.Abs: lambda u: greatest(u, -u),
    sp.sign: lambda u: z3.If(u > 0, z3.RealVal(1), z3.If(u < 0, z3.RealVal(-1), z3.RealVal(0))),
    sp.Heaviside: lambda u, at_zero: z3.If(u > 0, z3.RealVal(1), z3.If(u < 0, z3.RealVal(0), at_zero)),
    sp.KroneckerDelta: lambda i, j: z3.If(i == j, z3.RealVal(1), z3.RealVal(0)),
    sp.floor: lambda u: z3.ToReal(z3.ToInt(u)),
}


def holds(lhs, rhs, where):
    """Whether the equation holds for all reals and integers (with sums: at all sizes up to LARGEST), or None."""
    nodes = {node for side in (lhs, rhs) for node in parts(side)}
    around = {s for ends in where.values() for end in ends for s in sp.sympify(end).free_symbols}
    sizes = sorted((s for s in nodes | around if s.is_Symbol and s.is_integer and s.is_positive), key=str)
    tried = [range(1, LARGEST + 1)] * len(sizes) if any(isinstance(node, sp.Sum) for node in nodes) else []
    answers = [decided(lhs, rhs, where, dict(zip(sizes, map(sp.Integer, numbers), strict=False)))
               for numbers in product(*tried)]
    return False if False in answers else None if None in answers else True


def decided(lhs, rhs, where, sizes):
    reader, solver = Arithmetic(where, sizes), z3.Solver()
    solver.set("timeout", MILLISECONDS)
    left, right = reader.read(lhs), reader.read(rhs)
    solver.add(left != right, *reader.assumed)
    found = solver.check()
    return True if found == z3.unsat else False if found == z3.sat and reader.certain else None
