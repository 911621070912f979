"""The numeric witness: exact where it should be, and not to be deceived."""

import sys
from fractions import Fraction

import numpy as np
import pytest
from numpy.testing import assert_allclose

from helpers.gradients import (
    central_differences,
    compare,
    complex_step,
    grade_program,
    random_points,
)
from helpers.networks import (
    binary_cross_entropy_from_logit,
    boltzmann_operator,
    cross_entropy,
    cross_entropy_from_logits,
    entropy,
    log_softmax,
    log_sum_exp,
    one_hidden_layer,
    sigmoid,
    silu,
    softmax,
    softplus,
    squared_error,
)

BOTH = pytest.mark.parametrize(
    ("derivative", "tolerance"), [(complex_step, 1e-14), (central_differences, 1e-8)]
)


@BOTH
def test_a_matrix_of_inputs_gives_the_full_derivative(derivative, tolerance):
    """d(A X)_ij / dX_kl = A_ik [j = l], an array of shape (2, 4) + (3, 4)."""
    A, X = np.arange(6.0).reshape(2, 3), np.random.default_rng(0).normal(size=(3, 4))
    expected = np.einsum("ik,jl->ijkl", A, np.eye(4))
    found = derivative(lambda X: A @ X, X)
    assert found.shape == (2, 4, 3, 4)
    assert_allclose(found, expected, atol=tolerance)


@BOTH
def test_numbers_in_numbers_out(derivative, tolerance):
    assert derivative(lambda x: x**3, 2).shape == ()
    assert_allclose(derivative(lambda x: x**3, 2), 12, rtol=tolerance)
    assert_allclose(derivative(lambda x: x**3, 1e6), 3e12, rtol=1e-9)
    assert derivative(lambda x: np.ones(3), np.ones(2)).tolist() == [[0, 0]] * 3


def test_the_complex_step_does_not_cancel():
    """e^x / (sin^3 x + cos^3 x) at 1.5, the example of Squire and Trapp (1998)."""
    found = complex_step(lambda x: np.exp(x) / (np.sin(x) ** 3 + np.cos(x) ** 3), 1.5)
    assert_allclose(found, 3.6220337007163259, rtol=1e-15)


def test_the_complex_step_reaches_the_far_tails():
    assert_allclose(complex_step(sigmoid, -300.0), np.exp(-300), rtol=1e-13)
    assert_allclose(complex_step(softmax, [1e4, 0]), np.zeros((2, 2)))


def first(z):
    """The one-hot target that goes with the logits z: the first class."""
    return np.eye(len(z))[0]


CLOSED = [
    (sigmoid, "", lambda a: sigmoid(a) * sigmoid(-a)),
    (softplus, "", sigmoid),
    (silu, "", lambda a: sigmoid(a) * (1 + a * sigmoid(-a))),
    (np.tanh, "", lambda a: 1 / np.cosh(a) ** 2),
    (log_sum_exp, "K", softmax),
    (softmax, "K", lambda z: np.diag(softmax(z)) - np.outer(softmax(z), softmax(z))),
    (log_softmax, "K", lambda z: np.eye(len(z)) - softmax(z)),
    (boltzmann_operator, "K", lambda z: softmax(z) * (1 + z - boltzmann_operator(z))),
    (lambda z: entropy(np.exp(z)), "K", lambda z: -np.exp(z) * (z + 1)),
    (lambda z: cross_entropy(softmax(z), first(z)), "K", lambda z: softmax(z) - first(z)),
    (lambda z: cross_entropy_from_logits(z, first(z)), "K", lambda z: softmax(z) - first(z)),
    (lambda a: binary_cross_entropy_from_logit(a, 0.25), "", lambda a: sigmoid(a) - 0.25),
    (lambda a: squared_error(sigmoid(a), 1), "", lambda a: -sigmoid(a) * sigmoid(-a) ** 2),
]


@pytest.mark.parametrize(("forward", "shape", "formula"), CLOSED)
@pytest.mark.parametrize("derivative", [complex_step, central_differences])
@pytest.mark.parametrize("scale", [1, 5])
def test_every_function_of_the_book_carries_complex_numbers(
    forward, shape, formula, derivative, scale
):
    sizes = {"K": (1, 2, 5)} if shape else {}
    points = random_points(shape, count=30, scale=scale, **sizes)
    assert compare(formula, forward, points, derivative=derivative).passed


def test_both_sides_of_zero_are_exercised():
    points = [p[0] for p in random_points("")]
    assert min(points) < 0 < max(points)


