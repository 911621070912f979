"""Derivations: chains of equalities, each line checked against the one before when it is written."""

from __future__ import annotations

import re

import sympy as sp

from . import ledger
from .arguments import equations, label_name, ranges, sentence, time_limit, told
from .claim import expression
from .latex import latex
from .verdict import check, describe, together


class WrongStep(ValueError):
    """A line does not equal the line before; the counterexample is in the message."""


class UndecidedStep(ValueError):
    """A line could be neither proved nor compared at any point."""


class NotRefuted(ValueError):
    """A line that is shown as wrong could not be refuted."""


class Derivation:
    """A chain of lines, each with its reason.

    >>> with Derivation(D(p[i], z[j]), label="softmax-jacobian") as step:
    ...     step("definition of $p$", D(exp(z[i]) / Z, z[j]))
    ...     step("quotient rule", (exp(z[i]) * δ(i, j) * Z - exp(z[i]) * exp(z[j])) / Z**2)

    Inside the block SymPy evaluates nothing, so that each line is printed as it was written. A wrong line
    raises `WrongStep` with both lines and the counterexample; `step.wrong(reason, expression)` shows a
    famous error instead and insists that it is refuted. The first line may also be written inside the
    block: `step(expression)`. `where`, `given` and `seconds` are those of `check`.
    """

    def __init__(self, start=None, *, label="", where=None, given=(), seconds=10):
        self.label, self.seconds = label_name(label), time_limit(seconds)
        self.where, self.given = ranges(where), equations(given)
        self.lines = []  # (reason, expression, verdict); the first line has no reason and no verdict
        self.slips = []  # (reason, expression, verdict) of refuted lines
        self.used = []  # the facts and ranges that some line was checked under, as LaTeX
        self.quiet = None
        if start is not None:
            self.begin(start)

    def begin(self, start):
        self.lines = [("", expression("the first line", start), None)]

    def __enter__(self):
        self.quiet = sp.evaluate(False)
        self.quiet.__enter__()
        return self

    def __exit__(self, *error):
        self.quiet.__exit__(*error)

    def __call__(self, reason, line=None, *, where=None, given=()):
        """Write the next line with its reason; `given` facts hold for this line only."""
        if line is None and not self.lines:
            self.begin(reason)
            return
        where, given = ranges(where), equations(given)
        before, line, verdict = self.judged(reason, line, where, given)
        conditions = self.conditions(where, given)
        if verdict.status == "refuted":
            raise WrongStep(f"this line is not equal to the line before ({reason}):\n  {before}\n  {line}\n"
                            f"{verdict}")
        if verdict.status == "undecided":
            raise UndecidedStep(f"this line could not be decided ({reason}):\n  {before}\n  {line}\n{verdict}")
        ledger.record(self.label, f"{latex(before)} = {latex(line)}", verdict, conditions)
        self.used += [fact for fact in conditions if fact not in self.used]
        self.lines.append((reason, line, verdict))

    def wrong(self, reason, line, *, where=None, given=()):
        """Show a line that is not equal to the last one, with a counterexample."""
        where, given = ranges(where), equations(given)
        before, line, verdict = self.judged(reason, line, where, given)
        if verdict.status != "refuted":
            raise NotRefuted(f"this line was to be refuted ({reason}):\n  {before}\n  {line}\n{verdict}")
        ledger.record(self.label, rf"{latex(before)} \neq {latex(line)}", verdict, self.conditions(where, given))
        self.slips.append((reason, line, verdict))

    def judged(self, reason, line, where, given):
        sentence("every line needs its reason", reason)
        if not self.lines:
            raise ValueError("write the first line before the next: step(expression)")
        before, line = self.lines[-1][1], expression("the line", line)
        verdict = check(before, line, where={**self.where, **where}, given=(*self.given, *given), seconds=self.seconds)
        return before, line, verdict

    def conditions(self, where, given):
        """The facts and the ranges of real symbols a line is checked under; those of integers are in the verdict."""
        facts = [f"{latex(fact.lhs)} = {latex(fact.rhs)}" for fact in (*self.given, *given)]
        return facts + [f"{latex(low)} < {latex(s)} < {latex(high)}" for s, (low, high) in
                        {**self.where, **where}.items() if not s.is_integer and low.is_number and high.is_number]

    # ------------------------------------------------------------- the result
    @property
    def first(self):
        return self.written()[0][1]

    @property
    def last(self):
        """The last line, rebuilt by SymPy, for use in further calculations."""
        return self.written()[-1][1]

    def written(self):
        if not self.lines:
            raise ValueError("the derivation has no line yet; write the first: step(expression)")
        return self.lines

    @property
    def verdicts(self):
        return [verdict for *_, verdict in self.lines[1:]]

    def latex(self):
        """The chain as aligned LaTeX, in the author's order."""
        rows = []
        for place, (reason, line, verdict) in enumerate(self.lines):
            if place:
                start = latex(self.first) if place == 1 else ""
                rows.append(rf"{start} &= {latex(line)} && {words(reason)} && {mark(verdict)}")
        for place, (reason, line, _) in enumerate(self.slips):
            start = latex(self.lines[-1][1]) if not (rows or place) else ""
            rows.append(rf"{start} &\neq {latex(line)} && {words(reason)} && {small(r'text{refuted}')}")
        if not rows:
            rows.append(latex(self.first))
        return aligned(rows)

    def __str__(self):
        text = [str(self.first)]
        text += [f"  = {line}    ({reason}; {verdict})" for reason, line, verdict in self.lines[1:]]
        text += [f"  ≠ {line}    ({reason}; {verdict})" for reason, line, verdict in self.slips]
        return "\n".join(text)

    __repr__ = __str__

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/latex": displayed(self.latex(), self.label), "text/plain": str(self)}

    def counterexamples(self):
        """Each refuted line's counterexample in words."""
        return [f"{reason}: refuted{describe(verdict.counterexample)}" for reason, _, verdict in self.slips]


