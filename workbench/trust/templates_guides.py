"""The sheets of a template that are for people alone: cover, dictionary, examples, schools.

The check knows their names (`reading.GUIDES`) and skips them, so that what stands there is never
taken for data: above all the worked rows, which for this reason never stand in a table's sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from workbench.trust.columns import TableContract
from workbench.trust.dictionary import between_cells, value_in_words
from workbench.trust.load import Trust
from workbench.trust.reading import COVER, DICTIONARY, EXAMPLES, LISTS
from workbench.trust.templates_rows import worked_row
from workbench.trust.templates_sheets import needed_in_words, write_text

_HOW = (
    "Fill in a row below the headings of a sheet for each thing the sheet describes. Leave a "
    "sheet as it is if you have nothing for it, or it is not yours to fill in.",
    "Blank means not known. Never write N/A, none, 0 or - for what you do not know.",
    "Headings in bold with a thick line below are needed in every row; those in italics may stay "
    "blank. Click a cell to read what it means, its unit and what it may hold.",
    "Choose from the list where a cell has one. Dates are written year-month-day, such as "
    "2026-10-31. Numbers are digits with at most one point: 25 percent is written 25.",
    "Codes, URNs and terms are kept as typed, 007 and 1E5 included: leave their cells as Text. "
    "Paste with values only, or what the cells allow is lost.",
    "No names of people: use pseudonyms, such as P012, the same for a person everywhere.",
    "Do not rename, merge or hide sheets, headings or cells, and put nothing beside the tables. "
    "This sheet and the sheets dictionary, examples and lists are for you; they are not read.",
)
_SEND = (
    "Save it as an Excel workbook (.xlsx) and send it back to the person of the trust's central "
    "team who sent it to you. They put it in the trust's folder and run `workbench check`, which "
    "reads it by the same rules and says what to mend, by sheet, row and column."
)
_WIDE = 60


def add_cover(
    book: Workbook, tables: Sequence[TableContract], *, title: str, whom: str, trust: Trust | None
) -> None:
    """Add the first sheet: what this is, how to fill it in, and whom to send it to."""
    sheet = book.create_sheet(COVER)
    of = f" of {trust.name}" if trust else ""
    lines = _Lines(sheet)
    lines.add(f"{title}{of}", bold=True)
    lines.add(f"To be filled in by {whom}.")
    lines.add()
    lines.add("How to fill it in", bold=True)
    for number, sentence in enumerate(_HOW, start=1):
        lines.add(f"{number}. {sentence}")
    lines.add()
    lines.add("Whom to send it to", bold=True)
    lines.add(_SEND)
    lines.add()
    lines.add("Sheets", "One row is", bold=True)
    for table in tables:
        lines.add(table.name, table.description)
    lines.add()
    first = tables[0]
    lines.add(f"A worked row explained: the example of {first.name}", bold=True)
    lines.add("It is made up, like every row of the sheet examples.")
    lines.add("column", "example", "meaning", bold=True)
    for column, example in zip(first.columns, worked_row(first).values(), strict=True):
        lines.add(column.name, example or "(blank)", column.description)
    _widths(sheet, (_WIDE, _WIDE, _WIDE))


def add_dictionary(book: Workbook, tables: Iterable[TableContract]) -> None:
    """Add the sheet that says of every column what it holds, with an example."""
    sheet = book.create_sheet(DICTIONARY)
    lines = _Lines(sheet)
    lines.add("table", "column", "needed", "value", "unit", "meaning", "example", bold=True)
    for table in tables:
        example = worked_row(table)
        for column in table.columns:
            lines.add(
                table.name, column.name, needed_in_words(column), value_in_words(column),
                column.unit, column.description, example[column.name],
            )  # fmt: skip
        for rule in between_cells(table):
            lines.add(table.name, "(rule between cells)", "", "", "", rule.replace("`", ""), "")
    sheet.freeze_panes = "A2"
    _widths(sheet, (24, 28, 20, 36, 18, _WIDE, 28))


def add_examples(book: Workbook, tables: Iterable[TableContract]) -> None:
    """Add the sheet of worked rows: under each table's name its headings and one row."""
    sheet = book.create_sheet(EXAMPLES)
    lines = _Lines(sheet)
    lines.add(
        "EXAMPLES ONLY: made up, and never read. Type your own rows in the sheets.", bold=True
    )
    for table in tables:
        lines.add()
        lines.add(f"Example of {table.name}", bold=True)
        lines.add(*table.names, bold=True)
        lines.add(*worked_row(table).values())
    _widths(sheet, [22] * max(len(table.columns) for table in tables))


def add_lists(book: Workbook, trust: Trust) -> str:
    """Add the sheet that names the trust's schools, and return the range of their URNs."""
    sheet = book.create_sheet(LISTS)
    lines = _Lines(sheet)
    lines.add("urn", "school", bold=True)
    for urn, name in zip(trust.schools["urn"], trust.schools["name"], strict=True):
        lines.add(str(urn), str(name))
    _widths(sheet, (12, _WIDE))
    return f"{LISTS}!$A$2:$A${len(trust.schools) + 1}"


class _Lines:
    """A sheet written line by line."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet, self.row = sheet, 0

    def add(self, *texts: str, bold: bool = False) -> None:
        """Write the next line: one cell a text."""
        self.row += 1
        for column, text in enumerate(texts, start=1):
            write_text(self.sheet, self.row, column, text)
            self.sheet.cell(self.row, column).font = Font(bold=bold)


def _widths(sheet: Worksheet, widths: Sequence[int]) -> None:
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
