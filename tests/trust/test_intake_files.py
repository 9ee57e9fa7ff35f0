"""What a check writes: safe to open, nothing lost, and accepted rows read back the same."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.trust.folders import SCHOOLS, write_trust
from workbench.errors import BadInput
from workbench.paths import demo
from workbench.trust.formulas import without_formula
from workbench.trust.intake import check_folder
from workbench.trust.intake_files import write_intake


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
