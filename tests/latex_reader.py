r"""The book's LaTeX read back: what does a printed line say to someone who reads it?

`read` turns LaTeX into a tree of tuples, by recursive descent; `Meaning` evaluates a tree in plain
numbers. Both know nothing of the printer and nothing of SymPy. The reader is strict: what looks
like two things, or like none, is `Unclear`. Its conventions are those of the book:

* a sum or a product reaches to the next + or − at its level, or to the bracket that closes it;
* spaces mean nothing, as in TeX: `2 3` is 23, and `x 2` and `2 \frac{1}{2}` are refused;
* a logarithm without bracket, the sign ∂/∂x with its bracket, a limit and cases end the term they
  stand in: a factor to the right of them is refused;
* a power stands on a name, an entry, a number or a bracket, never on what already has a power.
"""

import re
from dataclasses import dataclass, field, replace

import mpmath


class Unclear(ValueError):
    """The LaTeX can be read in two ways, or in none."""


# --- from text to tokens --------------------------------------------------------------------------

TOKENS = (
    r"\\,\s*d(?=\s*[a-z\\])",  # the end of an integral
    r"\\(?:left|right)\s*(?:\\[a-z]+|[][()|.])",
    r"\\(?:begin|end)\{(?:cases|matrix)\}",
    r"\\(?:text|operatorname|mathbb)\{\w+\}",
    r"\\[a-zA-Z]+|\\\\|\\[,:;!]",
    r"\d(?:[\d\s]*\d)?(?:\.\d+)?",
    r"\S",
)
FUNCTIONS = {f"\\{name}": name for name in ("exp", "tanh", "sinh", "cosh", "coth", "sin", "cos", "max", "min")}
FUNCTIONS |= {f"\\operatorname{{{name}}}": name for name in ("erf", "sign", "atan", "asinh")}
FUNCTIONS |= {"\\theta": "step", "\\Gamma": "gamma"}
RELATIONS = {">": ">", "<": "<", "\\geq": ">=", "\\leq": "<=", "=": "==", "\\neq": "!="}
ENDS = {None, "+", "-", ",", "}", "&", "\\\\", "\\end{cases}", "\\end{matrix}", "\\wedge", "\\,d", *RELATIONS}


def tokens(text, names):
    """The tokens of a text; a name with scripts, such as `W^{(1)}`, is one of them."""
    known = [name for name in sorted(names, key=len, reverse=True) if len(name) == 1 or not name.isalnum()]
    known = [re.escape(name) + (r"(?![a-zA-Z])" if re.search(r"\\[a-zA-Z]+$", name) else "") for name in known]
    found = re.findall("|".join([*TOKENS[:1], *known, *TOKENS[1:]]), text)
    return ["".join(token.split()) for token in found if token not in ("\\,", "\\:", "\\;", "\\!")]


# --- from tokens to a tree ------------------------------------------------------------------------


def read(text, names):
    """The tree of a formula. `names` maps names to a number of subscripts, or to "function"."""
    reader = Reader(text, names)
    tree = reader.expression()
    reader.end()
    return tree


def read_equation(text, names, sign="="):
    """The trees of both sides of `lhs = rhs`, or of `lhs \\neq rhs`."""
    reader = Reader(text, names)
    left = reader.expression()
    reader.take(sign)
    right = reader.expression()
    reader.end()
    return left, right


