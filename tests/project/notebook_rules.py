"""What a committed notebook must be: thin, executed, and compared whole."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

MOST_CELL_LINES = 25
MOST_DEF_LINES = 3

# Cells whose output nbval may leave uncompared, as (notebook, cell id): reason. Widgets only.
UNCOMPARED: dict[tuple[str, str], str] = {
    ("absorption.ipynb", "absorption-02"): "a widget, whose model has a new name in every run",
}

# What nbval reads, as tags or in comments, that weakens its comparison.
WEAKER_TAGS = ("nbval-", "pytest-validate-", "raises-exception")
WEAKER_COMMENTS = ("NBVAL_", "PYTEST_VALIDATE_")


def read_notebook(path: Path) -> Any:
    """Read a notebook and refuse one that is not valid."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def faults(name: str, notebook: Any) -> list[str]:
    """Return every way in which a notebook breaks the house rules."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", ())]
    found = [] if len(tagged) == 1 else [f"{len(tagged)} cells tagged parameters, not one"]
    for position, cell in enumerate(cells, start=1):
        found += [f"cell {position}: {fault}" for fault in _logic(cell.source)]
        found += [f"cell {position}: {fault}" for fault in _execution(position, cell)]
        if (name, cell.get("id")) not in UNCOMPARED:
            found += [f"cell {position}: {fault}" for fault in _weakened(cell)]
    return found


def _logic(source: str) -> Iterator[str]:
    """Yield what makes a cell more than a call into the package."""
    lines = source.splitlines()
    if len(lines) > MOST_CELL_LINES:
        yield f"{len(lines)} lines"
    code = "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ClassDef):
            yield f"defines the class {node.name}"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MOST_DEF_LINES:
                yield f"{node.name} is {length} lines"


def _execution(position: int, cell: Any) -> Iterator[str]:
    """Yield what shows that the stored outputs are not those of one clean run."""
    if cell.execution_count != position:
        yield f"execution count {cell.execution_count}"
    if any(output.output_type == "error" for output in cell.outputs):
        yield "stores an error"


def _weakened(cell: Any) -> Iterator[str]:
    """Yield what would make nbval compare less than everything."""
    for tag in cell.metadata.get("tags", ()):
        if tag.startswith(WEAKER_TAGS):
            yield f"tagged {tag}"
    for mark in WEAKER_COMMENTS:
        if mark in cell.source:
            yield f"holds a {mark} comment"
