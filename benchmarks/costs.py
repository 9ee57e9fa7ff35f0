"""What running a notebook costs the processor beyond its cells, and how much memory it takes."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import nbformat

from benchmarks.cells import alone
from benchmarks.rendering import rendering_seconds
from workbench import paths
from workbench.evidence.declared import Value
from workbench.evidence.engines.engine import Choice
from workbench.evidence.engines.leases import end_parent, start_parent
from workbench.evidence.execute import execute

ENGINES: tuple[Choice, ...] = ("warm", "fork")
BATCH = "_in_a_batch"
TIMES = 2
_PRIVATE = (
    "print(sum(int(line.split()[1]) for line in open('/proc/self/smaps_rollup')"
    " if line.startswith('Private')) / 1e3)"
)


@dataclass(frozen=True)
class Case:
    """A notebook whose costs are measured.

    Attributes:
        notebook: The notebook.
        given: What a batch gives it, which changes nothing that it shows; for what a parent shares.
        others: Parameters of others of its kind, of which a page is made: one for each round.
    """

    notebook: Path
    given: Mapping[str, Value]
    others: Sequence[Mapping[str, Value]]


def costs(case: Case, rounds: int, folder: Path) -> dict[str, Any]:
    """Return what a notebook costs, in the middle round.

    Two processes of one program differ in speed by some hundredths, for as long as they live. So
    every round has a parent and a process that times the cells of its own, and what a notebook
    costs beyond its cells is told of each round by itself.

    Args:
        case: The notebook.
        rounds: How often; no more than the case has others.
        folder: Where to write.

    Returns:
        Processor seconds of its `cells` in a fresh interpreter, of `cells_unforked` in one that was
        not forked and has imported the same, and of `cells_again` in one that has run them; of each
        engine, this process, its parent and the notebook's interpreter together, and what that is
        `beyond_` the cells, and `fork_beyond_unforked`; the same `in_a_batch`, where all have read
        the trust that the notebook names before; of `page_and_pdf`, of a notebook not rendered
        before; and the `megabytes` that a forked interpreter has to itself in the end. In `rounds`,
        every one of these in each round.
    """
    by_round = [
        _row(case, {}, "", folder)
        | _row(case, case.given, BATCH, folder)
        | _rendered(case, other, folder)
        for other in case.others[:rounds]
    ]
    middle = {name: round(median(row[name] for row in by_round), 4) for name in by_round[0]}
    megabytes = private_megabytes(case.notebook, folder)
    return {**middle, "megabytes": megabytes, "rounds": by_round}


def _row(case: Case, given: Mapping[str, Value], where: str, folder: Path) -> dict[str, float]:
    """Measure once with a new parent, which has read the trust that is given, if one is."""
    end_parent()
    for _ in range(2):  # what notebooks share is worked out for the second that names a trust
        execute(case.notebook, given, scratch=folder, engine="fork")
    trust = str(given.get("trust_dir", ""))
    with alone(case.notebook, str(paths.home() / trust) if trust else "") as process:
        before = process.seconds()
        ran: dict[str, float] = {
            engine: processor_seconds(
                partial(execute, case.notebook, given, scratch=folder, engine=engine)
            )
            for engine in ENGINES
        }
        after = process.seconds()
        unforked, again = process.seconds(forked=False)
    cells = (before[0] + after[0]) / 2
    row = {"cells": cells, "cells_unforked": unforked, "cells_again": again, **ran}
    row |= {f"beyond_{engine}": seconds - cells for engine, seconds in ran.items()}
    row["fork_beyond_unforked"] = ran["fork"] - unforked
    return {f"{name}{where}": round(value, 4) for name, value in row.items()}


def _rendered(case: Case, other: Mapping[str, Value], folder: Path) -> dict[str, float]:
    executed = execute(case.notebook, other, scratch=folder, engine="fork")
    return {"page_and_pdf": round(rendering_seconds(executed)["html_and_pdf"], 4)}


def processor_seconds(work: Callable[[], object]) -> float:
    """Return the processor seconds of work, of this process, its forking parent and its children.

    What the parent itself imports is left out, as it has been used before. The system counts ended
    children in hundredths of a second, so the work is done more than once.
    """
    process = start_parent().process
    began = _used(process)
    for _ in range(TIMES):
        work()
    return (_used(process) - began) / TIMES


def _used(parent: int) -> float:
    """Return processor seconds of this process, and of a parent process with its ended children."""
    fields = Path(f"/proc/{parent}/stat").read_text().rsplit(")", 1)[1].split()
    ticks = sum(int(one) for one in fields[11:15])
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def private_megabytes(notebook: Path, folder: Path) -> float:
    """Return the megabytes that a forked interpreter has to itself after a notebook's cells."""
    cells: Any = nbformat.read(notebook, as_version=4)
    cells.cells.append(nbformat.v4.new_code_cell(_PRIVATE))
    path = folder / f"memory-{notebook.name}"
    nbformat.write(cells, path)
    done = execute(path, {}, scratch=folder, engine="fork")
    return round(float(done.cells[-1].outputs[0].text), 1)
