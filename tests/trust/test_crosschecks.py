"""Rules between cells, rows and tables, and that one mistake is reported once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trust.folders import SCHOOLS, TRUST, write_trust
from workbench.trust.intake import check_folder

PEOPLE = "post_id,role,fte,status,person,since,until\n"
SUPPORT = "deployment_id,provider_urn,recipient_urn,triggered,started,ended,days\n"
OEIF = "urn,inspection_date,kind,overall\n"
STATISTICS = "urn,period,measure,value,unit,marker\n"


def found(folder: Path, **tables: str) -> list[tuple[str, int | None, str | None, str]]:
    """Return file, row, column and rule of every fault of a small trust with these tables."""
    intake = check_folder(write_trust(folder, **tables))
    return [(fault.file, fault.row, fault.column, fault.rule) for fault in intake.faults]


@pytest.mark.parametrize(("days", "faulty"), [("5", False), ("5.5", True)])
def test_support_holds_no_more_days_than_the_week_worked(
    tmp_path: Path, days: str, faulty: bool
) -> None:
    """Monday 6 to Sunday 12 January 2025 is five working days."""
    row = f"D1,900001,900002,2025-01-03,2025-01-06,2025-01-12,{days}\n"
    faults = found(tmp_path, support=SUPPORT + row)
    assert [rule for *_, rule in faults] == ["more_days_than_worked"] * faulty


@pytest.mark.parametrize(
    ("days", "ended", "rules"),
    [
        ("80", "", []),
        ("80.5", "", ["more_days_than_a_term"]),
        ("81", "2025-12-19", ["more_days_than_a_term"]),
        ("81", "2025-01-12", ["more_days_than_worked"]),
        ("201", "", ["out_of_range"]),
    ],
)
def test_one_row_of_support_holds_the_days_of_one_term_at_most(
    tmp_path: Path, days: str, ended: str, rules: list[str]
) -> None:
    """Autumn, the longest term: 16 weeks of 5 days from 1 September to about 20 December."""
    row = f"D1,900001,900002,2025-01-03,2025-01-06,{ended},{days}\n"
    assert [rule for *_, rule in found(tmp_path, support=SUPPORT + row)] == rules


ATTENDANCE = "urn,begins,ends,pupils,possible_sessions,missed_sessions\n"


@pytest.mark.parametrize(
    ("rows", "faulty"),
    [
        (["900001,2025-09-01,2025-10-24", "900001,2025-10-25,2025-12-19"], []),
        (["900001,2025-09-01,2025-10-24", "900001,2025-10-24,2025-12-19"], [3]),
        (["900001,2025-10-24,2025-12-19", "900001,2025-09-01,2025-10-24"], [2]),
        (["900001,2025-09-01,2025-10-24", "900002,2025-10-01,2025-12-19"], []),
        # The first runs to Christmas: both others lie within it, though they do not touch.
        (["900001,2025-09-01,2025-12-19", "900001,2025-09-08,2025-09-30",
          "900001,2025-11-03,2025-12-19"], [3, 4]),
        (["900001,2025-09-01,2025-10-24", "900002,2025-09-01,2025-10-24",
          "900002,2025-10-01,2025-10-24"], [4]),
    ],
)  # fmt: skip
def test_half_terms_of_one_school_do_not_share_a_day(
    tmp_path: Path, rows: list[str], faulty: list[int]
) -> None:
    faults = found(tmp_path, attendance=ATTENDANCE + "".join(f"{r},90,900,40\n" for r in rows))

    assert faults == [("attendance.csv", row, "begins", "half_terms_overlap") for row in faulty]


def test_a_repeated_half_term_is_reported_once(tmp_path: Path) -> None:
    rows = ("900001,2025-09-01,2025-10-24,90,900,40\n", "900001,2025-09-01,2025-10-24,90,900,41\n")

    faults = found(tmp_path, attendance=ATTENDANCE + "".join((*rows, rows[1])))

    assert sorted(rule for *_, rule in faults) == ["key_repeated"] * 2 + ["row_repeated"]


ATTAINMENT = "urn,results,measure,group,pupils,value\n"


@pytest.mark.parametrize(
    ("pupils", "faulty"),
    [((30, 10, 20), []), ((30, 10, 19), []), ((30, 11, 20), [2, 3, 4]), ((30, 31, None), [])],
)
def test_disadvantaged_and_other_pupils_are_no_more_than_all(
    tmp_path: Path, pupils: tuple[int | None, ...], faulty: list[int]
) -> None:
    groups = zip(("all", "disadvantaged", "not disadvantaged"), pupils, strict=True)
    rows = [f"900001,2026-07-07,key stage 2 expected,{group},{n},60\n" for group, n in groups if n]
    other = "900002,2026-07-07,key stage 2 expected,all,5,60\n"

    assert found(tmp_path, attainment="".join((ATTAINMENT, *rows, other))) == [
        ("attainment.csv", row, "pupils", "groups_over_all") for row in faulty
    ]


def test_an_unreadable_date_starts_no_fault_about_the_order_of_dates(tmp_path: Path) -> None:
    row = "D1,900001,900002,2025-01-03,01/02/2024,2020-01-12,3\n"

    assert found(tmp_path, support=SUPPORT + row) == [
        ("support.csv", 2, "started", "date_ambiguous")
    ]


def test_a_reference_to_a_quarantined_school_is_no_fault(tmp_path: Path) -> None:
    schools = SCHOOLS.replace("secondary", "secondry")

    assert found(
        tmp_path, schools=schools, support=SUPPORT + "D1,900003,900002,2025-01-03,,,3\n"
    ) == [("schools.csv", 3, "phase", "not_a_choice")]  # fmt: skip


def test_references_to_a_school_whose_urn_is_unreadable_are_put_down_to_it(tmp_path: Path) -> None:
    rows = (
        "".join(f"D{n},900003,900002,2025-01-03,,,3\n" for n in range(3))
        + "D9,900003,999999,2025-01-03,,,3"
    )

    faults = found(
        tmp_path, schools=SCHOOLS.replace("900002", "90000Z"), support=SUPPORT + rows
    )  # fmt: skip

    assert faults == [
        ("schools.csv", 3, "urn", "urn_form"),
        ("support.csv", 5, "recipient_urn", "school_unknown"),
    ]


def test_every_reference_column_is_checked_against_the_schools(tmp_path: Path) -> None:
    assert found(
        tmp_path,
        support=SUPPORT + "D1,999998,999999,2025-01-03,,,3\n",
        returns="urn,return_name,due\n999997,attendance,2025-01-01\n",
    ) == [
        ("returns.csv", 2, "urn", "school_unknown"),
        ("support.csv", 2, "provider_urn", "school_unknown"),
        ("support.csv", 2, "recipient_urn", "school_unknown"),
    ]


def test_an_exact_repeat_is_set_aside_and_its_first_is_kept(tmp_path: Path) -> None:
    repeat = SCHOOLS.splitlines()[1]
    folder = write_trust(tmp_path, schools=f"{SCHOOLS}{repeat}\n")

    intake = check_folder(folder)

    assert [(f.row, f.rule) for f in intake.faults] == [(5, "row_repeated")]
    assert intake.tables["schools"]["urn"].tolist() == [900001, 900002, 900003]


def test_rows_that_share_a_key_but_differ_are_all_set_aside(tmp_path: Path) -> None:
    folder = write_trust(tmp_path, schools=f"{SCHOOLS}900001,Oak,primary,2020-09-01,9\n")

    intake = check_folder(folder)

    assert [(f.row, f.column, f.rule) for f in intake.faults] == [
        (2, "urn", "key_repeated"),
        (5, "urn", "key_repeated"),
    ]
    assert "as row 5" in intake.faults[0].message
    assert 900001 not in intake.tables["schools"]["urn"].tolist()


def test_two_trusts_in_one_folder_are_a_fault_in_each_row(tmp_path: Path) -> None:
    faults = found(tmp_path, trust=f"{TRUST}90002,Other Trust,2026-10-31,,\n")

    assert [(row, rule) for _, row, _, rule in faults] == [
        (2, "more_than_one_trust"),
        (3, "more_than_one_trust"),
    ]


@pytest.mark.parametrize(
    ("since", "faulty"), [("2022-08-31", True), ("2022-09-01", False), ("2023-01-01", False)]
)
def test_spells_of_a_post_may_meet_but_not_overlap(
    tmp_path: Path, since: str, faulty: bool
) -> None:
    rows = (
        "H1,executive,1,filled,P001,2020-09-01,2022-09-01\n"
        f"H1,executive,1,filled,P002,{since},\n"
        "H2,executive,1,filled,P003,2021-01-01,\n"
    )

    faults = found(tmp_path, people=PEOPLE + rows)

    assert faults == [("people.csv", 3, "since", "spells_overlap")] * faulty


def test_a_spell_after_one_still_open_overlaps_it(tmp_path: Path) -> None:
    rows = "H1,executive,1,filled,P001,2020-09-01,\nH1,executive,1,vacant,,2022-09-01,\n"

    assert [rule for *_, rule in found(tmp_path, people=PEOPLE + rows)] == ["spells_overlap"]


@pytest.mark.parametrize(
    ("status", "person", "rules"),
    [
        ("filled", "P001", []),
        ("vacant", "", []),
        ("vacant", "P001", ["person_in_vacancy"]),
        ("filled", "", ["person_missing"]),
        ("empty", "", ["not_a_choice"]),
        ("filled", "N/A", ["word_for_blank"]),
    ],
)
def test_a_filled_post_and_only_a_filled_post_names_its_person(
    tmp_path: Path, status: str, person: str, rules: list[str]
) -> None:
    row = f"H1,executive,1,{status},{person},2020-09-01,\n"

    assert [rule for *_, rule in found(tmp_path, people=PEOPLE + row)] == rules


@pytest.mark.parametrize(
    ("value", "marker", "rules"),
    [
        ("4.7", "", []),
        ("", "SUPP", []),
        ("0", "", []),
        ("4.7", "c", ["value_and_marker"]),
        ("", "", ["no_value_no_marker"]),
        ("SUPP", "", ["number_form"]),
    ],
)
def test_a_statistic_is_a_number_or_a_marker(
    tmp_path: Path, value: str, marker: str, rules: list[str]
) -> None:
    row = f"900001,2018/19,absence_percent,{value},percent,{marker}\n"

    assert [rule for *_, rule in found(tmp_path, school_statistics=STATISTICS + row)] == rules


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        ("900001,2020-01-01,graded,good", []),
        ("900001,2020-01-01,monitoring,", []),
        ("900001,2020-01-01,graded,", ["graded_without_grade"]),
        ("900001,2020-01-01,graded,superb", ["not_a_choice"]),
        ("900001,2025-11-10,graded,good", ["date_out_of_range"]),
    ],
)
def test_a_graded_inspection_before_report_cards_has_a_grade(
    tmp_path: Path, row: str, rules: list[str]
) -> None:
    assert [rule for *_, rule in found(tmp_path, inspections_oeif=f"{OEIF}{row}\n")] == rules


def test_nothing_is_known_after_the_day_described(tmp_path: Path) -> None:
    trust = TRUST.replace("2026-10-31", "2021-12-31")

    assert found(tmp_path, trust=trust, inspections_oeif=f"{OEIF}900001,2022-01-01,,\n") == [
        ("inspections_oeif.csv", 2, "inspection_date", "after_as_of"),
        ("schools.csv", 4, "joined", "after_as_of"),
    ]


def test_without_a_readable_day_nothing_is_after_it(tmp_path: Path) -> None:
    trust = TRUST.replace("2026-10-31", "31/12/2020")

    assert found(tmp_path, trust=trust) == [("trust.csv", 2, "as_of", "date_form")]


ON_THE_DAY = {
    "people": "EX,executive,1,filled,P001,2026-10-31,2027-03-25",
    "support": "D1,900001,900002,2026-10-26,2026-10-26,2026-10-31,5",
    "support_capacity": "900001,2026/27 autumn,3",
    "returns": "900001,attendance,2026-11-20,2026-10-31",
    "school_statistics": "900001,2026/27 autumn,absence_percent,4.7,percent,",
    "inspections_report_card": "900001,2026-10-31,2026-12-01,met" + ",expected standard" * 6,
}
HEADINGS = {
    "people": PEOPLE,
    "support": SUPPORT,
    "support_capacity": "urn,term,days_available\n",
    "returns": "urn,return_name,due,received\n",
    "school_statistics": STATISTICS,
    "inspections_report_card": "urn,inspection_date,publication_date,safeguarding,inclusion,"
    "curriculum_and_teaching,achievement,attendance_and_behaviour,"
    "personal_development_and_wellbeing,leadership_and_governance\n",
}


def test_what_began_by_the_day_described_is_known_and_what_is_settled_may_lie_ahead(
    tmp_path: Path,
) -> None:
    assert found(tmp_path, **{name: HEADINGS[name] + row for name, row in ON_THE_DAY.items()}) == []


@pytest.mark.parametrize(
    ("table", "column", "row"),
    [
        ("people", "since", "EX,executive,1,filled,P001,2026-11-01,"),
        ("support", "triggered", "D1,900001,900002,2026-11-01,,,3"),
        ("support", "started", "D1,900001,900002,2026-10-31,2026-11-01,,3"),
        ("support", "ended", "D1,900001,900002,2026-10-01,2026-10-05,2026-11-01,3"),
        ("support_capacity", "term", "900001,2026/27 spring,3"),
        ("returns", "received", "900001,attendance,2026-10-20,2026-11-01"),
        ("school_statistics", "period", "900001,2026/27 spring,absence_percent,4.7,percent,"),
        ("school_statistics", "period", "900001,2027/28,absence_percent,4.7,percent,"),
    ],
)
def test_what_began_after_the_day_described_is_later_knowledge(
    tmp_path: Path, table: str, column: str, row: str
) -> None:
    assert found(tmp_path, **{table: HEADINGS[table] + row}) == [
        (f"{table}.csv", 2, column, "after_as_of")
    ]


@pytest.mark.parametrize(("opened", "faulty"), [("2020-09-01", False), ("2020-09-02", True)])
def test_a_school_may_join_on_the_day_it_opens_but_not_before(
    tmp_path: Path, opened: str, faulty: bool
) -> None:
    schools = f"urn,name,phase,joined,opened\n900001,Ash,primary,2020-09-01,{opened}\n"

    assert [rule for *_, rule in found(tmp_path, schools=schools)] == (
        ["joined_before_opened"] * faulty
    )


@pytest.mark.parametrize(
    ("unit", "value", "faulty"),
    [
        ("percent", "0", False),
        ("percent", "100", False),
        ("percent", "100.1", True),
        ("Percent", "-0.1", True),
        ("pupils", "420", False),
        ("points", "-1.2", False),
    ],
)
def test_a_percentage_lies_from_nothing_to_everything(
    tmp_path: Path, unit: str, value: str, faulty: bool
) -> None:
    row = f"900001,2018/19,some_measure,{value},{unit},\n"

    assert [rule for *_, rule in found(tmp_path, school_statistics=STATISTICS + row)] == (
        ["percent_out_of_range"] * faulty
    )


@pytest.mark.parametrize(
    ("overall", "category", "faulty"),
    [
        ("inadequate", "special measures", False),
        ("inadequate", "", False),
        ("", "serious weaknesses", False),
        ("good", "special measures", True),
        ("outstanding", "serious weaknesses", True),
        ("requires improvement", "serious weaknesses", True),
    ],
)
def test_only_an_inadequate_school_is_in_a_category_of_concern(
    tmp_path: Path, overall: str, category: str, faulty: bool
) -> None:
    rows = (
        "urn,inspection_date,kind,overall,category,quality_of_education\n"
        f"900001,2020-01-01,graded,{overall},{category},inadequate\n"
    )

    assert [rule for *_, rule in found(tmp_path, inspections_oeif=rows)] == (
        ["category_without_inadequate"] * faulty
    )


def test_a_report_card_may_say_safeguarding_not_met_before_the_category_is_decided(
    tmp_path: Path,
) -> None:
    row = ON_THE_DAY["inspections_report_card"].replace(",met", ",not met")

    assert found(tmp_path, inspections_report_card=HEADINGS["inspections_report_card"] + row) == []
