"""Shares from draws x events: a case solved by hand, coverage, and the two doubts told apart."""

import numpy as np
import pytest

from workbench.measures.nested import draw_means, epistemic_sd, nested_difference, nested_share


def test_epistemic_and_chance_variance_of_a_case_solved_by_hand() -> None:
    """Three draws of four events with means 1/4, 2/4 and 3/4.

    Their variance is 1/16; chance adds mean[p(1 - p)] / 3 = (3/16 + 4/16 + 3/16) / 9 = 10/144; so
    nothing is left for the draws: max(0, 9/144 - 10/144) = 0. With means 0, 1/2, 1 the variance is
    1/4 and chance adds (1/4) / 9 = 1/36: 2/9 is left.
    """
    assert epistemic_sd(np.array([0.25, 0.5, 0.75]), 4) == 0.0
    assert epistemic_sd(np.array([0.0, 0.5, 1.0]), 4) == pytest.approx(np.sqrt(2 / 9))


def test_one_event_a_draw_cannot_tell_the_two_doubts_apart() -> None:
    assert epistemic_sd(np.array([0.0, 1.0, 1.0]), 1) is None


def test_the_two_variances_add_up_to_the_whole() -> None:
    """By the law of total variance, on known probabilities: sd across draws .2, mean .5."""
    rng = np.random.default_rng(1)
    true = rng.choice([0.3, 0.7], 40_000)
    outcomes = rng.random((40_000, 4)) < true[:, None]
    means = draw_means(outcomes.ravel(), 4)
    assert epistemic_sd(means, 4) == pytest.approx(0.2, abs=0.004)
    chance = (true * (1 - true)).mean()
    assert outcomes.var() == pytest.approx(chance + 0.2**2, abs=0.003)


@pytest.mark.parametrize("centre", [0.02, 0.3, 0.9])
def test_95_per_cent_intervals_of_a_share_cover_the_truth_about_95_times_in_100(
    centre: float,
) -> None:
    rng = np.random.default_rng(2)
    spread = min(centre, 1 - centre) / 2
    covered = 0
    for _ in range(1000):
        true = rng.choice([centre - spread, centre + spread], 250)
        outcomes = (rng.random((250, 4)) < true[:, None]).ravel()
        interval = nested_share(outcomes, 4)
        covered += interval.lower <= centre <= interval.upper
    assert 936 <= covered <= 975


def test_a_share_never_seen_still_has_room_for_doubt() -> None:
    never = nested_share(np.zeros(1000, bool), 4)
    assert never.estimate == never.lower == 0
    # Wilson's upper end with 250 trials: z2 / (n + z2) = 3.8415 / 253.8415.
    assert never.upper == pytest.approx(3.841459 / 253.841459, rel=1e-6)


def test_paired_difference_covers_the_truth_and_is_narrower_than_unpaired() -> None:
    rng = np.random.default_rng(3)
    covered, widths = 0, []
    for _ in range(1000):
        luck = rng.random((200, 4))
        before, after = luck < 0.2, luck < 0.28
        interval = nested_difference(after.ravel(), before.ravel(), 4)
        covered += interval.lower <= 0.08 <= interval.upper
        widths.append(interval.upper - interval.lower)
    assert 936 <= covered <= 975
    unpaired = 2 * 1.96 * np.sqrt((0.2 * 0.8 + 0.28 * 0.72) / 800)
    assert np.mean(widths) < 0.7 * unpaired


def test_no_difference_seen_is_not_certainty() -> None:
    same = np.arange(400) % 3 == 0
    interval = nested_difference(same, same, 4)
    assert interval.estimate == 0
    assert interval.lower < 0 < interval.upper < 0.05
