"""Scores of forecasts held against what happened: logarithmic score, reliability, counts, gains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from workbench.errors import BadInput
from workbench.measures.forecasts import brier
from workbench.measures.intervals import Interval, proportion_interval

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_ENDS = 1e-9  # quantiles and cumulative shares this close differ by rounding alone


def log_score(
    probabilities: npt.ArrayLike, outcomes: npt.ArrayLike, *, least: float = 0.0
) -> float | None:
    """Return the mean of minus the logarithm of the chance given to what happened.

    Less is better; 0 is perfect and 0.693 is what forecasts of one half always get. I. J. Good,
    "Rational decisions", Journal of the Royal Statistical Society B 14, 1952. None with no
    forecasts.

    Args:
        probabilities: Forecast probabilities, 0 to 1.
        outcomes: What happened, 0 or 1.
        least: No chance is taken for smaller than this, nor for larger than 1 less it. With 0, a
            forecast that was certain and wrong makes the score infinite.

    Raises:
        BadInput: The two differ in length, hold a value that cannot be, or `least` cannot be.
    """
    if not 0 <= least < 0.5:
        raise BadInput(f"a least chance of {least:g} cannot be", rule="0 <= least < 0.5")
    if brier(probabilities, outcomes) is None:
        return None
    forecast = np.clip(np.asarray(probabilities, dtype=float).ravel(), least, 1.0 - least)
    given = np.where(np.asarray(outcomes, dtype=float).ravel() == 1, forecast, 1.0 - forecast)
    with np.errstate(divide="ignore"):  # certain and wrong: infinity is the answer
        return float(-np.log(given).mean())


@dataclass(frozen=True)
class Group:
    """Forecasts that were alike, and what came of them.

    Attributes:
        forecast: Mean of the forecasts.
        seen: Share that happened, with its interval (E. B. Wilson's).
        count: How many.
    """

    forecast: float
    seen: Interval
    count: int


def reliability_curve(
    probabilities: npt.ArrayLike, outcomes: npt.ArrayLike, groups: int = 10
) -> tuple[Group, ...]:
    """Return forecasts in groups of about one size, from low to high, beside what happened.

    A group's forecasts are right where its share seen is near their mean (A. H. Murphy and R. L.
    Winkler, "Reliability of subjective probability forecasts of precipitation and temperature",
    Applied Statistics 26, 1977). Equal forecasts stay together, so groups may be fewer and uneven.

    Args:
        probabilities: Forecast probabilities, 0 to 1.
        outcomes: What happened, 0 or 1.
        groups: At most how many groups.

    Raises:
        BadInput: As for `log_score`, or there is no group.
    """
    if groups < 1:
        raise BadInput(f"{groups} groups cannot be", rule="groups >= 1", mend="use 10")
    if brier(probabilities, outcomes) is None:
        return ()
    forecast = np.asarray(probabilities, dtype=float).ravel()
    happened = np.asarray(outcomes, dtype=float).ravel()
    edges = np.unique(np.quantile(forecast, np.linspace(0.0, 1.0, groups + 1)[1:-1]))
    place = np.searchsorted(edges, forecast, side="left")
    found = []
    for each in np.unique(place):
        here = place == each
        seen = proportion_interval(int(happened[here].sum()), int(here.sum()))
        if seen is not None:
            found.append(Group(float(forecast[here].mean()), seen, int(here.sum())))
    return tuple(found)


@dataclass(frozen=True)
class Gain:
    """How much less one score is than another, as a share of the other, with its interval.

    Attributes:
        share: 1 less the ratio of mean losses; above 0 the first forecasts were better.
        lower: Lower end of the interval.
        upper: Upper end.
        clusters: Groups that were drawn whole.
    """

    share: float
    lower: float
    upper: float
    clusters: int


def gain(
    losses: npt.ArrayLike,
    reference: npt.ArrayLike,
    clusters: npt.ArrayLike,
    *,
    seed: int,
    draws: int = 1000,
    confidence: float = 0.95,
) -> Gain | None:
    """Return the share by which mean loss is less than that of reference forecasts.

    The interval is the percentile interval of a bootstrap that draws whole clusters, since schools
    of one trust, or of one area, are not independent of each other (A. C. Davison and D. V.
    Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8).

    Args:
        losses: Loss of each forecast, such as its squared error.
        reference: Loss of the reference forecast of the same outcome.
        clusters: What each belongs to; any values that tell clusters apart.
        seed: Seed of the draws.
        draws: How many.
        confidence: Nominal coverage.

    Returns:
        None with fewer than two clusters, or where the reference lost nothing.

    Raises:
        BadInput: The three differ in length, or a loss is missing or infinite.
    """
    own, other = np.asarray(losses, dtype=float).ravel(), np.asarray(reference, dtype=float).ravel()
    names = np.asarray(clusters).ravel()
    if not len(own) == len(other) == len(names):
        raise BadInput(
            f"{len(own)} losses, {len(other)} of the reference and {len(names)} clusters differ",
            rule="one of each for every forecast",
            mend="score both forecasts on the same outcomes",
        )
    if not (np.isfinite(own).all() and np.isfinite(other).all()):
        raise BadInput(
            "a loss is missing or infinite",
            rule="losses are finite",
            mend="for logarithmic scores give a least chance",
        )
    kinds, place = np.unique(names, return_inverse=True)
    if len(kinds) < 2 or other.sum() <= 0:
        return None
    sums = np.bincount(place, own), np.bincount(place, other)
    stream = np.random.Generator(np.random.Philox(seed))
    drawn = stream.multinomial(len(kinds), np.full(len(kinds), 1.0 / len(kinds)), size=draws)
    below = drawn @ sums[1]
    shares = 1.0 - (drawn @ sums[0])[below > 0] / below[below > 0]
    lower, upper = np.quantile(shares, [0.5 - confidence / 2, 0.5 + confidence / 2])
    return Gain(float(1.0 - own.sum() / other.sum()), float(lower), float(upper), len(kinds))


def count_chances(samples: npt.ArrayLike, observed: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the simulated chance of fewer than the count seen, and of at most it.

    Args:
        samples: Simulated counts, draws x cases.
        observed: Counts seen, one a case.

    Returns:
        Two arrays, one value a case.

    Raises:
        BadInput: The two do not fit, there are no draws, or a count is missing.
    """
    drawn, seen = np.asarray(samples, dtype=float), np.asarray(observed, dtype=float).ravel()
    if drawn.ndim != 2 or drawn.shape[1] != len(seen) or not len(drawn):
        raise BadInput(
            f"simulated counts of shape {drawn.shape} do not fit {len(seen)} counts seen",
            rule="a row a draw, a column a count seen",
            mend="simulate each case that was seen, and no other",
        )
    if not (np.isfinite(drawn).all() and np.isfinite(seen).all()):
        raise BadInput("a count is missing", rule="every count is a number")
    return (drawn < seen).mean(axis=0), (drawn <= seen).mean(axis=0)


