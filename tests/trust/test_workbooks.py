"""Checking Excel workbooks: what cells hold, what they show, and what cannot be seen."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.trust.folders import SCHOOL_HEADINGS, SCHOOLS, TRUST, schools_workbook, write_trust
from workbench.trust.contracts import TABLES
from workbench.trust.intake import Intake, Tally, check_folder

ASH = [900001, "Ash School", "primary", dt.date(2020, 9, 1), 210]
BEECH = [900002, "Beech School", "secondary", dt.date(2021, 9, 1), 900]


def faults(intake: Intake) -> list[tuple[int | None, str | None, str]]:
    return [(fault.row, fault.column, fault.rule) for fault in intake.faults]


def test_true_dates_and_numbers_are_read_as_they_are_meant(tmp_path: Path) -> None:
    book, _ = schools_workbook(tmp_path, ASH, [*BEECH[:4], "900"])
    book.save(tmp_path / "schools.xlsx")

    intake = check_folder(tmp_path)

    assert intake.faults == ()
    schools = intake.tables["schools"]
    assert schools["joined"].dt.strftime("%Y-%m-%d").tolist() == ["2020-09-01", "2021-09-01"]
    assert schools["pupils"].tolist() == [210, 900]


def test_dates_counted_from_1904_are_read_right(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    sheet.append(SCHOOL_HEADINGS)
    sheet.append(ASH)
    book.save(tmp_path / "schools.xlsx")

    intake = check_folder(tmp_path)

    assert intake.tables["schools"]["joined"][0] == dt.datetime(2020, 9, 1)


def test_text_in_several_fonts_is_read_whole(tmp_path: Path) -> None:
    name = CellRichText("Ash ", TextBlock(InlineFont(b=True), "School"))
    book, _ = schools_workbook(tmp_path, [900001, name, *ASH[2:]])
    book.save(tmp_path / "schools.xlsx")

    assert check_folder(tmp_path).tables["schools"]["name"].tolist() == ["Ash School"]


def test_cells_that_hold_no_value_or_another_than_shown_are_faults(tmp_path: Path) -> None:
    book, sheet = schools_workbook(tmp_path, ASH, BEECH, [900003, *BEECH[1:]])
    sheet["E2"] = "=COUNTA(B:B)"
    sheet["E3"] = "#REF!"
    sheet["C4"] = True
    sheet["B4"] = dt.date(2024, 3, 4)
    sheet["D4"] = 44440
    sheet["D4"].number_format = "General"
    book.save(tmp_path / "schools.xlsx")

    assert sorted(faults(check_folder(tmp_path))) == [
        (2, "pupils", "formula_without_value"),
        (3, "pupils", "cell_error"),
        (4, "joined", "date_form"),
        (4, "name", "changed_by_spreadsheet"),
        (4, "phase", "not_a_choice"),
    ]


def test_a_formula_saved_with_its_result_is_read(tmp_path: Path) -> None:
    book, sheet = schools_workbook(tmp_path, ASH)
    sheet["E2"] = "=200+10"
    book.save(tmp_path / "plain.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "plain.xlsx") as plain,
        zipfile.ZipFile(tmp_path / "schools.xlsx", "w") as calculated,
    ):
        for part in plain.namelist():
            data = plain.read(part)
            for empty in (b"<v></v>", b"<v />"):
                data = data.replace(empty, b"<v>210</v>")
            calculated.writestr(part, data)
    (tmp_path / "plain.xlsx").unlink()

    intake = check_folder(tmp_path)

    assert intake.faults == ()
    assert intake.tables["schools"]["pupils"].tolist() == [210]


def test_a_percentage_that_holds_a_fraction_is_a_fault(tmp_path: Path) -> None:
    book, sheet = schools_workbook(tmp_path, ASH)
    sheet["F1"], sheet["F2"] = "fsm_percent", 0.25
    sheet["F2"].number_format = "0.0%"
    book.save(tmp_path / "schools.xlsx")

    [fault] = check_folder(tmp_path).faults

    assert (fault.row, fault.column, fault.rule) == (2, "fsm_percent", "percent_format")
    assert fault.message == "the cell shows 25% and holds 0.25"


def test_title_rows_and_merged_titles_above_the_headings_are_noted(tmp_path: Path) -> None:
    book, sheet = schools_workbook(tmp_path, ASH)
    sheet.insert_rows(1, 2)
    sheet["A1"] = "Our schools"
    sheet.merge_cells("A1:E1")
    book.save(tmp_path / "schools.xlsx")

    intake = check_folder(tmp_path)

    assert faults(intake) == [(1, None, "above_headings")]
    assert intake.tallies["schools"] == Tally(1, 1, 0, 0)


def test_merged_headings_are_one_fault_and_set_aside_the_rows_they_hide(tmp_path: Path) -> None:
    book, sheet = schools_workbook(tmp_path, ASH, [*BEECH[:4], None])
    sheet["F2"] = "beneath nothing"
    sheet.merge_cells("E1:F1")
    book.save(tmp_path / "schools.xlsx")

    intake = check_folder(tmp_path)

    assert faults(intake) == [(1, "pupils", "headings_merged")]
    assert intake.tallies["schools"] == Tally(2, 1, 1, 0)
    assert intake.quarantine["schools"]["(beyond the headings)"].tolist() == ["beneath nothing"]


def test_merged_cells_are_one_fault_and_set_aside_every_row_they_cover(tmp_path: Path) -> None:
    book, sheet = schools_workbook(tmp_path, ASH, BEECH, [900003, *ASH[1:]])
    sheet.merge_cells("C2:D3")
    book.save(tmp_path / "schools.xlsx")

    intake = check_folder(tmp_path)

    assert faults(intake) == [(2, "phase", "cells_merged")]
    assert intake.tables["schools"]["urn"].tolist() == [900003]


def test_hidden_rows_columns_and_sheets_are_read_and_noted(tmp_path: Path) -> None:
    book, sheet = schools_workbook(tmp_path, ASH, BEECH, [900003, *ASH[1:]])
    sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["E"].hidden = True
    sheet.sheet_state = "hidden"
    book.create_sheet("cover").append(["Read me"])
    book.save(tmp_path / "schools.xlsx")

    intake = check_folder(tmp_path)

    assert faults(intake) == [
        (None, None, "table_unknown"),
        (None, None, "sheet_hidden"),
        (1, "pupils", "column_hidden"),
        (3, None, "row_hidden"),
    ]
    assert "rows 3 to 4" in intake.faults[-1].message
    assert intake.to_mend == ()
    assert intake.tallies["schools"].accepted == 3


def test_one_workbook_may_hold_several_tables_beside_csv_files(tmp_path: Path) -> None:
    book, _ = schools_workbook(tmp_path, ASH)
    returns = book.create_sheet("Returns")
    returns.append(["urn", "return_name", "due"])
    returns.append([900001, "attendance", dt.date(2026, 1, 9)])
    book.save(tmp_path / "all our data.xlsx")

    intake = check_folder(tmp_path)

    assert intake.faults == ()
    assert set(intake.tables) == {"trust", "schools", "returns"}


def test_a_table_in_a_csv_file_and_in_a_sheet_is_refused_in_both(tmp_path: Path) -> None:
    book, _ = schools_workbook(tmp_path, ASH)
    book.save(tmp_path / "data.xlsx")
    write_trust(tmp_path)

    intake = check_folder(tmp_path)

    assert [(f.file, f.sheet, f.rule) for f in intake.faults] == [
        ("data.xlsx", "schools", "table_twice"),
        ("schools.csv", None, "table_twice"),
    ]
    assert "schools" in intake.refused


def test_a_workbook_named_after_a_table_needs_no_sheet_name(tmp_path: Path) -> None:
    book, sheet = schools_workbook(tmp_path, ASH)
    sheet.title = "Sheet1"
    book.save(tmp_path / "schools.xlsx")

    assert check_folder(tmp_path).tallies["schools"].accepted == 1


def test_formatting_below_the_table_is_no_row_of_it(tmp_path: Path) -> None:
    book, sheet = schools_workbook(tmp_path, ASH)
    sheet["A5000"].number_format = "@"
    sheet["A4"] = 900002
    book.save(tmp_path / "schools.xlsx")

    tally = check_folder(tmp_path).tallies["schools"]

    assert tally == Tally(rows_in=3, accepted=1, quarantined=1, blank=1)


def test_one_far_cell_costs_neither_time_nor_rows(tmp_path: Path) -> None:
    book, sheet = schools_workbook(tmp_path, ASH)
    sheet["XFD2"] = "far"
    book.save(tmp_path / "schools.xlsx")

    intake = check_folder(tmp_path)

    assert faults(intake) == [(2, None, "cell_without_heading")]


@pytest.mark.parametrize(
    ("limit", "said"),
    [("sizes.MOST_UNPACKED", "unpacks to more"), ("workbooks.MOST_CELLS", "far outside")],
)
def test_a_workbook_that_unpacks_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, said: str
) -> None:
    book, _ = schools_workbook(tmp_path, ASH)
    book.save(tmp_path / "schools.xlsx")
    monkeypatch.setattr(f"workbench.trust.{limit}", 5)

    intake = check_folder(tmp_path)

    assert said in intake.faults[0].message
    assert intake.refused == ("schools",)


@pytest.mark.parametrize("broken", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_with_a_broken_part_is_refused(tmp_path: Path, broken: str) -> None:
    book, _ = schools_workbook(tmp_path, ASH)
    book.save(tmp_path / "whole.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "whole.xlsx") as whole,
        zipfile.ZipFile(tmp_path / "schools.xlsx", "w") as cut,
    ):
        for part in whole.namelist():
            data = whole.read(part)
            cut.writestr(part, data[: len(data) // 2] if part == broken else data)
    (tmp_path / "whole.xlsx").unlink()

    intake = check_folder(tmp_path)

    assert [fault.rule for fault in intake.faults] == ["unreadable"]
    assert intake.refused == ("schools",)


def test_a_csv_file_named_xlsx_is_refused(tmp_path: Path) -> None:
    (tmp_path / "trust.csv").write_text(TRUST)
    (tmp_path / "schools.xlsx").write_text(SCHOOLS)

    intake = check_folder(tmp_path)

    assert "not a workbook" in intake.faults[0].message
    assert set(intake.absent) == set(TABLES) - {"trust", "schools"}
