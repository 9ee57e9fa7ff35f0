"""Rating a value against its line, and saying so when there is no value."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from workbench.measures.intervals import Interval
from workbench.parameters.load import validate
from workbench.parameters.pillars import Indicator
from workbench.pillars.indicator import counted, measured, not_applicable, not_enough, rate

DAY = dt.date(2026, 10, 31)
SOURCE = {"source": {"title": "A source"}, "verified": False, "review": "2027-09-01"}
DECLARED: dict[str, Any] = {
    "pillar": "capacity",
    "level": "trust",
    "name": "Schools for each lead",
    "question": "How many schools does each lead reach?",
    "formula": "schools / leads",
    "inputs": ["schools", "people"],
    "unit": "schools",
    "direction": "down",
    "decimals": 1,
    "threshold": {"limit": 6.0, "watch": 5.0, **SOURCE},
}


def _indicator(**changes: Any) -> Indicator:
    return validate({**DECLARED, **changes}, Indicator, where="test")


@pytest.mark.parametrize(
    ("value", "rating"),
    [(4.9, "on track"), (5.0, "on track"), (5.1, "watch"), (6.0, "watch"), (6.1, "act")],
)
def test_a_value_on_a_line_is_still_within_it(value: float, rating: str) -> None:
    assert rate(value, _indicator(), 6.0) == rating


@pytest.mark.parametrize(("value", "rating"), [(3.0, "on track"), (2.9, "act")])
def test_where_more_is_better_the_line_is_a_floor(value: float, rating: str) -> None:
    upward = _indicator(direction="up", threshold={"limit": 3.0, **SOURCE})
    assert rate(value, upward, 3.0) == rating


def test_without_a_line_a_value_is_shown_and_not_rated() -> None:
    found = measured(
        "x", _indicator(threshold=None), 4.0,
        as_of=DAY, n=2, n_of="lead", evidence_date=dt.date(2026, 3, 31),
    )  # fmt: skip
    assert found.rating == "not rated"
    assert found.shown == "4.0 schools"
    assert found.basis == "2 leads"
    assert (found.evidence_age_days, found.evidence_age_terms) == (214, 2)


def test_a_missing_value_says_what_is_missing() -> None:
    found = not_enough("x", _indicator(), "the table people", "a date")
    assert found.value is None
    assert found.shown == "not enough evidence: the table people, a date"
    assert found.basis == ""


def test_an_indicator_that_does_not_apply_says_why() -> None:
    assert not_applicable("x", _indicator(), "no lead").shown == "not applicable: no lead"


def test_an_interval_is_shown_with_the_digits_the_value_has() -> None:
    found = measured(
        "x", _indicator(unit="% of deployments", decimals=0), 75.0,
        as_of=DAY, n=8, n_of="deployment", evidence_date=None,
        interval=Interval(75.0, 40.93, 92.85, 0.95),
    )  # fmt: skip
    assert found.shown == "75% of deployments (95% interval 41 to 93)"
    assert found.evidence_age_days is None


def test_nouns_agree_with_their_count() -> None:
    assert [counted(n, "school") for n in (0, 1, 2)] == ["0 schools", "1 school", "2 schools"]
