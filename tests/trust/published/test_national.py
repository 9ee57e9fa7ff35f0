"""England as published: every trust's schools, and each school's own grade on that day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.trust.published.synthetic import (
    MANAGEMENT_INFORMATION,
    link,
    rows_of,
    write_csv,
    write_links,
    write_xlsx,
)
from workbench.errors import BadInput
from workbench.trust.published import national_grades, national_membership

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


def test_grades_come_from_the_latest_snapshot_by_the_membership_day(tmp_path: Path) -> None:
    write_links(tmp_path / "l20230115.csv", [link(900101, 70, "01-09-2014")])
    write_mi(tmp_path / "mi_31_Dec_2022.csv", {900101: "2"})
    write_mi(tmp_path / "mi_31_Dec_2021.csv", {900101: "3"})
    write_mi(tmp_path / "mi_31_Dec_2024.csv", {900101: "4"})

    table = national_grades(tmp_path)

    assert table["urn"].tolist() == [900101]
    assert table["inspection_date"].tolist() == [pd.Timestamp("2021-02-01")]
    assert table["overall"].tolist() == ["good"]
    assert table.attrs["file"] == "mi_31_Dec_2022.csv"


def test_a_predecessors_grade_rates_nobody(tmp_path: Path) -> None:
    write_links(tmp_path / "l20230115.csv", [link(900101, 70, "01-09-2014")])
    write_mi(tmp_path / "mi_31_Dec_2022.csv", {900101: "2"}, **{OWN: "No"})

    assert national_grades(tmp_path).empty


def test_school_information_dates_itself_by_its_latest_inspection(tmp_path: Path) -> None:
    write_links(tmp_path / "l20220915.csv", [link(900101, 70, "01-09-2014")])
    header = ["URN", "SCHNAME", "OFSTEDRATING", "OFSTEDLASTINSP"]
    write_xlsx(tmp_path / "info.xlsx", {"england": [
        header, [900101, "A", "Serious Weaknesses", "19-04-2021"], [900102, "B", "", ""],
    ]})  # fmt: skip

    [row] = national_grades(tmp_path).to_dict("records")

    assert (row["overall"], row["category"]) == ("inadequate", "serious weaknesses")
    assert row["inspection_date"].date() == dt.date(2021, 4, 19)


def test_a_folder_without_grades_is_refused(tmp_path: Path) -> None:
    write_links(tmp_path / "l20220915.csv", [link(900101, 70, "01-09-2014")])

    with pytest.raises(BadInput, match="there are no grades"):
        national_grades(tmp_path)
