"""A map says who lies where, tells needs without colour, and never places what has no place."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.charts.drawn import HOSTILE, sound
from workbench.charts.figure import Figure
from workbench.charts.school_map import Joining, school_map

# By hand: a hundredth of a degree of latitude is 111.195 / 100 = 1.11 km.
_STEP = 0.01


def draw(
    *states: str, name: str = "School", joining: tuple[Joining, ...] = (), lost: int = 0
) -> Figure:
    """Draw schools one hundredth of a degree apart to the north, the last ones without a place."""
    places = [53 + _STEP * n for n in range(len(states) - lost)] + [None] * lost
    schools = pd.DataFrame(
        {
            "urn": range(1, len(states) + 1),
            "name": [f"{name} {n}" for n in range(1, len(states) + 1)],
            "phase": ["primary", "secondary", "special", "all-through", "nursery"][: len(states)],
            "latitude": pd.array(places, dtype="Float64"),
            "longitude": pd.array([-1.0] * (len(states) - lost) + [None] * lost, dtype="Float64"),
            "state": list(states),
        }
    )
    return sound(
        lambda: school_map(
            schools, trust="Alder", as_of="1 May 2026", source="s.", joining=joining, unplaced=0
        )
    )


def test_the_headline_names_who_lies_farthest_from_a_school_without_a_need() -> None:
    figure = draw("no need known", "need", "nothing known", "urgent need")
    # School 4 lies 3.34 km from school 1; school 3, of which nothing is known, does not count.
    assert figure.headline == (
        "2 of 4 schools have a need; School 4 lies farthest from a school without, at 4 km"
    )
    assert "No need known: School 1; need: School 2; urgent need: School 4" in figure.alt


def test_the_nearest_school_without_a_need_counts() -> None:
    # School 3 lies 2.22 km from schools 1 and 5, school 2 only 1.11 km from school 1.
    figure = draw("no need known", "need", "urgent need", "nothing known", "no need known")
    assert figure.headline.endswith("School 3 lies farthest from a school without, at 3 km")


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (("no need known", "no need known"),
         "No school is known to have a need, and no two are more than 2 km apart"),
        (("need", "urgent need"),
         "2 of 2 schools have a need, and no other is known to be free of one; no two are more "
         "than 2 km apart"),
        (("need", "no need known"),
         "1 of 2 schools has a need: School 1, 2 km from the nearest school without"),
        (("need",), "The one school has a need"),
        ((), "Where the schools lie is not known"),
    ],
)  # fmt: skip
def test_every_kind_of_trust_has_its_headline(states: tuple[str, ...], said: str) -> None:
    assert draw(*states).headline == said


def test_a_school_without_a_place_is_said_and_not_drawn() -> None:
    figure = draw("need", "no need known", "need", lost=1)
    assert "1 school whose place is not known not drawn" in figure.subtitle
    assert "School 3" not in figure.alt
    assert figure.data["Place from the schools' middle"].tolist()[-1] == "Not known"
    assert draw("need", lost=1).headline == "Where the schools lie is not known"


def test_schools_of_a_plan_are_added_and_do_not_change_what_is_said_of_the_trust() -> None:
    joining = (Joining("primary, 2027/28 autumn", "primary", 53.2, -1.0),)
    without, planned = draw("need", "no need known"), draw("need", "no need known", joining=joining)
    assert planned.headline == without.headline
    assert "joins under the plan: primary, 2027/28 autumn" in planned.alt
    assert planned.data["School"].tolist()[-1] == "primary, 2027/28 autumn"
    # By hand: 0.2 degrees less the middle's half step, 0.195 x 111.195 = 21.7 km.
    assert planned.data["Place from the schools' middle"].tolist()[-1] == "22 km north"


def test_the_scale_is_in_kilometres_and_miles() -> None:
    svg = draw("need", "no need known", "no need known", "need").svg
    # 2 / 1.609344 = 1.24 miles
    assert ">2 km (1.2 miles); north is up</text>" in svg


def test_needs_differ_by_more_than_colour() -> None:
    """Each state alone makes another picture even when every colour is taken away."""
    states = ("no need known", "need", "urgent need", "nothing known")
    shapes = {
        pd.Series(draw(state).svg)
        .str.replace(r"#[0-9a-f]{3,6}", "#", regex=True)[0]
        .split("<text")[0]
        for state in states
    }
    assert len(shapes) == len(states)


def test_hostile_names_stay_words() -> None:
    assert "alert" in draw("need", "no need known", name=HOSTILE).headline
