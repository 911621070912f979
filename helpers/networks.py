"""The functions of the book in NumPy: the programs whose derivatives are checked.

Every function works on the last axis (or entry by entry) and takes any leading
axes: a batch of N logit vectors is an array of shape (N, K).  No exponential
overflows, and complex arguments pass through, so that `gradients.complex_step`
can differentiate every function: comparisons look at real parts only.
"""

from numbers import Integral
from typing import NamedTuple

import numpy as np

# ---------------------------------------------------------------- one number


def sigmoid(a):
    """1 / (1 + e^-a), entry by entry.  Chapter: Sigmoid and tanh."""
    a = _numbers("a", a)
    positive = a.real >= 0
    small = np.exp(np.where(positive, -a, a))  # modulus at most 1
    return np.where(positive, 1, small) / (1 + small)


def softplus(a):
    """log(1 + e^a), entry by entry; its derivative is the sigmoid.

    Chapter: Cross-entropy or squared error?
    """
    a = _numbers("a", a)
    positive = a.real >= 0
    return np.where(positive, a, 0) + np.log1p(np.exp(np.where(positive, -a, a)))


def silu(a):
    """a sigmoid(a): the Boltzmann operator of (0, a).  Chapter: Softmax."""
    a = _numbers("a", a)
    return a * sigmoid(a)


# -------------------------------------------------------------- K numbers


def log_sum_exp(z):
    """log of the sum of e^z over the last axis: (..., K) -> (...).  Chapter: Softmax."""
    z = _vectors("z", z)
    top = z.real.max(axis=-1, keepdims=True)
    return np.log(np.exp(z - top).sum(axis=-1)) + top[..., 0]


