"""A school beside like schools: the headline speaks of outcomes only and follows the rounding."""

from __future__ import annotations

import pandas as pd

from tests.charts.drawn import HOSTILE, sound
from workbench.charts.figure import Figure
from workbench.charts.neighbours import neighbour_comparison
from workbench.research.neighbours import VARIABLES, Comparison, Neighbours


def found(*, known: bool = True) -> Neighbours:
    rows = pd.DataFrame({name: [100.0 + place for place in range(9)] for name in VARIABLES})
    own = pd.Series(dict.fromkeys(VARIABLES, 150.0) | {"pupils_period": "2025/26"})
    return Neighbours(
        urn=1, own=own, schools=rows, group="primary",
        variables=("pupils", "fsm_percent") if known else (), lacking=(), distance=0.1,
        alike="close", balance=pd.DataFrame(), scope="state-funded schools of England",
    )  # fmt: skip


def outcome(value: float, measure: str = "absence_percent") -> Comparison:
    return Comparison(measure, "2024/25", value, 5.0, 4.0, 6.0, 0.5, 9, 9, "close")


def draw(
    *outcomes: Comparison, school: str = "Alder", known: bool = True, fewest: int = 5
) -> Figure:
    return sound(
        lambda: neighbour_comparison(
            found(known=known), outcomes, school=school, source="s.", fewest=fewest
        )
    )


def test_outcomes_outside_the_middle_half_are_named_with_their_side() -> None:
    figure = draw(outcome(7.0), outcome(3.0, "persistent_absence_percent"))
    assert figure.headline == (
        "Alder lies above the middle half of like schools in absence and below the middle half "
        "of like schools in persistent absence"
    )
    assert list(figure.data["School against the middle half"])[:2] == ["Above", "Below"]


def test_within_and_on_the_edge_are_within() -> None:
    assert draw(outcome(6.04)).headline == (
        "Alder lies within the middle half of like schools in the one outcome compared"
    )


def test_intake_stands_apart_and_carries_its_middle_half() -> None:
    # Quartiles of 100, 101 ... 108 are 102, 104 and 106.
    rows = draw(outcome(5.0)).data
    assert list(rows["Group"]) == ["Outcomes", "Intake", "Intake"]
    assert list(rows.iloc[1])[4:8] == ["150", "104", "102", "106"]
    assert "pupils on roll 150 against 102 to 106, median 104" in draw(outcome(5.0)).alt


def test_intake_alone_nothing_at_all_and_a_hostile_name_are_drawn() -> None:
    assert draw().headline.startswith("No outcome of Alder")
    assert draw(known=False).data.empty
    assert HOSTILE in draw(outcome(5.0), school=HOSTILE).headline


def test_an_intake_that_too_few_neighbours_have_is_left_out() -> None:
    assert set(draw(outcome(5.0), fewest=10).data["Group"]) == {"Outcomes"}
