"""Answers typed as text: what is read, what is refused and where, and that nothing typed does harm."""

import subprocess
import sys
import time

import pytest
import sympy as sp
from sympy import Eq, Integral, Rational, Sum, Symbol, cosh, exp, log, sqrt, tanh

from helpers import Σ, D, Exercise, activation, define, indices, prime, sizes, tensors, δ
from helpers.answers import Names, NotUnderstood, parse
from helpers.latex import latex
from helpers.typed import rebuilt

K, M = sizes("K M")
i, j, k = indices("i j k", K)
m = indices("m", M)
z, y, W, V = tensors("z y W W^{(1)}")
a, u = sp.symbols("a u", real=True)
λ, w, f0 = Symbol("lambda"), Symbol(r"\tilde{w}"), Symbol("f")
σ = define("sigma", u, 1 / (1 + exp(-u)))
φ = activation("varphi")
p = define("p", i, exp(z[i]) / Σ(exp(z[k]), k))
L = define("L", -Σ(y[k] * log(p[k]), k))
NAMES = Names(D(L, z[j]), σ(a) + φ(λ * w) + f0, W[i, m], V[k, m])
jacobian = Exercise(D(p[i], z[j]))
slope = Exercise(D(σ(a), a))


def read(text, names=NAMES):
    return rebuilt(parse(text, names))


READ = {
    "p[i]*(delta(i,j) - p[j])": p[i] * (δ(i, j) - p[j]),
    "p[i](δ(i,j) − p[j])": p[i] * (δ(i, j) - p[j]),
    "p[ i ] · (KroneckerDelta(i, j) - p[j])": p[i] * (δ(i, j) - p[j]),
    "2 z[k] y[k]": 2 * z[k] * y[k],
    "a^2": a**2,
    "a**2": a**2,
    "a²": a**2,
    "a^-2": a**-2,
    "-a^2": -(a**2),
    "2^a^2": 2 ** (a**2),
    "a - -a": 2 * a,
    "--a": a,
    "a/2/2": a / 4,
    "a/2*2": a,
    "1/2": Rational(1, 2),
    "-1/2": Rational(-1, 2),
    "Rational(1, 2) a": a / 2,
    "(1/2) a": a / 2,
    "e^x".replace("x", "(-a)"): exp(-a),
    "e^-a": exp(-a),
    "e": sp.E,
    "exp(-a)": exp(-a),
    "ln(a) + log(a)": 2 * log(a),
    "sqrt(a) tanh(a) cosh(a)": sqrt(a) * tanh(a) * cosh(a),
    "max(a, 0)": sp.Max(a, 0),
    "abs(a)": sp.Abs(a),
    "Σ(z[k], k)": Σ(z[k], k),
    "∑(z[k], k)": Σ(z[k], k),
    "sum(z[k], k)": Σ(z[k], k),
    "Sum(z[k], (k, 1, K))": Σ(z[k], k),
    "Sum(z[k], (k, 2, K - 1))": Sum(z[k], (k, 2, K - 1)),
    "Σ(W[k, m], k, m)": Σ(W[k, m], k, m),
    "sigma(a)(1 - sigma(a))": σ(a) * (1 - σ(a)),
    "σ(2a)": σ(2 * a),
    "sigma'(a)": prime(σ)(a),
    "σ′(a)": prime(σ)(a),
    "prime(sigma)(a)": prime(σ)(a),
    "prime(σ, 2)(a)": prime(σ, 2)(a),
    "σ''(a) + σ″(a)": 2 * prime(σ, 2)(a),
    "φ(a) + varphi'(a)": None,  # SymPy's letter for varphi is another one
    "λ w_tilde": λ * w,
    "lambda*w_tilde": λ * w,
    "W1[k, m]": V[k, m],
    "f(1 - f)": f0 * (1 - f0),  # a number before a bracket is a factor
    "z[i + 1] + z[1]": z[i + 1] + z[1],
    " \n a \t ": a,
}
READ["varphi(a) + varphi'(a)"] = φ(a) + prime(φ)(a)
del READ["φ(a) + varphi'(a)"]


