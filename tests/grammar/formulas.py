"""Random expressions over finite and endless ranges."""

from sympy import (
    Abs,
    Derivative,
    Eq,
    Heaviside,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Piecewise,
    Product,
    Rational,
    S,
    Subs,
    Sum,
    Symbol,
    exp,
    floor,
    log,
    sign,
    sqrt,
    tanh,
)

from helpers import prime

from .trees import ENDLESS, NAMES, WHERE, Z0, I, J, K, M, N, Q, U, W, b, c, d, fresh, phi, put, sigma, tau, u, w, x, y

# What a larger expression is made by, in hundredths; see the methods of Maker.
FINITE = dict(add=16, multiply=18, sum=22, apply=6, slope=10, square=4, exponential=6, logistic=4, softplus=3,
              softmax=3, hyperbolic=2, quotient=1, root=1, primed=2, cases=2, product=1)
OVER_Z = dict(add=16, multiply=18, sum=46, apply=6, slope=10, square=4)
ACTIVE = dict(add=14, multiply=14, sum=16, apply=24, primed=18, slope=14)
SMALL = ("exponential", "logistic", "softplus", "softmax", "hyperbolic", "quotient", "root", "primed", "cases",
         "product")


class Maker:
    """One random expression; `endless` makes it one of sums over all integers."""

    def __init__(self, rng, endless=False, kinds=None):
        self.rng, self.endless = rng, endless
        self.kinds = kinds or (OVER_Z if endless else FINITE)
        self.scope = [(N, *ENDLESS)] if endless else [(s, *map(S, WHERE[s])) for s in (I, J, Q, Z0)]

    def make(self, depth, scope=None, small=False):
        """An expression; `small` keeps the arguments of exponentials free of further ones."""
        scope = scope or self.scope
        if depth <= 0:
            return self.atom(scope)
        (kind,) = self.rng.choices(list(self.kinds), self.kinds.values())
        if small and kind in SMALL:
            return self.atom(scope) * self.atom(scope)
        return getattr(self, kind)(depth, scope, small)

    # ------------------------------------------------------------------- leaves
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

    def direction(self, body, scope):
        """What to differentiate by, most often something that occurs."""
        bases = sorted({entry.base for entry in body.atoms(Indexed)}, key=str)
        if not self.endless and self.rng.random() < (0.15 if bases else 0.9):
            return self.rng.choice([s for s in (c, d, tau) if body.has(s)] or [c, tau])
        base = self.rng.choice(bases or [x, y]) if self.rng.random() < 0.9 else W
        return base[self.index(scope), self.index(scope)] if base in (W, U) else base[self.index(scope)]

    # ----------------------------------------------------------- larger expressions
    def inner(self, depth, scope):
        """The argument of an exponential."""
        return self.make(min(depth - 1, 1), scope, small=True)

    def add(self, depth, scope, small):
        part = lambda: self.make(depth - 1, scope, small)
        return part() + self.rng.choice([1, -1, 2]) * part()

    def multiply(self, depth, scope, small):
        return self.make(depth - 1, scope, small) * self.make(max(depth - 2, 0), scope, small)

    def sum(self, depth, scope, small, cls=Sum):
        k = self.name(scope)
        lo, hi = ENDLESS if self.endless else self.ranges(scope)
        body = self.make(depth - 1, scope + [(k, lo, hi)])
        if self.endless or not body.has(k) or self.rng.random() < 0.3:
            way = self.rng.choice([1, -1]) if self.endless else 1
            shift = self.rng.choice(scope)[0] * self.rng.choice([0, 1, 1]) if self.endless else 0
            body *= self.rng.choice([x, y, b])[way * k + shift]
        return cls(body, (k, lo, hi))

    def product(self, depth, scope, small):
        return self.sum(depth, scope, small, Product)

    def apply(self, depth, scope, small):
        return self.rng.choice([sigma, sigma, phi])(self.make(depth - 1, scope, small))

    def slope(self, depth, scope, small):
        body = self.make(depth - 1, scope, small)
        return Derivative(body, self.direction(body, scope))

    def square(self, depth, scope, small):
        return self.make(depth - 1, scope, small) ** 2

    def exponential(self, depth, scope, small):
        return exp(self.inner(depth, scope))

    def logistic(self, depth, scope, small):
        return 1 / (1 + exp(-self.inner(depth, scope)))

    def softplus(self, depth, scope, small):
        return log(1 + exp(self.inner(depth, scope)))

    def softmax(self, depth, scope, small):
        k, e, free = self.name(scope), exp(self.entry(scope[-1:])), scope[-1][0]
        return e / Sum(put(e, free, k), (k, 1, self.rng.choice([K, M])))

    def hyperbolic(self, depth, scope, small):
        return tanh(self.inner(depth, scope))

    def quotient(self, depth, scope, small):
        return self.make(depth - 1, scope) / (1 + self.inner(depth, scope) ** 2)

    def root(self, depth, scope, small):
        return self.make(depth - 1, scope) / sqrt(tau + self.atom(scope) ** 2)

    def primed(self, depth, scope, small):
        part = self.make(depth - 1, scope, small)
        if self.rng.random() < 0.5:
            return Subs(Derivative(sigma(u), u), u, part)
        return prime(self.rng.choice([sigma, phi]), self.rng.choice([1, 1, 2]))(part)

    def cases(self, depth, scope, small):
        a, e = self.index(scope), self.index(scope)
        test = self.rng.choice([a <= e, Eq(a, e), a < e])
        part = self.make(depth - 1, scope)
        return Piecewise((part, test), (self.atom(scope), True)) if test not in (True, False) else part


