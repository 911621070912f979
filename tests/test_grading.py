"""A grader of a page's own answers every answer with one sentence."""

import pytest

from book.grading import WAITING, grader


@grader
def even(number):
    return (None, WAITING) if number is None else (number % 2 == 0, f"{number:d}.")


@pytest.mark.parametrize(
    ("answer", "said"),
    [(4, "Right: 4."), (5, "Wrong: 5."), (..., WAITING), (None, WAITING), ([], "This cannot be judged. unsupported"),
     (2.5, "This cannot be judged. Unknown format code")],
)
def test_there_is_a_sentence_in_reply(answer, said, capsys):
    even(answer)
    assert capsys.readouterr().out.startswith(said)
