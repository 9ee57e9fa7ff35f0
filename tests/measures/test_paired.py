"""Paired differences of means: a case solved by hand, and coverage."""

import numpy as np
import pytest

from workbench.errors import BadInput
from workbench.measures.paired import draw_values, mean_over_draws, paired_difference


def test_a_case_solved_by_hand() -> None:
    """Draw means 1, 2 and 6 have mean 3 and sd sqrt(7), and t(.975, 2) = 4.3027 (tables)."""
    values = np.array([0.0, 2.0, 1.0, 3.0, 5.0, 7.0])
    assert draw_values(values, 2).tolist() == [1.0, 2.0, 6.0]
    found = mean_over_draws(draw_values(values, 2))
    assert found.estimate == pytest.approx(3.0)
    assert found.upper - 3.0 == pytest.approx(4.3027 * np.sqrt(7 / 3), rel=1e-4)
    assert 3.0 - found.lower == pytest.approx(found.upper - 3.0)


def test_the_paired_difference_is_the_difference_of_the_means() -> None:
    rng = np.random.default_rng(3)
    values, baseline = rng.normal(2, 1, 400), rng.normal(1, 3, 400)
    found = paired_difference(values, baseline, 4)
    assert found.estimate == pytest.approx(values.mean() - baseline.mean())


def test_what_both_share_falls_out_of_the_interval() -> None:
    rng = np.random.default_rng(4)
    shared = np.repeat(rng.normal(0, 10, 100), 4)
    apart = paired_difference(shared + 1.0, shared, 4)
    assert apart.upper - apart.lower == pytest.approx(0.0, abs=1e-9)
    assert apart.estimate == pytest.approx(1.0)


def test_95_per_cent_intervals_cover_about_95_times_in_100_though_events_share_their_draw() -> None:
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(1000):
        apart = np.repeat(rng.normal(0.3, 1, 20), 5) + rng.normal(0, 1, 100)
        found = paired_difference(apart, np.zeros(100), 5)
        hits += found.lower <= 0.3 <= found.upper
    assert 930 <= hits <= 970


def test_one_draw_bears_no_width_and_a_missing_value_is_refused() -> None:
    alone = mean_over_draws(np.array([0.4]))
    assert (alone.lower, alone.upper) == (0.4, 0.4)
    with pytest.raises(BadInput, match="every value"):
        mean_over_draws(np.array([0.4, np.nan]))
