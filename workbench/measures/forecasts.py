"""How good forecasts of yes-or-no outcomes were."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
from scipy.stats import DegenerateDataWarning, bootstrap

from workbench.errors import BadInput
from workbench.measures.intervals import Interval

Floats = npt.NDArray[np.float64]
_SAME = 1e-12  # resamples this close differ by rounding alone


def brier(probabilities: npt.ArrayLike, outcomes: npt.ArrayLike) -> float | None:
    """Return the mean squared difference between forecast and outcome; None with no forecasts.

    G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather
    Review 78, 1950, in the form for one event, half of his sum over event and non-event: 0 is
    perfect, 0.25 is what forecasts of one half always get.

    Args:
        probabilities: Forecast probabilities, 0 to 1.
        outcomes: What happened, 0 or 1 (or False and True).

    Raises:
        BadInput: The two differ in length, or hold a value that cannot be.
    """
    forecast, happened = _paired(probabilities, outcomes)
    return float(((forecast - happened) ** 2).mean()) if len(forecast) else None


def brier_skill(
    probabilities: npt.ArrayLike, outcomes: npt.ArrayLike, base_rate: float | None = None
) -> float | None:
    """Return 1 less the Brier score over that of always forecasting the base rate.

    1 is perfect, 0 no better than the base rate, negative worse (A. H. Murphy, "Skill scores based
    on the mean square error", Monthly Weather Review 116, 1988). None with no forecasts, and where
    the base rate alone would have been perfect.

    Args:
        probabilities: Forecast probabilities, 0 to 1.
        outcomes: What happened, 0 or 1.
        base_rate: The rate known beforehand; by default that of the outcomes themselves, which no
            forecaster could have known and which is therefore the harder to beat.

    Raises:
        BadInput: As for `brier`, or the base rate is outside 0 to 1.
    """
    forecast, happened = _paired(probabilities, outcomes)
    if base_rate is not None and not 0 <= base_rate <= 1:
        raise BadInput(f"a base rate of {base_rate:g} cannot be", rule="0 to 1", mend="mend it")
    skill = float(_skill(forecast, happened, base_rate)) if len(forecast) else np.nan
    return None if np.isnan(skill) else skill


def brier_skill_interval(
    probabilities: npt.ArrayLike,
    outcomes: npt.ArrayLike,
    base_rate: float | None = None,
    *,
    seed: int,
    draws: int = 2000,
    confidence: float = 0.95,
    fewest: int = 5,
) -> Interval | None:
    """Estimate the skill with a percentile bootstrap interval over forecasts.

    Forecast and outcome are drawn together (B. Efron, "Bootstrap methods: another look at the
    jackknife", Annals of Statistics 7, 1979), as if forecasts were independent of each other. Draws
    in which the skill is undefined are left out. None where the skill itself is undefined, with
    too few forecasts, and where most draws have no skill or all have the same: resamples of a few
    forecasts that are alike say nothing of the next one.

    Args:
        probabilities: As for `brier_skill`.
        outcomes: As for `brier_skill`.
        base_rate: As for `brier_skill`.
        seed: Seed of the draws.
        draws: How many.
        confidence: Nominal coverage.
        fewest: Fewer forecasts than this have no interval; at least two are needed.
    """
    skill = brier_skill(probabilities, outcomes, base_rate)
    forecast, happened = _paired(probabilities, outcomes)
    if skill is None or len(forecast) < max(fewest, 2):
        return None
    with warnings.catch_warnings():
        # The library warns of draws without a skill, which are left out below.
        warnings.simplefilter("ignore", DegenerateDataWarning)
        drawn = bootstrap(
            (forecast, happened),
            lambda one, other, axis=-1: _skill(one, other, base_rate, axis),
            n_resamples=draws,
            paired=True,
            vectorized=True,
            method="percentile",
            rng=np.random.Generator(np.random.Philox(seed)),
        ).bootstrap_distribution
    known = drawn[~np.isnan(drawn)]
    if 2 * len(known) < draws or np.ptp(known) <= _SAME:
        return None
    lower, upper = np.quantile(known, [0.5 - confidence / 2, 0.5 + confidence / 2])
    return Interval(skill, min(skill, float(lower)), max(skill, float(upper)), confidence)


def _skill(forecast: Floats, happened: Floats, base_rate: float | None, axis: int = -1) -> Floats:
    """Return the skill along an axis, NaN where the base rate alone is perfect."""
    rate = happened.mean(axis=axis, keepdims=True) if base_rate is None else base_rate
    own = np.asarray(((forecast - happened) ** 2).mean(axis=axis))
    reference = np.asarray(((rate - happened) ** 2).mean(axis=axis))
    worse = np.divide(own, reference, out=np.full_like(own, np.nan), where=reference > 0)
    return np.asarray(1.0 - worse)


def _paired(probabilities: npt.ArrayLike, outcomes: npt.ArrayLike) -> tuple[Floats, Floats]:
    forecast = np.asarray(probabilities, dtype=float).ravel()
    happened = np.asarray(outcomes, dtype=float).ravel()
    if len(forecast) != len(happened):
        raise BadInput(
            f"{len(forecast)} forecasts cannot be held against {len(happened)} outcomes",
            rule="one outcome for each forecast",
            mend="leave out forecasts that cannot be judged yet",
        )
    wrong = forecast[~((forecast >= 0) & (forecast <= 1))]
    if wrong.size:
        raise BadInput(
            f"a probability of {wrong[0]:g} cannot be", rule="0 to 1", mend="write 0.7 for 70%"
        )
    wrong = happened[(happened != 0) & (happened != 1)]
    if wrong.size:
        raise BadInput(
            f"an outcome of {wrong[0]:g} cannot be",
            rule="0 (did not happen) or 1 (happened)",
            mend="leave out forecasts that cannot be judged yet",
        )
    return forecast, happened
