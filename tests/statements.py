"""The statements the checker must decide, in plain SymPy.

No name of the checker's own language is used: sums are `Sum`, entries are
`Indexed`, an unknown function is `Function('sigma')` and its derivative a
`Subs`.  `total(lambda k: …, K)` only spares the author the invention of a new
bound name for every sum.

`SUITE` holds the experiment's 54 statements and its two on the geometric sum;
`BOOK` the further ones the chapters need.  A backward pass is stated for a loss
that is linear in the layer's output, L = Σ g·output with constants g: its
derivative is the vector-Jacobian product, which is what back-propagation
computes whatever comes after the layer.
"""

from dataclasses import dataclass, field
from itertools import count

from sympy import (
    Abs,
    Derivative,
    Eq,
    Function,
    Heaviside,
    IndexedBase,
    Integral,
    KroneckerDelta,
    Max,
    Piecewise,
    Product,
    Rational,
    Subs,
    Sum,
    Symbol,
    cosh,
    exp,
    factorial,
    floor,
    log,
    oo,
    sinh,
    sqrt,
    symbols,
    tanh,
)

ALL = (-oo, oo)  # the range of an index that runs over all integers

_fresh = count(1)


def total(f, hi, lo=1, name="k"):
    """Sum of f(k) for k = lo..hi with a bound index that occurs nowhere else."""
    k = Symbol("%s%d" % (name, next(_fresh)), integer=True)
    return Sum(f(k), (k, lo, hi))


def everywhere(f):
    """Sum of f(n) over all integers n."""
    return total(f, oo, -oo, "n")


def prime(f, order=1):
    """The derivative of an unknown function, as a function of its argument."""
    u = Symbol("u")
    return lambda a: Subs(Derivative(f(u), (u, order)), u, a)


def softmax(x, i, K):
    return exp(x(i)) / total(lambda k: exp(x(k)), K)


def sigmoid(a):
    return 1 / (1 + exp(-a))


@dataclass
class Statement:
    name: str
    lhs: object
    rhs: object
    where: dict = field(default_factory=dict)
    given: tuple = ()
    expected: str = "proved"  # or "refuted", or "proved or checked"
    positive: tuple = ()  # tensors whose entries are positive wherever both sides are defined
    seconds: int = 10

    def __str__(self):
        return self.name


K, D, M, N, P, V, C, H = symbols("K D M N P V C H", integer=True, positive=True)
i, j, k, l, m, n, q, r = symbols("i j k l m n q r", integer=True)
c, d, u, v = symbols("c d u v", integer=True)
x, y, z, W, b, g, h, beta, alpha, a = (IndexedBase(s) for s in "x y z W b g h beta alpha a".split())
w, G, U, Q, Kx, Vx, A, gamma = (IndexedBase(s) for s in "w G U Q K_ V_ A gamma".split())
sigma, phi = Function("sigma"), Function("phi")
xi, bet, mu, lam = symbols("xi b mu lambda", real=True)
ep = Symbol("epsilon", positive=True)
delta = KroneckerDelta


def ones(*pairs):
    """where= for indices that run from 1: ones((i, K), (j, K))."""
    return {index: (1, size) for index, size in pairs}


# ---------------------------------------------------------------- 1 softmax
def px(i):
    return softmax(lambda k: x[k], i, K)


Zx = total(lambda k: exp(x[k]), K)

SUITE = [
    Statement("1 jacobian", Derivative(px(i), x[j]), px(i) * (delta(i, j) - px(j)), ones((i, K), (j, K))),
    Statement(
        "1 jacobian wrong",
        Derivative(px(i), x[j]),
        px(i) * (delta(i, j) + px(j)),
        ones((i, K), (j, K)),
        expected="refuted",
    ),
    Statement("1 shift", softmax(lambda k: x[k] + xi, i, K), px(i), ones((i, K))),
    Statement("1 sum", total(px, K), 1),
    Statement("1 J1=0", total(lambda k: Derivative(px(i), x[k]), K), 0, ones((i, K))),
    Statement(
        "1 quadratic form",
        total(lambda i: total(lambda j: y[i] * Derivative(px(i), x[j]) * y[j], K), K),
        total(lambda i: px(i) * y[i] ** 2, K) - total(lambda i: px(i) * y[i], K) ** 2,
    ),
    Statement(
        "1 K-1",
        px(i),
        exp(x[i] - x[K]) / (1 + total(lambda k: exp(x[k] - x[K]), K - 1)),
        ones((i, K)),
    ),
    Statement(
        "1 logsumexp hessian",
        Derivative(log(Zx), x[i], x[j]),
        px(i) * (delta(i, j) - px(j)),
        ones((i, K), (j, K)),
    ),
    Statement(
        "1 2nd derivative",
        Derivative(px(i), x[j], x[l]),
        px(i) * (delta(i, l) - px(l)) * (delta(i, j) - px(j)) - px(i) * px(j) * (delta(j, l) - px(l)),
        ones((i, K), (j, K), (l, K)),
    ),
]

