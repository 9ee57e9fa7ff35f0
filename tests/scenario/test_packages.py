"""The cheapest package that allows more schools, chosen by price and proved on other luck."""

from __future__ import annotations

from collections.abc import Mapping
from sys import modules

import pytest

from tests.scenario.trials import sized
from workbench import paths
from workbench.errors import BadInput
from workbench.growth.absorb import Answer
from workbench.parameters.scenario import read_scenario
from workbench.scenario.answers import read_settings
from workbench.scenario.changes import LeverName, Plan, change
from workbench.scenario.costs import Cost
from workbench.scenario.levers import worth_of_levers
from workbench.scenario.packages import (
    FOR_PACKAGES,
    Changes,
    Judge,
    Package,
    Packages,
    cheapest_packages,
    choose,
    held_on_fresh,
    in_order_of_price,
    named,
    possible,
    search_of,
)
from workbench.scenario.trial import Broken, trial
from workbench.scenario.yardstick import Yardstick, allowed
from workbench.trust.load import Trust

STEADY = read_scenario("steady", paths.scenarios())
CHEAP: Changes = (("higher slice", 1),)
DEAR: Changes = (("one more lead", 1),)
DEAREST: Changes = (("one more lead", 2),)
PRICED = [(changes, Plan(STEADY)) for changes in (CHEAP, DEAR, DEAREST)]
POUNDS = {CHEAP: 10.0, DEAR: 30.0, DEAREST: 80.0}


def judge(
    allows: Mapping[Changes, int],
    asked: list[Changes] | None = None,
    pounds: Mapping[Changes, float] = POUNDS,
) -> Judge:
    """A judge who knows what each package allows beyond the plan."""

    def one(changes: Changes, plan: Plan, least: int) -> Package | None:
        if asked is not None:
            asked.append(changes)
        if allows[changes] < least:
            return None
        price = pounds[changes]
        cost = Cost(price, price - 5, price + 5, 0, price, 0, 0)
        return Package(changes, plan, Answer(2 + allows[changes], "x"), allows[changes], cost)

    return one


def chosen(
    found: Mapping[Changes, int], proof: Mapping[Changes, int] | None = None, tries: int = 3
) -> list[tuple[Changes | None, str, int]]:
    result = choose(PRICED, judge(found), judge(proof or found), further=(1, 2, 3), tries=tries)
    return [
        (one.proved.changes if one.proved else None, one.reason, len(one.failed)) for one in result
    ]


def test_of_two_that_do_the_same_the_cheaper_is_chosen() -> None:
    assert chosen({CHEAP: 1, DEAR: 1, DEAREST: 0})[0] == (CHEAP, "", 0)


def test_each_number_of_schools_has_its_own_cheapest() -> None:
    assert chosen({CHEAP: 1, DEAR: 2, DEAREST: 3}) == [
        (CHEAP, "", 0), (DEAR, "", 0), (DEAREST, "", 0),
    ]  # fmt: skip
    assert chosen({CHEAP: 0, DEAR: 3, DEAREST: 3}) == [(DEAR, "", 0)] * 3


THREE: Changes = (("one more lead", 1), ("earlier hiring", 2), ("fewer schools a lead", 1))
TWO: Changes = (("one more lead", 1), ("earlier hiring", 2))
ONE: Changes = (("one more lead", 2),)
LATER: Changes = (("slower pace", 1),)


def simplest(
    proof: Mapping[Changes, int], pounds: Mapping[Changes, float], tries: int = 3
) -> list[Changes | None]:
    """What is chosen for 1 and 2 further schools, where every package is found to allow 2."""
    priced = [(one, Plan(STEADY)) for one in sorted(pounds, key=lambda one: pounds[one])]
    found = dict.fromkeys(pounds, 2)
    judges = judge(found, pounds=pounds), judge(proof, pounds=pounds)
    result = choose(priced, *judges, further=(1, 2), tries=tries)
    return [one.proved.changes if one.proved else None for one in result]


def test_of_packages_that_cost_about_the_same_the_one_of_fewest_changes_is_chosen() -> None:
    near = {THREE: 50.0, TWO: 55.0, ONE: 60.0}  # each within 5 pounds either way
    all_hold = dict.fromkeys(near, 2)
    assert simplest(all_hold, near) == [ONE, ONE]
    assert simplest(all_hold, near | {ONE: 60.1}) == [TWO, TWO]
    assert simplest(all_hold, near | {ONE: 90.0, TWO: 80.0}) == [THREE, THREE]
    assert simplest(all_hold | {ONE: 1}, near) == [TWO, TWO]
    assert simplest(all_hold | {ONE: 0}, near) == [TWO, TWO]


