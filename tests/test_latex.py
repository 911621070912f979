r"""The printed line says what the formula says: the LaTeX, read back, has the formula's value.

The reader (latex_reader.py) knows nothing of the printer; the value of a formula comes from
oracle.py, which knows nothing of either.
"""

import random
from contextlib import suppress
from functools import cache

import mpmath
import oracle
import pytest
import sympy as sp
from book_ext.katex import render_latex
from latex_reader import Meaning, Unclear, read

from helpers.language import Σ, D, activation, define, indices, prime, sizes, tensors, δ
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
        found = []
        while len(found) < count:
            with sp.evaluate(False), suppress(TypeError):  # SymPy stumbles when it sorts some arguments of Max
                found.append(self.some(self.pick((2, 3, 3, 4)), (i, j)))
        return found

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


# --- the forms of the book ------------------------------------------------------------------------


def lines(table):
    """The pairs of a table whose lines read `left  =>  right`."""
    return [tuple(line.split("  =>  ")) for line in table.strip().splitlines()]


def vocabulary():
    """The names with which the forms below are written."""
    K, M = sizes("K M")
    i, j, k = indices("i j k", K)
    x, z, W, W1, b1, h = tensors("x z W W^{(1)} b^{(1)} h_t")
    p = define("p", i, sp.exp(z[i]) / Σ(sp.exp(z[k]), k))
    names = {"K": K, "M": M, "i": i, "j": j, "k": k, "m": indices("m", M), "d": indices("d", 3), "n": indices("n")}
    names |= {name: sp.Symbol(name) for name in "abcs"} | {"x": x, "z": z, "W": W, "W1": W1, "b1": b1, "h": h, "p": p}
    names |= {"L": define("L", Σ(sp.log(p[k]), k)), "L_CE": define("L_CE", sp.Symbol("a")), "σ": activation("sigma")}
    names["relu"] = sp.Piecewise((names["a"], names["a"] > 0), (0, True))
    return {**vars(sp), **names, "Σ": Σ, "δ": δ, "D": D, "prime": prime}


