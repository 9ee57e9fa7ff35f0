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

from workbench import __version__, paths
from workbench.errors import BadInput
from workbench.evidence.finish import finish_run
from workbench.evidence.names import all_reports_name, slug
from workbench.evidence.plan import Part, plan
from workbench.evidence.provenance import Inputs, inputs_of
from workbench.evidence.run_file import Paper, Run, RunPart, RunTrust, digests
from workbench.evidence.store import STAGING, close_run, new_run, point_latest
from workbench.evidence.worker import PartResult, failed_part, run_part, start_worker
from workbench.report.found_left_out import left_out
from workbench.report.pdf import pdf_refusal
from workbench.trust.load import Trust, read_trust

Progress = Callable[[PartResult, int, int], None]


@dataclass(frozen=True)
class BatchResult:
    """What a batch left behind.

    Attributes:
        run: The run, as its record has it.
        index: Its index page.
        results: One for each part, in the order of the plan.
        seconds: Time from start to index.
    """

    run: Run
    index: Path
    results: tuple[PartResult, ...]
    seconds: float = field(compare=False)

    @property
    def folder(self) -> Path:
        """The run's folder."""
        return self.run.folder

    @property
    def zip(self) -> Path:
        """The zip of all reports, for e-mail."""
        return self.folder / all_reports_name(self.run.trust.uid, self.run.on)

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
    paper: Paper | None = None,
    with_notebooks: bool = False,
    out: Path | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> BatchResult:
    """Make reports of a trust's schools and scenarios in a new run folder.

    Args:
        trust_dir: The trust's folder of tables.
        schools: URNs to review; every school where None.
        scenarios: Names of scenarios to report, or paths of their files; every scenario where None.
        trust_review: Whether to review the trust; as `plan` has it where None.
        paper: The meeting the reports are for, and what they say of themselves.
        with_notebooks: Whether the zip for e-mail holds the executed notebooks too.
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
    started = dt.datetime.now(dt.UTC)
    inputs = inputs_of(trust, started, paper)
    parts = plan(
        trust,
        schools=schools,
        scenarios=scenarios,
        trust_review=trust_review,
        on=inputs.paper.meeting or started.date(),
    )
    outputs = (out or paths.outputs()).resolve()
    folder = new_run(outputs, slug(trust.name), started)
    try:
        found: dict[str, PartResult] = {}
        for result in _results(parts, folder, inputs, min(jobs or _processors(), len(parts))):
            found[result.part.stem] = result
            if progress is not None:
                progress(result, len(found), len(parts))
        results = tuple(found[part.stem] for part in parts)
        run = _run(folder, trust, inputs, results)
        index = finish_run(run, with_notebooks=with_notebooks)
    finally:
        close_run(folder)
    point_latest(outputs, folder)
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


def _run(folder: Path, trust: Trust, inputs: Inputs, results: Sequence[PartResult]) -> Run:
    """Return the record of a run whose reports are all made or failed."""
    return Run(
        folder=folder,
        made=inputs.started,
        version=__version__,
        trust=RunTrust(trust.uid, trust.name, str(trust.folder.resolve())),
        as_of=trust.as_of,
        paper=inputs.paper,
        parts=tuple(_part(folder, result) for result in results),
        left_out=tuple(left_out(trust)),
        without_pdf=pdf_refusal() or "",
    )


def _part(folder: Path, result: PartResult) -> RunPart:
    return RunPart(
        kind=result.part.kind,
        key=result.part.key,
        name=result.part.name,
        stem=result.part.stem,
        complete=result.complete,
        headline=result.headline,
        message=result.message,
        cell=result.cell,
        files=result.files,
        sha256=digests(folder, result.files),
    )


def _processors() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
