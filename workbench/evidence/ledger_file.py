"""The file of a ledger: its tables, and what is done about one that was half-written or damaged."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from workbench.errors import BadInput, RunFailed
from workbench.evidence.names import LEDGER, SUMS

_ADDED = (
    ("reports", "engine", "text"),
    ("sessions", "engine", "text"),
    ("sessions", "cell_seconds", "integer"),
)
_SCHEMA = """
create table run (form integer, made text, uid integer, trust text, folder text, as_of text,
    request text);
create table sessions (id integer primary key, began text, version text, planned integer,
    ended text, seconds real, engine text, cell_seconds integer);
create table sources (session integer references sessions, kind text, name text, digest text,
    primary key (session, kind, name)) without rowid;
create table reports (id integer primary key, session integer references sessions, stem text,
    kind text, key text, name text, notebook text, parameters text, given text, why text,
    complete integer, headline text, message text, cell integer, seconds real, files text,
    at text, engine text);
create index reports_by_stem on reports (stem);
create table artefacts (report integer references reports, name text, sha256 text, bytes integer,
    primary key (report, name)) without rowid;
"""


def lay_out(connection: sqlite3.Connection) -> None:
    """Make the tables of a ledger that has none yet, and what one begun earlier lacks."""
    connection.execute("pragma synchronous = full")
    if not connection.execute("select count(*) from sqlite_master").fetchone()[0]:
        connection.executescript(f"begin; {_SCHEMA} commit;")
    _add_engine(connection)


def _add_engine(connection: sqlite3.Connection) -> None:
    """Give a ledger begun before engines were written down a place for them."""
    for table, column, kind in _ADDED:
        there = {row["name"] for row in connection.execute(f"pragma table_info({table})")}
        if column not in there:
            connection.execute(f"alter table {table} add column {column} {kind}")


def journal_of(run: Path) -> Path:
    """Return where SQLite keeps what it needs to take back a row that is half-written."""
    return run / f"{LEDGER}-journal"


def undo_half_written(run: Path) -> None:
    """Take back what a runner that was killed had written of a row, which no reader may do.

    A runner at work holds the database, and is left alone. So is a run with a seal, which goes
    before the ledger is written to: what lies beside its ledger was put there by somebody else.

    Args:
        run: The run's folder.
    """
    path = run / LEDGER
    if (run / SUMS).exists() or not journal_of(run).is_file():
        return
    with contextlib.suppress(sqlite3.DatabaseError):  # reading says what is wrong with it
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=0)
        try:
            connection.execute("begin exclusive")  # which plays back what was half-written
            # A journal that was begun and not used is left there: nothing stands in it.
            journal_of(run).unlink(missing_ok=True)
        finally:
            connection.close()


def unwritable(path: Path, fault: sqlite3.OperationalError) -> RunFailed:
    """Return what is said where a ledger cannot be written."""
    return RunFailed(
        f"the ledger of this run cannot be written: {fault}",
        where=str(path),
        rule="a report is made when the ledger says so",
        mend="make room on the disk, or let its folder be written to; the same command goes on",
    )


def unreadable(path: Path, why: str) -> BadInput:
    """Return what is said where a ledger cannot be read."""
    return BadInput(
        f"the ledger of this run cannot be read: {why}",
        where=str(path),
        rule="a run's ledger is written by the workbench and changed by nothing else",
        mend="begin a new run with `workbench report --new`",
    )
