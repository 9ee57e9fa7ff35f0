"""A run is gone on with, signed or released only as it was sealed, and mended where cut short."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.evidence.sealed import PACKAGE, Sealed, copy_of, make_sealed, seal_by_hand
from tests.evidence.test_ledger import die_within_a_row
from workbench.errors import BadInput
from workbench.evidence import assure as signing
from workbench.evidence import release as releasing
from workbench.evidence import rerun, sources
from workbench.evidence.acts import Signing
from workbench.evidence.assurance_log import LOG, READABLE, read_log
from workbench.evidence.assure import assure, withdraw
from workbench.evidence.batch import run_batch
from workbench.evidence.ledger import open_ledger, read_head
from workbench.evidence.lock import LOCK
from workbench.evidence.manifest import read_sums, seal, unseal
from workbench.evidence.names import LEDGER, failed_name
from workbench.evidence.pool import Results
from workbench.evidence.prepare import find_run
from workbench.evidence.release import release
from workbench.evidence.run_file import read_run
from workbench.evidence.store import Content, publish_all
from workbench.evidence.touched import finish_cut_short
from workbench.evidence.verify import verify
from workbench.evidence.worker import AS_USUAL, How
from workbench.report.gate.protected import Protected
from workbench.report.gate.secrets import protected_of
from workbench.report.pdf import pdf_refusal
from workbench.trust.load import Trust, read_trust

STEADY = 2  # the place of the report that is signed
TAMPERS = 30
# A PDF as well, wherever one can be made.
KINDS = (
    ".html", ".xlsx", ".csv", ".ipynb", "URN900001_UID90001.json", "all-reports", "board-pack",
    "run.json", "ro-crate-metadata.json", "release.json", "assurance.jsonl", "assurance.md",
    "ledger.sqlite", "SHA256SUMS",
)  # fmt: skip


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """A run of which one report is signed, and released."""
    made = make_sealed(tmp_path_factory.mktemp("signed"))
    stem = read_run(made.run).parts[STEADY].stem
    assure(made.run, Signing("R&D lead", "Director of standards", reports=(stem,)))
    verdict = release(made.run, released_by="Chief", checked_by="Governance", reports=(stem,))
    assert verdict.pack is not None
    return made


@pytest.fixture
def run(signed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy that a test may spoil, in whose home it runs."""
    copied = copy_of(signed, tmp_path)
    monkeypatch.setenv("WORKBENCH_HOME", str(copied.home))
    monkeypatch.setattr(sources, "_package", lambda: PACKAGE)
    return copied.run


@pytest.fixture
def trust(run: Path) -> Path:
    return Path(read_run(run).trust.folder)


def as_it_was(run: Path) -> bool:
    """Whether nothing differs but that a report of it has failed from the beginning."""
    return [one.kind for one in verify(run).differences] == ["failed"]


