"""The ledger: one row for every equality that was checked in a chapter."""

from __future__ import annotations

import re
from collections import Counter

from .arguments import told
from .latex import latex as print_latex
from .verdict import describe, named

MIME = "application/vnd.backprop.ledger+json"
WORDS = {"proved": "proved for all sizes", "induction": "proved by induction", "checked": "checked at points",
         "refuted": "refuted, as intended"}

rows: list[dict] = []
_chapter = {"name": ""}


def chapter(name: str) -> None:
    """Begin a chapter: the rows that follow belong to it."""
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9_]+", name):
        raise TypeError(f"chapter: expected the name of the notebook, such as 'softmax', got {told(name)}")
    _chapter["name"] = name
    rows.clear()


def record(label, latex, verdict, given=()) -> None:
    """Add a row for an equality that was checked; `given` are the facts and ranges, as LaTeX, it was checked under."""
    found = describe(verdict.counterexample).strip() if verdict.counterexample else named(verdict.how)
    inside = f"for {', '.join(verdict.limits())}" if verdict.ranges and not verdict.counterexample else ""
    how = "; ".join(part for part in (found, named(inside), reservation(verdict), premises(given)) if part)
    rows.append({"label": label, "latex": latex, "status": verdict.status, "how": how,
                 "sizes": ", ".join(verdict.tried()), "points": verdict.points, "ms": verdict.milliseconds})


def reservation(verdict) -> str:
    """What the numbers compared leave open, in words with formulas."""
    return verdict.reservation(lambda condition: f"${print_latex(condition)}$")


def premises(facts) -> str:
    """The facts, each LaTeX, that something is given under, in words; nothing if there are none."""
    return f"given {', '.join(f'${fact}$' for fact in facts)}" if facts else ""


class Tally:
    """How many equalities of the chapter were established, and how; carries the rows for the ledger page."""

    def __init__(self):
        if not rows:
            raise ValueError("tally: no equality was checked in this chapter yet")
        self.chapter, self.rows = _chapter["name"], [dict(row) for row in rows]

    def __str__(self):
        kinds = Counter("induction" if row["how"].startswith("by induction") else row["status"] for row in self.rows)
        counted = [f"{kinds[kind]} {words}" for kind, words in WORDS.items() if kinds[kind]]
        total = len(self.rows)
        return f"{total} {'equality' if total == 1 else 'equalities'}: {', '.join(counted)}."

    __repr__ = __str__

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/markdown": f"**In this chapter** {self}", "text/plain": f"In this chapter {self}",
                MIME: {"chapter": self.chapter, "rows": self.rows}}


def tally() -> Tally:
    """The chapter's count of checked equalities; the last cell of every chapter shows it."""
    return Tally()
