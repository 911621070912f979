"""Backprop, Line by Line: a checker for the formulas of neural networks, for every size.

The modules, each knowing only those before it:

    errors, budget, arguments        what stops a computation; time; what public functions take
    language                         sizes, tensors, sums, definitions
    polynomials, atoms, indicators,
    powers, algebra, sums, calculus  the normal form, without SymPy's trees
    reader                           from SymPy's trees to the normal form
    balls, points, watching          the value of a formula at a point, without the normal form; what it has met
    facts, claim, search, prover     given facts; an equality, understood; its counterexample; its proof
    verdict                          `check`: both of them, and one of four answers
    latex, ledger, derivation        what a chapter shows of it
    answers, typed, exercises        an answer typed as text, read without executing it; its grade
    live                             all of this in the page of a chapter

Beside these, and unknown to them: networks, gradients, figures, moving, arrays (the NumPy side).
"""

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
