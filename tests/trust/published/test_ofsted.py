"""Every layout of Ofsted's files, into two eras that are never translated into each other."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.trust.published.synthetic import (
    EARLY,
    MANAGEMENT_INFORMATION,
    REPORT_CARDS,
    card,
    oeif,
    rows_of,
    write_csv,
    write_ods,
    write_report_cards,
    write_xlsx,
)
from workbench.trust.published import kinds
from workbench.trust.published.files import find
from workbench.trust.published.ofsted import Read, read_inspections, read_pupils


def read_only(folder: Path) -> Read:
    [file] = find(folder).files
    return read_inspections(file)


def one(table: pd.DataFrame) -> dict[str, object]:
    [row] = table.to_dict("records")
    return {str(name): value for name, value in row.items()}


def test_a_report_card_is_read_with_its_grades_and_not_as_an_older_grade(tmp_path: Path) -> None:
    row = card(900101, "12/01/2026", "Strong standard", **{
        "Publication date": "20/02/2026", "Inclusion": "Needs attention",
        "Early years (where applicable)": "Exceptional",
    })  # fmt: skip
    write_report_cards(tmp_path / "mi.csv", [row])

    read = read_only(tmp_path)

    assert read.oeif.empty
    found = one(read.cards)
    assert found["inspection_date"] == pd.Timestamp("2026-01-12")
    assert found["publication_date"] == pd.Timestamp("2026-02-20")
    assert (found["safeguarding"], found["inclusion"]) == ("met", "needs attention")
    assert (found["early_years"], found["post_16"]) == ("exceptional", "")
    assert found["category"] == ""
    assert not read.notes


def test_the_older_part_of_the_new_layout_is_read_with_overall_not_judged(tmp_path: Path) -> None:
    row = oeif(900101, "03/04/2025", "Not judged", **{
        "Latest OEIF behaviour and attitudes": "1",
        "Latest OEIF  safeguarding is effective?": "Yes",
        "Latest OEIF sixth form provision (where applicable)": "9",
    })  # fmt: skip
    write_report_cards(tmp_path / "mi.csv", [row])

    read = read_only(tmp_path)

    assert read.cards.empty
    found = one(read.oeif)
    assert found["inspection_date"] == pd.Timestamp("2025-04-03")
    assert (found["kind"], found["overall"]) == ("graded", "")
    assert (found["quality_of_education"], found["behaviour_and_attitudes"]) == (
        "good", "outstanding",
    )  # fmt: skip
    assert (found["sixth_form"], found["safeguarding_effective"]) == ("", "yes")
    assert not read.notes


@pytest.mark.parametrize(
    ("code", "word"),
    [("SM", "special measures"), ("RSI", "requires significant improvement"), ("NULL", "")],
)
def test_categories_of_report_cards_are_read_from_their_codes(
    tmp_path: Path, code: str, word: str
) -> None:
    write_report_cards(
        tmp_path / "mi.csv", [card(900101, "12/01/2026", **{"Category of concern": code})]
    )

    assert one(read_only(tmp_path).cards)["category"] == word


def test_an_opendocument_workbook_with_titles_above_is_read_alike(tmp_path: Path) -> None:
    rows = rows_of(
        REPORT_CARDS, [card(900101, "12/01/2026"), oeif(900101, "01/02/2020", "3")], "NULL"
    )
    write_ods(
        tmp_path / "mi.ods",
        {
            "Cover": [["Management information"]],
            "D2_Most_recent_inspections": [
                ["Most recent inspections"],
                ["Notes"],
                REPORT_CARDS,
                *rows,
            ],
        },
    )

    read = read_only(tmp_path)

    assert one(read.cards)["achievement"] == "expected standard"
    assert one(read.oeif)["overall"] == "requires improvement"


def test_a_card_without_every_area_and_unknown_words_are_counted(tmp_path: Path) -> None:
    write_report_cards(
        tmp_path / "mi.csv",
        [
            card(900101, "12/01/2026", Achievement="NULL"),
            card(900102, "12/01/2026", Inclusion="Fine"),
        ],
    )

    read = read_only(tmp_path)

    assert read.cards.empty
    assert read.notes["report card without every area's grade"] == 2
    assert read.notes["report card grade not known: 'fine'"] == 1


def test_grades_dated_on_the_wrong_side_of_the_change_of_framework_are_left_out(
    tmp_path: Path,
) -> None:
    write_report_cards(
        tmp_path / "mi.csv",
        [card(900101, "09/11/2025"), card(900102, "10/11/2025"),
         oeif(900103, "09/11/2025", "2"), oeif(900104, "10/11/2025", "2")],
    )  # fmt: skip

    read = read_only(tmp_path)

    assert read.cards["urn"].tolist() == [900102]
    assert read.oeif["urn"].tolist() == [900103]
    assert sum(read.notes.values()) == 2


def test_the_layout_to_2025_gives_latest_previous_and_short_inspections(tmp_path: Path) -> None:
    row = {
        "URN": 900101,
        "Inspection start date": "14/03/2019",
        "Does the latest full inspection relate to the URN of the current school?": "Yes",
        "URN at time of latest full inspection": 900101,
        "Overall effectiveness": "4",
        "Category of concern": "SWK",
        "Effectiveness of leadership and management": "4",
        "Previous inspection start date": "02/02/2014",
        "Does the previous full inspection relate to the URN of the current school?": "No",
        "URN at time of previous full inspection": 800101,
        "Previous full inspection overall effectiveness": "2",
        "Date of latest section 8 inspection": "10/05/2022",
        "Section 8 inspection overall outcome": "School remains Good (Concerns) - S5 Next",
    }
    write_csv(tmp_path / "mi.csv", MANAGEMENT_INFORMATION,
              rows_of(MANAGEMENT_INFORMATION, [row], "NULL"))  # fmt: skip

    found = read_only(tmp_path).oeif.sort_values("inspection_date")

    assert found["kind"].tolist() == ["graded", "graded", "ungraded"]
    assert found["overall"].tolist() == ["good", "inadequate", "good"]
    assert found["category"].tolist() == ["", "serious weaknesses", ""]
    assert found["own"].tolist() == ["no", "yes", ""]
    assert found["urn_at_inspection"].tolist()[:2] == [800101, 900101]
    assert found["leadership_and_management"].tolist() == ["", "inadequate", ""]


def test_the_workbooks_of_2014_and_2015_give_only_judgements_that_still_exist(
    tmp_path: Path,
) -> None:
    row = {
        "URN": 900101, "Total pupils": 230, "Latest inspection date": dt.date(2014, 2, 12),
        "Overall effectiveness: how good is the school": "4", "The quality of teaching": 3,
        "Effectiveness of the sixth form provision": 9, "Leadership and management": 4,
        "Category": "SM ", "Previous inspection date": dt.date(2011, 11, 3),
        "previous overall effectiveness": "3", "Previous category": "NTI",
    }  # fmt: skip
    write_xlsx(tmp_path / "a.xlsx", {"Provider Level Data": [EARLY, *rows_of(EARLY, [row], "")]})

    read = read_only(tmp_path)
    found = read.oeif.sort_values("inspection_date")

    assert found["overall"].tolist() == ["requires improvement", "inadequate"]
    assert found["category"].tolist() == ["", "special measures"]
    assert found["leadership_and_management"].tolist() == ["", "inadequate"]
    assert found["quality_of_education"].tolist() == ["", ""]
    assert found["may_inherit"].all()
    assert not read.notes
    [file] = find(tmp_path).files
    assert read_pupils(file, frozenset({900101})).to_dict() == {900101: 230}


def test_school_information_splits_inadequate_into_its_categories(tmp_path: Path) -> None:
    header = ["URN", "SCHNAME", "OFSTEDRATING", "OFSTEDLASTINSP"]
    ratings = [
        "Special Measures",
        "Serious Weaknesses",
        "Inadequate",
        "Good",
        "Insufficient evidence",
        "",
    ]
    rows = [[900101 + n, "A", rating, "19-04-2021"] for n, rating in enumerate(ratings)]
    write_xlsx(tmp_path / "a.xlsx", {"england": [header, *rows]})

    read = read_only(tmp_path)

    assert read.oeif["overall"].tolist() == ["inadequate"] * 3 + ["good"]
    assert read.oeif["category"].tolist() == ["special measures", "serious weaknesses", "", ""]
    assert read.oeif["kind"].eq("").all()
    assert read.notes == {"inspection listed without any grade": 2}


def test_the_ratings_history_is_read_with_its_own_date_format(tmp_path: Path) -> None:
    write_csv(tmp_path / "h.csv", ("URN", "Rating", "Inspection Date"),
              [["900101", "Satisfactory", "20110405"], ["900101", "Good", "2013"]])  # fmt: skip

    read = read_only(tmp_path)

    assert one(read.oeif)["inspection_date"] == pd.Timestamp("2011-04-05")
    assert one(read.oeif)["overall"] == "requires improvement"
    assert read.notes == {"inspection date that is none": 1}


def test_a_list_of_grades_at_one_date_is_read(tmp_path: Path) -> None:
    header = ["URN", "School name", "Inspection date", "Publication date", "Overall effectiveness"]
    day = dt.date(2014, 6, 6)
    write_xlsx(tmp_path / "july2018.xlsx", {"S": [header, [900101, "A", day, day, 1.0]]})

    [file] = find(tmp_path).files

    assert file.kind == kinds.OFSTED_GRADES
    assert one(read_inspections(file).oeif)["overall"] == "outstanding"
