"""The sheet of one table in a template: headings, formats, drop-downs and limits on each cell."""

from __future__ import annotations

import datetime as dt

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from workbench.trust.columns import ColumnContract, TableContract
from workbench.trust.dictionary import value_in_words
from workbench.trust.formulas import without_formula

LAST_ROW = 1_048_576
LONGEST_PROMPT = 255  # longer, and the workbook does not open without repair
LONGEST_ERROR = 225
LONGEST_TITLE = 32
LONGEST_LIST = 255

_ANY_NUMBER = 1e15
_FIRST_TRUE_DATE = dt.date(1900, 1, 1)
_DAY_NOUGHT = dt.date(1899, 12, 30)  # as Excel counts days from March 1900 on
_FORMATS = {"date": "yyyy-mm-dd", "integer": "0", "number": "General"}
_AS_TEXT = "@"
_LENGTHS = {"urn": (6, 6), "term": (14, 14), "period": (7, 14)}  # of 2025/26, 2025/26 autumn

_LINE = Side(style="thin", color="808080")
_THICK = Side(style="thick", color="1F3864")
_HEADING = PatternFill("solid", start_color="DDE6F0")


def add_table(book: Workbook, table: TableContract, urns: str = "") -> Worksheet:
    """Add the sheet of a table, its first row the headings of the contract and no row below.

    Args:
        book: The workbook, changed.
        table: The table's contract.
        urns: Range that lists the URNs of the trust's schools; blank where they are not known.
    """
    sheet: Worksheet = book.create_sheet(table.name)
    for number, column in enumerate(table.columns, start=1):
        letter = get_column_letter(number)
        _write_heading(sheet, number, column)
        sheet.column_dimensions[letter].width = min(max(len(column.name) + 3, 13), 42)
        sheet.column_dimensions[letter].number_format = _FORMATS.get(column.kind, _AS_TEXT)
        limit = _limit(column, f"{letter}2", urns)
        _explain(limit, column)
        limit.add(f"{letter}2:{letter}{LAST_ROW}")
        sheet.add_data_validation(limit)
    sheet.freeze_panes = "A2"
    return sheet


def write_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write words to a cell so that no spreadsheet program takes them for a formula or number."""
    cell = sheet.cell(row, column, without_formula(text))
    cell.number_format = _AS_TEXT
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _write_heading(sheet: Worksheet, number: int, column: ColumnContract) -> None:
    """Write a heading: bold with a thick line below where needed, else in italics."""
    cell = sheet.cell(1, number, column.name)
    cell.font = Font(bold=column.required, italic=not column.required)
    cell.border = Border(bottom=_THICK if column.required else _LINE)
    cell.fill = _HEADING
    cell.number_format = _AS_TEXT


def _limit(column: ColumnContract, cell: str, urns: str) -> DataValidation:
    """Return what a cell of the column may hold, as a spreadsheet program can check it."""
    if column.allowed:
        return DataValidation(type="list", formula1=f'"{",".join(column.allowed)}"')
    if column.kind == "urn" and column.refers and urns:
        return DataValidation(type="list", formula1=urns)
    match column.kind:
        case "integer" | "number":
            return _numbers(column, cell)
        case "date":
            return _days(column, cell)
        case "code":
            return DataValidation(
                type="custom",
                formula1=f'AND(LEN({cell})<={column.longest},ISERROR(FIND(" ",{cell})))',
            )
        case _:
            least, most = _LENGTHS.get(column.kind, (0, column.longest))
            return DataValidation(
                type="textLength", operator="between", formula1=str(least), formula2=str(most)
            )


def _numbers(column: ColumnContract, cell: str) -> DataValidation:
    low = -_ANY_NUMBER if column.least is None else column.least
    high = _ANY_NUMBER if column.most is None else column.most
    least, most = (f"{limit:.15g}" for limit in (low, high))
    if column.above:
        above = f"AND(ISNUMBER({cell}),{cell}>{least},{cell}<={most})"
        return DataValidation(type="custom", formula1=above)
    return DataValidation(
        type="whole" if column.kind == "integer" else "decimal",
        operator="between",
        formula1=least,
        formula2=most,
    )


def _days(column: ColumnContract, cell: str) -> DataValidation:
    """Hold a day to its range; days before 1900 are no dates to a spreadsheet program, but text."""
    if column.earliest < _FIRST_TRUE_DATE:
        return DataValidation(
            type="custom", formula1=f"OR(ISNUMBER({cell}),LEN({cell})={len('1560-09-01')})"
        )
    first, last = (str((day - _DAY_NOUGHT).days) for day in (column.earliest, column.latest))
    return DataValidation(type="date", operator="between", formula1=first, formula2=last)


def _explain(limit: DataValidation, column: ColumnContract) -> None:
    value = "choose from the list" if limit.type == "list" else value_in_words(column)
    unit = f" Unit: {column.unit}." if column.unit else ""
    needed = needed_in_words(column)
    limit.allow_blank = True
    limit.promptTitle = shortened(column.name, LONGEST_TITLE)
    limit.prompt = shortened(
        f"{needed} {column.description} Value: {value}.{unit}", LONGEST_PROMPT
    )  # fmt: skip
    limit.errorTitle = "Not as the contract says"
    limit.error = shortened(
        f"{column.name}: {value}.{unit} Leave the cell blank if it is not known."
        if not column.required
        else f"{column.name}: {value}.{unit} Every row needs it.",
        LONGEST_ERROR,
    )
    limit.showInputMessage = limit.showErrorMessage = True


def needed_in_words(column: ColumnContract) -> str:
    """Return whether every row needs a value, as a sentence."""
    return "Needed in every row." if column.required else "Blank if not known."


def shortened(text: str, most: int) -> str:
    """Return a text cut after a word where it is longer than a spreadsheet program allows."""
    if len(text) <= most:
        return text
    kept, space, _ = text[: most - 3].rpartition(" ")
    return f"{kept} ..." if space else f"{text[: most - 3]}..."
