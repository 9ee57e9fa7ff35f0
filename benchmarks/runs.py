"""How fast notebooks are run: by papermill in three ways, and by the workbench's engines.

Run by `python -m benchmarks.runs [notebooks [rounds]]`; needs a quiet machine. Every way runs one
12-cell notebook of 3 tables and 3 figures, each time with another seed, in one sitting; of the
rounds the best counts. The ways take turns. The last ways also make the page and the PDF: three
commands one after another, and the workbench's worker.

The cells alone are timed in a process that has already imported what they need, on one core, with
nothing around them: with two jobs no way can be faster than half of that.

Written to `outputs/bench/runs.json`:

    machine       cores, load (what was running, on average over the minute before), python
    notebooks     how many each way ran at a time
    seconds       a notebook, of each way
    ratios        the papermill command over each way, and the three commands over the worker's
    overhead      processor seconds a notebook beyond its cells, of the engines one at a time
    memory        private megabytes of a forked interpreter after the notebook's cells
    targets       each target: what, value, target, met
"""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import papermill

from benchmarks.measure import interleaved
from benchmarks.table import print_targets
from workbench import paths
from workbench.evidence.engines.engine import Choice, named
from workbench.evidence.engines.leases import end_parent, start_parent
from workbench.evidence.execute import execute
from workbench.evidence.kernel import use_own_kernel
from workbench.report.exporter import ReportExporter
from workbench.report.pdf import pdf_of

REFERENCE = paths.home() / "benchmarks" / "reference.ipynb"
NOTEBOOKS, ROUNDS = 8, 3
ENGINES: tuple[Choice, ...] = ("warm", "fork")
Figures = dict[str, Any]
_exporters: list[ReportExporter] = []


def main() -> None:
    """Measure, print and write the figures."""
    given = [int(one) for one in sys.argv[1:3]]
    notebooks, rounds = (*given, *(NOTEBOOKS, ROUNDS)[len(given) :])
    figures: Figures = {"machine": machine(), "notebooks": notebooks}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        use_own_kernel(folder / "kernel")
        figures |= measured(notebooks, rounds, folder)
    figures["targets"] = targets(figures)
    path = paths.outputs() / "bench" / "runs.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print_figures(figures)


def machine() -> Figures:
    """Return what the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
    }


def measured(notebooks: int, rounds: int, folder: Path) -> Figures:
    """Return seconds a notebook of every way, their ratios, overheads and memory."""
    context = multiprocessing.get_context("spawn")
    pools = {
        (engine, jobs): ProcessPoolExecutor(jobs, context, ready, (folder, engine))
        for engine in ENGINES
        for jobs in (1, 2)
    }
    for (_, jobs), pool in pools.items():  # import in every worker before anything is timed
        list(pool.map(partial(one_report, folder), range(2 * jobs)))
    ways: dict[str, Callable[[], object]] = {
        "papermill command": lambda: one_by_one(notebooks, partial(command, folder)),
        "papermill loop": lambda: one_by_one(notebooks, partial(by_papermill, folder, "kernel")),
        "papermill pool of 2": lambda: stock_pool(notebooks, folder),
        "three commands": lambda: one_by_one(notebooks, partial(three_commands, folder)),
    }
    for (engine, jobs), pool in pools.items():
        run = partial(one_notebook, folder, engine)
        ways[f"{engine}, {jobs} at once"] = partial(pooled, pool, run, notebooks)
    ways["fork, 2 at once, page and PDF"] = partial(
        pooled, pools["fork", 2], partial(one_report, folder), notebooks
    )
    taken = interleaved(ways, rounds, lambda text: print(text, file=sys.stderr), time.perf_counter)
    for pool in pools.values():
        pool.shutdown()
    each = {name: round(value / notebooks, 4) for name, value in taken.items()}
    each["cells alone"] = cells_alone()
    cost = {engine: processor_seconds(engine, notebooks, folder) for engine in ENGINES}
    return {
        "seconds": each,
        "ratios": ratios(each),
        "overhead": {name: round(value - each["cells alone"], 4) for name, value in cost.items()},
        "memory": private_memory(folder),
    }


def ratios(each: dict[str, float]) -> dict[str, float]:
    """Return how many times as fast as its stock counterpart each way is."""
    stock = {"fork, 2 at once, page and PDF": "three commands"}
    return {
        name: round(each[stock.get(name, "papermill command")] / value, 2)
        for name, value in each.items()
        if name not in {"papermill command", "three commands"}
    }


def one_by_one(notebooks: int, run: Callable[[int], object]) -> None:
    """Run notebooks one after another."""
    for number in range(notebooks):
        run(number)


def pooled(pool: ProcessPoolExecutor, run: Callable[[int], object], notebooks: int) -> None:
    """Run notebooks in a pool."""
    list(pool.map(run, range(notebooks)))


def stock_pool(notebooks: int, folder: Path) -> None:
    """Run notebooks as anyone would with papermill and a process pool, its start included."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, context) as pool:
        pooled(pool, partial(by_papermill, folder, "kernel"), notebooks)


def ready(folder: Path, engine: Choice) -> None:
    """Prepare a worker, as a batch does."""
    use_own_kernel(folder / "kernel")
    if engine != "kernel":
        start_parent()


def command(folder: Path, number: int) -> Path:
    """Run papermill's own command."""
    out = folder / f"command-{number}.ipynb"
    arguments = ["-m", "papermill", "--no-progress-bar", "-p", "seed", str(number)]
    _call(*arguments, str(REFERENCE), str(out))
    return out