def softmax(z):
    """e^z divided by its sum over the last axis: (..., K) -> (..., K).  Chapter: Softmax."""
    z = _vectors("z", z)
    powers = np.exp(z - z.real.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def log_softmax(z):
    """The logarithm of softmax, finite even where softmax is 0: (..., K) -> (..., K).

    Chapter: Softmax.
    """
    z = _vectors("z", z)
    shifted = z - z.real.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def boltzmann_operator(z):
    """sum z e^z / sum e^z, the mean of z under its own softmax: (..., K) -> (...).

    Chapter: Softmax.
    """
    z = _vectors("z", z)
    return (z * softmax(z)).sum(axis=-1)


# ----------------------------------------------------------------- losses


def one_hot(labels, K):
    """Row `label` of the K x K unit matrix for every label 0 ... K-1: (...) -> (..., K).

    Chapter: Cross-entropy or squared error?
    """
    if isinstance(K, bool) or not isinstance(K, Integral) or K < 1:
        raise ValueError(f"K must be a whole number, at least 1, got {K!r}")
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be integers, got {labels.dtype} values")
    wrong = labels[(labels < 0) | (labels >= K)]
    if wrong.size:
        raise ValueError(f"labels must be in 0 ... {K - 1} (K = {K}), got {wrong[0]}")
    return np.eye(K)[labels]


def cross_entropy(p, y):
    """- sum y log p over the last axis, with 0 log 0 = 0: (..., K), (..., K) -> (...).

    Chapter: Cross-entropy or squared error?
    """
    p, y = _vectors("p", p), _vectors("y", y)
    _shapes_fit("p", p, "y", y)
    if (p.real < 0).any():
        raise ValueError(
            f"p must hold probabilities, got {p.real.min()}; "
            "for logits use cross_entropy_from_logits"
        )
    return -(y * np.log(np.where(y == 0, 1, p))).sum(axis=-1)


def cross_entropy_from_logits(z, y):
    """- sum y log softmax(z): (..., K), (..., K) -> (...).

    Chapter: Cross-entropy or squared error?
    """
    z, y = _vectors("z", z), _vectors("y", y)
    _shapes_fit("z", z, "y", y)
    return -(y * log_softmax(z)).sum(axis=-1)


def binary_cross_entropy_from_logit(a, y):
    """- y log f - (1 - y) log(1 - f) with f = sigmoid(a), entry by entry.

    Chapter: Cross-entropy or squared error?
    """
    a, y = _numbers("a", a), _numbers("y", y)
    _shapes_fit("a", a, "y", y)
    return y * softplus(-a) + (1 - y) * softplus(a)


def squared_error(f, y):
    """(f - y)^2 / 2, entry by entry; for K outputs add up the last axis.

    Chapter: Cross-entropy or squared error?
    """
    f, y = _numbers("f", f), _numbers("y", y)
    _shapes_fit("f", f, "y", y)
    return (f - y) ** 2 / 2


def entropy(p):
    """- sum p log p over the last axis, with 0 log 0 = 0: (..., K) -> (...).

    Chapter: Softmax.
    """
    return cross_entropy(p, p)


# ---------------------------------------------------------------- networks


class Weights(NamedTuple):
    """A network with D inputs, M hidden units and K outputs.  Chapter: Sigmoid and tanh."""

    W1: np.ndarray  # (M, D)
    b1: np.ndarray  # (M,)
    W2: np.ndarray  # (K, M)
    b2: np.ndarray  # (K,)


def one_hidden_layer(x, weights, activation):
    """W2 activation(W1 x + b1) + b2 for every x: (..., D) -> (..., K).

    Chapter: Sigmoid and tanh.
    """
    W1, b1, W2, b2 = _weights(weights)
    x = _vectors("x", x)
    _function("activation", activation)
    if x.shape[-1] != W1.shape[1]:
        raise ValueError(f"x must have shape (..., {W1.shape[1]}) to fit W1, got {x.shape}")
    return activation(x @ W1.T + b1) @ W2.T + b2


def tanh_from_sigmoid(weights):
    """The weights with which tanh units compute what `weights` compute with sigmoid units.

    Chapter: Sigmoid and tanh.
    """
    W1, b1, W2, b2 = _weights(weights)
    return Weights(W1 / 2, b1 / 2, W2 / 2, b2 + W2.sum(axis=1) / 2)


def sigmoid_from_tanh(weights):
    """The weights with which sigmoid units compute what `weights` compute with tanh units.

    Chapter: Sigmoid and tanh.
    """
    W1, b1, W2, b2 = _weights(weights)
    return Weights(2 * W1, 2 * b1, 2 * W2, b2 - W2.sum(axis=1))


def gradient_descent(gradient, start, rate, steps, stop=None):
    """The points w, w - rate gradient(w), ...: at most steps + 1 of them, `start` first.

    Ends at the first point where stop(w) holds.  `len(path) - 1` steps were made.
    Chapter: Cross-entropy or squared error?
    """
    path = [_numbers("start", start).astype(float)]
    _function("gradient", gradient)
    if stop is not None:
        _function("stop", stop)
    if np.ndim(rate) or np.asarray(rate).dtype.kind not in "iuf":
        raise TypeError(f"rate must be a number, got {rate!r}")
    if isinstance(steps, bool) or not isinstance(steps, Integral) or steps < 0:
        raise ValueError(f"steps must be a whole number, at least 0, got {steps!r}")
    while len(path) <= steps and not (stop and stop(path[-1])):
        path.append(path[-1] - rate * gradient(path[-1]))
    return np.array(path)


# ------------------------------------------------- what the arguments must be


def _numbers(name, x):
    try:
        x = np.asarray(x)
    except ValueError:
        raise ValueError(f"{name} must be an array, got rows of different lengths") from None
    if x.dtype.kind not in "biufc":
        found = x.flat[0] if x.size else x.dtype
        raise TypeError(f"{name} must hold numbers for this NumPy function, got {type(found).__name__} {found}")
    return x.astype(float) if x.dtype.kind == "b" else x


def _function(name, f):
    if not callable(f):
        raise TypeError(f"{name} must be a function, got {f!r}")


def _vectors(name, z):
    z = _numbers(name, z)
    if z.ndim == 0 or z.shape[-1] == 0:
        raise ValueError(f"{name} must have shape (..., K) with K >= 1, got {z.shape}")
    return z


def _shapes_fit(first, a, second, b):
    """One shape must be the tail of the other: (N, K) and (K,), but not (N, 1) and (N,)."""
    shared = min(a.ndim, b.ndim)
    if a.shape[a.ndim - shared :] != b.shape[b.ndim - shared :]:
        raise ValueError(
            f"{first} and {second} must have the same shape (leading axes may be missing), "
            f"got {a.shape} and {b.shape}"
        )


def _weights(weights):
    if not isinstance(weights, tuple | list) or len(weights) != 4:
        raise TypeError(f"weights must be Weights(W1, b1, W2, b2), got {type(weights).__name__}")
    W1, b1, W2, b2 = (_numbers(name, w) for name, w in zip(Weights._fields, weights, strict=True))
    if W1.ndim != 2:
        raise ValueError(f"W1 must have shape (M, D), got {W1.shape}")
    if W2.ndim != 2:
        raise ValueError(f"W2 must have shape (K, M), got {W2.shape}")
    M, K = len(W1), len(W2)
    for name, array, shape in ("b1", b1, (M,)), ("W2", W2, (K, M)), ("b2", b2, (K,)):
        if array.shape != shape:
            raise ValueError(f"{name} must have shape {shape} to fit W1, W2, got {array.shape}")
    return Weights(W1, b1, W2, b2)
