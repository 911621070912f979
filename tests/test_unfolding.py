"""Defined names: the normal form has the value of the formula with every name written out (written_out.py)."""

import random

import mpmath
import pytest
import sympy as sp
from grammar.names import K, formula, i, j, world
from sympy import Integer
from test_normal_form import MANY, Meaning
from written_out import Skipped, Writer

from helpers.budget import Budget, interrupt
from helpers.claim import Claim, expression
from helpers.errors import OutOfTime, Unsupported
from helpers.prover import prepared

COMPARED = 600


class Numbers:
    """A value for every symbol and entry, drawn from its name."""

    def __init__(self, seed, env):
        self.seed, self.env = seed, env

    def value(self, what):
        if what in self.env:
            return MANY.mpf(int(self.env[what]))
        source = random.Random(f"{self.seed} {what}")
        return MANY.mpf(source.choice((-1, 1)) * source.randint(3, 60)) / 32


@pytest.mark.filterwarnings("ignore")
def test_a_name_has_the_value_of_its_formula_and_of_its_derivatives():
    compared = seed = 0
    while compared < COMPARED:
        seed += 1
        rng = random.Random(seed)
        size = rng.choice([1, 2, 3])
        env = {K: Integer(size), i: Integer(rng.randint(1, size)), j: Integer(rng.randint(1, size))}
        writer, numbers = Writer(), Numbers(seed, env)
        try:
            expr = expression("expr", formula(rng, world(rng), rng.choice([2, 3, 3]), (i, j)))
            claim = Claim(expr, sp.S.Zero)
            with interrupt(Budget(2)):
                written = writer.write(expr, env, frozenset())
                values = {s: numbers.value(writer.meaning[s][0][writer.meaning[s][1]] if s in writer.meaning else s)
                          for s in written.free_symbols}
                with mpmath.workdps(120):
                    expected = MANY.mpc(sp.lambdify(list(values), written, "mpmath")(*map(mpmath.mpf, values.values())))
                reader = prepared(claim, Budget(2))
                found = Meaning(reader, numbers).poly(reader.read(expr), {})
        except (Skipped, Unsupported, OutOfTime, ValueError, TypeError, ZeroDivisionError, OverflowError):
            continue  # refused by claim, such as a derivative by a name and by what it is made of
        assert abs(found - expected) <= MANY.mpf(10) ** -60 * (1 + abs(expected)), (seed, expr)
        compared += 1
