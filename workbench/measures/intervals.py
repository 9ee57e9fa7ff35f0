"""Intervals for a proportion."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from scipy import special

from workbench.errors import BadInput

Method = Literal["wilson", "exact"]


@dataclass(frozen=True)
class Interval:
    """An estimate with the range that the data leave open.

    Attributes:
        estimate: The estimate; for a proportion successes divided by trials, 0 to 1.
        lower: Lower end.
        upper: Upper end.
        confidence: Nominal coverage of the range.
    """

    estimate: float
    lower: float
    upper: float
    confidence: float

    def times(self, factor: float) -> Interval:
        """Return the same in another unit, such as per cent (`times(100)`)."""
        return Interval(
            self.estimate * factor, self.lower * factor, self.upper * factor, self.confidence
        )


def proportion_interval(
    successes: int, trials: int, *, confidence: float = 0.95, method: Method = "wilson"
) -> Interval | None:
    """Estimate a proportion with its interval; None when there were no trials.

    `wilson` inverts the score test (E. B. Wilson, "Probable inference, the law of succession, and
    statistical inference", JASA 22, 1927): close to nominal coverage, also for few trials.
    `exact` inverts the binomial tests (C. J. Clopper and E. S. Pearson, "The use of confidence or
    fiducial limits", Biometrika 26, 1934): never below nominal coverage, hence wider.

    Args:
        successes: How often it happened, 0 to `trials`.
        trials: How often it could have happened.
        confidence: Nominal coverage, between 0 and 1.
        method: Which interval.

    Raises:
        BadInput: The counts or the confidence are impossible.
    """
    if not 0 <= successes <= trials:
        raise BadInput(
            f"{successes} successes in {trials} trials cannot be",
            rule="0 <= successes <= trials",
            mend="count both over the same records",
        )
    if not 0 < confidence < 1:
        raise BadInput(
            f"a confidence of {confidence:g} cannot be",
            rule="0 < confidence < 1",
            mend="write 0.95 for 95%",
        )
    if trials == 0:
        return None
    tail = (1 - confidence) / 2
    ends = _wilson if method == "wilson" else _clopper_pearson
    lower, upper = ends(successes, trials, tail)
    # The exact ends are 0 and 1; the formula leaves them one rounding away.
    lower = 0.0 if successes == 0 else lower
    upper = 1.0 if successes == trials else upper
    return Interval(successes / trials, lower, upper, confidence)


def _wilson(successes: int, trials: int, tail: float) -> tuple[float, float]:
    share, z = successes / trials, -float(special.ndtri(tail))
    shrink = 1 + z**2 / trials
    centre = (share + z**2 / (2 * trials)) / shrink
    half = z * math.sqrt(share * (1.0 - share) / trials + z**2 / (4.0 * trials**2)) / shrink
    return max(0.0, centre - half), min(1.0, centre + half)


def _clopper_pearson(successes: int, trials: int, tail: float) -> tuple[float, float]:
    """Return the ends; that of no success, or of no failure, is not defined and is not used."""
    failures = trials - successes
    return (
        float(special.betaincinv(successes, failures + 1, tail)),
        float(special.betainccinv(successes + 1, failures, tail)),
    )