@pytest.mark.parametrize("text", READ)
def test_what_a_reader_types_is_read(text):
    assert read(text) == READ[text]


SHOWN = {
    "p[i](δ(i,j) − p[j])": r"p_{i} \left(\delta_{i j} - p_{j}\right)",
    "p[i]*δ(i,j) - p[i]*p[j]": r"p_{i} \delta_{i j} - p_{i} p_{j}",
    "2a + 3a": "2 a + 3 a",
    "a*2 - a": r"a \cdot 2 - a",
    "2/4*a": r"\frac{2 a}{4}",
    "1/2*a": r"\frac{1}{2} a",
    "a/(1 + 1)": r"\frac{a}{1 + 1}",
    "e^(-a)/(1 + e^-a)^2": r"\frac{e^{-a}}{\left(1 + e^{-a}\right)^{2}}",
    "(a + 0)*1": r"\left(a + 0\right) \cdot 1",
}


@pytest.mark.parametrize("text", SHOWN)
def test_it_is_shown_as_it_was_typed(text):
    assert latex(parse(text, NAMES)) == SHOWN[text]


def test_the_grade_shows_how_the_text_was_read():
    right = jacobian.grade("p[i] δ(i, j) - p[i] p[j]")
    assert right.status == "right" and right.formula.endswith(r"= p_{i} \delta_{i j} - p_{i} p_{j}")
    wrong = jacobian.grade("p[i](1 - p[j])")
    assert wrong.status == "wrong" and wrong.formula == r"\text{read as:}\quad p_{i} \left(1 - p_{j}\right)"
    assert wrong.formula in wrong._repr_mimebundle_()["text/markdown"]
    assert jacobian.grade("D(p[i], z[j])").formula == ""
    same = jacobian.grade(p[i] * (1 - p[j]))
    assert str(same) == str(wrong) and same.formula == ""


