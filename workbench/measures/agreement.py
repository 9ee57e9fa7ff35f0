"""How far people who judge the same things agree, beyond what chance alone would bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import krippendorff
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa

from workbench.errors import BadInput
from workbench.measures.intervals import Interval, proportion_interval

Weights = Literal["linear", "quadratic"]
Level = Literal["nominal", "ordinal", "interval"]
_NO_ERROR = 1e-6  # the square root of what rounding leaves of a variance of zero


def weighted_kappa(
    first: Sequence[str | None],
    second: Sequence[str | None],
    categories: Sequence[str],
    weights: Weights = "quadratic",
    confidence: float = 0.95,
) -> Interval | None:
    """Estimate weighted kappa of two judges, 1 for full agreement and 0 for no more than chance.

    J. Cohen, "Weighted kappa", Psychological Bulletin 70, 1968; the standard error is that of J. L.
    Fleiss, J. Cohen and B. S. Everitt, "Large sample standard errors of kappa and weighted kappa",
    Psychological Bulletin 72, 1969. That error is zero in cases where the data leave much open.
    Where all pairs agree, the lower end is kappa at the lowest share of agreement that the exact
    interval leaves open. In every other such case the interval is all of -1 to 1: where one judge
    gave a single category throughout, so that kappa is 0 whatever the other did, and where a few
    pairs disagree in step.

    None with no pairs, and where both judges gave one and the same category throughout.

    Args:
        first: One judge's categories; None where there is no judgement.
        second: The other's, of the same things in the same order.
        categories: All categories, in order.
        weights: Whether disagreement grows with the steps between categories or with their square.
        confidence: Nominal coverage.

    Raises:
        BadInput: The lists differ in length, or hold a category that is not one of `categories`.
    """
    if not 0 < confidence < 1:
        raise BadInput(
            f"a confidence of {confidence:g} cannot be",
            rule="0 < confidence < 1",
            mend="write 0.95 for 95%",
        )
    table = _crossed(first, second, categories)
    n = int(table.sum())
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    chance = float((rows * columns).sum()) / max(n, 1) ** 2
    if n == 0 or chance == 1.0:
        return None
    if np.trace(table) == n:
        agreed = proportion_interval(n, n, confidence=confidence, method="exact")
        least = agreed.lower if agreed else 0.0
        return Interval(1.0, max(-1.0, (least - chance) / (1.0 - chance)), 1.0, confidence)
    if max(rows.max(), columns.max()) == n:
        return Interval(0.0, -1.0, 1.0, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        # The library also works out a test, which is not used and can be undefined.
        found = cohens_kappa(table, wt=weights)
    kappa = float(found.kappa)
    error = np.sqrt(max(float(found.var_kappa), 0.0))
    if error < _NO_ERROR:
        return Interval(kappa, -1.0, 1.0, confidence)
    half = float(stats.norm.ppf(0.5 + confidence / 2) * error)
    return Interval(kappa, max(-1.0, kappa - half), min(1.0, kappa + half), confidence)


def krippendorff_alpha(ratings: pd.DataFrame, level: Level) -> float | None:
    """Return Krippendorff's alpha of any number of judges, some of whom may be missing.

    1 less observed over expected disagreement: A. F. Hayes and K. Krippendorff, "Answering the call
    for a standard reliability measure for coding data", Communication Methods and Measures 1, 2007.
    None where no thing was judged twice, and where all judgements are the same.

    Args:
        ratings: One row a judge, one column a thing judged, numbers; NaN where there is none.
        level: Whether the numbers are names, an order, or a measure with equal steps.
    """
    return _alpha(*_counted(ratings), level)


def krippendorff_interval(
    ratings: pd.DataFrame,
    level: Level,
    *,
    seed: int,
    draws: int = 1000,
    confidence: float = 0.95,
) -> Interval | None:
    """Estimate Krippendorff's alpha with a percentile bootstrap interval over the things judged.

    As A. Zapf and others advise ("Measuring inter-rater reliability for nominal data", BMC Medical
    Research Methodology 16, 2016). Draws in which all judgements are the same have no alpha and are
    left out. None where alpha itself is undefined, with fewer than two things judged twice, and
    where most draws have no alpha.

    Args:
        ratings: As for `krippendorff_alpha`.
        level: As for `krippendorff_alpha`.
        seed: Seed of the draws.
        draws: How many.
        confidence: Nominal coverage.
    """
    counts, values = _counted(ratings)
    estimate = _alpha(counts, values, level)
    if estimate is None or len(counts) < 2:
        return None
    generator = np.random.Generator(np.random.Philox(seed))
    chosen = generator.integers(len(counts), size=(draws, len(counts)))
    drawn = [_alpha(counts[row], values, level) for row in chosen]
    known = np.array([one for one in drawn if one is not None])
    if 2 * len(known) < draws:
        return None
    lower, upper = np.quantile(known, [0.5 - confidence / 2, 0.5 + confidence / 2])
    return Interval(estimate, min(estimate, float(lower)), max(estimate, float(upper)), confidence)


def _crossed(
    first: Sequence[str | None], second: Sequence[str | None], categories: Sequence[str]
) -> npt.NDArray[np.int64]:
    """Count the pairs that are whole, first judge down and second judge across."""
    if len(first) != len(second):
        raise BadInput(
            f"{len(first)} judgements cannot be paired with {len(second)}",
            rule="two judges judge the same things in the same order",
            mend="write None where a judgement is missing",
        )
    place = {category: index for index, category in enumerate(categories)}
    table = np.zeros((len(place), len(place)), dtype=np.int64)
    for one, other in zip(first, second, strict=True):
        if pd.isna(one) or pd.isna(other):
            continue
        for given in (one, other):
            if given not in place:
                raise BadInput(
                    f"'{given}' is not a category",
                    rule=f"categories are {', '.join(categories)}",
                    mend="mend the judgement or name the category",
                )
        table[place[str(one)], place[str(other)]] += 1
    return table


def _counted(ratings: pd.DataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return how often each thing judged twice or more was given each value, and the values."""
    given = ratings.to_numpy(dtype=float)
    values = np.unique(given[~np.isnan(given)])
    counts = (given.T[:, :, None] == values).sum(axis=1)
    return counts[counts.sum(axis=1) > 1], values


def _alpha(
    counts: npt.NDArray[np.int64], values: npt.NDArray[np.float64], level: Level
) -> float | None:
    used = counts.sum(axis=0) > 0
    if used.sum() < 2:
        return None
    return float(
        krippendorff.alpha(
            value_counts=counts[:, used], value_domain=values[used], level_of_measurement=level
        )
    )