@pytest.mark.parametrize("wrt", range(5))
def test_back_propagation_through_a_hidden_layer(wrt):
    """Softmax and cross-entropy on a tanh network: every gradient by hand, K != M != D."""

    def loss(W1, b1, W2, b2, x, t):
        logits = one_hidden_layer(x, (W1, b1, W2, b2), np.tanh)
        return cross_entropy_from_logits(logits, softmax(t))

    def by_hand(W1, b1, W2, b2, x, t):
        h = np.tanh(W1 @ x + b1)
        delta = softmax(W2 @ h + b2) - softmax(t)
        s = (1 - h**2) * (W2.T @ delta)
        return [np.outer(s, x), s, np.outer(delta, h), delta, W1.T @ s][wrt]

    points = random_points("M D", "M", "K M", "K", "D", "K", K=(2, 3), M=(1, 4), D=(2, 5))
    assert compare(by_hand, loss, points, wrt=wrt).largest_error < 1e-14


def test_a_small_error_is_seen_in_the_numbers():
    rough = compare(lambda x: central_differences(np.sin, x, 1e-4), np.sin, [np.array(0.7)], check=False)
    assert "claimed: 0.764842186\nnumeric: 0.7648421873" in str(rough)


def test_the_complex_step_reaches_the_bottom_of_a_valley():
    x = np.array([0.3 + 1e-9, 1.0])
    valley = lambda x: (np.sin(x[0]) - np.sin(0.3)) ** 2
    assert np.allclose(complex_step(valley, x), [2 * np.cos(0.3) ** 2 * 1e-9, 0], rtol=1e-6, atol=0)
    with pytest.raises(ValueError, match="imaginary part"):
        complex_step(lambda x: valley(x.real), x)


# -------------------------------------------------- what drops the imaginary part

DROPS = [
    np.abs,
    lambda x: ((x - 3) ** 2).sum() / 2 + 1e-6 * np.abs(x).sum(),  # a small penalty
    lambda x: np.sin(3e5 * x.real),  # too fast for a central difference
    lambda x: np.abs(x) ** 2,
    lambda x: x * x.real,
    lambda x: np.exp(x - x.real.max()) + np.exp(x).real,
    lambda x: 1e-9 * np.abs(x),
    lambda x: x.astype(float) ** 2,
    lambda x: np.array([float(v) for v in x]),
    lambda x: np.array(x, dtype=float),
    lambda x: np.logaddexp(x, 0),
]


@pytest.mark.parametrize("f", DROPS)
def test_a_function_that_drops_the_imaginary_part_is_refused(f):
    with pytest.raises(ValueError, match="imaginary part|complex numbers"):
        complex_step(f, [0.5, -1.5])


def test_a_pole_is_refused():
    with pytest.raises(ValueError, match="not finite"), np.errstate(divide="ignore", invalid="ignore"):
        complex_step(lambda x: 1 / x, 0.0)


def test_a_program_cannot_stop_the_grader_or_move_its_points():
    points = [(np.array([1.0, 2.0]),)]

    def moving(x):
        x *= 0
        return x

    assert grade_program(moving, lambda x: (x**2).sum(), points).startswith("Wrong: entry [1] at [1. 2.]")
    assert points[0][0].tolist() == [1, 2]
    assert "SystemExit" in grade_program(lambda x: sys.exit(), lambda x: (x**2).sum(), points)


def test_a_method_without_a_tolerance_is_refused():
    with pytest.raises(ValueError, match="derivative: expected complex_step or central_differences"):
        compare(np.cos, np.sin, [0.5], derivative=lambda f, x: f(x))


def test_the_refusal_names_the_entry_and_both_numbers():
    with pytest.raises(ValueError, match=r"(?s)\[1, 1\].*complex step: -2.*difference: -4"):
        complex_step(lambda x: x * x.real, [1, -2])


def test_a_cast_to_real_numbers_is_called_by_its_name():
    with pytest.raises(ValueError, match="does not carry complex numbers.* discards the imaginary"):
        complex_step(lambda x: x.astype(float) ** 2, [1, -2])


def test_a_comparison_of_real_parts_is_allowed():
    f = lambda x: np.where(x.real > 0, x, 0)  # noqa: E731
    assert complex_step(f, [2.0, -1.0]).tolist() == [[1, 0], [0, 0]]
    with pytest.raises(ValueError, match="kink"):
        complex_step(f, 0.0)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_function_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="not finite"):
        complex_step(np.log, 0.0)


def test_complex_points_are_refused():
    with pytest.raises(ValueError, match="x must hold real numbers, got complex128"):
        complex_step(np.exp, 1j)
    with pytest.raises(ValueError, match="the formula must hold real numbers, got complex128"):
        compare(lambda x: 1j * x, np.square, [1.0])


# --------------------------------------------------------------- the comparison


def jacobian(z):
    return np.diag(softmax(z)) - np.outer(softmax(z), softmax(z))