REFUSED = {
    "0.5 a": '"0.5" is a rounded number; an exact one is wanted: write 1/2 (at character 1)',
    "a + 1e-3": '"1e-3" is a rounded number; an exact one is wanted (at character 5)',
    ".25": "write 1/4",
    "p_i": "p_i is not known; write p[i] (at character 1)",
    "W_km": "write W[k, m]",
    "2 p": "p has subscripts: write p[…] (at character 3)",
    "p(i)": "p has subscripts: write p[…]",
    "a[i]": "a has no subscripts here",
    "q + 1": "q is not known; the names here are K, L, M, W1[…], W[…], a,",
    "sigma": '"(" is expected after sigma, not the end',
    "tanh a": '"(" is expected after tanh, not "a" (at character 6)',
    "a'": "a is no function, so that it has no prime",
    "sigma(a, a)": "sigma takes exactly 1 argument (2 given)",
    "exp(a, a)": "exp has 1 argument, not 2",
    "Rational(1, a)": "Rational wants two whole numbers, the second not 0",
    "p[i, j]": "p is defined with 1 subscripts, got 2",
    "z[1/2]": "a subscript of z: expected an integer, or an index such as i, got 1/2",
    "δ(i, 1/2)": "δ: expected an integer, or an index such as i, got 1/2",
    "Σ(z[k])": "Σ wants an index to sum over: Σ(…, k)",
    "Σ(z[k], K)": "a sum runs over an index of this exercise (at character 9)",
    "Σ(z[k], k, k)": "each sum has an index of its own",
    "D(L, z[j])": "a derivative is no answer",
    "1/2 a": 'after "/" the product needs a "*"',
    "a = 2": 'write one formula, without "=" (at character 3)',
    "a, a": '"," is not understood here (at character 2)',
    "2 3": 'two numbers side by side need a "*"',
    "(a": '")" is expected to close the bracket, not the end (at character 3)',
    "a)": '")" is not understood here',
    "(a]": '")" is expected to close the bracket, not "]"',
    "a *": 'a number, a name or a bracket is expected, not the end (at character 4)',
    "a ** * a": 'a number, a name or a bracket is expected, not "*"',
    "e^{-a}": '"{" is not understood; use round brackets (at character 3)',
    r"\frac{1}{2}": '"\\" is not understood; LaTeX is not read here (at character 1)',
    "|a|": '"|" is not understood; write Abs(…)',
    "a + ...": "dots stand where the answer should (at character 5)",
    "prime(a)(a)": "prime wants the name of a function of this exercise",
    "prime(sigma, 0)(a)": "the order of a derivative is a whole number, at least 1",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_understood_is_told_with_its_place(text):
    with pytest.raises(NotUnderstood) as error:
        parse(text, NAMES)
    assert REFUSED[text] in str(error.value) and "at character" in str(error.value)


ATTACKS = [
    "__import__('os').system('touch trap')", "().__class__.__bases__[0].__subclasses__()", "exec('1')",
    "eval(a)", "a.__class__", "a.subs(a, 1)", "[a for a in z]", "{a: 1}", "lambda: a", "(a := 2)",
    "a if a else a", "not a", "a or a", "a < a", "f'{a}'", "'a'", '"a"', "b'a'", "print(a)", "globals()",
    "import os", "_", "__", "a;a", "a#a", "@a", "~a", "a % a", "a // a", "a @ a", "yield a", "await a", "*a",
    "**a", "a[::]", "z[k:k]", "z[...]", "None", "True", "1j", "0x10", "1_000", "a\\\na", "\0", "a\0", "\x1b[2J",
    "p\u202e[i]", "\u2066a\u2069", "\u200ba", "а", "ａ", "𝑎", "ℯ", "١", "＋a", "<script>alert(1)</script>",
    "&lt;", "$a$", "%s", "a" * 900, "a_" * 400, "(" * 400, "(" * 10000 + ")" * 10000, "[" * 500,
    "-" * 900 + "a", "a" + "+a" * 490, "a" + "^a" * 400, "a^(" * 30 + "a" + ")" * 30,
    "z[" * 300 + "1" + "]" * 300, "sigma(" * 100 + "a" + ")" * 100, "x" * 10**6, "(a+" * 10**5, "10^10^10",
    "10**10**10", "9^9^9^9", "(10^100)^100", "((a^100)^100)^100", "a^(99*99*99*99)", "K^K^K^K^K^K",
    "2^(3^(K^K))", "9" * 31, "9" * 5000, "a^99999999", "1/0", "0^0", "0^-1", "Σ(1, (k, 1, 10^9))",
    "Sum(k, (k, 1, 999999999))", "Sum(k, (k, -oo, oo))", "exp(" * 20 + "a" + ")" * 20, "e^e^e^e^e^9",
    "exp(10^99)", "prime(sigma, 99999)(a)", "sigma" + "'" * 500 + "(a)", "1/(" * 30 + "a" + ")" * 30, "oo",
    "oo - oo", "0*oo", "log(0)", "sqrt(-1)", "δ(i, oo)", "z[oo]", "z[10^29]", "Max()", "δ()", "Σ()", "prime()",
    "Rational(1,0)", ",", "()", "[]", "(,)", "a a a a a(", "'" * 100, "^" * 100, "/" * 100, "…a", "\ud800",
    "e" * 5, "1e999999", "1.5.2", ".a",
]


@pytest.mark.parametrize("text", ATTACKS, ids=[f"{n}-{ascii(text[:20])}" for n, text in enumerate(ATTACKS)])
def test_what_a_reader_types_does_no_harm(text, tmp_path, monkeypatch):
    """Every text has its grade within a second, in printable words of moderate length, and nothing is executed."""
    monkeypatch.chdir(tmp_path)
    start = time.process_time()
    grade = Exercise(D(σ(a), a) + z[k] + K, seconds=0.5).grade(text)
    assert time.process_time() - start < 1
    assert grade.status in ("not understood", "not allowed", "wrong", "undecided"), (grade.status, str(grade))
    assert len(str(grade)) < 1500 and str(grade).isprintable(), str(grade)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["", " ", "...", "…", "\n"])
