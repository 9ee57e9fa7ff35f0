"""Only what lies in a run's own folders is ever removed, and nothing that a link leads to."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.evidence.strays import files_of_report, remove, remove_strays


@pytest.fixture
def run(tmp_path: Path) -> Path:
    for name in ("a.html", "results/a.json", "data/a/x.csv", "data/a/y.csv", "data/b/x.csv"):
        (tmp_path / "run" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "run" / name).write_text(name, encoding="utf-8")
    return tmp_path / "run"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    for name in ("x.csv", "a/x.csv", "a.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("mine", encoding="utf-8")
    return folder


def all_in(folder: Path) -> set[str]:
    found = (one for one in folder.rglob("*") if one.is_symlink() or one.is_file())
    return {one.relative_to(folder).as_posix() for one in found}


def test_what_is_not_vouched_for_goes_and_nothing_else(run: Path) -> None:
    assert files_of_report(run, "a") == {"a.html", "results/a.json", "data/a/x.csv", "data/a/y.csv"}
    remove_strays(run, "a", {"a.html", "data/a/x.csv"})
    assert all_in(run) == {"a.html", "data/a/x.csv", "data/b/x.csv"}


@pytest.mark.parametrize(("link", "to"), [("data/a", ""), ("data", ""), ("results", "")])
def test_a_link_in_the_place_of_a_folder_goes_and_what_it_leads_to_stays(
    run: Path, elsewhere: Path, link: str, to: str
) -> None:
    (run / link).rename(run.parent / "aside")
    (run / link).symlink_to(elsewhere / to, target_is_directory=True)
    before = all_in(elsewhere)
    remove(run, ["data/a/x.csv", "results/a.json"])
    remove_strays(run, "a", ())
    assert all_in(elsewhere) == before
    assert not (run / link).is_symlink()


def test_a_link_in_the_place_of_a_file_goes_and_the_file_stays(run: Path, elsewhere: Path) -> None:
    for name in ("data/a/x.csv", "a.html"):
        (run / name).unlink()
        (run / name).symlink_to(elsewhere / "x.csv")
    (run / "a.pdf").symlink_to(elsewhere / "absent")
    remove_strays(run, "a", ())
    assert all_in(run) == {"data/b/x.csv"}
    assert (elsewhere / "x.csv").read_text(encoding="utf-8") == "mine"
