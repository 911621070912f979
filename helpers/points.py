"""The value of a formula at a point: the witness that knows no algebra.

A point gives every size and index an integer, every symbol and tensor entry a number, and every unknown
function a concrete one. Sums are added up, derivatives are carried along as duals (forward mode); no rule
of the normal form and no derivative by SymPy takes part, only SymPy's table of elementary derivatives.
"""

from __future__ import annotations

from itertools import pairwise

import mpmath
import sympy as sp
from sympy import QQ, Dummy
from sympy.core.function import AppliedUndef
from sympy.tensor.indexed import Indexed

from .balls import EXACT, Arithmetic, Dual, Undefined, is_zero, primal
from .errors import Unsupported
from .language import DefinedEntry, DefinedValue, is_made_of, parts

WINDOW = 9  # sequences over all integers vanish outside -1 … 2, so their sums end here;
SUPPORT = (-1, 2)  # a formula with x[n + 10] widens both
MANTISSA = QQ(31, 37)  # limits are approached in steps of MANTISSA·10ⁿ, or another mantissa
LONG = 64  # so many terms are added up between two looks at the clock
SPARING = (sp.KroneckerDelta, sp.Piecewise, sp.Heaviside)
COARSE = (sp.Piecewise, sp.Max, sp.Min, sp.Abs, sp.sign, sp.Heaviside, sp.floor, sp.ceiling, sp.frac, sp.Mod)


class Point:
    """An assignment of values. Tensor entries and functions are drawn when they are first asked for."""

    def __init__(self, values=None, draw=None, draw_function=None, mantissa=MANTISSA):
        self.values = dict(values or {})
        self.entries: dict = {}
        self.functions: dict = {}
        self.draw, self.draw_function = draw, draw_function
        self.mantissa = mantissa
        self.overrides: tuple = ()
        self.nudges: dict = {}  # defined names that are differentiated by: {level: (name, subscripts)}
        self.memo: dict = {}
        self.frozen: set = set()  # what given facts have fixed
        self.used: dict = {}  # what the formulas looked at, in order

    def entry(self, base, subscripts):
        place = (base, subscripts)
        if place not in self.entries:
            self.entries[place] = self.draw(base, subscripts)
        self.used[place] = None
        return self.entries[place]


