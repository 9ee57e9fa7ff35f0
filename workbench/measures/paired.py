"""Differences of means between runs that share their luck, from M draws with K events each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

from workbench.errors import BadInput
from workbench.measures.intervals import Interval

Values = npt.NDArray[np.float64]


def draw_values(values: Values, events: int) -> Values:
    """Return the mean of each draw's K values, length M, from values of length M x K."""
    return np.asarray(values.reshape(-1, events).mean(axis=1, dtype=float))


def mean_over_draws(means: Values, level: float = 0.95) -> Interval:
    """Estimate a mean from the M means of independent draws.

    A t interval: the K events within a draw share its inputs, so that only the M draws count as
    independent (Student, "The probable error of a mean", Biometrika 6, 1908). With one draw its
    width is not known, and the ends are the estimate itself.

    Args:
        means: One value a draw, length M.
        level: Confidence level.

    Raises:
        BadInput: There is no draw, or a value is not finite.
    """
    if not len(means) or not np.isfinite(means).all():
        raise BadInput(
            "a mean needs at least one draw, and every value of it",
            rule="values are finite numbers",
            mend="simulate again with the series of each term recorded",
        )
    centre, draws = float(means.mean()), len(means)
    if draws < 2:
        return Interval(centre, centre, centre, level)
    error = float(means.std(ddof=1)) / np.sqrt(draws)
    half = float(stats.t.ppf(0.5 + level / 2, draws - 1) * error)
    return Interval(centre, centre - half, centre + half, level)


def paired_difference(
    values: Values, baseline: Values, events: int, level: float = 0.95
) -> Interval:
    """Estimate how far the mean of `values` lies above that of `baseline`, paired.

    The estimate is exactly the difference of the two means.

    Args:
        values: Length M x K, each draw's K values together.
        baseline: Length M x K, the same draws and events.
        events: K.
        level: Confidence level.
    """
    return mean_over_draws(draw_values(values, events) - draw_values(baseline, events), level)
