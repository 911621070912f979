"""Sums over symbolic ranges, in one canonical form.

A range lo ≤ k ≤ hi is a product of steps in the summand, so every sum runs over all integers, deltas
collapse without case distinction, and Σ over k ≤ K-1 differs from Σ over k ≤ K by a delta.

Closing a sum takes out what does not depend on the bound variables, splits the rest into independent
sums, anchors each bound variable at a subscript (x[k+1] becomes x[k]) and names the bound variables
canonically. Two closed sums are equal as formulas exactly if they are the same atom.
"""

from __future__ import annotations

from math import comb

from sympy import QQ, bernoulli, factorial, gamma

from .algebra import Algebra
from .errors import Unsupported
from .polynomials import UNIT, add, constant, key, value_of

BRANCHES = 60  # at most so many namings of the bound variables are compared
LONGEST = 60  # sums with at most so many explicit terms are written out


class Sums(Algebra):
    """An algebra that knows sums, products and everything that can contain them."""

    # ------------------------------------------------- entries and functions
    def entry(self, base, subscripts, positive=False):
        """The tensor entry base[subscripts]."""
        real = getattr(base, "is_real", None)
        real = bool(real) or real is None and getattr(base, "is_complex", None) is None
        atom = self.make("entry", (base, *map(key, subscripts)), real=real, sign=positive,
                         free=frozenset().union(*map(self.free, subscripts)),
                         height=max(map(self.height, subscripts)))
        return self.built(atom)

    def function(self, function, orders, arguments):
        """A derivative of an unknown function at its arguments."""
        return self.built(self.make("function", (function, orders, *map(key, arguments)), **self.over(*arguments)))

    def call(self, function, arguments, real=True):
        """A known function of SymPy; only Γ has rules of its own."""
        return self.gamma(*arguments) if function is gamma else self.opaque(function, arguments, real)

    def opaque(self, function, arguments, real=True):
        """A function that the algebra takes as it is, such as erf."""
        return self.built(self.make("call", (function, *map(key, arguments)), **self.over(*arguments, real=real)))

    def gamma(self, u):
        """Γ(u), with Γ(n + c) = (n + c - 1) ⋯ n Γ(n) for a whole number c."""
        number = value_of(u)
        if number is not None and number.denominator == 1 and 0 < number < 40:
            return constant(int(factorial(int(number) - 1)))
        shift = u.get((), QQ(0))
        if number is not None or shift.denominator != 1 or abs(shift) > 40:
            return self.opaque(gamma, [u])
        start = {m: c for m, c in u.items() if m}
        value = self.opaque(gamma, [start])
        for t in range(int(shift)):
            value = self.mul(value, add(start, constant(t)))
        for t in range(int(shift), 0):
            value = self.mul(value, self.power(add(start, constant(t)), -1))
        return value

    def rebuild(self, atom, values, rebuild):
        if atom.kind == "entry":
            base, *subscripts = atom.data
            return self.entry(base, [self.substitute(dict(s), values, rebuild) for s in subscripts], atom.sign)
        if atom.kind == "function":
            function, orders, *arguments = atom.data
            return self.function(function, orders, [self.substitute(dict(a), values, rebuild) for a in arguments])
        if atom.kind == "call":
            function, *arguments = atom.data
            return self.call(function, [self.substitute(dict(a), values, rebuild) for a in arguments], atom.real)
        if atom.kind == "sum":
            body, names = self.open(atom)
            return self.close(names, self.substitute(body, values, rebuild))
        if atom.kind == "product":
            low, high, body, name = self.open_product(atom)
            low, high, body = (self.substitute(p, values, rebuild) for p in (low, high, body))
            return self.multiply_over(name, low, high, body)
        return super().rebuild(atom, values, rebuild)

    def subscripts(self, number):
        found = {key(subscript) for _, subscript in self.slots(((number, 1),)) if not self.height(subscript)}
        return sorted({*found, *super().subscripts(number)})

    # ------------------------------------------------------------------ sums
    def sum_over(self, name, low, high, body):
        """Σ of body for the bound variable `name` from low to high (None: without end)."""
        if low is not None and high is not None:
            length = value_of(add(high, low, -1))
            if length is not None:
                if length.denominator != 1:
                    raise Unsupported("a sum whose limits differ by a fraction")
                if length < 0:
                    return {}
                if length < LONGEST:
                    total = {}
                    for t in range(int(length) + 1):
                        total = add(total, self.substitute(body, {name: add(low, constant(t))}))
                    return total
        variable = self.poly(name)
        if low is not None:
            body = self.mul(body, self.step(add(variable, low, -1)))
        if high is not None:
            body = self.mul(body, self.step(add(high, variable, -1)))
        return self.close([name], body)

    def open(self, atom):
        """The summand of a closed sum, with fresh bound variables."""
        positions, body = atom.data
        names = [self.fresh() for _ in positions]
        return self.substitute({body: QQ(1)}, {b: self.poly(n) for b, n in zip(positions, names, strict=True)}), names

    def close(self, names, poly):
        """Σ over all integer values of the bound variables `names`."""
        total = {}
        for m, c in poly.items():
            total = add(total, self.close_monomial(list(names), m), c)
        return total

    def close_monomial(self, names, monomial):
        self.budget.check()
        atoms, bound = self.atoms, set(names)
        # products of inner sums become one sum over all their variables
        for a, e in monomial:
            if atoms[a].kind == "sum" and atoms[a].free & bound and isinstance(e, int) and e > 0:
                body, inner = self.open(atoms[a])
                rest = tuple((b, f if b != a else e - 1) for b, f in monomial if b != a or e > 1)
                return self.close([*names, *inner], self.mul(body, self.tidy(rest) if rest else constant(1)))
        # a delta fixes a variable
        for a, _ in monomial:
            if atoms[a].kind == "delta" and atoms[a].free & bound:
                solved = self.solve_for(dict(atoms[a].data), bound)
                if solved:
                    name, value = solved
                    rest = {tuple((b, f) for b, f in monomial if b != a): QQ(1)}
                    return self.close([n for n in names if n != name], self.substitute(rest, {name: value}))
        if not names:
            return self.tidy(monomial) if monomial else constant(1)
        outside = tuple((a, e) for a, e in monomial if not atoms[a].free & bound)
        result = self.tidy(outside) if outside else constant(1)
        for members, part in self.components(names, [(a, e) for a, e in monomial if atoms[a].free & bound]):
            result = self.mul(result, self.close_component(members, part))
        return result

    def solve_for(self, poly, names):
        for m, c in sorted(poly.items(), reverse=True):
            if len(m) == 1 and m[0][1] == 1 and abs(c) == 1 and m[0][0] in names:
                if not any(m[0][0] in self.atoms[b].free for n in poly if n != m for b, _ in n):
                    return m[0][0], {n: -d / c for n, d in poly.items() if n != m}
        return None

    def components(self, names, factors):
        """Split factors into groups that share no bound variable."""
        groups = [({n}, []) for n in names]
        for a, e in factors:
            touched = [g for g in groups if g[0] & self.atoms[a].free]
            merged = (set().union(*(g[0] for g in touched)), sum((g[1] for g in touched), []) + [(a, e)])
            groups = [g for g in groups if g not in touched] + [merged]
        for members, part in groups:
            if not part:
                raise Unsupported("a sum without end of a constant")
            yield [n for n in names if n in members], tuple(sorted(part))

    def close_component(self, names, monomial):
        for name in names:
            counted = self.count(name, monomial)
            if counted is not None:
                return self.close([n for n in names if n != name], counted)
        if self.patterns and len(names) > 1:
            for name in names:
                inner = tuple((a, e) for a, e in monomial if name in self.atoms[a].free)
                outer = tuple((a, e) for a, e in monomial if name not in self.atoms[a].free)
                known = self.matched_sum(name, inner, outer)
                if known is not None:
                    rest = self.mul(known, self.tidy(outer)) if outer else known
                    return self.close([n for n in names if n != name], rest)
        for name in names:
            self.require_finite(name, monomial)
        named = self.named(names, monomial)
        return named if isinstance(named, dict) else self.sum_atom(*named)

    def named(self, names, monomial):
        """The least of all namings of the bound variables: (summand, factor, names).

        A polynomial, closed already, if a substitution on the way has changed the form.
        """
        best = None
        for order, candidate in self.anchored(names, monomial):
            if isinstance(candidate, dict):
                return self.close(order, candidate)
            changed = self.normal_offsets(order, candidate)
            if changed is not None:
                return self.close(order, changed)
            first = max((self.atoms[a].height for a, _ in candidate), default=0)
            positions = tuple(self.bound(first + t) for t in range(len(order)))
            renaming = {n: self.poly(position) for n, position in zip(order, positions, strict=True)}
            renamed = self.substitute({candidate: QQ(1)}, renaming)
            if len(renamed) != 1:
                raise Unsupported("a sum that cannot be named")
            (body, c), = renamed.items()
            if best is None or body < best[0]:
                best = body, c, positions
        return best

    def sum_atom(self, body, factor, positions):
        """The sum of a summand whose bound variables have their names, times a factor."""
        free = frozenset().union(*(self.atoms[a].free for a, _ in body)) - set(positions)
        sign = all(self.atoms[a].sign or self.atoms[a].kind == "step" for a, _ in body) and \
            self.never_empty(positions, body)
        atom = self.make("sum", (positions, body), free, sign=sign, height=self.atoms[positions[-1]].height,
                         real=self.is_real({body: QQ(1)}))
        return {m: v * factor for m, v in self.tidy(((atom, 1),)).items()}

    def limits(self, name, monomial):
        """Lower and upper limits of a bound variable as the steps of the monomial give them."""
        lower, upper = [], []
        for a, _ in monomial:
            if self.atoms[a].kind == "step" and name in self.atoms[a].free:
                u = dict(self.atoms[a].data)
                c = u.get(((name, 1),), 0)
                rest = {m: v for m, v in u.items() if m != ((name, 1),)}
                if abs(c) != 1 or name in self.free(rest):
                    return None
                lower, upper = (lower + [add({}, rest, -1)], upper) if c == 1 else (lower, upper + [rest])
        return lower, upper

    def count(self, name, monomial):
        """Σ k^n over lo ≤ k ≤ hi in closed form, times the other factors; None where it does not apply."""
        power, steps, others = 0, [], []
        for a, e in monomial:
            if a == name:
                power = e
            elif name not in self.atoms[a].free:
                others.append((a, e))
            elif self.atoms[a].kind == "step":
                steps.append(a)
            else:
                return None
        limits = self.limits(name, monomial)
        if not isinstance(power, int) or power < 0 or limits is None or len(limits[0]) != 1 or len(limits[1]) != 1:
            return None
        (low,), (high,) = limits
        facts = [dict(self.atoms[a].data) for a, _ in others if self.atoms[a].kind == "step"]
        length = add(high, low, -1)
        not_empty = constant(1) if self.at_least(length, -1, facts) else self.step(length)

        def bernoulli_polynomial(x):
            total = {}
            for r in range(power + 2):
                b = bernoulli(r) if r != 1 else -bernoulli(1)  # SymPy's B_1 is +1/2
                weight = QQ(int(b.p), int(b.q)) * comb(power + 1, r)
                total = add(total, self.raised(x, power + 1 - r), weight)
            return total

        counted = add(bernoulli_polynomial(add(high, constant(1))), bernoulli_polynomial(low), -1)
        counted = self.mul({m: c / (power + 1) for m, c in counted.items()}, not_empty)
        return self.mul(counted, self.tidy(tuple(others))) if others else counted

    def require_finite(self, name, monomial):
        limits = self.limits(name, monomial)
        if limits and limits[0] and limits[1]:
            return
        if any(self.atoms[a].kind == "entry" and name in self.atoms[a].free and isinstance(e, int) and e > 0
               for a, e in monomial):
            return  # a sequence of finite support
        raise Unsupported("a sum without end")

    def never_empty(self, positions, body):
        if len(positions) != 1:
            return False
        limits = self.limits(positions[0], body)
        return bool(limits) and len(limits[0]) == len(limits[1]) == 1 and \
            self.at_least(add(limits[1][0], limits[0][0], -1), 0)

    # --------------------------------------------------------- canonical form
    def slots(self, monomial, path=()):
        """Where bound variables can be anchored: (signature, affine subscript)."""
        for a, e in monomial:
            atom = self.atoms[a]
            here = (*path, str(e))
            if atom.kind == "entry":
                for place, subscript in enumerate(atom.data[1:]):
                    yield (len(path), *here, str(atom.data[0]), str(place)), dict(subscript)
            elif atom.kind == "step":
                yield (99, "step"), dict(atom.data)
            elif atom.kind == "exp":
                yield from self.slots(atom.data, (*here, "exp"))
            elif atom.kind == "sum":
                yield from self.slots(atom.data[1], (*here, "sum"))
            elif atom.kind in ("log", "base", "positive", "zero"):
                for m, _ in atom.data:
                    yield from self.slots(m, (*here, atom.kind))
            elif atom.kind in ("function", "call", "pow"):
                name = "" if atom.kind == "pow" else str(atom.data[0])
                for argument in atom.data[{"function": 2, "call": 1, "pow": 0}[atom.kind]:]:
                    for m, _ in argument:
                        yield from self.slots(m, (*here, atom.kind, name))

    def anchored(self, names, monomial):
        """The monomial with each bound variable equal to a subscript, for every tie of the choice.

        Yields (order of the variables, monomial), or (names, polynomial) when a substitution gave a sum.
        """
        states, count = [((), monomial)], 0
        while states:
            order, current = states.pop()
            left = [n for n in names if n not in order]
            if not left:
                yield list(order), current
                continue
            choices = []
            for signature, subscript in self.slots(current):
                for name in left:
                    c = subscript.get(((name, 1),), 0)
                    rest = {m: v for m, v in subscript.items() if m != ((name, 1),)}
                    if abs(c) == 1 and name not in self.free(rest) and self.height(rest) == 0 and (
                            not self.free(rest) & set(left) or signature[0] != 99):
                        if signature[0] == 99 and c < 0:
                            continue
                        choices.append((signature, name, c, rest))
            if not choices:
                yield [*order, *left], current
                continue
            first = min(signature for signature, *_ in choices)
            seen = set()
            for signature, name, c, rest in choices:
                if signature != first or (name, c, key(rest)) in seen or count >= BRANCHES:
                    continue
                seen.add((name, c, key(rest)))
                count += 1
                if c == 1 and not rest:
                    states.append(((*order, name), current))
                    continue
                # the subscript c·name + rest becomes the variable itself
                value = {m: v * c for m, v in add(self.poly(name), rest, -1).items()}
                moved = self.substitute({current: QQ(1)}, {name: value})
                bound = set(names)
                if len(moved) != 1 or next(iter(moved.values())) != 1 or not all(
                        self.atoms[a].free & bound for a, _ in next(iter(moved))):
                    yield list(names), moved  # it falls into parts now
                    return
                states.append(((*order, name), next(iter(moved))))

    def normal_offsets(self, names, monomial):
        """Steps k ≤ K-1 and k ≤ K differ by a delta: use the offset met first; None if nothing changes."""
        bound = set(names)
        for a, _ in monomial:
            atom = self.atoms[a]
            if atom.kind != "step":
                continue
            u = dict(atom.data)
            linear = {m: c for m, c in u.items() if m}
            fixed = key({m: c for m, c in linear.items() if not self.free({m: c}) & bound})
            family = (fixed, tuple(sorted(c for m, c in linear.items() if self.free({m: c}) & bound)))
            first, extra = self.shifted_step(linear, u.get(UNIT, QQ(0)), family)
            if extra:
                rest = tuple((b, e) for b, e in monomial if b != a)
                changed = self.make("step", key(first), special=True, **self.over(first))
                return self.mul(add(self.poly(changed), extra), {rest: QQ(1)})
        return None

    # ----------------------------------------------------------- given facts
    def matched_sum(self, name, inner, outer):
        """The value of the inner sum over one variable according to a given fact, or None."""
        with self.without_facts():
            candidate = self.close([name], {inner: QQ(1)})
        facts = [dict(self.atoms[a].data) for a, _ in outer if self.atoms[a].kind == "step"]
        if len(candidate) == 1:
            (m, c), = candidate.items()
            for a, e in m:
                known = self.atoms[a].kind == "sum" and e == 1 and self.known(a, e, facts)
                if known:
                    rest = tuple((b, f) for b, f in m if b != a)
                    return {n: v * c for n, v in self.mul(known[1], {rest: QQ(1)}).items()}
        return None

    # -------------------------------------------------------------- products
    def multiply_over(self, name, low, high, body):
        """∏ of body for the bound variable `name` from low to high."""
        length = value_of(add(high, low, -1))
        if length is not None and length < LONGEST:
            return self.product(self.substitute(body, {name: add(low, constant(t))}) for t in range(int(length) + 1))
        number = add(add(high, low, -1), constant(1))
        if not self.at_least(number, 0):
            raise Unsupported("a product whose range may be reversed")
        if name not in self.free(body):
            return self.symbolic_power(body, number)
        if self.is_positive(body):
            return self.exp(self.sum_over(name, low, high, self.log(body)))
        result = constant(1)
        c, m, q = self.normalize(body)
        if c != 1:
            result = self.symbolic_power(constant(c), number)
        factors = [({((a, 1),): QQ(1)}, e) for a, e in m] + ([(q, 1)] if value_of(q) != 1 else [])
        for factor, e in factors:
            if not isinstance(e, int):
                raise Unsupported("a product of roots")
            if name not in self.free(factor):
                one = self.symbolic_power(factor, number)
            elif self.is_positive(factor):
                one = self.exp(self.sum_over(name, low, high, self.log(factor)))
            else:
                one = self.product_atom(name, low, high, factor)
            result = self.mul(result, self.power(one, e))
        return result

    def product_atom(self, name, low, high, body):
        extra = constant(1)
        linear = {m: c for m, c in high.items() if m}
        first = self.offsets.setdefault(("product", key(low), key(linear)), high.get(UNIT, QQ(0)))
        if not self.at_least(add(add(linear, constant(first)), low, -1), -1):
            first = high.get(UNIT, QQ(0))
        for t in range(int(first) + 1, int(high.get(UNIT, QQ(0))) + 1):
            extra = self.mul(extra, self.substitute(body, {name: add(linear, constant(t))}))
        for t in range(int(high.get(UNIT, QQ(0))) + 1, int(first) + 1):
            extra = self.mul(extra, self.power(self.substitute(body, {name: add(linear, constant(t))}), -1))
        high = add(linear, constant(first))
        position = self.bound(self.height(body))
        inside = self.substitute(body, {name: self.poly(position)})
        free = (self.free(inside) - {position}) | self.free(low) | self.free(high)
        atom = self.make("product", (key(low), key(high), key(inside), position), free, height=self.height(inside),
                         real=self.is_real(inside))
        return self.mul(self.poly(atom), extra)

    def open_product(self, atom):
        low, high, inside, position = atom.data
        name = self.fresh()
        return dict(low), dict(high), self.substitute(dict(inside), {position: self.poly(name)}), name
