"""Scenario discovery: planted boxes are found, and nothing where there is nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.growth.cubes import at
from workbench.errors import BadInput
from workbench.growth.discovery import Discovery, discover
from workbench.parameters.distributions import Floats


def futures(rows: int, factors: int, seed: int = 1) -> pd.DataFrame:
    values = np.random.default_rng(seed).uniform(size=(rows, factors))
    return pd.DataFrame(values, columns=[f"f{place}" for place in range(factors)])


def floats(column: pd.Series) -> Floats:
    return np.asarray(column, dtype=np.float64)


def planted(values: pd.DataFrame) -> Floats:
    """Fails exactly where f3 > .6 and .1 < f7 < .5: 16% of futures."""
    inside = (values["f3"] > 0.6) & values["f7"].between(0.1, 0.5)
    return floats(inside)


def found(values: pd.DataFrame, outcome: Floats, **options: float) -> Discovery:
    return discover(values, outcome, seed=1, resamples=3, **options)  # type: ignore[arg-type]


def test_a_planted_box_is_recovered_and_nothing_else_is_restricted() -> None:
    values = futures(2000, 12)
    answer = found(values, planted(values))
    assert len(answer.boxes) == 1
    box, limits = answer.boxes.iloc[0], answer.limits
    for measure in ("density", "coverage", "fresh_density", "fresh_coverage"):
        assert box[measure] > 0.97, measure
    assert box["mass"] == pytest.approx(0.16, abs=0.02)
    assert sorted(limits["factor"]) == ["f3", "f7"]
    assert at(limits, "f3", "low") == pytest.approx(0.6, abs=0.015)
    assert at(limits, "f7", "low") == pytest.approx(0.1, abs=0.015)
    assert at(limits, "f7", "high") == pytest.approx(0.5, abs=0.015)
    assert [at(limits, name, "restricts") for name in ("f3", "f7")] == ["above", "between"]
    assert (limits["quasi_p"] < 1e-6).all()
    assert (limits["reproduced"] == 1.0).all()
    assert at(limits, "f3", "high_place") == 1.0
    assert at(limits, "f3", "low_place") == pytest.approx(
        (values["f3"] < at(limits, "f3", "low")).mean()
    )


def test_a_box_is_found_among_noise() -> None:
    """Failure in 60% of futures within the box and in 15% elsewhere."""
    values = futures(3000, 12, seed=2)
    chance = np.where((values["f3"] > 0.6) & (values["f7"] < 0.5), 0.6, 0.15)
    outcome = (np.random.default_rng(9).uniform(size=3000) < chance).astype(float)
    answer = found(values, outcome)
    first = answer.limits[answer.limits["box"] == 1]
    assert sorted(first["factor"]) == ["f3", "f7"]
    assert at(first, "f3", "low") == pytest.approx(0.6, abs=0.06)
    assert at(first, "f7", "high") == pytest.approx(0.5, abs=0.06)
    assert answer.boxes["fresh_density"].iloc[0] == pytest.approx(0.6, abs=0.08)


def test_several_boxes_cover_failures_that_no_earlier_one_holds() -> None:
    values = futures(2000, 6)
    outcome = floats((values["f0"] > 0.8) | (values["f1"] < 0.15))
    answer = found(values, outcome)
    assert set(answer.limits["factor"]) == {"f0", "f1"}
    assert answer.boxes["coverage"].sum() > 0.97
    assert answer.boxes["fresh_coverage"].sum() > 0.95
    made = np.arange(2000) % 3 < 2
    caught = (answer.boxes["mass"] * answer.boxes["density"]).sum() * made.sum()
    assert answer.boxes["coverage"].sum() == pytest.approx(caught / outcome[made].sum())


def test_chances_of_failing_are_taken_as_they_are() -> None:
    values = futures(900, 5)
    outcome = 0.3 + 0.4 * floats(values["f2"] > 0.7)
    answer = found(values, outcome)
    assert answer.base == pytest.approx(outcome.mean())
    assert answer.boxes["density"].iloc[0] == pytest.approx(0.7, abs=0.01)
    assert answer.limits["factor"].tolist() == ["f2"]


def test_where_failure_has_nothing_to_do_with_any_factor_no_box_is_made() -> None:
    values = futures(900, 20)
    outcome = np.random.default_rng(4).integers(0, 2, 900).astype(float)
    answer = found(values, outcome)
    assert answer.boxes.empty
    assert answer.limits.empty
    assert answer.peeling.empty


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_where_all_futures_end_alike_no_box_is_made(level: float) -> None:
    answer = found(futures(90, 3), np.full(90, level))
    assert (answer.base, len(answer.boxes)) == (level, 0)


def test_the_peeling_goes_from_all_futures_to_the_least_mass() -> None:
    values = futures(1200, 5)
    outcome = floats(values["f2"] > 0.7)
    answer = found(values, outcome, least_mass=0.2)
    steps = answer.peeling
    assert steps["mass"].iloc[0] == 1.0
    assert steps["coverage"].iloc[0] == pytest.approx(1.0)
    assert steps["mass"].is_monotonic_decreasing
    assert steps["mass"].iloc[-1] >= 0.2
    assert steps["chosen"].sum() == 1


def test_units_do_not_matter() -> None:
    values = futures(900, 5)
    outcome = floats(values["f2"] > 0.7)
    plain, scaled = found(values, outcome), found(values * 1e6, outcome)
    assert plain.boxes.equals(scaled.boxes)
    assert scaled.limits["low"].to_numpy() == pytest.approx(plain.limits["low"].to_numpy() * 1e6)


def test_the_same_futures_give_the_same_boxes() -> None:
    values = futures(900, 6)
    outcome = floats((values["f1"] + 0.2 * values["f2"]).clip(0, 1))
    first, again = found(values, outcome), found(values, outcome)
    assert (first.limits["quasi_p"] * len(values.columns) <= 0.05).all()
    for table in ("boxes", "limits", "peeling"):
        assert getattr(first, table).equals(getattr(again, table)), table


def test_futures_that_cannot_be_used_are_refused() -> None:
    values = futures(90, 3)
    for outcome, options in (
        (np.full(90, 1.5), {}),
        (np.full(80, 0.5), {}),
        (np.full(90, 0.5), {"least_mass": 0.0}),
    ):
        with pytest.raises(BadInput):
            found(values, outcome, **options)
    with pytest.raises(BadInput, match="futures"):
        found(values.head(30), np.zeros(30))
    with pytest.raises(BadInput, match="a gap"):
        found(values.mask(values > 0.9), np.zeros(90))
