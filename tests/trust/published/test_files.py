"""Files are known by their headers, wherever they lie and whatever they are called."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.trust.published.synthetic import (
    ALL_DATA,
    EARLY,
    LINKS_2016,
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
from workbench.trust.published import kinds
from workbench.trust.published.files import academic_year, count_rows, date_in_name, find, read


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("grouplinks_edubaseallacademiesandfree20220915", "2022-09-15"),
        ("External_Management_information_-_Schools___31_December_2014", "2014-12-31"),
        ("england_ofsted-schools_july2018", "2018-07-31"),
        ("state-funded_schools_-_latest_inspections_as_at_31_Jan_2026", "2026-01-31"),
        ("MI as at 30 Sept 2026", "2026-09-30"),
        ("all data 2026-02-28", "2026-02-28"),
        ("december 2025", "2025-12-31"),
        ("ofsted_ratings_history_2005_2020", None),
        ("edubasealldata_surrey2021", None),
        ("20221345", None),
        ("31_february_2024", None),
    ],
)
def test_a_date_is_read_from_a_file_name_only_where_it_holds_one(
    name: str, date: str | None
) -> None:
    assert date_in_name(name) == (dt.date.fromisoformat(date) if date else None)


@pytest.mark.parametrize(
    ("place", "year"),
    [
        ("2019/england_abs.csv", "2018/19"),
        ("2018-2019_england_abs.csv", "2018/19"),
        ("2022-23/england_census.csv", "2022/23"),
        ("performance-tables/2021/swf.csv", "2020/21"),
        ("downloads 2026/england_abs.csv", None),
        ("england_abs.csv", None),
    ],
)
def test_a_year_is_taken_from_a_file_or_folder_that_names_one(place: str, year: str | None) -> None:
    source = Path("published")
    assert academic_year(source / place, source) == year


def test_kinds_are_told_by_header_and_not_by_name(tmp_path: Path) -> None:
    write_links(tmp_path / "ofsted.csv", [link(900101, 70, "01-09-2020")])
    write_csv(tmp_path / "deep" / "er" / "links.txt", ALL_DATA, [[""] * len(ALL_DATA)])
    write_report_cards(tmp_path / "gias.csv", [card(900101, "12/01/2026")])

    found = find(tmp_path)

    assert {file.path.name: file.kind for file in found.files} == {
        "ofsted.csv": kinds.GROUP_LINKS,
        "links.txt": kinds.ESTABLISHMENTS,
        "gias.csv": kinds.REPORT_CARDS,
    }


def test_lines_above_the_header_are_stepped_over(tmp_path: Path) -> None:
    write_report_cards(
        tmp_path / "mi.csv", [card(900101, "12/01/2026"), oeif(900102, "01/02/2023", "2")]
    )

    [file] = find(tmp_path).files
    table, _ = read(file, ["URN", "Inclusion"])

    assert file.header_row == 2
    assert table["URN"].tolist() == ["900101", "900102"]
    assert table["Inclusion"].tolist() == ["Expected standard", ""]
    assert count_rows(file) == 2


def test_the_sheet_with_the_data_is_found_among_covers_and_notes(tmp_path: Path) -> None:
    write_xlsx(
        tmp_path / "31_May_2015.xlsx",
        {
            "Cover": [["Management information"], ["Published on:", "30 June 2015"]],
            "Provider Level Data": [["Provider level data at 31 May 2015"], EARLY,
                                    *rows_of(EARLY, [{"URN": 900101}], "")],
        },
    )  # fmt: skip

    [file] = find(tmp_path).files

    assert (file.sheet, file.header_row, file.kind) == (
        "Provider Level Data", 1, kinds.EARLY_MANAGEMENT_INFORMATION,
    )  # fmt: skip


def test_the_latest_snapshot_is_chosen_by_the_date_in_its_name(tmp_path: Path) -> None:
    write_csv(tmp_path / "z20160804.csv", LINKS_2016, [])
    newest = write_links(tmp_path / "a20261101.csv", [])
    write_links(tmp_path / "m20210915.csv", [link(900101, 70, "01-09-2027")])

    latest = find(tmp_path).latest(kinds.GROUP_LINKS)

    assert latest is not None
    assert latest.path == newest
    assert (latest.snapshot, latest.dated_from) == (dt.date(2026, 11, 1), "file name")


def test_a_snapshot_without_a_date_in_its_name_is_dated_by_its_content(tmp_path: Path) -> None:
    write_links(tmp_path / "links.csv",
                [link(900101, 70, "01-09-2020"), link(900102, 70, "15-03-2022")])  # fmt: skip

    [file] = find(tmp_path).files

    assert (file.snapshot, file.dated_from) == (dt.date(2022, 3, 15), "content")


def test_files_of_no_known_kind_and_broken_files_are_listed_not_hidden(tmp_path: Path) -> None:
    write_csv(tmp_path / "dinner_menu.csv", ["day", "dish"], [["Monday", "pie"]])
    (tmp_path / "broken.xlsx").write_bytes(b"nothing of the kind")
    (tmp_path / "~$open.xlsx").write_bytes(b"a lock file")

    found = find(tmp_path)

    assert found.files == ()
    assert found.unknown == ("dinner_menu.csv",)
    assert len(found.unreadable) == 1
    assert found.unreadable[0].startswith("broken.xlsx: ")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no folder"):
        find(tmp_path / "nowhere")
