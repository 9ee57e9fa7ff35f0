"""Shares estimated from M draws of uncertain inputs with K chance events each.

Two doubts are told apart. Across draws the true probability differs (epistemic: we do not know the
inputs); within a draw outcomes differ (chance). Only the M draws are independent, so the standard
error of a share is the standard deviation of the M means over the square root of M.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

from workbench.measures.intervals import Interval

Outcomes = npt.NDArray[np.bool_]


def draw_means(outcomes: Outcomes, events: int) -> npt.NDArray[np.float64]:
    """Return the mean of each draw's K outcomes, length M, from outcomes of length M x K."""
    return np.asarray(outcomes.reshape(-1, events).mean(axis=1, dtype=float))


def epistemic_sd(means: npt.NDArray[np.float64], events: int) -> float | None:
    """Return the spread of the true share across draws of the inputs.

    Its square is max(0, s2(p_m) - mean[p_m (1 - p_m) / (K - 1)]): the variance of the observed
    means less what chance alone adds (law of total variance). None where K or M is 1.
    """
    if events < 2 or len(means) < 2:
        return None
    chance = (means * (1.0 - means) / (events - 1)).mean()
    return float(np.sqrt(max(0.0, means.var(ddof=1) - chance)))


def nested_share(outcomes: Outcomes, events: int, level: float = 0.95) -> Interval:
    """Estimate a share from M x K outcomes.

    Wilson's interval with the effective number of trials p(1 - p) / SE2, so that it keeps within 0
    and 1; where all outcomes agree, M trials.

    Args:
        outcomes: Length M x K, each draw's K outcomes together.
        events: K.
        level: Confidence level.
    """
    means = draw_means(outcomes, events)
    share, draws = float(means.mean()), len(means)
    variance = float(means.var(ddof=1)) / draws if draws > 1 else 0.0
    trials = share * (1.0 - share) / variance if variance > 0.0 else float(draws)
    trials = min(max(trials, 1.0), float(len(outcomes)))
    z = float(stats.norm.ppf(0.5 + level / 2))
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    spread = share * (1 - share) / trials + z * z / (4 * trials**2)
    half = z * np.sqrt(spread) / (1 + z * z / trials)
    # Rounding must not leave the estimate outside its own interval.
    lower, upper = min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half))
    return Interval(share, float(lower), float(upper), level)


def nested_difference(
    outcomes: Outcomes, baseline: Outcomes, events: int, level: float = 0.95
) -> Interval:
    """Estimate the difference of two shares from paired outcomes (common random numbers).

    A t interval over the M differences of draw means, with two imagined draws added in which one of
    the K events differs, one each way, as Agresti and Min (2005, Statistics in Medicine 24:729-740)
    add to matched pairs: where no difference was seen, the interval still has a width.

    Args:
        outcomes: Length M x K.
        baseline: Length M x K, the same draws and events.
        events: K.
        level: Confidence level.
    """
    apart = draw_means(outcomes, events) - draw_means(baseline, events)
    padded = np.append(apart, [1.0 / events, -1.0 / events])
    error = padded.std(ddof=1) / np.sqrt(len(padded))
    half = float(stats.t.ppf(0.5 + level / 2, len(padded) - 1) * error)
    value, middle = float(apart.mean()), float(padded.mean())
    lower, upper = max(-1.0, min(value, middle - half)), min(1.0, max(value, middle + half))
    return Interval(value, lower, upper, level)
