"""The NumPy functions against values computed by hand, at sizes where naive code overflows."""

import ast
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sympy import Symbol

from helpers import networks
from helpers.networks import (
    Weights,
    binary_cross_entropy_from_logit,
    boltzmann_operator,
    cross_entropy,
    cross_entropy_from_logits,
    entropy,
    gradient_descent,
    log_softmax,
    log_sum_exp,
    one_hidden_layer,
    one_hot,
    sigmoid,
    sigmoid_from_tanh,
    silu,
    softmax,
    softplus,
    squared_error,
    tanh_from_sigmoid,
)

log = np.log
pytestmark = pytest.mark.filterwarnings("error")  # no overflow, no 0/0, no lost imaginary part

KNOWN = [
    (sigmoid, log(3), 3 / 4),
    (sigmoid, -log(3), 1 / 4),
    (sigmoid, [1e4, -1e4], [1, 0]),
    (sigmoid, -700.0, np.exp(-700)),
    (softplus, 0, log(2)),
    (softplus, [1e4, -1e4], [1e4, 0]),
    (softplus, -40.0, np.exp(-40)),
    (silu, log(3), 3 / 4 * log(3)),
    (silu, [1e4, -1e4], [1e4, 0]),
    (log_sum_exp, log([1, 2, 3]), log(6)),
    (log_sum_exp, [1e4, 1e4], 1e4 + log(2)),
    (log_sum_exp, [-1e4, -1e4], -1e4 + log(2)),
    (softmax, log([1, 2, 3]), np.array([1, 2, 3]) / 6),
    (softmax, [1e4, 0, -1e4], [1, 0, 0]),
    (softmax, [7.0], [1]),
    (log_softmax, [1e4, 0], [0, -1e4]),
    (log_softmax, log([1, 2, 3]), log(np.array([1, 2, 3]) / 6)),
    (boltzmann_operator, [0, log(3)], 3 / 4 * log(3)),
    (boltzmann_operator, [1e4, 1e4, -1e4], 1e4),
    (boltzmann_operator, log([1, 2, 4]), (2 * log(2) + 4 * log(4)) / 7),
    (entropy, [1 / 4] * 4, log(4)),
    (entropy, [0, 1, 0], 0),
    (entropy, [1 / 2, 1 / 4, 1 / 4], 3 / 2 * log(2)),
]


@pytest.mark.parametrize(
    ("f", "z", "value"), KNOWN, ids=[f"{f.__name__}-{i}" for i, (f, _, _) in enumerate(KNOWN)]
)
def test_known_values(f, z, value):
    assert_allclose(f(z), value, rtol=1e-14)


LOSSES = [
    (cross_entropy, [1 / 2, 1 / 4, 1 / 4], [0, 1, 0], log(4)),
    (cross_entropy, [1, 0, 0], [1, 0, 0], 0),  # 0 log 0 = 0
    (cross_entropy, [1 / 2, 1 / 4, 1 / 4], [1 / 2, 1 / 4, 1 / 4], 3 / 2 * log(2)),
    (cross_entropy_from_logits, log([1, 2, 3]), [0, 0, 1], log(2)),
    (cross_entropy_from_logits, [1e4, 0], [0, 1], 1e4),  # finite where softmax is 0
    (binary_cross_entropy_from_logit, log(3), 1, log(4 / 3)),
    (binary_cross_entropy_from_logit, log(3), 0, log(4)),
    (binary_cross_entropy_from_logit, -1e4, 1, 1e4),
    (binary_cross_entropy_from_logit, 40.0, 1, np.exp(-40)),  # softplus(a) - a y gives 0
    (squared_error, 0.3, 1, 0.245),
    (squared_error, [0.5, 2.0], [0.0, 0.0], [0.125, 2.0]),
]


@pytest.mark.parametrize(
    ("loss", "p", "y", "value"), LOSSES, ids=[f"{L[0].__name__}-{i}" for i, L in enumerate(LOSSES)]
)
def test_known_losses(loss, p, y, value):
    assert_allclose(loss(p, y), value, rtol=1e-14)


def test_the_binary_loss_is_the_loss_of_two_classes():
    a, y = np.linspace(-30, 30, 25), np.linspace(0, 1, 25)
    logits = np.stack([a, np.zeros(25)], axis=-1)
    targets = np.stack([y, 1 - y], axis=-1)
    assert_allclose(
        binary_cross_entropy_from_logit(a, y),
        cross_entropy_from_logits(logits, targets),
        atol=1e-15,
    )


