"""Forecasts, fitness and proposals from a fitted model."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.growth.settings import declared_model
from workbench import paths
from workbench.errors import BadInput
from workbench.growth.calibrate.fit import Fitted, fit
from workbench.growth.calibrate.fitness import expected_grades, seen_and_expected
from workbench.growth.calibrate.forecast import next_grades, share_of_next, true_bands
from workbench.growth.calibrate.form import Form
from workbench.growth.calibrate.planted import Planted, planted_panel
from workbench.growth.calibrate.proposal import (
    chances_a_term,
    declared_belief,
    propose,
    write_proposal,
)
from workbench.growth.calibrate.visits import UNSEEN, Visits, read_visits
from workbench.parameters.load import load_yaml
from workbench.parameters.model import ModelParameters
from workbench.parameters.research import load_research

PLANTED = Planted()


@lru_cache(maxsize=1)
def fitted_once() -> tuple[Visits, Fitted]:
    visits = read_visits(planted_panel(PLANTED, 2_000, 12.0, 21))
    form = Form()
    return visits, fit(visits, form, belief=declared_belief(form, load_research().calibration))


def test_chances_add_up_to_one() -> None:
    visits, fitted = fitted_once()
    years = np.full(len(visits.urns), 2.0)
    assert_allclose(next_grades(fitted, visits, years).sum(axis=1), 1.0)
    assert_allclose(true_bands(fitted, visits).sum(axis=(1, 2)), 1.0)
    assert_allclose(expected_grades(fitted, visits).sum(axis=1), 1.0)


def test_what_is_expected_of_the_last_grade_is_what_was_forecast_of_it() -> None:
    """Two routes to one number: the recursion, and a forecast from all visits but the last."""
    frame = planted_panel(PLANTED, 200, 12.0, 4)
    frame = frame[frame.groupby("urn")["date"].transform("size").gt(1)]
    _, fitted = fitted_once()
    whole = read_visits(frame)
    last = frame.groupby("urn")["date"].transform("max").eq(frame["date"])
    earlier = read_visits(frame[~last])
    dates = frame.groupby("urn")["date"].max() - frame[~last].groupby("urn")["date"].max()
    years = dates.dt.days.reindex(earlier.urns).to_numpy() / 365.25
    forecast = dict(zip(earlier.urns, next_grades(fitted, earlier, years), strict=True))
    expected = expected_grades(fitted, whole)
    ends = np.zeros(len(whole.urns), dtype=int)
    ends[whole.series] = np.arange(len(whole.band))
    for urn, row in zip(whole.urns, ends, strict=True):
        assert_allclose(expected[row], forecast[urn], atol=1e-12)


def test_a_right_model_fits_and_one_with_moves_doubled_does_not() -> None:
    visits, fitted = fitted_once()
    right = seen_and_expected(fitted, visits)
    assert right.p_between[1] > 0.001
    seen = right.table.filter(like="seen").to_numpy().sum()
    assert (
        seen == (visits.band != UNSEEN).sum() - len(visits.urns) == right.table["inspections"].sum()
    )
    wrong = fitted.estimates.copy()
    wrong[:6] += np.log(2.0)
    doubled = Fitted(fitted.form, wrong, fitted.covariance, 0.0, fitted.means, 1, 1)
    assert seen_and_expected(doubled, visits).p_between[1] < 1e-6


def test_the_share_forecast_holds_what_the_next_grades_show() -> None:
    frame = planted_panel(PLANTED, 2_000, 12.0, 33)
    _, fitted = fitted_once()
    told = frame[frame["date"] < "2015-09-01"]
    later = frame[frame["date"] >= "2015-09-01"].drop_duplicates("urn").set_index("urn")
    visits = read_visits(told)
    latest = told.groupby("urn")[["date", "band"]].last().reindex(visits.urns)
    after = later.reindex(visits.urns)
    weak = (latest["band"].eq(1) & after["band"].notna()).to_numpy()
    days = (after["date"] - latest["date"]).to_numpy() / np.timedelta64(1, "D")
    years = np.asarray(days / 365.25, dtype=np.float64)
    share = share_of_next(fitted, visits, years, weak, 2, seed=1, draws=100)
    assert share.lower <= (after["band"][weak] >= 2).mean() <= share.upper
    assert share.lower < share.expected < share.upper
    assert share.upper - share.lower < 0.16


def test_a_forecast_of_the_past_is_refused() -> None:
    visits, fitted = fitted_once()
    with pytest.raises(BadInput, match="before the last one"):
        next_grades(fitted, visits, np.full(len(visits.urns), -0.1))


def test_a_chance_a_term_is_near_that_of_the_planted_moves() -> None:
    """Of one move in a third of a year; the way back within the term takes a little of it."""
    visits, fitted = fitted_once()
    found = chances_a_term(fitted, visits)
    planted = 1.0 - np.exp(-np.array(list(PLANTED.moves.values())) / 3.0)
    error = np.array([one.error for one in propose(fitted, visits, declared_model())[:6]])
    assert_allclose(found, planted, atol=4.0 * error.max(), rtol=0.2)


def test_a_proposal_writes_what_grades_tell_and_changes_nothing_else(tmp_path: Path) -> None:
    visits, fitted = fitted_once()
    model = declared_model()
    proposed = propose(fitted, visits, model)
    assert [one.name for one in proposed] == [
        "improve.rise_urgent", "improve.rise_attention", "improve.rise_secure",
        "improve.fall_attention", "improve.fall_secure", "improve.fall_strong",
        "inspect.error_low", "inspect.error_high",
    ]  # fmt: skip
    in_force = (paths.parameters() / "model.yaml").read_text(encoding="utf-8")
    to = write_proposal(tmp_path / "model.yaml", proposed, "Fitted to the author's made-up grades")
    before, after = dict(model.quantities()), dict(load_yaml(to, ModelParameters).quantities())
    by_name = {one.name: one for one in proposed if one.told}
    assert list(by_name) == [
        "improve.rise_secure", "improve.fall_secure", "improve.fall_strong", "inspect.error_high",
    ]  # fmt: skip
    for name, quantity in after.items():
        if name in by_name:
            assert quantity.value == pytest.approx(by_name[name].value)
            assert quantity.source.title.startswith("Fitted to the author's made-up grades; ")
            assert f"error {by_name[name].error:.2g}" in quantity.source.title
            assert not quantity.verified
            assert quantity.unit == before[name].unit
        else:
            assert quantity == before[name]
    assert (paths.parameters() / "model.yaml").read_text(encoding="utf-8") == in_force


@pytest.mark.parametrize("widening", [1.0, 2.0])
def test_a_proposed_distribution_has_the_standard_error_of_the_fit_widened(
    tmp_path: Path, widening: float
) -> None:
    visits, fitted = fitted_once()
    proposed = propose(fitted, visits, declared_model(), widening=widening)
    to = write_proposal(tmp_path / "model.yaml", proposed, "Fitted to made-up grades")
    after = dict(load_yaml(to, ModelParameters).quantities())
    u = (np.arange(4000) + 0.5) / 4000
    for one in proposed:
        if one.told:
            spread = after[one.name].draws(u).std()
            assert spread == pytest.approx(widening * one.error, rel=0.12), one.name


def test_a_fit_begins_from_what_was_believed_and_not_from_values_in_force() -> None:
    """Else values taken up would count the same grades twice when they are fitted again."""
    form, rules = Form(), load_research().calibration
    at, belief = form.slices(), declared_belief(form, rules)
    a_term = 1.0 - np.exp(-np.exp(belief.centre[at["baseline"]]) / 3.0)
    assert_allclose(a_term, [0.12, 0.167, 0.012, 0.02, 0.022, 0.05], rtol=1e-9)
    assert rules.errors == (0.04, 0.06)
    assert_allclose(belief.spread[at["baseline"]], rules.rates_within.value)
    assert_allclose(belief.spread[at["errors"]], rules.rates_within.value)
    assert_allclose(belief.spread[at["start"]], 3.0)


def test_a_value_beyond_its_range_is_held_there_and_said_to_be() -> None:
    visits, fitted = fitted_once()
    quick = fitted.estimates.copy()
    quick[0] = np.log(12.0)
    fast = Fitted(fitted.form, quick, fitted.covariance, 0.0, fitted.means, 1, 1)
    model = declared_model()
    first, second = propose(fast, visits, model)[:2]
    assert first.held
    assert first.value < model.improve.rise_urgent.range[1]
    assert not second.held
