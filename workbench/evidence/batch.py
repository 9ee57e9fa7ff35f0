"""Run a batch: every report of a plan, several at once, each whole or absent, then the index."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from workbench import __version__
from workbench.errors import BadInput
from workbench.evidence.disk import in_words, refuse_unusable
from workbench.evidence.engines.engine import Choice
from workbench.evidence.execute import CELL_SECONDS
from workbench.evidence.finish import finish_run
from workbench.evidence.going_on import record_of_before, refuse_unfit
from workbench.evidence.ledger import (
    Request,
    add_report,
    begin_run,
    begin_session,
    end_session,
    names_of,
    open_ledger,
    read_entries,
)
from workbench.evidence.lock import hold, hold_plan
from workbench.evidence.manifest import seal, unseal
from workbench.evidence.names import all_reports_name, slug
from workbench.evidence.plan import Part, placed
from workbench.evidence.pool import Workers, workers_of
from workbench.evidence.prepare import (
    Prepared,
    digest_of_plan,
    open_again,
    outputs_of,
    prepare,
    sweep_stages,
)
from workbench.evidence.provenance import inputs_of
from workbench.evidence.run_file import Files, Paper, Run
from workbench.evidence.store import close_run, new_run, point_latest
from workbench.evidence.strays import remove, remove_strays
from workbench.evidence.touched import finish_cut_short
from workbench.evidence.watch import Watch
from workbench.evidence.worker import How, PartResult
from workbench.evidence.written import all_of, entry_of, fail_changed, head_of, result_of, run_of
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
        why: Why each report that was made was made, by stem; those not in it stayed as they were.
    """

    run: Run
    index: Path
    results: tuple[PartResult, ...]
    seconds: float = field(compare=False)
    why: Mapping[str, str] = field(default_factory=dict)

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
    def kept(self) -> tuple[PartResult, ...]:
        """The parts whose report was there already, and stayed."""
        return tuple(one for one in self.complete if one.part.stem not in self.why)

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
    resume: Path | None = None,
    beside: bool = False,
    jobs: int | None = None,
    cell_seconds: int = CELL_SECONDS,
    engine: Choice = "auto",
    cluster: str | None = None,
    progress: Progress | None = None,
) -> BatchResult:
    """Make reports of a trust's schools and scenarios, in a new run folder or one begun before.

    Args:
        trust_dir: The trust's folder of tables.
        schools: URNs to review; every school where None.
        scenarios: Names of scenarios to report, or paths of their files; every scenario where None.
        trust_review: Whether to review the trust; as `plan` has it where None.
        paper: The meeting the reports are for, and what they say of themselves.
        with_notebooks: Whether the zip for e-mail holds the executed notebooks too.
        out: The folder that holds runs; the workbench's `outputs` where None.
        resume: A run to go on with: of it, only what is missing, failed or changed is made.
        beside: Whether to make them even where another runner is making the same.
        jobs: Notebooks run at once; the number of processors where None.
        cell_seconds: Longest time one cell of a notebook may take; its report failed if longer.
        engine: Whether notebooks' interpreters are forked or started; forked where that can be, by
            default.
        cluster: Address of a Dask scheduler whose workers run the notebooks; this machine where
            None.
        progress: Called after each report with its result, how many are done, and of how many.

    Raises:
        BadInput: The trust, a school, a scenario or a parameter cannot be used, no run can be kept
            where it is to be, the run to resume is another's or somebody is at work on it or on the
            same reports, or the cluster does not answer or would make other reports than this
            machine. Nothing was run, unless it is a worker that joined the cluster later.
        RunFailed: The cluster was lost, the disk is full or cannot be written, or there is no
            memory left; what was made until then is kept.
    """
    began = time.perf_counter()
    _refuse_wrong(jobs, cell_seconds, cluster)
    trust = read_trust(trust_dir)
    now = dt.datetime.now(dt.UTC)
    request = request_of(schools, scenarios, trust_review, paper, with_notebooks=with_notebooks)
    prepared = prepare(trust, request, resume=resume, now=now)
    outputs = outputs_of(out)
    if prepared.folder is None:
        refuse_unusable(outputs)
    with in_words(outputs):
        sweep_stages(outputs)
    how = How(engine, cell_seconds)
    kept_in = outputs if prepared.folder is None else prepared.folder.parent
    plan = digest_of_plan(trust, prepared.request)
    with (
        workers_of(trust.folder, prepared.sources, jobs, how, cluster) as workers,
        in_words(kept_in),
        hold_plan(kept_in, plan, beside=beside),
    ):
        folder = prepared.folder or new_run(outputs, slug(trust.name), now)
        with in_words(folder), hold(folder):
            if prepared.folder is not None:  # another runner may have been at work until now
                finish_cut_short(folder)
                prepared = prepare(trust, request, resume=folder)
                refuse_unfit(folder, prepared)
            # A cluster's workers were sent the tables; here, notebooks read them from the disk.
            watch = Watch(trust.folder, prepared.to_make, prepared.sources) if not cluster else None
            made = _make(
                folder, trust, prepared,
                now=now, how=how, workers=workers, watch=watch, progress=progress,
            )  # fmt: skip
    with in_words(folder.parent):
        point_latest(folder.parent, folder)
    run, index, results = made
    return BatchResult(run, index, results, time.perf_counter() - began, prepared.why)


