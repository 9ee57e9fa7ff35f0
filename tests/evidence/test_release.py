"""What the board pack needs before it exists, what is in it, and what is noticed afterwards."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path

import pytest

from tests.evidence.signed import FIRST, PERSON, SECOND, copied, small_run, small_trust
from workbench.errors import BadInput
from workbench.evidence.acts import Signing
from workbench.evidence.assurance_log import LOG
from workbench.evidence.assure import assure, withdraw
from workbench.evidence.lock import hold
from workbench.evidence.release import (
    RECORD_IN_PACK,
    Verdict,
    check_release,
    release,
)
from workbench.evidence.releases import RECORD
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
    name = "2026-12-09_board-pack_UID90001.zip"
    assert not (run.folder / name).exists()
    assert (run.folder / f"withdrawn_{name}").is_file()
    [release_] = json.loads((run.folder / RECORD).read_text(encoding="utf-8"))["releases"]
    assert release_["withdrawn"]["by"] == "Director of standards"
    assert release_["withdrawn"]["now"] == f"withdrawn_{name}"
    assert check_release(run.folder)[0].startswith(f"{name} was withdrawn")
    with pytest.raises(BadInput, match="1 report not assured"):
        released(run.folder)


def test_only_the_reports_in_the_pack_are_called_released(run: Run) -> None:
    released(run.folder, reports=(FIRST,))
    assert read_run(run.folder).in_pack == (FIRST,)
    index = (run.folder / "index.html").read_text(encoding="utf-8")
    assert index.count('data-status="released complete"') == 1
    assert index.count(">Released by Chief executive, checked by Governance lead<") == 1
    assert index.count(">Assured by Director of standards, 1 December 2026<") == 2
    with zipfile.ZipFile(run.folder / read_run(run.folder).released) as pack:
        assert "checked by Governance lead" in pack.read("index.html").decode()


def test_only_what_was_released_can_be_checked(run: Run) -> None:
    with pytest.raises(BadInput, match="not been released"):
        check_release(run.folder)


def test_a_report_named_twice_is_in_the_pack_once(run: Run) -> None:
    pack = released(run.folder, reports=(FIRST, FIRST)).pack
    assert pack is not None
    with zipfile.ZipFile(pack) as held:
        assert len(held.namelist()) == len(set(held.namelist()))
    assert read_run(run.folder).in_pack == (FIRST,)


def test_nothing_is_released_while_another_is_at_work_on_the_run(run: Run) -> None:
    with hold(run.folder), pytest.raises(BadInput, match="another runner"):
        released(run.folder)


def test_a_log_other_than_at_the_release_is_noticed(run: Run) -> None:
    released(run.folder)
    log = run.folder / LOG
    whole = log.read_text(encoding="utf-8")
    log.write_text(whole.replace("Director", "Directrix"), encoding="utf-8")
    assert check_release(run.folder) == (f"{LOG} is not the log that was there at the release",)
    with pytest.raises(BadInput, match="line 1 of the assurance log"):
        released(run.folder)
    log.write_text(whole + whole.splitlines()[0], encoding="utf-8")
    with pytest.raises(BadInput, match="line 2 of the assurance log"):
        released(run.folder)


def test_the_record_in_the_pack_tells_nothing_that_the_pack_may_not(
    tmp_path: Path, trust: Path
) -> None:
    people = trust / "people.csv"
    text = people.read_text(encoding="utf-8")
    people.write_text(text.replace(PERSON, "Will"), encoding="utf-8")
    (trust / "documents").mkdir()
    (trust / "documents" / "Complaint of Quillfeather.xyz").write_bytes(b"\x00")
    planted = small_run(tmp_path / "planted", trust, SMALL)
    assure(planted.folder, SIGNING)
    found = released(planted.folder).findings
    spoken = released(planted.folder, accept={one.key: "Only 4 pupils." for one in found})
    assert {one.file for one in spoken.findings} == {RECORD_IN_PACK}
    assert not any(one.may_be_accepted for one in spoken.findings)
    verdict = released(planted.folder, accept={one.key: "Answers of schools." for one in found})
    assert verdict.record is not None
    assert verdict.pack is not None
    assert "Quillfeather" in " ".join(verdict.record.not_searched)
    with zipfile.ZipFile(verdict.pack) as pack:
        record = pack.read(RECORD_IN_PACK).decode()
    assert "Quillfeather" not in record
    assert "Will" not in record
    assert "1 in table people, column person: " in record
