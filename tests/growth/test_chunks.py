"""However trajectories are cut into ranges, and whoever runs them, the bytes are the same."""

from __future__ import annotations

import itertools
import threading
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth.pieces import joined
from tests.growth.settings import random_setting
from workbench.growth.ranges import Ranges, ranges_of, threaded, workers
from workbench.growth.setting import Setting
from workbench.growth.simulate import Trajectories, run, run_curve, run_range

EVENTS = 4
R = 600


@pytest.fixture(scope="module")
def setting() -> Setting:
    """A random trust whose joiners are offered, past every gate."""
    return random_setting(8, draws=R // EVENTS, offered=1, offer_chance=0.6, gate=4)


def content(result: Trajectories) -> bytes:
    """The bytes of a result."""
    parts = (result.breach, result.secured, result.series, result.moves)
    return b"".join(part.tobytes() for part in parts)


@pytest.fixture(scope="module")
def whole(setting: Setting) -> bytes:
    """The bytes of all trajectories run as one range."""
    return content(run_range(setting, 0, R, EVENTS, record=True))


@pytest.mark.parametrize("chunk", [1, 7, 256, R, 10 * R])
@pytest.mark.parametrize("threads", [1, 2, 4])
def test_any_chunk_and_any_number_of_threads_give_the_same_bytes(
    setting: Setting, whole: bytes, chunk: int, threads: int
) -> None:
    ranges = threaded(threads, chunk)
    assert content(run(setting, R, record=True, ranges=ranges)) == whole
    assert content(run(setting, R, record=True, threads=threads)) == whole


@given(cuts=st.sets(st.integers(1, R - 1), max_size=12))
def test_cuts_anywhere_give_the_same_bytes(setting: Setting, whole: bytes, cuts: set[int]) -> None:
    ends = [0, *sorted(cuts), R]
    pieces = [
        run_range(setting, first, last, EVENTS, record=True)
        for first, last in itertools.pairwise(ends)
    ]
    assert content(joined(pieces)) == whole


def test_a_range_is_the_same_after_any_other(setting: Setting, whole: bytes) -> None:
    halves = [(R // 2, R), (0, R // 2)]
    second, first = (run_range(setting, *half, EVENTS, record=True) for half in halves)
    assert content(joined([first, second])) == whole
    assert content(joined([second, first])) != whole, "the order of joining counts"


@pytest.mark.parametrize("chunk", [1, 7, 256, R])
def test_a_curve_is_the_same_bytes_for_any_chunk(setting: Setting, chunk: int) -> None:
    curve = run_curve(setting, R, ranges=threaded(2, chunk))
    alone = [run(setting.with_joiners(n), R).breach for n in range(setting.joiners + 1)]
    assert [breach.tobytes() for breach in curve] == [breach.tobytes() for breach in alone]


def test_pieces_come_in_order_whichever_is_done_first(setting: Setting) -> None:
    later = threading.Event()

    def work(_: Setting, first: int, last: int) -> tuple[int, int]:
        if first == 0:
            assert later.wait(30), "the second range is run while the first still is"
        else:
            later.set()
        return first, last

    pieces = list(threaded(2, 4)(work, setting, 10))
    assert pieces == [(4, (0, 4)), (4, (4, 8)), (2, (8, 10))]


def test_ranges_cover_every_trajectory_once() -> None:
    assert ranges_of(10, 4) == [(0, 4), (4, 8), (8, 10)]
    assert ranges_of(0, 4) == []
    for chunk in (1, 3, 10, 99):
        run_by = [r for first, last in ranges_of(10, chunk) for r in range(first, last)]
        assert run_by == list(range(10))


def test_progress_counts_every_trajectory(setting: Setting) -> None:
    counts: list[int] = []
    run(setting, R, progress=counts.append, ranges=threaded(2, 100))
    assert counts == [100] * 6


def test_threads_of_this_machine_are_the_default(setting: Setting, whole: bytes) -> None:
    work: Any = partial(run_range, events=EVENTS, record=True)

    def simulated(ranges: Ranges) -> bytes:
        return content(joined([piece for _, piece in ranges(work, setting, R)]))

    for threads in (None, 1, 3):
        with workers(threads) as ranges:
            assert simulated(ranges) == whole
