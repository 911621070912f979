"""The array of a formula's values, to hold it against the NumPy witness."""

from __future__ import annotations

import itertools

import numpy as np
import sympy as sp
from sympy import QQ, Dummy, IndexedBase, Symbol

from .balls import FloatField, primal
from .budget import Budget
from .claim import Claim, expression
from .points import Evaluator, Point


def value(formula, known, over=()):
    """The values of `formula` as an array with one axis per index in `over`.

    `known` maps sizes to integers, symbols to numbers, tensors to arrays (entry `x[1]` is `array[0]`) and
    unknown functions to SymPy functions such as `tanh`. The indices in `over` run over their whole ranges.

    >>> value(p[i] * (δ(i, j) - p[j]), {K: 3, z: np.array([1., 0., 2.])}, (i, j)).shape
    (3, 3)
    """
    formula = expression("formula", formula)
    claim = Claim(formula, sp.Integer(0), {i: (i.lower, i.upper) for i in over})
    evaluator = Evaluator(FloatField(), Budget(60))
    closure = evaluator.compile(formula)
    point = Point({name: number(x) for name, x in known.items() if isinstance(name, Symbol)})
    arrays = {base: np.asarray(x) for base, x in known.items() if isinstance(base, IndexedBase)}

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
        return names, known[function](*names)

    point.draw, point.draw_function = draw, draw_function
    sizes = {size: sp.Integer(int(point.values[size])) for size in claim.sizes if size in point.values}
    ranges = [range(int(i.lower.subs(sizes)), int(i.upper.subs(sizes)) + 1) for i in over]
    result = np.empty([len(r) for r in ranges])
    for where in itertools.product(*ranges):
        point.memo.clear()
        point.values.update((i, QQ(n)) for i, n in zip(over, where, strict=True))
        x = complex(evaluator.field.lift(primal(closure(point))))
        if abs(x.imag) > 1e-9 * (1 + abs(x)):
            raise ValueError(f"the formula is not real at {dict(zip(over, where, strict=True))}: {x}")
        result[tuple(n - r[0] for n, r in zip(where, ranges, strict=True))] = x.real
    return result


def number(x):
    return QQ(int(x)) if float(x).is_integer() else complex(x)
