"""The tornado: its headline is read off its widest clear bar."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tests.charts.drawn import HOSTILE, sound
from tests.charts.frames import ABOUT
from workbench.charts.figure import Figure
from workbench.charts.tornado import tornado_bars

PLAN: dict[str, Any] = {**ABOUT, "joiners": 4, "horizon": "2031/32 autumn"}


def moved(label: str, low: float, high: float, *, clear: bool = True) -> dict[str, Any]:
    return {
        "label": label, "low": low, "low_lower": low - 0.02, "low_upper": low + 0.02, "high": high,
        "high_lower": high - 0.02, "high_upper": high + 0.02, "clear": clear,
    }  # fmt: skip


def drawn(
    *rows: dict[str, Any], base: float = 0.4, asked: str = "every limit holds", **options: Any
) -> Figure:
    columns = list(moved("", 0, 0))
    table = pd.DataFrame(list(rows), columns=columns)
    return sound(
        lambda: tornado_bars(table, base=base, asked=asked, replicates=1000, **PLAN, **options)
    )


def test_the_widest_clear_bar_is_told_from_end_to_end() -> None:
    figure = drawn(
        moved("Chance that a lead leaves", 0.2, -0.15), moved("Road speed", 0.03, -0.03),
        moved("Vision", 0.01, 0.0, clear=False),
    )  # fmt: skip
    assert figure.headline == (
        "The chance that every limit holds goes from 60% to 25% with one assumption alone, chance "
        "that a lead leaves; 1 other moves it clearly"
    )
    assert figure.data["Change at its 5th percentile"].tolist() == ["20", "3", "1"]
    assert figure.data["Clear of chance"].tolist() == ["yes", "yes", "no"]


def test_a_wide_bar_that_is_not_clear_is_not_the_finding() -> None:
    figure = drawn(moved("Vision", 0.3, 0.1, clear=False), moved("Road speed", 0.1, -0.1))
    assert "road speed" in figure.headline
    assert "other" not in figure.headline


def test_nothing_clear_is_said() -> None:
    for rows in ((), (moved("Vision", 0.01, 0.0, clear=False),)):
        assert drawn(*rows).headline == (
            "No assumption on its own clearly moves the chance that every limit holds"
        )


def test_only_the_first_are_drawn_and_names_break_nothing() -> None:
    rows = [moved(f"{HOSTILE} {place}", 0.1, -0.1) for place in range(5)]
    assert len(drawn(*rows, most=3).data) == 3


def test_chances_stay_within_nought_and_one() -> None:
    assert "from 0% to 100%" in drawn(moved("Vision", -0.5, 0.7)).headline


def test_a_share_of_the_terms_is_said_as_one_and_a_long_name_shortly() -> None:
    figure = drawn(
        moved("Schools one improvement lead can lead improvement across", -0.3, 0.1),
        asked="time before a breach",
    )
    assert figure.headline == (
        "The time before a limit is broken goes from 10% to 50% of the terms with one assumption "
        "alone, schools for each improvement lead"
    )
    assert drawn(asked="time before a breach").headline.endswith(
        "clearly moves the time before a limit is broken"
    )
