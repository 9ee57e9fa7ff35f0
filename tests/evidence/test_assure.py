"""Who may sign a report, what changes on it when they do, and what the log keeps."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path

import pytest

from tests.evidence.signed import FIRST, PERSON, SECOND, copied, small_run, small_trust
from workbench.errors import BadInput
from workbench.evidence.acts import Signing
from workbench.evidence.assurance_log import LOG, READABLE, Entry, in_words, read_log, standing
from workbench.evidence.assure import assure, withdraw
from workbench.evidence.finish import finish_run
from workbench.evidence.lock import hold
from workbench.evidence.publish import rendered
from workbench.evidence.run_file import Run, read_run, record_of

BOTH = Signing("R&D lead", "Director of standards", "Checked.", ("Not for budgets.",))
NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drafts")
    small_run(folder / "run", small_trust(folder / "trust"))
    return folder


@pytest.fixture
def run(base: Path, tmp_path: Path) -> Run:
    return copied(base, tmp_path / "copy")


def page(run: Run, stem: str) -> str:
    return (run.folder / f"{stem}.html").read_text(encoding="utf-8")


def test_signing_puts_both_roles_in_the_place_of_the_draft_banner(run: Run) -> None:
    assert "NOT ASSURED" in page(run, FIRST)
    signed = assure(run.folder, BOTH, now=NOW)
    text = page(run, FIRST)
    assert "NOT ASSURED" not in text
    assert "R&amp;D lead" in text
    assert "Director of standards" in text
    assert "Not for budgets." in text
    assert "30 November 2026" in text
    assert read_run(run.folder) == signed
    assert {part.assured for part in signed.parts} == {"Director of standards, 30 November 2026"}


def test_the_log_keeps_checks_data_decisions_and_digests(run: Run) -> None:
    assure(run.folder, BOTH, now=NOW)
    [entry] = read_log(run.folder)
    assert set(standing([entry])) == {FIRST, SECOND}
    assert entry.data is not None
    assert entry.data[FIRST]["Notebook"] == "small.ipynb"
    assert entry.tables is not None
    assert set(entry.tables) == {"people.csv", "schools.csv", "trust.csv"}
    signed = read_run(run.folder).part(FIRST)
    assert entry.files is not None
    assert entry.files[f"{FIRST}.html"] == signed.sha256[f"{FIRST}.html"]
    words = (run.folder / READABLE).read_text(encoding="utf-8")
    for heading in ("Quality assurance log", "Decisions log", "Data log", "Limitations"):
        assert heading in words


@pytest.mark.parametrize("same", ["R&D lead", "r&d LEAD", " R&D  lead ", "R&D le\u0430d"])
def test_nobody_assures_their_own_work(run: Run, same: str) -> None:
    with pytest.raises(BadInput, match="are both"):
        assure(run.folder, Signing("R&D lead", same))
    assert not (run.folder / LOG).exists()


@pytest.mark.parametrize(
    "role", [PERSON, "Brandywine", "P003", "Dr Applegarth", "a@b.example", " "]
)
def test_roles_are_asked_for_and_names_refused(run: Run, role: str) -> None:
    with pytest.raises(BadInput):
        assure(run.folder, Signing("R&D lead", role))


def test_a_statement_names_nobody(run: Run) -> None:
    with pytest.raises(BadInput, match="statement"):
        assure(run.folder, Signing("R&D lead", "Assurer", f"Thanks to {PERSON}"))


def test_a_changed_file_is_not_signed(run: Run) -> None:
    (run.folder / f"{SECOND}.xlsx").write_bytes(b"changed")
    with pytest.raises(BadInput, match=f"{SECOND}.xlsx"):
        assure(run.folder, BOTH)


def test_a_failed_report_is_not_signed_and_others_can_be(run: Run) -> None:
    file = run.folder / "run.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["parts"][1]["complete"] = False
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BadInput, match="1 report failed"):
        assure(run.folder, BOTH)
    only = Signing("R&D lead", "Director of standards", reports=(FIRST,))
    assert assure(run.folder, only).part(FIRST).assured


def test_other_tables_than_the_report_was_made_from_are_noticed(run: Run) -> None:
    people = Path(run.trust.folder) / "people.csv"
    people.write_text(people.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(BadInput, match="tables have changed"):
        assure(run.folder, BOTH)


def test_withdrawing_makes_drafts_again_and_adds_to_the_log(run: Run) -> None:
    before = page(run, FIRST)
    assure(run.folder, BOTH, now=NOW)
    first_line = (run.folder / LOG).read_text(encoding="utf-8")
    withdraw(run.folder, "Director of standards", statement="An error was found.", now=NOW)
    assert page(run, FIRST) == before
    assert (run.folder / LOG).read_text(encoding="utf-8").startswith(first_line)
    assert [entry.act for entry in read_log(run.folder)] == ["signed", "withdrawn"]
    assert standing(read_log(run.folder)) == {}
    with pytest.raises(BadInput, match="signed"):
        withdraw(run.folder, "Director of standards")


def test_a_report_is_signed_once(run: Run) -> None:
    assure(run.folder, BOTH)
    with pytest.raises(BadInput, match="already signed"):
        assure(run.folder, BOTH)


def test_a_log_that_was_changed_is_not_trusted(run: Run) -> None:
    assure(run.folder, BOTH)
    withdraw(run.folder, "Director of standards")
    log = run.folder / LOG
    text = log.read_text(encoding="utf-8")
    log.write_text(text.replace("Checked.", "Never checked.", 1), encoding="utf-8")
    with pytest.raises(BadInput, match="line 2"):
        read_log(run.folder)


def test_where_a_report_cannot_be_made_again_nothing_is_signed(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in run.folder.iterdir() if path.is_file()}

    def breaks(stem: str, *rest: object) -> object:
        if stem == SECOND:
            raise OSError("the disk is full")
        return rendered(stem, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("workbench.evidence.assure.rendered", breaks)
    with pytest.raises(OSError, match="full"):
        assure(run.folder, BOTH)
    after = {path.name: path.read_bytes() for path in run.folder.iterdir() if path.is_file()}
    assert after == before
    assert record_of(read_run(run.folder)) == record_of(run)


def files_of(run: Run) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in run.folder.iterdir() if path.is_file()}


def test_nobody_signs_while_another_is_at_work_on_the_run(run: Run) -> None:
    with hold(run.folder):
        with pytest.raises(BadInput, match="another runner"):
            assure(run.folder, BOTH)
        with pytest.raises(BadInput, match="another runner"):
            withdraw(run.folder, "Director of standards")


def test_log_and_record_change_together_or_not_at_all(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, replaces = files_of(run), Path.replace

    def breaks(fresh: Path, target: Path) -> Path:
        if Path(target).name == "run.json" and ".earlier" not in fresh.name:
            raise OSError("the disk is full")
        return replaces(fresh, target)

    monkeypatch.setattr(Path, "replace", breaks)
    with pytest.raises(OSError, match="full"):
        assure(run.folder, BOTH)
    assert files_of(run) == before


def test_the_last_line_of_the_log_is_covered_too(run: Run) -> None:
    assure(run.folder, BOTH)
    log = run.folder / LOG
    whole = log.read_text(encoding="utf-8")
    log.write_text(whole.replace("Checked.", "Never checked."), encoding="utf-8")
    with pytest.raises(BadInput, match=r"line 1 .* not the line"):
        withdraw(run.folder, "Director of standards")
    log.write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match=r"line 1 .* gone"):
        withdraw(run.folder, "Director of standards")


def test_what_was_cut_short_before_the_record_was_written_can_be_withdrawn(run: Run) -> None:
    record = run.folder / "run.json"
    draft = record.read_bytes()
    assure(run.folder, BOTH, now=NOW)
    assured = record.read_bytes()
    record.write_bytes(draft)  # as a process leaves it that is killed while it signs
    withdraw(run.folder, "Director of standards")
    assert not any(part.assured for part in read_run(run.folder).parts)
    record.write_bytes(assured)  # and while it withdraws
    withdraw(run.folder, "Director of standards")
    assert not any(part.assured for part in read_run(run.folder).parts)
    assert read_run(run.folder).log_lines == len(read_log(run.folder)) == 3
    assert assure(run.folder, BOTH).part(FIRST).assured


def test_signed_without_a_printer_no_draft_stays_in_print(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish_run(run, with_notebooks=True)
    only = Signing("R&D lead", "Director of standards", reports=(FIRST,))
    with monkeypatch.context() as without:
        for module in ("publish", "assure"):
            without.setattr(f"workbench.evidence.{module}.pdf_refusal", lambda: "No typst.")
        signed = assure(run.folder, only)
    assert signed.part(FIRST).files.pdf is None
    assert not (run.folder / f"{FIRST}.pdf").exists()
    assert (run.folder / f"{SECOND}.pdf").exists()
    assert read_run(run.folder).without_pdf == "No typst."
    assert "No typst." in (run.folder / "index.html").read_text(encoding="utf-8")
    [packed] = run.folder.glob("*all-reports*.zip")
    with zipfile.ZipFile(packed) as held:
        assert any(name.endswith(".ipynb") for name in held.namelist())  # as was asked for
        assert f"{FIRST}.pdf" not in held.namelist()
    again = withdraw(run.folder, "Director of standards")
    assert (run.folder / f"{FIRST}.pdf").is_file()
    assert again.without_pdf == ""


@pytest.mark.parametrize(
    "said", ["Fine.\n\n# Signed, 2026", "# Signed", "\u2028# Signed", "- one", "1. one", "==="]
)
def test_no_statement_passes_for_a_part_of_the_log(said: str) -> None:
    entry = Entry("signed", "2026", "Analyst", "Assurer", (FIRST,), said, limitations=(said,))
    lines = in_words(entry).splitlines()
    assert [line for line in lines if line.startswith("# ")] == ["# Signed, 2026"]
    assert not [line for line in lines if line.startswith(("- #", "- - ", "- 1.", "=", "1."))]
    assert lines.index("## Reports") == 6
    assert lines[4].startswith(("\\", "Fine.", "1\\."))
