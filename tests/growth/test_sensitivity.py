"""How much of a variance is chance: against hand-worked cases and known spreads."""

from __future__ import annotations

import numpy as np
import pytest

from tests.growth.cubes import chance_model
from workbench.errors import BadInput
from workbench.growth.sensitivity import chance_between, evaluated, noise_of, problem, sampler_seed


def test_the_share_of_noise_is_that_worked_by_hand() -> None:
    """Rows 1100, 1110, 0000: means .5, .75, 0.

    Variance of the means 21/144; p(1-p)/3 = 1/12, 1/16, 0 averages 7/144: a third. In the two-way
    table the residual sum of squares is 5/6 (total 35/12 less rows 4 x 42/144 = 7/6 less events
    3 x 11/36 = 11/12), over 6 is 5/36, over 4 events 5/144: of 21/144 it is 5/21. The events' means
    2/3, 2/3, 1/3, 0 have variance 11/108, the squared deviations 11/36 over 3, so their mean has
    standard error sqrt(11/432).
    """
    noise = noise_of(np.array([[1.0, 1, 0, 0], [1, 1, 1, 0], [0, 0, 0, 0]]))
    assert noise.variance == pytest.approx(21 / 144)
    assert noise.independent == pytest.approx(1 / 3)
    assert noise.common == pytest.approx(5 / 21)
    assert noise.shift == pytest.approx(np.sqrt(11 / 432))
    assert noise.chance == pytest.approx(5 / 144)
    assert (noise.rows, noise.events) == (3, 4)


def test_shared_events_leave_less_noise_than_the_bound_and_events_of_ones_own_leave_the_bound() -> (
    None
):
    """The variance of p = .5 + .6 (u1 - .5) + .3 (u2 - .5) is (.36 + .09) / 12 = .0375."""
    rows = np.random.default_rng(1).uniform(size=(4000, 2))
    shared = noise_of(chance_model([0.6, 0.3], 20, 2, shared=True)(rows))
    alone = noise_of(chance_model([0.6, 0.3], 20, 2, shared=False)(rows))
    assert alone.common is not None
    assert alone.independent is not None
    assert alone.common == pytest.approx(alone.independent, rel=0.03)
    assert alone.variance - alone.chance == pytest.approx(0.0375, rel=0.06)
    assert shared.common is not None
    assert shared.independent is not None
    assert shared.common < 0.5 * shared.independent


def test_one_event_cannot_tell_chance_from_factors() -> None:
    noise = noise_of(np.array([[0.0], [1.0]]))
    assert (noise.independent, noise.common, noise.shift) == (None, None, None)
    assert noise.chance == 0.0


def test_chance_between_rows_is_that_of_the_events_that_change() -> None:
    """Differences 1, 0, 0, 0 and none: variances 1/4 and 0 over 4 events, on average 1/32."""
    here = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]])
    there = np.array([[1.0, 0, 1, 1], [0, 1, 0, 1]])
    assert chance_between(here, there) == pytest.approx(1 / 32)


def test_an_outcome_that_never_varies_is_said_to_explain_nothing() -> None:
    with pytest.raises(BadInput, match="same whatever the factors"):
        noise_of(np.ones((5, 4)))


def test_a_model_that_gives_other_rows_or_gaps_is_refused() -> None:
    rows = np.zeros((3, 1))
    for wrong in (np.zeros((2, 4)), np.zeros(3), np.full((3, 4), np.nan)):
        with pytest.raises(ValueError, match="3 rows"):
            evaluated(lambda _, wrong=wrong: wrong, rows)  # type: ignore[misc]


@pytest.mark.parametrize("names", [[], ["a", "b", "a"]])
def test_factors_have_names_of_their_own(names: list[str]) -> None:
    with pytest.raises(BadInput):
        problem(names)


def test_no_seed_is_taken_for_none() -> None:
    assert sampler_seed(0) > 0
