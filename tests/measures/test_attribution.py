"""Shapley values of games whose values are known."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import BadInput
from workbench.measures.attribution import shapley

AIRPORT = (8.0, 11.0, 13.0, 18.0)


def test_the_airport_game_of_littlechild_and_owen() -> None:
    """A runway costs what its largest plane needs; each step is shared by those who need it.

    S. C. Littlechild and G. Owen, "A simple expression for the Shapley value in a special case",
    Management Science 20 (1973). With costs 8, 11, 13, 18: 8/4; + 3/3; + 2/2; + 5/1.
    """
    cost = [max((AIRPORT[i] for i in range(4) if row >> i & 1), default=0.0) for row in range(16)]
    assert shapley(np.array(cost)).tolist() == pytest.approx([2.0, 3.0, 4.0, 9.0])


def test_two_causes_that_only_work_together_share_equally_and_a_third_gets_nothing() -> None:
    together = np.array([0, 0, 0, 1, 0, 0, 0, 1], dtype=float)  # bits 0 and 1 both set
    assert shapley(together).tolist() == pytest.approx([0.5, 0.5, 0.0])


@given(st.lists(st.floats(-10, 10), min_size=8, max_size=8))
def test_parts_add_up_and_are_the_mean_over_every_order_of_arrival(outcomes: list[float]) -> None:
    worth = np.array(outcomes)
    parts = shapley(worth)
    assert parts.sum() == pytest.approx(worth[-1] - worth[0], abs=1e-9)
    slow = np.zeros(3)
    for order in permutations(range(3)):
        there = 0
        for cause in order:
            slow[cause] += (worth[there | 1 << cause] - worth[there]) / 6
            there |= 1 << cause
    assert parts.tolist() == pytest.approx(slow.tolist(), abs=1e-9)


def test_each_draw_is_divided_on_its_own() -> None:
    rng = np.random.default_rng(1)
    outcomes = rng.normal(size=(16, 2, 5))
    whole = shapley(outcomes)
    assert whole.shape == (4, 2, 5)
    assert whole[:, 1, 3].tolist() == pytest.approx(shapley(outcomes[:, 1, 3]).tolist())


@pytest.mark.parametrize("rows", [0, 3, 6])
def test_a_missing_set_is_refused(rows: int) -> None:
    with pytest.raises(BadInput, match="every set"):
        shapley(np.zeros(rows))
