"""A trust as the rest of the workbench sees it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.trust.folders import SCHOOLS, TRUST, write_trust
from workbench.errors import BadInput
from workbench.trust.contracts import TABLES
from workbench.trust.load import Trust, hold_trust, read_trust


def test_a_trust_is_read_with_every_table_typed(tmp_path: Path) -> None:
    trust = read_trust(write_trust(tmp_path))

    assert (trust.uid, trust.name, trust.as_of) == (90001, "Fell Trust", dt.date(2026, 10, 31))
    assert trust.absent == tuple(name for name in TABLES if name not in {"trust", "schools"})
    assert set(trust.tables) == set(TABLES)
    for name, table in TABLES.items():
        assert [str(d) for d in trust.tables[name].dtypes] == [c.dtype for c in table.columns]


def test_the_oldest_tables_have_a_name_of_their_own_and_every_table_is_in_the_mapping(
    tmp_path: Path,
) -> None:
    """A convenience for what nearly everything reads; `tables` is the way to all of them."""
    trust = read_trust(write_trust(tmp_path))
    named = {name for name, value in vars(Trust).items() if isinstance(value, property)}

    assert named == {
        "schools", "inspections_oeif", "inspections_report_card", "people", "support",
        "support_capacity", "returns", "school_statistics",
    }  # fmt: skip
    for name in named:
        assert getattr(trust, name) is trust.tables[name]


def test_quarantined_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    capacity = "urn,term,days_available\n900002,2025/26 autumn,3\n900003,2025/26 autumn,4\n"
    write_trust(tmp_path, schools=SCHOOLS.replace("secondary", "2ndary"), support_capacity=capacity)

    trust = read_trust(tmp_path)

    assert trust.schools["urn"].tolist() == [900001, 900003]
    assert trust.quarantined["schools"] == 1
    assert trust.support_capacity["urn"].tolist() == [900003]
    assert dict(trust.set_aside) == {"support_capacity": 1}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("schools", SCHOOLS.replace("2020", "20 20").replace("2021", "").replace("2022", "x"),
         "no row without a fault"),
        ("schools", SCHOOLS.replace("urn", "school"), "cannot be read"),
        ("trust", TRUST.replace("2026-10-31", "10/11/2026"), "no row without a fault"),
    ],
)  # fmt: skip
def test_a_trust_without_a_usable_needed_table_is_bad_input(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    write_trust(tmp_path, **{name: text}, returns="urn,return_name,due\n1,2,3\n")

    with pytest.raises(BadInput, match=said) as raised:
        read_trust(tmp_path)

    lines = str(raised.value).splitlines()
    assert lines[2].strip().startswith(f"{name}.csv, row")
    assert "workbench check" in lines[-1]


def test_an_empty_folder_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="has no table trust"):
        read_trust(tmp_path)


def test_a_trust_of_csv_files_is_read_without_the_workbook_reader() -> None:
    code = (
        "import sys; from workbench import paths; from workbench.trust.load import read_trust; "
        "read_trust(paths.demo()); sys.exit('openpyxl' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_trust_that_is_held_is_given_away_once_and_equals_what_is_read(tmp_path: Path) -> None:
    folder = write_trust(tmp_path)
    assert hold_trust(folder) is None
    prepared = hold_trust(folder)
    held, read = read_trust(folder), read_trust(folder)
    assert held is prepared  # with all that is remembered of it
    assert held is not read
    assert (held.uid, held.name, held.as_of, held.folder, held.absent) == (
        read.uid, read.name, read.as_of, read.folder, read.absent,
    )  # fmt: skip
    assert (held.quarantined, held.set_aside) == (read.quarantined, read.set_aside)
    assert list(held.tables) == list(read.tables)
    for name, table in held.tables.items():
        pd.testing.assert_frame_equal(table, read.tables[name])


@pytest.mark.parametrize("what", ["a table", "a document", "a new table"])
def test_a_trust_is_not_held_on_to_when_a_file_has_changed(what: str, tmp_path: Path) -> None:
    folder = write_trust(tmp_path)
    note = folder / "note.pdf"
    note.write_text("one")
    hold_trust(folder)
    if what == "a table":
        table = folder / "schools.csv"
        table.write_text(table.read_text(encoding="utf-8").replace("Primary", "Secondary", 1))
    elif what == "a document":
        note.write_text("another")
    else:
        (folder / "new.csv").write_text("a,b\n")
    assert hold_trust(folder) is None
    read_trust(folder)
