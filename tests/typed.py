"""A formula as a reader would type it: the input syntax of the exercises, from SymPy's trees."""

import sympy as sp

from helpers.answers import FUNCTIONS, SEVERAL

CALLS = {function: name for name, function in (FUNCTIONS | SEVERAL).items()}


def typed(expr, names):
    """The text of a formula with the names of an exercise; KeyError where it has none for a part."""
    write = lambda part: typed(part, names)
    if isinstance(expr, sp.Symbol):
        return name_of(expr, names.numbers, names)
    if expr.is_Integer:
        return str(expr)
    if expr.is_Rational:
        return f"Rational({expr.p}, {expr.q})"
    if expr in (sp.E, sp.pi, sp.oo, -sp.oo):
        return {sp.E: "e", sp.pi: "π", sp.oo: "oo", -sp.oo: "-oo"}[expr]
    if expr.is_Add or expr.is_Mul:
        return (" + " if expr.is_Add else "*").join(f"({write(part)})" for part in expr.args)
    if expr.is_Pow:
        return f"({write(expr.base)})^({write(expr.exp)})"
    if isinstance(expr, sp.Indexed):
        return f"{name_of(expr.base, names.tensors, names)}[{', '.join(map(write, expr.indices))}]"
    if isinstance(expr, sp.Sum):
        limits = [f"({', '.join(map(write, limit))})" for limit in expr.limits]
        return f"Sum({', '.join([write(expr.function), *limits])})"
    if isinstance(expr, sp.KroneckerDelta):
        return f"δ({write(expr.args[0])}, {write(expr.args[1])})"
    if isinstance(expr, sp.core.function.AppliedUndef):
        function, order = getattr(expr.func, "of", expr.func), getattr(expr.func, "order", 0)
        return f"{name_of(function, names.functions, names)}{chr(39) * order}({', '.join(map(write, expr.args))})"
    return f"{CALLS[expr.func]}({', '.join(map(write, expr.args))})"


def name_of(thing, table, names):
    """The first name of a thing that is clear."""
    found = [name for name, other in table.items() if other == thing and name not in names.unclear]
    if not found:
        raise KeyError(thing)
    return found[0]


def rebuilt(expr):
    """The formula as SymPy writes it down when it may evaluate."""
    if not expr.args or isinstance(expr, sp.IndexedBase):
        return expr
    return expr.func(*map(rebuilt, expr.args))
