"""The lines of the book: the formulas behind each row of the ledger, and what their LaTeX says at random points.

The values come from the LaTeX as it is printed, read back by latex_reader.py, which shares no code with the
checker or the printer.
"""

import random
from collections import namedtuple
from contextlib import chdir, redirect_stdout, suppress
from functools import cache
from io import StringIO
from itertools import product

import nbformat
import oracle
import pytest
import sympy as sp
from book_ext.ledger import rows_of
from latex_reader import Meaning, read

from helpers import derivation, exercises
from helpers.language import parts
from helpers.latex import latex
from helpers.verdict import Verdict

MANY = oracle.digits(60)

Line = namedtuple("Line", "row left right where given")  # `row` of the ledger; the rest as `check` got it
REFUTED = {sp.Symbol("x"): sp.Integer(0), "left": sp.Integer(0), "right": sp.Integer(1)}
SIGN = ("=", r"\neq")  # of a line, of a refuted one


def lines_of(path):
    """The lines of a notebook, in the order of its ledger."""
    return replay(path)[0]


@cache
def replay(path):
    """The lines of a notebook, what its names stand for at the end, and its exercises with what is answered.

    The cells are run again, but no line and no answer is judged: each line gets the verdict that is stored.
    """
    notebook = nbformat.read(path, as_version=4)
    rows, found, answers = rows_of(notebook), [], []

    def judged(self, reason, line, where, given):
        before, line = self.lines[-1][1], derivation.expression("the line", line)
        row = rows[len(found)] if len(found) < len(rows) else {}
        if row.get("latex") != f"{latex(before)} {SIGN[row.get('status') == 'refuted']} {latex(line)}":
            return before, line, Verdict("refuted", REFUTED)  # a step that is shown to fail has no row
        found.append(Line(row, before, line, {**(self.where or {}), **(where or {})}, (*self.given, *given)))
        verdict = Verdict(row["status"], REFUTED if row["status"] == "refuted" else None, row["how"], row["points"])
        return before, line, verdict

    def graded(self, answer):
        answers.append((self, answer))
        return exercises.Grade("right", "")

    names = {"__name__": "__main__", "display": print}
    with pytest.MonkeyPatch.context() as patch, chdir(path.parent), redirect_stdout(StringIO()):
        patch.syspath_prepend(path.parent)  # as for a kernel: a notebook may import what lies beside it
        patch.setattr(derivation.Derivation, "judged", judged)
        patch.setattr(exercises.Exercise, "grade", graded)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                try:
                    exec(compile(cell.source, cell.id, "exec"), names)
                except derivation.WrongStep as error:
                    raise AssertionError(f"{path.stem}, {cell.id}: this line is not the stored one, "
                                         f"run `make outputs`\n{error}") from error
    assert len(found) == len(rows), f"{path.stem}: there are other lines stored, run `make outputs`"
    return found, names, answers


