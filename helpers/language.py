"""The language of the book: sizes, indices, tensors, sums, deltas, definitions, activations.

Everything here is a plain SymPy object or a thin subclass of one, so that a formula of the book
prints, hashes and substitutes like any other SymPy expression.
"""

from __future__ import annotations

from sympy import (
    Derivative,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Subs,
    Sum,
    Symbol,
    Tuple,
    evaluate,
    oo,
    sympify,
)
from sympy.core.facts import InconsistentAssumptions
from sympy.core.function import AppliedUndef, UndefinedFunction

from .arguments import counting, each_name, scalar, symbol_name, told, whole

HIGHEST = 100  # the order of a derivative of a function


def sizes(names: str):
    """Sizes such as the number of classes: positive integer symbols.

    >>> K, D = sizes("K D")
    """
    return _each("sizes", names, lambda name: Symbol(name, integer=True, positive=True))


class Index(Symbol):
    """An integer symbol that knows its range, so that a sum over it needs no limits."""

    def __new__(cls, name, lower, upper):
        index = Symbol.__xnew__(cls, name, integer=True)
        index.lower, index.upper = sympify(lower), sympify(upper)
        return index

    def __getnewargs_ex__(self):
        return (self.name, self.lower, self.upper), {}

    def _hashable_content(self):
        return (*super()._hashable_content(), self.lower, self.upper)


def indices(names: str, size=None):
    """Indices that run over 1, …, `size`, or over all integers when no size is given.

    >>> i, j, k = indices("i j k", K)
    >>> n, m = indices("n m")
    """
    if size is None:
        return _each("indices", names, lambda name: Index(name, -oo, oo))
    if isinstance(size, str):
        raise TypeError(f"indices: size must be an integer such as K or 3, got {told(size)}; make it by sizes(…)")
    size = scalar("indices: size", size)
    if not size.is_integer or size.is_positive is False:
        hint = "; make it by sizes(…)" if isinstance(size, Symbol) else ""
        raise TypeError(f"indices: size must be an integer such as K or 3, at least 1, got {size}{hint}")
    return _each("indices", names, lambda name: Index(name, 1, size))


class PlainTensor(IndexedBase):
    """An array of numbers, of which only single entries are written."""

    def __getitem__(self, subscripts):
        return super().__getitem__(entry_of(self, subscripts))


def entry_of(tensor, subscripts):
    """The subscripts of an entry as a tuple of integer expressions."""
    subscripts = tuple(subscripts) if isinstance(subscripts, tuple | Tuple) else (subscripts,)
    if not subscripts:
        raise ValueError(f"{tensor}: expected subscripts, as in {tensor}[i], got none")
    return tuple(counting(f"a subscript of {tensor}", subscript) for subscript in subscripts)


def tensors(names: str, **assumptions):
    """Arrays of real numbers, written `x[i]` or `W[i, j]`; the assumptions hold for every entry.

    >>> x, W = tensors("x W")
    """
    for name, truth in assumptions.items():
        if not hasattr(Symbol, f"is_{name}") or not isinstance(truth, bool):
            raise TypeError(f"tensors: expected assumptions such as positive=True, got {name}={told(truth)}")
    try:
        return _each("tensors", names, lambda name: PlainTensor(Symbol(name, **assumptions)))
    except InconsistentAssumptions:
        raise ValueError(f"tensors: no number is all of {', '.join(map(str, assumptions))}") from None


def Σ(summand, *over):
    """The sum of `summand` over the whole range of each index; the last index is the outermost."""
    if not over:
        raise TypeError(f"Σ: name the index the sum runs over, as in Σ(x[k], k); got only {told(summand)}")
    summand = scalar("Σ: the summand", summand)
    for index in over:
        if not isinstance(index, Index):
            raise TypeError(f"Σ: sums run over indices made by indices(...), got {told(index)}")
        if over.count(index) > 1:
            raise ValueError(f"Σ: the index {index} stands twice; each sum has an index of its own")
    with evaluate(True):  # else SymPy puts a factor 1 before the summand
        return Sum(summand, *((index, index.lower, index.upper) for index in over))


def δ(i, j):
    """Kronecker's delta: 1 if i = j, else 0."""
    return KroneckerDelta(counting("δ", i), counting("δ", j))


