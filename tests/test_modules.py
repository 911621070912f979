"""The order of the modules, as the package's docstring has it."""

import re
from pathlib import Path

import helpers

FOLDER = Path(helpers.__file__).parent
BESIDE = ["networks", "gradients", "figures", "moving", "arrays"]  # the NumPy side


def ordered():
    lines = helpers.__doc__.split("before it:")[1].split("Beside")[0].splitlines()
    return [name for line in lines for name in re.findall(r"\w+", line[4:37])]


def test_the_map_names_every_module():
    assert sorted([*ordered(), *BESIDE, "__init__"]) == sorted(path.stem for path in FOLDER.glob("*.py"))


def test_each_module_knows_only_those_before_it():
    order = [*ordered(), *BESIDE]
    for path in FOLDER.glob("*.py"):
        known = re.findall(r"^from \.(\w+) import", path.read_text(encoding="utf-8"), re.M)
        known += re.findall(r"^from \. import (\w+)", path.read_text(encoding="utf-8"), re.M)
        late = [name for name in known if path.stem in order and order.index(name) >= order.index(path.stem)]
        assert not late, f"{path.stem} imports {late}"
