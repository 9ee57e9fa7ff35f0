"""Distributions map probabilities to values as their definitions say."""

import numpy as np
import pytest
from pydantic import TypeAdapter

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
