"""Powers, exponentials and logarithms of polynomials, each in one form.

Logarithms are taken apart and exponentials put together; a power of a sum is an atom over the sum in a
normal form, so that equal quotients look alike.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from sympy import QQ
from sympy.polys.rings import ring

from .atoms import IDEMPOTENT
from .errors import Unsupported
from .indicators import Indicators
from .polynomials import UNIT, add, constant, key, merge, prime_factors, rational, value_of, whole

TERMS, NAMES, DEGREE, ROOTS = 60, 12, 40, 12  # larger polynomials are not factored


class Powers(Indicators):
    """An algebra with powers."""

    def exp(self, p):
        factors = []
        for m, c in p.items():
            exponent = whole(Fraction(int(c.numerator), int(c.denominator)))
            atoms = [self.atoms[a] for a, _ in m]
            indicator = next((a for a, e in m if self.atoms[a].kind in IDEMPOTENT), None)
            if indicator is not None:
                rest = tuple((a, e) for a, e in m if a != indicator)
                jump = add(self.exp({rest: c}), constant(1), -1)
                factors.append(add(constant(1), self.mul(self.poly(indicator), jump)))
            elif len(m) == 1 and atoms[0].kind == "log" and m[0][1] == 1:
                factors.append(self.power(dict(atoms[0].data), exponent))
            else:
                inside = {m: QQ(1)}
                real = self.is_real(inside)
                atom = self.make("exp", m, sign=real, **self.over(inside))
                factors.append(self.built(atom, exponent))
        return self.product(factors)

    def log(self, p):
        if not p:
            raise Unsupported("log 0")
        c, m, q = self.normalize(p)
        total = {}
        if c < 0:
            c, q = -c, add({}, q, -1)
        for prime, exponent in prime_factors(c):
            if prime != 1:
                inside = constant(prime)
                total = add(total, self.poly(self.make("log", key(inside), sign=True)), exponent)
        rest = []
        for a, e in m:
            atom = self.atoms[a]
            if not atom.sign:
                rest.append((a, e))
            elif atom.kind == "exp":
                total = add(total, {atom.data: QQ(1)}, rational(e))
            elif atom.kind == "base":
                total = add(total, self.log(dict(atom.data)), rational(e))
            elif atom.kind == "prime":
                total = add(total, self.poly(self.make("log", key(constant(atom.data)), sign=True)), rational(e))
            else:
                inside = self.poly(a)
                total = add(total, self.poly(self.make("log", key(inside), **self.over(inside))), rational(e))
        rest = tuple(rest)
        if not rest and value_of(q) == 1:
            return total
        if not rest and self.is_positive(q):
            for factor, multiplicity in self.factor(q):
                atom = self.make("log", key(factor), **self.over(factor, real=True))
                total = add(total, self.poly(atom), multiplicity)
            return total
        inside = self.mul({rest: QQ(1)} if rest else constant(1), q)
        if value_of(inside) == 1:
            return total
        return add(total, self.poly(self.make("log", key(inside), **self.over(inside, real=False))))

    def power(self, p, exponent):
        """p ** exponent for a rational exponent (principal value)."""
        if isinstance(exponent, int) and exponent >= 0:
            return self.raised(p, exponent)
        if not p:
            if exponent > 0:
                return {}
            raise Unsupported("division by 0")
        c, m, q = self.normalize(p)
        if isinstance(exponent, int):
            outside, left = constant(c ** exponent), m
        else:
            outside, left, q = self.out_of_root(c, m, q, exponent)
        if any(self.atoms[a].kind in IDEMPOTENT for a, _ in left):
            raise Unsupported("division by an indicator")
        if left:
            outside = self.mul(outside, self.tidy(tuple((a, whole(Fraction(e * exponent))) for a, e in left)))
        return self.mul(outside, self.power_of_normalized(q, exponent))

    def out_of_root(self, c, m, q, exponent):
        """What leaves the root of c·m·q: a polynomial, the positive atoms of m, and what stays inside."""
        outside = self.rational_power(abs(c), exponent)
        inside = {}
        for a, e in m:
            atom = self.atoms[a]
            if atom.sign:
                continue
            if atom.real and isinstance(e, int) and e % 2 == 0 and (e * exponent).denominator == 1:  # √(x²) = |x|
                outside = self.mul(outside, self.power(self.absolute(self.poly(a)), int(e * exponent)))
            else:
                inside[a] = e
        q = {n: v * (1 if c > 0 else -1) for n, v in q.items()}
        if inside:
            q = self.mul({tuple(inside.items()): QQ(1)}, q)
        return outside, tuple((a, e) for a, e in m if self.atoms[a].sign), q

    def power_of_normalized(self, q, exponent):
        """q ** exponent where no monomial divides all terms of q."""
        if value_of(q) == 1:
            return constant(1)
        if len(q) == 1:
            (m, c), = q.items()
            if c == 1 and len(m) == 1 and m[0][1] == 1 and (
                    isinstance(exponent, int) or self.atoms[m[0][0]].kind != "exp"):
                return self.poly(m[0][0], exponent)
            return self.base_power(q, exponent)
        factors = self.factor(q)
        if not isinstance(exponent, int) and not self.is_positive(q):
            even = all(e % 2 == 0 and (e * exponent).denominator == 1 for _, e in factors)
            if not even or not self.is_real(q):
                return self.base_power(q, exponent)
            # √((a + b)²) = |a + b|
            return self.product(self.power(self.absolute(factor), int(e * exponent)) for factor, e in factors)
        result = constant(1)
        for factor, multiplicity in factors:
            e = whole(Fraction(exponent * multiplicity))
            result = self.mul(result, self.power(factor, e) if len(factor) == 1 else self.base_power(factor, e))
        return result

    def base_power(self, q, exponent):
        atom = self.make("base", key(q), special=True, sign=self.is_positive(q), **self.over(q))
        if isinstance(exponent, Fraction) and not self.atoms[atom].sign:
            self.atoms[atom].real = False
        return self.tidy(((atom, exponent),))

    def rational_power(self, c, exponent):
        """c ** exponent for a positive rational c: primes with fractional exponents."""
        result = constant(1)
        for prime, e in prime_factors(c):
            if prime != 1:
                atom = self.make("prime", prime, sign=True, special=True)
                result = self.mul(result, self.tidy(((atom, whole(Fraction(e) * exponent)),)))
        return result

    def symbolic_power(self, p, exponent):
        """p ** exponent for an exponent that is not a number."""
        number = value_of(exponent)
        if number is not None:
            return self.power(p, whole(Fraction(int(number.numerator), int(number.denominator))))
        if self.is_positive(p):
            return self.exp(self.mul(exponent, self.log(p)))
        result = constant(1)
        for m, c in exponent.items():
            if not m and c.denominator == 1:
                result = self.mul(result, self.power(p, int(c)))
            elif p and c.denominator == 1 and self.is_integer({m: QQ(1)}):
                for factor, e in self.factors(p):
                    result = self.mul(result, self.integer_power(factor, m, int(c) * e))
            else:
                return self.poly(self.make("pow", (key(p), key(exponent)), **self.over(p, exponent, real=False)))
        return result

    def factors(self, p):
        """The factors of a product with whole exponents; a sum is one factor."""
        if len(p) > 1 or not all(isinstance(e, int) for m in p for _, e in m):
            return [(p, 1)]
        (m, c), = p.items()
        return [(self.poly(a), e) for a, e in m] + ([(constant(c), 1)] if c != 1 else [])

    def integer_power(self, p, m, c):
        """p ** (c·m) for a monomial m with integer values and a whole number c."""
        if self.is_positive(p):
            return self.exp(self.mul({m: QQ(c)}, self.log(p)))
        number, result = value_of(p), constant(1)
        if number is not None and number != -1:  # (-2)^t = (-1)^t 2^t
            result, p = self.exp(self.mul({m: QQ(c)}, self.log(constant(-number)))), constant(-1)
        power = {m: QQ(1)}
        atom = self.make("pow", (key(p), key(power)), special=number is not None, **self.over(p, power))
        return self.mul(result, self.tidy(((atom, c),)))

    # ------------------------------------------------  canonical quotients
    def normalize(self, p):
        """(c, m, q) with p = c·m·q, q without common monomial; binomials become 1 + c·r."""
        lowest = None
        for m in p:
            exponents = dict(m)
            if lowest is None:
                lowest = exponents
                continue
            lowest = {a: min(lowest.get(a, 0), exponents.get(a, 0)) for a in {*lowest, *exponents}}
        common = tuple(sorted((a, e) for a, e in lowest.items() if e))
        q = {merge(m, tuple((a, -e) for a, e in common)): c for m, c in p.items()}
        if len(q) == 1:
            return q[UNIT], common, constant(1)
        if any(self.atoms[a].kind == "base" and e >= 1 for n in q for a, e in n):  # over one denominator
            expanded = {}
            for n, c in q.items():
                expanded = add(expanded, self.tidy(n), c)
            if not expanded:
                raise Unsupported("division by 0")
            c, m, q = self.normalize(expanded)
            return c, merge(common, m), q
        if len(q) == 2 and UNIT not in q:
            first, second = sorted(q)
            ratio = merge(first, tuple((a, -e) for a, e in second))
            if ratio[0][1] < 0:
                first, second = second, first
                ratio = tuple((a, -e) for a, e in ratio)
            common, q = merge(common, second), {ratio: q[first], UNIT: q[second]}
        elif len(q) == 2:
            (ratio, c), = ((m, c) for m, c in q.items() if m)
            if ratio[0][1] < 0:
                common = merge(common, ratio)
                q = {tuple((a, -e) for a, e in ratio): q[UNIT], UNIT: c}
        content = q[UNIT] if UNIT in q else q[max(q)]
        return content, common, {m: c / content for m, c in q.items()}

    def factor(self, q):
        """Irreducible factors of a normalized polynomial, with multiplicities; their product is q."""
        found = self.factored.get(key(q))
        if found is None:
            found = self.factored[key(q)] = self._factor(q)
        return found

    def _factor(self, q):
        """Roots become new generators: √x is y with x = y², so that SymPy sees a polynomial."""
        names = sorted({a for m in q for a, _ in m})
        degree = max(sum(abs(Fraction(e)) for _, e in m) for m in q)
        if len(q) > TERMS or len(names) > NAMES or degree > DEGREE or self.irreducible(q, names):
            return [(q, 1)]
        scale = {a: lcm(*(Fraction(dict(m).get(a, 0)).denominator for m in q)) for a in names}
        if max(scale.values()) > ROOTS:
            return [(q, 1)]
        low = {a: min(dict(m).get(a, 0) for m in q) for a in names}
        polynomials, *generators = ring([f"a{a}" for a in names], QQ)
        total = polynomials.from_dict({tuple(int((dict(m).get(a, 0) - low[a]) * scale[a]) for a in names): c
                                       for m, c in q.items()})
        content, factors = total.factor_list()
        if len(factors) == 1 and factors[0][1] == 1:
            return [(q, 1)]
        result, left = [], content
        for factor, multiplicity in factors:
            back = {}
            for exponents, c in factor.terms():
                m = tuple((a, whole(Fraction(e, scale[a]))) for a, e in zip(names, exponents, strict=True) if e)
                back[m] = QQ(c)
            c, m, r = self.normalize(back)
            left = left * c ** multiplicity
            if m:
                result.append(({m: QQ(1)}, multiplicity))
            if value_of(r) != 1:
                result.append((r, multiplicity))
        if left != 1:
            result.append((constant(left), 1))
        monomial = tuple((a, low[a]) for a in names if low[a])
        if monomial:
            result.append(({monomial: QQ(1)}, 1))
        return result

    @staticmethod
    def irreducible(q, names):
        """A quick sufficient test: linear in some atom with a single leading term, no common monomial."""
        for a in names:
            having = [dict(m)[a] for m in q if a in dict(m)]
            if len(having) == 1 and having[0] == 1 and len(q) >= 2 and all(
                    e >= 0 for m in q for _, e in m):
                return True
        return False

    def partial_fraction(self, monomial, base, exponent):
        """Rewrite r^n/(1+c·r+…) with smaller n, so that summands have one form only; else None."""
        q = dict(self.atoms[base].data)
        if UNIT not in q or not isinstance(exponent, int):
            return None
        exponents = dict(monomial)
        rest = tuple((a, e) for a, e in monomial if a != base)
        less, same = self.poly(base, exponent + 1) if exponent != -1 else constant(1), self.poly(base, exponent)
        if len(q) == 2:  # q = 1 + c·r, so r·q^e = (q^(e+1) - q^e)/c and q^e/r = q^(e+1)/r - c·q^e
            (r, c), = ((m, c) for m, c in q.items() if m)
            lead, step = r[0]
            turns = (Fraction(exponents.get(lead, 0)) / Fraction(step)).__floor__()
            if turns == 0:
                return None
            inverse = tuple((a, -e) for a, e in r)
            if turns > 0:
                without = merge(rest, inverse)
                replaced = add({m: v / c for m, v in less.items()}, same, -1 / c)
            else:
                without = merge(rest, r)
                replaced = add({merge(m, inverse): v for m, v in less.items()}, same, -c)
            return self.mul({without: QQ(1)}, replaced)
        lead = min(a for m in q for a, _ in m)
        degrees = [dict(m).get(lead, 0) for m in q]
        top = max(degrees)
        leaders = [m for m in q if dict(m).get(lead, 0) == top]
        if min(degrees) < 0 or len(leaders) != 1 or exponents.get(lead, 0) < top:
            return None
        leader, c = leaders[0], q[leaders[0]]
        without = merge(rest, tuple((a, -e) for a, e in leader))
        others = {m: v for m, v in q.items() if m != leader}
        replaced = add({m: v / c for m, v in less.items()}, self.mul_raw(others, same), -1 / c)
        return self.mul({without: QQ(1)}, replaced)
