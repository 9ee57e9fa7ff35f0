"""How often intervals cover a planted effect, and how often a placebo is found to be one."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.measures.differences import told_apart
from workbench.research.impact.doubts import placebo
from workbench.research.impact.effects import group_time_effects
from workbench.research.impact.made_up import Planted, made_up_panel
from workbench.research.impact.panel import impact_panel
from workbench.research.impact.plan import Plan, declared_plan


@dataclass(frozen=True)
class Recovered:
    """What made-up panels showed.

    Attributes:
        panels: How many.
        planted: The planted effect, in points.
        mean: Mean estimate, in points.
        covered: Share of intervals that hold the planted effect.
        found: Share that leave zero out: the power.
        placebo_mean: Mean estimate at the placebo date, in points.
        placebo_null: Share of its intervals that hold zero.
        confidence: What both shares should be.
    """

    panels: int
    planted: float
    mean: float
    covered: float
    found: float
    placebo_mean: float
    placebo_null: float
    confidence: float


def recover(planted: Planted, *, panels: int, seed: int = 1, plan: Plan | None = None) -> Recovered:
    """Make panels up and estimate each.

    Args:
        planted: What is planted; an effect that grows has no one value to cover.
        panels: How many panels.
        seed: Seed of the first; the others follow on.
        plan: The analysis plan.
    """
    plan = plan or declared_plan()
    effects, nothings = [], []
    for number in range(panels):
        panel = impact_panel(made_up_panel(planted, seed=seed + number))
        effects.append(group_time_effects(panel, plan).overall())
        nothings.append(placebo(panel, plan).overall())
    inside = [one.interval.lower <= planted.effect <= one.interval.upper for one in effects]
    return Recovered(
        panels=panels,
        planted=planted.effect,
        mean=sum(one.value for one in effects) / panels,
        covered=sum(inside) / panels,
        found=sum(told_apart(one.interval) for one in effects) / panels,
        placebo_mean=sum(one.value for one in nothings) / panels,
        placebo_null=sum(not told_apart(one.interval) for one in nothings) / panels,
        confidence=plan.confidence,
    )
