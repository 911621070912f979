"""The doors: what the public functions take, and what they say about anything else.

Every message names the argument, says what was expected and tells what came. A string is never read as a
formula here: SymPy would execute it.
"""

from __future__ import annotations

import re
import reprlib
from fractions import Fraction
from math import isfinite
from numbers import Integral, Number

import sympy as sp
from sympy.matrices import MatrixBase
from sympy.matrices.expressions.matexpr import MatrixExpr

NAME = re.compile(r"[^\W\d_]|\\[A-Za-z]")  # what a name begins with
SPELLING = re.compile(r"[\w\\{}^()+\-'′]*")  # and consists of: what LaTeX sets as a symbol with its decorations
LABEL = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_NAME = 60
LONGEST_FORMULA = 200  # signs of a formula that a message repeats
LONGEST_TIME = 10 ** 6  # seconds; more is no limit, and no alarm clock takes it


def told(value):
    """A value in few words, on one line, without its address: "str 'a'", "function f"."""
    kind = type(value).__name__
    if isinstance(value, type(told)):
        return f"{kind} {value.__name__}"
    try:
        text = " ".join(reprlib.repr(value).split())  # a whole array would fill the page
    except (RecursionError, ValueError):  # nested too deeply, or a number with too many digits
        return f"a large {kind}"
    return kind if text.startswith("<") else f"{kind} {text}"


def brief(value):
    """A formula as text, or its beginning where it would fill the page."""
    try:
        text = str(value)
    except (RecursionError, ValueError):
        return f"a large {type(value).__name__}"
    return text if len(text) <= LONGEST_FORMULA else text[:LONGEST_FORMULA] + "…"


def scalar(name, value):
    """`value` as a SymPy expression for a number; whether it is exact, `claim.expression` looks further."""
    if isinstance(value, bool | sp.Float) or not isinstance(value, sp.Expr | Integral | Fraction):
        hint = ""
        if isinstance(value, bool | sp.logic.boolalg.Boolean):
            hint = ", as == and < do: a formula is wanted"
        elif isinstance(value, Number | sp.Float):
            hint = "; it is rounded: write an exact one, such as 3 or Rational(1, 2)"
        elif isinstance(value, str):
            hint = "; write it without quotation marks"
        raise TypeError(f"{name}: expected a SymPy expression, got {told(value)}{hint}")
    if isinstance(value, sp.Lambda):
        raise TypeError(f"{name}: expected an expression, got the function {value}")
    if isinstance(value, sp.IndexedBase):
        raise TypeError(f"{name}: expected an expression, got the tensor {value}; write an entry such as {value}[i]")
    if isinstance(value, MatrixBase | MatrixExpr):
        raise TypeError(f"{name}: expected a number, got the matrix {told(value)}; write an entry such as A[i, j]")
    return sp.sympify(value)


def counting(name, value):
    """`value` as an expression for an integer: a subscript, an argument of a delta."""
    value = scalar(name, value)
    if value.is_integer is False or value.is_finite is False:
        raise ValueError(f"{name}: expected an integer, or an index such as i, got {value}")
    return value


def whole(name, value, low, high):
    """`value` as a Python integer between `low` and `high`."""
    if isinstance(value, bool) or not isinstance(value, Integral | sp.Integer) or not low <= value <= high:
        raise TypeError(f"{name}: expected a whole number from {low} to {high}, got {told(value)}")
    return int(value)


