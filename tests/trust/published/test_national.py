"""England as published: every trust's schools, and the judgement that stands at each."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.trust.published.synthetic import (
    MANAGEMENT_INFORMATION,
    card,
    link,
    oeif,
    rows_of,
    write_csv,
    write_links,
    write_report_cards,
    write_xlsx,
)
from workbench.errors import BadInput
from workbench.trust.published import national_judgements, national_membership
from workbench.trust.published.files import find
from workbench.trust.published.national import membership_file

OWN = "Does the latest full inspection relate to the URN of the current school?"


def write_mi(path: Path, grades: dict[int, str], **more: object) -> None:
    records = [
        {
            "URN": urn,
            "Inspection start date": "01/02/2021",
            "Overall effectiveness": grade,
            OWN: "Yes",
        }
        | more
        for urn, grade in grades.items()
    ]
    write_csv(path, MANAGEMENT_INFORMATION, rows_of(MANAGEMENT_INFORMATION, records, "NULL"))


def test_membership_says_what_day_it_describes(tmp_path: Path) -> None:
    write_links(tmp_path / "l20230115.csv", [link(900102, 71, "01-09-2020"),
                                             link(900101, 70, "01-09-2014")])  # fmt: skip

    table = national_membership(tmp_path)

    assert list(table.columns) == ["urn", "trust_uid", "trust_name", "joined", "phase", "name"]
    assert table["urn"].tolist() == [900101, 900102]
    assert table.attrs == {"as_of": "2023-01-15", "file": "l20230115.csv"}


@pytest.mark.parametrize(
    ("day", "speaks"),
    [
        (dt.date(2018, 7, 31), dt.date(2018, 9, 2)),
        (dt.date(2018, 9, 2), dt.date(2018, 9, 2)),
        (dt.date(2018, 9, 3), dt.date(2022, 9, 15)),
        (dt.date(2023, 1, 1), dt.date(2022, 9, 15)),
        (None, dt.date(2022, 9, 15)),
    ],
)
def test_members_on_a_day_are_in_the_first_list_since_or_else_in_the_last(
    tmp_path: Path, day: dt.date | None, speaks: dt.date
) -> None:
    for snapshot in ("20171109", "20180902", "20220915"):
        write_links(tmp_path / f"l{snapshot}.csv", [link(900101, 70, "01-09-2014")])

    file, as_of = membership_file(find(tmp_path), day)

    assert as_of == file.snapshot == speaks


def test_judgements_come_from_the_latest_snapshot_by_the_membership_day(tmp_path: Path) -> None:
    write_links(tmp_path / "l20230115.csv", [link(900101, 70, "01-09-2014")])
    write_mi(tmp_path / "mi_31_Dec_2022.csv", {900101: "2"})
    write_mi(tmp_path / "mi_31_Dec_2021.csv", {900101: "3"})
    write_mi(tmp_path / "mi_31_Dec_2024.csv", {900101: "4"})

    table = national_judgements(tmp_path)

    assert table["urn"].tolist() == [900101]
    assert table["inspection_date"].tolist() == [pd.Timestamp("2021-02-01")]
    assert table["overall"].tolist() == ["good"]
    assert table.attrs == {
        "as_of": "2023-01-15", "file": "mi_31_Dec_2022.csv", "snapshot": "2022-12-31",
        "latest_inspection": "2021-02-01",
    }  # fmt: skip


def test_a_predecessors_grade_rates_nobody(tmp_path: Path) -> None:
    write_links(tmp_path / "l20230115.csv", [link(900101, 70, "01-09-2014")])
    write_mi(tmp_path / "mi_31_Dec_2022.csv", {900101: "2"}, **{OWN: "No"})

    assert national_judgements(tmp_path).empty  # nor is the predecessor named


def test_school_information_dates_itself_by_its_latest_inspection(tmp_path: Path) -> None:
    write_links(tmp_path / "l20220915.csv", [link(900101, 70, "01-09-2014")])
    header = ["URN", "SCHNAME", "OFSTEDRATING", "OFSTEDLASTINSP"]
    write_xlsx(tmp_path / "info.xlsx", {"england": [
        header, [900101, "A", "Serious Weaknesses", "19-04-2021"], [900102, "B", "", ""],
    ]})  # fmt: skip

    [row] = national_judgements(tmp_path).to_dict("records")

    assert (row["overall"], row["category"]) == ("inadequate", "serious weaknesses")
    assert row["inspection_date"].date() == dt.date(2021, 4, 19)


def test_both_eras_stand_side_by_side_on_a_day_since_report_cards_began(tmp_path: Path) -> None:
    write_links(tmp_path / "l20261101.csv", [link(900101, 70, "01-09-2014")])
    write_report_cards(
        tmp_path / "mi_31_Oct_2026.csv",
        [
            card(900101, "12/01/2026") | oeif(900101, "05/05/2022", "3"),
            oeif(900102, "02/02/2020", "2"),
            oeif(900103, "03/04/2025", "Not judged", **{"Latest OEIF personal development": "1"}),
            card(900104, "02/11/2026") | oeif(900104, "02/02/2021", "1"),
        ],
    )

    table = national_judgements(tmp_path).set_index("urn")

    assert table["basis"].tolist() == ["report card", "overall", "sub-judgements", "overall"]
    assert table["overall"].fillna("").tolist() == ["", "good", "", "outstanding"]
    assert table["worst_judgement"].fillna("").tolist() == ["", "good", "good", "outstanding"]
    assert table["below_expected_areas"].tolist() == [0, pd.NA, pd.NA, pd.NA]
    assert table["rated"].all()


def test_since_report_cards_began_a_file_without_them_is_passed_over(tmp_path: Path) -> None:
    write_links(tmp_path / "l20261101.csv", [link(900101, 70, "01-09-2014")])
    header = ["URN", "SCHNAME", "OFSTEDRATING", "OFSTEDLASTINSP"]
    write_xlsx(tmp_path / "info_oct2026.xlsx", {"E": [header, [900101, "A", "Good", "19-04-2021"]]})
    write_report_cards(tmp_path / "mi_31_Aug_2026.csv", [card(900101, "12/01/2026")])

    table = national_judgements(tmp_path)

    assert table.attrs["file"] == "mi_31_Aug_2026.csv"
    assert table["framework"].tolist() == ["report card"]


def test_a_list_of_some_schools_does_not_speak_for_england(tmp_path: Path) -> None:
    write_links(tmp_path / "l20261101.csv", [link(900101, 70, "01-09-2014")])
    everyone = [card(urn, "12/01/2026") for urn in range(900101, 900106)]
    write_report_cards(tmp_path / "mi_31_Aug_2026.csv", everyone)
    write_report_cards(tmp_path / "inspected_in_sept_2026.csv", everyone[:2])

    assert len(national_judgements(tmp_path)) == 5


@pytest.mark.parametrize(("effective", "sound"), [("Yes", True), ("No", False), ("NULL", True)])
def test_yes_and_no_are_read_as_truth(tmp_path: Path, effective: str, sound: bool) -> None:
    write_links(tmp_path / "l20230115.csv", [link(900101, 70, "01-09-2014")])
    write_mi(tmp_path / "mi_31_Dec_2022.csv", {900101: "2"},
             **{"Safeguarding is effective?": effective})  # fmt: skip

    [row] = national_judgements(tmp_path).to_dict("records")

    assert pd.notna(row["performing_since"]) == sound


def test_a_folder_without_inspections_is_refused(tmp_path: Path) -> None:
    write_links(tmp_path / "l20220915.csv", [link(900101, 70, "01-09-2014")])

    with pytest.raises(BadInput, match="there are no inspections"):
        national_judgements(tmp_path)
