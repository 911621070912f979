"""Defined names: the normal form has the value of the formula with every name written out by hand.

`written_out` replaces names by their formulas, sums by their terms and derivatives by SymPy's own, at explicit
sizes; a derivative by a defined name is taken by a symbol in its place. It shares no code with the checker.
"""

import random

import mpmath
import pytest
import sympy as sp
from sympy import Dummy, Integer, Rational, Subs, exp, symbols, tanh
from test_normal_form import MANY, Meaning

from helpers import Σ, D, define, indices, sizes, tensors, δ
from helpers.budget import Budget, interrupt
from helpers.claim import Claim, expression
from helpers.errors import OutOfTime, Unsupported
from helpers.language import DefinedEntry, DefinedQuantity, DefinedValue
from helpers.prover import prepared

K = sizes("K")
i, j, k, m = indices("i j k m", K)
x, W = tensors("x W")
u, v = symbols("u v", real=True)
φ = define("phi", v, v**2 + sp.sin(v))
COMPARED = 600


class Skipped(Exception):
    """A formula this judge does not write out."""


def world(rng):
    """Names defined by each other: a tensor z, a number s, tensors h and g."""
    z = define("z", k, rng.choice([Σ(W[k, m] * x[m], m), x[k] ** 2, exp(x[k]), x[k] * u, k * x[k], φ(x[k]),
                                   x[k] + δ(k, 1) * u, Σ(W[m, k] * x[m], m)]))
    s = define("s", rng.choice([Σ(z[k], k), Σ(z[k] ** 2, k), exp(u), z[1] * u, u**2 + x[1], φ(u)]))
    h = define("h", k, rng.choice([z[k] * s, z[k] ** 2, Σ(W[k, m] * z[m], m), exp(z[k]) / s, φ(z[k]),
                                   Σ(δ(k, m) * z[m], m), z[k] - s]))
    g = define("g", k, m, rng.choice([z[k] * h[m], W[k, m] * z[m], x[k] * x[m], h[k] * δ(k, m), h[k] - z[m]]))
    return z, s, h, g


def formula(rng, names, depth, scope):
    """A random formula in these names, with derivatives by them."""
    z, s, h, g = names
    at = lambda: rng.choice([*scope, Integer(1)])
    leaves = [lambda: z[at()], lambda: s, lambda: h[at()], lambda: g[at(), at()], lambda: x[at()], lambda: u]
    if depth == 0:
        return rng.choice(leaves)()
    part = lambda inside=scope: formula(rng, names, depth - 1, inside)
    over = rng.choice([i, j, k, m])
    return rng.choice([
        lambda: part() - rng.choice([1, 2, -1]) * part(), lambda: part() * part(), lambda: part() ** rng.choice([2, 3]),
        lambda: rng.choice([exp, φ, tanh])(part() / 3), lambda: δ(at(), at()) * part(),
        lambda: Σ(part(tuple({*scope, over})), over), lambda: Σ(part(tuple({*scope, over})), over),
        lambda: Subs(part(), u, rng.choice([v, x[1], u**2, Rational(1, 3)])),
        *[lambda: D(part(), rng.choice(leaves)())] * 4, lambda: D(part(), *[rng.choice(leaves)()] * 2),
    ])()


