"""Numbers are said as trustees say them, and never as certainties they are not."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.charts import wording
from workbench.charts.wording import (
    age,
    capital,
    count,
    day,
    in_twenty,
    inside,
    listed,
    number,
    percent,
    short,
    together_add,
)
from workbench.scenario.answers import read_model
from workbench.scenario.sampled import label_of


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.0, "fewer than 1 in 20"),
        (0.02, "fewer than 1 in 20"),
        (0.05, "about 1 in 20"),
        (0.5, "about 10 in 20"),
        (0.95, "about 19 in 20"),
        (0.99, "more than 19 in 20"),
        (1.0, "more than 19 in 20"),
    ],
)
def test_odds_are_counts_of_twenty(probability: float, words: str) -> None:
    assert in_twenty(probability) == words


@given(st.floats(0, 1))
def test_odds_never_claim_none_or_all(probability: float) -> None:
    said = in_twenty(probability)
    assert "about 0 " not in said
    assert "about 20 " not in said


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0%"), (0.001, "less than 1%"), (0.126, "13%"), (0.999, "more than 99%"), (1, "100%")],
)
def test_a_percentage_is_whole_and_only_exact_ends_are_said(share: float, words: str) -> None:
    assert percent(share) == words


def test_counts_agree_with_their_noun() -> None:
    assert [count(n, "school") for n in (0, 1, 2)] == ["no schools", "1 school", "2 schools"]


def test_lists_read_as_sentences() -> None:
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "", "a", "a and b", "a, b and c",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (dt.date(2026, 10, 20), "under a month"),
        (dt.date(2026, 9, 30), "1 month"),
        (dt.date(2025, 10, 31), "1 year"),
        (dt.date(2025, 11, 1), "11 months"),
        (dt.date(2024, 5, 31), "2 years and 5 months"),
        (dt.date(2027, 1, 1), "under a month"),
    ],
)
def test_ages_are_whole_years_and_months(since: dt.date, words: str) -> None:
    assert age(since, dt.date(2026, 10, 31)) == words


def test_a_day_is_written_in_full_without_a_leading_zero() -> None:
    assert day(dt.date(2026, 3, 4)) == "4 March 2026"


def test_numbers_have_a_true_minus_and_no_negative_zero() -> None:
    assert number(-3.21, 1) == "\N{MINUS SIGN}3.2"
    assert number(-0.04, 1) == "0.0"


def test_only_the_first_letter_changes() -> None:
    assert capital("free School meals") == "Free School meals"


def test_one_dated_school_adds_and_several_together_add() -> None:
    assert together_add(1) == "the dated school adds"
    assert together_add(3) == "the 3 dated schools together add"


def test_every_short_name_is_of_an_assumption_of_the_model_and_shorter() -> None:
    labels = {label_of(quantity) for _, quantity in read_model().quantities()}
    renamed = {label for label in labels if short(label) != inside(label)}
    assert {inside(label) for label in renamed} == set(wording._SHORT)
    assert all(len(short(label)) < len(label) for label in renamed)
    assert short("Road speed") == "road speed"
