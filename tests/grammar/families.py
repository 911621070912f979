"""Pairs of expressions by families: what must be proved in different ways.

`pairs(seed)` yields random pairs: an expression and a second one, made from it by rules that keep the value
(renaming, splitting, shifting, peeling, one step of differentiation, a given fact …) or by mutations (a sign,
an index, a limit, a factor, a captured name …).
"""

import random
from typing import NamedTuple

import oracle
from sympy import (
    Abs,
    Add,
    Derivative,
    Eq,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Piecewise,
    Product,
    Rational,
    S,
    Sum,
    exp,
    expand,
    factor,
    factorial,
    symbols,
    tanh,
    together,
)
from sympy.core.function import AppliedUndef

from helpers.claim import tangled

from .formulas import ACTIVE, FOLDS, ORDERS, RANGES, Folded, Kinked, Maker
from .laws import BENDING, BREAKING, LATE, MUTATIONS, RULES, UNFOLDING, change
from .names import FREE, formula, world
from .trees import SIZES, WHERE, I, J, K, M, U, W, b, c, d, fresh, put, sigma, tau, work, x, y

R, T = symbols("r1 r2", integer=True)  # the indices of facts that hold for all their values
LARGEST, HARDEST = 90, 4000


class Pair(NamedTuple):
    """A claim lhs = rhs, which may be true or not."""

    lhs: Expr
    rhs: Expr
    where: dict
    given: tuple = ()
    family: str = ""


# ------------------------------------------------------------------------ the whole grammar
def rewritten(rng, maker, depths=(2, 3, 3, 4), rules=RULES, mutations=MUTATIONS):
    """An expression of the maker and what rules, and in half the cases mutations, make of it."""
    lhs = maker.make(rng.choice(depths))
    return lhs, *altered(rng, lhs, maker.scope, rules, mutations)


def altered(rng, lhs, scope, rules, mutations):
    rhs = change(lhs, rng, scope, rules, rng.choice([1, 2, 3, 4]))
    if rng.random() < 0.5:
        rhs = change(rhs, rng, scope, mutations, rng.choice([1, 1, 2]))
    return (rhs,)


def finite(rng):
    return *rewritten(rng, Maker(rng)), WHERE | SIZES


def endless(rng):
    return *rewritten(rng, Maker(rng, endless=True)), WHERE


def activations(rng):
    return *rewritten(rng, Maker(rng, kinds=ACTIVE)), WHERE | SIZES


def numbers(rng):
    """Sizes that are numbers: sums that are written out, ranges that are empty or one place long."""
    lhs, rhs = rewritten(rng, Maker(rng))
    small = {K: Integer(rng.choice([1, 2, 3, 4])), M: Integer(rng.choice([1, 2, 3]))}
    del small[rng.choice([K, M, K])]
    return lhs.xreplace(small), rhs.xreplace(small), {
        s: tuple(S(limit).xreplace(small) for limit in limits) for s, limits in (WHERE | SIZES).items()}


def kinks(rng):
    """Orders, thresholds and cases."""
    kinds = rng.choice([ORDERS, RANGES])
    lhs = Kinked(rng, kinds).make(depth=rng.choice([1, 2, 2, 3]))
    return lhs, *altered(rng, lhs, [(I, S(1), K), (J, S(1), K)], BENDING, BREAKING), WHERE | {K: (1, 4)}


def folds(rng):
    """Piecewise polynomials, as of ReLU networks."""
    lhs = Folded(rng, FOLDS).make(depth=rng.choice([2, 2, 3]))
    return lhs, *altered(rng, lhs, [], BENDING, BREAKING), {}


# ------------------------------------------------------------------------ names
def names(rng):
    """Names defined by each other, derivatives by names, and the formulas in their places."""
    lhs = formula(rng, world(rng), rng.choice([2, 2, 3]), FREE)
    ranges = {s: (1, K) for s in FREE}
    scope = [(s, *map(S, limits)) for s, limits in ranges.items()]
    return lhs, *altered(rng, lhs, scope, UNFOLDING, MUTATIONS), ranges | {K: (1, 3)}


# ------------------------------------------------------------------------ facts
def replace(old, new):
    """The rules that exchange the sides of a fact, wherever one of them stands."""
    forwards = lambda e, rng, scope: new if e == old else None
    backwards = lambda e, rng, scope: old if e == new else None
    return [forwards, backwards]


def times(quotient):
    """The rule that multiplies by what a fact says is 1, and the one that adds a multiple of it minus 1."""
    def multiply(e, rng, scope):
        return e * quotient if isinstance(e, Add | Mul | Indexed | AppliedUndef | exp) else None

    def add(e, rng, scope):
        return e + rng.choice([c, tau, d**2]) * (quotient - 1) if isinstance(e, Add | Mul | Indexed) else None

    return [multiply, add]