# ---------------------------------------------------------- 2 cross-entropy
CE = -total(lambda k: y[k] * log(px(k)), K)
one_y = Eq(total(lambda k: y[k], K), 1)


def pw(W, x, K, D):
    """Softmax of the affine map W x (no bias) as a function of the class."""
    return lambda i: softmax(lambda k: total(lambda q: W[k, q] * x[q], D), i, K)


pWx = pw(W, x, K, D)
CEW = -total(lambda k: y[k] * log(pWx(k)), K)


def logits(k):
    return total(lambda m: W[k, m] * a[m], M) + b[k]


pWa = lambda i: softmax(logits, i, K)
CEa = -total(lambda k: y[k] * log(pWa(k)), K)

SUITE += [
    Statement("2 CE", Derivative(CE, x[j]), px(j) * total(lambda k: y[k], K) - y[j], ones((j, K))),
    Statement("2 CE given", Derivative(CE, x[j]), px(j) - y[j], ones((j, K)), (one_y,)),
    Statement("2 CE not given", Derivative(CE, x[j]), px(j) - y[j], ones((j, K)), expected="refuted"),
    Statement(
        "2 chain",
        Derivative(CE, x[j]),
        total(lambda k: (-y[k] / px(k)) * Derivative(px(k), x[j]), K),
        ones((j, K)),
    ),
    Statement("2 one-hot", Derivative(-log(px(c)), x[j]), px(j) - delta(c, j), ones((j, K), (c, K))),
    Statement(
        "2 y=δ",
        Derivative(-total(lambda k: delta(c, k) * log(px(k)), K), x[j]),
        px(j) - delta(c, j),
        ones((j, K), (c, K)),
    ),
    Statement("2 dL/dW", Derivative(CEW, W[i, q]), (pWx(i) - y[i]) * x[q], ones((i, K), (q, D)), (one_y,)),
    Statement(
        "2 dL/da",
        Derivative(CEa, a[q]),
        total(lambda k: W[k, q] * (pWa(k) - y[k]), K),
        ones((q, M)),
        (one_y,),
    ),
    Statement(
        "2 chain W",
        Derivative(CEW, W[i, q]),
        total(lambda k: (pWx(k) - y[k]) * Derivative(total(lambda r: W[k, r] * x[r], D), W[i, q]), K),
        ones((i, K), (q, D)),
        (one_y,),
    ),
]

# ------------------------------------------ 3 one hidden layer (ESL 11.4)
outer = Function("g")  # g(k, T): the output function of class k, a different one for every k


def z_(n, m):
    return sigma(alpha[m, 0] + total(lambda l: alpha[m, l] * x[n, l], D))


def t_(n, k):
    return beta[k, 0] + total(lambda m: beta[k, m] * z_(n, m), M)


def g1(k, T):
    u = Symbol("u")
    return Subs(Derivative(outer(k, u), u), u, T)


def esl(n, k):
    """δ_nk for outputs g_k(T_k) and R = -Σ y log g."""
    return -y[n, k] / outer(k, t_(n, k)) * g1(k, t_(n, k))


tt, aa = IndexedBase("T"), IndexedBase("a")
R_T = -total(lambda n: total(lambda k: y[n, k] * log(outer(k, tt[n, k])), K), N)
R_all = -total(lambda n: total(lambda k: y[n, k] * log(outer(k, t_(n, k))), K), N)
R_a = -total(
    lambda n: total(
        lambda k: y[n, k] * log(outer(k, beta[k, 0] + total(lambda m: beta[k, m] * sigma(aa[n, m]), M))),
        K,
    ),
    N,
)


def a_(n, m):
    return alpha[m, 0] + total(lambda l: alpha[m, l] * x[n, l], D)


def t_of_a(n, k):
    return beta[k, 0] + total(lambda m: beta[k, m] * sigma(aa[n, m]), M)


def soft(n, i):
    return softmax(lambda k: t_(n, k), i, K)


R_soft_T = -total(lambda n: total(lambda k: y[n, k] * log(softmax(lambda l: tt[n, l], k, K)), K), N)
R_soft = -total(lambda n: total(lambda k: y[n, k] * log(soft(n, k)), K), N)
one_hot = Eq(Sum(y[n, k], (k, 1, K)), 1)  # for every n in 1..N

