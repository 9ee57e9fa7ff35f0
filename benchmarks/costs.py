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

from benchmarks.cells import Alone, alone
from benchmarks.rendering import rendering_seconds
from workbench.evidence.declared import Value
from workbench.evidence.engines.engine import Choice
from workbench.evidence.engines.leases import start_parent
from workbench.evidence.execute import execute

ENGINES: tuple[Choice, ...] = ("warm", "fork")
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
        that is `beyond_` the cells; of the `fork_in_a_batch`, where the parent has read the trust
        that the notebook names; of `page_and_pdf`, of a notebook not rendered before; and the
        `megabytes` that a forked interpreter has to itself in the end.
    """
    execute(case.notebook, case.given, scratch=folder, engine="fork")
    with alone(case.notebook) as cells:
        rows = [_one_round(case, other, cells, folder) for other in case.others[:rounds]]
    taken = {name: round(min(row[name] for row in rows), 4) for name in rows[0]}
    beyond = {f"beyond_{name}": round(taken[name] - taken["cells"], 4) for name in ENGINES}
    return {**taken, **beyond, "megabytes": private_megabytes(case.notebook, folder)}


def _one_round(
    case: Case, other: Mapping[str, Value], cells: Alone, folder: Path
) -> dict[str, float]:
    def ran(engine: Choice, given: Mapping[str, Value]) -> float:
        work = partial(execute, case.notebook, given, scratch=folder, engine=engine)
        return processor_seconds(work)

    first, again = cells.seconds()
    rendered = execute(case.notebook, other, scratch=folder, engine="fork")
    return {
        "cells": first,
        "cells_again": again,
        "warm": ran("warm", {}),
        "fork": ran("fork", {}),
        "fork_in_a_batch": ran("fork", case.given),
        "page_and_pdf": rendering_seconds(rendered)["html_and_pdf"],
    }


def processor_seconds(work: Callable[[], object]) -> float:
    """Return the processor seconds of work, of this process, its forking parent and its children.

    What the parent itself imports is left out, as it has been used before.
    """
    process = start_parent()._process.pid
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