class Reader:
    def __init__(self, text, names):
        self.text, self.names, self.tokens, self.place = text, names, tokens(text, names), 0

    @property
    def next(self):
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def advance(self):
        self.place += 1
        return self.tokens[self.place - 1]

    def skip(self, token):
        if self.next == token:
            return self.advance()

    def take(self, *expected):
        for token in expected:
            if self.next != token:
                self.unclear(f"expected {token}")
            self.advance()

    def unclear(self, why):
        seen = " ".join(self.tokens[: self.place]) + " ⟨" + str(self.next) + "⟩"
        raise Unclear(f"{why}: {seen}\nin {self.text}")

    def end(self):
        if self.next is not None:
            self.unclear("something is left over")

    # ------------------------------------------------ sums and products
    def expression(self):
        tree = ("neg", self.term()) if self.skip("-") else self.term()
        while self.next in ("+", "-"):
            kind = "add" if self.advance() == "+" else "sub"
            tree = (kind, tree, self.term())
        return tree

    def at_end(self):
        return self.next in ENDS or self.next.startswith("\\right") or self.next.startswith("\\text")

    def term(self):
        tree = None
        while not self.at_end():
            dot = self.skip("\\cdot") if tree else None
            before, number = self.tokens[self.place - 1], self.next[0].isdigit()
            part, kind = self.factor()
            if tree and not dot and (number or before.isdigit() and is_fraction(part)):
                self.unclear("a number beside a factor, without a dot")
            if kind == "open" and not self.at_end():
                self.unclear("a factor that could belong to what stands on its left")
            tree = ("mul", tree, part) if tree else part
        if tree is None:
            self.unclear("a factor is missing")
        return tree

    def factor(self):
        """A factor, and whether it is "open": whether what follows would be read as part of it."""
        tree, kind = self.primary()
        while self.next in ("^", "!"):
            if kind != "atom":
                self.unclear("a power or factorial of what has none")
            if self.advance() == "!":
                tree = ("function", "factorial", (tree,))
            else:
                tree, kind = ("pow", tree, self.group()), "closed"
        return tree, kind

    def group(self):
        self.take("{")
        tree = self.expression()
        self.take("}")
        return tree

    def primary(self):
        token = self.next
        if token is None or token.startswith("\\right"):
            self.unclear("a factor is missing")
        if token in self.names and self.tokens[self.place : self.place + 2] != ["e", "^"]:
            return self.name()
        self.advance()
        if token[0].isdigit():
            return ("num", token), "atom"
        if token == "{":  # invisible: it may hold one factor only
            inside = self.factor()
            self.take("}")
            return inside
        if token == "e":
            if self.next != "^":
                return ("constant", "e"), "atom"
            self.advance()
            return ("function", "exp", (self.group(),)), "closed"
        if token in FUNCTIONS:
            return self.function(FUNCTIONS[token])
        method = METHODS.get(token)
        if method is None:
            self.unclear(f"an unknown sign {token}")
        return method(self)

    # ------------------------------------------------ names
    def name(self):
        token = self.advance()
        arity = self.names[token]
        if arity == "function":
            return self.call(token)
        tree = ("name", token)
        if arity:
            if "_" in token or self.next != "_":
                self.unclear(f"{token} without its subscripts, or with two lots of them")
            self.advance()
            tree = ("entry", token, self.subscripts(arity))
        return tree, "closed" if "^" in token else "atom"

    def subscripts(self, count):
        """Subscripts: one formula, or several with commas, or several signs side by side."""
        self.take("{")
        if count == 1 or self.comma():
            found = [self.expression()]
            while self.skip(","):
                found.append(self.expression())
        else:
            found = []
            while self.next != "}":
                found.append(self.subscript())
        self.take("}")
        if len(found) != count:
            self.unclear(f"{count} subscripts were expected")
        return tuple(found)

    def comma(self):
        """Whether a comma comes before the brace that closes this one."""
        depth = 0
        for token in self.tokens[self.place :]:
            depth += (token == "{") - (token == "}")
            if depth < 0 or token == "," and not depth:
                return depth == 0

    def subscript(self):
        """A single sign. Side by side, 1 2 looks like 12 and is read digit by digit."""
        if self.next.isdigit():
            self.tokens[self.place : self.place + 1] = list(self.next)
            return ("num", self.advance())
        if self.names.get(self.next) != 0:
            self.unclear("a subscript that is no name")
        return ("name", self.advance())

    def call(self, name):
        order = 0
        while self.skip("'"):
            order += 1
        if not order and self.next == "^":
            self.take("^", "{", "(")
            order = int(self.advance())
            self.take(")", "}")
        return ("call", name, order, self.arguments()), "atom"

    def arguments(self):
        """Arguments in brackets, around which SymPy likes to put braces."""
        braces = self.skip("{")
        self.take("\\left(")
        found = [self.expression()]
        while self.skip(","):
            found.append(self.expression())
        self.take("\\right)", *(["}"] if braces else []))
        return tuple(found)

    def function(self, name):
        power = self.group() if self.skip("^") else None
        tree = ("function", name, self.arguments())
        if power and not (power[0] == "num" and int(power[1]) > 1):
            self.unclear("a function to a power that could be its inverse")
        return ("pow", tree, power) if power else tree, "closed"

    def log(self):
        base = self.group() if self.skip("_") else None
        if self.next in ("{", "\\left("):
            return ("log", *self.arguments(), base), "closed"
        return ("log", self.factor()[0], base), "open"

    def delta(self):
        self.take("_")
        return ("delta", *self.subscripts(2)), "atom"

    # ------------------------------------------------ brackets, fractions, roots
    def bracket(self):
        if self.names.get(self.next) and self.tokens[self.place + 1 : self.place + 3] == ["\\right)", "_"]:
            name = self.advance()  # (x_t)_i: the entry i of x_t
            self.take("\\right)", "_")
            return ("entry", name, self.subscripts(self.names[name])), "atom"
        tree = self.expression()
        self.take("\\right)")
        return tree, "atom"

    def fenced(self, name, close):
        self.take("{")
        tree = ("function", name, (self.expression(),))
        self.take("}", close)
        return tree, "atom"

    def fraction(self):
        if self.tokens[self.place : self.place + 2] == ["{", "\\partial"]:
            return self.derivative()
        return ("div", self.group(), self.group()), "closed"

    def root(self):
        degree = ("num", "2")
        if self.skip("["):
            degree = ("num", self.advance())
            self.take("]")
        return ("root", self.group(), degree), "closed"

    def binomial(self):
        return ("function", "binomial", (self.group(), self.group())), "closed"

    def derivative(self):
        r"""\frac{\partial^{2} f}{\partial x \partial y}, or the same without f before a bracket."""
        self.take("{", "\\partial")
        order = int(self.group()[1]) if self.skip("^") else 1
        operand = None if self.next == "}" else self.primary()[0]
        self.take("}", "{")
        variables = []
        while self.skip("\\partial"):
            variable, kind = self.primary()
            count = 1
            if self.next == "^":
                if kind != "atom":
                    self.unclear("a second superscript")
                self.advance()
                count = int(self.group()[1])
            variables += [variable] * count
        self.take("}")
        if len(variables) != order:
            self.unclear("the orders of a derivative differ")
        if operand is not None:
            return ("derivative", operand, variables), "closed"
        self.take("\\left(")
        return ("derivative", self.bracket()[0], variables), "open"

    # ------------------------------------------------ signs that bind a name
    def bound(self, name, body):
        """What `body` reads while `name` is known as a number."""
        before, self.names = self.names, {**self.names, name: 0}
        tree = body()
        self.names = before
        return tree

    def over(self, kind):
        self.take("_", "{")
        name = self.advance()
        low = high = None
        if self.skip("\\in"):
            self.take("\\mathbb{Z}", "}")
        else:
            self.take("=")
            low = self.expression()
            self.take("}", "^")
            high = self.group()
        return (kind, name, low, high, self.bound(name, self.term)), "open"

    def integral(self):
        self.take("_")
        low = self.group()
        self.take("^")
        high = self.group()
        name = self.tokens[self.tokens.index("\\,d", self.place) + 1]
        tree = ("integral", name, low, high, self.bound(name, self.expression))
        self.take("\\,d", name)
        return tree, "closed"

    def limit(self):
        self.take("_", "{")
        name = self.advance()
        self.take("\\to")
        to, side = self.expression_before_side()
        self.take("}")
        return ("limit", name, to, side, self.bound(name, self.term)), "open"

    def expression_before_side(self):
        to = ("neg", self.primary()[0]) if self.skip("-") else self.primary()[0]
        side = self.advance() if self.skip("^") else "+"
        return to, side

    def at_value(self):
        r"""\left. f \right|_{\substack{ x=1 }}"""
        start = self.place
        depth, end = 1, self.place
        while depth:  # the names are said at the end, and are needed before
            depth += self.tokens[end].startswith("\\left") - self.tokens[end].startswith("\\right")
            end += 1
        self.place = end
        self.take("_", "{", "\\substack", "{")
        pairs = []
        while not self.skip("}"):
            name = self.advance()
            self.take("=")
            pairs.append((name, self.expression()))
            self.skip("\\\\")
        self.take("}")
        after, self.place = len(self.tokens) - self.place, start
        before, self.names = self.names, self.names | {name: 0 for name, _ in pairs}
        tree = self.expression()
        self.names = before
        self.take("\\right|")
        self.place = len(self.tokens) - after
        return ("at", tree, tuple(pairs)), "closed"

    def cases(self):
        found = []
        while not found or self.skip("\\\\"):
            value = self.expression()
            self.take("&")
            found.append((value, None if self.skip("\\text{otherwise}") else self.condition()))
        self.take("\\end{cases}")
        return ("cases", tuple(found)), "open"

    def matrix(self):
        self.take("\\begin{matrix}")
        rows = [[self.expression()]]
        while self.next in ("&", "\\\\"):
            if self.advance() == "&":
                rows[-1].append(self.expression())
            else:
                rows.append([self.expression()])
        self.take("\\end{matrix}", "\\right]")
        return ("matrix", rows), "open"

    def condition(self):
        self.skip("\\text{for}")
        left = self.expression()
        if self.next not in RELATIONS:
            self.unclear("a condition without relation")
        tree = (RELATIONS[self.advance()], left, self.expression())
        return ("and", tree, self.condition()) if self.skip("\\wedge") else tree


