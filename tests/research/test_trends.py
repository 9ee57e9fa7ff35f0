"""A school's absence against the median of its peers' in the half-term, worked out by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.pillars.small import scope
from workbench.measures.control_charts import ControlChart, TooFewPoints
from workbench.pillars.scope import Scope, pillar_settings
from workbench.research.trends import Trend, absence_trends
from workbench.trust.load import Trust

Row = dict[str, Any]
PRIMARIES, SECONDARIES = (900001, 900002, 900003, 900004, 900005, 900006), (900007, 900008)
FIRST, OTHERS = PRIMARIES[0], PRIMARIES[1:5]
JOINER = PRIMARIES[5]
FIVE = (FIRST, *OTHERS)
SCHOOLS = [
    {"urn": urn, "name": f"School {urn}", "joined": "2018-09-01",
     "phase": "primary" if urn in PRIMARIES else "secondary"}
    for urn in (*PRIMARIES, *SECONDARIES)
]  # fmt: skip


def half_term(urn: int, place: int, missed: int, possible: int = 1000) -> Row:
    begins = dt.date(2022, 1, 1) + dt.timedelta(days=60 * place)
    return {"urn": urn, "begins": begins.isoformat(), "pupils": 100, "missed_sessions": missed,
            "ends": (begins + dt.timedelta(days=40)).isoformat(),
            "possible_sessions": possible}  # fmt: skip


def trends(rows: Sequence[Row]) -> dict[int, Trend]:
    return {trend.urn: trend for trend in absence_trends(scope(schools=SCHOOLS, attendance=rows))}


def chart_of(trend: Trend) -> ControlChart:
    assert isinstance(trend.chart, ControlChart)
    return trend.chart


def test_a_school_is_set_against_the_median_of_the_others_however_large_they_are() -> None:
    # In per cent: 6, and 2, 4, 5 and a large school's 9, whose median is 4.5: 6 - 4.5. Pooled it
    # would be 9% all but. The second: 2 less the median of 4, 5, 6, 9.
    rows = [half_term(urn, 0, missed) for urn, missed in zip(FIVE, (60, 20, 40, 50), strict=False)]
    rows.append(half_term(FIVE[4], 0, 9000, 100_000))
    found = trends(rows)
    assert found[FIVE[0]].values == pytest.approx((1.5,))
    assert found[FIVE[1]].values == pytest.approx((-3.5,))
    assert found[FIVE[4]].values == pytest.approx((4.5,))
    assert found[FIRST].absence == pytest.approx((6,))
    assert found[FIRST].periods == ("Jan 2022",)


def test_peers_are_of_the_phase_where_there_are_four_and_else_of_all_phases() -> None:
    # The first school at 5%, the other primaries at 4, 5, 6 and 7%, secondaries at 9%. It is set
    # against the four of its phase, 5 - 5.5. The secondaries have one other of theirs: 9 less the
    # median of 4, 5, 5, 6, 7, 9.
    rows = [half_term(urn, 0, missed)
            for urn, missed in zip(FIVE, (50, 40, 50, 60, 70), strict=True)]  # fmt: skip
    rows += [half_term(urn, 0, 90) for urn in SECONDARIES]
    found = trends(rows)
    assert found[FIRST].values == pytest.approx((-0.5,))
    assert found[SECONDARIES[0]].values == pytest.approx((3.5,))
    # Without the last primary it has three others of its phase: 5 less the median of 4, 5, 6, 9, 9.
    del rows[4]
    assert trends(rows)[FIRST].values == pytest.approx((-1,))


def test_a_trend_knows_whether_its_peers_are_of_its_phase() -> None:
    found = trends([half_term(urn, 0, 50) for urn in (*FIVE, *SECONDARIES)])
    assert found[FIRST].own_phase
    assert not found[SECONDARIES[0]].own_phase


def test_three_other_schools_are_too_few() -> None:
    rows = [half_term(urn, 0, 50) for urn in FIVE[:4]]
    assert trends(rows) == {}
    assert set(trends([*rows, half_term(SECONDARIES[0], 0, 50)])) == {*FIVE[:4], SECONDARIES[0]}


def test_what_all_schools_share_drops_out() -> None:
    # Illness doubles everyone's absence in every second half-term: the difference is 0 throughout.
    rows = [half_term(urn, place, 50 * (1 + place % 2)) for urn in FIVE for place in range(14)]
    trend = trends(rows)[FIRST]
    assert trend.values == pytest.approx([0] * 14)
    assert (chart_of(trend).signals, chart_of(trend).limits) == ((), "limits")


def test_eleven_points_bear_no_limits_and_twelve_bear_trial_limits() -> None:
    rows = [half_term(urn, place, 50 + (7 * place + urn) % 5) for urn in FIVE
            for place in range(12)]  # fmt: skip
    short = [row for row in rows if row["begins"] != rows[0]["begins"]]
    assert trends(short)[FIRST].chart == TooFewPoints(points=11, needed=12)
    assert chart_of(trends(rows)[FIRST]).limits == "trial limits"


def test_a_half_term_that_leaps_is_a_concern_for_the_school_alone() -> None:
    # Twelve half-terms at 5% give or take a little, then 9% at the first school only.
    wobble = (50, 51, 49, 50, 51, 50, 49, 51, 50, 49, 50, 51)
    rows = [half_term(FIRST, place, missed) for place, missed in enumerate((*wobble, 90))]
    rows += [
        half_term(urn, place, missed)
        for urn in OTHERS for place, missed in enumerate((*reversed(wobble), 50))
    ]  # fmt: skip
    found = trends(rows)
    assert chart_of(found[FIRST]).variation == "concern"
    assert chart_of(found[FIRST]).signals[-1].rule == "outside limits"
    assert all(chart_of(found[urn]).signals == () for urn in OTHERS)


def test_a_half_term_without_four_other_schools_is_left_out() -> None:
    rows = [half_term(urn, 0, 60) for urn in FIVE[:4]] + [half_term(urn, 1, 60) for urn in FIVE]
    assert {urn: len(trend.values) for urn, trend in trends(rows).items()} == dict.fromkeys(FIVE, 1)


def test_a_weak_school_that_joins_makes_no_other_school_look_better() -> None:
    # Schools alike at 5% for fourteen half-terms; another joins for the last six at 12%.
    rows = [half_term(urn, place, 50 + (place + urn) % 2) for urn in FIVE for place in range(14)]
    before = trends(rows)
    after = trends([*rows, *(half_term(JOINER, place, 120) for place in range(8, 14))])
    assert {urn: after[urn] for urn in FIVE} == before
    assert chart_of(after[FIRST]).signals == ()
    # The joiner has its six half-terms. In the even ones three of the five others, those of an odd
    # URN, are at 5.1%, so that their median is; in the odd ones two are, and it is 5.0%.
    assert after[JOINER].values == pytest.approx([6.9, 7.0] * 3)


def test_a_school_that_too_few_go_with_all_the_way_has_no_trend() -> None:
    # Of five schools two lack one of the three half-terms, each another one.
    rows = [half_term(urn, place, 50) for urn in (*FIVE, JOINER) for place in range(3)]
    rows = [row for row in rows if (row["urn"], row["begins"]) not in {
        (OTHERS[0], rows[0]["begins"]), (OTHERS[1], rows[1]["begins"])}]  # fmt: skip
    found = trends(rows)
    assert FIRST not in found
    assert {urn: len(found[urn].values) for urn in OTHERS[:2]} == {OTHERS[0]: 2, OTHERS[1]: 2}


def test_half_terms_begun_on_different_days_are_compared() -> None:
    rest = [half_term(urn, 0, 80) for urn in OTHERS]
    for begins, same in (("2022-01-03", True), ("2022-01-22", True), ("2022-01-23", False)):
        found = trends([half_term(FIRST, 0, 60), *({**row, "begins": begins} for row in rest)])
        assert [found[urn].values for urn in (FIRST,) if urn in found] == [
            pytest.approx((value,)) for value in ((-2,) if same else ())
        ]


def test_points_run_from_the_oldest_whatever_the_order_of_rows() -> None:
    rows = [half_term(urn, place, 50 + 10 * place * (urn == FIRST))
            for place in (2, 0, 1) for urn in FIVE]  # fmt: skip
    assert trends(rows)[FIRST].values == pytest.approx([0, 1, 2])


def test_a_trust_or_school_without_numbers_has_no_trend() -> None:
    assert absence_trends(scope()) == ()
    rows = [half_term(urn, 0, 50) for urn in FIVE]
    alone = absence_trends(scope(FIRST, schools=SCHOOLS, attendance=rows))
    assert [trend.urn for trend in alone] == [FIRST]
    assert absence_trends(scope(SECONDARIES[0], schools=SCHOOLS, attendance=rows)) == ()


def test_every_school_of_the_demo_trust_has_a_finite_series(demo_trust: Trust) -> None:
    found = absence_trends(Scope(demo_trust, pillar_settings()))
    assert {trend.urn for trend in found} <= set(demo_trust.schools["urn"])
    assert len(found) > 10
    for trend in found:
        assert all(-50 < value < 50 for value in trend.values)
        assert len(trend.values) == len(trend.absence) == len(trend.periods)


def test_a_rise_at_one_large_school_is_seen_there_and_changes_no_other_school(
    demo_trust: Trust,
) -> None:
    # 900011 has the most pupils of all. Pooled, its rise made primary schools read as improving.
    table = demo_trust.tables["attendance"].astype({"missed_sessions": "float64"})
    risen = (table["urn"] == 900011) & (table["begins"] >= "2026-01-01")
    table.loc[risen, "missed_sessions"] *= 1.6
    raised = replace(demo_trust, tables={**demo_trust.tables, "attendance": table})
    settings = pillar_settings()
    before, after = (
        {trend.urn: trend for trend in absence_trends(Scope(trust, settings))}
        for trust in (demo_trust, raised)
    )
    assert {urn: _variation(trend) for urn, trend in after.items() if urn != 900011} == {
        urn: _variation(trend) for urn, trend in before.items() if urn != 900011
    }
    assert _variation(after[900011]) == "concern"
    assert "outside limits" not in {one.rule for one in chart_of(before[900011]).signals}
    assert chart_of(after[900011]).signals[-1].rule == "outside limits"


def _variation(trend: Trend) -> str:
    return "too few" if isinstance(trend.chart, TooFewPoints) else trend.chart.variation
