"""Whether counts forecast together are even, when one future's counts hang together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from workbench.measures.scoring import count_chances

Floats = npt.NDArray[np.float64]

_END = 1e-6  # values nearer to 0 and 1 are held there: their scores would have no end
_SAME = 1e-12  # distances this close are equal: they differ by rounding alone


@dataclass(frozen=True)
class JointEvenness:
    """How unusual what was seen is among the model's own futures.

    Attributes:
        p_value: Share of futures, what was seen among them, whose transform is at least as far from
            even. It answers whether level and spread are such as the model allows for.
        shape_p_value: The same once each future's own level has been taken out: it answers whether
            counts lie about their common level as the model has it, where a year that may be good
            or bad for all hides that from the first.
        futures: How many were compared, what was seen among them.
    """

    p_value: float
    shape_p_value: float
    futures: int


def joint_evenness(
    samples: npt.ArrayLike, observed: npt.ArrayLike, *, seed: int
) -> JointEvenness | None:
    """Hold counts against futures of all of them together; None with no counts.

    Where a good or bad year moves every count of one future together, values of the transform are
    even one by one but depend on each other, and A. N. Kolmogorov's distances, which are those of
    independent values, are passed far too often. So each simulated future is taken in turn for what
    happened and held against all others, what was seen among them; where the forecast is right,
    what was seen ranks anywhere among them, whatever the dependence.

    Forecasts judged as one law of all that may happen: A. P. Dawid, "Statistical theory: the
    prequential approach", Journal of the Royal Statistical Society A 147, 1984; by what the model
    itself would show: G. E. P. Box, "Sampling and Bayes' inference in scientific modelling and
    robustness", the same A 143, 1980; shares that count what was seen as one of the futures: J.
    Besag and P. Clifford, "Generalized Monte Carlo significance tests", Biometrika 76, 1989.

    The transform is that of `randomised_pit`, with the same draw for the same seed. For the shape,
    values are turned into normal scores, less the mean of their future, and held against the scores
    of all futures together.

    Args:
        samples: Simulated counts, draws x cases; one draw is one future of all cases.
        observed: Counts seen, one a case.
        seed: Seed of the places drawn within each count's own chance.

    Raises:
        BadInput: As for `count_chances`.
    """
    count_chances(samples, observed)
    seen = np.asarray(observed, dtype=float).reshape(1, -1)
    if not seen.size:
        return None
    every = np.vstack([seen, np.asarray(samples, dtype=float)])
    others = len(every) - 1
    below = stats.rankdata(every, method="min", axis=0) - 1.0
    at_most = stats.rankdata(every, method="max", axis=0) - 1.0
    # The first row is that of `randomised_pit`; others keep clear of draws made with the same seed.
    own, apart = (np.random.Generator(bits) for bits in (np.random.Philox(seed),
                  np.random.Philox(seed).jumped()))  # fmt: skip
    place = np.vstack([own.random(seen.shape), apart.random((others, seen.shape[1]))])
    values = (below + place * (at_most - below)) / others
    scores = special.ndtri(np.clip(values, _END, 1.0 - _END))
    shape = scores - scores.mean(axis=1, keepdims=True)
    ranks = (stats.rankdata(shape).reshape(shape.shape) - 0.5) / shape.size
    return JointEvenness(_share(_distances(values)), _share(_distances(ranks)), len(every))


def _share(distances: Floats) -> float:
    """Return the share of distances at least as great as the first."""
    return float((distances >= distances[0] - _SAME).mean())


def _distances(values: Floats) -> Floats:
    """Return each row's greatest distance from even (A. N. Kolmogorov 1933)."""
    ordered, count = np.sort(values, axis=1), values.shape[1]
    steps = np.arange(count + 1) / count
    over = (steps[1:] - ordered).max(axis=1)
    return np.asarray(np.maximum(over, (ordered - steps[:-1]).max(axis=1)))
