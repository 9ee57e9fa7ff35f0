"""An analysis kept as tables: every column is in the data dictionary, and nothing else is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from workbench.errors import BadInput
from workbench.research.impact.analysis import Analysis, analyse, subject_of
from workbench.research.impact.dictionary import GRADES, IMPACT, NUMBERS
from workbench.research.impact.grade_analysis import GradeAnalysis, analyse_grades
from workbench.research.impact.keep import keep_impact, tables_of, tables_of_grades
from workbench.research.kept_tables import ABOUT, DICTIONARY


@pytest.fixture(scope="module")
def found() -> Analysis:
    return analyse(subject_of("demo", ""))


@pytest.fixture(scope="module")
def grades() -> GradeAnalysis:
    return analyse_grades("demo")


@pytest.fixture(scope="module")
def folder(
    found: Analysis, grades: GradeAnalysis, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return keep_impact(found, grades, folder=tmp_path_factory.mktemp("impact"))


def test_every_column_kept_is_in_the_dictionary_and_every_one_of_it_is_kept(folder: Path) -> None:
    said = pd.read_csv(folder / DICTIONARY)
    assert said["meaning"].notna().all()
    assert said["what_a_row_is"].notna().all()
    kept = {path.stem for path in folder.glob("*.parquet")}
    assert kept == set(IMPACT.tables) == set(IMPACT.columns) == set(said["table"])
    for name, own in said.groupby("table"):
        for table in (pd.read_parquet(folder / f"{name}.parquet"),
                      pd.read_csv(folder / f"{name}.csv")):  # fmt: skip
            assert list(table.columns) == own["column"].tolist(), name


def test_a_dictionary_goes_only_with_the_tables_kept(found: Analysis, tmp_path: Path) -> None:
    folder = keep_impact(found, folder=tmp_path / "numbers")
    assert set(pd.read_csv(folder / DICTIONARY)["table"]) == set(NUMBERS.tables)
    assert not set(NUMBERS.tables) & set(GRADES.tables)


def test_tables_hold_what_was_found(found: Analysis, folder: Path) -> None:
    ways = pd.read_parquet(folder / "estimates.parquet").set_index("way")
    overall = found.plain.overall()
    assert ways["estimate"]["As planned"] == overall.value
    assert ways["low"]["As planned"] == overall.interval.lower
    plan = pd.read_parquet(folder / "plan.parquet").set_index("part")["choice"].to_dict()
    assert plan["comparison"] == found.plan.comparison
    assert json.loads(plan["grades.last_grades"]) == [3]
    parted = pd.read_parquet(folder / "departures.parquet").set_index("departure")
    assert found.departure is not None
    assert parted["estimate"]["none"] == overall.value
    assert parted["estimate"]["seen"] == found.departure.net.value
    low = parted["low"].to_dict()
    assert low["detectable"] < low["none"]
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    assert about["made_up"]
    assert about["grades_plan_written"] == "after results"


def test_few_schools_are_not_counted_out(grades: GradeAnalysis) -> None:
    table = tables_of_grades(grades)["grades_at_joining"].set_index("grade")
    assert table["joined"].isna().tolist() == table["joined_share"].isna().tolist()
    assert table["joined"].isna().tolist() == [True, False, False, True]
    assert int(table["joined"].max()) > 500


def test_the_same_analysis_gives_the_same_bytes_and_leaves_other_folders_alone(
    found: Analysis, tmp_path: Path
) -> None:
    one, other = (keep_impact(found, folder=tmp_path / name) for name in ("one", "other"))
    for path in one.iterdir():
        assert path.read_bytes() == (other / path.name).read_bytes()
    keep_impact(found, folder=one)  # takes the place of the one before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "note.txt").touch()
    with pytest.raises(BadInput, match="something else than an analysis of impact"):
        keep_impact(found, folder=tmp_path / "mine")


def test_an_analysis_without_a_history_keeps_empty_tables(found: Analysis) -> None:
    tables = tables_of(replace(found, departure=None))
    assert tables["departures"].empty
    assert list(tables["departures"].columns) == list(NUMBERS.columns["departures"])
