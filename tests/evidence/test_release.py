"""What the board pack needs before it exists, what is in it, and what is noticed afterwards."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path

import pytest

from tests.evidence.signed import FIRST, PERSON, SECOND, copied, small_run, small_trust
from workbench.errors import BadInput
from workbench.evidence.assure import Signing, assure, withdraw
from workbench.evidence.release import (
    RECORD,
    RECORD_IN_PACK,
    Verdict,
    check_release,
    release,
)
from workbench.evidence.run_file import Run, read_run

NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
SIGNING = Signing("R&D lead", "Director of standards")
SMALL = (
    "<table><thead><tr><th>School</th><th>Answers</th></tr></thead>"
    "<tbody><tr><td>Elsewhere</td><td>4</td></tr></tbody></table>"
)


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    return small_trust(tmp_path / "trust")


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drafts")
    small_run(folder / "run", small_trust(folder / "trust"))
    return folder


@pytest.fixture(scope="module")
def signed(drafts: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signed") / "copy"
    assure(copied(drafts, folder).folder, SIGNING, now=NOW)
    return folder


@pytest.fixture
def draft(drafts: Path, tmp_path: Path) -> Run:
    return copied(drafts, tmp_path / "draft")


@pytest.fixture
def run(signed: Path, tmp_path: Path) -> Run:
    return copied(signed, tmp_path / "signed")


def released(folder: Path, **options: object) -> Verdict:
    return release(
        folder, released_by="Chief executive", checked_by="Governance lead", now=NOW,
        **options,  # type: ignore[arg-type]
    )  # fmt: skip


def test_the_pack_holds_the_reports_an_index_and_the_record(run: Run) -> None:
    verdict = released(run.folder)
    assert verdict.findings == ()
    assert verdict.pack is not None
    assert verdict.pack.name == "2026-12-09_board-pack_UID90001.zip"
    with zipfile.ZipFile(verdict.pack) as pack:
        names = set(pack.namelist())
        record = json.loads(pack.read(RECORD_IN_PACK))
    assert {f"{FIRST}.html", f"{SECOND}.xlsx", "index.html", RECORD_IN_PACK} <= names
    assert not any(name.endswith(".ipynb") for name in names)
    assert set(record["scanned"]) == names - {RECORD_IN_PACK}
    assert (record["released_by"], record["checked_by"]) == ("Chief executive", "Governance lead")
    assert record["findings"] == 0
    assert "fewer than 10" in record["policy"]
    assert read_run(run.folder).released == verdict.pack.name
    assert check_release(run.folder) == ()


def test_the_same_files_make_the_same_pack(run: Run) -> None:
    first = released(run.folder).pack
    assert first is not None
    bytes_then = first.read_bytes()
    second = released(run.folder).pack
    assert second is not None
    assert second.read_bytes() == bytes_then
    assert len(json.loads((run.folder / RECORD).read_text(encoding="utf-8"))["releases"]) == 2


def test_drafts_are_not_released(draft: Run) -> None:
    with pytest.raises(BadInput, match="2 reports not assured"):
        released(draft.folder)


def test_what_only_the_record_calls_signed_is_a_draft(draft: Run) -> None:
    file = draft.folder / "run.json"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"assured": ""', '"assured": "Somebody"'), encoding="utf-8")
    with pytest.raises(BadInput, match="not assured"):
        released(draft.folder)


def test_nothing_found_may_leave(tmp_path: Path, trust: Path) -> None:
    planted = small_run(tmp_path / "planted", trust, f"<p>Led by {PERSON}</p>{SMALL}")
    assure(planted.folder, SIGNING)
    verdict = released(planted.folder)
    assert {one.file for one in verdict.findings} == {
        f"{FIRST}.{e}" for e in ("html", "pdf", "xlsx")
    }
    assert verdict.pack is None
    assert not list(planted.folder.glob("*board-pack*"))
    assert not (planted.folder / RECORD).exists()


def test_a_number_may_be_accepted_with_a_reason_and_a_name_may_not(
    tmp_path: Path, trust: Path
) -> None:
    planted = small_run(tmp_path / "planted", trust, SMALL)
    assure(planted.folder, SIGNING)
    found = released(planted.folder).findings
    reasons = {one.key: "Answers of schools, not people." for one in found}
    verdict = released(planted.folder, accept=reasons)
    assert verdict.record is not None
    assert {one.key for one in verdict.record.accepted} == set(reasons)
    named = small_run(tmp_path / "named", trust, f"<p>Led by {PERSON}</p>")
    assure(named.folder, SIGNING)
    key = released(named.folder).findings[0].key
    with pytest.raises(BadInput, match="cannot be accepted"):
        released(named.folder, accept={key: "We know them."})


def test_releasing_and_checking_are_two_roles(run: Run) -> None:
    with pytest.raises(BadInput, match="are both"):
        release(run.folder, released_by="Chief executive", checked_by="chief  Executive")


def test_what_changes_after_the_release_is_noticed(run: Run) -> None:
    pack = released(run.folder).pack
    assert pack is not None
    page = run.folder / f"{FIRST}.html"
    page.write_text(page.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert check_release(run.folder) == (f"{FIRST}.html was changed after the release",)
    pack.write_bytes(pack.read_bytes() + b" ")
    assert len(check_release(run.folder)) == 2


def test_a_withdrawn_report_is_released_no_longer(run: Run) -> None:
    released(run.folder)
    withdraw(run.folder, "Director of standards", reports=(FIRST,))
    assert read_run(run.folder).released == ""
    assert f"{FIRST}.html was changed after the release" in check_release(run.folder)
    with pytest.raises(BadInput, match="1 report not assured"):
        released(run.folder)


def test_only_the_reports_in_the_pack_are_called_released(run: Run) -> None:
    released(run.folder, reports=(FIRST,))
    assert read_run(run.folder).in_pack == (FIRST,)
    index = (run.folder / "index.html").read_text(encoding="utf-8")
    assert index.count('data-status="released complete"') == 1


def test_only_what_was_released_can_be_checked(run: Run) -> None:
    with pytest.raises(BadInput, match="not been released"):
        check_release(run.folder)
