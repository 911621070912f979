"""A second judge that shares no code with the normal form, and uses no numbers.

`Writer` writes a formula out at explicit sizes, in plain symbols: names by their formulas, sums by their terms,
derivatives by SymPy's own; a derivative by a defined name is taken by a symbol in its place. `Polynomials` puts
symbols for what is algebraically independent, e^m for monomials m, log of an irreducible polynomial, values of unknown
functions: an equation is then true exactly if the polynomial in the numerator of its difference is zero.
"""

from functools import cache

import oracle
import sympy as sp
from sympy import Dummy, Function, Integer, Subs
from sympy.core.function import AppliedUndef

from helpers.language import DefinedEntry, DefinedQuantity, DefinedValue

DEEPEST = 4  # so deep may facts stand within one another
SUPPORT = 1  # sequences over all integers are 0 outside -SUPPORT … SUPPORT
WINDOW = 9  # a sum over all integers runs over -WINDOW … WINDOW; its terms must vanish at the ends


class Skipped(Exception):
    """A formula this judge does not write out."""


@cache
def unknown(function, order=0):
    """An unknown function of one variable, whose derivative SymPy takes by name."""
    made = type(f"{function}_{order}", (Function,), {"fdiff": lambda self, place=1: unknown(function, order + 1)(
        *self.args), "of": function, "order": order, "is_real": True})
    return made


class Writer:
    """Writes formulas out at explicit sizes; `symbols` stand for entries, and for names while they are hidden.

    Tensors in `sequences` are indexed by all integers.
    """

    def __init__(self, sequences=frozenset()):
        self.symbols, self.meaning, self.sequences = {}, {}, sequences

    def symbol(self, name, place=()):
        if (name, place) not in self.symbols:
            made = self.symbols[name, place] = Dummy(f"{name}{place}", real=True)
            self.meaning[made] = name, place
        return self.symbols[name, place]

    def write(self, expr, env, hidden):
        part = lambda e: self.write(e, env, hidden)
        if isinstance(expr, DefinedEntry):
            place = tuple(map(part, expr.indices))
            if expr.base in hidden:
                return self.symbol(expr.base, place)
            return self.write(expr.base.formula, {**env, **dict(zip(expr.base.over, place, strict=True))}, hidden)
        if isinstance(expr, DefinedQuantity):
            return self.symbol(expr) if expr in hidden else part(expr.formula)
        if isinstance(expr, DefinedValue):
            law, values = expr.law
            return self.write(law, {**env, **{name: part(value) for name, value in values.items()}}, hidden)
        if isinstance(expr, sp.Symbol):
            return env.get(expr, expr)
        if isinstance(expr, sp.Indexed):
            place = tuple(map(part, expr.indices))
            if not all(index.is_Integer for index in place):
                raise Skipped
            beyond = expr.base.label in self.sequences and any(abs(index) > SUPPORT for index in place)
            return Integer(0) if beyond else self.symbol(expr.base, place)
        if isinstance(expr, sp.Sum | sp.Product):
            return self.over(expr.limits, expr, env, hidden)
        if isinstance(expr, sp.KroneckerDelta):
            return Integer(part(expr.args[0]) == part(expr.args[1]))
        if isinstance(expr, sp.Piecewise):
            return self.case(expr, env, hidden)
        if isinstance(expr, AppliedUndef) and len(expr.args) == 1:
            return unknown(getattr(expr.func, "of", expr.func), getattr(expr.func, "order", 0))(part(expr.args[0]))
        if isinstance(expr, Subs):
            return self.substituted(expr, env, hidden)
        if isinstance(expr, sp.Derivative):
            return self.derived(expr, env, hidden)
        return expr.func(*map(part, expr.args)) if expr.args else expr

    def over(self, limits, expr, env, hidden):
        """A sum or product, term by term; the last limit is the outermost."""
        if not limits:
            return self.write(expr.function, env, hidden)
        *inner, (name, low, high) = limits
        low, high = (self.write(end, env, hidden) if end.is_finite is not False else end for end in (low, high))
        endless = low == -sp.oo and high == sp.oo
        if endless:
            low, high = -WINDOW, WINDOW
        elif not (low.is_Integer and high.is_Integer) or high < low - 1:
            raise Skipped
        terms = [self.over(inner, expr, {**env, name: Integer(n)}, hidden) for n in range(int(low), int(high) + 1)]
        if endless and any(terms[:2] + terms[-2:]):
            raise Skipped
        return (sp.Add if isinstance(expr, sp.Sum) else sp.Mul)(*terms)

    def case(self, expr, env, hidden):
        for value, condition in expr.args:
            holds = condition if condition in (sp.true, sp.false) else condition.func(
                *(self.write(side, env, hidden) for side in condition.args))
            if holds not in (sp.true, sp.false):
                raise Skipped
            if holds == sp.true:
                return self.write(value, env, hidden)
        raise Skipped

    def substituted(self, expr, env, hidden):
        body, names, values = expr.args
        if any(name in other.formula.free_symbols for other in hidden for name in names):
            raise Skipped
        places = [Dummy(real=True) for _ in names]
        found = self.write(body, env | dict(zip(names, places, strict=True)), hidden)
        return found.xreplace({place: self.write(v, env, hidden) for place, v in zip(places, values, strict=True)})

    def derived(self, expr, env, hidden):
        by = [variable for variable, count in expr.variable_count for _ in range(count)]
        named = {getattr(v_, "base", v_) for v_ in by if hasattr(v_, "law")} - hidden
        body = self.write(expr.expr, env, hidden | named)
        for variable in by:
            place = tuple(self.write(index, env, hidden) for index in getattr(variable, "indices", ()))
            if getattr(variable, "base", None) is not None and not self.write(variable, env, hidden):
                raise Skipped  # a place where a sequence is 0
            known = hasattr(variable, "law") or place
            body = sp.diff(body, self.symbol(getattr(variable, "base", variable), place) if known
                           else env.get(variable, variable))
        back = {}
        for made in body.free_symbols & self.meaning.keys():
            name, place = self.meaning[made]
            if name in named:
                inside = dict(zip(getattr(name, "over", ()), place, strict=True))
                back[made] = self.write(name.formula, {**env, **inside}, hidden)
        return body.xreplace(back)


