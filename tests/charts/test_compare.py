"""Plans side by side: headlines follow from the data, whichever plan is ahead."""

from __future__ import annotations

from typing import Any

import pytest

from tests.charts.compared import breach_of, effect_of, fans_of
from tests.charts.drawn import HOSTILE, sound
from workbench.charts.compare import (
    breach_side_by_side,
    effect_side_by_side,
    fans_side_by_side,
)
from workbench.errors import BadInput

ABOUT: dict[str, Any] = {"trust": "Alder Trust", "futures": 2000}


def test_fans_say_who_ends_highest_and_lowest() -> None:
    frame = fans_of({"Slow": [0.8, 0.85, 0.9], "Fast": [0.8, 0.75, 0.7], "Mid": [0.8] * 3})
    figure = sound(lambda: fans_side_by_side(frame, "secure_share", **ABOUT))
    assert "highest with Slow (90%) and lowest with Fast (70%)" in figure.headline
    assert "dashed" not in figure.subtitle
    assert "Fast: 9 in 10 futures between 65% and 75%" in figure.alt
    assert figure.data[figure.data["Scenario"] == "Fast"]["Middle"].tolist() == [80, 75, 70]


def test_fans_that_end_alike_have_no_winner() -> None:
    frame = fans_of({"A": [0.8] * 3, "B": [0.8] * 3})
    figure = fans_side_by_side(frame, "secure_share", limit=0.5, **ABOUT)
    assert "ends at 80% under every plan" in figure.headline
    assert figure.subtitle.endswith("dashed: the limit of 50%")


def test_breaches_are_set_against_none_joining() -> None:
    frame = breach_of({"Slow": (0.4, 0.3), "Fast": (0.9, 0.3)})
    figure = sound(lambda: breach_side_by_side(frame, "any limit", **ABOUT))
    assert "Fewest futures break a limit with Slow: about 8 in 20" in figure.headline
    assert "against about 6 in 20 if none join" in figure.headline
    assert "Fast 90% with joiners and 30% without" in figure.alt
    assert set(figure.data["Schools"]) == {"join", "none join"}


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ({"A": (-0.02, -0.03, -0.01), "B": (-0.05, -0.06, -0.04)},
         "lowers the share under every plan, most with B (\N{MINUS SIGN}5.0 points"),
        ({"A": (-0.02, -0.03, -0.01), "B": (0.0, -0.01, 0.01)}, "lowers the share under A ("),
        ({"A": (0.02, 0.01, 0.03), "B": (0.0, -0.01, 0.01)}, "growth raises it under A"),
        ({"A": (0.001, -0.01, 0.01)}, "no plan moves the share beyond doubt"),
    ],
)  # fmt: skip
def test_the_effect_on_existing_schools_is_only_said_where_it_is_clear(
    ends: dict[str, tuple[float, float, float]], said: str
) -> None:
    figure = effect_side_by_side(effect_of(ends), "existing_secure_share", **ABOUT)
    assert said in figure.headline


def test_plans_that_start_apart_are_drawn_by_number_of_term() -> None:
    frame = fans_of({"A": [0.8] * 3, "B": [0.8] * 3})
    late = frame["scenario"] == "B"
    frame.loc[late, "term"] = ["2027/28 spring", "2027/28 summer", "2028/29 autumn"]
    figure = fans_side_by_side(frame, "secure_share", **ABOUT)
    assert "3 terms from each plan's own start" in figure.subtitle


def test_hostile_names_stay_words() -> None:
    frame = fans_of({HOSTILE: [0.8] * 3, "B": [0.7] * 3})
    fans = sound(lambda: fans_side_by_side(frame, "secure_share", **ABOUT))
    assert HOSTILE in set(fans.data["Scenario"])
    breach = breach_of({HOSTILE: (0.4, 0.3)})
    bars = sound(lambda: breach_side_by_side(breach, "any limit", **ABOUT))
    assert HOSTILE in set(bars.data["Scenario"])


def test_what_was_not_compared_is_refused() -> None:
    with pytest.raises(BadInput, match="nothing on"):
        fans_side_by_side(fans_of({"A": [0.8] * 3}), "unmet_share", **ABOUT)
