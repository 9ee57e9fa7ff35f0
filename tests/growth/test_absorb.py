"""The capacity is read off the curve as the board's criterion says."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.growth.settings import random_setting
from workbench.growth.absorb import (
    Answer,
    absorb_setting,
    absorption_curve,
    at_most,
    binding_limits,
    by_confidence,
    by_extra_risk,
    joiners_within_horizon,
)
from workbench.growth.kernel.layout import NEVER


def curve(hold: list[float], extra_upper: list[float]) -> pd.DataFrame:
    """A curve whose upper bounds lie .01 above the extra risk."""
    return pd.DataFrame(
        {
            "probability": hold,
            "lower": np.array(hold) - 0.01,
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
    assert at_most(Answer(6, "limit_of_search"), 4) == Answer(4, "limit_of_pace")
    assert at_most(Answer(3, "confidence_not_met"), 4) == Answer(3, "confidence_not_met")
    assert at_most(Answer(None, "already_beyond_limits"), 4).capacity is None


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
