"""A school's page: its standing, role and questions are those of the data, however thin."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from workbench.report.found import areas_of, inspections_of
from workbench.report.questions import missing_evidence, questions
from workbench.report.school import (
    SchoolReview,
    glance,
    headline,
    indicator_table,
    nearest_table,
    readings_table,
    review_school,
    role_rows,
    statistics_table,
    support_table,
)
from workbench.trust.contracts import TABLES
from workbench.trust.load import Trust

WEAK, SOUND, UNRATED, OLD, NEW = 900012, 900001, 900010, 900014, 900009


def published_only(trust: Trust) -> Trust:
    """The trust as an import leaves it: no table that only the trust itself could fill."""
    lacking = ("people", "support", "support_capacity", "returns")
    empty = {name: TABLES[name].empty() for name in lacking}
    return replace(trust, tables={**trust.tables, **empty})


def changed(trust: Trust, table: str, **columns: Any) -> Trust:
    return replace(trust, tables={**trust.tables, table: trust.tables[table].assign(**columns)})


def asked(trust: Trust, urn: int) -> str:
    return "\n".join(questions(review_school(trust, urn)))


def test_a_weak_school_is_asked_about_each_weak_area_and_its_support(demo_trust: Trust) -> None:
    text = asked(demo_trust, WEAK)
    assert "achievement (urgent improvement)" in text
    assert "on 4 March 2026" in text
    assert "20 days of support in achievement have run since 21 September 2026" in text
    assert "The headship has been vacant since 1 September 2026, with somebody acting" in text


def test_a_sound_school_is_asked_about_age_and_lending(demo_trust: Trust) -> None:
    text = asked(demo_trust, SOUND)
    assert "judgement that stands is 8 years and 7 months old" in text
    assert "It lent 13 days" in text
    assert "Inspectors found" not in text


def test_an_unrated_school_is_asked_for_the_trusts_own_evidence(demo_trust: Trust) -> None:
    review = review_school(demo_trust, UNRATED)
    assert "Its predecessor was last inspected on 22 November 2023" in questions(review)[0]
    assert headline(review, 3).startswith("Unrated. No judgement under its present URN.")
    assert "no date" in "".join(glance(review))


def test_a_school_that_helps_nobody_is_asked_why(demo_trust: Trust) -> None:
    assert "It helps no other school yet" in asked(demo_trust, NEW)
    assert "0 days to give" in asked(demo_trust, OLD)


def test_need_without_support_is_asked_first_after_the_judgement(demo_trust: Trust) -> None:
    support = demo_trust.support
    bare = replace(
        demo_trust,
        tables={**demo_trust.tables, "support": support[support["recipient_urn"] != WEAK]},
    )
    assert "none is running or waiting" in questions(review_school(bare, WEAK))[1]


def test_waiting_support_is_asked_about(demo_trust: Trust) -> None:
    waiting = changed(demo_trust, "support", started=pd.NaT, ended=pd.NaT)
    assert "not begun: what holds it up?" in asked(waiting, WEAK)


@pytest.mark.parametrize("urn", [WEAK, SOUND, UNRATED, OLD, NEW])
def test_a_trust_known_only_from_published_files_is_told_what_is_lacking(
    demo_trust: Trust, urn: int
) -> None:
    review = review_school(published_only(demo_trust), urn)
    missing = "\n".join(missing_evidence(review))
    for table in ("people", "support", "support capacity", "returns"):
        assert f"The trust's folder has no table of {table}:" in missing
    assert "not known" in "".join(glance(review))
    assert support_table(review).empty
    assert questions(review)


def test_a_sound_school_without_declared_days_is_asked_how_many(demo_trust: Trust) -> None:
    assert "how many days could it give each term?" in asked(published_only(demo_trust), SOUND)


def test_blanks_on_the_school_are_named(demo_trust: Trust) -> None:
    blank = changed(demo_trust, "schools", pupils=pd.NA, latitude=float("nan"))
    missing = "\n".join(missing_evidence(review_school(blank, SOUND)))
    assert "leaves blank: pupils on roll and its place on the map" in missing
    assert nearest_table(review_school(blank, SOUND)).empty


def tables(review: SchoolReview) -> list[pd.DataFrame]:
    return [
        readings_table(review), indicator_table(review.capacity.indicators), support_table(review),
        nearest_table(review), statistics_table(review), areas_of(review.trust, review.urn),
        indicator_table(review.trust_indicators),
    ]  # fmt: skip


@pytest.mark.parametrize("urn", [WEAK, SOUND, UNRATED])
def test_no_table_shows_a_raw_name_or_a_missing_value(demo_trust: Trust, urn: int) -> None:
    for table in tables(review_school(demo_trust, urn)):
        words = [*table.columns, *(str(value) for value in table.to_numpy().ravel())]
        assert not [word for word in words if "_" in word or word in {"nan", "<NA>", "NaT", "None"}]


def test_every_school_has_a_role_and_both_readings_are_shown(demo_trust: Trust) -> None:
    review = review_school(demo_trust, WEAK)
    assert len(role_rows(review)) == 14
    assert list(readings_table(review)["Unrated schools read"]) == ["strictly", "leniently"] * 2


def test_the_nearest_providers_come_first_and_never_the_school_itself(demo_trust: Trust) -> None:
    near = nearest_table(review_school(demo_trust, SOUND))
    minutes = near["Minutes by road"].astype(int)
    assert minutes.is_monotonic_increasing
    assert "Quillmarsh Primary School" not in set(near["School"])


def test_each_inspection_is_told_in_the_words_of_its_own_era(demo_trust: Trust) -> None:
    found = {
        urn: list(inspections_of(demo_trust, urn)["found"]) for urn in (900001, 900007, 900003)
    }
    assert found[900001] == ["Good", "Ungraded inspection"]
    assert found[900007] == ["No overall grade; lowest judgement good"]
    assert found[900003][-1] == "Report card: no area below the expected standard"
    assert list(inspections_of(demo_trust, 900010)["own"]) == [False]


def test_an_inspection_of_the_older_framework_shows_its_own_areas(demo_trust: Trust) -> None:
    areas = areas_of(demo_trust, 900008)
    assert "Quality of education" in set(areas["Area"])
    assert areas_of(demo_trust, 900010).empty
