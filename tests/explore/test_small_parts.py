"""Axes hold still, memory is bounded, and refinement is left off when something else begins."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.explore.axes import Axes, rounded_out, ticks
from workbench.explore.engine import Engine, Picture
from workbench.explore.recent import Recent
from workbench.explore.refine import Refiner
from workbench.explore.server import _told_to_stop

VALUES = st.floats(-1e4, 1e4).map(lambda value: round(value, 3))


def test_an_axis_holds_while_pictures_keep_within_it() -> None:
    axes = Axes()
    first = axes.holding("risk", [0, 30])
    assert axes.holding("risk", [2, 11]) == first
    assert axes.holding("other", [0, 1]) != first


def test_an_axis_widens_where_a_picture_leaves_it_and_stays_wide() -> None:
    axes = Axes()
    axes.holding("risk", [-20, 30])
    wide = axes.holding("risk", [10, 70])
    assert wide[0] <= -20, "what it held before it still holds"
    assert wide[1] >= 70
    assert axes.holding("risk", [0, 30]) == wide


@given(VALUES, VALUES)
def test_a_span_holds_its_values_between_round_ticks(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    span = rounded_out(low, high)
    assert span[0] <= low + 1e-6
    assert span[1] >= high - 1e-6
    marks = ticks(span)
    assert 2 <= len(marks) <= 8
    assert abs(marks[-1] - span[1]) < 1e-6 * max(1, abs(span[1]))


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert (recent.get("a"), recent.get("b"), len(recent)) == (1, None, 2)


def test_a_refinement_ends_in_the_refined_picture(engine: Engine) -> None:
    done: list[Picture] = []

    async def wait() -> None:
        engine.first(engine.start)
        Refiner(engine).begin(lambda: engine.refining(engine.start), done.append)
        for _ in range(400):
            await asyncio.sleep(0.01)
            if done:
                return

    asyncio.run(wait())
    assert [picture.final for picture in done] == [True]


def test_what_begins_next_leaves_the_first_off(engine: Engine) -> None:
    done: list[Picture] = []
    other = engine.start.but(schools=2)

    async def wait() -> None:
        refiner = Refiner(engine)
        refiner.begin(lambda: engine.refining(engine.start), done.append)
        await asyncio.sleep(0.005)
        refiner.begin(lambda: engine.refining(other), done.append)
        for _ in range(400):
            await asyncio.sleep(0.01)
            if done:
                break
        await asyncio.sleep(0.1)

    asyncio.run(wait())
    assert [picture.state for picture in done] == [other]


def test_the_loop_is_free_while_refining(engine: Engine) -> None:
    ticks_seen: list[int] = []
    done: list[Picture] = []

    async def wait() -> None:
        Refiner(engine).begin(lambda: engine.refining(engine.start), done.append)
        while not done:
            await asyncio.sleep(0)
            ticks_seen.append(len(done))

    asyncio.run(wait())
    assert len(ticks_seen) > 20, "messages are handled between pieces"


def test_without_a_loop_nothing_is_refined(engine: Engine) -> None:
    done: list[Picture] = []
    Refiner(engine).begin(lambda: engine.refining(engine.start), done.append)
    assert done == []


@pytest.mark.parametrize(("found", "ends"), [(signal.SIG_DFL, True), (signal.SIG_IGN, False)])
def test_a_server_started_to_outlive_its_terminal_does(found: signal.Handlers, ends: bool) -> None:
    async def hang_up() -> bool:
        stopped = _told_to_stop()
        os.kill(os.getpid(), signal.SIGHUP)
        await asyncio.sleep(0.05)
        return stopped.is_set()

    before = signal.signal(signal.SIGHUP, found)
    try:
        assert asyncio.run(hang_up()) is ends
    finally:
        signal.signal(signal.SIGHUP, before)
