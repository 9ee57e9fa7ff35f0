"""Checking a folder of CSV files: what is found, what is set aside, what is refused."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.trust.folders import SCHOOLS, TRUST, write_trust
from workbench.errors import BadInput
from workbench.trust.contracts import TABLES
from workbench.trust.faults import Fault, describe
from workbench.trust.intake import Intake, Tally, check_folder


def rules(intake: Intake) -> list[tuple[str, int | None, str]]:
    return [(fault.file, fault.row, fault.rule) for fault in intake.faults]


def only(intake: Intake) -> Fault:
    [fault] = intake.faults
    return fault


def test_a_folder_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not a folder"):
        check_folder(tmp_path / "nowhere")


def test_a_fault_names_file_row_column_value_rule_and_remedy(tmp_path: Path) -> None:
    write_trust(tmp_path, schools=SCHOOLS.replace("2021-09-01", "03/04/2021"))

    said = describe(only(check_folder(tmp_path)))

    assert said == (
        "schools.csv, row 3, column joined: the date may mean 2021-04-03 or 2021-03-04 "
        "(written: '03/04/2021'). To mend: write the day you mean as year-month-day."
    )


def test_a_needed_table_that_is_absent_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text(SCHOOLS)

    intake = check_folder(tmp_path)

    assert rules(intake) == [("trust.csv", None, "table_absent")]
    assert intake.absent == tuple(name for name in TABLES if name != "schools")


def test_a_byte_order_mark_is_no_part_of_the_first_heading(tmp_path: Path) -> None:
    write_trust(tmp_path)
    (tmp_path / "schools.csv").write_text(SCHOOLS, encoding="utf-8-sig")

    assert check_folder(tmp_path).faults == ()


def test_windows_letters_are_read_right_and_noted(tmp_path: Path) -> None:
    write_trust(tmp_path)
    (tmp_path / "schools.csv").write_bytes(SCHOOLS.replace("Ash", "Ash\u2019s").encode("cp1252"))

    intake = check_folder(tmp_path)

    assert intake.tables["schools"]["name"][0] == "Ash\u2019s School"
    assert only(intake).rule == "windows_1252"
    assert intake.to_mend == ()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (SCHOOLS.encode("utf-16"), "UTF-16"),
        (SCHOOLS.encode() + b"900004,\x81\x8d,primary,2020-09-01,\n", "neither UTF-8 nor"),
        (SCHOOLS.encode() + b"\x00", "row 5 holds a NUL"),
        (
            SCHOOLS.encode() + b'900004,"open,primary,2020-09-01,\n',
            "quotation marks or cell lengths of row 5",
        ),
        (b"", "lacks its key column urn"),
        (SCHOOLS.replace("urn,", "URN number,").encode(), "lacks its key column urn"),
        (SCHOOLS.replace(",", ";").encode(), "separated by semicolons"),
        (SCHOOLS.replace("pupils", "urn").encode(), "the key column urn is there 2 times"),
    ],
)
def test_a_file_that_cannot_be_read_or_lacks_its_key_is_refused_whole(
    tmp_path: Path, data: bytes, said: str
) -> None:
    capacity = "urn,term,days_available\n999999,2025/26 autumn,3\n"
    write_trust(tmp_path, support_capacity=capacity)
    (tmp_path / "schools.csv").write_bytes(data)

    intake = check_folder(tmp_path)

    fault = only(intake)  # so the reference to an unknown school is not reported
    assert said in fault.message
    assert fault.effect == "file refused"
    assert intake.refused == ("schools",)
    assert "schools" not in intake.tallies
    assert intake.tallies["support_capacity"].accepted == 1


@pytest.mark.parametrize(("separator", "name"), [(";", "semicolons"), ("\t", "tabs")])
@pytest.mark.parametrize("above", ["", "Our schools, as of autumn\n"])
def test_columns_separated_otherwise_are_named_as_the_cause(
    tmp_path: Path, separator: str, name: str, above: str
) -> None:
    write_trust(tmp_path, schools=above + SCHOOLS.replace(",", separator))

    fault = only(check_folder(tmp_path))

    assert (fault.rule, fault.row) == ("separator", 2 if above else 1)
    assert f"separated by {name}" in fault.message
    assert "save it as an Excel workbook (.xlsx), or as CSV UTF-8" in fault.mend


@pytest.mark.parametrize(
    ("cell", "row"),
    [('900002,"open,secondary,2021-09-01,9', 4), ('900002,"St" Ash,primary,2021-09-01,9', 4),
     ("900002,A\0sh,primary,2021-09-01,9", 4), ("900002,A\0sh,primary,2021-09-01,\0", 4)],
)  # fmt: skip
def test_what_spoils_a_whole_file_is_reported_in_its_row(
    tmp_path: Path, cell: str, row: int
) -> None:
    before = 'urn,name,phase,joined,pupils\n900001,"Ash\nSchool",primary,2020-09-01,210\n\n'
    write_trust(tmp_path, schools=f"{before}{cell}\n900003,Cedar,primary,2021-09-01,9\n")

    fault = only(check_folder(tmp_path))

    assert (fault.rule, fault.row, fault.effect) == ("unreadable", row, "file refused")
    assert f"row {row}" in fault.message


def test_a_file_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_trust(tmp_path)
    monkeypatch.setattr("workbench.trust.sizes.MOST_BYTES", 100)

    assert "larger than" in check_folder(tmp_path).faults[0].message


def test_one_table_in_two_files_is_refused_in_both(tmp_path: Path) -> None:
    write_trust(tmp_path)
    (tmp_path / "SCHOOLS.csv").write_text(SCHOOLS)

    intake = check_folder(tmp_path)

    assert {fault.rule for fault in intake.faults} == {"table_twice"}
    assert {fault.file for fault in intake.faults} == {"schools.csv", "SCHOOLS.csv"}
    assert intake.refused == ("schools",)


def test_files_that_are_no_table_are_noted_and_sidecars_are_not(tmp_path: Path) -> None:
    write_trust(tmp_path, holidays="day\n2026-12-25\n")
    for name in ("schools.ods", "schools.csv.json", "notes.md", "~$schools.xlsx", ".hidden.csv"):
        (tmp_path / name).write_text("{}")

    intake = check_folder(tmp_path)

    assert intake.unknown == ("holidays.csv", "schools.ods")
    assert {fault.effect for fault in intake.faults} == {"noted"}


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    rows = '900001,"Ash\nSchool",primary,2020-09-01,\n\n900002,Beech,primry,2020-09-01,\n'
    write_trust(tmp_path, schools="Our schools\nurn,name,phase,joined,pupils\n" + rows)

    assert rules(check_folder(tmp_path)) == [
        ("schools.csv", 1, "above_headings"),
        ("schools.csv", 3, "control_character"),
        ("schools.csv", 5, "not_a_choice"),
    ]


def test_blank_rows_are_counted_and_lost_nowhere(tmp_path: Path) -> None:
    write_trust(tmp_path, schools=SCHOOLS.replace("900002", ",,,,\n\n , ,,\t,\n900002"))

    assert check_folder(tmp_path).tallies["schools"] == Tally(6, 3, 0, 3)


def test_rows_are_conserved_or_the_tally_cannot_be_made() -> None:
    with pytest.raises(AssertionError, match="not conserved"):
        Tally(rows_in=3, accepted=1, quarantined=1, blank=0)


def test_a_row_longer_than_the_headings_is_set_aside_with_all_its_cells(tmp_path: Path) -> None:
    write_trust(tmp_path, schools=SCHOOLS.replace("Ash School", "Ash, Oak, Elm"))

    intake = check_folder(tmp_path)

    assert only(intake).rule == "row_long"  # and no second fault for cells that slid
    row = intake.quarantine["schools"].iloc[0]
    assert row["name"] == "Ash"
    assert row["(beyond the headings)"] == "2020-09-01,210"
    assert "has 7 cells" in row["reasons"]


def test_a_row_shorter_than_the_headings_is_set_aside(tmp_path: Path) -> None:
    write_trust(tmp_path, schools=SCHOOLS.replace(",2020-09-01,210", ",2020-09-01"))

    assert only(check_folder(tmp_path)).rule == "row_short"


def test_spaces_are_taken_away_and_noted_and_the_row_is_kept(tmp_path: Path) -> None:
    write_trust(tmp_path, schools=SCHOOLS.replace("Ash School", " Ash\u00a0School "))

    intake = check_folder(tmp_path)

    assert (only(intake).rule, only(intake).effect) == ("untidy_space", "noted")
    assert intake.tables["schools"]["name"][0] == "Ash School"


def test_headings_may_be_in_capitals_and_columns_in_any_order(tmp_path: Path) -> None:
    text = "PHASE, Urn ,Name,joined\nPrimary,900001,Ash,2020-09-01\n"
    write_trust(tmp_path, schools=text)

    intake = check_folder(tmp_path)

    assert intake.faults == ()
    assert intake.tables["schools"]["phase"].tolist() == ["primary"]
    assert intake.tables["schools"]["pupils"].isna().all()


def test_an_unknown_column_is_reported_with_the_column_it_may_mean(tmp_path: Path) -> None:
    write_trust(tmp_path, schools=SCHOOLS.replace("pupils", "pupil"))

    fault = only(check_folder(tmp_path))

    assert (fault.row, fault.column, fault.rule) == (1, "pupil", "column_unknown")
    assert fault.message.endswith("did you mean pupils?")
    assert fault.mend == "rename it pupils"
    assert fault.effect == "column not read"


def test_a_misspelt_column_does_not_make_every_row_a_fault(tmp_path: Path) -> None:
    text = "urn,period,measure,valeu,unit,marker\n900001,2018/19,absence_percent,4.7,percent,\n"
    write_trust(tmp_path, school_statistics=text)

    assert only(check_folder(tmp_path)).rule == "column_unknown"


def test_a_missing_needed_column_is_one_fault_and_sets_every_row_aside(tmp_path: Path) -> None:
    rows = [line.split(",") for line in SCHOOLS.splitlines()]
    write_trust(tmp_path, schools="\n".join(",".join([*r[:2], *r[3:]]) for r in rows))

    intake = check_folder(tmp_path)

    assert (only(intake).row, only(intake).column) == (1, "phase")
    assert intake.tallies["schools"] == Tally(3, 0, 3, 0)
    assert intake.tables["schools"].empty


def test_a_column_twice_sets_aside_only_rows_where_the_two_differ(tmp_path: Path) -> None:
    lines = SCHOOLS.splitlines()
    text = "\n".join([f"{lines[0]},pupils", f"{lines[1]},210", f"{lines[2]},901", f"{lines[3]},"])
    write_trust(tmp_path, schools=text)

    intake = check_folder(tmp_path)

    assert only(intake).rule == "column_twice"
    assert intake.tables["schools"]["urn"].tolist() == [900001, 900003]
    assert list(intake.quarantine["schools"])[-3:] == ["pupils", "pupils again", "reasons"]


def test_a_code_that_looks_like_a_number_is_kept_as_written(tmp_path: Path) -> None:
    text = "post_id,role,fte,status,person,since\n007,executive,1,filled,1E5,2020-09-01\n"
    write_trust(tmp_path, people=text)

    intake = check_folder(tmp_path)

    assert intake.faults == ()
    assert intake.tables["people"][["post_id", "person"]].iloc[0].tolist() == ["007", "1E5"]


def test_published_text_is_kept_as_published(tmp_path: Path) -> None:
    text = "urn,period,measure,value,unit,marker,raw\n900001,2018/19,absence,,percent,x, NA \n"
    write_trust(tmp_path, school_statistics=text)

    intake = check_folder(tmp_path)

    assert intake.faults == ()
    assert intake.tables["school_statistics"]["raw"].tolist() == [" NA "]


def test_accepted_tables_are_typed_and_sorted_by_key(tmp_path: Path) -> None:
    lines = SCHOOLS.splitlines()
    write_trust(tmp_path, schools="\n".join([lines[0], *reversed(lines[1:])]))

    schools = check_folder(tmp_path).tables["schools"]

    assert schools["urn"].tolist() == [900001, 900002, 900003]
    assert {name: str(dtype) for name, dtype in schools.dtypes.items()} == {
        column.name: column.dtype for column in TABLES["schools"].columns
    }


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8
) | st.sampled_from(
    ["", "900001", "2025-01-01", "03/04/2024", "=1+1", "N/A", "\u00a0", "primary", "1E5", "-5"]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(list(TABLES)),
    draw=st.data(),
)
def test_any_grid_of_text_is_checked_and_its_rows_conserved(
    tmp_path_factory: pytest.TempPathFactory, name: str, draw: st.DataObject
) -> None:
    headings = draw.draw(st.permutations(TABLES[name].names).map(lambda names: names[:6]))
    headings = [*TABLES[name].key, *headings, *draw.draw(st.lists(TEXTS, max_size=2))]
    grid = draw.draw(st.lists(st.lists(TEXTS, max_size=9), max_size=5))
    folder = tmp_path_factory.mktemp("grid")
    (folder / "trust.csv").write_text(TRUST)
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([headings, *grid])

    intake = check_folder(folder)

    for table, tally in intake.tallies.items():
        assert tally.rows_in == tally.accepted + tally.quarantined + tally.blank
        assert tally.accepted == len(intake.tables[table])
        assert tally.quarantined == len(intake.quarantine[table])
    assert all(describe(fault).isprintable() for fault in intake.faults)


@settings(max_examples=30, deadline=None)
@given(data=st.binary(max_size=200), suffix=st.sampled_from([".csv", ".xlsx"]))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    folder = write_trust(tmp_path_factory.mktemp("bytes"))
    (folder / f"returns{suffix}").write_bytes(data)

    intake = check_folder(folder)

    assert intake.refused == ("returns",)
    assert any(fault.file == f"returns{suffix}" for fault in intake.faults)