METHODS = {
    "\\left(": Reader.bracket,
    "\\left|": lambda reader: reader.fenced("abs", "\\right|"),
    "\\left\\lfloor": lambda reader: reader.fenced("floor", "\\right\\rfloor"),
    "\\left\\lceil": lambda reader: reader.fenced("ceil", "\\right\\rceil"),
    "\\left.": Reader.at_value,
    "\\frac": Reader.fraction,
    "\\binom": Reader.binomial,
    "\\sqrt": Reader.root,
    "\\log": Reader.log,
    "\\delta": Reader.delta,
    "\\sum": lambda reader: reader.over("sum"),
    "\\prod": lambda reader: reader.over("product"),
    "\\int": Reader.integral,
    "\\lim": Reader.limit,
    "\\begin{cases}": Reader.cases,
    "\\left[": Reader.matrix,
    "\\pi": lambda reader: (("constant", "pi"), "atom"),
    "\\infty": lambda reader: (("constant", "inf"), "atom"),
}


def is_fraction(tree):
    return tree[0] == "div" and tree[1][0] == tree[2][0] == "num"


# --- from a tree to its value ---------------------------------------------------------------------


@dataclass(frozen=True)
class Meaning:
    """Numbers for the names of a formula; `Meaning(...).value(tree)` is what the formula says.

    numbers: {name: number}; entries: {name: f} with f(i, j) the entry; functions: {name: f} with
    f(x, n) the n-th derivative at x; definitions: {name: (names of the subscripts or variables, tree)}.
    """

    numbers: dict = field(default_factory=dict)
    entries: dict = field(default_factory=dict)
    functions: dict = field(default_factory=dict)
    definitions: dict = field(default_factory=dict)
    ctx: object = mpmath.fp  # plain floats; an MPContext where something is differentiated
    window: int = 9  # a sum over all integers runs from -window to window
    principal: bool = False  # whether a negative number has a logarithm and roots, the principal complex ones

    def value(self, tree):
        return getattr(self, "value_" + tree[0])(*tree[1:])

    def bind(self, **numbers):
        return replace(self, numbers={**self.numbers, **numbers})

    def whole(self, tree):
        value = self.value(tree)
        if value != int(value):
            raise ArithmeticError(f"{tree} is not an integer here")
        return int(value)

    def value_num(self, text):
        return self.ctx.mpf(text) if "." in text else int(text)

    def value_constant(self, name):
        return +getattr(self.ctx, name)

    def value_name(self, name):
        return self.value(self.definitions[name][1]) if name in self.definitions else self.numbers[name]

    def value_entry(self, name, subscripts):
        subscripts = [self.whole(s) for s in subscripts]
        if name in self.definitions:
            names, tree = self.definitions[name]
            return self.bind(**dict(zip(names, subscripts, strict=True))).value(tree)
        return self.entries[name](*subscripts)

    def value_delta(self, i, j):
        return int(self.value(i) == self.value(j))

    def value_add(self, a, b):
        return self.value(a) + self.value(b)

    def value_sub(self, a, b):
        return self.value(a) - self.value(b)

    def value_neg(self, a):
        return -self.value(a)

    def value_mul(self, a, b):
        return self.value(a) * self.value(b)

    def value_div(self, a, b):
        return self.ctx.convert(self.value(a)) / self.value(b)

    def value_pow(self, a, b):
        base, exponent = self.value(a), self.value(b)
        if exponent == int(exponent):
            n = int(exponent)
            return base**n if n >= 0 else 1 / self.ctx.convert(base) ** -n
        if not self.principal and base < 0:
            raise ArithmeticError("a root of a negative number")
        return self.ctx.convert(base) ** exponent

    def value_root(self, a, n):
        return self.value_pow(a, ("div", ("num", "1"), n))

    def value_call(self, name, order, arguments):
        values = [self.value(a) for a in arguments]
        if name not in self.definitions:
            return self.functions[name](*values, order)
        names, tree = self.definitions[name]
        bound = self.bind(**dict(zip(names, values, strict=True)))
        return bound.value(("derivative", tree, [("name", names[0])] * order))

    def value_function(self, name, arguments):
        values = [self.value(a) for a in arguments]
        if name in ("max", "min", "abs"):
            return {"max": max, "min": min, "abs": lambda v: abs(*v)}[name](values)
        if name == "sign":
            return (values[0] > 0) - (values[0] < 0)
        if name == "step":
            return self.ctx.mpf(values[0] > 0) if values[0] else self.ctx.mpf(values[1] if values[1:] else 0.5)
        return getattr(self.ctx, name)(*values)

    def value_log(self, a, base):
        a, base = self.value(a), self.value(base) if base else 1
        if 0 in (a, base) or not self.principal and min(a, base) < 0:
            raise ArithmeticError("the logarithm of a number that is not positive")
        return self.ctx.log(a) / (self.ctx.log(base) if base != 1 else 1)

    def terms(self, name, low, high, body):
        ends = (-self.window, self.window) if low is None else (self.whole(low), self.whole(high))
        if ends[1] < ends[0] - 1:
            raise ArithmeticError("the ends of a sum in the wrong order")
        return [self.bind(**{name: n}).value(body) for n in range(ends[0], ends[1] + 1)]

    def value_sum(self, *parts):
        return sum(self.terms(*parts))

    def value_product(self, *parts):
        total = 1
        for factor in self.terms(*parts):
            total *= factor
        return total

    def shifted(self, variable, step):
        """The same meaning, with one name or entry moved by a step."""
        if variable[0] == "name":
            return self.bind(**{variable[1]: self.numbers[variable[1]] + step})
        name, at = variable[1], tuple(self.whole(s) for s in variable[2])
        before = self.entries[name]
        moved = lambda *subscripts: before(*subscripts) + (step if subscripts == at else 0)
        return replace(self, entries={**self.entries, name: moved})

    def value_derivative(self, body, variables):
        """A difference quotient: with 60 digits, right to 30 of them at first order, 20 at second."""
        if not variables:
            return self.value(body)
        step, inner = self.ctx.mpf(10) ** -15, ("derivative", body, variables[1:])
        right, here, left = (self.shifted(variables[0], sign * step).value(inner) for sign in (1, 0, -1))
        slope = (right - left) / (2 * step)
        if self.ctx is not mpmath.fp and abs(right - 2 * here + left) > 1e-6 * step * (1 + abs(slope)):
            raise ArithmeticError("the derivative at a kink")
        return slope

    def value_integral(self, name, low, high, body):
        return self.ctx.quad(lambda t: self.bind(**{name: t}).value(body), [self.value(low), self.value(high)])

    def value_limit(self, name, to, side, body):
        """The value very near by; good for a limit that is approached at least like 1/x."""
        to, near = self.value(to), self.ctx.mpf(10) ** (-12 if self.ctx is not mpmath.fp else -5)
        at = (1 / near if to > 0 else -1 / near) if self.ctx.isinf(to) else to + (-near if side == "-" else near)
        return self.bind(**{name: at}).value(body)

    def value_at(self, body, pairs):
        return self.bind(**{name: self.value(value) for name, value in pairs}).value(body)

    def value_cases(self, cases):
        for value, condition in cases:
            if condition is None or self.holds(*condition):
                return self.value(value)
        raise ArithmeticError("no case applies")

    def value_matrix(self, rows):
        return [[self.value(entry) for entry in row] for row in rows]

    def holds(self, relation, left, right):
        if relation == "and":
            return self.holds(*left) and self.holds(*right)
        a, b = self.value(left), self.value(right)
        return {">": a > b, "<": a < b, ">=": a >= b, "<=": a <= b, "==": a == b, "!=": a != b}[relation]
