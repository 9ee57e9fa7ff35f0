"""The ledger of a run: what was made, from what, by which files, written as each report is done.

One SQLite file in the run's folder. A report counts as made only once its row is here, and the row
is written in one transaction after the report's files have got their names: what a kill leaves
behind is either in the ledger or made again. Rows are only ever added.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from workbench.evidence.ledger_file import (
    journal_of,
    lay_out,
    undo_half_written,
    unreadable,
    unwritable,
)
from workbench.evidence.names import LEDGER, SUMS
from workbench.evidence.run_file import Files, Paper
from workbench.evidence.sources import GROUPS, Sources

FORM = 1
_LISTS = ("schools", "scenarios")


@dataclass(frozen=True)
class Request:
    """What a run was asked for.

    Attributes:
        schools: URNs to review; every school where None.
        scenarios: Scenarios to report; every scenario of the workbench where None.
        trust_review: Whether to review the trust; as the plan has it where None.
        paper: The meeting the reports are for.
        with_notebooks: Whether the zip for e-mail holds the executed notebooks.
    """

    schools: tuple[int, ...] | None = None
    scenarios: tuple[str, ...] | None = None
    trust_review: bool | None = None
    paper: Paper = field(default_factory=Paper)
    with_notebooks: bool = False


@dataclass(frozen=True)
class Head:
    """What a ledger says of its run as a whole.

    Attributes:
        made: When the run began (UTC).
        uid: The trust's UID.
        trust: The trust's name.
        folder: The trust's folder of tables.
        as_of: The day the trust's data describes.
        request: What was asked for.
    """

    made: dt.datetime
    uid: int
    trust: str
    folder: str
    as_of: dt.date
    request: Request


@dataclass(frozen=True)
class Entry:
    """The ledger's last word on one report.

    Attributes:
        session: The sitting that made it.
        stem: Name of its files without their endings.
        kind: What it is about.
        key: URN, UID or scenario.
        name: Whom or what it is about, for people.
        notebook: The notebook it was made by.
        parameters: What the notebook was given.
        given: Digest of what it was told, with the meeting.
        why: Why it was made.
        complete: Whether it is whole.
        headline: What it says, in a sentence.
        message: What went wrong.
        cell: The code cell that stopped it, counted from 1.
        seconds: Time it took.
        files: What there is of it.
        artefacts: SHA-256 of each of those files.
        at: When it was written down (UTC), in ISO form; set by the ledger.
        engine: The papermill engine its notebook was run by; empty where none was written down.
    """

    session: int
    stem: str
    kind: str
    key: str
    name: str
    notebook: str
    parameters: Mapping[str, Any]
    given: str
    why: str
    complete: bool
    headline: str
    message: str
    cell: int | None
    seconds: float
    files: Files
    artefacts: Mapping[str, str]
    at: str = ""
    engine: str = ""


@contextlib.contextmanager
def open_ledger(run: Path, *, to_read: bool = False) -> Iterator[sqlite3.Connection]:
    """Open a run's ledger, made where there is none yet.

    Args:
        run: The run's folder.
        to_read: Whether only to read it: it must be there, and stays as it is.

    Raises:
        BadInput: It is not there, is damaged, or was written in another form.
        RunFailed: It cannot be written, as where the disk is full.

    Other faults of whoever has opened it are not of the ledger, and stay what they are.
    """
    path = run / LEDGER
    if to_read and not path.is_file():
        raise unreadable(path, "it is not there")
    if to_read:
        undo_half_written(run)
    # Where it is sealed, a journal is somebody else's: what is sealed is read as it stands.
    alone = (run / SUMS).exists() and journal_of(run).exists()
    how = f"ro{'&immutable=1' * alone}" if to_read else "rwc"
    connection = None
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode={how}", uri=True)
        connection.row_factory = sqlite3.Row
        if not to_read:
            lay_out(connection)
        yield connection
    except sqlite3.OperationalError as fault:
        raise unreadable(path, str(fault)) if to_read else unwritable(path, fault) from fault
    except sqlite3.DatabaseError as fault:
        raise unreadable(path, f"{type(fault).__name__}: {fault}") from fault
    except _Unread as fault:
        raise unreadable(path, str(fault)) from fault.__cause__
    finally:
        if connection is not None:
            connection.close()


class _Unread(Exception):
    """What stands in a ledger makes no sense; `open_ledger` turns it into words."""


@contextlib.contextmanager
def _making_sense() -> Iterator[None]:
    """Tell what cannot be read from what is wrong with whoever reads it."""
    try:
        yield
    except (ValueError, KeyError, TypeError, IndexError) as fault:
        raise _Unread(f"{type(fault).__name__}: {fault}") from fault


def begin_run(ledger: sqlite3.Connection, head: Head) -> None:
    """Write what a run is, once."""
    with ledger:
        ledger.execute(
            "insert into run values (?, ?, ?, ?, ?, ?, ?)",
            (
                FORM,
                head.made.isoformat(),
                head.uid,
                head.trust,
                head.folder,
                head.as_of.isoformat(),
                _json(asdict(head.request)),
            ),
        )


def read_head(ledger: sqlite3.Connection) -> Head:
    """Return what a ledger says of its run as a whole.

    Raises:
        BadInput: The run was never begun, as `open_ledger` says.
    """
    with _making_sense():
        return _head(ledger)


def _head(ledger: sqlite3.Connection) -> Head:
    row = ledger.execute("select * from run").fetchone()
    if row is None:
        raise KeyError("the run was never begun")
    if row["form"] != FORM:
        raise KeyError(f"it has the form {row['form']}, not {FORM}")
    asked = json.loads(row["request"])
    meeting = asked["paper"]["meeting"]
    paper = Paper(**(asked["paper"] | {"meeting": meeting and dt.date.fromisoformat(meeting)}))
    listed = {n: v if v is None else tuple(v) for n, v in asked.items() if n in _LISTS}
    return Head(
        made=dt.datetime.fromisoformat(row["made"]),
        uid=int(row["uid"]),
        trust=str(row["trust"]),
        folder=str(row["folder"]),
        as_of=dt.date.fromisoformat(row["as_of"]),
        request=Request(**(asked | listed | {"paper": paper})),
    )


def begin_session(
    ledger: sqlite3.Connection,
    began: dt.datetime,
    sources: Sources,
    *,
    version: str,
    planned: int,
    engine: str = "",
    cell_seconds: int | None = None,
) -> int:
    """Write down that work on a run begins, and from what; return the number of the sitting.

    Args:
        ledger: The ledger.
        began: When (UTC).
        sources: What its reports are made from.
        version: Version of the workbench.
        planned: Reports the run is to have.
        engine: How its notebooks' interpreters come about, as it was asked for.
        cell_seconds: Longest time one cell of a notebook may take.
    """
    with ledger:
        row = ledger.execute(
            "insert into sessions (began, version, planned, engine, cell_seconds)"
            " values (?, ?, ?, ?, ?)",
            (began.isoformat(), version, planned, engine, cell_seconds),
        )
        session = int(row.lastrowid or 0)
        ledger.executemany(
            "insert into sources values (?, ?, ?, ?)",
            [
                (session, group, name, digest)
                for group in GROUPS
                for name, digest in sources.group(group).items()
            ],
        )
    return session


def end_session(ledger: sqlite3.Connection, session: int, seconds: float) -> None:
    """Write down that a sitting came to its end."""
    with ledger:
        ledger.execute(
            "update sessions set ended = ?, seconds = ? where id = ?",
            (dt.datetime.now(dt.UTC).isoformat(), seconds, session),
        )


def add_report(ledger: sqlite3.Connection, entry: Entry, sizes: Mapping[str, int]) -> None:
    """Write down one report with its files, in one transaction.

    Args:
        ledger: The ledger.
        entry: The report.
        sizes: Size of each of its files, in bytes.
    """
    with ledger:
        row = ledger.execute(
            "insert into reports (session, stem, kind, key, name, notebook, parameters, given, why,"
            " complete, headline, message, cell, seconds, files, at, engine)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.session, entry.stem, entry.kind, entry.key, entry.name, entry.notebook,
                _json(dict(entry.parameters)), entry.given, entry.why, int(entry.complete),
                entry.headline, entry.message, entry.cell, entry.seconds,
                _json(asdict(entry.files)), dt.datetime.now(dt.UTC).isoformat(), entry.engine,
            ),
        )  # fmt: skip
        ledger.executemany(
            "insert into artefacts values (?, ?, ?, ?)",
            [(row.lastrowid, n, sha, sizes[n]) for n, sha in entry.artefacts.items()],
        )


def read_entries(ledger: sqlite3.Connection) -> dict[str, Entry]:
    """Return the last word on each report, by its stem, in the order they were first made."""
    rows = ledger.execute(
        "select * from reports where id in (select max(id) from reports group by stem)"
        " order by (select min(id) from reports as first where first.stem = reports.stem)"
    ).fetchall()
    with _making_sense():
        return {str(row["stem"]): _entry(ledger, row) for row in rows}


def read_sources(ledger: sqlite3.Connection, session: int) -> Sources:
    """Return what the reports of a sitting were made from."""
    found: dict[str, dict[str, str]] = {group: {} for group in GROUPS}
    with _making_sense():
        for row in ledger.execute("select * from sources where session = ?", (session,)):
            found[row["kind"]][row["name"]] = row["digest"]
    return Sources(**found)


def asked_of(ledger: sqlite3.Connection, session: int) -> tuple[str, int | None]:
    """Return the engine and longest time of a cell of a sitting; empty and None where unknown."""
    row = ledger.execute("select * from sessions where id = ?", (session,)).fetchone()
    if row is None or "engine" not in row.keys():  # noqa: SIM118
        return "", None
    return str(row["engine"] or ""), row["cell_seconds"]


def names_of(ledger: sqlite3.Connection, stem: str) -> set[str]:
    """Return every file that a report ever had in the run's folder."""
    rows = ledger.execute(
        "select distinct artefacts.name from artefacts join reports on report = reports.id"
        " where stem = ?",
        (stem,),
    )
    return {str(row["name"]) for row in rows}


def seconds_of(ledger: sqlite3.Connection) -> float | None:
    """Return how long all sittings that came to their end took; None where none did."""
    total: float | None = ledger.execute("select sum(seconds) from sessions").fetchone()[0]
    return total


def planned_in(ledger: sqlite3.Connection) -> int:
    """Return how many reports the run is to have, by its last sitting; 0 where none began."""
    row = ledger.execute("select planned from sessions order by id desc limit 1").fetchone()
    with _making_sense():
        return int(row["planned"]) if row else 0


def _entry(ledger: sqlite3.Connection, row: sqlite3.Row) -> Entry:
    files = json.loads(row["files"])
    artefacts = ledger.execute("select name, sha256 from artefacts where report = ?", (row["id"],))
    kept = {one.name: row[one.name] for one in fields(Entry) if one.name in row.keys()}  # noqa: SIM118
    return Entry(
        **(
            kept
            | {
                "parameters": json.loads(row["parameters"]),
                "complete": bool(row["complete"]),
                "engine": str(kept.get("engine") or ""),
                "files": Files(**(files | {"csv": tuple(files["csv"])})),
                "artefacts": {one["name"]: one["sha256"] for one in artefacts},
            }
        )
    )


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, default=str)