class Evaluator(Arithmetic):
    """Compiles formulas to closures `value(point)`."""

    def __init__(self, field, budget, sequences=None, integers=frozenset(), reach=0):
        super().__init__(field)
        self.integers = integers  # symbols that cannot be differentiated by
        self.estimated = False  # whether some value has an estimated error, not a bound
        self.budget = budget
        self.sequences = sequences or {}  # tensors indexed by all integers, and the places of such subscripts
        self.support = SUPPORT[0] - reach, SUPPORT[1] + reach
        self.window = WINDOW + 3 * reach
        self.level = 0
        self.work = 0  # terms and bound values so far, for those who count effort and not seconds
        self.compiled: dict = {}
        self.rules: dict = {}

    def compile(self, expr):
        closure = self.compiled.get(expr)
        if closure is None:
            for cls in type(expr).__mro__:
                method = COMPILERS.get(cls)
                if method is not None:
                    closure = method(self, expr)
                    break
            else:
                raise Unsupported(f"the value of {type(expr).__name__}")
            self.compiled[expr] = closure
        return closure

    def value(self, expr, point):
        return self.compile(expr)(point)

    def integer(self, value):
        if isinstance(value, Dual):
            raise Unsupported("the derivative with respect to what is in a subscript or a limit")
        if isinstance(value, EXACT) and value.denominator == 1:
            return int(value)
        raise Undefined

    def memoized(self, expr, closure):
        """Remember the value for given integers (bound indices) and derivatives under way."""
        names = sorted({s for s in parts(expr) if isinstance(s, sp.Symbol)}, key=sp.default_sort_key)
        mark = object()

        def remembered(point):
            around = []
            for name in names:
                value = point.values.get(name)
                if value is not None:
                    if not isinstance(value, EXACT):
                        return closure(point)
                    around.append(value)
                else:
                    around.append(None)
            key = (mark, point.overrides, *around)
            if key not in point.memo:
                point.memo[key] = closure(point)
            return point.memo[key]

        return remembered

    # ------------------------------------------------------------- the trees
    def compile_number(self, expr):
        number = QQ(int(expr.p), int(expr.q))
        return lambda point: number

    def compile_symbol(self, expr):
        if hasattr(expr, "formula"):
            body = self.memoized(expr.formula, self.compile(expr.formula))
            return lambda point: self.nudged(point, body(point), expr)

        def lookup(point):
            point.used[expr] = None
            if expr not in point.values:
                point.values[expr] = point.draw(expr, None)
            return point.values[expr]
        return lookup

    def compile_constant(self, expr):
        if expr is sp.I:
            return lambda point: self.field.imaginary()
        if expr in (sp.pi, sp.E, sp.EulerGamma, sp.Catalan):
            return lambda point: self.field.constant(expr)
        digits = str(sp.N(expr, 80))
        return lambda point: self.field.approximate(mpmath.mpf(digits), mpmath.mpf(10) ** -60)

    def compile_undefined(self, expr):
        def undefined(point):
            raise Undefined
        return undefined

    def compile_add(self, expr):
        terms = [self.compile(argument) for argument in expr.args]

        def total(point):
            value = QQ(0)
            for term in terms:
                value = self.add(value, term(point))
            return value
        return total

    def compile_mul(self, expr):
        # cheap factors first; a zero of an indicator, or of a sequence outside its support, spares the rest,
        # another zero may meet 1/0
        arguments = sorted(expr.args, key=lambda a: any(isinstance(n, sp.Sum) for n in parts(a)))
        factors = [(self.compile(a), isinstance(a, SPARING) or isinstance(a, Indexed) and a.args[0] in self.sequences)
                   for a in arguments]

        def product(point):
            value = QQ(1)
            for factor, sparing in factors:
                value = self.mul(value, factor(point))
                if sparing and is_zero(value):
                    break
            return value
        return product

    def compile_pow(self, expr):
        base, exponent = map(self.compile, expr.args)
        if expr.args[0] == sp.E:
            return lambda point: self.call(sp.exp, [exponent(point)])
        return lambda point: self.power(base(point), exponent(point))

    def compile_function(self, expr):
        arguments = [self.compile(argument) for argument in expr.args]
        function = expr.func
        return lambda point: self.call(function, [argument(point) for argument in arguments])

    def compile_log(self, expr):
        above, *below = [self.compile(argument) for argument in expr.args]
        if not below:
            return lambda point: self.call(sp.log, [above(point)])
        return lambda point: self.divide(self.call(sp.log, [above(point)]), self.call(sp.log, [below[0](point)]))

    def partial(self, function, place, values):
        names, rule = self.rules.get((function, place), (None, None))
        if rule is None:
            names = [Dummy(real=True) for _ in values]
            derivative = function(*names).fdiff(place + 1)
            if derivative.has(sp.Derivative, sp.Subs):
                raise Unsupported(f"the derivative of {function}")
            rule = self.compile(derivative)
            self.rules[function, place] = names, rule
        return rule(Point(dict(zip(names, values, strict=True))))

    def compile_defined(self, expr):
        formula, values = expr.law
        names = list(values)
        arguments = [self.compile(value) for value in values.values()]
        body = self.memoized(formula, self.compile(formula))

        def defined(point):
            found = [argument(point) for argument in arguments]
            value = self.bind(point, names, found, body)
            return self.nudged(point, value, expr.base, found) if isinstance(expr, DefinedEntry) else value
        return defined

    def nudged(self, point, value, name, subscripts=()):
        """The value of a defined quantity or entry, with slope 1 where it is differentiated by."""
        for level, (base, place, around) in point.nudges.items():
            if base == name:
                if any(primal(point.values.get(s, v)) is not v for s, v in around.items()):
                    raise Undefined  # a symbol of its formula is bound here, and has another value
                if place == tuple(map(self.integer, subscripts)):
                    value = self.add(value, Dual(level, QQ(0), QQ(1)))
        return value

    def compile_entry(self, expr):
        base, *subscripts = expr.args
        subscripts = [self.compile(subscript) for subscript in subscripts]
        sequence = base in self.sequences

        def entry(point):
            place = tuple(self.integer(subscript(point)) for subscript in subscripts)
            if sequence and (base, place) not in point.entries and self.outside(base, place):
                return QQ(0)
            return point.entry(base, place)
        return entry

    def outside(self, base, place):
        """Whether a place lies outside the support of a sequence over all integers."""
        return any(not self.support[0] <= place[n] <= self.support[1] for n in self.sequences[base])

    @staticmethod
    def require_symbols(expr, names):
        for name in names:
            if not isinstance(name, sp.Symbol):
                raise Unsupported(f"{type(expr).__name__} over {name}: use a symbol, not a tensor entry")

    def bind(self, point, names, values, body):
        self.work += 1
        before = {name: point.values.get(name) for name in names}
        point.values.update(zip(names, values, strict=True))
        try:
            return body(point)
        finally:
            for name, value in before.items():
                if value is None:
                    point.values.pop(name, None)
                else:
                    point.values[name] = value

    def compile_delta(self, expr):
        left, right = map(self.compile, expr.args[:2])
        return lambda point: QQ(int(self.sign(self.add(left(point), self.neg(right(point)))) == 0))

    # ------------------------------------------------------ sums and products
    def compile_sum(self, expr):
        return self.compile_over(expr, self.add, QQ(0))

    def compile_product(self, expr):
        return self.compile_over(expr, self.mul, QQ(1))

    def compile_over(self, expr, combine, start):
        closure = self.compile(expr.function)
        for position, (name, low, high) in enumerate(expr.limits):
            inner = expr.func(expr.function, *expr.limits[:position + 1])
            closure = self.memoized(inner, self.over_range(inner, closure, name, low, high, combine, start))
        return closure

    def over_range(self, inner, body, name, low, high, combine, start):
        endless = [limit for limit in (low, high) if limit in (sp.oo, -sp.oo)]
        if endless and not any(isinstance(node, sp.KroneckerDelta) or isinstance(node, Indexed) and
                               node.args[0] in self.sequences for node in parts(inner.function)):
            return self.series(inner, body, name, low, high, start)
        first = self.compile(sp.Integer(-self.window) if low == -sp.oo else low)
        last = self.compile(sp.Integer(self.window) if high == sp.oo else high)

        def total(point):
            self.budget.check()
            a, b = self.integer(first(point)), self.integer(last(point))
            if b < a - 1:
                raise Undefined  # conventions differ about reversed ranges
            before, value = point.values.get(name), start
            try:
                for n in range(a, b + 1):
                    self.work += 1
                    if not n % LONG:
                        self.budget.check()
                    point.values[name] = QQ(n)
                    term = body(point)
                    if endless and abs(n) >= self.window - 1 and not is_zero(term):
                        raise Undefined  # not a sum of finite support
                    value = combine(value, term)
                    if start and is_zero(value):
                        break
            finally:
                if before is None:
                    point.values.pop(name, None)
                else:
                    point.values[name] = before
            return value
        return total

    def series(self, inner, body, name, low, high, start):
        """A convergent series, by mpmath's extrapolation; its error is estimated, not bounded."""
        if inner.function == 0:
            return lambda point: start
        if inner.func is sp.Product:
            raise Unsupported("an endless product")
        ends = [self.endpoint(limit) for limit in (low, high)]

        def total(point):
            interval = [end(point) for end in ends]
            interval = [self.integer(end) if isinstance(end, EXACT) else end for end in interval]

            def term(n):
                return self.plain(self.bind(point, [name], [QQ(int(n))], body))

            def compute():
                with mpmath.workdps(15):
                    rough = mpmath.nsum(term, interval, method="richardson+shanks")
                with mpmath.workdps(20):
                    value = mpmath.nsum(term, interval, method="richardson+shanks")
                    error = abs(value - rough)
                    # the partial sums must approach the value
                    first, way = (interval[0], 1) if mpmath.isfinite(interval[0]) else (interval[1], -1)
                    if not mpmath.isfinite(first):
                        raise Undefined
                    partial = [mpmath.fsum(term(first + way * n) for n in range(count)) for count in (101, 402)]
                    near, far = (abs(value - p) for p in reversed(partial))
                    if near > far * 0.9 + error + estimated(value):
                        raise Undefined
                return value, error
            return self.estimate(compute)
        return total

    def estimate(self, compute):
        """A value that mpmath computes with an estimated error, if the error is small enough."""
        self.estimated = True
        try:
            value, error = compute()
        except (ValueError, ZeroDivisionError, mpmath.libmp.NoConvergence) as failure:
            raise Undefined from failure
        finally:
            self.field.enter()
        if not mpmath.isfinite(value) or error > 1e-8 * (1 + abs(value)):
            raise Undefined
        return self.field.approximate(value, max(error * 1000, estimated(value)))

    def endpoint(self, limit):
        if limit in (sp.oo, -sp.oo):
            return lambda point: mpmath.inf if limit == sp.oo else mpmath.ninf
        return self.compile(limit)

    def plain(self, value):
        """A value for mpmath's quadrature and summation."""
        if isinstance(value, Dual):
            raise Unsupported("the derivative of an integral or a series")
        return self.field.to_mpmath(self.field.lift(value))

    def compile_integral(self, expr):
        closure = self.compile(expr.function)
        self.require_symbols(expr, [limit[0] for limit in expr.limits])
        for limit in expr.limits:
            if len(limit) != 3:
                raise Unsupported("an indefinite integral: it is defined up to a constant")
            closure = self.integrated(closure, *limit)
        return closure

    def integrated(self, body, name, low, high):
        ends = [self.endpoint(limit) for limit in (low, high)]

        def integral(point):
            def integrand(x):
                return self.bind(point, [name], [x], body)

            return self.integrate(integrand, *(end(point) for end in ends), point.overrides)
        return integral

    def integrate(self, integrand, a, b, levels):
        """∫ integrand(x) dx from a to b; for the derivatives under way, by Leibniz' rule."""
        if not levels:
            return self.quadrature(integrand, a, b)
        *lower, level = levels

        def value(x):
            return x.value if isinstance(x, Dual) and x.level == level else x

        def slope(x):
            return x.slope if isinstance(x, Dual) and x.level == level else QQ(0)

        change = self.integrate(lambda x: slope(integrand(x)), value(a), value(b), lower)
        for end, moves in ((a, self.neg(slope(a))), (b, slope(b))):
            if not is_zero(moves):
                change = self.add(change, self.mul(moves, value(integrand(value(end)))))
        return Dual(level, self.integrate(lambda x: value(integrand(x)), value(a), value(b), lower), change)

    def quadrature(self, integrand, a, b):
        a, b = (x if isinstance(x, mpmath.mpf) else self.plain(x).real for x in (a, b))
        breaks = [a, 0, b] if min(a, b) < 0 < max(a, b) else [a, b]

        def plain(x):
            return self.plain(integrand(self.field.approximate(x, mpmath.mpf(0))))

        def compute():
            with mpmath.workdps(25):
                value, error = mpmath.quad(plain, breaks, error=True, maxdegree=7)
                # a second rule on other points must agree: one rule may miss a narrow peak
                finer = mpmath.linspace(a, b, 14) if all(map(mpmath.isfinite, (a, b))) else breaks
                again = mpmath.quad(plain, finer, method="gauss-legendre", maxdegree=5)
                return value, max(error, abs(value - again))
        return self.estimate(compute)

    def compile_limit(self, expr):
        body, name, target, direction = expr.args
        self.require_symbols(expr, [name])
        closure = self.compile(body)
        if target in (sp.oo, -sp.oo):
            sides = [1 if target == sp.oo else -1]

            def near(point, side, n):
                return self.field.lift(side * 10 ** n * point.mantissa)
        else:
            to = self.compile(target)
            sides = {"+": [1], "-": [-1]}.get(str(direction), [1, -1])

            def near(point, side, n):
                return self.add(to(point), self.field.lift(side / (10 ** n * point.mantissa)))

        def limit(point):
            self.estimated = True
            found = []
            for side in sides:
                column = [self.plain(self.bind(point, [name], [near(point, side, n)], closure)) for n in range(3, 9)]
                with mpmath.workdps(50):  # Richardson's extrapolation in powers of the distance
                    for power in range(1, 6):
                        before = column
                        column = [(10 ** power * y - x) / (10 ** power - 1) for x, y in pairwise(column)]
                    error = max(abs(column[0] - before[-1]) * 1000, estimated(column[0]))
                    found.append(column[0])
                # far closer the value must stay, whatever the scale of the function
                closest = self.plain(self.bind(point, [name], [near(point, side, 27)], closure))
                if abs(closest - column[0]) > 1e-6 * (1 + abs(closest)):
                    raise Undefined
            if error > 1e-9 * (1 + abs(found[0])) or abs(found[0] - found[-1]) > error:
                raise Undefined
            return self.field.approximate(found[0], error)
        return limit

    # ------------------------------------------------------------ derivatives
    def compile_derivative(self, expr):
        closure = self.compile(expr.args[0])
        for variable, count in expr.args[1:]:
            if not count.is_Integer:
                raise Unsupported("a derivative of symbolic order")
            for _ in range(int(count)):
                closure = self.derived(closure, variable)
        return self.memoized(expr, closure)

    def derived(self, body, variable):
        """∂body/∂variable: the variable gets the slope 1 wherever it is looked up."""
        if variable in self.integers:
            raise Unsupported(f"the derivative with respect to the integer {variable}")
        subscripts = [self.compile(subscript) for subscript in variable.args[1:]]

        def place(point):
            return variable.args[0], tuple(self.integer(subscript(point)) for subscript in subscripts)

        if hasattr(variable, "law") and isinstance(variable, sp.Symbol | Indexed):
            name, over = getattr(variable, "base", variable), set(variable.law[1])
            if name.formula.is_integer:
                raise Unsupported(f"the derivative with respect to the integer {variable}")

            itself = self.compile(variable)

            def marked(point, level):
                itself(point)  # draws what the formula is made of
                around = {s: primal(v) for s, v in point.values.items() if s in name.formula.free_symbols - over}
                return point.nudges, level, (*(place(point) if subscripts else (name, ())), around)
        elif isinstance(variable, sp.Symbol):
            def marked(point, level):
                return point.values, variable, Dual(level, self.compile(variable)(point), QQ(1))
        elif isinstance(variable, Indexed | sp.matrices.expressions.matexpr.MatrixElement):
            def marked(point, level):
                base, numbers = found = place(point)
                outside = base in self.sequences and found not in point.entries and self.outside(base, numbers)
                return point.entries, found, Dual(level, QQ(0) if outside else point.entry(*found), QQ(1))
        else:
            raise Unsupported(f"the derivative with respect to {variable}")

        def slope(point):
            for name, *_ in point.nudges.values():  # the order of the two would matter; the prover refuses it too
                if is_made_of(name.formula, variable):
                    raise Unsupported(f"a derivative by {name} and by what it is made of")
            self.level += 1
            level, overrides = self.level, point.overrides
            table, key, mark = marked(point, level)
            before = table.get(key)
            table[key], point.overrides = mark, (*overrides, level)
            try:
                result = body(point)
            finally:
                point.overrides = overrides
                if before is None:
                    del table[key]
                else:
                    table[key] = before
            return result.slope if isinstance(result, Dual) and result.level == level else QQ(0)
        return slope

    def compile_subs(self, expr):
        body, names, values = expr.args
        self.require_symbols(expr, names)
        closure, values = self.compile(body), [self.compile(value) for value in values]
        return lambda point: self.bind(point, list(names), [value(point) for value in values], closure)

    def compile_unknown(self, expr):
        arguments = [self.compile(argument) for argument in expr.args]
        function = getattr(expr.func, "of", expr.func)
        order = getattr(expr.func, "order", 0)
        count = len(arguments)

        def unknown(point):
            if (function, count) not in point.functions:
                names, model = point.draw_function(function, count)
                point.functions[function, count] = names, model, self.compile(model)
            point.used[function, count] = None
            names, _, body = point.functions[function, count]
            closure = body
            for _ in range(order):
                closure = self.derived(closure, names[0])
            inner = Point(dict(zip(names, [argument(point) for argument in arguments], strict=True)), point.draw)
            return closure(inner)
        return unknown

    # --------------------------------------------------- orders and branches
    def compile_max(self, expr):
        arguments = [self.compile(argument) for argument in expr.args]
        wanted = 1 if expr.func is sp.Max else -1

        def extreme(point):
            best, *others = [argument(point) for argument in arguments]
            for other in others:
                if self.sign(self.add(other, self.neg(best))) == wanted:
                    best = other
            return best
        return extreme

    def compile_abs(self, expr):
        argument = self.compile(expr.args[0])

        def absolute(point):
            u = argument(point)
            try:
                return self.neg(u) if self.sign(u) < 0 else u
            except Undefined:
                if isinstance(u, Dual):
                    raise
                return self.field.magnitude(self.field.lift(u))
        return absolute

    def compile_sign(self, expr):
        argument = self.compile(expr.args[0])
        return lambda point: QQ(self.sign(argument(point)))

    def compile_heaviside(self, expr):
        argument, at_zero = map(self.compile, expr.args)

        def heaviside(point):
            sign = self.sign(argument(point))
            return at_zero(point) if sign == 0 else QQ(int(sign > 0))
        return heaviside

    def compile_floor(self, expr):
        argument, up = self.compile(expr.args[0]), expr.func is sp.ceiling

        def rounded(point):
            u = argument(point)
            while isinstance(u, Dual):
                u = u.value
            if isinstance(u, EXACT):
                down = u.numerator // u.denominator
                return QQ(int(down) + int(up and u.denominator != 1))
            return QQ(self.field.floor(u) + int(up))
        return rounded

    def compile_part(self, expr):
        argument, function = self.compile(expr.args[0]), expr.func

        def part(point):
            u = argument(point)
            if isinstance(u, EXACT):
                return QQ(0) if function is sp.im else u
            if isinstance(u, Dual):
                raise Unsupported("the derivative of a complex part")
            return {sp.re: self.field.real, sp.im: self.field.imag, sp.conjugate: self.field.conjugate}[function](u)
        return part

    def compile_piecewise(self, expr):
        branches = [(self.branch(expr, number), self.compile_condition(condition))
                    for number, (_, condition) in enumerate(expr.args)]

        def piecewise(point):
            for value, condition in branches:
                if condition(point):
                    return value(point)
            raise Undefined
        return piecewise

    def branch(self, piecewise, number):
        return self.compile(piecewise.args[number][0])

    def compile_condition(self, condition):
        if condition in (True, False, sp.true, sp.false):
            return lambda point: bool(condition)
        if isinstance(condition, sp.And | sp.Or | sp.Not):
            parts = [self.compile_condition(c) for c in condition.args]
            if isinstance(condition, sp.Not):
                return lambda point: not parts[0](point)
            combine = all if isinstance(condition, sp.And) else any
            return lambda point: combine(part(point) for part in parts)
        if isinstance(condition, sp.core.relational.Relational):
            left, right = self.compile(condition.lhs), self.compile(condition.rhs)
            signs = {sp.Eq: (0,), sp.Ne: (-1, 1), sp.Lt: (-1,), sp.Le: (-1, 0), sp.Gt: (1,), sp.Ge: (0, 1)}
            wanted = next(s for kind, s in signs.items() if isinstance(condition, kind))
            return lambda point: self.sign(self.add(left(point), self.neg(right(point)))) in wanted
        raise Unsupported(f"the condition {condition}")


