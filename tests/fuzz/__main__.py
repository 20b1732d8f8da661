"""A long run: python -m tests.fuzz RUNS [SEED]

Tries RUNS mutated files, half by their text and half by their tree, on all processors, and stops
at the first fault with the seed that repeats it. A trial of over ten seconds of processor time is a
fault.
"""

import os
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from multiprocessing import Pool
from random import Random
from typing import Any

from tests.fuzz.trial import MUTATIONS, trial

SECONDS = 10
BATCH = 250


def _hang(*_: Any) -> None:
    raise TimeoutError(f"a trial took more than {SECONDS} seconds of processor time")


def _batch(seeds: range) -> tuple[Counter[str], str]:
    signal.signal(signal.SIGPROF, _hang)
    found: Counter[str] = Counter()
    for seed in seeds:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            found[trial(Random(seed), MUTATIONS[seed % len(MUTATIONS)])] += 1
        except Exception:
            return found, f"seed {seed}\n{traceback.format_exc()}"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    return found, ""


def main(runs: int, seed: int) -> int:
    """Run, print the figures, and return the exit code."""
    start, found = time.monotonic(), Counter[str]()
    batches: Iterator[range] = (
        range(first, min(first + BATCH, seed + runs)) for first in range(seed, seed + runs, BATCH)
    )
    with Pool(os.cpu_count()) as pool:
        for part, fault in pool.imap_unordered(_batch, batches):
            found += part
            if fault:
                print(f"after {found.total():,} trials: {fault}")
                return 1
    taken = time.monotonic() - start
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in found.most_common())
    print(f"{found.total():,} trials in {taken:,.0f} s ({found.total() / taken:,.0f}/s): {kinds}")
    return 0


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    sys.exit(main(numbers[0] if numbers else 10_000, numbers[1] if len(numbers) > 1 else 0))