def at(base, value):
    """The rule that puts value(subscripts) in place of an entry."""
    return [lambda e, rng, scope: value(*e.indices) if isinstance(e, Indexed) and e.base == base else None]


def summed(body, top):
    k = fresh(body, top)
    return Sum(put(body, R, k), (k, 1, top))


def normalised(rng):
    total = summed(y[R], K)
    wrong = [summed(y[R], M), summed(y[R], K - 1), summed(y[R] ** 2, K), summed(x[R], K)]
    return [Eq(total, 1)], {}, times(total), [law for s in wrong for law in times(s)]


def one_hot(rng):
    fact = Eq(y[R], KroneckerDelta(R, J))
    rules = at(y, lambda s: KroneckerDelta(s, J)) + times(summed(y[R], K)) + times(summed(y[R] ** 2, K))
    return [fact], {R: (1, K)}, rules, at(y, lambda s: KroneckerDelta(s, I)) + times(summed(x[R] * y[R], K))


def rows(rng):
    fact = Eq(summed(W[T, R], M).xreplace({T: R}), b[R])
    row = lambda s: summed(W[T, R], M).xreplace({T: s})
    wrong = lambda s: summed(W[R, T], M).xreplace({T: s})
    return [fact], {R: (1, K)}, at(b, row), at(b, wrong)


def symmetric(rng):
    fact = Eq(U[R, T], U[T, R])
    return [fact], {R: (1, K), T: (1, K)}, at(U, lambda s, t: U[t, s]), at(W, lambda s, t: W[t, s])


def recurrence(rng):
    fact = Eq(x[R + 1], c * x[R] + b[R])
    rules = at(x, lambda s: c * x[s - 1] + b[s - 1])
    return [fact], {R: (1, K - 1), K: (2, 5)}, rules, at(x, lambda s: c * x[s - 1] + b[s])


def symbol(rng):
    value = rng.choice([1 + c**2, exp(d), 1 / (1 + c**2), 2 + tanh(c), d**2 * c**2 + 1])
    return [Eq(tau, value)], {}, replace(tau, value) + times(tau / value), times(tau / (value + 1))


def exponential(rng):
    value = rng.choice([tau, 1 + d**2])
    return [Eq(exp(c), value)], {}, times(exp(c) / value) + times(exp(-2 * c) * value**2), times(exp(c) * value)


def applied(rng):
    inside = rng.choice([d, x[1]])
    fact = Eq(sigma(inside), rng.choice([2 * c, c**2, 1]))
    return [fact], {}, replace(*fact.args) + [lambda e, rng, scope: e + d * (fact.lhs - fact.rhs)], times(sigma(d))


def stationary(rng):
    """The gradient of a loss is 0."""
    slope = rng.choice([summed((c * x[R] - y[R]) * x[R], K), summed(tanh(c * x[R]) - y[R], K)])
    rules = [lambda e, rng, scope: e + rng.choice([c, d * tau, x[1]]) * slope if isinstance(e, Add | Mul) else None]
    return [Eq(slope, 0)], {}, rules, [lambda e, rng, scope: e + d * summed(x[R] - y[R], K)]


FACTS = [normalised, normalised, one_hot, one_hot, rows, symmetric, recurrence, symbol, exponential, applied,
         stationary]


def given(rng):
    """Pairs that are equal by a fact, or are not."""
    facts, ranges, rules, misuses = rng.choice(FACTS)(rng)
    maker = Maker(rng)
    lhs = maker.make(rng.choice([2, 2, 3]))
    used = change(lhs, rng, maker.scope, rules, rng.choice([1, 1, 2]))
    if used == lhs and not ranges:
        lhs, used = lhs + c * facts[0].lhs, lhs + c * facts[0].rhs
    if any(fact.has(J) for fact in facts):  # else the fact would hold for all values of this index
        lhs, used = lhs + x[J], used + x[J]
    rhs = change(used, rng, maker.scope, RULES, rng.choice([0, 1, 2]))
    if rng.random() < 0.5:
        rhs = change(rhs, rng, maker.scope, MUTATIONS + 3 * misuses, 1)
    return lhs, rhs, WHERE | SIZES | ranges, tuple(facts)


# ------------------------------------------------------------------------ induction
def sequence(rng, n, depth=1):
    """A random sequence F(n)."""
    if depth == 0:
        return rng.choice([n, n + 1, n**2, tau**n, tau ** (2 * n), (-1) ** n, Rational(1, 2) ** n, 3**n, x[n],
                           x[n] ** 2, factorial(n), 1 / (n + 2), 1 / (2 * n + 1), c, exp(-n * tau),
                           Sum(y[J], (J, 1, n))])
    first, second = sequence(rng, n, depth - 1), sequence(rng, n, depth - 1)
    return rng.choice([first, first * second, first + d * second])


