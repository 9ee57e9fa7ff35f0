"""The frontier's grid says how many schools, at which pace and of which kind, and what stops it."""

from __future__ import annotations

import pandas as pd

from tests.charts.drawn import HOSTILE, sound
from workbench.charts.figure import Figure
from workbench.charts.frontier import frontier_grid

PACES = (1.0, 3.0)
BEYOND, SEARCH, PACE = "extra_risk_exceeds_tolerance", "limit_of_search", "limit_of_pace"


def cell(mix: str, pace: float, capacity: int | None, reason: str, beyond: float | None) -> dict:  # type: ignore[type-arg]
    return {
        "mix": mix, "pace": pace, "capacity": capacity, "reason": reason, "beyond_risk": beyond,
        "beyond_upper": None if beyond is None else beyond + 0.03,
        "n": 1000,
    }  # fmt: skip


def grid(*rows: dict, trust: str = "Alder Trust", agreed: bool = False) -> Figure:  # type: ignore[type-arg]
    frame = pd.DataFrame(rows).astype(
        {"capacity": "Int64", "beyond_risk": "float64", "beyond_upper": "float64"}
    )
    return sound(
        lambda: frontier_grid(
            frame, tolerance=0.1, agreed=agreed, trust=trust, scenario="Steady",
            horizon="2031/32 autumn",
        )
    )  # fmt: skip


SECURE = [cell("all secure", 1.0, 3, PACE, None), cell("all secure", 3.0, 2, BEYOND, 0.153)]
WEAK = [cell("all weak", pace, 0, BEYOND, 0.2) for pace in PACES]


def test_the_headline_names_the_most_where_it_is_and_who_may_not_join() -> None:
    figure = grid(*SECURE, *WEAK)
    assert figure.headline == (
        "At most 3 schools can join within the proposed limit on extra risk of 10%, at 1 a year, "
        "with joiners all secure; not one all weak"
    )
    assert "All secure: 3 and 2; all weak: 0 and 0" in figure.alt
    assert "1,000 simulated futures" in figure.source


def test_an_agreed_limit_is_not_called_proposed() -> None:
    assert "proposed" not in grid(*SECURE, agreed=True).headline


def test_every_pace_that_allows_the_most_is_named() -> None:
    same = [cell("half weak", pace, 1, BEYOND, 0.2) for pace in PACES]
    assert "1 school can join" in grid(*same, *WEAK).headline
    assert "at any pace tried, with joiners half weak" in grid(*same, *WEAK).headline


def test_none_and_nothing_tried_are_said() -> None:
    assert grid(*WEAK).headline.startswith("No kind or pace tried lets even one school join")
    beyond = [cell("all weak", pace, None, "already_beyond_limits", None) for pace in PACES]
    figure = grid(*beyond)
    assert figure.headline.startswith("The trust is likely to break a limit with no school joining")
    assert set(figure.data["Schools that can join"]) == {"none"}


def test_a_row_of_data_holds_a_cell() -> None:
    data = grid(
        *SECURE, cell("half weak", 1.0, 9, SEARCH, None), cell("half weak", 3.0, 0, BEYOND, 0.104)
    ).data
    assert data["Schools that can join"].tolist() == ["3", "2", "9+", "0"]
    assert data["Extra risk with one more"].tolist() == ["", "15%", "", "10%"]
    assert data["It may reach"].tolist() == ["", "18.3%", "", "13.4%"]
    assert data["What stops it"].tolist()[:2] == [
        "All that join by the horizon are within", "One more adds too much risk",
    ]  # fmt: skip


def test_hostile_names_are_drawn() -> None:
    assert HOSTILE in grid(*SECURE, trust=HOSTILE).subtitle
    named = [cell(HOSTILE, pace, 1, BEYOND, 0.2) for pace in PACES]
    assert grid(*named).svg
