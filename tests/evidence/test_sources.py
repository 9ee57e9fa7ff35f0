"""What a run is made from is named the same however it is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.evidence import sources
from workbench.evidence.sources import Sources, changes, own_files, told


def install(folder: Path, name: str, metadata: str | None) -> None:
    (folder / name).mkdir()
    if metadata is not None:
        (folder / name / "METADATA").write_text(f"Metadata-Version: 2.1\n{metadata}\n")


def test_packages_go_by_one_spelling_and_what_has_no_name_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "Its_Own.Name-1.dist-info", "Name: Its_Own.Name\nVersion: 1")
    install(tmp_path, "half-2.dist-info", "Name: half")
    install(tmp_path, "gone-3.dist-info", None)
    monkeypatch.syspath_prepend(str(tmp_path))
    found = sources._environment()
    assert found["its-own-name"] == "1"
    assert found["half"] == "unknown"
    assert all(isinstance(one, str) for both in found.items() for one in both)
    assert "Python" in found


def test_a_package_that_was_spelt_otherwise_has_not_changed() -> None:
    then = Sources(environment={"Python": "3.11", "Its_Own.Name": "1", "other": "1"})
    now = Sources(environment={"Python": "3.11", "its-own-name": "1", "other": "2"})
    assert [(one.name, one.words) for one in changes(then, now)] == [("other", "was 1, and is 2")]


def test_what_a_notebook_is_told_names_no_place_on_a_disk_and_keeps_its_types() -> None:
    given = {"trust_dir": "/somewhere", "scenarios": "steady,/somewhere/five.yaml,b/a", "urn": 3}
    assert told(given) == {"scenarios": "steady,five.yaml,a", "urn": 3}
    assert told({"scenario": "/somewhere/five.yaml", "words": "a/b"}) == {
        "scenario": "five.yaml",
        "words": "a/b",
    }
    assert own_files(given) == ("/somewhere/five.yaml", "b/a")
