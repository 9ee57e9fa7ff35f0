"""Which judgement stands at a school, and since when it has been sound."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from workbench.trust.contracts import TABLES
from workbench.trust.inspections import AREAS, SUB_JUDGEMENTS, latest_inspections
from workbench.trust.load import Trust

URN = 900101
GOOD = dict.fromkeys(SUB_JUDGEMENTS[:4], "good")
EXPECTED = {"safeguarding": "met", **dict.fromkeys(AREAS[:6], "expected standard")}


def _table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    empty = TABLES[name].empty()
    if not rows:
        return empty
    frame = pd.DataFrame(rows).reindex(columns=list(empty.columns))
    for column in [name for name in frame if str(empty[name].dtype).startswith("datetime")]:
        frame[column] = pd.to_datetime(frame[column])
    return frame.astype(empty.dtypes.to_dict())


def _latest(
    oeif: list[dict[str, object]] | None = None, cards: list[dict[str, object]] | None = None
) -> pd.Series:
    school = {"urn": URN, "name": "Test", "phase": "primary", "joined": "2020-09-01"}
    rows = {
        "schools": [school],
        "inspections_oeif": [{"urn": URN, "kind": "graded", **row} for row in oeif or []],
        "inspections_report_card": [{"urn": URN, **EXPECTED, **row} for row in cards or []],
    }
    tables = {name: _table(name, rows.get(name, [])) for name in TABLES}
    trust = Trust(uid=1, name="Test", as_of=dt.date(2026, 10, 31), folder=Path(), tables=tables)
    found = latest_inspections(trust)
    assert len(found) == 1
    return found.iloc[0]


def test_a_school_nobody_has_inspected_is_unrated_and_blank() -> None:
    found = _latest()
    assert not found["rated"]
    assert found.drop(["urn", "rated"]).isna().all()


def test_the_latest_graded_inspection_stands() -> None:
    found = _latest(
        [
            {"inspection_date": "2021-03-01", "overall": "good"},
            {"inspection_date": "2018-03-01", "overall": "requires improvement"},
        ]
    )
    assert found["overall"] == "good"
    assert found["inspection_date"] == pd.Timestamp("2021-03-01")
    assert found["performing_since"] == pd.Timestamp("2021-03-01")


@pytest.mark.parametrize("kind", ["ungraded", "monitoring"])
def test_a_visit_without_grades_leaves_the_judgement_standing(kind: str) -> None:
    found = _latest(
        [
            {"inspection_date": "2019-03-01", "overall": "requires improvement"},
            {"inspection_date": "2021-03-01", "kind": kind, "leadership_and_management": "good"},
        ]
    )
    assert found["overall"] == "requires improvement"
    assert found["inspection_date"] == pd.Timestamp("2019-03-01")
    assert found["last_visit"] == pd.Timestamp("2021-03-01")


def test_a_year_without_overall_grades_gives_no_overall_but_the_lowest_judgement() -> None:
    found = _latest(
        [
            {"inspection_date": "2019-03-01", "overall": "outstanding"},
            {
                "inspection_date": "2025-03-01",
                **GOOD,
                "leadership_and_management": "requires improvement",
            },
        ]
    )
    assert found["rated"]
    assert found["basis"] == "sub-judgements"
    assert pd.isna(found["overall"])
    assert found["worst_judgement"] == "requires improvement"
    assert pd.isna(found["performing_since"])


def test_a_report_card_replaces_an_older_grade_without_taking_over_its_words() -> None:
    found = _latest(
        [{"inspection_date": "2021-03-01", "overall": "outstanding"}],
        [
            {
                "inspection_date": "2026-03-01",
                "achievement": "needs attention",
                "leadership_and_governance": "urgent improvement",
                "inclusion": "exceptional",
                "early_years": "strong standard",
            }
        ],
    )
    assert found["framework"] == "report card"
    assert pd.isna(found["overall"])
    assert pd.isna(found["worst_judgement"])
    counts = found[
        ["judged_areas", "urgent_areas", "attention_areas", "below_expected_areas", "strong_areas"]
    ]
    assert counts.tolist() == [7, 1, 1, 2, 2]
    assert found["leadership_needs_attention"]
    assert found["area_achievement"] == "needs attention"


def test_a_sound_run_crosses_the_eras_each_judged_by_its_own_words() -> None:
    found = _latest(
        [
            {"inspection_date": "2015-03-01", "overall": "inadequate"},
            {"inspection_date": "2018-03-01", "overall": "good"},
            {"inspection_date": "2022-03-01", "overall": "outstanding"},
        ],
        [{"inspection_date": "2026-03-01"}],
    )
    assert found["performing_since"] == pd.Timestamp("2018-03-01")


def test_safeguarding_not_met_ends_a_sound_run() -> None:
    found = _latest(
        [{"inspection_date": "2018-03-01", "overall": "good"}],
        [{"inspection_date": "2026-03-01", "safeguarding": "not met"}],
    )
    assert found["safeguarding_met"] is False or not found["safeguarding_met"]
    assert pd.isna(found["performing_since"])


def test_an_inspection_under_another_urn_does_not_rate_the_school() -> None:
    found = _latest(
        [{"inspection_date": "2018-03-01", "overall": "inadequate", "urn_at_inspection": 100001}]
    )
    assert not found["rated"]
    assert pd.isna(found["worst_judgement"])
    assert found["predecessor_inspected"] == pd.Timestamp("2018-03-01")


def test_the_demo_trust_has_one_row_a_school_and_one_unrated(demo_trust: Trust) -> None:
    found = latest_inspections(demo_trust)
    assert found["urn"].tolist() == demo_trust.schools["urn"].tolist()
    assert found.loc[~found["rated"], "urn"].tolist() == [900010]
    assert found["framework"].value_counts().to_dict() == {"oeif": 9, "report card": 4}
    assert found.loc[found["category"].notna(), "urn"].tolist() == [900012]


def test_without_any_inspection_table_every_school_is_unrated(demo_trust: Trust) -> None:
    bare = {
        name: TABLES[name].empty() if name.startswith("inspections") else table
        for name, table in demo_trust.tables.items()
    }
    found = latest_inspections(replace(demo_trust, tables=bare))
    assert len(found) == 14
    assert not found["rated"].any()
