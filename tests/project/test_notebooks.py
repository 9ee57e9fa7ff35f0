"""Committed notebooks are thin, were run from top to bottom, and nbval compares all they show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat.v4 as nb
import pytest

from tests.project.declared import ROOT
from tests.project.notebook_rules import UNCOMPARED, faults, read_notebook

NOTEBOOKS = sorted(
    path for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
)


def clean() -> Any:
    """Return a notebook that breaks no rule."""
    parameters = nb.new_code_cell("urn = 900001", execution_count=1)
    parameters.metadata["tags"] = ["parameters"]
    call = nb.new_code_cell("review(urn)", execution_count=2)
    call.outputs = [nb.new_output("stream", text="as expected")]
    return nb.new_notebook(cells=[nb.new_markdown_cell("# A school"), parameters, call])


def test_there_are_notebooks_to_check() -> None:
    assert {"school_review", "growth_scenario"} <= {path.stem for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_thin_executed_and_compared_whole(path: Path) -> None:
    assert faults(path.name, read_notebook(path)) == []


def test_only_cells_that_exist_are_left_uncompared() -> None:
    cells = {(path.name, cell.id) for path in NOTEBOOKS for cell in read_notebook(path).cells}
    assert set(UNCOMPARED) <= cells


def test_a_clean_notebook_has_no_fault() -> None:
    assert faults("clean.ipynb", clean()) == []


def test_a_notebook_without_parameters_is_seen() -> None:
    notebook = clean()
    del notebook.cells[1].metadata["tags"]
    assert faults("a.ipynb", notebook) == ["0 cells tagged parameters, not one"]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("x = 1\n" * 26, "26 lines"),
        ("def f(x):\n    y = x\n    z = y\n    return z", "f is 4 lines"),
        ("async def f(x):\n    y = x\n    z = y\n    return z", "f is 4 lines"),
        ("class School:\n    pass", "defines the class School"),
        ("# NBVAL_IGNORE_OUTPUT\nx", "holds a NBVAL_ comment"),
        ("x  # PYTEST_VALIDATE_IGNORE_OUTPUT", "holds a PYTEST_VALIDATE_ comment"),
    ],
)
def test_a_cell_that_says_too_much_is_seen(source: str, fault: str) -> None:
    notebook = clean()
    notebook.cells[2].source = source
    assert faults("a.ipynb", notebook) == [f"cell 2: {fault}"]


@pytest.mark.parametrize("count", [None, 3])
def test_a_cell_not_run_in_order_is_seen(count: int | None) -> None:
    notebook = clean()
    notebook.cells[2].execution_count = count
    assert faults("a.ipynb", notebook) == [f"cell 2: execution count {count}"]


def test_a_stored_error_is_seen() -> None:
    notebook = clean()
    notebook.cells[2].outputs = [
        nb.new_output("error", ename="ValueError", evalue="", traceback=[])
    ]
    assert faults("a.ipynb", notebook) == ["cell 2: stores an error"]


def test_a_weakened_comparison_is_seen_unless_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = clean()
    notebook.cells[2].metadata["tags"] = ["nbval-ignore-output"]
    assert faults("a.ipynb", notebook) == ["cell 2: tagged nbval-ignore-output"]
    monkeypatch.setitem(UNCOMPARED, ("a.ipynb", notebook.cells[2].id), "a slider")
    assert faults("a.ipynb", notebook) == []
