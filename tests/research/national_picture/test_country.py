"""England is read whole from published files: every trust, open schools only, each era's words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from workbench.errors import BadInput
from workbench.parameters.golden_rule import load_golden_rule
from workbench.research.national_picture.country import (
    Country,
    closed_by,
    read_country,
    with_standing,
)
from workbench.trust.published.files import find

SCHOOL_INFORMATION = ("URN", "SCHNAME", "SCHSTATUS", "CLOSEDATE", "OFSTEDRATING", "OFSTEDLASTINSP")


@pytest.fixture(scope="module")
def real(england: Path) -> Country:
    return read_country(england)


def test_every_trust_of_the_latest_group_links_is_there(real: Country) -> None:
    assert real.source == "published"
    assert 1_000 < len(real.trusts) < 2_000
    assert real.schools["urn"].is_unique
    assert len(real.schools) > 20_000
    assert set(real.membership["urn"]) <= set(real.schools["urn"])
    inside = real.schools.dropna(subset=["trust_uid"])
    assert sorted(real.membership["urn"]) == sorted(inside["urn"])
    assert (real.membership["joined"] <= pd.Timestamp(real.as_of)).all()
    assert all(real.about.values())


def test_no_school_is_weak_without_a_grade_below_good(real: Country) -> None:
    schools = with_standing(real, load_golden_rule().policy("article"))
    weak = schools[schools["weak"]]
    judged = real.judgements.set_index("urn").loc[weak["urn"]]
    older = judged[judged["framework"] == "oeif"]
    poor = {"requires improvement", "inadequate"}
    named = older["worst_judgement"].isin(poor) | older["category"].notna()
    assert named.all()
    assert 0.03 < len(weak) / schools["rated"].sum() < 0.3


def information(folder: Path, *rows: tuple[str, ...]) -> frozenset[int]:
    """The schools closed by 15 September 2022 by a file of school information."""
    lines = [",".join(SCHOOL_INFORMATION), *(",".join(row) for row in rows)]
    (folder / "information.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return closed_by(find(folder), dt.date(2022, 9, 15))


def test_schools_that_closed_by_the_day_are_known_and_those_yet_to_close_are_open(
    tmp_path: Path,
) -> None:
    assert information(
        tmp_path,
        ("900001", "Alder", "Open", "", "Good", "01-05-2019"),
        ("900002", "Birch", "Closed", "31-08-2021", "Good", "01-05-2019"),
        ("900003", "Clay", "Open but proposed to close", "31-08-2022", "Good", "01-05-2019"),
        ("900004", "Dove", "Closed", "31-12-2022", "Good", "01-05-2019"),  # said later
        ("900005", "Elm", "Closed", "", "Good", "01-05-2019"),
        ("900006", "Fern", "Open", "15-09-2022", "Good", "01-05-2019"),
    ) == {900002, 900003, 900005, 900006}


def test_a_folder_without_group_links_is_refused(tmp_path: Path) -> None:
    information(tmp_path, ("900001", "Alder", "Open", "", "Good", "01-05-2019"))
    with pytest.raises(BadInput, match="no GIAS group links"):
        read_country(tmp_path)
