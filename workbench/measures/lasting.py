"""Counts that differ from unit to unit for good and from year to year by chance, by size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from workbench.errors import BadInput, RunFailed

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

NODES = 15  # of the quadrature over lasting factors
_STEP = 1e-3  # of differences taken for slopes and a curvature
_SETTLED, _MOST_STEPS = 0.01, 10  # standard errors that Newton's last step may have; steps at most
_LEAST, _MOST = np.log(1e-4), np.log(20.0)  # variances are held between: they are none, or no law


@dataclass(frozen=True)
class VarianceBelief:
    """What is believed of how unlike units are, for good and in passing, before counts are seen.

    A variance at size 1 is lognormal, and so is the ratio by which it goes with size: weak beliefs,
    that matter where counts tell little (A. Gelman, "Prior distributions for variance parameters in
    hierarchical models", Bayesian Analysis 1, 2006), and that keep it off 0 (Y. Chung and others,
    "A nondegenerate penalized likelihood estimator for variance parameters in multilevel models",
    Psychometrika 78, 2013).

    Attributes:
        middle: The variance of a logarithm that is as likely to be passed as not.
        width: Standard deviation of its own logarithm.
        by_size: Standard deviation, about 0, of its slope by the logarithm of size.
    """

    middle: float
    width: float
    by_size: float


@dataclass(frozen=True, eq=False)
class LastingCounts:
    """A fitted law of counts.

    Attributes:
        levels: Logarithm of the rate in each period of a unit whose logarithm of size is `middle`.
        middle: The mean of that of all rows, so that levels and slope hang little together.
        by_size: Slope by the logarithm of size.
        covariance: Of levels and slope, in this order.
        lasting: Logarithm of the variance of the logarithm of a unit's lasting factor at size 1,
            and its slope by the logarithm of size.
        passing: The same of the variance of a factor drawn anew in each period, of mean 1.
        units: The units, in order.
        weights: Chance of each node of the lasting factor, units x nodes, given what was seen.
        factors: Lasting factor at each node, units x nodes; its mean beforehand is 1.
    """

    levels: Floats
    middle: float
    by_size: float
    covariance: Floats
    lasting: Floats
    passing: Floats
    units: Integers
    weights: Floats
    factors: Floats


def fit_lasting(
    counts: npt.ArrayLike,
    sizes: npt.ArrayLike,
    exposure: npt.ArrayLike,
    periods: npt.ArrayLike,
    units: npt.ArrayLike,
    *,
    belief: VarianceBelief,
) -> LastingCounts:
    """Fit counts of units over periods, with lasting and passing differences that go with size.

    A count is negative binomial about level x size^slope x lasting factor x exposure: a Poisson
    count whose rate has a passing gamma factor (J. M. Hilbe, "Negative Binomial Regression", 2011).
    The lasting factor is lognormal, its spread that of the unit's size when first seen, so that
    what a unit became by growing is not taken for what it was. It is integrated out by Gauss and
    Hermite's quadrature, and the numbers left are those that make the counts likeliest (Y. Lee, J.
    A. Nelder and Y. Pawitan, "Generalized Linear Models with Random Effects", 2006, for such
    models). Variances that counts cannot tell are held by what is believed of them. The search ends
    with Newton's steps, until none is longer than a hundredth of a standard error.

    Args:
        counts: Counts seen, one a unit and period.
        sizes: Size of the unit when the period began, 1 or more.
        exposure: Years that each was watched.
        periods: Number of the period, from 0.
        units: What each count belongs to.
        belief: Of the variances.

    Raises:
        BadInput: Columns differ in length, a size or exposure is not above 0, or a belief is not.
        RunFailed: Nothing was counted in a period, or the search did not end at a maximum.
    """
    y, size, years = (np.asarray(each, dtype=float).ravel() for each in (counts, sizes, exposure))
    period = np.asarray(periods, dtype=np.int64).ravel()
    names, place, first = _in_order(np.asarray(units).ravel(), period)
    if not len(y) == len(size) == len(years) == len(period) == len(place):
        raise BadInput("columns of counts differ in length", rule="one row a unit and period")
    if not ((size > 0).all() and (years > 0).all()):
        raise BadInput("a size or exposure is not above 0", rule="sizes and exposures above 0")
    if min(belief.middle, belief.width, belief.by_size) <= 0:
        raise BadInput(f"{belief} cannot be", rule="variances and their spreads above 0")
    totals = np.bincount(period, y)
    if not totals.all():
        raise RunFailed(
            f"nothing was counted in period {int(np.argmin(totals)) + 1} of {len(totals)}",
            mend="give periods that are longer, or more units",
        )
    logs = np.log(size)
    middle = float(logs.mean())
    rows = _Rows(y, logs, np.log(years), period, place, logs[first], middle, belief)
    start = np.log(totals / np.bincount(period, size * years)) + middle
    likely = np.log(belief.middle)
    start = np.r_[start, 1.0, likely, 0.0, likely, 0.0]
    found = optimize.minimize(_loss, start, args=(rows,), method="L-BFGS-B",
                              options={"maxiter": 500, "ftol": 1e-10})  # fmt: skip
    x, whole = _settled(found.x, rows)
    many = len(totals)
    covariance = whole[: many + 1, : many + 1]
    chances, factors = _nodes(x, rows)
    weights = special.softmax(chances, axis=1)
    lasting, passing = x[many + 1 :].reshape(2, 2)
    return LastingCounts(
        x[:many], middle, float(x[many]), covariance, lasting, passing, names, weights, factors
    )


def lasting_nodes(
    lasting: Floats, sizes: npt.ArrayLike, nodes: int = NODES
) -> tuple[Floats, Floats]:
    """Return chances (nodes) and factors (units x nodes) of units of which nothing is known."""
    points, weights = np.polynomial.hermite_e.hermegauss(nodes)
    spread = variance(lasting, np.log(np.asarray(sizes, dtype=float)))
    factors = np.exp(np.sqrt(spread)[:, None] * points - spread[:, None] / 2)
    return weights / weights.sum(), factors


def variance(line: Floats, log_sizes: npt.ArrayLike) -> Floats:
    """Return variances of units by the logarithm of their size."""
    level = line[0] + line[1] * np.asarray(log_sizes, dtype=float)
    return np.asarray(np.exp(np.clip(level, _LEAST, _MOST)))


@dataclass(frozen=True, eq=False)
class _Rows:
    counts: Floats
    log_sizes: Floats
    log_years: Floats
    periods: Integers
    places: Integers
    first_sizes: Floats  # logarithm of each unit's size when first seen
    middle: float
    belief: VarianceBelief


def _in_order(units: npt.NDArray[np.generic], period: Integers) -> tuple[Integers, ...]:
    """Return the units, the place of each row among them, and the first row of each."""
    order = np.argsort(period, kind="stable")
    names, first, place = np.unique(units[order], return_index=True, return_inverse=True)
    places = np.empty(len(units), dtype=np.int64)
    places[order] = place
    return names, places, order[first]


def _nodes(x: Floats, rows: _Rows) -> tuple[Floats, Floats]:
    """Return the logarithm of the chance of each unit's counts and node, and its factors."""
    many = rows.periods.max() + 1
    lasting, passing = x[many + 1 :].reshape(2, 2)
    chances, factors = lasting_nodes(lasting, np.exp(rows.first_sizes))
    shape = 1.0 / variance(passing, rows.log_sizes)
    level = x[:many][rows.periods] + x[many] * (rows.log_sizes - rows.middle) + rows.log_years
    mean = np.exp(np.clip(level, -30.0, 15.0))[:, None] * factors[rows.places]
    y, k = rows.counts, shape
    alone = special.gammaln(y + k) - special.gammaln(k) - special.gammaln(y + 1.0) - y * np.log(k)
    # A small m / k keeps its precision where log(k / (k + m)) would lose it.
    ratio = np.log1p(mean / k[:, None])
    each = alone[:, None] - (k + y)[:, None] * ratio + y[:, None] * np.log(mean)
    sums = np.zeros(factors.shape)
    for node in range(NODES):
        sums[:, node] = np.bincount(rows.places, each[:, node], len(sums))
    return sums + np.log(chances), factors


