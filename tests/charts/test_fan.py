"""The fan's headline and alt text say what its data says, in every case."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.charts.frames import ABOUT, TERMS, fans
from workbench.charts.fan import _GAP, _spread, _ticks, fan
from workbench.errors import BadInput


def test_a_fall_below_the_limit_is_dated_to_its_first_term() -> None:
    figure = fan(
        fans([0.08, 0.06, 0.04], 0.005), "reserves_share", futures=200, limit=0.05, **ABOUT
    )
    assert "falls from 8.0% to 4.0% by 2027/28 autumn" in figure.headline
    assert "first falls below the limit of 5.0% in 2027/28 autumn" in figure.headline
    assert "between 3.5% and 4.5%" in figure.alt


def test_only_the_worst_futures_beyond_the_limit_are_said_to_be_so() -> None:
    figure = fan(fans([0.08, 0.07, 0.06], 0.02), "reserves_share", futures=200, limit=0.05, **ABOUT)
    assert (
        "the worst 1 in 20 first fall below the limit of 5.0% in 2027/28 autumn" in figure.headline
    )


def test_a_fan_within_its_limit_says_so() -> None:
    figure = fan(fans([0.08, 0.09, 0.1], 0.01), "reserves_share", futures=200, limit=0.05, **ABOUT)
    assert "rises from 8.0% to 10.0%" in figure.headline
    assert "in every term fewer than 1 in 20 fall below the limit of 5.0%" in figure.headline


def test_a_measure_whose_trouble_lies_above_is_read_that_way() -> None:
    figure = fan(
        fans([0.9, 1.0, 1.2], 0.01, "capacity_use"), "capacity_use", futures=200, limit=1.0, **ABOUT
    )
    assert "first rises above the limit of 100% in 2027/28 autumn" in figure.headline


def test_a_level_line_without_a_limit_says_where_half_of_futures_end() -> None:
    figure = fan(fans([0.8, 0.8, 0.8], 0.1, "secure_share"), "secure_share", futures=200, **ABOUT)
    assert "stays near 80%" in figure.headline
    assert "half of futures end between 75% and 85%" in figure.headline


def test_the_table_holds_what_is_drawn_under_headings_a_reader_understands() -> None:
    figure = fan(fans([0.8, 0.8, 0.8], 0.1, "secure_share"), "secure_share", futures=200, **ABOUT)
    assert list(figure.data["Term"]) == list(TERMS)
    assert list(figure.data["Middle"]) == [80, 80, 80]
    assert not [column for column in figure.data.columns if "_" in column]


def test_a_measure_the_simulation_lacks_is_refused() -> None:
    with pytest.raises(BadInput, match="secure_share"):
        fan(fans([0.1, 0.1, 0.1], 0.0), "secure_share", futures=200, **ABOUT)


def test_a_fan_that_begins_beyond_its_limit_is_not_said_to_pass_it_later() -> None:
    figure = fan(
        fans([-1.0, 0.0, 1.0], 0.0, "golden_margin"), "golden_margin", futures=200, limit=0, **ABOUT
    )
    assert "rises from \N{MINUS SIGN}1 school to 1 school by" in figure.headline
    assert figure.headline.endswith("is below the limit of 0 schools from the first term")


def test_the_golden_rule_margin_says_what_it_counts() -> None:
    margin = fan(fans([2.0] * 3, 0.0, "golden_margin"), "golden_margin", futures=200, **ABOUT)
    assert "providers beyond those the rule asks for, by schools' last judgement" in margin.subtitle


def test_a_range_without_width_is_said_as_one_value() -> None:
    level = fan(fans([0.8] * 3, 0.0, "secure_share"), "secure_share", futures=200, **ABOUT)
    assert level.headline.endswith("half of futures end at 80%")


@given(st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_labels_beside_the_fan_keep_their_order_and_never_touch(levels: list[float]) -> None:
    spots = _spread(sorted(levels), min(levels), max(levels))
    gap = _GAP * ((max(levels) - min(levels)) or 1.0)
    assert all(above - below > gap * 0.999 for below, above in pairwise(spots))


@pytest.mark.parametrize(
    ("terms", "named"),
    [(1, [0]), (4, [0, 1, 2, 3]), (15, [0, 3, 6, 9, 14]), (16, [0, 3, 6, 9, 12, 15])],
)
def test_the_first_and_the_last_term_are_named(terms: int, named: list[int]) -> None:
    assert _ticks(terms) == named
