"""The intelligence pillar, worked out by hand on a trust of three: returns, sources, pupils."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

from tests.pillars.small import FIRST, SECOND, THIRD, Rows, one, scope
from workbench.measures.intervals import proportion_interval
from workbench.pillars.indicator import Measured
from workbench.pillars.intelligence import MEASURES, intelligence
from workbench.pillars.scope import Scope, pillar_settings
from workbench.trust.load import Trust

Row = dict[str, Any]
AREAS = ("inclusion", "achievement", "leadership and governance")


def _at(urn: int, key: str, **tables: Rows) -> Measured:
    return MEASURES[key](scope(urn, **tables))


def _return(urn: int, due: str, received: str | None, **more: object) -> Row:
    return {"urn": urn, "return_name": "attendance", "due": due, "received": received, **more}


# Returns and reports

_DUE: Rows = [
    _return(FIRST, "2026-01-01", "2026-01-01"),  # on its day, on the first day that counts
    _return(FIRST, "2026-05-01", "2026-04-20"),
    _return(SECOND, "2026-05-01", "2026-05-02"),  # late
    _return(SECOND, "2026-09-01", None),  # late
    _return(SECOND, "2026-10-30", "2026-11-02"),  # late: it was not there on the day described
    _return(THIRD, "2026-10-31", None),  # due today
    _return(THIRD, "2026-11-30", "2026-10-01"),  # due later
    _return(THIRD, "2025-12-31", None),  # too long ago
]


def test_returns_are_on_time_where_they_arrived_by_their_day() -> None:
    found = one(MEASURES, "returns_on_time", returns=_DUE)
    assert (found.value, found.n, found.rating) == (40.0, 5, "act")  # 2 of 5
    wilson = proportion_interval(2, 5)
    assert wilson is not None
    assert found.interval == wilson.times(100)
    assert found.note == "2 of 5; 2 not arrived at all"
    assert found.evidence_date == dt.date(2026, 5, 1)
    assert _at(FIRST, "returns_on_time", returns=_DUE).value == 100.0
    assert _at(THIRD, "returns_on_time", returns=_DUE).missing == (
        "returns due in the recent terms",
    )


def test_reports_of_local_boards_are_counted_as_returns_are() -> None:
    reports = [{name: row[name] for name in ("urn", "due", "received")} for row in _DUE]
    found = one(MEASURES, "board_reports_on_time", board_reports=reports)
    assert (found.value, found.n, found.n_of) == (40.0, 5, "report")
    assert _at(THIRD, "board_reports_on_time", board_reports=reports).value is None


def test_the_template_is_asked_of_returns_received_and_silence_is_left_out() -> None:
    returns = [
        _return(FIRST, "2026-05-01", "2026-05-01", on_template="yes"),
        _return(SECOND, "2026-05-01", "2026-06-01", on_template="no"),
        _return(SECOND, "2026-06-01", "2026-06-01", on_template="yes"),
        _return(THIRD, "2026-05-01", "2026-05-01"),
        _return(THIRD, "2025-05-01", "2025-05-01", on_template="no"),
    ]
    found = one(MEASURES, "returns_on_template", returns=returns)
    assert found.value == pytest.approx(100 * 2 / 3)
    assert found.note == "2 of 3; 1 more return does not say it"
    assert _at(THIRD, "returns_on_template", returns=returns).rating == "not enough evidence"


def test_hours_are_those_of_a_school_and_term_in_the_trust() -> None:
    # FIRST: 6 + 3 hours over three terms. SECOND joined in summer 2026, two terms: 8 hours, and a
    # silent return at the mean of the others, 17/3. In all (17 + 17/3) / 5. THIRD sent nothing.
    schools = [
        {"urn": urn, "name": f"School {urn}", "phase": "primary", "joined": joined}
        for urn, joined in ((FIRST, "2018-09-01"), (SECOND, "2026-05-01"), (THIRD, "2018-09-01"))
    ]
    returns = [
        _return(FIRST, "2026-05-01", "2026-05-01", staff_hours=6),
        _return(FIRST, "2026-06-01", "2026-06-01", staff_hours=3),
        _return(SECOND, "2026-06-02", "2026-06-02", staff_hours=8),
        _return(SECOND, "2026-09-02", "2026-09-02"),
        _return(THIRD, "2025-09-02", "2025-09-02", staff_hours=400),
    ]
    found = one(MEASURES, "staff_hours", schools=schools, returns=returns)
    assert found.value == pytest.approx((17 + 17 / 3) / 5)
    assert (found.n, found.interval, found.rating) == (3, None, "not rated")
    assert found.note == (
        "2 schools over 5 school terms, the present one included; 1 return without hours taken to "
        "have cost the mean of the others; 1 school sent no return and not counted"
    )
    at_school = _at(FIRST, "staff_hours", schools=schools, returns=returns)
    assert at_school.value == pytest.approx(3.0)
    assert _at(THIRD, "staff_hours", schools=schools, returns=returns).value is None


_CAPTURED: Rows = [
    _return(FIRST, "2026-02-01", "2026-02-01", captured_by="P1", capturer_trained="no"),
    _return(FIRST, "2026-03-01", "2026-03-01", captured_by="P1", capturer_trained="yes"),
    _return(FIRST, "2026-04-01", "2026-04-01", captured_by="P1"),
    _return(SECOND, "2026-02-01", "2026-02-01", captured_by="P2", capturer_trained="no"),
    _return(SECOND, "2026-03-01", "2026-03-01", captured_by="P3"),
    _return(THIRD, "2026-03-01", "2026-03-01", captured_by="P4", capturer_trained="yes"),
    _return(THIRD, "2026-04-01", "2026-04-01"),
    _return(THIRD, "2025-04-01", "2025-04-01", captured_by="P5", capturer_trained="no"),
]


def test_a_person_who_gathers_counts_once_by_the_latest_word() -> None:
    # P1 trained since March, P2 not, P4 trained; of P3 it is not said: 2 of 3.
    found = one(MEASURES, "capturers_trained", returns=_CAPTURED)
    assert found.value == pytest.approx(100 * 2 / 3)
    assert (found.n, found.interval) == (3, None)
    assert found.note == "2 of 3; 1 return without a name; 1 more data gatherer does not say it"
    silent = [{**row, "capturer_trained": None} for row in _CAPTURED]
    assert one(MEASURES, "capturers_trained", returns=silent).rating == "not enough evidence"


def test_the_two_who_gather_most_are_counted_by_their_returns() -> None:
    # P1 3, P2, P3 and P4 one each: 4 of 6 from the first two.
    found = one(MEASURES, "top_two_capturers", returns=_CAPTURED)
    assert found.value == pytest.approx(100 * 4 / 6)
    assert (found.n, found.rating) == (6, "act")
    assert found.note == "gathered by 4 data gatherers; 1 return without a name"
    found = one(MEASURES, "top_two_capturers", returns=_CAPTURED[6:])
    assert found.rating == "not enough evidence"


# Sources


def _judged(urn: int, area: str, by: str, band: str, made: str) -> Row:
    source, author = by.split(" by ")
    return {"judgement_id": f"{urn}{area}{by}{made}", "urn": urn, "area": area,
            "source": source, "author": author, "band": band, "made": made}  # fmt: skip


_JUDGED: Rows = [
    # FIRST, inclusion: staff and parents by one author are one source; with pupils two. Latest:
    # staff strong, parents secure, pupils needs attention: two bands apart.
    _judged(FIRST, AREAS[0], "staff by A", "urgent", "2026-02-01"),
    _judged(FIRST, AREAS[0], "staff by A", "strong", "2026-06-01"),
    _judged(FIRST, AREAS[0], "parents by A", "secure", "2026-06-01"),
    _judged(FIRST, AREAS[0], "pupils by B", "needs attention", "2026-09-01"),
    # FIRST, achievement: one source.
    _judged(FIRST, AREAS[1], "data by C", "secure", "2026-06-01"),
    # SECOND, inclusion: three sources that agree.
    _judged(SECOND, AREAS[0], "staff by D", "secure", "2026-10-01"),
    _judged(SECOND, AREAS[0], "data by C", "secure", "2026-10-01"),
    _judged(SECOND, AREAS[0], "peer review by E", "secure", "2026-10-31"),
    # Not of the recent terms, and not yet known.
    _judged(SECOND, AREAS[1], "staff by D", "urgent", "2025-06-01"),
    _judged(SECOND, AREAS[1], "parents by F", "strong", "2026-11-01"),
]


def test_one_author_behind_two_sources_counts_once() -> None:
    found = one(MEASURES, "source_families", source_judgements=_JUDGED)
    assert (found.value, found.n, found.rating) == (2.0, 3, "act")  # median of 2, 1, 3
    assert found.note == "one author counts once; 1 of 3 rest on one source"
    assert found.interval is None  # three values cannot bound a median at 95%
    assert found.evidence_date == dt.date(2026, 9, 1)
    assert _at(FIRST, "source_families", source_judgements=_JUDGED).value == 1.5
    assert _at(SECOND, "source_families", source_judgements=_JUDGED).value == 3.0
    assert _at(THIRD, "source_families", source_judgements=_JUDGED).value is None


def test_sources_disagree_by_the_range_of_their_latest_judgements() -> None:
    found = one(MEASURES, "source_disagreement", source_judgements=_JUDGED)
    assert (found.value, found.n, found.rating) == (1.0, 2, "on track")  # median of 2 and 0
    assert found.note == "1 of 2 more than 1 band apart; 1 area with a single source left out"
    at_school = _at(FIRST, "source_disagreement", source_judgements=_JUDGED)
    assert (at_school.value, at_school.rating) == (2.0, "act")
    alone = one(MEASURES, "source_disagreement", source_judgements=[_JUDGED[4]])
    assert alone.rating == "not enough evidence"


def test_evidence_is_as_old_as_the_latest_judgement_however_long_ago() -> None:
    # Latest: autumn 2026 (0 terms), summer 2026 (1), autumn 2026 (0), summer 2025 (4).
    found = one(MEASURES, "evidence_age", source_judgements=_JUDGED)
    assert (found.value, found.n, found.rating) == (0.5, 4, "on track")
    assert found.note == ("the oldest is 4 terms old; 1 school without any judgement not counted")
    assert _at(SECOND, "evidence_age", source_judgements=_JUDGED).value == 2.0
    future = one(MEASURES, "evidence_age", source_judgements=_JUDGED[-1:])
    assert future.missing == ("a judgement of a school by any source",)


def test_six_judged_areas_bound_the_median() -> None:
    # At 95% the smallest and largest of six values bound their median (Conover 1999, table A3).
    rows = [
        _judged(urn, area, "staff by A", "secure", "2026-10-01" if urn == FIRST else "2026-06-01")
        for urn in (FIRST, SECOND)
        for area in AREAS
    ]
    found = one(MEASURES, "evidence_age", source_judgements=rows)
    assert found.interval is not None
    assert (found.value, found.interval.lower, found.interval.upper) == (0.5, 0.0, 1.0)


# Pupils and parents


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
    assert found.note == "percentage points, key stage 2 expected; 10 disadvantaged pupils"
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
        "percentage points, key stage 2 expected; 16 disadvantaged pupils; pooled by pupils over 2 "
        "schools; 1 school of other phases not in it"
    )


def test_a_small_group_is_held_back_and_its_school_left_out_of_the_trusts_gap() -> None:
    small = [_result(SECOND, "disadvantaged", 5, 20), *_KEY_STAGE_2[:3], _KEY_STAGE_2[4]]
    at_school = _at(SECOND, "disadvantaged_gap", attainment=small)
    assert at_school.missing == (
        "results of at least 6 disadvantaged and 6 other pupils of a school",
    )
    assert "5" not in at_school.shown + at_school.note
    trust = one(MEASURES, "disadvantaged_gap", attainment=small)
    alone = _at(FIRST, "disadvantaged_gap", attainment=small)
    assert (trust.value, trust.n) == (alone.value, alone.n)
    assert "1 more school of that phase left out" in trust.note


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
    assert found.note.startswith("points, attainment 8; 9 disadvantaged pupils")
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


def test_without_its_table_an_indicator_says_which_it_needs() -> None:
    for urn in (None, FIRST):
        for found in intelligence(scope(urn)):
            assert found.missing
            assert found.missing[0].startswith("the table ")


def test_every_indicator_of_the_demo_trust_has_a_value_or_a_reason(demo_trust: Trust) -> None:
    settings = pillar_settings()
    declared = [one for one in settings.pillars.indicators.values() if one.pillar == "intelligence"]
    for urn in (None, *demo_trust.schools["urn"]):
        found = intelligence(Scope(demo_trust, settings, urn))
        level = "trust" if urn is None else "school"
        assert [each.indicator for each in found] == [o for o in declared if level in o.levels]
        for each in found:
            assert each.value is not None or each.missing or each.note
            assert each.value is None or math.isfinite(each.value)
