"""Screening: known effects, noise told from effect, the same answer for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from tests.growth.cubes import at, chance_model
from workbench.growth.morris import screen
from workbench.growth.sensitivity import HIGH, LOW, Outcomes
from workbench.parameters.distributions import Floats


def additive(rows: Floats) -> Outcomes:
    return np.asarray(rows @ np.array([1.0, -3.0, 0.0, 2.0]))[:, None]


def test_effects_of_an_additive_function_are_its_weights_over_nine_tenths_of_the_cube() -> None:
    """Morris 1991: without curvature or interaction mu is the slope and sigma 0."""
    found = screen(additive, list("abcd"), paths=8, seed=3)
    table = found.table
    assert list(table["factor"]) == ["b", "d", "a", "c"]
    for name, weight in zip("abcd", [1.0, -3.0, 0.0, 2.0], strict=True):
        assert at(table, name, "mu") == pytest.approx(weight * (HIGH - LOW)), name
        assert at(table, name, "mu_star") == pytest.approx(abs(weight) * (HIGH - LOW)), name
        assert at(table, name, "sigma") == pytest.approx(0.0, abs=1e-12), name
        assert at(table, name, "lower") == pytest.approx(at(table, name, "upper")), name


def test_curvature_and_interaction_show_in_sigma() -> None:
    def bent(rows: Floats) -> Outcomes:
        return np.asarray(rows[:, 0] * rows[:, 1] + rows[:, 2])[:, None]

    table = screen(bent, list("abc"), paths=30, seed=3).table
    assert at(table, "a", "sigma") > 0.1
    assert at(table, "b", "sigma") > 0.1
    assert at(table, "c", "sigma") == pytest.approx(0.0, abs=1e-12)


def test_no_end_of_a_belief_is_tried() -> None:
    tried: list[Floats] = []

    def spy(rows: Floats) -> Outcomes:
        tried.append(rows)
        return additive(rows)

    screen(spy, list("abcd"), paths=8, seed=3)
    assert tried[0].min() == pytest.approx(LOW)
    assert tried[0].max() == pytest.approx(HIGH)
    assert len(tried[0]) == 8 * 5


def test_noise_stands_at_its_floor_and_an_effect_above_it() -> None:
    """Without shared events a factor of no effect moves the answer by noise alone."""
    model = chance_model([0.0, 0.8], 40, 5, shared=False)
    table = screen(model, ["none", "much"], paths=200, seed=3).table
    assert at(table, "none", "mu_star") == pytest.approx(at(table, "none", "floor"), rel=0.25)
    assert at(table, "much", "mu_star") > 4 * at(table, "much", "floor")


def test_a_factor_without_effect_is_exactly_still_on_shared_events() -> None:
    model = chance_model([0.0, 0.8], 40, 5, shared=True)
    table = screen(model, ["none", "much"], paths=20, seed=3).table
    assert [at(table, "none", name) for name in ("mu_star", "floor")] == [0.0, 0.0]


def test_the_same_seed_gives_the_same_table_and_seed_nought_is_a_seed() -> None:
    model = chance_model([0.2, 0.5], 20, 5, shared=True)
    first, again, other = (
        screen(model, ["a", "b"], paths=6, seed=seed).table for seed in (0, 0, 1)
    )
    assert first.equals(again)
    assert not first.equals(other)
