"""How fast notebooks are run: by papermill in three ways, and by the workbench's engines.

Run by `python -m benchmarks.runs [--quick]`; needs a quiet machine, and takes about a quarter of an
hour there; exits with 1 where a target is not met. Every way runs one 12-cell notebook of 3 tables
and 3 figures, each time with another seed, in one sitting; the ways take turns. A machine that
others share is faster in one minute than in the next, so a ratio is taken within each round, and of
the rounds the middle one counts. Some also make the page and the PDF: three commands one after
another, and the workbench's worker. Dask has turns of its own beside the command, after the others:
a cluster that only waits takes a tenth of a core. Last, all reviews of the demo trust are made by
the command, cold: with workbook, data, results, ledger, index and seal, which the other ways do
without.

Papermill is given a virtual environment of its own with only what it and the notebook need, made
once below `outputs/bench/`: in the workbench's it starts slower. The cells alone are timed in a
process forked from one that has imported what they need, on one core, with nothing around them:
with two jobs no way can be faster than half of that.

`--quick` tries a few of the ways once, with papermill as it is installed here: whether it works.

Written to `outputs/bench/runs.json`, or to `runs-quick.json`:

    machine       cores, load (what was running, on average over the minute before), python
    seconds       a notebook, of each way, in each round
    ratios        the papermill command over each way, and the three commands over the worker's
    by_round      the same ratios, round by round
    costs         of the reference and of a school's review, what `benchmarks.costs` measures
    batch         reports of a whole batch, its seconds, and seconds a report
    targets       each target: what, value, target, met
"""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import Any

import nbformat
from distributed import Client, LocalCluster

from benchmarks.clean import clean_python
from benchmarks.costs import Case, costs
from benchmarks.measure import by_round
from benchmarks.stock import Stock
from benchmarks.table import print_rows
from workbench import paths
from workbench.evidence.engines.engine import Choice
from workbench.evidence.engines.leases import end_parent, share_parent
from workbench.evidence.execute import execute
from workbench.evidence.kernel import use_own_kernel
from workbench.evidence.worker import start_worker
from workbench.report.exporter import ReportExporter
from workbench.report.pdf import pdf_of

REFERENCE = paths.home() / "benchmarks" / "reference.ipynb"
SEEDS = tuple({"seed": seed} for seed in range(1, 6))
OF_REFERENCE = Case(REFERENCE, {}, SEEDS)
OF_SCHOOL = Case(
    paths.notebooks() / "school_review.ipynb",
    {"trust_dir": "data/demo"},
    tuple({"trust_dir": "data/demo", "urn": urn} for urn in range(900001, 900006)),
)
COMMAND, THREE = "papermill command", "three commands"
BESIDE_DASK, ON_DASK = "papermill command, beside Dask", "fork, on two Dask workers"
PAGES = "fork, 2 at once, page and PDF"
_exporters: list[ReportExporter] = []
_seeds = count()
Figures = dict[str, Any]
Way = Callable[[int], object]


@dataclass(frozen=True)
class Extent:
    """How much is measured.

    Attributes:
        rounds: How often each way takes its turn.
        notebooks: How many each way runs at a turn; a way that is not named is left out.
        costs: The notebooks whose costs are measured, by name.
        clean: Whether papermill is given an environment of its own.
        batch: Whether a whole batch is made too.
        name: The file written.
    """

    rounds: int
    notebooks: Mapping[str, int]
    costs: Mapping[str, Case]
    clean: bool
    batch: bool
    name: str


FULL = Extent(
    rounds=5,
    notebooks={
        COMMAND: 3, "papermill loop": 6, "papermill pool of 2": 6, THREE: 2,
        "warm, 1 at once": 6, "warm, 2 at once": 12, "fork, 1 at once": 8, "fork, 2 at once": 16,
        "page and PDF, 1 at once": 6, PAGES: 12, BESIDE_DASK: 3, ON_DASK: 16,
    },
    costs={"reference": OF_REFERENCE, "school_review": OF_SCHOOL},
    clean=True,
    batch=True,
    name="runs.json",
)  # fmt: skip
QUICK = Extent(
    rounds=1,
    notebooks={
        COMMAND: 1, "warm, 1 at once": 1, "fork, 1 at once": 1, "page and PDF, 1 at once": 1,
    },
    costs={"reference": OF_REFERENCE},
    clean=False,
    batch=False,
    name="runs-quick.json",
)  # fmt: skip


def main() -> None:
    """Measure, print and write the figures."""
    quick = "--quick" in sys.argv[1:]
    figures = measured(QUICK if quick else FULL)
    print_figures(figures)
    sys.exit(0 if quick or all(one["met"] for one in figures["targets"]) else 1)


