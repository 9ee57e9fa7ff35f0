"""Boxes of failure: sentences quote the futures that no box was made from."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tests.charts.drawn import HOSTILE, sound
from tests.charts.test_tornado import PLAN
from workbench.charts.failure_boxes import Ending, box_ranges, box_sentences
from workbench.charts.figure import Figure
from workbench.growth.discovery import BOX_COLUMNS, LIMIT_COLUMNS


def box(number: int, density: float | None, coverage: float | None) -> dict[str, Any]:
    return {"box": number, "fresh_density": density, "fresh_coverage": coverage, "fresh_mass": 0.2}


def limit(number: int, label: str, restricts: str, unit: str = "schools") -> dict[str, Any]:
    return {
        "box": number, "label": label, "unit": unit, "low": 4.123, "high": 5.678,
        "low_place": 0.2, "high_place": 0.7, "restricts": restricts, "quasi_p": 0.0001,
        "reproduced": 0.9,
    }  # fmt: skip


def drawn(boxes: list[dict[str, Any]], limits: list[dict[str, Any]], ending: Ending = "fails",
          share: float = 0.5) -> Figure:  # fmt: skip
    tables = (
        pd.DataFrame(boxes, columns=list(box(1, 0, 0))),
        pd.DataFrame(limits, columns=list(limit(1, "", ""))),
    )
    return sound(lambda: box_ranges(*tables, ending=ending, share=share, futures=2000, **PLAN))


LIMITS = [
    limit(1, "Chance that an open post is filled", "below", "probability a term"),
    limit(1, "Schools a lead can cover", "above"),
    limit(2, "Road speed", "between"),
]


def test_a_box_is_told_as_a_finding_with_its_limits_and_its_share_of_failures() -> None:
    figure = drawn([box(1, 0.8, 0.45), box(2, 0.66, 0.2)], LIMITS)
    assert figure.headline == (
        "Box 1 takes in 45% of all failures; the plan fails in 80% of the futures in it"
    )
    assert (
        "The plan fails in 80% of futures with a chance that an open post is filled below 5.7 a "
        "term and schools a lead can cover above 4.1; those are 45% of all failures"
    ) in figure.alt
    assert (
        "The plan fails in 66% of other futures with road speed between 4.1 and 5.7" in figure.alt
    )
    assert "fails in 50% of all futures" in figure.subtitle
    assert figure.data["Limit"].tolist() == [
        "below 5.7 a term", "above 4.1 schools", "between 4.1 and 5.7 schools",
    ]  # fmt: skip
    assert figure.data["The plan fails in"].tolist() == ["80%", "80%", "66%"]


def test_futures_that_hold_are_told_as_such() -> None:
    figure = drawn([box(1, 0.2, 0.6)], LIMITS[:1], "holds")
    assert figure.headline == (
        "Box 1 takes in 60% of all that hold; the plan holds in 20% of the futures in it"
    )
    assert figure.key == "boxes-holds"


def test_a_sentence_names_an_assumption_shortly_and_the_bars_in_full() -> None:
    lead = limit(1, "Schools one improvement lead can lead improvement across", "above")
    boxes, limits = pd.DataFrame([box(1, 0.02, 1.0)]), pd.DataFrame([lead])
    (said,) = box_sentences(boxes, limits, "holds")
    assert said == (
        "The plan holds in 2% of futures with schools for each improvement lead above 4.1; those "
        "are 100% of all that hold"
    )
    figure = drawn([box(1, 0.02, 1.0)], [lead], "holds")
    assert said not in figure.headline
    assert figure.data["Assumption"].tolist() == [lead["label"]]


def test_no_box_is_said() -> None:
    figure = drawn([], [])
    assert figure.headline == ("No part of what is believed stands out as where the plan fails")
    assert {"box", "fresh_density", "fresh_coverage", "fresh_mass"} <= set(BOX_COLUMNS)
    assert {"low_place", "high_place", "restricts", "quasi_p", "reproduced"} <= set(LIMIT_COLUMNS)


def test_a_box_that_no_fresh_future_lies_in_is_not_quoted() -> None:
    boxes = pd.DataFrame([box(1, None, None)])
    assert box_sentences(boxes, pd.DataFrame(LIMITS[:1]), "fails") == []
    assert drawn([box(1, None, None)], LIMITS[:1]).data["The plan fails in"].tolist() == [""]


def test_hostile_names_break_nothing() -> None:
    assert len(drawn([box(1, 0.9, 0.1)], [limit(1, HOSTILE, "above")]).data) == 1
