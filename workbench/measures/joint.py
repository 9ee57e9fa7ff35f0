"""A test that several estimates are zero together, where units come in clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Joint:
    """A test that several numbers are zero together.

    Attributes:
        statistic: F.
        numbers: How many numbers are tested: its first degrees of freedom.
        degrees: Its second.
        p_value: Probability of so large an F if all were zero.
    """

    statistic: float
    numbers: int
    degrees: float
    p_value: float


def joint_test(values: Floats, pulls: Floats) -> Joint | None:
    """Test that estimates are zero together: Hotelling's T squared, as F.

    F = (d - q + 1) / (d q) W with q and d - q + 1 degrees of freedom, W being Wald's statistic and
    d = q (q + 1) / the summed variances of the standardised covariance's entries (HTZ: J. E.
    Pustejovsky and E. Tipton, "Small-sample methods for cluster-robust variance estimation and
    hypothesis testing in fixed effects models", Journal of Business and Economic Statistics 36
    (2018), 672-683). What a cluster bears on the estimates stands for its spread in those
    variances, which makes d smaller and the test more cautious.

    Args:
        values: The estimates, length q.
        pulls: What each cluster bears on each, clusters x q; their squares add up to its variance.

    Returns:
        The test; None for fewer than two estimates, or too few clusters to test them.
    """
    number = len(values)
    if number < 2 or np.linalg.matrix_rank(pulls) < number:
        return None
    inverse = np.linalg.inv(pulls.T @ pulls)
    far = np.einsum("gi,ij,gj->g", pulls, inverse, pulls)
    like = number * (number + 1) / (2 * float((far**2).sum()))
    degrees = like - number + 1
    if degrees <= 0:
        return None
    statistic = degrees / (like * number) * float(values @ inverse @ values)
    return Joint(statistic, number, degrees, float(stats.f.sf(statistic, number, degrees)))
