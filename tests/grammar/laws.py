"""Rules that keep the value of an expression, and mutations that do not: law(node, rng, the ranges around it).

A law returns a node to put in place of the given one, or None where it does not apply. Nobody trusts them:
the judge decides about every pair.
"""

import oracle
from sympy import (
    Abs,
    Add,
    Derivative,
    Heaviside,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    Subs,
    Sum,
    Symbol,
    exp,
    log,
    sign,
    tanh,
)
from sympy.core.function import AppliedUndef

from helpers import prime

from .trees import ENDLESS, NAMES, I, K, M, N, c, d, fresh, names_in, nodes, outermost, phi, put, sigma, tau, u, x


def rename(e, rng, scope):
    if isinstance(e, (Sum, Product)):
        (k, lo, hi), body = outermost(e)
        k2 = rng.choice([s for s in NAMES if s not in names_in(body)] or [fresh(e)])
        return e.func(put(body, k, k2), (k2, lo, hi))


def split_sum(e, rng, scope):
    if isinstance(e, Sum):
        limit, body = outermost(e)
        if isinstance(body, Add):
            n = rng.randrange(1, len(body.args))
            return Sum(Add(*body.args[:n]), limit) + Sum(Add(*body.args[n:]), limit)


def pull(e, rng, scope):
    if isinstance(e, Sum):
        limit, body = outermost(e)
        if isinstance(body, Mul):
            out = [a for a in body.args if limit[0] not in oracle.unbound(a)]
            inside = [a for a in body.args if limit[0] in oracle.unbound(a)]
            if out and inside:
                return Mul(*out) * Sum(Mul(*inside), limit)


def push(e, rng, scope):
    if isinstance(e, Mul):
        for n, s in enumerate(e.args):
            if isinstance(s, Sum):
                rest = Mul(*e.args[:n], *e.args[n + 1 :])
                (k, lo, hi), body = outermost(s)
                if k in names_in(rest):
                    k2 = fresh(rest, s)
                    body, k = put(body, k, k2), k2
                return Sum(rest * body, (k, lo, hi))


def shift(e, rng, scope):
    if isinstance(e, (Sum, Product)):
        (k, lo, hi), body = outermost(e)
        if (lo, hi) == ENDLESS:
            if rng.random() < 0.4:
                return e.func(put(body, k, -k), (k, lo, hi))
            return e.func(put(body, k, k + rng.choice([1, -1, N, 2])), (k, lo, hi))
        by = rng.choice([1, -1])
        return e.func(put(body, k, k + by), (k, lo - by, hi - by))


def reverse(e, rng, scope):
    if isinstance(e, Sum):
        (k, lo, hi), body = outermost(e)
        if (lo, hi) != ENDLESS:
            return Sum(put(body, k, lo + hi - k), (k, lo, hi))


def peel(e, rng, scope):
    if isinstance(e, Sum):
        (k, lo, hi), body = outermost(e)
        if (lo, hi) != ENDLESS:
            if rng.random() < 0.5:
                return Sum(body, (k, lo, hi - 1)) + put(body, k, hi)
            return put(body, k, lo) + Sum(body, (k, lo + 1, hi))


def swap(e, rng, scope):
    if isinstance(e, Sum) and len(e.limits) >= 2:
        (a, alo, ahi), (o, olo, ohi) = e.limits[-2:]
        if not (alo.has(o) or ahi.has(o)):
            return Sum(e.function, *e.limits[:-2], (o, olo, ohi), (a, alo, ahi))
        if (alo, ahi) == (1, o) and olo == 1:
            return Sum(e.function, *e.limits[:-2], (o, a, ohi), (a, Integer(1), ohi))


def use_delta(e, rng, scope):
    innermost = {k: (k, lo, hi) for k, lo, hi in scope}
    places = [limit for k, limit in innermost.items() if k in oracle.unbound(e)]
    if places and len(names_in(e)) < 12:
        k, lo, hi = rng.choice(places)
        m = fresh(e, k, lo, hi)
        return Sum(KroneckerDelta(m, k) * put(e, k, m), (m, lo, hi))


