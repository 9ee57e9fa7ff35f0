"""Modules stay short enough to be read, and free of one machine's paths."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.project.declared import ROOT

MOST_LINES = 400
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|Users|mnt)/\w")
UNFINISHED = re.compile(r"\b(?:T[O]DO|F[I]XME|X[X]X)\b")
WRITTEN_BY_HAND = (".py", ".md", ".yaml", ".yml", ".toml", ".ipynb", ".j2", ".css", ".html")


def code_files(root: Path) -> list[Path]:
    """Return the Python modules of the package, its tests and its benchmarks."""
    folders = ("workbench", "tests", "benchmarks")
    return sorted(path for folder in folders for path in (root / folder).rglob("*.py"))


def too_long(files: list[Path]) -> list[str]:
    """Return the modules over the limit, with their lengths."""
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    return [f"{file.name}: {length}" for file, length in lengths.items() if length > MOST_LINES]


def written_files(root: Path) -> list[Path]:
    """Return the files people write: code, words, parameters, notebooks."""
    folders = ("workbench", "tests", "benchmarks", "notebooks", "parameters", "docs", ".ci")
    inside = [path for folder in folders for path in (root / folder).rglob("*")]
    return sorted(
        path
        for path in [*inside, *root.iterdir()]
        if path.is_file() and (path.suffix in WRITTEN_BY_HAND or path.name == "Makefile")
    )


def test_no_module_is_over_the_limit() -> None:
    assert too_long(code_files(ROOT)) == []


def test_a_module_over_the_limit_is_seen(tmp_path: Path) -> None:
    (tmp_path / "workbench").mkdir()
    (tmp_path / "workbench" / "fits.py").write_text("x = 1\n" * MOST_LINES, encoding="utf-8")
    (tmp_path / "workbench" / "sprawls.py").write_text("x = 1\n" * 401, encoding="utf-8")
    assert too_long(code_files(tmp_path)) == ["sprawls.py: 401"]


def test_nothing_names_one_machine_or_is_left_unfinished() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in written_files(ROOT)}
    assert [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path, text in texts.items()
        for pattern in (MACHINE_PATH, UNFINISHED)
        for match in pattern.finditer(text)
    ] == []


@pytest.mark.parametrize("top", ["home", "root", "Users"])
def test_a_path_of_one_machine_is_seen(top: str) -> None:
    assert MACHINE_PATH.search(f"open('/{top}/someone/file')")
    assert not MACHINE_PATH.search(f"see docs/{top}/index.md and data/demo")


@pytest.mark.parametrize("word", ["todo", "fixme", "xxx"])
def test_unfinished_work_is_seen(word: str) -> None:
    assert UNFINISHED.search(f"# {word.upper()}: later")
    assert not UNFINISHED.search(f"{word}, mas{word.upper()}")
