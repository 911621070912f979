"""Backprop, Line by Line: a checker for the formulas of neural networks, for every size."""

from .derivation import Derivation, Results
from .exercises import Exercise
from .language import Σ, D, activation, define, indices, prime, sizes, tensors, δ
from .ledger import chapter, tally
from .verdict import check

__all__ = [
    "D",
    "Derivation",
    "Exercise",
    "Results",
    "activation",
    "chapter",
    "check",
    "define",
    "indices",
    "prime",
    "sizes",
    "tally",
    "tensors",
    "Σ",
    "δ",
]
