"""How wide the columns of tables are on paper, and where a table may be parted."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.report.parsed import parsed
from workbench.report.table_on_paper import column_widths, table_on_paper

TEXTS = st.text(alphabet="abc ", max_size=120)
TABLES = st.integers(1, 9).flatmap(
    lambda width: st.lists(st.lists(TEXTS, min_size=width, max_size=width), min_size=1, max_size=5)
)


@given(TABLES)
def test_widths_are_shares_of_the_whole(rows: list[list[str]]) -> None:
    widths = column_widths(rows)
    assert sum(widths) == pytest.approx(1.0)
    assert min(widths) > 0.0


def test_a_column_of_prose_is_wider_than_one_of_numbers() -> None:
    number, prose, other = column_widths([["N", "What", "Why"], ["1", "word " * 16, "word " * 8]])
    assert prose > other > number


def test_a_long_word_has_room_beside_long_prose() -> None:
    widths = column_widths([["A", "B"], ["extraordinary", "word " * 60]])
    assert widths[0] * 108 > len("extraordinary")


@pytest.mark.parametrize("columns", range(2, 9))
def test_a_word_that_its_column_has_room_for_is_not_broken(columns: int) -> None:
    heads = "".join(f"<th>{'Happening'[: 1 + place]}</th>" for place in range(columns))
    cells = "<td>attention</td>" * (columns - 1) + f"<td>{'prose ' * 20}</td>"
    (element,) = parsed(
        f"<table><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"
    ).of("table")
    assert set(table_on_paper(element)["rows"][0][:-1]) == {"attention"}


def test_dates_and_ranges_stand_on_one_line_beside_long_prose() -> None:
    row = ["A68", "Sep 2027", "53% to 65%", "£69,000 to £103,000", "prose " * 60]
    shares = column_widths([["N", "Due", "Range", "Cost", "What"], row])
    room = [108 * share - 1.6 for share in shares]
    assert room[1] > len("Sep 2027")
    assert room[2] > len("53% to 65%")
    assert room[3] > len("£69,000 to")
    assert room[4] > 40


def test_short_texts_take_no_room_from_words() -> None:
    shares = column_widths([["N"] * 8, ["attention"] * 4 + ["53 to 65 in 100"] * 4])
    assert min(108 * share for share in shares) > len("attention")


def test_one_endless_word_does_not_take_the_line() -> None:
    widths = column_widths([["A", "B"], ["x" * 400, "plain words here"]])
    assert widths[0] < 0.9


def table(body: str, *, css: str = "") -> dict[str, Any]:
    element = parsed(f'<table class="{css}">{body}</table>').first("table")
    assert element is not None
    return table_on_paper(element)


def test_a_table_is_read_with_its_caption_headings_and_rows() -> None:
    found = table(
        "<caption>c</caption><thead><tr><th>a</th><th>b</th></tr></thead>"
        "<tr><th>d</th><td>1</td></tr>",
        css="n2",
    )
    assert (found["caption"], found["heads"], found["rows"]) == ("c", ["a", "b"], [["d", "1"]])
    assert found["right"] == [False, True]
    assert found["headed"]


def test_short_rows_are_filled_and_a_table_without_headings_has_blank_ones() -> None:
    found = table("<tr><td>a</td></tr><tr><td>b</td><td>c</td></tr>")
    assert (found["heads"], found["rows"]) == (["", ""], [["a", ""], ["b", "c"]])


@pytest.mark.parametrize(("rows", "text", "whole"), [(3, "a", True), (40, "a", False),
                                                     (8, "word " * 200, False)])  # fmt: skip
def test_a_short_table_is_kept_on_one_page_and_a_long_one_is_not(
    rows: int, text: str, whole: bool
) -> None:
    assert table(f"<tr><td>{text}</td></tr>" * rows)["whole"] is whole


def test_rows_are_parted_only_where_a_cell_would_fill_a_page() -> None:
    assert not table("<tr><td>a</td></tr>")["parted"]
    assert table(f"<tr><td>{'word ' * 4000}</td></tr>")["parted"]


def test_a_word_too_long_for_its_column_may_be_broken_and_no_other() -> None:
    found = table(f"<tr><td>{'x' * 300}</td><td>plain words</td></tr>")
    assert found["rows"] == [["\u200b".join("x" * 300), "plain words"]]