class Polynomials:
    """Rational functions in symbols that stand for algebraically independent quantities."""

    def __init__(self):
        self.exponentials, self.others, self.relations = {}, {}, []
        self.scale = 2  # e^(m/scale) for every monomial m
        self.certain = True  # that what is not 0 as a polynomial is not 0

    def atom(self, kind, what):
        return self.others.setdefault((kind, what), Dummy(f"{kind}{len(self.others)}", positive=kind == "root"))

    def read(self, expr):
        """The rational function that an expression without sums, names and derivatives is."""
        if isinstance(expr, sp.exp):
            return self.exponential(expr.args[0])
        if isinstance(expr, sp.Pow):
            return self.power(*expr.args)
        if isinstance(expr, sp.tanh):
            twice = self.exponential(2 * expr.args[0])
            return (twice - 1) / (twice + 1)
        if isinstance(expr, sp.sin | sp.cos):
            return self.wave(expr)
        if isinstance(expr, sp.log):
            return self.logarithm(expr.args[0])
        if hasattr(expr, "of"):
            return self.atom("f", (expr.of, expr.order, self.normal(expr.args[0])))
        if isinstance(expr, sp.Add | sp.Mul):
            return expr.func(*map(self.read, expr.args))
        if expr.is_Symbol or expr.is_Rational:
            return expr
        if expr == sp.E:
            return self.exponential(Integer(1))
        raise Skipped

    def normal(self, expr):
        return sp.cancel(sp.together(self.read(expr)))

    def power(self, base, exponent):
        if exponent.is_Integer:
            return self.read(base) ** exponent
        if base == sp.E:
            return self.exponential(exponent)
        if not exponent.is_Rational:
            raise Skipped
        inside = self.normal(base)
        root = self.atom("root", (inside, exponent.q))
        self.relations.append((root, sp.fraction(sp.together(root**exponent.q - inside))[0]))
        self.certain = False
        return root**exponent.p

    def exponential(self, exponent):
        above, below = sp.fraction(self.normal(exponent))
        self.certain &= bool(below.is_number)
        made = Integer(1)
        for term in sp.Add.make_args(sp.expand(above)):
            number, rest = term.as_coeff_Mul()
            number, unit = (number / below, rest) if below.is_number else (number, rest / below)
            if not (number * self.scale).is_Integer:
                raise Skipped
            argument = self.argument(unit)
            if argument is not None and number.is_Integer:  # e^(n log a)
                made *= argument ** number
                continue
            symbol = self.exponentials.setdefault(unit, Dummy(f"E{len(self.exponentials)}", positive=True))
            made *= symbol ** (number * self.scale)
        return made

    def argument(self, unit):
        """a of the symbol of log a, None of any other."""
        return next((what for (kind, what), symbol in self.others.items() if kind == "log" and symbol == unit), None)

    def wave(self, expr):
        inside = self.normal(expr.args[0])
        sine, cosine = self.atom("sin", inside), self.atom("cos", inside)
        self.relations.append((cosine, cosine**2 + sine**2 - 1))
        self.certain = False
        return sine if isinstance(expr, sp.sin) else cosine

    def logarithm(self, argument):
        """log(a b^n) = log a + n log b where all factors are positive."""
        above, below = sp.fraction(self.normal(argument))
        back = {symbol: unit for unit, symbol in self.exponentials.items()}
        total = Integer(0)
        for sign, side in ((1, above), (-1, below)):
            number, factors = sp.factor_list(side)
            if number <= 0 or not all(factor.is_positive for factor, _ in factors):
                self.certain = False
                return self.atom("log", self.normal(argument))
            for prime, n in sp.factorrat(number).items() if number != 1 else ():
                total += sign * n * self.atom("log", Integer(prime))
            for factor, n in factors:
                known = back.get(factor)
                total += sign * n * (known / self.scale if known is not None else self.atom("log", factor))
        return total

    def is_zero(self, expr):
        """True or False where that is certain, else None."""
        above, _ = sp.fraction(sp.together(self.read(expr)))
        above = sp.expand(above)
        for symbol, relation in reversed(self.relations):
            above = sp.rem(above, relation, symbol)
        if sp.expand(above) == 0:
            return True
        return False if self.certain else None


