"""Random claims over the book's grammar, true and false, and the fuzz that holds the checker to them."""

from .families import FAMILIES, Pair, pairs
from .judging import FAULTS, Tally, fuzz, judge

__all__ = ["FAMILIES", "FAULTS", "Pair", "Tally", "fuzz", "judge", "pairs"]
