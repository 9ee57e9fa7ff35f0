"""A kept back-test holds what its dictionary says, the same bytes each time."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from workbench.errors import BadInput
from workbench.research.backtest.dictionary import BACKTEST, COLUMNS, TABLES
from workbench.research.backtest.keep import keep_backtest, tables_of
from workbench.research.backtest.run import Backtest
from workbench.research.kept_tables import ABOUT, DICTIONARY
from workbench.trust.digests import digest_of_file


def test_every_column_of_every_table_is_in_the_dictionary(found: Backtest) -> None:
    tables = tables_of(found)
    assert set(tables) == set(TABLES) == set(COLUMNS)
    for name, table in tables.items():
        assert list(table) == list(COLUMNS[name])
        assert len(table)
    assert BACKTEST.frame().notna().all().all()


def test_tables_hold_what_was_scored(found: Backtest) -> None:
    tables = tables_of(found)
    schools = tables["schools"]
    error = ((schools["model"] - schools["good"]) ** 2).mean()
    assert error == pytest.approx(tables["scores"].set_index("forecast")["brier"]["model"])
    assert not schools["closed"].any()
    trusts = tables["trusts"]
    last = trusts[trusts["what"].eq("schools") & trusts["day"].eq(trusts["day"].max())]
    held = last["seen"].between(last["lower"], last["upper"]).mean()
    wide = tables["intervals"]
    row = wide[wide["what"].eq("schools") & wide["trusts"].eq("every trust")]
    assert held == pytest.approx(row[row["level"].eq(0.8)]["seen"].iloc[-1])


def test_the_same_backtest_is_kept_alike_and_told_by_its_digests(
    found: Backtest, tmp_path: Path
) -> None:
    one, two = (keep_backtest(found, tmp_path / name) for name in ("one", "two"))
    said = json.loads((one / ABOUT).read_text(encoding="utf-8"))
    assert (one / ABOUT).read_bytes() == (two / ABOUT).read_bytes()
    assert said["rules"]["penalty"] == found.rules.penalty.value
    assert said["sha256"] == {
        path.name: digest_of_file(path) for path in one.iterdir() if path.name != ABOUT
    }
    assert len(pd.read_csv(one / DICTIONARY)) == len(BACKTEST.frame())
    assert len(pd.read_parquet(one / "schools.parquet")) == len(found.grades.cases)
    keep_backtest(found, two)  # takes the place of the one before


def test_a_folder_that_holds_something_else_is_left_alone(found: Backtest, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="something else than a back-test"):
        keep_backtest(found, tmp_path)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
