"""However a notebook ends, nothing of it goes on; where nothing can be forked, a kernel runs."""

from __future__ import annotations

import errno
import gc
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from tests.evidence.engines.notebooks import gone, notebook, run, said
from workbench import paths
from workbench.evidence.engines import engine as engines
from workbench.evidence.engines import kernels, leases, parent
from workbench.evidence.engines.engine import Choice
from workbench.evidence.engines.leases import Lease, NoFork, Parent, can_fork, lend, start_parent

LINGER = "import subprocess\nlingering = subprocess.Popen(['sleep', '300'])\nprint(lingering.pid)"
needs_fork = pytest.mark.skipif(not can_fork(), reason="this system cannot fork")


def test_what_a_notebook_started_ends_with_it(engine: Choice, tmp_path: Path) -> None:
    assert gone(int(said(run(engine, tmp_path, LINGER))))


def test_what_a_notebook_detached_from_itself_ends_with_it(engine: Choice, tmp_path: Path) -> None:
    detached = LINGER.replace("'300']", "'300'], start_new_session=True")
    assert gone(int(said(run(engine, tmp_path, detached))), 60)


def test_a_cell_without_end_ends_with_what_it_started(engine: Choice, tmp_path: Path) -> None:
    started = tmp_path / "started"
    cell = f"{LINGER}\nopen({str(started)!r}, 'w').write(str(lingering.pid))\nwhile True: pass"
    with pytest.raises(CellTimeoutError):
        run(engine, tmp_path, cell, seconds=2)
    assert gone(int(started.read_text()))
    assert said(run(engine, tmp_path, "1 + 1")) == "2"


@pytest.mark.parametrize("end", ["os._exit(9)", "os.kill(os.getpid(), 9)", "os.abort()"])
def test_a_process_that_dies_is_noticed_at_once(end: str, engine: Choice, tmp_path: Path) -> None:
    with pytest.raises(DeadKernelError):
        run(engine, tmp_path, f"import os\n{end}", "1")
    assert said(run(engine, tmp_path, "1 + 1")) == "2"


@needs_fork
def test_what_is_left_to_be_done_at_exit_is_done(tmp_path: Path) -> None:
    leave = "import atexit, pathlib\n_ = atexit.register(pathlib.Path('done').write_text, 'yes')"
    run("fork", tmp_path, leave)
    assert (tmp_path / "done").read_text() == "yes"


@needs_fork
def test_an_interpreter_that_is_given_back_ends_at_once(tmp_path: Path) -> None:
    lease = lend(str(tmp_path), 60)
    os.kill(lease.process, 0)
    assert lease.alive()
    lease.kill()
    assert gone(lease.process)


@needs_fork
def test_children_die_with_their_client(tmp_path: Path) -> None:
    client = subprocess.Popen(
        [sys.executable, "-c",
         "import time\nfrom workbench.evidence.engines.leases import lend, start_parent\n"
         "print(lend('/', 60).process, start_parent().process, flush=True)\ntime.sleep(300)"],
        stdout=subprocess.PIPE, text=True, cwd=paths.home(),
    )  # fmt: skip
    with client:
        assert client.stdout is not None
        processes = [int(one) for one in client.stdout.readline().split()]
        assert len(processes) == 2
        client.send_signal(signal.SIGKILL)
    assert all(gone(process) for process in processes)


@needs_fork
def test_a_parent_that_is_still_importing_ends_with_its_client(tmp_path: Path) -> None:
    package, begun = tmp_path / "IPython", tmp_path / "begun"
    package.mkdir()
    lingers = f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(300)\n"
    (package / "__init__.py").write_text(lingers)  # an import that takes long
    code = (
        "from workbench.evidence.engines.leases import start_parent\nimport time\n"
        "print(start_parent().process, flush=True)\ntime.sleep(300)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(paths.home())])},
    ) as client:  # fmt: skip
        assert client.stdout is not None
        parent = int(client.stdout.readline())
        until = time.monotonic() + 120
        while not begun.exists() and time.monotonic() < until:
            time.sleep(0.02)
        assert begun.exists()
        client.send_signal(signal.SIGKILL)
    assert gone(parent)


@needs_fork
def test_children_die_with_their_parent_and_another_parent_is_started(tmp_path: Path) -> None:
    lease, parent = lend(str(tmp_path), 60), start_parent()
    os.kill(parent.process, signal.SIGKILL)
    assert gone(lease.process)
    assert not lease.alive()
    lease.kill()
    assert said(run("fork", tmp_path, "1 + 1")) == "2"
    assert start_parent() is not parent


@needs_fork
def test_another_environment_has_another_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start_parent()
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert start_parent() is first
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    assert start_parent() is not first
    assert said(run("fork", tmp_path, f"import sys\n{str(tmp_path)!r} in sys.path")) == "True"


@pytest.mark.parametrize("choice", ["fork", "warm"])
def test_where_nothing_can_be_forked_a_kernel_runs(
    choice: Choice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "can_fork", lambda: False)
    monkeypatch.setattr(engines, "can_fork", lambda: False)
    with pytest.raises(NoFork):
        lend(str(tmp_path), 1)
    assert engines.chosen("auto") == "kernel"
    assert said(run(choice, tmp_path, "import os\nos.environ['JPY_PARENT_PID']")) == repr(
        str(os.getpid())
    )


