"""What pupils, parents and results tell, worked out by hand on a trust of three."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

from tests.pillars.small import FIRST, SECOND, THIRD, Rows, one, scope
from workbench.pillars.indicator import Measured
from workbench.pillars.intelligence_pupils import MEASURES

Row = dict[str, Any]


def _at(urn: int, key: str, **tables: Rows) -> Measured:
    return MEASURES[key](scope(urn, **tables))


def _visit(visited: int, visiting: int, held: str) -> Row:
    return {"visit_id": f"{visited}{visiting}{held}", "held": held, "visited_urn": visited,
            "visiting_urn": visiting, "pupils": 6}  # fmt: skip


_VISITS: Rows = [
    _visit(FIRST, SECOND, "2025-10-31"),  # a year ago to the day
    _visit(FIRST, FIRST, "2026-03-01"),
    _visit(SECOND, FIRST, "2026-03-02"),
    _visit(THIRD, FIRST, "2025-10-30"),
    _visit(THIRD, FIRST, "2026-11-01"),
]


def test_pupils_are_heard_where_they_visited_in_the_last_year() -> None:
    found = one(MEASURES, "pupil_voice", pupil_visits=_VISITS)
    assert found.value == pytest.approx(100 * 2 / 3)
    assert (found.n, found.interval) == (3, None)
    assert found.note == "2 of 3; 3 visits in the last 12 months"
    others = one(MEASURES, "visits_to_others", pupil_visits=_VISITS)
    assert others.value == pytest.approx(100 * 2 / 3)
    assert (others.n, others.rating) == (3, "on track")


def test_a_year_without_visits_is_a_year_in_which_no_school_was_visited() -> None:
    found = one(MEASURES, "pupil_voice", pupil_visits=_VISITS[3:])
    assert (found.value, found.rating) == (0.0, "act")
    others = one(MEASURES, "visits_to_others", pupil_visits=_VISITS[3:])
    assert others.missing == ("a visit of pupils to a school in the last 12 months",)


def _offers(urn: int, made: str, places: int, first: int) -> Row:
    return {"urn": urn, "offers_made": made, "places": places, "first_preferences": first}


_OFFERS: Rows = [
    _offers(FIRST, "2026-04-16", 60, 66), _offers(FIRST, "2025-04-16", 60, 54),
    _offers(SECOND, "2026-04-16", 40, 20),
    _offers(THIRD, "2026-03-02", 100, 114), _offers(THIRD, "2025-03-03", 90, 90),
    _offers(THIRD, "2027-03-01", 100, 0),
]  # fmt: skip


def test_first_preferences_are_held_against_places_and_the_year_before() -> None:
    # (66 + 20 + 114) / 200 = 100 for each 100. Of FIRST and THIRD: 180 / 160 after 144 / 150.
    found = one(MEASURES, "first_preferences", admissions=_OFFERS)
    assert (found.value, found.n, found.n_of) == (100.0, 200, "place")
    assert found.note == "+16.5 on the year before, 2 schools compared"
    assert found.interval is None
    at_school = _at(FIRST, "first_preferences", admissions=_OFFERS)
    assert at_school.value == pytest.approx(110.0)
    assert at_school.note == "+20.0 on the year before, 1 school compared"
    alone = _at(SECOND, "first_preferences", admissions=_OFFERS)
    assert alone.note == "nothing on the year before"
    assert one(MEASURES, "first_preferences", admissions=_OFFERS[-1:]).value is None


def test_a_school_still_waiting_for_its_offers_counts_with_those_before() -> None:
    rows = [
        _offers(FIRST, "2025-04-16", 60, 60), _offers(SECOND, "2023-04-16", 60, 0),
        _offers(THIRD, "2026-03-02", 40, 60),
    ]  # fmt: skip
    found = one(MEASURES, "first_preferences", admissions=rows)
    assert found.value == 120.0
    assert found.note == (
        "nothing on the year before; 1 school still with the offers of the year before; 1 school "
        "with older offers only left out"
    )


def _result(
    urn: int, group: str, pupils: int, value: float, spread: float | None = None, *,
    results: str = "2026-07-07", measure: str = "key stage 2 expected",
) -> Row:  # fmt: skip
    return {"urn": urn, "results": results, "measure": measure, "group": group, "pupils": pupils,
            "value": value, "spread": spread}  # fmt: skip


_KEY_STAGE_2: Rows = [
    _result(FIRST, "disadvantaged", 10, 40), _result(FIRST, "not disadvantaged", 20, 70),
    _result(FIRST, "all", 30, 60),
    _result(SECOND, "disadvantaged", 6, 50), _result(SECOND, "not disadvantaged", 24, 75),
    _result(FIRST, "disadvantaged", 10, 0, results="2025-07-07"),
    _result(FIRST, "not disadvantaged", 10, 100, results="2025-07-07"),
]  # fmt: skip


def test_the_gap_of_a_primary_school_is_one_of_shares() -> None:
    # 14 of 20 less 4 of 10. Newcombe's method 10: Wilson's 14/20 is 0.4810 to 0.8545 and 4/10 is
    # 0.1682 to 0.6873; below hypot(.2190, .2873) = .3612, above hypot(.1545, .2318) = .2786.
    found = _at(FIRST, "disadvantaged_gap", attainment=_KEY_STAGE_2)
    assert found.value == pytest.approx(30.0)
    assert found.interval is not None
    assert found.interval.lower == pytest.approx(-6.12, abs=0.02)
    assert found.interval.upper == pytest.approx(57.86, abs=0.02)
    assert (found.n, found.n_of) == (30, "pupil")
    assert found.note == "key stage 2 expected; 10 disadvantaged pupils"
    assert found.unit == "percentage points"
    assert found.evidence_date == dt.date(2026, 7, 7)


def test_the_gap_of_the_trust_is_pooled_by_pupils_over_one_measure() -> None:
    # Not disadvantaged 14 + 18 of 44; disadvantaged 4 + 3 of 16: 72.73 - 43.75. Thirteen pupils of
    # the high school are fewer than these sixty.
    high = [
        _result(THIRD, "disadvantaged", 6, 30, 10, results="2026-08-20", measure="attainment 8"),
        _result(THIRD, "not disadvantaged", 7, 40, 10, results="2026-08-20",
                measure="attainment 8"),
    ]  # fmt: skip
    found = one(MEASURES, "disadvantaged_gap", attainment=[*_KEY_STAGE_2, *high])
    assert found.value == pytest.approx(100 * (32 / 44 - 7 / 16))
    assert found.n == 60
    assert found.note == (
        "key stage 2 expected; 16 disadvantaged pupils; pooled by pupils over 2 "
        "schools; 1 school of other phases not in it"
    )


def test_a_small_group_is_held_back_and_its_school_left_out_of_the_trusts_gap() -> None:
    small = [_result(SECOND, "disadvantaged", 5, 20), *_KEY_STAGE_2[:3], _KEY_STAGE_2[4]]
    at_school = _at(SECOND, "disadvantaged_gap", attainment=small)
    assert at_school.missing == (
        "results of at least 6 disadvantaged and 6 other pupils of a school, who did not all do "
        "alike",
    )
    assert "5" not in at_school.shown + at_school.note
    trust = one(MEASURES, "disadvantaged_gap", attainment=small)
    alone = _at(FIRST, "disadvantaged_gap", attainment=small)
    assert (trust.value, trust.n) == (alone.value, alone.n)
    assert "1 more school of that phase left out" in trust.note


@pytest.mark.parametrize(
    ("group", "pupils", "value"),
    [("disadvantaged", 6, 0), ("disadvantaged", 6, 100), ("not disadvantaged", 24, 0),
     ("not disadvantaged", 24, 100), ("not disadvantaged", 24, 99.9), ("disadvantaged", 6, 0.1)],
)  # fmt: skip
def test_a_group_who_all_did_alike_is_held_back_as_a_small_one_is(
    group: str, pupils: int, value: float
) -> None:
    """That nobody or everybody of a group reached the mark tells the result of each of them."""
    other = next(row for row in _KEY_STAGE_2[3:5] if row["group"] != group)
    rows = [*_KEY_STAGE_2[:3], other, _result(SECOND, group, pupils, value)]
    at_school = _at(SECOND, "disadvantaged_gap", attainment=rows)
    assert (at_school.value, at_school.interval) == (None, None)
    assert "did not all do alike" in at_school.missing[0]
    trust = one(MEASURES, "disadvantaged_gap", attainment=rows)
    alone = _at(FIRST, "disadvantaged_gap", attainment=rows)
    assert (trust.value, trust.n, trust.interval) == (alone.value, alone.n, alone.interval)
    assert "or with a group who all did alike" in trust.note


def test_one_pupil_who_did_otherwise_is_enough_to_show_a_group() -> None:
    rows = [_result(SECOND, "disadvantaged", 6, 16.7),
            _result(SECOND, "not disadvantaged", 24, 95.8)]  # fmt: skip
    # 23 of 24 less 1 of 6.
    found = _at(SECOND, "disadvantaged_gap", attainment=rows)
    assert found.value == pytest.approx(100 * (23 / 24 - 1 / 6))


def test_a_mean_of_no_points_is_held_back_too() -> None:
    rows = [
        _result(THIRD, "disadvantaged", 9, 0, 0, measure="attainment 8"),
        _result(THIRD, "not disadvantaged", 25, 50, 12, measure="attainment 8"),
    ]
    assert _at(THIRD, "disadvantaged_gap", attainment=rows).value is None


def test_points_have_the_interval_of_their_means() -> None:
    # Means 50 and 40, spread 12 of 9 pupils and 10 of 25: standard errors 2.4 and 3.33 with
    # t(24) = 2.0639 and t(8) = 2.3060: half hypot(2.0639 x 2.4, 2.3060 x 3.3333) = 9.1445.
    rows = [
        _result(THIRD, "disadvantaged", 9, 40, 10, results="2026-08-20", measure="attainment 8"),
        _result(THIRD, "not disadvantaged", 25, 50, 12, results="2026-08-20",
                measure="attainment 8"),
    ]  # fmt: skip
    found = _at(THIRD, "disadvantaged_gap", attainment=rows)
    assert found.value == pytest.approx(10.0)
    assert found.interval is not None
    assert found.interval.upper == pytest.approx(19.1445, abs=0.001)
    assert found.note.startswith("attainment 8; 9 disadvantaged pupils")
    assert found.unit == "points"
    bare = _at(THIRD, "disadvantaged_gap", attainment=[{**row, "spread": None} for row in rows])
    assert bare.value == pytest.approx(10.0)
    assert bare.interval is None
    assert "no range" in bare.note


def test_pooled_points_spread_within_schools_and_between_them() -> None:
    # Two schools of 8 with means 40 and 50 and no spread within: mean 45, squares 16 x 25 = 400,
    # standard error sqrt(400 / 15 / 16) = 1.2910, on either side; t(15) = 2.1314.
    schools = [
        {"urn": urn, "name": f"School {urn}", "phase": "secondary", "joined": "2018-09-01"}
        for urn in (FIRST, SECOND)
    ]
    rows = [
        _result(urn, group, 8, value, 0, measure="attainment 8")
        for urn, value in ((FIRST, 40), (SECOND, 50))
        for group in ("disadvantaged", "not disadvantaged")
    ]
    found = one(MEASURES, "disadvantaged_gap", schools=schools, attainment=rows)
    assert found.value == pytest.approx(0.0)
    assert found.interval is not None
    assert found.interval.upper == pytest.approx(2.1314 * math.sqrt(2) * 1.2910, abs=0.001)


def test_a_special_school_has_no_main_measure_and_old_results_are_not_mixed_in() -> None:
    special = [{"urn": FIRST, "name": "S", "phase": "special", "joined": "2018-09-01"}]
    found = one(MEASURES, "disadvantaged_gap", schools=special, attainment=_KEY_STAGE_2)
    assert found.rating == "not applicable"
    older = [{**row, "results": "2025-07-07"} for row in _KEY_STAGE_2[3:5]]
    found = one(MEASURES, "disadvantaged_gap", attainment=[*_KEY_STAGE_2[:2], *older])
    assert found.value == pytest.approx(30.0)