def test_the_report_reads_as_a_sentence():
    report = compare(jacobian, softmax, random_points("K", K=(2, 3, 5)))
    assert str(report).endswith(" at 20 random points, K = 2, 3, 5")
    assert str(report).startswith("largest error ") and "e-1" in str(report)
    assert (report.points, report.passed) == (20, True)
    assert report.largest_error < 1e-15
    assert str(compare(jacobian, softmax, [np.ones(2)])).endswith(" at 1 point")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda z: np.diag(softmax(z)),
        lambda z: np.diag(softmax(z) * (1 - softmax(z))),
        lambda z: np.outer(softmax(z), softmax(z)) - np.diag(softmax(z)),
        lambda z: jacobian(z) * (1 + 1e-9),
        lambda z: jacobian(z) * np.nan,
    ],
)
def test_a_wrong_formula_is_caught(wrong):
    with pytest.raises(AssertionError, match=r"(?s)the formula is wrong.*claimed: .*numeric: "):
        compare(wrong, softmax, random_points("K", K=(2, 3)))


def test_one_undefined_value_among_good_ones_is_a_failure():
    wrong = lambda x: 2 * x if x < 2 else np.nan  # noqa: E731
    report = compare(wrong, np.square, [1.0, 2.0, 0.0], check=False)
    assert not report.passed and "claimed: nan\nnumeric: 4" in str(report)


def test_the_failure_carries_both_numbers_the_entry_and_the_point():
    """At z = (log 3, 0) the Jacobian has 3/16 on its diagonal; the claim forgets p p^T."""
    report = compare(lambda z: np.diag(softmax(z)), softmax, [np.log([3, 1])], check=False)
    assert not report.passed
    assert_allclose(report.largest_error, 9 / 16)
    assert "entry [0, 0] at [1.0986 0.    ]:\nclaimed: 0.75\nnumeric: 0.1875" in str(report)


def test_the_diagonal_formula_at_the_audited_point():
    """T = (2, 1, -1), y = e_2: the gradient is f - y; the diagonal alone loses two entries."""
    T, y = np.array([2.0, 1, -1]), np.array([0.0, 1, 0])
    delta = complex_step(lambda T: cross_entropy(softmax(T), y), T)
    assert_allclose(delta, [0.705385, -0.740504, 0.035119], atol=5e-7)
    printed = compare(
        lambda T: -y * (1 - softmax(T)), lambda T: cross_entropy(softmax(T), y), [T], check=False
    )
    assert_allclose(printed.largest_error, 0.705385, atol=5e-7)


def test_a_transposed_gradient_has_the_wrong_shape():
    points = random_points("K D", "D", K=3, D=2)
    with pytest.raises(ValueError, match=r"shape \(2, 3\), expected \(3, 2\)"):
        compare(lambda W, x: np.outer(x, softmax(W @ x)), lambda W, x: log_sum_exp(W @ x), points)


def test_large_derivatives_are_compared_relatively_small_ones_absolutely():
    assert compare(lambda x: 3 * x**2 * (1 + 1e-13), lambda x: x**3, [1e6]).passed
    assert not compare(lambda x: 0 * x, lambda x: 1e-11 * x, [1.0], check=False).passed


def test_exact_numbers_are_accepted_from_a_formula():
    assert compare(
        lambda x: np.array([[Fraction(1, 3)]], dtype=object), lambda x: x / 3, [[2]]
    ).passed


def test_points_are_the_same_every_time_and_go_round_the_sizes():
    points = random_points("K D", "D", "", K=(2, 3), D=(1, 4), count=5)
    shapes = [tuple(x.shape for x in point) for point in points]
    assert shapes[:4] == [((k, d), (d,), ()) for k in (2, 3) for d in (1, 4)]
    assert shapes[4] == shapes[0] and not np.array_equal(points[4][0], points[0][0])
    again = random_points("K D", "D", "", K=(2, 3), D=(1, 4), count=5)
    for point, same in zip(points, again, strict=True):
        assert all(map(np.array_equal, point, same))
    assert random_points("", seed=1)[0][0] != random_points("", seed=2)[0][0]
    assert str(points) == "5 random points, K = 2, 3, D = 1, 4"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: random_points("K D", K=3), "needs sizes"),
        (lambda: random_points(), "needs sizes"),
        (lambda: random_points("K", K=(1, 2, 3), count=2), "count must be at least 3"),
        (lambda: compare(jacobian, softmax, []), "points is empty"),
    ],
)
def test_bad_points_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (..., "Replace the dots"),
        (lambda z: ..., "Replace the dots"),
        (jacobian, "Right: largest error"),
        (lambda z: np.diag(softmax(z)), "Wrong: entry [0, 0] at"),
        (lambda z: softmax(z), "This cannot be judged. ValueError: your function returns an array of shape"),
        (lambda z: unknown, "This cannot be judged. NameError"),  # noqa: F821
        (lambda z: "text", "This cannot be judged. ValueError"),
    ],
)
def test_every_program_gets_a_sentence(answer, sentence):
    points = random_points("K", K=(2, 3), count=4)
    assert grade_program(answer, softmax, points).startswith(sentence)
