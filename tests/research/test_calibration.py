"""One call from inspections to rates, effects, fitness and what was seen later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from tests.growth.settings import declared_model
from workbench.errors import BadInput
from workbench.research.calibration import (
    DEMO,
    Calibration,
    calibrate,
    calibrate_demo,
    closed_years,
    planted_effects,
)


@pytest.fixture(scope="module")
def found() -> Calibration:
    return calibrate_demo(declared_model(), schools=700, seed=5)


def test_the_demo_gives_rates_effects_and_a_check(found: Calibration) -> None:
    assert list(found.rates().index[:2]) == ["improve.rise_urgent", "improve.rise_attention"]
    assert len(found.effects()) == 2 * len(DEMO.effects) == len(planted_effects("demo")["planted"])
    assert (found.effects()["lower"] < found.effects()["upper"]).all()
    assert found.later is not None
    assert found.later.recovered.lower <= found.later.seen <= found.later.recovered.upper


def test_the_demo_is_not_told_what_came_later(found: Calibration) -> None:
    assert found.later is not None
    told = found.fitted.visits
    assert told == (found.visits.band >= 0).sum() == len(found.visits.band)
    assert found.later.table["schools"].sum() <= found.fitted.schools


def test_scores_of_the_fit_are_of_the_same_schools_as_its_tables(found: Calibration) -> None:
    """Tables go by the order of visits, scores by URN: each school's forecast meets its grade."""
    later = found.later
    assert later is not None
    said, held = later.table.set_index("last seen"), later.growth_model.loc["fitted model"]
    good = said["forecast secure"] + said["forecast strong"]
    assert np.diff(found.visits.urns).min() < 0
    assert held["recovered"] == pytest.approx(good["needs attention"])
    assert held["weakened"] == pytest.approx(1.0 - good["secure"])


def test_a_name_that_is_no_folder_is_refused() -> None:
    with pytest.raises(BadInput, match="there is no folder"):
        calibrate("nowhere-at-all", declared_model())
    assert planted_effects("nowhere-at-all") == {}


def test_years_in_the_closed_months_are_counted() -> None:
    """20 March 2020 to 31 August 2021 is 529 days."""
    days = [
        ("2018-01-01", "2022-01-01"),
        ("2018-01-01", "2019-01-01"),
        ("2020-12-31", "2021-12-31"),
    ]
    start, end = (pd.Series(pd.to_datetime([day[k] for day in days])) for k in (0, 1))
    assert_allclose(closed_years(start, end) * 365.25, [529, 0, 243])
    assert np.isnan(closed_years(start, end.where(end.dt.year.eq(2022)))[1])