def test_a_simpler_package_is_proved_within_the_tries_and_does_more_than_wait() -> None:
    near = {THREE: 50.0, TWO: 51.0, ONE: 52.0}
    only_two = {THREE: 2, TWO: 2, ONE: 0}
    assert simplest(only_two, near, tries=2) == [THREE, THREE]
    assert simplest({THREE: 2, LATER: 2}, {THREE: 50.0, LATER: 51.0}) == [THREE, THREE]


def test_none_is_given_where_none_helps() -> None:
    assert chosen({CHEAP: 0, DEAR: 0, DEAREST: 1}) == [
        (DEAREST, "", 0), (None, "no_package_allows_them", 0), (None, "no_package_allows_them", 0),
    ]  # fmt: skip


def test_a_package_that_does_not_hold_on_other_luck_gives_way_to_the_next() -> None:
    found, proof = {CHEAP: 1, DEAR: 1, DEAREST: 1}, {CHEAP: 0, DEAR: 1, DEAREST: 1}
    assert chosen(found, proof)[0] == (DEAR, "", 1)
    assert chosen(found, proof, tries=1)[0] == (None, "none_proved", 1)


def test_what_holds_for_more_schools_holds_for_fewer() -> None:
    found, proof = {CHEAP: 1, DEAR: 2, DEAREST: 2}, {CHEAP: 0, DEAR: 2, DEAREST: 2}
    assert chosen(found, proof, tries=1)[:2] == [(DEAR, "", 1), (DEAR, "", 0)]


def test_the_search_stops_when_every_number_is_settled() -> None:
    asked: list[Changes] = []
    every = dict.fromkeys((CHEAP, DEAR, DEAREST), 3)
    choose(PRICED, judge(every, asked), judge(every), further=(1, 2, 3), tries=3)
    assert asked == [CHEAP]


def test_every_different_package_is_tried_once() -> None:
    levers: tuple[LeverName, ...] = ("one more lead", "higher slice", "more intelligence")
    tried = [changes for changes, _ in possible(STEADY, sized(package_changes=2), levers)]
    # Two sizes of two levers and one of the third, which is at its bound after one step.
    alone, pairs = 2 + 2 + 1, 2 * 2 + 2 + 2
    assert len(tried) == len(set(tried)) == alone + pairs
    assert (("one more lead", 2), ("higher slice", 1)) in tried
    assert not [one for one in tried if ("more intelligence", 2) in one]
    one_step = sized(package_changes=3, package_steps=1)
    assert len(list(possible(STEADY, one_step, levers))) == 3 + 3 + 1


def test_a_package_is_its_changes_one_after_another() -> None:
    sizes = sized()
    ((_, plan),) = [
        (changes, plan)
        for changes, plan in possible(STEADY, sizes, ("one more lead", "higher slice"))
        if changes == (("one more lead", 2), ("higher slice", 1))
    ]
    by_hand = change(change(Plan(STEADY), "one more lead", sizes, 2), "higher slice", sizes)
    assert plan == by_hand
    assert named((("one more lead", 2), ("higher slice", 1))) == (
        "one more lead (2 steps)", "higher slice",
    )  # fmt: skip


def test_packages_are_put_in_order_of_their_price_on_part_of_the_draws(demo_trust: Trust) -> None:
    found = search_of(trial(demo_trust, STEADY, sized(), replicates=100, seed=3))
    dear: Changes = (("higher slice", 2),)
    cheap: Changes = (("one more lead", 1),)
    offered = [
        (changes, change(Plan(STEADY), lever, sized(), steps))
        for changes in (dear, cheap)
        for lever, steps in changes
    ]
    # Two percentage points of income are a million pounds here, a lead less than a tenth of it.
    assert [changes for changes, _ in in_order_of_price(found, offered)] == [cheap, dear]


@pytest.fixture(scope="module")
def packages(demo_trust: Trust) -> Packages:
    return cheapest_packages(
        demo_trust, STEADY, sized(package_steps=1), replicates=400, seed=3, threads=2,
        levers=("one more lead", "higher slice", "slower pace"),
    )  # fmt: skip


