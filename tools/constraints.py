"""Write the exact versions now installed to constraints.txt."""

import platform
from importlib.metadata import distributions
from pathlib import Path

PYTHON = ".".join(platform.python_version_tuple()[:2])
HEADER = f"# The exact versions this book was tested with (Python {PYTHON}). Written by `make constraints`.\n"
OURS = {"backprop-line-by-line", "pip", "setuptools"}

pins = {d.metadata["Name"].lower().replace("_", "-"): d.version for d in distributions()}
lines = [f"{name}=={pins[name]}\n" for name in sorted(pins.keys() - OURS)]
Path(__file__).parents[1].joinpath("constraints.txt").write_text(HEADER + "".join(lines))
print(f"constraints.txt: {len(lines)} versions")
