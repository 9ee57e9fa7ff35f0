"""Every notebook of the project shows, forked, cell by cell what a kernel just started showed.

What that was is stored with the notebook, and nbval holds kernels against it in the same way.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tests.evidence.engines.notebooks import shown
from workbench import paths
from workbench.evidence.engines.engine import Choice
from workbench.evidence.execute import execute

NOTEBOOKS = [
    path
    for path in sorted([*paths.notebooks().rglob("*.ipynb"), paths.home() / "benchmarks/reference.ipynb"])
    if ".ipynb_checkpoints" not in path.parts
]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_shows_what_a_kernel_showed(path: Path, engine: Choice, tmp_path: Path) -> None:
    stored = nbformat.read(path, as_version=4)
    done = execute(path, {}, scratch=tmp_path, engine=engine)
    assert shown(done) == shown(stored)
    assert [cell.source for cell in done.cells] == [cell.source for cell in stored.cells]
