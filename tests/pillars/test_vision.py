"""The vision pillar on a small trust, each figure worked out by hand."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.pillars.small import FIRST, SECOND, THIRD, one, scope
from workbench.pillars.indicator import Measured
from workbench.pillars.scope import Scope, pillar_settings
from workbench.pillars.vision import MEASURES, vision
from workbench.trust.load import Trust

NOW = "2026/27 autumn"
Row = dict[str, Any]


def lacking(found: Measured) -> str:
    assert found.value is None
    assert found.rating == "not enough evidence"
    return "; ".join(found.missing)


def kpis(*rows: tuple[str | None, str, str | None]) -> list[Row]:
    return [
        {"kpi_id": f"K{place}", "name": "x", "origin": origin, "adopted": adopted, "retired": gone}
        for place, (origin, adopted, gone) in enumerate(rows)
    ]


def test_own_kpis_are_counted_among_those_watched_on_the_day() -> None:
    # Watched: two own, one external, one statutory; the dropped, the one dropped that very day and
    # the one not yet adopted are not: 2 of 4.
    rows = kpis(
        ("own vision", "2020-09-01", None),
        ("own vision", "2024-09-01", "2026-11-01"),
        ("external accountability", "2019-09-01", None),
        ("statutory duty", "2019-09-01", None),
        ("own vision", "2019-09-01", "2024-07-01"),
        ("own vision", "2019-09-01", "2026-10-31"),
        ("own vision", "2026-11-01", None),
    )
    found = one(MEASURES, "own_vision_kpis", kpis=rows)
    assert (found.value, found.n, found.rating, found.basis) == (50, 4, "on track", "4 KPIs")
    assert found.interval is None
    assert found.evidence_date == dt.date(2026, 10, 31)


def test_without_a_kpi_watched_there_is_no_share() -> None:
    gone = kpis(("own vision", "2020-09-01", "2025-09-01"))
    assert "indicators that the board watches" in lacking(
        one(MEASURES, "own_vision_kpis", kpis=gone)
    )


def priorities(*rows: tuple[int | None, str, str | None, str | None]) -> list[Row]:
    return [
        {"priority_id": f"P{place}", "urn": urn, "description": "x", "set_on": begun,
         "closed": closed, "vision_linked": linked}
        for place, (urn, begun, closed, linked) in enumerate(rows)
    ]  # fmt: skip


def test_priorities_count_while_they_stand_and_where_it_is_said() -> None:
    # Standing: the trust's own yes, the first school's yes and no, and one unsaid: 2 of 3.
    rows = priorities(
        (None, "2026-09-01", None, "yes"),
        (FIRST, "2026-09-01", None, "yes"),
        (FIRST, "2026-09-01", "2026-12-01", "no"),
        (FIRST, "2026-09-01", None, None),
        (FIRST, "2025-09-01", "2026-07-01", "no"),
        (SECOND, "2027-01-01", None, "no"),
    )
    found = one(MEASURES, "vision_linked_priorities", priorities=rows)
    assert found.value == pytest.approx(200 / 3)
    assert (found.n, found.rating) == (3, "act")
    assert "1 more priority does not say it" in found.note
    school = MEASURES["vision_linked_priorities"](scope(FIRST, priorities=rows))
    assert (school.value, school.n) == (50, 2)
    other = MEASURES["vision_linked_priorities"](scope(THIRD, priorities=rows))
    assert "standing priorities" in lacking(other)


def test_priorities_of_which_nothing_is_said_give_no_share() -> None:
    rows = priorities((FIRST, "2026-09-01", None, None))
    assert "standing priorities" in lacking(
        one(MEASURES, "vision_linked_priorities", priorities=rows)
    )


def answers(
    sizes: Mapping[int, int], agree: int, level: str = "teacher", prefix: str = "R"
) -> list[Row]:
    """Return answers to the staff survey: the first few from each school agree."""
    return [
        {"wave": NOW, "respondent": f"{prefix}{urn}{place:03d}", "urn": urn, "level": level,
         "our_vision": 4 if place < agree else 3}
        for urn, size in sizes.items()
        for place in range(size)
    ]  # fmt: skip


def test_staff_who_share_the_vision_at_both_levels() -> None:
    # 16 of 20 and 16 of 30: 32 of 50.
    rows = answers({FIRST: 20, SECOND: 30}, agree=16)
    found = one(MEASURES, "staff_share_vision", staff_survey=rows)
    assert (found.value, found.n, found.rating) == (64, 50, "act")
    assert found.interval is not None
    assert found.interval.lower < 64 < found.interval.upper
    assert (found.evidence_date, found.evidence_age_terms) == (dt.date(2026, 9, 1), 0)
    school = MEASURES["staff_share_vision"](scope(FIRST, staff_survey=rows))
    assert (school.value, school.n, school.rating) == (80, 20, "on track")


def test_a_small_school_shows_neither_its_share_nor_how_many_answered() -> None:
    rows = answers({FIRST: 30, SECOND: 14, THIRD: 7}, agree=6)
    small, cover = (
        MEASURES["staff_share_vision"](scope(urn, staff_survey=rows)) for urn in (THIRD, SECOND)
    )
    assert lacking(small) == "fewer than 10 answers"
    assert lacking(cover) == (
        "held back so that no other school's answers can be worked out"
    )  # fmt: skip
    assert (small.n, cover.n, small.note, cover.note) == (None, None, "", "")


def test_the_least_level_is_the_one_of_those_with_enough_answers() -> None:
    # Teachers 18 of 20, middle leaders 6 of 12, support staff 12 of 16; two senior leaders would
    # be worked out from the total, so that middle leaders, the fewest, are held back as well.
    rows = [
        *answers({FIRST: 20}, 18, "teacher", "T"),
        *answers({FIRST: 12}, 6, "middle leader", "M"),
        *answers({FIRST: 16}, 12, "support staff", "S"),
    ]
    found = one(MEASURES, "vision_by_level", staff_survey=rows)
    assert (found.value, found.n) == (50, 12)
    assert found.note.startswith("middle leader: the lowest of 3 levels shown")
    with_few = one(MEASURES, "vision_by_level",
                   staff_survey=rows + answers({FIRST: 2}, 2, "senior leader", "L"))  # fmt: skip
    assert (with_few.value, with_few.n) == (75, 16)
    assert "senior leader: fewer than 10 answers" in with_few.note
    assert "middle leader: held back" in with_few.note


def test_without_a_level_of_enough_answers_there_is_no_least() -> None:
    rows = answers({FIRST: 9}, 4)
    assert "enough answers" in lacking(one(MEASURES, "vision_by_level", staff_survey=rows))


def consultations(*rows: tuple[str, str | None]) -> list[Row]:
    return [
        {"consultation_id": f"C{place}", "held": held, "stakeholders": whom}
        for place, (held, whom) in enumerate(rows)
    ]


def test_groups_asked_count_once_and_within_twelve_months() -> None:
    # Staff twice, parents, pupils on the first day counted: 3 of 7; heads were asked a day too
    # early, trustees are asked later.
    rows = consultations(
        ("2026-03-01", "staff"), ("2026-06-01", "staff"), ("2026-05-01", "parents"),
        ("2025-10-31", "pupils"), ("2025-10-30", "heads"), ("2026-11-01", "trustees"),
    )  # fmt: skip
    found = one(MEASURES, "stakeholders_consulted", consultations=rows)
    assert found.value == pytest.approx(300 / 7)
    assert (found.basis, found.rating) == ("7 groups", "act")
    assert found.note == "not asked: heads, trustees, local boards, community"
    assert found.evidence_date == dt.date(2026, 5, 1)


def test_no_consultation_in_the_year_is_no_evidence_of_none() -> None:
    for rows in (consultations(("2024-05-01", "staff")), consultations(("2026-05-01", None))):
        assert "last 12 months" in lacking(
            one(MEASURES, "stakeholders_consulted", consultations=rows)
        )


def library(folder: Path, texts: Mapping[str, str | None], **dated: str) -> Scope:
    """Return the small trust with documents written to a folder; None for a file that is not."""
    (folder / "documents").mkdir()
    rows = []
    for name, text in texts.items():
        if text is not None:
            (folder / "documents" / f"{name}.txt").write_text(text, encoding="utf-8")
        rows.append({"document_id": name, "title": name, "kind": "policy", "file": f"{name}.txt",
                     "dated": dated.get(name, "2026-02-01")})  # fmt: skip
    here = scope(documents=rows)
    return replace(here, trust=replace(here.trust, folder=folder))


def test_our_and_we_are_counted_over_the_documents_of_three_years(tmp_path: Path) -> None:
    # First: our, we, our against my: second: we against I: 4 of 6. The old one is left out, and
    # so is the one whose file is not there.
    here = library(
        tmp_path,
        {"first": "In our trust we care. Our schools are not my schools.",
         "second": "What we know I learnt.", "old": "I and my schools. I led.", "lost": None},
        old="2023-10-30",
    )  # fmt: skip
    found = MEASURES["our_language"](here)
    assert found.value == pytest.approx(400 / 6)
    assert (found.basis, found.evidence_date) == ("2 documents", dt.date(2026, 2, 1))
    assert found.note.startswith("4 of 6; 1 document could not be read, the first: ")
    assert found.interval is None


def test_vision_is_weighed_against_the_counting_of_schools(tmp_path: Path) -> None:
    # Sentences: two on the vision, one that counts schools, one of neither: 2 of 3.
    here = library(tmp_path, {"first": (
        "Our vision is that every child is known. Every child can thrive. "
        "We are a trust of 14 schools. Lunch is at noon."
    )})  # fmt: skip
    found = MEASURES["vision_talk"](here)
    assert found.value == pytest.approx(200 / 3)
    assert (found.n, found.note) == (1, "2 of 3")


@pytest.mark.parametrize("key", ["our_language", "vision_talk"])
def test_documents_that_say_nothing_of_it_or_cannot_be_read_give_no_share(
    tmp_path: Path, key: str
) -> None:
    cases: list[dict[str, str | None]] = [{"bare": "Lunch is at noon."}, {"lost": None}]
    for place, texts in enumerate(cases):
        folder = tmp_path / str(place)
        folder.mkdir()
        found = lacking(MEASURES[key](library(folder, texts)))
        assert ("a document that can be read: 1 document" in found) == ("lost" in texts)
        assert found.startswith("a document" if "lost" in texts else "among the documents one that")
    folder = tmp_path / "old"
    folder.mkdir()
    old = library(folder, {"bare": "We and our vision."}, bare="2020-01-01")
    assert lacking(MEASURES[key](old)) == "a document dated in the last 3 years"


def roles(*rows: tuple[str, str, str | None]) -> list[Row]:
    return [
        {"document_id": f"D{place}", "kind": kind, "dated": dated, "vision_linked": linked}
        for place, (kind, dated, linked) in enumerate(rows)
    ]


def test_job_descriptions_linked_to_the_vision() -> None:
    # Yes, yes, no; one unsaid, one of another kind, one to come: 2 of 3.
    rows = roles(
        ("job description", "2024-01-01", "yes"), ("job description", "2025-01-01", "yes"),
        ("job description", "2026-01-01", "no"), ("job description", "2026-01-01", None),
        ("appraisal", "2026-01-01", "no"), ("job description", "2026-12-01", "no"),
    )  # fmt: skip
    found = one(MEASURES, "roles_linked_to_vision", role_documents=rows)
    assert found.value == pytest.approx(200 / 3)
    assert (found.n, found.evidence_date) == (3, dt.date(2025, 1, 1))
    assert found.interval is not None
    assert "1 more job description does not say it" in found.note
    unsaid = roles(("job description", "2024-01-01", None), ("appraisal", "2024-01-01", "yes"))
    assert "job descriptions" in lacking(
        one(MEASURES, "roles_linked_to_vision", role_documents=unsaid)
    )


def staffing(*rows: tuple[int, str, int, int]) -> list[Row]:
    return [
        {"urn": urn, "year_end": end, "staff_at_start": start, "left_the_trust": left}
        for urn, end, start, left in rows
    ]


def test_staff_who_stayed_in_the_latest_year() -> None:
    # Latest year: 2 of 20 and 8 of 80 left, so 90 of 100 stayed; the third school has no figures
    # for that year, and the year after has not ended.
    rows = staffing(
        (FIRST, "2026-08-31", 20, 2), (SECOND, "2026-08-31", 80, 8), (FIRST, "2025-08-31", 20, 20),
        (THIRD, "2025-08-31", 50, 50), (FIRST, "2027-08-31", 20, 20),
    )  # fmt: skip
    found = one(MEASURES, "staff_retained", staffing=rows)
    assert (found.value, found.n, found.evidence_date) == (90, 100, dt.date(2026, 8, 31))
    assert found.note == "10 of 100 left; 1 school without figures for that year"
    # Wilson for 90 of 100 at 95%: 82.56 to 94.48 (E. B. Wilson, JASA 22, 1927).
    assert found.interval is not None
    assert found.interval.lower == pytest.approx(82.56, abs=0.01)
    assert found.interval.upper == pytest.approx(94.48, abs=0.01)
    school = MEASURES["staff_retained"](scope(THIRD, staffing=rows))
    assert (school.value, school.evidence_date) == (0, dt.date(2025, 8, 31))
    assert school.note == "50 of 50 left"


def test_without_an_ended_year_nobody_is_said_to_have_stayed() -> None:
    rows = staffing((FIRST, "2027-08-31", 20, 2))
    assert "staff at the start" in lacking(one(MEASURES, "staff_retained", staffing=rows))
    here = scope(SECOND, staffing=staffing((FIRST, "2026-08-31", 20, 2)))
    assert "staff at the start" in lacking(MEASURES["staff_retained"](here))


def test_an_absent_table_is_named() -> None:
    found = vision(scope())
    assert [one.key for one in found] == list(MEASURES)
    assert {lacking(one) for one in found} == {
        f"the table {one.indicator.inputs[0]}" for one in found
    }
    assert {one.key for one in vision(scope(FIRST))} == {
        "vision_linked_priorities", "staff_share_vision", "staff_retained"
    }  # fmt: skip


def test_every_indicator_of_the_demo_trust_has_a_value_or_a_reason(demo_trust: Trust) -> None:
    settings = pillar_settings()
    for urn in (None, *demo_trust.schools["urn"]):
        for found in vision(Scope(demo_trust, settings, urn)):
            assert found.value is not None or found.missing or found.note, found.key
            assert found.value is None or math.isfinite(found.value), found.key
