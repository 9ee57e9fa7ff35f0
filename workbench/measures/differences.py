"""The difference of two independent estimates, from their intervals alone."""

from __future__ import annotations

from math import hypot

from workbench.errors import BadInput
from workbench.measures.intervals import Interval


def difference(now: Interval, before: Interval) -> Interval:
    """Return `now` less `before` with its interval, in their unit.

    The method of variance estimates recovery: each end takes the distance from estimate to end
    that matters for it, so that intervals that are not symmetric stay honest. With Wilson's
    intervals of two proportions this is method 10 of R. G. Newcombe, "Interval estimation for the
    difference between independent proportions", Statistics in Medicine 17 (1998), 873-890; in
    general G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures",
    Statistics in Medicine 27 (2008), 1693-1702. The two must be independent: for the same pupils
    or paired draws the interval is too wide.

    Raises:
        BadInput: The two have different confidence.
    """
    if now.confidence != before.confidence:
        raise BadInput(
            f"intervals of {now.confidence:g} and {before.confidence:g} cannot be compared",
            rule="both have the same confidence",
            mend="form both with the same confidence",
        )
    estimate = now.estimate - before.estimate
    below = hypot(now.estimate - now.lower, before.upper - before.estimate)
    above = hypot(now.upper - now.estimate, before.estimate - before.lower)
    return Interval(estimate, estimate - below, estimate + above, now.confidence)


def told_apart(interval: Interval) -> bool:
    """Return whether an interval of a difference leaves zero out."""
    return interval.lower > 0 or interval.upper < 0
