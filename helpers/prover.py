"""The proof of a claim for all sizes: normal form, case distinction, induction, explicit sizes."""

from __future__ import annotations

from itertools import product
from math import prod

import sympy as sp
from sympy.core.function import AppliedUndef

from .atoms import IDEMPOTENT
from .budget import interruptible
from .errors import OutOfTime, Unsupported
from .language import parts
from .polynomials import add, constant
from .reader import Reader

CASES = 64  # so many values of indices are gone through one by one
FAILURES = (Unsupported, OutOfTime, RecursionError, ZeroDivisionError, ArithmeticError, NotImplementedError)


def attempt(step, budget):
    """The result of a proof step, or None if it fails or runs out of time."""
    try:
        return step()
    except OutOfTime:
        budget.check()
        return None
    except FAILURES:
        return None


def prove(claim, budget):
    """How the claim was proved ("", "by induction on t", …), or None."""
    reader = prepared(claim, budget)
    difference = attempt(lambda: difference_of(reader, claim), budget)
    if difference is not None:
        if attempt(lambda: reader.is_zero(difference), budget):
            return ""
        if attempt(lambda: by_cases(reader, difference), budget):
            return "by cases"
        if attempt(lambda: by_enumeration(claim, budget), budget):
            return "by cases"
    counted = [(size, tried[0]) for size, tried in claim.sizes.items()]
    counted += [(index, low) for index, (low, _) in claim.indices.items() if low.is_Integer]
    for name, start in counted:
        if attempt(lambda name=name, start=start: by_induction(claim, name, start, budget), budget):
            return f"by induction on {name}"
    if interruptible() and scalar(claim) and simplifies_to_zero(claim):
        return "by SymPy's simplify"
    return None


def scalar(claim):
    """Whether SymPy's own simplify may be believed: nothing but elementary functions of plain symbols."""
    risky = (sp.Sum, sp.Product, sp.KroneckerDelta, sp.Piecewise, sp.Derivative, sp.Integral, sp.Limit, sp.Subs,
             sp.Heaviside, sp.sign, sp.floor, sp.ceiling, sp.Indexed, AppliedUndef, sp.MatrixExpr, sp.binomial,
             sp.factorial, sp.gamma)
    return not claim.given and not any(
        isinstance(node, risky) or hasattr(node, "law") or node.is_Integer and abs(node) > 1000
        for side in (claim.lhs, claim.rhs) for node in parts(side))


def simplifies_to_zero(claim):
    try:
        return sp.simplify(claim.lhs - claim.rhs) == 0
    except Exception:  # SymPy's simplify crashes in many ways
        return False


def prepared(claim, budget, fixed=None):
    """A reader that knows the ranges of the claim's symbols and its given facts.

    `fixed` gives sizes and indices a value in place of their symbol.
    """
    reader = Reader(budget)
    reader.fixed = fixed or {}
    for size, tried in claim.sizes.items():
        reader.assume_integer(size, low=constant(tried[0]))
    everything = [claim, *claim.given]
    for part in everything:
        for symbol in part.integers:
            low = 1 if symbol.is_positive else 0 if symbol.is_nonnegative else None
            reader.assume_integer(symbol, low if low is None else constant(low))
        for symbol in part.indices:  # the limits of one index may name another
            reader.assume_integer(symbol)
    for part in everything:
        for index, limits in part.indices.items():
            low, high = (None if limit in (sp.oo, -sp.oo) else reader.read(limit) for limit in limits)
            reader.assume_integer(index, low, high)
            if part is claim and None not in (low, high):  # the ranges of a claim are never empty
                reader.assume_nonnegative(add(high, low, -1))
    for symbol, (low, high) in claim.intervals.items():
        for less, more in ((low, symbol), (symbol, high)):
            if sp.oo not in (less, more) and -sp.oo not in (less, more):
                reader.assume_positive(add(reader.read(more), reader.read(less), -1))
        if low.is_number and low >= 0:
            reader.assume_positive(reader.read(symbol))
    for fact in claim.given:
        learn(reader, fact)
    return reader