def flip(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def test_thirty_single_bytes_changed_are_found_and_each_file_is_named(run: Path) -> None:
    draw = random.Random(20261125)
    files = sorted(path for path in run.rglob("*") if path.is_file())
    needed = {*KINDS, *([] if pdf_refusal() else [".pdf"])}
    assert {one for one in needed if not any(one in file.name for file in files)} == set()
    assert len(files) <= TAMPERS
    for number in range(TAMPERS):
        file = files[number % len(files)]
        whole = file.read_bytes()
        place = draw.randrange(len(whole))
        flipped = whole[place] ^ draw.randrange(1, 256)
        file.write_bytes(whole[:place] + bytes([flipped]) + whole[place + 1 :])
        name = file.relative_to(run).as_posix()
        found = [(one.kind, one.name) for one in verify(run).differences if one.kind != "failed"]
        assert found == [("tampered", name)], f"byte {place} of {name}"
        file.write_bytes(whole)
    assert as_it_was(run)


TOUCHES: dict[str, Callable[[Path], None]] = {
    "board-pack": lambda run: flip(next(run.glob("*board-pack*.zip"))),
    "release.json": lambda run: flip(run / "release.json"),
    "assurance.md": lambda run: flip(run / "assurance.md"),
    "assurance.jsonl": lambda run: (run / "assurance.jsonl").unlink(),
    "run.json": lambda run: flip(run / "run.json"),
}


@pytest.mark.parametrize("name", TOUCHES)
def test_what_was_touched_is_not_sealed_again(run: Path, trust: Path, name: str) -> None:
    assert as_it_was(run)
    TOUCHES[name](run)
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    acts = (
        lambda: run_batch(trust, resume=run, out=run.parent),
        lambda: assure(run, Signing("R&D lead", "Director of standards")),
        lambda: withdraw(run, "Director of standards"),
        lambda: release(run, released_by="Chief", checked_by="Governance"),
    )
    for act in acts:
        with pytest.raises(BadInput, match=rf"touched after it was finished: \S*{name}"):
            act()
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before
    assert verify(run).exit_code == 3


def test_a_file_that_no_runner_made_is_not_vouched_for(run: Path, trust: Path) -> None:
    (run / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="was released"):
        run_batch(trust, resume=run, out=run.parent)  # a report of it failed, and it was released
    withdraw(run, "Director of standards")
    assert "notes.txt" not in read_sums(run)
    strays = [one.name for one in verify(run).differences if one.kind == "tampered"]
    assert strays == ["notes.txt"]
    assert any(name.startswith("withdrawn_") for name in read_sums(run))


@pytest.mark.parametrize("sealed", [True, False])
def test_a_damaged_record_does_not_lose_what_was_signed(
    run: Path, trust: Path, sealed: bool
) -> None:
    record = run / "run.json"
    record.write_text(record.read_text(encoding="utf-8").replace('"form"', '"forn"', 1))
    if not sealed:
        unseal(run)
    with pytest.raises(BadInput, match=r"record of this run cannot be used.*forn|form") as refused:
        run_batch(trust, resume=run, out=run.parent)
    assert "report --new" in str(refused.value)
    assert "forn" in record.read_text(encoding="utf-8")


def cut(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_signer_that_was_killed_before_the_seal_leaves_an_honest_run(
    run: Path, trust: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(signing, "seal", cut)
        with pytest.raises(KeyboardInterrupt):
            withdraw(run, "Director of standards")
    assert verify(run).exit_code == 9
    shutil.copytree(run, run.parent / "other")
    mended = withdraw(run, "Director of standards")  # only the seal was lacking
    assert [(one.act, mended.log_lines) for one in read_log(run)][-1] == ("withdrawn", 2)
    assert as_it_was(run)
    with pytest.raises(BadInput, match="no report is signed"):
        withdraw(run, "Director of standards")
    run_batch(trust, resume=run.parent / "other", out=run.parent)
    assert as_it_was(run.parent / "other")


@pytest.fixture
def known(signed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may not be named is read once for all acts of a module, as that takes seconds."""
    monkeypatch.setattr(signing, "trust_of", lambda *_: _trust_at(signed.trust))
    monkeypatch.setattr(signing, "protected_of", lambda *_: _protected_at(signed.trust))


@cache
def _trust_at(folder: Path) -> Trust:
    return read_trust(folder)


@cache
def _protected_at(folder: Path) -> Protected:
    return protected_of(_trust_at(folder), [])


def killed_after(step: int, act: Callable[[], object], run: Path) -> list[str]:
    """Have a signer killed after so many files have got their names; return all it was to write."""
    steps = list[str]()

    def die(folder: Path, contents: Mapping[str, Content | None]) -> None:
        steps.extend(contents)
        publish_all(folder, dict(list(contents.items())[:step]))
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as killed:
        killed.setattr(signing, "publish_all", die)
        with pytest.raises(KeyboardInterrupt):
            act()
    (run / LOCK).touch()  # as whoever is killed leaves it
    return steps


def draft_of(run: Path) -> tuple[str, Signing]:
    """Take the signature of a run away; return the report that bore it, and how it is signed."""
    withdraw(run, "Director of standards")
    stem = read_run(run).parts[STEADY].stem
    return stem, Signing("R&D lead", "Director of standards", "Checked.", reports=(stem,))


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("step", [0, 1, 3, 4, 6, 8, 10, 11])
def test_a_signer_that_was_killed_at_any_step_is_gone_on_with_by_the_same_command(
    run: Path, step: int
) -> None:
    stem, asked = draft_of(run)
    steps = killed_after(step, lambda: assure(run, asked), run)
    assert (steps[2:4], steps[7], steps[10:]) == ([LOG, READABLE], f"{stem}.html", ["run.json"])
    kinds = {one.kind for one in verify(run).differences}
    assert kinds == {"failed", *["unfinished"] * bool(step)}
    assert assure(run, asked).part(stem).assured
    again = 2 < step < 11  # the log tells of an act, and the record does not
    acts = [one.act for one in read_log(run)]
    assert acts == ["signed", "withdrawn", "signed", *["signed"] * again]
    words = (run / READABLE).read_text(encoding="utf-8")
    assert words.count("# Signed, ") == acts.count("signed")
    assert ("cut short: signed" in words) == again
    assert "NOT ASSURED" not in (run / f"{stem}.html").read_text(encoding="utf-8")
    assert as_it_was(run)
    with pytest.raises(BadInput, match="already signed"):
        assure(run, asked)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("other", ["Head of quality", "Director of standards"])
def test_a_signer_who_lacked_only_the_seal_is_told_so_if_another_comes(
    run: Path, other: str
) -> None:
    _, asked = draft_of(run)
    killed_after(11, lambda: assure(run, asked), run)
    with pytest.raises(BadInput, match="already signed"):
        assure(run, replace(asked, assurer=other, statement="Read again."))
    assert (as_it_was(run), len(read_log(run))) == (True, 3)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("step", [3, 7, 9, 10, 11, 13])
def test_a_withdrawal_that_was_killed_is_finished_before_anything_is_signed(
    run: Path, step: int
) -> None:
    stem = read_run(run).parts[STEADY].stem
    steps = killed_after(step, lambda: withdraw(run, "Director of standards"), run)
    assert (steps[8][:10], steps[10], len(steps)) == ("withdrawn_", "release.json", 14)
    with pytest.raises(BadInput, match="being withdrawn, and that was cut short"):
        assure(run, Signing("R&D lead", "Director of standards", reports=(stem,)))
    withdraw(run, "Director of standards")
    assert as_it_was(run)
    assert not read_run(run).part(stem).assured
    assert read_run(run).released == ""
    assert [one.name for one in run.glob("*board-pack*")] == [steps[8]]


@pytest.mark.usefixtures("known")
def test_what_neither_the_record_nor_a_killed_signer_made_is_not_signed(run: Path) -> None:
    stem, asked = draft_of(run)
    killed_after(6, lambda: assure(run, asked), run)
    flip(run / f"{stem}.xlsx")
    with pytest.raises(BadInput, match=f"1 file changed .*{stem}.xlsx"):
        assure(run, asked)


def test_a_release_that_was_killed_before_the_seal_is_gone_on_with(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stem = read_run(run).parts[STEADY].stem
    with monkeypatch.context() as killed:
        killed.setattr(releasing, "seal", cut)
        with pytest.raises(KeyboardInterrupt):
            release(run, released_by="Chief", checked_by="Governance", reports=(stem,))
    assert verify(run).exit_code == 9
    assert release(run, released_by="Chief", checked_by="Governance", reports=(stem,)).pack
    assert as_it_was(run)


def test_a_run_whose_record_and_files_differ_is_not_mended(run: Path) -> None:
    unseal(run)
    flip(run / str(read_run(run).parts[STEADY].files.xlsx))
    with pytest.raises(BadInput):
        assure(run, Signing("R&D lead", "Director of standards"))
    assert verify(run).exit_code == 9


def test_a_journal_beside_the_ledger_of_a_sealed_run_is_never_played_into_it(
    run: Path, trust: Path
) -> None:
    ledger = run / LEDGER
    was = ledger.read_bytes()
    die_within_a_row(run)
    ledger.write_bytes(was)  # the journal alone: another would hold pages that never were
    with open_ledger(run, to_read=True) as opened:
        assert read_head(opened).uid == 90001
    found = [(one.kind, one.name) for one in verify(run).differences if one.kind != "failed"]
    assert found == [("tampered", f"{LEDGER}-journal")]
    with pytest.raises(BadInput, match=rf"{LEDGER}-journal was added"):
        run_batch(trust, resume=run, out=run.parent)
    with pytest.raises(BadInput, match=rf"{LEDGER}-journal was added"):
        withdraw(run, "Director of standards")
    assert ledger.read_bytes() == was
    (run / f"{LEDGER}-journal").unlink()
    assert as_it_was(run)


@pytest.mark.parametrize("name", ["*board-pack*.zip", "results/*growth*.json", "*growth*.pdf"])
def test_what_is_not_as_it_was_released_or_made_keeps_a_run_unfinished(
    run: Path, name: str
) -> None:
    unseal(run)
    touched = [*run.glob(name)]
    if not touched:
        pytest.skip("no PDF can be made here")
    flip(touched[0])
    assert not finish_cut_short(run)
    assert verify(run).exit_code == 9


def test_a_run_is_not_sealed_over_what_a_runner_left_that_had_gone_on_with_it(run: Path) -> None:
    unseal(run)
    stray = run / failed_name(read_run(run).parts[STEADY].stem)
    stray.write_text("{}", encoding="utf-8")
    assert not finish_cut_short(run)
    stray.unlink()
    assert finish_cut_short(run)
    assert as_it_was(run)


def test_an_index_that_was_changed_before_the_seal_is_made_anew(run: Path) -> None:
    unseal(run)
    index = run / "index.html"
    was = index.read_bytes()
    index.write_bytes(was + b"better")
    assert finish_cut_short(run)
    assert index.read_bytes() == was
    assert as_it_was(run)


def test_a_ledger_that_is_damaged_in_part_makes_way_for_a_new_run(run: Path, trust: Path) -> None:
    with open_ledger(run) as ledger:
        ledger.execute("drop table artefacts")
        ledger.commit()
        request = read_head(ledger).request
    said: list[str] = []
    assert find_run(run.parent, trust, request, say=said.append) is None
    (words,) = said
    assert words.startswith(f"{run.name} is not gone on with")
    with pytest.raises(BadInput, match="ledger of this run cannot be read") as refused:
        run_batch(trust, resume=run)
    assert "report --new" in str(refused.value)


def test_results_are_made_again_as_they_were_made(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_ledger(run) as ledger:
        ledger.execute("update sessions set engine = 'kernel', cell_seconds = 7")
        ledger.commit()
    seen: list[How] = []

    def made(parts: object, again: object, inputs: object, jobs: int, how: How) -> Results:
        seen.append(how)
        yield from ()

    monkeypatch.setattr(rerun, "results_of_parts", made)
    seal(read_run(run))
    verify(run, rerun=True)
    with open_ledger(run) as ledger:  # as one begun before they were written down
        ledger.execute("alter table sessions drop column engine")
        ledger.execute("alter table sessions drop column cell_seconds")
        ledger.commit()
    seal_by_hand(run)
    verify(run, rerun=True)
    assert seen == [How("kernel", 7), AS_USUAL]
