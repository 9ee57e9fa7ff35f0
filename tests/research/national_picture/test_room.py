"""Room in bulk is the absorption answer of each trust on its own, however the work is shared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from distributed import LocalCluster

from tests.research.national_picture.conftest import JOINERS, REPLICATES
from workbench.errors import BadInput
from workbench.growth.absorb import absorb_setting
from workbench.growth.cluster import over
from workbench.growth.ranges import threaded
from workbench.research.national_picture.cases import Cases
from workbench.research.national_picture.room import CURVE, Room, capacities, room_of
from workbench.scenario.answers import read_settings

RISK = read_settings().risk


@pytest.fixture(scope="module")
def room(cases: Cases) -> Room:
    return room_of(cases, threads=1)


def test_each_trust_has_the_curve_and_capacity_of_its_own_absorption_answer(
    cases: Cases, room: Room
) -> None:
    found = capacities(room, RISK).set_index("trust_uid")
    for number in (0, 5, 9):
        uid = cases.trusts[number]
        alone = absorb_setting(
            cases.setting_of(number), range(JOINERS + 1), REPLICATES,
            tolerance=RISK.tolerance.value, confidence=RISK.confidence.value,
            ceiling=RISK.baseline_ceiling.value,
        )  # fmt: skip
        bulk = room.curves[room.curves["trust_uid"] == uid].reset_index(drop=True)
        pd.testing.assert_frame_equal(bulk[list(CURVE)], alone.curve[list(CURVE)], rtol=1e-13)
        assert found.loc[uid, "sure"] == (alone.capacity or 0)
        assert found.loc[uid, "reason"] == alone.reason


@pytest.mark.parametrize(("threads", "chunk"), [(2, 4), (1, 14), (3, 1)])
def test_neither_threads_nor_the_size_of_a_share_change_a_byte(
    cases: Cases, room: Room, threads: int, chunk: int
) -> None:
    done: list[int] = []
    other = room_of(cases, ranges=threaded(threads, chunk), progress=done.append)
    assert sum(done) == len(cases.trusts)
    for name in ("curves", "broken"):
        pd.testing.assert_frame_equal(getattr(other, name), getattr(room, name), check_exact=True)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a scheduler with two worker processes on this machine."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as two:
        yield two.scheduler_address


def test_a_cluster_gives_the_bytes_of_one_machine(cases: Cases, room: Room, address: str) -> None:
    with over(address) as ranges:
        far = room_of(cases, ranges=ranges)
    for name in ("curves", "broken"):
        pd.testing.assert_frame_equal(getattr(far, name), getattr(room, name), check_exact=True)


def test_what_is_claimed_never_exceeds_what_is_estimated_or_possible(room: Room) -> None:
    for tolerance in (0.02, 0.1, 0.4):
        found = capacities(room, RISK, tolerance=tolerance)
        assert (found["sure"] <= found["estimated"]).all()
        assert (found["estimated"] <= found["possible"]).all()


def test_more_tolerance_never_means_less_room(room: Room) -> None:
    strict, own, lax = (
        capacities(room, RISK, tolerance=tolerance)["sure"] for tolerance in (0.02, 0.1, 1.0)
    )
    assert (strict <= own).all()
    assert (own <= lax).all()
    assert lax.max() == JOINERS  # so that there is something to be seen


def curve(*extra: tuple[float, float, float], holds: float = 0.9) -> Room:
    """The curve of one trust by lower end, estimate and upper end of its extra risk."""
    rows = [
        (7, n, holds, holds - 0.01, holds + 0.01, risk, lower, upper)
        for n, (lower, risk, upper) in enumerate([(0.0, 0.0, 0.0), *extra])
    ]
    columns = ["trust_uid", "joiners", *CURVE]
    return Room(pd.DataFrame(rows, columns=columns), pd.DataFrame(), len(extra), 100, 25)


def test_room_ends_before_the_first_number_beyond_even_where_a_later_one_is_within() -> None:
    bent = curve((0.01, 0.02, 0.03), (0.08, 0.12, 0.16), (0.02, 0.05, 0.09))
    row = capacities(bent, RISK, tolerance=0.1).iloc[0]
    assert (row["sure"], row["estimated"], row["possible"]) == (1, 1, 3)
    assert row["reason"] == "extra_risk_exceeds_tolerance"


def test_a_trust_beyond_its_limits_has_no_room_and_says_why() -> None:
    row = capacities(curve((0.0, 0.0, 0.0), holds=0.1), RISK).iloc[0]
    assert (row["sure"], row["estimated"], row["possible"]) == (0, 0, 0)
    assert row["reason"] == "already_beyond_limits"


def test_no_more_schools_are_claimed_than_come_within_the_horizon() -> None:
    late = replace(curve((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)), arriving=1)
    row = capacities(late, RISK).iloc[0]
    assert (row["sure"], row["possible"], row["reason"]) == (1, 1, "limit_of_pace")


def test_a_tolerance_that_is_no_probability_is_refused(room: Room) -> None:
    with pytest.raises(BadInput, match=r"tolerance of 1\.5"):
        capacities(room, RISK, tolerance=1.5)


def test_the_limits_that_break_are_shares_of_futures(room: Room) -> None:
    assert room.broken["share"].between(0, 1).all()
    alone = room.curves[room.curves["joiners"] == 0].set_index("trust_uid")["probability"]
    most = room.broken.groupby("trust_uid")["share"].max()
    assert (most <= 1 - alone + 1e-12).all()  # any one limit breaks no oftener than any
    assert np.isclose(room.broken.groupby("limit")["share"].sum()["reserves"], 0.0)  # not judged
