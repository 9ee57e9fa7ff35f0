"""A small batch of light reports in a process of its own, whose notebooks write down that they ran.

It is the command `workbench report` with everything it starts. Every process it starts by `exec`
bears a mark in its environment, by which it is found again whatever became of its parent.
"""

from __future__ import annotations

import datetime as dt
import faulthandler
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn, Protocol

from tests.evidence.homes import SHOW, make_home
from workbench import paths
from workbench.errors import BadInput
from workbench.evidence.ledger import Entry, open_ledger, read_entries, read_head
from workbench.evidence.names import LEDGER, stem_of
from workbench.evidence.prepare import runs_in

# Of the demo trust only what its notebooks read: every round reads it, in three processes.
TABLES = (
    "trust", "schools", "inspections_oeif", "inspections_report_card", "attendance", "attainment",
)  # fmt: skip
UID = 90001
MARK = "WORKBENCH_TEST_MARK"
MEETING = dt.date(2026, 12, 9)  # names files, so that a batch that runs past midnight is still one
Part = Literal["worker", "parent", "child", "other"]

# Its first cells write down that it runs, and do not come to an end while a file is there,
# whoever interrupts them; nor do those that began later than the one whose number names a file.
_NOTES = """\
import pathlib, time
with open({log!r}, "a") as log: log.write(f"{{urn}}\\n")
begun, holds = len(pathlib.Path({log!r}).read_text().split()), pathlib.Path({holds!r})
while pathlib.Path({hang!r}).exists() or any(
    begun > int(one.name) for one in holds.iterdir()
):
    try: time.sleep(0.05)
    except KeyboardInterrupt: pass"""
# What it shows comes of the trust's table and of a draw that its own address tells alone, made
# without the compiler, which would take longer to load than all the rest.
_WORK = """\
time.sleep(0.15)
from workbench.growth.kernel.philox import philox, stream_key, unit
from workbench.trust.load import read_trust
school = read_trust(pathlib.Path(trust_dir)).schools.set_index("urn").loc[urn]
word, *_ = philox.py_func(urn, 0, 0, 0, *stream_key(6, "small batch"))
emit.record("urn", urn)
emit.record("pupils", int(school["pupils"]))
emit.record("luck", float(unit.py_func(word)))
emit.say(f"{school['name']} has {school['pupils']} pupils.")"""


class Runner(Protocol):
    """A process that runs a batch."""

    pid: int

    def poll(self) -> int | None:
        """Return how it ended; None while it lives."""
        ...


Start = Callable[[Sequence[str], dict[str, str], Path], Runner]


class Batch:
    """A folder with a home, a trust, the runs made in it, and what its notebooks wrote down."""

    def __init__(self, folder: Path, schools: Sequence[int], start: Start | None = None) -> None:
        self.folder, self.schools = folder, tuple(schools)
        self.outputs, self.log = folder / "outputs", folder / "log"
        self.hang, self.holds = folder / "hang", folder / "holds"
        self.said = folder / "said"
        self.mark = uuid.uuid4().hex
        notes = _NOTES.format(log=str(self.log), hang=str(self.hang), holds=str(self.holds))
        self.home = make_home(folder / "home", notes, _WORK, SHOW)
        self.trust = folder / "trust"
        for made in (self.outputs, self.holds, self.trust):
            made.mkdir()
        for table in TABLES:
            shutil.copy(paths.demo() / f"{table}.csv", self.trust)
        self._start = start or started
        self.runner: Runner | None = None

    @property
    def stems(self) -> dict[int, str]:
        """The name of each school's report."""
        return {urn: stem_of("school", str(urn), uid=UID, on=MEETING) for urn in self.schools}

    def start(self, *more: str) -> Runner:
        command = (
            "report", str(self.trust), "--schools", ",".join(map(str, self.schools)),
            "--scenarios", "none", "--meeting", MEETING.isoformat(), "--json",
            "--out", str(self.outputs), *more,
        )  # fmt: skip
        own = {"WORKBENCH_HOME": str(self.home), MARK: self.mark}
        given = {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}
        self.runner = self._start(command, given | own, self.said)
        return self.runner

    def out(self) -> str:
        return self.said.with_suffix(".out").read_text(encoding="utf-8", errors="replace")

    def err(self) -> str:
        return self.said.with_suffix(".err").read_text(encoding="utf-8", errors="replace")

    @property
    def run(self) -> Path | None:
        """The newest run that has a ledger which says what it was asked for."""
        return next((one for one in runs_in(self.outputs) if ledger_of(one) is not None), None)

    def ran(self) -> list[int]:
        """Schools whose notebook was begun, as often as it was."""
        return [int(line) for line in self.log.read_text().split()] if self.log.exists() else []

    def processes(self) -> dict[int, Part]:
        """Processes that this batch started and that still live, with what they are."""
        mark, found = f"{MARK}={self.mark}".encode(), dict[int, Part]()
        for folder in Path("/proc").iterdir():
            with suppress(OSError, ValueError):  # it ended meanwhile, or is another user's
                if folder.name.isdigit() and mark in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = _part(folder)
        return found

    def waits(self) -> list[str]:
        """For what each thread of each process that still lives waits in the system."""
        said = []
        for number, part in self.processes().items():
            for thread in sorted(Path(f"/proc/{number}/task").iterdir()):
                with suppress(OSError):
                    name, where = (thread / "comm").read_text(), (thread / "wchan").read_text()
                    said.append(f"{part} {number}, thread {thread.name} {name.strip()}: {where}\n")
        return said

    def hold_from(self, report: int) -> None:
        """Hold up whatever is begun after so many reports."""
        (self.holds / str(report)).touch()

    def let_go(self) -> None:
        """Hold nothing up any longer."""
        for one in self.holds.iterdir():
            one.unlink()

    def end(self) -> None:
        """End whatever still lives."""
        for number in (*self.processes(), *([self.runner.pid] if self.runner else [])):
            with suppress(ProcessLookupError):
                if self.runner is None or number != self.runner.pid or self.runner.poll() is None:
                    os.kill(number, signal.SIGKILL)


