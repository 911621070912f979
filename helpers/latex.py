"""LaTeX of a formula exactly as its author wrote it: no sorting, no rewriting."""

from __future__ import annotations

import sympy as sp
from sympy.printing.latex import LatexPrinter

SIMPLE = (sp.Symbol, sp.Indexed, sp.core.function.AppliedUndef)


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
            if rest.is_Add or place and self.starts_with_minus(rest):
                part = rf"\left({part}\right)"
            text += (" - " if negative else " + ") + part if place else ("-" if negative else "") + part
        return text

    def without_sign(self, term):
        """(True, t) if the term is written -t, else (False, term)."""
        if term.is_Number and term.is_negative:
            return True, -term
        if term.is_Mul and term.args[0].is_Number and term.args[0].is_negative:
            first, *others = term.args
            kept = others if first == -1 else [-first, *others]
            return True, kept[0] if len(kept) == 1 else sp.Mul(*kept, evaluate=False)
        return False, term

    def starts_with_minus(self, expr):
        return self._print(expr).startswith("-")

    def _print_Mul(self, expr):
        negative, rest = self.without_sign(expr)
        if negative:
            text = self._print(rest)
            return "-" + (rf"\left({text}\right)" if rest.is_Add or text.startswith("-") else text)
        above, below, before = [], [], ""
        for factor in expr.args:
            if factor.is_Rational and factor.q != 1:
                before += rf"\frac{{{factor.p}}}{{{factor.q}}} " if factor.p > 0 else self.bracketed(factor) + " "
            elif factor.is_Pow and factor.exp.is_Rational and factor.exp.is_negative and factor.base is not sp.E:
                below.append(factor.base if factor.exp == -1 else sp.Pow(factor.base, -factor.exp, evaluate=False))
            else:
                above.append(factor)
        if not below:
            return before + self.row(above, alone=not before)
        if before and not above:
            return before + rf"\frac{{1}}{{{self.row(below)}}}"
        return before + rf"\frac{{{self.row(above) if above else '1'}}}{{{self.row(below)}}}"

    def row(self, factors, alone=True):
        """Factors side by side, bracketed where they need it; `alone` if nothing stands before them."""
        if not factors:
            return ""
        if len(factors) == 1 and alone:
            return self._print(factors[0])
        parts = [] if alone else [""]
        for place, factor in enumerate(factors):
            last = place == len(factors) - 1
            text = self._print(factor)
            if factor.is_Add or (parts and text.startswith("-")) or self.is_open(factor) and not last:
                text = rf"\left({text}\right)"
            if parts and text[:1].isdigit():
                text = r"\cdot " + text
            parts.append(text)
        return " ".join(parts).lstrip()

    def is_open(self, factor):
        """Whether what follows the factor would be read as belonging to it."""
        if factor.is_Mul:
            return self.is_open(factor.args[-1]) and not self.is_fraction(factor)
        return isinstance(factor, sp.Sum | sp.Product | sp.Integral | sp.Limit) or (
            isinstance(factor, sp.Derivative) and not isinstance(factor.expr, SIMPLE))

    @staticmethod
    def is_fraction(expr):
        return any(f.is_Pow and f.exp.is_Rational and f.exp.is_negative for f in expr.args)

    def bracketed(self, expr):
        return rf"\left({self._print(expr)}\right)"

    def _print_Pow(self, expr):
        base, exponent = expr.args
        if base is sp.E:
            return rf"e^{{{self._print(exponent)}}}"
        if exponent == sp.Rational(1, 2):
            return rf"\sqrt{{{self._print(base)}}}"
        if exponent.is_Rational and exponent.is_negative:
            below = base if exponent == -1 else sp.Pow(base, -exponent, evaluate=False)
            return rf"\frac{{1}}{{{self._print(below)}}}"
        atomic = base.is_Symbol or base.is_Integer and base >= 0
        if isinstance(base, sp.Indexed):  # x_i squared is x_i^2
            return rf"{self._print(base)}^{{{self._print(exponent)}}}"
        text = self._print(base)
        return rf"{text if atomic else self.bracketed(base)}^{{{self._print(exponent)}}}"

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
        body = expr.function
        inside = self._print(body)
        return text + (rf"\left({inside}\right)" if body.is_Add or inside.startswith("-") else inside)

    # ------------------------------------------------ names and functions
    def _print_Indexed(self, expr):
        base, *subscripts = expr.args
        parts = [self._print(s) for s in subscripts]
        plain = all(s.is_Symbol or s.is_Integer and s >= 0 for s in subscripts)
        return rf"{self._print(base)}_{{{(' ' if plain else ', ').join(parts)}}}"

    def _print_IndexedBase(self, expr):
        return self._print(expr.label)

    def _print_KroneckerDelta(self, expr, exp=None):
        i, j = (self._print(argument) for argument in expr.args[:2])
        between = " " if all(a.is_Symbol or a.is_Integer for a in expr.args[:2]) else ", "
        text = rf"\delta_{{{i}{between}{j}}}"
        return rf"{text}^{{{exp}}}" if exp else text

    def _print_Derivative(self, expr):
        total = sum(count for _, count in expr.variable_count)
        power = "" if total == 1 else rf"^{{{self._print(total)}}}"
        below = " ".join(rf"\partial {self._print(v)}" + ("" if count == 1 else rf"^{{{self._print(count)}}}")
                         for v, count in expr.variable_count)
        if isinstance(expr.expr, SIMPLE):
            return rf"\frac{{\partial{power} {self._print(expr.expr)}}}{{{below}}}"
        return rf"\frac{{\partial{power}}}{{{below}}} \left({self._print(expr.expr)}\right)"

    def _print_AppliedUndef(self, expr, exp=None):
        function = expr.func
        of, order = getattr(function, "of", function), getattr(function, "order", 0)
        primes = "'" * order if order < 4 else rf"^{{({order})}}"
        name = self._print(sp.Symbol(of.__name__)) + primes
        arguments = ", ".join(self._print(argument) for argument in expr.args)
        text = rf"{name}\left({arguments}\right)"
        return rf"{text}^{{{exp}}}" if exp else text

    def _print_Function(self, expr, exp=None):
        if isinstance(expr, sp.core.function.AppliedUndef):
            return self._print_AppliedUndef(expr, exp)
        return super()._print_Function(expr, exp)

    def _print_ExpBase(self, expr, exp=None):
        text = rf"e^{{{self._print(expr.args[0])}}}"
        return rf"\left({text}\right)^{{{exp}}}" if exp else text

    def _print_log(self, expr, exp=None):
        argument = expr.args[0]
        text = self._print(argument)
        text = rf"\log {text}" if isinstance(argument, SIMPLE[:2]) else rf"\log\left({text}\right)"
        return rf"\left({text}\right)^{{{exp}}}" if exp else text


def latex(expr) -> str:
    """The expression as LaTeX, in the author's order."""
    return BookPrinter().doprint(expr)