def three_commands(folder: Path, number: int) -> None:
    """Run the notebook and make its page and its PDF with a command each."""
    out = command(folder, number)
    page = out.with_suffix(".html")
    _call("-m", "nbconvert", "--to", "html", "--log-level", "ERROR", str(out))
    _call("-m", "weasyprint", "--quiet", str(page), str(out.with_suffix(".pdf")))


def _call(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def by_papermill(folder: Path, engine: Choice, number: int) -> None:
    """Call papermill in this process."""
    papermill.execute_notebook(
        str(REFERENCE),
        str(folder / f"{engine}-{os.getpid()}-{number}.ipynb"),
        parameters={"seed": number},
        engine_name=None if engine == "kernel" else named(engine),
        progress_bar=False,
    )


def one_notebook(folder: Path, engine: Choice, number: int) -> None:
    """Run a notebook as a worker does."""
    done = execute(REFERENCE, {"seed": number}, scratch=folder, engine=engine)
    nbformat.write(done, folder / f"{engine}-{os.getpid()}-{number}.ipynb")


def one_report(folder: Path, number: int) -> None:
    """Run a notebook and make its page and its PDF, as a worker does."""
    done = execute(REFERENCE, {"seed": number}, scratch=folder)
    stem = folder / f"report-{os.getpid()}-{number}"
    nbformat.write(done, stem.with_suffix(".ipynb"))
    if not _exporters:
        _exporters.append(ReportExporter())
    page, _ = _exporters[0].from_notebook_node(done)
    stem.with_suffix(".html").write_text(page, encoding="utf-8")
    stem.with_suffix(".pdf").write_bytes(pdf_of(page))


_ALONE = """
import contextlib, io, time
import nbformat
from IPython.core.interactiveshell import InteractiveShell
from benchmarks.runs import REFERENCE
from workbench.evidence.engines.preload import preload

preload()
cells = [cell.source for cell in nbformat.read(REFERENCE, as_version=4).cells]
shell = InteractiveShell.instance()
shell.enable_matplotlib("inline")
taken = []
for _ in range(4):
    with contextlib.redirect_stdout(io.StringIO()):
        began = time.process_time()
        for cell in cells:
            shell.run_cell(cell).raise_error()
        taken.append(time.process_time() - began)
print(min(taken))
"""


def cells_alone() -> float:
    """Return the processor seconds of the cells alone, everything imported and nothing around."""
    said = subprocess.run(
        [sys.executable, "-c", _ALONE], check=True, capture_output=True, text=True, cwd=paths.home()
    )
    return round(float(said.stdout.split()[-1]), 4)


def processor_seconds(engine: Choice, notebooks: int, folder: Path) -> float:
    """Return the processor seconds a notebook, of this process and of all it has started.

    The parent's imports are left out: it is started and used before.
    """
    run = partial(one_notebook, folder, engine)
    run(0)
    began = _used(start_parent()._process.pid)
    one_by_one(notebooks, run)
    return (_used(start_parent()._process.pid) - began) / notebooks


def _used(parent: int) -> float:
    """Return processor seconds of this process, and of a parent process with its ended children."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    fields = Path(f"/proc/{parent}/stat").read_text().rsplit(")", 1)[1].split()
    ticks = sum(int(one) for one in fields[11:15])
    return own.ru_utime + own.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def private_memory(folder: Path) -> float:
    """Return the megabytes that a forked interpreter has to itself after its cells."""
    cells = nbformat.read(REFERENCE, as_version=4)
    code = (
        "print(sum(int(line.split()[1]) for line in open('/proc/self/smaps_rollup')"
        " if line.startswith('Private')) / 1e3)"
    )
    cells.cells.append(nbformat.v4.new_code_cell(code))
    path = folder / "memory.ipynb"
    nbformat.write(cells, path)
    done = execute(path, {}, scratch=folder, engine="fork")
    end_parent()
    return round(float(done.cells[-1].outputs[0].text), 1)


def targets(figures: Figures) -> list[Figures]:
    """Return each target with its value and whether it is met."""
    ratio, overhead = figures["ratios"], figures["overhead"]
    least = (
        ("warm, 1 at once, over the command", ratio["warm, 1 at once"], 2.0),
        ("warm, 2 at once, over the command", ratio["warm, 2 at once"], 5.0),
        ("fork, 2 at once, over the command", ratio["fork, 2 at once"], 9.0),
        ("page and PDF over three commands", ratio["fork, 2 at once, page and PDF"], 15.0),
    )
    most = (
        ("fork, seconds beyond the cells", overhead["fork"], 0.15),
        ("warm, seconds beyond the cells", overhead["warm"], 0.65),
        ("private memory of a fork, MB", figures["memory"], 150.0),
    )
    rows = [(*row, row[1] >= row[2]) for row in least] + [(*row, row[1] <= row[2]) for row in most]
    return [
        {"what": what, "value": value, "target": target, "met": met}
        for what, value, target, met in rows
    ]


def print_figures(figures: Figures) -> None:
    """Print every figure, and each target with whether it is met."""
    print(f"\nMeasured on: {', '.join(f'{k} {v}' for k, v in figures['machine'].items())}")
    print(f"{'Way':34}{'seconds a notebook':>20}{'times as fast':>16}")
    for name, value in figures["seconds"].items():
        print(f"{name:34}{value:>20.3f}{figures['ratios'].get(name, 1.0):>16.2f}")
    print_targets(figures["targets"])


if __name__ == "__main__":
    main()
