"""Control charts for single values over time (XmR charts) and the special causes they show.

As the NHS "Making Data Count" programme draws them: the limits come from the moving ranges of the
series itself, and a point is a special cause when it breaks one of four rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import numpy as np
import numpy.typing as npt

from workbench.errors import BadInput

# Mean moving ranges from the mean to a limit: 3 / 1.128 = 2.6596, rounded as the NHS does, where
# d2 = 1.128 standard deviations is the mean range of two draws from a normal distribution (W. A.
# Shewhart, "Economic control of quality of manufactured product", 1931).
NATURAL_LIMITS = 2.66
# A moving range of at least this many mean moving ranges is left out, once: D4 = 1 + 3 d3 / d2, the
# upper limit of ranges of two, where d3 = 0.8525 is their standard deviation (same source).
RANGE_LIMIT = 3.267
TREND_POINTS = 7  # seven points are six steps in one direction
SHIFT_POINTS = 7
NEAR_POINTS = 2  # that many ...
NEAR_WINDOW = 3  # ... of so many in a row ...
NEAR_LIMIT = 2 / 3  # ... beyond this part of the way from the mean to a limit
ROUNDING = 1e-12  # differences below this part of the largest value are rounding, not change

Rule = Literal["outside limits", "trend", "two of three", "shift"]
Side = Literal["above", "below"]
Direction = Literal["up", "down"]
Variation = Literal["improvement", "concern", "common cause"]
Assurance = Literal["consistently passes", "consistently fails", "hit or miss"]
Floats = npt.NDArray[np.float64]
_Pattern = tuple[Rule, Side, tuple[int, ...]]


@dataclass(frozen=True)
class Signal:
    """A special cause.

    Attributes:
        at: Index of the pattern's last point.
        rule: The rule that it breaks.
        side: The side of the mean; for a trend `above` when it rises, `below` when it falls.
        points: Indices of the points that carry this rule. A point of the pattern that carries a
            rule of higher precedence is not among them.
    """

    at: int
    rule: Rule
    side: Side
    points: tuple[int, ...]


@dataclass(frozen=True)
class ControlChart:
    """A series with its limits and what they tell.

    Attributes:
        values: The series, oldest first.
        mean: Mean of the baseline.
        lower: Lower natural process limit.
        upper: Upper natural process limit.
        mean_moving_range: Mean step between neighbours, of the ranges kept.
        screened: Moving ranges left out of that mean.
        limits: `trial limits` when few points set them.
        signals: Every special cause, earliest completed first; no point is in two of them.
        variation: Whether the latest point is part of a special cause, and of a good one.
        assurance: Whether the limits lie wholly on one side of the target; None without a target.
        baseline: Number of first points that set the limits.
    """

    values: tuple[float, ...]
    mean: float
    lower: float
    upper: float
    mean_moving_range: float
    screened: int
    limits: Literal["limits", "trial limits"]
    signals: tuple[Signal, ...]
    variation: Variation
    assurance: Assurance | None
    baseline: int


@dataclass(frozen=True)
class TooFewPoints:
    """The series is too short for limits.

    Attributes:
        points: Points there are to set the limits.
        needed: Points it takes.
    """

    points: int
    needed: int


def control_chart(
    values: Sequence[float],
    *,
    direction: Direction,
    target: float | None = None,
    baseline: int | None = None,
    fewest: int = 12,
    firm: int = 13,
    factor: float = NATURAL_LIMITS,
) -> ControlChart | TooFewPoints:
    """Judge a series by the natural limits of its own variation.

    Limits are the mean plus and minus `factor` mean moving ranges; ranges of at least `RANGE_LIMIT`
    times their first mean are left out and the mean is taken once more. The rules and their
    precedence: a point outside the limits; a trend of seven rising or falling points (an equal
    step breaks it); two of three points in a row beyond two thirds of the way to the same limit;
    a shift of seven points on one side of the mean (a point on the mean breaks it). Source: NHS
    England, "Making Data Count" (2019 and later), after W. A. Shewhart (1931) and D. J. Wheeler,
    "Understanding variation" (1993).

    Args:
        values: The series, oldest first, evenly spaced in time, nothing missing.
        direction: Where better lies.
        target: What the series should reach, in its unit.
        baseline: Number of first points that set the limits; all when None.
        fewest: Points below which no limits are drawn.
        firm: Points below which limits are trial limits.
        factor: Mean moving ranges from the mean to a limit.

    Raises:
        BadInput: A value or the target is missing or infinite, or a number of points is impossible.
    """
    series = _checked(values, target, baseline, fewest)
    first = len(series) if baseline is None else min(baseline, len(series))
    needed = fewest if baseline is None or first < fewest else max(fewest, baseline)
    if first < needed:
        return TooFewPoints(first, needed)
    rounding = ROUNDING * float(np.abs(series).max())
    mean = float(series[:first].mean())
    moving_range, screened = _mean_moving_range(series[:first], rounding)
    reach = factor * moving_range
    signals = _signals(series, mean, reach, rounding)
    return ControlChart(
        values=tuple(series.tolist()),
        mean=mean,
        lower=mean - reach,
        upper=mean + reach,
        mean_moving_range=moving_range,
        screened=screened,
        limits="limits" if first >= firm else "trial limits",
        signals=signals,
        variation=_variation(signals, len(series) - 1, direction),
        assurance=None
        if target is None
        else _assurance(target - mean, reach + rounding, direction),
        baseline=first,
    )


def _checked(
    values: Sequence[float], target: float | None, baseline: int | None, fewest: int
) -> Floats:
    series = np.asarray(values, dtype=float)
    if not np.isfinite(series).all():
        place = int(np.flatnonzero(~np.isfinite(series))[0])
        raise BadInput(
            f"a value of {series[place]} cannot be charted",
            where=f"point {place + 1} of {len(series)}",
            rule="every point is a number",
            mend="leave the point out and say so",
        )
    if target is not None and not np.isfinite(target):
        raise BadInput(f"a target of {target} cannot be", mend="leave the target out")
    if fewest < 2 or (baseline is not None and baseline < 1):
        raise BadInput(
            f"limits cannot be set by {min(fewest, baseline or fewest)} points",
            rule="fewest >= 2 and baseline >= 1",
            mend="use at least two points; twelve or more tell something",
        )
    return series


def _mean_moving_range(baseline: Floats, rounding: float) -> tuple[float, int]:
    ranges = np.abs(np.diff(baseline))
    ranges[ranges <= rounding] = 0.0
    typical = ranges.mean()
    # Where nothing varies there is nothing to leave out.
    kept = ranges[ranges < RANGE_LIMIT * typical] if typical > 0 else ranges
    return float(kept.mean()), len(ranges) - len(kept)


def _signals(series: Floats, mean: float, reach: float, rounding: float) -> tuple[Signal, ...]:
    """Return the special causes, each point given to the first rule that holds it."""
    apart, steps = series - mean, np.diff(series)
    apart[np.abs(apart) <= rounding] = 0.0
    steps[np.abs(steps) <= rounding] = 0.0
    patterns: list[_Pattern] = [
        *_outside(apart, reach + rounding),
        *_runs("trend", steps, TREND_POINTS - 1, extra=1),
        *_near(apart, NEAR_LIMIT * reach + rounding),
        *_runs("shift", apart, SHIFT_POINTS, extra=0),
    ]
    carried: set[int] = set()
    found = []
    for rule, side, points in patterns:
        left = tuple(point for point in points if point not in carried)
        carried.update(left)
        if left:
            found.append(Signal(points[-1], rule, side, left))
    return tuple(sorted(found, key=lambda signal: signal.at))


def _outside(apart: Floats, reach: float) -> Iterator[_Pattern]:
    for point in np.flatnonzero(np.abs(apart) > reach).tolist():
        yield "outside limits", "above" if apart[point] > 0 else "below", (point,)


def _runs(rule: Rule, signed: Floats, length: int, *, extra: int) -> Iterator[_Pattern]:
    """Yield the longest runs of one sign; a run of steps ends one (`extra`) point later."""
    start = 0
    for sign, members in groupby(np.sign(signed).tolist()):
        stop = start + len(list(members))
        if sign != 0 and stop - start >= length:
            yield rule, "above" if sign > 0 else "below", tuple(range(start, stop + extra))
        start = stop


def _near(apart: Floats, reach: float) -> Iterator[_Pattern]:
    """Yield the points near or beyond a limit, two or more in three; overlaps are one pattern."""
    sides: tuple[tuple[Side, Floats], ...] = (("above", apart), ("below", -apart))
    for side, towards in sides:
        pattern: list[int] = []
        for start in range(len(apart) - NEAR_WINDOW + 1):
            window = range(start, start + NEAR_WINDOW)
            near = [point for point in window if towards[point] > reach]
            if len(near) < NEAR_POINTS:
                continue
            if pattern and near[0] > pattern[-1]:
                yield "two of three", side, tuple(pattern)
                pattern = []
            pattern += [point for point in near if point not in pattern]
        if pattern:
            yield "two of three", side, tuple(pattern)


def _variation(signals: Sequence[Signal], latest: int, direction: Direction) -> Variation:
    better: Side = "above" if direction == "up" else "below"
    for signal in signals:
        if latest in signal.points:
            return "improvement" if signal.side == better else "concern"
    return "common cause"


def _assurance(distance: float, reach: float, direction: Direction) -> Assurance:
    """Judge a target that lies so far above the mean (below when negative)."""
    ahead = distance if direction == "up" else -distance
    if ahead > reach:
        return "consistently fails"
    return "consistently passes" if ahead < -reach else "hit or miss"
