"""A chapter in the page of the book: its definitions, its derivations and its exercises, without a notebook.

The page sends requests and gets replies, both as JSON. It knows the chapter by its statements, those of the
notebook that need no NumPy. Nothing a reader types is executed: `answers` reads it.
"""

from __future__ import annotations

import json

from .answers import Names, NotUnderstood, parse
from .arguments import equations, ranges
from .claim import expression
from .derivation import Derivation
from .latex import latex
from .typed import Unspeakable, typed
from .verdict import check

WORDS = {  # the grade, its word and the sign of an equality
    "proved": ("right", "Right", "="), "checked": ("right", "Right, as far as numbers tell", "="),
    "refuted": ("wrong", "Wrong", r"\neq"), "undecided": ("undecided", "Cannot decide", r"\overset{?}{=}"),
}


class Replayed(Derivation):
    """A derivation whose lines were judged when the book was built, and are taken as they stand.

    In place of a verdict each line has the ranges and facts it was judged under.
    """

    def __call__(self, reason, line=None, *, where=None, given=()):
        if line is None and not self.lines:
            self.begin(reason)
        else:
            self.lines.append((reason, expression("the line", line), self.under(where, given)))

    def wrong(self, reason, line, *, where=None, given=()):
        self.slips.append((reason, expression("the line", line), self.under(where, given)))

    def under(self, where, given):
        return {"where": {**self.where, **ranges(where)}, "given": (*self.given, *equations(given))}

    def line(self, number):
        """The line before, the line itself, and what it holds under; the refuted ones come last, from 0."""
        first, *others = self.lines
        if number < len(others):
            return self.lines[number][1], *others[number][1:]
        return self.lines[-1][1], *self.slips[number - len(others)][1:]


class Page:
    """The chapter as far as it has been run: `cells` is a list of [number, statements] of its cells.

    `after` has the names as they are after each cell, `derivations` those that a cell has made, in order.
    """

    def __init__(self, cells):
        self.waiting, self.names, self.after, self.derivations = list(cells), {"__name__": "__main__"}, {}, {}

    def at(self, cell):
        """The chapter's names as they are after a cell; None stands for the end."""
        while self.waiting and (cell is None or self.waiting[0][0] <= cell):
            number, statements = self.waiting.pop(0)
            made = self.derivations[number] = []
            before = list(self.names.values())
            for statement in statements:
                exec(statement, self.names)
                if self.names.get("Derivation") is Derivation:
                    self.names["Derivation"] = Replayed
                made += [thing for thing in self.names.values() if isinstance(thing, Replayed) and not any(
                    thing is other for other in (*made, *before))]
            self.after[number] = dict(self.names)
        return self.names if cell is None else self.after[cell]

    def names_at(self, request):
        """What the reader may use: the chapter's names, and those of the exercise or of the line."""
        variables = self.at(request["cell"])
        if "exercise" in request:
            return variables[request["exercise"]].known.extended(variables)
        if "derivation" in request:
            before, line, _ = self.line_of(request)
            return Names(before, line).extended(variables)
        return Names().extended(variables)

    def line_of(self, request):
        """`Replayed.line` for a request with the numbers of its cell, derivation and line."""
        self.at(request["cell"])
        return self.derivations[request["cell"]][request["derivation"]].line(request["number"])

    # ------------------------------------------------------------- the requests
    def preview(self, request):
        """A text as it is read, as LaTeX."""
        names = self.names_at(request)
        return {"latex": latex(parse(request["text"], names, derivatives=request["derivatives"]))}

    def grade(self, request):
        """The grade of an answer."""
        variables = self.at(request["cell"])
        return told(variables[request["exercise"]].grade(request["text"], variables))

    def chain(self, request):
        """The grade of the last of several lines that lead from the question to the answer."""
        variables = self.at(request["cell"])
        return told(variables[request["exercise"]].continued(*request["lines"], variables=variables))

    def line(self, request):
        """The verdict on another line in place of one of a derivation."""
        before, _, under = self.line_of(request)
        return judged(before, parse(request["text"], self.names_at(request), derivatives=True), **under)

    def equal(self, request):
        """The verdict on an equality of the reader's own."""
        names = self.names_at(request)
        sides = []
        for side in ("left", "right"):
            try:
                sides.append(parse(request[side], names, derivatives=True))
            except NotUnderstood as error:
                raise NotUnderstood(f"the {side} side: {error}") from None
        return judged(*sides)


REQUESTS = (Page.preview, Page.grade, Page.chain, Page.line, Page.equal)


def texts(page, cell):
    """For every derivation of a cell its lines as one may type them, "" where the input syntax has no such thing."""
    found = []
    for place, derivation in enumerate(page.derivations[cell]):
        requests = [{"cell": cell, "derivation": place, "number": n}
                    for n in range(len(derivation.lines) - 1 + len(derivation.slips))]
        found.append([text(page.line_of(request)[1], page.names_at(request)) for request in requests])
    return found


def text(formula, names):
    try:
        return typed(formula, names)
    except Unspeakable:
        return ""


def judged(left, right, **under):
    """What `check` says of an equality, in a sentence."""
    verdict = check(left, right, **under)
    grade, word, sign = WORDS[verdict.status]
    formula = f"{latex(left)} {sign} {latex(right)}"
    return {"status": grade, "message": f"{word}: {str(verdict).removeprefix('undecided: ')}.", "latex": formula}


def told(grade):
    return {"status": grade.status, "message": grade.message, "latex": grade.formula}


class Desk:
    """Where the requests of one page arrive: first {"do": "open", "cells": …}, then those of `Page`."""

    def __init__(self):
        self.page = None
        self.tasks = {task.__name__: task for task in REQUESTS}

    def reply(self, request: str) -> str:
        """Reply to a request, a JSON object whose "do" names the task; what goes wrong is a reply too."""
        request = json.loads(request)
        try:
            if request["do"] == "open":
                self.page = Page(request["cells"])
                answer = {}
            else:
                answer = self.tasks[request["do"]](self.page, request)
        except NotUnderstood as error:
            answer = {"status": "not understood", "message": f"This is not understood: {error}."}
        except (TypeError, ValueError) as error:
            answer = {"status": "not allowed", "message": f"This cannot be judged. {error}"}
        except RecursionError:
            answer = {"status": "undecided", "message": "Cannot decide: this is nested too deeply."}
        except ImportError as error:
            answer = {"status": "undecided", "message": f"Cannot decide: this page does without {error.name}. Run the "
                                                        "chapter's notebook."}
        return json.dumps(answer)
