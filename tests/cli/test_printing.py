"""Tables line up, JSON stays JSON, and a bar shows only where somebody looks."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from workbench.cli.printing import print_json, print_table, progress, records


def test_numbers_stand_to_the_right_and_words_to_the_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_table(["table", "rows", "share"], [["trust", 1, "5%"], ["schools", 1400, "100%"]])
    assert capsys.readouterr().out.splitlines() == [
        "table    rows  share",
        "trust       1     5%",
        "schools  1400   100%",
    ]


def test_a_table_without_rows_is_its_headings(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["table", "rows"], [])
    assert capsys.readouterr().out == "table  rows\n"


def test_what_json_does_not_know_becomes_plain(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(
        {"nan": float("nan"), "path": Path("a"), "day": dt.date(2026, 9, 1), "of": (1, True)}
    )
    assert json.loads(capsys.readouterr().out) == {
        "nan": None,
        "path": "a",
        "day": "2026-09-01",
        "of": [1, True],
    }


def test_blanks_of_a_frame_become_null() -> None:
    frame = pd.DataFrame({"name": ["A", None], "pupils": [1.0, float("nan")]})
    assert records(frame) == [{"name": "A", "pupils": 1.0}, {"name": None, "pupils": None}]


def test_progress_is_silent_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Working", 2) as bar:
        bar(1)
        bar(1, 2)
    assert capsys.readouterr() == ("", "")


def test_progress_shows_on_a_terminal_only_on_stderr(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress("Working", 1) as bar:
        bar(1)
    out, err = capsys.readouterr()
    assert out == ""
    assert "Working" in err


def test_progress_of_things_says_how_many_how_fast_and_what_failed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with progress("Writing", each="reports") as bar:
        bar(1, 3)
        bar(1, 3, failed=True)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", capsys.readouterr().err)
    assert re.search(r"Writing .* 2/3 [\d.]+ reports a minute, 1 failed \d:\d\d:\d\d", shown)
