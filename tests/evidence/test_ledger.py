"""The ledger keeps the last word on each report, whole or not at all."""

from __future__ import annotations

import datetime as dt
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.errors import BadInput, RunFailed
from workbench.evidence.ledger import (
    Entry,
    Head,
    Request,
    add_report,
    begin_run,
    begin_session,
    end_session,
    names_of,
    open_ledger,
    planned_in,
    read_entries,
    read_head,
    read_sources,
    seconds_of,
)
from workbench.evidence.names import LEDGER
from workbench.evidence.run_file import Files, Paper
from workbench.evidence.sources import Sources

AT = dt.datetime(2026, 11, 25, 9, 30, tzinfo=dt.UTC)
HEAD = Head(
    made=AT,
    uid=90001,
    trust='Alder\'s "Trust"; drop table reports',
    folder="somewhere",
    as_of=dt.date(2026, 10, 31),
    request=Request((900001,), ("steady",), None, Paper(dt.date(2026, 12, 9), "For decision")),
)
FIRST = Entry(
    session=1,
    stem="a",
    kind="school",
    key="900001",
    name="Alder Primary",
    notebook="school_review",
    parameters={"urn": 900001, "share": 0.5, "strict": True, "name": "01"},
    given="0" * 64,
    why="new",
    complete=True,
    headline="It is well",
    message="",
    cell=None,
    seconds=1.5,
    files=Files(html="a.html", csv=("data/a/x.csv",)),
    artefacts={"a.html": "1" * 64, "data/a/x.csv": "2" * 64},
    engine="fork",
)
SIZES = {"a.html": 1, "data/a/x.csv": 2}
SOURCES = Sources(
    {"schools.csv": "3"}, {"model.yaml": "4"}, {"workbench/a.py": "5"}, {"numpy": "2"}
)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    with open_ledger(tmp_path) as ledger:
        begin_run(ledger, HEAD)
        assert begin_session(ledger, AT, SOURCES, version="1", planned=2) == 1
    return tmp_path


def test_what_was_written_is_read_back(run: Path) -> None:
    with open_ledger(run) as ledger:
        add_report(ledger, FIRST, SIZES)
        end_session(ledger, 1, 2.5)
    with open_ledger(run, to_read=True) as ledger:
        assert read_head(ledger) == HEAD
        (entry,) = read_entries(ledger).values()
        assert replace(entry, at="") == FIRST
        assert dt.datetime.fromisoformat(entry.at).tzinfo is not None
        assert read_sources(ledger, 1) == SOURCES
        assert (planned_in(ledger), seconds_of(ledger)) == (2, 2.5)


def test_a_ledger_begun_before_engines_were_written_down_is_gone_on_with(run: Path) -> None:
    with open_ledger(run) as ledger:
        add_report(ledger, FIRST, SIZES)
        ledger.execute("alter table reports drop column engine")
    with open_ledger(run, to_read=True) as ledger:
        assert [one.engine for one in read_entries(ledger).values()] == [""]
    with open_ledger(run) as ledger:
        add_report(ledger, replace(FIRST, stem="b", engine="warm"), SIZES)
        assert [one.engine for one in read_entries(ledger).values()] == ["", "warm"]


def test_the_last_word_counts_and_the_first_keeps_its_place(run: Path) -> None:
    with open_ledger(run) as ledger:
        add_report(ledger, replace(FIRST, complete=False, message="no memory"), SIZES)
        add_report(ledger, replace(FIRST, stem="b"), SIZES)
        add_report(ledger, replace(FIRST, files=Files(), artefacts={}), {})
        entries = read_entries(ledger)
        assert list(entries) == ["a", "b"]
        assert (entries["a"].complete, dict(entries["a"].artefacts)) == (True, {})
        assert names_of(ledger, "a") == {"a.html", "data/a/x.csv"}


def test_a_report_whose_files_cannot_be_written_down_is_not_there(run: Path) -> None:
    with pytest.raises(KeyError, match=r"data/a/x\.csv"), open_ledger(run) as ledger:
        add_report(ledger, FIRST, {"a.html": 1})
    with open_ledger(run, to_read=True) as ledger:
        assert read_entries(ledger) == {}


@pytest.mark.parametrize("to_read", [False, True])
@pytest.mark.parametrize("fault", [ValueError("mine"), KeyError("mine"), TypeError("mine")])
def test_what_goes_wrong_elsewhere_while_it_is_open_is_no_fault_of_the_ledger(
    run: Path, fault: Exception, to_read: bool
) -> None:
    with pytest.raises(type(fault), match="mine"), open_ledger(run, to_read=to_read):
        raise fault


