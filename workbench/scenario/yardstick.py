"""How many schools a changed plan allows, measured from the trust as it stands.

Absorption compares growth with none under the same policy. That would flatter a change that harms
the trust before anybody joins, and slight one that helps it: less room would be left to do worse,
or more. A change is therefore judged by the same rule and tolerance, but from the trust as it
stands: no joiner and no change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from workbench.growth.absorb import Answer
from workbench.growth.setting import Setting
from workbench.measures.intervals import Interval
from workbench.measures.nested import Outcomes, nested_difference
from workbench.scenario.trial import Broken, Trial


@dataclass(frozen=True)
class Yardstick:
    """Where extra risk is measured from, and how much of it is accepted.

    Attributes:
        without: For each trajectory, whether the trust breaks a limit where nothing is changed.
        events: Trajectories for each draw of the parameters.
        tolerance: Extra risk accepted.
        ceiling: Chance of breaking a limit above which extra risk has no room to show.
        level: Confidence level of every interval.
    """

    without: Outcomes
    events: int
    tolerance: float
    ceiling: float
    level: float

    @property
    def is_beyond(self) -> bool:
        """Whether the trust is too likely to break a limit where nothing is changed."""
        return bool(self.without.mean() > self.ceiling)

    def extra(self, broken: Outcomes) -> Interval:
        """Return the extra risk of what broke a limit, paired."""
        return nested_difference(broken, self.without, self.events, self.level)

    def accepts(self, broken: Outcomes) -> bool:
        """Say whether the extra risk is surely within the tolerance."""
        return self.extra(broken).upper <= self.tolerance


def yardstick(trial: Trial, setting: Setting, without: Outcomes) -> Yardstick:
    """Return the yardstick of a trial, from the outcomes where nothing is changed."""
    risk = trial.settings.risk
    return Yardstick(
        without,
        trial.replicates // len(setting.params),
        risk.tolerance.value,
        risk.baseline_ceiling.value,
        1.0 - risk.error.value,
    )


def capacity(broken: Broken, measured: Yardstick, *, most: int, arriving: int) -> Answer:
    """Return the largest n with the extra risk of every m <= n surely within the tolerance.

    The rule of absorption (`growth.absorb.by_extra_risk`), number by number, stopping at the first
    beyond, with its reasons and one more: `change_exceeds_tolerance`, where the change alone is not
    shown within the tolerance before any school joins. `extra_risk_exceeds_tolerance` is said where
    the estimate is above the tolerance, `not_shown_within_tolerance` where only the upper bound is.

    Args:
        broken: What tells for a number of joiners which trajectories break a limit.
        measured: Where extra risk is measured from.
        most: Largest number looked at.
        arriving: Number that join within the horizon.
    """
    if measured.is_beyond or broken(0).mean() > measured.ceiling:
        return Answer(None, "already_beyond_limits")
    for n in range(most + 1):
        if n > arriving:
            return Answer(arriving, "limit_of_pace")
        if n == 0 and np.array_equal(broken(0), measured.without):
            continue  # nothing differs, however wide an interval few trajectories leave
        extra = measured.extra(broken(n))
        if extra.upper > measured.tolerance:
            if n == 0:
                return Answer(None, "change_exceeds_tolerance")
            above = extra.estimate > measured.tolerance
            reason = "extra_risk_exceeds_tolerance" if above else "not_shown_within_tolerance"
            return Answer(n - 1, reason)
    return Answer(most, "limit_of_search")


def own_capacity(broken: Broken, measured: Yardstick, *, most: int, arriving: int) -> Answer:
    """Return the capacity measured from the changed trust itself with no joiner, as absorption."""
    own = replace(measured, without=broken(0))
    return capacity(broken, own, most=most, arriving=arriving)


def allowed(broken: Broken, measured: Yardstick, *, most: int, arriving: int) -> Answer:
    """Return the capacity a change is credited with.

    Measured from the trust as it stands; where that is already beyond its limits it is no measure,
    and the changed trust itself is.
    """
    rule = own_capacity if measured.is_beyond else capacity
    return rule(broken, measured, most=most, arriving=arriving)


def gained(answer: Answer, planned: Answer, late: int) -> int:
    """Return the schools a change allows beyond the plan, none counting as nothing.

    Args:
        answer: Schools the change allows.
        planned: Schools the plan allows as it stands.
        late: Number of joiners that join early enough to be judged; later ones are no gain.
    """
    most, now = answer.capacity or 0, planned.capacity or 0
    return most - now if most <= now else max(0, min(most, late) - now)


def judged(setting: Setting, terms: int) -> int:
    """Return how many joiners, in order, have at least some terms in the trust by the horizon."""
    due = setting.school["join_term"][setting.school["existing"] == 0]
    return int((due + terms <= setting.terms).sum())