FORMS = r"""
a + b + c  =>  a + b + c
(a - b) + c  =>  a - b + c
a + (b - c)  =>  a + \left(b - c\right)
a - (b + c)  =>  a - \left(b + c\right)
-(a + b)  =>  -\left(a + b\right)
-a * b / c  =>  -\frac{a b}{c}
-(a + b) / c  =>  -\frac{a + b}{c}
a - 2 * b  =>  a - 2 b
a + b * (-2)  =>  a + b \left(-2\right)
2 * a * 3  =>  2 a \cdot 3
2 * (Rational(1, 2) * a)  =>  2 \cdot \frac{1}{2} a
Rational(1, 2) * a  =>  \frac{1}{2} a
a / 2  =>  \frac{a}{2}
-a / 2  =>  -\frac{a}{2}
a / b * c / d  =>  \frac{\frac{a}{b} c}{d}
a / (b / c)  =>  \frac{a}{\frac{b}{c}}
1 / (1 + exp(-a))  =>  \frac{1}{1 + e^{-a}}
a**-1  =>  \frac{1}{a}
(-a)**2  =>  \left(-a\right)^{2}
-a**2  =>  -a^{2}
(a / b)**2  =>  \left(\frac{a}{b}\right)^{2}
a**Rational(1, 2) * b  =>  \sqrt{a} b
1 / sqrt(a)  =>  \frac{1}{\sqrt{a}}
exp(-(a - b)**2 / 2)  =>  e^{-\frac{\left(a - b\right)^{2}}{2}}
exp(a)**2  =>  \left(e^{a}\right)^{2}
x[i]**2 + x[k + 1] + x[K - 1]  =>  x_{i}^{2} + x_{k + 1} + x_{K - 1}
W[m, d] * W[m, 2] * W[1, 12] * W[m, d + 1]  =>  W_{m d} W_{m 2} W_{1, 12} W_{m, d + 1}
W1[m, d]**2 - b1[m]**2  =>  \left(W^{(1)}_{m d}\right)^{2} - \left(b^{(1)}_{m}\right)^{2}
h[i]**2  =>  \left(h_{t}\right)_{i}^{2}
δ(i, j) * δ(i, j + 1) * δ(i, 1)**2  =>  \delta_{i j} \delta_{i, j + 1} \delta_{i 1}^{2}
p[i] * (δ(i, j) - p[j])  =>  p_{i} \left(\delta_{i j} - p_{j}\right)
Σ(x[i] * a, i) * b  =>  \left(\sum_{i=1}^{K} x_{i} a\right) b
b * Σ(x[i] * a, i)  =>  b \sum_{i=1}^{K} x_{i} a
Σ(x[i] + a, i) - Σ(-x[i], i)  =>  \sum_{i=1}^{K} \left(x_{i} + a\right) - \sum_{i=1}^{K} \left(-x_{i}\right)
Σ(x[i], i)**2  =>  \left(\sum_{i=1}^{K} x_{i}\right)^{2}
a * Σ(W[i, j], i, j)  =>  a \sum_{j=1}^{K} \sum_{i=1}^{K} W_{i j}
Σ(x[n], n)  =>  \sum_{n \in \mathbb{Z}} x_{n}
Product(x[i], (i, 1, K)) * a  =>  \left(\prod_{i=1}^{K} x_{i}\right) a
log(a) * b  =>  \left(\log a\right) b
b * log(p[i])  =>  b \log p_{i}
log(1 - a)  =>  \log\left(1 - a\right)
log(a, 2)  =>  \log_{2} a
tanh(a)**2  =>  \tanh^{2}{\left(a \right)}
1 - tanh(a)**2  =>  1 - \tanh^{2}{\left(a \right)}
σ(a) * (1 - σ(a))  =>  \sigma{\left(a\right)} \left(1 - \sigma{\left(a\right)}\right)
prime(σ)(a) * prime(σ, 2)(x[i])  =>  \sigma'{\left(a\right)} \sigma''{\left(x_{i}\right)}
σ(a)**2  =>  \sigma{\left(a\right)}^{2}
D(p[i], z[j])  =>  \frac{\partial p_{i}}{\partial z_{j}}
D(L, W1[m, d])  =>  \frac{\partial L}{\partial W^{(1)}_{m d}}
D(a**2 * b, a)  =>  \frac{\partial}{\partial a} \left(a^{2} b\right)
D(a * b, a) * c  =>  \left(\frac{\partial}{\partial a} \left(a b\right)\right) c
c * D(a + b, a, b)  =>  c \frac{\partial^{2}}{\partial a \partial b} \left(a + b\right)
D(L, z[i], z[j])  =>  \frac{\partial^{2} L}{\partial z_{i} \partial z_{j}}
D(L, W1[m, d], W1[m, d])  =>  \frac{\partial^{2} L}{\partial \left(W^{(1)}_{m d}\right)^{2}}
D(σ(a), a)  =>  \frac{\partial \sigma{\left(a\right)}}{\partial a}
Max(a, 0)  =>  \max\left(0, a\right)
Abs(a - b)  =>  \left|{a - b}\right|
floor(a / 2)  =>  \left\lfloor{\frac{a}{2}}\right\rfloor
Piecewise((a, a > 0), (0, True))  =>  \begin{cases} a & \text{for}\: a > 0 \\0 & \text{otherwise} \end{cases}
relu * b  =>  \left(\begin{cases} a & \text{for}\: a > 0 \\0 & \text{otherwise} \end{cases}\right) b
Integral(1 + exp(s), (s, 0, a)) * b  =>  \left(\int_{0}^{a} \left(1 + e^{s}\right)\, ds\right) b
Limit(a / b, b, oo)  =>  \lim_{b \to \infty}\left(\frac{a}{b}\right)
Sum(a * x[k], (k, 2, K - 1))  =>  \sum_{k=2}^{K - 1} a x_{k}
Sum(W[m, k], (k, 1, m), (m, 1, M))  =>  \sum_{m=1}^{M} \sum_{k=1}^{m} W_{m k}
Subs(a * b, a, 0)  =>  \left. a b \right|_{\substack{ a=0 }}
Matrix([[p[1], -a], [0, 1]])  =>  \left[\begin{matrix}p_{1} & -a\\0 & 1\end{matrix}\right]
L_CE + Symbol("loss")  =>  L_{\mathrm{CE}} + \mathrm{loss}
W[m, d] * exp(x[d])  =>  W_{m d} e^{x_{d}}
"""


