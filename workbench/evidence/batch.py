"""Run a batch: every report of a plan, several at once, each whole or absent, then the index."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

from workbench import paths
from workbench.errors import BadInput
from workbench.evidence.plan import Part, plan, slug
from workbench.evidence.provenance import Inputs, inputs_of
from workbench.evidence.store import STAGING, close_run, new_run, point_latest, publish
from workbench.evidence.worker import PartResult, failed_part, run_part, start_worker
from workbench.report.found_left_out import left_out
from workbench.report.index import Row, index_page
from workbench.trust.load import read_trust

Progress = Callable[[PartResult, int, int], None]
INDEX = "index.html"


@dataclass(frozen=True)
class BatchResult:
    """What a batch left behind.

    Attributes:
        folder: The run's folder.
        index: Its index page.
        results: One for each part, in the order of the plan.
        seconds: Time from start to index.
    """

    folder: Path
    index: Path
    results: tuple[PartResult, ...]
    seconds: float = field(compare=False)

    @property
    def complete(self) -> tuple[PartResult, ...]:
        """The parts whose report is whole."""
        return tuple(result for result in self.results if result.complete)

    @property
    def failed(self) -> tuple[PartResult, ...]:
        """The parts that have no report."""
        return tuple(result for result in self.results if not result.complete)

    @property
    def exit_code(self) -> int:
        """0 where every report is whole, else 1."""
        return 1 if self.failed else 0


def run_batch(
    trust_dir: Path,
    *,
    schools: Sequence[int] | None = None,
    scenarios: Sequence[str] | None = None,
    trust_review: bool | None = None,
    out: Path | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> BatchResult:
    """Make reports of a trust's schools and scenarios in a new run folder.

    Args:
        trust_dir: The trust's folder of tables.
        schools: URNs to review; every school where None.
        scenarios: Names of scenarios to report; every scenario where None.
        trust_review: Whether to review the trust; as `plan` has it where None.
        out: The folder that holds runs; the workbench's `outputs` where None.
        jobs: Notebooks run at once; the number of processors where None.
        progress: Called after each report with its result, how many are done, and of how many.

    Raises:
        BadInput: The trust, a school, a scenario or a parameter cannot be used; nothing was run.
    """
    began = time.perf_counter()
    if jobs is not None and jobs < 1:
        raise BadInput(f"jobs = {jobs}", rule="at least one notebook runs at a time")
    trust = read_trust(trust_dir)
    parts = plan(trust, schools=schools, scenarios=scenarios, trust_review=trust_review)
    started = dt.datetime.now(dt.UTC)
    inputs = inputs_of(trust, started)
    outputs = (out or paths.outputs()).resolve()
    run = new_run(outputs, slug(trust.name), started)
    try:
        found: dict[str, PartResult] = {}
        for result in _results(parts, run, inputs, min(jobs or _processors(), len(parts))):
            found[result.part.stem] = result
            if progress is not None:
                progress(result, len(found), len(parts))
        results = tuple(found[part.stem] for part in parts)
        page = index_page(
            map(_row, results),
            trust=trust.name,
            as_of=trust.as_of,
            made=started,
            left_out=left_out(trust),
        )
        index = publish(run, INDEX, page)
    finally:
        close_run(run)
    point_latest(outputs, run)
    return BatchResult(run, index, results, time.perf_counter() - began)


def _results(
    parts: Sequence[Part], run: Path, inputs: Inputs, workers: int
) -> Iterator[PartResult]:
    """Yield each part's result as it comes; a worker that dies costs only the part it had."""
    unfinished = yield from _pooled(parts, run, inputs, workers)
    for part in unfinished:
        # A dead worker takes its whole pool along: what was lost is run again, each part alone.
        if (yield from _pooled([part], run, inputs, 1)):
            yield PartResult(part, False, message="The process that ran it died twice.")


def _pooled(
    parts: Sequence[Part], run: Path, inputs: Inputs, workers: int
) -> Generator[PartResult, None, list[Part]]:
    """Yield results as they come, and return the parts that dead workers took along."""
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), start_worker, (run / STAGING,)
    )
    lost: list[Part] = []
    with pool:
        futures = {pool.submit(run_part, part, run, inputs): part for part in parts}
        try:
            for future in as_completed(futures):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    lost.append(futures[future])
                except Exception as fault:
                    yield failed_part(futures[future], fault)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return lost


def _row(result: PartResult) -> Row:
    return Row(
        kind=result.part.kind,
        key=result.part.key,
        name=result.part.name,
        page=result.files[0] if result.complete else None,
        notebook=result.files[-1] if result.files else None,
        headline=result.headline,
        message=result.message,
        cell=result.cell,
    )


def _processors() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