def test_the_packages_of_a_trust_are_proved_beside_the_plan(
    packages: Packages, demo_trust: Trust
) -> None:
    assert packages.tried == 3 + 3 + 1
    assert packages.proof_replicates == 2 * packages.replicates
    fresh = worth_of_levers(demo_trust, STEADY, sized(), replicates=800, seed=4)
    assert packages.planned == fresh[0].planned
    by_lever = {one.lever.name: one for one in fresh}
    for one in packages.cheapest:
        if one.proved is None:
            assert one.reason
            continue
        assert one.proved.extra_schools >= one.further
        if len(one.proved.changes) == 1:
            same = by_lever[one.proved.changes[0][0]]
            # Many proofs share one lot of luck, so that each must be surer than one alone.
            assert (one.proved.answer.capacity or 0) <= (same.capacity.capacity or 0)
            assert one.proved.extra_schools <= (same.extra_schools or 0)
            assert one.proved.cost == same.cost
    pounds = [one.proved.cost.pounds for one in packages.cheapest if one.proved]
    assert pounds == sorted(pounds)


def test_the_error_of_the_proof_is_shared_out_among_all_that_may_be_made(
    demo_trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    levels: list[float] = []

    def noted(broken: Broken, measured: Yardstick, *, most: int, arriving: int) -> Answer:
        levels.append(measured.level)
        return allowed(broken, measured, most=most, arriving=arriving)

    monkeypatch.setattr(modules["workbench.scenario.packages"], "allowed", noted)
    error = read_settings().risk.error.value
    some = sized(package_steps=1, package_changes=1, package_schools=2, package_tries=4)
    found = cheapest_packages(demo_trust, STEADY, some, replicates=400, seed=3)
    assert found.tried == len(FOR_PACKAGES)
    assert sorted(set(levels)) == pytest.approx([1 - error, 1 - error / (4 * 2)])


def test_no_number_is_put_to_the_proof_more_often_than_its_tries() -> None:
    asked: list[Changes] = []
    found, proof = {CHEAP: 3, DEAR: 2, DEAREST: 1}, {CHEAP: 0, DEAR: 0, DEAREST: 0}
    none = choose(PRICED, judge(found), judge(proof, asked), further=(1, 2, 3), tries=1)
    assert asked == [CHEAP]
    assert [one.reason for one in none] == ["none_proved"] * 3


def test_a_single_change_is_held_to_the_same_proof_as_a_package(demo_trust: Trust) -> None:
    lead = change(Plan(STEADY), "one more lead", sized())
    some = sized(package_steps=1, package_changes=1)
    packages = cheapest_packages(
        demo_trust, STEADY, some, replicates=400, seed=3, levers=("one more lead",)
    )
    shared = trial(demo_trust, STEADY, some, replicates=400, seed=3)
    held = held_on_fresh(shared, {"one more lead": lead})
    assert packages.cheapest[0].proved is not None
    assert held == {"one more lead": packages.cheapest[0].proved.answer}
    assert held_on_fresh(shared, {}) == {}


def test_a_lever_that_changes_who_joins_is_refused(demo_trust: Trust) -> None:
    with pytest.raises(BadInput, match="cannot hold: stronger joiners, fewer schools"):
        cheapest_packages(
            demo_trust, STEADY, sized(), replicates=100, seed=3,
            levers=("one more lead", "stronger joiners", "fewer schools"),
        )  # fmt: skip


def test_a_plan_of_other_joiners_at_the_same_pace_has_its_own_setting(demo_trust: Trust) -> None:
    shared = trial(demo_trust, STEADY, sized(), replicates=100, seed=3)
    search = search_of(shared)
    stronger = change(Plan(STEADY), "stronger joiners", sized())
    assert stronger.scenario.joiners.a_year == STEADY.joiners.a_year
    made, alone = search.setting(stronger), shared.setting(stronger)
    assert (made.school == alone.school).all()
    assert (made.school != search.setting(Plan(STEADY)).school).any()


def test_a_table_gives_pounds_for_each_further_school(packages: Packages) -> None:
    frame = packages.frame()
    assert frame["further"].tolist() == [1, 2, 3]
    held = frame[frame["package"].notna()]
    assert len(held)
    for _, row in held.iterrows():
        assert row["pounds_a_school"] == pytest.approx(row["pounds"] / row["extra_schools"])
        assert row["school_low"] <= row["pounds_a_school"] <= row["school_high"]
    assert (frame.loc[frame["package"].isna(), "reason"] != "").all()


def test_more_schools_than_are_looked_at_are_not_claimed(demo_trust: Trust) -> None:
    near = sized(further_schools=1, package_schools=6, package_steps=1, package_changes=1)
    found = cheapest_packages(
        demo_trust, STEADY, near, replicates=100, seed=3, levers=("one more lead",)
    )
    last = found.cheapest[-1]
    assert (found.planned.capacity or 0) + last.further > 5
    assert (last.proved, last.reason) == (None, "limit_of_search")
