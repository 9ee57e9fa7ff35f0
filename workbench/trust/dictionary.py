"""The data dictionary: the contracts as a page for whoever fills in the tables."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.trust.columns import ANY_DAY, ColumnContract, TableContract
from workbench.trust.contracts import TABLES
from workbench.trust.row_rules import ROW_RULES
from workbench.trust.rules import span

_OPENING = """\
# Data dictionary

A trust is a folder of tables. A table is a CSV file named after it (`schools.csv`), an Excel
workbook named after it (`schools.xlsx`), or a sheet named after it in any workbook of the
folder; never more than one of these. `demo/` is a fictional trust to copy from. Put your own
trust in a folder beside it: whatever stands here except `demo/` stays out of version control.

`workbench check data/my-trust` reports every fault at once: file, sheet, row, column, the value
as written, and how to mend it. Rows with a fault are set aside with their reasons; the rest is
used. This page is made from the contracts in `workbench/trust/contracts.py` by
`python -m workbench.trust.dictionary > data/README.md`.

## How cells are read

- **Blank means not known.** A cell never says `N/A`, `none` or `-` for it.
- **Dates** are written year-month-day, such as `2026-10-31`, or are true dates in Excel. Any
  other form is a fault: `03/04/2024` may be two days, and neither is guessed.
- **Numbers** are digits with at most one point: no comma, currency, percent sign or exponent.
  25 percent is written `25`.
- **Codes** are kept as written, `007` and `1E5` included. In Excel, format their column as Text.
- **Listed words** and headings may be in small or capital letters.
- **Spaces** around a value, and hard spaces, are taken away and noted.
- **Nothing is later than `as_of`** of `trust`: days on which something happened or began lie on
  or before it, terms and academic years have begun by then, and what has not happened is blank or
  left out. Only what is settled beforehand may lie ahead: the last day of a spell (`until`), the
  day a return is due (`due`), and the day a report card comes out (`publication_date`).
- Only the columns below are read. A column with * needs a value in every row. Columns without
  it may be left out; so may tables without it.
- CSV files are UTF-8 (Windows-1252 is read and noted), with commas between cells.
"""

_ABOUT = {
    "inspections_oeif": (
        "Inadequate without a category is accepted: published histories often leave it out.",
    ),
    "inspections_report_card": (
        "Safeguarding not met without a category is accepted: the category may be decided later.",
    ),
    "people": (
        "The spells of one post do not overlap; the next may begin the day one ends.",
        "A school has one head at a time, unless each works part-time (`fte` below 1) and they "
        "share. Who acts as head has a post of their own, and the absent head's post is vacant.",
    ),
    "support": (
        "Every post in `provider_post` is the `post_id` of a row of `people`, where that table "
        "is there.",
    ),
    "attendance": ("The half-terms of one school do not overlap.",),
    "attainment": (
        "Disadvantaged and other pupils are together no more than all, of one school, day and "
        "measure.",
    ),
}


def data_dictionary() -> str:
    """Return the whole page as Markdown."""
    return "\n".join([_OPENING, *(line for table in TABLES.values() for line in _table(table))])


def _table(table: TableContract) -> Iterator[str]:
    yield f"## `{table.name}`{' *' if table.needed else ''}\n"
    yield f"{table.description} A row is known by {_listed(table.key)}.\n"
    yield "| column | value | unit | meaning |"
    yield "|---|---|---|---|"
    for column in table.columns:
        star = " *" if column.required else ""
        unit, value = column.unit or "", value_in_words(column)
        yield f"| `{column.name}`{star} | {value} | {unit} | {column.description} |"
    yield ""
    rules = [*between_cells(table)]
    if rules:
        yield from (f"- {rule}" for rule in rules)
        yield ""


def value_in_words(column: ColumnContract) -> str:
    """Return what a cell of the column may hold, such as `whole number from 0 to 100`."""
    if column.allowed:
        return ", ".join(column.allowed)
    limits = "" if (column.earliest, column.latest) == ANY_DAY else span(column)
    if column.kind in {"integer", "number"}:
        limits = span(column)
    return {
        "urn": "six digits",
        "term": "such as 2025/26 autumn",
        "period": "such as 2018/19 or 2025/26 autumn",
        "integer": "whole number",
    }.get(column.kind, column.kind) + (f" {limits}" if limits else "")


def _listed(names: tuple[str, ...]) -> str:
    *first, last = (f"`{name}`" for name in names)
    return f"{', '.join(first)} and {last}" if first else last


def between_cells(table: TableContract) -> Iterator[str]:
    """Give the rules of a table that need more than one cell, each a sentence of Markdown."""
    if table.references:
        yield f"Every URN in {_listed(table.references)} is the URN of a row of `schools`."
    if table.known_by_as_of and not table.single:
        yield f"No day or term in {_listed(table.known_by_as_of)} is after `as_of`."
    yield from _ABOUT.get(table.name, ())
    for rule in ROW_RULES:
        if rule.table == table.name:
            yield f"It is a fault when {rule.message}."


if __name__ == "__main__":
    print(data_dictionary(), end="")
