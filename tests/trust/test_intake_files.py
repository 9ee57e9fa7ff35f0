"""What a check writes: safe to open, nothing lost, and accepted rows read back the same."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from tests.trust.folders import SCHOOLS, write_trust
from workbench.errors import BadInput
from workbench.paths import demo
from workbench.trust.formulas import without_formula
from workbench.trust.intake import check_folder
from workbench.trust.intake_files import write_intake
from workbench.trust.load import read_trust


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_accepted_tables_read_back_the_same_and_without_fault(tmp_path: Path) -> None:
    intake = check_folder(demo())
    write_intake(intake, tmp_path)

    again = check_folder(tmp_path / "accepted")

    assert again.faults == ()
    for name, rows in intake.tables.items():
        assert rows.equals(again.tables[name]), name


def test_documents_of_accepted_rows_go_with_them_and_no_others(tmp_path: Path) -> None:
    trust = tmp_path / "trust"
    (trust / "documents").mkdir(parents=True)
    for name in ("kept.txt", "spoilt.txt", "unnamed.txt"):
        (trust / "documents" / name).write_text(f"our {name}", encoding="utf-8")
    rows = (
        "document_id,title,kind,dated,file\n"
        "D1,Kept,newsletter,2025-09-01,kept.txt\n"
        "D2,Spoilt,newsletter,2025-99-01,spoilt.txt\n"
    )
    write_trust(trust, documents=rows)
    for _ in range(2):  # the second takes the place of the first
        write_intake(check_folder(trust), tmp_path / "out")

    copied = tmp_path / "out" / "accepted" / "documents"
    assert {path.name: path.read_text() for path in copied.iterdir()} == {
        "kept.txt": "our kept.txt"
    }
    assert read_trust(tmp_path / "out" / "accepted").tables["documents"]["file"].tolist() == [
        "kept.txt"
    ]


def test_a_document_that_has_gone_since_the_check_is_named(tmp_path: Path) -> None:
    trust = Path(shutil.copytree(demo(), tmp_path / "trust"))
    intake = check_folder(trust)
    gone = sorted((trust / "documents").iterdir())[0]
    gone.unlink()

    with pytest.raises(BadInput, match=f"the document {gone.name} .* is gone"):
        write_intake(intake, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_document_somebody_put_beside_the_copied_ones_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    intake = check_folder(demo())
    write_intake(intake, out)
    mine = out / "accepted" / "documents" / "mine.txt"
    mine.write_text("mine", encoding="utf-8")

    with pytest.raises(BadInput, match="something else than an earlier check"):
        write_intake(intake, out)
    assert mine.read_text(encoding="utf-8") == "mine"


def test_quarantined_rows_are_written_as_they_were_with_their_reasons(tmp_path: Path) -> None:
    text = SCHOOLS.replace("Ash School,primary", "=HYPERLINK(0),primry").replace(",900\n", ",-5\n")
    intake = check_folder(write_trust(tmp_path, schools=text))

    write_intake(intake, tmp_path / "out")

    first, second = read(tmp_path / "out" / "quarantine" / "schools.csv")
    assert (first["file"], first["row"], first["phase"]) == ("schools.csv", "2", "primry")
    assert first["name"] == "'=HYPERLINK(0)"
    assert "phase should be one of" in first["reasons"]
    assert second["pupils"] == "-5"
    assert [row["rule"] for row in read(tmp_path / "out" / "faults.csv")] == [
        "not_a_choice",
        "out_of_range",
    ]


def test_files_of_an_earlier_check_do_not_linger(tmp_path: Path) -> None:
    write_trust(tmp_path, schools=SCHOOLS.replace("primary", "primry"))
    write_intake(check_folder(tmp_path), tmp_path / "out")
    write_trust(tmp_path)
    write_intake(check_folder(tmp_path), tmp_path / "out")

    assert list((tmp_path / "out" / "quarantine").iterdir()) == []
    assert read(tmp_path / "out" / "faults.csv") == []


@pytest.mark.parametrize("strange", ["notes.txt", "accepted/notes.csv", "accepted/schools.csv"])
def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path: Path, strange: str) -> None:
    file = tmp_path / "out" / strange
    file.parent.mkdir(parents=True)
    file.write_text("mine")

    with pytest.raises(BadInput, match="something else than an earlier check"):
        write_intake(check_folder(demo()), tmp_path / "out")

    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == [file]
    assert file.read_text() == "mine"


def test_a_write_that_fails_leaves_the_earlier_check_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake, out = check_folder(demo()), tmp_path / "out"
    write_intake(intake, out)
    before = {path: path.read_bytes() for path in out.rglob("*.csv")}

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("workbench.trust.intake_files.as_text", full)
    with pytest.raises(OSError, match="no space left"):
        write_intake(intake, out)

    assert {path: path.read_bytes() for path in out.rglob("*.csv")} == before
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+44 20", "'+44 20"),
        ("-1+cmd|'/c calc'!A0", "'-1+cmd|'/c calc'!A0"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-1250.5", "-1250.5"),
        ("+3", "+3"),
        ("Ash = Oak", "Ash = Oak"),
        ("", ""),
    ],
)
def test_text_that_would_run_as_a_formula_is_disarmed_and_numbers_are_not(
    text: str, safe: str
) -> None:
    assert without_formula(text) == safe
