"""Many real schools in one run: does memory stay flat, and how long would all of England take?

Run by `python -m benchmarks.many [schools [jobs]]`, with `WORKBENCH_ENGLAND` naming a folder of
published files; needs a quiet machine. That many academies, as published, are imported as if they
were one trust, and each has its school review made. Memory is the proportional share of
what is not a file's (`Pss_Anon`), so that what a forked interpreter shares with its parent counts
once, and what libraries share with other programs, which come and go, does not count.

Written to `outputs/bench/many.json`:

    schools, jobs, machine
    seconds       importing, making the reports, finishing the run (index, zip, seal)
    each          seconds a report while reports are made; the first and the last tenth apart
    memory        rows: reports made; megabytes of the runner, of what it started (workers, and the
                  parent that forks their notebooks), of the notebooks forked, and of all
    slope         megabytes each of them grows by in 100 reports, after the first fifth
    peak          most megabytes the runner ever had, before and after it finished the run
    size          megabytes of the run, of its index, its ledger and its zip
    england       hours for 22,000 schools at that rate, in trusts of this size
"""

from __future__ import annotations

import csv
import json
import os
import platform
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from workbench import paths
from workbench.evidence.batch import BatchResult, run_batch
from workbench.evidence.names import LEDGER
from workbench.evidence.pool import processors
from workbench.evidence.worker import PartResult
from workbench.trust.published import import_trust

SCHOOLS, ALL_SCHOOLS = 1000, 22_000
UID, NAME = 99999, "Any Schools"
LINKS = "grouplinks_*.csv"
ROWS = 10  # rows of memory at least, and one for each hundred reports
KINDS = ("runner", "workers", "notebooks", "all")
Figures = dict[str, Any]


def main() -> None:
    """Measure, print and write the figures."""
    given = [int(one) for one in sys.argv[1:3]]
    schools, jobs = (*given, *(SCHOOLS, processors())[len(given) :])
    source = Path(os.environ["WORKBENCH_ENGLAND"])
    with tempfile.TemporaryDirectory() as name:
        figures = measured(source, schools, jobs, Path(name))
    path = paths.outputs() / "bench" / "many.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print_figures(figures)


