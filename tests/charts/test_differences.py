"""Differences: which side of the line, told from the interval and not from the dot."""

from __future__ import annotations

from typing import Any

import pytest

from tests.charts.compared import overview_of, pairs_of
from tests.charts.drawn import HOSTILE, sound
from workbench.charts.differences import extra_risk_by_scenario, hold_differences

ABOUT: dict[str, Any] = {"trust": "Alder Trust", "futures": 2000}
RISK: dict[str, Any] = {"tolerance": 0.1, "agreed": False, **ABOUT}
LOW, UNSURE, HIGH = (0.04, 0.02, 0.06), (0.09, 0.07, 0.12), (0.3, 0.28, 0.32)


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ({"A": LOW, "B": HIGH}, "A keeps within the proposed tolerance of 10 points"),
        ({"A": UNSURE, "B": HIGH}, "No plan is shown to keep within the proposed tolerance"),
        ({"A": LOW, "B": LOW}, "Both plans keep within"),
        ({"A": LOW, "B": LOW, "C": LOW}, "All 3 plans keep within"),
        ({"A": LOW, "B": LOW, "C": HIGH}, "A and B keep within"),
    ],
)
def test_only_a_whole_interval_within_the_tolerance_keeps_it(
    extra: dict[str, tuple[float, float, float]], said: str
) -> None:
    figure = sound(lambda: extra_risk_by_scenario(overview_of(extra), **RISK))
    assert figure.headline.startswith(said)


def test_the_least_is_named_first_with_its_figure() -> None:
    figure = extra_risk_by_scenario(overview_of({"B": HIGH, "A": UNSURE}), **RISK)
    assert figure.headline.endswith("A adds least, 9.0")
    assert figure.data["Scenario"].tolist() == ["A", "B"]


def test_the_level_of_the_interval_is_said() -> None:
    figure = extra_risk_by_scenario(overview_of({"A": LOW, "B": HIGH}, level=0.99), **RISK)
    assert "99% intervals" in figure.alt
    assert "99% intervals" in figure.source
    assert "95%" in hold_differences(pairs_of({("A", "B"): LOW}), **ABOUT).source


def test_pairs_are_turned_so_that_the_better_comes_first() -> None:
    frame = pairs_of({("A", "B"): (-0.2, -0.25, -0.15), ("A", "C"): (0.01, -0.01, 0.03)})
    figure = sound(lambda: hold_differences(frame, **ABOUT))
    assert figure.data["Pair"].tolist() == ["B over A", "A over C"]
    assert figure.data.iloc[0, 1:].tolist() == [20.0, 15.0, 25.0]
    assert "in 1 of 2 pairs, most for B over A: 20.0 points" in figure.headline


def test_pairs_without_a_clear_difference_say_so() -> None:
    figure = hold_differences(pairs_of({("A", "B"): (0.01, -0.01, 0.03)}), **ABOUT)
    assert figure.headline.startswith("No plan is clearly likelier")


def test_hostile_names_stay_words() -> None:
    figure = sound(lambda: extra_risk_by_scenario(overview_of({HOSTILE: LOW, "B": HIGH}), **RISK))
    assert HOSTILE in set(figure.data["Scenario"])
