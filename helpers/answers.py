"""Answers typed as text, read without executing anything.

    formula  =  ["-"] term, then more terms after "+" or "-"
    term     =  factor, then more factors after "*" or "/", or simply beside it:  2 x[k] (1 - y)
    factor   =  number, name, entry x[i, k], call exp(a), sigma'(a), Σ(x[k], k), Sum(x[k], (k, 2, K)), δ(i, j),
                prime(sigma)(a), or a formula in brackets; then a power after "^" or "**"

Greek letters may be typed as letters or by their names; "·" and "×" are "*"; e^x is exp(x). What is read is written
down and not evaluated, so that its print shows what was typed. The only names are those of the exercise.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from math import prod

import sympy as sp
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.printing.pretty.pretty_symbology import greek_unicode

from .arguments import told
from .language import Σ, D, DefinedValue, Index, prime, δ

LONGEST = 1000  # signs of an answer
DEEPEST = 40  # brackets within brackets
DIGITS = 30  # of a whole number
STEEPEST = 100  # an exponent that is a number
DEGREE = 1000  # of powers of powers
HIGHEST = 9  # order of a derivative
TOWER = 3  # exponents upon exponents
FARTHEST = 1000  # a limit of a sum that is a number

FUNCTIONS = {"exp": sp.exp, "log": sp.log, "ln": sp.log, "sqrt": sp.sqrt, "sin": sp.sin, "cos": sp.cos,
             "sinh": sp.sinh, "cosh": sp.cosh, "tanh": sp.tanh, "Abs": sp.Abs, "abs": sp.Abs, "sign": sp.sign}
CONSTANTS = {"e": sp.E, "pi": sp.pi, "π": sp.pi, "oo": sp.oo, "∞": sp.oo}
SEVERAL = {"Max": sp.Max, "max": sp.Max, "Min": sp.Min, "min": sp.Min}
SUMS, DELTAS = ("Σ", "∑", "sum", "Sum"), ("δ", "delta", "KroneckerDelta")
WORDS = (*FUNCTIONS, *SEVERAL, *SUMS, *DELTAS, "prime", "Rational")
DERIVATIVES = ("D", "diff", "Derivative", "∂")

GREEK = {letter: name for name, letter in greek_unicode.items() if len(letter) == 1}
SIGNS = {"−": "-", "–": "-", "·": "*", "⋅": "*", "×": "*", "**": "^", "′": "'", "’": "'", "″": "''"}
SAME = str.maketrans({"µ": "μ", "ϵ": "ε"})  # signs of keyboards and of LaTeX for the same letter
SUPERSCRIPTS = {"²": 2, "³": 3}
HINTS = {"\\": "; LaTeX is not read here", "|": "; write Abs(…)", "√": "; write sqrt(…)", '"': "; no quotation marks",
         **dict.fromkeys("{}", "; use round brackets")}
LETTER = f"A-Za-z∑∂∞ℓ{''.join(GREEK)}"
SPELLED = re.compile(rf"[{LETTER}][{LETTER}0-9_]*'*")
KINDS = sp.IndexedBase, UndefinedFunction, sp.Symbol
TOKEN = re.compile(rf"(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<name>[{LETTER}][{LETTER}0-9_]*)"
                   r"|(?P<sign>\*\*|[-+*/^()\[\],'=−–·⋅×′’″²³])|(?P<dots>\.\.\.|…)")


class NotUnderstood(ValueError):
    """What was typed is no formula of the exercise; the message says what is not understood, and where."""


class Names:
    """What an answer may be made of: what occurs in formulas, seen through definitions, and what is added.

    `names` are further tensors, symbols, indices and functions, or a dict that gives each the name to type.
    """

    def __init__(self, *formulas, names=()):
        self.tensors, self.functions, self.numbers, self.unclear = {}, {}, {}, set()
        for name, thing in names.items() if isinstance(names, dict) else ((None, thing) for thing in names):
            self.add(thing, spellings(thing) if name is None else [name])
        chosen = {name for table in self.tables() for name in table}
        for thing in occurring(formulas):
            self.add(thing, [name for name in spellings(thing) if name not in chosen])

    def extended(self, variables):
        """These names and, where they leave one free, the variables of a program that stand for such things."""
        more = Names()
        more.tensors, more.functions, more.numbers = map(dict, self.tables())
        more.unclear = self.unclear
        for name, thing in variables.items():
            if SPELLED.fullmatch(name) and isinstance(thing, KINDS):
                more.add(thing, [name] if name not in self.table(thing) else [])
        return more

    def tables(self):
        return self.tensors, self.functions, self.numbers

    def table(self, thing):
        """Where the names of such a thing stand."""
        for kind, table in zip(KINDS, self.tables(), strict=True):
            if isinstance(thing, kind):
                return table
        raise TypeError(f"names: expected symbols, tensors, indices and functions, got {told(thing)}")

    def add(self, thing, names):
        """Enter a thing by its names; a name that two things have is nobody's."""
        table = self.table(thing)
        for name in names:
            if not isinstance(name, str) or not SPELLED.fullmatch(name):
                raise ValueError(f"names: expected a name of letters and digits, got {told(name)}")
            if table.setdefault(name, thing) != thing:
                self.unclear.add(name)

    def told(self):
        """The names in words, in the order of the alphabet, each thing once."""
        seen, found = set(), []
        for table, mark in zip(self.tables(), ("[…]", "(…)", ""), strict=True):
            for name, thing in table.items():
                if (thing, mark) not in seen and name not in self.unclear:
                    seen.add((thing, mark))
                    found.append(name + mark)
        return ", ".join(sorted(found))


