"""What a change costs, against sums made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.growth.test_mechanisms import made
from tests.scenario.trials import in_draws
from workbench.growth.simulate import run
from workbench.scenario.costs import Cost, Spending, cost, spending

HELD = {
    "lead_cost": 90_000.0, "intelligence_cost": 9_000.0, "central_share": 0.7,
    "income_primary": 6_000.0,
}  # fmt: skip
INCOME = 5 * 300 * 6_000.0  # five schools of 300 pupils


def spends(leads: float = 2, joiners: tuple[tuple[int, int], ...] = (), **policy: Any) -> Spending:
    setting = in_draws(
        made(2, 2, 2, 2, 2, joiners=joiners, terms=4, leads=leads, held=HELD, **policy), 3
    )
    return spending(setting, run(setting, 6, record=True))


def costs(changed: Spending) -> Cost:
    return cost(changed, spends())


def test_a_further_lead_costs_a_lead() -> None:
    found = costs(spends(leads=3))
    assert (found.pounds, found.low, found.high) == pytest.approx((90_000,) * 3)
    assert (found.for_leads, found.from_schools, found.for_intelligence) == (90_000, 0, 0)


def test_intelligence_costs_by_school_and_investment() -> None:
    found = costs(spends(intelligence_investment=0.5))
    assert found.pounds == found.for_intelligence == pytest.approx(0.5 * 9_000 * 5)


def test_a_larger_slice_costs_schools_what_it_takes() -> None:
    found = costs(spends(top_slice=0.06))
    assert found.pounds == found.from_schools == pytest.approx(0.01 * INCOME)


def test_what_the_slice_pays_for_is_not_counted_twice() -> None:
    # Of 90,000 more taken, 30% is for improvement: it pays 27,000 of the lead's 90,000.
    found = costs(spends(leads=3, top_slice=0.06))
    assert found.pounds == pytest.approx(90_000 + 90_000 - 27_000)
    # A slice that gives more than is spent is counted as what it takes, and no less.
    small = costs(spends(leads=2.1, top_slice=0.06))
    assert small.pounds == pytest.approx(90_000)
    assert small.for_leads == pytest.approx(9_000)


def test_changes_that_a_larger_slice_pays_for_cost_exactly_as_much_as_the_slice() -> None:
    # Near 65,536, where a sum loses the last binary place that its taking away does not return.
    plan = Spending(np.array([65_000.1 / 0.12]), 0.05, np.array([0.3]), np.zeros(1), np.zeros(1))
    larger = replace(plan, slice_share=0.17)
    alone = cost(larger, plan).pounds
    for leads in np.linspace(600.1, 19_000, 50):
        assert cost(replace(larger, leads=np.array([leads])), plan).pounds == alone


def test_spending_less_is_a_saving() -> None:
    assert costs(spends(leads=1)).pounds == pytest.approx(-90_000)
    both = costs(spends(leads=1, top_slice=0.06))
    assert both.pounds == pytest.approx(90_000 - 90_000, abs=0.01)


def test_income_counts_joiners_from_the_term_in_which_they_join() -> None:
    joined = spends(joiners=((2, 2), (9, 2)))
    assert joined.income == pytest.approx(INCOME + 0.5 * 300 * 6_000)


def test_schools_that_join_later_do_not_bring_their_slice() -> None:
    # A school of 300 pupils that joins two of four terms later keeps back half a year's 5% of
    # its 1.8 million; 30% of it is for improvement. One that needs no lead saves nothing.
    plan, later = spends(joiners=((1, 2),)), spends(joiners=((3, 2),))
    lost = 0.05 * 0.3 * 0.5 * 300 * 6_000
    found = cost(later, plan)
    assert (found.pounds, found.lost_slice) == pytest.approx((lost, lost))
    assert cost(plan, later).pounds == pytest.approx(-lost)
    assert (found.low, found.high) == pytest.approx((lost, lost))


def test_leads_not_employed_are_set_against_the_slice_that_schools_do_not_bring() -> None:
    plan, later = spends(joiners=((1, 2),)), spends(leads=1, joiners=((3, 2),))
    found = cost(later, plan)
    assert found.for_leads < 0 < found.lost_slice
    assert found.pounds == pytest.approx(found.for_leads + found.lost_slice)


def test_a_larger_slice_makes_up_first_for_what_schools_do_not_bring() -> None:
    plan, later = spends(joiners=((1, 2),)), spends(top_slice=0.06, joiners=((3, 2),))
    found = cost(later, plan)
    taken = 0.01 * plan.income[0]
    assert 0 < found.lost_slice < 0.3 * taken
    assert found.pounds == found.from_schools == pytest.approx(taken)


@pytest.mark.parametrize("policy", [{}, {"top_slice": 0.06}, {"top_slice": 0.2}, {"leads": 3}])
def test_no_change_gets_cheaper_merely_by_taking_schools_later(policy: dict[str, Any]) -> None:
    plan = spends(joiners=((1, 2),))
    soon, late = spends(joiners=((1, 2),), **policy), spends(joiners=((3, 2),), **policy)
    late = replace(late, leads=soon.leads)
    assert cost(late, plan).pounds >= cost(soon, plan).pounds
    assert cost(late, plan).lost_slice > 0


def test_the_range_is_over_the_draws() -> None:
    plan = Spending(np.full(101, 1e6), 0.05, np.full(101, 0.3), np.zeros(101), np.zeros(101))
    found = cost(replace(plan, leads=np.arange(101.0)), plan)
    assert (found.low, found.pounds, found.high) == pytest.approx((5, 50, 95))


def test_spending_needs_the_series() -> None:
    setting = made(2, 2)
    with pytest.raises(ValueError, match="record=True"):
        spending(setting, run(setting, 2))
