"""Ways to spoil a table's shape: rows repeated or ragged, headings wrong, cells merged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tests.faults.spoilers import Expected, Spoilt
from tests.faults.trust_copy import Row

KEYS = {
    "returns": ("urn", "return_name", "due"),
    "support_capacity": ("urn", "term"),
    "school_statistics": ("urn", "period", "measure"),
    "support": ("deployment_id",),
}
_DIFFERS = {
    "returns": ("received", "2026-10-01"),
    "support_capacity": ("days_available", "1.5"),
    "school_statistics": ("value", "0.125"),
    "support": ("days", "0.5"),
}


def spoil_structure(spoilt: Spoilt) -> Iterator[Expected]:
    """Spoil the shape of several tables, once in each way that this form of file allows."""
    yield _repeated_row(spoilt)
    yield from _repeated_key(spoilt)
    yield _overlapping_spell(spoilt)
    yield _second_head(spoilt)
    yield _unreadable_post(spoilt)
    yield from _two_in_a_row(spoilt)
    yield _unknown_column(spoilt)
    yield _column_twice(spoilt)
    if spoilt.form == "csv":
        yield from _ragged(spoilt)
    else:
        yield _merged_cells(spoilt)
        yield _merged_headings(spoilt)


def _append_copy(spoilt: Spoilt, table: str, row: Row) -> Row:
    copy = Row(dict(row.cells))
    spoilt.tables[table].rows.append(copy)
    spoilt.use(row, copy)
    return copy


def _repeated_row(spoilt: Spoilt) -> Expected:
    copy = _append_copy(spoilt, "returns", spoilt.rows("returns")[0])
    return Expected("a row twice", "returns", copy, "urn + return_name + due", "row_repeated")


def _repeated_key(spoilt: Spoilt) -> Iterator[Expected]:
    table = list(KEYS)[spoilt.draws.integers(len(KEYS))]
    column, value = _DIFFERS[table]
    row = spoilt.rows(table, where=lambda row: row.text(column) not in {"", value})[0]
    copy = _append_copy(spoilt, table, row)
    copy.cells[column] = value
    for one in (row, copy):
        yield Expected("a key twice", table, one, " + ".join(KEYS[table]), "key_repeated")


def _overlapping_spell(spoilt: Spoilt) -> Expected:
    row = spoilt.rows("people", where=lambda row: row.text("until") == "")[0]
    copy = _append_copy(spoilt, "people", row)
    since = dt.date.fromisoformat(row.text("since")) + dt.timedelta(20)
    copy.cells["since"] = since.isoformat()
    return Expected("spells that overlap", "people", copy, "since", "spells_overlap")


def _second_head(spoilt: Spoilt) -> Expected:
    """A school gets a second head two years after its first, who is still there."""
    row = spoilt.rows(
        "people",
        where=lambda row: (
            (row.text("role"), row.text("status"), row.text("fte")) == ("head", "filled", "1.0")
            and row.text("until") == ""
            and row.text("since") < "2024"
        ),
    )[0]
    copy = _append_copy(spoilt, "people", row)
    since = dt.date.fromisoformat(row.text("since")) + dt.timedelta(730)
    copy.cells |= {"post_id": f"{row.text('post_id')}-B", "since": since.isoformat()}
    return Expected("a school with two heads", "people", copy, "post_id", "two_heads")


def _unreadable_post(spoilt: Spoilt) -> Expected:
    """The code of a post that often gives support: one fault, and none in the table support."""
    row = next(
        row
        for post in ("LEAD-1", "SLE-09")
        for row in spoilt.rows("people", where=lambda row: row.text("post_id") == post)  # noqa: B023
    )
    row.cells["post_id"] = f"{row.text('post_id')} of ours"
    spoilt.use(row)
    return Expected("a post's own code unreadable", "people", row, "post_id", "code_form")


def _two_in_a_row(spoilt: Spoilt) -> Iterator[Expected]:
    row = spoilt.rows("support")[0]
    row.cells |= {"triggered": "03/04/2024", "days": "many"}
    spoilt.use(row)
    yield Expected("two faults in a row", "support", row, "triggered", "date_ambiguous")
    yield Expected("two faults in a row", "support", row, "days", "number_form")


def _unknown_column(spoilt: Spoilt) -> Expected:
    table = spoilt.tables["support"]
    table.columns.append("remarks")
    for row in table.rows:
        if row:
            row.cells["remarks"] = "none the wiser"
    return Expected("a column of no contract", "support", None, "remarks", "column_unknown")


def _column_twice(spoilt: Spoilt) -> Expected:
    """The same values again: one fault, and no row set aside for it."""
    table = spoilt.tables["inspections_oeif"]
    table.columns.append("overall again")
    table.headings["overall again"] = "overall"
    for row in table.rows:
        if row:
            row.cells["overall again"] = row.cells["overall"]
    return Expected("a column twice", "inspections_oeif", None, "overall", "column_twice")


def _ragged(spoilt: Spoilt) -> Iterator[Expected]:
    longer, shorter = spoilt.rows("school_statistics")[:2]
    longer.tail = ["one cell", "too many"]
    shorter.short = 2
    spoilt.use(longer, shorter)
    yield Expected("a row too long", "school_statistics", longer, None, "row_long")
    yield Expected("a row too short", "school_statistics", shorter, None, "row_short")
    table = spoilt.tables["people"]
    table.columns.append("")
    row = spoilt.rows("people")[0]
    row.cells[""] = "stray"
    spoilt.use(row)
    yield Expected("a value without heading", "people", row, None, "cell_without_heading")


def _merged_cells(spoilt: Spoilt) -> Expected:
    row = spoilt.rows("returns", where=lambda row: row.text("received") != "")[0]
    row.merge = ("due", "received")
    spoilt.use(row)
    return Expected("cells merged", "returns", row, "due", "cells_merged")


def _merged_headings(spoilt: Spoilt) -> Expected:
    spoilt.tables["support"].merged_headings = ("area", "impact_reviewed")
    for row in spoilt.rows("support"):
        row.cells["impact_reviewed"] = ""
    return Expected("headings merged", "support", None, "area", "headings_merged")


def add_what_is_only_noted(spoilt: Spoilt) -> Iterator[Expected]:
    """Add what must be noted but costs no row: spaces, titles, hidden parts, another encoding."""
    for table, column in (("schools", "name"), ("returns", "return_name"), ("people", "role")):
        row = spoilt.rows(table)[0]
        row.cells[column] = f" {row.text(column)}\u00a0"
        spoilt.use(row)
        yield Expected("spaces around a value", table, row, column, "untidy_space")
    capacity = spoilt.tables["support_capacity"]
    capacity.titles = ["Days offered — from the spring survey"]
    yield Expected("a title", "support_capacity", 1, None, "above_headings")
    if spoilt.form == "csv":
        capacity.encoding = "cp1252"
        yield Expected("Windows-1252", "support_capacity", 0, None, "windows_1252")
        return
    row = spoilt.rows("school_statistics")[0]
    row.hidden = True
    spoilt.use(row)
    yield Expected("a hidden row", "school_statistics", row, None, "row_hidden")
    spoilt.tables["schools"].hidden_columns = ["type"]
    yield Expected("a hidden column", "schools", None, "type", "column_hidden")


def add_blank_rows(spoilt: Spoilt) -> None:
    """Put blank rows between the rows of every table but the shortest."""
    for table in spoilt.tables.values():
        for _ in range(3 if len(table.rows) > 1 else 0):
            table.rows.insert(int(spoilt.draws.integers(len(table.rows))), None)
