"""Transition probabilities of the chain of bands, against another way to find them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.linalg import expm

from workbench.growth.calibrate.chain import (
    ORIGINS,
    TARGETS,
    Floats,
    decompose,
    long_run,
    slopes,
    transitions,
)

STREAM = np.random.Generator(np.random.Philox(7))
INTENSITIES = np.exp(STREAM.normal(-1.0, 1.0, (6, 6)))
YEARS = np.array([0.05, 0.5, 1.0, 2.5, 4.0, 30.0])
ALL = np.arange(6)


def generator(intensities: Floats) -> Floats:
    rates = np.zeros((4, 4))
    rates[ORIGINS, TARGETS] = intensities
    return np.asarray(rates - np.diag(rates.sum(axis=1)))


def test_transitions_are_the_exponential_of_the_generator() -> None:
    """SciPy's scaling and squaring (Al-Mohy and Higham 2009) shares nothing with eigenvectors."""
    found = transitions(decompose(INTENSITIES), ALL, YEARS)
    for one, intensities, years in zip(found, INTENSITIES, YEARS, strict=True):
        assert_allclose(one, expm(generator(intensities) * years), atol=1e-12)


def test_two_bands_move_as_the_closed_form_says() -> None:
    """p(t) = l / (l + m) (1 - exp(-(l + m) t)), where the bands beyond are out of reach."""
    up, down, away, years = 0.549, 0.067, 1e-12, 2.5
    chain = decompose(np.array([[away, up, away, away, down, away]]))
    found = transitions(chain, np.array([0]), np.array([years]))[0]
    expected = up / (up + down) * (1.0 - np.exp(-(up + down) * years))
    assert found[1, 2] == pytest.approx(expected, rel=1e-8)
    assert found[1, 2] == pytest.approx(0.70, abs=0.01)  # as the model file declares


def test_no_time_moves_nobody_and_long_time_forgets_where_schools_were() -> None:
    chain = decompose(INTENSITIES[:1])
    assert_allclose(transitions(chain, np.array([0]), np.zeros(1))[0], np.eye(4), atol=1e-14)
    late = transitions(chain, np.array([0]), np.array([5000.0]))[0]
    assert_allclose(late, np.repeat(long_run(INTENSITIES[:1]), 4, axis=0), atol=1e-9)


@pytest.mark.parametrize("move", range(6))
def test_slopes_are_those_of_small_steps(move: int) -> None:
    weights = STREAM.normal(size=(6, 4, 4))
    step = 1e-6 * np.eye(6)[move]
    found = slopes(decompose(INTENSITIES), ALL, YEARS, weights)[:, move]

    def total(shift: Floats) -> Floats:
        moved = transitions(decompose(INTENSITIES * np.exp(shift)), ALL, YEARS)
        return np.asarray((moved * weights).sum(axis=(1, 2)))

    assert_allclose(found, (total(step) - total(-step)) / 2e-6, rtol=1e-5, atol=1e-7)


def test_slopes_hold_where_two_eigenvalues_are_the_same() -> None:
    """All moves alike leave eigenvalues apart; no time brings their powers together."""
    chain = decompose(np.ones((1, 6)))
    found = slopes(chain, np.array([0]), np.array([1e-13]), np.ones((1, 4, 4)))
    assert np.isfinite(found).all()
