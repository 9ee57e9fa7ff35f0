"""No engine runs a name as code, or calls completed what was not: by papermill itself too."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from tests.evidence.engines.notebooks import notebook, run
from tests.faults.test_runs_fuzzed import CANARY, STRIKE, hostile_names
from workbench import paths
from workbench.errors import BadInput
from workbench.evidence.engines.engine import Choice, named

ENGINES: tuple[Choice, ...] = ("fork", "warm", "kernel")
STATUSES = ["completed", "failed", "pending"]


def declaring(folder: Path, declaration: str = "p0: int = 1") -> str:
    """Write a notebook that declares a parameter and leaves a file when it is run."""
    made = notebook(declaration, "open('ran', 'w').close()")
    made.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(made, folder / "in.ipynb")
    return str(folder / "in.ipynb")


def statuses(done: NotebookNode) -> list[str]:
    return [
        cell.metadata.papermill["status"]
        for cell in done.cells
        if "papermill-error-cell-tag" not in cell.metadata.get("tags", ())
    ]


def stored(folder: Path, engine: str) -> NotebookNode:
    done: NotebookNode = nbformat.read(folder / f"{engine}.ipynb", as_version=4)
    return done


def by_command(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `papermill --engine fork` as one does who has installed the workbench."""
    project = tomllib.loads((paths.home() / "pyproject.toml").read_text())["project"]
    package = folder / "installed" / "engines-1.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: engines\nVersion: 1\n")
    points = project["entry-points"]["papermill.engine"].items()
    listed = "\n".join(f"{key} = {value}" for key, value in points)
    (package / "entry_points.txt").write_text(f"[papermill.engine]\n{listed}\n")
    search = os.pathsep.join([str(package.parent), str(paths.home())])
    command = ["-m", "papermill", "--engine", "fork", "--no-progress-bar", "in.ipynb", "fork.ipynb"]
    return subprocess.run(
        [sys.executable, *command, *options], cwd=folder, check=False, capture_output=True,
        text=True, env=os.environ | {"PYTHONPATH": search},
    )  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_an_early_exit_is_an_error_and_what_never_ran_is_pending(
    engine: Choice, tmp_path: Path
) -> None:
    with pytest.raises(PapermillExecutionError, match="ended before this cell was run"):
        run(engine, tmp_path, "1", "raise SystemExit(0)", "2")
    assert statuses(stored(tmp_path, engine)) == STATUSES


@pytest.mark.parametrize("engine", ENGINES)
def test_a_dead_process_leaves_no_cell_called_completed_that_was_not(
    engine: Choice, tmp_path: Path
) -> None:
    with pytest.raises(DeadKernelError):
        run(engine, tmp_path, "1", "import os\nos._exit(9)", "2")
    done = stored(tmp_path, engine)
    assert statuses(done) == STATUSES
    assert done.metadata.papermill["exception"] is True


@pytest.mark.parametrize("engine", ENGINES)
def test_a_cell_that_took_too_long_is_not_called_completed(engine: Choice, tmp_path: Path) -> None:
    with pytest.raises(CellTimeoutError):
        run(engine, tmp_path, "1", "import time\ntime.sleep(300)", "2", seconds=3)
    assert statuses(stored(tmp_path, engine)) == STATUSES


def test_where_no_kernel_starts_no_cell_is_called_completed(tmp_path: Path) -> None:
    nbformat.write(notebook("1", "2"), tmp_path / "in.ipynb")
    with pytest.raises(Exception, match="nosuch"):
        papermill.execute_notebook(
            str(tmp_path / "in.ipynb"), str(tmp_path / "kernel.ipynb"), kernel_name="nosuch",
            engine_name=named("kernel"), language="python", progress_bar=False,
        )  # fmt: skip
    assert statuses(stored(tmp_path, "kernel")) == ["pending", "pending"]


def test_an_exit_with_nothing_left_to_run_and_empty_cells_are_no_error(tmp_path: Path) -> None:
    run("fork", tmp_path, "1", "raise SystemExit(0)", "", "  \n")
    done = stored(tmp_path, "fork")
    assert statuses(done) == ["completed", "failed", "pending", "pending"]
    assert len(done.cells) == 4  # papermill adds one where something went wrong


def test_the_error_of_a_cell_stays_the_error_that_is_raised(tmp_path: Path) -> None:
    with pytest.raises(PapermillExecutionError, match="no such school"):
        run("fork", tmp_path, "raise ValueError('no such school')", "2")
    assert statuses(stored(tmp_path, "fork")) == ["failed", "pending"]


def test_the_command_tells_an_early_exit_from_a_success(tmp_path: Path) -> None:
    nbformat.write(notebook("1", "raise SystemExit(0)", "2"), tmp_path / "in.ipynb")
    done = by_command(tmp_path)
    assert done.returncode == 1
    assert "ended before this cell was run" in done.stderr
    assert statuses(stored(tmp_path, "fork")) == STATUSES


@pytest.mark.parametrize("declaration", ["p0: int = 1", "p0 = 1"])
def test_the_command_runs_no_name_as_code(declaration: str, tmp_path: Path) -> None:
    declaring(tmp_path, declaration)
    done = by_command(tmp_path, "-p", f"p0=1;{STRIKE};y", "1")
    assert done.returncode == 1
    assert "is no name of a parameter" in done.stderr
    assert not list(tmp_path.rglob(CANARY))
    assert not (tmp_path / "ran").exists()


def test_sixty_of_the_hostile_names_reach_no_notebook(tmp_path: Path) -> None:
    path = declaring(tmp_path)
    for name in random.Random(8).sample(hostile_names(), 60):
        with pytest.raises(BadInput, match="parameter"):
            papermill.execute_notebook(
                path, str(tmp_path / "out.ipynb"), parameters={name: 1}, cwd=str(tmp_path),
                engine_name=named("fork"), kernel_name="python3", progress_bar=False,
            )  # fmt: skip
    assert {one.name for one in tmp_path.iterdir()} == {"in.ipynb"}


@pytest.mark.parametrize(
    ("declaration", "name", "refused"),
    [
        ("p0: int = 1", "p0", False),
        ("p0: int = 1", "p1", True),
        ("p0 = 1", "p1", False),  # declared in another way: any plain name, as papermill has it
        ("p0 = 1", "class", True),
        ("p0 = 1", "p1.x", True),
    ],
)
def test_only_declared_or_plain_names_are_given(
    declaration: str, name: str, refused: bool, tmp_path: Path
) -> None:
    given = {"parameters": {name: 1}, "cwd": str(tmp_path), "progress_bar": False}
    path, out = declaring(tmp_path, declaration), str(tmp_path / "out.ipynb")
    if refused:
        with pytest.raises(BadInput, match=name):
            papermill.execute_notebook(path, out, engine_name=named("fork"), **given)
    else:
        papermill.execute_notebook(path, out, engine_name=named("fork"), **given)
    assert (tmp_path / "ran").exists() is not refused
