"""Widths of columns on paper, and what of a page is taken out for it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.report.on_paper import column_widths, for_paper

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


def test_one_endless_word_does_not_take_the_line() -> None:
    widths = column_widths([["A", "B"], ["x" * 400, "plain words here"]])
    assert widths[0] < 0.9


def paper(body: str) -> str:
    root = ElementTree.fromstring(f"<html><body>{body}</body></html>")
    for_paper(root)
    return ElementTree.tostring(root, encoding="unicode")


def test_what_is_for_a_screen_goes_and_the_words_around_it_stay() -> None:
    text = paper(
        '<p>Source: census. <a class="download">CSV</a></p><p>a<b class="fold">b</b> c</p>'
    )
    assert "<p>Source: census.</p>" in text
    assert "<p>a c</p>" in text


def test_two_neighbours_for_a_screen_both_go() -> None:
    assert "gone" not in paper('<i class="data">gone</i><i class="wide fold">gone</i><i>kept</i>')


def test_every_column_is_given_a_width_after_the_caption() -> None:
    text = paper("<table><caption>c</caption><tr><th>a</th><th>b</th></tr></table>")
    assert text.count("<col ") == 2
    assert "</caption><colgroup>" in text


def test_a_table_whose_cells_span_others_is_left_alone() -> None:
    text = paper("<table><tr><th>a</th><th>b</th></tr><tr><td>c</td></tr></table>")
    assert "<col" not in text


def test_a_short_table_is_kept_on_one_page_and_a_long_one_is_not() -> None:
    row = "<tr><td>a</td></tr>"
    assert 'class="n2 short"' in paper(f'<table class="n2">{row * 3}</table>')
    assert "short" not in paper(f"<table>{row * 40}</table>")
