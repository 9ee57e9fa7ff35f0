"""A change is judged by absorption's rule, from the trust as it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.growth.settings import random_setting
from tests.scenario.trials import from_share, golden, hand_trial, share_broken
from workbench.growth.absorb import Answer, absorb_setting, joiners_within_horizon
from workbench.scenario.yardstick import allowed, capacity, gained, judged, own_capacity, yardstick


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("tolerance", [0.05, 0.3])
def test_with_nothing_changed_the_answer_is_that_of_absorption(seed: int, tolerance: float) -> None:
    setting = random_setting(seed, draws=25, terms=6 if seed % 2 else 15)
    shared = hand_trial(100)
    risk = shared.settings.risk
    asked = absorb_setting(
        setting, range(setting.joiners + 1), 100,
        tolerance=tolerance, confidence=0.9, ceiling=risk.baseline_ceiling.value,
    )  # fmt: skip
    broken = shared.broken(setting)
    measured = yardstick(shared, setting, broken(0))
    measured = replace(measured, tolerance=tolerance)
    arriving = joiners_within_horizon(setting)
    for rule in (capacity, own_capacity):
        answer = rule(broken, measured, most=setting.joiners, arriving=arriving)
        assert (answer.capacity, answer.reason) == (asked.capacity, asked.reason)


def test_six_providers_carry_two_weak_joiners_and_no_third() -> None:
    # The golden rule asks three providers for each weak school: 6 - 3 x 2 = 0 holds, 6 - 9 fails.
    setting = golden(*[2] * 6, joiners=((0, 1),) * 4)
    broken = hand_trial().broken(setting)
    assert [broken(n).all() for n in range(5)] == [False, False, False, True, True]
    measured = yardstick(hand_trial(), setting, broken(0))
    answer = capacity(broken, measured, most=4, arriving=4)
    assert answer == Answer(2, "extra_risk_exceeds_tolerance")


def test_a_change_that_harms_the_trust_is_not_flattered() -> None:
    # Without change 40% break a limit; with it 65% do before anybody joins, and 68% with one.
    broken, measured = share_broken(0.65, 0.68, 0.9), from_share(0.4)
    assert own_capacity(broken, measured, most=2, arriving=2).capacity == 1
    answer = capacity(broken, measured, most=2, arriving=2)
    assert answer == Answer(None, "change_exceeds_tolerance")


def test_a_change_that_helps_the_trust_makes_room() -> None:
    # 40% as it stands; 10% with the change, 44% with the change and two joiners.
    broken, measured = share_broken(0.1, 0.3, 0.44, 0.7), from_share(0.4)
    assert own_capacity(broken, measured, most=3, arriving=3).capacity == 0
    assert capacity(broken, measured, most=3, arriving=3).capacity == 2


def test_one_more_that_is_only_not_shown_is_told_from_one_beyond() -> None:
    near = capacity(share_broken(0.4, 0.49), from_share(0.4), most=1, arriving=1)
    far = capacity(share_broken(0.4, 0.7), from_share(0.4), most=1, arriving=1)
    assert near == Answer(0, "not_shown_within_tolerance")
    assert far == Answer(0, "extra_risk_exceeds_tolerance")


def test_every_smaller_number_must_be_within() -> None:
    dented = share_broken(0.4, 0.7, 0.4, 0.4)
    assert capacity(dented, from_share(0.4), most=3, arriving=3).capacity == 0


def test_no_more_than_arrive_are_claimed_and_no_more_are_run() -> None:
    still = share_broken(0.4, 0.4, 0.4)
    assert capacity(still, from_share(0.4), most=9, arriving=2) == Answer(2, "limit_of_pace")
    assert capacity(still, from_share(0.4), most=2, arriving=2) == Answer(2, "limit_of_search")


def test_a_trust_beyond_its_limits_is_judged_by_the_changed_trust() -> None:
    beyond, mended = from_share(0.9), share_broken(0.3, 0.3, 0.9)
    assert capacity(mended, beyond, most=2, arriving=2).reason == "already_beyond_limits"
    assert allowed(mended, beyond, most=2, arriving=2).capacity == 1
    still = share_broken(0.9, 0.9, 0.9)
    assert allowed(still, beyond, most=2, arriving=2) == Answer(None, "already_beyond_limits")


@pytest.mark.parametrize(
    ("allows", "planned", "late", "more"),
    [(5, 2, 9, 3), (5, 2, 4, 2), (5, 2, 1, 0), (1, 2, 0, -1), (None, 2, 9, -2), (2, None, 9, 2),
     (None, None, 9, 0)],
)  # fmt: skip
def test_schools_that_join_too_late_to_be_judged_are_no_gain(
    allows: int | None, planned: int | None, late: int, more: int
) -> None:
    assert gained(Answer(allows, "x"), Answer(planned, "x"), late) == more


def test_a_joiner_is_judged_where_enough_terms_are_left() -> None:
    setting = golden(2, joiners=((3, 2), (9, 2), (10, 2)))
    assert judged(setting, 6) == 2
    assert judged(setting, 5) == 3