def _refuse_wrong(jobs: int | None, cell_seconds: int, cluster: str | None) -> None:
    if jobs is not None and jobs < 1:
        raise BadInput(f"jobs = {jobs}", rule="at least one notebook runs at a time")
    if cell_seconds < 1:
        raise BadInput(f"cell_seconds = {cell_seconds}", rule="a cell has a second at least")
    if jobs is not None and cluster is not None:
        raise BadInput(
            f"jobs = {jobs} and a cluster",
            rule="a cluster runs as many notebooks at once as its workers have threads",
            mend="leave one of the two out",
        )


def request_of(
    schools: Sequence[int] | None,
    scenarios: Sequence[str] | None,
    trust_review: bool | None,
    paper: Paper | None,
    *,
    with_notebooks: bool = False,
) -> Request:
    """Return what is asked for as it is kept with a run: scenario files by their whole paths."""
    return Request(
        None if schools is None else tuple(schools),
        None if scenarios is None else tuple(map(placed, scenarios)),
        trust_review,
        paper or Paper(),
        with_notebooks,
    )


def _make(
    folder: Path,
    trust: Trust,
    prepared: Prepared,
    *,
    now: dt.datetime,
    how: How,
    workers: Workers,
    watch: Watch | None,
    progress: Progress | None,
) -> tuple[Run, Path, tuple[PartResult, ...]]:
    """Make what is to be made, each report written down as it is done, and finish the run."""
    began = time.perf_counter()
    stood = record_of_before(folder)
    inputs = inputs_of(trust, now, prepared.request.paper)
    parts = prepared.to_make
    found = {one.part.stem: result_of(one.part, one.kept) for one in prepared.planned if one.kept}
    open_again(folder)
    unseal(folder)
    try:
        with open_ledger(folder) as ledger:
            if prepared.folder is None:
                begin_run(ledger, head_of(trust, prepared))
            session = begin_session(
                ledger, now, prepared.sources,
                version=__version__, planned=len(prepared.planned),
                engine=how.engine, cell_seconds=how.cell_seconds,
            )  # fmt: skip
            _sweep_unvouched(folder, ledger, parts)
            # Closed before the run is let go, however that comes: no worker publishes afterwards.
            with contextlib.closing(workers(parts, folder, inputs)) as made:
                for done, answer in enumerate(made, start=1):
                    result = _trusted(folder, answer, watch) if watch else answer
                    entry = entry_of(session, result, prepared, folder)
                    sizes = {name: (folder / name).stat().st_size for name in entry.artefacts}
                    add_report(ledger, entry, sizes)
                    found[result.part.stem] = result
                    if progress is not None:
                        progress(result, done, len(parts))
            results = tuple(found[one.part.stem] for one in prepared.planned)
            signed = {part.stem for part in stood.parts if part.assured} if stood else set[str]()
            results = fail_changed(folder, ledger, session, results, signed)
            _sweep(folder, ledger, results)
            entries = read_entries(ledger)
            run = run_of(folder, trust, prepared, results, stood=stood, entries=entries)
            end_session(ledger, session, time.perf_counter() - began)
        index = finish_run(run, with_notebooks=prepared.request.with_notebooks)
        seal(run)
    finally:
        close_run(folder)
    return run, index, results


def _trusted(folder: Path, result: PartResult, watch: Watch) -> PartResult:
    """Return a result, failed where what it was made from may not be what is written down."""
    said = watch.doubt(result.part, result.seconds)
    if not said or not result.complete:
        return result
    remove(folder, all_of(result))
    return replace(result, complete=False, headline="", message=said, files=Files())


def _sweep(folder: Path, ledger: sqlite3.Connection, results: Sequence[PartResult]) -> None:
    """Remove what a report had before and has no longer, so that nothing old passes for new."""
    for result in results:
        remove(folder, names_of(ledger, result.part.stem) - set(all_of(result)))
        remove_strays(folder, result.part.stem, all_of(result))


def _sweep_unvouched(folder: Path, ledger: sqlite3.Connection, parts: Sequence[Part]) -> None:
    """Remove what a killed runner published of reports and did not write down."""
    entries = read_entries(ledger)
    for part in parts:
        kept = entries.get(part.stem)
        remove_strays(folder, part.stem, kept.artefacts if kept else ())
