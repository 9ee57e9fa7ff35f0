"""How work on trajectories is shared out: by ranges of their numbers, gathered in that order.

What comes of a trajectory depends on its number alone, so neither the length of a range, nor which
thread or machine runs it, nor the order in which ranges finish can change a result.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, TypeVar

CHUNK = 256
Held = TypeVar("Held")
Piece = TypeVar("Piece")
Work = Callable[[Held, int, int], Piece]


class Ranges(Protocol):
    """Something that can run work on a setting over ranges of trajectories.

    `work(setting, first, last)` is a function of a module, or a `functools.partial` of one, so that
    it can travel to another machine. What is held besides a setting may be anything that travels,
    such as many trusts, which are then counted in place of trajectories.
    """

    def __call__(
        self, work: Work[Held, Piece], setting: Held, trajectories: int
    ) -> Iterator[tuple[int, Piece]]:
        """Yield for each range, in order, the number of its trajectories and what came of them."""
        ...


def workers(
    threads: int | None = None, cluster: str | None = None
) -> AbstractContextManager[Ranges]:
    """Return what runs ranges, open while the context is.

    Args:
        threads: Threads of this process (default: all cores); not used with a cluster.
        cluster: Address of a Dask scheduler, to run there instead.

    Raises:
        BadInput: The cluster cannot be reached, or its workers run another version of the model.
    """
    if cluster is None:
        return nullcontext(threaded(threads or os.cpu_count() or 1))
    from workbench.growth.cluster import over  # noqa: PLC0415 - slow to import, and few runs need it

    return over(cluster)


def threaded(threads: int, chunk: int = CHUNK) -> Ranges:
    """Return ranges that are run by threads of this process.

    Args:
        threads: Worker threads; at least one is used.
        chunk: Trajectories in a range.
    """

    def ranges(
        work: Work[Held, Piece], setting: Held, trajectories: int
    ) -> Iterator[tuple[int, Piece]]:
        bounds = ranges_of(trajectories, chunk)
        with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
            pieces = pool.map(lambda bound: work(setting, *bound), bounds)
            for (first, last), piece in zip(bounds, pieces, strict=True):
                yield last - first, piece

    return ranges


def ranges_of(trajectories: int, chunk: int) -> list[tuple[int, int]]:
    """Return (first, last), last not included, of ranges of at most `chunk` trajectories."""
    starts = range(0, trajectories, chunk)
    return [(first, min(first + chunk, trajectories)) for first in starts]
