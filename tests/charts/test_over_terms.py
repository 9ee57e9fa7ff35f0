"""Pillars over terms: a change is said only where intervals part, a gap stays a gap."""

from __future__ import annotations

from tests.charts.drawn import HOSTILE, sound
from workbench.charts.figure import Figure
from workbench.charts.over_terms import Row, pillars_over_terms

FIRST, SECOND, THIRD = "2025/26 spring", "2025/26 summer", "2026/27 autumn"


def draw(*rows: Row, whose: str = "Alder Trust") -> Figure:
    return sound(lambda: pillars_over_terms(rows, whose=whose, source="s."))


def test_only_intervals_that_part_are_a_change() -> None:
    figure = draw(
        (FIRST, "vision", 40.0, 35.0, 45.0), (FIRST, "process", 40.0, 30.0, 60.0),
        (THIRD, "vision", 60.0, 55.0, 65.0), (THIRD, "process", 62.0, 55.0, 70.0),
    )  # fmt: skip
    assert figure.headline == "Vision is higher than when first scored, beyond doubt"
    assert "vision 40 in 2025/26 spring, 60 in 2026/27 autumn" in figure.alt


def test_falling_and_steady_are_said() -> None:
    down = draw((FIRST, "vision", 60.0, 55.0, 65.0), (THIRD, "vision", 40.0, 35.0, 45.0))
    assert down.headline == "Vision is lower than when first scored, beyond doubt"
    same = draw((FIRST, "vision", 60.0, 55.0, 65.0), (THIRD, "vision", 60.0, 50.0, 65.0))
    assert same.headline == "No change beyond doubt in the one pillar compared since 2025/26 spring"


def test_a_term_without_a_score_is_a_gap() -> None:
    rows: list[Row] = [(FIRST, "vision", 40.0, 30.0, 50.0), (SECOND, "vision", None, None, None),
                       (THIRD, "vision", 45.0, 40.0, 50.0)]  # fmt: skip
    figure = draw(*rows)
    assert list(figure.data["Score of 100"]) == ["40", "", "45"]
    assert "1 term without a score" in figure.alt
    assert figure.svg != draw(rows[0], rows[2]).svg


def test_a_pillar_that_lost_its_score_is_not_compared() -> None:
    figure = draw((FIRST, "vision", 40.0, 30.0, 50.0), (THIRD, "vision", None, None, None))
    assert figure.headline == "No pillar has scores of two terms to compare"


def test_nothing_scored_nothing_given_and_a_hostile_name_are_drawn() -> None:
    assert "without a score" in draw((FIRST, "vision", None, None, None), whose=HOSTILE).alt
    assert draw().data.empty
