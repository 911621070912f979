"""Exercises that the checker grades: right, wrong at this point, cannot decide."""

from __future__ import annotations

import sympy as sp

from .claim import Claim, expression
from .language import DefinedTensor, DefinedValue, Index, parts
from .latex import latex
from .verdict import check, describe, named

UNDONE = (sp.Derivative, sp.Integral, sp.Subs, sp.Limit)  # what an answer never contains


class Grade:
    """The judgement on an answer; `status` is "right", "wrong", "undecided", "not answered" or "not allowed"."""

    def __init__(self, status, message, formula=""):
        self.status, self.message, self.formula = status, message, formula

    def __str__(self):
        return self.message

    __repr__ = __str__

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"text/plain": self.message}
        if self.formula:
            bundle["text/markdown"] = f"{self.message}\n\n$$\n{self.formula}\n$$"
        return bundle


class Exercise:
    """A quantity, given by its definition, for which the reader is to find a formula.

    Parameters
    ----------
    quantity : SymPy expression such as `D(L, z[j])`: what the answer has to equal.
    without : functions, types or symbols the answer may not contain, such as `exp` or `prime(σ)`; never a
        derivative, an integral, a substitution or a limit, so that the question is not its own answer.
    where, given, seconds : as in `check`.
    """

    def __init__(self, quantity, *, without=(), where=None, given=(), seconds=10):
        self.quantity = expression("quantity", quantity)
        self.without = without
        self.where, self.given, self.seconds = where, given, seconds

    def grade(self, answer) -> Grade:
        """Judge an answer; whatever the reader types, there is a sentence in reply."""
        if answer is ...:
            return Grade("not answered", "Replace the dots by your answer and run the cell again.")
        try:
            answer = expression("your answer", answer)
            nodes = list(self.looked_at(answer))
            unwanted = [node for node in nodes if isinstance(node, UNDONE)]
            unwanted += [node for node in sp.preorder_traversal(answer) for kind in self.without
                         if kind in (node, node.func) or isinstance(kind, type) and isinstance(node, kind)]
            if unwanted:
                return Grade("not allowed", f"Your answer still contains {named(unwanted[0])}; the exercise asks for a "
                                            "formula without it.")
            whole = hasattr(self.quantity, "law") or isinstance(self.quantity, sp.Sum | sp.Product | sp.Function)
            if whole and (self.quantity in nodes or answer.as_dummy().has(self.quantity.as_dummy())):
                return Grade("not allowed", "Your answer contains the question itself; the exercise asks for a "
                                            "formula without it.")
            verdict = check(self.quantity, answer, where=self.where, given=self.given, seconds=self.seconds)
        except (TypeError, ValueError) as error:
            return Grade("not allowed", f"This cannot be judged. {error}")
        if verdict.status == "refuted":
            return Grade("wrong", f"Wrong{describe_answer(verdict.counterexample)}{self.hint(answer)}")
        if verdict.status == "undecided":
            return Grade("undecided", f"Cannot decide: {verdict}.")
        sure = "Right" if verdict.status == "proved" else "Right, as far as numbers tell"
        return Grade("right", f"{sure}: {verdict}.", f"{latex(self.quantity)} = {latex(answer)}")

    def looked_at(self, answer):
        """Every part of an answer; a name that the question does not know is looked through."""
        known = {defined(node) for node in parts(self.quantity) if hasattr(node, "law")}
        for node in sp.preorder_traversal(answer):
            yield node
            if hasattr(node, "law") and defined(node) not in known:
                yield from self.looked_at(defined(node).formula)

    def names(self, side):
        """What a formula depends on; a defined name is what its formula depends on."""
        tensors = {part for part in parts(side) if isinstance(part, sp.IndexedBase)}
        plain = {tensor.label for tensor in tensors if not isinstance(tensor, DefinedTensor)}
        return Claim(side, sp.S.Zero, self.where).free | plain

    def hint(self, answer):
        """What probably went wrong in a wrong answer, where its symbols tell."""
        asked, used = (self.names(side) for side in (self.quantity, answer))
        foreign = sorted((s for s in used - asked if not (s.is_integer and s.is_positive)), key=str)  # sizes are common
        if any(0 in entry.indices for entry in answer.atoms(sp.Indexed)):
            return " Indices count from 1 in this book."
        if not foreign:
            return ""
        missing = " Is a sum over it missing?" if isinstance(foreign[0], Index) else ""
        return f" Your answer depends on {named(foreign[0])}, the question does not.{missing}"


def defined(node):
    """What carries the formula of a node: the tensor of an entry, the function of a value, σ for σ′."""
    name = node.func if isinstance(node, DefinedValue) else getattr(node, "base", node)
    return getattr(name, "of", name)


def describe_answer(counterexample):
    """A counterexample addressed to the reader."""
    words = describe(counterexample)
    return words.replace(": left ", ": it should be ").replace(", right ", ", your answer gives ") + "."
