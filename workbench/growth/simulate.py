"""Run many trajectories over threads, with the same bytes for any number of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.growth.kernel.chunk import run_chunk
from workbench.growth.kernel.layout import LEAD, NOT_JOINED, SERIES, STATE, TRUST
from workbench.growth.setting import Setting
from workbench.parameters.limits import LIMITS

CHUNK = 256
Progress = Callable[[int], None]
Breaches = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Trajectories:
    """What came of each trajectory; first axis: replicate.

    Attributes:
        breach: R x 5, first term each limit was breached, or -1; limits as in `LIMITS`.
        secured: R x n, terms from joining to first truly secure; -1 never, -2 never joined.
        series: R x terms x 13, measures as in `layout.SERIES` at each term's end; R x 0 x 13 when
            they were not asked for.
        moves: R x 4 x 3, school terms in each true band and how many of them rose and fell;
            R x 0 x 3 when they were not asked for.
        events: Trajectories for each draw of the parameters (K): replicate r has draw r // K.
    """

    breach: Breaches
    secured: npt.NDArray[np.int16]
    series: npt.NDArray[np.float64]
    moves: npt.NDArray[np.int32]
    events: int


def run(
    setting: Setting,
    replicates: int,
    *,
    threads: int = 1,
    record: bool = False,
    progress: Progress | None = None,
) -> Trajectories:
    """Run trajectories of a setting.

    Args:
        setting: What is simulated.
        replicates: Number of trajectories R; a multiple of the setting's M draws.
        threads: Worker threads; the result does not depend on it.
        record: Keep the series of each term, for fans, and the moves between bands.
        progress: Called with the number of trajectories just finished.

    Raises:
        ValueError: `replicates` is not a multiple of the number of draws.
    """
    events = events_of(setting, replicates)
    pieces = []
    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        for piece in pool.map(
            lambda first: run_range(
                setting, first, min(first + CHUNK, replicates), events, record=record
            ),
            range(0, replicates, CHUNK),
        ):
            pieces.append(piece)
            if progress is not None:
                progress(len(piece.breach))
    return joined(pieces)


def events_of(setting: Setting, replicates: int) -> int:
    """Return K, the trajectories for each draw of the parameters.

    Raises:
        ValueError: `replicates` is not a multiple of the number of draws.
    """
    draws = len(setting.params)
    if replicates % draws:
        raise ValueError(f"{replicates} replicates cannot be shared by {draws} draws")
    return replicates // draws


def run_range(
    setting: Setting, first: int, last: int, events: int, *, record: bool = False
) -> Trajectories:
    """Run trajectories `first` to `last` (not included): the unit of work of a thread or worker.

    What comes of a trajectory depends on its number alone, never on the range it is run in.
    """
    rows, count = last - first, len(setting.school)
    breach = np.empty((rows, len(LIMITS)), np.int16)
    secured = np.full((rows, count), NOT_JOINED, np.int16)
    series = np.empty((rows, setting.terms if record else 0, len(SERIES)))
    moves = np.zeros((rows, 4 if record else 0, 3), np.int32)
    run_chunk(
        first,
        last,
        events,
        setting.shared_luck,
        setting.params,
        setting.derived,
        setting.policy[0],
        setting.school,
        setting.below,
        setting.distances(),
        setting.nearest(),
        setting.keys(),
        setting.terms,
        breach,
        secured,
        series,
        moves,
        np.zeros(count, STATE),
        np.zeros(1, TRUST)[0],
        np.zeros(setting.lead_slots(), LEAD),
        np.zeros(count, np.int64),
        np.zeros((count, 4), np.uint64),
    )
    return Trajectories(breach, secured, series, moves, events)


def joined(pieces: Sequence[Trajectories]) -> Trajectories:
    """Return ranges run one after another as one."""
    return Trajectories(
        np.concatenate([piece.breach for piece in pieces]),
        np.concatenate([piece.secured for piece in pieces]),
        np.concatenate([piece.series for piece in pieces]),
        np.concatenate([piece.moves for piece in pieces]),
        pieces[0].events,
    )


def run_curve(
    setting: Setting,
    replicates: int,
    *,
    threads: int = 1,
    progress: Progress | None = None,
) -> list[Breaches]:
    """Run 0, 1, ... N joiners on the same luck, N those of the setting.

    Args:
        setting: What is simulated, with all N joiners.
        replicates: Number of trajectories R for each number of joiners.
        threads: Worker threads; the result does not depend on it.
        progress: Called with the number of trajectories just finished.

    Returns:
        For each number of joiners, `Trajectories.breach` (R x 5) of that number alone.
    """
    return [
        run(setting.with_joiners(n), replicates, threads=threads, progress=progress).breach
        for n in range(setting.joiners + 1)
    ]
