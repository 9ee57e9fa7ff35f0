"""One factor at a time: exact changes, paired intervals, the widest first."""

from __future__ import annotations

import numpy as np
import pytest

from tests.growth.cubes import at, chance_model
from workbench.growth.sensitivity import Outcomes
from workbench.growth.tornado import tornado
from workbench.measures.nested import nested_difference
from workbench.parameters.distributions import Floats


def test_changes_are_those_of_the_ends_of_the_belief() -> None:
    """A chance of .5 + .4 (u - .5) moves by .18 either way of its centre, on evenly spread luck."""
    events = 1000
    luck = (np.arange(events) + 0.5) / events

    def model(rows: Floats) -> Outcomes:
        p = 0.5 + (rows - 0.5) @ np.array([0.4, 0.0, -0.2])
        return np.asarray(luck < p[:, None], dtype=float)

    found = tornado(model, ["a", "b", "c"], np.full(3, 0.5))
    table = found.table
    assert list(table["factor"]) == ["a", "c", "b"]
    assert [at(table, "a", end) for end in ("low", "high", "swing")] == pytest.approx(
        [-0.18, 0.18, 0.18]
    )
    assert [at(table, "c", end) for end in ("low", "high", "swing")] == pytest.approx(
        [0.09, -0.09, 0.09]
    )
    assert [at(table, "b", end) for end in ("low", "high")] == [0.0, 0.0]
    assert table["clear"].tolist() == [True, True, False]
    assert found.base.estimate == pytest.approx(0.5)


def test_the_centre_is_each_factors_own_value_and_not_the_middle() -> None:
    seen: list[Floats] = []

    def spy(rows: Floats) -> Outcomes:
        seen.append(rows)
        return chance_model([0.3, 0.3], 20, 1, shared=True)(rows)

    tornado(spy, ["a", "b"], np.array([0.3, 0.8]))
    assert seen[0].tolist() == [[0.3, 0.8], [0.05, 0.8], [0.95, 0.8], [0.3, 0.05], [0.3, 0.95]]


def test_intervals_are_paired_on_the_same_events() -> None:
    model = chance_model([0.2], 400, 4, shared=True)
    row = tornado(model, ["a"], np.array([0.5])).table.iloc[0]
    here, there = model(np.array([[0.5], [0.95]])).astype(bool)
    paired = nested_difference(there, here, 1)
    assert (row["high_lower"], row["high_upper"]) == (paired.lower, paired.upper)
    apart = 1.96 * np.sqrt(here.var() / 400 + there.var() / 400)
    assert row["high_upper"] - row["high"] < 0.75 * apart
