r"""The printed line says what the formula says: the LaTeX, read back, has the formula's value.

The reader (latex_reader.py) knows nothing of the printer; the value of a formula comes from
oracle.py, which knows nothing of either.
"""

import random
from functools import cache

import mpmath
import oracle
import pytest
import sympy as sp
from book_ext.katex import render_latex
from latex_reader import Meaning, Unclear, read

from helpers.language import prime
from helpers.latex import latex

TREES, RENDERED = 3000, 300
KATEX = {"throwOnError": True, "strict": "error", "displayMode": True}

x, y, c = sp.symbols("x y c")
bias = sp.Symbol("b^{(1)}")
K, M = sp.symbols("K M", integer=True, positive=True)
i, j, k, m, n = sp.symbols("i j k m n", integer=True)
z, W, V = (sp.IndexedBase(name) for name in ("z", "W", "W^{(1)}"))
sigma = sp.Function("sigma")
NAMES = {name: 0 for name in ("x", "y", "c", "b^{(1)}", "K", "M", "i", "j", "k", "m", "n")}
NAMES |= {"z": 1, "W": 2, "W^{(1)}": 2, r"\sigma": "function"}


MANY = oracle.digits(60)


# --- the same numbers for both --------------------------------------------------------------------


def numbers(seed, ctx):
    """A point for the oracle and the same one for the reader."""
    rng, f = random.Random(seed), ctx.mpf
    draw = lambda: f(rng.randint(20, 180)) / 100
    values = {x: draw(), y: draw(), c: draw(), bias: draw(), K: rng.randint(2, 3), M: 2, i: rng.randint(1, 2), j: 1}
    table = {at: draw() for at in [(a,) for a in range(-4, 9)] + [(a, b) for a in range(-4, 9) for b in range(-4, 9)]}
    shift = lambda base: f(len(str(base))) / 10
    wave = lambda v, order=0: ctx.sin(v + f(3) / 10 + order * ctx.pi / 2)
    point = oracle.Point(ctx, rule=lambda base, at: table[at] + shift(base))
    point.symbols.update(values)
    point.functions.update({sigma if not order else prime(sigma, order):
                            lambda v, order=order: wave(v, order) for order in range(5)})
    entries = {str(b.label): lambda *at, b=b: table[at] + shift(b.label) for b in (z, W, V)}
    return point, Meaning({latex(s): v for s, v in values.items()}, entries, {r"\sigma": wave}, ctx=ctx)


def disagreement(tree, seed):
    """None if the LaTeX of the tree reads as the tree; "skip" if the tree has no value; else what is wrong."""
    text = latex(tree)
    try:
        back = read(text, NAMES)
    except Unclear as error:
        return f"{error}"
    for ctx in [MANY] if tree.has(sp.Derivative) else [mpmath.fp, MANY]:
        point, meaning = numbers(seed, ctx)
        try:
            meant = point.number(tree)
        except (oracle.Undefined, OverflowError, ZeroDivisionError):
            return "skip"
        if abs(meant) > 1e30:
            return "skip"
        said = meaning.value(back)
        if abs(said - meant) <= 1e-8 * (1 + abs(meant)):
            return None
    return f"{text}\nreads as {mpmath.nstr(said)}, but {sp.srepr(tree)}\nis {mpmath.nstr(meant)}"


# --- trees as nobody would write them -------------------------------------------------------------