def time_limit(seconds):
    """`seconds` as a number of seconds that a clock can take."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= LONGEST_TIME:
        raise TypeError(f"seconds: expected a positive number, at most {LONGEST_TIME}, got {told(seconds)}")
    return seconds


def each_name(function, names):
    """The names in a string such as "i j k"."""
    if not isinstance(names, str) or not names.replace(",", " ").split():
        raise TypeError(f"{function}: names must be a string such as 'i j k', got {told(names)}")
    found = [symbol_name(function, name) for name in names.replace(",", " ").split()]
    for name in found:
        if found.count(name) > 1:
            raise ValueError(f"{function}: the name {name} stands twice in {told(names)}")
    return found


def symbol_name(function, name):
    r"""A name that can be set as a symbol, such as a, W^{(1)} or \tilde{b}."""
    if not isinstance(name, str):
        raise TypeError(f"{function}: expected a name such as 'a', got {told(name)}")
    plain = name.replace(" ", "")
    if not NAME.match(name) or not SPELLING.fullmatch(plain) or len(name) > LONGEST_NAME:
        raise ValueError(rf"{function}: expected a name such as 'a', 'W^{{(1)}}' or '\\tilde{{b}}', got {told(name)}")
    return name


def label_name(label):
    """A label such as "softmax-jacobian", or none."""
    if not isinstance(label, str) or label and not LABEL.fullmatch(label):
        raise TypeError(f"label: expected lower-case words with hyphens, such as 'softmax-jacobian', got {told(label)}")
    return label


def sentence(name, text):
    """A line of text that can stand beside a formula; $…$ inside it is mathematics."""
    if not isinstance(text, str) or not text.strip():
        raise TypeError(f"{name} in words, got {told(text)}")
    inside = re.sub(r"\\.", "", text)  # \% and \{ are signs
    closed = inside.count("$") % 2 == 0 and inside.count("{") == inside.count("}")
    if not text.isprintable() or not closed or {*"%&#"} & {*inside}:
        raise ValueError(f"{name} on one line, with each $ and {{ closed and none of % & #, got {told(text)}")
    return text


def ranges(where):
    """The dict of ranges with exact limits, {symbol: (low, high)}."""
    where = {} if where is None else where
    if not isinstance(where, dict):
        raise TypeError(f"where: expected a dict such as {{i: (1, K)}}, got {told(where)}")
    found = {}
    for symbol, limits in where.items():
        if not isinstance(symbol, sp.Symbol) or hasattr(symbol, "law"):
            raise TypeError(f"where: expected symbols as keys, got {told(symbol)}")
        if not isinstance(limits, tuple | list | sp.Tuple) or len(limits) != 2:
            raise ValueError(f"where: expected a pair (low, high) for {symbol}, got {told(limits)}")
        with sp.evaluate(True):  # also within a derivation, where SymPy compares nothing
            low, high = (limit_of(symbol, limit) for limit in limits)
            empty = low == sp.oo or high == -sp.oo or low.is_number and high.is_number and low > high
        if empty:
            raise ValueError(f"where: expected low <= high for {symbol}, got {(low, high)}")
        found[symbol] = low, high
    return found


def limit_of(symbol, limit):
    """One limit of a range; a float is what it was typed as."""
    if isinstance(limit, float):
        limit = sp.Rational(str(limit)) if isfinite(limit) else sp.sympify(limit)
    if isinstance(limit, bool) or not isinstance(limit, sp.Expr | Integral | Fraction) or (
            isinstance(limit, sp.Expr) and (limit is sp.nan or limit.is_extended_real is False)):
        raise TypeError(f"where: expected numbers or sizes as limits of {symbol}, got {told(limit)}")
    return sp.sympify(limit)


def equations(given):
    """The given facts as a tuple of equations; what is always true is left out."""
    if isinstance(given, sp.Eq):
        raise TypeError("given: expected a sequence of equations, got a single one; write given=[Eq(...)]")
    try:
        given = tuple(given)
    except TypeError:
        raise TypeError(f"given: expected a sequence of equations, got {told(given)}") from None
    for fact in given:
        if fact in (False, sp.false):
            raise ValueError("given: SymPy has decided that one of the equations holds nowhere, and made it False")
        if fact not in (True, sp.true) and (not isinstance(fact, sp.Eq) or any(
                isinstance(side, MatrixBase | MatrixExpr) for side in fact.args)):
            raise TypeError(f"given: expected equations Eq(left, right), got {told(fact)}")
    return tuple(fact for fact in given if fact not in (True, sp.true))
