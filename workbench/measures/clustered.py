"""Least squares with intervals that stand where units come in few, unequal clusters.

The ordinary cluster-robust variance is too small with few clusters, and its normal quantiles too
short. Here each cluster's residuals are first freed of what the fit took from them (CR2), and the
t distribution gets the degrees of freedom that match the estimate's own doubt: R. M. Bell and D. F.
McCaffrey, "Bias reduction in standard errors for linear regression with multi-stage samples",
Survey Methodology 28 (2002), 169-181, in the form of J. E. Pustejovsky and E. Tipton, "Small-sample
methods for cluster-robust variance estimation and hypothesis testing in fixed effects models",
Journal of Business and Economic Statistics 36 (2018), 672-683, with independent units of equal
variance as the working model. statsmodels has neither.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from workbench.errors import BadInput
from workbench.measures.intervals import Interval

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_ALONE = 1e-9  # of a direction: a cluster that leaves less to the others decides it alone


@dataclass(frozen=True)
class Estimate:
    """One number of a fit with its doubt.

    Attributes:
        value: The estimate, in the outcome's unit.
        error: Its standard error (CR2).
        degrees: Degrees of freedom of the t distribution it is held against.
        confidence: Nominal coverage of the interval.
    """

    value: float
    error: float
    degrees: float
    confidence: float = 0.95

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return float(stats.t.ppf(0.5 + self.confidence / 2, self.degrees)) * self.error

    @property
    def interval(self) -> Interval:
        """The estimate with its interval."""
        return Interval(self.value, self.value - self.half, self.value + self.half, self.confidence)

    @property
    def p_value(self) -> float:
        """Probability of an estimate at least as far from zero if the truth were zero."""
        return float(2 * stats.t.sf(abs(self.value) / self.error, self.degrees))

    def detectable(self, power: float = 0.8) -> float:
        """Return the smallest true effect found with this power, in the outcome's unit.

        The standard error times the sum of two quantiles of t, for the test and for the power
        (H. S. Bloom, "Minimum detectable effects", Evaluation Review 19, 1995, 547-556).
        """
        asked = stats.t.ppf(0.5 + self.confidence / 2, self.degrees)
        return float(asked + stats.t.ppf(power, self.degrees)) * self.error


@dataclass(frozen=True)
class ClusteredFit:
    """A least-squares fit with what its intervals are made of.

    Attributes:
        coefficients: Length k.
        inverse: Inverse of X'X, k x k.
        crossed: X'X of each cluster, clusters x k x k.
        adjusted: What turns a contrast into each cluster's adjusted leverage, clusters x k x k.
        scores: X'e of each cluster, clusters x k.
    """

    coefficients: Floats
    inverse: Floats
    crossed: Floats
    adjusted: Floats
    scores: Floats

    @property
    def clusters(self) -> int:
        """Number of clusters."""
        return len(self.scores)

    def estimate(self, contrast: Floats, *, confidence: float = 0.95) -> Estimate:
        """Return a weighted sum of coefficients with its standard error and degrees of freedom.

        Args:
            contrast: Weight of each coefficient, length k.
            confidence: Nominal coverage of the interval.

        Raises:
            BadInput: The data leave no doubt to estimate: residuals are all zero, or one cluster
                decides the sum alone.
        """
        reach = self.adjusted @ contrast  # clusters x k
        pulled = np.einsum("gij,gj->gi", self.crossed, reach)
        own = np.einsum("gi,gi->g", reach, pulled)
        fitted = np.einsum("gi,ij,gj->g", pulled, self.inverse, pulled)
        variance = float((np.einsum("gi,gi->g", reach, self.scores) ** 2).sum())
        mixed = self.inverse @ (pulled.T @ pulled)
        trace = float((own - fitted).sum())
        squares = float((own**2 - 2 * own * fitted).sum() + np.trace(mixed @ mixed))
        if variance <= 0.0 or trace <= 0.0 or squares <= 0.0:
            raise BadInput(
                "the data leave no doubt to estimate an interval from",
                rule="at least two clusters bear on the estimate, and their values vary",
                mend="leave out what rests on one cluster",
            )
        value = float(contrast @ self.coefficients)
        return Estimate(value, float(np.sqrt(variance)), trace**2 / squares, confidence)


def cluster_pulls(fit: ClusteredFit, contrasts: Floats) -> Floats:
    """Return what each cluster bears on several sums of coefficients, for a test of them together.

    Args:
        fit: The fit.
        contrasts: Weights of each sum's coefficients, k x q.

    Returns:
        Clusters x q; the squares of a column add up to the sum's variance (CR2).
    """
    return np.asarray(np.einsum("gkq,gk->gq", fit.adjusted @ contrasts, fit.scores))


def clustered_fit(design: Floats, outcome: Floats, clusters: Ints) -> ClusteredFit:
    """Fit by least squares and keep what cluster-robust intervals need.

    Args:
        design: X, n x k.
        outcome: y, length n.
        clusters: Number of each row's cluster, any integers, length n.

    Raises:
        BadInput: A value is missing, columns of the design depend on each other, or there are
            fewer than two clusters.
    """
    _refuse_bad(design, outcome, clusters)
    names, place = np.unique(clusters, return_inverse=True)
    order = np.argsort(place, kind="stable")
    x, y = design[order], outcome[order]
    starts = np.searchsorted(place[order], np.arange(len(names)))
    values, vectors = np.linalg.eigh(x.T @ x)
    if values[0] <= 1e-10 * values[-1]:
        raise BadInput(
            "columns of the design depend on each other",
            rule="each coefficient can be told from the others",
            mend="leave out a column, or groups with nothing to compare",
        )
    inverse = (vectors / values) @ vectors.T
    root = (vectors / np.sqrt(values)) @ vectors.T
    coefficients = inverse @ (x.T @ y)
    left = y - x @ coefficients
    scores = np.add.reduceat(x * left[:, None], starts, axis=0)
    crossed = _crossed(x, starts)
    adjusted = root @ _freed(root @ crossed @ root) @ root
    return ClusteredFit(coefficients, inverse, crossed, adjusted, scores)


def _crossed(x: Floats, starts: Ints) -> Floats:
    """Return X'X of each cluster, clusters x k x k, a column at a time to spare memory."""
    found = np.empty((len(starts), x.shape[1], x.shape[1]))
    for column in range(x.shape[1]):
        found[:, column] = np.add.reduceat(x * x[:, [column]], starts, axis=0)
    return found


def _freed(taken: Floats) -> Floats:
    """Return (I - Q)^(-1/2) of each cluster, as a generalised inverse.

    A function of the hat matrix X M X' applied to X is X times the function of M X'X, so that
    k x k matrices do for clusters of any size.
    """
    values, vectors = np.linalg.eigh(taken)
    spare = 1.0 - values
    alone = spare < _ALONE
    factor = np.where(alone, 0.0, 1.0 / np.sqrt(np.where(alone, 1.0, spare)))
    return np.asarray((vectors * factor[:, None, :]) @ np.swapaxes(vectors, 1, 2))


def _refuse_bad(design: Floats, outcome: Floats, clusters: Ints) -> None:
    if not (np.isfinite(design).all() and np.isfinite(outcome).all()):
        raise BadInput(
            "a value is missing or without end",
            rule="every row has every number",
            mend="leave out rows without one",
        )
    if len(np.unique(clusters)) < 2:
        raise BadInput(
            "one cluster cannot say how clusters differ",
            rule="at least two clusters",
            mend="bring more trusts, or cluster by something finer",
        )
