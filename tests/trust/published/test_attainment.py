"""Attainment and absence by school: official headers, trimmed copies, markers and versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trust.published.synthetic import write_csv
from workbench.trust.published import kinds
from workbench.trust.published.files import find
from workbench.trust.published.statistics import read_statistics, settled_first

URNS = frozenset({900101, 900102})


def _values(folder: Path) -> dict[tuple[int, str], float]:
    [file] = find(folder).files
    table, _ = read_statistics(file, URNS)
    known = table[table["value"].notna()]
    return dict(zip(zip(known["urn"], known["measure"], strict=True), known["value"], strict=True))


def test_official_key_stage_2_columns_are_read_with_their_markers(tmp_path: Path) -> None:
    header = ("RECTYPE", "LEA", "URN", "SCHNAME", "TELIG", "PTRWM_EXP", "PTRWM_HIGH", "READPROG",
              "READ_AVERAGE")  # fmt: skip
    rows = [
        ["1", "201", "900101", "A", "28", "65%", "7%", "-1.2", "104"],
        ["1", "201", "900102", "B", "SUPP", "SUPP", "LOWCOV", "NP", "NE"],
        ["4", "", "NAT", "England", "650000", "61%", "8%", "0", "105"],
    ]
    write_csv(tmp_path / "2023-2024" / "ks2.csv", header, rows, encoding="utf-8-sig")
    [file] = find(tmp_path).files
    assert (file.kind, file.period) == (kinds.KEY_STAGE_2, "2023/24")
    table, notes = read_statistics(file)

    assert set(table["urn"]) == {900101, 900102}  # the national row has no URN
    marked = table[table["marker"].notna()].set_index("measure")
    assert marked["value"].isna().all()
    assert marked.loc["key_stage_2_expected_percent", "marker"] == "SUPP"
    assert marked.loc["key_stage_2_higher_percent", "raw"] == "LOWCOV"
    assert _values(tmp_path)[900101, "key_stage_2_expected_percent"] == 65.0
    assert _values(tmp_path)[900101, "key_stage_2_reading_progress"] == -1.2
    assert not notes


def test_trimmed_copies_give_the_same_measures(tmp_path: Path) -> None:
    write_csv(tmp_path / "a" / "school_ks2_2018.csv",
              ("URN", "KS2 Pupils", "Overall Meet Std", "Overall Exceed Std", "Academic Year"),
              [["900101", "26", "88%", "8%", "2018"]])  # fmt: skip
    write_csv(tmp_path / "b" / "school_ks4_2018.csv",
              ("URN", "KS4 Pupils", "Progress 8", "Attainment 8", "Eng Maths Grade 5"),
              [["900102", "197", "", "44.9", "41%"]])  # fmt: skip

    assert _values(tmp_path / "a") == {
        (900101, "key_stage_2_pupils"): 26.0,
        (900101, "key_stage_2_expected_percent"): 88.0,
        (900101, "key_stage_2_higher_percent"): 8.0,
    }
    assert _values(tmp_path / "b") == {
        (900102, "key_stage_4_pupils"): 197.0,
        (900102, "attainment_8"): 44.9,
        (900102, "grade_5_english_maths_percent"): 41.0,
    }
    assert {file.period for file in find(tmp_path).files} == {"2017/18"}


def test_key_stage_4_without_progress_8_is_still_known(tmp_path: Path) -> None:
    """Progress 8 was not published for 2024-25 and 2025-26 (DfE, secondary accountability)."""
    header = ("RECTYPE", "URN", "TPUP", "ATT8SCR", "PTL2BASICS_95")
    write_csv(tmp_path / "2024-2025" / "ks4.csv", header, [["1", "900101", "150", "46.1", "45%"]])

    assert _values(tmp_path)[900101, "attainment_8"] == 46.1


def test_tables_of_trusts_are_not_taken_for_tables_of_schools(tmp_path: Path) -> None:
    header = ("CHAINID", "UID", "CHAINNAME", "TELIG", "TPUP", "ATT8SCR", "PTRWM_EXP")
    write_csv(tmp_path / "2019" / "mats.csv", header, [["1", "70", "Alder", "9", "9", "40", "50%"]])

    assert find(tmp_path).files == ()


def test_pupils_and_sessions_of_absence_are_read_where_they_are_given(tmp_path: Path) -> None:
    header = ("URN", "PERCTOT", "PPERSABS10", "ENROLMENTS", "SESS_POSSIBLE", "SESS_OVERALL")
    write_csv(tmp_path / "2019" / "abs.csv", header,
              [["900101", "4.3", "11", "210", "63000", "2709"]])  # fmt: skip

    found = _values(tmp_path)

    assert found[900101, "absence_pupils"] == 210.0
    possible = found[900101, "absence_possible_sessions"]
    share = found[900101, "absence_missed_sessions"] / possible
    assert 100 * share == pytest.approx(found[900101, "absence_percent"])


def test_final_figures_speak_before_revised_and_provisional_ones(tmp_path: Path) -> None:
    header = ("RECTYPE", "URN", "TPUP", "ATT8SCR")
    for name in ("a_provisional", "b", "c_revised", "d_final"):
        write_csv(tmp_path / "2019" / f"{name}.csv", header, [["1", "900101", "1", "1"]])

    ordered = [file.path.stem for file in settled_first(find(tmp_path).files)]

    assert ordered == ["d_final", "c_revised", "b", "a_provisional"]


def test_the_real_tables_of_2018_hold_what_was_counted_another_way(england: Path) -> None:
    """Counted from the text: rows of each file, and one school's own line."""
    found = find(england / "performance-tables")
    [ks2] = [file for file in found.of(kinds.KEY_STAGE_2) if file.period == "2017/18"]
    table, notes = read_statistics(ks2)
    lines = ks2.path.read_text("ascii").splitlines()

    assert not notes
    pupils = table[table["measure"].eq("key_stage_2_pupils")]
    assert len(pupils) == sum(line.split(",")[1] != "" for line in lines[1:])
    own = table[table["urn"].eq(138305)].set_index("measure")["value"]
    assert own["key_stage_2_expected_percent"] == 88.0
    assert own["key_stage_2_reading_progress"] == 3.1