def _loss(x: Floats, rows: _Rows) -> float:
    chances, _ = _nodes(x, rows)
    held, belief = 0.0, rows.belief
    for level, slope in x[rows.periods.max() + 2 :].reshape(2, 2):
        held += ((level - np.log(belief.middle)) / belief.width) ** 2
        held += (slope / belief.by_size) ** 2
    return float(held / 2 - special.logsumexp(chances, axis=1).sum())


def _settled(x: Floats, rows: _Rows) -> tuple[Floats, Floats]:
    """Return the numbers at the maximum near those given, and their covariance.

    Raises:
        RunFailed: There is none: the loss is not curved upwards there, or steps do not grow small.
    """
    for _ in range(_MOST_STEPS):
        curved, slope = _curvature(x, rows), _slope(x, rows)
        if not (np.isfinite(curved).all() and np.linalg.eigvalsh(curved)[0] > 0):
            break
        whole = np.linalg.inv(curved)
        step = whole @ slope
        if np.abs(step / np.sqrt(np.diag(whole))).max() < _SETTLED:
            return x, np.asarray(whole)
        x = x - step
    raise RunFailed(
        "counts could not be fitted: the search did not end at a maximum",
        rule=f"Newton's last step is shorter than {_SETTLED:g} standard errors",
        mend="give more units or periods",
    )


def _slope(x: Floats, rows: _Rows) -> Floats:
    """Return first derivatives of the loss by central differences."""
    steps = np.eye(len(x)) * _STEP
    rises = [_loss(x + step, rows) - _loss(x - step, rows) for step in steps]
    return np.asarray(rises) / (2 * _STEP)


def _curvature(x: Floats, rows: _Rows) -> Floats:
    """Return second derivatives of the loss by central differences."""
    many, steps = len(x), np.eye(len(x)) * _STEP
    out = np.empty((many, many))
    for i in range(many):
        for j in range(i + 1):
            a, b = steps[i], steps[j]
            corners = (x + a + b, x + a - b, x - a + b, x - a - b)
            one, two, three, four = (_loss(each, rows) for each in corners)
            out[i, j] = out[j, i] = (one - two - three + four) / (4 * _STEP**2)
    return out
