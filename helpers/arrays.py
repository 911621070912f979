"""The array of a formula's values, to hold it against the NumPy witness."""

from __future__ import annotations

import itertools
from math import isfinite
from numbers import Integral, Real

import numpy as np
import sympy as sp
from sympy import QQ, Dummy, IndexedBase, Symbol
from sympy.core.function import UndefinedFunction

from .arguments import scalar, time_limit, told
from .balls import FloatField, Indeterminate, Undefined, primal
from .budget import Budget, interrupt
from .claim import Claim, expression
from .errors import OutOfTime
from .language import Index
from .points import Evaluator, Point


def value(formula, known, over=(), *, seconds=60):
    """The values of `formula` as an array with one axis per index in `over`.

    `known` maps sizes to integers, symbols to numbers, tensors to arrays (entry `x[1]` is `array[0]`) and
    unknown functions to SymPy functions such as `tanh`. The indices in `over` run over their whole ranges.
    It takes at most `seconds`.

    >>> value(p[i] * (δ(i, j) - p[j]), {K: 3, z: np.array([1., 0., 2.])}, (i, j)).shape
    (3, 3)
    """
    formula, over, budget = expression("formula", formula), axes(over), Budget(time_limit(seconds))
    point = told_point(known)
    try:
        with interrupt(budget):
            return values(formula, point, over, budget)
    except OutOfTime:
        raise TimeoutError(f"value: the formula was not computed in {seconds} seconds") from None
    except (Undefined, Indeterminate, OverflowError, ZeroDivisionError):
        raise ValueError("value: the formula is not defined at these numbers, or too large") from None
    except RecursionError:
        raise ValueError("value: the formula is nested too deeply") from None


def axes(over):
    """The indices of the axes, each once."""
    if not isinstance(over, tuple | list) or not all(isinstance(index, Index) for index in over):
        raise TypeError(f"over: expected a tuple of indices such as (i, j), got {told(over)}")
    if len(set(over)) < len(over):
        raise ValueError(f"over: an index stands twice in {told(over)}")
    return tuple(over)


def values(formula, point, over, budget):
    """The array of the formula's values at one point, for all values of the indices in `over`."""
    claim = Claim(formula, sp.Integer(0), {i: (i.lower, i.upper) for i in over})
    evaluator = Evaluator(FloatField(), budget)
    closure = evaluator.compile(formula)
    ranges = [range_of(index, point.values) for index in over]
    unknown = next((size for size in claim.sizes if size not in point.values), None)
    if unknown is not None:
        raise ValueError(f"known: expected a value for {unknown}, got none")
    result = np.empty([len(r) for r in ranges])
    for where in itertools.product(*ranges):
        point.memo.clear()
        point.values.update((i, QQ(n)) for i, n in zip(over, where, strict=True))
        x = complex(evaluator.field.lift(primal(closure(point))))
        if abs(x.imag) > 1e-9 * (1 + abs(x)):
            at = f" at {', '.join(f'{i} = {n}' for i, n in zip(over, where, strict=True))}" if over else ""
            raise ValueError(f"the formula is not real{at}: {x}")
        result[tuple(n - r[0] for n, r in zip(where, ranges, strict=True))] = x.real
    return result


def range_of(index, values):
    """The range of an index, with the numbers that its sizes have."""
    ends = []
    for end in (index.lower, index.upper):
        for size in end.free_symbols - values.keys():
            raise ValueError(f"known: expected a value for {size}, got none")
        end = end.subs({s: sp.Rational(int(values[s].numerator), int(values[s].denominator)) for s in end.free_symbols})
        if not end.is_Integer:
            raise ValueError(f"over: the index {index} runs over all integers, and an array has an end")
        ends.append(int(end))
    return range(ends[0], ends[1] + 1)


def told_point(known):
    """The point at which sizes, symbols, tensors and functions have the values in `known`."""
    if not isinstance(known, dict):
        raise TypeError(f"known: expected a dict such as {{K: 3}}, got {told(known)}")
    for name in known:
        if not isinstance(name, Symbol | IndexedBase | UndefinedFunction) or hasattr(name, "formula"):
            raise TypeError(f"known: expected symbols, tensors and unknown functions as keys, got {told(name)}")
    point = Point({name: number(name, x) for name, x in known.items() if isinstance(name, Symbol)})
    arrays = {base: array(base, x) for base, x in known.items() if isinstance(base, IndexedBase)}

    def draw(base, subscripts):
        if subscripts is None or base not in arrays:
            raise ValueError(f"known: expected a value for {base}, got none")
        if len(subscripts) != arrays[base].ndim or not all(
                1 <= n <= length for n, length in zip(subscripts, arrays[base].shape, strict=True)):
            raise ValueError(f"known: the array of {base} has shape {arrays[base].shape}, "
                             f"but the formula asks for {base}{list(subscripts)}")
        return complex(arrays[base][tuple(n - 1 for n in subscripts)])

    def draw_function(function, arity):
        if function not in known:
            raise ValueError(f"known: expected a function for {function}, got none")
        names = [Dummy(real=True) for _ in range(arity)]
        try:
            return names, scalar("known", known[function](*names))
        except (TypeError, AttributeError):
            raise TypeError(f"known: expected a SymPy function such as tanh for {function}, "
                            f"got {told(known[function])}") from None

    point.draw, point.draw_function = draw, draw_function
    return point


def number(name, x):
    """The number that a symbol stands for; a size is a whole one."""
    x = x.item() if isinstance(x, np.ndarray) and x.ndim == 0 else x
    exact = isinstance(x, Integral | sp.Integer)
    if isinstance(x, bool) or not exact and not (isinstance(x, Real | sp.Rational) and isfinite(x)):
        raise TypeError(f"known: expected a finite number for {name}, got {told(x)}")
    exact = exact or float(x).is_integer()
    if name.is_integer and (not exact or name.is_positive and x < 1):
        raise ValueError(f"known: expected a whole number for {name}{', at least 1' * bool(name.is_positive)}, got {x}")
    return QQ(int(x)) if exact else complex(x)


def array(base, x):
    """The array that a tensor stands for."""
    try:
        x = np.asarray(x)
    except ValueError:
        raise ValueError(f"known: expected an array for {base}, got rows of different lengths") from None
    if x.dtype.kind not in "biufc":
        raise TypeError(f"known: expected an array of numbers for {base}, got {told(x)}")
    if not np.isfinite(x).all():
        raise ValueError(f"known: expected finite numbers for {base}, got {told(x)}")
    return x
