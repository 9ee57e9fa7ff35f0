"""What YAML files say is kept beside what runs write, and never outlives a change of its file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.errors import BadInput
from workbench.parameters import parsed
from workbench.parameters.parsed import yaml_as_json


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A parameter file of a workbench that is all its own."""
    file = tmp_path / "parameters" / "model.yaml"
    file.parent.mkdir()
    file.write_text("days: [1, 2]\nreview: 2027-09-01\n")
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    return file


def said(file: Path) -> object:
    """What a file says, as a process that has read nothing yet finds it."""
    yaml_as_json.cache_clear()
    return json.loads(yaml_as_json(file.read_text(), file))


def kept_of(file: Path) -> Path:
    """Where what a file of the folder of parameters says is kept."""
    return file.parent.parent / "outputs" / ".parsed" / f"{file.name}.json"


def no_parser(text: str, path: Path) -> str:
    """Stand in for the parser where nothing should be parsed."""
    raise AssertionError(f"{path} was parsed again")


def test_a_file_is_parsed_once(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = said(model)
    assert first == {"days": [1, 2], "review": "2027-09-01"}
    monkeypatch.setattr(parsed, "_parsed", no_parser)
    assert said(model) == first


def test_a_changed_file_is_parsed_afresh_and_replaces_what_was_kept(model: Path) -> None:
    said(model)
    model.write_text("days: 3\n")
    assert said(model) == {"days": 3}
    assert [file.name for file in kept_of(model).parent.iterdir()] == ["model.yaml.json"]


@pytest.mark.parametrize("damage", ["", "\n\n{}", "no lines", "\xff"])
def test_what_was_damaged_is_not_believed(model: Path, damage: str) -> None:
    whole = said(model)
    kept_of(model).write_text(damage, encoding="latin-1")
    assert said(model) == whole


def test_what_was_altered_is_not_believed(model: Path) -> None:
    whole = said(model)
    kept_of(model).write_text(kept_of(model).read_text().replace("[1, 2]", "[1, 3]"))
    assert said(model) == whole


def test_another_version_of_the_parser_reads_afresh(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(model)
    monkeypatch.setattr(parsed, "_parser", lambda: "another")
    monkeypatch.setattr(parsed, "_parsed", no_parser)
    with pytest.raises(AssertionError, match="parsed again"):
        said(model)


def test_files_elsewhere_are_not_kept(model: Path) -> None:
    beside = model.parent.parent / "model.yaml"
    beside.write_text("days: 4\n")
    assert said(beside) == {"days": 4}
    assert not (model.parent.parent / "outputs").exists()


def test_where_nothing_can_be_kept_files_are_read_all_the_same(model: Path) -> None:
    (model.parent.parent / "outputs").write_text("a file where the folder should be")
    assert said(model) == {"days": [1, 2], "review": "2027-09-01"}


def test_faults_are_said_every_time(model: Path) -> None:
    model.write_text("a: 1\nb: [\n")
    for _ in range(2):
        with pytest.raises(BadInput, match="not valid YAML") as caught:
            said(model)
        assert f"{model}, line 3" in str(caught.value)
    assert not kept_of(model).exists()
