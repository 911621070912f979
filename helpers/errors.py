"""What stops a computation without being anyone's mistake."""


class OutOfTime(Exception):
    """The time allotted to a computation is used up."""


class Unsupported(Exception):
    """There is no rule for this expression."""
