"""The page of a comparison says what its tables say, whichever way they fall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

import pandas as pd
import pytest

from workbench.errors import BadInput
from workbench.growth.absorb import Absorption, Answer
from workbench.report.comparison import (
    best_of_all,
    decide,
    limitations,
    measure_at_risk,
    mind,
    opening,
    recommend,
    starting_once,
    why,
)
from workbench.report.comparison_tables import (
    differences_table,
    dominance_table,
    mechanisms_by_scenario,
    noise,
    overview_table,
    regret_table,
    robustness_table,
)
from workbench.report.comparison_words import difference_said, lead, value_said
from workbench.scenario.answers import absorb, read_settings
from workbench.scenario.compare import Comparison, compare
from workbench.scenario.compared import DECIDING
from workbench.trust.load import Trust

SETTINGS = read_settings()
STEADY, RESCUE = "Steady growth", "Rescue"


@pytest.fixture(scope="module")
def allowed(demo_trust: Trust) -> dict[str, Absorption]:
    return {
        title: absorb(demo_trust, name, joiners=range(3), replicates=100).absorption
        for title, name in ((STEADY, "steady"), (RESCUE, "rescue"))
    }


def letting(allowed: Mapping[str, Absorption], *most: int) -> dict[str, Absorption]:
    """The answers with other numbers of schools."""
    return {
        title: replace(answer, headline=Answer(number, "extra_risk_exceeds_tolerance"))
        for (title, answer), number in zip(allowed.items(), most, strict=True)
    }


@pytest.fixture(scope="module")
def found(demo_trust: Trust) -> Comparison:
    return compare(demo_trust, ["steady", "rescue"], replicates=100)


def judged(found: Comparison, verdicts: Mapping[str, str], **extra: float) -> Comparison:
    """The comparison with other verdicts, and with other risks added."""
    overview = found.overview.copy()
    overview["verdict"] = [verdicts[name] for name in overview["scenario"]]
    for column, value in extra.items():
        overview[column] = value
    return replace(found, overview=overview)


def leading(found: Comparison, leads: Mapping[str, float], doubt: float = 0.01) -> Comparison:
    """The comparison with the first scenario ahead by so much in each measure."""
    table, means = found.differences.copy(), found.dominance.copy()
    for measure, value in leads.items():
        rows = table["measure"] == measure
        table.loc[rows, ["difference", "lower", "upper"]] = [value, value - doubt, value + doubt]
        means[measure] = [0.5 + value, 0.5]
    return replace(found, differences=table, dominance=means)


AHEAD = dict.fromkeys(DECIDING, 0.2)
SPLIT = AHEAD | {"pupils_secure": -0.2}


def test_none_within_the_tolerance_is_none_as_it_stands(
    found: Comparison, allowed: Mapping[str, Absorption]
) -> None:
    none = letting(allowed, 0, 0)
    headline, said = recommend(judged(found, {STEADY: "beyond", RESCUE: "beyond"}), SETTINGS, none)
    assert headline.startswith("None as it stands: Steady growth adds the least risk")
    assert "No plan is shown to keep the risk it adds within the proposed tolerance" in said
    unsure = judged(found, {STEADY: "not shown", RESCUE: "beyond"})
    assert "Steady growth may, but too few futures" in recommend(unsure, SETTINGS, none)[1]


def test_a_plan_too_large_as_a_whole_says_how_many_of_its_schools_could_join(
    found: Comparison, allowed: Mapping[str, Absorption]
) -> None:
    beyond = judged(found, {STEADY: "beyond", RESCUE: "beyond"})
    headline, said = recommend(beyond, SETTINGS, letting(allowed, 2, 0))
    assert headline == "None in full: Steady growth lets the most join, 2"
    assert said.endswith("within the proposed tolerance: 2 under Steady growth, none under Rescue.")
    assert recommend(beyond, SETTINGS, letting(allowed, 1, 1))[0].endswith("let the most join, 1")
    table = overview_table(beyond, letting(allowed, 2, 0))
    assert list(table["Most that could join within it"]) == ["2", "none"]


def test_the_only_plan_within_is_taken(
    found: Comparison, allowed: Mapping[str, Absorption]
) -> None:
    one = judged(found, {STEADY: "beyond", RESCUE: "within"}, extra_risk=0.05, extra_upper=0.08)
    headline, said = recommend(one, SETTINGS, allowed)
    assert headline == "Rescue: the only plan within the tolerance"
    assert "it adds 5, at most 8" in said


def test_of_plans_within_the_better_is_taken_and_a_split_is_left_to_the_board(
    found: Comparison, allowed: Mapping[str, Absorption]
) -> None:
    both = judged(found, {STEADY: "within", RESCUE: "within"})
    headline, said = recommend(leading(both, AHEAD), SETTINGS, allowed)
    assert headline == "Steady growth: within the tolerance, and better than every other plan"
    headline, said = recommend(leading(both, SPLIT), SETTINGS, allowed)
    assert headline == "A choice: Steady growth and Rescue keep within the tolerance"
    assert "no plan is better than every other" in said
    assert "pupils in secure or better schools at the end favours Rescue" in said


def test_a_trust_beyond_its_limits_leaves_no_room(
    found: Comparison, allowed: Mapping[str, Absorption]
) -> None:
    headline, said = recommend(
        judged(found, {STEADY: "no room", RESCUE: "beyond"}), SETTINGS, allowed
    )
    assert headline.startswith("Not yet: the trust is likely to break a limit")
    assert "no room to show what a plan adds" in said


def test_better_in_all_is_only_said_beyond_doubt(found: Comparison) -> None:
    assert best_of_all(leading(found, AHEAD)) == STEADY
    assert best_of_all(leading(found, dict.fromkeys(DECIDING, -0.2))) == RESCUE
    assert best_of_all(leading(found, SPLIT)) is None
    assert best_of_all(leading(found, AHEAD, doubt=0.3)) is None


def test_reasons_say_who_leads_who_does_not_clearly_and_who_is_level(found: Comparison) -> None:
    hold, _, reserves = why(leading(found, AHEAD))[:3]
    assert "Steady growth is ahead with 70%, before Rescue with 50%" in hold
    assert "no plan is clearly ahead" in why(leading(found, AHEAD, doubt=0.3))[0]
    level = why(leading(found, AHEAD | {"reserves_share": 0.0001}, doubt=0.00001))[2]
    assert "Steady growth and Rescue are level at 50.0%" in level
    assert "ahead" in reserves


def test_a_lead_is_found_whichever_way_round_it_was_compared(found: Comparison) -> None:
    there, back = (lead(found.differences, *pair, "hold") for pair in
                   ((STEADY, RESCUE), (RESCUE, STEADY)))  # fmt: skip
    assert (back.estimate, back.lower, back.upper) == (-there.estimate, -there.upper, -there.lower)
    with pytest.raises(BadInput, match="not compared"):
        lead(found.differences, STEADY, "Nobody", "hold")


def test_robustness_names_the_share_and_what_noise_leaves_of_it(found: Comparison) -> None:
    rows = found.robustness.copy()
    extra = rows["requirement"] == "extra_breach"
    rows.loc[extra, ["met", "surely", "perhaps"]] = [[0.25, 0.1, 0.4], [0.1, 0.0, 0.2]]
    first = mind(replace(found, robustness=rows), SETTINGS)[0]
    assert first.startswith("Steady growth keeps the risk it adds within the proposed tolerance in")
    assert "about 5 in 20 sets" in first
    assert "more than any other plan" in first
    assert "from 10% to 40%" in first
    rows.loc[extra, "met"] = 0.0
    assert mind(replace(found, robustness=rows), SETTINGS)[0].startswith("No plan keeps")
    rows.loc[extra, "met"] = float("nan")
    assert len(mind(replace(found, robustness=rows), SETTINGS)) == 1


def test_the_page_holds_the_answer_and_the_trusts_own_risk(
    found: Comparison, allowed: Mapping[str, Absorption]
) -> None:
    decision = decide(found, SETTINGS, allowed=allowed, rests_on="much.")
    text = "".join(map(str, decision.parts()))
    assert decision.recommendation in text.replace("&#39;", "'")
    sides = dict.fromkeys((STEADY, RESCUE), "within")
    weak, sound = (
        decide(judged(found, sides, hold_without=hold), SETTINGS, allowed=allowed, rests_on="much.")
        for hold in (0.2, 0.9)
    )
    assert "with no school joining, about 16 in 20 futures break a limit" in weak.own_risk
    assert sound.own_risk == ""
    assert opening(found) == "Which of 2 plans for growth, if any?"
    assert f"{found.events} futures" in " ".join(limitations(found))


def test_the_measure_at_risk_shows_the_limit_most_often_broken(found: Comparison) -> None:
    breach = found.breach.copy()
    breach["probability"] = (breach["limit"] == "reserves").astype(float)
    assert measure_at_risk(replace(found, breach=breach)) == "reserves_share"


def test_a_starting_value_is_measured_only_where_every_plan_measures_it(found: Comparison) -> None:
    rows = found.starting.copy()
    once = starting_once(found)
    assert len(once) * 2 == len(rows)
    rows.loc[rows.index[-1], "measured"] = False
    changed = starting_once(replace(found, starting=rows)).set_index("what")["measured"]
    assert not changed[rows["what"].iloc[-1]]


def test_every_table_has_headings_a_reader_understands(
    found: Comparison, allowed: Mapping[str, Absorption]
) -> None:
    tables = (differences_table, regret_table, robustness_table, dominance_table)
    for table in (overview_table(found, allowed), *(make(found) for make in tables)):
        assert len(table)
        assert not [column for column in table.columns if "_" in str(column)]
        assert "nan" not in " ".join(table.astype(str).to_numpy().ravel().tolist()).split()
    pairs = list(combinations(found.scenarios, 2))
    assert len(differences_table(found).columns) == 1 + len(pairs)
    assert str(found.events) in " ".join(noise(found))


def test_what_cannot_be_judged_is_said_so(found: Comparison) -> None:
    rows = found.robustness.copy()
    rows.loc[0, ["met", "surely", "perhaps", "with_half"]] = float("nan")
    assert robustness_table(replace(found, robustness=rows))["Met in"].iloc[0] == "cannot be told"


def test_what_a_plan_dominates_is_named_with_the_sets_in_which_it_is_better(
    found: Comparison,
) -> None:
    orders = found.orders.assign(dominates=False)
    reserves = orders["measure"] == "reserves_share"
    orders.loc[reserves & (orders["scenario"] == RESCUE), ["dominates", "better"]] = [True, 0.85]
    table = dominance_table(replace(found, orders=orders)).set_index("Plan")
    said = table["At no level behind, from its worst set of assumptions to its best"]
    assert said[STEADY] == "none"
    assert said[RESCUE] == f"{STEADY} by reserves at the end (better in 85% of sets)"


def test_intervals_name_their_level(found: Comparison, allowed: Mapping[str, Absorption]) -> None:
    eased = replace(found, overview=found.overview.assign(extra_level=0.9))
    assert "Risk added (points, 90% interval)" in overview_table(eased, allowed)
    assert "95% interval" in differences_table(found).columns[0]


def test_mechanisms_stand_beside_each_other_with_their_levels() -> None:
    columns = ["scenario", "outcome", "step", "contribution", "lower", "upper"]
    steps = pd.DataFrame(
        [
            (name, "breach", step, value, value - 0.01, value + 0.01)
            for name, part in (("A", 0.1), ("B", 0.0001))
            for step, value in (("none join", 0.3), ("the dip", part), ("all join", 0.3 + part))
        ],
        columns=columns,
    )
    table = mechanisms_by_scenario(steps, "breach")
    assert table.columns.tolist() == ["Step", "A (95% interval)", "B (95% interval)"]
    assert table.to_numpy().tolist() == [
        ["None join", "30.0% (29.0 to 31.0)", "30.0% (29.0 to 31.0)"],
        ["The dip", "10.0 (9.0 to 11.0)", "0.0 (\N{MINUS SIGN}1.0 to 1.0)"],
        ["All join", "40.0% (39.0 to 41.0)", "30.0% (29.0 to 31.0)"],
    ]


@pytest.mark.parametrize(
    ("measure", "value", "said"),
    [
        ("hold", 0.1234, "+12.3"),
        ("hold", -0.00004, "\N{MINUS SIGN}0.004"),
        ("hold", 0.0, "0.0"),
        ("pupils_secure", -1234.4, "\N{MINUS SIGN}1,234"),
    ],
)
def test_a_difference_is_zero_only_where_it_is_exactly_so(
    measure: str, value: float, said: str
) -> None:
    assert difference_said(measure, value) == said


def test_values_carry_their_units() -> None:
    assert value_said("pupils_secure", 8567.0) == "8,570 pupils"
    assert value_said("reserves_share", 0.0864) == "8.6% of a year's income"
    assert value_said("extra_breach", 0.158) == "15.8 points"
