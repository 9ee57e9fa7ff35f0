"""Run many trajectories over threads, with the same bytes for any number of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.growth.kernel.chunk import run_chunk
from workbench.growth.kernel.curve import run_curve_chunk
from workbench.growth.kernel.layout import (
    LANES,
    LEAD,
    MOST_SCHOOLS,
    NOT_JOINED,
    SERIES,
    STATE,
    TRUST,
)
from workbench.growth.kernel.luck import POST_TERMS, WORDS, Luck
from workbench.growth.ranges import Ranges, threaded
from workbench.growth.setting import Records, Setting
from workbench.parameters.limits import LIMITS

Progress = Callable[[int], None]
Breaches = npt.NDArray[np.int16]
Given = tuple[
    bool, Records, Records, Any, Records, npt.NDArray[np.int64], npt.NDArray[np.float64],
    npt.NDArray[np.float64], npt.NDArray[np.int16], npt.NDArray[np.uint32], int,
]  # fmt: skip


_OUTCOMES = ("breach", "secured", "series", "moves")


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
    ranges: Ranges | None = None,
) -> Trajectories:
    """Run trajectories of a setting.

    Args:
        setting: What is simulated.
        replicates: Number of trajectories R; a multiple of the setting's M draws.
        threads: Worker threads; the result does not depend on it.
        record: Keep the series of each term, for fans, and the moves between bands.
        progress: Called with the number of trajectories just finished.
        ranges: What runs ranges of trajectories, in place of threads (`ranges.workers`).

    Raises:
        ValueError: `replicates` is not a multiple of the number of draws.
    """
    work = partial(run_range, events=events_of(setting, replicates), record=record)
    whole: Trajectories | None = None
    done = 0
    for count, piece in (ranges or threaded(threads))(work, setting, replicates):
        whole = _room_for(replicates, piece) if whole is None else whole
        for field in _OUTCOMES:
            getattr(whole, field)[done : done + count] = getattr(piece, field)
        done += count
        if progress is not None:
            progress(count)
    assert whole is not None, "there is at least one trajectory"
    return whole


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
    return _range_in(_room(setting, 1), setting, (first, last), events, record=record)


def last_terms(setting: Setting, first: int, last: int, events: int) -> Iterator[LastTerm]:
    """Run trajectories `first` to `last` (not included) and yield how each ended.

    Yields:
        The state after the last term, overwritten by the next trajectory. In it `claim` holds the
        true band of a school before it moved in that term, and `true` the band after.
    """
    room = _room(setting, 1)
    for replicate in range(first, last):
        _range_in(room, setting, (replicate, replicate + 1), events, record=True)
        yield LastTerm(room.state[0], room.trust[0])


def _range_in(
    room: Room, setting: Setting, numbers: tuple[int, int], events: int, *, record: bool
) -> Trajectories:
    first, last = numbers
    rows, count = last - first, len(setting.school)
    breach = np.empty((rows, len(LIMITS)), np.int16)
    secured = np.full((rows, count), NOT_JOINED, np.int16)
    series = np.empty((rows, setting.terms if record else 0, len(SERIES)))
    moves = np.zeros((rows, 4 if record else 0, 3), np.int32)
    run_chunk(
        first,
        last,
        events,
        *_given(setting),
        breach,
        secured,
        series,
        moves,
        room.state[0],
        room.trust[0],
        room.lead[0],
        room.luck,
    )
    return Trajectories(breach, secured, series, moves, events)


def _room_for(replicates: int, piece: Trajectories) -> Trajectories:
    """Return room for so many trajectories of the kind of this piece."""
    made = {
        field: np.empty((replicates, *getattr(piece, field).shape[1:]), getattr(piece, field).dtype)
        for field in _OUTCOMES
    }
    return Trajectories(**made, events=piece.events)


def run_curve(
    setting: Setting,
    replicates: int,
    *,
    first: int = 0,
    threads: int = 1,
    progress: Progress | None = None,
    ranges: Ranges | None = None,
) -> list[Breaches]:
    """Run 0, 1, ... N joiners on the same luck, N those of the setting.

    Args:
        setting: What is simulated, with all N joiners.
        replicates: Number of trajectories R for each number of joiners.
        first: Trajectories left out, which an earlier look has run.
        threads: Worker threads; the result does not depend on it.
        progress: Called with the number of trajectories just finished.
        ranges: What runs ranges of trajectories, in place of threads (`ranges.workers`).

    Returns:
        For each number of joiners, `Trajectories.breach` of trajectories `first` to R of that
        number alone, (R - first) x 5.
    """
    work = partial(curve_range, events=events_of(setting, replicates), offset=first)
    pieces = []
    for count, piece in (ranges or threaded(threads))(work, setting, replicates - first):
        pieces.append(piece)
        if progress is not None:
            progress(count * (setting.joiners + 1))
    return list(np.concatenate(pieces, axis=1))


def curve_range(
    setting: Setting, first: int, last: int, *, events: int, offset: int = 0
) -> Breaches:
    """Run trajectories for 0, 1, ... N joiners: the unit of work of a thread or worker.

    Args:
        setting: What is simulated, with all N joiners.
        first: First trajectory, counted from `offset`.
        last: The one after the last.
        events: Trajectories for each draw of the parameters.
        offset: Trajectories left out before the first.

    Returns:
        First term each limit was breached, or -1: (N + 1) x (last - first) x 5.
    """
    breach = np.empty((setting.joiners + 1, last - first, len(LIMITS)), np.int16)
    room = _room(setting, 2)
    run_curve_chunk(
        offset + first,
        offset + last,
        events,
        *_given(setting),
        _partings(setting),
        breach,
        np.zeros((0, 3), np.int32),
        room.state,
        room.trust,
        room.lead,
        room.state.view(np.float64).reshape(2, -1, MOST_SCHOOLS),
        room.luck,
    )
    return breach


def _partings(setting: Setting) -> npt.NDArray[np.int64]:
    """Return the term from which n = 0 ... N - 1 joiners differ from all N: -1 from the start.

    That is when the policy first looks ahead to any joiner that is left out.
    """
    joining = setting.school["join_term"][setting.existing :].astype(np.int64)
    ahead = joining - int(setting.policy["hire_ahead_terms"][0])
    seen = np.where(ahead <= 0, -1, ahead)
    return np.minimum.accumulate(seen[::-1])[::-1].copy()


def _given(setting: Setting) -> Given:
    """Return what compiled code is given of a setting, in its order."""
    return (
        setting.shared_luck,
        setting.params,
        setting.derived,
        setting.policy[0],
        setting.school,
        np.ascontiguousarray(setting.school["key"]),
        setting.below,
        setting.distances(),
        setting.nearest(),
        setting.keys(),
        setting.terms,
    )


class LastTerm(NamedTuple):
    """How a trajectory ended: its schools (`layout.STATE`) and its trust (`layout.TRUST`)."""

    schools: Records
    trust: Records


class Room(NamedTuple):
    """Memory for the worlds of one thread, so that nothing is allocated while trajectories run."""

    state: Records
    trust: Records
    lead: Records
    luck: Luck


def _room(setting: Setting, worlds: int) -> Room:
    count, terms, slots = len(setting.school), setting.terms, setting.lead_slots()
    if count > MOST_SCHOOLS:
        raise ValueError(f"{count} schools: compiled code has room for {MOST_SCHOOLS}")
    width = -(-count // LANES) * LANES
    offers = terms if setting.policy["offered"][0] else 0
    return Room(
        state=np.zeros(worlds, STATE),
        trust=np.zeros(worlds, TRUST),
        lead=np.zeros((worlds, slots), LEAD),
        luck=Luck(
            start=np.full((4, width), 0.5),
            school=np.full((terms, 4, width), 0.5),
            head=np.full((-(-terms // WORDS) * WORDS, width), 0.5),
            lead=np.empty((-(-terms // POST_TERMS) * POST_TERMS, 2, slots)),
            offer=np.empty((offers, 2, width)),
        ),
    )
