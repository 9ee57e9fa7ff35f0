"""How time and memory are measured: rounds of all that is compared, in one sitting.

What runs on one thread is timed in seconds of the processor, so that what else the machine does
counts less; threads and commands by the clock on the wall. Of the rounds the best counts: all that
disturbs makes it slower.
"""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

Work = Callable[[], object]
Say = Callable[[str], None]


def seconds(work: Work, clock: Callable[[], float] = time.process_time) -> float:
    """Return the seconds that work took, once."""
    start = clock()
    work()
    return clock() - start


def interleaved(
    works: Mapping[str, Work],
    rounds: int,
    say: Say,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, float]:
    """Return the best seconds of each work, of the processor; they take turns: A B C A B C.

    Args:
        works: What is measured, by name; each has been run once before, to compile.
        rounds: How often.
        say: Told how far it is.
        clock: What tells the time, where not the processor's.
    """
    return {name: min(each) for name, each in by_round(works, rounds, say, clock).items()}


def by_round(
    works: Mapping[str, Work],
    rounds: int,
    say: Say,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, list[float]]:
    """Return the seconds that each work took in each round; as for `interleaved`."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}: {', '.join(works)}")
        for name, work in works.items():
            taken[name].append(seconds(work, clock))
    return taken


def best(work: Work, rounds: int) -> float:
    """Return the best seconds by the wall clock."""
    return min(seconds(work, time.perf_counter) for _ in range(rounds))


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Return the power of size with which cost grows: the slope of logarithms, by least squares."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


def command(arguments: Sequence[str], rounds: int, folder: Path) -> tuple[float, float]:
    """Return the best wall seconds of a command, and the most memory any run of it took, in MB.

    The memory is that of the largest process this one has waited for, so nothing larger may have
    been started before.

    Raises:
        CalledProcessError: The command fails.
    """

    def once() -> None:
        subprocess.run(arguments, check=True, capture_output=True, cwd=folder)

    taken = best(once, rounds)
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return taken, largest * 1024 / 1e6  # Linux counts in kibibytes