def functions(e, rng, scope):
    if isinstance(e, exp):
        if isinstance(e.args[0], Add):
            return Mul(*[exp(a) for a in e.args[0].args])
        return 1 / exp(-e.args[0])
    if isinstance(e, tanh):
        return rng.choice([2 / (1 + exp(-2 * e.args[0])) - 1, 1 - 2 / (exp(2 * e.args[0]) + 1)])
    if isinstance(e, log) and isinstance(e.args[0], Add) and e.args[0].has(exp):
        a = next((t.args[0] for t in e.args[0].args if isinstance(t, exp)), None)
        return None if a is None else a + log(Add(*[t * exp(-a) for t in e.args[0].args]))
    if isinstance(e, Pow) and e.exp == -1 and isinstance(e.base, Add) and 1 in e.base.args:
        rest = e.base - 1
        return 1 - rest / (1 + rest) if rng.random() < 0.5 else 1 / rest / (1 + 1 / rest) if rest.is_positive else None


def distribute(e, rng, scope):
    if isinstance(e, Mul):
        for n, s in enumerate(e.args):
            if isinstance(s, Add):
                rest = e.args[:n] + e.args[n + 1 :]
                return Add(*[Mul(t, *rest) for t in s.args])
    if isinstance(e, Pow) and e.exp == 2 and isinstance(e.base, Add):
        return Add(*[s * t for s in e.base.args for t in e.base.args])
    if isinstance(e, Pow) and e.exp == 2 and isinstance(e.base, Sum):
        limit, body = outermost(e.base)
        k2 = fresh(e)
        return Sum(body * put(body, limit[0], k2), (k2, *limit[1:]), limit)


def plus_zero(e, rng, scope):
    extra = rng.choice([c * tau, exp(c), sigma(d), tau / (1 + tau)])
    if isinstance(e, (Add, Mul, Sum, AppliedUndef)):
        return (
            Add(e * (1 + extra), -e * extra, evaluate=True) if rng.random() < 0.5 else (e * (1 + exp(d)) / (exp(d) + 1))
        )


def differentiate(e, rng, scope):
    """One step of the rules of calculus."""
    if not isinstance(e, Derivative) or len(e.variables) != 1:
        return None
    v, f = e.variables[0], e.expr
    D = lambda g: Derivative(g, v)
    if isinstance(f, Add):
        return Add(*[D(a) for a in f.args])
    if isinstance(f, Mul):
        return Add(*[Mul(*f.args[:n], D(a), *f.args[n + 1 :]) for n, a in enumerate(f.args)])
    if isinstance(f, Sum):
        (k, lo, hi), body = outermost(f)
        if k in oracle.unbound(v):
            k2 = fresh(f, v)
            body, k = put(body, k, k2), k2
        return Sum(D(body), (k, lo, hi))
    if isinstance(f, Pow) and f.exp.is_Integer:
        return f.exp * f.base ** (f.exp - 1) * D(f.base)
    if isinstance(f, exp):
        return f * D(f.args[0])
    if isinstance(f, log):
        return D(f.args[0]) / f.args[0]
    if isinstance(f, tanh):
        return (1 - f**2) * D(f.args[0])
    if isinstance(f, AppliedUndef):
        slope = prime(f.func)(f.args[0])
        return rng.choice([slope, Subs(Derivative(f.func(u), u), u, f.args[0])]) * D(f.args[0])
    if hasattr(f, "law") and not (isinstance(f, Indexed) and isinstance(v, Indexed) and f.base == v.base):
        return Integer(1) if f == v else D(unfold(f, rng, scope))
    if isinstance(f, Indexed) and isinstance(v, Indexed):
        if f.base != v.base:
            return Integer(0)
        return Mul(*[KroneckerDelta(s, t) for s, t in zip(f.indices, v.indices, strict=True)])
    if isinstance(f, KroneckerDelta) or f.is_number or isinstance(f, Symbol) and isinstance(v, Indexed):
        return Integer(0)


def compute(e, rng, scope):
    """What SymPy makes of a derivative (it captures names: a rule and a mutation in one)."""
    if isinstance(e, Derivative):
        return e.expr.diff(*e.variables)


