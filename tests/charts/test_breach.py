"""Bars against the board's line: headline, alt text and hatching follow from the curve."""

from __future__ import annotations

from typing import Any

from tests.charts.frames import ABOUT, curve
from workbench.charts.breach import breach_bars, extra_risk_bars
from workbench.charts.figure import Figure

TRIED: dict[str, Any] = ABOUT | {"replicates": 200, "horizon": "2031/32 autumn"}


def extra(
    risks: list[float], capacity: int | None, baseline: float = 0.2, agreed: bool = False
) -> Figure:
    return extra_risk_bars(
        curve(risks, baseline), tolerance=0.1, capacity=capacity, baseline=baseline,
        baseline_ceiling=0.8, agreed=agreed, **TRIED,
    )  # fmt: skip


def test_the_capacity_and_the_first_number_beyond_it_are_said() -> None:
    figure = extra([0.0, 0.03, 0.06, 0.12], 2)
    assert figure.headline.startswith(
        "Up to 2 schools can join within the proposed limit on extra risk of 10%; "
    )
    assert figure.headline.endswith("with 3 it may reach 14%")
    assert list(figure.data["Within tolerance"]) == ["yes", "yes", "no"]
    assert "2 of 3 bars are solid" in figure.alt


def test_a_limit_is_called_proposed_until_the_board_has_set_it() -> None:
    assert "proposed" not in extra([0.0, 0.03, 0.12], 1, agreed=True).headline


def test_a_capacity_of_one_reads_as_one() -> None:
    assert extra([0.0, 0.03, 0.2], 1).headline.startswith("1 school can join")


def test_even_one_school_too_many_is_said() -> None:
    figure = extra([0.0, 0.2, 0.3], 0)
    assert figure.headline == (
        "Even one joining school may add more than the proposed limit on extra risk of 10%: "
        "20%, and perhaps 22%"
    )
    assert set(figure.data["Within tolerance"]) == {"no"}


def test_no_number_beyond_tolerance_is_said() -> None:
    assert extra([0.0, 0.01, 0.02], 2).headline.startswith("All numbers tried, up to 2,")


def test_a_trust_already_beyond_its_limits_is_said_to_be_so() -> None:
    assert "with no school joining (95%)" in extra([0.0, 0.01], None, baseline=0.95).headline


def test_nothing_tried_is_drawn_and_said() -> None:
    figure = extra([0.0], None)
    assert figure.headline == "No number of joining schools was tried"
    assert figure.data.empty
    assert "nothing to draw" in figure.alt


def breaking(risks: list[float], capacity: int | None, baseline: float) -> Figure:
    return breach_bars(
        curve(risks, baseline), confidence=0.9, capacity=capacity, agreed=False, **TRIED
    )


def test_a_chance_above_what_the_board_accepts_with_nobody_joining_is_said() -> None:
    assert breaking([0.0, 0.1], None, 0.3).headline == (
        "With no school joining, the chance of breaking a limit is 30%, above the proposed limit "
        "on the whole chance of 10%"
    )


def test_a_chance_that_may_be_within_the_limit_is_not_called_above_it() -> None:
    assert "11%, not shown to be within" in breaking([0.0, 0.1], None, 0.11).headline


def test_the_chance_at_the_capacity_is_said() -> None:
    figure = breaking([0.0, 0.02, 0.2], 1, 0.02)
    assert figure.headline.startswith("With 1 joining school the chance of breaking a limit is 4%")
    assert list(figure.data["Chance of breaking a limit (%)"]) == [2, 4, 22]


def test_every_limit_broken_by_everyone_is_drawn() -> None:
    figure = breaking([0.0, 0.0], None, 1.0)
    assert "is 100%" in figure.headline
    assert "0 of 2 bars are solid" in figure.alt


def test_nothing_ever_broken_is_said() -> None:
    figure = breaking([0.0, 0.0, 0.0], 2, 0.0)
    assert figure.headline == "All numbers tried, up to 2, keep the chance at or below 10%"


def test_a_range_without_width_is_not_said_as_a_range() -> None:
    sure = curve([0.0, 0.2], 0.2, doubt=0.0)
    figure = extra_risk_bars(
        sure, tolerance=0.1, capacity=0, baseline=0.2, baseline_ceiling=0.8, agreed=True, **TRIED
    )
    assert figure.headline.endswith("the limit on extra risk of 10%: 20%")
    assert "between" not in figure.alt
