"""A finished run of three reports, written without running anything."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from workbench.evidence.run_file import Files, Paper, Run, RunPart, RunTrust, digests

MADE = dt.datetime(2026, 11, 25, 9, 30, 15, tzinfo=dt.UTC)
MEETING = dt.date(2026, 12, 9)
TRUST_REVIEW = "2026-12-09_trust-review_UID90001"


def make_run(folder: Path, *, meeting: dt.date | None = MEETING) -> Run:
    """Write the files of a run: a trust review, a scenario report, and a school that failed."""
    (folder / "notebooks").mkdir(parents=True)
    parts = (
        _whole(folder, "trust", "90001", "Alder Trust", TRUST_REVIEW),
        _whole(folder, "scenario", "steady", "Steady", "2026-12-09_growth_steady_UID90001"),
        _failed(folder),
    )
    return Run(
        folder=folder.resolve(),
        made=MADE,
        version="1.0.0",
        trust=RunTrust(90001, "Alder Trust", "/somewhere/alder"),
        as_of=dt.date(2026, 10, 31),
        paper=Paper(meeting, "For decision", "Official"),
        parts=parts,
        left_out=("1 of 3 schools.",),
    )


def _whole(folder: Path, kind: str, key: str, name: str, stem: str) -> RunPart:
    files = Files(
        html=f"{stem}.html",
        pdf=f"{stem}.pdf",
        xlsx=f"{stem}.xlsx",
        csv=(f"data/{stem}/fan.csv",),
        notebook=f"notebooks/{stem}.ipynb",
    )
    for place in files:
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(f"{place} of {name}", encoding="utf-8")
    return RunPart(
        kind="trust" if kind == "trust" else "scenario",
        key=key,
        name=name,
        stem=stem,
        complete=True,
        headline=f"{name} is well.",
        files=files,
        sha256=digests(folder, files),
    )


def _failed(folder: Path) -> RunPart:
    stem = "2026-12-09_school-review_URN900001_UID90001"
    files = Files(notebook=f"notebooks/failed_{stem}.ipynb")
    (folder / str(files.notebook)).write_text("{}", encoding="utf-8")
    return RunPart(
        kind="school",
        key="900001",
        name="Alder Primary",
        stem=stem,
        complete=False,
        message="no memory",
        cell=4,
        files=files,
        sha256=digests(folder, files),
    )
