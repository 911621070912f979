"""What a formula *means*, in about two hundred lines that know no algebra.

`evaluate` reads a SymPy tree at given numbers: sums and products are Python
loops, a derivative is a difference quotient, an integral a quadrature, an
unknown function any Python callable.  No rule of calculus and none of SymPy's
simplifications is used, so the tests have a second opinion that shares no code
with the checker.  The same code runs in plain floating point (`mpmath.fp`) or
with many digits (`MPContext`).
"""

import random
from contextlib import contextmanager
from functools import cache
from itertools import product

import mpmath
import sympy as sp
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef, UndefinedFunction


class Undefined(Exception):
    """The expression has no real value here (0/0, log of a negative number, an ambiguous sum…)."""


class Unsupported(Exception):
    """A kind of expression this evaluator does not read."""


WINDOW = 9  # a sum over all integers runs over -WINDOW..WINDOW; its terms must vanish beyond


@cache
def digits(n):
    """A context of n decimal digits (plain floating point is `mpmath.fp`)."""
    context = mpmath.MPContext()
    context.dps = n
    return context


class Missing(dict):
    """Tensor entries {(base, (i, j)): number}, with a rule for those not listed."""

    def __init__(self, rule=None):
        super().__init__()
        self.rule = rule

    def __missing__(self, key):
        if self.rule is None:
            raise KeyError("no value for %s%s" % (key[0], list(key[1])))
        self[key] = self.rule(*key)
        return self[key]


class Point:
    """Numbers for symbols and tensor entries, callables for unknown functions."""

    def __init__(self, ctx=mpmath.fp, rule=None):
        self.ctx = ctx
        self.symbols = {}
        self.entries = Missing(rule)
        self.functions = {}
        self.shifts = {}  # added to defined names that are differentiated by: {(name, subscripts): number}
        self.depth = 0  # of sums over all integers: there a factor 0 settles a product

    # -- trees ---------------------------------------------------------------

    def value(self, e):
        """The value of `e` as a number of the context (or an int)."""
        e = sp.sympify(e)
        if hasattr(e, "law"):
            return self.named(e)
        for kind in type(e).__mro__:
            if kind in _READ:
                return _READ[kind](self, e)
        raise Unsupported(type(e).__name__)

    def named(self, e):
        """The value of a defined name: that of its formula, and what a difference quotient adds."""
        formula, arguments = e.law
        value = lambda: self.value(formula)
        for name, number in [(name, self.value(argument)) for name, argument in arguments.items()]:
            value = lambda name=name, number=number, value=value: self.bound(name, number, value)
        return value() + self.shifts.get((getattr(e, "base", e), tuple(map(self.value, getattr(e, "indices", ())))), 0)

    def number(self, e):
        v = self.ctx.mpf(self.value(e))
        if v - v != 0:  # inf or nan
            raise Undefined("not finite")
        return v

    def integer(self, e):
        v = self.value(e)
        if int(v) != v:
            raise Undefined("%s is not an integer here" % e)
        return int(v)

    def truth(self, c):
        if c in (sp.true, sp.false, True, False):
            return bool(c)
        if isinstance(c, sp.And):
            return all(self.truth(a) for a in c.args)
        if isinstance(c, sp.Or):
            return any(self.truth(a) for a in c.args)
        if isinstance(c, sp.Not):
            return not self.truth(c.args[0])
        if isinstance(c, sp.core.relational.Relational):
            sign = self.sign(self.value(c.lhs) - self.value(c.rhs))
            return sign in {"==": [0], "!=": [-1, 1], "<": [-1], "<=": [-1, 0], ">": [1], ">=": [0, 1]}[c.rel_op]
        raise Unsupported(type(c).__name__)

    def sign(self, v):
        """-1, 0 or 1; what is left of a difference by rounding counts as 0."""
        if isinstance(v, int):
            return (v > 0) - (v < 0)
        return 0 if abs(v) < 1e4 * self.ctx.eps else 1 if v > 0 else -1

    # -- binding -------------------------------------------------------------

    def bound(self, symbol, number, body):
        """The value of body() while `symbol` is `number`."""
        table, missing = self.symbols, object()
        old = table.get(symbol, missing)
        table[symbol] = number
        try:
            return body()
        finally:
            if old is missing:
                del table[symbol]
            else:
                table[symbol] = old

    @contextmanager
    def sparse(self):
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    def moved(self, place, step, body):
        table, key = place
        old = table[key]
        table[key] = old + step
        try:
            return body()
        finally:
            table[key] = old


