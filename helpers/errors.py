"""What stops a computation without being anyone's mistake."""


class OutOfTime(BaseException):
    """The time allotted to a computation is used up.

    No `Exception`, lest an `except Exception` on the way, in SymPy say, take it for a failure of its own.
    """


class Unsupported(Exception):
    """There is no rule for this expression."""