def solved(facts):
    """What the facts, expressions that are 0, say about one quantity each, in order: [(quantity, value)]."""
    found = []
    for fact in facts:
        for what, value in found:
            fact = fact.xreplace({what: value})
        fact = sp.expand(fact)
        if fact == 0:
            continue
        calls = sorted(fact.atoms(Function) - fact.atoms(sp.exp, sp.log), key=str)
        for what in sorted(fact.free_symbols, key=str, reverse=True) + calls:
            place = Dummy()
            slope = sp.diff(fact.xreplace({what: place}), place)
            if slope != 0 and not slope.has(place) and not (fact - slope * what).xreplace({what: place}).has(place):
                found.append((what, -(fact.xreplace({what: Integer(0)})) / slope))
                break
        else:
            raise Skipped
    return found


def assignments(symbols, where, known):
    """All values of the indices in their ranges."""
    found = [dict(known)]
    for symbol in symbols:
        if symbol not in where:
            raise Skipped
        low, high = (-1, 1) if where[symbol][0] == -sp.oo else where[symbol]
        found = [{**values, symbol: Integer(n)} for values in found
                 for n in range(int(sp.sympify(low).subs(values)), int(sp.sympify(high).subs(values)) + 1)]
    return found


def second_opinion(pair, rng, places=2, largest=3):
    """Whether a claim holds at explicit sizes: True, False, or None where this judge cannot say."""
    sides = [pair.lhs, pair.rhs]
    known = oracle.unbound(sp.Tuple(*sides))
    facts = [side for fact in pair.given for side in fact.args]
    ranges = {s for s in pair.where if s.is_integer and not s.is_positive}
    sizes = {s for s in known | oracle.unbound(sp.Tuple(*facts)) | {
        t for s in ranges for t in sp.Tuple(*pair.where[s]).free_symbols} if s.is_integer and s.is_positive}
    own = sorted(ranges - known, key=str)
    sequences = oracle.endless(pair.where, *sides)
    try:
        for number in range(places):
            smallest = {s: int(pair.where.get(s, (1, 1))[0]) for s in sizes}
            env = {s: Integer(rng.randint(low, max(low, largest))) for s, low in smallest.items()}
            free = [s for s in known if s.is_integer and not s.is_positive]
            choices = assignments(sorted(free, key=str), pair.where, env)
            if number % 2:  # where indices are equal, deltas are 1
                choices = sorted(choices, key=lambda values: len({values[s] for s in free}))[:3]
            env = rng.choice(choices)
            writer = Writer(sequences)
            difference = writer.write(pair.lhs, env, frozenset()) - writer.write(pair.rhs, env, frozenset())
            rules = solved(writer.write(fact.lhs - fact.rhs, values, frozenset())
                           for fact in pair.given for values in assignments(own, pair.where, env))
            for what, value in DEEPEST * rules:  # what a fact replaces may stand within what it replaces
                difference = difference.xreplace({what: value})
            verdict = Polynomials().is_zero(difference)
            if not verdict:
                return verdict
    except (Skipped, IndexError):
        return None
    return True
