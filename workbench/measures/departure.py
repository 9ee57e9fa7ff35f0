"""How far two paths may have parted before something began, unseen, and what that would feign.

That differences beforehand are "not told apart from zero" says little where little could have been
seen. So a test of them stands with the departure that it would mostly have found (J. Roth, "Pretest
with caution: event-study estimates after testing for parallel trends", American Economic Review:
Insights 4 (2022), 305-322), with the largest one that they do not rule out (A. Bilinski and L. A.
Hatfield, "Nothing to see here? Non-inferiority approaches to parallel trends and other model
assumptions", arXiv 1805.03273, 2018), and with what departures do to the effect if they go on as
they were (A. Rambachan and J. Roth, "A more credible approach to parallel trends", Review of
Economic Studies 90 (2023), 2555-2591, whose case of no change of slope this is).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from workbench.measures.clustered import Estimate
from workbench.measures.joint import Joint

Floats = npt.NDArray[np.float64]
Combine = Callable[[float, Floats], Estimate]

_FAR = 1e7  # a noncentrality beyond this is of no test that anybody would call one
_POINTS = 2000  # at which a chi-squared distribution is averaged over


@dataclass(frozen=True)
class Departure:
    """A departure of one shape before, and what it would do to an effect if it went on.

    Attributes:
        fitted: Its size as fitted to the differences before, such as a slope a period.
        detectable: Size that the test of those differences finds with the power asked; None where
            it rests on so few clusters that it finds none of any size.
        not_ruled_out: Largest size, either way, that they leave open: the smallest margin within
            which two one-sided tests would call the paths alike.
        run_on: What a departure of size 1 adds to the effect.
        effect: The effect as estimated, as if there were no departure.
        net: The effect less the fitted departure run on, with the doubt of both.
    """

    fitted: Estimate
    detectable: float | None
    not_ruled_out: float
    run_on: float
    effect: Estimate
    net: Estimate

    @property
    def feigned(self) -> float | None:
        """What a departure that is mostly found only from this size on would add to the effect."""
        return None if self.detectable is None else self.detectable * abs(self.run_on)

    def ends_with(self, size: float) -> tuple[float, float]:
        """Return the ends of the effect's interval if a departure up to a size went on, either way.

        The interval holds the effect at least as often as it says if the departure is no larger:
        it joins the intervals of every size up to it.

        Args:
            size: Of the departure, 0 or more.
        """
        interval, shift = self.effect.interval, size * abs(self.run_on)
        return interval.lower - shift, interval.upper + shift

    @property
    def undone_by(self) -> float | None:
        """Size from which on a departure could be all there is to the effect; None if none is."""
        interval = self.effect.interval
        nearest = max(interval.lower, -interval.upper)
        return nearest / abs(self.run_on) if nearest > 0 and self.run_on else None


def departure(
    values: Floats,
    pulls: Floats,
    shape: Floats,
    *,
    run_on: float,
    effect: Estimate,
    combine: Combine,
    test: Joint | None,
    power: float,
    level: float,
) -> Departure:
    """Fit a departure of one shape to differences before, and say which one could be missed.

    The fit weighs differences by their own variances; its doubt is that of clusters. Under a
    departure of size s Hotelling's test has the noncentral F distribution with noncentrality
    s^2 shape' V^-1 shape (T. W. Anderson, An introduction to multivariate statistical analysis,
    2003, section 5.4), V being the covariance as estimated; what finds too little is made larger.

    Args:
        values: Differences before, length q.
        pulls: What each cluster bears on each, clusters x q; their squares add up to its variance.
        shape: What a departure of size 1 makes of each difference, length q; not all zero.
        run_on: What it adds to the effect.
        effect: The effect.
        combine: Returns w times the effect plus a weighted sum of the differences, with its doubt.
        test: The test that all differences are zero; without one the fitted size is tested alone.
        power: With which a departure is to be found.
        level: Of the tests.
    """
    weights = shape / (pulls**2).sum(axis=0)
    weights = weights / float(weights @ shape)
    fitted = combine(0.0, weights)
    ends = np.asarray(stats.t.ppf([1 - level / 2, power, 1 - level], fitted.degrees))
    detectable: float | None = float(ends[0] + ends[1]) * fitted.error
    if test is not None:
        unit = float(shape @ np.linalg.solve(pulls.T @ pulls, shape))
        asked = noncentrality(test.numbers, test.degrees, power=power, level=level)
        detectable = None if asked is None else float(np.sqrt(asked / unit))
    return Departure(
        fitted=fitted,
        detectable=detectable,
        not_ruled_out=abs(fitted.value) + float(ends[2]) * fitted.error,
        run_on=run_on,
        effect=effect,
        net=combine(1.0, -run_on * weights),
    )


def noncentrality(numbers: float, degrees: float, *, power: float, level: float) -> float | None:
    """Return the noncentrality with which an F test finds something with a power; None if none.

    Args:
        numbers: First degrees of freedom.
        degrees: Second degrees of freedom.
        power: Wanted, more than the level.
        level: Of the test.
    """
    # scipy's noncentral F gives no number far out, so that its denominator is averaged over here.
    spread = stats.chi2.ppf((np.arange(_POINTS) + 0.5) / _POINTS, degrees) / degrees
    bars = stats.f.isf(level, numbers, degrees) * numbers * spread

    def short(asked: float) -> float:
        return float((1 - special.chndtr(bars, numbers, asked)).mean()) - power

    most = 1.0
    while short(most) < 0:
        most *= 2
        if most > _FAR:
            return None
    return float(optimize.brentq(short, 0.0, most))
