"""Definitions: a name stands for its formula, in values, in derivatives, and nowhere by accident."""

import pytest
from sympy import Derivative, Integral, Symbol, exp, log, symbols, tanh

from helpers import Σ, D, activation, check, define, indices, prime, sizes, tensors
from helpers.latex import latex

K = sizes("K")
i, j, k = indices("i j k", K)
x, z = tensors("x z")
a, w, u, v = symbols("a w u v", real=True)
sigma = define("sigma", u, 1 / (1 + exp(-u)))
f = define("f", u, v, u * v**2)


@pytest.mark.parametrize("lhs, rhs", [
    (tanh(a), 2 * sigma(2 * a) - 1),
    (prime(sigma)(2 * a), sigma(2 * a) * (1 - sigma(2 * a))),
    (D(sigma(2 * a), a), 2 * prime(sigma)(2 * a)),
    (prime(sigma, 2)(a), D(sigma(a), (a, 2))),
    (prime(prime(sigma))(a), prime(sigma, 2)(a)),
    (D(Σ(sigma(w * x[k]), k), x[j]), w * prime(sigma)(w * x[j])),
    (sigma(sigma(u)), 1 / (1 + exp(-sigma(u)))),
    (D(f(a, w), w), 2 * a * w),
    (Integral(sigma(a), (a, 0, w)), log(1 + exp(w)) - log(2)),
])
def test_a_defined_function_is_its_formula(lhs, rhs):
    assert check(lhs, rhs).status == "proved"


@pytest.mark.parametrize("lhs, rhs", [
    (D(sigma(2 * a), a), prime(sigma)(2 * a)),  # the inner derivative is forgotten
    (prime(sigma)(a), sigma(a) * (1 + sigma(a))),
    (f(a, w), f(w, a)),
])
def test_and_nothing_else(lhs, rhs):
    assert check(lhs, rhs).status == "refuted"


def test_it_prints_with_its_argument():
    assert latex(sigma(2 * a)) == r"\sigma{\left(2 a\right)}"
    assert latex(prime(sigma)(a)) == r"\sigma'{\left(a\right)}"
    assert str(f(a, w).subs(a, 3)) == "f(3, w)"


def test_what_is_no_definition_is_refused():
    with pytest.raises(TypeError, match="expected indices, or the real variables of a function"):
        define("f", u, i, u * z[i])
    with pytest.raises(ValueError, match=r"free indices \['j'\]"):
        define("p", i, z[i] * z[j])
    with pytest.raises(TypeError, match="exactly 2 arguments"):
        f(a)
    with pytest.raises(TypeError, match="of one variable"):
        prime(f)
    with pytest.raises(TypeError, match="made by activation"):
        prime(tanh)


def test_sympy_does_not_differentiate_past_a_name():
    """SymPy would take p[j], L and σ(a) for constants."""
    p, L = define("p", i, exp(z[i])), define("L", a**2)
    for quantity, variable in ((p[j], z[k]), (L, a), (sigma(a), a)):
        with pytest.raises(TypeError, match="let it be checked"):
            quantity.diff(variable)
        assert isinstance(D(quantity, variable), Derivative)


def test_names_are_told_apart_by_their_formulas():
    assert define("sigma", u, 1 / (1 + exp(-u)))(a) == sigma(a)
    assert define("sigma", u, tanh(u))(a) != sigma(a)
    assert activation("sigma")(a) != sigma(a)
    assert Symbol("L") != define("L", a)
