"""Wrong formulas that were printed, published or handed in, and their right versions.

Each must be refuted, and its counterexample must hold in plain floating point:
`oracle` replaces sums by loops and derivatives by difference quotients and knows
nothing of the checker.  Sources: issue threads of public books and libraries
(owner/repository#number), and the five sources of this book (000 to 004).
Every thread named here hangs in the museum (`book/museum.ipynb`), which
test_museum.py holds to.
"""

# ruff: noqa: F405
from dataclasses import dataclass, field

import mpmath
import oracle
import pytest
from statements import *  # noqa: F403  the alphabet of the statements
from sympy import Abs, Derivative, Integer, exp, floor, log, sqrt, symbols, tanh

from helpers import check

pytestmark = pytest.mark.filterwarnings("error")  # a proof contradicted by a number warns


@dataclass
class Mistake:
    name: str
    lhs: object
    wrong: object
    right: object
    where: dict = field(default_factory=dict)
    given: tuple = ()
    easy: bool = True  # the right version must be proved, not only not refuted

    def __str__(self):
        return self.name


def converted(net_of, **parts):
    """The sigmoid net of `sig_net` as another net, by the right recipe except for the parts given."""
    recipe = dict(
        W=lambda m, r: W[m, r] / 2,
        c=lambda m: bb[m] / 2,
        v=lambda k, m: vv[k, m] / 2,
        d=lambda k: dd[k] + total(lambda m: vv[k, m], M) / 2,
    )
    recipe.update(parts)
    return net(net_of, recipe["W"], recipe["c"], recipe["v"], recipe["d"], k)


half = Integer(1) / 2
recipe = converted(tanh)
back = dict(
    W=lambda m, r: 2 * W[m, r],
    c=lambda m: 2 * bb[m],
    v=lambda k, m: 2 * vv[k, m],
    d=lambda k: dd[k] - total(lambda m: vv[k, m], M),
)

# a neuron, a chain and a layer
wt, bias = symbols("w b0", real=True)
layer_z = lambda i: total(lambda r: W[i, r] * x[r], D)
loss_layer = total(lambda i: g[i] * sigma(layer_z(i)), D)
one_row = total(lambda n: (y[n] - wt * x[n]) ** 2, N)
back2 = total(lambda k: g[k] * phi(total(lambda m: W[k, m] * sigma(total(lambda r: U[m, r] * x[r], D)), M)), K)
inner = lambda m: total(lambda r: U[m, r] * x[r], D)
outer_z = lambda k: total(lambda m: W[k, m] * sigma(inner(m)), M)
hidden = lambda t: total(lambda k: mu ** (t - k) * x[k], t)  # h_t of the recurrence h_t = μ h_{t-1} + x_t
adam = (1 - bet) * total(lambda k: bet ** (steps - k), steps)
mean_g = total(lambda n: g[n], N) / N

