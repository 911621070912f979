"""Backprop, Line by Line: a checker for the formulas of neural networks, for every size."""

from .language import Σ, D, activation, define, indices, prime, sizes, tensors, δ
from .verdict import Verdict, check

__all__ = ["D", "Verdict", "activation", "check", "define", "indices", "prime", "sizes", "tensors", "Σ", "δ"]
