"""Bars of Sobol indices: what is said is above the noise, and whether it has settled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tests.charts.drawn import HOSTILE, sound
from tests.charts.test_tornado import PLAN
from workbench.charts.figure import Figure
from workbench.charts.indices import index_bars


def index(label: str, first: float, total: float, noise: float = 0.02) -> dict[str, Any]:
    return {
        "label": label, "first": first, "first_lower": first - 0.03, "first_upper": first + 0.03,
        "total": total, "total_lower": total - 0.03, "total_upper": total + 0.03, "noise": noise,
        "above_noise": total - 0.03 > (0.0 if np.isnan(noise) else noise),
    }  # fmt: skip


def drawn(*rows: dict[str, Any], settled: bool = True, noise: float | None = 0.1,
          rest: float | None = 0.15) -> Figure:  # fmt: skip
    table = pd.DataFrame(list(rows), columns=list(index("", 0, 0)))
    return sound(
        lambda: index_bars(
            table, settled=settled, noise=noise, rest=rest, asked="every limit holds",
            evaluations=14_336, **PLAN,
        )
    )  # fmt: skip


def test_the_largest_above_the_noise_is_told_with_its_part_alone() -> None:
    figure = drawn(index("Schools' own surplus", 0.41, 0.52), index("Road speed", 0.0, 0.01))
    assert figure.headline == (
        "Schools' own surplus has a part in 52% of what moves the chance that every limit holds, "
        "41% of it alone"
    )
    assert figure.data["Above the noise"].tolist() == ["yes", "no"]
    assert "10% of their variance is simulation noise" in figure.source
    assert "assumptions not shown have a part in 15%" in figure.source
    assert "14,336 sets" in figure.source


def test_that_it_has_not_settled_is_in_the_headline() -> None:
    assert drawn(index("Vision", 0.4, 0.5), settled=False).headline.endswith("have not settled")
    assert "settled" not in drawn(index("Vision", 0.4, 0.5)).headline


def test_equal_parts_are_told_once() -> None:
    assert drawn(index("Vision", 0.5, 0.501)).headline.startswith("Vision explains 50% of what")


def test_nothing_above_the_noise_is_said() -> None:
    for rows in ((), (index("Vision", 0.01, 0.04, noise=0.05),)):
        assert drawn(*rows).headline.startswith("No assumption is shown to move the chance")


def test_noise_that_is_not_known_is_left_out_and_names_break_nothing() -> None:
    figure = drawn(index(HOSTILE, 0.4, 0.5, noise=float("nan")), noise=None, rest=None)
    assert figure.data["Of which noise"].tolist() == [""]
    assert "noise" not in figure.source
