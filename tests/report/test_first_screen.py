"""The first screen answers four questions, whichever way the answers fall."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from tests.report.test_board import absorbed, decided
from workbench.growth.absorb import Absorption, Answer
from workbench.parameters.scenario import Scenario
from workbench.report.first_screen import Reply, as_part, replies
from workbench.scenario.answers import simulate
from workbench.scenario.changes import Plan
from workbench.scenario.costs import Cost
from workbench.scenario.packages import Cheapest, Package, Packages
from workbench.scenario.results import ScenarioResult
from workbench.trust.load import Trust

QUESTIONS = ["Can we?", "How sure are we?", "What breaks first?", "What would buy more?"]
PLANNED = Answer(2, "extra_risk_exceeds_tolerance")


@pytest.fixture(scope="module")
def result(demo_trust: Trust) -> ScenarioResult:
    """The steady scenario on the demo trust, in few futures."""
    return simulate(demo_trust, "steady", replicates=100)


def package(plan: Scenario, extra: int, pounds: float) -> Package:
    """More intelligence, which lets further schools join at a price."""
    policy = plan.policy.model_copy(update={"intelligence_investment": 1.0})
    cost = Cost(pounds, pounds / 2, pounds * 2, 0.0, 0.0, pounds, 0.0)
    return Package(
        (("more intelligence", 1),),
        Plan(plan.model_copy(update={"policy": policy})),
        Answer(2 + extra, "extra_risk_exceeds_tolerance"),
        extra,
        cost,
    )


def packages(*held: Package) -> Packages:
    cheapest = tuple(Cheapest(one.extra_schools, one, one, "") for one in held)
    none = (Cheapest(1, None, None, "no_package_allows_them"),)
    return Packages(PLANNED, cheapest or none, 40, 2000, 4000)


def answered(answer: Absorption, result: ScenarioResult, *held: Package) -> dict[str, Reply]:
    given = replies(decided(answer, result), answer, result, packages(*held))
    assert [reply.question for reply in given] == QUESTIONS
    return {reply.question: reply for reply in given}


def test_the_four_answers_are_those_of_the_model(result: ScenarioResult) -> None:
    answer = absorbed(3, "extra_risk_exceeds_tolerance")
    given = answered(answer, result, package(result.scenario, 2, 58_000))
    assert given["Can we?"].answer.startswith("In part: 3 of 4 schools can join")
    assert "take on 3 now".capitalize() in given["Can we?"].because[0]
    # One set of futures: 35% less 20% is the 15 points that growth adds.
    assert given["How sure are we?"].answer == (
        "About 7 in 20 futures (35%) break a limit with 4 schools joining"
    )
    assert "With none joining: about 4 in 20 (20%)" in given["How sure are we?"].because[0]
    assert "growth adds 15 percentage points" in given["How sure are we?"].because[0]
    assert "100 simulated futures" in given["How sure are we?"].because[0]
    assert given["What would buy more?"].answer.startswith("2 more schools: ")
    assert given["What would buy more?"].because == (
        "£58,000 a year in all (£29,000 to £116,000), £29,000 for each further school; "
        "of 40 packages tried, none that holds is clearly cheaper for each school.",
    )


def test_the_package_named_is_the_cheapest_for_each_further_school(result: ScenarioResult) -> None:
    plan = result.scenario
    answer = absorbed(3, "extra_risk_exceeds_tolerance")
    given = answered(answer, result, package(plan, 1, 50_000), package(plan, 3, 90_000))
    assert given["What would buy more?"].answer.startswith("3 more schools")


@pytest.mark.parametrize(
    ("extra", "pounds", "begins"),
    [
        (1, 58_000, "£58,000 a year in all (£29,000 to £116,000); of 40 packages"),
        (2, -40_000, "Saves £40,000 a year in all (£80,000 to £20,000); of 40 packages"),
        (2, 100, "It costs nothing; of 40 packages"),
    ],
)
def test_a_cost_for_each_school_is_said_only_where_it_differs(
    result: ScenarioResult, extra: int, pounds: float, begins: str
) -> None:
    answer = absorbed(3, "extra_risk_exceeds_tolerance")
    given = answered(answer, result, package(result.scenario, extra, pounds))
    assert given["What would buy more?"].because[0].startswith(begins)


def later(plan: Scenario, extra: int, pounds: float) -> Package:
    """Taking the same schools at half the pace, and nothing else."""
    joiners = plan.joiners.model_copy(update={"a_year": plan.joiners.a_year / 2})
    slower = Plan(plan.model_copy(update={"joiners": joiners}))
    return replace(package(plan, extra, pounds), changes=(("slower pace", 1),), plan=slower)


def test_taking_schools_later_is_not_called_cheapest(result: ScenarioResult) -> None:
    plan, answer = result.scenario, absorbed(3, "extra_risk_exceeds_tolerance")
    alone = answered(answer, result, later(plan, 2, 10_000))["What would buy more?"]
    assert alone.answer.startswith("2 more schools, but later: Schools join at a pace of 0.75")
    assert alone.because[0].endswith("This only takes schools later than planned.")
    assert "cheapest" not in alone.because[0]
    both = answered(answer, result, later(plan, 1, 10_000), package(plan, 2, 90_000))
    assert both["What would buy more?"].answer.startswith("2 more schools: Intelligence")
    assert both["What would buy more?"].because[0].endswith("apart from only taking schools later.")


def test_a_saving_is_not_the_better_for_fewer_schools(result: ScenarioResult) -> None:
    plan, answer = result.scenario, absorbed(3, "extra_risk_exceeds_tolerance")
    given = answered(answer, result, package(plan, 1, -40_000), package(plan, 4, -40_000))
    assert given["What would buy more?"].answer.startswith("4 more schools: ")
    assert "for each further school" not in given["What would buy more?"].because[0]


def test_where_nothing_helps_or_breaks_it_says_so(result: ScenarioResult) -> None:
    safe = replace(
        absorbed(4, "limit_of_search"),
        binding=pd.DataFrame({"limit": ["reserves"], "first_share": [0.0], "any_share": [0.0]}),
    )
    held = replace(result, futures=result.futures.assign(breached=False, first_limit=""))
    given = answered(safe, held)
    assert given["What breaks first?"].answer == "Nothing: no future breaks a limit"
    assert given["What would buy more?"].answer == "Nothing that was tried"


def test_what_is_shown_is_escaped(result: ScenarioResult) -> None:
    part = as_part((Reply("Can we?", "<b>yes</b>", ("a < b",)),))
    assert "&lt;b&gt;yes&lt;/b&gt;" in part
    assert "a &lt; b" in part


def breaking(result: ScenarioResult, **first: int) -> ScenarioResult:
    """The result with so many futures that break each limit first; overstretch in nine tenths."""
    names = [name.replace("_", " ") for name, many in first.items() for _ in range(many)]
    ever = result.breach.assign(probability=0.5)
    ever.loc[ever["limit"] == "overstretch", "probability"] = 0.9
    futures = pd.DataFrame({"breached": True, "first_limit": names})
    return replace(result, futures=futures, breach=ever)


def test_what_breaks_first_is_answered_for_the_plan_and_for_the_first_school_too_many(
    result: ScenarioResult,
) -> None:
    answer = replace(absorbed(1, "extra_risk_exceeds_tolerance"), binding_at=2)
    plan = breaking(result, golden_rule=70, overstretch=20, reserves=10)
    given = answered(answer, plan)["What breaks first?"]
    assert given.answer == "Golden rule"
    assert given.because == (
        "With 4 schools joining, the golden rule limit goes first in 70% of the futures that break "
        "a limit; it is broken sooner or later in 50% of them.",
        "Then overstretch 20%, reserves 10%.",
        "Broken in the most, sooner or later: overstretch, in 90%.",
        "With 2, the first number too many, the existing schools limit goes first in 60%.",
    )
    for other in (4, 1):  # the plan itself, and a number that is not too many
        said = answered(replace(answer, binding_at=other), plan)["What breaks first?"]
        assert said.because == given.because[:-1]


def test_what_more_futures_might_turn_round_is_said_to_be_about_equal(
    result: ScenarioResult,
) -> None:
    answer = absorbed(4, "extra_risk_exceeds_tolerance")
    few, many = breaking(result, reserves=6, unmet_need=4), breaking(result, reserves=99)
    assert answered(answer, few)["What breaks first?"].answer == (
        "Reserves or unmet need, about equally"
    )
    assert answered(answer, many)["What breaks first?"].answer == "Reserves"
