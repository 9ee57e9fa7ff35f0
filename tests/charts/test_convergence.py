"""Whether indices have settled: the verdict is that of the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from tests.charts.drawn import HOSTILE, sound
from tests.charts.test_tornado import PLAN
from workbench.charts.convergence import index_convergence
from workbench.charts.figure import Figure


def path(label: str, totals: Sequence[float]) -> list[dict[str, Any]]:
    return [
        {"size": 64 * 2**step, "label": label, "order": order, "index": level * part,
         "lower": level * part - 0.05, "upper": level * part + 0.05}
        for step, level in enumerate(totals)
        for order, part in (("first", 0.5), ("total", 1.0))
    ]  # fmt: skip


def drawn(rows: list[dict[str, Any]], change: float = 0.02, widest: float = 0.05) -> Figure:
    table = pd.DataFrame(rows)
    return sound(
        lambda: index_convergence(
            table, change=change, widest=widest, tolerance=0.05, asked="extra risk", **PLAN
        )
    )


LINES = path("Road speed", [0.1, 0.2]) + path("Vision", [0.6, 0.5])


@pytest.mark.parametrize(
    ("change", "widest", "verdict"),
    [
        (0.02, 0.05, "The indices have settled: none moved by more than 0.02"),
        (0.09, 0.05, "The indices have not settled: one still moved by 0.09"),
        (0.02, 0.12, "The indices have not settled: none moved by more than 0.05"),
    ],
)
def test_the_headline_is_the_verdict(change: float, widest: float, verdict: str) -> None:
    assert drawn(LINES, change, widest).headline.startswith(verdict)


def test_the_largest_at_the_last_size_is_first_in_words_and_data() -> None:
    figure = drawn(LINES)
    assert "Vision: 0.60, 0.50; road speed: 0.10, 0.20" in figure.alt
    assert figure.data["Assumption"].iloc[0] == "Vision"
    assert len(figure.data) == len(LINES)
    assert set(figure.data["Share"]) == {"alone", "with others"}


def test_many_lines_and_hostile_names_break_nothing() -> None:
    rows = [row for place in range(7) for row in path(f"{HOSTILE} {place}", [0.1 * place, 0.1])]
    assert len(drawn(rows).data) == len(rows)
