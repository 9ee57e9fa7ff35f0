"""Scenario discovery: in which futures does a plan fail?

The patient rule induction method (PRIM) finds boxes of the factors in which failure is common, one
after another among the futures not yet covered: J. H. Friedman and N. I. Fisher, "Bump hunting in
high-dimensional data", 1999; B. P. Bryant and R. J. Lempert, "Thinking inside the box: a
participatory, computer-assisted approach to scenario discovery", 2010.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.errors import BadInput
from workbench.growth.boxes import SIDES, Box, Mask, Step, find_box, quasi_p
from workbench.parameters.distributions import Floats

HELD_OUT = 3  # every third row is kept aside, to see a box on futures it was not made from
LIMIT_COLUMNS = (
    "box", "factor", "low", "high", "low_place", "high_place", "restricts", "quasi_p", "reproduced",
)  # fmt: skip
BOX_COLUMNS = (
    "box", "density", "coverage", "mass", "fresh_density", "fresh_coverage", "fresh_mass", "limits",
)  # fmt: skip
STEP_COLUMNS = (
    "box", "step", "factor", "side", "limit", "mass", "density", "coverage", "chosen",
)  # fmt: skip


@dataclass(frozen=True)
class Discovery:
    """In which futures a plan fails.

    Attributes:
        boxes: One row a box, in the order found: `box` (1, 2, ...); `density`, the share of its
            futures that fail; `coverage`, the share of all failures that it catches and no earlier
            box does; `mass`, the share of all futures in it and in no earlier box; the same three
            of futures that no box was made from, `fresh_density`, `fresh_coverage`, `fresh_mass`,
            which are the ones to quote (empty where none of them lies in it); `limits`, how many
            factors it restricts.
        limits: One row a box and restricted factor: `box`, `factor`, `low`, `high` (the sampled
            end where one side is open), `low_place`, `high_place` (shares of futures below them),
            `restricts` (`above`, `below` or `between`), `quasi_p` (the chance of such a density
            were this restriction no use; every factor had its try, so it counts as many times),
            `reproduced` (share of half-samples in which the method restricts that factor on the
            same side or sides).
        peeling: One row a box and step of its peeling: `box`, `step`, `factor`, `side`, `limit`
            (empty at the start), `mass`, `density`, `coverage`, `chosen` (where the box began).
        base: Share of all futures that fail.
        rows: Futures looked at, those kept aside included.
    """

    boxes: pd.DataFrame
    limits: pd.DataFrame
    peeling: pd.DataFrame
    base: float
    rows: int


def discover(
    values: pd.DataFrame,
    outcome: Floats,
    *,
    seed: int,
    boxes: int = 3,
    least_mass: float = 0.1,
    resamples: int = 10,
) -> Discovery:
    """Find the boxes in which failure is common.

    Args:
        values: One row a future, one column a factor, in the factor's own unit.
        outcome: Whether each future fails, or its chance of failing, length n.
        seed: Seed of the half-samples.
        boxes: Most boxes to look for.
        least_mass: Smallest share of the futures not yet covered that a box may hold.
        resamples: Half-samples of the resampling test.

    Raises:
        BadInput: There are too few futures, an outcome lies outside 0 to 1, or a mass is no share.
    """
    _check(values, outcome, least_mass)
    names, x = [str(name) for name in values.columns], values.to_numpy(float)
    aside = np.arange(len(x)) % HELD_OUT == HELD_OUT - 1
    made, fresh = (
        _Futures(x[part], outcome[part], np.ones(int(part.sum()), bool)) for part in (~aside, aside)
    )
    rng = np.random.default_rng(seed)
    rows, limits, peeling = [], [], []
    for number in range(1, boxes + 1):
        inputs = made.inputs
        if len(inputs[0]) < HELD_OUT / least_mass or np.ptp(inputs[1]) == 0.0:
            break
        box, steps, start = find_box(*inputs, least_mass)
        density, _, _ = made.shares(box)
        if not box.restricted or density is None or density <= made.outcome.mean():
            break  # what is left fails no more often than all futures do
        rows.append((number, *made.shares(box), *fresh.shares(box), len(box.restricted)))
        again = _reproduced(box, inputs, least_mass, resamples, rng)
        limits += [
            (number, names[d], *_ends(box, d, x), quasi_p(box, d, *inputs), again[d])
            for d in box.restricted
        ]
        for place, step in enumerate(steps):
            row = _step(step, names, made)
            peeling.append((number, place, *row, place == start))
        made, fresh = made.without(box), fresh.without(box)
    return Discovery(
        pd.DataFrame(rows, columns=list(BOX_COLUMNS)),
        pd.DataFrame(limits, columns=list(LIMIT_COLUMNS)),
        pd.DataFrame(peeling, columns=list(STEP_COLUMNS)),
        float(outcome.mean()),
        len(outcome),
    )


@dataclass(frozen=True)
class _Futures:
    """Futures, and which of them no box holds yet."""

    values: Floats
    outcome: Floats
    left: Mask

    @property
    def inputs(self) -> tuple[Floats, Floats]:
        """The futures that no box holds yet."""
        return self.values[self.left], self.outcome[self.left]

    def shares(self, box: Box) -> tuple[float | None, float | None, float]:
        """Return density, coverage and mass; none where there is nothing to take a share of."""
        inside = box.holds(self.values) & self.left
        failed, count, failures = self.outcome[inside].sum(), inside.sum(), self.outcome.sum()
        density = float(failed / count) if count else None
        coverage = float(failed / failures) if failures > 0 else None
        return density, coverage, float(count / len(inside))

    def without(self, box: Box) -> _Futures:
        """Return the futures with those in a box counted as held."""
        return _Futures(self.values, self.outcome, self.left & ~box.holds(self.values))


def _check(values: pd.DataFrame, outcome: Floats, least_mass: float) -> None:
    rules = (
        (0.0 < least_mass < 0.5, f"least mass {least_mass:g}", "a share above 0 and below 0.5"),
        (len(values) == len(outcome), f"{len(outcome)} outcomes", "one outcome for each future"),
        (len(values) >= 60, f"{len(values)} futures", "at least 60 futures"),
        (bool(np.isfinite(values.to_numpy(float)).all()), "a gap", "every factor has a value"),
        (
            bool(((outcome >= 0) & (outcome <= 1)).all()),
            "an outcome beyond 0 to 1",
            "an outcome is a chance of failing, 0 to 1",
        ),
    )
    for holds, what, rule in rules:
        if not holds:
            raise BadInput(f"{what} cannot be used", rule=rule, mend="mend the futures given")


def _ends(box: Box, factor: int, values: Floats) -> tuple[float, float, float, float, str]:
    column = values[:, factor]
    above, below = box.restricts(factor, "low"), box.restricts(factor, "high")
    low = float(box.low[factor]) if above else float(column.min())
    high = float(box.high[factor]) if below else float(column.max())
    places = float((column < low).mean()), float((column < high).mean()) if below else 1.0
    return low, high, *places, "between" if above and below else "above" if above else "below"


def _reproduced(
    box: Box,
    inputs: tuple[Floats, Floats],
    least: float,
    resamples: int,
    rng: np.random.Generator,
) -> dict[int, float]:
    """Return for each restricted factor the share of half-samples that restrict it alike."""
    values, outcome = inputs
    agree = dict.fromkeys(box.restricted, 0)
    for _ in range(resamples):
        half = np.sort(rng.permutation(len(values))[: len(values) // 2])
        again, _, _ = find_box(values[half], outcome[half], least)
        for factor in agree:
            agree[factor] += all(
                again.restricts(factor, side) for side in SIDES if box.restricts(factor, side)
            )
    return {factor: count / max(1, resamples) for factor, count in agree.items()}


def _step(step: Step, names: list[str], made: _Futures) -> tuple[object, ...]:
    density, coverage, mass = made.shares(step.box)
    factor = None if step.factor is None else names[step.factor]
    return factor, step.side, step.limit, mass, density, coverage
