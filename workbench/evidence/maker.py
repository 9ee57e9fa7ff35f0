"""A process that makes reports for a Dask worker, from the runner's data, in a folder of its own.

A Dask worker never runs a notebook itself: it has threads and connections that must not be forked,
and one process cannot work in two folders. It starts this one, tells it over its standard input
what to make, and is answered over its standard output with the finished files as bytes. The process
ends when its input is closed, however that came, or when it was asked nothing for long.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import platform
import queue
import re
import shutil
import signal
import sys
import threading
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

from workbench import paths
from workbench.errors import BadInput
from workbench.evidence.declared import Value
from workbench.evidence.engines.engine import Choice
from workbench.evidence.makers import SETTLED, receive, send
from workbench.evidence.names import results_name
from workbench.evidence.plan import Part
from workbench.evidence.provenance import Inputs
from workbench.evidence.sources import (
    GROUPS,
    LOCK_FILE,
    Change,
    Sources,
    changes,
    current_sources,
    digests_of_tables,
    plain,
)
from workbench.evidence.store import STAGING
from workbench.evidence.worker import How, PartResult, failed_part, make_part, start_worker
from workbench.parameters.scenario import is_scenario_path
from workbench.report.pdf import pdf_refusal
from workbench.trust.digests import digest_of_file

IDLE_SECONDS = 900.0
_GIVEN, _TRUST, _RUN = "given", "trust", "run"
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


@dataclass(frozen=True)
class Standing:
    """What must be the same on two machines for the same reports.

    Attributes:
        sources: Code, parameter files and environment.
        without_pdf: Why no PDF can be made; empty where it can.
        processor: The kind of processor.
    """

    sources: Sources
    without_pdf: str
    processor: str


@dataclass(frozen=True)
class Held:
    """What the reports of a run share, held by every worker of a cluster.

    Attributes:
        session: Name of the sitting, of its own.
        how: How notebooks are run.
        notebooks: Names of the notebooks.
        folder: The trust's folder, as a path on the runner's machine.
        packed: The trust's folder as a zip.
        given: Scenario files that were given by their paths, as bytes.
        tables: Digest of each of the trust's tables.
        parameters: Digest of each of those scenario files, as the run was planned with it.
        inputs: What the reports say they were made from.
        standing: What the runner's machine would make them with.
    """

    session: str
    how: How
    notebooks: tuple[str, ...]
    folder: str
    packed: bytes
    given: Mapping[str, bytes]
    tables: Mapping[str, str]
    parameters: Mapping[str, str]
    inputs: Inputs
    standing: Standing


@dataclass(frozen=True)
class Made:
    """How a part ended, with its files.

    Attributes:
        result: The result.
        files: Content of each file, by its path in the run's folder, in the order to appear.
    """

    result: PartResult
    files: Mapping[str, bytes] = field(default_factory=dict)


def standing_of(notebooks: tuple[str, ...]) -> Standing:
    """Return what this machine would make reports with."""
    sources = current_sources(paths.home() / "no trust", notebooks, ())
    return Standing(sources, pdf_refusal() or "", platform.machine())


_own = cache(standing_of)  # of a process that is new, whatever happens to the files later


def unlike(theirs: Standing, mine: Standing) -> str:
    """Say in what a worker's machine differs from the runner's; nothing if it does not."""
    moved = [one for one in changes(mine.sources, theirs.sources) if _matters(one, mine.sources)]
    said = []
    for group, called in GROUPS.items():
        names = [one.name for one in moved if one.group == group]
        if names:
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            said.append(f"it differs in {called} ({names[0]}{more})")
    if theirs.without_pdf and not mine.without_pdf:
        said.append(f"no PDF can be made there ({theirs.without_pdf})")
    if mine.without_pdf and not theirs.without_pdf:
        said.append("PDFs can be made there and not here")
    if theirs.processor != mine.processor:
        said.append(f"its processor is {theirs.processor}, and {mine.processor} here")
    return ", ".join(said)


def _matters(change: Change, mine: Sources) -> bool:
    """Whether a difference is one of code or of a locked package: others run nothing of ours."""
    if change.group != "environment" or change.name in {"Python", LOCK_FILE}:
        return True
    return plain(change.name) in _locked() if LOCK_FILE in mine.environment else True


def _locked() -> set[str]:
    lock = paths.home() / LOCK_FILE
    text = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    return set(map(plain, _LOCKED.findall(text)))


def packed(folder: Path) -> bytes:
    """Return a folder with everything in it as a zip."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                zipped.write(path, path.relative_to(folder).as_posix())
    return content.getvalue()


