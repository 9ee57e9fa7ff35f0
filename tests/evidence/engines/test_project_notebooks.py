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
    for path in sorted(paths.notebooks().rglob("*.ipynb"))
    if ".ipynb_checkpoints" not in path.parts
]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_shows_what_a_kernel_showed(path: Path, engine: Choice, tmp_path: Path) -> None:
    stored = nbformat.read(path, as_version=4)
    # Named as a batch names it, so that the trust is one that the parent has read.
    named = any("trust_dir: str" in cell.source for cell in stored.cells)
    given = {"trust_dir": "data/demo"} if named else {}
    if not any(cell.get("outputs") for cell in stored.cells):  # widgets are not stored
        stored = execute(path, given, scratch=tmp_path, engine="kernel")
    done = execute(path, given, scratch=tmp_path, engine=engine)
    assert shown(done) == shown(stored)


def test_the_notebook_that_speed_is_measured_on_shows_what_a_kernel_shows(
    engine: Choice, tmp_path: Path
) -> None:
    path = paths.home() / "benchmarks" / "reference.ipynb"
    given = {"schools": 150, "seed": 7}
    forked = execute(path, given, scratch=tmp_path, engine=engine)
    started = execute(path, given, scratch=tmp_path, engine="kernel")
    assert shown(forked) == shown(started)
    kinds = [kind for cell in shown(forked) for one in cell for kind in one.get("data", ())]
    assert (kinds.count("text/html"), kinds.count("image/png")) == (3, 3)
