"""The demo trust: invented, reproducible byte for byte, free of faults, full of life."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench import paths
from workbench.measures.distance import great_circle_km
from workbench.terms import Term
from workbench.trust.contracts import TABLES
from workbench.trust.demo import write_demo
from workbench.trust.intake import check_folder
from workbench.trust.load import Trust

STORY = (
    "trust", "inspections_oeif", "inspections_report_card", "kpis", "documents", "skills",
    "succession", "executive_time", "process_steps", "projects", "review_criteria",
    "theory_of_the_case",
)  # fmt: skip


def _bytes(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_committed_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    write_demo(tmp_path)
    assert _bytes(tmp_path) == _bytes(paths.demo())


def test_another_seed_moves_the_drawn_part_and_keeps_the_story(tmp_path: Path) -> None:
    write_demo(tmp_path, seed=1)
    other, committed = _bytes(tmp_path), _bytes(paths.demo())
    changed = {name for name in committed if other[name] != committed[name]}
    assert {name for name in committed if "/" not in name} - changed == {
        f"{table}.csv" for table in STORY
    }
    assert {name for name in changed if "/" in name} == set()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_seed_gives_a_folder_without_faults(tmp_path: Path, seed: int) -> None:
    write_demo(tmp_path, seed=seed)
    intake = check_folder(tmp_path)
    assert list(intake.faults) == []


def test_the_committed_folder_has_every_table_and_no_fault(demo_trust: Trust) -> None:
    intake = check_folder(paths.demo())
    assert list(intake.faults) == []
    assert demo_trust.absent == ()
    assert {name for name in _bytes(paths.demo()) if "/" not in name} == {
        f"{name}.csv" for name in TABLES
    }


def test_it_is_a_county_of_fourteen_schools_off_the_coast(demo_trust: Trust) -> None:
    schools = demo_trust.schools
    assert schools["phase"].value_counts().to_dict() == {
        "primary": 10,
        "secondary": 3,
        "special": 1,
    }
    latitude, longitude = schools["latitude"].to_numpy(), schools["longitude"].to_numpy()
    apart = great_circle_km(latitude[:, None], longitude[:, None], latitude, longitude)
    assert apart.max() < 35
    assert apart[~np.eye(len(schools), dtype=bool)].min() >= 1.9
    # England east of 1 degree ends south of 53 degrees north.
    assert latitude.min() > 53.3
    assert longitude.min() > 1.0


def test_it_holds_the_faults_of_life(demo_trust: Trust) -> None:
    people, returns, support = demo_trust.people, demo_trust.returns, demo_trust.support
    vacant = people[(people["status"] == "vacant") & people["until"].isna()]
    assert sorted(vacant["role"]) == ["head", "improvement lead"]
    assert returns["received"].isna().sum() == 1
    assert (returns["received"] > returns["due"]).sum() >= 1
    assert (support["started"].notna() & support["ended"].isna()).sum() == 1
    assert support["started"].isna().sum() == 1
    cards = demo_trust.inspections_report_card
    assert cards["category"].notna().sum() == 1
    assert set(demo_trust.school_statistics["marker"].dropna()) == {"c", "x", "z"}


def test_it_tells_three_years(demo_trust: Trust) -> None:
    periods = demo_trust.school_statistics.query("measure == 'absence_percent'")["period"].unique()
    terms = sorted(Term.parse(period) for period in periods)
    assert [term - terms[0] for term in terms] == list(range(9))
    assert demo_trust.support["triggered"].min() < pd.Timestamp("2023-10-01")


def test_no_real_school_or_trust_carries_its_names(england: Path, demo_trust: Trust) -> None:
    real = _names(england / "gias" / "edubaseallacademiesandfree20211231.csv", "EstablishmentName")
    real |= _names(england / "gias" / "edubasealldata_surrey2021.csv", "EstablishmentName")
    for links in sorted((england / "gias").glob("grouplinks_*.csv")):
        real |= _names(links, "EstablishmentName") | _names(links, "Group Name")
    trusts = _names(england / "gias" / "allgroupsdata20220915.csv", "Group Name")
    assert len(real) > 9_000
    assert len(trusts) > 5_000
    first_words = {name.split()[0].casefold() for name in demo_trust.schools["name"]}
    assert not {word for word in first_words if any(word in name for name in real)}
    assert not {name for name in trusts | real if "merrowfen" in name}


def _names(path: Path, column: str) -> set[str]:
    with path.open(encoding="cp1252", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        if column not in header:
            return set()
        place = header.index(column)
        return {row[place].casefold() for row in rows if len(row) > place}
