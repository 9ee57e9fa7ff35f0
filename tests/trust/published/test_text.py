"""Published files read as text: nothing guessed, nothing shifted, raw values kept."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trust.published.synthetic import write_xlsx
from workbench.errors import BadInput
from workbench.trust.published.text import (
    Number,
    dates,
    decode,
    frame,
    heading,
    number,
    read_sheets,
    whole_numbers,
)
from workbench.trust.sizes import LONGEST_CELL


def test_bytes_are_utf8_with_or_without_a_mark_else_windows_1252() -> None:
    assert decode("URN,Café".encode("utf-8-sig")) == "URN,Café"
    assert decode("URN,Café".encode()) == "URN,Café"
    assert decode(b"St Mary\x92s, Caf\xe9") == "St Mary\u2019s, Café"


def test_a_byte_without_meaning_spoils_one_letter_and_no_more() -> None:
    assert decode(b"Caf\xe9 \x81 Road") == "Café \ufffd Road"


@pytest.mark.parametrize("text", ["None", "NA", "N/A", "1E5", "007", "03/04/2024", "TRUE"])
def test_text_that_software_likes_to_convert_stays_as_published(text: str) -> None:
    table, set_aside = frame([["100001", text]], ["URN", "Value"], ["Value"])

    assert table["Value"].tolist() == [text]
    assert set_aside == 0


def test_published_null_reads_as_blank() -> None:
    table, _ = frame([["100001", "NULL"]], ["URN", "Value"], ["Value"])

    assert table["Value"].tolist() == [""]


def test_a_row_shorter_than_its_header_lacks_its_last_fields_and_nothing_shifts() -> None:
    table, set_aside = frame([["100001", "a", "b"]], ["URN", "One", "Two", "Three"],
                             ["URN", "One", "Two", "Three"])  # fmt: skip

    assert table.iloc[0].tolist() == ["100001", "a", "b", ""]
    assert set_aside == 0


def test_a_row_with_text_beyond_the_header_is_set_aside_and_counted() -> None:
    rows = [["100001", "Smith", "Road", "x"], ["100002", "Elm Road", "y", ""]]

    table, set_aside = frame(rows, ["URN", "Street", "Value"], ["URN", "Value"])

    assert table["URN"].tolist() == ["100002"]
    assert set_aside == 1


@given(
    st.lists(st.text("abc123 ", min_size=1, max_size=4), min_size=2, max_size=6, unique=True),
    st.data(),
)
def test_every_field_stays_under_its_own_header_whatever_the_row_lengths(
    values: list[str], data: st.DataObject
) -> None:
    header = [f"H{place}" for place in range(len(values))]
    kept = data.draw(st.integers(1, len(values)))
    order = data.draw(st.permutations(header))

    table, _ = frame([["100000", *values[:kept]]], ["URN", *header], order)

    expected = {name: values[place].strip() if place < kept else ""
                for place, name in enumerate(header)}  # fmt: skip
    assert table.iloc[0].to_dict() == expected


def test_headers_match_whatever_their_case_spacing_and_byte_order_mark() -> None:
    assert heading("\ufeffURN ") == heading("urn")
    assert heading("Pupil:     Teacher Ratio") == heading("Pupil: Teacher Ratio")


def test_only_wanted_schools_are_kept() -> None:
    rows = [["100001", "a"], ["100002", "b"], ["", "c"], ["NAT", "d"]]

    table, _ = frame(rows, ["URN", "Value"], ["Value"], frozenset({100002}))

    assert table["Value"].tolist() == ["b"]


def test_a_date_is_read_day_first_by_declared_formats_only() -> None:
    texts = pd.Series(["03/04/2024", "03-04-2024", "2024-04-03", "4 March", "31/02/2024", ""])

    found = dates(texts, ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d"))

    assert found.dt.date.tolist()[:3] == [dt.date(2024, 4, 3)] * 3
    assert found.isna().tolist() == [False] * 3 + [True] * 3


def test_whole_numbers_are_digits_and_nothing_else() -> None:
    found = whole_numbers(pd.Series(["136354", "1E5", "12.0", "", "-3"]))

    assert found.isna().tolist() == [False, True, True, True, True]
    assert found[0] == 136354


@pytest.mark.parametrize(
    ("raw", "value"),
    [("14.2", 14.2), ("-0.33", -0.33), ("58.9%", 58.9), ("£48,747", 48747.0), ("250,564", 250564)],
)
def test_numbers_are_read_with_their_signs_commas_pounds_and_per_cents(
    raw: str, value: float
) -> None:
    assert number(raw) == Number(value, None, raw)


@pytest.mark.parametrize(
    ("raw", "marker"),
    [("SUPP", "SUPP"), ("NE", "NE"), ("NP", "NP"), ("LOWCOV", "LOWCOV"), ("x", "x"), ("z", "z"),
     ("c", "c"), ("low", "low"), ("NA", "z")],
)  # fmt: skip
def test_a_marker_stands_apart_from_the_number_with_its_raw_value(raw: str, marker: str) -> None:
    assert number(raw) == Number(None, marker, raw)


def test_nothing_published_is_neither_number_nor_marker() -> None:
    assert number("  ") is None
    assert number("NULL") is None


@pytest.mark.parametrize("raw", ["1E5", "about 3", "12 (3)", "%"])
def test_text_that_is_neither_number_nor_marker_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="neither a number nor a known marker"):
        number(raw)


@given(st.floats(-1e6, 1e6).map(lambda value: round(value, 2)))
def test_a_number_reads_back_as_it_was_written(value: float) -> None:
    found = number(f"{value:,.2f}")

    assert found is not None
    assert found.value == pytest.approx(value)


def test_workbook_cells_become_text_with_whole_numbers_and_iso_dates(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx", {"S": [["URN", "When"], [102136.0, dt.date(2014, 3, 28)]]}
    )

    [sheet] = read_sheets(path)

    assert sheet.rows == [["URN", "When"], ["102136", "2014-03-28"]]


def test_a_file_that_is_no_workbook_says_so_and_how_to_mend_it(tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"PK not a workbook")

    with pytest.raises(BadInput, match=r"broken\.xlsx cannot be read as a workbook") as refused:
        read_sheets(path)
    assert refused.value.mend is not None


@pytest.mark.parametrize(
    ("limit", "said"), [("MOST_BYTES", "larger than"), ("MOST_UNPACKED", "unpacks to more than")]
)
def test_a_workbook_beyond_the_limits_of_the_intake_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, said: str
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"S": [["URN"], [102136]]})
    monkeypatch.setattr(f"workbench.trust.sizes.{limit}", 100)

    with pytest.raises(BadInput, match=said):
        read_sheets(path)


@pytest.mark.parametrize("rows", [None, 1])
def test_a_csv_file_beyond_the_limit_of_the_intake_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int | None
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("URN\n102136\n")
    monkeypatch.setattr("workbench.trust.sizes.MOST_BYTES", 5)

    with pytest.raises(BadInput, match="larger than"):
        read_sheets(path, rows)


def test_a_cell_longer_than_the_intake_allows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("URN\n" + "9" * (LONGEST_CELL + 1) + "\n")

    with pytest.raises(BadInput, match="cannot be read as CSV"):
        read_sheets(path)