def test_a_shift_of_all_logits_changes_nothing_but_log_sum_exp():
    z = np.random.default_rng(1).normal(size=(4, 5))
    assert_allclose(softmax(z + 1000), softmax(z), atol=1e-13)
    assert_allclose(boltzmann_operator(z + 1000), boltzmann_operator(z) + 1000, rtol=1e-14)
    assert_allclose(log_sum_exp(z + 1000), log_sum_exp(z) + 1000, rtol=1e-14)


def test_boltzmann_is_log_sum_exp_minus_entropy_and_lies_between_mean_and_maximum():
    z = 3 * np.random.default_rng(2).normal(size=(50, 4))
    s = boltzmann_operator(z)
    assert_allclose(s, log_sum_exp(z) - entropy(softmax(z)), atol=1e-13)
    assert (z.mean(axis=-1) <= s).all() and (s <= z.max(axis=-1)).all()


def test_boltzmann_is_not_monotone():
    assert boltzmann_operator([1.01, 2, 3]) < boltzmann_operator([1, 2, 3])


def test_the_minimum_of_silu_is_minus_the_lambert_number():
    z = np.linspace(-2, 0, 2_000_001)
    w = -silu(z).min()
    assert_allclose(w * np.exp(w), 1 / np.e, rtol=1e-12)
    assert_allclose(w, 0.2784645428, atol=5e-11)


@pytest.mark.parametrize("f", [softmax, log_softmax, log_sum_exp, boltzmann_operator, entropy])
def test_leading_axes_are_a_batch(f):
    batch = softmax(np.random.default_rng(3).normal(size=(2, 3, 4)))
    for n in np.ndindex(2, 3):
        assert_allclose(f(batch)[n], f(batch[n]), rtol=1e-15)


def test_one_hot():
    assert one_hot([[2, 0]], 3).tolist() == [[[0, 0, 1], [1, 0, 0]]]
    assert one_hot(1, 2).tolist() == [0, 1]


# ----------------------------------------------------------------- networks


def random_weights(D, M, K, seed=0):
    random = np.random.default_rng(seed)
    return Weights(*(random.normal(size=s) for s in [(M, D), (M,), (K, M), (K,)]))


def test_a_network_by_hand():
    weights = Weights([[1, 2], [3, 4]], [1, -1], [[1, -1]], [10])
    # hidden: 1 + 2 + 1 = 4 and 3 + 4 - 1 = 6; squares 16 and 36; 16 - 36 + 10
    assert one_hidden_layer([1, 1], weights, np.square).tolist() == [-10]


def test_a_batch_of_inputs_goes_through_a_network():
    weights, x = random_weights(2, 3, 4), np.random.default_rng(1).normal(size=(5, 6, 2))
    y = one_hidden_layer(x, weights, np.tanh)
    assert y.shape == (5, 6, 4)
    assert_allclose(y[2, 3], one_hidden_layer(x[2, 3], weights, np.tanh), rtol=1e-14)


@pytest.mark.parametrize(("D", "M", "K"), [(1, 1, 1), (3, 1, 2), (2, 5, 3)])
def test_sigmoid_and_tanh_networks_are_equivalent(D, M, K):
    weights, x = random_weights(D, M, K), np.random.default_rng(1).normal(size=(100, D))
    as_sigmoid = one_hidden_layer(x, weights, sigmoid)
    as_tanh = one_hidden_layer(x, weights, np.tanh)
    assert_allclose(
        one_hidden_layer(x, tanh_from_sigmoid(weights), np.tanh), as_sigmoid, atol=1e-14
    )
    assert_allclose(one_hidden_layer(x, sigmoid_from_tanh(weights), sigmoid), as_tanh, atol=1e-14)
    assert abs(as_sigmoid - as_tanh).max() > 0.1


def test_the_conversions_undo_each_other():
    weights = random_weights(2, 3, 4)
    for got, start in zip(sigmoid_from_tanh(tanh_from_sigmoid(weights)), weights, strict=True):
        assert_allclose(got, start, atol=1e-15)


def test_the_recipe_that_forgets_the_hidden_bias_is_wrong():
    weights, x = random_weights(2, 3, 4), np.random.default_rng(1).normal(size=(100, 2))
    forgetful = tanh_from_sigmoid(weights)._replace(b1=weights.b1)
    gap = one_hidden_layer(x, forgetful, np.tanh) - one_hidden_layer(x, weights, sigmoid)
    assert abs(gap).max() > 0.1


