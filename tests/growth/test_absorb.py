"""The capacity is read off the curve as the board's criterion says."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.growth.settings import random_setting
from workbench.errors import BadInput
from workbench.growth import absorb
from workbench.growth.absorb import (
    AT_ONCE,
    Absorption,
    Answer,
    absorb_setting,
    absorption_curve,
    at_most,
    binding_limits,
    by_confidence,
    by_extra_risk,
    confidence_settled,
    continued,
    extra_risk_settled,
    first_draws,
    joiners_within_horizon,
)
from workbench.growth.kernel.layout import NEVER
from workbench.growth.ranges import Held, Piece, Work, threaded
from workbench.growth.setting import Setting
from workbench.growth.simulate import Breaches, run


def curve(hold: list[float], extra_upper: list[float]) -> pd.DataFrame:
    """A curve whose bounds lie .01 beside the estimates."""
    return pd.DataFrame(
        {
            "probability": hold,
            "lower": np.array(hold) - 0.01,
            "upper": np.array(hold) + 0.01,
            "extra_lower": np.array(extra_upper) - 0.02,
            "extra_risk": np.array(extra_upper) - 0.01,
            "extra_upper": extra_upper,
        }
    )


def test_capacity_is_the_last_number_before_the_first_that_exceeds_the_tolerance() -> None:
    dips_back = curve([0.9, 0.88, 0.7, 0.85], [0.0, 0.04, 0.22, 0.07])
    assert by_extra_risk(dips_back, 0.1, 0.8) == Answer(1, "extra_risk_exceeds_tolerance")


def test_too_few_trajectories_are_named_as_the_reason() -> None:
    unsure = curve([0.9, 0.88, 0.85], [0.0, 0.04, 0.105])
    assert by_extra_risk(unsure, 0.1, 0.8) == Answer(1, "not_shown_within_tolerance")


def test_no_joiner_at_all_is_an_answer_and_differs_from_no_answer() -> None:
    first_is_too_many = curve([0.9, 0.6], [0.0, 0.35])
    assert by_extra_risk(first_is_too_many, 0.1, 0.8) == Answer(0, "extra_risk_exceeds_tolerance")
    beyond = curve([0.15, 0.14], [0.0, 0.02])
    assert by_extra_risk(beyond, 0.1, 0.8) == Answer(None, "already_beyond_limits")


def test_the_end_of_the_search_is_named_as_such() -> None:
    easy = curve([0.99, 0.99, 0.98], [0.0, 0.01, 0.02])
    assert by_extra_risk(easy, 0.1, 0.8) == Answer(2, "limit_of_search")
    assert by_confidence(easy, 0.9) == Answer(2, "limit_of_search")


def test_no_more_schools_are_claimed_than_the_pace_lets_join() -> None:
    setting = random_setting(2, draws=1, joiners=6, terms=15)
    school = setting.school.copy()
    school["join_term"][-6:] = [1, 4, 8, 14, 15, 30]
    late = replace(setting, school=school)
    assert joiners_within_horizon(late) == 4
    assert at_most(Answer(6, "limit_of_search"), 4, 6) == Answer(4, "limit_of_pace")
    assert at_most(Answer(4, "limit_of_search"), 4, 6) == Answer(4, "limit_of_pace")
    assert at_most(Answer(4, "limit_of_search"), 4, 4) == Answer(4, "limit_of_search")
    assert at_most(Answer(3, "confidence_not_met"), 4, 6) == Answer(3, "confidence_not_met")
    assert at_most(Answer(None, "already_beyond_limits"), 4, 6).capacity is None


def test_the_absolute_answer_asks_for_the_lower_bound() -> None:
    table = curve([0.95, 0.92, 0.905, 0.95], [0.0] * 4)
    assert by_confidence(table, 0.9) == Answer(1, "confidence_not_met")
    assert by_confidence(table, 0.99) == Answer(None, "confidence_not_met_with_none")


def test_curve_of_hand_made_breaches() -> None:
    """Four draws of two events; 3 of 8 breach with one joiner, 1 of 8 without."""
    none = np.full((8, 5), NEVER, np.int16)
    none[0, 0] = 3
    one = none.copy()
    one[[1, 2], 1] = 4
    table = absorption_curve([none, one], 2)
    assert table["probability"].tolist() == [7 / 8, 5 / 8]
    assert table["extra_risk"].tolist() == [0.0, 2 / 8]
    none_more, one_more = table.to_dict("records")
    assert (none_more["extra_lower"], none_more["extra_upper"]) == (0.0, 0.0)
    assert one_more["extra_lower"] < 0.25 < one_more["extra_upper"]


def test_binding_limits_share_first_place_and_count_every_breach() -> None:
    breach = np.full((4, 5), NEVER, np.int16)
    breach[0, [0, 4]] = [2, 5]  # golden rule first, reserves later
    breach[1, [1, 2]] = [3, 3]  # overstretch and unmet need together
    breach[2, 4] = 7
    table = binding_limits(breach).set_index("limit")
    assert table["first_share"].to_dict() == pytest.approx(
        {
            "golden rule": 1 / 3,
            "reserves": 1 / 3,
            "overstretch": 1 / 6,
            "unmet need": 1 / 6,
            "existing schools": 0.0,
        }
    )
    assert table["any_share"].to_dict()["reserves"] == pytest.approx(2 / 3)
    assert binding_limits(np.full((4, 5), NEVER, np.int16))["first_share"].sum() == 0


def test_absorption_is_the_same_for_any_number_of_threads() -> None:
    setting = random_setting(11, draws=100, joiners=4)
    answers = [
        absorb_setting(
            setting, range(5), 400, tolerance=0.1, confidence=0.9, ceiling=0.99, threads=threads
        ).as_json()
        for threads in (1, 2, 4)
    ]
    assert answers[0] == answers[1] == answers[2]
    assert [row["joiners"] for row in answers[0]["curve"]] == [0, 1, 2, 3, 4]


def test_gaps_in_the_numbers_of_joiners_are_refused() -> None:
    with pytest.raises(ValueError, match=r"0, 1, \.\.\. N"):
        absorb_setting(
            random_setting(1, draws=1), [0, 2], 4, tolerance=0.1, confidence=0.9, ceiling=0.8
        )


@pytest.mark.parametrize(
    ("hold", "extra_upper", "is_settled"),
    [
        ([0.9, 0.85, 0.6], [0.0, 0.05, 0.32], True),  # one within, two surely beyond
        ([0.9, 0.85, 0.8], [0.0, 0.05, 0.11], False),  # two may yet be shown to be within
        ([0.9, 0.79, 0.6], [0.0, 0.11, 0.32], False),  # one may, and two is not the next
        ([0.9, 0.89, 0.88], [0.0, 0.03, 0.04], True),  # all within
        ([0.15, 0.14, 0.12], [0.0, 0.11, 0.11], True),  # surely beyond the ceiling with none
        ([0.205, 0.1, 0.0], [0.0, 0.14, 0.22], False),  # with none perhaps beyond the ceiling
    ],
)
def test_the_headline_is_settled_where_more_trajectories_cannot_change_it(
    hold: list[float], extra_upper: list[float], is_settled: bool
) -> None:
    assert extra_risk_settled(curve(hold, extra_upper), 0.1, 0.8) is is_settled


def test_the_absolute_answer_is_settled_where_the_next_number_surely_falls_short() -> None:
    table = curve([0.95, 0.85], [0.0, 0.11])
    assert confidence_settled(table, 0.9)
    assert not confidence_settled(table, 0.855)
    assert confidence_settled(table, 0.99)
    assert confidence_settled(table, 0.8)


def made_up(shares: Sequence[float], looks: Sequence[int], arriving: int = 9) -> Absorption:
    """Absorb on futures that breach with known shares instead of simulated ones."""
    setting = random_setting(3, draws=2500, joiners=len(shares) - 1, terms=15)
    setting.school["join_term"][setting.existing + arriving :] = 15

    def breached(
        part: Setting, before: Sequence[Breaches], replicates: int, **_: Any
    ) -> list[Breaches]:
        luck = np.random.default_rng(1).random(10_000)[:replicates]
        assert len(part.params) * 4 == replicates
        assert all(len(breach) < replicates for breach in before)
        return [
            np.where(luck[:, None] < share, 3, NEVER).repeat(5, axis=1).astype(np.int16)
            for share in shares
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(absorb, "continued", breached)
        return absorb_setting(
            setting, range(len(shares)), 10_000, looks=looks,
            tolerance=0.1, confidence=0.9, ceiling=0.8,
        )  # fmt: skip


LOOKS = (400, 1000, 2500, 5000)


def test_a_plain_answer_stops_at_the_first_look_and_a_close_one_at_the_last() -> None:
    plain = made_up([0.02, 0.04, 0.4], LOOKS)
    assert (plain.capacity, plain.reason) == (1, "extra_risk_exceeds_tolerance")
    assert (plain.replicates, plain.draws) == (400, 100)
    assert plain.stopping.looks == (*LOOKS, 10_000)
    assert plain.stopping.taken == 1
    assert plain.stopping.spent == pytest.approx(0.05 * 0.04)
    assert plain.stopping.headline_settled
    assert plain.stopping.absolute_settled

    close = made_up([0.02, 0.04, 0.115], LOOKS)
    assert close.capacity == 1
    assert close.reason == "not_shown_within_tolerance"
    assert (close.replicates, close.stopping.taken) == (10_000, 5)
    assert close.stopping.spent == pytest.approx(0.05)
    assert not close.stopping.headline_settled


def test_the_headline_alone_does_not_stop_a_run() -> None:
    """Without joiners 9.5% breach, so that 90% confidence takes many futures to show."""
    answer = made_up([0.095, 0.6], LOOKS)
    assert answer.capacity == 0
    assert answer.stopping.headline_settled
    assert answer.stopping.taken > 1


def test_intervals_of_an_early_stop_are_wider_than_those_of_a_run_fixed_beforehand() -> None:
    early = made_up([0.02, 0.04, 0.4], LOOKS)
    breaches = [np.full((400, 5), NEVER, np.int16) for _ in range(3)]
    luck = np.random.default_rng(1).random(10_000)[:400]
    for breach, share in zip(breaches, (0.02, 0.04, 0.4), strict=True):
        breach[luck < share] = 3
    fixed = absorption_curve(breaches, 4)
    assert (early.curve["upper"] > fixed["upper"]).all()
    assert (early.curve["extra_upper"][1:] > fixed["extra_upper"][1:]).all()
    assert early.curve["extra_risk"].tolist() == fixed["extra_risk"].tolist()


def test_a_later_look_continues_the_earlier_one_and_ends_where_a_whole_run_does() -> None:
    setting = random_setting(8, draws=150, joiners=3)
    counted: list[int] = []
    first = first_draws(setting, 200, 4)
    longer = [np.empty((0, 5), np.int16)] * 4
    for part, size in ((first, 200), (setting, 600)):
        longer = continued(part, longer, size, threads=2, progress=counted.append)
    assert sum(counted) == 600 * 4
    for n, breach in enumerate(longer):
        assert breach.dtype == np.int16
        np.testing.assert_array_equal(breach, run(setting.with_joiners(n), 600).breach)


def test_looks_are_run_by_the_ranges_that_are_given() -> None:
    setting, asked = random_setting(8, draws=150, joiners=2), list[int]()

    def ranges(
        work: Work[Held, Piece], setting: Held, trajectories: int
    ) -> Iterator[tuple[int, Piece]]:
        asked.append(trajectories)
        yield from threaded(1)(work, setting, trajectories)

    options: dict[str, Any] = {"tolerance": 0.0, "confidence": 0.5, "ceiling": 1.0}
    given = absorb_setting(setting, range(3), 600, looks=(200,), ranges=ranges, **options)
    assert asked == [200, 400]
    pd.testing.assert_frame_equal(
        given.curve, absorb_setting(setting, range(3), 600, looks=(200,), **options).curve
    )


def test_a_run_that_stops_has_the_estimates_of_a_run_of_that_length_alone() -> None:
    setting = random_setting(11, draws=250, joiners=2)
    early, alone = (
        absorb_setting(
            part, range(3), most, looks=looks, tolerance=0.5, confidence=0.5, ceiling=0.999
        )
        for part, most, looks in ((setting, 1000, (400,)), (first_draws(setting, 400, 4), 400, ()))
    )
    assert early.replicates == 400
    for column in ("probability", "extra_risk"):
        assert early.curve[column].tolist() == alone.curve[column].tolist()
    assert replace(alone.stopping, headline_settled=False, absolute_settled=False) == AT_ONCE


def test_numbers_that_cannot_join_within_the_horizon_keep_no_run_going() -> None:
    late = made_up([0.02, 0.04, 0.115], LOOKS, arriving=1)
    assert late.headline == Answer(1, "limit_of_pace")
    assert late.stopping.headline_settled
    assert late.stopping.taken == 1


@pytest.mark.parametrize("looks", [(200, 100), (400,), (0,)])
def test_looks_that_do_not_grow_are_refused(looks: tuple[int, ...]) -> None:
    with pytest.raises(BadInput, match="looks at"):
        absorb_setting(
            random_setting(1, draws=100), range(2), 400, looks=looks,
            tolerance=0.1, confidence=0.9, ceiling=0.8,
        )  # fmt: skip


def test_a_look_that_would_split_a_draws_events_is_refused() -> None:
    with pytest.raises(ValueError, match="not a multiple of 4 events"):
        absorb_setting(
            random_setting(1, draws=100), range(2), 400, looks=(202,),
            tolerance=0.1, confidence=0.9, ceiling=0.8,
        )  # fmt: skip
