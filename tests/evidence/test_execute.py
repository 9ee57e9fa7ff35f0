"""A notebook that did not reach its end is never taken for one that did."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.evidence.homes import write_notebook
from workbench.evidence import execute as module
from workbench.evidence.code_cells import Stopped
from workbench.evidence.engines.engine import Choice
from workbench.evidence.engines.leases import can_fork
from workbench.evidence.execute import execute
from workbench.evidence.kernel import use_own_kernel
from workbench.evidence.references import reference


@pytest.fixture(params=["fork", "warm", "kernel"])
def engine(request: pytest.FixtureRequest) -> Choice:
    choice: Choice = request.param
    if choice != "kernel" and not can_fork():
        pytest.skip("this system cannot fork")
    return choice


@pytest.fixture(autouse=True)
def _own_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_back = ("JUPYTER_PATH", "IPYTHONDIR", "PYDEVD_DISABLE_FILE_VALIDATION")
    for name in (*put_back, "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"):
        monkeypatch.setenv(name, "")  # so that what is set next is put back afterwards
    for name in ("OMP", "OPENBLAS", "MKL", "VECLIB"):
        variable = "VECLIB_MAXIMUM_THREADS" if name == "VECLIB" else f"{name}_NUM_THREADS"
        monkeypatch.setenv(variable, "1")
    use_own_kernel(tmp_path / "kernel")


def run(tmp_path: Path, engine: Choice, *cells: str, cell_seconds: int = 60) -> Stopped:
    path = write_notebook(tmp_path / "{a} notebook.ipynb", "urn: int = 1", *cells)
    with pytest.raises(Stopped) as stopped:
        execute(path, {"urn": 2}, scratch=tmp_path, cell_seconds=cell_seconds, engine=engine)
    assert not list(tmp_path.glob("tmp*"))
    return stopped.value


def test_it_runs_on_this_python_with_the_values_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Choice
) -> None:
    elsewhere = tmp_path / "home" / "kernels" / "python3"
    elsewhere.mkdir(parents=True)
    wrong = {"argv": ["/nowhere/python"], "display_name": "x", "language": "python"}
    (elsewhere / "kernel.json").write_text(json.dumps(wrong))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "home"))
    path = write_notebook(tmp_path / "a.ipynb", "urn: int = 1", "import sys\nsys.executable, urn")
    executed = execute(path, {"urn": 2}, scratch=tmp_path, engine=engine)
    assert executed.cells[-1].outputs[0].data["text/plain"] == repr((sys.executable, 2))


def test_what_differs_between_moments_is_not_stored(tmp_path: Path, engine: Choice) -> None:
    path = write_notebook(tmp_path / "a.ipynb", "urn: int = 1", "urn")
    first, second = (
        reference(execute(path, {}, scratch=tmp_path, engine=engine)) for _ in range(2)
    )
    assert first == second
    assert first.cells[0].metadata == {"tags": ["parameters"]}


def test_a_failing_cell_is_named_with_its_message_and_what_ran_is_kept(
    tmp_path: Path, engine: Choice
) -> None:
    stopped = run(tmp_path, engine, "x = 1", "raise ValueError('no such school')", "y = 2")
    assert (stopped.cell, stopped.message) == (3, "no such school")
    assert stopped.notebook is not None


def test_an_early_exit_that_claims_success_is_a_failure(tmp_path: Path, engine: Choice) -> None:
    stopped = run(tmp_path, engine, "raise SystemExit(0)", "y = 2")
    assert stopped.cell == 3


def test_a_cell_without_end_is_stopped(tmp_path: Path, engine: Choice) -> None:
    stopped = run(tmp_path, engine, "import time\ntime.sleep(60)", "y = 2", cell_seconds=2)
    assert "longer than 2 seconds" in stopped.message
    assert stopped.cell == 2
    assert stopped.notebook is not None


def test_a_dead_kernel_is_a_failure(tmp_path: Path, engine: Choice) -> None:
    stopped = run(tmp_path, engine, "print('so far')", "import os\nos._exit(9)", "y = 2")
    assert "process died" in stopped.message
    assert stopped.cell == 3
    assert stopped.notebook is not None
    assert "so far" in stopped.notebook.cells[2].outputs[0].text


# The end of what it shows comes so many seconds after its answer; nbclient waits for 4 by itself.
SHOWS_LATE = """
import time
from ipykernel.kernelapp import IPKernelApp
session = IPKernelApp.instance().session
def late(stream, what, content=None, *more, **named):
    if content == {{"execution_state": "idle"}}:
        session.send = send
        time.sleep({seconds})
    return send(stream, what, content, *more, **named)
send, session.send = session.send, late
print("shown")"""


@pytest.mark.skipif(not can_fork(), reason="this system cannot fork")
def test_what_a_cell_showed_is_waited_for_and_is_not_called_a_long_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_notebook(tmp_path / "a.ipynb", "urn: int = 1", SHOWS_LATE.format(seconds=5))
    executed = execute(path, {}, scratch=tmp_path, engine="fork")
    assert executed.cells[-1].outputs[0].text == "shown\n"
    monkeypatch.setattr(module, "SHOWING_SECONDS", 1)
    stopped = run(tmp_path, "fork", SHOWS_LATE.format(seconds=60), "y = 2")
    said = "What this cell showed did not come within 1 seconds of its end."
    assert (stopped.cell, stopped.message) == (2, said)