@dataclass(frozen=True)
class Place:
    """Where a maker works on the reports of a run.

    Attributes:
        run: A folder like a run's, in which reports are made.
        held: What they share.
        here: Where each file lies here, by its path on the runner's machine.
    """

    run: Path
    held: Held
    here: Mapping[str, str]


def settle(held: Held, folder: Path) -> Place:
    """Lay out a run's data in an empty folder, and hold it against what the runner has.

    Raises:
        BadInput: This machine would make other reports, or the data did not come over whole.
    """
    trust = folder / _TRUST / held.inputs.folder
    with zipfile.ZipFile(io.BytesIO(held.packed)) as zipped:
        zipped.extractall(trust)
    here = {held.folder: str(trust)}
    for number, (name, content) in enumerate(held.given.items()):
        path = folder / _GIVEN / str(number) / Path(name).name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        here[name] = str(path)
    said = unlike(_own(held.notebooks), held.standing)
    if digests_of_tables(trust) != dict(held.tables):
        said = "the trust's tables differ from those the run was planned with"
    for name in held.given:
        if digest_of_file(Path(here[name])) != held.parameters.get(name):
            said = f"{Path(name).name} differs from the scenario the run was planned with"
    if said:
        raise BadInput(
            f"a worker of the cluster would make other reports: {said}",
            where=platform.node(),
            rule="every worker makes reports from the same data, code and packages as the runner",
            mend="stop that worker, or install the same checkout from the same lock on it",
        )
    (folder / _RUN / STAGING).mkdir(parents=True)
    return Place(folder / _RUN, held, here)


def made(part: Part, place: Place) -> Made:
    """Make a part as if on the runner's machine, and take its files into memory."""
    local = {name: _moved(value, place.here) for name, value in part.parameters.items()}
    own = replace(part, parameters=local)
    held = place.held
    try:
        result = make_part(own, place.run, held.inputs, held.how, part.parameters)
    except Exception as fault:
        return Made(failed_part(part, fault))
    message = result.message
    for there, here in place.here.items():
        message = message.replace(here, there)
    files = _taken(place.run, result)
    return Made(replace(result, part=part, message=message), files)


def _moved(value: Value, here: Mapping[str, str]) -> Value:
    """Return a parameter with the paths in it as they are here."""
    if not isinstance(value, str):
        return value
    if value in here:
        return here[value]
    return ",".join(here[one] if is_scenario_path(one) else one for one in value.split(","))


def _taken(run: Path, result: PartResult) -> dict[str, bytes]:
    """Return a part's files, the page last, and leave none behind."""
    results = [results_name(result.part.stem)] if result.complete else []
    files = {name: (run / name).read_bytes() for name in [*results, *reversed([*result.files])]}
    for name in files:
        (run / name).unlink()
    return files


def main() -> None:
    """Answer a Dask worker until it closes the input; arguments: a folder, and the engine."""
    folder, engine = Path(sys.argv[1]), cast(Choice, sys.argv[2])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints must not get between the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    orders: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders, folder), daemon=True).start()
    start_worker(folder, engine)
    place: Place | None = None
    while True:
        try:
            order = orders.get(timeout=IDLE_SECONDS)
        except queue.Empty:
            _end(folder)
        answer: object
        try:
            if isinstance(order, Held):
                place = settle(order, folder)
                send(answers, SETTLED)
                continue
            answer = made(order, place) if isinstance(order, Part) and place else _own(order)
        except Exception as fault:
            answer = fault
        send(answers, pickle.dumps(answer))


def _listen(orders: queue.SimpleQueue[Any], folder: Path) -> None:
    with contextlib.suppress(Exception):
        while True:
            orders.put(pickle.loads(receive(sys.stdin.buffer)))
    _end(folder)


def _end(folder: Path) -> None:
    """End with everything that was started: the parent process ends when this one is gone."""
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)