def learn(reader, fact):
    """Turn a given equation into a rule atom^n -> value."""
    with reader.without_facts():
        left, right = reader.read(fact.lhs), reader.read(fact.rhs)
    equation = add(left, right, -1)
    universal = [reader.symbol(i) for i in fact.universal]
    best = None
    for m, c, a, power, others in leading_powers(reader, equation):
        atom = reader.atoms[a]
        if any(a == b or reader.atoms[a].kind == "sym" and a in reader.atoms[b].free
               for n in equation if n != m for b, e in n if (b, e) != (a, power) and not (b == a and e < power)):
            continue
        if atom.kind == "sym" and a in reader.integers or not set(universal) <= atom.free:
            continue
        rank = (not others, left == {m: c}, ["exp", "sym", "function", "entry", "sum"].index(atom.kind)
                if atom.kind in ("exp", "sym", "function", "entry", "sum") else -1, power, a)
        if best is None or rank > best[0]:
            inverse = {tuple((b, -e) for b, e in others): -1 / c}
            best = rank, a, power, reader.mul({n: d for n, d in equation.items() if n != m}, inverse)
    if best is None:
        if equation:
            raise Unsupported(f"a fact that cannot be solved for one quantity: {fact.lhs} = {fact.rhs}")
        return
    _, a, power, value = best
    limits = [(number, *reader.bounds.get(number, (None, None))) for number in universal]
    reader.patterns.append((a, power, limits, value))
    reader.tidied.clear()


def leading_powers(reader, equation):
    """Terms c·others·a^power of an equation in which the other factors are never 0.

    They are positive, or the equation says that the product is a number other than 0.
    """
    product = len(equation) == 2 and () in equation
    for m, c in equation.items():
        for a, power in m:
            others = tuple((b, e) for b, e in m if b != a)
            factors = [reader.atoms[b] for b, _ in others]
            nonzero = all(b.sign or product and b.kind not in IDEMPOTENT for b in factors)
            if nonzero and isinstance(power, int) and power > 0:
                yield m, c, a, power, others


def by_cases(reader, difference, depth=3):
    """Distinguish i = j and i ≠ j for deltas inside other functions of a difference that is not 0 as it stands."""
    if not depth:
        return False
    nested = sorted({b for m in difference for a, _ in m if reader.atoms[a].kind != "delta"
                     for b in deltas_inside(reader, a)})
    for delta in nested[:2]:
        solved = reader.solve(dict(reader.atoms[delta].data))
        if solved is None:
            continue
        cases = (reader.substitute(difference, {solved[0]: solved[1]}), reader.without(difference, delta))
        if all(reader.is_zero(case) or by_cases(reader, case, depth - 1) for case in cases):
            return True
    return False


def by_enumeration(claim, budget):
    """Every value of the indices that have few, such as the bits of a parity."""
    few = {index: range(int(low), int(high) + 1) for index, (low, high) in claim.indices.items()
           if low.is_Integer and high.is_Integer}
    if not few or prod(map(len, few.values())) > CASES:
        return False
    for values in product(*few.values()):
        reader = prepared(claim, budget, {i: constant(v) for i, v in zip(few, values, strict=True)})
        if not reader.is_zero(difference_of(reader, claim)):
            return False
    return True


def deltas_inside(reader, number):
    atom = reader.atoms[number]
    if atom.kind == "delta":
        if not any(reader.atoms[a].kind in ("var", "bound") for a in atom.free):
            yield number
        return
    for part in atom.data if isinstance(atom.data, tuple) else ():
        yield from (d for a in atoms_of(part) for d in deltas_inside(reader, a))


def atoms_of(part):
    """Atom numbers in a piece of an atom's data, whatever its shape."""
    if isinstance(part, tuple):
        if len(part) == 2 and isinstance(part[0], int) and not isinstance(part[1], tuple):
            yield part[0]
        else:
            for piece in part:
                yield from atoms_of(piece)