def occurring(formulas):
    """Every tensor, function and symbol in the formulas, seen through definitions, and the sizes of its indices.

    The variables of defined functions, of substitutions, integrals and limits are no names for an answer.
    """
    found, hidden, seen, waiting = {}, set(), set(), list(formulas)
    while waiting:
        node = waiting.pop(0)
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, sp.Indexed):
            found[node.base] = None
        elif isinstance(node, sp.Symbol):
            found[node] = None
        elif isinstance(node, AppliedUndef):
            found[getattr(node.func, "of", node.func)] = None
        if isinstance(node, sp.Integral | sp.Limit | sp.Subs):
            hidden |= {*getattr(node, "bound_symbols", node.args[1:2])}  # a limit has its variable there
        if hasattr(node, "law"):
            formula, values = node.law
            waiting.append(formula)
            hidden |= set(values) if isinstance(node, DefinedValue) else set()
        waiting += node.indices if isinstance(node, sp.Indexed) else node.args
        waiting += [node.lower, node.upper] if isinstance(node, Index) else []
    hidden -= set().union(*(formula.free_symbols for formula in formulas))
    return [thing for thing in found if thing not in hidden]


def spellings(thing):
    r"""How the name of a thing may be typed: \tilde{w} as w_tilde, W^{(1)} as W1, sigma also as σ."""
    name = str(getattr(thing, "label", None) or getattr(thing, "__name__", thing))
    plain = re.sub(r"\\(tilde|hat|bar|dot)\{([^{}]*)\}", r"\2_\1", name)
    plain = re.sub(r"(_(?:tilde|hat|bar|dot))\^\{\((\d+)\)\}", r"\2\1", plain)
    plain = re.sub(r"\^\{\((\d+)\)\}", r"\1", plain).replace("+", "plus").replace("-", "minus")
    plain = re.sub(r"\\(?:mathrm|text)|[\\{}()]", "", plain)
    plain = re.sub(r"[ ^]+|_+", "_", plain)
    letters = re.sub(r"[^\W\d_]+", lambda word: greek_unicode.get(word[0], word[0]), plain)
    return dict.fromkeys(spelling for spelling in (plain, letters) if SPELLED.fullmatch(spelling))


def parse(text, names, *, derivatives=False):
    """The formula that a text is, unevaluated; `NotUnderstood` if it is none.

    With `derivatives`, as in a line on the way to an answer, D(f, x) and D(f, x, y) are read too.
    """
    if len(text) > LONGEST:
        raise NotUnderstood(f"it has {len(text)} signs; an answer has at most {LONGEST}")
    with sp.evaluate(False):
        return Parser(text, names, derivatives).whole()