def measured(source: Path, schools: int, jobs: int, folder: Path) -> Figures:
    """Import, make the reports, and return the figures."""
    began = time.perf_counter()
    trust = one_trust(source, schools, folder)
    imported = time.perf_counter()
    watch = Watch(max(1, min(100, schools // ROWS)))
    batch = run_batch(
        trust, scenarios=[], trust_review=False, out=folder / "out", jobs=jobs, progress=watch.note
    )
    ended = time.perf_counter()
    made = watch.times[-1]
    return {
        "schools": len(batch.results),
        "failed": len(batch.failed),
        "jobs": jobs,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "seconds": {
            "importing": round(imported - began, 1),
            "making": round(made - imported, 1),
            "finishing": round(ended - made, 1),
        },
        "each": paces(watch.times),
        "memory": watch.rows,
        "slope": slopes(watch.rows),
        "peak": {"making": watch.peak, "finishing": peak()},
        "size": sizes(batch),
        "england": round(paces(watch.times)["all"] * ALL_SCHOOLS / 3600, 1),
    }


def one_trust(source: Path, schools: int, folder: Path) -> Path:
    """Import academies of many trusts as if they were one trust's.

    Args:
        source: The published files.
        schools: How many schools to take; those with the lowest URNs.
        folder: Where to put the files and the trust's folder.
    """
    published = folder / "published"
    latest = max(source.rglob(LINKS))
    for path in source.rglob("*"):
        if path.is_file() and path != latest:
            link = published / path.relative_to(source)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path.resolve())
    with latest.open(encoding="cp1252", newline="") as file:
        header, *rows = csv.reader(file)
    place = {name: number for number, name in enumerate(header)}
    trusts = [
        row for row in rows
        if row[place["Group Type"]] == "Multi-academy trust"
        and row[place["Group Status"]] == "Open"
        and row[place["Joined date"]]
    ]  # fmt: skip
    urns = sorted({int(row[place["URN"]]) for row in trusts})[:schools]
    for row in trusts:
        if int(row[place["URN"]]) in urns:
            row[place["Linked UID"]], row[place["Group Name"]] = str(UID), NAME
    with (published / latest.name).open("w", encoding="cp1252", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    target = folder / "trust"
    import_trust(UID, published, target)
    return target


class Watch:
    """What is noted of memory and time while reports are made."""

    def __init__(self, every: int) -> None:
        """Note memory after every so many reports."""
        self.every, self.peak = every, 0.0
        self.times = [time.perf_counter()]
        self.rows: list[Figures] = []

    def note(self, _: PartResult, done: int, total: int) -> None:
        """Note a report that has just been written down."""
        self.times.append(time.perf_counter())
        if done % self.every == 0 or done == total:
            self.rows.append({"reports": done, **memory(os.getpid())})
            self.peak = peak()
            print(json.dumps(self.rows[-1]), file=sys.stderr, flush=True)


def memory(runner: int) -> dict[str, float]:
    """Return the megabytes of a process, and of those it started, by what they are."""
    found = dict.fromkeys(KINDS, 0.0)
    found["runner"] = _share(runner)
    below = _children(runner)
    found["workers"] = sum(map(_share, below))
    while below := [child for process in below for child in _children(process)]:
        found["notebooks"] += sum(map(_share, below))
    found["all"] = sum(found.values())
    return {name: round(value, 1) for name, value in found.items()}


def _share(process: int) -> float:
    """Return a process's share of memory that is no file's, in megabytes; 0 of one that ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:")), 0) / 1e3


def _children(process: int) -> list[int]:
    found: list[int] = []
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += map(int, thread.read_text().split())
        except OSError:  # it ended meanwhile
            continue
    return found


def peak() -> float:
    """Return the most megabytes this process has ever had."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6, 1)


def paces(times: list[float]) -> dict[str, float]:
    """Return seconds a report, from the first that was done on."""
    tenth = max(1, (len(times) - 2) // 10)
    spans = {
        "all": times[1:],
        "first tenth": times[1 : tenth + 2],
        "last tenth": times[-tenth - 1 :],
    }
    return {
        name: round((span[-1] - span[0]) / max(1, len(span) - 1), 3) for name, span in spans.items()
    }


def slopes(rows: list[Figures]) -> dict[str, float]:
    """Return the megabytes by which each kind of process grows in 100 reports, by least squares."""
    late = rows[len(rows) // 5 :]
    if len(late) < 2:
        return {}
    reports = [row["reports"] for row in late]
    return {
        kind: round(float(np.polyfit(reports, [row[kind] for row in late], 1)[0]) * 100, 2)
        for kind in KINDS
    }


def sizes(batch: BatchResult) -> dict[str, float]:
    """Return megabytes of the run and of what stands over all its reports."""
    whole = sum(path.stat().st_size for path in batch.folder.rglob("*") if path.is_file())
    each = {"index": batch.index, "ledger": batch.folder / LEDGER, "zip": batch.zip}
    found = {name: path.stat().st_size for name, path in each.items()}
    return {name: round(size / 1e6, 2) for name, size in {"run": whole, **found}.items()}


def print_figures(figures: Figures) -> None:
    """Print every figure."""
    print(f"{'reports':>8}" + "".join(f"{kind:>12}" for kind in KINDS))
    for row in figures["memory"]:
        print(f"{row['reports']:>8}" + "".join(f"{row[kind]:>12.1f}" for kind in KINDS))
    for name in ("failed", "seconds", "each", "slope", "peak", "size", "england"):
        print(f"{name}: {figures[name]}")


if __name__ == "__main__":
    main()
