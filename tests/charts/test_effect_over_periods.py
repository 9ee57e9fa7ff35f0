"""The picture of an effect over periods shows what it was given, and what should be nothing."""

from __future__ import annotations

import pandas as pd

from tests.charts.drawn import sound
from workbench.charts.effect_over_periods import effect_over_periods
from workbench.charts.figure import Figure

EFFECTS = pd.DataFrame(
    {
        "since": [-3, -2, 0, 1],
        "estimate": [0.2, -1.0, 1.5, 2.25],
        "low": [-0.5, -1.8, 0.4, -0.25],
        "high": [0.9, -0.2, 2.6, 4.75],
    }
)


def drawn(effects: pd.DataFrame = EFFECTS) -> Figure:
    return sound(
        lambda: effect_over_periods(
            effects, headline="H", measure="Absence", unit="percentage points", source="s."
        )
    )


def test_each_period_stands_with_its_interval() -> None:
    figure = drawn()
    assert figure.data["Periods since joining"].tolist() == [-3, -2, 0, 1]
    assert figure.data["Interval"].tolist()[2] == "0.40 to 2.60"
    assert figure.data["Difference (percentage points)"].tolist()[3] == "2.25"
    assert "Of 2 periods since joining, 1 leave zero out; of 2 periods before it, 1." in figure.alt


def test_two_periods_have_no_mark_before_joining() -> None:
    figure = drawn(EFFECTS[EFFECTS["since"] == 0])
    assert "should hold zero" not in figure.svg
    assert "Counted from here" in figure.svg
    assert "should hold zero" in drawn().svg
