"""The long soundness run of the checker: python tools/fuzz.py --pairs 20000 --seed 1 [--jobs 2] [--output fuzz.json]

Random pairs of expressions are given to `check`. Every verdict is judged by `tests/oracle.py`, by numbers, and every
proof by `tests/written_out.py` too, by polynomials at explicit sizes; neither shares code with the checker.
Exit status 1 on a false proof, a wrong refutation, a contradiction or an error.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

os.environ.setdefault("SYMPY_CACHE_SIZE", "20000")  # millions of small expressions

import sympy  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
CHUNK = 250


def run(number, count, options):
    """One chunk, which has a seed of its own: the run can be repeated in part."""
    from grammar import fuzz

    from helpers import check

    return fuzz(check, count, f"{options.seed} {number}", options.seconds, options.families)


def commit():
    """The commit that runs, and whether files differ from it."""
    git = ["git", "-C", str(ROOT)]
    head = subprocess.run([*git, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=True).stdout
    changed = subprocess.run([*git, "status", "--porcelain", "--untracked-files=no"], capture_output=True, text=True)
    return head.strip() + " with changes" * bool(changed.stdout)


def summary(tally, pairs, options, version, seconds):
    from grammar import FAULTS

    counts = tally.counts
    return {"pairs": pairs, "seed": options.seed, "chunk": CHUNK, "seconds": round(seconds), "commit": version,
            "python": platform.python_version(), "sympy": sympy.__version__,
            "counts": named(dict.fromkeys(FAULTS, 0) | counts),
            "families": {family: {"pairs": found["pairs"]} | named(found)
                         for family, found in sorted(tally.families.items())}}


def named(counts):
    return {kind.replace(" ", "_"): n for kind, n in sorted(counts.items()) if kind != "pairs"}


def main():
    from grammar import FAMILIES, Tally

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3, help="budget of one check")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--families", nargs="+", choices=FAMILIES, default=FAMILIES)
    parser.add_argument("--chunks", type=int, nargs="+", default=None, help="only these chunks, counted from 0")
    parser.add_argument("--output", type=Path, help="where the summary is written, as JSON, after every chunk")
    options = parser.parse_args()
    sizes = {n: min(CHUNK, options.pairs - n * CHUNK) for n in options.chunks or range(-(-options.pairs // CHUNK))}
    tally, done, lost, version, started = Tally(), Counter(), 0, commit(), time.perf_counter()
    with ProcessPoolExecutor(options.jobs) as pool:
        work = {pool.submit(run, number, size, options): size for number, size in sizes.items()}
        for future in as_completed(work):
            if future.exception():  # of a judge: the checker's own are faults of their pairs
                print(f"a chunk was lost: {future.exception()!r}", flush=True)
                lost += 1
                continue
            found = future.result()
            tally.update(found)
            done.update(pairs=work[future], chunks=1)
            told = summary(tally, done["pairs"], options, version, time.perf_counter() - started)
            print(*found.faults, sep="\n", end="\n" if found.faults else "", flush=True)
            if done["chunks"] % 10 == 0:
                print("%(pairs)d pairs in %(seconds)d s, %(counts)s" % told, file=sys.stderr, flush=True)
            if options.output:
                options.output.write_text(json.dumps(told, indent=1) + "\n")
    print(json.dumps({key: value for key, value in told.items() if key != "families"}))
    return 1 if tally.faults or lost else 0


if __name__ == "__main__":
    sys.exit(main())
