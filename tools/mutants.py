"""Slips of the pen in the lines of the book: make mutants [SLIPS=3]

Every line of every notebook is broken in the small ways in which authors break formulas (see `tests/mutants.py`),
and the checker is asked about each broken one. Exit status 1 if one of them survives.
"""

import argparse
import json
import os
import random
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "book" / "_ext")]
FATES = ("refuted", "equivalent", "empty", "survived")


def run(path, each, seed):
    """Judge `each` slips of every kind in each line of a notebook (0: all); return (kind, fate, words) of each."""
    from lines import lines_of
    from mutants import judge, slips

    from helpers.latex import latex

    rng, found = random.Random(f"{seed} {path.stem}"), []
    for line in lines_of(path):
        if line.row["status"] == "refuted":
            continue
        kinds = defaultdict(list)
        for what, formula in slips(line):
            kinds[what].append(formula)
        for what, formulas in kinds.items():
            for formula in rng.sample(formulas, min(each or len(formulas), len(formulas))):
                fate, words = judge(line, formula)
                found.append((what, fate, f"{path.stem}: {latex(line.left)} = {latex(formula)}   [{what}] {words}"))
    return path.stem, found


def table(counts):
    """Counter {(row, fate): number} as lines of text."""
    names = sorted({name for name, _ in counts})
    rows = [f"{'':28}" + "".join(f"{fate:>12}" for fate in FATES)]
    rows += [f"{name:28}" + "".join(f"{counts[name, fate]:12}" for fate in FATES) for name in names]
    return "\n".join(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=1, help="slips of each kind in each line; 0 makes all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=int(os.environ.get("BOOK_WORKERS", 2)))
    parser.add_argument("--output", type=Path, help="a JSON file for the figures")
    parser.add_argument("notebooks", nargs="*", type=Path, help="all of them if none is named")
    options = parser.parse_args()
    from conftest import notebooks

    started, kinds, told = time.perf_counter(), Counter(), defaultdict(list)
    with ProcessPoolExecutor(options.jobs) as pool:
        paths = [path.resolve() for path in options.notebooks] or notebooks()
        work = [pool.submit(run, path, options.each, options.seed) for path in paths]
        for future in work:
            name, found = future.result()
            print(f"{name:20}", dict(Counter(fate for _, fate, _ in found)), file=sys.stderr, flush=True)
            for what, fate, words in found:
                kinds[what, fate] += 1
                told[fate].append(words)
    total = {fate: len(told[fate]) for fate in FATES}
    figures = {"slips": sum(total.values()), **total, "seed": options.seed, "each": options.each,
               "seconds": round(time.perf_counter() - started)}
    for fate in FATES[1:]:
        print(*[f"\n{fate}:"] * bool(told[fate]), *told[fate], sep="\n")
    print(f"\n{table(kinds)}\n", ", ".join(f"{name} {value}" for name, value in figures.items()), sep="\n")
    if options.output:
        options.output.write_text(json.dumps(figures | {"equivalents": told["equivalent"]}, indent=1) + "\n")
    return 1 if total["survived"] else 0


if __name__ == "__main__":
    sys.exit(main())
