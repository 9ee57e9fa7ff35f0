"""The board's page says what the answers say, whichever way they fall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pytest

from tests.charts.frames import curve
from workbench.growth.absorb import Absorption, Answer
from workbench.parameters.scenario import Scenario, read_scenario
from workbench.paths import scenarios
from workbench.report import board
from workbench.report.levers import Lever, levers_table, try_levers
from workbench.scenario.answers import read_settings, simulate
from workbench.scenario.results import ScenarioResult
from workbench.trust.load import Trust

SETTINGS = read_settings()


@pytest.fixture(scope="module")
def result(demo_trust: Trust) -> ScenarioResult:
    """The steady scenario on the demo trust, in few futures."""
    return simulate(demo_trust, "steady", replicates=100)


def absorbed(
    capacity: int | None, reason: str, extra: Sequence[float] = (0, 0.02, 0.04, 0.08, 0.15)
) -> Absorption:
    return Absorption(
        headline=Answer(capacity, reason),
        absolute=Answer(None, "confidence_not_met_with_none"),
        tolerance=0.1,
        confidence=0.9,
        curve=curve(extra),
        binding=pd.DataFrame({
            "limit": ["existing schools", "overstretch"],
            "first_share": [0.6, 0.4],
            "any_share": [0.6, 0.5],
        }),
        binding_at=0,
        replicates=100,
        draws=20,
        seed=1,
    )  # fmt: skip


def decided(answer: Absorption, result: ScenarioResult, *levers: Lever) -> board.Decision:
    return board.decide(answer, result, levers, SETTINGS)


def test_a_plan_within_tolerance_is_supported(result: ScenarioResult) -> None:
    decision = decided(absorbed(5, "extra_risk_exceeds_tolerance"), result)
    assert decision.headline == "Yes: 4 schools can join within the risk the board accepts"
    assert decision.recommendation.startswith("yes. 4 schools can join as planned")
    assert "5" in decision.facts.values()


def test_part_of_a_plan_is_supported_up_to_the_capacity(result: ScenarioResult) -> None:
    decision = decided(absorbed(3, "extra_risk_exceeds_tolerance"), result)
    assert decision.headline.startswith("In part: 3 of 4 schools")
    assert "take on 3 now, and decide on the other 1" in decision.recommendation


def test_none_is_supported_where_one_is_too_many(result: ScenarioResult) -> None:
    decision = decided(absorbed(0, "extra_risk_exceeds_tolerance"), result)
    assert decision.headline.startswith("Not yet: even one school")
    assert "none" in decision.facts.values()


def test_a_trust_beyond_its_limits_is_told_to_mend_first(result: ScenarioResult) -> None:
    decision = decided(absorbed(None, "already_beyond_limits"), result)
    assert decision.headline.startswith("Not yet: the trust is likely to break a limit")
    assert "existing schools" in decision.recommendation
    assert not any("add" in reason for reason in decision.why)


def test_a_search_that_ends_before_the_plan_does_not_speak_for_all_of_it(
    result: ScenarioResult,
) -> None:
    decision = decided(absorbed(2, "limit_of_search", (0, 0.01, 0.02)), result)
    assert decision.headline.startswith("Yes, as far as can be seen: all 2")
    assert "2 or more" in decision.facts.values()


def test_the_risk_that_joiners_add_is_given_with_its_range(result: ScenarioResult) -> None:
    assert decided(absorbed(3, "x"), result).why[0] == (
        "4 joining schools add 15 percentage points to the chance of breaking a limit (between 13 "
        "and 17)."
    )


def test_only_changes_that_help_would_change_our_mind(result: ScenarioResult) -> None:
    levers = (Lever("Half as many join", 0.5, 0.2), Lever("Slower", 0.3, 0.0))
    mind = decided(absorbed(3, "x"), result, *levers).mind
    assert len(mind) == 1
    assert mind[0].startswith("Half as many join: every limit then holds in about 10 in 20")
    nothing = decided(absorbed(3, "x"), result, Lever("Slower", 0.3, -0.1)).mind
    assert nothing[0].startswith("No single change")


def test_levers_are_tried_on_the_same_luck_best_first(
    demo_trust: Trust, result: ScenarioResult
) -> None:
    levers = try_levers(demo_trust, result)
    gains = [lever.gain for lever in levers]
    assert gains == sorted(gains, reverse=True)
    assert all(lever.hold - lever.gain == result.hold.estimate for lever in levers)
    assert levers_table(levers, result)["Change"].iloc[0] == "The plan as it stands"


def test_tables_head_columns_for_readers_and_leave_nothing_out(result: ScenarioResult) -> None:
    for table, rows in ((board.breach_table(result), 6), (board.joiners_table(result), 4)):
        assert len(table) == rows
        assert not [column for column in table.columns if "_" in column]


def test_a_joiner_that_never_becomes_secure_is_said_so(result: ScenarioResult) -> None:
    rows = result.time_to_secure.assign(median=float("nan"), p25=float("nan"), p75=float("nan"))
    table = board.joiners_table(replace(result, time_to_secure=rows))
    assert set(table["Terms until secure, middle"]) == {"not reached"}


def test_the_limit_drawn_is_one_that_has_a_level() -> None:
    measure = board.measure_that_binds(absorbed(1, "x"))
    assert measure == "capacity_use"
    assert board.limit_of(measure, SETTINGS) == 1.0


def steady() -> Scenario:
    return read_scenario("steady", scenarios())


def test_only_numbers_that_can_have_joined_are_tried() -> None:
    # Three terms wait, then a school each second term: terms 2, 4, ... 14 of 15.
    assert board.numbers_to_try(steady(), SETTINGS)[-1] == 7


def test_a_fast_pace_is_tried_to_the_most_and_a_late_one_not_at_all() -> None:
    plan = steady()
    fast = plan.model_copy(update={"joiners": plan.joiners.model_copy(update={"a_year": 12.0})})
    late = plan.model_copy(
        update={"joiners": plan.joiners.model_copy(update={"first_term": "2035/36 autumn"})}
    )
    assert len(board.numbers_to_try(fast, SETTINGS)) == board.MOST_TRIED + 1
    assert list(board.numbers_to_try(late, SETTINGS)) == [0]


def test_what_the_paper_leaves_out_names_the_doubt_in_the_chance(result: ScenarioResult) -> None:
    doubted = board.limitations(replace(result, epistemic_sd=0.123))
    assert "12 percentage points" in doubted[0]
    assert len(board.limitations(replace(result, epistemic_sd=None))) == len(doubted) - 1
