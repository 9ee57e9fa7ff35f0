"""What is committed of research rests on made-up schools: no real one is named in a notebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.notebook_rules import read_notebook
from workbench import paths

NOTEBOOKS = sorted((paths.home() / "notebooks" / "research").glob("*.ipynb"))


def test_there_are_four_of_them() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "backtest", "calibration", "impact_of_support", "national_picture",
    ]  # fmt: skip


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_committed_notebook_of_research_was_run_on_what_is_made_up(path: Path) -> None:
    [parameters] = [
        cell.source
        for cell in read_notebook(path).cells
        if "parameters" in cell.metadata.get("tags", ())
    ]

    lines = [line for line in parameters.splitlines() if line.startswith("source")]
    assert len(lines) == 1
    assert lines[0].startswith('source: str = "demo"')
