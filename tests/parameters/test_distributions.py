"""Distributions map probabilities to values as their definitions say."""

import numpy as np
import pytest
from pydantic import TypeAdapter
from scipy import stats

from workbench.parameters.distributions import (
    Beta,
    Distribution,
    Fixed,
    LogNormal,
    Triangular,
    TruncatedNormal,
)

ADAPTER: TypeAdapter[Distribution] = TypeAdapter(Distribution)


def spread(text: dict[str, float | str]) -> Triangular | TruncatedNormal | LogNormal | Beta:
    """A distribution that is not fixed, from its plain form."""
    distribution = ADAPTER.validate_python(text)
    assert not isinstance(distribution, Fixed)
    return distribution


U = (np.arange(20_000) + 0.5) / 20_000


@pytest.mark.parametrize(
    ("text", "value", "mean", "sd"),
    [
        # Means and standard deviations from the textbook formulas of each distribution.
        (
            {"kind": "triangular", "low": 0.0, "high": 5.0},
            1.0,
            2.0,
            np.sqrt((0 + 25 + 1 - 0 - 0 - 5) / 18),
        ),
        ({"kind": "normal", "sd": 0.1, "low": -9.0, "high": 9.0}, 1.0, 1.0, 0.1),
        (
            {"kind": "lognormal", "sd_log": 0.2, "low": 0.01, "high": 99.0},
            2.0,
            2.0 * np.exp(0.02),
            2.0 * np.exp(0.02) * np.sqrt(np.exp(0.04) - 1),
        ),
        ({"kind": "beta", "n": 60.0}, 0.7, 0.7, np.sqrt(42 * 18 / (60**2 * 61))),
    ],
)
def test_moments(text: dict[str, float | str], value: float, mean: float, sd: float) -> None:
    drawn = spread(text).ppf(U, value)
    assert drawn.mean() == pytest.approx(mean, rel=2e-3)
    assert drawn.std() == pytest.approx(sd, rel=5e-3)
    assert (np.diff(drawn) > 0).all(), "a quantile function rises"


@pytest.mark.parametrize(
    "text",
    [
        {"kind": "triangular", "low": 0.5, "high": 1.5},
        {"kind": "normal", "sd": 1.0, "low": 0.5, "high": 2.0},
        {"kind": "lognormal", "sd_log": 0.5, "low": 0.6, "high": 1.5},
        {"kind": "beta", "n": 9.0, "low": 0.5, "high": 0.99},
    ],
)
def test_draws_stay_within_their_bounds_and_follow_the_value(text: dict[str, float | str]) -> None:
    distribution = spread(text)
    less, more = distribution.ppf(U, 0.7), distribution.ppf(U, 0.9)
    for drawn in (less, more):
        assert distribution.low <= drawn.min() < drawn.max() <= distribution.high
    assert less.mean() < more.mean()


ENDS = np.concatenate([[0.0, 1e-12], U[::97], [1.0]])


@pytest.mark.parametrize(("low", "value", "high"), [(0.0, 1.0, 5.0), (-3.0, -2.9, 40.0)])
def test_quantiles_are_those_of_scipy_stats_to_the_last_bit(
    low: float, value: float, high: float
) -> None:
    """Stored results rest on these bits; the package itself is too slow to import."""
    width = high - low
    flat = Triangular(kind="triangular", low=low, high=high).ppf(ENDS, value)
    assert (flat == stats.triang.ppf(ENDS, (value - low) / width, loc=low, scale=width)).all()
    bell = TruncatedNormal(kind="normal", sd=0.7, low=low, high=high).ppf(ENDS, value)
    a, b = (low - value) / 0.7, (high - value) / 0.7
    assert (bell == stats.truncnorm.ppf(ENDS, a, b, loc=value, scale=0.7)).all()


def test_quantiles_of_factors_and_shares_are_those_of_scipy_stats_to_the_last_bit() -> None:
    factor = LogNormal(kind="lognormal", low=0.5, high=3.0, sd_log=0.4).ppf(ENDS, 1.2)
    a, b = np.log(0.5 / 1.2) / 0.4, np.log(3.0 / 1.2) / 0.4
    logs = stats.truncnorm.ppf(ENDS, a, b, loc=np.log(1.2), scale=0.4)
    assert (factor == np.exp(logs)).all()
    share = Beta(kind="beta", low=0.05, high=0.6, n=40).ppf(ENDS, 0.3)
    below, above = stats.beta.cdf(np.array([0.05, 0.6]), 12, 28)
    assert (share == stats.beta.ppf(below + ENDS * (above - below), 12, 28)).all()
