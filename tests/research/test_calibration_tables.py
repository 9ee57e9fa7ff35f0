"""A calibration kept as tables: every column is in the data dictionary, and nothing else is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from workbench.research.calibration import Calibration, calibrate_demo
from workbench.research.calibration_tables import CALIBRATION, keep_calibration, tables_of
from workbench.research.kept_tables import ABOUT, DICTIONARY
from workbench.scenario.answers import read_model


@pytest.fixture(scope="module")
def found() -> Calibration:
    return calibrate_demo(read_model(), schools=1000)


def test_every_column_kept_is_in_the_dictionary_and_every_one_of_it_is_kept(
    found: Calibration, tmp_path: Path
) -> None:
    made = set()
    for name, table in tables_of(found).items():
        assert list(table.columns) == list(CALIBRATION.columns[name])
        assert name == "notes" or table.notna().all(axis=None), name
        made.add(name)
    assert made == set(CALIBRATION.tables) == set(CALIBRATION.columns)
    folder = keep_calibration(found, tmp_path / "kept")
    said = pd.read_csv(folder / DICTIONARY)
    assert said[["meaning", "what_a_row_is"]].notna().all(axis=None)
    for kept, own in said.groupby("table"):
        for table in (pd.read_parquet(folder / f"{kept}.parquet"),
                      pd.read_csv(folder / f"{kept}.csv")):  # fmt: skip
            assert list(table.columns) == own["column"].tolist(), kept
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    assert about["schools"] == found.fitted.schools


def test_tables_hold_what_was_fitted(found: Calibration) -> None:
    tables = tables_of(found)
    rates = tables["rates"].set_index("parameter")
    assert rates["proposed"]["improve.fall_secure"]
    assert not rates["proposed"]["improve.rise_attention"]
    cells = tables["seen_and_expected"].groupby(["before", "years"])
    assert (cells["seen"].sum() == cells["inspections"].first()).all()
    shares = tables["later_grades"].groupby("last_seen")[["seen", "forecast"]].sum()
    assert shares.to_numpy() == pytest.approx(1.0)


def test_without_later_grades_their_tables_are_empty_but_have_their_columns(
    found: Calibration,
) -> None:
    tables = tables_of(replace(found, later=None))
    for name in ("later_grades", "recovered", "growth_model"):
        assert tables[name].empty
        assert list(tables[name].columns) == list(CALIBRATION.columns[name])