def telescope(rng, k, low, top):
    """The sum of the differences of a sequence, or the product of its ratios, and what remains of them."""
    F = sequence(rng, k, rng.choice([0, 1, 1, 2]))
    after, end, start = (put(F, k, n) for n in (k + 1, top + 1, low))
    shape = rng.choice([lambda e: e, lambda e: e, expand, factor, together])
    if rng.random() < 0.2:
        ratio = F**2 + 1
        after, end, start = (put(ratio, k, n) for n in (k + 1, top + 1, low))
        return Product(after / ratio, (k, low, top)), end / start
    step = after - F
    return Sum(step if step.has(Sum) else shape(step), (k, low, top)), end - start


def average(rng, k, low, top):
    """A moving average and its recurrence."""
    mean = lambda t: Sum((1 - tau) * tau ** (t - k) * x[k], (k, low, t))
    return mean(top + 1), tau * mean(top) + (1 - tau) * x[top + 1]


def triangle(rng, k, low, top):
    """Partial sums, added up, and how often each term is in them."""
    f = rng.choice([x[J], J * x[J], tau**J, x[J] * y[J]])
    return Sum(f, (J, low, k), (k, low, top)), Sum((top + 1 - J) * f, (J, low, top))


def closed(rng, k, low, top):
    """Sums of the tables."""
    powers = [lambda: ((1 - tau) * Sum(tau**k, (k, 0, top)), 1 - tau ** (top + 1)),
              lambda: ((1 - tau) ** 2 * Sum(k * tau**k, (k, 0, top)),
                       tau * (1 - (top + 1) * tau**top + top * tau ** (top + 1))),
              lambda: (Sum(k**2 * (-1) ** k, (k, 1, top)), (-1) ** top * top * (top + 1) / 2),
              lambda: (Sum(k**3, (k, 1, top)), (top * (top + 1) / 2) ** 2),
              lambda: (Sum(k * factorial(k), (k, 1, top)), factorial(top + 1) - 1),
              lambda: (Product(k, (k, 1, top)), factorial(top)),
              lambda: (Sum((2 * k - 1) * d, (k, 1, top)), d * top**2)]
    return rng.choice(powers)()


def induction(rng):
    """Sums in closed form, recurrences: true for all sizes, for all but one, or for none."""
    k, low = rng.choice(symbols("k l m", integer=True)), Integer(rng.choice([1, 1, 0, 2]))
    top = rng.choice([K, K, K, K + 1, I])
    lhs, rhs = rng.choice([telescope, telescope, telescope, average, triangle, closed])(rng, k, low, top)
    if rng.random() < 0.4:
        extra = rng.choice([c, x[1], tau, 1 / tau, K, Piecewise((1, K > 3), (2, True)), Abs(c)])
        lhs, rhs = rng.choice([(lhs * extra, rhs * extra), (lhs + extra, extra + rhs), (lhs - rhs, Integer(0))])
    rhs = change(rhs, rng, [], RULES, rng.choice([0, 1, 2]))
    if rng.random() < 0.5:
        rhs = change(rhs, rng, [(K, 1, K)], LATE, 1)
    return lhs, rhs, {I: (1, K)}


# ------------------------------------------------------------------------ all of them
SHARES = {finite: 22, endless: 12, activations: 10, numbers: 8, kinks: 10, folds: 8, names: 8, given: 12, induction: 10}
FAMILIES = tuple(family.__name__ for family in SHARES)


def pair_of(family, rng):
    """One pair of a family, or None where the draw is of no use."""
    try:
        lhs, rhs, where, *facts = family(rng)
        for node in oracle.seen_through(lhs, rhs):
            if isinstance(node, Derivative):
                tangled(family.__name__, node.variables)
    except (TypeError, ValueError, RecursionError):  # SymPy cannot compare complex numbers, and the like
        return None
    sides = (lhs, rhs)
    if lhs == rhs or any(e.has(S.NaN, S.ComplexInfinity, S.Infinity) and family is not endless for e in sides):
        return None
    if any(not e.free_symbols or e.count_ops() > LARGEST + 80 or work(e) > HARDEST for e in sides):
        return None
    free = oracle.unbound(lhs) | oracle.unbound(rhs)
    own = {s for fact in facts for eq in fact for s in oracle.unbound(eq)}
    around = {s for limits in where.values() for s in S(limits[0]).free_symbols | S(limits[1]).free_symbols}
    kept = {s: limits for s, limits in where.items() if s in free | own or s in SIZES and s in around}
    return Pair(lhs, rhs, kept, *facts, family=family.__name__)


def pairs(seed, families=FAMILIES):
    """Random pairs without end."""
    rng = random.Random(seed)
    shares = {family: share for family, share in SHARES.items() if family.__name__ in families}
    while True:
        (family,) = rng.choices(list(shares), shares.values())
        found = pair_of(family, rng)
        if found is not None:
            yield found
