"""Exercises that the checker grades: right, wrong at this point, cannot decide."""

from __future__ import annotations

import sympy as sp

from .answers import Names, NotUnderstood, parse
from .arguments import equations, ranges, time_limit, told
from .claim import Claim, expression
from .language import DefinedTensor, DefinedValue, Index, parts
from .latex import latex
from .verdict import check, describe, named, whereabouts

UNDONE = (sp.Derivative, sp.Integral, sp.Subs, sp.Limit)  # what an answer never contains
NOTHING = " .…\n\t"  # what stands where no answer was typed


class Grade:
    """The judgement on an answer.

    `status` is "right", "wrong", "undecided", "not answered", "not allowed" or, of a text, "not understood".
    `formula` is the LaTeX of the equality that was established, or else of the text as it was read.
    """

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
    names : what an answer typed as text may be made of, beside the names in the quantity and the facts:
        tensors, symbols, indices, functions; or a dict that gives each the name to type.
    """

    def __init__(self, quantity, *, without=(), where=None, given=(), seconds=10, names=()):
        self.quantity = expression("quantity", quantity)
        self.without = excluded(without)
        self.where, self.given, self.seconds = ranges(where), equations(given), time_limit(seconds)
        if not isinstance(names, dict | tuple | list):
            raise TypeError(f"names: expected a list or a dict of symbols, tensors and functions, got {told(names)}")
        if isinstance(self.quantity, sp.Expr):
            Claim(self.quantity, sp.S.Zero, self.where, self.given).refuse_bound()  # what is wrong is told the author
        facts = [side for fact in self.given for side in fact.args]
        self.known = Names(self.quantity, *self.where, *facts, names=names)

    def grade(self, answer, variables=None) -> Grade:
        """Judge an answer, an expression or a text such as "p[i] (δ(i, j) - p[j])"; there is a sentence in reply.

        A text is read by `answers.parse`; nothing in it is executed. It may be made of the exercise's names and
        of `variables`, a dict such as a notebook's `globals()`: what is neither a symbol nor a tensor nor a function
        of the language is left out.
        """
        if variables is not None and not isinstance(variables, dict):
            raise TypeError(f"variables: expected a dict such as globals(), got {told(variables)}")
        if answer is ... or isinstance(answer, str) and not answer.strip(NOTHING):
            return Grade("not answered", "Replace the dots by your answer and run the cell again.")
        if not isinstance(answer, str):
            return self.judged(answer)
        try:
            answer = parse(answer, self.known.extended(variables) if variables else self.known)
        except NotUnderstood as error:
            return Grade("not understood", f"Your answer is not understood: {error}.")
        grade = self.judged(answer)
        grade.formula = grade.formula or rf"\text{{read as:}}\quad {latex(answer)}"
        return grade

    def continued(self, *lines, variables=None) -> Grade:
        """Judge the last of the lines of a derivation, each typed below the one before, the first below the quantity.

        A line that holds but is no answer yet has the status "line"; one that is an answer ends the derivation.
        """
        names = self.known.extended(variables) if variables else self.known
        formulas = [self.quantity]
        for text in lines:
            if not isinstance(text, str):
                raise TypeError(f"lines: expected texts, got {told(text)}")
            try:
                formulas.append(parse(text, names, derivatives=True))
            except NotUnderstood as error:
                return Grade("not understood", f"This line is not understood: {error}.")
        if not lines:
            raise ValueError("lines: expected at least one line, got none")
        before, line = formulas[-2:]
        read_as = rf"\text{{read as:}}\quad {latex(line)}"
        try:
            if expression("the line", line) == before:
                return Grade("line", "This is the line before once more.", read_as)
            verdict = check(before, line, where=self.where, given=self.given, seconds=self.seconds)
        except (TypeError, ValueError) as error:
            return Grade("not allowed", f"This line cannot be judged. {str(error).replace('lhs and rhs', 'the lines')}")
        if verdict.status == "refuted":
            words = describe(verdict.counterexample).replace(": left ", ": the line before is ")
            return Grade("wrong", f"Wrong{words.replace(', right ', ', this line is ')}.", read_as)
        if verdict.status == "undecided":
            return Grade("undecided", f"Cannot decide: {str(verdict).removeprefix('undecided: ')}.", read_as)
        if verdict.gap:
            return Grade("wrong", f"Wrong{whereabouts(verdict.gap)}: this line has no value there.", read_as)
        answer = self.judged(line)
        if answer.status == "right":
            return Grade("right", f"The last line is an answer. {answer.message}", answer.formula)
        return Grade("line", f"This line holds: {verdict}. Go on.", f"{latex(before)} = {latex(line)}")

    def judged(self, answer):
        """The grade of an expression."""
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
            words = str(error).replace("lhs and rhs", "question and answer")
            return Grade("not allowed", f"This cannot be judged. {words}")
        except RecursionError:
            return Grade("undecided", "Cannot decide: your answer is nested too deeply.")
        if verdict.status == "refuted":
            return Grade("wrong", f"Wrong{describe_answer(verdict.counterexample)}{self.hint(answer)}")
        if verdict.status == "undecided":
            return Grade("undecided", f"Cannot decide: {str(verdict).removeprefix('undecided: ')}.")
        if verdict.gap:
            return Grade("wrong", f"Wrong{whereabouts(verdict.gap)}: your answer has no value there.")
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


def excluded(without):
    """What an answer may not contain, as a tuple of functions, types and expressions."""
    if isinstance(without, str | type | sp.Basic) or not hasattr(without, "__iter__"):
        raise TypeError(f"without: expected a sequence such as (exp,), got {told(without)}")
    without = tuple(without)
    for kind in without:
        if not isinstance(kind, type | sp.Basic):
            raise TypeError(f"without: expected functions, types or symbols, got {told(kind)}")
    return without


def defined(node):
    """What carries the formula of a node: the tensor of an entry, the function of a value, σ for σ′."""
    name = node.func if isinstance(node, DefinedValue) else getattr(node, "base", node)
    return getattr(name, "of", name)


def describe_answer(counterexample):
    """A counterexample addressed to the reader."""
    words = describe(counterexample)
    return words.replace(": left ", ": it should be ").replace(", right ", ", your answer gives ") + "."
