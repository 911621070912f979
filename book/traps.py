"""Questions that SymPy answers wrongly, silently or not at all: the exhibits of the page "How SymPy can fool you".

Each exhibit is data: what one asks, what SymPy 1.14 answers, and a witness of what is right that does not come from
that answer. The page shows the exhibits, and `tests/test_sympy_traps.py` watches them: what a newer SymPy mends moves
to `MENDED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sympy
from sympy import (  # noqa: F401 the questions are asked in these names
    Derivative,
    Determinant,
    Identity,
    Idx,
    Integer,
    KroneckerDelta,
    Matrix,
    MatrixSymbol,
    Max,
    OneMatrix,
    Piecewise,
    Rational,
    Subs,
    Sum,
    Symbol,
    Trace,
    diff,
    exp,
    lambdify,
    limit,
    log,
    nan,
    oo,
    simplify,
    symbols,
    tanh,
)

from helpers import (  # noqa: F401
    Σ,
    D,
    check,
    define,
    indices,
    sizes,
    tensors,
    δ,
)

ISSUES = "https://github.com/sympy/sympy/issues"
LETTERS = "# --- the letters of the questions\n"  # what stands between two such lines is shown on the page

# --- the letters of the questions
K = sizes("K")
i, j, k, l = indices("i j k l", K)
x, y, z, A, B = tensors("x y z A B")
a = Symbol("a", real=True)
b, s, t = symbols("b s t")
c = Idx("c", (1, K))  # SymPy's own index, which knows its range
Z = Sum(exp(z[k]), (k, 1, K))
p = exp(z[i]) / Z  # a softmax probability, written out
q = define("q", i, exp(z[i]) / Z)  # the same with a name, as in the chapters
J = q[i] * (δ(i, j) - q[j])  # its Jacobian, proved there
logistic = 1 / (1 + exp(-2 * a))
P = Matrix([exp(s), exp(t)]) / (exp(s) + exp(t))  # a softmax of two scores
slip = P.jacobian([s, t]) - Matrix(2, 2, lambda m, n: P[m] * (1 - P[n]))
M, N = MatrixSymbol("A", 3, 3), MatrixSymbol("B", 3, 3)
v, ones = MatrixSymbol("v", 3, 1), OneMatrix(3, 1)
powers = v.applyfunc(exp)
total = exp(z[1]) + exp(z[2]) + exp(z[3])
V = np.array([[2.0, 1, 0], [0, 1, 1], [1, 0, 3]])  # a matrix with an inverse
# --- the letters of the questions


@dataclass(frozen=True)
class Trap:
    """A question to SymPy, and what is known about the answer. Expressions are Python, in the names of this module.

    `asks` is what one types, `gives` the answer of SymPy 1.14 as text (of an exception its name), `right` the right
    answer. A witness for it is at least one of these: `claim`, the two sides of an equality in the language of the
    book, for `check`, which has to find the `status`; `numbers`, two programs: one takes a number from SymPy's
    `answer`, the other computes the same number by NumPy or plain Python. Where SymPy's answer can stand in the
    claim in place of the right side, `answer` says how. `issue` is the number in SymPy's tracker, and `state` was its
    state when it was last looked at.
    """

    name: str
    asks: str
    gives: str
    right: str
    claim: tuple[str, str] = ()
    status: str = "proved"
    answer: str = ""
    numbers: tuple[str, str] = ()
    issue: int = 0
    state: str = ""

    def ask(self):
        """What SymPy answers now; an exception counts as an answer."""
        try:
            return evaluated(self.asks)
        except Exception as error:  # whatever SymPy raises is shown
            return error

    def says(self):
        """SymPy's answer of now as text; an exception by its name."""
        answer = self.ask()
        return type(answer).__name__ if isinstance(answer, Exception) else str(answer)

    def truth(self):
        """The checker's verdict on the claim; an error, where it refuses to judge."""
        try:
            return check(*map(evaluated, self.claim))
        except ValueError as error:
            return error

    def judged(self, answer):
        """The checker's verdict on an answer of SymPy's in place of the right side."""
        return check(evaluated(self.claim[0]), evaluated(self.answer, answer=answer))

    def values(self, answer):
        """A number taken from an answer of SymPy's, and the independent one."""
        return tuple(float(evaluated(program, answer=answer)) for program in self.numbers)

    def mended(self):
        """Whether SymPy answers rightly now."""
        answer = self.ask()
        if isinstance(answer, Exception):
            return False
        if self.answer:
            return self.judged(answer).status == "proved"
        if self.numbers:
            return np.isclose(*self.values(answer), rtol=1e-12, atol=0)
        return self.says() == str(evaluated(self.right))

    def findings(self):
        """What the page says below the question: (heading, Markdown)."""
        answer = self.ask()
        yield f"SymPy {sympy.__version__} answers", f"`{self.says()}`"
        yield "Right is", f"`{self.right}`"
        if self.claim:
            yield "The checker:", f"`{' = '.join(self.claim)}`, {self.truth()}"
        if self.answer and not isinstance(answer, Exception):
            yield "SymPy's answer on the right:", str(self.judged(answer))
        if self.numbers:
            yield "In numbers:", "SymPy's answer gives {:.6g}, another program {:.6g}".format(*self.values(answer))
        if self.issue:
            yield "Reported:", f"[issue {self.issue}]({ISSUES}/{self.issue}), {self.state} when we last looked"

    def __repr__(self):
        return "\n".join([self.asks, *(f"{heading} {text}" for heading, text in self.findings())])

    def _repr_mimebundle_(self, include=None, exclude=None):
        rows = "\n".join(f"- *{heading}* {text}" for heading, text in self.findings())
        return {"text/markdown": f"```python\n{self.asks}\n```\n\n{rows}", "text/plain": repr(self)}


