"""A school's page: its standing, role and questions are those of the data, however thin."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from workbench.errors import BadInput
from workbench.report.found import areas_of, inspections_of, safeguarding_of
from workbench.report.found_left_out import left_out
from workbench.report.questions import missing_evidence, questions
from workbench.report.school import (
    SchoolReview,
    glance,
    headline,
    nearest_table,
    readings_table,
    review_school,
    role_rows,
    support_counted,
    support_table,
)
from workbench.report.school_indicators import indicator_table
from workbench.report.school_numbers import statistics_table
from workbench.trust.contracts import TABLES
from workbench.trust.load import Trust, read_trust

WEAK, SOUND, UNRATED, OLD, NEW = 900012, 900001, 900010, 900014, 900009


def published_only(trust: Trust) -> Trust:
    """The trust as an import leaves it: no table that only the trust itself could fill."""
    lacking = ("people", "support", "support_capacity", "returns")
    empty = {name: TABLES[name].empty() for name in lacking}
    return replace(trust, tables={**trust.tables, **empty}, absent=lacking)


def changed(trust: Trust, table: str, **columns: Any) -> Trust:
    return replace(trust, tables={**trust.tables, table: trust.tables[table].assign(**columns)})


def asked(trust: Trust, urn: int) -> str:
    return "\n".join(questions(review_school(trust, urn)))


def test_a_weak_school_is_asked_about_each_weak_area_and_its_support(demo_trust: Trust) -> None:
    text = asked(demo_trust, WEAK)
    assert "achievement (urgent improvement)" in text
    assert "on 4 March 2026" in text
    assert "A deployment of 20 days in achievement has been running since 21 September 2026" in text
    assert "The headship has been vacant since 1 September 2026, with somebody acting" in text


def test_a_school_of_another_trust_is_refused_in_words(demo_trust: Trust) -> None:
    with pytest.raises(BadInput, match="999999 is not the URN of a school"):
        review_school(demo_trust, 999999)


def test_a_sound_school_is_asked_about_age_and_lending(demo_trust: Trust) -> None:
    text = asked(demo_trust, SOUND)
    assert "judgement that stands is 8 years and 7 months old" in text
    assert "ended in 2025/26 spring to 2026/27 autumn came to 13 days" in text
    assert "Inspectors found" not in text


def test_an_unrated_school_is_asked_for_the_trusts_own_evidence(demo_trust: Trust) -> None:
    review = review_school(demo_trust, UNRATED)
    assert "Its predecessor was last inspected on 22 November 2023" in questions(review)[0]
    assert headline(review, 3).startswith("Unrated. No judgement under its present URN in the")
    seen = "".join(glance(review))
    assert "in the files given, whose latest inspection is of 10 June 2026" in seen
    assert "<dt>under an earlier URN, on 22 November 2023</dt><dd>Requires improvement</dd>" in seen
    assert "<strong>Safeguarding:</strong> Not recorded under its present URN." in seen


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
    for table in (
        "people", "support given to schools", "days each school can give", "data returns",
    ):  # fmt: skip
        assert f"The trust's folder has no usable table of {table} (" in missing
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
    read = list(readings_table(review)["Schools without a judgement"])
    assert read == ["may need support", "need none"] * 2


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
    assert found[900003][-1] == "Report card with no area below the expected standard"
    assert list(inspections_of(demo_trust, 900010)["own"]) == [False]


def test_an_inspection_of_the_older_framework_shows_its_own_areas(demo_trust: Trust) -> None:
    areas = areas_of(demo_trust, 900008)
    assert "Quality of education" in set(areas["Area"])


@pytest.mark.parametrize(
    ("urn", "column", "value", "word"),
    [
        (WEAK, "safeguarding", "not met", "Not met"),
        (SOUND, "safeguarding_effective", pd.NA, "Not recorded"),
        (SOUND, "safeguarding_effective", True, "Met"),
        (UNRATED, "safeguarding_effective", True, "Not recorded under its present URN"),
    ],
)
def test_safeguarding_always_leads_the_areas(
    demo_trust: Trust, urn: int, column: str, value: Any, word: str
) -> None:
    table = "inspections_report_card" if column == "safeguarding" else "inspections_oeif"
    trust = changed(demo_trust, table, **{column: value})
    assert list(areas_of(trust, urn).iloc[0]) == ["Safeguarding", word]


def test_safeguarding_not_met_is_said_first_on_and_asked_about(demo_trust: Trust) -> None:
    trust = changed(demo_trust, "inspections_report_card", safeguarding="not met")
    assert "safeguarding (not met)" in asked(trust, WEAK)
    assert "safeguarding not met" in headline(review_school(trust, WEAK), 2)


def test_a_later_visit_that_recorded_otherwise_is_named(demo_trust: Trust) -> None:
    oeif = demo_trust.inspections_oeif
    effective = (oeif["kind"] != "ungraded").astype("boolean")
    trust = changed(demo_trust, "inspections_oeif", safeguarding_effective=effective)
    visit = oeif[(oeif["urn"] == SOUND) & (oeif["kind"] == "ungraded")]["inspection_date"].iloc[0]
    said = safeguarding_of(trust, SOUND)
    assert said == f"met; not met on {visit.day} {visit:%B %Y}"
    assert "Safeguarding not met" not in headline(review_school(trust, SOUND), 2).split("(")[0]


def test_rows_left_out_are_counted_and_said_on_the_page(demo_trust: Trust) -> None:
    assert left_out(demo_trust) == ()
    kept = replace(demo_trust, quarantined={"schools": 5, "people": 0}, set_aside={"returns": 100})
    [line] = left_out(kept)
    assert line.startswith("5 of 19 schools left out, because those rows are faulty; 100 rows of")
    review = review_school(kept, WEAK)
    assert "5 of 19 schools" in "".join(glance(review))
    assert "5 of 19 schools" in missing_evidence(review)[0]


def test_a_refused_table_is_said_to_be_refused_and_an_absent_one_is_not(
    demo_trust: Trust, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(demo_trust.folder, tmp_path / "trust"))
    (folder / "people.csv").unlink()
    returns = folder / "returns.csv"
    returns.write_text(returns.read_text().replace("due,", "owing,", 1))
    trust = read_trust(folder)
    assert trust.absent == ("people", "returns")
    assert left_out(trust)[0].startswith("No use made of the refused table of data returns. Run")
    missing = "\n".join(missing_evidence(review_school(trust, SOUND)))
    assert "no usable table of data returns (the file of that name is refused)" in missing
    assert "no usable table of people (no file of that name)" in missing


def test_a_table_wholly_faulty_or_without_rows_is_not_said_to_be_absent(demo_trust: Trust) -> None:
    empty = {name: TABLES[name].empty() for name in ("people", "support_capacity")}
    trust = replace(
        demo_trust,
        tables={**demo_trust.tables, **empty},
        quarantined={"people": 7},
    )
    missing = "\n".join(missing_evidence(review_school(trust, SOUND)))
    assert "Every row of the table of people is left out as faulty" in missing
    assert "The table of days each school can give has no rows" in missing


def test_the_days_of_support_can_be_counted_again_from_what_is_said(demo_trust: Trust) -> None:
    review = review_school(demo_trust, WEAK)
    assert "ended from 1 January 2026 to 31 October 2026" in support_counted(review)
    support = demo_trust.support
    own = support[support["recipient_urn"] == WEAK]
    days = own[own["ended"] >= "2026-01-01"]["days"].sum()
    received = f"({20} more in support still running)</dt><dd>{days:g} days</dd>"
    assert received in "".join(glance(review))


@pytest.mark.parametrize(("late", "asked_about"), [(1, False), (2, True)])
def test_late_returns_are_asked_about_only_beyond_one_in_twenty(
    demo_trust: Trust, late: int, asked_about: bool
) -> None:
    returns = demo_trust.returns
    own = returns[returns["urn"] == SOUND].head(20)
    received = own["due"].mask(np.arange(20) < late)
    trust = replace(
        demo_trust, tables={**demo_trust.tables, "returns": own.assign(received=received)}
    )
    text = asked(trust, SOUND)
    assert ("Of 20 data returns due from" in text) is asked_about
    if asked_about:
        assert "2 came late or not at all: " in text


def statistics(trust: Trust, *rows: tuple[str, float]) -> pd.DataFrame:
    frame = trust.school_statistics.head(len(rows)).assign(
        urn=SOUND, measure="pupils", unit="pupils", marker=float("nan"),
        period=[period for period, _ in rows], value=[value for _, value in rows],
    )  # fmt: skip
    held = replace(trust, tables={**trust.tables, "school_statistics": frame})
    return statistics_table(review_school(held, SOUND))


def test_published_numbers_say_their_age_and_what_came_before(demo_trust: Trust) -> None:
    table = statistics(demo_trust, ("2022/23", 1234.0), ("2020/21", 1100.0), ("2021/22", 1180.5))
    assert list(table.iloc[0]) == [
        "Pupils", "1,234 pupils", "2022/23", "3 years and 2 months, over two years old",
        "1,100 in 2020/21; 1,180.5 in 2021/22",
    ]  # fmt: skip


def test_several_earlier_numbers_are_a_range_with_their_count(demo_trust: Trust) -> None:
    terms = [f"2025/26 {season}" for season in ("summer", "autumn", "spring")]
    table = statistics(
        demo_trust, ("2026/27 autumn", 9.0), *zip(terms, (5.0, 7.0, 6.0), strict=True)
    )
    assert table["Age"].item() == "present"
    assert table["Earlier"].item() == "5 to 7 in 3 terms, 2025/26 autumn to 2025/26 summer"


def test_what_is_missing_is_said_in_words_not_names(demo_trust: Trust) -> None:
    review = review_school(published_only(demo_trust), SOUND)
    table = indicator_table(review.capacity.indicators).set_index("Indicator")
    assert table.loc["Days of support received", "Value"] == "Not known"
    assert (
        table.loc["Days of support received", "Note"]
        == "To know it: a table of support given to schools"
    )
    trust = indicator_table(review.trust_indicators)["Note"]
    assert not trust.str.contains("the table").any()
    golden = indicator_table(review_school(demo_trust, SOUND).trust_indicators).iloc[0]
    assert golden["Asked for"] == "at least 3"


def test_report_cards_are_not_missed_before_there_were_any(demo_trust: Trust) -> None:
    cards = {"inspections_report_card": TABLES["inspections_report_card"].empty()}
    without = replace(
        demo_trust, tables={**demo_trust.tables, **cards}, absent=("inspections_report_card",)
    )
    early = replace(without, as_of=dt.date(2025, 11, 9))
    said = "no usable table of report cards"
    assert said in "\n".join(missing_evidence(review_school(without, SOUND)))
    assert said not in "\n".join(missing_evidence(review_school(early, SOUND)))
