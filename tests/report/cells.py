"""Notebooks in memory, for the report to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import nbformat.v4 as nb
import pytest
from nbformat import NotebookNode

from workbench.report import emit


def executed(show: Callable[[], Any], *more: NotebookNode) -> NotebookNode:
    """Return a notebook whose one code cell has shown what a function shows."""
    outputs: list[NotebookNode] = []

    def keep(data: dict[str, Any], *, raw: bool) -> None:
        assert raw
        outputs.append(nb.new_output("display_data", data=data))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emit, "_display", keep)
        show()
    cell = nb.new_code_cell("secret_code()", outputs=outputs, execution_count=1)
    notebook: NotebookNode = nb.new_notebook(cells=[cell, *more])
    return notebook


def opened(title: str = "A title", trust: str = "Alder Trust") -> None:
    """Open a report."""
    emit.open_report(title, trust=trust, as_of=dt.date(2026, 10, 31), purpose="For decision")