class Parser:
    """Reads a text from left to right, one method for each rule of the grammar."""

    def __init__(self, text, names, derivatives):
        self.names, self.derivatives, self.place, self.depth = names, derivatives, 0, 0
        self.tokens = list(tokens(text.translate(SAME)))

    # ------------------------------------------------------------- the tokens
    @property
    def kind(self):
        return self.tokens[self.place][0]

    @property
    def sign(self):
        kind, text, _ = self.tokens[self.place]
        return text if kind == "sign" else ""

    def take(self):
        self.place += 1
        return self.tokens[self.place - 1]

    def expect(self, sign, after):
        if self.sign != sign:
            self.refuse(f'"{sign}" is expected {after}, not {self.here()}')
        self.take()

    def here(self):
        kind, text, _ = self.tokens[self.place]
        return f'"{text}"' if kind != "end" else "the end"

    def refuse(self, what, place=None):
        raise NotUnderstood(f"{what} (at character {self.tokens[self.place if place is None else place][2]})")

    # -------------------------------------------------------------- the rules
    def whole(self):
        formula = self.formula()
        if self.sign == "=":
            self.refuse('write one formula, without "="')
        if self.kind != "end":
            self.refuse(f"{self.here()} is not understood here")
        return formula

    def formula(self):
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(f"the brackets are nested more than {DEEPEST} deep")
        terms = [self.signed(self.term)]
        while self.sign in ("+", "-"):
            plus = self.take()[1] == "+"
            terms.append(self.signed(self.term) if plus else negative(self.signed(self.term)))
        self.depth -= 1
        return terms[0] if len(terms) == 1 else sp.Add(*terms)

    def signed(self, rule):
        """What a rule reads, with any signs before it."""
        minus = False
        while self.sign in ("+", "-"):
            minus ^= self.take()[1] == "-"
        return negative(rule()) if minus else rule()

    def term(self):
        factors, divided = [self.factor()], False
        while True:
            if self.sign == "*":
                self.take()
                factors.append(self.signed(self.factor))
            elif self.sign == "/":
                self.take()
                over = self.signed(self.factor)
                divided = True
                if len(factors) == 1 and reduced(factors[0], over):
                    factors[0] = sp.Rational(factors[0], over)
                else:
                    factors.append(sp.Pow(over, -1))
            elif self.kind == "name" or self.sign == "(":
                if divided:
                    self.refuse('after "/" the product needs a "*", or brackets round what is below')
                factors.append(self.factor())
            else:
                return factors[0] if len(factors) == 1 else sp.Mul(*factors)

    def factor(self):
        euler = self.kind == "name" and self.tokens[self.place][1] == "e"
        start = self.place
        base = self.base()
        if self.sign in SUPERSCRIPTS:
            return self.power(base, sp.Integer(SUPERSCRIPTS[self.take()[1]]), start)
        if self.sign != "^":
            return base
        self.take()
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(f"the exponents are nested more than {DEEPEST} deep")
        exponent = self.signed(self.factor)
        self.depth -= 1
        if euler and base != sp.E:
            self.refuse("e is a name of this exercise; write exp(…) for the exponential", start)
        return self.power(base, exponent, start)

    def power(self, base, exponent, start):
        found = sp.exp(exponent) if base == sp.E else sp.Pow(base, exponent)
        if tower(found) > TOWER:
            self.refuse("the exponents stand too high upon one another", start)
        if found.is_Pow and not moderate(exponent, STEEPEST) or degree(found) > DEGREE:
            self.refuse(f"the exponent is too large; a number in an exponent is at most {STEEPEST}", start)
        return found

    def base(self):
        kind, text, _ = self.tokens[self.place]
        if kind == "number":
            return self.number()
        if kind == "name":
            return self.named()
        if text == "(":
            self.take()
            inside = self.formula()
            self.expect(")", "to close the bracket")
            return inside
        if kind == "dots":
            self.refuse("dots stand where the answer should")
        return self.refuse(f"a number, a name or a bracket is expected, not {self.here()}")

    def number(self):
        _, text, _ = self.tokens[self.place]
        if not text.isdigit():
            exact = f": write {Fraction(text)}" if len(text) < 9 and "e" not in text.lower() else ""
            self.refuse(f'"{text}" is a rounded number; an exact one is wanted{exact}')
        if len(text) > DIGITS:
            self.refuse(f"a number has at most {DIGITS} digits")
        self.take()
        if self.kind == "number":
            self.refuse('two numbers side by side need a "*"')
        return sp.Integer(text)

    # --------------------------------------------------------------- the names
    def named(self):
        """What a name stands for: an entry, a value, a sum, a number."""
        start = self.place
        name = self.take()[1]
        primes = self.primes(name)
        name, order = (name + "'" * primes, 0) if self.is_known(name + "'" * primes) else (name, primes)
        if name in self.names.unclear:
            self.refuse(f"{name} may mean two things in this exercise", start)
        if self.sign == "[":
            return self.entry(name, start)
        if name in DERIVATIVES and self.derivatives and self.pair():  # D may be the name of a size, too
            return self.derivative(name, start)
        if name in self.names.functions and (order or self.sign == "(" or name not in self.names.numbers):
            return self.value(self.names.functions[name], order, start)
        if order:
            self.refuse(f"{name} is no function, so that it has no prime", start)
        if name in self.names.numbers:
            return self.names.numbers[name]
        if name in self.names.tensors:
            self.refuse(f"{name} has subscripts: write {name}[…]", start)
        return self.word(name, start)

    def primes(self, name):
        """How many primes follow the name; it must not be taken for a mark of quotation."""
        count = 0
        while self.sign and not self.sign.strip("'"):
            count += len(self.take()[1])
        return count

    def is_known(self, name):
        return any(name in table for table in self.names.tables())

    def word(self, name, start):
        """A word of the language, such as exp, Σ or δ."""
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in DERIVATIVES:
            if self.derivatives:
                self.refuse(f"{name} wants a formula and what it is differentiated by: {name}(f, x)", start)
            self.refuse("a derivative is no answer; the exercise asks for a formula without it", start)
        if name not in WORDS:
            self.unknown(name, start)
        self.expect("(", f"after {name}")
        if name in SUMS:
            return self.sum(name, start)
        if name == "prime":
            return self.prime(start)
        arguments = self.rest()
        counts = {**dict.fromkeys(FUNCTIONS, 1), **dict.fromkeys((*DELTAS, "Rational"), 2)}
        if name in counts and len(arguments) != counts[name]:
            self.refuse(f"{name} has {counts[name]} argument{'s' * (counts[name] > 1)}, not {len(arguments)}", start)
        if name == "Rational":
            if not all(argument.is_Integer for argument in arguments) or arguments[1] == 0:
                self.refuse("Rational wants two whole numbers, the second not 0", start)
            return sp.Rational(*arguments)
        return self.made(δ if name in DELTAS else FUNCTIONS.get(name) or SEVERAL[name], arguments, start)

    def unknown(self, name, start):
        base, *subscripts = name.split("_")
        if subscripts and base in self.names.tensors:
            self.refuse(f"{name} is not known; write {base}[{', '.join(''.join(subscripts))}]", start)
        self.refuse(f"{name} is not known; the names here are {self.names.told()}", start)

    def made(self, function, arguments, start):
        """The value of a function; what it says about its arguments is told with the place."""
        try:
            return function(*arguments)
        except (TypeError, ValueError) as error:
            return self.refuse(str(error), start)

    def rest(self, close=")"):
        """The formulas up to the closing bracket, which is taken too."""
        found = [self.formula()]
        while self.sign == ",":
            self.take()
            found.append(self.formula())
        self.expect(close, "to close the bracket")
        return found

    def entry(self, name, start):
        if name not in self.names.tensors:
            if name in self.names.numbers or name in self.names.functions:
                self.refuse(f"{name} has no subscripts here", start)
            self.unknown(name, start)
        self.take()
        subscripts = self.rest("]")
        return self.made(self.names.tensors[name].__getitem__, [tuple(subscripts)], start)

    def value(self, function, order, start):
        if order > HIGHEST:
            self.refuse(f"the order of a derivative is at most {HIGHEST}", start)
        self.expect("(", f"after {function.__name__}")
        return self.made(prime(function, order) if order else function, self.rest(), start)

    def prime(self, start):
        """prime(σ)(a) or prime(σ, 2)(a), after the first bracket."""
        kind, name, _ = self.take()
        if kind != "name" or name not in self.names.functions:
            self.refuse("prime wants the name of a function of this exercise", start)
        order = 1
        if self.sign == ",":
            self.take()
            order = int(self.number()) if self.kind == "number" else 0
            if not order:
                self.refuse("the order of a derivative is a whole number, at least 1", start)
        self.expect(")", "after the name of the function")
        return self.value(self.names.functions[name], order, start)

    def derivative(self, name, start):
        """D(f, x) or D(f, x, y)."""
        self.take()
        formula, *variables = self.rest()
        if len(variables) > HIGHEST:
            self.refuse(f"the order of a derivative is at most {HIGHEST}", start)
        return self.made(D, [formula, *variables], start)

    def pair(self):
        """Whether a bracket follows with a comma in it, outside of further brackets."""
        depth = 0
        for _, text, _ in self.tokens[self.place:] if self.sign == "(" else ():
            depth += (text in ("(", "[")) - (text in (")", "]"))
            if not depth or depth == 1 and text == ",":
                return bool(depth)
        return False

    def sum(self, name, start):
        """Σ(summand, k), Σ(summand, k, l) or Sum(summand, (k, 1, K)), after the first bracket."""
        summand, limits = self.formula(), []
        while self.sign == ",":
            self.take()
            limits.append(self.limits())
        self.expect(")", f"to close {name}(")
        if not limits:
            self.refuse(f"{name} wants an index to sum over: {name}(…, k)", start)
        if len({limit if isinstance(limit, sp.Symbol) else limit[0] for limit in limits}) < len(limits):
            self.refuse("each sum has an index of its own", start)
        for limit in limits:
            summand = self.made(Σ, [summand, limit], start) if isinstance(limit, sp.Symbol) else total(summand, limit)
        return summand

    def limits(self):
        """An index, or (index, first, last)."""
        start, bracket = self.place, self.sign == "("
        if bracket:
            self.take()
        kind, name, _ = self.take()
        name += "'" * self.primes(name)
        index = self.names.numbers.get(name) if kind == "name" else None
        if not isinstance(index, sp.Symbol) or not (isinstance(index, Index) or bracket and index.is_integer):
            self.refuse("a sum runs over an index of this exercise", start)
        if not bracket:
            return index
        self.expect(",", "after the index of a sum")
        first = self.formula()
        self.expect(",", "after the first limit of a sum")
        last = self.formula()
        self.expect(")", "after the limits of a sum")
        for limit in (first, last):
            if index in limit.free_symbols:
                self.refuse(f"the limits of a sum over {name} cannot depend on {name}", start)
            if limit not in (sp.oo, -sp.oo) and not moderate(limit, FARTHEST):
                self.refuse(f"a number as a limit of a sum is at most {FARTHEST}", start)
        return index, first, last


