"""Distributions map probabilities to values as their definitions say."""

import numpy as np
import pytest
from pydantic import TypeAdapter

from workbench.parameters.distributions import Distribution

ADAPTER: TypeAdapter[Distribution] = TypeAdapter(Distribution)
U = (np.arange(20_000) + 0.5) / 20_000


@pytest.mark.parametrize(
    ("text", "mean", "sd"),
    [
        # Means and standard deviations from the textbook formulas of each distribution.
        ({"kind": "uniform", "low": 2.0, "high": 5.0}, 3.5, 3 / np.sqrt(12)),
        (
            {"kind": "triangular", "low": 0.0, "mode": 1.0, "high": 5.0},
            2.0,
            np.sqrt((0 + 25 + 1 - 0 - 0 - 5) / 18),
        ),
        ({"kind": "normal", "mean": 1.0, "sd": 0.1, "low": -9.0, "high": 9.0}, 1.0, 0.1),
        (
            {"kind": "lognormal", "median": 2.0, "sd_log": 0.2, "low": 0.01, "high": 99.0},
            2.0 * np.exp(0.02),
            2.0 * np.exp(0.02) * np.sqrt(np.exp(0.04) - 1),
        ),
        ({"kind": "beta", "a": 42.0, "b": 18.0}, 0.7, np.sqrt(42 * 18 / (60**2 * 61))),
    ],
)
def test_moments(text: dict[str, float | str], mean: float, sd: float) -> None:
    distribution = ADAPTER.validate_python(text)
    drawn = distribution.ppf(U)  # type: ignore[union-attr]
    assert drawn.mean() == pytest.approx(mean, rel=2e-3)
    assert drawn.std() == pytest.approx(sd, rel=5e-3)
    assert (np.diff(drawn) > 0).all(), "a quantile function rises"


def test_truncated_distributions_stay_within_their_bounds() -> None:
    for text in (
        {"kind": "normal", "mean": 0.0, "sd": 1.0, "low": -0.5, "high": 2.0},
        {"kind": "lognormal", "median": 1.0, "sd_log": 0.5, "low": 0.8, "high": 1.5},
        {"kind": "beta", "a": 8.0, "b": 192.0, "low": 0.0, "high": 0.05},
    ):
        distribution = ADAPTER.validate_python(text)
        low, high = distribution.support  # type: ignore[union-attr]
        drawn = distribution.ppf(U)  # type: ignore[union-attr]
        assert low <= drawn.min() < drawn.max() <= high
