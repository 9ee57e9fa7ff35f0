"""Peeling and pasting: one box in which an outcome is common, found by patience.

J. H. Friedman and N. I. Fisher, "Bump hunting in high-dimensional data", Statistics and Computing
9, 1999. Where on the peeling trajectory to stop, density against coverage, is chosen by how far the
density stands out for so many futures (W. Kloesgen, "Explora: a multipattern and multistrategy
discovery assistant", 1996). Restrictions that chance explains, or that add next to nothing, are
dropped by the quasi p-values of B. P. Bryant and R. J. Lempert, "Thinking inside the box: a
participatory, computer-assisted approach to scenario discovery", Technological Forecasting and
Social Change 77, 2010.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from workbench.parameters.distributions import Floats

Mask = npt.NDArray[np.bool_]
Side = Literal["low", "high"]
SIDES: tuple[Side, Side] = ("low", "high")
PEEL = 0.05  # share of the box taken off at a time: patient, as Friedman and Fisher advise
SIGNIFICANCE = 0.05
NEXT_TO_NOTHING = 0.05  # share of the quality that a restriction must add
PROMISING = 0.1  # quasi p-value at which a factor is worth another peeling


@dataclass(frozen=True)
class Box:
    """Limits of each of D factors; infinite where a factor is not restricted."""

    low: Floats
    high: Floats

    def holds(self, values: Floats) -> Mask:
        """Return which rows of n x D lie within every limit."""
        return np.asarray(((values >= self.low) & (values < self.high)).all(axis=1))

    def moved(self, factor: int, side: Side, limit: float) -> Box:
        """Return the box with one limit elsewhere."""
        ends = {"low": self.low.copy(), "high": self.high.copy()}
        ends[side][factor] = limit
        return Box(**ends)

    def freed(self, factor: int) -> Box:
        """Return the box without any limit on a factor."""
        return self.moved(factor, "low", -np.inf).moved(factor, "high", np.inf)

    def restricts(self, factor: int, side: Side) -> bool:
        """Whether a side of a factor has a limit."""
        return bool(np.isfinite((self.low if side == "low" else self.high)[factor]))

    @property
    def restricted(self) -> list[int]:
        """Factors with a limit on either side."""
        return [int(d) for d in np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high))]


@dataclass(frozen=True)
class Step:
    """A box on the way, and the limit that was moved to reach it (none at the start)."""

    box: Box
    factor: int | None
    side: Side | None
    limit: float | None


def find_box(values: Floats, outcome: Floats, least: float) -> tuple[Box, list[Step], int]:
    """Find the box in which failures stand out most from the average.

    Peeling many factors at once wanders among those that do not matter where outcomes are noisy:
    it is done again without the worse half of the factors whose restriction looked of no use, until
    all look of use; and a single cut that peeling passed by is made in the end.

    Args:
        values: n x D.
        outcome: Chance of failure in each row, or whether it fails, length n.
        least: Smallest share of the rows that a box may hold.

    Returns:
        The box, its limits adjusted and pruned; the last peeling; and its step the box began from.
    """
    useful = list(range(values.shape[1]))
    while True:
        steps = peel(values, outcome, least, useful)
        start = int(np.argmax([quality(step.box.holds(values), outcome) for step in steps]))
        box = steps[start].box
        doubts = {d: quasi_p(box, d, values, outcome) for d in box.restricted}
        poor = sorted((d for d in doubts if doubts[d] > PROMISING), key=lambda d: doubts[d])
        if not poor:
            break
        dropped = poor[len(poor) // 2 :]
        useful = [d for d in useful if d not in dropped]
        if not useful:
            break
    box = prune(adjusted(box, values, outcome, least), values, outcome)
    box = grown(box, values, outcome, least)
    return prune(box, values, outcome), steps, start  # what grew may stand where another did


def quality(inside: Mask, outcome: Floats) -> float:
    """Return how far a box stands out: (density - share of all rows) x sqrt(mass).

    In the units of a standard error, but for a factor common to all boxes. 0 where no row is in it.
    """
    count, rows = int(inside.sum()), len(outcome)
    if count == 0:
        return 0.0
    return float(outcome[inside].mean() - outcome.mean()) * float(np.sqrt(count / rows))


def peel(values: Floats, outcome: Floats, least: float, factors: Sequence[int]) -> list[Step]:
    """Take slices off the box, each the one that leaves the highest density, down to `least`.

    Args:
        values: n x D.
        outcome: Length n.
        least: Smallest share of the rows that may be left.
        factors: Those that may be restricted.
    """
    rows = len(values)
    some, wide = values[:, factors], values.shape[1]
    order = np.argsort(some, axis=0, kind="stable").T
    box = Box(np.full(wide, -np.inf), np.full(wide, np.inf))
    inside, steps = np.ones(rows, bool), [Step(box, None, None, None)]
    while True:
        ranked = order[inside[order]].reshape(len(factors), -1)
        found = _best_slice(some, outcome, ranked, max(1, int(np.ceil(least * rows))))
        if found is None:
            return steps
        place, side, limit = found
        box = box.moved(factors[place], side, limit)
        inside = box.holds(values)
        steps.append(Step(box, factors[place], side, limit))


def _best_slice(
    values: Floats, outcome: Floats, ranked: npt.NDArray[np.intp], fewest: int
) -> tuple[int, Side, float] | None:
    """Return the factor, side and new limit that leave the highest density; None where none may.

    Args:
        values: n x D, of the factors that may be restricted.
        outcome: Length n.
        ranked: D x m, the rows inside the box by each factor, lowest first.
        fewest: Rows that must be left.
    """
    factors, count = ranked.shape
    cut = max(1, int(PEEL * count))
    if count - cut < fewest:
        return None
    place = np.arange(factors)
    x = values[ranked, place[:, None]]
    sums = np.cumsum(outcome[ranked], axis=1)
    whole = sums[:, -1]
    # Rows of equal value go or stay together.
    below = (x <= x[:, cut - 1 : cut]).sum(axis=1)
    above = (x >= x[:, count - cut : count - cut + 1]).sum(axis=1)
    left = np.stack([count - below, count - above])
    removed = np.stack(
        [
            sums[place, below - 1],
            whole - sums[place, np.maximum(count - above, 1) - 1],
        ]
    )
    allowed = left >= fewest
    density = np.where(allowed, (whole - removed) / np.maximum(left, 1), -np.inf)
    side, factor = divmod(int(np.argmax(density)), factors)
    if not allowed[side, factor]:
        return None
    edge = int(below[factor]) if side == 0 else count - int(above[factor])
    limit = float((x[factor, edge - 1] + x[factor, edge]) / 2)
    return factor, "low" if side == 0 else "high", limit


def adjusted(box: Box, values: Floats, outcome: Floats, least: float) -> Box:
    """Move limits out (paste) or in, by a slice or less, for as long as that raises the quality."""
    level, fewest = quality(box.holds(values), outcome), least * len(values)
    while True:
        best = box
        for factor in box.restricted:
            for side in SIDES:
                if not box.restricts(factor, side):
                    continue
                for other in _neighbours(box, factor, side, values):
                    inside = other.holds(values)
                    if inside.sum() >= fewest and quality(inside, outcome) > level:
                        best, level = other, quality(inside, outcome)
        if best is box:
            return box
        box = best


def _neighbours(box: Box, factor: int, side: Side, values: Floats) -> Iterator[Box]:
    """Give the box with one limit a slice, half of one, a quarter and a row further out and in."""
    x = values[:, factor]
    end = -np.inf if side == "low" else np.inf
    open_box = box.moved(factor, side, end)
    column = np.unique(x[open_box.holds(values)])  # every place where the limit may fall between
    limit = (box.low if side == "low" else box.high)[factor]
    at, size = int(np.searchsorted(column, limit)), max(1, int(PEEL * int(box.holds(values).sum())))
    for cut in sorted({1, max(1, size // 4), max(1, size // 2), size}):
        for place in (at - cut, at + cut):
            if 0 < place < len(column):
                yield box.moved(factor, side, float((column[place - 1] + column[place]) / 2))
    yield open_box


def prune(box: Box, values: Floats, outcome: Floats) -> Box:
    """Free factors whose restriction chance explains or adds next to nothing, the weakest first.

    Every factor was tried for every slice, so a p-value counts as many times as there are factors
    (Bonferroni).
    """
    factors = values.shape[1]
    while box.restricted:
        doubts = {factor: quasi_p(box, factor, values, outcome) for factor in box.restricted}
        left = {
            factor: quality(box.freed(factor).holds(values), outcome) for factor in box.restricted
        }
        doubtful = max(doubts, key=lambda factor: doubts[factor])
        idle = max(left, key=lambda factor: left[factor])
        if doubts[doubtful] * factors > SIGNIFICANCE:
            box = box.freed(doubtful)
        elif left[idle] >= (1.0 - NEXT_TO_NOTHING) * quality(box.holds(values), outcome):
            box = box.freed(idle)
        else:
            break
    return box


def grown(box: Box, values: Floats, outcome: Floats, least: float) -> Box:
    """Restrict one more factor at a time, where that stands out whatever else was tried.

    A p-value counts as many times as there are factors, sides and limits to try (Bonferroni).
    """
    tries = values.shape[1] * len(SIDES) * (round(1.0 / PEEL) - 1)
    while True:
        inside = box.holds(values)
        level, cut = (1.0 + NEXT_TO_NOTHING) * quality(inside, outcome), None
        for factor in sorted(set(range(values.shape[1])) - set(box.restricted)):
            found, side, limit = _best_cut(values[inside, factor], outcome, inside, least)
            if found > level:
                level, cut = found, (factor, side, limit)
        if cut is None:
            return box
        other = box.moved(*cut)
        if quasi_p(other, cut[0], values, outcome) * tries > SIGNIFICANCE:
            return box
        box = adjusted(other, values, outcome, least)


def _best_cut(x: Floats, outcome: Floats, inside: Mask, least: float) -> tuple[float, Side, float]:
    """Return the best quality that a limit on one factor reaches, on which side, and the limit.

    Args:
        x: The factor's values inside the box.
        outcome: Length n, of all rows.
        inside: Which rows are inside the box, length n.
        least: Smallest share of all rows that may be left.
    """
    limits = np.unique(np.quantile(x, np.arange(PEEL, 1.0 - PEEL / 2, PEEL)))
    within, above = outcome[inside], x[:, None] >= limits
    rows, failed = above.sum(axis=0), within @ above
    rows, failed = np.stack([rows, len(x) - rows]), np.stack([failed, within.sum() - failed])
    gain = failed / np.maximum(rows, 1) - outcome.mean()
    reached = gain * np.sqrt(rows / len(outcome))
    reached = np.where(rows >= max(1.0, least * len(outcome)), reached, -np.inf)
    side, place = divmod(int(np.argmax(reached)), len(limits))
    return float(reached[side, place]), SIDES[side], float(limits[place])


def quasi_p(box: Box, factor: int, values: Floats, outcome: Floats) -> float:
    """Return the chance of so dense a box, were a factor's restriction no use.

    Where rows fail or do not, binomial at the density of the box without that restriction (Bryant
    and Lempert 2010). Where an outcome is a chance of failing, rows differ by less than a binomial
    says: normal, at the spread that a random choice of as many of those rows would have.
    """
    inside, freed = box.holds(values), box.freed(factor).holds(values)
    count, of = int(inside.sum()), int(freed.sum())
    density, failed = float(outcome[freed].mean()), float(outcome[inside].sum())
    if count == of:
        return 1.0
    if bool(((outcome == 0.0) | (outcome == 1.0)).all()):
        return float(stats.binom.sf(round(failed) - 1, count, density))
    spread = float(outcome[freed].std(ddof=1)) * np.sqrt((1.0 - count / of) / count)
    return 1.0 if spread == 0.0 else float(stats.norm.sf((failed / count - density) / spread))
