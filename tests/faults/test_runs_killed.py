"""A batch that is killed leaves nothing torn, no process, and is gone on with where it stopped."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.evidence.homes import SHOW, make_home
from workbench import paths
from workbench.errors import BadInput
from workbench.evidence.ledger import open_ledger, read_entries
from workbench.evidence.lock import is_held
from workbench.evidence.prepare import runs_in
from workbench.evidence.store import STAGING
from workbench.evidence.verify import verify
from workbench.trust.digests import digest_of_file

DEMO = paths.demo()
SCHOOLS = tuple(range(900001, 900008))
MARK = "WORKBENCH_TEST_MARK"
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")


class Batch:
    """A batch in a process of its own, whose notebooks write down that they were run."""

    def __init__(self, folder: Path) -> None:
        self.outputs, self.log = folder / "outputs", folder / "log"
        self.mark = uuid.uuid4().hex
        notes = f"with open({str(self.log)!r}, 'a') as log: log.write(f'{{urn}}\\n')"
        self.home = make_home(folder / "home", SHOW, notes)
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> subprocess.Popen[str]:
        command = (
            "report", str(DEMO), "--schools", ",".join(map(str, SCHOOLS)), "--scenarios", "none",
            "--jobs", "2", "--json", "--out", str(self.outputs),
        )  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "workbench", *command],
            env=os.environ | {"WORKBENCH_HOME": str(self.home), MARK: self.mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return self.process

    @property
    def run(self) -> Path | None:
        return next(iter(runs_in(self.outputs)), None)

    def made(self) -> set[str]:
        """Stems of the reports that the ledger calls whole."""
        if self.run is None:
            return set()
        try:
            with open_ledger(self.run, to_read=True) as ledger:
                return {stem for stem, one in read_entries(ledger).items() if one.complete}
        except BadInput:  # it is being made
            return set()

    def ran(self) -> list[int]:
        return [int(line) for line in self.log.read_text().split()] if self.log.exists() else []

    def processes(self) -> list[int]:
        """Processes that this batch started and that still live."""
        mark, found = f"{MARK}={self.mark}".encode(), []
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:  # it ended meanwhile, or is another user's
                continue
        return found

    def wait_for(self, reports: int, seconds: float = 120) -> None:
        assert self.process is not None
        end = time.monotonic() + seconds
        while len(self.made()) < reports:
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < end
            time.sleep(0.02)


@pytest.fixture
def batch(tmp_path: Path) -> Iterator[Batch]:
    made = Batch(tmp_path)
    yield made
    for number in made.processes():
        os.kill(number, signal.SIGKILL)
    if made.process is not None:
        made.process.communicate()


def assert_whole(batch: Batch) -> None:
    """Whatever bears a report's name is whole, and what the ledger calls whole is there."""
    assert batch.run is not None
    with open_ledger(batch.run, to_read=True) as ledger:
        for entry in read_entries(ledger).values():
            assert entry.complete
            for name, digest in entry.artefacts.items():
                assert digest_of_file(batch.run / name) == digest
    for page in batch.run.glob("*.html"):
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    for notebook in batch.run.glob("notebooks/*.ipynb"):
        json.loads(notebook.read_text(encoding="utf-8"))


def test_killed_thrice_it_goes_on_with_exactly_what_is_missing_and_ends_with_equal_results(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(20261125)
    for how in SIGNALS:
        process = batch.start()
        batch.wait_for(len(batch.made()) + 1)
        time.sleep(draw.uniform(0, 0.4))
        process.send_signal(how)
        said = process.communicate(timeout=30)
        assert process.returncode != 0, said
        end = time.monotonic() + 5
        while batch.processes() and time.monotonic() < end:
            time.sleep(0.1)
        assert batch.processes() == []
        assert batch.run is not None
        assert not (batch.run / "SHA256SUMS").exists()  # nobody may take it for finished
        assert not is_held(batch.run)
        if how != signal.SIGKILL:
            assert process.returncode == {signal.SIGTERM: 143, signal.SIGINT: 130}[how]
            assert "the same command goes on with it" in said[1]
        assert_whole(batch)
    made, ran = batch.made(), len(batch.ran())
    assert 0 < len(made) < len(SCHOOLS)
    process = batch.start()
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    missing = {urn for urn in SCHOOLS if not any(f"URN{urn}" in stem for stem in made)}
    content = json.loads(out)
    assert set(batch.ran()[ran:]) == missing
    assert (content["kept"], len(content["why"])) == (len(made), len(missing))
    assert_whole(batch)
    assert len(runs_in(batch.outputs)) == 1
    assert batch.run is not None
    assert not (batch.run / STAGING).exists()
    monkeypatch.setenv("WORKBENCH_HOME", str(batch.home))
    verified = verify(batch.run, rerun=True, jobs=2)  # a run that nobody touches
    proof = {"tampered", "result", "unfinished"}
    assert [one for one in verified.differences if one.kind in proof] == []
    assert verified.recomputed == len(SCHOOLS)
