"""A grader of a page's own answers every answer with one sentence."""

import pytest

from book.grading import WAITING, grader, parts


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


@pytest.mark.parametrize("answer", [5, "ab", (1,), (1, 2, 3)])
def test_an_answer_of_two_parts_has_two(answer):
    assert parts((1, 2), "(left, right)") == (1, 2)
    with pytest.raises(ValueError, match=r"in this form: \(left, right\)"):
        parts(answer, "(left, right)")


def test_a_function_that_fails_gets_a_sentence_too(capsys):
    grader(lambda function: (function(), ""))(lambda: 1 / 0)
    assert capsys.readouterr().out == "This cannot be judged. ZeroDivisionError: division by zero\n"
