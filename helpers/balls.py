"""Numbers to evaluate formulas with.

Rational numbers stay exact (`QQ`). Everything else is computed in a *field*: balls of python-flint, whose
radius bounds the error, so that two balls apart prove two numbers different; mpmath at high precision
where python-flint is not installed; floats for arrays. `Dual` carries a derivative through any of them.
"""

from __future__ import annotations

import cmath
from contextlib import contextmanager
from dataclasses import dataclass

import mpmath
import sympy as sp
from sympy import QQ

try:
    import flint
except ImportError:  # pure Python: mpmath takes over
    flint = None

EXACT = type(QQ(1, 2))


class Undefined(ArithmeticError):
    """The formula has no value at this point."""


class Indeterminate(ArithmeticError):
    """The precision does not suffice to decide an order or a branch."""


COMMON = {sp.exp: "exp", sp.log: "log", sp.sin: "sin", sp.cos: "cos", sp.tan: "tan", sp.cot: "cot", sp.sinh: "sinh",
          sp.cosh: "cosh", sp.tanh: "tanh", sp.coth: "coth", sp.sech: "sech", sp.csch: "csch", sp.sec: "sec",
          sp.csc: "csc", sp.asin: "asin", sp.acos: "acos", sp.atan: "atan", sp.asinh: "asinh", sp.acosh: "acosh",
          sp.atanh: "atanh", sp.erf: "erf", sp.erfc: "erfc", sp.gamma: "gamma", sp.LambertW: "lambertw",
          sp.digamma: "digamma", sp.zeta: "zeta", sp.loggamma: "lgamma"}


class FlintField:
    """Complex balls of python-flint."""

    rigorous = True

    def __init__(self, bits=240):
        self.bits = bits

    def enter(self):
        flint.ctx.prec = mpmath.mp.prec = self.bits

    def lift(self, number):
        if isinstance(number, flint.acb):
            return number
        if isinstance(number, EXACT):
            return flint.acb(flint.fmpq(int(number.numerator), int(number.denominator)))
        return flint.acb(number)

    def constant(self, name):
        return flint.acb({sp.pi: flint.arb.pi, sp.E: flint.arb.const_e, sp.EulerGamma: flint.arb.const_euler,
                          sp.Catalan: flint.arb.const_catalan}[name]())

    def imaginary(self):
        return flint.acb(0, 1)

    def call(self, function, *arguments):
        value = getattr(arguments[0], COMMON[function])(*arguments[1:])
        if not value.is_finite():
            raise Undefined
        return value

    def power(self, a, b):
        if a.contains(0) and not (a == 0):
            raise Indeterminate
        value = a.pow(b)
        if not value.is_finite():
            raise Undefined
        return value

    def divide(self, a, b):
        if b.contains(0):
            raise Undefined if b == 0 else Indeterminate
        return a / b

    def sign(self, a):
        """-1, 0, 1 for a real number."""
        if not a.imag.is_zero():
            if a.imag.contains(0):
                raise Indeterminate
            raise Undefined
        real = a.real
        if real > 0:
            return 1
        if real < 0:
            return -1
        if real.is_zero():
            return 0
        raise Indeterminate

    def floor(self, a):
        self.sign(a)
        low = a.real.floor().unique_fmpz()
        if low is None:
            raise Indeterminate
        return int(low)

    def real(self, a):
        return flint.acb(a.real)

    def imag(self, a):
        return flint.acb(a.imag)

    def conjugate(self, a):
        return flint.acb(a.real, -a.imag)

    def magnitude(self, a):
        return flint.acb(abs(a))

    def different(self, a, b):
        return not (a - b).contains(0)

    def digits(self, a, b):
        """To how many digits a and b are known to agree (relative to 1 or to their size)."""
        gap, size = abs(a - b), abs(a) + abs(b)
        if not gap.is_finite():
            return 0
        upper = gap.upper()
        scale = max(1.0, float(size.mid()) if float(size.mid()) < 1e300 else 1e300)
        if upper.is_zero():
            return 9999
        return int(-mpmath.log10(mpmath.mpf(upper.str(10, radius=False)) / scale))

    def approximate(self, number, error):
        """A ball around an mpmath number that was computed without a bound."""
        def ball(x, e):
            return flint.arb(mpmath.nstr(x, int(self.bits * 0.3)), mpmath.nstr(e, 5))
        number = mpmath.mpmathify(number)
        return flint.acb(ball(number.real, error), ball(number.imag, error) if number.imag else 0)

    def to_sympy(self, a, digits=15):
        real, imag = (sp.Integer(0) if x.contains(0) else sp.Float(x.mid().str(digits + 5, radius=False), digits)
                      for x in (a.real, a.imag))
        return real + sp.I * imag

    def to_mpmath(self, a):
        digits = int(self.bits * 0.3)
        return mpmath.mpc(*(x.mid().str(digits, radius=False) for x in (a.real, a.imag)))