def randomised_pit(below: npt.ArrayLike, at_most: npt.ArrayLike, *, seed: int) -> Floats:
    """Return the randomised probability integral transform of counts.

    Where forecasts are right the values are spread evenly from 0 to 1, whatever the counts. C.
    Czado, T. Gneiting and L. Held, "Predictive model assessment for count data", Biometrics 65,
    2009, equation 1 and before; after J. B. Brockwell, Statistics and Probability Letters 77, 2007.

    Args:
        below: Forecast chance of fewer than the count seen, one a case.
        at_most: Forecast chance of the count seen or fewer.
        seed: Seed of the place drawn within each count's own chance.
    """
    low, high = _chances(below, at_most)
    return np.asarray(low + np.random.Generator(np.random.Philox(seed)).random(len(low))
                      * (high - low))  # fmt: skip


def pit_histogram(below: npt.ArrayLike, at_most: npt.ArrayLike, bins: int = 10) -> Floats:
    """Return the share of the transform in each of some equal bins, without drawing.

    It is the mean over cases of what `randomised_pit` would give by chance: Czado, Gneiting and
    Held 2009, section 2.1. Each share is 1 / bins where forecasts are right.

    Args:
        below: As for `randomised_pit`.
        at_most: As for `randomised_pit`.
        bins: How many.
    """
    low, high = _chances(below, at_most)
    edges = np.linspace(0.0, 1.0, bins + 1)[:, None]
    width = np.maximum(high - low, _ENDS)
    cumulative = np.clip((edges - low) / width, 0.0, 1.0).mean(axis=1)
    cumulative[-1] = 1.0
    return np.asarray(np.diff(cumulative))