class Reading:
    """The names of an equation and of the facts it was checked under, and random points at which it can be read."""

    def __init__(self, left, right, where, given):
        self.names, self.definitions, self.bounds, self.positive, self.sequences = {}, {}, {}, set(), set()
        nodes = [node for side in (left, right, *given) for node in parts(side)]
        nodes += [part for node in nodes if hasattr(node, "upper") for part in parts(node.upper)]
        for node in nodes:
            if isinstance(node, sp.Symbol):
                self.names.setdefault(latex(node), 0)
                self.positive |= {latex(node)} if node.is_positive else set()
                self.bounds[node] = where.get(node, (getattr(node, "lower", None), getattr(node, "upper", None)))
            elif isinstance(node, sp.core.function.AppliedUndef):
                self.names[latex(sp.Symbol(getattr(node.func, "of", node.func).__name__))] = "function"
        for node in nodes:
            if isinstance(node, sp.Indexed):
                self.names[latex(node.base)] = len(node.indices)
                if any(getattr(s, "lower", 0) == -sp.oo for s in node.atoms(sp.Symbol)):
                    self.sequences.add(latex(node.base))
                self.positive |= {latex(node.base)} if node.is_positive else set()
        for node in nodes:
            if hasattr(node, "law"):
                name, over, formula = self.definition(node)
                self.names.update({latex(index): 0 for index in over})
                self.definitions[latex(name)] = [latex(index) for index in over], read(latex(formula), self.names)

        self.facts = [[read(latex(side), self.names) for side in fact.args] for fact in given]
        free = [fact.free_symbols - left.free_symbols - right.free_symbols for fact in given]
        self.every = [[s for s in found if hasattr(s, "lower")] for found in free]  # a fact holds for all of these

    @staticmethod
    def definition(node):
        """What is defined, its subscripts or variables, and the formula."""
        if isinstance(node, sp.Indexed):
            return node.base, node.base.over, node.base.formula
        if isinstance(node, sp.Symbol):
            return node, (), node.formula
        function = getattr(node.func, "of", node.func)  # of σ′, the function σ
        return sp.Symbol(function.__name__), function.over, function.formula

    def points(self, seed):
        """Points at which the facts hold: for each fact one number is changed that spoils none before it."""
        for attempt in range(20):
            meaning = self.draw(1000 * attempt + seed)
            with suppress(ArithmeticError):
                if self.made_true(meaning, random.Random(attempt)):
                    yield meaning

    def made_true(self, meaning, rng, fixed=(), within=1e-30):
        """Change numbers, but for the `fixed` ones, until all facts hold; return whether they do."""
        held, facts = [], self.facts_at(meaning)
        for fact in rng.sample(facts, len(facts)):
            held.append(fact)
            if not all(holds(fact, within) for fact in held) and not self.satisfy(meaning, held, rng, fixed, within):
                return False
        return True

    def facts_at(self, meaning):
        """The facts at a point, for all values of the indices that only they have free."""
        return [(meaning.bind(**values) if values else meaning, *fact)
                for fact, names in zip(self.facts, self.every, strict=True)
                for values in self.assignments(meaning, names)]

    def satisfy(self, meaning, facts, rng, fixed, within):
        """Change one number so that the last fact holds, and those before it still do; return whether one was found."""
        here, left, right = facts[-1]
        tables = {**meaning.entries, "": meaning.numbers}
        places = [(name, at) for name, table in tables.items() for at in table
                  if isinstance(table[at], MANY.mpf) and (name, at) not in fixed]
        for name, at in rng.sample(places, len(places)):
            table, start = tables[name], tables[name][at]

            def moved(value, table=table, at=at):
                table[at] = value
                return here.value(left) - here.value(right)

            with suppress(ValueError, ZeroDivisionError):
                table[at] = MANY.findroot(moved, (start, start + 0.1))
                if all(holds(fact, within) for fact in facts) and (table[at] > 0 or (name or at) not in self.positive):
                    return True
            table[at] = start
        return False

    def assignments(self, meaning, names):
        """The values of the indices for which a fact is to hold."""
        ends = [[int(meaning.numbers.get(latex(end), end)) for end in (s.lower, s.upper)] for s in names]
        for values in product(*(range(low, high + 1) for low, high in ends)):
            yield dict(zip(map(latex, names), values, strict=True))

    def draw(self, seed):
        """Sizes 2 or 3, numbers from 0.1 to 0.9 with the sign they may have, unknown functions that are waves."""
        rng = random.Random(seed)
        draw = lambda low=0.1, high=0.9: MANY.mpf(rng.uniform(low, high))
        either = lambda positive: draw() if positive else rng.choice((-1, 1)) * draw()
        sizes = [s for s in self.bounds if s.is_integer and s.is_positive and not hasattr(s, "lower")]
        numbers = {size: rng.randint(2, 3) for size in sizes}
        for s, (low, high) in self.bounds.items():
            if s in numbers or hasattr(s, "formula"):
                continue
            ends = [sp.sympify(end).subs(numbers) for end in (low, high)] if low is not None else []
            if s.is_integer:
                ends = [end if end.is_Integer else 3 * sp.sign(end) for end in ends or (sp.Integer(1), sp.Integer(2))]
                numbers[s] = rng.randint(*map(int, ends))
            else:
                numbers[s] = draw(*map(float, ends)) if ends and all(end.is_finite for end in ends) else (
                    either(s.is_positive))
        tensors = {name: Entries(lambda *at, name=name: MANY.mpf(0) if max(map(abs, at)) > 5 else
                                 either(name in self.positive))
                   for name, kind in self.names.items() if kind not in (0, "function")}
        wave = lambda v, order=0: MANY.sin(v + order * MANY.pi / 2) / 2
        functions = {name: wave for name, kind in self.names.items() if kind == "function"}
        return Meaning({latex(s): v for s, v in numbers.items()}, tensors, functions, self.definitions, MANY)


class Entries(dict):
    """The entries of a tensor, drawn when they are asked for."""

    def __init__(self, draw):
        self.draw = draw

    def __call__(self, *at):
        if at not in self:
            self[at] = self.draw(*at)
        return self[at]


def holds(fact, within):
    meaning, left, right = fact
    return abs(meaning.value(left) - meaning.value(right)) < within


def gap(meaning, left, right, least=1):
    """How far both sides are apart, relative to their size, `least` at least; entry by entry if they are matrices."""
    pairs = [(meaning.value(left), meaning.value(right))]
    if isinstance(pairs[0][0], list):
        pairs = list(zip(*(sum(side, []) for side in pairs[0]), strict=True))
    return max(abs(a - b) / (least + abs(a)) for a, b in pairs)
