"""Is the book the same whoever builds it? make determinism

The book is built twice, in two folders, with two hash seeds and two numbers of workers. Every file of the two sites
and every output of the notebooks is compared, byte by byte but for the ledger's times; each difference is listed.
Exit status 1 if there is one.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = {"one": {"PYTHONHASHSEED": "1", "BOOK_WORKERS": "1"}, "two": {"PYTHONHASHSEED": "20", "BOOK_WORKERS": "2"}}
TIMES = re.compile(rb'"ms": [\d.]+')  # in ledger.json, and in the outputs that carry its rows
SHOWN = 160  # bytes of a difference


def copy(folder):
    """Copy the files that git knows, with their changes."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def build(folder, setting):
    """Execute every notebook and build the site, as `make site` does."""
    paths = os.pathsep.join([str(folder), str(folder / "book" / "_ext")])
    subprocess.run(
        [str(Path(sys.executable).parent / "jupyter-book"), "build", "book", "--config", "_config.yml", "--toc",
         str(folder / "_toc.yml"), "--path-output", ".", "--all", "-q"],
        cwd=folder, env={**os.environ, **setting, "PYTHONPATH": paths}, check=True)


def outputs(folder):
    """{name: JSON} of what the executed notebooks in the cache of a build show."""
    sys.path[:0] = [path for path in (str(ROOT), str(ROOT / "book" / "_ext")) if path not in sys.path]
    from book_ext.execution import chapters, executed

    found = {}
    for path in chapters(folder):
        cells = executed(path, str(folder / "_build" / ".jupyter_cache")).cells
        shown = [cell.get("outputs", []) for cell in cells]
        found[f"outputs of {path.name}"] = json.dumps(shown, indent=1, ensure_ascii=False).encode()
    return found


def pages(folder):
    """{name: bytes} of the files of a site."""
    site = folder / "_build" / "html"
    return {str(path.relative_to(site)): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


def differences(one, two):
    """A line in words for each name whose contents differ, times aside."""
    for name in sorted(one.keys() | two.keys()):
        sides = [TIMES.sub(b'"ms": 0', side[name]) if name in side else None for side in (one, two)]
        if None in sides:
            yield f"{name}: in one of the two only"
        elif sides[0] != sides[1]:
            pairs = zip_longest(*(side.splitlines() for side in sides), fillvalue=b"")
            number, (left, right) = next((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1])
            start = max(0, len(os.path.commonprefix([left, right])) - SHOWN // 4)
            yield f"{name}, line {number}:\n    {left[start:start + SHOWN]}\n    {right[start:start + SHOWN]}"


def main():
    with tempfile.TemporaryDirectory() as place:
        found = []
        for name, setting in RUNS.items():
            folder = Path(place, name)
            print("building with", ", ".join(f"{key} = {value}" for key, value in setting.items()), flush=True)
            copy(folder)
            build(folder, setting)
            found.append(outputs(folder) | pages(folder))
        listed = list(differences(*found))
    print(*listed, sep="\n")
    print(f"{len(found[0])} files and notebooks compared, {len(listed)} differ")
    return bool(listed)


if __name__ == "__main__":
    sys.exit(main())
