"""The second witness: derivatives of a NumPy program, from the program alone.

    compare(lambda z: np.diag(softmax(z)) - np.outer(softmax(z), softmax(z)),
            softmax, random_points("K", K=(1, 2, 3, 5)))

prints  largest error 8.3e-17 at 20 random points, K = 1, 2, 3, 5.  The claimed
formula may be any callable; the derivative it is held against comes from
running the forward pass at shifted arguments, and from nothing else.
"""

import itertools
import reprlib
import warnings
from dataclasses import dataclass
from numbers import Integral, Number, Real

import numpy as np

EPSILON = np.finfo(float).eps  # 2.2e-16
LARGEST = 10**6  # a size of arrays
CUBE_ROOT = EPSILON ** (1 / 3)  # 6.1e-6: the step where both errors of a difference balance


def complex_step(f, x, step=1e-30):
    """The derivative of f at x, an array of shape f(x).shape + x.shape.

    Im f(x + i step) / step subtracts nothing, so it is exact up to rounding, if f
    carries the imaginary part through.  A function that drops it (abs, float, a
    value taken from z.real) would give zeros; central differences find it out.
    """
    f, x = _program("f", f), _point("x", x)
    step = _number("step", step, positive=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        try:
            columns = [np.imag(_returned(f, x + 1j * step * unit)) / step for unit in _units(x)]
        except (np.exceptions.ComplexWarning, TypeError) as error:
            raise ValueError(f"f does not carry complex numbers through: {error}") from error
    derivative = _stack(columns, x)
    _carried_through(derivative, f, x)
    return derivative


def central_differences(f, x, step=CUBE_ROOT):
    """The derivative of f at x, an array of shape f(x).shape + x.shape.

    Its error is about step^2 (the curve is not a line) plus 2e-16 / step
    (cancellation): nearly 1e-10 at best, when f and x are of size 1.
    """
    f, x = _program("f", f), _point("x", x)
    step = _number("step", step, positive=True)
    columns = []
    for unit in _units(x):
        right, left = (x + sign * step * np.maximum(1, abs(x)) * unit for sign in (1, -1))
        # (f(x + h) - f(x - h)) / 2h, with the 2h that was really stepped
        columns.append((_returned(f, right) - _returned(f, left)) / (right - left).sum())
    return _stack(columns, x)


# A fixed tolerance per method, from its own error.  Complex step: rounding only,
# 4500 units in the last place.  Central differences: a thousand times eps^(2/3).
TOLERANCE = {complex_step: 1e-12, central_differences: 4e-8}


def random_points(*shapes, count=20, seed=0, scale=1.0, **sizes):
    """`count` points drawn from the normal distribution, always the same for a seed.

    random_points("K D", "D", K=(2, 3), D=(1, 4)) gives pairs of a (K, D) and a (D,)
    array and goes round all sizes in turn; the shape "" is a single number.
    """
    sizes = {name: _sizes(name, found) for name, found in sizes.items()}
    for shape in shapes:
        if not isinstance(shape, str):
            raise TypeError(f"shapes: expected names of sizes such as 'K D', got {_told(shape)}")
    unknown = {name for shape in shapes for name in shape.split()} - set(sizes)
    if unknown or not shapes:
        raise ValueError(f"every name in the shapes {shapes} needs sizes, got {sizes}")
    count, seed = _whole("count", count, 0), _whole("seed", seed, 0)
    scale = _number("scale", scale, positive=True)
    choices = [
        dict(zip(sizes, choice, strict=True)) for choice in itertools.product(*sizes.values())
    ]
    if count < len(choices):
        raise ValueError(f"count must be at least {len(choices)}, one point per size, got {count}")
    random = np.random.default_rng(seed)

    def draw(shape, size):
        return random.normal(0, scale, [size[name] for name in shape.split()])

    rounds = itertools.islice(itertools.cycle(choices), count)
    return Points((tuple(draw(s, size) for s in shapes) for size in rounds), sizes)


class Points(list):
    """A list of points, each a tuple of arrays; random ones remember the sizes drawn from."""

    def __init__(self, points, sizes=None):
        super().__init__(points)
        self.sizes = sizes

    def __str__(self):
        if self.sizes is None:
            return "1 point" if len(self) == 1 else f"{len(self)} points"
        sizes = "".join(f", {name} = {', '.join(map(str, s))}" for name, s in self.sizes.items())
        return f"{len(self)} random points{sizes}"


@dataclass(frozen=True)
class Comparison:
    """What `compare` found.  `worst` names the entry with the largest error, and both numbers."""

    largest_error: float
    tolerance: float
    points: int
    where: str
    worst: str

    @property
    def passed(self):
        return self.largest_error <= self.tolerance

    def __str__(self):
        error = f"largest error {self.largest_error:.1e} at {self.where}"
        if self.passed:
            return error
        return f"the formula is wrong: {error}\n{self.worst}"

    __repr__ = __str__


def compare(formula, forward, points, *, wrt=0, derivative=complex_step, check=True):
    """Hold formula(*point) against the derivative of forward(*point), at every point.

    The derivative is taken in argument number `wrt`; the shape is
    forward(*point).shape + point[wrt].shape.  The error of an entry is
    |claimed - numeric| / max(1, the largest |numeric| at that point): absolute for
    small derivatives, relative for large ones.  A wrong formula raises an
    AssertionError with both numbers; with check=False it is returned, to be shown.
    """
    _program("formula", formula), _program("forward", forward)
    if not callable(derivative) or derivative not in TOLERANCE:
        raise ValueError(f"derivative: expected complex_step or central_differences, got {_told(derivative)}")
    points = _points(points)
    wrt = _whole("wrt", wrt, 0)
    if wrt >= min(map(len, points)):
        raise ValueError(f"wrt: expected the place of an argument, 0 to {min(map(len, points)) - 1}, got {wrt}")
    findings = [_compare_at(formula, forward, point, wrt, derivative) for point in points]
    error, worst = max(findings, key=lambda finding: (np.isnan(finding[0]), finding[0]))
    result = Comparison(error, TOLERANCE[derivative], len(points), str(points), worst)
    if check and not result.passed:
        raise AssertionError(str(result))
    return result


def grade_program(answer, forward, points, *, wrt=0):
    """A sentence on a reader's function for the derivative of `forward`: right, or wrong at this point.

    The arguments are those of `compare`.  An answer that is still `...`, or that stops with an
    error of any kind, gets a sentence too.
    """
    try:
        points = _points(points)
        if answer is ... or (given := _program("your answer", answer)(*map(np.copy, points[0]))) is ...:
            return "Replace the dots by your answer and run the cell again."
        if given is None:
            return "This cannot be judged. Your function returned None: does it end in `return`?"
        result = compare(answer, forward, points, wrt=wrt, check=False)
    except (Exception, SystemExit) as error:  # whatever a reader's program may do
        told = str(error).replace("the formula gives", "your function returns")
        told = told.replace("the formula must hold", "your function must return")
        return f"This cannot be judged. {type(error).__name__}: {told}"
    if result.passed:
        return f"Right: {result}."
    return "Wrong: " + result.worst.replace("claimed: ", "your answer gives ").replace("numeric: ", "it should be ")


def _compare_at(formula, forward, point, wrt, derivative):
    """The largest error at one point, and a sentence with both numbers there."""
    point = [_real("a point", x) for x in point]

    def f(x):
        return forward(*point[:wrt], x, *point[wrt + 1 :])

    numeric, claimed = derivative(f, point[wrt]), _real("the formula", formula(*map(np.copy, point)))
    if claimed.shape != numeric.shape:
        raise ValueError(
            f"the formula gives an array of shape {claimed.shape}, expected {numeric.shape}: "
            "the shape of the output, then that of the input"
        )
    errors = abs(claimed - numeric) / np.maximum(1, abs(numeric).max(initial=0))
    entry, inputs = _largest(errors), ", ".join(np.array2string(x, precision=4) for x in point)
    claim, number = _apart(claimed[entry], numeric[entry])
    where = f"entry {_name(entry)} at {inputs}" if entry else f"at {inputs}"
    return float(errors[entry]), f"{where}:\nclaimed: {claim}\nnumeric: {number}"


def _apart(a, b):
    """Both numbers, with so many digits that they differ where they can."""
    digits = next((n for n in (6, 10) if f"{a:.{n}g}" != f"{b:.{n}g}"), 17)
    return f"{a:.{digits}g}", f"{b:.{digits}g}"


def _real(name, x):
    """The array of real numbers that x is."""
    try:
        x = np.asarray(x)
    except ValueError:
        raise ValueError(f"{name} must be an array, got rows of different lengths") from None
    if x.dtype.kind not in "biufO":
        raise ValueError(f"{name} must hold real numbers, got {x.dtype}")
    for entry in x.flat if x.dtype.kind == "O" else ():
        if not isinstance(entry, Number) and not hasattr(entry, "__float__"):
            raise ValueError(f"{name} must hold real numbers, got {_told(entry)}")
    try:
        return x.astype(float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must hold real numbers, got {_told(x.flat[0])}") from None


def _point(name, x):
    """An array of finite numbers to differentiate at."""
    x = _real(name, x)
    if not x.size or not np.isfinite(x).all():
        raise ValueError(f"{name} must hold finite numbers, got {_told(x) if x.size else 'none'}")
    return x


def _points(points):
    """A list of points, each a tuple of arrays."""
    if not isinstance(points, Points):
        if not isinstance(points, list | tuple | np.ndarray):
            raise TypeError(f"points: expected a list of points, such as random_points gives, got {_told(points)}")
        points = Points([p if isinstance(p, tuple) else (p,) for p in points])
    if not points:
        raise ValueError("points is empty: nothing would be compared")
    return points


def _program(name, f):
    if not callable(f):
        raise TypeError(f"{name}: expected a function, got {_told(f)}")
    return f


def _returned(f, x):
    """The array of numbers that a program returns."""
    value = f(x)
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError("f must return an array, got rows of different lengths") from None
    if array.dtype.kind not in "biufc":
        raise ValueError(f"f must return an array of numbers, got {_told(value)}")
    return array


def _whole(name, value, low, high=10**9):
    if isinstance(value, bool) or not isinstance(value, Integral) or not low <= value <= high:
        raise TypeError(f"{name}: expected a whole number from {low} to {high}, got {_told(value)}")
    return int(value)


def _number(name, value, positive=False):
    if isinstance(value, bool) or not isinstance(value, Real) or not np.isfinite(value) or positive and value <= 0:
        raise TypeError(f"{name}: expected a {'positive ' * positive}number, got {_told(value)}")
    return float(value)


def _sizes(name, sizes):
    """The sizes of one name as a tuple: a single one, or a sequence of them."""
    found = sizes if isinstance(sizes, tuple | list | range) else (sizes,)
    if not found:
        raise ValueError(f"{name}: expected a size or several, got none")
    return tuple(_whole(f"the size {name}", size, 1, LARGEST) for size in found)


def _told(value):
    """A value in few words, on one line."""
    text = " ".join(reprlib.repr(value).split())
    return type(value).__name__ if text.startswith("<") else f"{type(value).__name__} {text}"


def _units(x):
    """The unit arrays: 1 at one entry of x, 0 elsewhere."""
    for entry in np.ndindex(x.shape):
        unit = np.zeros(x.shape)
        unit[entry] = 1
        yield unit


def _stack(columns, x):
    """One derivative per entry of x -> an array of shape f(x).shape + x.shape."""
    columns = np.stack(columns, axis=-1)
    return columns.reshape(columns.shape[:-1] + x.shape)


def _largest(errors):
    """The entry of the largest error; nan counts as the largest of all."""
    return tuple(map(int, np.unravel_index(np.argmax(errors), errors.shape)))


def _name(entry):
    return "[" + ", ".join(map(str, entry)) + "]"


def _carried_through(derivative, f, x):
    """Central differences must agree with the complex step within their own error."""
    difference, value = central_differences(f, x), np.asarray(f(x.copy()))
    if not all(np.isfinite(found).all() for found in (derivative, difference, value)):
        raise ValueError("f is not finite at or near x")
    rounding = 1e-10 + 1e-9 * (abs(value).max(initial=0) + abs(difference).max(initial=0))
    if abs(derivative - difference).max(initial=0) > rounding:  # or is it the curve? Its error is four times as large
        difference = (4 * difference - central_differences(f, x, 2 * CUBE_ROOT)) / 3  # at twice the step
    gaps = abs(derivative - difference)
    if gaps.max(initial=0) > rounding:
        entry = _largest(gaps)
        raise ValueError(
            f"f drops the imaginary part (abs, float, a value taken from z.real), or x lies "
            f"on a kink\nentry {_name(entry)}\ncomplex step: {derivative[entry]:.6g}\n"
            f"central difference: {difference[entry]:.6g}"
        )
