"""What running a notebook costs the processor beyond its cells, and how much memory it takes."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
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


def costs(case: Case, rounds: int, folder: Path) -> dict[str, float]:
    """Return what a notebook costs; of the rounds the best counts, and all take turns.

    Args:
        case: The notebook.
        rounds: How often; no more than the case has others.
        folder: Where to write.

    Returns:
        Processor seconds of its `cells` in a fresh interpreter and `cells_again` in the same one;
        of each engine, this process, its parent and the notebook's interpreter together, and what
        that is `beyond_` the cells; the same `in_a_batch`, where both have read the trust that the
        notebook names before; of `page_and_pdf`, of a notebook not rendered before; and the
        `megabytes` that a forked interpreter has to itself in the end.
    """
    rows = [*_alone_rows(case, rounds, folder), *_batch_rows(case, rounds, folder)]
    names = {name for row in rows for name in row}
    taken = {name: round(min(row[name] for row in rows if name in row), 4) for name in names}
    beyond = {
        f"beyond_{name}{where}": round(taken[name + where] - taken[f"cells{where}"], 4)
        for where in ("", BATCH)
        for name in ENGINES
    }
    return {**taken, **beyond, "megabytes": private_megabytes(case.notebook, folder)}


def _alone_rows(case: Case, rounds: int, folder: Path) -> list[dict[str, float]]:
    """Measure with a parent that has read no trust."""
    end_parent()
    execute(case.notebook, {}, scratch=folder, engine="fork")
    rows = []
    with alone(case.notebook) as cells:
        for _ in range(rounds):
            first, again = cells.seconds()
            ran: dict[str, float] = {name: _ran(case, name, {}, folder) for name in ENGINES}
            rows.append({"cells": first, "cells_again": again, **ran})
    return rows


def _batch_rows(case: Case, rounds: int, folder: Path) -> list[dict[str, float]]:
    """Measure with a parent that has read the trust, and the pages of others of the kind."""
    execute(case.notebook, case.given, scratch=folder, engine="fork")
    rows = []
    trust = str(case.given.get("trust_dir", ""))
    with alone(case.notebook, str(paths.home() / trust) if trust else "") as cells:
        for other in case.others[:rounds]:
            row = {f"cells{BATCH}": cells.seconds()[0]}
            for name in ENGINES:
                row[f"{name}{BATCH}"] = _ran(case, name, case.given, folder)
            rendered = execute(case.notebook, other, scratch=folder, engine="fork")
            row["page_and_pdf"] = rendering_seconds(rendered)["html_and_pdf"]
            rows.append(row)
    return rows


def _ran(case: Case, engine: Choice, given: Mapping[str, Value], folder: Path) -> float:
    work = partial(execute, case.notebook, given, scratch=folder, engine=engine)
    return processor_seconds(work)


def processor_seconds(work: Callable[[], object]) -> float:
    """Return the processor seconds of work, of this process, its forking parent and its children.

    What the parent itself imports is left out, as it has been used before.
    """
    process = start_parent().process
    began = _used(process)
    work()
    return _used(process) - began


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