def _power(point, e):
    ctx = point.ctx
    base, exponent = point.value(e.base), point.value(e.exp)
    try:
        if exponent == int(exponent):
            n = int(exponent)
            if base == 0 and n < 0:
                raise Undefined("division by zero")
            return base**n if n >= 0 else 1 / ctx.mpf(base) ** (-n)
        if base < 0 or (base == 0 and exponent < 0):
            raise Undefined("fractional power of a negative number")
        return ctx.mpf(base) ** ctx.mpf(exponent)
    except (ZeroDivisionError, OverflowError) as err:
        raise Undefined(str(err)) from err


def _ranges(point, limits, body, start, join):
    """Fold body() over the limits; the last limit is the outermost loop."""
    if not limits:
        return body()
    *inner, (k, lo, hi) = limits
    total = start
    if hi is sp.oo and lo is sp.S.NegativeInfinity:
        for n in range(-WINDOW, WINDOW + 1):
            with point.sparse():
                term = point.bound(k, n, lambda: _ranges(point, inner, body, start, join))
            if abs(n) > WINDOW - 2 and term != start:
                raise Undefined("the sum over all integers does not end")
            total = join(total, term)
        return total
    if hi is sp.oo:
        ctx, a = point.ctx, point.integer(lo)
        if start != 0:
            raise Unsupported("infinite product")
        return ctx.nsum(
            lambda n: ctx.mpf(point.bound(k, int(n), lambda: _ranges(point, inner, body, start, join))),
            [a, ctx.inf],
        )
    a, b = point.integer(lo), point.integer(hi)
    if b < a - 1:
        raise Undefined("a sum from %d to %d" % (a, b))
    for n in range(a, b + 1):
        total = join(total, point.bound(k, n, lambda: _ranges(point, inner, body, start, join)))
    return total


def _sum(point, e):
    return _ranges(point, e.limits, lambda: point.value(e.function), 0, lambda a, b: a + b)


def _product(point, e):
    return _ranges(point, e.limits, lambda: point.value(e.function), 1, lambda a, b: a * b)


def _place(point, v):
    if hasattr(v, "law") and isinstance(v, (sp.Indexed, sp.Symbol)):
        key = getattr(v, "base", v), tuple(point.integer(i) for i in getattr(v, "indices", ()))
        point.shifts.setdefault(key, 0)
        return point.shifts, key
    if isinstance(v, sp.Indexed):
        key = (v.base.label, tuple(point.integer(i) for i in v.indices))
        point.entries[key]
        return point.entries, key
    if isinstance(v, sp.Symbol):
        if isinstance(point.symbols.get(v), int) and v.is_integer:
            raise Unsupported("derivative with respect to an integer")
        return point.symbols, v
    raise Unsupported("derivative with respect to %s" % type(v).__name__)


def _derivative(point, e):
    """Nested difference quotients."""
    places = [_place(point, v) for v, n in e.variable_count for _ in range(point.integer(n))]

    def slope(todo):
        if not todo:
            return point.value(e.expr)
        place, rest = todo[0], todo[1:]
        return _quotient(point.ctx, lambda step: point.moved(place, step, lambda: slope(rest)))

    return slope(places)