def tokens(text):
    """The words and signs of a text with their places, from 1, and an end."""
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        found = TOKEN.match(text, place)
        if not found:
            hint = HINTS.get(text[place], "")
            raise NotUnderstood(f"{shown(text[place])} is not understood{hint} (at character {place + 1})")
        yield found.lastgroup, SIGNS.get(found[0], found[0]), place + 1
        place = found.end()
    yield "end", "", len(text) + 1


def shown(sign):
    """A sign that can be shown as it is, or its name; those that look like others have both."""
    if sign.isascii() and sign.isprintable():
        return f'"{sign}"'
    name = unicodedata.name(sign, f"U+{ord(sign):04X}")
    return f'"{sign}" ({name})' if sign.isprintable() else name


def total(summand, limits):
    with sp.evaluate(True):  # as in Σ
        return sp.Sum(summand, limits)


def negative(term):
    """-term, with the sign in its first number where it begins with one."""
    first, *others = term.args if term.is_Mul else (term,)
    if first.is_Number and first.is_extended_positive:
        return sp.Mul(-first, *others) if others else -first
    return sp.Mul(-1, *(term.args if term.is_Mul else (term,)))


def reduced(above, below):
    """Whether above/below is a fraction that SymPy would print as it was typed."""
    return above.is_Integer and below.is_Integer and below > 1 and sp.gcd(above, below) == 1