def measured(extent: Extent) -> Figures:
    """Return the figures, written as JSON too."""
    figures: Figures = {"machine": machine()}
    with tempfile.TemporaryDirectory() as name, ExitStack() as started:
        folder = Path(name)
        say("papermill's environment")
        python = clean_python() if extent.clean else Path(sys.executable)
        use_own_kernel(folder / "kernel")
        started.callback(end_parent)
        stock = Stock(python, REFERENCE, folder)
        with ExitStack() as pools:
            figures["seconds"] = seconds(ways_of(extent, stock, folder, pools), extent)
        if ON_DASK in extent.notebooks:
            figures["seconds"] |= seconds_on_dask(extent, stock, folder)
        figures["ratios"] = ratios(figures["seconds"])
        figures["by_round"] = ratios_by_round(figures["seconds"])
        figures["costs"] = {}
        for what, case in extent.costs.items():
            say(f"what {what} costs")
            figures["costs"][what] = costs(case, extent.rounds, folder)
        if extent.batch:
            say("a whole batch")
            figures["batch"] = whole_batch(folder)
    figures["targets"] = targets(figures)
    path = paths.outputs() / "bench" / extent.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures


def machine() -> Figures:
    """Return what the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
    }


def ways_of(extent: Extent, stock: Stock, folder: Path, started: ExitStack) -> dict[str, Way]:
    """Return each way without Dask that is measured, its workers started, everything imported."""
    ways: dict[str, Way] = {
        COMMAND: stock.commands,
        "papermill loop": stock.loop,
        "papermill pool of 2": stock.pool,
        THREE: stock.three_commands,
        "warm, 1 at once": partial(one_by_one, partial(one_notebook, folder, "warm")),
        "fork, 1 at once": partial(one_by_one, partial(one_notebook, folder, "fork")),
        "page and PDF, 1 at once": partial(one_by_one, partial(one_report, folder)),
    }
    one_report(folder, 0)
    if any("2 at once" in name for name in extent.notebooks):
        say("two workers")
        pool = started.enter_context(two_workers(folder))
        ways |= {
            "warm, 2 at once": partial(pooled, pool, partial(one_notebook, folder, "warm")),
            "fork, 2 at once": partial(pooled, pool, partial(one_notebook, folder, "fork")),
            PAGES: partial(pooled, pool, partial(one_report, folder)),
        }
    return {name: ways[name] for name in extent.notebooks if name in ways}


def seconds_on_dask(extent: Extent, stock: Stock, folder: Path) -> dict[str, list[float]]:
    """Return the seconds a notebook on Dask, and of the command while its cluster is up."""
    say("two workers of Dask")
    with two_dask_workers(folder) as client:
        on_cluster = partial(on_dask, client, folder)
        ways: dict[str, Way] = {BESIDE_DASK: stock.commands, ON_DASK: on_cluster}
        return seconds(ways, extent)


def seconds(ways: Mapping[str, Way], extent: Extent) -> dict[str, list[float]]:
    """Return the seconds a notebook of each way in each round, by the clock on the wall."""
    works = {name: partial(_turn, name, way, extent) for name, way in ways.items()}
    taken = by_round(works, extent.rounds, lambda text: say(text[:12]), time.perf_counter)
    return {
        name: [round(value / extent.notebooks[name], 4) for value in each]
        for name, each in taken.items()
    }


def _turn(name: str, way: Way, extent: Extent) -> None:
    began = time.perf_counter()
    way(extent.notebooks[name])
    say(f"  {name}: {(time.perf_counter() - began) / extent.notebooks[name]:.3f} s a notebook")


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def two_workers(folder: Path) -> Iterator[ProcessPoolExecutor]:
    """Start two worker processes that share a parent, have imported all and used it once."""
    context = multiprocessing.get_context("spawn")
    with share_parent() as parent:
        begin = partial(start_worker, folder, parent=parent)
        with ProcessPoolExecutor(2, context, begin) as pool:
            pooled(pool, partial(one_report, folder), 4)
            yield pool


@contextmanager
def two_dask_workers(folder: Path) -> Iterator[Client]:
    """Start a cluster of two workers, each with a parent of its own, on this machine."""
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        client.run(start_worker, folder)
        on_dask(client, folder, 4)
        yield client
        client.run(end_parent)


def one_by_one(run: Callable[[int], object], notebooks: int) -> None:
    """Run notebooks one after another."""
    for number in _fresh(notebooks):
        run(number)


def pooled(pool: ProcessPoolExecutor, run: Callable[[int], object], notebooks: int) -> None:
    """Run notebooks in a pool."""
    list(pool.map(run, _fresh(notebooks)))


def on_dask(client: Client, folder: Path, notebooks: int) -> None:
    """Run notebooks as tasks of Dask."""
    run = partial(one_notebook, folder, "fork")
    client.gather(client.map(run, _fresh(notebooks), pure=False))


def _fresh(notebooks: int) -> list[int]:
    """Return seeds not used before: what sets pages remembers those that it has set."""
    return list(islice(_seeds, notebooks))


def one_notebook(folder: Path, engine: Choice, number: int) -> None:
    """Run a notebook as a worker does."""
    done = execute(REFERENCE, {"seed": number}, scratch=folder, engine=engine)
    nbformat.write(done, folder / f"{engine}-{os.getpid()}-{number}.ipynb")


def one_report(folder: Path, number: int) -> None:
    """Run a notebook and make its page and its PDF, as a worker does."""
    done = execute(REFERENCE, {"seed": number}, scratch=folder, engine="fork")
    stem = folder / f"report-{os.getpid()}-{number}"
    nbformat.write(done, stem.with_suffix(".ipynb"))
    if not _exporters:
        _exporters.append(ReportExporter())
    page, _ = _exporters[0].from_notebook_node(done)
    stem.with_suffix(".html").write_text(page, encoding="utf-8")
    stem.with_suffix(".pdf").write_bytes(pdf_of(page))


def whole_batch(folder: Path) -> Figures:
    """Return how long the command takes to make all reviews of the demo trust on two workers.

    Raises:
        CalledProcessError: A report failed.
    """
    given = ("report", "data/demo", "--scenarios", "none", "--jobs", "2", "--json")
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "workbench", *given, "--out", str(folder / "outputs")],
        cwd=paths.home(), check=True, capture_output=True, text=True,
    )  # fmt: skip
    seconds_taken = time.perf_counter() - began
    reports = int(json.loads(done.stdout)["complete"])
    return {
        "reports": reports,
        "seconds": round(seconds_taken, 2),
        "seconds_a_report": round(seconds_taken / reports, 3),
    }


def ratios(each: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return how many times as fast as its stock counterpart each way is, in the middle round."""
    return {name: round(median(found), 2) for name, found in ratios_by_round(each).items()}


