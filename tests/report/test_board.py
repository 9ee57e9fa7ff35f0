"""The board's page says what the answers say, whichever way they fall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pytest
from markupsafe import Markup

from tests.charts.frames import curve
from workbench.growth.absorb import Absorption, Answer
from workbench.measures.intervals import Interval
from workbench.report import board
from workbench.report.levers import levers_table, mind
from workbench.scenario.answers import read_settings, simulate
from workbench.scenario.levers import Lever, LeverName
from workbench.scenario.results import ScenarioResult
from workbench.trust.load import Trust

SETTINGS = read_settings()


@pytest.fixture(scope="module")
def result(demo_trust: Trust) -> ScenarioResult:
    """The steady scenario on the demo trust, in few futures."""
    return simulate(demo_trust, "steady", replicates=100)


STRICT = Answer(None, "confidence_not_met_with_none")


def absorbed(
    capacity: int | None,
    reason: str,
    extra: Sequence[float] = (0, 0.02, 0.04, 0.08, 0.15),
    absolute: Answer = STRICT,
) -> Absorption:
    return Absorption(
        headline=Answer(capacity, reason),
        absolute=absolute,
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
    alone = replace(
        answer,
        binding=pd.DataFrame({"limit": ["reserves"], "first_share": [1.0], "any_share": [1.0]}),
    )
    said = mind(levers, {}, answer, result)
    return board.decide(answer, alone, result, SETTINGS, mind=said, rests_on="much.")


def holding(result: ScenarioResult, alone: float) -> ScenarioResult:
    """The result with another chance that every limit holds without growth."""
    return replace(result, hold_without=Interval(alone, alone, alone, 0.95))


def lever(result: ScenarioResult, hold: float, gain: float, lower: float, upper: float) -> Lever:
    """Half the schools joining, with the gain said."""
    joiners = result.scenario.joiners.model_copy(update={"schools": 2})
    plan = result.scenario.model_copy(update={"joiners": joiners})
    return Lever("fewer schools", plan, hold, Interval(gain, lower, upper, 0.95))


def test_a_plan_within_tolerance_is_supported(result: ScenarioResult) -> None:
    plan = holding(result, 0.75)
    decision = decided(absorbed(5, "extra_risk_exceeds_tolerance"), plan)
    assert decision.headline == "Yes: 4 schools can join within the proposed tolerance"
    assert decision.recommendation.startswith("yes. 4 schools can join as planned")
    assert "5" in decision.facts.values()


def test_part_of_a_plan_is_supported_up_to_the_capacity(result: ScenarioResult) -> None:
    decision = decided(absorbed(3, "extra_risk_exceeds_tolerance"), result)
    assert decision.headline.startswith("In part: 3 of 4 schools")
    assert "take on 3 now, and decide on the other 1" in decision.recommendation


def test_a_tolerance_the_board_has_not_set_is_called_proposed_once(result: ScenarioResult) -> None:
    answer = absorbed(3, "extra_risk_exceeds_tolerance")
    proposed = "a proposed tolerance of 10%, which the board has not yet set"
    decision = decided(answer, result)
    shown = "".join(decision.parts(Markup(decision.recommended())))
    assert shown.count(proposed) == 1
    assert "the board accepts" not in shown
    risk = SETTINGS.risk
    agreed = risk.tolerance.model_copy(update={"verified": True})
    settled = SETTINGS.model_copy(update={"risk": risk.model_copy(update={"tolerance": agreed})})
    decision = board.decide(answer, answer, result, settled, mind=(), rests_on="much.")
    assert "the tolerance of 10% that the board accepts" in decision.recommendation
    assert "proposed" not in decision.headline


def test_too_few_futures_are_not_taken_for_too_much_risk(result: ScenarioResult) -> None:
    for capacity, more in ((0, "One school"), (2, "3 schools")):
        decision = decided(absorbed(capacity, "not_shown_within_tolerance"), result)
        assert f"{more} may keep within a proposed tolerance" in decision.recommendation
        assert "too few futures were simulated to be sure" in decision.recommendation


def test_none_is_supported_where_one_is_too_many(result: ScenarioResult) -> None:
    decision = decided(absorbed(0, "extra_risk_exceeds_tolerance"), result)
    assert decision.headline.startswith("Not yet: even one school")
    assert "none" in decision.facts.values()


def test_a_trust_beyond_its_limits_is_told_to_mend_first(result: ScenarioResult) -> None:
    decision = decided(absorbed(None, "already_beyond_limits"), result)
    assert decision.headline.startswith("Not yet: the trust is likely to break a limit")
    assert "With no school joining" in decision.recommendation
    assert not any("add" in reason for reason in decision.why)


def test_a_search_that_ends_before_the_plan_does_not_speak_for_all_of_it(
    result: ScenarioResult,
) -> None:
    decision = decided(absorbed(2, "limit_of_search", (0, 0.01, 0.02)), result)
    assert decision.headline.startswith("Yes, as far as can be seen: 2 schools by")
    assert "2 or more" in decision.facts.values()


@pytest.mark.parametrize("reason", ["limit_of_search", "limit_of_pace"])
def test_no_risk_is_claimed_of_schools_that_cannot_join_in_time(
    result: ScenarioResult, reason: str
) -> None:
    decision = decided(absorbed(0, reason, (0,)), result)
    assert decision.headline.startswith("Not known: no school can join by")
    assert "more risk" not in decision.headline + decision.recommendation
    assert "none" not in decision.facts.values()


def test_every_school_that_can_join_in_time_is_said_to_be_all_of_them(
    result: ScenarioResult,
) -> None:
    decision = decided(absorbed(2, "limit_of_pace"), result)
    assert decision.headline.startswith("Yes, as far as can be seen: 2 schools by")
    assert "all 2 that can join in time" in decision.facts.values()


@pytest.mark.parametrize(
    ("absolute", "said"),
    [
        (STRICT, "no number of schools passes, not even none: the trust would break a limit in "
                 "about 4 in 20 futures without growth."),
        (Answer(0, "confidence_not_met"), "the trust passes only as it is: not even one school "
                                          "can join."),
        (Answer(0, "limit_of_pace"), "the trust passes, and no school can join by"),
        (Answer(3, "confidence_not_met"), "3 schools can join, and no more."),
        (Answer(4, "limit_of_search"), "4 schools or more can join."),
        (Answer(4, "limit_of_pace"), "4 schools can join: every one that the pace lets join by"),
    ],
)  # fmt: skip
def test_the_stricter_test_is_answered_in_a_sentence(
    result: ScenarioResult, absolute: Answer, said: str
) -> None:
    answer = absorbed(3, "extra_risk_exceeds_tolerance", absolute=absolute)
    decision = decided(answer, result)
    start = "By the stricter test, that every limit holds with a proposed 90% confidence, "
    assert decision.stricter.startswith(start + said)
    assert decision.stricter in "".join(decision.parts())


def test_a_trust_that_breaks_limits_by_itself_is_told_so_before_any_answer(
    result: ScenarioResult,
) -> None:
    weak = curve((0, 0.02, 0.04, 0.08, 0.15), baseline=0.75)
    answer = replace(absorbed(5, "extra_risk_exceeds_tolerance"), curve=weak)
    decision = decided(answer, result)
    assert decision.own_risk.startswith("The larger risk is the trust's own position: with no")
    assert "about 15 in 20 futures break a limit" in decision.own_risk
    assert decision.own_risk.endswith("most often the reserves limit first.")
    assert decision.headline.endswith("yet about 15 in 20 futures break a limit with none joining")
    assert decision.facts["futures break a limit if no school joins"] == "about 15 in 20"
    shown = "".join(decision.parts(Markup("<p>The first screen</p>")))
    assert shown.index("The larger risk") < shown.index("The first screen")


def test_where_the_curve_does_not_reach_the_odds_are_those_of_the_plan(
    result: ScenarioResult,
) -> None:
    short = replace(absorbed(1, "limit_of_pace"), curve=curve((0, 0.02)))
    assert board.odds(short, holding(result, 0.25)) == (1 - result.hold.estimate, 0.75)


def test_a_trust_that_mostly_holds_by_itself_is_not_called_the_larger_risk(
    result: ScenarioResult,
) -> None:
    even = curve((0, 0.02, 0.04, 0.08, 0.15), baseline=0.5)
    answer = replace(absorbed(5, "extra_risk_exceeds_tolerance"), curve=even)
    assert decided(answer, result).own_risk == ""


def test_the_risk_that_joiners_add_is_given_with_its_range(result: ScenarioResult) -> None:
    assert decided(absorbed(3, "x"), result).why[0] == (
        "4 joining schools add 15 percentage points to the chance of breaking a limit (between 13 "
        "and 17)."
    )


def test_a_change_is_judged_by_how_many_schools_it_allows(result: ScenarioResult) -> None:
    plan = replace(result, hold=Interval(0.3, 0.28, 0.32, 0.95))
    slower = replace(lever(plan, 0.3, 0.0, -0.01, 0.01), name="earlier hiring")
    allowed: dict[LeverName, Absorption] = {"earlier hiring": absorbed(3, "x")}
    said = mind((slower,), allowed, absorbed(2, "x"), plan)
    assert said[0].endswith("allows 3 schools, not 2.")
    assert said[-1].startswith(
        "None of these alone brings the plan of 4 schools within the tolerance"
    )
    enough = mind((slower,), {"earlier hiring": absorbed(4, "x")}, absorbed(0, "x"), plan)
    assert len(enough) == 1
    assert enough[0].endswith("allows 4 schools, not none.")
    no_more = mind((slower,), allowed, absorbed(3, "x"), plan)
    assert len(no_more) == 1
    assert "Several at once were not tried" in no_more[0]


def test_only_changes_that_clearly_help_would_change_our_mind(result: ScenarioResult) -> None:
    plan = replace(result, hold=Interval(0.3, 0.28, 0.32, 0.95))
    helps, unclear = (lever(plan, 0.5, 0.2, low, 0.22) for low in (0.18, -0.01))
    said = mind((helps, unclear), {}, absorbed(4, "x"), plan)
    assert said == (
        "2 schools join, not 4: every limit then holds in about 10 in 20 futures, not about 6 in "
        "20 (+20.0 points (18.0 to 22.0)).",
    )
    harm = lever(plan, 0.2, -0.1, -0.12, -0.08)
    assert mind((harm, unclear), {}, absorbed(4, "x"), plan)[0].startswith("No single change")


def test_a_change_that_leaves_the_odds_the_same_is_not_named(result: ScenarioResult) -> None:
    plan = replace(result, hold=Interval(0.002, 0.001, 0.003, 0.95))
    slight = lever(plan, 0.012, 0.01, 0.005, 0.015)
    assert mind((slight,), {}, absorbed(4, "x"), plan)[0].startswith("No single change")


@pytest.mark.parametrize(
    ("hold", "gain", "said"),
    [
        (0.36, (0.06, 0.04, 0.08), "+6.0 points (4.0 to 8.0)"),
        (0.24, (-0.06, -0.08, -0.04), "\u22126.0 points (\u22128.0 to \u22124.0)"),
        (0.303, (0.003, 0.0002, 0.005), "+0.3 points (0.02 to 0.5)"),
        (0.31, (0.01, -0.02, 0.04), "no clear difference (\u22122.0 to 4.0)"),
        (0.3, (0.0, 0.0, 0.0), "no clear difference (0 to 0)"),
    ],
)
def test_a_gain_is_given_with_its_range_or_called_unclear(
    result: ScenarioResult, hold: float, gain: tuple[float, float, float], said: str
) -> None:
    plan = replace(result, hold=Interval(0.3, 0.28, 0.32, 0.95))
    table = levers_table((lever(plan, hold, *gain),), plan)
    assert table["Change"].to_list() == ["The plan as it stands", "2 schools join, not 4"]
    assert table["Gain (95% interval)"].to_list() == ["", said]


def test_a_gain_is_the_difference_of_the_chances_shown(result: ScenarioResult) -> None:
    plan = replace(result, hold=Interval(0.1364, 0.12, 0.15, 0.95))
    table = levers_table((lever(plan, 0.1836, 0.0472, 0.03, 0.06),), plan)
    assert table["Chance"].to_list() == ["13.6%", "18.4%"]
    assert table["Gain (95% interval)"].iloc[1].startswith("+4.8 points")


def test_faulty_rows_and_moved_dates_are_said_beside_the_question(result: ScenarioResult) -> None:
    noted = replace(result, notes=(
        "Rows left out because they are faulty or name a faulty school: schools 2.",
        "The trust's data describe 1 May 2020, so the scenario starts in 2020 summer.",
        "Something else.",
    ))  # fmt: skip
    shown = "".join(decided(absorbed(4, "x"), noted).parts(Markup("<p>The first screen</p>")))
    first = shown.index("The first screen")
    assert shown.index("Warning.") < shown.index("data describe 1 May 2020") < first
    assert "Something else" not in shown
    assert "Warning." not in "".join(decided(absorbed(4, "x"), result).parts())


def test_tables_head_columns_for_readers_and_leave_nothing_out(result: ScenarioResult) -> None:
    for table, rows in ((board.breach_table(result), 6), (board.joiners_table(result), 4)):
        assert len(table) == rows
        assert not [column for column in table.columns if "_" in column]


def test_a_joiner_that_never_becomes_secure_is_said_so(result: ScenarioResult) -> None:
    rows = result.time_to_secure.assign(median=float("nan"), p25=float("nan"), p75=float("nan"))
    table = board.joiners_table(replace(result, time_to_secure=rows))
    assert set(table["Terms until secure, middle of these"]) == {"not reached"}


def test_the_limit_drawn_is_one_that_has_a_level() -> None:
    measure = board.measure_that_binds(absorbed(1, "x"))
    assert measure == "capacity_use"
    assert board.limit_of(measure, SETTINGS) == 1.0


def test_what_the_paper_leaves_out_names_the_doubt_in_the_chance(result: ScenarioResult) -> None:
    even = Interval(0.5, 0.4, 0.6, 0.95)
    doubted = board.limitations(replace(result, hold=even, epistemic_sd=0.123))
    assert "12 percentage points" in doubted[0]
    assert len(board.limitations(replace(result, epistemic_sd=None))) == len(doubted) - 1


def test_no_doubt_is_put_at_nothing_where_a_limit_nearly_always_breaks(
    result: ScenarioResult,
) -> None:
    never = replace(result, hold=Interval(0.001, 0, 0.002, 0.95), epistemic_sd=0.001)
    said = board.limitations(holding(never, 0.3))[0]
    assert "with this plan a limit is nearly always broken" in said
    assert "with or without growth" in board.limitations(holding(never, 0.01))[0]
    assert "0 percentage points" not in said


def test_the_change_that_helps_the_most_is_named_with_both_its_effects(
    result: ScenarioResult,
) -> None:
    answer = absorbed(1, "extra_risk_exceeds_tolerance")
    names: tuple[LeverName, ...] = ("one more lead", "earlier hiring", "higher slice")
    hold = result.hold.estimate
    more = [
        Lever(name, result.scenario, hold + 0.05, Interval(0.05, 0.04, 0.06, 0.95), 1.0)
        for name in names
    ]
    policy = result.scenario.policy.model_copy(update={"schools_per_lead": 4.0})
    fewer = Lever(
        "fewer schools a lead",
        result.scenario.model_copy(update={"policy": policy}),
        hold + 0.3,
        Interval(0.3, 0.2, 0.4, 0.95),
    )
    allowed = {name: Answer(2, "x") for name in names}
    allowed["fewer schools a lead"] = Answer(None, "change_exceeds_tolerance")
    said = mind((fewer, *more), allowed, answer, result)
    assert len(said) == 4
    assert said[2].startswith(
        "Each lead serves 4 schools, not 5.5: allows fewer schools to join (none, not 1), as the "
        "change by itself may add more risk than the tolerance before any joins; every limit then "
    )
    assert "+30.0 points" in said[2]
    other = allowed | {"fewer schools a lead": Answer(0, "extra_risk_exceeds_tolerance")}
    assert "(none, not 1); every limit" in mind((fewer, *more), other, answer, result)[2]
