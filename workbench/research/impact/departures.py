"""How far schools that joined may have parted from the others before, and what that would feign."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.measures.clustered import Estimate, cluster_pulls
from workbench.measures.departure import Departure, departure
from workbench.measures.joint import Joint, joint_test
from workbench.research.impact.effects import Effects
from workbench.research.impact.panel import Floats
from workbench.research.impact.plan import Plan

Pulled = tuple[Estimate, pd.Series]  # an estimate, and what each cluster bears on it


def departure_of_numbers(effects: Effects) -> Departure | None:
    """Return the departure of the planned shape before support began; None without an earlier year.

    A *straight line* is a drift of so much a period, counted from the period from which changes
    count, that goes on. A *lasting gap* is a number of that one period that was off by so much:
    every other period then differs by it.

    Args:
        effects: The estimates; their plan says which shape is looked for.
    """
    plan, contrasts = effects.plan, effects.contrasts_before()
    if contrasts is None:
        return None
    away = effects.cells["since"].to_numpy(float) + plan.base
    overall = effects.contrast()
    shape, run_on = np.ones(contrasts.shape[1]), 1.0
    if plan.departs == "straight line":
        shape = contrasts[effects.columns].T @ away
        run_on = float(overall[effects.columns] @ away)

    def combine(share: float, weights: Floats) -> Estimate:
        wanted = share * overall + contrasts @ weights
        return effects.fit.estimate(wanted, confidence=plan.confidence)

    return departure(
        contrasts.T @ effects.fit.coefficients,
        cluster_pulls(effects.fit, contrasts),
        shape,
        run_on=run_on, effect=effects.overall(), combine=combine, test=effects.before(),
        power=plan.power, level=plan.before_level,
    )  # fmt: skip


def departure_of_grades(
    overall: Pulled, before: Sequence[Pulled], since: Sequence[int], mean_since: float, plan: Plan
) -> Departure | None:
    """Return the departure of the planned shape in grades before joining; None without any.

    A *lasting gap* is a difference between equals of so much in every year, after joining too; a
    *straight line* one of so much for each year from the day of joining, to the middle of a year.

    Args:
        overall: The effect since joining.
        before: The difference in each year before that is shown.
        since: Those years, below zero.
        mean_since: Mean year since joining of the inspections in the effect.
        plan: Which shape is looked for, with what power.
    """
    if not before:
        return None
    scaled = _scaled([overall, *before])
    shape, run_on = np.ones(len(before)), 1.0
    if plan.grades.departs == "straight line":
        shape, run_on = np.asarray(since) + 0.5, mean_since + 0.5
    values = np.array([one.value for one, _ in (overall, *before)])
    degrees = min(one.degrees for one, _ in (overall, *before))

    def combine(share: float, weights: Floats) -> Estimate:
        wanted = np.concatenate([[share], weights])
        error = float(np.sqrt(((scaled @ wanted) ** 2).sum()))
        return Estimate(float(values @ wanted), error, degrees, plan.confidence)

    return departure(
        values[1:], scaled[:, 1:], shape, run_on=run_on, effect=overall[0], combine=combine,
        test=grades_before(before), power=plan.power, level=plan.before_level,
    )  # fmt: skip


def grades_before(before: Sequence[Pulled]) -> Joint | None:
    """Test that differences in grades before joining are zero together; None for fewer than two."""
    if not before:
        return None
    return joint_test(np.array([one.value for one, _ in before]), _scaled(before))


def _scaled(effects: Sequence[Pulled]) -> Floats:
    """Return what each cluster bears on each estimate, scaled to the estimate's own error."""
    pulls = pd.concat([pull for _, pull in effects], axis=1).fillna(0.0).to_numpy()
    errors = np.array([one.error for one, _ in effects])
    return np.asarray(pulls * (errors / np.sqrt((pulls**2).sum(axis=0))))
