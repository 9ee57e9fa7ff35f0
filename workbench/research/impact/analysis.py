"""One analysis of impact from the plan to its doubts: the same for made-up and real schools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from workbench.errors import BadInput, RunFailed, WorkbenchError
from workbench.measures.clustered import Estimate
from workbench.measures.departure import Departure
from workbench.research.impact.departures import departure_of_numbers
from workbench.research.impact.doubts import Bounce, Parts, bounce, mixed_model, placebo
from workbench.research.impact.effects import Effects, group_time_effects
from workbench.research.impact.made_up import Planted, made_up_panel
from workbench.research.impact.panel import ImpactPanel, impact_panel
from workbench.research.impact.plan import Plan, declared_plan
from workbench.research.impact.published import published_table

DEMO = "demo"
T = TypeVar("T")


@dataclass(frozen=True)
class Subject:
    """Schools and the outcome that is looked at.

    Attributes:
        panel: The schools.
        outcome: The outcome's name, by which the plan knows it; `demo` where it is made up.
        title: The outcome in words.
        unit: Its unit.
        low_is_weak: Whether a low number is a weak one.
        source: Where the numbers come from, in words.
        made_up: Whether the schools are made up.
        notes: Schools left out, by reason.
        planted: The planted effect, where there is one.
    """

    panel: ImpactPanel
    outcome: str
    title: str
    unit: str
    low_is_weak: bool
    source: str
    made_up: bool
    notes: dict[str, int]
    planted: Planted | None = None


@dataclass(frozen=True)
class Analysis:
    """What was planned and what came of it; what cannot be had is missing, with the reason.

    Attributes:
        subject: The schools and the outcome.
        plan: The plan.
        plain: Effects by differences alone.
        equal: Effects at equal earlier numbers.
        never: Effects against schools never supported.
        placebo: Effects of a joining that did not happen.
        departure: How far paths may have parted before support began, and what that would feign.
        bounce: How weak schools moved with no support.
        parts: The mixed model.
        missing: What could not be had, with the reason.
    """

    subject: Subject
    plan: Plan
    plain: Effects
    equal: Effects | None
    never: Effects | None
    placebo: Effects | None
    departure: Departure | None
    bounce: Bounce | None
    parts: Parts | None
    missing: dict[str, str]

    def estimates(self) -> dict[str, Estimate]:
        """Return the overall effect by each way of looking, and at the placebo date."""
        ways = {
            "As planned": self.plain,
            "At equal earlier numbers": self.equal,
            "Against schools never supported": self.never,
            "Placebo: a joining that did not happen": self.placebo,
        }
        return {way: found.overall() for way, found in ways.items() if found is not None}

    @property
    def two_periods(self) -> bool:
        """Whether no earlier period can show if schools were on the same path before."""
        return not (self.plain.cells["since"] < 0).any()

    @property
    def alike_before(self) -> bool | None:
        """Whether the planned test tells differences before apart from none; None if it cannot."""
        test = self.plain.before()
        return None if test is None else test.p_value >= self.plan.before_level


def subject_of(source: str, outcome: str, plan: Plan | None = None, *, seed: int = 2026) -> Subject:
    """Return made-up schools for `demo`, else those of a folder of published files.

    Args:
        source: `demo` or a folder.
        outcome: One of `published.OUTCOMES`; made-up schools have one outcome only.
        plan: The analysis plan, which says whom to leave out; the declared one if none is given.
        seed: Seed of made-up schools.
    """
    if source == DEMO:
        planted = Planted()
        panel = impact_panel(made_up_panel(planted, seed=seed))
        return Subject(
            panel, DEMO, "Made-up outcome", "points", True, "made-up schools with a planted effect",
            True, dict(panel.left_out), planted,
        )  # fmt: skip
    read = published_table(Path(source), outcome, plan)
    panel = impact_panel(read.table)
    measure = read.outcome
    return Subject(
        panel, measure.name, measure.title, measure.unit, measure.low_is_weak,
        "published figures of the Department for Education", False,
        dict(read.notes) | panel.left_out,
    )  # fmt: skip


def analyse(subject: Subject, plan: Plan | None = None) -> Analysis:
    """Carry out the plan.

    Args:
        subject: The schools and the outcome.
        plan: The analysis plan; the declared one if none is given.

    Raises:
        BadInput: No cohort has enough schools to compare.
    """
    plan = plan or declared_plan()
    panel, missing = subject.panel, dict[str, str]()

    def had(what: str, compute: Callable[[], T]) -> T | None:
        try:
            return compute()
        except (BadInput, RunFailed) as reason:
            missing[what] = _said(reason)
            return None

    plain = _with_overall(panel, plan)
    return Analysis(
        subject=subject,
        plan=plan,
        plain=plain,
        equal=had(
            "At equal earlier numbers",
            lambda: _with_overall(panel, replace(plan, adjusted="earlier numbers")),
        ),
        never=had(
            "Against schools never supported",
            lambda: _with_overall(panel, replace(plan, comparison="never")),
        ),
        placebo=had("Placebo", lambda: _checked(placebo(panel, plan))),
        departure=had("Differences before joining", lambda: departure_of_numbers(plain)),
        bounce=had(
            "Weak schools with no support",
            lambda: bounce(
                panel, int(panel.periods[0]), share=plan.picked_share,
                low_is_weak=subject.low_is_weak,
            ),
        ),
        parts=had(
            "Mixed model", lambda: mixed_model(panel, most_schools=plan.most_comparison_schools)
        ),
        missing=missing,
    )  # fmt: skip


def _with_overall(panel: ImpactPanel, plan: Plan) -> Effects:
    return _checked(group_time_effects(panel, plan))


def _checked(effects: Effects) -> Effects:
    """Return effects whose overall mean can be had; raises where it cannot."""
    effects.overall()
    return effects


def _said(reason: WorkbenchError) -> str:
    return reason.what
