"""Names, ranges and the parts of a tree: what the generator and its rules have in common."""

from sympy import (
    Abs,
    Add,
    Derivative,
    Heaviside,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    S,
    Subs,
    Sum,
    Symbol,
    exp,
    factorial,
    floor,
    log,
    oo,
    sign,
    symbols,
    tanh,
)
from sympy.core.function import AppliedUndef

from helpers import activation

K, M = symbols("K M", integer=True, positive=True)
I, J, Q, Z0, N = symbols("i j q z n", integer=True)
NAMES = symbols("k l m r s i j n", integer=True)  # bound names, some of them also free names
x, y, b, W, U = (IndexedBase(s) for s in "x y b W U".split())
w = IndexedBase(Symbol("w", positive=True))
c, d = symbols("c d", real=True)
tau = Symbol("tau", positive=True)
sigma, phi = activation("sigma"), activation("phi")
u = Symbol("u")

SIZES = {K: (1, 5), M: (1, 5)}
WHERE = {I: (1, K), J: (1, K), Q: (1, M), Z0: (0, K - 1), N: (-oo, oo)}
ENDLESS = (S.NegativeInfinity, S.Infinity)
OPEN = (Add, Mul, exp, log, tanh, factorial, Max, Min, Abs, sign, Heaviside, floor, AppliedUndef)


def outermost(e):
    """A sum or product as its outermost range and what stands under it."""
    *inner, (k, lo, hi) = e.limits
    return (k, lo, hi), (e.func(e.function, *inner) if inner else e.function)


def names_in(*trees):
    return set().union(*(t.atoms(Symbol) for t in trees))


def fresh(*trees):
    used, n = names_in(*trees), 1
    for s in NAMES[:5]:
        if s not in used:
            return s
    while Symbol("k%d" % n, integer=True) in used:
        n += 1
    return Symbol("k%d" % n, integer=True)


def put(e, old, new):
    """`e` with the free index `old` replaced by `new`; no name is captured."""
    if e == old:
        return new
    if isinstance(e, (Sum, Product)):
        (k, lo, hi), body = outermost(e)
        lo, hi = put(lo, old, new), put(hi, old, new)
        if k != old:
            if k in new.free_symbols:
                k2 = fresh(e, new, old)
                body, k = put(body, k, k2), k2
            body = put(body, old, new)
        return e.func(body, (k, lo, hi))
    if isinstance(e, Indexed):
        return e.base[tuple(put(i, old, new) for i in e.indices)]
    if isinstance(e, Derivative):
        changed = [(put(v, old, new), n) for v, n in e.variable_count]
        return Derivative(put(e.expr, old, new), *changed)
    if isinstance(e, Subs):
        return Subs(e.expr, e.variables, [put(p, old, new) for p in e.point])
    return e.func(*[put(a, old, new) for a in e.args]) if e.args else e


def children(e):
    """(child, how to rebuild, the range it stands under) for every subexpression that may be rewritten."""
    if isinstance(e, (Sum, Product)):
        limit, body = outermost(e)
        yield body, lambda z: e.func(z, limit), limit
    elif isinstance(e, Derivative):
        yield e.expr, lambda z: Derivative(z, *e.variable_count), None
    elif isinstance(e, Subs):
        yield e.point[0], lambda z: Subs(e.expr, e.variables, (z,)), None
    elif isinstance(e, Piecewise):
        yield e.args[0][0], lambda z: Piecewise((z, e.args[0][1]), *e.args[1:]), None
    elif isinstance(e, Pow):
        yield e.base, lambda z: Pow(z, e.exp), None
        if not e.exp.is_number:
            yield e.exp, lambda z: Pow(e.base, z), None
    elif isinstance(e, OPEN):
        for n, a in enumerate(e.args):
            yield a, lambda z, n=n: e.func(*e.args[:n], z, *e.args[n + 1 :]), None


def nodes(e, scope=(), wrap=lambda z: z):
    """(node, the ranges around it, how to put something in its place) for every node of the tree."""
    yield e, scope, wrap
    for child, rebuild, limit in children(e):
        yield from nodes(
            child,
            scope + ((limit,) if limit else ()),
            lambda z, wrap=wrap, rebuild=rebuild: wrap(rebuild(z)),
        )


def work(e):
    """How many terms an evaluation at small sizes adds up, about: sums and difference quotients multiply."""
    if isinstance(e, (Sum, Product)):
        length = 1
        for _, lo, hi in e.limits:
            length *= 19 if hi is S.Infinity else int(hi - lo + 1) if (hi - lo).is_number else 4
        return 1 + max(length, 1) * work(e.function)
    if isinstance(e, Derivative):
        return 1 + 4 ** len(e.variables) * work(e.expr)
    if isinstance(e, Subs):
        return work(e.expr) + sum(map(work, e.point))
    if hasattr(e, "law"):
        return 1 + work(e.law[0]) + sum(map(work, e.law[1].values()))
    if hasattr(e, "args") and not isinstance(e, (Indexed, KroneckerDelta, Integer)):
        return 1 + 3 * getattr(e.func, "order", 0) + sum(map(work, e.args))
    return 1
