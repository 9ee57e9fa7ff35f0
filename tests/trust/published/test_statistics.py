"""School statistics: a number or its marker, with the raw value and the file it came from."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from tests.trust.published.synthetic import write_csv
from workbench.trust.published.files import find
from workbench.trust.published.statistics import combine, newest, read_statistics

URNS = frozenset({900101, 900102})
CENSUS = (
    "URN",
    "LA",
    "NOR",
    "PSENELSE",
    "PSENELK",
    "PNUMEAL",
    "NUMFSM",
    "NUMFSMEVER",
    "PNUMFSMEVER",
)


def test_census_rows_short_of_their_last_columns_are_read(tmp_path: Path) -> None:
    rows = [["900101", "201", "200", "2.6%", "16.7%", "58.9%", "37", "36", "13.3%"],
            ["900102", "201", "769", "0%", "11.4%", "0%", "0"]]  # fmt: skip
    write_csv(tmp_path / "2020-2021_census.csv", CENSUS, rows, encoding="utf-8-sig")
    [file] = find(tmp_path).files

    table, notes = read_statistics(file, URNS)

    first = table[table["urn"] == 900101].set_index("measure")
    assert first.loc["sen_support_percent", "value"] == 16.7
    assert first.loc["ehc_plan_percent", "raw"] == "2.6%"
    assert first.loc["fsm_percent", "value"] == 18.5
    assert first.loc["fsm_percent", "raw"] == "37 of 200"
    assert set(table["period"]) == {"2020/21"}
    assert "fsm_ever_6_percent" not in set(table.loc[table["urn"] == 900102, "measure"])
    assert not notes


def test_markers_stand_without_a_number_and_unknown_text_is_counted(tmp_path: Path) -> None:
    rows = [["1", "900101", "SUPP", "NE", "x"], ["1", "900102", "30", "-0.2", "few"], ["4", "201"]]
    write_csv(tmp_path / "2019" / "ks4.csv", ("RECTYPE", "URN", "ATT8SCR", "P8MEA", "TPUP"), rows)
    [file] = find(tmp_path).files

    table, notes = read_statistics(file, URNS)

    marked = table[table["marker"].notna()]
    assert dict(zip(marked["measure"], marked["marker"], strict=True)) == {
        "attainment_8": "SUPP", "progress_8": "NE", "key_stage_4_pupils": "x",
    }  # fmt: skip
    assert marked["value"].isna().all()
    assert marked["raw"].tolist() == ["x", "SUPP", "NE"]
    assert table.loc[table["urn"] == 900102, "value"].tolist() == [30, -0.2]
    assert notes == {"TPUP is not a number or a known marker: 'few'": 1}


def test_workforce_pay_is_read_from_pounds_and_an_oddly_spaced_header(tmp_path: Path) -> None:
    header = ("URN", "Total Number of Teachers (Full-Time Equivalent)", "Pupil:     Teacher Ratio",
              "Mean Gross FTE Salary of All Teachers (£s)")  # fmt: skip
    write_csv(tmp_path / "2021" / "swf.csv", header, [["900101", "19.0", "14.2", "£48,747"]])
    [file] = find(tmp_path).files

    table, _ = read_statistics(file, URNS)

    assert dict(zip(table["measure"], table["value"], strict=True)) == {
        "teachers_fte": 19.0, "pupil_teacher_ratio": 14.2, "mean_teacher_pay_gbp": 48747.0,
    }  # fmt: skip


def test_years_that_began_after_the_folders_day_are_left_out() -> None:
    table = pd.DataFrame({
        "urn": [900101] * 3, "period": ["2020/21", "2021/22", "2022/23"], "measure": "pupils",
        "value": [1.0, 2.0, 3.0],
    })  # fmt: skip

    assert combine([table], dt.date(2022, 8, 31))["period"].tolist() == ["2020/21", "2021/22"]
    assert combine([table], dt.date(2022, 9, 15))["period"].tolist()[-1] == "2022/23"


def test_the_newest_number_passes_over_markers() -> None:
    table = pd.DataFrame({
        "urn": [900101, 900101], "period": ["2020/21", "2021/22"], "measure": "pupils",
        "value": [210.0, None],
    })  # fmt: skip

    assert newest(table, "pupils").to_dict() == {900101: 210.0}
