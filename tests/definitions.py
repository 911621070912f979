r"""The definitions of the text, typed by hand, say what the code has under the same name."""

import re
from contextlib import suppress
from itertools import islice

import sympy as sp
from latex_reader import Unclear, read
from lines import MANY, Reading, gap, replay
from sympy.core.function import UndefinedFunction
from test_chapters import DISPLAY, directives, text

from helpers.language import DefinedQuantity, DefinedTensor, parts
from helpers.latex import latex

NAME = r"(?:\\[a-zA-Z]+|[a-zA-Z0-9])"
LOOSE = [  # as one types; as the book's printer has it
    (r"\\(?:,|;|!|Big[lr]?)(?![a-zA-Z])", " "), (r"\{\}", " "), (r"\\tfrac", r"\\frac"),
    (r"\\epsilon", r"\\varepsilon"),
    (rf"\\frac\s*({NAME})\s*({NAME})", r"\\frac{\1}{\2}"), (rf"\\sqrt\s*({NAME})", r"\\sqrt{\1}"),
    (r"\\(tilde|hat|bar|dot)\s*(\\[a-zA-Z]+|[a-zA-Z])(?![a-zA-Z])", r"\\\1{\2}"),
    (rf"([_^])\s*({NAME})", r"\1{\2}"), (r"_\{([a-zA-Z])([a-zA-Z0-9])\}", r"_{\1 \2}"),
    (r"_\{[a-z]([-+])", lambda m: f"{m[0][:-1]} {m[1]} "),
    (r"(?<!left)(?<!right)(?<!\^\{)\(", r"\\left("), (r"(?<!left)(?<!right)\)(?!\})", r"\\right)"),
    (r"\\[lr]floor", lambda m: rf"\{'left' if m[0][1] == 'l' else 'right'}{m[0]}"),
    (r"\{([^{}]*(?:_\{\w+\})?) / ([^{}]*)\}", r"{\\frac{\1}{\2}}")]
BY_HAND = {  # the left sides of what is no formula of the code, or has other letters there
    "notation": [r"J_{i j}"], "computation_graphs": ["g_{u}"], "softmax": ["i", "J_{i j}", "p"], "cross_entropy": ["R"],
    "gradients": ["g_{d}", "d", r"L\left(w + v\right)", r"L_{v}\left(r\right)", r"w_{d}^{\text{new}}", "L", "A", "B"],
    "sigmoid_tanh": [r"\tanh a", "h_{m}", "z_{k}"], "likelihood": ["L_{n}", "L", r"\bar{L}"],
    "one_hidden_layer": ["g^{(2)}_{k}", "g^{(1)}_{m}"], "any_graph": ["a_{v}", "h_{v}", "g_{v}"],
    "checking_gradients": [r"F_{\varepsilon}", r"C_{\varepsilon}"], "parity": [r"\operatorname{sign}\left(a\right)"],
    "convolution": ["c_{n}", "A"], "adam": ["s_{0}", r"\hat{s}_{t}", "r_{t}", r"\hat{r}_{t}", "w_{t}"],
    "gradient_flow": [r"\dot{F}", r"u_{m}\left(t\right)", r"v_{m}\left(t\right)", r"c\left(0\right)", "U", "V",
                      r"\rho_+", r"\rho_-", r"q\left(\rho\right)", r"\lambda", r"\rho\left(t\right)", "C"],
    "chapter": [r"\mathrm{softplus}\left(a\right)"]}
HIDDEN = {ord("\\"): "\x01", ord("&"): "\x02", ord("="): "\x03"}  # the rows of cases are no rows of equations
SEEN = {ord(new): chr(old) for old, new in HIDDEN.items()}
HEAD = re.compile(r"(.+?)(?:_\{([\w ]+)\}|\\left\((.+)\\right\))?")


def rows(body):
    """The equations (left, rights) of the formulas in a definition, in the printer's spelling."""
    for formula in DISPLAY.findall(body):
        formula = re.sub(r"\\(?:begin|end)\{(?:aligned|gathered)\}|\\\\\[\d+pt\]", r"\\\\", "".join(formula))
        formula = re.sub(r"\\begin\{cases\}.*?\\end\{cases\}", lambda m: m[0].translate(HIDDEN), formula, flags=re.S)
        for row in re.split(r"\\\\(?![^=]*(?:\\\\|$))|\\q?quad|,\s*&", formula):
            for pattern, spelling in LOOSE:
                row = re.sub(pattern, spelling, row)
            left, *rights = (side.strip(" .,:\n").translate(SEEN)
                             for side in re.sub(r"&|\\\\", " ", row).split(" = "))
            if left and rights:
                yield left, rights


def defined(path):
    """{name as printed: what the notebook defines under it}, and the samples of all letters it uses."""
    lines, names, _ = replay(path)
    values = [value for value in names.values() if isinstance(value, sp.Basic | UndefinedFunction)]
    trees = [value for value in values if isinstance(value, sp.Basic)] + [side for line in lines for side in line[1:3]]
    found = dict.fromkeys([*values, *(part for tree in trees for part in parts(tree))])
    table = {}
    for thing in found:
        if isinstance(thing, DefinedTensor | DefinedQuantity):
            table.setdefault(latex(thing), []).append(thing)
        elif isinstance(thing, UndefinedFunction) and hasattr(thing, "over") and not hasattr(thing, "of"):
            table.setdefault(latex(sp.Symbol(thing.__name__)), []).append(thing)
    return table, [value for value in values if isinstance(value, sp.Symbol) and not hasattr(value, "law")]


def agrees(thing, letters, left, rights):
    """Whether the typed formulas have the value of what the code defines; None if they use other names."""
    sample = thing if isinstance(thing, DefinedQuantity) else (
        thing[thing.over] if isinstance(thing, DefinedTensor) else thing(*thing.over))
    name, subscripts, arguments = HEAD.fullmatch(left).groups()
    places = (subscripts or arguments or "").split()
    reading = Reading(sp.Tuple(sample, *letters), sp.S.Zero, {}, ())
    if not isinstance(thing, DefinedQuantity):
        reading.names |= dict.fromkeys(places, 0)
    kind = {DefinedTensor: "entry", DefinedQuantity: "name"}.get(type(thing), "call")
    at = [("name", place) for place in places]
    head = {"entry": ("entry", name, at), "name": ("name", name), "call": ("call", name, 0, at)}[kind]
    trees = []
    for right in rights:
        with suppress(Unclear):
            trees.append(read(right, reading.names))
    if not trees or (subscripts if kind == "name" else len(places) != len(thing.over)):
        return None
    value = (lambda n: 1 + n % 2) if kind == "entry" else (lambda n: MANY.mpf(n + 1) / 3)
    for meaning in islice(reading.points(1), 4):
        if kind != "name":
            meaning = meaning.bind(**{place: value(n) for n, place in enumerate(places)})
        with suppress(ArithmeticError):
            return max(gap(meaning, head, tree) for tree in trees) < 1e-12


def compared(path, notebook):
    """The left sides of the typed equations of definitions: those that say what the code says, and the others."""
    table, letters = defined(path)
    found = {True: [], False: []}
    for name, _, body in directives(text(notebook.cells)):
        for left, rights in rows(body) if name == "prf:definition" else ():
            things = table.get(HEAD.fullmatch(left)[1], ())
            found[any(agrees(thing, letters, left, rights) for thing in things)].append(left)
    return found[True], found[False]
