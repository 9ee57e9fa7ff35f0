"""How long every trust of England takes: one machine's cores, and one and two workers on Dask.

Run by `make bench`; takes about five minutes on a quiet machine of two cores. Real published files
are used where there are any (`WORKBENCH_ENGLAND`), else a made-up country of as many trusts. Each
trust is simulated with 0 to 10 joining schools, 1,000 futures of each number.

Written to `outputs/bench/england.json`:

    machine   cores, load (what was running, on average over the minute before), system, versions
    country   source, trusts, schools
    command   all of it in a process of its own, files read and tables written: seconds by the
              clock on the wall, processor (seconds of it), megabytes at most
    dask      of so many trusts, seconds by the clock on the wall on 1 and on 2 workers of one
              thread; times, the one over the other; processor, the seconds of computing of the
              busiest worker, and shared_times, the one over the other: what two workers would be
              worth if nothing else ran; same_bytes, as on one machine's threads
    targets   each target: what, value, target, met
"""

from __future__ import annotations

import json
import os
import platform
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from distributed import LocalCluster

from benchmarks.measure import command
from benchmarks.table import QUIET, print_rows
from workbench import paths
from workbench.growth.cluster import over
from workbench.growth.ranges import Held, Piece, Ranges, Work
from workbench.parameters.scenario import read_scenario
from workbench.research.national_picture.cases import Cases, cases_of
from workbench.research.national_picture.country import read_country
from workbench.research.national_picture.made_up import made_up_country
from workbench.research.national_picture.picture import JOINERS, REPLICATES, SCENARIO
from workbench.research.national_picture.room import room_of
from workbench.scenario.answers import read_model, read_settings
from workbench.scenario.defaults import SEED

TRUSTS = 1_300  # of a made-up country
ON_DASK = 1_000  # trusts of one round on a cluster
ROUNDS = 2
WARM = 4  # trusts that are simulated before anything is timed
WORKERS = (1, 2)
SECONDS, MEGABYTES, TIMES = 180.0, 1_500.0, 1.7
Figures = dict[str, Any]
_MADE_UP = (
    "from pathlib import Path; import sys;"
    "from workbench.research.national_picture.made_up import made_up_country;"
    "from workbench.research.national_picture.picture import national_picture;"
    "from workbench.research.national_picture.keep import keep_picture;"
    f"keep_picture(national_picture(made_up_country({TRUSTS})), Path(sys.argv[1]))"
)


def say(what: str) -> None:
    """Print a line of progress."""
    print(f"  {time.strftime('%H:%M:%S')}  {what}", file=sys.stderr, flush=True)


def whole(folder: Path | None) -> Figures:
    """Time the command that a user types, once compiled, in a process of its own."""
    with tempfile.TemporaryDirectory() as target:
        to = str(Path(target) / "kept")
        arguments = [sys.executable, "-m", "workbench", "national", str(folder), "--to", to]
        if folder is None:
            arguments = [sys.executable, "-c", _MADE_UP, to]
        before = _children()
        seconds, megabytes = command(arguments, 1, paths.home())
    return {"seconds": seconds, "processor": _children() - before, "megabytes": megabytes}


def _children() -> float:
    """Return the processor's seconds that finished processes took."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def first_trusts(cases: Cases, count: int) -> Cases:
    """Return the first trusts of many, all schools kept."""
    return replace(cases, trusts=cases.trusts[:count], bounds=cases.bounds[: count + 1])


def measured(work: Work[Any, Any], held: Any, first: int, last: int) -> tuple[int, float, Any]:
    """Do some work, and say which process did it in how many seconds of its processor."""
    start = time.thread_time()
    piece = work(held, first, last)
    return os.getpid(), time.thread_time() - start, piece


def counted(ranges: Ranges, spent: dict[int, float]) -> Ranges:
    """Return ranges that add up the processor's seconds of each process that runs them."""

    def run(work: Work[Held, Piece], setting: Held, trajectories: int) -> Iterator[tuple[int, Any]]:
        for count, (process, seconds, piece) in ranges(
            partial(measured, work), setting, trajectories
        ):
            spent[process] += seconds
            yield count, piece

    return run


