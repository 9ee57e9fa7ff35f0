"""Ways to spoil a clean trust, each with the fault a checker must report for it.

The expected rule, row and column are declared here, beside what was done to the file; nothing
is taken from the checker but the keys it promises to keep.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from tests.faults import spoilers_evidence as evidence
from tests.faults.trust_copy import ExcelCell, Form, Row, Table, Value


@dataclass(frozen=True)
class Expected:
    """A fault that must be reported: in a row, in the headings (None), or the whole file (0)."""

    kind: str
    table: str
    row: Row | int | None
    column: str | None
    rule: str


@dataclass
class Spoilt:
    """A trust being spoilt: which rows are used up, and what must be reported."""

    tables: dict[str, Table]
    form: Form
    draws: np.random.Generator
    used: set[int] = field(default_factory=set)
    expected: list[Expected] = field(default_factory=list)
    noted: list[Expected] = field(default_factory=list)

    def rows(self, table: str, *, where: Callable[[Row], bool] = lambda _: True) -> list[Row]:
        """Return the untouched rows of a table, in random order."""
        if table not in self.tables:
            return []
        rows = [row for row in self.tables[table].rows if row and id(row) not in self.used]
        rows = [row for row in rows if where(row)]
        return [rows[i] for i in self.draws.permutation(len(rows))]

    def use(self, *rows: Row) -> None:
        """Mark rows as used up."""
        self.used.update(id(row) for row in rows)


Spoiler = Callable[[Spoilt], Expected | None]


@dataclass(frozen=True)
class CellFault:
    """A single cell written wrongly."""

    kind: str
    rule: str
    columns: tuple[str, ...]
    values: tuple[Value, ...]
    excel: bool | None = None  # only in workbooks, only in text files, or in both


NUMBERS = (
    "schools.fsm_percent", "schools.latitude", "trust.annual_income_gbp",
    "trust.reserves_gbp", "people.fte", "people.days_a_term", "support.days",
    "support_capacity.days_available", "school_statistics.value",
    *evidence.NUMBERS,
)  # fmt: skip
DAYS = (
    "schools.joined", "schools.opened", "inspections_oeif.inspection_date",
    "inspections_report_card.publication_date", "people.since", "people.until",
    "support.triggered", "support.started", "returns.due", "returns.received",
    *evidence.DAYS,
)  # fmt: skip
WORDS = (
    "schools.phase", "schools.type", "inspections_oeif.overall", "inspections_oeif.kind",
    "inspections_report_card.inclusion", "inspections_report_card.category", "people.role",
    "people.status", "support.area", "school_statistics.marker",
    *evidence.WORDS,
)  # fmt: skip
TRUTHS = (
    "people.trained_to_lead", "support.impact_reviewed", "returns.on_template",
    "inspections_oeif.safeguarding_effective",
    *evidence.TRUTHS,
)  # fmt: skip
URNS = (
    "inspections_oeif.urn", "people.urn", "support.provider_urn", "support.recipient_urn",
    "support_capacity.urn", "returns.urn", "school_statistics.urn",
    *evidence.URNS,
)  # fmt: skip
TEXTS = (
    "trust.name", "schools.name", "returns.return_name", "school_statistics.unit", *evidence.TEXTS,
)  # fmt: skip
CODES = ("people.person", "support.deployment_id", "support.provider_post", *evidence.CODES)
WHOLE_NUMBERS = ("schools.pupils", *evidence.WHOLE_NUMBERS)
TERMS = ("support_capacity.term", *evidence.TERMS)
NEEDED = (
    "trust.name", "schools.name", "schools.phase", "schools.joined",
    "inspections_report_card.achievement", "people.role", "people.since", "support.triggered",
    "support.recipient_urn", "support_capacity.days_available", "returns.due",
    "school_statistics.unit", "school_statistics.period",
    *evidence.NEEDED,
)  # fmt: skip

CELL_FAULTS = (
    CellFault("a needed cell left blank", "required", NEEDED, ("",)),
    CellFault("a word for not known", "word_for_blank", (*DAYS, *NUMBERS, *WORDS, *TEXTS),
              ("N/A", "None", "null", "NA", "-", "unknown", "TBC")),
    CellFault("a spreadsheet error as text", "cell_error", (*NUMBERS, *TEXTS),
              ("#REF!", "#DIV/0!", "#N/A", "#VALUE!")),
    CellFault("day and month that may be swapped", "date_ambiguous", DAYS,
              ("03/04/2024", "3/4/24", "07-06-2023", "1.2.2024")),
    CellFault("day first, month clear", "date_form", DAYS, ("13/04/2024", "04/13/2024")),
    CellFault("a date in words", "date_form", DAYS, ("4 March 2024", "Sept 2023", "2024")),
    CellFault("a date with a time of day", "date_form", DAYS,
              ("2024-03-04 10:30", "2024-03-04T00:00:00Z")),
    CellFault("a spreadsheet's day number", "date_form", DAYS, ("45383",)),
    CellFault("a day the calendar lacks", "date_impossible", DAYS, ("2023-02-29", "2024-13-01")),
    CellFault("a year mistyped", "date_out_of_range", DAYS, ("0204-03-01", "2924-03-01")),
    CellFault("a report card before report cards", "date_out_of_range",
              ("inspections_report_card.inspection_date",), ("2025-11-09",)),
    CellFault("an old inspection after its framework", "date_out_of_range",
              ("inspections_oeif.inspection_date",), ("2025-11-10",)),
    CellFault("a comma in a number", "number_form", NUMBERS, ("1,200", "12,5")),
    CellFault("a currency sign", "number_form", NUMBERS, ("£300",)),
    CellFault("a percent sign", "number_form", NUMBERS, ("12%",)),
    CellFault("a number with an exponent", "number_form", NUMBERS, ("1E5", "1.2e1")),
    CellFault("a number in words", "number_form", NUMBERS, ("twelve", "about 12", "inf")),
    CellFault("a whole number with a leading zero", "integer_form", WHOLE_NUMBERS, ("0210",)),
    CellFault("a whole number with a fraction", "integer_form", WHOLE_NUMBERS, ("210.5",)),
    CellFault("a number too large", "out_of_range",
              ("schools.pupils", "people.days_a_term", "support.days", "schools.fsm_percent",
               "support_capacity.days_available"), ("99999",)),
    CellFault("a number below nothing", "out_of_range",
              ("schools.pupils", "people.fte", "support.days", "trust.annual_income_gbp"), ("-1",)),
    CellFault("a number beyond any trust's", "out_of_range",
              ("trust.annual_income_gbp", "trust.reserves_gbp", "schools.pupils"),
              ("99999999999",)),
    CellFault("latitude and longitude swapped", "out_of_range", ("schools.latitude",), ("-1.25",)),
    CellFault("a word not on the list", "not_a_choice", WORDS, ("satisfactory", "other thing")),
    CellFault("a word misspelt", "not_a_choice", WORDS, ("primry", "requires improvment")),
    CellFault("neither yes nor no", "not_a_choice", TRUTHS, ("maybe", "1", "TRUE", "Y")),
    CellFault("a URN of five digits", "urn_form", URNS, ("90001",)),
    CellFault("a URN with a leading zero", "urn_form", URNS, ("0900001",)),
    CellFault("a number of another kind for a URN", "urn_form", URNS, ("919/5412", "9E5")),
    CellFault("a school's own URN unreadable", "urn_form", ("schools.urn",), ("90000X", "9E5")),
    CellFault("years of a term that do not follow", "term_form", TERMS,
              ("2024/26 autumn",)),
    CellFault("a term written the other way", "term_form", TERMS,
              ("Autumn 2024", "2024/25")),
    CellFault("a period with a dash", "period_form", ("school_statistics.period",),
              ("2018-19", "2018/20")),
    CellFault("an unseen character", "control_character", (*TEXTS, *CODES),
              ("St\u200bMary", "Line\nbreak", "\u202eyraM")),
    CellFault("a lost letter", "character_lost", TEXTS, ("St Mary\ufffds",)),
    CellFault("a text far too long", "text_long", TEXTS, ("long" * 60,)),
    CellFault("a code with spaces", "code_form", CODES, ("POST 7", "two words")),
    CellFault("a formula without its result", "formula_without_value",
              (*NUMBERS, "schools.pupils", "returns.received", "people.urn"),
              (ExcelCell("=1+1"),), excel=True),
    CellFault("an error cell", "cell_error", (*NUMBERS, "schools.pupils"),
              (ExcelCell("#REF!"), ExcelCell("#DIV/0!")), excel=True),
    CellFault("a code turned into a number", "changed_by_spreadsheet", CODES,
              (ExcelCell(7), ExcelCell(100000.0)), excel=True),
    CellFault("a text turned into a date", "changed_by_spreadsheet", (*CODES, *TEXTS),
              (ExcelCell(dt.date(2024, 2, 1), "yyyy-mm-dd"),), excel=True),
    CellFault("a percentage that holds a fraction", "percent_format",
              ("schools.fsm_percent", "school_statistics.value"), (ExcelCell(0.25, "0%"),),
              excel=True),
    CellFault("a true or false cell", "not_a_choice", TRUTHS, (ExcelCell(True),), excel=True),
    CellFault("a date cell with a time of day", "date_form", DAYS,
              (ExcelCell(dt.datetime(2024, 3, 4, 10, 30), "yyyy-mm-dd hh:mm"),), excel=True),
)  # fmt: skip


def spoil_cell(fault: CellFault, spoilt: Spoilt) -> Expected | None:
    """Write one cell wrongly, in a row not yet touched that has a value there."""
    if fault.excel is not None and fault.excel != (spoilt.form != "csv"):
        return None
    for at in spoilt.draws.permutation(len(fault.columns)):
        table, column = fault.columns[at].split(".")
        for row in spoilt.rows(table, where=lambda row: row.text(column) != ""):  # noqa: B023
            row.cells[column] = fault.values[spoilt.draws.integers(len(fault.values))]
            spoilt.use(row)
            return Expected(fault.kind, table, row, column, fault.rule)
    return None


@dataclass(frozen=True)
class RowFault:
    """Cells of one row that cannot all be true: `changes` makes them so from the row's own."""

    kind: str
    rule: str
    table: str
    column: str
    suits: Callable[[Row], bool]
    changes: Callable[[Row], dict[str, str]]


