"""Run many trajectories over threads, with the same bytes for any number of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.growth.compiled import compiled
from workbench.growth.layout import DERIVED, LEAD, NOT_JOINED, SERIES, STATE, TRUST
from workbench.growth.setting import Setting
from workbench.growth.term import trajectory
from workbench.growth.world import Array, Record, World
from workbench.parameters.limits import LIMITS

CHUNK = 256
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Trajectories:
    """What came of each trajectory; first axis: replicate.

    Attributes:
        breach: R x 5, first term each limit was breached, or -1; limits as in `LIMITS`.
        secured: R x n, terms from joining to first truly secure; -1 never, -2 never joined.
        series: R x terms x 13, measures as in `layout.SERIES` at each term's end; R x 0 x 13 when
            they were not asked for.
        events: Trajectories for each draw of the parameters (K): replicate r has draw r // K.
    """

    breach: npt.NDArray[np.int16]
    secured: npt.NDArray[np.int16]
    series: npt.NDArray[np.float64]
    events: int


@compiled
def run_chunk(  # noqa: PLR0917 - compiled code takes arrays one by one
    first: int,
    last: int,
    events: int,
    params: Array,
    policy: Record,
    school: Array,
    below: Array,
    km: Array,
    nearest: Array,
    keys: Array,
    terms: int,
    breach: Array,
    secured: Array,
    series: Array,
    state: Array,
    trust: Record,
    derived: Record,
    lead: Array,
    order: Array,
    head_words: Array,
) -> None:
    """Run trajectories `first` to `last` (not included) into their rows of the outputs."""
    for r in range(first, last):
        w = World(
            r,
            params[r // events],
            policy,
            derived,
            school,
            below[r // events],
            km,
            nearest,
            state,
            order,
            trust,
            lead,
            head_words,
            keys,
        )
        trajectory(w, terms, breach[r], secured[r], series[r])


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
        record: Keep the series of each term, for fans.
        progress: Called with the number of trajectories just finished.

    Raises:
        ValueError: `replicates` is not a multiple of the number of draws.
    """
    draws = len(setting.params)
    if replicates % draws:
        raise ValueError(f"{replicates} replicates cannot be shared by {draws} draws")
    events, count = replicates // draws, len(setting.school)
    breach = np.empty((replicates, len(LIMITS)), np.int16)
    secured = np.full((replicates, count), NOT_JOINED, np.int16)
    series = np.empty((replicates, setting.terms if record else 0, len(SERIES)))
    km, nearest, keys = setting.distances(), setting.nearest(), setting.keys()
    slots = setting.lead_slots()

    def work(first: int) -> int:
        last = min(first + CHUNK, replicates)
        run_chunk(
            first,
            last,
            events,
            setting.params,
            setting.policy[0],
            setting.school,
            setting.below,
            km,
            nearest,
            keys,
            setting.terms,
            breach,
            secured,
            series,
            np.zeros(count, STATE),
            np.zeros(1, TRUST)[0],
            np.zeros(1, DERIVED)[0],
            np.zeros(slots, LEAD),
            np.zeros(count, np.int64),
            np.zeros((count, 4), np.uint64),
        )
        return last - first

    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        for done in pool.map(work, range(0, replicates, CHUNK)):
            if progress is not None:
                progress(done)
    return Trajectories(breach, secured, series, events)
