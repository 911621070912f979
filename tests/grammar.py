"""Random pairs of expressions over the book's grammar, for the soundness fuzz.

`pairs(seed)` yields an expression and a second one, made from it by rules that
keep the value (renaming, splitting, shifting, peeling, one step of
differentiation …) or by mutations (a sign, an index, a limit, a factor, a
captured name …).  Nobody trusts the rules: `judge` decides about every pair by
evaluation at explicit sizes, and about every refutation at the point it names.
"""

import random
import time
import warnings
from collections import Counter

import oracle
from sympy import (
    Add,
    Derivative,
    Eq,
    Function,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    S,
    Subs,
    Sum,
    Symbol,
    exp,
    log,
    oo,
    sqrt,
    symbols,
    tanh,
)
from sympy.core.function import AppliedUndef

K, M = symbols("K M", integer=True, positive=True)
I, J, Q, Z0, N = symbols("i j q z n", integer=True)
NAMES = symbols("k l m r s i j n", integer=True)  # bound names, some of them also free names
x, y, b, W, U = (IndexedBase(s) for s in "x y b W U".split())
c, d = symbols("c d", real=True)
tau = Symbol("tau", positive=True)
sigma, phi = Function("sigma"), Function("phi")
u = Symbol("u")

WHERE = {I: (1, K), J: (1, K), Q: (1, M), Z0: (0, K - 1), N: (-oo, oo)}
ENDLESS = (S.NegativeInfinity, S.Infinity)


# ------------------------------------------------------------------------ trees
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
    elif isinstance(e, (Add, Mul, exp, log, tanh, AppliedUndef)):
        for n, a in enumerate(e.args):
            yield a, lambda z, n=n: e.func(*e.args[:n], z, *e.args[n + 1 :]), None


def nodes(e, scope=(), wrap=lambda z: z):
    yield e, scope, wrap
    for child, rebuild, limit in children(e):
        yield from nodes(
            child,
            scope + ((limit,) if limit else ()),
            lambda z, wrap=wrap, rebuild=rebuild: wrap(rebuild(z)),
        )


# -------------------------------------------------------------------- generation
class Maker:
    """One random expression; `endless` makes it one of sums over all integers."""

    def __init__(self, rng, endless=False):
        self.rng, self.endless = rng, endless
        self.scope = [(N, *ENDLESS)] if endless else [(s, *map(S, WHERE[s])) for s in (I, J, Q, Z0)]

    def index(self, scope):
        k = self.rng.choice(scope)[0]
        return k + self.rng.choice([0, 0, 0, 1, -1]) if self.endless else k

    def entry(self, scope):
        base = self.rng.choice([x, x, y, b, W, U])
        return base[self.index(scope), self.index(scope)] if base in (W, U) else base[self.index(scope)]

    def atom(self, scope):
        kind = self.rng.random()
        if kind < 0.66 or self.endless:
            return self.entry(scope)
        if kind < 0.78:
            return self.rng.choice([c, d, tau])
        if kind < 0.88:
            return KroneckerDelta(self.index(scope), self.index(scope))
        return self.rng.choice([Integer(2), Rational(1, 2), Integer(-1), Integer(3)])

    def name(self, scope):
        taken = {s for s, *_ in scope}
        free = [s for s in NAMES if s not in taken] or [fresh(*taken)]
        return self.rng.choice(free[:4])

    def ranges(self, scope):
        choice = self.rng.random()
        if choice < 0.55:
            return (Integer(1), K)
        if choice < 0.7:
            return (Integer(1), M)
        if choice < 0.82:
            return (Integer(0), K - 1)
        inner = [s for s, lo, hi in scope if lo == 1]
        if inner and choice < 0.92:
            return (Integer(1), self.rng.choice(inner))
        if inner:
            s = self.rng.choice(inner)
            top = next(hi for t, lo, hi in scope if t == s)
            return (s, top)
        return (Integer(1), K)

    def summed(self, depth, scope, cls=Sum):
        k = self.name(scope)
        lo, hi = ENDLESS if self.endless else self.ranges(scope)
        inside = scope + [(k, lo, hi)]
        body = self.make(depth - 1, inside)
        if self.endless or not body.has(k) or self.rng.random() < 0.3:
            sign = self.rng.choice([1, -1]) if self.endless else 1
            shift = self.rng.choice(scope)[0] * self.rng.choice([0, 1, 1]) if self.endless else 0
            body *= self.rng.choice([x, y, b])[sign * k + shift]
        return cls(body, (k, lo, hi))

    def make(self, depth, scope=None, small=False):
        """An expression; `small` keeps the arguments of exponentials free of further ones."""
        scope, rng = scope or self.scope, self.rng
        if depth <= 0:
            return self.atom(scope)
        kind = rng.random()
        sub = lambda **more: self.make(depth - 1, scope, **({"small": small} | more))
        if kind < 0.16:
            return sub() + rng.choice([1, -1, 2]) * sub()
        if kind < 0.34:
            return sub() * self.make(max(depth - 2, 0), scope, small)
        if kind < 0.56:
            return self.summed(depth, scope)
        if kind < 0.62:
            return rng.choice([sigma, sigma, phi])(sub())
        if kind < 0.72:
            return Derivative(sub(), self.direction(scope))
        if kind < 0.76:
            return sub() ** 2
        if self.endless:
            return self.summed(depth, scope)
        if small:
            return self.atom(scope) * self.atom(scope)
        if kind < 0.82:
            return exp(self.make(min(depth - 1, 1), scope, small=True))
        if kind < 0.86:
            return 1 / (1 + exp(-self.make(min(depth - 1, 1), scope, small=True)))
        if kind < 0.89:
            return log(1 + exp(self.make(min(depth - 1, 1), scope, small=True)))
        if kind < 0.92:
            k = self.name(scope)
            e = exp(self.entry(scope[-1:]))
            free = scope[-1][0]
            return e / Sum(put(e, free, k), (k, 1, rng.choice([K, M])))
        if kind < 0.935:
            return tanh(self.make(min(depth - 1, 1), scope, small=True))
        if kind < 0.95:
            return sub() / (1 + self.make(min(depth - 1, 1), scope, small=True) ** 2)
        if kind < 0.96:
            return sub() / sqrt(tau + self.atom(scope) ** 2)
        if kind < 0.975:
            return Subs(Derivative(sigma(u), u), u, sub())
        if kind < 0.99:
            a, e = self.index(scope), self.index(scope)
            test = rng.choice([a <= e, Eq(a, e), a < e])
            return Piecewise((sub(), test), (self.atom(scope), True)) if test not in (True, False) else sub()
        return self.summed(depth, scope, Product)

    def direction(self, scope):
        if not self.endless and self.rng.random() < 0.15:
            return self.rng.choice([c, tau])
        base = self.rng.choice([x, x, y, W])
        return base[self.index(scope), self.index(scope)] if base == W else base[self.index(scope)]


