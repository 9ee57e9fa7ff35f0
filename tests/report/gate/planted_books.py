"""Workbooks with one thing planted in each that may not leave the trust; see `planters`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from tests.report.gate.planters import NAME, PSEUDONYM, SCHOOL, Plant


def workbook(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    """Return a workbook with a sheet in which nothing is planted, filled further."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Staff"
    for row in (("School", "Answers"), ("Quillmarsh Primary School", 20)):
        sheet.append(row)
    fill(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _hidden_sheet(book: openpyxl.Workbook) -> None:
    sheet = book.create_sheet("Lists")
    sheet.sheet_state = "veryHidden"
    sheet["C7"] = NAME


def _small(book: openpyxl.Workbook) -> None:
    book["Staff"].append((SCHOOL, 6))


def _captioned(book: openpyxl.Workbook) -> None:
    for row in (
        (),
        ("Pupils persistently absent",),
        ("School", "Autumn", "Spring"),
        (SCHOOL, 3, 41),
    ):
        book["Staff"].append(row)


def _commented(book: openpyxl.Workbook) -> None:
    book["Staff"]["B2"].comment = Comment("Check with Brandywine", "Somebody")


def _defined(book: openpyxl.Workbook) -> None:
    book.defined_names["Joanna_Brandywine"] = DefinedName(
        "Joanna_Brandywine", attr_text="Staff!$A$1"
    )


def _authored(book: openpyxl.Workbook) -> None:
    book.properties.creator = NAME


def _headed(book: openpyxl.Workbook) -> None:
    footer = book["Staff"].oddFooter
    assert footer is not None
    assert footer.center is not None
    footer.center.text = f"Made by {NAME}"


def _laid_out(said: str) -> Callable[[openpyxl.Workbook], None]:
    """Return what writes a header as it is stored, its codes and words side by side."""

    def fill(book: openpyxl.Workbook) -> None:
        header = book["Staff"].oddHeader
        assert header is not None
        assert header.center is not None
        header.center.text = said

    return fill


def _computed(book: openpyxl.Workbook) -> None:
    book["Staff"]["C2"] = "=CHAR(80)&CHAR(48)"


def _linked(book: openpyxl.Workbook) -> None:
    book["Staff"]["A2"].hyperlink = "https://x.example/a"


def _left_over(data: bytes) -> bytes:
    """Return a workbook with a stored string that no cell uses, in two runs."""
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(
            "xl/sharedStrings.xml",
            '<?xml version="1.0"?><sst><si><r><t>Jo</t></r><r><rPr><b/></rPr>'
            "<t>anna Brandywine</t></r></si></sst>",
        )
    return file.getvalue()


def in_workbooks() -> list[Plant]:
    """Plant in workbooks."""
    return [
        Plant("a name in a hidden sheet", "a.xlsx", workbook(_hidden_sheet),
              "sheet 'Lists' (hidden), cell C7", NAME),
        Plant("a small number in a sheet", "b.xlsx", workbook(_small), "sheet 'Staff', cell B3",
              "6 under"),
        Plant("a small number in a sheet where only the caption says of whom", "i.xlsx",
              workbook(_captioned), "sheet 'Staff', cell B6", "3 under 'Pupils persistently"),
        Plant("a name in a comment on a cell", "c.xlsx", workbook(_commented),
              "comment on cell B2", "Brandywine"),
        Plant("a name in a defined name", "d.xlsx", workbook(_defined), "defined name",
              "Joanna_Brandywine"),
        Plant("a name in the properties", "e.xlsx", workbook(_authored), "docProps", NAME),
        Plant("a name in a footer", "f.xlsx", workbook(_headed), "part xl/worksheets", NAME),
        Plant("a pseudonym that stands right behind the code of a header", "j.xlsx",
              workbook(_laid_out(PSEUDONYM)), "part xl/worksheets", PSEUDONYM),
        Plant("a person behind codes of type and colour", "k.xlsx",
              workbook(_laid_out('&"Arial,Bold"&12&K00FF00Mrs Apple&"Arial,Italic"garth&D')),
              "part xl/worksheets", "Mrs Applegarth"),
        Plant("a formula", "l.xlsx", workbook(_computed), "sheet 'Staff', cell C2",
              "its formula can spell anything"),
        Plant("a link in a sheet", "g.xlsx", workbook(_linked), "link of cell A2", "x.example"),
        Plant("a name in a string left over", "h.xlsx", _left_over(workbook(lambda _: None)),
              "part xl/sharedStrings.xml", NAME),
    ]  # fmt: skip
