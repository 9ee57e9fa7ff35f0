"""One batch from its start, through harms at random moments, to its end; what was found of each."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.harms import GIVEN, HARMS, relieve
from tests.faults.small_batch import Batch, ledger_of
from tests.faults.soundness import canonical, false_successes, torn, whole_in
from workbench.evidence.lock import is_held
from workbench.evidence.manifest import is_sealed
from workbench.evidence.prepare import FAILED, MISSING, NEW, runs_in
from workbench.evidence.store import STAGING
from workbench.evidence.verify import verify

ORPHAN_SECONDS = 5.0
HUNG_SECONDS = 400.0
_BEFORE_ITS_START = 0.15  # of the moments lie before the first report is begun
_ALONE = 1 / 2  # of the runners work without workers
_STARTING_SECONDS = 4.0
_REPORT_SECONDS = 1.0
_SOLITARY = ("SIGTERM", "full disk", "timeout")  # where early, done to a runner without workers


@dataclass
class Round:
    """One harm and what came of it.

    Attributes:
        kind: The harm.
        mid_run: Whether the run had begun and was not finished when it was done.
        code: How the command ended.
        torn: Files with a final name that are not whole.
        false: What is called done and is not.
        orphans: Processes that lived five seconds after the command had ended.
        rerun: What the next runner made that it need not have, or did not make.
        unequal: Results that are not an undisturbed run's.
        hung: Whether the command had to be ended.
        rough: The end of a traceback it ended with.
        failed: What the ledger then said of reports that had failed.
        seconds: How long processes took to end after the command.
    """

    kind: str
    mid_run: bool = False
    code: int | None = None
    torn: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    rerun: list[str] = field(default_factory=list)
    unequal: list[str] = field(default_factory=list)
    hung: bool = False
    rough: str = ""
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def faults(self) -> list[str]:
        """Everything that must not be."""
        hung = ["it did not end"] if self.hung else []
        return [*self.torn, *self.false, *self.orphans, *self.rerun, *self.unequal, *hung]


def live(
    batch: Batch,
    kinds: Sequence[str],
    draw: random.Random,
    *,
    reference: Mapping[str, str] | None = None,
    early: bool = False,
) -> list[Round]:
    """Run a batch, harm it, run it again, until every harm is done and the batch is whole.

    Args:
        batch: The batch.
        kinds: The harms, in their order; each is done to the next runner.
        draw: Where moments and choices come from.
        reference: Digests of an undisturbed run's results.
        early: Whether each harm is done soon and surely within the run, while a report is held
            up, so that something is left for the next.
    """
    rounds: list[Round] = []
    try:
        for kind in kinds:
            before = _Before(batch).anew(batch)
            rounds.append(_harmed(batch, kind, draw, before, early=early))
            if len(rounds) > 1:
                rounds[-2].rerun += before.made_again(batch)
        _finish(batch, rounds[-1], draw, reference)
    finally:
        batch.end()
        relieve(batch)
    return rounds


class _Before:
    """What there was before a runner started."""

    def __init__(self, batch: Batch) -> None:
        self.new = False
        self.run, self.whole, self.ran = batch.run, whole_in(batch.run), len(batch.ran())
        self.missing = {u for u, stem in batch.stems.items() if stem not in self.whole}

    def anew(self, batch: Batch) -> _Before:
        """Return what there was before a new run, where nothing is left to do in the old."""
        if self.run is not None and not self.missing:
            self.run, self.whole, self.missing = None, set(), set(batch.schools)
            self.new = True
        return self

    def made_again(self, batch: Batch) -> list[str]:
        """Return what was made although it was there."""
        again = set(batch.ran()[self.ran :]) - self.missing
        return [f"{urn} was made again" for urn in sorted(again)]

    def options(self, draw: random.Random) -> tuple[str, ...]:
        """Return how a runner is told to go on: by name, or by the same command again."""
        if self.new:
            return ("--new",)
        told = self.run is not None and (not self.missing or draw.random() < 0.5)
        return ("--resume", str(self.run)) if told else ()


def _harmed(batch: Batch, kind: str, draw: random.Random, before: _Before, *, early: bool) -> Round:
    found = Round(kind)
    passed = draw.randrange(max(1, min(3, len(before.missing))))
    if early:
        batch.hold_from(before.ran + passed)
    alone = kind in _SOLITARY if early else draw.random() < _ALONE
    jobs = "1" if alone else "2"
    runner = batch.start("--jobs", jobs, *GIVEN.get(kind, ()), *before.options(draw))
    if early:
        _wait_for_begun(batch, before.ran + passed + 1)
    else:
        _wait_for_moment(batch, draw, before)
    run = batch.run
    began = run is not None and (before.run is None or before.ran < len(batch.ran()))
    found.mid_run = began and runner.poll() is None and run is not None and not is_sealed(run)
    HARMS[kind](batch, draw)
    batch.let_go()
    found.code, found.hung = _ended(batch)
    _wait_for_orphans(batch, found)
    relieve(batch)
    for run in runs_in(batch.outputs):
        found.torn += torn(run)
        if is_held(run):
            found.orphans.append(f"{run.name} is locked")
    found.false += false_successes(batch, found.code)
    entries = (ledger_of(batch.run) if batch.run else None) or {}
    found.failed = [one.message for one in entries.values() if not one.complete]
    said = batch.err()
    if found.hung:
        found.rough = said[-6000:]
    elif "Traceback" in said:
        found.rough = said[said.index("Traceback") :][-300:]
    return found


def _wait_for_moment(batch: Batch, draw: random.Random, before: _Before) -> None:
    """Wait for a random moment of the run, told by its own progress: machines differ in speed."""
    if draw.random() < _BEFORE_ITS_START:
        time.sleep(draw.uniform(0, _STARTING_SECONDS))
        return
    begun = draw.randrange(1, max(2, len(before.missing) + 1))
    if _wait_for_begun(batch, before.ran + begun):
        time.sleep(draw.uniform(0, _REPORT_SECONDS))


def _wait_for_begun(batch: Batch, reports: int) -> bool:
    """Wait until so many reports were begun; return False where the command ends before."""
    assert batch.runner is not None
    until = time.monotonic() + HUNG_SECONDS
    while len(batch.ran()) < reports and time.monotonic() < until:
        if batch.runner.poll() is not None:
            return False
        time.sleep(0.02)
    return True


def _ended(batch: Batch) -> tuple[int | None, bool]:
    """Return how the command ended, and whether it had to be ended."""
    assert batch.runner is not None
    until = time.monotonic() + HUNG_SECONDS
    while batch.runner.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    if batch.runner.poll() is not None:
        return batch.runner.poll(), False
    with suppress(ProcessLookupError):
        os.kill(batch.runner.pid, signal.SIGUSR1)  # it writes down where each thread waits
    time.sleep(1.0)
    with batch.said.with_suffix(".err").open("a") as file:
        file.writelines(batch.waits())
    batch.end()
    return None, True


def _wait_for_orphans(batch: Batch, found: Round) -> None:
    began = time.monotonic()
    left = batch.processes()
    while left and time.monotonic() - began < ORPHAN_SECONDS:
        time.sleep(0.05)
        left = batch.processes()
    found.seconds = round(time.monotonic() - began, 2)
    found.orphans += [f"a {part} lives on" for part in left.values()]
    batch.end()


def _finish(
    batch: Batch, last: Round, draw: random.Random, reference: Mapping[str, str] | None
) -> None:
    """Run the batch undisturbed: exactly what is missing, to the same results."""
    before = _Before(batch)
    batch.start("--jobs", "1", *before.options(draw))
    code, last.hung = _ended(batch) if not last.hung else (_ended(batch)[0], True)
    made = Counter(batch.ran()[before.ran :])
    if made != Counter(before.missing):
        last.rerun.append(f"{sorted(before.missing)} were missing, {sorted(made.elements())} made")
    if code != 0:
        last.rerun.append(f"it ended with {code}: {batch.err()[-400:]}")
        return
    last.rerun += _wrong_reasons(json.loads(batch.out()), before, batch)
    last.false += false_successes(batch, code)
    assert batch.run is not None
    last.torn += torn(batch.run)
    last.unequal += _unequal(batch, batch.run, reference)


def _wrong_reasons(said: Mapping[str, object], before: _Before, batch: Batch) -> list[str]:
    why = said["why"]
    assert isinstance(why, dict)
    found = []
    if set(why) != {batch.stems[urn] for urn in before.missing}:
        found.append(f"it says it made {sorted(why)}")
    if said["kept"] != len(before.whole):
        found.append(f"it says it kept {said['kept']} of {len(before.whole)}")
    good = {NEW} if before.run is None else {MISSING}
    found += [one for one in why.values() if one not in good and not one.startswith(FAILED)]
    if before.run is not None and before.run != batch.run:
        found.append("it made another run")
    return found


def _unequal(batch: Batch, run: Path, reference: Mapping[str, str] | None) -> list[str]:
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_HOME", str(batch.home))
        verified = verify(run)
    if verified.exit_code or verified.added:
        found += [f"{one.name} {one.words}" for one in verified.differences] + [*verified.added]
    if (run / STAGING).exists():
        found.append(f"{STAGING} is left")
    now = canonical(run)
    if reference is not None and now != reference:
        names = sorted({n for n in now | dict(reference) if now.get(n) != reference.get(n)})
        found += [f"{name} is not an undisturbed run's" for name in names]
    return found


def undisturbed(batch: Batch) -> dict[str, str]:
    """Run a batch that nobody harms and return the digests of its results.

    Raises:
        AssertionError: It did not come to its end.
    """
    batch.start("--jobs", "2")
    code, _ = _ended(batch)
    assert code == 0, batch.err()
    assert batch.run is not None
    return canonical(batch.run)