@dataclass
class Forked:
    """A runner that was forked from this process, which has imported what it needs."""

    pid: int
    code: int | None = None

    def poll(self) -> int | None:
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code


def started(command: Sequence[str], environment: dict[str, str], said: Path) -> Runner:
    """Start the command as a user would."""
    with said.with_suffix(".out").open("wb") as out, said.with_suffix(".err").open("wb") as err:
        return subprocess.Popen(
            [sys.executable, "-m", "workbench", *command],
            env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
            start_new_session=True,
            preexec_fn=_heed_interrupts,  # noqa: PLW1509 # it takes no lock
        )  # fmt: skip


def _heed_interrupts() -> None:
    """Undo what shells do to jobs in the background, whose Ctrl-C is meant for others."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def forked(command: Sequence[str], environment: dict[str, str], said: Path) -> Runner:
    """Run the command in a fork of this process: what it starts is started as ever."""
    process = os.fork()
    if not process:
        _be_runner(command, environment, said)
    return Forked(process)


def _be_runner(command: Sequence[str], environment: dict[str, str], said: Path) -> NoReturn:
    code: object = 1
    try:
        os.setsid()
        for number, ending in ((1, ".out"), (2, ".err")):
            os.dup2(
                os.open(said.with_suffix(ending), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number
            )
        faulthandler.register(signal.SIGUSR1, all_threads=True)
        from workbench import __main__ as command_line
        from workbench.cli import main

        sys.modules["__main__"] = command_line  # its workers import it
        sys.argv = ["workbench", *command]
        os.environ.clear()
        os.environ.update(environment)
        for way in (signal.SIGINT, signal.SIGTERM):
            signal.signal(
                way, signal.default_int_handler if way == signal.SIGINT else signal.SIG_DFL
            )
        main()
        code = 0
    except SystemExit as stop:
        code = stop.code
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(Exception):
                stream.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def ledger_of(run: Path) -> dict[str, Entry] | None:
    """Return what a run's ledger says of each report, read from a copy; None where it has no head.

    A copy, so that what is looked at is what the next runner will find.
    """
    with copied(run) as copy:
        if copy is None:
            return None
        try:
            with open_ledger(copy) as ledger:
                read_head(ledger)
                return read_entries(ledger)
        except BadInput:
            return None


@contextmanager
def copied(run: Path) -> Iterator[Path | None]:
    """Give a folder with a copy of a run's ledger and its journal; None where it has none."""
    with tempfile.TemporaryDirectory(prefix="ledger-") as name:
        for file in run.glob(f"{LEDGER}*"):
            with suppress(FileNotFoundError):
                shutil.copyfile(file, Path(name) / file.name)
        yield Path(name) if (Path(name) / LEDGER).exists() else None


def _part(folder: Path) -> Part:
    said = (folder / "cmdline").read_bytes()
    if b"spawn_main" in said:
        return "worker"
    if b"engines.parent" not in said:
        return "other"
    above = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
    with suppress(OSError):
        return (
            "child"
            if b"engines.parent" in Path(f"/proc/{above}/cmdline").read_bytes()
            else "parent"
        )
    return "parent"