def D(expression, *variables):
    """The derivative of `expression`, written down and not yet computed: ∂expression/∂variables."""
    expression = scalar("D: the expression", expression)
    if not variables:
        raise TypeError(f"D: name the variable, as in D(L, z[j]); got only {told(expression)}")
    for place, variable in enumerate(variables):
        if isinstance(variable, tuple | Tuple) and len(variable) == 2:
            variable, order = variable
            differentiable(variable)
            counting("D: the order of a derivative", order)
        elif not place or not isinstance(variable, int | Integer):  # D(f, a, 2) is the second derivative
            differentiable(variable)
    return Derivative(expression, *variables)


def differentiable(variable):
    """Refuse what there is no derivative by."""
    if isinstance(variable, IndexedBase):
        raise TypeError(f"D: {variable} is a whole tensor; write an entry such as {variable}[i]")
    if not isinstance(variable, Expr) or not variable._diff_wrt:
        raise TypeError(f"D: expected a symbol or an entry such as z[j] as the variable, got {told(variable)}")
    if isinstance(variable, Index):
        raise TypeError(f"D: the index {variable} is an integer; there is no derivative by it")


class DefinedEntry(Indexed):
    """An entry `p[j]` of a tensor that was defined by a formula."""

    @property
    def law(self):
        """The formula for this very entry, and the values of the formula's indices."""
        return self.base.formula, dict(zip(self.base.over, self.indices, strict=True))

    @property
    def free_symbols(self):
        return super().free_symbols | (self.base.formula.free_symbols - set(self.base.over))

    def _eval_derivative(self, variable):
        raise unfolding(self, variable)

    def _eval_subs(self, old, new):
        refuse_substitution(self, old)


class DefinedTensor(IndexedBase):
    """A tensor whose entries stand for a formula; see `define`."""

    def __new__(cls, label, over, formula):
        tensor = super().__new__(cls, label)
        tensor.over, tensor.formula = over, formula
        return tensor

    def __getnewargs__(self):
        return self.label, self.over, self.formula

    @property
    def func(self):
        """Rebuilds the tensor from its only argument, the label."""
        return lambda label: DefinedTensor(label, self.over, self.formula)

    def _hashable_content(self):
        return (*super()._hashable_content(), self.over, self.formula)

    def __getitem__(self, subscripts):
        subscripts = entry_of(self, subscripts)
        if len(subscripts) != len(self.over):
            raise ValueError(f"{self.label} is defined with {len(self.over)} subscripts, got {len(subscripts)}")
        return DefinedEntry(self, *subscripts)


class DefinedQuantity(Symbol):
    """A number that stands for a formula; see `define`."""

    def __new__(cls, name, formula):
        quantity = Symbol.__xnew__(cls, name)
        quantity.formula = formula
        return quantity

    law = property(lambda self: (self.formula, {}))

    def __getnewargs_ex__(self):
        return (self.name, self.formula), {}

    def _hashable_content(self):
        return (*super()._hashable_content(), self.formula)

    @property
    def free_symbols(self):
        return {self} | self.formula.free_symbols

    def _eval_derivative(self, variable):
        raise unfolding(self, variable)

    def _eval_derivative_n_times(self, variable, n):
        return self._eval_derivative(variable)

    def _eval_subs(self, old, new):
        return self.formula.subs(old, new) if old != self and old in self.formula.free_symbols else None


class Value(AppliedUndef):
    """A value `f(a)` of a function of which only the name is known."""

    def __new__(cls, *arguments, **options):
        if not arguments:
            raise TypeError(f"{cls.__name__}: expected an argument, as in {cls.__name__}(a), got none")
        arguments = [scalar(f"the argument of {cls.__name__}", argument) for argument in arguments]
        return super().__new__(cls, *arguments, **options)


class DefinedValue(Value):
    """A value `σ(2*a)` of a function that was defined by a formula."""

    @property
    def law(self):
        """The formula of the function, and the values of its variables."""
        return type(self).formula, dict(zip(type(self).over, self.args, strict=True))

    @property
    def free_symbols(self):
        return super().free_symbols | (type(self).formula.free_symbols - set(type(self).over))

    def _eval_derivative(self, variable):
        raise unfolding(self, variable)

    def _eval_subs(self, old, new):
        refuse_substitution(self, old)


def unfolding(quantity, variable):
    """The error when SymPy is asked to differentiate a defined name: it would take it for a constant."""
    return TypeError(f"{quantity} stands for a formula: write D({quantity}, {variable}) and let it be checked")