def days_after(day: str, days: int) -> str:
    """Return the day so many days later, or earlier when negative."""
    return (dt.date.fromisoformat(day) + dt.timedelta(days)).isoformat()


def ten_years_on(period: str) -> str:
    """Return the same term or academic year ten years later: 2018/19 becomes 2028/29."""
    year = int(period[:4]) + 10
    return f"{year}/{(year + 1) % 100:02d}{period[7:]}"


_SUB_JUDGEMENTS = (
    "quality_of_education", "behaviour_and_attitudes", "personal_development",
    "leadership_and_management", "early_years", "sixth_form",
)  # fmt: skip

ROW_FAULTS = (
    RowFault("a graded inspection without a grade", "graded_without_grade", "inspections_oeif",
             "overall", lambda r: r.text("kind") == "graded",
             lambda r: dict.fromkeys(("overall", *_SUB_JUDGEMENTS), "")),
    RowFault("a report card published too soon", "published_before_inspected",
             "inspections_report_card", "publication_date", lambda r: True,
             lambda r: {"publication_date": days_after(r.text("inspection_date"), -1)}),
    RowFault("a person in a vacancy", "person_in_vacancy", "people", "person",
             lambda r: r.text("status") == "filled", lambda r: {"status": "vacant"}),
    RowFault("a filled post without a person", "person_missing", "people", "person",
             lambda r: r.text("status") == "filled" and r.text("role") != "improvement lead",
             lambda r: {"person": ""}),  # skills names leads: they would be unknown there
    RowFault("a spell that ends before it begins", "until_before_since", "people", "until",
             lambda r: True, lambda r: {"until": days_after(r.text("since"), -30)}),
    RowFault("support given to itself", "provider_is_recipient", "support", "provider_urn",
             lambda r: True, lambda r: {"provider_urn": r.text("recipient_urn")}),
    RowFault("support before its need", "started_before_triggered", "support", "started",
             lambda r: r.text("started") != "",
             lambda r: {"started": days_after(r.text("triggered"), -1)}),
    RowFault("support that ends before it starts", "ended_before_started", "support", "ended",
             lambda r: r.text("started") != "",
             lambda r: {"ended": days_after(r.text("started"), -1)}),
    RowFault("support ended without a start", "ended_without_start", "support", "started",
             lambda r: r.text("ended") != "", lambda r: {"started": ""}),
    RowFault("more days than were worked", "more_days_than_worked", "support", "days",
             lambda r: r.text("ended") != "",
             lambda r: {"ended": days_after(r.text("started"), 6), "days": "5.5"}),
    RowFault("more days than a term has", "more_days_than_a_term", "support", "days",
             lambda r: r.text("ended") == "", lambda r: {"days": "80.5"}),
    RowFault("a number and a marker", "value_and_marker", "school_statistics", "value + marker",
             lambda r: r.text("marker") == "", lambda r: {"marker": "SUPP"}),
    RowFault("neither number nor marker", "no_value_no_marker", "school_statistics",
             "value + marker", lambda r: r.text("marker") == "", lambda r: {"value": ""}),
    RowFault("a school of no row", "school_unknown", "returns", "urn", lambda r: True,
             lambda r: {"urn": "99" + r.text("urn")[2:]}),
    RowFault("support for a school of no row", "school_unknown", "support", "recipient_urn",
             lambda r: True, lambda r: {"recipient_urn": "98" + r.text("recipient_urn")[2:]}),
    RowFault("joined in the future", "after_as_of", "schools", "joined", lambda r: True,
             lambda r: {"joined": "2027-01-01"}),
    RowFault("a post filled in the future", "after_as_of", "people", "since",
             lambda r: r.text("role") == "specialist leader" and r.text("until") == "",
             lambda r: {"since": "2026-11-01"}),
    RowFault("a need recognised in the future", "after_as_of", "support", "triggered",
             lambda r: True,
             lambda r: {"triggered": "2026-11-02", "started": "", "ended": ""}),
    RowFault("support started in the future", "after_as_of", "support", "started",
             lambda r: True, lambda r: {"started": "2026-11-09", "ended": ""}),
    RowFault("support ended in the future", "after_as_of", "support", "ended",
             lambda r: r.text("started") != "", lambda r: {"ended": "2027-01-15"}),
    RowFault("days offered in a later term", "after_as_of", "support_capacity", "term",
             lambda r: True, lambda r: {"term": ten_years_on(r.text("term"))}),
    RowFault("received in the future", "after_as_of", "returns", "received",
             lambda r: True, lambda r: {"received": "2026-11-01"}),
    RowFault("a number of a later year", "after_as_of", "school_statistics", "period",
             lambda r: True, lambda r: {"period": ten_years_on(r.text("period"))}),
    RowFault("joined before it opened", "joined_before_opened", "schools", "joined",
             lambda r: r.text("opened") != "",
             lambda r: {"joined": days_after(r.text("opened"), -1)}),
    RowFault("a category of concern for a good school", "category_without_inadequate",
             "inspections_oeif", "overall + category",
             lambda r: r.text("overall") in {"good", "outstanding"},
             lambda r: {"category": "special measures"}),
    RowFault("a head of no school", "head_without_school", "people", "urn",
             lambda r: r.text("role") == "head", lambda r: {"urn": ""}),
    RowFault("support from nobody", "provider_missing", "support",
             "provider_urn + provider_post", lambda r: True,
             lambda r: {"provider_urn": "", "provider_post": ""}),
    RowFault("support from a post of no row", "post_unknown", "support", "provider_post",
             lambda r: True, lambda r: {"provider_post": f"GONE-{r.text('deployment_id')}"}),
    RowFault("more than all in percent", "percent_out_of_range", "school_statistics", "value",
             lambda r: r.text("unit") == "percent" and r.text("marker") == "",
             lambda r: {"value": "100.5"}),
    RowFault("less than nothing in percent", "percent_out_of_range", "school_statistics", "value",
             lambda r: r.text("unit") == "percent" and r.text("marker") == "",
             lambda r: {"value": "-4.7"}),
    RowFault("inspected in the future", "after_as_of", "inspections_report_card",
             "inspection_date", lambda r: True,
             lambda r: {"inspection_date": "2026-12-01", "publication_date": ""}),
)  # fmt: skip


def spoil_row(fault: RowFault, spoilt: Spoilt) -> Expected | None:
    """Make one untouched row contradict itself or the rest of the trust."""
    for row in spoilt.rows(fault.table, where=fault.suits):
        row.cells.update(fault.changes(row))
        spoilt.use(row)
        return Expected(fault.kind, fault.table, row, fault.column, fault.rule)
    return None


def every_single_fault() -> Iterator[tuple[str, Spoiler]]:
    """Give each way to spoil one cell or row, with its name."""
    for cell in CELL_FAULTS:
        yield cell.kind, partial(spoil_cell, cell)
    for row in ROW_FAULTS:
        yield row.kind, partial(spoil_row, row)
