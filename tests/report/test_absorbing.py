"""What would let a trust absorb more is said in a trustee's words, with every range."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.scenario.trials import sized
from workbench import paths
from workbench.growth.absorb import Answer
from workbench.measures.intervals import Interval
from workbench.parameters.scenario import read_scenario
from workbench.report.absorbing import (
    COUNTED,
    cheapest_said,
    packages_table,
    pounds_a_year,
    recommended,
    tripwire_sentences,
    tripwires_table,
    worth_table,
)
from workbench.scenario.changes import Plan, change
from workbench.scenario.costs import Cost
from workbench.scenario.levers import Lever, Worth
from workbench.scenario.packages import Changes, Cheapest, Package, Packages
from workbench.scenario.tripwires import Tripwire

PLAN = read_scenario("steady", paths.scenarios())
PRICE = Cost(86_400, 69_000, 103_000, 0, 86_400, 0, 0)
CHANGES: Changes = (("one more lead", 1), ("higher slice", 1))


def changed(changes: Changes = CHANGES) -> Plan:
    plan = Plan(PLAN)
    for lever, steps in changes:
        plan = change(plan, lever, sized(), steps)
    return plan


def worth(extra: int | None, lower: float = -0.2, upper: float = -0.1) -> Worth:
    lead = changed((("one more lead", 1),))
    lever = Lever("one more lead", lead.scenario, 0.5, Interval(0, 0, 0, 0.95), lead.further_leads)
    return Worth(
        lever, Answer(4, "x"), Answer(3, "x"), Answer(2, "x"), extra, 3,
        Interval((lower + upper) / 2, lower, upper, 0.95), PRICE,
    )  # fmt: skip


def test_the_worth_of_a_change_is_schools_risk_and_pounds() -> None:
    (row,) = worth_table([worth(2)], PLAN).values.tolist()
    assert row == [
        "1 more lead in post from the first term", "4", "+2",
        "\u221215.0 points (\u221220.0 to \u221210.0)",
        "£86,000 (£69,000 to £103,000)", "£43,000 (£34,000 to £52,000)",
    ]  # fmt: skip


def test_what_is_not_clear_or_not_gained_is_said_so() -> None:
    lost = worth_table([worth(-1, 0.01, 0.03), worth(0, -0.01, 0.02), worth(None)], PLAN)
    assert lost["More than the plan allows, as found"].tolist() == [
        "\u22121",
        "0",
        "does not apply",
    ]
    risk = lost.iloc[:, 3]
    assert risk[0] == "+2.0 points (1.0 to 3.0)"
    assert risk[1] == "no clear difference (\u22121.0 to 2.0 points)"
    assert lost.iloc[:, 5].tolist() == ["", "", ""]
    late = worth_table([replace(worth(2), capacity=Answer(7, "x"))], PLAN).iloc[0]
    assert late.iloc[1] == "7: those after 4 join too late to be judged"
    none = replace(worth(0), capacity=Answer(None, "already_beyond_limits"))
    alone = replace(worth(-1), capacity=Answer(None, "change_exceeds_tolerance"))
    assert worth_table([none, alone], PLAN)["Schools that can join, as found"].tolist() == [
        "none",
        "none: the change by itself may add more risk than the tolerance before any joins",
    ]


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        ((86_400, 69_000, 103_000), "£86,000 (£69,000 to £103,000)"),
        ((-37_000, -46_400, -23_000), "saves £37,000 (£23,000 to £46,000)"),
        ((2_000, -3_000, 6_000), "£2,000 (\u2212£3,000 to £6,000)"),
        ((-200, -300, 100), "nothing"),
    ],
)
def test_pounds_are_said_to_the_thousand_and_savings_as_savings(
    cost: tuple[float, float, float], said: str
) -> None:
    assert pounds_a_year(Cost(*cost, 0, 0, 0, 0)) == said


def package(extra: int, pounds: float = 86_400) -> Package:
    cost = Cost(pounds, pounds - 10_000, pounds + 10_000, 0, 0, 0, 0)
    return Package(CHANGES, changed(), Answer(2 + extra, "x"), extra, cost)


def packages(*cheapest: Cheapest) -> Packages:
    return Packages(Answer(2, "x"), cheapest, 41, 1000, 2000)


def test_a_package_is_said_with_all_its_changes_and_as_proved() -> None:
    held = packages(
        Cheapest(1, package(2, 80_000), package(2), ""),
        Cheapest(2, None, None, "none_proved"),
        Cheapest(3, None, None, "no_package_allows_them"),
    )
    table = packages_table(held, PLAN)
    first = table.iloc[0].tolist()
    assert first == [
        "1 or more",
        "1 more lead in post from the first term; 6% of income is pooled, not 5%",
        "4", "£86,000 (£76,000 to £96,000)", "£43,000 (£38,000 to £48,000)",
        "+2 schools, £80,000 (£70,000 to £90,000)",
    ]  # fmt: skip
    assert table["Cheapest package"].tolist()[1:] == [
        "None: packages that seemed to did not hold on fresh futures",
        "None: no package tried allows so many",
    ]


def test_the_cheapest_is_by_pounds_for_each_school() -> None:
    held = packages(
        Cheapest(1, package(1, 50_000), package(1, 50_000), ""),
        Cheapest(3, package(3, 90_000), package(3, 90_000), ""),
    )
    said = cheapest_said(held, PLAN)
    assert said.startswith(
        "Of the cheapest ways to 3 further schools, the one of fewest changes: 1 more lead in post"
    )
    assert "for each further school: £30,000 (£27,000 to £33,000)" in said
    assert "found with 1000 futures and holds on 2000 fresh ones; what a table of" in said
    none = cheapest_said(packages(Cheapest(1, None, None, "no_package_allows_them")), PLAN)
    assert none == (
        "No package of changes lets another school join: no package tried allows so many."
    )


@pytest.mark.parametrize(
    ("offered", "schools"),
    [
        (((1, -40_100), (4, -40_000)), 4),  # two savings that read alike: more schools
        (((1, -90_000), (4, -40_000)), 1),  # the larger saving
        (((1, 30_000), (4, 100_000)), 4),  # 30,000 a school against 25,000
        (((1, 30_000), (4, 130_000)), 1),
        (((1, -1_000), (4, 2_000)), 1),  # a saving before a cost
    ],
)
def test_savings_are_ranked_by_what_they_save_and_costs_by_school(
    offered: tuple[tuple[int, float], ...], schools: int
) -> None:
    made = [package(extra, pounds) for extra, pounds in offered]
    for order in (made, made[::-1]):
        best = recommended(packages(*(Cheapest(one.extra_schools, one, one, "") for one in order)))
        assert best is not None
        assert best.extra_schools == schools


def test_a_saving_is_not_spread_over_schools_and_what_is_counted_is_said() -> None:
    saving = package(2, -40_000)
    said = cheapest_said(packages(Cheapest(2, saving, saving, "")), PLAN)
    assert "saves £40,000" in said
    assert "for each further school" not in said
    assert said.endswith(COUNTED)
    table = packages_table(packages(Cheapest(2, saving, saving, "")), PLAN)
    assert table["Pounds a year for each further school"].tolist() == [""]


def test_taking_schools_later_is_said_to_be_only_that() -> None:
    slower: Changes = (("slower pace", 1),)
    late = replace(package(2), changes=slower, plan=changed(slower))
    held = packages(Cheapest(2, late, late, ""))
    said = cheapest_said(held, PLAN)
    assert said.startswith("Taking schools later allows 2 further schools: Schools join at a pace")
    assert "cheapest" not in said
    assert packages_table(held, PLAN)["Cheapest package"][0].endswith("(only takes schools later)")


WIRE = Tripwire(
    measure="vacancies", high_is_bad=True, threshold=2, present=1, hit_rate=0.52,
    false_alarm=0.16, skill=Interval(0.36, 0.3, 0.4, 0.95), then_broken=0.71, otherwise=0.27,
    terms_of_warning=2, within=3, crossed=732, judged=1000,
)  # fmt: skip


def test_a_tripwire_is_one_plain_sentence() -> None:
    assert tripwire_sentences([WIRE]) == (
        "If vacant lead posts reach 2, in 7 of 10 such futures a limit is broken within a year; "
        "now 1.",
    )
    sure = replace(
        WIRE, measure="capacity_use", threshold=0.9, present=0.95, then_broken=0.98, within=4
    )
    assert tripwire_sentences([sure]) == (
        "Already past, so act now: use of leadership capacity is 95%; at 90% or more, in more than "
        "9 of 10 such futures a limit is broken within 4 terms.",
    )
    low = replace(
        WIRE, measure="golden_margin", high_is_bad=False, threshold=-1, present=0, within=6,
        then_broken=0.03,
    )  # fmt: skip
    assert tripwire_sentences([low]) == (
        "If the golden-rule margin falls to \u22121, in fewer than 1 of 10 such futures a limit is "
        "broken within 2 years; now 0.",
    )
    assert tripwire_sentences([])[0].startswith("No single measure warns")


def test_what_is_already_past_is_a_present_fact_and_comes_first() -> None:
    past = replace(WIRE, measure="leads", high_is_bad=False, threshold=3.5, present=2.8)
    said = tripwire_sentences([WIRE, past])
    assert said == (
        "Already past, so act now: improvement leads in post are 2.8; at 3.5 or less, in 7 of 10 "
        "such futures a limit is broken within a year.",
        *tripwire_sentences([WIRE]),
    )


def test_the_table_of_tripwires_holds_hits_and_false_alarms() -> None:
    (row,) = tripwires_table([WIRE]).values.tolist()
    assert row == ["Vacant lead posts", "2 or more", "1", "52%", "16%", "71% of 732", "27%", "2"]
    assert "within a year" in tripwires_table([WIRE]).columns[5]