def test_no_answer_is_no_mistake(text):
    assert jacobian.grade(text).status == "not answered"


def test_a_text_is_held_to_the_rules_of_the_exercise():
    exact = Exercise(D(log(1 + exp(a)), a), without=(exp,), names=[σ])
    assert exact.grade("σ(a)").status == "right"
    assert exact.grade("1/(1 + e^-a)").status == "not allowed"
    given = Exercise(D(L, z[j]), given=[Eq(Σ(y[k], k), 1)])
    assert given.grade("p[j] - y[j]").status == "right"
    assert jacobian.grade("z[i, j]").message.endswith("z is written with 1 and with 2 subscripts")


def test_further_names_are_given_by_the_author_or_the_notebook():
    s, q, l = Symbol("s"), tensors("q"), indices("l", K)
    assert jacobian.grade("s + q[l]").status == "not understood"
    assert Exercise(D(p[i], z[j]), names=[s, q, l]).grade("s + q[l]").status == "wrong"
    assert Exercise(D(p[i], z[j]), names={"t": s}).grade("t").status == "wrong"
    assert jacobian.grade("s + q[l]", {"s": s, "q": q, "l": l, "sp": sp, "seven": 7}).status == "wrong"
    other = define("p", i, z[i])  # the question's own names come first
    assert jacobian.grade("p[i] (δ(i, j) - p[j])", {"p": other}).status == "right"
    with pytest.raises(TypeError, match="names: expected symbols, tensors, indices and functions, got int 7"):
        Exercise(a, names=[7])


def test_a_name_of_two_things_is_nobodys():
    short = indices("k", M)
    two = Exercise(D(Σ(z[k] ** 2, k) + Σ(W[short, short], short), z[j]))
    assert "k may mean two things in this exercise" in str(two.grade("z[k]"))
    assert two.grade("2 z[j]").status == "right"


def test_hidden_variables_are_no_names():
    """The variable of a defined function, of an integral or a limit is not what the reader's letter means."""
    assert "u is not known" in str(slope.grade("σ(u)"))
    t = Symbol("t")
    assert "t is not known" in str(Exercise(Integral(σ(t), (t, 0, a))).grade("t"))


def test_the_reader_of_answers_needs_no_numpy():
    script = "import sys; from helpers import Exercise; from sympy import Symbol; a = Symbol('a')\n" \
             "assert Exercise(a + a).grade('2a').status == 'right'; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


@pytest.mark.parametrize("text", [
    "p[i](1 - p[i])/δ(i, j)", "-p[i] p[j]/(1 - δ(i, j))", "log(δ(i, j)) + p[i](1 - p[j])"])
def test_an_answer_without_a_value_where_the_question_has_one_is_wrong(text):
    K = sizes("K")
    i, j, k = indices("i j k", K)
    z = tensors("z")
    p = define("p", i, exp(z[i]) / Σ(exp(z[k]), k))
    exercise = Exercise(D(p[i], z[j]))
    assert exercise.grade("p[i] δ(i, j) + -p[i] p[j]").status == "right"
    grade = exercise.grade(text)
    assert grade.status == "wrong" and "no value there" in str(grade)


def test_the_limit_of_a_sum_is_none_of_its_own_index():
    K = sizes("K")
    k = indices("k", K)
    x = tensors("x")
    assert "cannot depend on k" in str(Exercise(Σ(x[k], k)).grade("Sum(x[k], (k, 1, k))"))
