"""Shares from draws x events: a case solved by hand, coverage, and the two doubts told apart."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from workbench.errors import BadInput
from workbench.measures.nested import (
    difference_ends,
    draw_means,
    epistemic_sd,
    nested_difference,
    nested_share,
    share_ends,
    variance_parts,
)


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


def test_epistemic_and_chance_variance_add_up_to_the_whole_of_a_case_solved_by_hand() -> None:
    """Three draws of two events with means 1, 1/2 and 0.

    Their variance is 1/4 and mean[q(1 - q)] = (0 + 1/4 + 0) / 3 = 1/12. So the draws' own part is
    1/4 - 1/12 = 1/6, chance is 1/12 x 2 = 1/6, and the whole is 1/2 x 1/2 + (1/4) / 3 = 1/3.
    """
    parts = variance_parts(np.array([1, 1, 1, 0, 0, 0], bool), 2)
    assert parts.epistemic == pytest.approx(1 / 6)
    assert parts.chance == pytest.approx(1 / 6)
    assert parts.total == pytest.approx(1 / 3)


def every_sample() -> Iterator[tuple[Fraction, tuple[int, ...]]]:
    """Every sample of three draws of two events with its chance; p is 1/4 or 3/4, evenly."""
    for outcomes in product((0, 1), repeat=6):
        chance = Fraction(1)
        for first, second in zip(outcomes[::2], outcomes[1::2], strict=True):
            seen = [
                (p if first else 1 - p) * (p if second else 1 - p)
                for p in (Fraction(1, 4), Fraction(3, 4))
            ]
            chance *= sum(seen, Fraction(0)) / 2
        yield chance, outcomes


def test_the_parts_are_right_on_average_over_every_sample_there_can_be() -> None:
    """p has variance (1/4)^2 = 1/16; p(1 - p) is 3/16 either way; 1/2 x 1/2 is their sum."""
    epistemic = chance = total = Fraction(0)
    for weight, outcomes in every_sample():
        parts = variance_parts(np.array(outcomes, bool), 2)
        epistemic += weight * Fraction(parts.epistemic).limit_denominator(1000)
        chance += weight * Fraction(parts.chance).limit_denominator(1000)
        total += weight * Fraction(parts.total).limit_denominator(1000)
    assert (epistemic, chance, total) == (Fraction(1, 16), Fraction(3, 16), Fraction(1, 4))


def test_the_parts_add_up_exactly_whatever_the_sample() -> None:
    rng = np.random.default_rng(5)
    for events in (2, 4, 7):
        parts = variance_parts(rng.random(30 * events) < 0.3, events)
        assert parts.epistemic + parts.chance == pytest.approx(parts.total, abs=1e-14)


@pytest.mark.parametrize(("draws", "events"), [(8, 1), (1, 8)])
def test_variance_is_not_parted_where_the_parts_cannot_be_told_apart(
    draws: int, events: int
) -> None:
    with pytest.raises(BadInput, match=f"{draws} draws of {events} events"):
        variance_parts(np.arange(draws * events) % 2 == 0, events)


def test_intervals_of_a_middling_share_cover_the_truth_95_times_in_100_within_chance() -> None:
    """Over 1,000 seeds, 95% within two standard errors: 93.6 to 96.4."""
    covered = 0
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        true = rng.beta(4, 6, 250)
        outcomes = (rng.random((250, 4)) < true[:, None]).ravel()
        interval = nested_share(outcomes, 4)
        covered += interval.lower <= 0.4 <= interval.upper
    assert 936 <= covered <= 964


def test_many_samples_at_once_have_the_ends_of_each_alone() -> None:
    rng = np.random.default_rng(6)
    samples = rng.random((3, 2, 40, 4)) < np.array([0.0, 0.3, 1.0])[:, None, None, None]
    means = samples.mean(axis=-1)
    together = np.stack(share_ends(means, 4, 0.9), axis=-1)
    apart = np.stack(difference_ends(means - means[:, ::-1], 4, 0.9), axis=-1)
    for i, j in product(range(3), range(2)):
        one, other = samples[i, j].ravel(), samples[i, 1 - j].ravel()
        share, difference = nested_share(one, 4, 0.9), nested_difference(one, other, 4, 0.9)
        assert together[i, j] == pytest.approx([share.estimate, share.lower, share.upper])
        assert apart[i, j] == pytest.approx(
            [difference.estimate, difference.lower, difference.upper]
        )


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