SUITE += [
    Statement(
        "3 dR/dt",
        Derivative(R_T, tt[i, k]),
        -y[i, k] / outer(k, tt[i, k]) * g1(k, tt[i, k]),
        ones((k, K), (i, N)),
    ),
    Statement(
        "3 dR/dbeta",
        Derivative(R_all, beta[k, m]),
        total(lambda n: esl(n, k) * z_(n, m), N),
        ones((k, K), (m, M)),
    ),
    Statement(
        "3 dR/da",
        Derivative(R_a, aa[i, m]),
        prime(sigma)(aa[i, m])
        * total(lambda k: beta[k, m] * (-y[i, k] / outer(k, t_of_a(i, k)) * g1(k, t_of_a(i, k))), K),
        ones((i, N), (m, M)),
    ),
    Statement(
        "3 dR/dalpha",
        Derivative(R_all, alpha[m, l]),
        total(
            lambda n: prime(sigma)(a_(n, m)) * total(lambda k: beta[k, m] * esl(n, k), K) * x[n, l],
            N,
        ),
        ones((m, M), (l, D)),
    ),
    Statement(
        "3 softmax dR/dt",
        Derivative(R_soft_T, tt[i, k]),
        softmax(lambda q: tt[i, q], k, K) - y[i, k],
        ones((k, K), (i, N), (n, N)),
        (one_hot,),
    ),
    Statement(
        "3 softmax dR/dbeta",
        Derivative(R_soft, beta[k, m]),
        total(lambda n: (soft(n, k) - y[n, k]) * z_(n, m), N),
        ones((k, K), (m, M), (n, N)),
        (one_hot,),
    ),
    Statement(
        "3 softmax dR/dalpha",
        Derivative(R_soft, alpha[m, l]),
        total(
            lambda n: prime(sigma)(a_(n, m)) * total(lambda k: beta[k, m] * (soft(n, k) - y[n, k]), K) * x[n, l],
            N,
        ),
        ones((m, M), (l, D), (n, N)),
        (one_hot,),
    ),
]

# ---------------------------------------------------------------- 4 binary
xs, ys = symbols("x y", real=True)
scale = Symbol("c", positive=True)
f = sigmoid(xs)
ce = -ys * log(f) - (1 - ys) * log(1 - f)
mse = (f - ys) ** 2 / 2
bb, dd = IndexedBase("c"), IndexedBase("d")


def f_n(n):
    return sigmoid(total(lambda r: w[r] * x[n, r], D))


def net(act, W, c, v, d, k):
    """Output k of a net with one hidden layer of M units and D inputs."""
    return d(k) + total(lambda m: v(k, m) * act(c(m) + total(lambda r: W(m, r) * x[r], D)), M)


NLL = -total(lambda n: y[n] * log(f_n(n)) + (1 - y[n]) * log(1 - f_n(n)), N)
vv = IndexedBase("v")
sig_net = net(sigmoid, lambda m, r: W[m, r], lambda m: bb[m], lambda k, m: vv[k, m], lambda k: dd[k], k)
tanh_net = net(
    tanh,
    lambda m, r: W[m, r] / 2,
    lambda m: bb[m] / 2,
    lambda k, m: vv[k, m] / 2,
    lambda k: dd[k] + total(lambda m: vv[k, m], M) / 2,
    k,
)

SUITE += [
    Statement("4 sigma'", Derivative(f, xs), f * (1 - f)),
    Statement("4 CE", Derivative(ce, xs), f - ys),
    Statement("4 MSE", Derivative(mse, xs), (f - ys) * f * (1 - f)),
    Statement("4 tanh", tanh(xs) + 1, 2 * sigmoid(2 * xs)),
    Statement("4 softplus", Derivative(log(1 + exp(xs)), xs), f),
    Statement("4 CE softplus", ce, log(1 + exp(xs)) - ys * xs),
    Statement("4 logit", log(f / (1 - f)), xs),
    Statement("4 sigmoid net = tanh net", sig_net, tanh_net, ones((k, K))),
    Statement(
        "4 logistic regression grad",
        Derivative(NLL, w[j]),
        total(lambda n: (f_n(n) - y[n]) * x[n, j], N),
        ones((j, D)),
    ),
    Statement(
        "4 logistic regression Hessian",
        Derivative(NLL, w[i], w[j]),
        total(lambda n: f_n(n) * (1 - f_n(n)) * x[n, i] * x[n, j], N),
        ones((i, D), (j, D)),
    ),
]


# --------------------------------------- 5 convolution over all integers
def conv(f, g):
    """(f * g)_i = Σ_k f_k g_{i-k}, sequences of finite support."""
    return lambda i: everywhere(lambda k: f(k) * g(i - k))


def correlate(h, w):
    """a_i = Σ_k w_k h_{i+k-1}, what deep learning calls a convolution."""
    return lambda i: everywhere(lambda k: w[k] * h(i + k - 1))


seq = lambda base: lambda i: base[i]
a_h = correlate(seq(h), w)
loss_conv = everywhere(lambda i: G[i] * a_h(i))
image, kernel, G2 = IndexedBase("x"), IndexedBase("w"), IndexedBase("G")


