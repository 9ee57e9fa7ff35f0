"""A wave of a survey says the same from whatever day it is looked at."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from tests.pillars.small import FIRST, SECOND, THIRD, frame
from tests.pillars.test_surveys import (
    BEFORE,
    NOW,
    SETTINGS,
    answers,
    reason,
    row_of,
    shown,
    unasked,
)
from workbench.pillars.scope import Scope
from workbench.pillars.surveys import (
    agreement,
    agreement_by_level,
    agreement_by_school,
    latest_wave,
    survey_summary,
)
from workbench.trust.history import as_known_on
from workbench.trust.load import Trust


def joined_on(day: str) -> Trust:
    """Return the small trust with its third school joined on a day."""
    schools = unasked().schools
    joined = schools["joined"].mask(schools["urn"] == THIRD, pd.Timestamp(day))
    return replace(unasked(), tables={**unasked().tables, "schools": schools.assign(joined=joined)})


def with_survey(trust: Trust, rows: list[dict[str, Any]]) -> Trust:
    return replace(trust, tables={**trust.tables, "staff_survey": frame("staff_survey", rows)})


@pytest.mark.parametrize("joined", ["2026-04-01", "2026-04-02", "2026-07-01", "2026-09-01"])
def test_a_wave_says_the_same_from_whatever_day_it_is_looked_at(joined: str) -> None:
    """A school that joins between two days must not be what their figures differ by."""
    rows = [
        *answers(BEFORE, FIRST, [4, 2] * 10),
        *answers(BEFORE, SECOND, [4, 4, 2] * 7),
        *answers(BEFORE, THIRD, [1, 1, 5, 1]),
        *answers(BEFORE, None, [5] * 11),
    ]
    now = with_survey(joined_on(joined), rows)
    seen = []
    for day in ("2026-08-31", "2026-09-30", "2026-10-31"):
        trust = as_known_on(now, dt.date.fromisoformat(day))
        scopes = [Scope(trust, SETTINGS, urn) for urn in (None, FIRST, SECOND)]
        found = agreement_by_school(trust, SETTINGS, "staff_survey", "our_vision")
        seen.append((
            [agreement(one, "staff_survey", "our_vision") for one in scopes],
            [row_of(survey_summary(one), "staff", "all statements") for one in scopes[:1]],
            found[found["urn"] != THIRD].to_dict("records"),
            agreement_by_level(scopes[0], "our_vision"),
        ))  # fmt: skip
    assert str(seen[1:]) == str(seen[:1] * 2)
    counted_in = joined == "2026-04-01"
    assert shown(seen[0][0][0]).n == 20 + 21 + 11 + 4 * counted_in
    third = agreement(Scope(now, SETTINGS, THIRD), "staff_survey", "our_vision")
    assert reason(third) == (
        "fewer than 10 answers" if counted_in else f"the school joined after {BEFORE} began"
    )


def test_a_wave_of_later_schools_alone_is_not_the_trusts() -> None:
    rows = [*answers(BEFORE, FIRST, [4] * 12), *answers(NOW, THIRD, [5] * 30)]
    here = Scope(with_survey(joined_on("2026-09-02"), rows), SETTINGS)
    assert str(latest_wave(here, "staff_survey")) == BEFORE
    assert shown(agreement(here, "staff_survey", "our_vision")).n == 12
    there = Scope(with_survey(joined_on("2026-09-01"), rows), SETTINGS)
    assert str(latest_wave(there, "staff_survey")) == NOW
