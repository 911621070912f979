"""The long soundness run of the checker: python tools/fuzz.py --pairs 20000 --seed 1 [--jobs 2]

Every pair of random expressions is given to `check` and judged by `tests/oracle.py`,
which shares no code with it. Exit status 1 on a false proof, a wrong refutation or an error.
"""

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]


def run(count, seed, seconds):
    from grammar import fuzz

    from helpers import check

    lines = []
    counts, complaints = fuzz(check, count, seed, seconds, lines.append)
    return counts, len(complaints), lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3, help="budget of one check")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    chunk = 250
    sizes = [min(chunk, options.pairs - n) for n in range(0, options.pairs, chunk)]
    total, faults, started = Counter(), 0, time.perf_counter()
    with ProcessPoolExecutor(options.jobs) as pool:
        work = [pool.submit(run, size, options.seed * 100003 + n, options.seconds) for n, size in enumerate(sizes)]
        for done, future in enumerate(as_completed(work), 1):
            counts, bad, lines = future.result()
            total.update(counts)
            faults += bad
            print(*lines, sep="\n", end="\n" if lines else "")
            if sys.stderr.isatty() or done % 10 == 0:
                print(
                    "%d of %d chunks, %d faults" % (done, len(sizes), faults),
                    file=sys.stderr,
                    flush=True,
                )
    names = [
        "proved",
        "checked",
        "refuted",
        "undecided",
        "false proof",
        "false check",
        "wrong refutation",
        "contradicted",
        "errors",
        "unjudged",
    ]
    print("pairs %d" % options.pairs, *("%s %d" % (n, total[n]) for n in names), sep=", ", end=", ")
    print("time %.0f s" % (time.perf_counter() - started))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
