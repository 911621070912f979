"""Slips of an author's pen, made on purpose: a formula with one small thing wrong in one place.

`slips` yields every such formula; `judge` asks the checker about one, and believes it only where the LaTeX of
both sides, read back by latex_reader.py, agrees with what it says.
"""

import random
from contextlib import suppress
from dataclasses import replace

import mpmath
import sympy as sp
from latex_reader import read
from lines import MANY, Reading, gap
from sympy.concrete.expr_with_intlimits import ExprWithIntLimits
from sympy.core.function import AppliedUndef

from helpers import check
from helpers.claim import scalar_claims
from helpers.language import Index, parts, prime
from helpers.latex import latex

HALF = sp.Rational(1, 2)
TOLD = 1e-12  # a fact holds at a counterexample, whose roots are told with 15 digits
ATTEMPTS = 300  # to find the numbers that a counterexample does not name, so that the facts hold
TINY = 1e-45  # a difference is measured by the sides themselves, however small they are
SAME = 1e-20  # both sides agree, as far as a difference quotient tells
ZERO = "num", "0"


# --- the slips: each yields (what was done, the part with the slip) -------------------------------


def signs_and_factors(node, scope):
    """A sign, a factor 2 or ½; a term or a factor forgotten."""
    if node.is_Number:
        yield from (("another number", node + step) for step in (1, -1))
        yield "a sign", -node
        return
    if not isinstance(node, sp.Expr):  # a case with its condition
        return
    yield from (("factor 2", 2 * node), ("factor ½", HALF * node), ("a sign", -node))
    if node.is_Add or node.is_Mul:
        for place, part in enumerate(node.args):
            rest = node.args[:place] + node.args[place + 1:]
            if node.is_Add:
                yield "a term forgotten", node.func(*rest)
                yield "a sign", node.func(*node.args[:place], -part, *rest[place:])
            elif not part.is_Number:
                yield f"{forgotten(part)} forgotten", node.func(*rest)


def forgotten(factor):
    """What a factor is called when it is missing."""
    if isinstance(factor, sp.KroneckerDelta):
        return "δ"
    return "σ′" if getattr(type(factor), "order", 0) else "a factor"


def subscripts(node, scope):
    """Subscripts transposed, off by one, or another index of the same range."""
    if not isinstance(node, sp.Indexed | sp.KroneckerDelta):
        return
    before = (node.base,) if isinstance(node, sp.Indexed) else ()
    at = node.args[len(before):]
    if before and len(at) == 2 and at[0] != at[1]:
        yield "transposed", node.func(*before, *at[::-1])
    for place, index in enumerate(at):
        put = lambda new, place=place: node.func(*before, *at[:place], new, *at[place + 1:])
        yield from (("index off by one", put(index + step)) for step in (1, -1) if not index.is_Number)
        for other in scope:
            if isinstance(index, Index) and other != index and other.upper == index.upper:
                yield "another index", put(other)


def ranges(node, scope):
    """A sum left out, a product in its place, its ends off by one."""
    if not isinstance(node, sp.Sum | sp.Product):
        return
    (index, low, high), *outer = node.limits
    yield f"{'Σ' if isinstance(node, sp.Sum) else 'Π'} forgotten", (
        node.func(node.function, *outer) if outer else node.function)
    yield "Π and Σ confused", (sp.Product if isinstance(node, sp.Sum) else sp.Sum)(*node.args)
    if low != -sp.oo:
        yield "a sum off by one", node.func(node.function, (index, low + 1, high), *outer)
        yield "a sum off by one", node.func(node.function, (index, low, high - 1), *outer)


def powers(node, scope):
    """An exponent off by one, a root for the number itself, a fraction upside down."""
    if isinstance(node, sp.Pow) and not isinstance(node, sp.exp):
        base, exponent = node.args
        if exponent == -1:
            yield "a root too many", base ** -HALF
            yield "upside down", base
        elif abs(exponent) == HALF:
            yield "a root forgotten", base ** (2 * exponent)
        else:
            yield from (("exponent off by one", base ** (exponent + step)) for step in (1, -1))


def functions(node, scope):
    """A function forgotten, the sign of its argument lost, σ and σ′ confused."""
    if not isinstance(node, sp.Function) or isinstance(node, sp.KroneckerDelta | sp.Piecewise) or len(node.args) != 1:
        return
    (argument,) = node.args
    yield "a function forgotten", argument
    yield "a sign inside", node.func(-argument)
    if isinstance(node, AppliedUndef):
        of, order = getattr(node.func, "of", node.func), getattr(node.func, "order", 0)
        if not hasattr(of, "over") or len(of.over) == 1:
            yield "σ and σ′ confused", prime(of)(argument) if order == 0 else of(argument)


def names(node, others):
    """Another tensor, or another letter, of the same formula: y for p."""
    if isinstance(node, sp.Indexed):
        yield from (("another letter", base[node.indices]) for base, rank in others
                    if rank == len(node.indices) and base != node.base)
    elif isinstance(node, sp.Symbol) and not node.is_integer:
        yield from (("another letter", symbol) for symbol, rank in others if rank == 0 and symbol != node)


SLIPS = (signs_and_factors, subscripts, ranges, powers, functions)