@pytest.mark.parametrize(("written", "printed"), lines(FORMS))
def test_a_form_of_the_book_is_printed_as_it_was_written(written, printed):
    with sp.evaluate(False):
        formula = eval(written, vocabulary())
    assert latex(formula) == printed
    render_latex(printed, KATEX)


# --- the reader itself ----------------------------------------------------------------------------

SAYS = r"""
1 - 2 - 3  =>  -4
2 \cdot 3 + 1  =>  7
2 3  =>  23
-3^{2}  =>  -9
2^{-1}  =>  0.5
\frac{6}{2} \cdot 5  =>  15
\sum_{k=1}^{3} k x + 1  =>  13
2 \sum_{k=1}^{3} k x  =>  24
\left(\sum_{k=1}^{3} k\right) x  =>  12
\sum_{k=1}^{2} \sum_{m=1}^{k} m  =>  4
\prod_{k=1}^{3} k + 1  =>  7
z_{1} + z_{x}  =>  3
W_{12}  =>  12
W_{1, 2}  =>  12
W_{1 x}  =>  12
W^{(1)}_{x 1}  =>  121
\delta_{x 2} + \delta_{x 1}  =>  1
\frac{\partial}{\partial x} \left(x^{3}\right)  =>  12
\frac{\partial^{2}}{\partial x^{2}} \left(x^{3}\right)  =>  12
\frac{\partial z_{1}}{\partial z_{1}} + \frac{\partial z_{1}}{\partial z_{2}}  =>  1
\sigma'{\left(x\right)}  =>  4
\log\left(e^{x}\right) x  =>  4
3 \log x - 3 \log\left(2\right)  =>  0
\log_{2} x  =>  1
\sqrt{x x}  =>  2
\max\left(1, x\right) - \left|{1 - x}\right|  =>  1
\left\lfloor{\frac{7}{x}}\right\rfloor  =>  3
\begin{cases} 1 & \text{for}\: x > 2 \\5 & \text{otherwise} \end{cases}  =>  5
\tanh^{2}{\left(0 \right)}  =>  0
\int_{0}^{x} \left(1 + k\right)\, dk  =>  4
\lim_{k \to \infty} \frac{1 + x k}{k}  =>  2
\left. x^{2} \right|_{\substack{ x=3 }} + 1  =>  10
"""
UNCLEAR = r"""
x + -y
x - -y
--x
x -
x 2
2 \frac{1}{2}
x^{2}^{3}
W^{(1)}_{i j}^{2}
b^{(1)}^{2}
e^{x}^{2}
\frac{x}{y}^{2}
\log x y
\frac{\partial}{\partial x} \left(x\right) y
\frac{\partial^{2} x}{\partial x}
\begin{cases} 1 & \text{otherwise} \end{cases} x
\left(x
x\right)
{x + y} x
W_{i}
W_{i -1}
z_{i, j}
z
\sigma x
\tanh^{-1}{\left(x\right)}
loss
"""


@pytest.mark.parametrize(("text", "value"), lines(SAYS))
def test_the_reader_reads(text, value):
    entries = {"z": lambda i: i, "W": lambda i, j: 10 * i + j, "W^{(1)}": lambda i, j: 100 + 10 * i + j}
    square = lambda v, order: (v**2, 2 * v, 2)[order]
    meaning = Meaning({"x": 2}, entries, {r"\sigma": square}, ctx=MANY)
    assert float(meaning.value(read(text, NAMES))) == pytest.approx(float(value), abs=1e-9)


@pytest.mark.parametrize("text", UNCLEAR.strip().splitlines())
def test_the_reader_refuses_what_is_unclear(text):
    with pytest.raises(Unclear):
        read(text, NAMES)
