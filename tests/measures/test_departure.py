"""Departures before something began: what a test could miss, and what they would feign."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from workbench.measures.clustered import Estimate
from workbench.measures.departure import Departure, Floats, departure, noncentrality
from workbench.measures.joint import Joint, joint_test

CLUSTERS = 4000  # so many that t is normal and the joint test a chi-squared one


def pulls_of(covariance: Floats, clusters: int = CLUSTERS) -> Floats:
    """Clusters that bear alike on estimates of a covariance: their squares add up to it."""
    draws = np.random.default_rng(5).standard_normal((clusters, len(covariance)))
    draws -= draws.mean(axis=0)
    whitened = np.linalg.solve(np.linalg.cholesky(draws.T @ draws), draws.T).T
    return np.asarray(whitened @ np.linalg.cholesky(covariance).T)


def found(
    effect: float, before: Floats, covariance: Floats, shape: Floats, run_on: float, *,
    tested: bool = True,
) -> Departure:  # fmt: skip
    """The departure of estimates (the effect, then those before) of a covariance."""
    values, pulls = np.r_[effect, before], pulls_of(covariance)

    def combine(share: float, weights: Floats) -> Estimate:
        wanted = np.r_[share, weights]
        return Estimate(float(values @ wanted), float(np.sqrt(wanted @ covariance @ wanted)), 1e6)

    test = joint_test(before, pulls[:, 1:]) if tested else None
    return departure(
        before, pulls[:, 1:], shape, run_on=run_on, effect=combine(1.0, 0 * before),
        combine=combine, test=test, power=0.8, level=0.05,
    )  # fmt: skip


COVARIANCE = np.array([[0.25, 0.02, 0.01], [0.02, 0.16, 0.05], [0.01, 0.05, 0.09]])
SHAPE = np.array([-2.0, -1.0])


def test_two_differences_by_hand() -> None:
    one = found(3.0, np.array([-0.8, -0.2]), COVARIANCE, SHAPE, run_on=1.5)
    # Weights -2 / 0.16 and -1 / 0.09, over 4 / 0.16 + 1 / 0.09.
    weights = np.array([-2 / 0.16, -1 / 0.09]) / (4 / 0.16 + 1 / 0.09)
    slope = float(weights @ [-0.8, -0.2])
    error = float(np.sqrt(weights @ COVARIANCE[1:, 1:] @ weights))
    assert one.fitted.value == pytest.approx(slope)
    assert one.fitted.error == pytest.approx(error)
    assert one.net.value == pytest.approx(3.0 - 1.5 * slope)
    both = 0.25 - 2 * 1.5 * weights @ COVARIANCE[0, 1:] + 1.5**2 * error**2
    assert one.net.error == pytest.approx(np.sqrt(both))
    assert one.not_ruled_out == pytest.approx(abs(slope) + stats.norm.isf(0.05) * error, rel=1e-4)


def test_the_joint_test_finds_a_departure_of_the_detectable_size_as_often_as_asked() -> None:
    """By 20,000 draws: their standard error is 0.3 points."""
    one = found(3.0, np.zeros(2), COVARIANCE, SHAPE, run_on=1.5)
    assert one.detectable is not None
    root = np.linalg.cholesky(COVARIANCE[1:, 1:])
    draws = one.detectable * SHAPE + np.random.default_rng(7).standard_normal((20_000, 2)) @ root.T
    wald = np.einsum("nq,qr,nr->n", draws, np.linalg.inv(COVARIANCE[1:, 1:]), draws)
    assert (wald > stats.chi2.isf(0.05, 2)).mean() == pytest.approx(0.8, abs=0.012)


def test_with_one_difference_the_fitted_size_is_tested_alone() -> None:
    one = found(3.0, np.array([0.1]), COVARIANCE[:2, :2], np.array([-1.0]), 1.0, tested=False)
    # Bloom 1995: 1.96 + 0.84 standard errors.
    assert one.detectable == pytest.approx(2.8016 * 0.4, rel=1e-3)


def test_a_departure_that_goes_on_moves_both_ends_and_may_be_all_there_is() -> None:
    one = found(3.0, np.array([-0.8, -0.2]), COVARIANCE, SHAPE, run_on=1.5)
    low, high = one.effect.interval.lower, one.effect.interval.upper
    assert one.ends_with(0.4) == pytest.approx((low - 0.6, high + 0.6))
    assert one.undone_by is not None
    assert one.ends_with(one.undone_by)[0] == pytest.approx(0.0, abs=1e-12)
    assert one.detectable is not None
    assert one.feigned == pytest.approx(1.5 * one.detectable)
    below = found(-3.0, np.array([-0.8, -0.2]), COVARIANCE, SHAPE, run_on=1.5)
    assert below.undone_by is not None
    assert below.ends_with(below.undone_by)[1] == pytest.approx(0.0, abs=1e-12)
    assert found(0.5, np.zeros(2), COVARIANCE, SHAPE, run_on=1.5).undone_by is None


@pytest.mark.parametrize(("numbers", "degrees"), [(1, 12.0), (3, 20.5), (5, 300.0)])
def test_noncentrality_is_that_of_the_noncentral_f(numbers: int, degrees: float) -> None:
    asked = noncentrality(numbers, degrees, power=0.8, level=0.05)
    assert asked is not None
    bar = stats.f.isf(0.05, numbers, degrees)
    assert stats.ncf.sf(bar, numbers, degrees, asked) == pytest.approx(0.8, abs=1e-4)


def test_a_test_with_hardly_any_degrees_finds_only_enormous_departures() -> None:
    few, many = (noncentrality(3, d, power=0.8, level=0.05) for d in (1.2, 300.0))
    assert few is not None
    assert many is not None
    assert few > 30 * many
    assert noncentrality(3, 0.05, power=0.8, level=0.05) is None


def test_a_departure_is_harder_to_find_where_the_joint_test_has_few_degrees() -> None:
    pulls = pulls_of(COVARIANCE)[:, 1:]
    sizes = []
    for degrees in (5.0, 500.0):
        one = departure(
            np.zeros(2), pulls, SHAPE, run_on=1.0, effect=Estimate(1.0, 0.5, 9),
            combine=lambda share, weights: Estimate(share, 0.5, 9),
            test=Joint(0.0, 2, degrees, 1.0), power=0.8, level=0.05,
        )  # fmt: skip
        assert one.detectable is not None
        sizes.append(one.detectable)
    assert sizes[0] > 1.3 * sizes[1]
