"""The waterfall's bars hang together, and its headline names what is clear."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.charts.compared import steps_of
from tests.charts.drawn import HOSTILE, sound
from workbench.charts.waterfall import _bars, waterfall

ABOUT: dict[str, Any] = {"trust": "Alder Trust", "scenario": "Steady growth", "futures": 1000}
CHANGES = {
    "more schools": (-0.05, -0.07, -0.03),
    "leaders stretched": (0.2, 0.17, 0.23),
    "the dip": (0.002, -0.001, 0.005),
    "the costs": (0.001, -0.001, 0.003),
}


def test_the_headline_names_the_clear_cause_of_the_change() -> None:
    figure = sound(lambda: waterfall(steps_of(0.3, CHANGES), "breach", **ABOUT))
    assert figure.headline == (
        "Steady growth: the chance of breaking a limit rises by 15 points, mostly through leaders "
        "stretched (+20)"
    )
    assert figure.data["Step"].tolist()[0] == "None join"
    assert figure.data.iloc[-1, 1] == pytest.approx(45.3)


def test_its_ends_are_said_to_be_of_its_own_futures_with_their_intervals() -> None:
    steps = steps_of(0.67, {"leaders stretched": (0.19, 0.17, 0.21)})
    steps.loc[0, ["lower", "upper"]] = 0.63, 0.71
    steps.loc[2, ["lower", "upper"]] = 0.82, 0.9
    source = waterfall(steps, "breach", **ABOUT).source
    assert "1,000 simulated futures" in source
    assert source.endswith(
        "its ends, 67% (63 to 71) and 86% (82 to 90), 95% intervals, may differ from figures "
        "elsewhere that rest on more."
    )


def test_bars_hang_together_and_small_ones_stand_as_one() -> None:
    bars = _bars(steps_of(0.3, CHANGES))
    assert [bar.name for bar in bars] == [
        "none join", "more schools", "leaders stretched", "2 others, each far smaller", "all join",
    ]  # fmt: skip
    assert all(one.end == pytest.approx(other.start) for one, other in pairwise(bars[:-1]))
    assert bars[-2].end == pytest.approx(bars[-1].end)


def test_small_changes_are_seen_where_all_are_small() -> None:
    small = {"a": (-0.006, -0.007, -0.005), "b": (-0.002, -0.003, -0.001)}
    figure = sound(
        lambda: waterfall(
            steps_of(0.88, small, "existing_secure_share"), "existing_secure_share", **ABOUT
        )
    )
    assert "falls by 0.8 points, mostly through a (\N{MINUS SIGN}0.6)" in figure.headline
    assert "4 bars, from 88% to 87%" in figure.alt


def test_nothing_moving_or_nothing_clear_is_said() -> None:
    still = {"a": (0.001, 0.0, 0.002), "b": (-0.001, -0.002, 0.0)}
    assert "hardly move" in waterfall(steps_of(0.3, still), "breach", **ABOUT).headline
    unsure = {"a": (0.05, -0.01, 0.11), "b": (0.0, 0.0, 0.0)}
    headline = waterfall(steps_of(0.3, unsure), "breach", **ABOUT).headline
    assert headline.endswith("no single mechanism explains it beyond doubt")


def test_a_mechanism_the_other_way_is_not_said_to_explain_the_change() -> None:
    mixed = {"helps": (-0.4, -0.42, -0.38), "harms": (0.5, 0.48, 0.52)}
    assert "mostly through harms" in waterfall(steps_of(0.3, mixed), "breach", **ABOUT).headline


def test_hostile_names_stay_words() -> None:
    about = ABOUT | {"scenario": HOSTILE}
    figure = sound(lambda: waterfall(steps_of(0.3, CHANGES), "breach", **about))
    assert figure.key.replace("-", "").isalnum()
