"""The back-test of snapshots published later than any it was written on, against sums by hand."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.research.backtest.later import (
    LISTS,
    ORIGIN,
    SCHOOLS,
    TARGET,
    WINDOW,
    School,
    made_up_members,
    made_up_schools,
    write_later,
)
from workbench import cli
from workbench.research.backtest.cases import cases_after
from workbench.research.backtest.inputs import Inputs, read_inputs
from workbench.scenario.answers import read_model

DAYS = ("--origin", ORIGIN, "--target", TARGET)
NAMES = {"model", "persistence", "marginal", "last_grade_table"}
LEAST = 0.001  # chance of the logarithmic score, parameters/research.yaml


@pytest.fixture(scope="module")
def schools() -> list[School]:
    return made_up_schools()


@pytest.fixture(scope="module")
def folder(schools: list[School], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_later(tmp_path_factory.mktemp("later"), schools)


@pytest.fixture(scope="module")
def inputs(folder: Path) -> Inputs:
    return read_inputs(folder, read_model().start_bands)


def run(folder: Path) -> dict[str, Any]:
    arguments = ["backtest", *map(str, DAYS), "--from", str(folder), "--json"]
    result = CliRunner().invoke(cli.app, arguments)
    assert result.exit_code == 0, result.output
    said: dict[str, Any] = json.loads(result.stdout)
    return said


@pytest.fixture(scope="module")
def said(folder: Path) -> dict[str, Any]:
    return run(folder)


def test_scores_of_later_snapshots_are_those_worked_out_by_hand(
    said: dict[str, Any], schools: list[School]
) -> None:
    """Every school that the list of 2023 knows and that of 2024 has a new grade of, short or not.

    Schools that opened since, or bear the grade of an older URN, are not asked.
    """
    past = [each.known() for each in schools if each.known()[-1][0] >= WINDOW]
    asked = [each for each in schools if each.later is not None]
    marginal = sum(known[-1][1] <= 2 for known in past) / len(past)
    shares = defaultdict[int, list[bool]](list)
    for known in past:
        shares[known[-2][1]].append(known[-1][1] <= 2)
    table = {grade: sum(good) / len(good) for grade, good in shares.items()}
    forecasts: dict[str, list[float]] = {
        "persistence": [float(each.known()[-1][1] <= 2) for each in asked],
        "marginal": [marginal] * len(asked),
        "last_grade_table": [table[each.known()[-1][1]] for each in asked],
    }
    seen = [each.later[1] <= 2 for each in asked if each.later is not None]

    assert set(said["brier"]) == set(said["log_score"]) == NAMES
    assert (said["schools"], said["learnt_from"]) == (len(asked), len(past))
    assert said["share_good"]["seen"] == pytest.approx(sum(seen) / len(seen))
    for name, chances in forecasts.items():
        pairs = list(zip(chances, seen, strict=True))
        brier = sum((chance - good) ** 2 for chance, good in pairs) / len(pairs)
        held = [min(max(chance if good else 1 - chance, LEAST), 1 - LEAST)
                for chance, good in pairs]  # fmt: skip
        assert said["brier"][name] == pytest.approx(brier), name
        assert said["log_score"][name] == pytest.approx(-sum(map(math.log, held)) / len(held)), name
    # Absence tells of the strength that moves grades; a last grade tells less of it.
    assert said["brier"]["model"] < 0.96 * said["brier"]["last_grade_table"]
    assert said["log_score"]["model"] < said["log_score"]["last_grade_table"]


def test_trusts_of_later_lists_are_counted_as_the_lists_have_them(said: dict[str, Any]) -> None:
    lists = made_up_members()
    before, after = (
        Counter(uid for uid, _ in lists[day].values()) for day in (LISTS[-2], LISTS[-1])
    )
    [sizes, *goods] = said["pit"]

    assert said["not_tested"] is None
    assert (sizes["what"], sizes["day"]) == ("schools in the trust", str(LISTS[-1]))
    assert sizes["trusts"] == len(before)
    assert sizes["seen"] == pytest.approx(sum(after[uid] for uid in before) / len(before))
    assert len(goods) == 1
    for count in said["pit"]:
        assert len(count["histogram"]) == 10
        assert sum(count["histogram"]) == pytest.approx(1.0)
        assert {row["level"] for row in count["intervals"]} == {0.5, 0.8, 0.9}


def test_how_files_are_written_changes_nothing_that_is_read(
    inputs: Inputs, schools: list[School], tmp_path: Path
) -> None:
    other = read_inputs(write_later(tmp_path, schools, "cp1252"), read_model().start_bands)

    pd.testing.assert_frame_equal(inputs.visits, other.visits)
    pd.testing.assert_frame_equal(inputs.schools, other.schools)
    assert inputs.sources == other.sources
    assert not any("Ã" in str(area) for area in inputs.schools["authority"])


def test_what_is_published_after_the_target_takes_no_outcome_away(inputs: Inputs) -> None:
    """By 2026 a seventh of the schools have no grade overall: theirs of 2023/24 still count."""
    newest = inputs.visits["file"].str.contains("Jul_2026")
    without = replace(inputs, visits=inputs.visits[~newest])
    one, other = (cases_after(each, ORIGIN, TARGET) for each in (inputs, without))

    assert newest.sum() > SCHOOLS / 2
    pd.testing.assert_frame_equal(one.asked, other.asked)
    pd.testing.assert_frame_equal(one.told, other.told)


def test_a_history_beside_later_lists_is_held_back_only_where_they_lack_a_grade(
    inputs: Inputs, schools: list[School]
) -> None:
    """Every graded inspection under its day, and one of the week before the origin that nobody has.

    The list of 2023 has all the others by its day, as a last grade or as the one before.
    """
    late = schools[0].urn, pd.Timestamp(ORIGIN) - pd.Timedelta(days=7), 0
    rows = [
        (each.urn, pd.Timestamp(day), 4 - grade)
        for each in schools
        for day, grade in (each.before, each.last, *([each.later] if each.later else []))
    ]
    history = pd.DataFrame([*rows, late], columns=["urn", "date", "band"]).assign(
        file="history", listed=None, history=True, rows=0
    )
    told = pd.concat(
        [inputs.visits, history.astype(inputs.visits.dtypes.to_dict())], ignore_index=True
    )
    one, other = (cases_after(each, ORIGIN, TARGET)
                  for each in (inputs, replace(inputs, visits=told)))  # fmt: skip

    pd.testing.assert_frame_equal(one.told, other.told)
    pd.testing.assert_frame_equal(one.asked, other.asked)
    assert schools[0].later is not None
    assert schools[0].urn in one.asked.index


@pytest.fixture(scope="module")
def alone(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what is said of lists of grades by themselves."""
    return run(_only_grades(folder, tmp_path_factory.mktemp("alone")))


