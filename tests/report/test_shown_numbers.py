"""Numbers are read back as they were written, and what is no number stays a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.report.shown_numbers import is_code, number_of


@pytest.mark.parametrize(
    ("text", "value", "form"),
    [
        ("0", 0, "0"),
        ("12", 12, "0"),
        ("-3", -3, "0"),
        ("\N{MINUS SIGN}3.50", -3.5, "0.00"),
        ("1,250.5", 1250.5, "#,##0.0"),
        ("45%", 0.45, "0%"),
        ("-0.4%", -0.004, "0.0%"),
        ("\N{POUND SIGN}3,000", 3000, '"\N{POUND SIGN}"#,##0'),
        ("+2", 2, "+0;-0;0"),
        ("1.5e-05", 1.5e-05, "0.00E+00"),
        ("2026", 2026, "0"),
    ],
)
def test_a_number_keeps_its_value_and_its_form(text: str, value: float, form: str) -> None:
    number = number_of(text)
    assert number is not None
    assert (number.value, number.format) == (value, form)


@pytest.mark.parametrize(
    "text",
    [
        "", "-", "007", "1 to 3", "12 days", "2025/26", "1,25", "12,3456", "--1", "=1", "1+1",
        "nan", "1234567890123456", "3 ", "%", "1.2.3", "\u0663",
    ],
)  # fmt: skip
def test_what_is_no_number_stays_a_text(text: str) -> None:
    assert number_of(text) is None


@given(st.integers(-(10**9), 10**9))
def test_whole_numbers_come_back(value: int) -> None:
    for text in (str(value), f"{value:,}"):
        number = number_of(text)
        assert number is not None
        assert number.value == value


@given(st.floats(-1e6, 1e6))
def test_numbers_as_pages_write_them_come_back(value: float) -> None:
    number = number_of(f"{value:g}")
    assert number is not None
    assert number.value == float(f"{value:g}")


@pytest.mark.parametrize("heading", ["URN", "School URN", "UID", "Ref", "LAESTAB", "Postcode"])
def test_codes_are_known_by_their_heading(heading: str) -> None:
    assert is_code(heading)


@pytest.mark.parametrize("heading", ["Return", "Pupils", "Burnt", "Encode", "Midday", "Idle"])
def test_words_that_hold_the_letters_of_a_code_are_none(heading: str) -> None:
    assert not is_code(heading)
