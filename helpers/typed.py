"""A formula as a reader would type it: the input syntax of `answers`, from SymPy's trees."""

from __future__ import annotations

import sympy as sp
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from .answers import FUNCTIONS, SEVERAL, NotUnderstood, parse

CALLS = {function: name for name, function in reversed((FUNCTIONS | SEVERAL).items())}
CONSTANTS = {sp.E: "e", sp.pi: "pi", sp.oo: "oo", -sp.oo: "-oo"}


class Unspeakable(ValueError):
    """A part of a formula that cannot be typed: it has no name, or the input syntax has no such thing."""


def typed(expr, names):
    """The text that `parse(text, names)` reads as this formula; `Unspeakable` where there is none."""
    text = Typist(names).doprint(expr)
    try:
        same = rebuilt(parse(text, names, derivatives=True)) == rebuilt(expr)
    except NotUnderstood as error:
        raise Unspeakable(str(error)) from None
    if not same:
        raise Unspeakable(f"{text} is read as another formula")
    return text


def rebuilt(expr):
    """A formula as SymPy writes it down when it may evaluate."""
    if not expr.args or isinstance(expr, sp.IndexedBase):
        return expr
    with sp.evaluate(True):
        return expr.func(*map(rebuilt, expr.args))


class Typist(StrPrinter):
    """SymPy's own printer of text, with the names of an exercise."""

    printmethod = "_typed"  # not the trees' own `_sympystr`, which know other names

    def __init__(self, names):
        super().__init__({"order": "none"})
        self.names = names

    def emptyPrinter(self, expr):
        raise Unspeakable(f"{type(expr).__name__} cannot be typed")

    def named(self, thing, table):
        """The first name of a thing that is clear."""
        for name, other in table.items():
            if other == thing and name not in self.names.unclear:
                return name
        raise Unspeakable(f"{thing} has no name")

    def listed(self, parts):
        return ", ".join(map(self._print, parts))

    def call(self, name, arguments):
        return f"{name}({self.listed(arguments)})"

    def _print_Symbol(self, expr):
        return self.named(expr, self.names.numbers)

    def _print_Indexed(self, expr):
        return f"{self.named(expr.base, self.names.tensors)}[{self.listed(expr.indices)}]"

    def _print_KroneckerDelta(self, expr):
        return self.call("δ", expr.args[:2])

    def _print_Sum(self, expr):
        limits = [f"({self.listed(limit)})" for limit in expr.limits]
        return f"Sum({', '.join([self._print(expr.function), *limits])})"

    def _print_Derivative(self, expr):
        return self.call("D", [expr.expr, *(name for name, count in expr.variable_count for _ in range(int(count)))])

    def _print_Function(self, expr):
        if expr.func in CALLS:
            return self.call(CALLS[expr.func], expr.args)
        if not isinstance(expr, sp.core.function.AppliedUndef):
            return self.emptyPrinter(expr)
        function, order = getattr(expr.func, "of", expr.func), getattr(expr.func, "order", 0)
        return self.call(self.named(function, self.names.functions) + "'" * order, expr.args)

    _print_Max = _print_Min = _print_Abs = _print_ExpBase = _print_log = _print_sign = _print_Function

    def _print_Pow(self, expr, rational=False):
        if expr.exp == -1:
            return f"1/{self.parenthesize(expr.base, PRECEDENCE['Pow'])}"
        return f"{self.parenthesize(expr.base, PRECEDENCE['Pow'])}^{self.parenthesize(expr.exp, PRECEDENCE['Pow'])}"

    def _print_Constant(self, expr):
        return CONSTANTS[expr]

    _print_Exp1 = _print_Pi = _print_Infinity = _print_NegativeInfinity = _print_Constant
