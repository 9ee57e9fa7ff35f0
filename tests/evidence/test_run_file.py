"""The record of a run: read back as it was written, and refused clearly where it is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.runs import MADE, MEETING, TRUST_REVIEW, make_run
from workbench.errors import BadInput
from workbench.evidence.names import RUN_FILE
from workbench.evidence.run_file import Files, Run, read_run, record_of


@pytest.fixture
def run(tmp_path: Path) -> Run:
    made = make_run(tmp_path / "run")
    (made.folder / RUN_FILE).write_text(record_of(made), encoding="utf-8")
    return made


def test_a_record_is_read_back_as_it_was_written(run: Run) -> None:
    assert read_run(run.folder) == run
    assert read_run(run.folder / RUN_FILE) == run


def test_a_run_is_found_through_a_link(run: Run, tmp_path: Path) -> None:
    (tmp_path / "latest").symlink_to(run.folder, target_is_directory=True)
    assert read_run(tmp_path / "latest").folder == run.folder


def test_a_run_is_found_through_the_file_that_stands_for_a_link(run: Run, tmp_path: Path) -> None:
    (tmp_path / "latest").write_text(f"{run.folder.name}\n", encoding="utf-8")
    assert read_run(tmp_path / "latest") == run
    (tmp_path / "latest").write_text("gone\n", encoding="utf-8")
    with pytest.raises(BadInput, match="latest is not a run"):
        read_run(tmp_path / "latest")


def test_the_record_does_not_hold_its_own_place(run: Run) -> None:
    assert str(run.folder) not in record_of(run)


def test_files_bear_the_day_of_the_meeting_else_of_the_run(tmp_path: Path, run: Run) -> None:
    assert run.on == MEETING
    assert make_run(tmp_path / "other", meeting=None).on == MADE.date()


def test_a_part_is_replaced_by_its_stem(run: Run) -> None:
    signed = replace(run.part(TRUST_REVIEW), assured="Signed")
    changed = run.with_part(signed)
    assert [part.assured for part in changed.parts] == ["Signed", "", ""]
    with pytest.raises(BadInput, match="no report 'x'"):
        run.with_part(replace(signed, stem="x"))


def test_files_are_all_named(run: Run) -> None:
    assert len(list(run.parts[0].files)) == 5
    assert list(Files()) == []


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("{}")
    for path in (tmp_path, tmp_path / "absent", tmp_path / "other.json"):
        with pytest.raises(BadInput, match="is not a run"):
            read_run(path)


def _set(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda content: content.update(values)


def _set_part(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda content: content["parts"][0].update(values)


@pytest.mark.parametrize(
    "spoil",
    [
        _set(form=2),
        _set(made="yesterday"),
        _set(parts=None),
        _set(trust={"uid": 1}),
        _set_part(kind="pupil"),
        _set_part(surplus=1),
        _set_part(files={"html": "../../secret.html", "csv": []}),
        _set_part(files={"html": "/etc/passwd", "csv": []}),
        lambda content: content.pop("as_of"),
    ],
)
def test_a_damaged_record_is_refused(run: Run, spoil: Callable[[dict[str, Any]], None]) -> None:
    file = run.folder / RUN_FILE
    content = json.loads(file.read_text(encoding="utf-8"))
    spoil(content)
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BadInput, match="cannot be read"):
        read_run(run.folder)


@pytest.mark.parametrize("text", ["", "[]", "{", "3", '{"form": 1}'])
def test_a_record_that_is_no_record_is_refused(run: Run, text: str) -> None:
    (run.folder / RUN_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="cannot be read"):
        read_run(run.folder)