class Trees:
    """Random trees that SymPy leaves as they are."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.pick, self.chance = self.random.choice, self.random.random

    def grow(self, count):
        with sp.evaluate(False):
            return [self.some(self.pick((2, 3, 3, 4)), (i, j)) for _ in range(count)]

    def leaf(self, names):
        return self.pick(self.leaves(self.pick(names), self.pick(names)))

    @staticmethod
    @cache
    def leaves(a, b):
        return [
            x, y, c, x, bias, z[a], z[b], z[a + 1], z[K - 1], z[2 * a], z[1], W[a, b], W[a, 1], W[a + 1, b], W[1, 2],
            V[a, b], V[b, a], sp.KroneckerDelta(a, b), sp.KroneckerDelta(a, b + 1), sp.KroneckerDelta(a, -1),
            sp.Integer(2), sp.Integer(3), sp.Integer(1), sp.Integer(-1), sp.Integer(-2), sp.Integer(12),
            sp.Rational(1, 2), sp.Rational(-1, 3), sp.Rational(5, 2), K, a, sigma(x), sp.exp(-x), sp.exp(z[a]), sp.E,
            sp.pi]

    def positive(self, depth, names):
        return self.pick([x, y, z[1], sp.Integer(2), sp.exp(self.some(depth - 1, names)),
                          sp.Add(1, sp.Pow(self.some(depth - 1, names), 2))])

    def some(self, depth, names):
        if depth <= 0 or self.chance() < 0.08:
            return self.leaf(names)
        return self.pick(KINDS)(self, depth - 1, names)

    def several(self, depth, names, count=(2, 2, 3)):
        return [self.some(depth, names) for _ in range(self.pick(count))]

    def add(self, d, names):
        return sp.Add(*self.several(d, names))

    def subtract(self, d, names):
        return self.some(d, names) - self.some(d, names)

    def multiply(self, d, names):
        return sp.Mul(*self.several(d, names))

    def minus(self, d, names):
        return -self.some(d, names)

    def divide(self, d, names):
        return self.some(d, names) / self.some(d, names)

    def divide_twice(self, d, names):
        return self.some(d, names) / self.some(d, names) * self.some(d, names) / self.pick([2, x, -3])

    def half(self, d, names):
        return self.pick([sp.Rational(1, 2), sp.Rational(-3, 2), -1, -2, 2]) * self.some(d, names)

    def halved(self, d, names):
        return self.some(d, names) * self.pick([sp.Rational(1, 2), sp.Rational(-3, 2), sp.Integer(-1), sp.Integer(2)])

    def inverse(self, d, names):
        return sp.Pow(self.some(d, names), self.pick([-1, -1, -2]))

    def square(self, d, names):
        return sp.Pow(self.some(d, names), self.pick([2, 2, 3, 1, 0]))

    def root(self, d, names):
        return sp.Pow(self.positive(d, names), self.pick([1, -1]) * sp.Rational(1, self.pick([2, 2, 3])))

    def power(self, d, names):
        return sp.Pow(self.positive(d, names), self.some(d, names))

    def apply(self, d, names):
        function = self.pick([sp.exp, sp.exp, sp.exp, sp.tanh, sp.cosh, sigma, prime(sigma), prime(sigma, 2),
                              prime(sigma, 4), sp.Abs, sp.floor])
        return function(self.some(d, names))

    def log(self, d, names):
        return sp.log(self.positive(d, names))

    def over(self, d, names):
        name = self.pick([k, m, n])
        range_ = self.pick([(name, 1, K), (name, 1, K), (name, 1, M), (name, 2, K), (name, 1, K - 1), (name, 0, K - 1)])
        return self.pick([sp.Sum, sp.Sum, sp.Product])(self.some(d, (*names, name, name)), range_)

    def double(self, d, names):
        return sp.Sum(self.some(d, (*names, k, m)), (k, 1, m), (m, 1, K))

    def slope(self, d, names):
        entry = self.pick([x, x, z[1], z[i], V[i, j], bias, c])
        return sp.Derivative(self.some(d, names), *self.pick([[entry], [entry], [entry], [(entry, 2)], [entry, y]]))

    def largest(self, d, names):
        arguments = self.several(d, names)
        with sp.evaluate(True):  # else SymPy stumbles when it sorts the arguments
            return self.pick([sp.Max, sp.Min])(*arguments, evaluate=False)

    def cases(self, d, names):
        return sp.Piecewise((self.some(d, names), sp.Gt(x, 1)), (self.some(d, names), True))

    def at(self, d, names):
        return sp.Subs(self.some(d, names), x, self.positive(d, names))


KINDS = [Trees.add, Trees.subtract, Trees.multiply, Trees.minus, Trees.divide, Trees.half] * 3 + [
    Trees.multiply, Trees.halved, Trees.divide_twice, Trees.inverse, Trees.square, Trees.square, Trees.root,
    Trees.power, Trees.apply, Trees.apply, Trees.log, Trees.over, Trees.over, Trees.double, Trees.slope,
    Trees.largest, Trees.cases, Trees.at]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_trees_are_read_as_they_were_meant(seed):
    trees = Trees(seed).grow(TREES // 3)
    found = [disagreement(tree, number) for number, tree in enumerate(trees)]
    wrong = sorted({text for text in found if text not in (None, "skip")}, key=len)
    assert not wrong, f"{len(wrong)} of {len(trees)}:\n\n" + "\n\n".join(wrong[:5])
    assert found.count("skip") < len(trees) / 10


def test_random_trees_are_typeset_by_katex():
    for tree in Trees(7).grow(RENDERED):
        render_latex(latex(tree), KATEX)

