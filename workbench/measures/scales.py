"""Scales: several questions, answered by the same people, that are read as one measure."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.multivariate.factor import Factor

from workbench.errors import BadInput
from workbench.measures.intervals import Interval
from workbench.measures.resampling import mean_interval

Floats = npt.NDArray[np.float64]
LEAST_UNIQUENESS = 1e-3  # below it the factor claims an item whole: an improper solution


@dataclass(frozen=True)
class Scale:
    """What a scale says, and how far its items hang together.

    Attributes:
        items: How many questions.
        n: Respondents who answered every question; nobody else counts.
        mean: Mean of the respondents' means, in the unit of an answer.
        alpha: Cronbach's alpha, or None where it cannot be worked out.
        omega: McDonald's omega total, or None where it cannot be worked out.
        interval: Interval of `mean`.
    """

    items: int
    n: int
    mean: float
    alpha: float | None
    omega: float | None
    interval: Interval


def scale(
    answers: pd.DataFrame,
    confidence: float = 0.95,
    *,
    lowest: float = 1.0,
    highest: float = 5.0,
) -> Scale | None:
    """Read a scale from its answers; None when nobody answered every question.

    The interval is Student's t interval of the mean of the respondents' means, kept within the
    answers that can be given. One respondent says nothing of the spread: the interval is then all
    of the possible answers. Where all respondents have the same mean it has no width.

    Args:
        answers: One row a respondent, one column a question, all turned to point the same way.
            Only complete rows count.
        confidence: Nominal coverage of the interval.
        lowest: Lowest answer that can be given.
        highest: Highest answer that can be given.

    Raises:
        BadInput: There is no question, or an answer is outside the possible ones.
    """
    if answers.shape[1] == 0:
        raise BadInput("a scale without questions cannot be read", mend="name its columns")
    whole = _complete(answers)
    if len(whole) == 0:
        return None
    outside = whole[(whole < lowest) | (whole > highest)]
    if outside.size:
        raise BadInput(
            f"an answer of {outside[0]:g} cannot be",
            rule=f"answers are from {lowest:g} to {highest:g}",
            mend="mend the answer, or state the lowest and highest answer",
        )
    own = whole.mean(axis=1)
    mean, lower, upper = float(own.mean()), lowest, highest
    found = mean_interval(own.tolist(), confidence)
    if found is not None:
        mean, lower, upper = found.estimate, max(lowest, found.lower), min(highest, found.upper)
    return Scale(
        items=answers.shape[1],
        n=len(whole),
        mean=mean,
        alpha=cronbach_alpha(answers),
        omega=mcdonald_omega(answers),
        interval=Interval(mean, lower, upper, confidence),
    )


def cronbach_alpha(answers: pd.DataFrame) -> float | None:
    """Return coefficient alpha of the sum of k items.

    k/(k - 1) times 1 less the sum of the items' variances over the variance of their sum:
    L. J. Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16, 1951.
    None with fewer than two items or respondents, and where all respondents have the same sum.
    Items that point different ways make it negative.

    Args:
        answers: One row a respondent, one column an item; only complete rows count.
    """
    whole = _complete(answers)
    count, items = whole.shape
    if items < 2 or count < 2:
        return None
    total = float(whole.sum(axis=1).var(ddof=1))
    if np.isclose(total, 0.0):
        return None
    return float(items / (items - 1) * (1.0 - whole.var(axis=0, ddof=1).sum() / total))


def mcdonald_omega(answers: pd.DataFrame) -> float | None:
    """Return omega total: the part of the sum's variance that one common factor explains.

    (sum of loadings)^2 / ((sum of loadings)^2 + sum of unique variances), with the loadings of a
    one-factor model by maximum likelihood, in the items' own units (R. P. McDonald, "Test theory: a
    unified treatment", 1999). Unlike alpha it does not suppose that all items load alike.

    None with fewer than three items that vary, with no more respondents than items, where the fit
    does not converge, and where it is improper (a factor that explains an item whole). An item that
    all answer alike adds nothing to either variance.

    Args:
        answers: One row a respondent, one column an item; only complete rows count.
    """
    whole = _complete(answers)
    if len(whole) < 2:
        return None
    spread = whole.std(axis=0, ddof=1)
    varying = ~np.isclose(spread, 0.0)
    if len(whole) <= varying.sum():
        return None
    # Correlations of fewer than three items are refused below; of none, not even defined.
    correlations = np.atleast_2d(np.corrcoef(whole[:, varying], rowvar=False))
    return omega_of(correlations, spread[varying], len(whole)) if varying.sum() > 2 else None


def omega_of(correlations: Floats, spread: Floats, n: int) -> float | None:
    """Return omega total of items known by their correlations; None as for `mcdonald_omega`.

    Args:
        correlations: Items x items.
        spread: Standard deviation of each item.
        n: Respondents.
    """
    items = len(spread)
    if items < 3:
        return None
    # A stated start: the library would draw one from the machine's own chance.
    start = (np.full((items, 1), 0.7), np.full(items, 0.5))
    model = Factor(n_factor=1, corr=correlations, nobs=n, method="ml")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(start=start, opt={"gtol": 1e-6})
    except (np.linalg.LinAlgError, ValueError):
        return None
    fit, unique = model.mle_retvals, np.asarray(model.uniqueness, float)
    # A last step lost to rounding is no failure where the slope is level.
    level = bool(fit.success) or float(np.abs(fit.jac).max()) < 1e-4
    if not level or not np.isfinite(fit.fun) or unique.min() < LEAST_UNIQUENESS:
        return None
    common = float((np.asarray(model.loadings, float)[:, 0] * spread).sum()) ** 2
    own = float((unique * spread**2).sum())
    return common / (common + own)


def _complete(answers: pd.DataFrame) -> Floats:
    return answers.dropna().to_numpy(dtype=float)
