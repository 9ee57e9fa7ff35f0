"""Two hundred seeded faults in a clean trust: all reported where they are, none invented."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.faults.contradictions import every_fault
from tests.faults.spoilers import CELL_FAULTS, Expected, Spoilt
from tests.faults.structures import add_blank_rows, add_what_is_only_noted, spoil_structure
from tests.faults.trust_copy import Form, Row, place, read_copy, write_copy
from workbench.paths import demo
from workbench.trust.intake import check_folder
from workbench.trust.load import read_trust

FAULTS = 200
FORMS: tuple[Form, ...] = ("csv", "one workbook", "workbook each")
Found = tuple[str, str | None, int | None, str | None, str]


def spoil(seed: int, form: Form, faults: int) -> Spoilt:
    """Spoil a copy of the demo trust in every way once, then at random until all are placed."""
    spoilt = Spoilt(read_copy(demo()), form, np.random.default_rng(seed))
    spoilt.noted.extend(add_what_is_only_noted(spoilt))
    spoilt.expected.extend(spoil_structure(spoilt))
    ways = [way for _, way in every_fault()]
    turn = [*spoilt.draws.permutation(len(ways)), *spoilt.draws.integers(len(ways), size=5_000)]
    for at in turn:
        expected = ways[at](spoilt) if len(spoilt.expected) < faults else None
        if expected is not None:
            spoilt.expected.append(expected)
    return spoilt


def located(spoilt: Spoilt, expected: Expected) -> Found:
    """Return where a fault must be reported: file, sheet, row, column and rule."""
    table = spoilt.tables[expected.table]
    if isinstance(expected.row, Row):
        row: int | None = table.number(expected.row)
    else:
        row = table.heading_row if expected.row is None else (expected.row or None)
    return *place(table, spoilt.form), row, expected.column, expected.rule


@pytest.mark.parametrize(
    ("seed", "form"),
    [
        (1, "csv"),
        (2, "csv"),
        (3, "csv"),
        (4, "one workbook"),
        (5, "one workbook"),
        (6, "workbook each"),
    ],
)
def test_two_hundred_faults_are_each_reported_in_place_and_none_is_invented(
    seed: int, form: Form, tmp_path: Path
) -> None:
    spoilt = spoil(seed, form, FAULTS)
    add_blank_rows(spoilt)
    write_copy(spoilt.tables, tmp_path, form)

    intake = check_folder(tmp_path)

    kinds = {expected.kind for expected in spoilt.expected}
    assert len(spoilt.expected) == FAULTS
    assert len(kinds) >= 25
    assert {expected.table for expected in spoilt.expected} == set(spoilt.tables)
    reported = Counter((f.file, f.sheet, f.row, f.column, f.rule) for f in intake.faults)
    assert reported == Counter(located(spoilt, e) for e in [*spoilt.expected, *spoilt.noted])
    assert len(intake.to_mend) == FAULTS
    for name, table in spoilt.tables.items():
        bad = {id(e.row) for e in spoilt.expected if e.table == name and isinstance(e.row, Row)}
        tally = intake.tallies[name]
        assert tally.rows_in == len(table.rows)
        assert tally.blank == table.rows.count(None)
        assert tally.quarantined == len(bad) == len(intake.quarantine[name])
        assert tally.accepted == len(intake.tables[name])


def test_the_three_forms_between_them_place_every_kind_of_fault() -> None:
    placed = {e.kind for form in FORMS for e in spoil(4, form, FAULTS).expected}
    named = {kind for kind, _ in every_fault()}

    assert named <= placed
    assert len(placed) >= 60
    assert len({fault.rule for fault in CELL_FAULTS}) >= 15


@pytest.mark.parametrize("form", FORMS)
def test_a_clean_trust_has_no_fault_and_the_same_tables_in_every_form(
    form: Form, tmp_path: Path
) -> None:
    write_copy(read_copy(demo()), tmp_path, form)

    intake, original = check_folder(tmp_path), check_folder(demo())

    assert intake.faults == original.faults == ()
    for name, rows in original.tables.items():
        assert rows.equals(intake.tables[name]), name


def test_what_is_left_of_a_spoilt_trust_names_accepted_schools_only(tmp_path: Path) -> None:
    spoilt = spoil(5, "csv", 60)
    write_copy(spoilt.tables, tmp_path, "csv")
    trust_row = next(row for row in spoilt.tables["trust"].rows if row)
    clean = read_copy(demo())["trust"].rows[0]
    assert clean is not None
    trust_row.cells.update(clean.cells)
    write_copy({"trust": spoilt.tables["trust"]}, tmp_path, "csv")

    trust = read_trust(tmp_path)

    urns = set(trust.schools["urn"])
    assert len(urns) < 14
    for name in ("inspections_oeif", "returns", "school_statistics", "support_capacity"):
        assert set(trust.tables[name]["urn"]) <= urns
    assert sum(trust.set_aside.values()) > 0
