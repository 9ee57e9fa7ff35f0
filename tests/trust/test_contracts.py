"""The contracts as declarations: complete, consistent, and the source of typed frames."""

from __future__ import annotations

import dataclasses

import pytest

from workbench.trust.columns import TableContract
from workbench.trust.contracts import TABLES
from workbench.trust.crosschecks import CODES_REFERRED_TO
from workbench.trust.row_rules import ROW_RULES
from workbench.trust.rules import rules_for
from workbench.trust.schemas import schema

CONTRACTS = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


@CONTRACTS
def test_a_key_is_made_of_needed_columns(table: TableContract) -> None:
    assert table.key
    assert all(table.column(name).required for name in table.key)


@CONTRACTS
def test_column_names_are_unique_small_letters(table: TableContract) -> None:
    assert len(set(table.names)) == len(table.names)
    assert all(name == name.casefold() and name.isidentifier() for name in table.names)


@CONTRACTS
def test_every_column_is_described_and_every_number_has_a_unit(table: TableContract) -> None:
    for column in table.columns:
        assert column.description.endswith((".", "?"))
        assert column.unit or column.kind != "number"
        assert bool(column.choices) == (column.kind == "choice")


@CONTRACTS
def test_an_empty_frame_has_the_declared_columns_and_dtypes(table: TableContract) -> None:
    empty = table.empty()

    assert list(empty) == list(table.names)
    assert [str(dtype) for dtype in empty.dtypes] == [c.dtype for c in table.columns]
    assert len(empty) == 0


@CONTRACTS
def test_the_schema_has_one_named_check_for_each_rule(table: TableContract) -> None:
    for name, column in schema(table).columns.items():
        keys = [rule.key for rule in rules_for(table.column(name))]
        assert [check.error for check in column.checks] == keys
        assert len(set(keys)) == len(keys)


@CONTRACTS
def test_every_rule_says_what_is_wrong_and_how_to_mend_it(table: TableContract) -> None:
    for column in table.columns:
        for rule in rules_for(column):
            for text in ("", "03/04/2024", "primry", "\x00"):
                assert rule.says(text)
                assert rule.mends(text)


def test_rules_between_cells_speak_of_columns_that_exist() -> None:
    for rule in ROW_RULES:
        assert set(rule.columns) <= set(TABLES[rule.table].names)
    for name, column, other, code in CODES_REFERRED_TO:
        assert TABLES[name].column(column).kind == TABLES[other].column(code).kind == "code"


@CONTRACTS
def test_what_is_known_later_names_the_day_on_which(table: TableContract) -> None:
    assert table.born in {"", *table.names}
    for column in table.columns:
        if column.known_with:
            assert table.column(column.known_with).kind == "date"


def test_every_table_but_the_trust_and_what_never_changes_says_when_a_row_became_known() -> None:
    assert [table.name for table in TABLES.values() if not table.born] == ["trust"]


def test_contracts_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TABLES["trust"].name = "other"  # type: ignore[misc] # that is the test


def test_the_two_inspection_eras_meet_without_gap_or_overlap() -> None:
    last = TABLES["inspections_oeif"].column("inspection_date").latest
    first = TABLES["inspections_report_card"].column("inspection_date").earliest

    assert (first - last).days == 1
    assert first.isoformat() == "2025-11-10"
