"""Levers are worded with the figures of the plan and of the change."""

from __future__ import annotations

from workbench import paths
from workbench.measures.intervals import Interval
from workbench.parameters.levers import load_lever_sizes
from workbench.parameters.scenario import read_scenario
from workbench.report.levers import change
from workbench.scenario.levers import Lever, changed_plans

PLAN = read_scenario("steady", paths.scenarios())
SIZES = load_lever_sizes()


def test_every_lever_is_worded_with_its_own_figures() -> None:
    nothing = Interval(0.0, 0.0, 0.0, 0.95)
    said = [
        change(Lever(name, changed, 0.5, nothing), PLAN)
        for name, changed in changed_plans(PLAN, SIZES).items()
    ]
    assert said == [
        "2 schools join, not 4",
        "Leads are hired 2 terms earlier",
        "Each lead serves 4 schools, not 5.5",
        "6% of income is pooled, not 5%",
        "Intelligence is funded at 100% of its full cost, not 0%",
        "Schools join at a pace of 0.75 a year, not 1.5",
    ]
