"""What a change costs the trust's own income, in pounds a year, from what was simulated.

Four things cost money: leads in post, intelligence, a larger share taken from schools' own budgets,
and the share for improvement that schools do not bring while they have not joined. A plan that
takes schools later needs fewer leads and is paid less: both are counted. What a larger share itself
pays for is not counted twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.growth.kernel.layout import SERIES
from workbench.growth.setting import Setting
from workbench.growth.simulate import Trajectories

Pounds = npt.NDArray[np.float64]
RANGE = (0.05, 0.95)


@dataclass(frozen=True)
class Spending:
    """What a plan spends a year, mean over its terms, for each draw of the parameters (length M).

    Attributes:
        income: Schools' income.
        slice_share: Share of it that is pooled.
        improvement: Share of what is pooled that is left for improvement.
        leads: Pounds for leads in post.
        intelligence: Pounds for intelligence.
    """

    income: Pounds
    slice_share: float
    improvement: Pounds
    leads: Pounds
    intelligence: Pounds


@dataclass(frozen=True)
class Cost:
    """What a change costs a year more than the plan as it stands; below zero where it saves.

    Attributes:
        pounds: Expected pounds a year, mean over the draws of the parameters.
        low: 5th percentile over the draws.
        high: 95th percentile.
        from_schools: What a larger slice takes from schools' own budgets, mean.
        for_leads: More for leads in post, mean.
        for_intelligence: More for intelligence, mean.
        lost_slice: What schools that join later, or not at all, do not bring for improvement, mean;
            below zero where more is brought.
    """

    pounds: float
    low: float
    high: float
    from_schools: float
    for_leads: float
    for_intelligence: float
    lost_slice: float


def spending(setting: Setting, result: Trajectories) -> Spending:
    """Return what a plan spends a year, as the model's accounts do (`kernel.staffing.account`).

    Joiners' income counts in the order in which they are due, as many as have joined.

    Args:
        setting: The plan.
        result: Its trajectories, with their series.

    Raises:
        ValueError: The trajectories were run without their series.
    """
    if not result.series.shape[1]:
        raise ValueError("spending needs trajectories run with record=True")
    params, events = setting.params, result.events
    draws = len(result.breach) // events
    params = params[:draws]

    def yearly(values: npt.NDArray[np.float64]) -> Pounds:
        return np.asarray(values.reshape(draws, events, -1).mean(axis=(1, 2)))

    schools = result.series[:, :, SERIES.index("schools")]
    return Spending(
        income=yearly(_income(setting, schools, draws, events)),
        slice_share=float(setting.policy["top_slice"][0]),
        improvement=1.0 - params["central_share"],
        leads=params["lead_cost"] * yearly(result.series[:, :, SERIES.index("leads")]),
        intelligence=params["intelligence_cost"]
        * float(setting.policy["intelligence_investment"][0])
        * yearly(schools),
    )


def cost(changed: Spending, plan: Spending) -> Cost:
    """Return what a changed plan costs more than another, paired draw by draw.

    The change of what is pooled has two parts. That of the share, (s' - s) x I, is taken from the
    schools planned; that of their income, s' x (I' - I), is not brought where they join later: what
    of it was for improvement is lost. A school that joins later pays no larger share meanwhile,
    which is no saving: it is not yet in the trust. Of what a larger share gives to improvement, all
    that leads and intelligence cost more and later schools do not bring is paid first. The rest
    comes from reserves and is added. Costs of joining, days lent and schools' own balances are left
    out.

    Args:
        changed: What the changed plan spends.
        plan: What the plan as it stands spends, in the same draws.
    """
    schools = (changed.slice_share - plan.slice_share) * plan.income
    lost = changed.slice_share * plan.improvement * (plan.income - changed.income)
    leads = changed.leads - plan.leads
    intelligence = changed.intelligence - plan.intelligence
    more = leads + intelligence + lost
    paid_by_slice = np.minimum(np.maximum(more, 0.0), np.maximum(schools, 0.0) * plan.improvement)
    total = schools + (more - paid_by_slice)  # in brackets, what is paid for adds nothing at all
    low, high = np.quantile(total, RANGE)
    return Cost(
        float(total.mean()),
        float(low),
        float(high),
        float(schools.mean()),
        float(leads.mean()),
        float(intelligence.mean()),
        float(lost.mean()),
    )


def _income(
    setting: Setting, schools: npt.NDArray[np.float64], draws: int, events: int
) -> npt.NDArray[np.float64]:
    """Return schools' income in each trajectory and term, R x terms."""
    given = setting.school
    pupils = given["pupils"] * setting.derived["income"][:draws][:, given["phase"]]
    present = pupils[:, given["existing"] == 1].sum(axis=1, keepdims=True)
    joining = pupils[:, given["existing"] == 0]
    reached = np.hstack([present, present + np.cumsum(joining, axis=1)])
    joined = schools.astype(int) - setting.existing
    return np.asarray(reached[np.repeat(np.arange(draws), events)[:, None], joined])