def _quotient(ctx, f):
    """f'(0) by five points, to fourth order."""
    h = ctx.mpf(2) ** (-9 if ctx is mpmath.fp else -(ctx.prec // 6))
    return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)


def _subs(point, e):
    values = [point.value(p) for p in e.point]

    def nest(pairs):
        if not pairs:
            return point.value(e.expr)
        return point.bound(*pairs[0], lambda: nest(pairs[1:]))

    return nest(list(zip(e.variables, values, strict=True)))


def _integral(point, e):
    f = lambda: point.number(e.function)
    for limit in e.limits:
        if len(limit) != 3:
            raise Unsupported("indefinite integral")
        t, lo, hi = limit
        f = lambda f=f, t=t, lo=lo, hi=hi: mpmath.quad(
            lambda s: point.bound(t, point.ctx.mpf(s), f), [_end(point, lo), _end(point, hi)]
        )
    return point.ctx.mpf(f())


def _end(point, e):
    if e in (sp.oo, sp.S.NegativeInfinity):
        return mpmath.inf if e is sp.oo else -mpmath.inf
    return mpmath.mpf(point.value(e))


def _limit(point, e):
    f, x, x0, direction = e.args
    sign = -1 if str(direction) == "-" else 1
    big = digits(60)
    inner = Point(big, point.entries.rule)
    inner.symbols = {s: v if isinstance(v, int) else big.mpf(v) for s, v in point.symbols.items()}
    inner.entries.update((k, big.mpf(v)) for k, v in point.entries.items())
    inner.functions = point.functions
    at = (
        (lambda n: big.mpf(10) ** n * (1 if x0 is sp.oo else -1))
        if x0.is_infinite
        else (lambda n: inner.value(x0) + sign * big.mpf(10) ** (-n))
    )
    a, b = (inner.bound(x, at(n), lambda: inner.number(f)) for n in (15, 16))
    if abs(a - b) > 1e-4 * (1 + abs(b)):
        raise Undefined("no limit seen")
    return point.ctx.mpf(b)


def _piecewise(point, e):
    for value, condition in e.args:
        if point.truth(condition):
            return point.value(value)
    raise Undefined("no case of the Piecewise applies")


def _log(point, e):
    a = point.value(e.args[0])
    if a <= 0:
        raise Undefined("logarithm of a number that is not positive")
    return point.ctx.log(a)


def _call(point, e):
    arguments = [point.value(a) for a in e.args]
    if e.func not in point.functions and hasattr(e.func, "of"):  # σ′, and so on
        return _slope(point.ctx, point.functions[e.func.of], e.func.order, *arguments)
    try:
        f = point.functions[e.func]
    except KeyError:
        raise KeyError("no function for %s" % e.func) from None
    return f(*arguments)


def _slope(ctx, f, order, at):
    return _quotient(ctx, lambda step: _slope(ctx, f, order - 1, at + step)) if order else f(at)


def _plain(name):
    def read(point, e):
        try:
            return getattr(point.ctx, name)(*[point.value(a) for a in e.args])
        except (OverflowError, ZeroDivisionError, ValueError) as err:
            raise Undefined(str(err)) from err

    return read


def _fold(start, join):
    def read(point, e):
        total = start
        for a in e.args:
            total = join(total, point.value(a))
        return total

    return read


def _mul(point, e):
    total = 1
    for a in sorted(e.args, key=lambda a: not isinstance(a, sp.Indexed)) if point.depth else e.args:
        total *= point.value(a)
        if point.depth and total == 0:
            return 0
    return total


def _symbol(point, e):
    try:
        return point.symbols[e]
    except KeyError:
        raise KeyError("no value for symbol %s" % e) from None


def _bad(point, e):
    raise Undefined(str(e))


def _whole(point, e):
    """The value of an argument of floor; a rounding error must not make it jump."""
    value = point.ctx.mpf(point.value(e))
    nearest = round(value)
    return nearest if abs(value - nearest) < 1e4 * point.ctx.eps * (1 + abs(value)) else value


_CONSTANTS = {sp.pi: "pi", sp.E: "e", sp.EulerGamma: "euler", sp.GoldenRatio: "phi", sp.Catalan: "catalan"}

_READ = {
    sp.Integer: lambda p, e: int(e),
    sp.Rational: lambda p, e: p.ctx.mpf(int(e.p)) / int(e.q),
    sp.Float: lambda p, e: p.ctx.mpf(e._mpf_) if p.ctx is not mpmath.fp else float(e),
    sp.NumberSymbol: lambda p, e: +getattr(p.ctx, _CONSTANTS[e]),
    type(sp.nan): _bad,
    type(sp.zoo): _bad,
    type(sp.oo): _bad,
    type(-sp.oo): _bad,
    type(sp.I): _bad,
    sp.Symbol: _symbol,
    sp.Indexed: lambda p, e: p.entries[e.base.label, tuple(p.integer(i) for i in e.indices)],
    sp.Add: _fold(0, lambda a, b: a + b),
    sp.Mul: _mul,
    sp.Pow: _power,
    sp.exp: _plain("exp"),
    sp.log: _log,
    sp.tanh: _plain("tanh"),
    sp.sinh: _plain("sinh"),
    sp.cosh: _plain("cosh"),
    sp.sin: _plain("sin"),
    sp.cos: _plain("cos"),
    sp.atan: _plain("atan"),
    sp.erf: _plain("erf"),
    sp.gamma: _plain("gamma"),
    sp.factorial: _plain("factorial"),
    sp.binomial: _plain("binomial"),
    sp.Abs: lambda p, e: abs(p.value(e.args[0])),
    sp.floor: lambda p, e: int(p.ctx.floor(_whole(p, e.args[0]))),
    sp.ceiling: lambda p, e: int(p.ctx.ceil(_whole(p, e.args[0]))),
    sp.harmonic: lambda p, e: sum((1 / p.ctx.mpf(n) for n in range(1, p.integer(e.args[0]) + 1)), p.ctx.mpf(0)),
    sp.Mod: lambda p, e: p.value(e.args[0]) % p.value(e.args[1]),
    sp.sign: lambda p, e: p.sign(p.value(e.args[0])),
    sp.Heaviside: lambda p, e: (lambda v: p.value(e.args[1]) if v == 0 else int(v > 0))(p.sign(p.value(e.args[0]))),
    sp.Max: lambda p, e: max(p.value(a) for a in e.args),
    sp.Min: lambda p, e: min(p.value(a) for a in e.args),
    sp.KroneckerDelta: lambda p, e: int(p.sign(p.value(e.args[0]) - p.value(e.args[1])) == 0),
    sp.Piecewise: _piecewise,
    sp.Sum: _sum,
    sp.Product: _product,
    sp.Derivative: _derivative,
    sp.Subs: _subs,
    sp.Integral: _integral,
    sp.Limit: _limit,
    AppliedUndef: _call,
}


# -- points at random ---------------------------------------------------------


def endless(where, *trees):
    """The bases whose subscripts meet an index that runs over all integers."""
    sums = {l[0] for t in trees for s in t.atoms(sp.Sum) for l in s.limits if l[1] is sp.S.NegativeInfinity}
    names = sums | {s for s, (lo, hi) in where.items() if lo is sp.S.NegativeInfinity}
    return {x.base.label for t in trees for x in t.atoms(sp.Indexed) if any(i.free_symbols & names for i in x.indices)}


def smooth(ctx, rng):
    """A smooth function of any number of real variables, different for every draw."""
    a, b, c, d = (ctx.mpf(rng.randint(3, 12)) / 10 for _ in range(4))
    weight = lambda args: sum((ctx.mpf(7 + 3 * n) / 10) * v for n, v in enumerate(args))
    return lambda *args: a * ctx.tanh(b * weight(args) + c / 3) + d * ctx.sin(weight(args)) / 3 + c


def seen_through(*trees):
    """Every node of the trees, and of the formulas that names in them stand for."""
    for tree in trees:
        for node in sp.preorder_traversal(tree):
            yield node
            if hasattr(node, "law"):
                yield from seen_through(node.law[0])


def _unknown(*trees):
    """The functions of which only the name is known, in one order."""
    calls = [node.func for node in seen_through(*trees) if isinstance(node, AppliedUndef) and not hasattr(node, "law")]
    return sorted({getattr(f, "of", f) for f in calls}, key=str)


def unbound(tree):
    """Free symbols without the names of tensors, with the subscripts of a derivative's variable."""
    if hasattr(tree, "law"):
        formula, arguments = tree.law
        return (unbound(formula) - set(arguments)).union(*map(unbound, arguments.values()))
    if isinstance(tree, sp.Symbol):
        return {tree}
    if isinstance(tree, sp.Indexed):
        return set().union(*map(unbound, tree.indices))
    if isinstance(tree, (ExprWithLimits, sp.Subs, sp.Limit, sp.Lambda)):
        return _unbound_binder(tree)
    if isinstance(tree, sp.Derivative):
        return unbound(tree.expr).union(*map(unbound, tree.variables))
    return set().union(*map(unbound, tree.args))


def _unbound_binder(tree):
    if isinstance(tree, sp.Subs):
        return (unbound(tree.expr) - set(tree.variables)).union(*map(unbound, tree.point))
    if isinstance(tree, sp.Lambda):
        return unbound(tree.expr) - set(tree.variables)
    if isinstance(tree, sp.Limit):
        return (unbound(tree.args[0]) - {tree.args[1]}) | unbound(tree.args[2])
    names = unbound(tree.function)
    for k, *ends in tree.limits:  # an earlier limit may use the names of a later one
        names = (names - {k}).union(*map(unbound, ends))
    return names


def random_point(lhs, rhs, where=None, given=(), seed=0, ctx=None, largest=3, positive=(), whole=False):
    """A point that respects `where` and the facts `given`; sizes are at most `largest`.

    `whole` numbers meet where there are kinks and jumps.
    """
    rng, ctx, where = random.Random(seed), ctx or digits(40), dict(where or {})
    lhs, rhs = sp.sympify(lhs), sp.sympify(rhs)
    trees = [lhs, rhs] + [side for fact in given for side in fact.args]
    sequences = endless(where, *trees)

    def entry(base, subscripts):
        if base in sequences and any(not -2 <= n <= 2 for n in subscripts):
            return ctx.mpf(0)
        if whole:
            draw = ctx.mpf(rng.randint(-2, 2))
            return abs(draw) + 1 if base in positive or base.is_positive else draw
        draw = ctx.mpf(rng.choice([-1, 1]) * rng.randint(12, 170)) / 100 + ctx.mpf(rng.random()) / 1000
        return abs(draw) if base in positive or base.is_positive else draw

    point = Point(ctx, entry)
    free = set().union(*(unbound(t) for t in (lhs, rhs)))
    free = sorted(free | {s for fact in given for s in unbound(fact) if not s.is_integer or s.is_positive}, key=str)
    bounds = [sp.sympify(b) for r in where.values() for b in r]
    free += sorted(set().union(*(b.free_symbols for b in bounds)) - set(free), key=str)
    later = []
    for s in free:
        lo, hi = (sp.sympify(b) for b in where.get(s, (None, None))) if s in where else (None, None)
        if lo is None:
            if s.is_integer:
                point.symbols[s] = rng.randint(1, largest)
            elif (s.is_positive or s.is_nonnegative) and not whole:
                point.symbols[s] = ctx.mpf(rng.randint(15, 250)) / 100
            else:
                point.symbols[s] = entry(s, ())
        elif s.is_integer and lo.is_number and hi.is_number and lo.is_finite and hi.is_finite:
            point.symbols[s] = rng.randint(int(lo), min(int(hi), int(lo) + largest))
        elif s.is_integer or lo.is_infinite or hi.is_infinite:
            later.append(s)
        else:
            a, b = point.value(lo), point.value(hi)
            point.symbols[s] = a + (b - a) * ctx.mpf(rng.randint(3, 97)) / 100
    for s in sorted(later, key=lambda s: (len(sp.Tuple(*where[s]).free_symbols & set(later)), str(s))):
        lo, hi = (sp.sympify(b) for b in where[s])
        a = -2 if lo.is_infinite else point.integer(lo)
        b = 3 if hi.is_infinite else point.integer(hi)
        if a > b:
            raise Undefined("no value for %s in %d..%d" % (s, a, b))
        point.symbols[s] = rng.randint(a, b)
    for f in _unknown(*trees):
        point.functions[f] = smooth(ctx, rng)
    for fact in given:
        _satisfy(point, fact, where, largest)
    return point


def _satisfy(point, fact, where, largest):
    """Make a fact true by moving one number, for every value of the indices that only it has free."""
    for _ in _values(point, fact, where, largest):
        if not _move(point, fact):
            raise Unsupported("cannot satisfy %s" % fact)


def _values(point, fact, where, largest):
    """Binds the indices that only the fact has free to all their values in turn."""
    loose = sorted((s for s in unbound(fact) if s not in point.symbols and s.is_integer), key=str)
    spans = [
        range(point.integer(where[s][0]), point.integer(where[s][1]) + 1) if s in where else range(1, largest + 2)
        for s in loose
    ]
    for numbers in product(*spans):
        point.symbols.update(zip(loose, numbers, strict=True))
        yield
    for s in loose:
        point.symbols.pop(s, None)


def _move(point, fact, only=None):
    """Newton's method with one entry or symbol (of `only` these) after the other; whether the fact holds then."""
    small = 1e4 * point.ctx.eps
    residual = lambda: point.number(fact.lhs) - point.number(fact.rhs)
    known = set(point.entries)
    if abs(residual()) < small:
        return True
    symbols = {s for s in unbound(fact) if s in point.symbols and not s.is_integer}
    entries = set(point.entries) - known or set(point.entries)
    places = [(point.entries, key) for key in sorted(entries, key=str, reverse=True)]
    for place in places + [(point.symbols, s) for s in sorted(symbols, key=str, reverse=True)]:
        table, key = place
        if only is not None and key not in only:
            continue
        old = table[key]
        for _ in range(60):
            off = residual()
            if abs(off) < small and not (getattr(key, "is_positive", None) and table[key] <= 0):
                return True
            slope = _quotient(point.ctx, lambda step, place=place: point.moved(place, step, residual))
            if abs(slope) < small:
                break
            table[key] -= off / slope
        table[key] = old
    return False


def compare(
    lhs,
    rhs,
    where=None,
    given=(),
    points=4,
    seed=0,
    tolerance=1e-9,
    ctx=None,
    largest=3,
    positive=(),
    whole=False,
):
    """'equal', 'different' or 'unknown' by evaluation at a few points, with the point where they differ.

    With `whole`, every second point has whole numbers.
    """
    seen = 0
    for n in range(4 * points):
        try:
            point = random_point(
                lhs,
                rhs,
                where,
                given,
                seed=100 * seed + n,
                ctx=ctx,
                largest=largest,
                positive=positive,
                whole=whole and n % 2 == 1,
            )
            a, b = point.number(lhs), point.number(rhs)
        except (Undefined, ZeroDivisionError, OverflowError):
            continue
        if abs(a - b) > tolerance * (1 + abs(a) + abs(b)):
            return "different", point, a, b
        seen += 1
        if seen >= points:
            break
    return ("equal" if seen else "unknown"), None, None, None


# -- the point named by a verdict ---------------------------------------------


def point_of(counterexample, ctx=mpmath.fp, endless=()):
    """A verdict's counterexample as a Point.

    Entries that it does not name must not matter: those of finite sequences are 0, others anything.
    """

    def rule(base, subscripts):
        return ctx.mpf(0) if base in endless else ctx.mpf(37 + 11 * len(point.entries) % 50) / 32

    point = Point(ctx, rule)
    for key, value in counterexample.items():
        if isinstance(key, str):
            continue
        if isinstance(key, sp.Indexed):
            point.entries[key.base.label, tuple(int(i) for i in key.indices)] = point.number(value)
        elif isinstance(key, UndefinedFunction):
            point.functions[key] = _callable(value, ctx)
        else:
            v = point.value(value)
            point.symbols[key] = v if isinstance(v, int) else ctx.mpf(v)
    return point


def _callable(f, ctx):
    def call(*args):
        inner = Point(ctx)
        inner.symbols.update(zip(f.variables, args, strict=True))
        return inner.value(f.expr)

    return call


def witness(verdict, lhs, rhs, given=(), where=None, tolerance=1e-6, apart=1e-9, context=mpmath.fp):
    """Both sides at the counterexample, in plain floating point (or another context).

    Complains unless they differ and match the verdict, and unless the point respects the ranges and the facts.
    """
    lhs, rhs, found, where = sp.sympify(lhs), sp.sympify(rhs), verdict.counterexample, where or {}
    assert found is not None, "refuted without a counterexample"
    point = point_of(found, context, endless(where, lhs, rhs))
    unnamed = (unbound(lhs) | unbound(rhs)) - set(point.symbols)
    for name in unnamed:  # one it does not name must not matter
        point.symbols[name] = 1 if name.is_integer else context.mpf(37) / 32
    for f in _unknown(lhs, rhs):
        point.functions.setdefault(f, smooth(context, random.Random(3)))
    for s, number in point.symbols.items():
        lo, hi = where.get(s, (s, s))
        assert point.truth(sp.And(sp.Le(lo, s), sp.Le(s, hi))), "%s = %s leaves its range" % (s, number)
        assert not (s.is_integer and int(number) != number or s.is_positive and number <= 0), "%s = %s" % (s, number)
    for fact in given:
        assert_holds(point, fact, tolerance, where, unnamed)
    a, b = point.number(lhs), point.number(rhs)
    left, right = point.number(found["left"]), point.number(found["right"])
    if max(abs(left), abs(right)) > 1e300:
        raise Undefined("too large for difference quotients")
    scale = 1 + abs(a) + abs(b)
    assert abs(a - b) > apart * scale, "both sides are %s there" % a
    assert abs(a - left) < tolerance * scale, "left is %s, the verdict says %s" % (a, left)
    assert abs(b - right) < tolerance * scale, "right is %s, the verdict says %s" % (b, right)
    return a, b


def assert_holds(point, fact, tolerance, where, unnamed=frozenset()):
    """The fact at the point; with an index of its own, for every row of which the point names all entries.

    What the point leaves open may be chosen so that the fact holds.
    """
    rule, point.entries.rule = point.entries.rule, None
    for _ in _values(point, fact, where, 2):
        try:
            off = point.number(fact.lhs) - point.number(fact.rhs)
        except KeyError:  # a row that the claim does not use, or a number that can be chosen
            continue
        holds = abs(off) < tolerance or _move(point, fact, unnamed)
        assert holds, "the fact %s does not hold there" % fact
    point.entries.rule = rule