# -------------------------------------------------- how large it would become
def tower(expr):
    """How many exponents stand upon one another."""
    inside = max(map(tower, expr.args), default=0) if not isinstance(expr, sp.Indexed) else 0
    if isinstance(expr, sp.exp) or expr.is_Pow and not expr.exp.is_Number:
        return max(inside, 1 + tower(expr.args[-1]))
    return inside


def degree(expr):
    """The degree of an expression as a polynomial, as far as numbers in exponents make it large."""
    if isinstance(expr, sp.Indexed):
        return 1
    if expr.is_Pow and not expr.exp.free_symbols:
        return degree(expr.base) * max(1, abs(fraction(expr.exp) or 1))
    if expr.is_Mul:
        return sum(map(degree, expr.args))
    return max(map(degree, expr.args), default=1)


def fraction(expr):
    """The value of an expression without letters, if it is a fraction of moderate length, else None."""
    if expr.is_Rational:
        return Fraction(int(expr.p), int(expr.q))
    if not (expr.is_Add or expr.is_Mul or expr.is_Pow):
        return None
    values = [fraction(part) for part in expr.args]
    if None in values:
        return None
    if expr.is_Pow:
        base, exponent = values
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        if exponent.denominator != 1 or bits * abs(exponent) > LONGEST or not base and exponent < 0:
            return None
        return base ** int(exponent)
    return sum(values) if expr.is_Add else prod(values)


def moderate(expr, most):
    """Whether an expression has letters, or is a fraction of at most this size."""
    if expr.free_symbols:
        return True
    value = fraction(expr)
    return value is not None and abs(value) <= most