@pytest.mark.parametrize(
    "harm",
    [
        "update run set request = '{'",
        "update run set made = 'yesterday'",
        "update run set request = '{}'",
        "update sources set kind = 'others'",
        "update reports set files = '[]'",
        "update reports set parameters = 'x'",
        "update sessions set planned = 'many'",
    ],
)
def test_what_makes_no_sense_in_a_ledger_is_told_of_in_words(run: Path, harm: str) -> None:
    with open_ledger(run) as ledger:
        add_report(ledger, FIRST, SIZES)
        ledger.execute(harm)
        ledger.commit()
    with pytest.raises(BadInput, match="ledger of this run cannot be read"):
        read_whole(run)


def read_whole(run: Path) -> None:
    with open_ledger(run, to_read=True) as ledger:
        read_head(ledger)
        read_entries(ledger)
        read_sources(ledger, 1)
        planned_in(ledger)


def test_reading_changes_nothing(run: Path) -> None:
    before = (run / LEDGER).read_bytes()
    with open_ledger(run, to_read=True) as ledger:
        read_head(ledger)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            end_session(ledger, 1, 1.0)
    assert (run / LEDGER).read_bytes() == before
    assert [path.name for path in run.iterdir()] == [LEDGER]


def die_within_a_row(run: Path) -> None:
    """Leave what a runner leaves that is killed while the database is half-written."""
    writer = (
        "import os, signal, sqlite3, sys\n"
        "ledger = sqlite3.connect(sys.argv[1])\n"
        "ledger.execute('pragma cache_size = 1')\n"
        "ledger.execute('begin immediate')\n"
        "ledger.execute('update run set trust = ?', ('half-written',))\n"
        "for n in range(400):\n"
        "    row = (9, str(n), 'x' * 1000, '')\n"
        "    ledger.execute('insert into sources values (?, ?, ?, ?)', row)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", writer, str(run / LEDGER)], check=False)
    assert (run / f"{LEDGER}-journal").is_file()
    assert b"half-written" in (run / LEDGER).read_bytes()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no process can be killed at once")
def test_what_a_killed_runner_had_half_written_is_taken_back_by_whoever_reads_next(
    run: Path,
) -> None:
    die_within_a_row(run)
    with open_ledger(run, to_read=True) as ledger:
        assert read_head(ledger) == HEAD
    assert b"half-written" not in (run / LEDGER).read_bytes()
    assert [path.name for path in run.iterdir()] == [LEDGER]


def test_a_row_that_finds_no_room_is_a_failure_with_a_way_out_and_no_fault_of_the_ledger(
    run: Path,
) -> None:
    def fill() -> None:
        with open_ledger(run) as ledger:
            ledger.execute("pragma max_page_count = 1")  # as many as it has, at the least
            for _ in range(200):
                add_report(ledger, FIRST, SIZES)

    with pytest.raises(RunFailed, match="cannot be written: database or disk is full") as failed:
        fill()
    assert "the same command goes on" in str(failed.value)
    with open_ledger(run, to_read=True) as ledger:
        assert read_head(ledger) == HEAD


@pytest.mark.parametrize("content", [None, b"", b"not a ledger" * 100])
def test_a_ledger_that_is_none_is_refused_in_words(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / LEDGER).write_bytes(content)
    with (
        pytest.raises(BadInput, match="ledger of this run cannot be read"),
        open_ledger(tmp_path, to_read=True) as ledger,
    ):
        read_head(ledger)


@pytest.mark.parametrize("journal", [b"", bytes(512), bytes(4096)])
def test_a_journal_that_was_begun_and_not_used_is_taken_away(run: Path, journal: bytes) -> None:
    """SQLite leaves it; a run that was sealed with it would be called touched for ever."""
    left = run / f"{LEDGER}-journal"
    left.write_bytes(journal)
    with open_ledger(run, to_read=True) as ledger:
        assert read_head(ledger) == HEAD
    assert not left.exists()


def test_the_journal_of_a_runner_at_work_is_left_to_it(run: Path) -> None:
    with open_ledger(run) as ledger:
        ledger.execute("begin immediate")
        ledger.execute("update run set trust = 'half'")
        left = run / f"{LEDGER}-journal"
        assert left.exists()
        with open_ledger(run, to_read=True) as other:
            assert read_head(other) == HEAD
        assert left.exists()
        ledger.rollback()