@needs_fork
def test_where_a_forked_kernel_cannot_be_reached_a_kernel_runs_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = tmp_path / ("far" * 40)  # longer than the path of a socket may be
    far.mkdir()
    lent: list[Lease] = []

    def lend_noted(*given: str, **more: str) -> Lease:
        lent.append(lend(*given, **more))  # type: ignore[arg-type]
        return lent[-1]

    monkeypatch.setattr(kernels, "lend", lend_noted)
    monkeypatch.setattr(tempfile, "tempdir", str(far))
    assert said(run("warm", tmp_path, "import os\nos.environ['JPY_PARENT_PID']")) == repr(
        str(os.getpid())
    )
    assert all(gone(one.process) for one in lent)


@pytest.mark.parametrize("name", ["PapermillNotebookClient", "logger"])
def test_an_interpreter_that_is_never_used_is_given_back(
    name: str, engine: Choice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lent: list[Lease] = []

    def lend_noted(self: Parent, *given: Any, **more: Any) -> Lease:
        lent.append(lend_really(self, *given, **more))
        return lent[-1]

    lend_really = Parent.lend
    monkeypatch.setattr(Parent, "lend", lend_noted)
    monkeypatch.delattr(f"papermill.{'clientwrap' if name[0] == 'P' else 'log'}.{name}")
    with pytest.raises(ImportError):
        run(engine, tmp_path, "1")
    assert [gone(one.process) for one in lent] == [True]


@needs_fork
def test_where_the_parent_cannot_start_a_kernel_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leases.end_parent()
    monkeypatch.setattr(leases, "START", "raise SystemExit(3)")
    assert said(run("fork", tmp_path, "1 + 1")) == "2"
    leases.end_parent()


@needs_fork
def test_an_interpreter_is_lent_to_a_process_with_more_than_a_thousand_open_files(
    tmp_path: Path,
) -> None:
    code = (
        "import os, resource\nfrom workbench.evidence.engines.leases import lend\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (2000, 2000))\n"
        "kept = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]\n"
        f"lease = lend({str(tmp_path)!r}, 300)\n"
        "print(lease.line.fileno() > 1023, lease.alive())\nlease.end()\nprint(lease.alive())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=paths.home(), check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == ["True", "True", "False"]


@needs_fork
@pytest.mark.parametrize("wanting", ["socket.socketpair", "subprocess.Popen"])
@pytest.mark.parametrize("code", [errno.EMFILE, errno.EAGAIN])
def test_where_files_or_processes_are_wanting_there_is_no_fork_and_nothing_is_left_open(
    wanting: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leases.end_parent()
    before = len(list(Path("/proc/self/fd").iterdir()))

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patched:
        patched.setattr(f"workbench.evidence.engines.leases.{wanting}", fail)
        with pytest.raises(NoFork):
            lend(str(tmp_path), 1)
    gc.collect()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@needs_fork
def test_where_a_channel_cannot_be_opened_those_before_it_are_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, made = start_parent(), list[socket.socket]()
    really = socket.socketpair

    def twice(*given: Any) -> tuple[socket.socket, socket.socket]:
        if len(made) >= 4:
            raise OSError(errno.EMFILE, "too many open files")
        made.extend(really(*given))
        return made[-2], made[-1]

    monkeypatch.setattr(socket, "socketpair", twice)
    with pytest.raises(NoFork):
        parent.lend(str(tmp_path), 1)
    assert [one.fileno() for one in made] == [-1] * 4
    assert parent.usable()


@needs_fork
@pytest.mark.parametrize("wanting", ["fork", "pidfd_open"])
def test_a_parent_that_can_fork_no_more_says_so_by_a_closed_line_and_lives(
    wanting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: int) -> int:
        raise OSError(errno.EAGAIN, "no more")

    ours, theirs = zip(*(socket.socketpair() for _ in range(4)), strict=True)
    idle = subprocess.Popen(["sleep", "300"])
    monkeypatch.setattr(os, "fork", lambda: idle.pid)  # what it forks is there to be ended
    monkeypatch.setattr(os, wanting, fail)
    children: dict[int, parent.Child] = {}
    with selectors.DefaultSelector() as waiting:
        handles = [one.detach() for one in theirs[:3]]
        parent._fork(b'{"trust": ""}', handles, theirs[3], waiting, children)
        assert (children, list(waiting.get_map())) == ({}, [])
    assert [one.recv(1) for one in ours[:3]] == [b""] * 3
    idle.kill()
    idle.wait()
    for one in (*ours, theirs[3]):
        one.close()


@needs_fork
@pytest.mark.parametrize("name", ["fork", "warm"])
def test_papermill_finds_the_engine_by_its_name(name: str, tmp_path: Path) -> None:
    project = tomllib.loads((paths.home() / "pyproject.toml").read_text())["project"]
    points = project["entry-points"]["papermill.engine"]
    package = tmp_path / "installed" / "engines-1.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: engines\nVersion: 1\n")
    listed = "\n".join(f"{key} = {value}" for key, value in points.items())
    (package / "entry_points.txt").write_text(f"[papermill.engine]\n{listed}\n")
    above = "import os, pathlib\nprint(pathlib.Path(f'/proc/{os.getppid()}/cmdline').read_text())"
    nbformat.write(notebook(above), tmp_path / "in.ipynb")
    search = os.pathsep.join([str(package.parent), str(paths.home())])
    command = ["-m", "papermill", "--engine", name, "--no-progress-bar", "in.ipynb", "out.ipynb"]
    subprocess.run(
        [sys.executable, *command], cwd=tmp_path, check=True, capture_output=True,
        env=os.environ | {"PYTHONPATH": search},
    )  # fmt: skip
    assert "engines.parent" in said(nbformat.read(tmp_path / "out.ipynb", as_version=4))
