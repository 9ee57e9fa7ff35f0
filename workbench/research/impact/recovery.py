"""How often intervals cover a planted effect, and how often a placebo is found to be one."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.errors import BadInput
from workbench.measures.differences import told_apart
from workbench.measures.intervals import Interval, proportion_interval
from workbench.research.impact.doubts import placebo
from workbench.research.impact.effects import group_time_effects
from workbench.research.impact.grade_study import grade_study
from workbench.research.impact.made_up import Planted, made_up_panel
from workbench.research.impact.made_up_inspections import PlantedGrades, made_up_inspections
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

    def covered_interval(self) -> Interval:
        """Return the coverage with what so many panels leave open (Wilson)."""
        return self._of_panels(self.covered)

    def placebo_interval(self) -> Interval:
        """Return the share of placebos that hold zero with what so many panels leave open."""
        return self._of_panels(self.placebo_null)

    def _of_panels(self, share: float) -> Interval:
        found = proportion_interval(round(share * self.panels), self.panels)
        if found is None:
            raise BadInput("no panel was tried", rule="one or more", mend="ask for more panels")
        return found


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


def recover_grades(
    planted: PlantedGrades, *, panels: int, seed: int = 1, plan: Plan | None = None
) -> Recovered:
    """Make inspections up and study each, as `recover` does for numbers.

    The placebo is the first year before joining that is shown: grades before the two that make
    schools equals, on which joining has no bearing.

    Args:
        planted: What is planted, in percentage points.
        panels: How many panels.
        seed: Seed of the first; the others follow on.
        plan: The analysis plan.
    """
    plan = plan or declared_plan()
    effects, earlier = [], []
    for number in range(panels):
        found = grade_study(made_up_inspections(planted, seed=seed + number), plan)
        effects.append(found.overall)
        earlier.append(found.by_since.iloc[0])
    inside = [one.interval.lower <= planted.effect <= one.interval.upper for one in effects]
    return Recovered(
        panels=panels,
        planted=planted.effect,
        mean=sum(one.value for one in effects) / panels,
        covered=sum(inside) / panels,
        found=sum(told_apart(one.interval) for one in effects) / panels,
        placebo_mean=sum(float(one["estimate"]) for one in earlier) / panels,
        placebo_null=sum(bool(one["low"] <= 0 <= one["high"]) for one in earlier) / panels,
        confidence=plan.confidence,
    )
