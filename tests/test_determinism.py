"""What is shown depends neither on the hash seed nor on the time a machine takes: a sample of `make determinism`."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sympy import Eq, Sum

from helpers import Σ, check, indices, points, search, sizes, tensors, δ
from tools.determinism import differences

ROOT = Path(__file__).resolve().parent.parent
QUICK = ["parity", "adam"]
SCRIPT = """
import sys, nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

shell = InteractiveShell.instance()
for cell in nbformat.read(sys.argv[1], as_version=4).cells:
    if cell.cell_type == "code":
        with capture_output() as shown:
            assert shell.run_cell(cell.source).success, cell.source
        for output in shown.outputs:
            for row in output.data.get("application/vnd.backprop.ledger+json", {}).get("rows", ()):
                row.pop("ms")
        print(cell.id, shown.stdout, *(sorted(output.data.items()) for output in shown.outputs), sep="\\n")
"""


def run(name, seed):
    """Everything that a notebook shows, run without a kernel."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'book' / '_ext'}"}
    result = subprocess.run([sys.executable, "-c", SCRIPT, str(ROOT / "book" / f"{name}.ipynb")], cwd=ROOT / "book",
                            capture_output=True, text=True, timeout=300, env=environment)
    assert result.returncode == 0, result.stderr[-2000:]
    return result.stdout


@pytest.mark.parametrize("name", QUICK)
def test_a_chapter_shows_the_same_under_another_hash_seed(name):
    first, second = run(name, "1"), run(name, "20")
    assert first == second and first.count("\n") > 50


K, M = sizes("K M")
d, e = indices("d e", K)
m = indices("m", M)
C, W = tensors("C W")
FACT = Eq(Σ(C[m, d] * C[m, e], m), δ(d, e) - W[d, e])


def test_the_number_of_points_is_a_matter_of_effort_not_of_time(monkeypatch):
    """A fact that is hard to satisfy: a slower machine compares as many points as a fast one."""
    monkeypatch.setattr(search, "WORK", 1000)
    left = Sum(C[m, d] ** 2, (m, 1, M), (d, 1, K)) + Σ(W[d, d], d)
    fast, add = check(left, K, given=[FACT]), points.Evaluator.add

    def slowly(self, *arguments):
        time.sleep(1e-6)
        return add(self, *arguments)

    monkeypatch.setattr(points.Evaluator, "add", slowly)
    slow = check(left, K, given=[FACT])
    assert slow.milliseconds > 1.5 * fast.milliseconds and 1 < fast.points < 12
    assert (str(slow), slow.points, slow.sizes) == (str(fast), fast.points, fast.sizes)


def test_a_difference_is_told_with_its_place():
    one = {"a.html": b"<p>\nsame\n", "b.html": b"1\n2\n", "ledger.json": b'"ms": 1.5'}
    two = {"a.html": b"<p>\nsame\n", "b.html": b"1\n3\n", "c.html": b"", "ledger.json": b'"ms": 27.0'}
    assert list(differences(one, two)) == ["b.html, line 2:\n    b'2'\n    b'3'", "c.html: in one of the two only"]
