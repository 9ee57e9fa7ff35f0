"""A trust or one of its schools on a day: which rows are its own, and which are recent."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from tests.pillars.small import FIRST, SECOND, scope, small_trust
from workbench.errors import BadInput
from workbench.pillars.scope import Scope, pillar_settings
from workbench.terms import Term

DAYS = ["2025-12-31", "2026-01-01", "2026-10-31", "2026-11-01", None]


def on(day: dt.date) -> Scope:
    return replace(scope(), trust=replace(small_trust(), as_of=day))


def test_level_and_name_follow_from_the_school() -> None:
    assert (scope().level, scope().name) == ("trust", "Small Trust")
    assert (scope(FIRST).level, scope(FIRST).name) == ("school", "First Primary")


def test_a_school_of_another_trust_is_refused() -> None:
    with pytest.raises(BadInput, match="123456 is not a school of Small Trust") as caught:
        scope(123456)
    assert caught.value.mend == "take a URN from schools"


@pytest.mark.parametrize(
    ("day", "first"),
    [
        # Three terms, the present one included: autumn 2026 back to spring 2026.
        (dt.date(2026, 10, 31), dt.date(2026, 1, 1)),
        (dt.date(2026, 9, 1), dt.date(2026, 1, 1)),
        (dt.date(2026, 8, 31), dt.date(2025, 9, 1)),
        (dt.date(2026, 3, 31), dt.date(2025, 4, 1)),
    ],
)
def test_the_recent_terms_begin_two_terms_before_this_one(day: dt.date, first: dt.date) -> None:
    assert on(day).recent_from == first
    assert on(day).term == Term.of(day)


def test_years_ago_is_the_same_day_and_28_february_of_a_leap_day() -> None:
    assert scope().years_ago(3) == scope().long_from == dt.date(2023, 10, 31)
    assert on(dt.date(2028, 2, 29)).years_ago(1) == dt.date(2027, 2, 28)
    assert on(dt.date(2028, 2, 29)).years_ago(4) == dt.date(2024, 2, 28)


def test_the_long_years_are_said_as_they_are_declared() -> None:
    assert scope().in_the_long_years == "in the last 3 years"
    here = scope()
    windows = here.settings.pillars.windows
    one_year = windows.model_copy(
        update={"long_years": windows.long_years.model_copy(update={"value": 1.0})}
    )
    pillars = here.settings.pillars.model_copy(update={"windows": one_year})
    short = replace(here, settings=replace(here.settings, pillars=pillars))
    assert (short.in_the_long_years, short.long_from) == ("in the last year", dt.date(2025, 10, 31))


def test_both_ends_of_a_window_count_and_a_blank_day_does_not() -> None:
    frame = pd.DataFrame({"day": pd.to_datetime(pd.Series(DAYS))})
    assert list(scope().between(frame, "day").index) == [1, 2]
    assert list(scope().between(frame, "day", dt.date(2025, 12, 31)).index) == [0, 1, 2]


def test_a_schools_rows_are_those_that_name_it_in_the_column_asked_for() -> None:
    support = [
        {"deployment_id": "D1", "provider_urn": FIRST, "recipient_urn": SECOND,
         "triggered": "2026-01-01", "days": 1},
        {"deployment_id": "D2", "provider_post": "L1", "recipient_urn": FIRST,
         "triggered": "2026-01-01", "days": 1},
    ]  # fmt: skip

    def codes(urn: int | None, column: str) -> list[str]:
        return list(scope(urn, support=support).rows("support", column)["deployment_id"])

    assert codes(FIRST, "recipient_urn") == ["D2"]
    assert codes(FIRST, "provider_urn") == ["D1"], "a blank provider is no school"
    assert codes(SECOND, "provider_urn") == []
    assert codes(None, "provider_urn") == ["D1", "D2"]


def test_settings_come_from_the_files_with_the_preset_asked_for() -> None:
    strict, article = pillar_settings(), pillar_settings("article")
    assert strict.policy.spare_days is not None
    assert article.policy.spare_days is None
    assert strict.pillars == article.pillars
