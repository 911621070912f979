"""Names defined by each other, and random formulas in them."""

from sympy import Integer, Rational, Subs, exp, sin, symbols, tanh

from helpers import Σ, D, define, indices, sizes, tensors, δ
from helpers.language import is_made_of

K = sizes("K")
i, j, k, m = indices("i j k m", K)
FREE = (i, j)
x, W = tensors("x W")
u, v = symbols("u v", real=True)
φ = define("phi", v, v**2 + sin(v))


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
        *[lambda: slope(rng, part(), leaves, 1)] * 4, lambda: slope(rng, part(), leaves, 2),
    ])()


def slope(rng, body, leaves, order):
    """A derivative of the body by one of the leaves, most often one it is made of."""
    by = [leaf() for leaf in rng.sample(leaves, len(leaves))]
    if rng.random() < 0.9:
        by.sort(key=lambda leaf: not is_made_of(body, leaf))
    return D(body, (by[0], order))
