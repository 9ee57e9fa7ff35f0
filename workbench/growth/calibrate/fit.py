"""Finding the numbers of the model that make the grades seen likeliest, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, optimize, special

from workbench.errors import RunFailed
from workbench.growth.calibrate.chain import MOVES
from workbench.growth.calibrate.form import (
    Form,
    Numbers,
    frail_second,
    read_numbers,
    starting_numbers,
)
from workbench.growth.calibrate.likelihood import with_gradient
from workbench.growth.calibrate.visits import Visits

Floats = npt.NDArray[np.float64]

FIRST_MOVES = (0.4, 0.4, 0.05, 0.06, 0.08, 0.15)  # moves a year a search begins from
FIRST_ERRORS = (0.04, 0.06)
STEP = 1e-4  # of a number on the scale of logarithms, for differences of the gradient
SEARCHES = 500
POLISHES = 3  # times the curvature is worked out anew
STEPS_EACH = 4
CLOSE = 1e-3  # of a standard error: how near the maximum a fit must be
FARTHEST = 10.0  # a logarithm beyond this is a number that has run away


@dataclass(frozen=True, eq=False)
class Belief:
    """What is believed of the numbers before any visit is looked at: normal, one by one.

    Attributes:
        centre: Their middles, in the order of `form.names`.
        spread: Their standard deviations; infinite where nothing is believed.
    """

    centre: Floats
    spread: Floats

    def pull(self, theta: Floats) -> tuple[float, Floats]:
        """Return the logarithm of the belief, up to a constant, and its slope."""
        away = (theta - self.centre) / self.spread
        return float(-0.5 * (away**2).sum()), np.asarray(-away / self.spread)


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted model.

    Attributes:
        form: Which numbers it has.
        estimates: The numbers, in the order of `form.names`.
        covariance: Their covariance, the inverse of the observed information.
        log_likelihood: Of the visits, at the estimates.
        means: The mean of each covariate, at which the baseline holds.
        schools: Schools fitted to.
        visits: Inspections that saw a band.
    """

    form: Form
    estimates: Floats
    covariance: Floats
    log_likelihood: float
    means: Floats
    schools: int
    visits: int

    @property
    def errors(self) -> Floats:
        """Standard errors of the numbers."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    def interval(self, confidence: float = 0.95) -> tuple[Floats, Floats]:
        """Return the lower and upper ends of each number's normal interval (A. Wald's)."""
        reach = float(special.ndtri(0.5 + confidence / 2)) * self.errors
        return self.estimates - reach, self.estimates + reach

    def numbers(self, rows: Floats | None = None, theta: Floats | None = None) -> Numbers:
        """Return what the numbers say of rows of covariates less their means; the mean if none."""
        mean = np.zeros((1, len(self.form.covariates)))
        values = self.estimates if theta is None else theta
        return read_numbers(self.form, values, mean if rows is None else rows)

    def draws(self, count: int, seed: int) -> Floats:
        """Return numbers as they might have been, count x numbers, from their normal law."""
        root = linalg.cholesky(self.covariance, lower=True)
        stream = np.random.Generator(np.random.Philox(seed))
        return self.estimates + stream.standard_normal((count, len(root))) @ root.T

    @property
    def akaike(self) -> float:
        """Akaike's criterion: less is better.

        H. Akaike, "A new look at the statistical model identification", IEEE Transactions on
        Automatic Control 19, 1974.
        """
        return 2.0 * len(self.estimates) - 2.0 * self.log_likelihood


def fit(
    visits: Visits, form: Form, start: Floats | None = None, belief: Belief | None = None
) -> Fitted:
    """Return the likeliest numbers, by quasi-Newton search and Newton's own steps at its end.

    Args:
        visits: What was seen.
        form: Which numbers the model has.
        start: Where the search begins.
        belief: What is believed beforehand; nothing if not given. With it the estimates are the
            middle of what is believed afterwards (its mode), and the covariance is of that.

    Raises:
        RunFailed: The search did not end at a maximum, or the visits cannot tell a number.
    """
    theta = starting_numbers(form, FIRST_MOVES, FIRST_ERRORS) if start is None else start
    none = Belief(np.zeros(len(theta)), np.full(len(theta), np.inf))
    count, before = len(visits.band), belief or none

    def cost(at: Floats) -> tuple[float, Floats]:
        value, slope = with_gradient(form, visits, at)
        pulled, pull = before.pull(at)
        return -(value + pulled) / count, -(slope + pull) / count

    found = optimize.minimize(
        cost,
        theta,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-FARTHEST, FARTHEST)] * len(theta),
        options={"maxiter": SEARCHES, "gtol": 1e-6, "ftol": 1e-12, "maxcor": 30},
    )
    theta, short = frail_second(form, np.asarray(found.x, dtype=float)), np.inf
    for _ in range(POLISHES):
        information = observed_information(form, visits, theta) + np.diag(before.spread**-2.0)
        covariance = _covariance(form, information)
        step, short = _newton(form, visits, before, theta, covariance)
        for _ in range(STEPS_EACH):
            if short < CLOSE:
                break
            theta = theta + step / max(1.0, float(np.abs(step).max()))
            step, short = _newton(form, visits, before, theta, covariance)
        if short < CLOSE:
            break
    if short >= CLOSE:
        raise RunFailed(
            f"the search stopped {short:.2g} standard errors from a maximum",
            rule=f"within {CLOSE:g} of one",
            mend="leave out covariates, or hold the errors of inspection fixed",
        )
    value = with_gradient(form, visits, theta)[0]
    seen = int((visits.band >= 0).sum())
    schools = len(np.unique(visits.urns))
    return Fitted(form, theta, covariance, value, visits.means, schools, seen)


def _newton(
    form: Form, visits: Visits, before: Belief, theta: Floats, covariance: Floats
) -> tuple[Floats, float]:
    """Return the step to the maximum, and its greatest length in standard errors."""
    slope = with_gradient(form, visits, theta)[1] + before.pull(theta)[1]
    step = covariance @ slope
    return step, float(np.abs(step / np.sqrt(np.diag(covariance))).max())


def observed_information(form: Form, visits: Visits, theta: Floats) -> Floats:
    """Return minus the second derivatives of the log-likelihood, by differences of its gradient."""
    rows = []
    for place in range(len(theta)):
        ahead, behind = theta.copy(), theta.copy()
        ahead[place] += STEP
        behind[place] -= STEP
        rise = with_gradient(form, visits, ahead)[1] - with_gradient(form, visits, behind)[1]
        rows.append(-rise / (2.0 * STEP))
    information = np.stack(rows)
    return np.asarray((information + information.T) / 2.0)


def _covariance(form: Form, information: Floats) -> Floats:
    """Return the inverse of the information, or say which number the visits cannot tell."""
    values, vectors = np.linalg.eigh(information)
    if values[0] <= 1e-8 * values[-1]:
        untold = form.names[int(np.abs(vectors[:, 0]).argmax())]
        raise RunFailed(
            f"the visits cannot tell {untold!r}",
            rule="every number of the model leaves its mark on the grades seen",
            mend="leave the number out, hold the errors of inspection fixed, or give more visits",
        )
    return np.asarray((vectors / values) @ vectors.T)


def moves_a_year(fitted: Fitted, confidence: float = 0.95) -> dict[str, tuple[float, float, float]]:
    """Return each move a year at the mean of the covariates, with its interval.

    The interval is made on the scale of logarithms and turned back.
    """
    low, high = fitted.interval(confidence)
    found = {}
    for place, move in enumerate(MOVES):
        ends = np.exp([fitted.estimates[place], low[place], high[place]])
        found[move] = (float(ends[0]), float(ends[1]), float(ends[2]))
    return found