def slips(line):
    """[(what was done, the right side with that slip)] for every slip in every place of a line's right side."""
    sides = list(dict.fromkeys(node for side in (line.left, line.right) for node in parts(side)))
    entries = [node for node in sides if isinstance(node, sp.Indexed)]
    free = line.left.free_symbols | line.right.free_symbols
    letters = {s for s in free if not s.is_integer} - {node.base.label for node in entries}
    free = sorted((s for s in free if isinstance(s, Index)), key=str)
    others = {(node.base, len(node.indices)) for node in entries} | {(letter, 0) for letter in letters}
    others = sorted(others, key=lambda pair: (pair[1], str(pair[0])))
    seen, made = {line.left, line.right}, []  # a slip that makes one of the sides is none
    with sp.evaluate(False):
        for put, node, bound in places(line.right):
            found = [pair for slip in SLIPS for pair in slip(node, [*free, *bound])]
            for what, part in [*found, *names(node, others)]:
                with suppress(TypeError, ValueError):  # a name with other subscripts, say
                    formula = put(part)
                    if formula not in seen:
                        seen.add(formula)
                        made.append((what, formula))
    return made


def places(tree, put=lambda part: part, bound=()):
    """Yield (how to replace it, the part, the indices bound there) for every part of a formula."""
    yield put, tree, bound
    if isinstance(tree, ExprWithIntLimits | sp.Integral | sp.Derivative | sp.Subs | sp.Limit):
        inside = {0: (*bound, *(limit[0] for limit in getattr(tree, "limits", ()) if isinstance(limit[0], Index)))}
    elif isinstance(tree, sp.Pow) and tree.exp.is_Number:
        inside = {0: bound}
    elif isinstance(tree, sp.Indexed | sp.KroneckerDelta | sp.Symbol | sp.logic.boolalg.Boolean):
        inside = {}
    else:
        inside = {number: bound for number, part in enumerate(tree.args) if part != -1}
    for number, names in inside.items():
        rebuilt = lambda part, number=number: put(rebuild(tree, number, part))
        yield from places(tree.args[number], rebuilt, names)


def rebuild(tree, number, part):
    """The tree with another part in that place."""
    with sp.evaluate(isinstance(tree, sp.Sum | sp.Product)):  # else SymPy puts a factor 1 into a sum
        return tree.func(*tree.args[:number], part, *tree.args[number + 1:])


# --- the judgement --------------------------------------------------------------------------------


def judge(line, formula, seconds=10):
    """What becomes of the claim that the left side is `formula`: (fate, words).

    "refuted"; "equivalent", the slip does not matter; "empty", the claim is not accepted, or there is no point at
    which both sides are defined and not 0; or "survived". Logarithms and roots of negative numbers are the
    principal ones, as for the checker.
    """
    try:
        for claim in scalar_claims(line.left, formula, line.where, line.given):
            claim().refuse_bound()
    except (TypeError, ValueError) as error:
        return "empty", str(error)
    try:
        verdict = check(line.left, formula, where=line.where, given=line.given, seconds=seconds)
    except Exception as error:  # what is a claim, has a verdict
        return "survived", repr(error)
    reading = Reading(line.left, formula, line.where, line.given)
    sides = [read(latex(side), reading.names) for side in (line.left, formula)]
    if verdict.status == "refuted":
        points = (named_point(reading, verdict.counterexample) for _ in range(ATTEMPTS))
        meaning = next((meaning for seed, (meaning, fixed) in enumerate(points)
                        if reading.made_true(meaning, random.Random(seed), fixed, TOLD)), None)
        if meaning is None:
            return "survived", f"the facts do not hold at the counterexample: {verdict}"
        try:
            apart = gap(replace(meaning, principal=True), *sides, TINY)
        except ArithmeticError as error:
            return "survived", f"{error} at the counterexample: {verdict}"
        return ("refuted" if apart > SAME else "survived"), str(verdict)
    gaps, sizes = [], []
    for meaning in reading.points(0):
        with suppress(ArithmeticError):
            meaning = replace(meaning, principal=True)
            gaps.append(gap(meaning, *sides))
            sizes.append(gap(meaning, sides[0], ZERO))
    if verdict.status == "undecided" and not any(gaps + sizes):
        return "empty", str(verdict)
    equal = len(gaps) >= 3 and max(gaps) < SAME and verdict.status in ("proved", "checked")
    return ("equivalent" if equal else "survived"), str(verdict)


def named_point(reading, counterexample):
    """The point a verdict names, as a meaning, and what it names; other numbers are 0 in sequences, else anything."""
    meaning, fixed = reading.draw(0), set()
    for name in reading.sequences & meaning.entries.keys():
        meaning.entries[name].draw = lambda *at: MANY.mpf(0)
    for key, value in counterexample.items():
        if isinstance(key, sp.Indexed):
            name, at = latex(key.base), tuple(map(int, key.indices))
            meaning.entries[name][at] = number(value)
            fixed.add((name, at))
        elif isinstance(key, sp.Symbol):
            meaning.numbers[latex(key)] = number(value)
            fixed.add(("", latex(key)))
        elif not isinstance(key, str):
            meaning.functions[latex(sp.Symbol(key.__name__))] = Program(value)
    return meaning, fixed


def number(value):
    """A SymPy number with many digits; an integer as it is."""
    return int(value) if value.is_Integer else MANY.mpf(sp.N(value, MANY.dps))


class Program:
    """A function of a counterexample, a SymPy Lambda, with its derivatives: f(x, n)."""

    def __init__(self, function):
        self.variables, self.formula, self.made = function.variables, function.expr, {}

    def __call__(self, *values):
        *values, order = values
        if order not in self.made:
            slope = self.formula.diff(self.variables[0], order) if order else self.formula
            self.made[order] = sp.lambdify(self.variables, slope, "mpmath")
        with mpmath.workdps(MANY.dps):
            return MANY.mpf(self.made[order](*map(mpmath.mpf, values)))
