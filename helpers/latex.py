"""LaTeX of a formula exactly as its author wrote it: no sorting, no rewriting."""

from __future__ import annotations

import re

import sympy as sp
from sympy.functions.elementary.hyperbolic import HyperbolicFunction
from sympy.functions.elementary.trigonometric import TrigonometricFunction
from sympy.printing.latex import LatexPrinter

BARE = (sp.Symbol, sp.Indexed)  # what a logarithm takes without brackets
SIMPLE = (*BARE, sp.core.function.AppliedUndef)  # what a derivative takes into its fraction
FRACTION = re.compile(r"\\frac{\d+}{\d+}")  # after a whole number it would look like a mixed one


class BookPrinter(LatexPrinter):
    """SymPy's printer with the book's conventions for sums, fractions, subscripts and derivatives."""

    def __init__(self):
        super().__init__({"order": "none", "fold_short_frac": False})

    # ------------------------------------------------ sums and products
    def _print_Add(self, expr, order=None):
        text = ""
        for place, term in enumerate(expr.args):
            negative, rest = self.without_sign(term)
            part = self._print(rest)
            if (self.is_loose(rest) or part.startswith("-")) and (place or negative):
                part = self.bracketed(part)
            text += (" - " if negative else " + ") + part if place else ("-" if negative else "") + part
        return text

    def without_sign(self, term):
        """(True, t) if the term is written -t, else (False, term)."""
        if term.is_Number and term.is_negative:
            return True, -term
        if term.is_Mul:
            negative, first = self.without_sign(term.args[0])
            kept = [*([] if first == 1 else [first]), *term.args[1:]]
            if negative and kept:
                return True, kept[0] if len(kept) == 1 else sp.Mul(*kept, evaluate=False)
        return False, term

    def _print_Mul(self, expr):
        negative, rest = self.without_sign(expr)
        if negative:
            text = self._print(rest)
            return "-" + (self.bracketed(text) if self.is_loose(rest) or text.startswith("-") else text)
        numbers, above, below = self.split(expr)
        before = "".join((self._print(q) if q > 0 else self.bracketed(self._print(q))) + " " for q in numbers)
        if not below:
            return before + self.row(above, alone=not before)
        if before and not above:
            return before + rf"\frac{{1}}{{{self.row(below)}}}"
        return before + rf"\frac{{{self.row(above) if above else '1'}}}{{{self.row(below)}}}"

    @staticmethod
    def split(expr):
        """The factors of a product: fractions such as 1/2, what stands above the line, what stands below."""
        numbers, above, below = [], [], []
        for factor in expr.args:
            if factor.is_Rational and factor.q != 1:
                numbers.append(factor)
            elif factor.is_Pow and factor.exp.is_Rational and factor.exp.is_negative and factor.base is not sp.E:
                below.append(factor.base if factor.exp == -1 else sp.Pow(factor.base, -factor.exp, evaluate=False))
            else:
                above.append(factor)
        return numbers, above, below

    def row(self, factors, alone=True):
        """Factors side by side, bracketed where they need it; `alone` if nothing stands before them."""
        if len(factors) == 1 and alone:
            return self._print(factors[0])
        parts = [] if alone else [""]
        for place, factor in enumerate(factors):
            last = place == len(factors) - 1
            text = self._print(factor)
            if self.is_loose(factor) or parts and text.startswith("-") or self.is_open(factor) and not last:
                text = self.bracketed(text)
            if parts and (text[0].isdigit() or parts[-1][-1:].isdigit() and FRACTION.match(text)):
                text = r"\cdot " + text
            parts.append(text)
        return " ".join(parts).lstrip()

    @staticmethod
    def is_loose(expr):
        """Whether the expression needs brackets as a factor or as a term."""
        return expr.is_Add or isinstance(expr, sp.Mod)

    def is_open(self, factor):
        """Whether what follows the factor would be read as belonging to it."""
        if factor.is_Mul:
            _, above, below = self.split(factor)
            return bool(above) and not below and self.is_open(above[-1])
        if isinstance(factor, sp.Derivative):
            return not isinstance(factor.expr, SIMPLE)
        if isinstance(factor, sp.log):
            return isinstance(factor.args[0], BARE)
        return isinstance(factor, sp.Sum | sp.Product | sp.Integral | sp.Limit | sp.Piecewise)

    @staticmethod
    def bracketed(text):
        return rf"\left({text}\right)"

    def raised(self, text, exponent):
        """The text to a power; W^{(1)} has its superscript already."""
        return rf"{self.bracketed(text) if '^' in text else text}^{{{self._print(exponent)}}}"

    def _print_Pow(self, expr):
        base, exponent = expr.args
        if base is sp.E:
            return rf"e^{{{self._print(exponent)}}}"
        if exponent == sp.Rational(1, 2):
            return rf"\sqrt{{{self._print(base)}}}"
        if exponent.is_Rational and exponent.is_negative:
            below = base if exponent == -1 else sp.Pow(base, -exponent, evaluate=False)
            return rf"\frac{{1}}{{{self._print(below)}}}"
        if isinstance(base, HyperbolicFunction | TrigonometricFunction) and exponent.is_Integer and exponent > 1:
            return self._print(base, exp=self._print(exponent))  # tanh² x
        text = self._print(base)
        if isinstance(base, (*SIMPLE, sp.KroneckerDelta)) or base.is_Integer and base >= 0:
            return self.raised(text, exponent)
        return rf"{self.bracketed(text)}^{{{self._print(exponent)}}}"

    def _print_Sum(self, expr):
        return self.over(expr, r"\sum")

    def _print_Product(self, expr):
        return self.over(expr, r"\prod")

    def over(self, expr, sign):
        text = ""
        for name, low, high in reversed(expr.limits):
            if (low, high) == (-sp.oo, sp.oo):
                text += rf"{sign}_{{{self._print(name)} \in \mathbb{{Z}}}} "
            else:
                text += rf"{sign}_{{{self._print(name)}={self._print(low)}}}^{{{self._print(high)}}} "
        return text + self.body(expr)

    def body(self, expr):
        """What stands under the sign of a sum or integral; where SymPy evaluates nothing, it puts 1s before."""
        body = expr.function
        while body.is_Mul and body.args[0] == 1 and len(body.args) == 2:
            body = body.args[1]
        text = self._print(body)
        return self.bracketed(text) if self.is_loose(body) or text.startswith("-") else text

    def _print_Integral(self, expr):
        signs = [r"\int" + (rf"_{{{self._print(ends[0])}}}^{{{self._print(ends[1])}}} " if ends else " ")
                 for _, *ends in reversed(expr.limits)]
        return "".join(signs) + self.body(expr) + "".join(rf"\, d{self._print(name)}" for name, *_ in expr.limits)

    # ------------------------------------------------ names and functions
    def _print_Symbol(self, expr, style="plain"):
        text = super()._print_Symbol(expr, style)
        return text if "{" in expr.name else re.sub(r"(?<![\\A-Za-z])[A-Za-z]{2,}", r"\\mathrm{\g<0>}", text)

    def _print_Indexed(self, expr):
        name = self._print(expr.args[0])
        return rf"{self.bracketed(name) if '_' in name else name}_{{{self.subscripts(expr.args[1:])}}}"

    def subscripts(self, expressions):
        """Names and digits side by side, i j; with commas if there is more to them: i, j + 1."""
        plain = all(e.is_Symbol or e.is_Integer and 0 <= e <= 9 for e in expressions)
        return (" " if plain else ", ").join(map(self._print, expressions))

    def _print_IndexedBase(self, expr):
        return self._print(expr.label)

    def _print_KroneckerDelta(self, expr, exp=None):
        return rf"\delta_{{{self.subscripts(expr.args[:2])}}}"

    def _print_Derivative(self, expr):
        variables = [(self._print(v), count.doit()) for v, count in expr.variable_count]
        total = sum(count for _, count in variables)
        power = "" if total == 1 else f"^{{{self._print(total)}}}"
        below = " ".join(r"\partial " + (v if count == 1 else self.raised(v, count)) for v, count in variables)
        if isinstance(expr.expr, SIMPLE):
            return rf"\frac{{\partial{power} {self._print(expr.expr)}}}{{{below}}}"
        return rf"\frac{{\partial{power}}}{{{below}}} {self.bracketed(self._print(expr.expr))}"

    def _print_AppliedUndef(self, expr, exp=None):
        function = expr.func
        of, order = getattr(function, "of", function), getattr(function, "order", 0)
        primes = "'" * order if order < 4 else rf"^{{({order})}}"
        arguments = ", ".join(map(self._print, expr.args))
        return rf"{self._print(sp.Symbol(of.__name__))}{primes}{{{self.bracketed(arguments)}}}"

    def _print_Function(self, expr, exp=None):
        if isinstance(expr, sp.core.function.AppliedUndef):
            return self._print_AppliedUndef(expr)
        return super()._print_Function(expr, exp)

    def _print_ExpBase(self, expr, exp=None):
        return rf"e^{{{self._print(expr.args[0])}}}"

    def _print_log(self, expr, exp=None):
        argument, *base = map(self._print, expr.args)
        name = rf"\log_{{{base[0]}}}" if base else r"\log"
        return rf"{name} {argument}" if isinstance(expr.args[0], BARE) else name + self.bracketed(argument)


def latex(expr) -> str:
    """The expression as LaTeX, in the author's order."""
    with sp.evaluate(True):  # also within a derivation, where SymPy evaluates nothing
        return BookPrinter().doprint(expr)
