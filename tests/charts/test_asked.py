"""How factors, their values and the outcomes are said."""

from __future__ import annotations

import pytest

from tests.charts.drawn import HOSTILE
from workbench.charts.asked import factor_lines, plan_words, with_unit


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.3333, "probability a term", "0.33 a term"),
        (0.5, "probability", "0.5"),
        (45_123.0, "pounds", "45,000 pounds"),
        (-0.0061, "share of income", "\N{MINUS SIGN}0.0061 of income"),
        (2.21, "odds ratio", "2.2"),
        (5.71, "schools", "5.7 schools"),
        (0.0, "days a term", "0 days a term"),
    ],
)
def test_values_are_said_to_two_digits_with_their_unit(value: float, unit: str, said: str) -> None:
    assert with_unit(value, unit) == said


def test_long_names_stay_within_their_lines() -> None:
    lines = factor_lines("chance " * 40).split("\n")
    assert len(lines) == 3
    assert lines[0].startswith("Chance chance")
    assert lines[-1].endswith("\N{HORIZONTAL ELLIPSIS}")
    assert factor_lines("road speed") == "Road speed"
    assert "\u202e" not in factor_lines(HOSTILE)


def test_one_school_joins_and_two_schools_do() -> None:
    assert "1 school joining" in plan_words("Alder Trust", "Steady", 1, "2031/32 autumn")
    assert "2 schools joining" in plan_words("Alder Trust", "Steady", 2, "2031/32 autumn")