def plane(i, j):
    return everywhere(lambda s: everywhere(lambda t: kernel[s, t] * image[i + s - 1, j + t - 1]))


loss_plane = everywhere(lambda i: everywhere(lambda j: G2[i, j] * plane(i, j)))
w1, w2 = IndexedBase("w1"), IndexedBase("w2")
first = correlate(seq(x), w1)
second = correlate(lambda i: sigma(first(i)), w2)
loss_two = everywhere(lambda i: G[i] * second(i))

SUITE += [
    Statement("5 da/dh", Derivative(a_h(i), h[m]), w[m - i + 1], {i: ALL, m: ALL}),
    Statement(
        "5 grad_h full",
        Derivative(loss_conv, h[m]),
        everywhere(lambda s: G[m - s + 1] * w[s]),
        {m: ALL},
    ),
    Statement(
        "5 grad_w valid",
        Derivative(loss_conv, w[m]),
        everywhere(lambda s: G[s] * h[s + m - 1]),
        {m: ALL},
    ),
    Statement(
        "5 wrong",
        Derivative(loss_conv, h[m]),
        everywhere(lambda s: G[m + s - 1] * w[s]),
        {m: ALL},
        expected="refuted",
    ),
    Statement(
        "5 assoc",
        conv(conv(seq(x), seq(y)), seq(z))(n),
        conv(seq(x), conv(seq(y), seq(z)))(n),
        {n: ALL},
    ),
    Statement(
        "5 2D grad_x",
        Derivative(loss_plane, image[m, n]),
        everywhere(lambda s: everywhere(lambda t: kernel[s, t] * G2[m - s + 1, n - t + 1])),
        {m: ALL, n: ALL},
    ),
    Statement(
        "5 2-layer CNN",
        Derivative(loss_two, w1[m]),
        everywhere(lambda s: prime(sigma)(first(s)) * everywhere(lambda r: G[s - r + 1] * w2[r]) * x[s + m - 1]),
        {m: ALL},
    ),
]

# ------------------------------------------------------------------ 6 Adam
moment = lambda t: (1 - bet) * total(lambda k: bet ** (t - k) * g[k], t)
steps = Symbol("t", integer=True, positive=True)

SUITE += [
    Statement("6 Adam unroll step", moment(steps + 1), bet * moment(steps) + (1 - bet) * g[steps + 1]),
    Statement("6 geometric sum", (1 - bet) * total(lambda k: bet ** (steps - k), steps), 1 - bet**steps),
    Statement(
        "6 geometric sum wrong",
        (1 - bet) * total(lambda k: bet ** (steps - k), steps),
        1 - bet ** (steps + 1),
        expected="refuted",
    ),
]

# ---------------------------------------------------------- 7 gradient flow
al, be = IndexedBase("alpha"), IndexedBase("beta")
slope_u = total(lambda j: al[j] * be[j], P)
energy = total(lambda n: (y[n] - slope_u * x[n] / sqrt(P)) ** 2, N) / 2


def flow(F):
    """dF/dt when every weight moves down the gradient of the energy."""
    return -total(
        lambda j: Derivative(F, al[j]) * Derivative(energy, al[j]) + Derivative(F, be[j]) * Derivative(energy, be[j]),
        P,
    )


Sxy, Sxx = total(lambda n: x[n] * y[n], N), total(lambda n: x[n] ** 2, N)
AA, BB = total(lambda j: al[j] ** 2, P), total(lambda j: be[j] ** 2, P)
hh = (Sxy - Sxx * slope_u / sqrt(P)) / sqrt(P)
PP = total(lambda j: (al[j] + be[j]) ** 2, P)
QQ = total(lambda j: (al[j] - be[j]) ** 2, P)

SUITE += [
    Statement("7 conservation", flow(al[q] ** 2 - be[q] ** 2), 0, ones((q, P))),
    Statement("7 du/dt", flow(slope_u), hh * (AA + BB)),
    Statement("7 PQ conserved", flow(PP * QQ), 0),
    Statement("7 u=(P-Q)/4", slope_u, (PP - QQ) / 4),
    Statement("7 dP/dt=2hP", flow(PP), 2 * hh * PP),
]


# ---------------------------------------- 8 graph, normalisation, attention
def vjp(g, out, size):
    """L = Σ_c g_c out(c): its derivative is g's vector-Jacobian product."""
    return total(lambda c: g[c] * out(c), size)


node = lambda c: total(lambda u: w[u, c] * sigma(a[u]), V)

mean_x = total(lambda k: x[k], D) / D
std_x = sqrt(total(lambda k: (x[k] - mean_x) ** 2, D) / D + ep)
hat = lambda k: (x[k] - mean_x) / std_x
layernorm = lambda k: gamma[k] * hat(k) + be[k]
mean_of = lambda f: total(f, D) / D

