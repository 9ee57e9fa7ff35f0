"""The stock page that the explorer is measured against draws the same engine's pictures."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pytest

from benchmarks.explorer import stock_notebook


def test_the_stock_page_draws_at_every_move_of_a_slider(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(plt, "show", lambda: drawn.append(len(plt.gcf().axes)))
    page: dict[str, Any] = {}
    exec(stock_notebook().cells[-1].source, page)
    page["own"].sliders["schools"].value += 1
    plt.close("all")
    assert drawn == [3, 3]