def unfold(e, rng, scope):
    """The formula in place of a name."""
    if hasattr(e, "law"):
        formula, values = e.law
        places = {name: Symbol(f"{name}_", integer=name.is_integer) for name in values}
        for name, place in places.items():
            formula = put(formula, name, place)
        for name, value in values.items():
            formula = put(formula, places[name], value)
        return formula


def bend(e, rng, scope):
    """Kinks and jumps by one another."""
    if isinstance(e, Max | Min) and len(e.args) == 2:
        (p, q), way = e.args, 1 if isinstance(e, Max) else -1
        other = Min if way == 1 else Max
        return rng.choice([lambda: (p + q + way * Abs(p - q)) / 2, lambda: p + q - other(p, q),
                           lambda: p + e.func(q - p, 0), lambda: -other(-p, -q), lambda: e.func(tau * p, tau * q) / tau,
                           lambda: Piecewise((p, p >= q if way == 1 else p <= q), (q, True))])()
    if isinstance(e, Abs):
        (p,) = e.args
        return rng.choice([lambda: Max(p, -p), lambda: sign(p) * p, lambda: 2 * Max(p, 0) - p,
                           lambda: Piecewise((p, p > 0), (-p, True)), lambda: Abs(tau * p) / tau])()
    if isinstance(e, Heaviside):
        (p, zero) = e.args
        return rng.choice([lambda: Piecewise((1, p > 0), (zero, p >= 0), (0, True)), lambda: e**2, lambda: e**3,
                           lambda: 1 - Heaviside(-p, 1 - zero), lambda: Heaviside(tau * p, zero)])()
    if isinstance(e, sign):
        (p,) = e.args
        return rng.choice([lambda: -sign(-p), lambda: Heaviside(p, 0) - Heaviside(-p, 0), lambda: sign(p * tau),
                           lambda: e**3])()
    if isinstance(e, Piecewise) and len(e.args) == 2 and e.args[1][1] == True:  # noqa: E712
        (p, test), (q, _) = e.args
        return rng.choice([lambda: Piecewise((q, ~test), (p, True)), lambda: q + Piecewise((p - q, test), (0, True))])()


RULES = [rename, split_sum, pull, push, shift, reverse, peel, swap, use_delta, functions, distribute, plus_zero]
RULES += [rename, push, shift, peel, functions, distribute] + 4 * [differentiate]
UNFOLDING = RULES + 12 * [unfold]
BENDING = [distribute, functions, plus_zero, split_sum, pull, peel] + 8 * [bend]


# ------------------------------------------------------------------------ mutations
def any_index(rng, scope):
    return rng.choice(scope)[0] if scope else I


def negate(e, rng, scope):
    if isinstance(e, Add):
        n = rng.randrange(len(e.args))
        return Add(*e.args[:n], -e.args[n], *e.args[n + 1 :])
    if not isinstance(e, (Symbol, Integer)):
        return -e


def other_index(e, rng, scope):
    if isinstance(e, Indexed):
        n = rng.randrange(len(e.indices))
        new = rng.choice([any_index(rng, scope), e.indices[n] + 1])
        return e.base[tuple(new if m == n else s for m, s in enumerate(e.indices))]
    if isinstance(e, KroneckerDelta):
        return KroneckerDelta(any_index(rng, scope), e.args[1])


def transpose(e, rng, scope):
    if isinstance(e, Indexed) and len(e.indices) == 2:
        return e.base[e.indices[1], e.indices[0]]


def drop(e, rng, scope):
    if isinstance(e, (Add, Mul)):
        n = rng.randrange(len(e.args))
        return e.func(*e.args[:n], *e.args[n + 1 :])
    if isinstance(e, Pow):
        return e.base
    if isinstance(e, AppliedUndef):
        return e.args[0]


def other_limit(e, rng, scope):
    if isinstance(e, (Sum, Product)):
        (k, lo, hi), body = outermost(e)
        if (lo, hi) != ENDLESS:
            return e.func(
                body,
                (k, *rng.choice([(lo + 1, hi), (lo, hi + 1), (lo, hi - 1), (lo, M), (lo - 1, hi)])),
            )