score = lambda i, k: total(lambda d: Q[i, d] * Kx[k, d], D) / sqrt(D)
att = lambda i, k: softmax(lambda l: score(i, l), k, N)
att_out = lambda i, c: total(lambda k: att(i, k) * Vx[k, c], N)
att_loss = total(lambda i: total(lambda c: g[i, c] * att_out(i, c), C), M)
d_att = lambda i, k: total(lambda c: g[i, c] * Vx[k, c], C)
d_score = lambda i, k: att(i, k) * (d_att(i, k) - total(lambda l: att(i, l) * d_att(i, l), N))

SUITE += [
    Statement(
        "8 DAG delta",
        Derivative(vjp(g, node, V), a[u]),
        prime(sigma)(a[u]) * total(lambda c: w[u, c] * g[c], V),
        ones((u, V)),
    ),
    Statement(
        "8 DAG dL/dw",
        Derivative(vjp(g, node, V), w[u, v]),
        g[v] * sigma(a[u]),
        ones((u, V), (v, V)),
    ),
    Statement(
        "8 LayerNorm",
        Derivative(vjp(g, layernorm, D), x[j]),
        (gamma[j] * g[j] - mean_of(lambda k: gamma[k] * g[k]) - hat(j) * mean_of(lambda k: gamma[k] * g[k] * hat(k)))
        / std_x,
        ones((j, D)),
    ),
    Statement(
        "8 attention dv",
        Derivative(att_loss, Vx[k, c]),
        total(lambda i: att(i, k) * g[i, c], M),
        ones((k, N), (c, C)),
    ),
    Statement(
        "8 attention dq",
        Derivative(att_loss, Q[i, d]),
        total(lambda k: d_score(i, k) * Kx[k, d], N) / sqrt(D),
        ones((i, M), (d, D)),
    ),
    Statement(
        "8 attention dk",
        Derivative(att_loss, Kx[k, d]),
        total(lambda i: d_score(i, k) * Q[i, d], M) / sqrt(D),
        ones((k, N), (d, D)),
    ),
]

# =============================================================== the chapters
kappa, slope = symbols("kappa m", real=True)
pos = Symbol("tau", positive=True)
LSE = log(Zx)
boltzmann = total(lambda k: x[k] * exp(x[k]), K) / Zx  # source 004 calls this "softmax"
shifted = total(lambda k: (x[k] + xi) * exp(x[k] + xi), K) / total(lambda k: exp(x[k] + xi), K)
entropy = -total(lambda k: px(k) * log(px(k)), K)
warm = lambda i: softmax(lambda k: x[k] / pos, i, K)  # softmax at temperature τ
softplus = lambda a: log(1 + exp(a))
silu = xs * sigmoid(xs)
brier = total(lambda k: (px(k) - y[k]) ** 2, K) / 2
tanh_of = net(tanh, lambda m, r: W[m, r], lambda m: bb[m], lambda k, m: vv[k, m], lambda k: dd[k], k)
sigmoid_of = net(
    sigmoid,
    lambda m, r: 2 * W[m, r],
    lambda m: 2 * bb[m],
    lambda k, m: 2 * vv[k, m],
    lambda k: dd[k] - total(lambda m: vv[k, m], M),
    k,
)

