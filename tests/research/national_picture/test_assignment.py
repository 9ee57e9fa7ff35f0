"""The assignment is the best there is: most schools, then least minutes, within every room."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from workbench.research.national_picture.assignment import Placement, place


def looking(*urns: int, lost: tuple[int, ...] = ()) -> pd.DataFrame:
    return pd.DataFrame({"urn": urns, "placed": [urn not in lost for urn in urns]})


def near(*pairs: tuple[int, int, float]) -> pd.DataFrame:
    columns = {"urn": "int64", "trust_uid": "int64", "minutes": "float64"}
    return pd.DataFrame(list(pairs), columns=list(columns)).astype(columns)


def pairs(done: Placement) -> dict[int, int]:
    return {
        int(urn): int(uid)
        for urn, uid in zip(done.joined["urn"], done.joined["trust_uid"], strict=True)
    }


def test_a_school_gives_way_where_that_lets_another_find_a_trust() -> None:
    # The nearest first would send 1 to trust 10 and leave 2, which reaches no other, without one.
    done = place(
        looking(1, 2), near((1, 10, 5.0), (1, 20, 40.0), (2, 10, 6.0)),
        pd.Series({10: 1, 20: 1}), 60.0,
    )  # fmt: skip
    assert pairs(done) == {1: 20, 2: 10}
    assert done.minutes == 23.0
    assert done.left.empty


def test_among_as_many_schools_the_ways_are_the_shortest() -> None:
    done = place(
        looking(1, 2), near((1, 10, 5.0), (1, 20, 30.0), (2, 10, 6.0), (2, 20, 50.0)),
        pd.Series({10: 1, 20: 1}), 60.0,
    )  # fmt: skip
    assert pairs(done) == {1: 20, 2: 10}  # 36 minutes, where the other way round takes 55


def test_a_trust_takes_no_more_schools_than_it_has_room_for() -> None:
    options = near(*((urn, 10, float(urn)) for urn in range(1, 6)))
    done = place(looking(1, 2, 3, 4, 5), options, pd.Series({10: 2}), 60.0)
    assert pairs(done) == {1: 10, 2: 10}
    assert set(done.left["why"]) == {"places within reach are taken"}


def test_each_school_left_says_why() -> None:
    options = near((1, 10, 5.0), (2, 10, 7.0), (3, 10, 61.0), (4, 99, 5.0))
    done = place(looking(1, 2, 3, 4, 5, lost=(5,)), options, pd.Series({10: 1, 99: 0}), 60.0)
    assert pairs(done) == {1: 10}
    assert dict(zip(done.left["urn"], done.left["why"], strict=True)) == {
        2: "places within reach are taken",
        3: "no trust with room within reach",
        4: "no trust with room within reach",
        5: "no place known",
    }


def test_where_there_is_nothing_to_assign_nobody_joins() -> None:
    for schools, options, room in (
        (looking(), near((1, 10, 5.0)), pd.Series({10: 1})),
        (looking(1), near(), pd.Series({10: 1})),
        (looking(1), near((1, 10, 5.0)), pd.Series(dtype="int64")),
    ):
        done = place(schools, options, room, 60.0)
        assert done.joined.empty
        assert done.minutes is None
        assert len(done.left) == len(schools)


@pytest.mark.parametrize("seed", range(25))
def test_it_is_as_good_as_the_dense_optimum(seed: int) -> None:
    luck = np.random.default_rng(seed)
    schools, trusts = int(luck.integers(1, 14)), int(luck.integers(1, 7))
    room = pd.Series(luck.integers(0, 4, trusts), index=np.arange(10, 10 + trusts))
    cells = [(u, t) for u in range(1, schools + 1) for t in room.index if luck.random() < 0.5]
    options = near(*((u, t, float(np.round(luck.uniform(0, 70), 1))) for u, t in cells))
    done = place(looking(*range(1, schools + 1)), options, room, 60.0)
    assert (done.joined["trust_uid"].value_counts().reindex(room.index).fillna(0) <= room).all()
    # Every place of every trust a column, and 10,000 minutes for staying without one.
    seats = [uid for uid, places in room.items() for _ in range(places)]
    cost = np.full((schools, len(seats) + schools), 10_000.0)
    for row in options.itertuples():
        for column, uid in enumerate(seats):
            if uid == row.trust_uid and float(str(row.minutes)) <= 60.0:
                cost[int(str(row.urn)) - 1, column] = row.minutes
    rows, columns = linear_sum_assignment(cost)
    best = cost[rows, columns]
    assert len(done.joined) == int((best < 10_000.0).sum())
    assert done.joined["minutes"].sum() == pytest.approx(best[best < 10_000.0].sum())


def test_the_order_of_rows_changes_nothing() -> None:
    options = near(*((u, t, float((u * 7 + t * 3) % 50)) for u in range(1, 9) for t in (10, 11)))
    room = pd.Series({10: 2, 11: 3})
    one = place(looking(*range(1, 9)), options, room, 60.0)
    other = place(looking(*range(8, 0, -1)), options.iloc[::-1], room[::-1], 60.0)
    pd.testing.assert_frame_equal(one.joined, other.joined)
    pd.testing.assert_frame_equal(one.left, other.left)


@pytest.mark.parametrize("seed", range(3))
def test_whole_number_programming_places_as_many_in_as_few_minutes(seed: int) -> None:
    """The two aims one after the other, by HiGHS: most schools, then least minutes."""
    draws = np.random.default_rng(seed)
    urns, uids = np.divmod(np.flatnonzero(draws.random(12 * 5) < 0.5), 5)
    minutes = draws.uniform(1, 60, len(urns))
    room = draws.integers(0, 4, 5)
    ways = near(*zip(urns.tolist(), uids.tolist(), minutes.tolist(), strict=True))
    done = place(looking(*range(12)), ways, pd.Series(room, range(5)), 60.0)
    once = (urns == np.arange(12)[:, None]).astype(float)
    seats = (uids == np.arange(5)[:, None]).astype(float)
    limits = [LinearConstraint(once, ub=1), LinearConstraint(seats, ub=room)]
    solved = partial(milp, integrality=np.ones(len(urns), np.int64), bounds=Bounds(0, 1))
    most = round(np.asarray(solved(-np.ones(len(urns)), constraints=limits).x).sum())
    assert len(done.joined) == most
    all_of_them = LinearConstraint(np.ones((1, len(urns))), lb=most)
    least = solved(minutes, constraints=[*limits, all_of_them]).fun
    assert done.joined["minutes"].sum() == pytest.approx(least)
