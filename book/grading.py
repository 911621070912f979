"""Graders for exercises whose answer is not a formula: a mark, a premise, a program, an equality."""

from functools import wraps

WAITING = "Replace the dots by your answer and run the cell again."


def grader(judge):
    """A grader of `judge(answer)`, which returns (right, words): whatever is typed, there is a sentence in reply."""

    @wraps(judge)
    def grade(answer):
        try:
            right, words = (None, WAITING) if answer is ... else judge(answer)
        except (TypeError, ValueError, AttributeError) as error:
            right, words = None, f"This cannot be judged. {error}"
        except Exception as error:  # a reader's function may raise whatever it likes
            right, words = None, f"This cannot be judged. {type(error).__name__}: {error}"
        print(words if right is None else f"{'Right' if right else 'Wrong'}: {words}")

    return grade


def parts(answer, form):
    """The parts of an answer of several; `form` says how it is typed, as in "(left, right)"."""
    if not isinstance(answer, tuple | list) or len(answer) != form.count(",") + 1:
        raise ValueError(f"Type it in this form: {form}.")
    return answer
