"""Verifying tells a touched file from changed tables, parameters, code, environment and results."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from tests.evidence.sealed import PACKAGE, Sealed, copy_of, make_sealed, seal_by_hand
from workbench.errors import BadInput, RunFailed
from workbench.evidence import sources
from workbench.evidence.batch import run_batch
from workbench.evidence.finish import finish_run
from workbench.evidence.ledger import Head, Request
from workbench.evidence.lock import hold
from workbench.evidence.manifest import seal, unseal
from workbench.evidence.prepare import sweep_stages
from workbench.evidence.run_file import digests, read_run
from workbench.evidence.store import STAGING, publish
from workbench.evidence.verify import EXIT_CODES, verify


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    return make_sealed(tmp_path_factory.mktemp("sealed"))


@pytest.fixture
def spoilt(sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sealed:
    """A copy that a test may spoil, in whose home it runs."""
    copied = copy_of(sealed, tmp_path)
    monkeypatch.setenv("WORKBENCH_HOME", str(copied.home))
    monkeypatch.setattr(sources, "_package", lambda: PACKAGE)
    return copied


def found(spoilt: Sealed) -> tuple[int, list[tuple[str, str]]]:
    """What differs beside the report that failed: that is no change, and decides where all is."""
    verified = verify(spoilt.run, trust=spoilt.trust)
    others: list[tuple[str, str]] = [
        (one.kind, one.name) for one in verified.differences if one.kind != "failed"
    ]
    failed = len(verified.differences) - len(others)
    if not others:
        assert (verified.exit_code, failed) in {(9, 1), (0, 0)}
    return verified.exit_code if others else 0, others


def test_a_run_that_nobody_touched_is_as_it_was(spoilt: Sealed) -> None:
    assert found(spoilt) == (0, [])


def test_the_common_tool_reads_the_seal_too(spoilt: Sealed) -> None:
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("needs sha256sum")
    check = [tool, "--check", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=spoilt.run, check=False).returncode == 0


def test_bytes_added_or_cut_and_files_gone_or_swapped_are_found_and_named(
    spoilt: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.evidence.verify._sources", lambda *_: iter(()))  # not of these
    harms: tuple[Callable[[bytes], bytes | None], ...] = (
        lambda whole: whole + b"x",
        lambda whole: whole + b"\n",
        lambda whole: whole[:-1],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: b"",
        lambda _: None,
    )
    for file in sorted(path for path in spoilt.run.rglob("*") if path.is_file()):
        name, whole = file.relative_to(spoilt.run).as_posix(), file.read_bytes()
        for number, harm in enumerate(harms):
            harmed = harm(whole)
            file.unlink() if harmed is None else file.write_bytes(harmed)
            assert found(spoilt) == (3, [("tampered", name)]), f"harm {number} to {name}"
            file.write_bytes(whole)
    for ending in ("*.html", "*.xlsx", "results/*.json", "notebooks/*.ipynb"):
        one, other = sorted(spoilt.run.glob(ending))[:2]
        first, second = one.read_bytes(), other.read_bytes()
        one.write_bytes(second)
        other.write_bytes(first)
        names = {("tampered", path.relative_to(spoilt.run).as_posix()) for path in (one, other)}
        code, differences = found(spoilt)
        assert (code, set(differences), len(differences)) == (3, names, 2)
        one.write_bytes(first)
        other.write_bytes(second)
    assert found(spoilt) == (0, [])


def test_files_that_went_or_came_are_named(spoilt: Sealed) -> None:
    index = spoilt.run / "index.html"
    index.unlink()
    planted = ["2026-12-09_school-review_URN900009_UID90001.html", ".lock/x", ".staging/y"]
    for name in planted:
        (spoilt.run / name).parent.mkdir(exist_ok=True)
        (spoilt.run / name).write_text("mine", encoding="utf-8")
    (spoilt.run / "elsewhere").symlink_to(spoilt.trust, target_is_directory=True)
    (spoilt.run / "nowhere").symlink_to(spoilt.trust / "absent")
    code, differences = found(spoilt)
    assert code == 3
    assert differences == [
        ("tampered", name) for name in ("index.html", *sorted([*planted, "elsewhere", "nowhere"]))
    ]


def test_a_link_is_no_file_of_a_run(spoilt: Sealed, tmp_path: Path) -> None:
    page = next(spoilt.run.glob("*growth*.html"))
    page.rename(tmp_path / "page.html")
    page.symlink_to(tmp_path / "page.html")
    assert found(spoilt) == (3, [("tampered", page.name)])


def test_what_a_killed_runner_left_staged_is_no_tampering(spoilt: Sealed) -> None:
    (spoilt.run / ".lock").write_text("process 1 since then\n", encoding="utf-8")
    (spoilt.run / STAGING).mkdir()
    (spoilt.run / STAGING / "half").write_text("ha", encoding="utf-8")
    verified = verify(spoilt.run, trust=spoilt.trust)
    assert [one.kind for one in verified.differences] == ["failed"]
    assert verified.added == (f"{STAGING}/half",)


def test_reports_that_failed_are_named(spoilt: Sealed) -> None:
    verified = verify(spoilt.run, trust=spoilt.trust)
    (one,) = verified.differences
    assert (verified.exit_code, one.kind) == (9, "failed")
    assert "URN900002" in one.name
    assert one.words == "has no report: no data for 900002"


def test_a_seal_that_somebody_took_away_is_missed(spoilt: Sealed) -> None:
    (spoilt.run / "SHA256SUMS").unlink()
    assert found(spoilt) == (3, [("tampered", "SHA256SUMS")])
    page = next(spoilt.run.glob("*growth*.html"))
    page.write_text("better", encoding="utf-8")
    (spoilt.run / "index.html").write_text("better", encoding="utf-8")
    code, differences = found(spoilt)
    assert code == 3
    names = {"SHA256SUMS", page.name, "index.html"}
    assert set(differences) == {("tampered", name) for name in names}


def test_in_a_run_that_never_came_to_its_end_files_are_compared_with_the_ledger(
    spoilt: Sealed,
) -> None:
    unseal(spoilt.run)
    page = next(spoilt.run.glob("*growth*.html"))
    page.write_text("half", encoding="utf-8")
    assert found(spoilt) == (9, [("unfinished", spoilt.run.name), ("unfinished", page.name)])


def test_a_trust_that_is_named_and_holds_no_tables_is_refused(
    spoilt: Sealed, tmp_path: Path
) -> None:
    for wrong in (tmp_path / "absent", tmp_path / "empty"):
        with pytest.raises(BadInput, match="holds no tables"):
            verify(spoilt.run, trust=wrong)
        (tmp_path / "empty").mkdir(exist_ok=True)


def test_whoever_changes_a_report_and_its_seal_is_betrayed_by_the_ledger(spoilt: Sealed) -> None:
    page = next(spoilt.run.glob("*school-review*.html"))
    page.write_text("better", encoding="utf-8")
    seal_by_hand(spoilt.run)
    assert found(spoilt) == (3, [("tampered", page.name)])


def test_changed_tables_are_named(spoilt: Sealed) -> None:
    with (spoilt.trust / "schools.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    (spoilt.trust / "extra.csv").write_text("a\n", encoding="utf-8")
    assert found(spoilt) == (4, [("tables", "extra.csv"), ("tables", "schools.csv")])


def test_changed_documents_and_the_table_of_england_are_named(spoilt: Sealed) -> None:
    document = next((spoilt.trust / "documents").glob("*.txt"))
    document.write_text("Ours.", encoding="utf-8")
    (spoilt.trust / "reference").mkdir(exist_ok=True)
    table = spoilt.trust / "reference" / "england_schools.parquet"
    table.write_bytes(b"other")
    names = [f"documents/{document.name}", "reference/england_schools.parquet"]
    assert found(spoilt) == (4, [("tables", name) for name in names])


def test_changed_words_of_a_notebook_are_named(spoilt: Sealed) -> None:
    path = spoilt.home / "notebooks" / "growth_scenario.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_markdown_cell("Ask who decides."))
    nbformat.write(notebook, path)
    assert found(spoilt) == (6, [("code", "notebooks/growth_scenario.ipynb")])


def test_tables_that_are_not_there_are_asked_for(
    spoilt: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(spoilt.trust)
    gone = Head(dt.datetime.now(dt.UTC), 1, "", str(spoilt.trust), dt.date(2026, 1, 1), Request())
    monkeypatch.setattr("workbench.evidence.verify.read_head", lambda _: gone)
    verified = verify(spoilt.run)
    assert verified.exit_code == 4
    assert ("tables", "trust") in [(one.kind, one.name) for one in verified.differences]


def test_changed_parameters_are_named(spoilt: Sealed) -> None:
    with (spoilt.home / "parameters" / "scenarios" / "steady.yaml").open("a") as file:
        file.write("# changed\n")
    assert found(spoilt) == (5, [("parameters", "scenarios/steady.yaml")])


def test_changed_code_is_named(spoilt: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    path = spoilt.home / "notebooks" / "growth_scenario.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source += "\n1"
    nbformat.write(notebook, path)
    name = "workbench/paths.py"
    monkeypatch.setattr(sources, "_package", lambda: PACKAGE | {name: "2"})
    code, differences = found(spoilt)
    assert code == 6
    assert set(differences) == {("code", "notebooks/growth_scenario.ipynb"), ("code", name)}


def test_another_environment_is_named(spoilt: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    there = sources._environment()
    monkeypatch.setattr(sources, "_environment", lambda: there | {"numpy": "0.1"})
    verified = verify(spoilt.run, trust=spoilt.trust)
    assert verified.exit_code == 7
    assert verified.differences[0].words == f"was {there['numpy']}, and is 0.1"


def test_the_lowest_of_several_decides(spoilt: Sealed) -> None:
    (spoilt.run / "index.html").unlink()
    (spoilt.trust / "schools.csv").unlink()
    code, differences = found(spoilt)
    assert code == 3
    assert [EXIT_CODES[kind] for kind, _ in differences] == [3, 4]  # type: ignore[index]


def test_a_run_that_never_came_to_its_end_is_unfinished(spoilt: Sealed) -> None:
    unseal(spoilt.run)
    assert found(spoilt) == (9, [("unfinished", spoilt.run.name)])


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not a run"):
        verify(tmp_path)
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadInput, match="before runs had ledgers"):
        verify(tmp_path)


def test_made_again_equal_results_are_equal_and_others_are_named(spoilt: Sealed) -> None:
    before = {path: path.read_bytes() for path in spoilt.run.rglob("*") if path.is_file()}
    changed = (("is well", "is ill"), ("take on 5", "close 3"), ("></svg>", "><path/></svg>"))
    for path in (spoilt.home / "notebooks").glob("*.ipynb"):
        for then, now in changed[: 3 if "review" in path.stem else 1]:
            assert then in path.read_text(encoding="utf-8")
            path.write_text(path.read_text(encoding="utf-8").replace(then, now), encoding="utf-8")
    verified = verify(spoilt.run, trust=spoilt.trust, rerun=True, jobs=1)
    assert verified.recomputed == 2
    results = [one.words for one in verified.differences if one.kind == "result"]
    assert sorted(one.removeprefix("came out otherwise: ") for one in results) == [
        "the picture of figure share", "the recorded headline", "the recorded headline",
        *(f"the words 'The trust should {then} schools.'" for then in ("close 3", "take on 5")),
    ]  # fmt: skip
    assert {path: path.read_bytes() for path in spoilt.run.rglob("*") if path.is_file()} == before


def test_results_that_were_changed_are_not_what_others_are_compared_with(spoilt: Sealed) -> None:
    results = next(spoilt.run.glob("results/*growth_steady*.json"))
    results.write_bytes(results.read_bytes().replace(b"It is well", b"It is ill "))
    verified = verify(spoilt.run, trust=spoilt.trust, rerun=True, jobs=1)
    (said,) = (one for one in verified.differences if one.kind == "result")
    assert said.words.endswith("compare with: they were changed after they were made")
    results.unlink()
    verified = verify(spoilt.run, trust=spoilt.trust, rerun=True, jobs=1)
    (said,) = (one for one in verified.differences if one.kind == "result")
    assert said.words == "has no results left to compare with"


def test_a_resumed_run_makes_what_changed_and_is_sealed_again(spoilt: Sealed) -> None:
    page = next(spoilt.run.glob("*growth*.html"))
    page.write_text("better", encoding="utf-8")
    review = spoilt.home / "notebooks" / "school_review.ipynb"
    notebook = nbformat.read(review, as_version=4)
    notebook.cells.pop()  # the cell that fails for one school
    nbformat.write(notebook, review)
    batch = run_batch(spoilt.trust, resume=spoilt.run, jobs=2)
    assert batch.exit_code == 0
    assert list(batch.why.values()) == [
        "the code changed: notebooks/school_review.ipynb",
        "it failed: no data for 900002",
        f"{page.name} was changed after it was made",
    ]
    assert not list(spoilt.run.glob("notebooks/failed_*"))
    assert found(spoilt) == (0, [])
    again = run_batch(spoilt.trust, resume=spoilt.run, jobs=2)
    assert (again.why, len(again.kept)) == ({}, 3)
    assert again.run == batch.run


def test_a_run_that_somebody_works_on_is_left_alone(spoilt: Sealed) -> None:
    before = {path: path.read_bytes() for path in spoilt.run.rglob("*") if path.is_file()}
    with hold(spoilt.run):
        with pytest.raises(BadInput, match="another runner is at work"):
            run_batch(spoilt.trust, resume=spoilt.run)
        with pytest.raises(BadInput, match="a runner is at work"):
            verify(spoilt.run)
    assert {path: path.read_bytes() for path in before} == before


def test_what_was_signed_is_not_made_again(spoilt: Sealed) -> None:
    run = read_run(spoilt.run)
    signed = run.with_part(replace(run.parts[2], assured="The director"))
    finish_run(signed)
    seal(signed)
    page = spoilt.run / str(run.parts[2].files.html)
    page.unlink()
    with pytest.raises(BadInput, match=r"is signed: .*growth_steady"):
        run_batch(spoilt.trust, resume=spoilt.run)
    assert not page.exists()


def test_signing_again_is_written_down_and_sealed(spoilt: Sealed) -> None:
    run = read_run(spoilt.run)
    part = run.parts[2]
    page = publish(spoilt.run, str(part.files.html), "signed")
    sha256 = digests(spoilt.run, part.files)
    signed = run.with_part(replace(part, assured="The director", sha256=sha256))
    finish_run(signed)
    with pytest.raises(RunFailed, match=f"record and ledger differ on {part.stem}"):
        seal(signed)
    seal(signed, published=[part.stem])
    assert found(spoilt) == (0, [])
    page.write_text("signed?", encoding="utf-8")
    assert found(spoilt) == (3, [("tampered", page.name)])


def test_only_the_run_of_the_same_trust_and_the_same_plan_is_gone_on_with(
    spoilt: Sealed, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="was asked for other reports"):
        run_batch(spoilt.trust, schools=[900003], scenarios=[], resume=spoilt.run)
    other = Path(shutil.copytree(spoilt.trust, tmp_path / "other"))
    table = other / "trust.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("90001", "90002"), encoding="utf-8")
    with pytest.raises(BadInput, match="the run is about"):
        run_batch(other, resume=spoilt.run)


def test_a_killed_runners_stage_is_swept_and_nobody_elses(spoilt: Sealed) -> None:
    stage = spoilt.run / STAGING
    (stage / "half-written").mkdir(parents=True)
    sweep_stages(spoilt.run.parent)
    assert stage.exists()  # finished: whoever signs it may be at work
    unseal(spoilt.run)
    with hold(spoilt.run):
        sweep_stages(spoilt.run.parent)
    assert stage.exists()
    sweep_stages(spoilt.run.parent)
    assert not stage.exists()


def test_the_manifest_describes_each_report_with_its_sources_and_files(spoilt: Sealed) -> None:
    crate = json.loads((spoilt.run / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    graph = {one["@id"]: one for one in crate["@graph"]}
    assert len(graph) == len(crate["@graph"])  # every identifier once
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert graph["./"]["conformsTo"] == {"@id": "https://w3id.org/ro/wfrun/process/0.5"}
    actions = [one for one in crate["@graph"] if one["@type"] == "CreateAction"]
    assert [one["actionStatus"]["@id"].rpartition("/")[2] for one in actions] == [
        "CompletedActionStatus", "FailedActionStatus", "CompletedActionStatus",
    ]  # fmt: skip
    for action in actions:
        for one in (action["instrument"], *action["object"], *action["result"]):
            assert one["@id"] in graph
        names = {graph[one["@id"]]["name"] for one in action["object"]}
        assert {"schools.csv", "model.yaml"} <= names
    assert str(spoilt.trust.parent) not in json.dumps(crate)
