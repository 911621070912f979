"""From SymPy's trees to the normal form.

Trees are read as they stand, evaluated or not: SymPy's own simplification, differentiation and
substitution take no part in a proof (they capture bound indices; see the chapter on SymPy's limits).
"""

from __future__ import annotations

from typing import ClassVar

import sympy as sp
from sympy import QQ, Dummy
from sympy.core.function import AppliedUndef
from sympy.tensor.indexed import Indexed

from .budget import interruptible
from .calculus import Calculus
from .errors import Unsupported
from .language import DefinedEntry, DefinedQuantity, DefinedTensor, DefinedValue, is_made_of, unfolded
from .polynomials import add, constant, primitive, value_of

EXPONENTIAL_FORMS = {
    sp.sinh: lambda e, f: (add(e, f, -1), None),
    sp.cosh: lambda e, f: (add(e, f), None),
    sp.tanh: lambda e, f: (add(e, f, -1), add(e, f)),
    sp.coth: lambda e, f: (add(e, f), add(e, f, -1)),
    sp.sech: lambda e, f: (constant(2), add(e, f)),
    sp.csch: lambda e, f: (constant(2), add(e, f, -1)),
}


class Reader(Calculus):
    """Reads SymPy expressions; `env` maps bound SymPy symbols to polynomials, `fixed` sizes to values."""

    fixed: ClassVar[dict] = {}

    def __init__(self, budget):
        super().__init__(budget)
        self.hidden = {}  # defined names that are differentiated by: {name: (what stands for it, env)}
        self.shown = {}  # of what stands for a tensor, once it is to be unfolded: {stand-in: (tensor, env)}

    def read(self, expr, env=None):
        env = env or {}
        self.budget.check()
        for cls in type(expr).__mro__:
            method = READERS.get(cls)
            if method is not None:
                return method(self, expr, env)
        raise Unsupported(f"{type(expr).__name__}")

    def entry_number(self, expr, env):
        """The atom of the symbol or entry to differentiate by."""
        poly = self.read(expr, env)
        if len(poly) == 1:
            (m, c), = poly.items()
            if c == 1 and len(m) == 1 and m[0][1] == 1 and self.atoms[m[0][0]].kind in ("sym", "entry"):
                return m[0][0]
        raise Unsupported(f"the derivative with respect to {expr}")

    # ------------------------------------------------------------- the trees
    def read_number(self, expr, env):
        return constant(QQ(int(expr.p), int(expr.q)))

    def read_symbol(self, expr, env):
        if expr in env:
            return env[expr]
        if expr in self.fixed:
            return self.fixed[expr]
        if expr in self.hidden:
            return self.poly(self.symbol(self.stand_in(expr, env)))
        if hasattr(expr, "formula"):
            return self.read(expr.formula, env)
        return self.poly(self.symbol(expr))

    def read_constant(self, expr, env):
        return self.exp(constant(1)) if expr == sp.E else self.poly(self.symbol(expr))

    def read_add(self, expr, env):
        total = {}
        for argument in expr.args:
            total = add(total, self.read(argument, env))
        return total

    def read_mul(self, expr, env):
        return self.product(self.read(argument, env) for argument in expr.args)

    def read_pow(self, expr, env):
        base, exponent = expr.args
        if base == sp.E:
            return self.exp(self.read(exponent, env))
        return self.symbolic_power(self.read(base, env), self.read(exponent, env))

    def read_exp(self, expr, env):
        return self.exp(self.read(expr.args[0], env))

    def read_log(self, expr, env):
        value = self.log(self.read(expr.args[0], env))
        return self.mul(value, self.power(self.log(self.read(expr.args[1], env)), -1)) if len(expr.args) > 1 else value

    def read_hyperbolic(self, expr, env):
        u = self.read(expr.args[0], env)
        above, below = EXPONENTIAL_FORMS[expr.func](self.exp(u), self.exp(add({}, u, -1)))
        return self.mul(above, self.power(below, -1) if below else constant(QQ(1, 2)))

    def read_circular(self, expr, env):
        u = self.mul(self.read(expr.args[0], env), self.poly(self.symbol(sp.I)))
        e, f, i = self.exp(u), self.exp(add({}, u, -1)), self.poly(self.symbol(sp.I))
        half = constant(QQ(1, 2))
        sin, cos = self.product([add(e, f, -1), i, constant(QQ(-1, 2))]), self.mul(add(e, f), half)
        above, below = {sp.sin: (sin, None), sp.cos: (cos, None), sp.tan: (sin, cos), sp.cot: (cos, sin),
                        sp.sec: (constant(1), cos), sp.csc: (constant(1), sin)}[expr.func]
        return self.mul(above, self.power(below, -1)) if below else above

    def read_defined(self, expr, env):
        formula, values = expr.law
        values = {name: self.read(value, env) for name, value in values.items()}
        if isinstance(expr, DefinedEntry) and expr.base in self.hidden:
            return self.entry(self.stand_in(expr.base, env), list(values.values()))
        return self.read(formula, env | values)

    def stand_in(self, name, env):
        """What is read in place of a defined name, while something is differentiated by it."""
        found, outside = self.hidden[name]
        if any(env.get(s) != outside.get(s) for s in name.formula.free_symbols if s not in getattr(name, "over", ())):
            raise Unsupported(f"the derivative with respect to {name}, whose symbols are bound inside")
        return found

    def entry(self, base, subscripts, positive=False):
        if base not in self.shown:
            return super().entry(base, subscripts, positive)
        tensor, env = self.shown[base]
        return self.real(self.read(tensor.formula, env | dict(zip(tensor.over, subscripts, strict=True))))

    def read_entry(self, expr, env):
        subscripts = [self.read(index, env) for index in expr.args[1:]]
        return self.entry(expr.args[0], subscripts, bool(expr.is_positive))

    def read_matrix_entry(self, expr, env):
        matrix, *subscripts = expr.args
        if isinstance(matrix, sp.MatrixSymbol):
            return self.entry(matrix, [self.read(index, env) for index in subscripts])
        raise Unsupported("an entry of a matrix expression")

    def read_delta(self, expr, env):
        return self.indicator_of_zero(add(self.read(expr.args[0], env), self.read(expr.args[1], env), -1))

    def indicator_of_zero(self, u):
        return self.delta(u) if value_of(u) is not None or self.is_integer(primitive(u)) else self.zero(u)

    def read_sum(self, expr, env):
        return self.read_over(expr, env, self.sum_over)

    def read_product(self, expr, env):
        return self.read_over(expr, env, self.multiply_over)

    def read_over(self, expr, env, collect):
        body, *limits = expr.args
        ranges = []
        for name, low, high in reversed(limits):
            low = None if low == -sp.oo else self.read(low, env)
            high = None if high == sp.oo else self.read(high, env)
            if collect == self.multiply_over and (low is None or high is None):
                raise Unsupported("a product without end")
            for limit in (low, high):
                if limit is not None and not self.is_integer(limit) and (
                        value_of(limit) is None or value_of(limit).denominator != 1):
                    raise Unsupported("a limit that is not an integer")
            number = self.fresh()
            ranges.append((number, low, high))
            env = env | {name: self.poly(number)}
        value = self.read(body, env)
        for number, low, high in reversed(ranges):
            value = collect(number, low, high, value)
        return value

    def read_derivative(self, expr, env):
        """By a defined name too: it is a name only until the derivative is taken, and then unfolded."""
        body, *variables = expr.args
        before = self.hidden
        self.hidden = before | self.stand_ins([variable for variable, _ in variables], env)
        try:
            value = self.read(body, env)
            for variable, count in variables:
                if not count.is_Integer:
                    raise Unsupported("a derivative of symbolic order")
                number = self.entry_number(variable, env)
                if number in self.integers:
                    raise Unsupported("the derivative with respect to an integer")
                for _ in range(int(count)):
                    value = self.differentiate(value, number)
            hidden = {name: found for name, found in self.hidden.items() if name not in before}
        finally:
            self.hidden = before
        return self.unfold(value, hidden) if hidden else value

    def stand_ins(self, variables, env):
        """What stands for the defined names among the variables of a derivative."""
        names = [getattr(v, "base", v) for v in variables if isinstance(v, DefinedEntry | DefinedQuantity)]
        if any(name.formula.is_integer for name in names):
            raise Unsupported("the derivative with respect to an integer")
        for other in {*names, *self.hidden}:
            if any(is_made_of(other.formula, variable) for variable in variables):
                raise Unsupported(f"a derivative by {other} and by what it is made of")
        return {name: (sp.IndexedBase(Dummy(name.name, real=True)) if isinstance(name, DefinedTensor)
                       else Dummy(name.name, real=True), env) for name in names if name not in self.hidden}

    def unfold(self, poly, hidden):
        """The polynomial with the formulas of the names in place of what stood for them."""
        numbers = {}
        for name, (found, env) in hidden.items():
            if isinstance(name, DefinedTensor):
                self.shown[found] = name, env
            else:
                numbers[self.symbol(found)] = self.real(self.read(name.formula, env))
        return self.substitute(poly, numbers, rebuild=True)

    def read_subs(self, expr, env):
        body, names, values = expr.args
        if not all(isinstance(name, sp.Symbol) for name in names):
            raise Unsupported("a substitution for a tensor entry")
        dummies = [self.symbol(Dummy(real=True)) for _ in names]
        poly = self.read(body, env | {name: self.poly(d) for name, d in zip(names, dummies, strict=True)})
        return self.substitute(poly, {d: self.real(self.read(v, env)) for d, v in zip(dummies, values, strict=True)})

    def real(self, poly):
        """The polynomial, where it is known to be real, as the name is that it stands for."""
        if not self.is_real(poly):
            raise Unsupported("a name for a number that may not be real")
        return poly

    def read_integral(self, expr, env):
        """By the fundamental theorem: SymPy proposes an antiderivative, its derivative is checked here."""
        body = expr.args[0]
        for name, *limits in expr.args[1:]:
            if not isinstance(name, sp.Symbol) or len(limits) != 2 or any(limit in (sp.oo, -sp.oo) for limit in limits):
                raise Unsupported("an integral without finite limits")
            if not interruptible():
                raise Unsupported("an integral, without a clock to stop SymPy")
            low, high = limits
            inside = all(self.is_positive(end) or not end for end in (self.read(low, env), self.read(high, env)))
            variable = Dummy(positive=True) if name.is_positive and inside else Dummy(real=True)
            formula = unfolded(body).xreplace({name: variable})
            antiderivative = sp.integrate(formula, variable)
            if not all(self.is_smooth(node, env) for e in (formula, antiderivative)
                       for node in sp.preorder_traversal(e) if node.has(variable)):
                raise Unsupported("an integrand that may have singularities")
            slope = self.differentiate(self.read(antiderivative, env), self.symbol(variable))
            integrand = self.read(body, env | {name: self.poly(self.symbol(variable))})
            if not self.is_zero(add(slope, integrand, -1)):
                raise Unsupported("an antiderivative that does not differentiate back")
            body = antiderivative.xreplace({variable: high}) - antiderivative.xreplace({variable: low})
        return self.read(body, env)

    def is_smooth(self, node, env):
        """Whether the node, taken by itself, has no singularity on the real line."""
        if node.is_Pow and node.base is not sp.E and not (node.exp.is_Integer and node.exp > 0):
            return node.exp.is_Rational and self.is_positive(self.read(node.base, env))
        if isinstance(node, sp.log):
            return self.is_positive(self.read(node.args[0], env))
        return isinstance(node, SMOOTH)

    def read_unknown(self, expr, env):
        function = expr.func
        arguments = [self.read(argument, env) for argument in expr.args]
        of, order = getattr(function, "of", function), getattr(function, "order", 0)
        return self.function(of, (order, *[0] * (len(arguments) - 1)), arguments)

    def read_call(self, expr, env):
        if expr.is_Function and not expr.has(sp.Integral, sp.Limit) and expr.args:
            arguments = [self.read(argument, env) for argument in expr.args]
            real = all(map(self.is_real, arguments)) and expr.func in ALWAYS_REAL
            return self.call(expr.func, arguments, real)
        raise Unsupported(type(expr).__name__)

    def read_gamma(self, expr, env):
        return self.gamma(self.read(expr.args[0], env))

    def read_factorial(self, expr, env):
        return self.gamma(add(self.read(expr.args[0], env), constant(1)))

    def read_binomial(self, expr, env):
        n, k = (self.read(argument, env) for argument in expr.args)
        if not (self.is_integer(n) and self.at_least(n, 0)):
            return self.call(sp.binomial, [n, k])
        above, one = self.gamma(add(n, constant(1))), constant(1)
        below = self.mul(self.gamma(add(k, one)), self.gamma(add(add(n, k, -1), one)))
        return self.mul(above, self.power(below, -1))

    # --------------------------------------------------- orders and branches
    def read_max(self, expr, env):
        first, *others = (self.read(argument, env) for argument in expr.args)
        for other in others:
            difference = add(first, other, -1) if expr.func == sp.Max else add(other, first, -1)
            first = add(other, self.mul(add(first, other, -1), self.positive(difference) if difference else {}))
        return first

    def read_abs(self, expr, env):
        return self.absolute(self.read(expr.args[0], env))

    def read_sign(self, expr, env):
        u = self.read(expr.args[0], env)
        twice = self.mul(constant(2), self.positive(u)) if u else {}
        return add(add(twice, constant(1), -1), self.zero(u))

    def read_heaviside(self, expr, env):
        u = self.read(expr.args[0], env)
        at_zero = self.read(expr.args[1], env)
        return add(self.positive(u) if u else {}, self.mul(at_zero, self.zero(u)))

    def read_floor(self, expr, env):
        u = self.read(expr.args[0], env)
        if self.is_integer(u) or not u:
            return u
        shift = u.get((), QQ(0))
        whole = constant(int(shift.numerator) // int(shift.denominator))
        return add(self.call(expr.func, [add(u, whole, -1)]), whole)

    def read_real_part(self, expr, env):
        u = self.read(expr.args[0], env)
        if not self.is_real(u):
            raise Unsupported("complex numbers")
        return {} if expr.func == sp.im else u

    def read_piecewise(self, expr, env):
        total, none_before = {}, constant(1)
        for value, condition in expr.args:
            here = self.mul(none_before, self.condition(condition, env))
            if here:
                total = add(total, self.mul(here, self.read(value, env)))
            none_before = add(none_before, here, -1)
        if none_before:
            raise Unsupported("a Piecewise without an else")
        return total

    def condition(self, condition, env):
        """The indicator polynomial of a condition."""
        if condition in (True, False, sp.true, sp.false):
            return constant(int(bool(condition)))
        if isinstance(condition, sp.And):
            return self.product(self.condition(c, env) for c in condition.args)
        if isinstance(condition, sp.Or):
            none = self.product(add(constant(1), self.condition(c, env), -1) for c in condition.args)
            return add(constant(1), none, -1)
        if isinstance(condition, sp.Not):
            return add(constant(1), self.condition(condition.args[0], env), -1)
        if isinstance(condition, sp.core.relational.Relational):
            u = add(self.read(condition.lhs, env), self.read(condition.rhs, env), -1)
            if isinstance(condition, sp.Eq):
                return self.indicator_of_zero(u)
            if isinstance(condition, sp.Ne):
                return add(constant(1), self.indicator_of_zero(u), -1)
            if isinstance(condition, sp.Lt | sp.Ge):
                opposite = self.positive(add({}, u, -1)) if u else {}
                return opposite if isinstance(condition, sp.Lt) else add(constant(1), opposite, -1)
            above = self.positive(u) if u else {}
            return above if isinstance(condition, sp.Gt) else add(constant(1), above, -1)
        raise Unsupported(f"the condition {condition}")

    def derivative_of_call(self, function, arguments, place):
        dummies = [Dummy(real=True) for _ in arguments]
        try:
            rule = function(*dummies).fdiff(place + 1)
        except Exception as error:  # SymPy knows no derivative
            raise Unsupported(f"the derivative of {function}") from error
        if rule.has(sp.Derivative, sp.Subs):
            raise Unsupported(f"the derivative of {function}")
        values = {self.symbol(d): a for d, a in zip(dummies, arguments, strict=True)}
        return self.substitute(self.read(rule), values)


SMOOTH = (sp.Symbol, sp.Add, sp.Mul, sp.Pow, sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.tanh, sp.erf, sp.atan)

ALWAYS_REAL = {sp.erf, sp.erfc, sp.atan, sp.asinh, sp.gamma, sp.floor, sp.ceiling, sp.frac}

READERS = {
    sp.Rational: Reader.read_number,
    sp.Symbol: Reader.read_symbol,
    sp.core.numbers.NumberSymbol: Reader.read_constant,
    sp.core.numbers.ImaginaryUnit: Reader.read_constant,
    sp.Add: Reader.read_add,
    sp.Mul: Reader.read_mul,
    sp.Pow: Reader.read_pow,
    sp.exp: Reader.read_exp,
    sp.log: Reader.read_log,
    **dict.fromkeys(EXPONENTIAL_FORMS, Reader.read_hyperbolic),
    **dict.fromkeys((sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc), Reader.read_circular),
    **dict.fromkeys((DefinedEntry, DefinedValue), Reader.read_defined),
    Indexed: Reader.read_entry,
    sp.matrices.expressions.matexpr.MatrixElement: Reader.read_matrix_entry,
    sp.KroneckerDelta: Reader.read_delta,
    sp.Sum: Reader.read_sum,
    sp.Product: Reader.read_product,
    sp.Derivative: Reader.read_derivative,
    sp.Subs: Reader.read_subs,
    sp.Integral: Reader.read_integral,
    AppliedUndef: Reader.read_unknown,
    sp.gamma: Reader.read_gamma,
    sp.factorial: Reader.read_factorial,
    sp.binomial: Reader.read_binomial,
    sp.Max: Reader.read_max,
    sp.Min: Reader.read_max,
    sp.Abs: Reader.read_abs,
    sp.sign: Reader.read_sign,
    sp.Heaviside: Reader.read_heaviside,
    sp.floor: Reader.read_floor,
    sp.ceiling: Reader.read_floor,
    sp.Piecewise: Reader.read_piecewise,
    **dict.fromkeys((sp.conjugate, sp.re, sp.im), Reader.read_real_part),
    sp.Function: Reader.read_call,
}