MISTAKES = [
    # ------------------------------------------------ sigmoid, tanh
    # fastai/fastbook#273: tanh upside down
    Mistake(
        "tanh upside down",
        tanh(xs),
        (exp(xs) + exp(-xs)) / (exp(xs) - exp(-xs)),
        (exp(xs) - exp(-xs)) / (exp(xs) + exp(-xs)),
    ),
    # HIPS/autograd#317: y = exp(-x), (1 - y)/(1 + y)
    Mistake(
        "tanh with exp(-x)",
        tanh(xs),
        (1 - exp(-xs)) / (1 + exp(-xs)),
        (1 - exp(-2 * xs)) / (1 + exp(-2 * xs)),
    ),
    # epfml/ML_course#18, rushter/MLAlgorithms#50
    Mistake("tanh = 2σ(x) - 1", tanh(xs), 2 * sigmoid(xs) - 1, 2 * sigmoid(2 * xs) - 1),
    # scutan90/DeepLearning-500-questions#544
    Mistake("tanh' = -tanh²", Derivative(tanh(xs), xs), -(tanh(xs) ** 2), 1 - tanh(xs) ** 2),
    # nicodjimenez/lstm#41 asks for a plus
    Mistake("tanh' = 1 + tanh²", Derivative(tanh(xs), xs), 1 + tanh(xs) ** 2, 1 - tanh(xs) ** 2),
    # rasbt/machine-learning-book#140: the sign in the exponent
    Mistake(
        "sigmoid without the minus",
        Derivative(1 / (1 + exp(xs)), xs),
        1 / (1 + exp(xs)) * (1 - 1 / (1 + exp(xs))),
        -1 / (1 + exp(xs)) * (1 - 1 / (1 + exp(xs))),
    ),
    # the quotient rule without its square
    Mistake(
        "sigmoid' without the square",
        Derivative(f, xs),
        exp(-xs) / (1 + exp(-xs)),
        exp(-xs) / (1 + exp(-xs)) ** 2,
    ),
    # dennybritz/nn-from-scratch#3, rasbt/python-machine-learning-book-3rd-edition#138: φ' at a instead of z
    Mistake("φ' at the activation", Derivative(tanh(xs), xs), 1 - tanh(tanh(xs)) ** 2, 1 - tanh(xs) ** 2),
    # 002-Q3: the hidden bias is not halved
    Mistake("hidden bias not halved", sig_net, converted(tanh, c=lambda m: bb[m]), recipe, ones((k, K))),
    # 002-Q3, last line, all tildes lost
    Mistake(
        "tildes lost",
        sig_net,
        converted(tanh, W=lambda m, r: W[m, r], c=lambda m: bb[m], v=lambda k, m: vv[k, m]),
        recipe,
        ones((k, K)),
    ),
    # 003-Q4.2: "weight 0.5 and an additional bias of 0.5"
    Mistake(
        "weights := 1/2, bias + 1/2",
        sig_net,
        converted(tanh, v=lambda k, m: half, d=lambda k: dd[k] + half),
        recipe,
        ones((k, K)),
    ),
    # 003-Q4.2, kinder reading: v/2 and + 1/2 once (right where Σv = 1)
    Mistake("v/2, bias + 1/2 once", sig_net, converted(tanh, d=lambda k: dd[k] + half), recipe, ones((k, K))),
    # 003-Q4.2: + 1/2 for each hidden unit (right where every v is 1)
    Mistake("v/2, bias + M/2", sig_net, converted(tanh, d=lambda k: dd[k] + M * half), recipe, ones((k, K))),
    # 003-Q4.2, the other way: "weight 2, bias -1"
    Mistake(
        "weights := 2, bias - 1",
        tanh_of,
        converted(sigmoid, W=back["W"], c=back["c"], v=lambda k, m: 2, d=lambda k: dd[k] - 1),
        converted(sigmoid, **back),
        ones((k, K)),
    ),
    Mistake(
        "2v, bias - 1 once",
        tanh_of,
        converted(sigmoid, W=back["W"], c=back["c"], v=back["v"], d=lambda k: dd[k] - 1),
        converted(sigmoid, **back),
        ones((k, K)),
    ),
    # ------------------------------------------------ softmax
    # neuroph/neuroph#37: 1·(1 - s)
    Mistake("softmax' = 1 - s", Derivative(px(i), x[i]), 1 - px(i), px(i) * (1 - px(i)), ones((i, K))),
    # deeplearning4j/libnd4j#440: the diagonal only
    Mistake(
        "diagonal-only Jacobian",
        Derivative(px(i), x[j]),
        delta(i, j) * px(i) * (1 - px(i)),
        px(i) * (delta(i, j) - px(j)),
        ones((i, K), (j, K)),
    ),
    Mistake(
        "Jacobian with a plus",
        Derivative(px(i), x[j]),
        px(i) * (delta(i, j) + px(j)),
        px(i) * (delta(i, j) - px(j)),
        ones((i, K), (j, K)),
    ),
    # 001-Q1 needs both cases: the off-diagonal one for all i, j
    Mistake(
        "off-diagonal everywhere",
        Derivative(px(i), x[j]),
        -px(i) * px(j),
        px(i) * (delta(i, j) - px(j)),
        ones((i, K), (j, K)),
    ),
    # 002-Q2.0 as printed: the sum runs over the wrong letter
    Mistake(
        "sum over the wrong index",
        px(j),
        exp(x[j]) / total(lambda i: exp(x[j]), K),
        px(j),
        ones((j, K)),
    ),
    # 002-Q2.4 as printed: Diag(p) p pᵀ
    Mistake(
        "Diag(p) times ppᵀ",
        Derivative(px(i), x[j]),
        total(lambda k: px(i) * delta(i, k) * px(k) * px(j), K),
        delta(i, j) * px(i) - px(i) * px(j),
        ones((i, K), (j, K)),
    ),
    # 002-Q2.3: the 1 of the reference class forgotten
    Mistake(
        "K-1 parameters without the 1",
        px(i),
        exp(x[i] - x[K]) / (total(lambda k: exp(x[k] - x[K]), K - 1) + half),
        exp(x[i] - x[K]) / (total(lambda k: exp(x[k] - x[K]), K - 1) + 1),
        ones((i, K)),
    ),
    # 002-Q2.2 with the difference reversed
    Mistake(
        "two classes, difference reversed",
        exp(x[1]) / (exp(x[1]) + exp(x[2])),
        sigmoid(x[2] - x[1]),
        sigmoid(x[1] - x[2]),
    ),
    Mistake(
        "scaling taken for a shift",
        softmax(lambda k: xi * x[k], i, K),
        px(i),
        softmax(lambda k: xi * x[k] + mu, i, K),
        ones((i, K)),
    ),
    Mistake(
        "log-sum-exp Hessian diagonal",
        Derivative(LSE, x[i], x[j]),
        delta(i, j) * px(i),
        px(i) * (delta(i, j) - px(j)),
        ones((i, K), (j, K)),
    ),
    Mistake(
        "temperature forgotten in the chain rule",
        Derivative(warm(i), x[j]),
        warm(i) * (delta(i, j) - warm(j)),
        warm(i) * (delta(i, j) - warm(j)) / pos,
        ones((i, K), (j, K)),
    ),
    # 004-8.1a.2: the scalar "softmax" has not the Jacobian of the usual one
    Mistake(
        "Boltzmann operator, usual derivative",
        Derivative(boltzmann, x[i]),
        px(i) * (1 - px(i)),
        px(i) * (1 + x[i] - boltzmann),
        ones((i, K)),
    ),
    Mistake(
        "Boltzmann partials = p",
        Derivative(boltzmann, x[i]),
        px(i),
        px(i) * (1 + x[i] - boltzmann),
        ones((i, K)),
    ),
    # ------------------------------------------------ losses
    # dennybritz/nn-from-scratch#11: δ₃ = y - ŷ
    Mistake("δ = y - ŷ", Derivative(CE, x[j]), y[j] - px(j), px(j) - y[j], ones((j, K)), (one_y,)),
    # 000-P1.4 for a softmax output: only the diagonal term
    Mistake(
        "cross-entropy by the diagonal",
        Derivative(CE, x[j]),
        -y[j] * (1 - px(j)),
        px(j) - y[j],
        ones((j, K)),
        (one_y,),
    ),
    # the hypothesis Σ y = 1 not said
    Mistake(
        "p - y for any y",
        Derivative(CE, x[j]),
        px(j) - y[j],
        px(j) * total(lambda k: y[k], K) - y[j],
        ones((j, K)),
    ),
    # ESL 11.4 with a softmax output (000-P1, squared loss): the diagonal again
    Mistake(
        "squared error by the diagonal",
        Derivative(brier, x[j]),
        (px(j) - y[j]) * px(j) * (1 - px(j)),
        px(j) * ((px(j) - y[j]) - total(lambda k: (px(k) - y[k]) * px(k), K)),
        ones((j, K)),
    ),
    # rasbt/python-machine-learning-book-2nd-edition#54, mnielsen/neural-networks-and-deep-learning#45: σ' put back
    Mistake("σ' in the cross-entropy delta", Derivative(ce, xs), (f - ys) * f * (1 - f), f - ys),
    Mistake("no σ' in the squared-error delta", Derivative(mse, xs), f - ys, (f - ys) * f * (1 - f)),
    # 002-Q1.5 as printed: 0.5 x (f y)²
    Mistake("½(fy)²", Derivative((ys * xi) ** 2 / 2, xi), xi - ys, ys**2 * xi),
    # the squared error called convex: its second term lost (right where f = y or f = ½)
    Mistake(
        "squared error convex",
        Derivative(mse, (xs, 2)),
        (f * (1 - f)) ** 2,
        (f * (1 - f)) ** 2 + (f - ys) * f * (1 - f) * (1 - 2 * f),
    ),
    # 000-P2.4: the integer label times the log-probability
    Mistake(
        "integer label",
        -log(px(c)),
        -c * log(px(c)),
        -total(lambda k: delta(k, c) * log(px(k)), K),
        ones((c, K)),
    ),
    # 000-P2.2: dividing by Σf where Σf is not 1
    Mistake(
        "normalising is a no-op",
        g[c] / total(lambda k: g[k], K),
        g[c],
        g[c] * total(lambda k: g[k], K) ** -1,
        ones((c, K)),
    ),
    # 001-Q1: the indicator of the wrong class
    Mistake(
        "one-hot against a fixed class",
        Derivative(-log(px(c)), x[j]),
        px(j) - delta(1, j),
        px(j) - delta(c, j),
        ones((c, K), (j, K)),
    ),
    # mml-book/mml-book.github.io#226: the 2 of the square
    Mistake(
        "factor 2 missing",
        Derivative(one_row, wt),
        -total(lambda n: (y[n] - wt * x[n]) * x[n], N),
        -2 * total(lambda n: (y[n] - wt * x[n]) * x[n], N),
    ),
    # 004-8.1b.0: ŷ - y for a loss without ½
    Mistake("ŷ - y without ½", Derivative((xi - ys) ** 2, xi), xi - ys, 2 * (xi - ys)),
    # QuantEcon/lecture-python.myst back_prop.md: dL/dŷ = -(ŷ - y)
    Mistake("minus in front of ŷ - y", Derivative((xi - ys) ** 2 / 2, xi), -(xi - ys), xi - ys),
    # 000-P3.2, line 130: the square lost
    Mistake(
        "square lost",
        Derivative(total(lambda n: y[n] - wt * x[n], N), wt),
        Derivative(one_row, wt),
        -total(lambda n: x[n], N),
    ),
    # gradient of a mean without 1/N
    Mistake(
        "mean without 1/N",
        Derivative(one_row / N, wt),
        -2 * total(lambda n: (y[n] - wt * x[n]) * x[n], N),
        -2 * total(lambda n: (y[n] - wt * x[n]) * x[n], N) / N,
    ),
    # ------------------------------------------------ back-propagation
    # SciML/SciMLBook#164: the activation's derivative gets lost
    Mistake(
        "σ' lost",
        Derivative(loss_layer, W[i, j]),
        g[i] * x[j],
        g[i] * prime(sigma)(layer_z(i)) * x[j],
        ones((i, D), (j, D)),
    ),
    # QuantEcon/lecture-python.myst: matrix D printed with δ_i w_i for δ_i x_i
    Mistake(
        "δw for δx",
        Derivative(loss_layer, W[i, j]),
        g[i] * prime(sigma)(layer_z(i)) * W[i, j],
        g[i] * prime(sigma)(layer_z(i)) * x[j],
        ones((i, D), (j, D)),
    ),
    # QuantEcon/lecture-python.myst: matrix L printed with w_i for δ_i w_i
    Mistake("w for δw", Derivative(sigma(wt * xs), xs), wt, wt * prime(sigma)(wt * xs)),
    # probml/pml-book#645: the layer Jacobian with σ' on the wrong side
    Mistake(
        "W diag(σ') for diag(σ') W",
        Derivative(sigma(layer_z(i)), x[j]),
        W[i, j] * prime(sigma)(layer_z(j)),
        W[i, j] * prime(sigma)(layer_z(i)),
        ones((i, D), (j, D)),
    ),
    # NeuromatchAcademy/course-content#337: a transpose too many (square layer)
    Mistake(
        "W for Wᵀ",
        Derivative(loss_layer, x[j]),
        total(lambda k: W[j, k] * g[k] * prime(sigma)(layer_z(k)), D),
        total(lambda k: W[k, j] * g[k] * prime(sigma)(layer_z(k)), D),
        ones((j, D)),
    ),
    # d2l-ai/d2l-en#2721 and its quadratic sibling: 2Ax for (A + Aᵀ)x
    Mistake(
        "2Ax for a matrix that is not symmetric",
        Derivative(total(lambda i: total(lambda j: x[i] * A[i, j] * x[j], D), D), x[k]),
        2 * total(lambda j: A[k, j] * x[j], D),
        total(lambda j: (A[k, j] + A[j, k]) * x[j], D),
        ones((k, D)),
    ),
    # 004-8.1a.1d, line 37: the factor w(v,w) dropped
    Mistake(
        "w(v,w) dropped",
        Derivative(vjp(g, node, V), aa[u]),
        prime(sigma)(aa[u]) * total(lambda c: g[c], V),
        prime(sigma)(aa[u]) * total(lambda c: w[u, c] * g[c], V),
        ones((u, V)),
    ),
    # 004-8.1a.2c: the sum over the child's pre-activations stops at the number of parents
    Mistake(
        "k(w) = number of parents",
        Derivative(total(lambda k: g[k] * px(k), K), x[j]),
        total(lambda k: g[k] * px(k) * (delta(k, j) - px(j)), 1),
        total(lambda k: g[k] * px(k) * (delta(k, j) - px(j)), K),
        ones((j, K)),
    ),
    # the inner σ' forgotten two layers down
    Mistake(
        "inner σ' forgotten",
        Derivative(back2, U[m, r]),
        x[r] * total(lambda k: g[k] * prime(phi)(outer_z(k)) * W[k, m], K),
        x[r] * prime(sigma)(inner(m)) * total(lambda k: g[k] * prime(phi)(outer_z(k)) * W[k, m], K),
        ones((m, M), (r, D)),
    ),
    # the sum over the outputs forgotten
    Mistake(
        "only one output",
        Derivative(back2, U[m, r]),
        x[r] * prime(sigma)(inner(m)) * g[1] * prime(phi)(outer_z(1)) * W[1, m],
        x[r] * prime(sigma)(inner(m)) * total(lambda k: g[k] * prime(phi)(outer_z(k)) * W[k, m], K),
        ones((m, M), (r, D)),
    ),
    # 000-P1.4: only the k-th output for a softmax
    Mistake(
        "δ of the k-th output alone",
        Derivative(R_soft_T, tt[i, k]),
        -y[i, k] * (1 - softmax(lambda q: tt[i, q], k, K)),
        softmax(lambda q: tt[i, q], k, K) - y[i, k],
        ones((i, N), (k, K), (n, N)),
        (one_hot,),
    ),
    # 003-Q6.1 with the second matrix forgotten in the bias
    Mistake(
        "b' = b₁ + b₂",
        total(lambda m: vv[m] * (total(lambda r: U[m, r] * x[r], D) + b[m]), M) + bias,
        total(lambda r: total(lambda m: vv[m] * U[m, r], M) * x[r], D) + total(lambda m: b[m], M) + bias,
        total(lambda r: total(lambda m: vv[m] * U[m, r], M) * x[r], D) + total(lambda m: vv[m] * b[m], M) + bias,
    ),
    # the standard deviation taken for a constant
    Mistake(
        "LayerNorm with a constant σ",
        Derivative(vjp(g, layernorm, D), x[j]),
        (gamma[j] * g[j] - mean_of(lambda k: gamma[k] * g[k])) / std_x,
        (gamma[j] * g[j] - mean_of(lambda k: gamma[k] * g[k]) - hat(j) * mean_of(lambda k: gamma[k] * g[k] * hat(k)))
        / std_x,
        ones((j, D)),
    ),
    Mistake(
        "attention without the softmax Jacobian",
        Derivative(att_loss, Q[i, d]),
        total(lambda k: att(i, k) * d_att(i, k) * Kx[k, d], N) / sqrt(D),
        total(lambda k: d_score(i, k) * Kx[k, d], N) / sqrt(D),
        ones((i, M), (d, D)),
    ),
    Mistake(
        "attention without 1/√D",
        Derivative(att_loss, Q[i, d]),
        total(lambda k: d_score(i, k) * Kx[k, d], N),
        total(lambda k: d_score(i, k) * Kx[k, d], N) / sqrt(D),
        ones((i, M), (d, D)),
    ),
    # ------------------------------------------------ time
    # d2l-ai/d2l-en#1402: h_j for h_{j-1} in back-propagation through time
    Mistake(
        "h_j for h_{j-1}",
        Derivative(hidden(steps), mu),
        total(lambda j: mu ** (steps - j) * hidden(j), steps),
        total(lambda j: mu ** (steps - j) * hidden(j - 1), steps),
        easy=False,
    ),
    # 003-Q4.4: the geometric step
    Mistake("geometric step 1 - 2β", adam, (1 - bet) * (1 - bet / (1 - bet)), 1 - bet**steps),
    # 003-Q4.4: exponent t for a recurrence that starts with g_0
    Mistake(
        "divisor 1 - βᵗ for t + 1 gradients",
        (1 - bet) * total(lambda k: bet ** (steps - k), steps, 0),
        1 - bet**steps,
        1 - bet ** (steps + 1),
    ),
    Mistake("divisor 1 - βᵗ⁺¹ for t gradients", adam, 1 - bet ** (steps + 1), 1 - bet**steps),
    # ufal/npfl114#79: 1 - β² for 1 - βᵗ (right at t = 2)
    Mistake("1 - β²", adam, 1 - bet**2, 1 - bet**steps),
    # phlippe/uvadlc_notebooks#35: the hat missing on v
    Mistake(
        "no hat on v",
        mu / sqrt(kappa**2 / (1 - bet**steps)),
        mu / sqrt(kappa**2),
        mu / sqrt(kappa**2) * sqrt(1 - bet**steps),
        {bet: (0, 1)},
        easy=False,
    ),
    # 003-Q4.4: √(r + δ) for √r + δ
    Mistake("ε under the root", sqrt(pos + kappa**2), sqrt(pos) + Abs(kappa), sqrt(kappa**2 + pos)),
    # 003-Q4.4: second moment called variance
    Mistake(
        "second moment = variance",
        total(lambda n: g[n] ** 2, N) / N,
        total(lambda n: (g[n] - mean_g) ** 2, N) / N,
        total(lambda n: (g[n] - mean_g) ** 2, N) / N + mean_g**2,
    ),
    # the order of the moment's powers
    Mistake(
        "weights of the moment reversed",
        (1 - bet) * total(lambda k: bet ** (steps - k) * g[k], steps),
        (1 - bet) * total(lambda k: bet ** (k - 1) * g[k], steps),
        (1 - bet) * total(lambda k: bet ** (k - 1) * g[steps + 1 - k], steps),
        easy=False,
    ),
    # ------------------------------------------------ convolution
    # srush/Autodiff-Puzzles#12: correlation for convolution
    Mistake(
        "correlation for convolution",
        conv(seq(x), seq(y))(n),
        everywhere(lambda k: x[k] * y[n + k]),
        everywhere(lambda k: x[n - k] * y[k]),
        {n: ALL},
    ),
    # pytorch/pytorch#61100, ddbourgin/numpy-ml#27: the kernel is not rotated in the backward pass
    Mistake(
        "kernel not rotated",
        Derivative(loss_conv, h[m]),
        everywhere(lambda s: G[m + s - 1] * w[s]),
        everywhere(lambda s: G[m - s + 1] * w[s]),
        {m: ALL},
    ),
    Mistake(
        "off by one in the kernel",
        Derivative(loss_conv, h[m]),
        everywhere(lambda s: G[m - s] * w[s]),
        everywhere(lambda s: G[m - s + 1] * w[s]),
        {m: ALL},
    ),
    # the gradient of the kernel rotated, which it must not be
    Mistake(
        "kernel gradient rotated",
        Derivative(loss_conv, w[m]),
        everywhere(lambda s: G[s] * h[m - s + 1]),
        everywhere(lambda s: G[s] * h[s + m - 1]),
        {m: ALL},
    ),
    # 002-Q4.1 as scanned: |·| for ⌊·⌋
    Mistake(
        "| | for ⌊ ⌋",
        floor((V - 1) / Integer(2)) + 1,
        Abs((V - 1) / Integer(2)) + 1,
        floor((V + 1) / Integer(2)),
        easy=False,
    ),
    # ------------------------------------------------ gradient flow
    # 000-P3.3: α - β constant
    Mistake("α - β conserved", flow(al[q] - be[q]), 0, -hh * (al[q] - be[q]), ones((q, P))),
    # 000-P3.9: the sign and the sum of the weights lost
    Mistake(
        "Σ(α̇ + β̇) = -2S",
        flow(total(lambda j: al[j] + be[j], P)),
        -2 * hh * sqrt(P),
        hh * total(lambda j: al[j] + be[j], P),
    ),
    # 000-P3.8c: normalised by Σβ
    Mistake(
        "1/Σβ for 1/√p",
        slope_u / sqrt(P),
        slope_u / total(lambda j: be[j], P),
        total(lambda j: be[j] * al[j], P) / sqrt(P),
    ),
    # 000-P3.3 in discrete time: the flow's law does not hold for a step
    Mistake(
        "conserved by a step too",
        (xs + kappa * ys) ** 2 - (ys + kappa * xs) ** 2,
        xs**2 - ys**2,
        (1 - kappa**2) * (xs**2 - ys**2),
    ),
    # 000-P3.3, line 183: d(α-β)/dt with the other sign
    Mistake(
        "difference grows",
        flow(al[q] - be[q]),
        hh * (al[q] - be[q]),
        -hh * (al[q] - be[q]),
        ones((q, P)),
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_mistake_is_refuted(mistake):
    verdict = check(mistake.lhs, mistake.wrong, where=mistake.where, given=mistake.given)
    assert verdict.status == "refuted", str(verdict)
    oracle.witness(verdict, mistake.lhs, mistake.wrong, mistake.given, mistake.where)


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_right_version_stands(mistake):
    verdict = check(mistake.lhs, mistake.right, where=mistake.where, given=mistake.given)
    assert verdict.status == "proved" or (not mistake.easy and verdict.status in ("checked", "undecided")), str(verdict)


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_the_list_itself(mistake):
    """Without the checker: the wrong version is wrong, the right one right."""
    wrong = oracle.compare(
        mistake.lhs,
        mistake.wrong,
        mistake.where,
        mistake.given,
        points=12,
        ctx=mpmath.fp,
        tolerance=1e-7,
    )
    right = oracle.compare(
        mistake.lhs,
        mistake.right,
        mistake.where,
        mistake.given,
        points=3,
        ctx=mpmath.fp,
        tolerance=1e-7,
    )
    assert (wrong[0], right[0]) == ("different", "equal")


def test_the_evaluator_agrees_with_numbers_found_elsewhere():
    """Numbers of the sources' audit: T = (2, 1, -1), y = e₂; a chain x → v → out; σ'(x) at 0."""
    point = oracle.Point()
    point.symbols[K] = 3
    point.entries.update({(x.label, (n + 1,)): t for n, t in enumerate((2.0, 1.0, -1.0))})
    point.entries.update({(y.label, (n + 1,)): t for n, t in enumerate((0.0, 1.0, 0.0))})
    gradient = [point.bound(j, n, lambda: point.number(Derivative(CE, x[j]))) for n in (1, 2, 3)]
    assert gradient == pytest.approx([0.705385, -0.740504, 0.035119], abs=1e-6)
    point.entries.update({(x.label, (n,)): float(n) for n in (1, 2, 3)})
    assert point.bound(i, 1, lambda: point.number(Derivative(boltzmann, x[i]))) == pytest.approx(-0.0517865, abs=1e-6)