def ratios_by_round(each: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Return how many times as fast as its stock counterpart each way was, round by round."""
    against = {name: THREE if "PDF" in name else COMMAND for name in each}
    against |= {ON_DASK: BESIDE_DASK}
    return {
        name: [
            round(theirs / ours, 2) for theirs, ours in zip(each[stock], each[name], strict=True)
        ]
        for name, stock in against.items()
        if name in each and stock in each and name not in {COMMAND, THREE, BESIDE_DASK}
    }


def targets(figures: Figures) -> list[Figures]:
    """Return each target whose figure was measured, with its value and whether it is met."""
    ratio, cost = figures["ratios"], figures["costs"]
    school, reference = cost.get("school_review", {}), cost.get("reference", {})
    least = (
        ("warm, 1 at once, over the command", ratio.get("warm, 1 at once"), 2.0),
        ("warm, 2 at once, over the command", ratio.get("warm, 2 at once"), 5.0),
        ("fork, 2 at once, over the command", ratio.get("fork, 2 at once"), 9.0),
        ("page and PDF over three commands", ratio.get(PAGES), 15.0),
    )
    most = (
        ("school, fork: seconds beyond cells", school.get("beyond_fork"), 0.15),
        ("school, fork in a batch", school.get("beyond_fork_in_a_batch"), 0.15),
        ("school, warm: seconds beyond cells", school.get("beyond_warm"), 0.65),
        ("school, warm in a batch", school.get("beyond_warm_in_a_batch"), 0.65),
        ("school: seconds of page and PDF", school.get("page_and_pdf"), 0.25),
        ("school: private memory, MB", school.get("megabytes"), 150.0),
        ("reference: private memory, MB", reference.get("megabytes"), 150.0),
    )
    rows = [
        *((what, value, aim, value is not None and value >= aim) for what, value, aim in least),
        *((what, value, aim, value is not None and value <= aim) for what, value, aim in most),
    ]
    return [
        {"what": what, "value": value, "target": aim, "met": met}
        for what, value, aim, met in rows
        if value is not None
    ]


def print_figures(figures: Figures) -> None:
    """Print every figure, and each target with whether it is met."""
    print(f"\nMeasured on: {', '.join(f'{k} {v}' for k, v in figures['machine'].items())}")
    print(f"{'Way':34}{'seconds a notebook':>20}{'times as fast':>16}{'least':>8}{'most':>8}")
    for name, values in figures["seconds"].items():
        found = figures["by_round"].get(name)
        times = f"{median(found):>16.2f}{min(found):>8.2f}{max(found):>8.2f}" if found else ""
        print(f"{name:34}{median(values):>20.3f}{times}")
    for what, each in figures["costs"].items():
        print(f"\n{what + ', processor seconds':34}")
        for name, value in each.items():
            if name != "rounds":
                found = [row[name] for row in each["rounds"] if name in row]
                spread = f"{min(found):>24.3f}{max(found):>8.3f}" if found else ""
                print(f"  {name.replace('_', ' '):32}{value:>20.3f}{spread}")
    if "batch" in figures:
        print("\nThe command, cold, two workers, everything a run is made of:")
        print(
            "  {reports} reports in {seconds} s, {seconds_a_report} s each".format(
                **figures["batch"]
            )
        )
    print_rows(figures["targets"])


if __name__ == "__main__":
    main()
