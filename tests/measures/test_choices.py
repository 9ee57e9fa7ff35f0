"""Regret, robustness and dominance on tables small enough to work out by hand."""

import numpy as np
import pytest

from workbench.errors import BadInput
from workbench.measures.choices import (
    first_order,
    regrets,
    robustness,
    share_error,
    undominated,
)


def test_regret_of_a_table_worked_out_by_hand() -> None:
    """Best of each draw: 5, 4, 9, 2. First behind by 0, 1, 0, 2, and second by 2, 0, 6, 0."""
    values = np.array([[5.0, 3.0, 9.0, 0.0], [3.0, 4.0, 3.0, 2.0]])
    first, second = regrets(values, (values, values))
    assert (first.mean, second.mean) == (0.75, 2.0)
    assert (first.worst, second.worst) == (2.0, 6.0)
    assert (first.best_share, second.best_share) == (0.5, 0.5)
    assert first.p90 == pytest.approx(1.7)  # between 1 and 2, seven tenths of the way
    assert (first.at_least, second.at_least) == (0.75, 2.0)  # without noise both agree


def test_plans_that_tie_in_every_draw_regret_nothing() -> None:
    same = np.ones((3, 4))
    assert all((one.mean, one.best_share) == (0.0, 1.0) for one in regrets(same, (same, same)))


def test_noise_alone_makes_regret_that_the_second_half_of_the_events_does_not_confirm() -> None:
    rng = np.random.default_rng(7)
    halves = rng.normal(0, 1, (2, 3, 4000))
    found = regrets(halves.mean(axis=0), (halves[0], halves[1]))
    # The best of three standard normals lies .846 above their mean (Harter 1961); halves average
    # to a standard deviation of 1 / sqrt(2).
    assert found[0].mean == pytest.approx(0.846 / np.sqrt(2), abs=0.03)
    assert all(one.at_least < 0.05 for one in found)


def test_each_half_chooses_for_the_other() -> None:
    """One draw: the first half prefers the first plan, the second the other.

    Chosen by the first half and valued in the second: plan one, 0, behind by 0 and by -4 for plan
    two. Chosen by the second: plan two, valued 2 in the first, behind by -1 and 0. Means: -0.5 and
    -2, which is no regret at all; the means of the halves, 1.5 and 3, leave 1.5 and 0.
    """
    halves = (np.array([[3.0], [2.0]]), np.array([[0.0], [4.0]]))
    first, second = regrets((halves[0] + halves[1]) / 2, halves)
    assert (first.mean, second.mean) == (1.5, 0.0)
    assert (first.at_least, second.at_least) == (0.0, 0.0)
    swapped = regrets((halves[0] + halves[1]) / 2, halves[::-1])
    assert swapped == (first, second)
    apart = (np.array([[0.0], [2.0]]), np.array([[0.0], [4.0]]))
    assert regrets((apart[0] + apart[1]) / 2, apart)[0].at_least == 3.0  # half of 4 and of 2


def test_the_two_averages_hold_the_truth_between_them() -> None:
    rng = np.random.default_rng(8)
    true = np.array([np.zeros(3000), rng.normal(0, 0.5, 3000)])
    halves = true + rng.normal(0, 0.5, (2, 2, 3000))
    for plan, one in enumerate(regrets(halves.mean(axis=0), (halves[0], halves[1]))):
        truth = (true.max(axis=0) - true[plan]).mean()
        assert one.at_least < truth < one.mean


def test_regret_without_plans_or_halves_is_refused() -> None:
    with pytest.raises(BadInput, match="both halves"):
        regrets(np.ones((2, 3)), (np.ones((2, 3)), np.ones((2, 2))))
    with pytest.raises(BadInput, match="both halves"):
        regrets(np.ones((0, 3)), (np.ones((0, 3)), np.ones((0, 3))))


def test_robustness_counts_draws_at_and_above_what_is_required() -> None:
    values = np.array([0.95, 0.9, 0.85, 0.6])
    halves = np.array([[1.0, 0.9, 0.9, 0.7], [0.9, 0.9, 0.8, 0.5]])
    one = robustness(values, halves, np.full(4, 0.03), 0.9)
    assert one.met == 0.5  # a draw exactly at the requirement meets it
    assert one.surely == 0.0  # .95 - 1.96 x .03 = .891
    assert one.perhaps == 0.75  # .85 + .0588 = .909
    assert one.with_half == 5 / 8


def test_a_share_at_an_end_is_not_taken_for_certain() -> None:
    """Agresti and Coull: (0 + 2) / (20 + 4) = 1/12, whose error is sqrt(1/12 x 11/12 / 24)."""
    assert share_error(np.array([0.0]), 20)[0] == pytest.approx(np.sqrt(11 / 144 / 24))


def test_pareto_on_a_table_worked_out_by_hand() -> None:
    values = np.array([[3.0, 1.0], [1.0, 3.0], [1.0, 1.0], [3.0, 1.0], [2.0, 2.0]])
    assert undominated(values).tolist() == [True, True, False, True, True]


def test_first_order_dominance_of_a_shifted_plan() -> None:
    base = np.linspace(0, 1, 200)
    order = first_order(base + 0.3, base)
    assert (order.better, order.worse, order.below) == (1.0, 0.0, 0.0)
    assert order.above == pytest.approx(0.3, abs=0.01)
    assert order.lead_lower == pytest.approx(0.3)  # ahead by as much in every draw
    assert order.dominates
    assert not first_order(base, base + 0.3).dominates


def test_distributions_that_cross_do_not_dominate_though_one_mean_is_higher() -> None:
    narrow, wide = np.full(200, 0.5), np.linspace(0, 1.2, 200)
    assert wide.mean() > narrow.mean()
    assert not first_order(wide, narrow).dominates
    assert not first_order(narrow, wide).dominates


def test_a_plan_that_fails_where_the_other_does_not_is_not_better_throughout() -> None:
    """Of 250 draws 27 fall from .5 to 0: fewer than an independent sample's margin, 27.4."""
    steady = np.full(250, 0.5)
    mostly = np.where(np.arange(250) < 27, 0.0, 0.7)
    order = first_order(mostly, steady)
    assert order.lead_lower > 0
    assert order.below == pytest.approx(27 / 250)
    assert not order.dominates


def test_a_single_draw_that_falls_below_the_worst_of_the_other_is_enough() -> None:
    base = np.linspace(0.2, 0.8, 200)
    ahead = base + 0.1
    assert first_order(ahead, base).dominates
    ahead[-1] = 0.19
    assert not first_order(ahead, base).dominates


def test_the_same_values_in_another_order_of_draws_are_as_good_at_every_level() -> None:
    """Dominance is of distributions: worse in single draws, ahead from worst to best."""
    base = np.linspace(0.0, 1.0, 100)
    order = first_order(np.roll(base, 1) + 0.005, base)
    assert order.below == 0.0
    assert order.worse == 0.99


def test_plans_apart_in_a_few_draws_alone_are_not_said_to_differ() -> None:
    base = np.linspace(0, 1, 250)
    ahead = base.copy()
    ahead[[60, 120, 180]] += 0.025  # an event in 40 of three draws
    order = first_order(ahead, base)
    assert order.below == 0.0 < order.above
    assert not order.dominates


def test_equal_plans_are_seldom_said_to_differ() -> None:
    rng = np.random.default_rng(9)
    said = [first_order(rng.random(100), rng.random(100)).dominates for _ in range(1000)]
    assert np.mean(said) <= 0.01
