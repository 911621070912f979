"""A time limit that also reaches into calls of SymPy."""

from __future__ import annotations

import signal
import sys
import threading
import time
from contextlib import contextmanager

from .errors import OutOfTime


class Budget:
    """Seconds that may be spent, looked at from inside long loops by `check`."""

    def __init__(self, seconds: float):
        self.start, self.end = time.monotonic(), time.monotonic() + seconds

    def left(self) -> float:
        return self.end - time.monotonic()

    def check(self) -> None:
        if time.monotonic() > self.end:
            raise OutOfTime

    def share(self, fraction: float) -> Budget:
        """A budget of its own for a part of the work: `fraction` of what is left."""
        return Budget(max(0.0, self.left() * fraction))


def interruptible() -> bool:
    """Whether a computation that does not look at its budget can be stopped from outside."""
    return threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")


@contextmanager
def interrupt(budget: Budget):
    """Raise `OutOfTime` inside the block when the budget ends, where the platform has alarms.

    Elsewhere (Windows, a page, a thread other than the main one) only `Budget.check` stops the work.
    """
    if not interruptible():
        yield
        return

    armed = True

    def ring(signum, frame):
        if armed:
            raise OutOfTime

    def again(ignored):  # Python ignores what is raised in a destructor
        if issubclass(ignored.exc_type, OutOfTime):
            signal.setitimer(signal.ITIMER_REAL, 1e-3)
        else:
            hook(ignored)

    hook, sys.unraisablehook = sys.unraisablehook, again
    handler, (waiting, repeat) = signal.signal(signal.SIGALRM, ring), signal.setitimer(signal.ITIMER_REAL, 0)
    signal.setitimer(signal.ITIMER_REAL, max(budget.left(), 1e-3))
    try:
        try:
            yield
        finally:
            armed = False  # an alarm between here and there would end the clearing up
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        sys.unraisablehook = hook
        if waiting:
            signal.setitimer(signal.ITIMER_REAL, max(waiting - (time.monotonic() - budget.start), 1e-3), repeat)