BOOK = [
    # softmax
    Statement(
        "K-1 parameters from the first logit",
        px(i + 1),
        exp(x[i + 1] - x[1]) / (1 + total(lambda k: exp(x[k + 1] - x[1]), K - 1)),
        {i: (1, K - 1), K: (2, 5)},
    ),
    Statement("two classes are a sigmoid", exp(x[1]) / (exp(x[1]) + exp(x[2])), sigmoid(x[1] - x[2])),
    Statement("two classes as a sum", softmax(lambda k: x[k], 1, 2), sigmoid(x[1] - x[2])),
    Statement(
        "columns of the Jacobian sum to 0",
        total(lambda k: Derivative(px(k), x[j]), K),
        0,
        ones((j, K)),
    ),
    Statement(
        "the Jacobian is symmetric",
        Derivative(px(i), x[j]),
        Derivative(px(j), x[i]),
        ones((i, K), (j, K)),
    ),
    Statement("log-softmax", Derivative(log(px(i)), x[j]), delta(i, j) - px(j), ones((i, K), (j, K))),
    Statement(
        "Jacobian times a vector",
        total(lambda j: Derivative(px(i), x[j]) * vv[j], K),
        px(i) * (vv[i] - total(lambda k: px(k) * vv[k], K)),
        ones((i, K)),
    ),
    Statement("log-sum-exp shifts", log(total(lambda k: exp(x[k] + xi), K)), xi + LSE),
    Statement("log-sum-exp gradient", Derivative(LSE, x[i]), px(i), ones((i, K))),
    Statement(
        "log-sum-exp Hessian kills the ones",
        total(lambda j: Derivative(LSE, x[i], x[j]), K),
        0,
        ones((i, K)),
    ),
    Statement(
        "log-sum-exp third derivative",
        Derivative(LSE, x[i], x[j], x[l]),
        Derivative(px(i) * (delta(i, j) - px(j)), x[l]),
        ones((i, K), (j, K), (l, K)),
    ),
    Statement(
        "temperature Jacobian",
        Derivative(warm(i), x[j]),
        warm(i) * (delta(i, j) - warm(j)) / pos,
        ones((i, K), (j, K)),
    ),
    Statement(
        "derivative in the temperature",
        Derivative(warm(i), pos),
        -warm(i) * (x[i] - total(lambda k: warm(k) * x[k], K)) / pos**2,
        ones((i, K)),
    ),
    # the Boltzmann operator and SiLU
    Statement(
        "Boltzmann partials",
        Derivative(boltzmann, x[i]),
        px(i) * (1 + x[i] - boltzmann),
        ones((i, K)),
    ),
    Statement("Boltzmann partials sum to 1", total(lambda k: Derivative(boltzmann, x[k]), K), 1),
    Statement("Boltzmann shifts", shifted, boltzmann + xi),
    Statement("Boltzmann = log-sum-exp minus entropy", boltzmann, LSE - entropy),
    Statement("SiLU is the two-point case", (0 * exp(0) + xs * exp(xs)) / (exp(0) + exp(xs)), silu),
    Statement("SiLU derivative", Derivative(silu, xs), f * (1 + xs * (1 - f))),
    # sigmoid and tanh
    Statement("sigmoid of -x", sigmoid(-xs), 1 - f),
    Statement("sigmoid as tanh", f, (1 + tanh(xs / 2)) / 2),
    Statement("tanh derivative", Derivative(tanh(xs), xs), 1 - tanh(xs) ** 2),
    Statement("tanh by exponentials", tanh(xs), (exp(xs) - exp(-xs)) / (exp(xs) + exp(-xs))),
    Statement("tanh as sinh by cosh", tanh(xs), sinh(xs) / cosh(xs)),
    Statement("sigmoid second derivative", Derivative(f, (xs, 2)), f * (1 - f) * (1 - 2 * f)),
    Statement("tanh net = sigmoid net", tanh_of, sigmoid_of, ones((k, K))),
    Statement("softplus of x and -x", softplus(xs) - softplus(-xs), xs),
    # losses
    Statement("CE second derivative", Derivative(ce, (xs, 2)), f * (1 - f)),
    Statement(
        "MSE second derivative",
        Derivative(mse, (xs, 2)),
        f * (1 - f) * (f * (1 - f) + (f - ys) * (1 - 2 * f)),
    ),
    Statement(
        "MSE inflection at -ln 2",
        Subs(Derivative(mse.subs(ys, 1), (xs, 2)), xs, -log(2)),
        0,
        expected="proved or checked",
    ),
    Statement(
        "squared error of a softmax",
        Derivative(brier, x[j]),
        px(j) * ((px(j) - y[j]) - total(lambda k: (px(k) - y[k]) * px(k), K)),
        ones((j, K)),
    ),
    Statement(
        "KL gradient",
        Derivative(total(lambda k: y[k] * log(y[k] / px(k)), K), x[j]),
        px(j) - y[j],
        ones((j, K)),
        (one_y,),
        positive=(y,),
    ),
    Statement("CE bias gradient", Derivative(CEa, b[i]), pWa(i) - y[i], ones((i, K)), (one_y,)),
    Statement("CE gradients sum to 0", total(lambda j: Derivative(CE, x[j]), K), 0),
    Statement(
        "linear regression",
        Derivative(total(lambda n: (total(lambda r: w[r] * x[n, r], D) - y[n]) ** 2, N) / 2, w[j]),
        total(lambda n: (total(lambda r: w[r] * x[n, r], D) - y[n]) * x[n, j], N),
        ones((j, D)),
    ),
    Statement(
        "completing the square",
        total(lambda n: (y[n] - slope * x[n]) ** 2, N),
        total(lambda n: y[n] ** 2, N) - Sxy**2 / Sxx + Sxx * (slope - Sxy / Sxx) ** 2,
    ),
    Statement(
        "weight decay",
        Derivative(lam * total(lambda k: w[k] ** 2, D) / 2, w[j]),
        lam * w[j],
        ones((j, D)),
    ),
    # linear maps
    Statement(
        "two affine layers are one",
        total(lambda m: W[k, m] * (total(lambda r: U[m, r] * x[r], D) + b[m]), M) + bb[k],
        total(lambda r: total(lambda m: W[k, m] * U[m, r], M) * x[r], D) + total(lambda m: W[k, m] * b[m], M) + bb[k],
        ones((k, K)),
    ),
    Statement(
        "batch dW",
        Derivative(
            total(lambda n: total(lambda c: g[n, c] * total(lambda r: W[c, r] * x[n, r], D), K), N),
            W[i, q],
        ),
        total(lambda n: g[n, i] * x[n, q], N),
        ones((i, K), (q, D)),
    ),
    Statement(
        "batch dx",
        Derivative(
            total(lambda n: total(lambda c: g[n, c] * total(lambda r: W[c, r] * x[n, r], D), K), N),
            x[i, q],
        ),
        total(lambda c: g[i, c] * W[c, q], K),
        ones((i, N), (q, D)),
    ),
    Statement(
        "quadratic form gradient",
        Derivative(total(lambda i: total(lambda j: x[i] * A[i, j] * x[j], D), D), x[k]),
        total(lambda j: (A[k, j] + A[j, k]) * x[j], D),
        ones((k, D)),
    ),
    Statement(
        "symmetric quadratic form",
        Derivative(total(lambda i: total(lambda j: x[i] * A[i, j] * x[j], D), D) / 2, x[k]),
        total(lambda j: A[k, j] * x[j], D),
        ones((k, D), (i, D), (j, D)),
        (Eq(A[i, j], A[j, i]),),
        expected="proved or checked",
    ),
    Statement("centred values sum to 0", total(lambda k: x[k] - mean_x, D), 0),
    Statement(
        "variance",
        total(lambda k: (x[k] - mean_x) ** 2, D),
        total(lambda k: x[k] ** 2, D) - D * mean_x**2,
    ),
    Statement(
        "RMSNorm",
        Derivative(vjp(g, lambda k: x[k] / sqrt(total(lambda l: x[l] ** 2, D) / D + ep), D), x[j]),
        g[j] / sqrt(total(lambda l: x[l] ** 2, D) / D + ep)
        - x[j] * total(lambda k: g[k] * x[k], D) / (D * sqrt(total(lambda l: x[l] ** 2, D) / D + ep) ** 3),
        ones((j, D)),
    ),
    # depth and time
    Statement(
        "two hidden layers",
        Derivative(
            total(
                lambda k: (
                    g[k]
                    * total(
                        lambda m: (
                            W[k, m] * sigma(total(lambda h: U[m, h] * phi(total(lambda r: A[h, r] * x[r], D)), H))
                        ),
                        M,
                    )
                ),
                K,
            ),
            A[i, q],
        ),
        prime(phi)(total(lambda r: A[i, r] * x[r], D))
        * x[q]
        * total(
            lambda m: (
                U[m, i]
                * prime(sigma)(total(lambda h: U[m, h] * phi(total(lambda r: A[h, r] * x[r], D)), H))
                * total(lambda k: W[k, m] * g[k], K)
            ),
            M,
        ),
        ones((i, H), (q, D)),
    ),
    Statement(
        "scalar linear recurrence",
        Derivative(total(lambda k: mu ** (steps - k) * x[k], steps), mu),
        total(lambda k: (steps - k) * mu ** (steps - k - 1) * x[k], steps),
    ),
    Statement(
        "momentum unrolled",
        total(lambda k: mu ** (steps + 1 - k) * g[k], steps + 1),
        mu * total(lambda k: mu ** (steps - k) * g[k], steps) + g[steps + 1],
    ),
    Statement(
        "Adam weights sum to 1",
        (1 - bet) / (1 - bet**steps) * total(lambda k: bet ** (steps - k), steps),
        1,
        {bet: (0, 1)},
    ),
    Statement(
        "Adam mean of a constant gradient",
        (1 - bet) * total(lambda k: bet ** (steps - k) * mu, steps),
        mu * (1 - bet**steps),
    ),
    Statement("geometric sum from 0", (1 - mu) * total(lambda k: mu**k, K - 1, 0), 1 - mu**K),
    Statement("sum of integers", total(lambda k: k, K), K * (K + 1) / 2),
    Statement("sum of squares", total(lambda k: k**2, K), K * (K + 1) * (2 * K + 1) / 6),
    Statement(
        "alternating signs",
        total(lambda k: (-1) ** k, K),
        ((-1) ** K - 1) / 2,
        expected="proved or checked",
    ),
    Statement(
        "parity by ReLU coefficients",
        K + 2 * total(lambda k: (-1) ** k * (K - k), K - 1),
        (1 - (-1) ** K) / 2,
        expected="proved or checked",
    ),
    # convolution
    Statement("convolution commutes", conv(seq(x), seq(y))(n), conv(seq(y), seq(x))(n), {n: ALL}),
    Statement(
        "gradient of a convolution in its kernel",
        Derivative(everywhere(lambda i: G[i] * conv(seq(h), seq(w))(i)), w[m]),
        everywhere(lambda i: G[i] * h[i - m]),
        {m: ALL},
    ),
    Statement(
        "shift of a correlation",
        correlate(lambda i: x[i + 1], w)(n),
        correlate(seq(x), w)(n + 1),
        {n: ALL},
    ),
    # gradient flow
    Statement("sum of weights grows", flow(al[q] + be[q]), hh * (al[q] + be[q]), ones((q, P))),
    Statement("difference of weights decays", flow(al[q] - be[q]), -hh * (al[q] - be[q]), ones((q, P))),
    Statement("cross products conserved", flow(al[q] * be[r] - al[r] * be[q]), 0, ones((q, P), (r, P))),
    Statement("kernel from u, P, Q", (AA + BB) ** 2, 4 * slope_u**2 + PP * QQ),
    Statement(
        "one discrete step",
        (al[q] + kappa * be[q]) ** 2 - (be[q] + kappa * al[q]) ** 2,
        (1 - kappa**2) * (al[q] ** 2 - be[q] ** 2),
        ones((q, P)),
    ),
    Statement(
        "energy decreases along the flow",
        flow(energy),
        -total(lambda j: Derivative(energy, al[j]) ** 2 + Derivative(energy, be[j]) ** 2, P),
    ),
    # beyond the normal form
    Statement("ReLU and its mirror", Max(xs, 0) - Max(-xs, 0), xs, expected="proved or checked"),
    Statement("ReLU is homogeneous", Max(scale * xs, 0), scale * Max(xs, 0)),
    Statement("two thresholds", Heaviside(xs - 1, 0) * Heaviside(xs, 0), Heaviside(xs - 1, 0)),
    Statement("thresholds that exclude each other", Heaviside(xs - 1, 0) * Heaviside(-xs, 0), 0),
    Statement("a piece of a sawtooth", Max(xs, 0) - Max(xs - 1, 0), Piecewise((0, xs <= 0), (xs, xs <= 1), (1, True))),
    Statement("root of a square", sqrt((xs + ys) ** 2), Abs(xs + ys)),
    Statement("root of a square, wrong", sqrt((xs + ys) ** 2), xs + ys, expected="refuted"),
    Statement("a fact at one index", total(lambda k: W[1, k], K), 1, {}, [Eq(total(lambda k: W[i, k], K), 1)]),
    Statement("a product as a fact", x[1] * y[1] * z[1], z[1], {}, [Eq(x[1] * y[1], 1)]),
    Statement("a symmetric matrix", W[i, j], W[j, i], {i: (1, K), j: (1, K)}, [Eq(W[l, m], W[m, l])]),
    Statement("bits", k**2, k, {k: (0, 1)}),
    Statement("the ReLU of two bits", Max(k + m, 0) - 2 * Max(k + m - 1, 0), k + m - 2 * k * m, {k: (0, 1), m: (0, 1)}),
    Statement("a telescope", total(lambda k: 1 / (k * (k + 1)), K), K / (K + 1)),
    Statement("a triangle of pairs", Sum(k - m, (k, m, K), (m, 1, K)), K * (K - 1) * (K + 1) / 6),
    Statement("factorials, by induction over an index", Sum(k * factorial(k), (k, 1, i)), factorial(i + 1) - 1,
              {i: (1, K)}),
    Statement("factorials, off by one", Sum(k * factorial(k), (k, 1, i)), factorial(i) - 1, {i: (1, K)},
              expected="refuted"),
    Statement("ReLU by the absolute value", Max(xs, 0), (xs + Abs(xs)) / 2, expected="proved or checked"),
    Statement(
        "ReLU bump",
        Max(k + 1, 0) - 2 * Max(k, 0) + Max(k - 1, 0),
        delta(k, 0),
        {k: (-4, 4)},
        expected="proved or checked",
    ),
    Statement(
        "log of a product",
        log(Product(exp(x[k]), (k, 1, K))),
        total(lambda k: x[k], K),
        expected="proved or checked",
    ),
    Statement("likelihood", -log(Product(px(c) ** y[c], (c, 1, K))), CE, expected="proved or checked"),
    Statement("size of a strided convolution", floor((2 * K + 1) / 2), K, expected="proved or checked"),
    Statement(
        "tent map",
        Piecewise((2 * xs, xs < Rational(1, 2)), (2 - 2 * xs, True)),
        2 * Max(xs, 0) - 4 * Max(xs - Rational(1, 2), 0),
        {xs: (0, 1)},
        expected="proved or checked",
    ),
    Statement(
        "softplus is the integral of sigmoid",
        Integral(sigmoid(ys), (ys, 0, xs)),
        softplus(xs) - log(2),
        {xs: (-2, 2)},
        expected="proved or checked",
    ),
]