# ---------------------------------------------------------------- rules that keep the value
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
        return Subs(Derivative(f.func(u), u), u, f.args[0]) * D(f.args[0])
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


RULES = [rename, split_sum, pull, push, shift, reverse, peel, swap, use_delta, functions, distribute, plus_zero]
RULES += [rename, push, shift, peel, functions, distribute] + 4 * [differentiate]


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
        return {sigma: phi, phi: sigma}[e.func](*e.args)
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


MUTATIONS = [negate, other_index, transpose, drop, other_limit, half_shift, captured, one_of_the_sum, square_under]
MUTATIONS += [other_index, captured, other_function, other_number, compute]


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


def pairs(seed):
    """Endless: (lhs, rhs, where, mutated)."""
    rng = random.Random(seed)
    while True:
        maker = Maker(rng, endless=rng.random() < 0.25)
        lhs = maker.make(rng.choice([2, 3, 3, 4]))
        if lhs.count_ops() > 90 or not lhs.atoms(Indexed):
            continue
        mutated = rng.random() < 0.5
        rhs = change(lhs, rng, maker.scope, RULES, rng.choice([1, 2, 3, 4]))
        if mutated:
            rhs = change(rhs, rng, maker.scope, MUTATIONS, rng.choice([1, 1, 2]))
        if lhs == rhs or lhs.has(S.NaN, S.ComplexInfinity) or rhs.has(S.NaN, S.ComplexInfinity):
            continue
        free = oracle.unbound(lhs) | oracle.unbound(rhs)
        where = WHERE | {K: (1, 5), M: (1, 5)}
        yield lhs, rhs, {s: r for s, r in where.items() if s in free}, mutated


# -------------------------------------------------------------------------- judging
def judge(lhs, rhs, where, verdict):
    """What is wrong with a verdict: 'false proof: …', 'wrong refutation: …', 'unjudged' or None."""
    if verdict.status == "refuted":
        quotients = any(e.has(Derivative) for e in (lhs, rhs))  # difference quotients lose a third of the digits
        sharp = (
            dict(apart=1e-90, context=oracle.digits(200))
            if quotients
            else dict(apart=1e-250, context=oracle.digits(300))
        )
        try:
            oracle.witness(verdict, lhs, rhs, where=where, **sharp)
        except (oracle.Undefined, oracle.Unsupported):
            return "unjudged"
        except (AssertionError, KeyError) as err:
            return "wrong refutation: %s" % err
        return None
    if verdict.status in ("proved", "checked"):
        found, point, *sides = oracle.compare(lhs, rhs, where, points=5, tolerance=1e-12, largest=4)
        if found == "different":
            kind = "false proof" if verdict.status == "proved" else "false check"
            return "%s: %s against %s at %s" % (kind, *sides, point.symbols)
        return None if found == "equal" else "unjudged"
    return None


def fuzz(check, count, seed, seconds=3, report=print):
    """Run `count` pairs; returns the counts and the list of false proofs, wrong refutations and errors."""
    counts, complaints, started = Counter(), [], time.perf_counter()
    for number, (lhs, rhs, where, _mutated) in enumerate(pairs(seed)):
        if number == count:
            break
        try:
            with warnings.catch_warnings(record=True) as loud:
                warnings.simplefilter("always")
                verdict = check(lhs, rhs, where=where, seconds=seconds)
        except Exception as err:  # noqa: BLE001  no mathematical input may raise
            counts["errors"] += 1
            complaints.append(("error %s: %s" % (type(err).__name__, err), lhs, rhs, where))
            report("pair %d: %s\n  %s\n  %s" % (number, complaints[-1][0], lhs, rhs))
            continue
        counts[verdict.status] += 1
        # the checker's own complaint: a number against a proof
        counts["contradicted"] += any(w.category.__name__ == "ProofContradicted" for w in loud)
        fault = judge(lhs, rhs, where, verdict)
        if fault == "unjudged":
            counts["unjudged"] += 1
        elif fault:
            kind = fault.split(":")[0]
            counts[kind] += 1
            if kind != "false check":  # agreement at points is evidence and says so
                complaints.append((fault, lhs, rhs, where))
            report("pair %d: %s (%s)\n  %s\n  %s" % (number, fault, verdict, lhs, rhs))
        elif verdict.status == "undecided" or verdict.status == "checked":
            counts["left open"] += 1
    counts["seconds"] = round(time.perf_counter() - started, 1)
    return counts, complaints
