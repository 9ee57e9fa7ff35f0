"""What each kind of column accepts, refuses, and says about what it refuses."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.trust.columns import ColumnContract, Kind, TableContract
from workbench.trust.contracts import TABLES
from workbench.trust.rules import rules_for
from workbench.trust.schemas import broken, suspects, typed

KINDS: dict[Kind, ColumnContract] = {
    "text": ColumnContract("cell", "text", "Words."),
    "code": ColumnContract("cell", "code", "A code."),
    "integer": ColumnContract("cell", "integer", "A count.", least=-10, most=1000),
    "number": ColumnContract("cell", "number", "A measure.", least=0, most=100, above=True),
    "date": ColumnContract("cell", "date", "A day."),
    "choice": ColumnContract("cell", "choice", "A word.", choices=("good", "SUPP")),
    "yes/no": ColumnContract("cell", "yes/no", "A truth."),
    "urn": ColumnContract("cell", "urn", "A school."),
    "term": ColumnContract("cell", "term", "A term."),
    "period": ColumnContract("cell", "period", "A year or term."),
}


def broken_alone(table: TableContract, cells: pd.DataFrame) -> pd.DataFrame:
    """The rules that cells break, in a folder of this table alone."""
    return broken(table, cells, suspects([(table, cells)]))


def rule_broken(kind: Kind, text: str) -> str | None:
    table = TableContract("one", "One column.", (KINDS[kind],), key=("cell",))
    found = broken_alone(table, pd.DataFrame({"cell": [text]}, dtype="str", index=[2]))
    return None if found.empty else str(found["rule"].item())


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text", "St Mary\u2019s CofE Primary"),
        ("text", "=SUM(A1)"),
        ("code", "007"),
        ("code", "1E5"),
        ("integer", "0"),
        ("integer", "-10"),
        ("number", "0.5"),
        ("number", "100"),
        ("date", "2024-02-29"),
        ("choice", "Good"),
        ("choice", "supp"),
        ("yes/no", "Yes"),
        ("urn", "100001"),
        ("term", "2099/00 summer"),
        ("period", "2018/19"),
        ("period", "2025/26 autumn"),
    ],
)
def test_well_written_text_is_accepted(kind: Kind, text: str) -> None:
    assert rule_broken(kind, text) is None


@pytest.mark.parametrize(
    ("kind", "text", "rule"),
    [
        ("text", "x" * 201, "text_long"),
        ("text", "N/A", "word_for_blank"),
        ("text", "#REF!", "cell_error"),
        ("text", "a\tb", "control_character"),
        ("text", "a\u202eb", "control_character"),
        ("text", "Mary\x92s", "control_character"),
        ("text", "Mary\ufffds", "character_lost"),
        ("code", "P 12", "code_form"),
        ("code", "=1", "code_form"),
        ("integer", "007", "integer_form"),
        ("integer", "7.0", "integer_form"),
        ("integer", "1E2", "integer_form"),
        ("integer", "+7", "integer_form"),
        ("integer", "9" * 19, "integer_form"),
        ("integer", "1001", "out_of_range"),
        ("number", "0", "out_of_range"),
        ("number", "٣", "number_form"),
        ("number", "Infinity", "number_form"),
        ("number", "1_0", "number_form"),
        ("number", "0x1F", "number_form"),
        ("number", "12%", "number_form"),
        ("date", "03/04/2024", "date_ambiguous"),
        ("date", "04/04/2024", "date_form"),
        ("date", "13/04/2024", "date_form"),
        ("date", "20240413", "date_form"),
        ("date", "2024-4-13", "date_form"),
        ("date", "2023-02-29", "date_impossible"),
        ("date", "1024-04-13", "date_out_of_range"),
        ("choice", "goood", "not_a_choice"),
        ("yes/no", "TRUE", "not_a_choice"),
        ("urn", "012345", "urn_form"),
        ("urn", "1000012", "urn_form"),
        ("term", "2024/25", "term_form"),
        ("term", "2024/26 autumn", "term_form"),
        ("period", "2018-19", "period_form"),
    ],
)
def test_the_first_rule_a_text_breaks_is_named(kind: Kind, text: str, rule: str) -> None:
    assert rule_broken(kind, text) == rule


@pytest.mark.parametrize("kind", KINDS)
def test_blank_means_not_known_whatever_the_kind(kind: Kind) -> None:
    assert rule_broken(kind, "") is None


@pytest.mark.parametrize(
    ("text", "readings"),
    [("03/04/2024", ("2024-04-03", "2024-03-04")), ("1.2.99", ("1999-02-01", "1999-01-02"))],
)
def test_an_ambiguous_date_is_reported_with_both_readings(
    text: str, readings: tuple[str, str]
) -> None:
    says = {rule.key: rule.says for rule in rules_for(KINDS["date"])}["date_ambiguous"]

    assert all(reading in says(text) for reading in readings)


def test_the_remedy_for_a_day_first_date_is_the_iso_date() -> None:
    mends = {rule.key: rule.mends for rule in rules_for(KINDS["date"])}["date_form"]

    assert "2024-04-13" in mends("13/04/2024")
    assert "2024-04-13" in mends("04/13/2024")


def test_the_remedy_for_a_misspelt_word_is_the_nearest_one() -> None:
    phase = TABLES["schools"].column("phase")
    mends = {rule.key: rule.mends for rule in rules_for(phase)}["not_a_choice"]

    assert "write secondary" in mends("Secondry")


def test_several_faulty_cells_of_a_row_are_each_found() -> None:
    cells = pd.DataFrame(
        {"urn": ["1E5"], "name": [""], "phase": ["N/A"], "joined": ["03/04/2024"]},
        dtype="str", index=[7],
    )  # fmt: skip

    found = broken_alone(TABLES["schools"], cells)

    assert set(found["row"]) == {7}
    assert dict(zip(found["column"], found["rule"], strict=True)) == {
        "urn": "urn_form",
        "name": "required",
        "phase": "word_for_blank",
        "joined": "date_ambiguous",
    }


@given(
    kind=st.sampled_from(list(KINDS)),
    texts=st.lists(st.text(max_size=30) | st.from_regex(r"[0-9/.\-E]{1,12}"), max_size=6),
)
def test_text_that_breaks_no_rule_can_be_typed(kind: Kind, texts: list[str]) -> None:
    table = TableContract("one", "One column.", (KINDS[kind],), key=("cell",))
    cells = pd.DataFrame({"cell": texts}, dtype="str", index=range(2, len(texts) + 2))
    bad = broken_alone(table, cells)["row"].tolist()

    values = typed(table, cells.drop(index=bad))["cell"]

    assert values.isna().tolist() == (cells["cell"].drop(index=bad) == "").tolist()
    if kind == "number":
        assert all(math.isfinite(value) for value in values.dropna())


def test_a_rule_is_suspected_for_the_tables_that_share_it_and_found_where_it_is_broken() -> None:
    one = TableContract("one", "One column.", (KINDS["urn"],), key=("cell",))
    other = TableContract("other", "Another column.", (KINDS["urn"],), key=("cell",))
    sound = pd.DataFrame({"cell": ["100001", "100002"]}, dtype="str", index=[2, 3])
    wrong = pd.DataFrame({"cell": ["100001", "1E5"]}, dtype="str", index=[2, 3])
    assert not suspects([(one, sound), (other, sound)])
    suspected = suspects([(one, sound), (other, wrong)])
    assert len(suspected) == 1
    assert broken(one, sound, suspected).empty
    assert broken(other, wrong, suspected)[["row", "rule"]].to_numpy().tolist() == [[3, "urn_form"]]
