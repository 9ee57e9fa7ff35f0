"""Intervals cover what was planted as often as they say; `benchmarks.impact` tries more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.errors import BadInput
from workbench.research.impact.made_up import Planted, made_up_panel
from workbench.research.impact.recovery import recover

PLANTED = Planted(trusts=12, comparison=90, periods=5, cohorts=(4,))


def test_planted_effect_is_covered_and_a_placebo_is_null() -> None:
    found = recover(PLANTED, panels=200)
    # 200 panels leave a standard error of 1.5 points about 95%.
    assert 0.91 <= found.covered <= 0.985
    assert 0.91 <= found.placebo_null <= 0.985
    assert found.mean == pytest.approx(2.0, abs=0.25)
    assert found.placebo_mean == pytest.approx(0.0, abs=0.25)


def test_the_same_seed_makes_the_same_schools() -> None:
    one, other = made_up_panel(PLANTED, seed=3), made_up_panel(PLANTED, seed=3)
    assert one.equals(other)
    assert not one.equals(made_up_panel(PLANTED, seed=4))


def test_the_lowest_join_where_schools_are_picked_low() -> None:
    table = made_up_panel(replace(PLANTED, picked_low=True))
    before = table[table["period"].eq(3)]
    joins = before["joined_period"].notna()
    assert before.loc[joins, "outcome"].max() < before.loc[~joins, "outcome"].min()
    assert before.loc[joins, "trust_uid"].nunique() == 12


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (replace(PLANTED, cohorts=(1,)), "cannot join in 1"),
        (replace(PLANTED, cohorts=(6,)), "cannot join in 6"),
        (replace(PLANTED, trusts=1), "too few"),
        (replace(PLANTED, cohorts=(3, 4), picked_low=True), "join at one time"),
    ],
)
def test_what_cannot_be_planted_is_refused(spoilt: Planted, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        made_up_panel(spoilt)
