"""What the snapshot for the pages has in memory: the checker, and the modules SymPy imports late."""

import ast
import gc
import importlib
import sys
from pathlib import Path

sys.path.insert(0, "/sources")

from sympy import exp  # noqa: E402

from helpers import Σ, D, define, indices, sizes, tensors, δ  # noqa: E402
from helpers.live import Desk  # noqa: E402
from helpers.verdict import check  # noqa: E402

SELDOM = {"array", "benchmarks", "categories", "codegen", "combinatorics", "parsing", "physics", "printing", "stats",
          "tensor", "testing", "tests", "vector"}  # these the pages do without: see `Desk.reply`


def late_imports():
    """The modules of SymPy that its functions import when they run, out of those that are here."""
    found = set()
    for module in [m for name, m in sys.modules.items() if name.startswith("sympy.") and getattr(m, "__file__", None)]:
        with open(module.__file__, encoding="utf8") as source:
            tree = ast.parse(source.read())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                name = "." * node.level + (node.module or "")
                name = importlib.util.resolve_name(name, module.__spec__.parent)
                found |= {name, *(f"{name}.{alias.name}" for alias in node.names)}
    return {name for name in found if name.startswith("sympy.") and not SELDOM & set(name.split("."))}


def load(names):
    """Import what is a module; return the names of those that are."""
    found = []
    for name in names:
        try:
            importlib.import_module(name)
            found.append(name)
        except ImportError:  # an attribute of a module, or it wants a package that is not here
            pass
    return found


late = Path("/bytecode/late_imports.txt")
if late.exists():  # the second of two runs, whose memory the pages get
    load(late.read_text(encoding="utf8").split())
else:
    late.write_text("\n".join(load(sorted(late_imports() - set(sys.modules)))), encoding="utf8")

K = sizes("K")
i, j, k = indices("i j k", K)
z = tensors("z")
p = define("p", i, exp(z[i]) / Σ(exp(z[k]), k))
assert check(D(p[i], z[j]), p[i] * (δ(i, j) - p[j])).status == "proved"
assert check(D(p[i], z[j]), p[i] * (1 - p[j])).status == "refuted"

desk = Desk()
gc.collect()
gc.freeze()
