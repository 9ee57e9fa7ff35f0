"""The joint test of evenness: its rate where the model is true, and what it finds where it is not.

The made panels are Poisson counts of trusts whose rates share one factor in each future.
"""

from __future__ import annotations

import numpy as np
import pytest

from workbench.errors import BadInput
from workbench.measures.futures import joint_evenness
from workbench.measures.scoring import count_chances, evenness, randomised_pit

PANELS, DRAWS, TRUSTS = 200, 199, 80
COMMON, OWN = 0.4, 0.5  # standard deviations of logarithms: of all trusts together, and of each


def futures(rng: np.random.Generator, draws: int, *, common: float, own: float) -> np.ndarray:
    """Counts of mean about 3, draws x trusts; each draw has a year's factor of its own."""
    year = common * rng.standard_normal((draws, 1))
    each = own * rng.standard_normal((draws, TRUSTS))
    return rng.poisson(3.0 * np.exp(year + each - (common**2 + own**2) / 2))


def rejected(
    seed: int, panels: int, seen: float, told: float, common: float = COMMON
) -> tuple[float, float]:
    """Shares of panels refused at 5%, where trusts differ by `seen` and the model has `told`."""
    rng, whole, shape = np.random.default_rng(seed), 0, 0
    for panel in range(panels):
        happened = futures(rng, 1, common=COMMON, own=seen)[0]
        forecast = futures(rng, DRAWS, common=common, own=told)
        found = joint_evenness(forecast, happened, seed=panel)
        assert found is not None
        whole += found.p_value <= 0.05
        shape += found.shape_p_value <= 0.05
    return whole / panels, shape / panels


def test_a_true_model_with_common_years_is_refused_at_the_nominal_rate() -> None:
    """At 5% of 200 panels a share between 1% and 10% has a chance of 99.8% (binomial)."""
    whole, shape = rejected(1, PANELS, OWN, OWN)
    assert 0.01 <= whole <= 0.10
    assert 0.01 <= shape <= 0.10


def test_independent_critical_values_refuse_the_same_true_model_far_too_often() -> None:
    rng, refused = np.random.default_rng(1), 0
    for panel in range(50):
        happened = futures(rng, 1, common=COMMON, own=OWN)[0]
        forecast = futures(rng, DRAWS, common=COMMON, own=OWN)
        even = evenness(randomised_pit(*count_chances(forecast, happened), seed=panel))
        assert even is not None
        refused += even.p_value <= 0.05
    assert refused / 50 > 0.4


def test_forecasts_too_narrow_or_too_wide_are_refused() -> None:
    """Trusts that differ much more, or much less, than the model has it."""
    assert rejected(2, 20, seen=1.0, told=0.3)[1] > 0.7
    assert rejected(3, 20, seen=0.1, told=1.0)[1] > 0.7


def test_forecasts_shifted_for_single_trusts_are_refused() -> None:
    """A fifth of the trusts have four times their counts; the rest are as forecast."""
    rng, refused = np.random.default_rng(4), 0
    for panel in range(20):
        happened = futures(rng, 1, common=COMMON, own=OWN)[0]
        happened = np.where(np.arange(TRUSTS) % 5 == 0, 4 * happened, happened)
        found = joint_evenness(futures(rng, DRAWS, common=COMMON, own=OWN), happened, seed=panel)
        assert found is not None
        refused += found.shape_p_value <= 0.05
    assert refused / 20 > 0.8


def test_a_year_that_the_model_had_no_room_for_is_refused() -> None:
    """Without a common factor the share refused rises as with independent critical values."""
    whole, shape = rejected(5, 40, OWN, OWN, common=0.0)
    assert whole > 0.3
    assert shape < 0.2


def test_the_share_of_a_case_solved_by_hand() -> None:
    """One trust, futures 1, 2, 3 and 9 seen: its value 1 is farther from a half than any but 1's.

    Distances of one value u are the greater of u and 1 - u. Seen is above all others, so between
    1 - 0 and itself: u = 1, distance 1. The future 1 is below all: u = 0, distance 1. The others
    are nearer: 2 has one of three below it, 3 has two. So two of four are as far.
    """
    found = joint_evenness([[1], [2], [3]], [9], seed=1)
    assert found is not None
    assert (found.p_value, found.futures) == (0.5, 4)


def test_the_same_seed_gives_the_same_shares() -> None:
    samples = futures(np.random.default_rng(6), 50, common=COMMON, own=OWN)
    first, same, other = (joint_evenness(samples, samples[0], seed=seed) for seed in (7, 7, 8))
    assert first == same
    assert first != other


def test_no_counts_have_no_share_and_wrong_shapes_are_refused() -> None:
    assert joint_evenness(np.zeros((5, 0)), [], seed=1) is None
    with pytest.raises(BadInput, match="do not fit"):
        joint_evenness([[1, 2]], [1], seed=1)