class Writer:
    """Writes formulas out at explicit sizes; `symbols` stand for entries, and for names while they are hidden."""

    def __init__(self):
        self.symbols, self.meaning = {}, {}

    def symbol(self, name, place=()):
        if (name, place) not in self.symbols:
            made = self.symbols[name, place] = Dummy(f"{name}{place}", real=True)
            self.meaning[made] = name, place
        return self.symbols[name, place]

    def write(self, expr, env, hidden):
        part = lambda e: self.write(e, env, hidden)
        if isinstance(expr, DefinedEntry):
            place = tuple(map(part, expr.indices))
            if expr.base in hidden:
                return self.symbol(expr.base, place)
            return self.write(expr.base.formula, {**env, **dict(zip(expr.base.over, place, strict=True))}, hidden)
        if isinstance(expr, DefinedQuantity):
            return self.symbol(expr) if expr in hidden else part(expr.formula)
        if isinstance(expr, DefinedValue):
            law, values = expr.law
            return self.write(law, {**env, **{name: part(value) for name, value in values.items()}}, hidden)
        if isinstance(expr, sp.Symbol):
            return env.get(expr, expr)
        if isinstance(expr, sp.Indexed):
            return self.symbol(expr.base, tuple(map(part, expr.indices)))
        if isinstance(expr, sp.Sum):
            ((name, low, high),) = expr.limits
            terms = [self.write(expr.function, {**env, name: Integer(n)}, hidden)
                     for n in range(int(part(low)), int(part(high)) + 1)]
            return sp.Add(*terms)
        if isinstance(expr, sp.KroneckerDelta):
            return Integer(part(expr.args[0]) == part(expr.args[1]))
        if isinstance(expr, Subs):
            return self.substituted(expr, env, hidden)
        if isinstance(expr, sp.Derivative):
            return self.derived(expr, env, hidden)
        return expr.func(*map(part, expr.args)) if expr.args else expr

    def substituted(self, expr, env, hidden):
        body, (name,), (value,) = expr.args
        if any(name in other.formula.free_symbols for other in hidden):
            raise Skipped
        place = Dummy(real=True)
        return self.write(body, {**env, name: place}, hidden).xreplace({place: self.write(value, env, hidden)})

    def derived(self, expr, env, hidden):
        by = [variable for variable, count in expr.variable_count for _ in range(count)]
        named = {getattr(v_, "base", v_) for v_ in by if hasattr(v_, "law")} - hidden
        body = self.write(expr.expr, env, hidden | named)
        for variable in by:
            place = tuple(self.write(index, env, hidden) for index in getattr(variable, "indices", ()))
            known = hasattr(variable, "law") or place
            body = sp.diff(body, self.symbol(getattr(variable, "base", variable), place) if known
                           else env.get(variable, variable))
        back = {}
        for made in body.free_symbols & self.meaning.keys():
            name, place = self.meaning[made]
            if name in named:
                inside = dict(zip(getattr(name, "over", ()), place, strict=True))
                back[made] = self.write(name.formula, {**env, **inside}, hidden)
        return body.xreplace(back)


class Numbers:
    """A value for every symbol and entry, drawn from its name."""

    def __init__(self, seed, env):
        self.seed, self.env = seed, env

    def value(self, what):
        if what in self.env:
            return MANY.mpf(int(self.env[what]))
        source = random.Random(f"{self.seed} {what}")
        return MANY.mpf(source.choice((-1, 1)) * source.randint(3, 60)) / 32


@pytest.mark.filterwarnings("ignore")
def test_a_name_has_the_value_of_its_formula_and_of_its_derivatives():
    compared = seed = 0
    while compared < COMPARED:
        seed += 1
        rng = random.Random(seed)
        size = rng.choice([1, 2, 3])
        env = {K: Integer(size), i: Integer(rng.randint(1, size)), j: Integer(rng.randint(1, size))}
        writer, numbers = Writer(), Numbers(seed, env)
        try:
            expr = expression("expr", formula(rng, world(rng), rng.choice([2, 3, 3]), (i, j)))
            claim = Claim(expr, sp.S.Zero)
            with interrupt(Budget(2)):
                written = writer.write(expr, env, frozenset())
                values = {s: numbers.value(writer.meaning[s][0][writer.meaning[s][1]] if s in writer.meaning else s)
                          for s in written.free_symbols}
                with mpmath.workdps(120):
                    expected = MANY.mpc(sp.lambdify(list(values), written, "mpmath")(*map(mpmath.mpf, values.values())))
                reader = prepared(claim, Budget(2))
                found = Meaning(reader, numbers).poly(reader.read(expr), {})
        except (Skipped, Unsupported, OutOfTime, ValueError, TypeError, ZeroDivisionError, OverflowError):
            continue  # refused by claim, such as a derivative by a name and by what it is made of
        assert abs(found - expected) <= MANY.mpf(10) ** -60 * (1 + abs(expected)), (seed, expr)
        compared += 1
