"""Concentration solved by hand, and what every coefficient must hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import BadInput
from workbench.measures.concentration import gini, top_share

amounts = st.lists(st.integers(0, 1000), min_size=1, max_size=30).filter(any)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 2, 3, 4), 0.25),  # pairs differ by 20 in all: 20 / (2 x 16 x 2.5)
        ((5, 5, 5), 0.0),
        ((0, 0, 0, 8), 0.75),  # 1 - 1/4
        ((7,), 0.0),
    ],
)
def test_gini_of_cases_solved_by_hand(values: tuple[int, ...], expected: float) -> None:
    assert gini(values) == pytest.approx(expected)


@given(amounts)
def test_gini_is_half_the_mean_difference_over_the_mean(values: list[int]) -> None:
    x = np.array(values, float)
    expected = np.abs(x[:, None] - x).mean() / (2 * x.mean())
    assert gini(values) == pytest.approx(expected, abs=1e-12)
    assert gini(values, np.full(len(values), 3.0)) == pytest.approx(expected, abs=1e-12)


def test_gini_against_capacity_of_a_case_solved_by_hand() -> None:
    """Gifts 1 and 3 of capacities 3 and 1, rates 1/3 and 3.

    The curve goes through (3/4, 1/4): twice the area below is 3/4 x 1/4 + 1/4 x 5/4 = 1/2.
    """
    assert gini([1, 3], capacity=[3, 1]) == pytest.approx(0.5)
    assert gini([3, 1], capacity=[1, 3]) == pytest.approx(0.5)


def test_giving_in_proportion_to_capacity_is_even() -> None:
    assert gini([1, 2, 5], capacity=[10, 20, 50]) == pytest.approx(0.0, abs=1e-12)


@given(amounts)
def test_a_unit_that_neither_gives_nor_could_makes_no_difference(values: list[int]) -> None:
    capacity = [value + 2 * place + 1 for place, value in enumerate(values)]
    plain = gini(values, capacity)
    assert gini([0, *values], [0, *capacity]) == pytest.approx(plain)


def test_all_from_one_without_capacity_is_the_most_uneven() -> None:
    assert gini([0, 9], capacity=[4, 0]) == 1.0


def test_nothing_to_share_gives_none() -> None:
    assert gini([]) is None
    assert gini([0, 0]) is None
    assert gini([1, 2], capacity=[0, 0]) is None
    assert top_share([]) is None
    assert top_share([0, 0]) is None


def test_top_share_of_cases_solved_by_hand() -> None:
    assert top_share([1, 4, 2, 3]) == pytest.approx(0.7)
    assert top_share([1, 4, 2, 3], top=1) == pytest.approx(0.4)
    assert top_share([5], top=2) == 1.0


@pytest.mark.parametrize("values", [[1, -1], [1, np.nan], [np.inf]])
def test_amounts_that_cannot_be_shared_out_are_refused(values: list[float]) -> None:
    with pytest.raises(BadInput, match="cannot be shared out"):
        gini(values)
    with pytest.raises(BadInput, match="cannot be shared out"):
        top_share(values)
    with pytest.raises(BadInput, match="a capacity of"):
        gini([1] * len(values), capacity=values)


def test_mismatched_capacity_and_an_impossible_top_are_refused() -> None:
    with pytest.raises(BadInput, match="cannot be held against"):
        gini([1, 2], capacity=[1])
    with pytest.raises(BadInput, match="the largest 0"):
        top_share([1], top=0)
