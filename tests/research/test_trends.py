"""A school's absence against the others' in the same half-term, worked out by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.pillars.small import FIRST, SECOND, THIRD, scope
from workbench.measures.control_charts import ControlChart, TooFewPoints
from workbench.pillars.scope import Scope, pillar_settings
from workbench.research.trends import absence_trends
from workbench.trust.load import Trust

Row = dict[str, Any]


def half_term(urn: int, place: int, missed: int, possible: int = 1000) -> Row:
    begins = dt.date(2022, 1, 1) + dt.timedelta(days=60 * place)
    return {"urn": urn, "begins": begins.isoformat(), "pupils": 100, "missed_sessions": missed,
            "ends": (begins + dt.timedelta(days=40)).isoformat(),
            "possible_sessions": possible}  # fmt: skip


def test_a_school_is_set_against_the_pooled_absence_of_the_others() -> None:
    # First: 60 of 1000, 6%. The others: 80 of 1000 and 60 of 3000, pooled 140 of 4000, 3.5% (their
    # mean would be 5%). 6 - 3.5 = 2.5. Second: 8 - 120 / 4000 = 5. Third: 2 - 140 / 2000 = -5.
    rows = [half_term(FIRST, 0, 60), half_term(SECOND, 0, 80), half_term(THIRD, 0, 60, 3000)]
    found = {trend.urn: trend for trend in absence_trends(scope(attendance=rows))}
    assert found[FIRST].values == pytest.approx((2.5,))
    assert found[SECOND].values == pytest.approx((5,))
    assert found[THIRD].values == pytest.approx((-5,))
    assert found[FIRST].absence == pytest.approx((6,))
    assert found[FIRST].periods == ("Jan 2022",)


def test_what_all_schools_share_drops_out() -> None:
    # Illness doubles everyone's absence in every second half-term: the difference is 0 throughout.
    rows = [
        half_term(urn, place, 50 * (1 + place % 2))
        for urn in (FIRST, SECOND) for place in range(14)
    ]  # fmt: skip
    trend = absence_trends(scope(FIRST, attendance=rows))[0]
    assert trend.values == pytest.approx([0] * 14)
    assert isinstance(trend.chart, ControlChart)
    assert (trend.chart.signals, trend.chart.limits) == ((), "limits")


def test_eleven_points_bear_no_limits_and_twelve_bear_trial_limits() -> None:
    rows = [
        half_term(urn, place, 50 + (7 * place + urn) % 5)
        for urn in (FIRST, SECOND) for place in range(12)
    ]  # fmt: skip
    short = [row for row in rows if row["begins"] != rows[0]["begins"]]
    chart = absence_trends(scope(FIRST, attendance=short))[0].chart
    assert chart == TooFewPoints(points=11, needed=12)
    chart = absence_trends(scope(FIRST, attendance=rows))[0].chart
    assert isinstance(chart, ControlChart)
    assert chart.limits == "trial limits"


def test_a_half_term_that_leaps_is_a_concern_for_the_school_alone() -> None:
    # Twelve half-terms at 5% give or take a little, then 9% at the first school only.
    wobble = (50, 51, 49, 50, 51, 50, 49, 51, 50, 49, 50, 51)
    rows = [half_term(FIRST, place, missed) for place, missed in enumerate(wobble)]
    rows += [half_term(SECOND, place, missed) for place, missed in enumerate(reversed(wobble))]
    rows += [half_term(FIRST, 12, 90), half_term(SECOND, 12, 50)]
    chart = absence_trends(scope(FIRST, attendance=rows))[0].chart
    assert isinstance(chart, ControlChart)
    assert chart.variation == "concern"
    assert chart.signals[-1].rule == "outside limits"


def test_a_half_term_without_another_school_is_left_out() -> None:
    rows = [half_term(FIRST, 0, 60), half_term(FIRST, 1, 60), half_term(SECOND, 1, 50)]
    [first, second] = absence_trends(scope(attendance=rows))
    assert (len(first.values), len(second.values)) == (1, 1)
    assert absence_trends(scope(FIRST, attendance=rows[:1])) == ()


def test_a_weak_school_that_joins_makes_no_other_school_look_better() -> None:
    # Two schools alike at 5% for fourteen half-terms; a third joins for the last six at 12%. Pooled
    # into the others it would lower the first school's values by 3.5 points from the day it joins.
    rows = [
        half_term(urn, place, 50 + (place + urn) % 2)
        for urn in (FIRST, SECOND) for place in range(14)
    ]  # fmt: skip
    before = absence_trends(scope(attendance=rows))
    rows += [half_term(THIRD, place, 120) for place in range(8, 14)]
    [first, second, third] = absence_trends(scope(attendance=rows))
    assert (first, second) == before
    assert isinstance(first.chart, ControlChart)
    assert first.chart.signals == ()
    # The joiner has its six half-terms, against both others: 12 - 5.05.
    assert third.values == pytest.approx([6.95] * 6)


def test_a_school_that_no_other_one_goes_with_all_the_way_has_no_trend() -> None:
    # Each of the others lacks one of the first school's half-terms.
    rows = [half_term(FIRST, place, 50) for place in range(3)]
    rows += [half_term(SECOND, place, 50) for place in (0, 1)]
    rows += [half_term(THIRD, place, 50) for place in (1, 2)]
    assert [trend.urn for trend in absence_trends(scope(attendance=rows))] == [SECOND, THIRD]


def test_half_terms_begun_on_different_days_are_compared() -> None:
    first, second = half_term(FIRST, 0, 60), half_term(SECOND, 0, 80)
    for begins, same in (("2022-01-03", True), ("2022-01-22", True), ("2022-01-23", False)):
        later = {**second, "begins": begins}
        found = absence_trends(scope(attendance=[first, later]))
        assert [trend.values for trend in found] == [
            pytest.approx((value,)) for value in ((-2, 2) if same else ())
        ]


def test_points_run_from_the_oldest_whatever_the_order_of_rows() -> None:
    rows = [half_term(urn, place, 50 + 10 * place * (urn == FIRST))
            for place in (2, 0, 1) for urn in (FIRST, SECOND)]  # fmt: skip
    assert absence_trends(scope(FIRST, attendance=rows))[0].values == pytest.approx([0, 1, 2])


def test_a_trust_or_school_without_numbers_has_no_trend() -> None:
    assert absence_trends(scope()) == ()
    rows = [half_term(FIRST, 0, 60), half_term(SECOND, 0, 50)]
    assert absence_trends(scope(THIRD, attendance=rows)) == ()


def test_every_school_of_the_demo_trust_has_a_finite_series(demo_trust: Trust) -> None:
    found = absence_trends(Scope(demo_trust, pillar_settings()))
    assert {trend.urn for trend in found} <= set(demo_trust.schools["urn"])
    assert len(found) > 10
    for trend in found:
        assert all(-50 < value < 50 for value in trend.values)
        assert len(trend.values) == len(trend.absence) == len(trend.periods)