@dataclass(frozen=True)
class Evenness:
    """How far transformed values are from spread evenly.

    Attributes:
        distance: Greatest distance between their cumulative share and that of even spread.
        p_value: Chance of a distance as great, were they even and independent.
        count: How many.
    """

    distance: float
    p_value: float
    count: int


def evenness(values: npt.ArrayLike) -> Evenness | None:
    """Hold values from 0 to 1 against an even spread; None with no values.

    A. N. Kolmogorov's test, "Sulla determinazione empirica di una legge di distribuzione",
    Giornale dell'Istituto Italiano degli Attuari 4, 1933.
    """
    found = np.asarray(values, dtype=float).ravel()
    if not len(found):
        return None
    tested = stats.kstest(found, "uniform")
    return Evenness(float(tested.statistic), float(tested.pvalue), len(found))


@dataclass(frozen=True)
class Mass:
    """A central interval of a forecast: how often counts fell in it, and how often they should.

    Attributes:
        level: The nominal share, such as 0.9.
        model: Mean chance of the interval by the forecast itself: for counts never less than
            nominal, since an interval holds whole numbers.
        seen: Share of counts that fell in it.
        count: Cases.
        doubt: Standard deviation of that share from future to future, if the forecast is right:
            more than chance alone where a year moves all counts together.
    """

    level: float
    model: float
    seen: float
    count: int
    doubt: float = 0.0

    @property
    def difference(self) -> float:
        """The share seen less the model's: above 0 the intervals were too wide."""
        return self.seen - self.model


def interval_masses(
    samples: npt.ArrayLike, observed: npt.ArrayLike, levels: tuple[float, ...] = (0.5, 0.8, 0.9)
) -> tuple[Mass, ...]:
    """Return how often counts fell in central intervals of simulated counts, beside their chance.

    An interval runs from the smallest count with at least half of what is left out at or below it
    to the smallest that leaves no more than that half above it.

    Args:
        samples: Simulated counts, draws x cases.
        observed: Counts seen, one a case.
        levels: Nominal shares, above 0 and below 1.

    Raises:
        BadInput: As for `count_chances`.
    """
    count_chances(samples, observed)
    given = np.asarray(samples, dtype=float)
    drawn = np.sort(given, axis=0)
    seen, last = np.asarray(observed, dtype=float).ravel(), len(drawn) - 1
    found = []
    for level in levels:
        tail = (1.0 - level) / 2.0
        places = [int(np.ceil(share * len(drawn) - _ENDS)) - 1 for share in (tail, 1.0 - tail)]
        lower, upper = (drawn[min(max(place, 0), last)] for place in places)
        futures = ((given >= lower) & (given <= upper)).mean(axis=1)
        held = (seen >= lower) & (seen <= upper)
        found.append(
            Mass(level, float(futures.mean()), float(held.mean()), len(seen), float(futures.std()))
        )
    return tuple(found)


def _chances(below: npt.ArrayLike, at_most: npt.ArrayLike) -> tuple[Floats, Floats]:
    low, high = np.asarray(below, dtype=float).ravel(), np.asarray(at_most, dtype=float).ravel()
    if len(low) != len(high) or not ((low >= 0) & (low <= high) & (high <= 1)).all():
        raise BadInput(
            "chances of fewer and of at most the count seen do not fit each other",
            rule="0 <= below <= at most <= 1, one pair a case",
            mend="take both from `count_chances`",
        )
    return low, high