def estimated(value):
    """The error granted to a value whose error is not bounded but estimated: 12 digits."""
    return (1 + abs(value)) * mpmath.mpf(10) ** -12


def is_coarse(expr):
    """Whether the formula has kinks or jumps."""
    return any(isinstance(node, COARSE) or isinstance(node, sp.core.relational.Relational) for node in parts(expr))


COMPILERS = {
    sp.Rational: Evaluator.compile_number,
    sp.Symbol: Evaluator.compile_symbol,
    sp.core.numbers.NumberSymbol: Evaluator.compile_constant,
    sp.core.numbers.ImaginaryUnit: Evaluator.compile_constant,
    **dict.fromkeys((sp.core.numbers.NaN, sp.core.numbers.ComplexInfinity, sp.core.numbers.Infinity,
                     sp.core.numbers.NegativeInfinity), Evaluator.compile_undefined),
    sp.Add: Evaluator.compile_add,
    sp.Mul: Evaluator.compile_mul,
    sp.Pow: Evaluator.compile_pow,
    sp.log: Evaluator.compile_log,
    **dict.fromkeys((DefinedEntry, DefinedValue), Evaluator.compile_defined),
    Indexed: Evaluator.compile_entry,
    sp.matrices.expressions.matexpr.MatrixElement: Evaluator.compile_entry,
    sp.KroneckerDelta: Evaluator.compile_delta,
    sp.Sum: Evaluator.compile_sum,
    sp.Product: Evaluator.compile_product,
    sp.Integral: Evaluator.compile_integral,
    sp.Limit: Evaluator.compile_limit,
    sp.Derivative: Evaluator.compile_derivative,
    sp.Subs: Evaluator.compile_subs,
    AppliedUndef: Evaluator.compile_unknown,
    sp.Max: Evaluator.compile_max,
    sp.Min: Evaluator.compile_max,
    sp.Abs: Evaluator.compile_abs,
    sp.sign: Evaluator.compile_sign,
    sp.Heaviside: Evaluator.compile_heaviside,
    sp.floor: Evaluator.compile_floor,
    sp.ceiling: Evaluator.compile_floor,
    **dict.fromkeys((sp.conjugate, sp.re, sp.im), Evaluator.compile_part),
    sp.Piecewise: Evaluator.compile_piecewise,
    sp.Function: Evaluator.compile_function,
}
