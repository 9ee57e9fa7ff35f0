"""A small trust with a run of two small reports, made without running anything."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import nbformat
import nbformat.v4 as nb
from nbformat import NotebookNode

from workbench import paths
from workbench.evidence.finish import finish_run
from workbench.evidence.publish import publish_report
from workbench.evidence.run_file import Paper, Run, RunPart, RunTrust, digests, read_run
from workbench.trust.digests import digest_of_tables

FIRST = "2026-12-09_school-review_URN900001_UID90001"
SECOND = "2026-12-09_trust-review_UID90001"
AS_OF = dt.date(2026, 10, 31)
PERSON = "Joanna Brandywine"


def small_trust(folder: Path) -> Path:
    """Write the demo trust's schools and people only, with a name among its people."""
    folder.mkdir()
    for name in ("trust", "schools", "people"):
        shutil.copy(paths.demo() / f"{name}.csv", folder)
    people = folder / "people.csv"
    text = people.read_text(encoding="utf-8")
    people.write_text(text.replace(",P001,", f",{PERSON},"), encoding="utf-8")
    return folder


def copied(base: Path, target: Path) -> Run:
    """Copy a folder that holds a trust and its run, for a test that may spoil either."""
    shutil.copytree(base, target)
    record = target / "run" / "run.json"
    text = record.read_text(encoding="utf-8")
    old, new = json.dumps(str(base / "trust")), json.dumps(str(target / "trust"))
    assert old in text
    record.write_text(text.replace(old, new), encoding="utf-8")
    return read_run(target / "run")


def executed(tables: str, body: str = "<p>All is well.</p>") -> NotebookNode:
    """Return a notebook as if it had run."""
    shown = f"<h1>Is it well?</h1>{body}"
    output = nb.new_output("display_data", {"text/html": shown})
    notebook: NotebookNode = nb.new_notebook(cells=[nb.new_code_cell("1", outputs=[output])])
    notebook.metadata["workbench"] = nbformat.from_dict(
        {"Notebook": "small.ipynb", "Digest of the data": tables[:16], "Checked by": "nobody yet"}
    )
    return notebook


def small_run(folder: Path, trust: Path, *bodies: str) -> Run:
    """Make a run of reports with these bodies, or of two with none."""
    folder.mkdir()
    tables = digest_of_tables(trust)
    parts = []
    for stem, body in zip((FIRST, SECOND), bodies or ("<p>One.</p>", "<p>Two.</p>"), strict=False):
        files = publish_report(folder, stem, executed(tables, body))
        kind, key = ("school", "900001") if stem == FIRST else ("trust", "90001")
        parts.append(
            RunPart(kind, key, stem, stem, True, files=files, sha256=digests(folder, files))  # type: ignore[arg-type]
        )
    run = Run(
        folder=folder.resolve(),
        made=dt.datetime(2026, 11, 25, tzinfo=dt.UTC),
        version="0",
        trust=RunTrust(90001, "Merrowfen Learning Trust", str(trust)),
        as_of=AS_OF,
        paper=Paper(dt.date(2026, 12, 9)),
        parts=tuple(parts),
    )
    finish_run(run)
    return run