TRAPS = (
    # one letter under a sum and outside
    Trap("captured",
         "diff(Sum(exp(x[k]), (k, 1, K)), x[k])", "Sum(exp(x[k]), (k, 1, K))", "exp(x[k])",
         claim=("D(Sum(exp(x[k]), (k, 1, K)), x[k])", "exp(x[k])"), answer="answer", issue=21891, state="open"),
    Trap("substituted",
         "Sum(x[j]*y[k], (k, 1, K)).subs(j, k)", "Sum(x[k]*y[k], (k, 1, K))", "x[k]*Sum(y[l], (l, 1, K))",
         claim=("Subs(Sum(x[j]*y[k], (k, 1, K)), j, k)", "x[k]*Sum(y[l], (l, 1, K))"), answer="answer"),
    Trap("index-object",
         "Sum(x[c], c).subs(K, 3).doit()", "3*x[c]", "x[1] + x[2] + x[3]",
         claim=("Sum(x[k], (k, 1, 3))", "x[1] + x[2] + x[3]"), issue=12532, state="open"),
    Trap("escaped",
         "simplify(-Sum(Piecewise(\n    (KroneckerDelta(i, j, (1, K)), x[i] > 0), (0, True)), (i, 1, K)))",
         "Piecewise((-1, x[i] > 0), (0, True))", "-Piecewise((1, x[j] > 0), (0, True))",
         claim=("-Sum(Piecewise((δ(i, j), x[i] > 0), (0, True)), (i, 1, K))", "-Piecewise((1, x[j] > 0), (0, True))"),
         answer="answer", issue=27359, state="open"),
    Trap("renamed",
         "simplify(Sum(x[k], (k, 1, K)) - Sum(x[l], (l, 1, K)))", "Sum(x[k], (k, 1, K)) - Sum(x[l], (l, 1, K))", "0",
         claim=("Sum(x[k], (k, 1, K))", "Sum(x[l], (l, 1, K))")),
    # what a letter stands for
    Trap("unknown-name",
         "diff(y[i], z[j])", "0", "q[i]*(δ(i, j) - q[j])", claim=("D(q[i], z[j])", "J"), answer="answer"),
    Trap("same-letter",
         "Symbol('a') - Symbol('a', real=True) == 0", "False", "True", claim=("Symbol('a')", "Symbol('a', real=True)"),
         status="refused", issue=20891, state="closed"),
    # is it zero?
    Trap("equals",
         "(Sum(KroneckerDelta(i, k), (k, 1, K), (i, 1, K)) - K).equals(0)", "False", "True",
         claim=("Sum(δ(i, k), (k, 1, K), (i, 1, K))", "K")),
    Trap("crash",
         "simplify(diff(p, z[j]))", "StopIteration", "q[i]*(δ(i, j) - q[j])", claim=("D(q[i], z[j])", "J"),
         answer="answer", issue=14570, state="open"),
    Trap("tanh",
         "simplify(tanh(a) - (2*logistic - 1))", "tanh(a) + 1 - 2/(1 + exp(-2*a))", "0",
         claim=("tanh(a)", "2*logistic - 1"), issue=25926, state="open"),
    Trap("neither",
         "slip.applyfunc(simplify).is_zero_matrix", "None", "False",
         claim=("D(P[0], t)", "P[0]*(1 - P[1])"), status="refuted"),
    # a matrix as one letter
    Trap("trace-plus-one",
         "diff(Trace(M) + 1, M)", "0", "Identity(3)",
         claim=("D(Sum(A[k, k], (k, 1, K)) + 1, A[i, j])", "δ(i, j)"), answer="answer[0, 0]*δ(i, j)", issue=26561,
         state="open"),
    Trap("two-traces",
         "diff(Trace(M.T*M) + Trace(N.T*N), M)", "0", "2*M",
         claim=("D(Σ(A[k, l]**2, k, l) + Σ(B[k, l]**2, k, l), A[1, 1])", "2*A[1, 1]"),
         answer="answer[0, 0].subs(M[0, 0], A[1, 1])",
         issue=27406, state="closed"),
    Trap("log-determinant",
         "diff(log(Determinant(M)), M)", "0", "M.T.inv()",
         numbers=("Matrix(answer.subs(M, Matrix(V)).doit())[0, 2]", "np.linalg.inv(V)[2, 0]"),
         issue=28618, state="open"),
    Trap("softmax-of-a-vector",
         "diff(powers / (ones.T*powers)[0, 0], v)[0, 1]", "0", "-exp(v[0, 0] + v[1, 0]) / (ones.T*powers)[0, 0]**2",
         claim=("D(exp(z[1])/total, z[2])", "-exp(z[1])*exp(z[2])/total**2"),
         answer="answer.subs({v[m, 0]: z[m + 1] for m in range(3)})"),
    # numbers
    Trap("counts-from-zero",
         "lambdify([x, K], Sum(x[k], (k, 1, K)))([1, 10, 100, 1000], 3)", "1110", "111",
         numbers=("answer", "sum([1, 10, 100, 1000][:3])")),
    Trap("backwards",
         "Sum(k, (k, 5, 1)).doit()", "-9", "0", numbers=("answer", "sum(range(5, 1 + 1))"), issue=28746,
         state="closed"),
    Trap("kink",
         "diff(Max(0, a), a).subs(a, 0)", "1/2", "nan", claim=("Subs(D(Max(0, a), a), a, 0)", "Rational(1, 2)"),
         status="undecided"),
)

MENDED = (  # what SymPy gave before, and what it gives now
    Trap("sigmoid-limit", "limit((a + b)/(1 + exp(t)) - b, t, -oo)", "-b", "a", issue=24386, state="closed"),
    Trap("square-in-a-trace",
         "diff(Trace(M**2*N), M)", "(I + A.T)*B.T*(I + A.T)", "M.T*N.T + N.T*M.T", issue=15136, state="closed"),
)


def evaluated(text, **names):
    """The value of an expression in the names of this module; called with the texts above only."""
    return eval(text, globals() | names)


def letters():
    """The lines of this file that define the letters of the questions."""
    return Path(__file__).read_text(encoding="utf8").split(LETTERS)[1].strip()


def trap(name):
    """The exhibit of that name."""
    return next(exhibit for exhibit in TRAPS + MENDED if exhibit.name == name)
