"""One common factor behind several items: how much of each it explains."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize

Floats = npt.NDArray[np.float64]
LEVEL = 1e-4  # a slope below it is level, where a last step was lost to rounding


@dataclass(frozen=True, eq=False)
class OneFactor:
    """A one-factor model of standardised items.

    Attributes:
        loadings: Correlation of each item with the factor; all signs may be turned together.
        unique: Share of each item's variance that the factor leaves unexplained.
    """

    loadings: Floats
    unique: Floats


def one_factor(correlations: Floats) -> OneFactor | None:
    """Fit one common factor by maximum likelihood; None where the fit does not converge.

    The likelihood of K. G. Joreskog, "Some contributions to maximum likelihood factor analysis",
    Psychometrika 32, 1967, over loadings and roots of the unique variances together, so that no
    variance falls below 0. The inverse of the fitted matrix is that of J. Sherman and W. J.
    Morrison, Annals of Mathematical Statistics 21, 1950.

    Args:
        correlations: Items x items, at least three items.
    """
    items = len(correlations)
    start = np.concatenate([np.full(items, 0.5) ** 0.5, np.full(items, 0.7)])
    try:
        with warnings.catch_warnings():
            # A step too far overflows, and the search steps back.
            warnings.simplefilter("ignore")
            fit = optimize.minimize(
                _misfit, start, (correlations,), "BFGS", jac=True, options={"gtol": 1e-6}
            )
    except (np.linalg.LinAlgError, ValueError):
        return None
    level = bool(fit.success) or float(np.abs(fit.jac).max()) < LEVEL
    if not level or not np.isfinite(fit.fun):
        return None
    return OneFactor(loadings=fit.x[items:], unique=fit.x[:items] ** 2)


def _misfit(point: Floats, correlations: Floats) -> tuple[float, Floats]:
    """Return the negative log-likelihood of a respondent and an item, and its slopes."""
    items = len(correlations)
    roots, loadings = point[:items], point[items:]
    unique = roots**2
    weighed = loadings / unique
    known = 1.0 + float(loadings @ weighed)
    inverse = np.diag(1.0 / unique) - np.outer(weighed, weighed) / known
    product = inverse @ correlations
    misfit = float(np.log(unique).sum() + np.log(known) + np.trace(product))
    excess = inverse - product @ inverse
    slopes = np.concatenate([2.0 * roots * np.diag(excess), 2.0 * excess @ loadings])
    return misfit / (2 * items), slopes / (2 * items)
