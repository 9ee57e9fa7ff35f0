"""The intelligence pillar, worked out by hand on a trust of three: returns and sources."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from typing import Any

import pytest

from tests.pillars.small import FIRST, SECOND, THIRD, Rows, one, scope, small_trust
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
    # On 31 October half of autumn has passed, 61 of 122 days. FIRST: 6 + 3 hours over two terms and
    # a half. SECOND joined in summer 2026, one and a half: 8 hours, and a silent return at the mean
    # of the others, 17/3. In all (17 + 17/3) / 4. THIRD sent nothing.
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
    assert found.value == pytest.approx((17 + 17 / 3) / 4)
    assert (found.n, found.interval, found.rating) == (3, None, "not rated")
    assert found.note == (
        "2 schools over 4 school terms, the present one by the share of it that has passed; 1 "
        "return without hours taken to have cost the mean of the others; 1 school sent no return "
        "and not counted"
    )
    at_school = _at(FIRST, "staff_hours", schools=schools, returns=returns)
    assert at_school.value == pytest.approx(9 / 2.5)
    assert _at(THIRD, "staff_hours", schools=schools, returns=returns).value is None


def test_hours_do_not_fall_on_the_first_day_of_a_term() -> None:
    # 30 hours in each term before: on 1 September 60 hours over two terms and a day of 122.
    returns = [_return(FIRST, day, day, staff_hours=30) for day in ("2026-02-01", "2026-05-01")]
    trust = dataclasses.replace(small_trust(returns=returns), as_of=dt.date(2026, 9, 1))
    found = MEASURES["staff_hours"](Scope(trust, pillar_settings()))
    assert found.value == pytest.approx(60 / (2 + 1 / 122))


def test_hours_of_less_than_a_school_term_are_not_made_into_a_rate() -> None:
    schools = [
        {"urn": FIRST, "name": "New Primary", "phase": "primary", "joined": "2026-10-01"},
        {"urn": SECOND, "name": "Newer Primary", "phase": "primary", "joined": "2026-10-01"},
    ]
    returns = [_return(FIRST, "2026-10-05", "2026-10-05", staff_hours=6)]
    found = one(MEASURES, "staff_hours", schools=schools, returns=returns)
    assert (found.value, found.missing) == (None, ("returns of one school term or more",))
    returns.append(_return(SECOND, "2026-10-05", "2026-10-05", staff_hours=6))
    found = one(MEASURES, "staff_hours", schools=schools, returns=returns)
    assert found.value == pytest.approx(12)  # two schools, half a term each
    assert found.note.startswith("2 schools over 1 school term, ")


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
    assert found.note == (
        "one author counts once; 1 of 3 rest on one source; 2 of 3 schools judged"
    )
    assert found.interval is None  # three values cannot bound a median at 95%
    assert found.evidence_date == dt.date(2026, 9, 1)
    assert _at(FIRST, "source_families", source_judgements=_JUDGED).value == 1.5
    assert _at(SECOND, "source_families", source_judgements=_JUDGED).value == 3.0
    two = one(MEASURES, "source_families", source_judgements=_JUDGED[4:])  # of 1 and 3
    assert two.value == 2.0
    assert two.note.startswith("one author counts once; 1 of 2 rest on one source; ")
    assert _at(THIRD, "source_families", source_judgements=_JUDGED).value is None


def test_sources_disagree_by_the_range_of_their_latest_judgements() -> None:
    found = one(MEASURES, "source_disagreement", source_judgements=_JUDGED)
    assert (found.value, found.n, found.rating) == (1.0, 2, "on track")  # median of 2 and 0
    assert found.note == (
        "1 of 2 more than 1 band apart; 1 area with a single source left out; "
        "2 of 3 schools judged by two or more sources"
    )
    at_school = _at(FIRST, "source_disagreement", source_judgements=_JUDGED)
    assert (at_school.value, at_school.rating) == (2.0, "act")
    alone = one(MEASURES, "source_disagreement", source_judgements=[_JUDGED[4]])
    assert alone.rating == "not enough evidence"


def test_evidence_is_as_old_as_the_latest_judgement_however_long_ago() -> None:
    # Latest: autumn 2026 (0 terms), summer 2026 (1), autumn 2026 (0), summer 2025 (4).
    found = one(MEASURES, "evidence_age", source_judgements=_JUDGED)
    assert (found.value, found.n, found.rating) == (0.5, 4, "on track")
    assert found.note == "the oldest is 4 terms old; 2 of 3 schools judged"
    assert _at(SECOND, "evidence_age", source_judgements=_JUDGED).value == 2.0
    future = one(MEASURES, "evidence_age", source_judgements=_JUDGED[-1:])
    assert future.missing == ("a judgement of a school by any source",)


SOURCES = ("source_families", "source_disagreement", "evidence_age")


@pytest.mark.parametrize("key", SOURCES)
def test_one_judged_school_does_not_speak_for_those_that_nobody_judged(key: str) -> None:
    # One school of three is less than half of them; of two it is half, which is enough.
    found = one(MEASURES, key, source_judgements=_JUDGED[:4])
    assert found.rating == "not enough evidence"
    assert found.missing[0].startswith("judgements ")
    assert found.missing[0].endswith("at least half of the schools")
    assert found.note.startswith("1 of 3 schools judged")
    at_school = _at(FIRST, key, source_judgements=_JUDGED[:4])
    assert at_school.value is not None
    assert "schools" not in at_school.note
    two = [{"urn": urn, "name": f"School {urn}", "phase": "primary", "joined": "2018-09-01"}
           for urn in (FIRST, SECOND)]  # fmt: skip
    half = one(MEASURES, key, schools=two, source_judgements=_JUDGED[:4])
    assert half.value == at_school.value
    assert "1 of 2 schools judged" in half.note


def test_schools_judged_by_a_single_source_do_not_say_how_far_sources_agree() -> None:
    # All three are judged, one of them from two sides.
    rows = [*_JUDGED[:4], *(_judged(urn, AREAS[0], "staff by G", "secure", "2026-06-01")
                            for urn in (SECOND, THIRD))]  # fmt: skip
    found = one(MEASURES, "source_disagreement", source_judgements=rows)
    assert found.missing == ("judgements by two or more sources of at least half of the schools",)
    assert found.note == "1 of 3 schools judged by two or more sources"
    assert one(MEASURES, "source_families", source_judgements=rows).value == 1.0


def test_judgements_too_old_for_the_recent_terms_count_for_their_age_alone() -> None:
    old = [*_JUDGED[:1], _JUDGED[8]]  # the second of summer 2025
    assert one(MEASURES, "source_families", source_judgements=old).value is None
    assert one(MEASURES, "evidence_age", source_judgements=old).value == 3.0  # of 2 and 4 terms


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