def half_shift(e, rng, scope):
    if isinstance(e, Sum):
        (k, lo, hi), body = outermost(e)
        return Sum(put(body, k, k + 1), (k, lo, hi)) if (lo, hi) != ENDLESS else Sum(body * x[k], (k, lo, hi))


def captured(e, rng, scope):
    """A bound name used outside, or an outside name used inside."""
    if isinstance(e, Sum):
        (k, lo, hi), body = outermost(e)
        k2 = any_index(rng, scope)
        return Sum(body.xreplace({k2: k}), (k, lo, hi)) if k2 != k and not lo.has(k2) and not hi.has(k2) else None


def one_of_the_sum(e, rng, scope):
    if isinstance(e, Sum):
        (k, lo, hi), body = outermost(e)
        return put(body, k, any_index(rng, scope))


def square_under(e, rng, scope):
    if isinstance(e, Pow) and isinstance(e.base, Sum):
        limit, body = outermost(e.base)
        return Sum(Pow(body, e.exp), limit)
    if isinstance(e, Mul) and sum(isinstance(a, Sum) for a in e.args) == 2:
        first, second = (outermost(a) for a in e.args if isinstance(a, Sum))
        rest = Mul(*[a for a in e.args if not isinstance(a, Sum)])
        return rest * Sum(first[1] * put(second[1], second[0][0], first[0][0]), first[0])


def other_function(e, rng, scope):
    if isinstance(e, AppliedUndef):
        return {sigma: phi, phi: sigma}.get(e.func, getattr(e.func, "of", sigma))(*e.args)
    if isinstance(e, exp):
        return exp(-e.args[0])
    if isinstance(e, Subs):
        return sigma(e.point[0])
    if isinstance(e, Pow):
        return Pow(e.base, e.exp + 1) if e.exp != -1 else 1 / (e.base + 1)
    if isinstance(e, Derivative):
        return rng.choice([e.expr, Derivative(e.expr, *[other_index(v, rng, scope) or v for v in e.variables])])
    if isinstance(e, Piecewise):
        return e.args[0][0]


def other_number(e, rng, scope):
    if e.is_Rational or isinstance(e, Symbol):
        return rng.choice([e + 1, 2 * e, e + Rational(1, 1000)]) if not e.is_integer or e.is_number else None


def other_kink(e, rng, scope):
    if isinstance(e, Max | Min):
        return rng.choice([(Min if isinstance(e, Max) else Max)(*e.args), e.args[0]])
    if isinstance(e, Abs | sign):
        return rng.choice([e.args[0], (sign if isinstance(e, Abs) else Abs)(e.args[0])])
    if isinstance(e, Heaviside):
        return rng.choice([Heaviside(e.args[0], 1 - e.args[1]), Heaviside(-e.args[0], e.args[1]), sign(e.args[0])])


def late(e, rng, scope):
    """Another value at one large size only, or beyond one."""
    size, n = rng.choice([K, K, M]), rng.choice([6, 7, 8])
    if isinstance(e, (Add, Mul, Sum, Indexed)):
        return e + rng.choice([KroneckerDelta(size, n), Piecewise((1, size > n), (0, True))])


MUTATIONS = [negate, other_index, transpose, drop, other_limit, half_shift, captured, one_of_the_sum, square_under]
MUTATIONS += [other_index, captured, other_function, other_number, compute]
BREAKING = [negate, drop, other_number, other_function] + 4 * [other_kink]
LATE = [late, negate, other_limit, other_number, drop, half_shift, other_index, one_of_the_sum]


def change(e, rng, scope, laws, times):
    """`e` after up to `times` random laws at random places."""
    done = 0
    for _ in range(12 * times):
        everywhere = list(nodes(e, tuple(scope)))
        node, inside, wrap = rng.choice(everywhere)
        law = rng.choice(laws)
        new = law(node, rng, inside)
        if new is None or new == node:
            continue
        changed = wrap(new)
        if changed == e or changed.count_ops() > 160:
            continue
        e, done = changed, done + 1
        if done == times:
            break
    return e