class Kinked:
    """Random formulas with orders, kinks, roots and thresholds; `kinds` are the ways to make a larger one."""

    def __init__(self, rng, kinds):
        self.rng, self.kinds, self.count = rng, kinds, 0

    def index(self, scope):
        return self.rng.choice([I, J, K, *scope]) + self.rng.choice([0, 0, 0, 1, -1])

    def condition(self, scope, depth):
        left, right = ((self.index(scope), self.index(scope)) if self.rng.random() < 0.6 else
                       (self.make(scope, depth - 1), self.make(scope, depth - 1)))
        return self.rng.choice([left < right, left <= right, left > right])

    def thresholds(self, v):
        signs = (self.rng.choice([1, 2, -1]) * v - Rational(self.rng.randint(-3, 3), 2) for _ in range(2))
        return Heaviside(next(signs), 0) * Heaviside(next(signs), 0)

    def leaf(self, scope):
        return self.rng.choice([c, d, tau, x[self.index(scope)], w[self.index(scope)], self.index(scope),
                                Rational(self.rng.randint(-3, 3), 2)])

    def make(self, scope=(), depth=3):
        rng = self.rng
        if depth <= 0:
            return self.leaf(scope)
        part = lambda: self.make(scope, depth - 1)
        kind = rng.choice(self.kinds)
        if kind == "sum":
            self.count += 1
            k = Symbol(f"k{self.count}", integer=True)
            low, high = rng.choice([1, I, J, 0]), rng.choice([K, K - 1, J, K + 1])
            return Sum(self.make((*scope, k), depth - 1), (k, low, high))
        return {
            "add": lambda: part() + part(), "subtract": lambda: part() - part() / 2,
            "multiply": lambda: part() * part(),
            "divide": lambda: part() / part(), "power": lambda: part() ** rng.choice([2, 3, -1, -2]),
            "root": lambda: part() ** Rational(rng.choice([1, -1, 3]), rng.choice([2, 3])), "exp": lambda: exp(part()),
            "log": lambda: log(part()), "tanh": lambda: tanh(part()), "abs": lambda: Abs(part()),
            "max": lambda: rng.choice([Max, Min])(part(), part()), "sign": lambda: sign(part()),
            "jump": lambda: Heaviside(part(), 0), "thresholds": lambda: self.thresholds(part()),
            "floor": lambda: floor(part()),
            "delta": lambda: KroneckerDelta(self.index(scope), self.index(scope)) * part(),
            "cases": lambda: Piecewise((part(), self.condition(scope, depth)), (part(), True)),
        }[kind]()


class Folded(Kinked):
    """The same, piecewise polynomial: what an arithmetic solver can decide."""

    def leaf(self, scope):
        return self.rng.choice([c, d, tau, c - d, Rational(self.rng.randint(-4, 4), 2)])

    def condition(self, scope, depth):
        left, right = self.make(scope, depth - 1), self.make(scope, depth - 1)
        return self.rng.choice([left < right, left <= right, left > right])


ORDERS = "add subtract multiply divide power root exp log tanh abs max sign jump thresholds cases floor".split()
RANGES = "add subtract multiply delta cases cases sum sum sum max abs sign jump thresholds".split()
FOLDS = "add subtract subtract multiply abs max max max sign jump thresholds cases".split()
