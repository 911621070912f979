"""SymPy's wrong and silent answers, as `book/traps.py` lists them: still given, and still wrong."""

from dataclasses import replace

import pytest
import sympy
from book_ext.execution import ROOT, read

from book.traps import MENDED, TRAPS

NAMES = [trap.name for trap in TRAPS]
VERSION = f"SymPy {sympy.__version__}"
LISTED = ROOT / "book" / "sympy_traps.ipynb"


def by_name(exhibits):
    return pytest.mark.parametrize("trap", exhibits, ids=[trap.name for trap in exhibits])


@by_name(TRAPS)
def test_sympy_answers_as_the_page_says(trap):
    now = trap.says()
    assert not trap.mended(), f"{VERSION} now gives {now}: thank its authors, and move this exhibit to MENDED"
    assert now == trap.gives, f"{VERSION} now gives {now}, not right either: change what the exhibit and its text say"


@by_name(MENDED)
def test_what_was_mended_stays_mended(trap):
    assert trap.says() != trap.gives and trap.mended(), f"{VERSION} gives {trap.says()} again: move it back to TRAPS"


@by_name(TRAPS)
def test_a_witness_that_does_not_ask_sympy_says_what_is_right(trap):
    assert trap.claim or trap.numbers
    if trap.status == "refused":
        with pytest.raises(ValueError, match="two different symbols"):
            raise trap.truth()
    elif trap.claim:
        assert trap.truth().status == trap.status
    if trap.numbers:
        theirs, ours = trap.values(trap.ask())
        assert theirs != pytest.approx(ours)


@by_name([trap for trap in TRAPS if trap.answer and trap.name != "crash"])
def test_the_checker_refutes_the_answer(trap):
    assert trap.judged(trap.ask()).status == "refuted"


@by_name(TRAPS)
def test_a_right_answer_would_be_noticed(trap):
    assert replace(trap, asks=trap.right).mended()


def test_the_page_shows_every_exhibit_once():
    code = "\n".join(cell.source for cell in read(LISTED).cells if cell.cell_type == "code")
    assert len(set(NAMES)) == len(NAMES) >= 12
    assert [name for name in NAMES if code.count(f'trap("{name}")') != 1] == []