def by_induction(claim, size, start, budget):
    """Base and step in one size or index: e(start) = 0, and e(n) = 0 implies e(n + 1) = 0."""
    everything = [claim, *claim.given]
    if claim.given or any(size in low.free_symbols | high.free_symbols
                          for part in everything for low, high in part.indices.values()):
        return False
    reader = prepared(claim, budget, {size: constant(int(start))})
    if not reader.is_zero(difference_of(reader, claim)):
        return False
    reader = prepared(claim, budget)
    now = reader.cleared(difference_of(reader, claim))
    reader.fixed = {size: add(reader.poly(reader.symbol(size)), constant(1))}
    after = reader.cleared(difference_of(reader, claim))
    if not after:
        return True
    for a in sorted({a for m in now for a, e in m if e == 1 and reader.atoms[a].kind in ("sum", "product", "call")}):
        # now = p·a + q and after = r·a + s: a = -q/p turns after into (s·p - r·q)/p
        (p, q), (r, s) = (split(poly, a) for poly in (now, after))
        if not p or r is None or reader.is_zero(p) or not never_zero(reader, p, claim.coarse):
            continue
        if reader.is_zero(add(reader.mul(s, p), reader.mul(r, q), -1)):
            return True
    return False


def never_zero(reader, p, coarse):
    """Whether p, a factor to divide by, is not 0 whatever the sizes are.

    Numbers may make it 0 on a set of measure zero: there the identity follows by continuity, unless the claim
    is coarse and has jumps.
    """
    if reader.is_positive(p):
        return True
    if coarse:
        return False

    def generic(number):
        atom = reader.atoms[number]
        if number in reader.integers:
            return reader.at_least(reader.poly(number), 1)
        return atom.sign or atom.kind in ("sym", "entry", "function", "exp", "pow", "prime")

    _, m, q = reader.normalize(p)
    return all(generic(a) for a, _ in m) and not reader.free(q) & reader.integers and all(
        generic(a) for n in q for a, _ in n)


def difference_of(reader, claim):
    """lhs - rhs; facts are used only after all derivatives have been taken."""
    with reader.without_facts():
        difference = add(reader.read(claim.lhs), reader.read(claim.rhs), -1)
    return reader.with_facts(difference) if reader.patterns else difference


def split(poly, atom):
    """(p, q) with poly = p·atom + q, or (None, None) if the atom occurs otherwise."""
    with_atom, rest = {}, {}
    for m, c in poly.items():
        exponent = dict(m).get(atom, 0)
        if exponent == 1:
            with_atom[tuple((a, e) for a, e in m if a != atom)] = c
        elif exponent == 0:
            rest[m] = c
        else:
            return None, None
    return with_atom, rest


def exact_sizes(claim, budget):
    """The largest n such that the claim holds exactly for all sizes up to n (from their first value on)."""
    if not claim.sizes:
        return 0
    reached = 0
    for n in range(1, 4):
        for values in combinations(claim, n):
            reader = prepared(claim, budget, {symbol: constant(value) for symbol, value in values.items()})
            if not reader.is_zero(difference_of(reader, claim)):
                return reached
        reached = min(tried[:n][-1] for tried in claim.sizes.values())
    return reached


def combinations(claim, n):
    """Every choice of sizes among their first n values, and every value of the indices."""
    for sizes in product(*(tried[:n] for tried in claim.sizes.values())):
        values = dict(zip(claim.sizes, sizes, strict=True))
        known = {s: sp.Integer(v) for s, v in values.items()}
        ranges = []
        for low, high in claim.indices.values():
            low, high = low.subs(known), high.subs(known)
            if not (low.is_Integer and high.is_Integer):
                raise Unsupported("an index without end")
            ranges.append(range(int(low), int(high) + 1))
        for indices in product(*ranges):
            yield values | dict(zip(claim.indices, indices, strict=True))