def on_dask(cases: Cases) -> Figures:
    """Time some trusts on one and on two workers, in turns, and compare with one machine."""
    near = room_of(cases)
    taken: dict[int, list[float]] = {count: [] for count in WORKERS}
    busiest: dict[int, list[float]] = {count: [] for count in WORKERS}
    same = True
    for _ in range(ROUNDS):
        for count in WORKERS:
            with (
                LocalCluster(
                    n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None
                ) as cluster,
                over(cluster.scheduler_address) as ranges,
            ):
                room_of(first_trusts(cases, WARM), ranges=ranges)  # reads what is compiled
                spent: dict[int, float] = defaultdict(float)
                start = time.perf_counter()
                far = room_of(cases, ranges=counted(ranges, spent))
                taken[count].append(time.perf_counter() - start)
            busiest[count].append(max(spent.values()))
            same &= far.curves.equals(near.curves) and far.broken.equals(near.broken)
            say(f"{count} on Dask: {taken[count][-1]:.1f} s, of computing {busiest[count][-1]:.1f}")
    seconds, computing = ({n: min(e) for n, e in each.items()} for each in (taken, busiest))
    return {
        "trusts": len(cases.trusts),
        "seconds": seconds,
        "times": seconds[1] / seconds[2],
        "processor": computing,
        "shared_times": computing[1] / computing[2],
        "same_bytes": same,
    }


def targets(figures: Figures) -> list[Figures]:
    """Hold the figures against what was aimed for."""
    took, dask = figures["command"], figures["dask"]
    rows = (
        ("seconds for every trust of England", took["seconds"], f"<= {SECONDS:g}",
         took["seconds"] <= SECONDS),
        ("megabytes for every trust of England", took["megabytes"], f"< {MEGABYTES:g}",
         took["megabytes"] < MEGABYTES),
        ("two Dask workers over one, times", dask["times"], f">= {TIMES:g}",
         dask["times"] >= TIMES),
        ("the same bytes on Dask (1: yes)", float(dask["same_bytes"]), ">= 1",
         dask["same_bytes"]),
    )  # fmt: skip
    return [
        {"what": what, "value": value, "target": target, "met": bool(met)}
        for what, value, target, met in rows
    ]


def machine() -> Figures:
    """Say on what the figures were measured."""
    packages = {name: version(name) for name in ("numpy", "numba", "distributed")}
    system = {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
    }
    return system | {"python": platform.python_version()} | packages


def show(figures: Figures) -> None:
    """Print the figures, and each target with whether it is met."""
    country, took, dask = figures["country"], figures["command"], figures["dask"]
    print(
        f"\nEvery trust: {country['trusts']} ({country['source']}), 0 to {JOINERS} joining schools,"
    )
    print(f"{REPLICATES} futures each; {took['processor']:.0f} s of the processor in all.")
    if figures["machine"]["load"] > QUIET:
        print("The machine was busy: what is timed by the clock on the wall is worth little;")
        print(f"by computing alone, two workers are {dask['shared_times']:.2f} times one.")
    print_rows(figures["targets"])


def main() -> None:
    """Measure, print and keep the figures."""
    measured_on = machine()  # before this adds to the load
    folder = paths.england()
    country = made_up_country(TRUSTS) if folder is None else read_country(folder)
    cases = cases_of(
        country, read_scenario(SCENARIO, paths.scenarios()), read_model(), read_settings(),
        joiners=JOINERS, replicates=REPLICATES, seed=SEED,
    )  # fmt: skip
    say("compiling, or reading what was compiled before")
    room_of(first_trusts(cases, WARM))
    say(f"all {len(cases.trusts)} trusts in a process of its own")
    took = whole(folder)
    figures: Figures = {
        "machine": measured_on,
        "country": {
            "source": country.source,
            "trusts": len(country.trusts),
            "schools": len(country.schools),
        },
        "command": took,
        "dask": on_dask(first_trusts(cases, min(ON_DASK, len(cases.trusts)))),
    }
    figures["targets"] = targets(figures)
    show(figures)
    target = paths.outputs() / "bench" / "england.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(f"\nwritten to {target.relative_to(paths.home())}")


if __name__ == "__main__":
    main()
