"""A control chart says signal or noise, marks good and bad apart, and owns up to too few points."""

from __future__ import annotations

import pytest

from tests.charts.drawn import HOSTILE, sound
from workbench.charts.control import control_plot
from workbench.charts.figure import Figure
from workbench.charts.style import ORANGE
from workbench.measures.control_charts import Direction, control_chart

STEADY = [5.0, 5.4, 4.8, 5.2, 5.1, 4.9, 5.3, 4.7, 5.2, 5.0, 4.9, 5.1, 5.2, 4.9]


def draw(values: list[float], direction: Direction | None = "down", whose: str = "Alder") -> Figure:
    periods = [f"Term {place + 1}" for place in range(len(values))]
    return sound(
        lambda: control_plot(
            control_chart(values, direction="down"), values, periods, key="c", measure="Absence",
            unit="% of sessions", whose=whose, source="s.", direction=direction,
        )
    )  # fmt: skip


def test_noise_is_said_to_be_noise() -> None:
    figure = draw(STEADY)
    assert figure.headline == "Absence at Alder varies as it always has: no signal at its end"
    assert "No point or run is a signal" in figure.alt
    assert set(figure.data["Signal"]) == {""}


@pytest.mark.parametrize(("last", "word"), [(9.0, "concern"), (1.0, "improvement")])
def test_a_point_outside_the_limits_is_named_by_its_side(last: float, word: str) -> None:
    figure = draw([*STEADY, last])
    assert figure.headline == f"Absence at Alder shows a signal of {word}, beyond noise"
    assert list(figure.data["Signal"])[-1] == "outside limits"


def test_a_signal_that_has_passed_is_not_called_steady() -> None:
    assert "though it did before" in draw([9.0, 1.1, *STEADY]).headline


def test_concern_is_orange_and_improvement_is_not() -> None:
    high, low = [*STEADY, 6.2], [*STEADY, 3.9]
    assert ORANGE.lower() in draw(high).svg
    assert ORANGE.lower() not in draw(low).svg
    assert ORANGE.lower() in draw(low, None).svg


def test_too_few_points_are_said_and_drawn_without_limits() -> None:
    figure = draw(STEADY[:5])
    assert figure.headline.endswith(
        "5 points are not enough to tell signal from noise; 12 are needed"
    )
    assert "without limits" in figure.alt
    assert "1 point is not" in draw([5.0]).headline
    assert draw([]).data.empty


def test_a_flat_line_and_a_hostile_name_are_drawn() -> None:
    assert "no signal" in draw([5.0] * 13, whose=HOSTILE).headline