class Results:
    """First and last lines of derivations, as a summary; the weakest verdict of each chain is its mark."""

    def __init__(self, *derivations, label=""):
        if not derivations:
            raise TypeError("Results: expected derivations, got none")
        for derivation in derivations:
            if not isinstance(derivation, Derivation) or len(derivation.lines) < 2:
                raise TypeError(f"Results: expected finished derivations, got {told(derivation)}")
        self.derivations, self.label = derivations, label_name(label)

    def latex(self):
        return aligned(rf"{latex(d.first)} &= {latex(d.last)} && {mark(together(d.verdicts), d.used)}"
                       for d in self.derivations)

    def __str__(self):
        return "\n".join(f"{d.first} = {d.last}    ({'; '.join(filter(None, marks))})" for d in self.derivations
                         for marks in [(str(together(d.verdicts)), ledger.premises(d.used))])

    __repr__ = __str__

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/latex": displayed(self.latex(), self.label), "text/plain": str(self)}


def aligned(rows):
    return "\\begin{aligned}\n" + " \\\\[4pt]\n".join(rows) + "\n\\end{aligned}"


def mark(verdict, given=()):
    """How a line was established, in a few quiet signs."""
    facts = rf"\text{{, {ledger.premises(given)}}}" if given else ""
    limits = rf"\text{{, }} {signs(verdict.limits())}" if verdict.ranges else ""
    reservation = ledger.reservation(verdict)
    numbers = rf"\text{{, {reservation}}}" if reservation else ""
    if verdict.status == "checked":
        if verdict.exact_to:
            return small(rf"text{{exact for sizes}} \le {verdict.exact_to}{limits}{numbers}{facts}")
        points = f"{verdict.points} point{'s' * (verdict.points > 1)}"
        return small(rf"text{{checked at {points}, {verdict.digits} digits}}{limits}{numbers}{facts}")
    how = re.sub(r"(?<=by induction on )\S+", lambda name: f"${latex(sp.Symbol(name[0]))}$", verdict.how)
    how = rf"\text{{ ({how.removeprefix('by ')})}}" if how else ""
    if verdict.every():
        return small(rf"forall {signs(verdict.every())}{how}{numbers}{facts}")
    return small(rf"text{{proved}}{how}{numbers}{facts}")


def signs(ranges):
    """Sizes and ranges in words, such as "K ≥ 2", as LaTeX."""
    text = re.sub(r"[^\W\d]\w*", lambda name: latex(sp.Symbol(name[0])), ", ".join(ranges))
    return text.replace("≥", r"\ge").replace("≤", r"\le").replace("*", " ")


def small(text):
    return rf"{{\scriptstyle \{text}}}"


def words(reason):
    """A reason as LaTeX text; $…$ inside it stays mathematics."""
    return rf"\text{{{reason}}}"


def displayed(text, label):
    comment = f"% label: {label}\n" if label else ""
    return f"$$\n{comment}{text}\n$$"