class MpmathField:
    """Complex numbers of mpmath; differences are trusted only far above the rounding error."""

    rigorous = False
    slack = 0  # the largest error of a value that was approximated, or that rounding may have left in a sum

    def __init__(self, bits=240):
        self.bits = bits

    def enter(self):
        mpmath.mp.prec = self.bits

    def lift(self, number):
        if isinstance(number, EXACT):
            return mpmath.mpc(int(number.numerator)) / int(number.denominator)
        return mpmath.mpc(number)

    def lose(self, a, b):
        """Note what a + b may lose: where large terms cancel, the rest is not known to all digits."""
        self.slack = max(self.slack, mpmath.ldexp(abs(a) + abs(b), 20 - self.bits))

    def constant(self, name):
        return mpmath.mpc({sp.pi: mpmath.pi, sp.E: mpmath.e, sp.EulerGamma: mpmath.euler,
                           sp.Catalan: mpmath.catalan}[name])

    def imaginary(self):
        return mpmath.mpc(0, 1)

    def call(self, function, *arguments):
        name = {"lgamma": "loggamma"}.get(COMMON[function], COMMON[function])
        try:
            value = mpmath.mpc(getattr(mpmath, name)(*arguments))
        except (ValueError, ZeroDivisionError, OverflowError) as error:
            raise Undefined from error
        return self.finite(value)

    @staticmethod
    def finite(value):
        if not (mpmath.isfinite(value.real) and mpmath.isfinite(value.imag)):
            raise Undefined
        return value

    def power(self, a, b):
        if a == 0:
            raise Indeterminate
        return self.finite(mpmath.mpc(mpmath.power(a, b)))

    def divide(self, a, b):
        if abs(b) <= self.noise(a, b):
            raise Indeterminate
        return a / b

    def noise(self, *numbers):
        return mpmath.ldexp(1 + sum(map(abs, numbers)), -self.bits // 2)

    def sign(self, a):
        if abs(a.imag) > self.noise(a):
            raise Undefined
        if abs(a.real) <= self.noise(a):
            raise Indeterminate
        return 1 if a.real > 0 else -1

    def floor(self, a):
        if abs(a.imag) > self.noise(a):
            raise Undefined
        nearest = mpmath.nint(a.real)
        if abs(a.real - nearest) <= self.noise(a):
            raise Indeterminate
        return int(mpmath.floor(a.real))

    def real(self, a):
        return mpmath.mpc(a.real)

    def imag(self, a):
        return mpmath.mpc(a.imag)

    def conjugate(self, a):
        return mpmath.conj(a)

    def magnitude(self, a):
        return mpmath.mpc(abs(a))

    def different(self, a, b):
        return abs(a - b) > self.noise(a, b) + 10 ** 6 * self.slack * (1 + abs(a) + abs(b))

    def digits(self, a, b):
        gap = abs(a - b) + self.slack
        if gap == 0:
            return int(self.bits * 0.3)
        return int(-mpmath.log10(gap / max(1, abs(a) + abs(b))))

    def approximate(self, number, error):
        self.slack = max(self.slack, error)
        return mpmath.mpc(number)

    def to_sympy(self, a, digits=15):
        real, imag = (sp.Integer(0) if abs(x) <= self.noise(a) else sp.Float(mpmath.nstr(x, digits + 5), digits)
                      for x in (a.real, a.imag))
        return real + sp.I * imag

    def to_mpmath(self, a):
        return a


class FloatField(MpmathField):
    """Python's complex floats: fast, for arrays; not for verdicts."""

    bits = 53

    def enter(self):
        pass

    def lift(self, number):
        if isinstance(number, EXACT):
            return complex(int(number.numerator) / int(number.denominator))
        return complex(number)

    def constant(self, name):
        return complex(name)

    def imaginary(self):
        return 1j

    def call(self, function, *arguments):
        try:
            name = COMMON[function]
            if hasattr(cmath, name):
                return getattr(cmath, name)(*arguments)
            return complex(getattr(mpmath, name)(*arguments))
        except (ValueError, ZeroDivisionError, OverflowError) as error:
            raise Undefined from error

    def power(self, a, b):
        return a ** b

    def divide(self, a, b):
        if b == 0:
            raise Undefined
        return a / b

    def sign(self, a):
        return (a.real > 0) - (a.real < 0)

    def floor(self, a):
        return int(a.real // 1)


@contextmanager
def precision_kept():
    """Leave the working precision of mpmath and python-flint as it was."""
    before = mpmath.mp.prec, flint and flint.ctx.prec
    try:
        yield
    finally:
        mpmath.mp.prec = before[0]
        if flint:
            flint.ctx.prec = before[1]


def best_field(bits=240):
    return FlintField(bits) if flint else MpmathField(bits)


@dataclass(slots=True)
class Dual:
    """value + slope·ε with ε² = 0; `level` tells the ε of nested derivatives apart."""

    level: int
    value: object
    slope: object


class Arithmetic:
    """Sums, products, powers and functions of exact numbers, field elements and duals."""

    def __init__(self, field):
        self.field = field

    def add(self, a, b):
        if isinstance(a, Dual) or isinstance(b, Dual):
            level, (v, s), (w, t) = split(a, b)
            return Dual(level, self.add(v, w), self.add(s, t))
        if isinstance(a, EXACT) != isinstance(b, EXACT):
            if isinstance(a, EXACT) and not a:
                return b
            if isinstance(b, EXACT) and not b:
                return a
            a, b = self.field.lift(a), self.field.lift(b)
        if not (self.field.rigorous or isinstance(a, EXACT)):
            self.field.lose(a, b)
        return a + b

    def mul(self, a, b):
        if is_zero(a) or is_zero(b):
            return QQ(0)
        if isinstance(a, Dual) or isinstance(b, Dual):
            level, (v, s), (w, t) = split(a, b)
            return Dual(level, self.mul(v, w), self.add(self.mul(v, t), self.mul(s, w)))
        if isinstance(a, EXACT) != isinstance(b, EXACT):
            a, b = self.field.lift(a), self.field.lift(b)
        return a * b

    def neg(self, a):
        return self.mul(QQ(-1), a)

    def divide(self, a, b):
        if isinstance(a, Dual) or isinstance(b, Dual):
            level, (v, s), (w, t) = split(a, b)
            quotient = self.divide(v, w)
            return Dual(level, quotient, self.divide(self.add(s, self.neg(self.mul(quotient, t))), w))
        if isinstance(b, EXACT):
            if not b:
                raise Undefined
            if isinstance(a, EXACT):
                return a / b
        if isinstance(a, EXACT) and not a:
            return a
        return self.field.divide(self.field.lift(a), self.field.lift(b))

    def power(self, a, b):
        if isinstance(b, EXACT) and b.denominator == 1:
            return self.whole_power(a, int(b))
        if isinstance(a, Dual) or isinstance(b, Dual):
            level, (v, s), (w, t) = split(a, b)
            value = self.power(v, w)
            slope = QQ(0)
            if not is_zero(s):
                slope = self.mul(self.mul(w, self.power(v, self.add(w, QQ(-1)))), s)
            if not is_zero(t):
                slope = self.add(slope, self.mul(self.mul(value, self.call(sp.log, [v])), t))
            return Dual(level, value, slope)
        if is_zero(a):
            if isinstance(b, EXACT) and b > 0:
                return QQ(0)
            raise Undefined
        return self.field.power(self.field.lift(a), self.field.lift(b))

    def whole_power(self, a, n):
        if n < 0:
            return self.divide(QQ(1), self.whole_power(a, -n))
        if isinstance(a, Dual):
            if n == 0:
                return QQ(1)
            below = self.whole_power(a.value, n - 1)
            return Dual(a.level, self.mul(below, a.value), self.mul(self.mul(QQ(n), below), a.slope))
        if isinstance(a, EXACT) and n * max(int(a.numerator).bit_length(), int(a.denominator).bit_length()) > 20000:
            a = self.field.lift(a)
        return a ** n if n else QQ(1)

    def call(self, function, arguments):
        """A function of SymPy at numbers; its derivatives are SymPy's rules (`fdiff`)."""
        duals = [a for a in arguments if isinstance(a, Dual)]
        if duals:
            level = max(a.level for a in duals)
            values = [a.value if isinstance(a, Dual) and a.level == level else a for a in arguments]
            slope = QQ(0)
            for place, a in enumerate(arguments):
                if isinstance(a, Dual) and a.level == level and not is_zero(a.slope):
                    slope = self.add(slope, self.mul(self.partial(function, place, values), a.slope))
            return Dual(level, self.call(function, values), slope)
        if all(isinstance(a, EXACT) for a in arguments):
            known = exact_value(function, arguments)
            if known is not None:
                return known
        if function not in COMMON:
            return self.from_sympy(function, arguments)
        return self.field.call(function, *map(self.field.lift, arguments))

    def from_sympy(self, function, arguments):
        """A function the field does not know, through SymPy's own numerical evaluation, to 12 digits."""
        if all(isinstance(a, EXACT) for a in arguments):
            numbers = [sp.Rational(int(a.numerator), int(a.denominator)) for a in arguments]
        else:
            numbers = [self.field.to_sympy(self.field.lift(a), 60) for a in arguments]
        try:
            value = function(*numbers)
        except (TypeError, ValueError) as error:  # such as Euler's totient of a fraction
            raise Undefined from error
        if value.is_Rational:
            return QQ(int(value.p), int(value.q))
        rough, value = sp.N(value, 25), sp.N(value, 40)
        if not value.is_number or value.has(sp.nan, sp.zoo, sp.oo, function) or abs(value - rough) > 1e-18 * abs(value):
            raise Undefined
        real, imag = (mpmath.mpf(str(part)) for part in value.as_real_imag())
        return self.field.approximate(mpmath.mpc(real, imag), (1 + abs(real) + abs(imag)) * mpmath.mpf(10) ** -12)

    def partial(self, function, place, values):
        raise NotImplementedError

    def sign(self, a):
        if isinstance(a, Dual):
            sign = self.sign(a.value)
            if sign == 0 and not is_zero(a.slope):
                raise Undefined  # a derivative at a kink
            return sign
        if isinstance(a, EXACT):
            return (a > 0) - (a < 0)
        return self.field.sign(a)


def primal(value):
    """The number itself, without the derivatives it carries."""
    while isinstance(value, Dual):
        value = value.value
    return value


def split(a, b):
    """(value, slope) of both numbers at the higher of their levels."""
    level = max(x.level for x in (a, b) if isinstance(x, Dual))
    return level, *((x.value, x.slope) if isinstance(x, Dual) and x.level == level else (x, QQ(0)) for x in (a, b))


def is_zero(a):
    """Whether a number is exactly 0, with its slopes."""
    return is_zero(a.value) and is_zero(a.slope) if isinstance(a, Dual) else isinstance(a, EXACT) and not a


def exact_value(function, arguments):
    """Values that stay rational, so that a kink or a cancellation at them is exact."""
    a = arguments[0]
    if function in (sp.exp, sp.cos, sp.cosh) and not a:
        return QQ(1)
    if function in (sp.sin, sp.tan, sp.sinh, sp.tanh, sp.erf, sp.atan, sp.asinh, sp.asin, sp.atanh) and not a:
        return QQ(0)
    if function == sp.log and a == 1:
        return QQ(0)
    if function == sp.log and not a:
        raise Undefined
    if function == sp.gamma and a.denominator == 1:
        if a <= 0:
            raise Undefined
        if a < 60:
            return QQ(int(sp.factorial(int(a) - 1)))
    return None


