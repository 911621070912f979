"""What the compared numbers have seen of a claim: an equation that is 0 = 0 at every point says nothing.

A delta that is never 1, a case that is never met, a sequence that is 0 wherever it was looked at: what stands
beside it was not compared at any point.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import sympy as sp
from sympy import QQ
from sympy.tensor.indexed import Indexed

from .balls import EXACT, Dual, is_zero, primal
from .language import is_made_of
from .points import Evaluator

CHOICES = (sp.Max, sp.Min, sp.Abs)


@dataclass
class Seen:
    """The formulas that had a value at some point; a value other than 0; a slope; the branches that were taken."""

    met: set = field(default_factory=set)
    nonzero: set = field(default_factory=set)
    moved: set = field(default_factory=set)
    taken: set = field(default_factory=set)  # {(cases, number of the branch)}; of |u| the sign of u


class Watcher(Evaluator):
    """An evaluator that remembers what it has seen."""

    def __init__(self, seen, *arguments):
        super().__init__(*arguments)
        self.seen = seen

    def compile(self, expr):
        if expr not in self.compiled:
            self.compiled[expr] = self.watched(expr, super().compile(expr))
        return self.compiled[expr]

    def watched(self, expr, closure):
        def watched(point):
            value = closure(point)
            self.seen.met.add(expr)
            if expr not in self.seen.nonzero and self.is_nonzero(primal(value)):
                self.seen.nonzero.add(expr)
            if isinstance(value, Dual) and not is_zero(value.slope):
                self.seen.moved.add(expr)
            if isinstance(expr, CHOICES):
                self.note(expr, point, primal(value))
            return value
        return watched

    def note(self, choice, point, value):
        """Which argument a maximum or minimum was, which sign the argument of |u| had."""
        for number, argument in enumerate(choice.args):
            found = primal(self.compile(argument)(point))
            if isinstance(choice, sp.Abs):
                self.seen.taken.add((choice, self.sign(found)))
            elif not self.is_nonzero(self.add(found, self.neg(value))):
                self.seen.taken.add((choice, number))

    def is_nonzero(self, number):
        """Whether the number is certainly not 0."""
        if isinstance(number, EXACT):
            return bool(number)
        return self.field.different(number, self.field.lift(QQ(0)))

    def branch(self, piecewise, number):
        closure = super().branch(piecewise, number)

        def taken(point):
            self.seen.taken.add((piecewise, number))
            return closure(point)
        return taken


def inside(expr):
    """What the value of a node is made of: not the places of a derivative, not the limits of a sum."""
    if hasattr(expr, "law"):
        return [expr.law[0]]
    if isinstance(expr, sp.Sum | sp.Product | sp.Derivative | sp.Subs | sp.Integral | sp.Limit):
        return [expr.args[0]]
    if isinstance(expr, sp.Piecewise):
        return [value for value, _ in expr.args]
    return [] if isinstance(expr, sp.KroneckerDelta | sp.Heaviside | Indexed) else expr.args


def nodes(expr):
    """The nodes of which the value of a formula is made, each once."""
    found, waiting = {}, [expr]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found[node] = None
            waiting += reversed(inside(node))
    return found


def says_something(expr, seen):
    """Whether a formula that was 0 at every point consists of numbers that were not: 1 - Σ p, or ∂(Σ p)/∂z."""

    @cache
    def says(node):
        if node in seen.nonzero:
            return True
        if isinstance(node, sp.Derivative):
            return not seen.moved.isdisjoint(nodes(node.args[0]))
        parts = inside(node)
        return bool(parts) and (all if node.is_Mul else any)(map(says, parts))

    return says(expr)


def unmet(expr, seen):
    """The conditions that held at no point and without which a part of the formula was not compared."""
    found = {}
    for node in nodes(expr):
        if node in seen.met:
            found |= dict.fromkeys(condition for condition in conditions(node, seen) if condition != sp.true)
    return [*found]


def conditions(node, seen):
    """What would have to hold for a node that was met to count."""
    if isinstance(node, sp.Piecewise):
        before = sp.false
        for number, (_, condition) in enumerate(node.args):
            if (node, number) not in seen.taken:
                yield sp.And(sp.Not(before), condition)
            before = sp.Or(before, condition)
    elif isinstance(node, sp.Max | sp.Min):
        beats = sp.Gt if isinstance(node, sp.Max) else sp.Lt
        for number, argument in enumerate(node.args):
            if (node, number) not in seen.taken:
                yield beats(argument, node.func(*node.args[:number], *node.args[number + 1:])).canonical
    elif isinstance(node, sp.Abs):
        for sign, relation in ((1, sp.Gt), (-1, sp.Lt)):
            if (node, sign) not in seen.taken:
                yield relation(node.args[0], 0).canonical
    elif isinstance(node, sp.Sum | sp.Product):
        if node.function not in seen.met:
            yield sp.And(*(sp.Le(low, high) for _, low, high in node.limits))
    elif node in seen.nonzero:
        return
    elif isinstance(node, sp.KroneckerDelta):
        yield sp.Eq(*node.args[:2])
    elif isinstance(node, sp.Heaviside):
        yield sp.Gt(node.args[0], 0)
    elif isinstance(node, Indexed) and not hasattr(node, "law"):
        yield sp.Ne(node, 0)
    elif isinstance(node, sp.Derivative) and not says_something(node, seen) and any(
            is_made_of(node.args[0], variable) for variable in node.variables):
        yield sp.Ne(node, 0)
