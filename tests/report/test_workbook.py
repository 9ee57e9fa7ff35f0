"""A workbook as the Analysis Function asks for it: plain, marked, complete, and nothing alive."""

from __future__ import annotations

import csv
import io
import re
import time
import zipfile

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.report.committed import KINDS, report_page
from tests.report.hostile import PAYLOADS
from tests.report.hostile_formulas import FORMULAS
from workbench.report.contents import Contents, ShownFigure, ShownTable, contents_of
from workbench.report.workbook import LONGEST_CELL, figure_csv, workbook_of

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d")
NUMBERS = ("-3", "-0.5", "-12%", "\N{MINUS SIGN}7")


def a_table(*texts: str, heading: str = "Margin", caption: str = "A table") -> ShownTable:
    """Return a table of two columns: a name and the texts."""
    rows = tuple((f"row {number}", text) for number, text in enumerate(texts))
    return ShownTable(caption, "Section", ("Name", heading), rows, (False, False))


def a_figure(table: ShownTable, words: str = "words") -> ShownFigure:
    return ShownFigure("key", 1, words, words, words, words, table)


def a_report(table: ShownTable, words: str = "words") -> Contents:
    """Return contents that say the words in every place."""
    return Contents(
        words, words, (a_figure(table, words),), (table,), (words,), words, words, (words,),
        ((words, words),),
    )  # fmt: skip


def sheets(contents: Contents) -> dict[str, Worksheet]:
    book = load_workbook(io.BytesIO(workbook_of(contents)))
    return {name: book[name] for name in book.sheetnames}


def values(sheet: Worksheet) -> list[list[object]]:
    """Return the rows of the table that a sheet marks."""
    (table,) = sheet.tables.values()
    return [[cell.value for cell in row] for row in sheet[table.ref]]


def parts(book: bytes) -> dict[str, str]:
    """Return the files within a workbook."""
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


@pytest.mark.parametrize("kind", KINDS)
def test_every_table_and_figure_of_a_real_report_has_a_sheet_that_says_the_same(kind: str) -> None:
    contents = contents_of(report_page(kind))
    found = sheets(contents)
    shown = {f"Figure_{one.number}": one.table for one in contents.figures}
    shown |= {f"Table_{number}": one for number, one in enumerate(contents.tables, start=1)}
    assert list(found) == ["Cover", "Contents", "Notes", "Provenance", *shown]
    for name, table in shown.items():
        heads, *rows = values(found[name])
        assert heads == list(table.columns)
        assert [[value is None for value in row] for row in rows] == [
            [text == "" for text in row] for row in table.rows
        ]
        assert [row[0] for row in rows if isinstance(row[0], str)] == [
            text for text, row in zip((r[0] for r in table.rows), rows, strict=True)
            if isinstance(row[0], str)
        ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_real_workbook_is_laid_out_as_asked(kind: str) -> None:
    for name, sheet in sheets(contents_of(report_page(kind))).items():
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        assert len(sheet.tables) == (name != "Cover")
        assert sheet["A1"].value
        if name != "Cover":
            (table,) = sheet.tables.values()
            top = int(re.sub(r"\D", "", table.ref.split(":")[0]))
            assert sheet.freeze_panes == f"A{top + 1}"
        filled = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in filled} <= {"s", "n"}
        letters = {cell.column_letter for cell in filled}
        assert all(sheet.column_dimensions[letter].width >= 12 for letter in letters)


def test_contents_lead_to_every_sheet() -> None:
    found = sheets(a_report(a_table("1")))
    links = [cell.hyperlink for (cell, *_) in found["Contents"].iter_rows() if cell.hyperlink]
    assert [link.location for link in links] == [f"{name}!A1" for name in list(found)[2:]]
    assert all(link.target is None for link in links)


def test_the_notes_say_its_status_and_what_it_does_not_tell() -> None:
    contents = contents_of(report_page("growth_scenario"))
    notes = [str(row[1]) for row in values(sheets(contents)["Notes"])]
    assert any(note.startswith("DRAFT - NOT ASSURED") for note in notes)
    assert all(any(limit in note for note in notes) for limit in contents.limitations)