def _only_grades(folder: Path, to: Path) -> Path:
    for file in folder.glob("Management*.csv"):
        (to / file.name).write_bytes(file.read_bytes())
    return to


def test_grades_are_tested_where_there_are_neither_trusts_nor_figures(
    said: dict[str, Any], alone: dict[str, Any]
) -> None:
    assert alone["schools"] == said["schools"]
    for name in NAMES - {"model"}:
        assert alone["brier"][name] == said["brier"][name]
    assert alone["brier"]["model"] > said["brier"]["model"]
    assert alone["pit"] == []
    assert "no list of trusts" in alone["not_tested"]
    assert alone["golden_rule"] is None


def test_deprivation_that_lists_of_grades_give_is_told_where_there_is_no_figure(
    inputs: Inputs, schools: list[School], alone: dict[str, Any], tmp_path: Path
) -> None:
    """Made-up quintiles go with absence, and so with grades; without them the score is worse."""
    (untold := tmp_path / "untold").mkdir()
    write_later(tmp_path, [replace(each, fifth="") for each in schools])
    without = run(_only_grades(tmp_path, untold))

    assert alone["brier"]["model"] < without["brier"]["model"] - 0.005
    assert alone["brier"]["last_grade_table"] == without["brier"]["last_grade_table"]
    known = inputs.schools["deprivation"]
    assert known.loc[[each.urn for each in schools]].isna().sum() == SCHOOLS / 50


def test_however_a_quintile_is_written_it_is_read_and_no_other_number_is(
    schools: list[School], tmp_path: Path
) -> None:
    """3 as 3.0, nothing as NULL, as words or as what is no quintile."""
    others = iter(["NULL", "", "Not known", "0", "6", "2.5"] * SCHOOLS)
    written = [
        replace(each, fifth=f"{each.fifth}.0" if each.fifth else next(others)) for each in schools
    ]
    read = read_inputs(write_later(tmp_path, written), read_model().start_bands)
    found = read.schools["deprivation"].reindex([each.urn for each in schools])
    assert found.fillna(0).tolist() == [each.fifth or 0 for each in schools]
