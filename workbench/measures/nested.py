"""Shares estimated from M draws of uncertain inputs with K chance events each.

Two doubts are told apart. Across draws the true probability differs (epistemic: we do not know the
inputs); within a draw outcomes differ (chance). Only the M draws are independent, so the standard
error of a share is the standard deviation of the M means over the square root of M.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from workbench.errors import BadInput
from workbench.measures.intervals import Interval

Outcomes = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class VarianceParts:
    """Where the variance of a single future's outcome (0 or 1) comes from.

    Attributes:
        epistemic: Variance of the true share across draws of the inputs: what knowing them better
            would take away. Unbiased, so it may come out slightly below 0 where there is none.
        chance: Mean within a draw, p(1 - p): what no knowledge of the inputs takes away.
        total: Variance of the outcome of a future drawn at random.
    """

    epistemic: float
    chance: float
    total: float


def draw_means(outcomes: Outcomes, events: int) -> Floats:
    """Return the mean of each draw's K outcomes, length M, from outcomes of length M x K."""
    return np.asarray(outcomes.reshape(-1, events).mean(axis=1, dtype=float))


def epistemic_sd(means: Floats, events: int) -> float | None:
    """Return the spread of the true share across draws of the inputs.

    Its square is max(0, s2(p_m) - mean[p_m (1 - p_m) / (K - 1)]): the variance of the observed
    means less what chance alone adds (law of total variance). None where K or M is 1.
    """
    if events < 2 or len(means) < 2:
        return None
    chance = (means * (1.0 - means) / (events - 1)).mean()
    return float(np.sqrt(max(0.0, means.var(ddof=1) - chance)))


def variance_parts(outcomes: Outcomes, events: int) -> VarianceParts:
    """Part the variance of a single future's outcome into what we do not know, and chance.

    Var(outcome) = Var(p_m) + E[p_m (1 - p_m)] (law of total variance). With observed means q_m of
    K events in M draws, their mean q and their variance s2 (divisor M - 1), the unbiased estimates
    are s2 - mean[q_m (1 - q_m)] / (K - 1), mean[q_m (1 - q_m)] K / (K - 1) and q (1 - q) + s2 / M;
    the first two add up to the third exactly (one-way analysis of variance; Searle, Casella and
    McCulloch 1992, Variance Components, chapter 3).

    Args:
        outcomes: Length M x K, each draw's K outcomes together.
        events: K, at least 2, as one event a draw cannot tell the two apart.
            M is at least 2 likewise.

    Raises:
        BadInput: There are fewer than two draws or two events a draw.
    """
    means = draw_means(outcomes, events)
    if events < 2 or len(means) < 2:
        raise BadInput(
            f"{len(means)} draws of {events} events cannot tell doubt from chance",
            rule="at least 2 draws of at least 2 events",
            mend="run more trajectories for each draw of the parameters",
        )
    within, between = float((means * (1.0 - means)).mean()), float(means.var(ddof=1))
    share = float(means.mean())
    return VarianceParts(
        epistemic=between - within / (events - 1),
        chance=within * events / (events - 1),
        total=share * (1.0 - share) + between / len(means),
    )


def nested_share(outcomes: Outcomes, events: int, level: float = 0.95) -> Interval:
    """Estimate a share from M x K outcomes.

    Wilson's interval with the effective number of trials p(1 - p) / SE2, so that it keeps within 0
    and 1; where all outcomes agree, M trials.

    Args:
        outcomes: Length M x K, each draw's K outcomes together.
        events: K.
        level: Confidence level.
    """
    share, lower, upper = share_ends(draw_means(outcomes, events), events, level)
    return Interval(float(share), float(lower), float(upper), level)


def share_ends(means: Floats, events: int, level: float) -> tuple[Floats, Floats, Floats]:
    """Return estimates, lower and upper ends of `nested_share` for many samples at once.

    Args:
        means: Means of each draw's K outcomes, ... x M.
        events: K.
        level: Confidence level.
    """
    share, draws = means.mean(axis=-1), means.shape[-1]
    variance = means.var(axis=-1, ddof=1) / draws if draws > 1 else np.zeros(share.shape)
    trials = np.full(share.shape, float(draws))
    np.divide(share * (1.0 - share), variance, out=trials, where=variance > 0.0)
    trials = np.clip(trials, 1.0, float(draws * events))
    z = float(special.ndtri(0.5 + level / 2))
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    spread = share * (1 - share) / trials + z * z / (4 * trials**2)
    half = z * np.sqrt(spread) / (1 + z * z / trials)
    # Rounding must not leave the estimate outside its own interval.
    lower = np.minimum(share, np.maximum(0.0, centre - half))
    return share, lower, np.maximum(share, np.minimum(1.0, centre + half))


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
    value, lower, upper = difference_ends(apart, events, level)
    return Interval(float(value), float(lower), float(upper), level)


def difference_ends(apart: Floats, events: int, level: float) -> tuple[Floats, Floats, Floats]:
    """Return estimates, lower and upper ends of `nested_difference` for many samples at once.

    Args:
        apart: Differences of the means of each draw's K outcomes, ... x M.
        events: K.
        level: Confidence level.
    """
    imagined = np.broadcast_to([1.0 / events, -1.0 / events], (*apart.shape[:-1], 2))
    padded = np.concatenate([apart, imagined], axis=-1)
    error = padded.std(axis=-1, ddof=1) / np.sqrt(padded.shape[-1])
    half = special.stdtrit(padded.shape[-1] - 1, 0.5 + level / 2) * error
    value, middle = apart.mean(axis=-1), padded.mean(axis=-1)
    lower = np.maximum(-1.0, np.minimum(value, middle - half))
    return value, lower, np.minimum(1.0, np.maximum(value, middle + half))