def test_numbers_are_numbers_and_codes_are_texts() -> None:
    found = sheets(a_report(a_table(*NUMBERS, "1,250", "none")))
    cells = [row[1] for row in found["Table_1"].iter_rows() if str(row[0].value).startswith("row")]
    assert [cell.value for cell in cells] == [-3, -0.5, -0.12, -7, 1250, "none"]
    assert [cell.number_format for cell in cells[:3]] == ["0", "0.0", "0%"]
    codes = sheets(a_report(a_table("900012", "900013", heading="URN")))["Table_1"]
    assert [row[1] for row in values(codes)] == ["URN", "900012", "900013"]


@pytest.mark.parametrize("payload", FORMULAS)
def test_no_formula_is_alive_anywhere_in_a_workbook(payload: str) -> None:
    table = ShownTable(payload, payload, (payload, payload), ((payload, payload),), (False, True))
    book = workbook_of(a_report(table, payload))
    for name, text in parts(book).items():
        assert not re.search(r"<f[ >/]|<definedName[ >]|externalLink", text), name
    for sheet in sheets(a_report(table, payload)).values():
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n"}
                if str(cell.value or "").startswith(STARTS):
                    assert (cell.data_type, cell.number_format) == ("s", "@")
                    assert cell.quotePrefix


def test_a_signed_text_is_shown_as_on_the_page() -> None:
    sheet = sheets(a_report(a_table("+1.1 points", "-2 to 3")))["Table_1"]
    assert [row[1] for row in values(sheet)][1:] == ["+1.1 points", "-2 to 3"]


@pytest.mark.parametrize("payload", FORMULAS)
def test_no_formula_is_alive_in_a_figures_data(payload: str) -> None:
    table = ShownTable("a", "b", (payload, "Margin"), ((payload, "-3"),), (False, True))
    text = figure_csv(a_figure(table)).decode("utf-8-sig")
    for name, _ in csv.reader(io.StringIO(text, newline="")):
        assert not name.startswith(STARTS)


def test_negative_numbers_stay_numbers_in_a_figures_data() -> None:
    text = figure_csv(a_figure(a_table("-3", "-0.5", "-1e-05"))).decode("utf-8-sig")
    assert [row[1] for row in csv.reader(io.StringIO(text))] == ["Margin", "-3", "-0.5", "-1e-05"]


@pytest.mark.parametrize("payload", [*PAYLOADS, "\x00\x0b\x1f", "x" * 40_000])
def test_no_text_spoils_the_file(payload: str) -> None:
    found = sheets(a_report(a_table(payload, caption=payload), payload))
    for row in found["Table_1"].iter_rows():
        assert all(len(str(cell.value)) <= LONGEST_CELL for cell in row)


def test_headings_of_one_name_are_told_apart() -> None:
    table = ShownTable("a", "", ("From", "from", ""), (("1", "2", "3"),), (True, True, True))
    assert values(sheets(a_report(table))["Table_1"])[0] == ["From", "from (2)", "Column"]


def test_a_heading_made_to_differ_meets_no_other() -> None:
    table = ShownTable("a", "", ("A", "a", "A (2)"), (("1", "2", "3"),), (True, True, True))
    assert values(sheets(a_report(table))["Table_1"])[0] == ["A", "a (3)", "A (2)"]


def test_a_table_without_rows_is_no_marked_table_and_opens() -> None:
    table = ShownTable("a", "", ("From",), (), (False,))
    assert sheets(a_report(table))["Table_1"].tables == {}


def test_equal_contents_are_equal_bytes_at_any_time() -> None:
    contents = a_report(a_table("1", "2"))
    first = workbook_of(contents)
    time.sleep(2.1)  # a zip keeps times to two seconds
    assert workbook_of(contents) == first


def test_the_file_tells_neither_who_made_it_nor_when_nor_where() -> None:
    text = parts(workbook_of(a_report(a_table("1"))))["docProps/core.xml"]
    assert re.findall(r"creator[^>]*>([^<]+)<", text) == ["Trust Growth Workbench"]
    assert "lastModifiedBy" not in text
    assert set(re.findall(r">(\d{4}-[^<]*)<", text)) == {"1980-01-01T00:00:00Z"}
