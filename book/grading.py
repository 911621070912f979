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
        print(words if right is None else f"{'Right' if right else 'Wrong'}: {words}")

    return grade