def test_the_printed_recipes_at_the_audited_point():
    """Pre-activations 0.3 and -1.2, outgoing weights 3 and 1, bias 0.2."""
    weights = Weights([[0.3], [-1.2]], [0, 0], [[3, 1]], [0.2])
    right, half = tanh_from_sigmoid(weights), [[0.5, 0.5]]

    def output(weights, activation):
        return one_hidden_layer([1], weights, activation)[0]

    assert_allclose(output(weights, sigmoid), 2.15480, atol=5e-6)
    assert_allclose(output(right, np.tanh), 2.15480, atol=5e-6)
    for wrong, value in [
        (right._replace(W2=half, b2=[0.7]), 0.50592),
        (right._replace(b2=[0.7]), 0.65480),
        (right._replace(b2=[1.2]), 1.15480),
    ]:
        assert_allclose(output(wrong, np.tanh), value, atol=5e-6)
    assert_allclose(output(weights, np.tanh), 0.24028, atol=5e-6)
    assert_allclose(output(sigmoid_from_tanh(weights), sigmoid), 0.24028, atol=5e-6)


def test_gradient_descent_halves_w_on_w_squared():
    assert gradient_descent(lambda w: 2 * w, 8, 1 / 4, steps=3).tolist() == [8, 4, 2, 1]
    assert gradient_descent(lambda w: 2 * w, [8, -4], np.array(1 / 4), steps=1).tolist() == [[8, -4], [4, -2]]
    stopped = gradient_descent(lambda w: 2 * w, 8, 1 / 4, steps=99, stop=lambda w: w <= 2)
    assert stopped.tolist() == [8, 4, 2]


@pytest.mark.parametrize(
    ("gradient", "steps"),
    [
        (lambda a: sigmoid(a) - 1, 11),
        (lambda a: (sigmoid(a) - 1) * sigmoid(a) * (1 - sigmoid(a)), 22063),
    ],
    ids=["cross-entropy", "squared error"],
)
def test_the_race_from_minus_ten(gradient, steps):
    path = gradient_descent(gradient, -10, rate=1, steps=30_000, stop=lambda a: sigmoid(a) >= 1 / 2)
    assert len(path) - 1 == steps
    assert path[-2] < 0 <= path[-1]


# ------------------------------------------------------------ bad arguments

WRONG = [
    (lambda: softmax(3.0), r"z must have shape \(\.\.\., K\) with K >= 1, got \(\)"),
    (lambda: log_sum_exp(np.zeros((2, 0))), r"z must .* got \(2, 0\)"),
    (lambda: one_hot([0, 3], 3), r"labels must be in 0 \.\.\. 2 \(K = 3\), got 3"),
    (lambda: one_hot([-1], 3), r"got -1"),
    (lambda: one_hot([1.0], 3), r"labels must be integers, got float64"),
    (lambda: cross_entropy([2.0, -1.0], [0, 1]), r"probabilities, got -1\.0.*from_logits"),
    (lambda: cross_entropy([0.5, 0.5], [0, 1, 0]), r"p and y .* got \(2,\) and \(3,\)"),
    (lambda: cross_entropy([0.5, 0.5], 1), r"y must have shape .* got \(\)"),
    (lambda: squared_error(np.ones((5, 1)), np.ones(5)), r"f and y .* got \(5, 1\) and \(5,\)"),
    (lambda: binary_cross_entropy_from_logit(np.ones(2), np.ones(3)), r"a and y .* \(2,\)"),
    (lambda: one_hidden_layer(np.ones(3), random_weights(2, 4, 1), np.tanh), r"x .* 2\).* \(3,\)"),
    (lambda: tanh_from_sigmoid(random_weights(2, 4, 1)._replace(b1=np.ones(2))), r"b1 .* \(4,\)"),
    (lambda: tanh_from_sigmoid(random_weights(2, 4, 3)._replace(W2=np.ones((4, 3)))), r"W2 .*4\)"),
    (lambda: tanh_from_sigmoid(random_weights(2, 4, 1)._replace(W1=np.ones(4))), r"W1 .* \(M, D\)"),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_a_wrong_argument_is_named_with_what_came(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_witness_shares_no_code_with_the_checker():
    for module in "networks", "gradients", "figures":
        tree = ast.parse(Path(networks.__file__).with_name(f"{module}.py").read_text("utf-8"))
        imported = {
            name.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in (
                ["." * node.level + (node.module or "")]
                if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names]
            )
        }
        standard = {"dataclasses", "html", "io", "itertools", "numbers", "re", "reprlib", "typing", "warnings"}
        assert imported <= {"numpy", "matplotlib", "cycler"} | standard


@pytest.mark.parametrize("function", [sigmoid, softplus, silu, softmax, log_sum_exp])
def test_a_formula_is_told_from_numbers(function):
    with pytest.raises(TypeError, match="must hold numbers for this NumPy function, got Symbol a"):
        function([Symbol("a")] if function in (softmax, log_sum_exp) else Symbol("a"))