def refuse_substitution(quantity, old):
    """SymPy would substitute in the subscripts and arguments only, and leave the formula as it is."""
    formula, values = quantity.law
    if old in formula.free_symbols - set(values):
        raise TypeError(f"{quantity} stands for a formula with {old}: write Subs(…, {old}, …) and let it be checked")


def define(name: str, *over_and_formula):
    """A name for a formula; derivatives look through the name.

    >>> p = define("p", i, exp(z[i]) / Σ(exp(z[k]), k))     # p[j] is the j-th softmax probability
    >>> L = define("L", -Σ(y[k] * log(p[k]), k))            # a number
    >>> σ = define("sigma", u, 1 / (1 + exp(-u)))           # σ(2*a) is the sigmoid of 2a, prime(σ)(a) its slope
    """
    symbol_name("define", name)
    if not over_and_formula:
        raise TypeError(f"define: expected a formula for {name}, got none")
    *over, formula = over_and_formula
    formula = scalar(f"define: the formula of {name}", formula)
    for symbol in over:
        if not isinstance(symbol, Symbol) or hasattr(symbol, "law"):
            raise TypeError("define: expected indices, or the real variables of a function, "
                            f"between {name} and its formula, got {told(symbol)}")
        if over.count(symbol) > 1:
            raise ValueError(f"define: {symbol} stands twice before the formula of {name}")
    stray = {s for s in formula.free_symbols if isinstance(s, Index)} - set(over)
    if stray:
        raise ValueError(f"define: the formula of {name} has the free indices {sorted(map(str, stray))}; "
                         "name them before the formula or sum over them")
    if not over:
        return DefinedQuantity(name, formula)
    arguments = [symbol for symbol in over if symbol.is_integer is not True]
    if not arguments:
        return DefinedTensor(name, tuple(over), formula)
    if len(arguments) < len(over):
        raise TypeError(f"define: expected indices, or the real variables of a function, after {name}, got {over}")
    return defined_function(name, tuple(over), formula)


def defined_function(name, over, formula, **properties):
    return UndefinedFunction(name, bases=(DefinedValue,), nargs=len(over), over=over, formula=formula, **properties)


def activation(name: str):
    """An unknown smooth function, such as σ, of which only the name is known."""
    return UndefinedFunction(symbol_name("activation", name), bases=(Value,))


def prime(function, order: int = 1):
    """The derivative σ′ of a function σ of one variable (or a higher one), as a function."""
    of, before = getattr(function, "of", function), getattr(function, "order", 0)
    if not isinstance(of, UndefinedFunction):
        raise TypeError(f"prime: expected a function made by activation(...) or define(...), got {told(function)}")
    order = before + whole("prime: order", order, 1, HIGHEST)
    name = of.__name__ + ("'" * order if order < 4 else f"^({order})")
    if not hasattr(of, "formula"):
        return UndefinedFunction(name, bases=of.__bases__, of=of, order=order)
    if len(of.over) != 1:
        raise TypeError(f"prime: expected a function of one variable, got {of.__name__} of {of.over}")
    (u,) = of.over
    place = Symbol(f"{u.name}·", real=True)  # a name no formula has; a Dummy would make σ′ differ from σ′
    slope = Subs(Derivative(of(place), (place, order)), place, u)
    return defined_function(name, of.over, slope, of=of, order=order)


def parts(expr):
    """Every node of the expression once, looking through defined names."""
    seen, waiting = set(), [expr]
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            yield node
            waiting += reversed(node.args)
            if hasattr(node, "law"):
                waiting.append(node.law[0])


def is_made_of(formula, variable):
    """Whether a symbol, or an entry of the same tensor as `variable`, stands in the formula, seen through names."""
    wanted = getattr(variable, "base", variable)
    return any(getattr(node, "base", node) == wanted for node in parts(formula))


def unfolded(expr):
    """The expression with every defined name replaced by its formula, as SymPy substitutes.

    SymPy may confuse bound indices: for proposals that are checked afterwards.
    """
    while names := {node: node.law for node in expr.atoms(DefinedEntry, DefinedQuantity, DefinedValue)}:
        expr = expr.xreplace({node: formula.xreplace(values) for node, (formula, values) in names.items()})
    return expr


def _each(function, names, make):
    made = tuple(make(name) for name in each_name(function, names))
    return made[0] if len(made) == 1 else made


