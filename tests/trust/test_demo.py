"""The demo trust: invented, reproducible byte for byte, free of faults, full of life."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench import paths
from workbench.measures.control_charts import ControlChart, control_chart
from workbench.measures.distance import great_circle_km
from workbench.pillars.profile import profile
from workbench.pillars.scope import Scope, pillar_settings
from workbench.terms import Term
from workbench.trust.contracts import TABLES
from workbench.trust.contracts_evidence import COMMITMENT_ITEMS
from workbench.trust.demo import write_demo
from workbench.trust.document_files import read_text
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


def test_a_lead_post_stood_empty_once_and_was_filled(demo_trust: Trust) -> None:
    leads = demo_trust.people[demo_trust.people["role"] == "improvement lead"]
    empty = leads[(leads["status"] == "vacant") & leads["until"].notna()]
    [[post, until]] = empty[["post_id", "until"]].to_numpy().tolist()
    after = leads[(leads["post_id"] == post) & (leads["since"] == until + pd.Timedelta(days=1))]
    assert after["status"].to_list() == ["filled"]
    given = demo_trust.support[demo_trust.support["provider_post"] == post]
    assert (given["started"] > until).all(), "nobody gives support from an empty post"


def test_every_indicator_of_the_trust_has_a_value_but_one_that_does_not_apply(
    demo_trust: Trust,
) -> None:
    found = profile(Scope(demo_trust, pillar_settings())).indicators
    assert {key: one.rating for key, one in found.items() if one.value is None} == {
        "executive_span": "not applicable",  # improvement leads are in post
    }


def test_it_tells_three_years(demo_trust: Trust) -> None:
    periods = demo_trust.school_statistics.query("measure == 'absence_percent'")["period"].unique()
    terms = sorted(Term.parse(period) for period in periods)
    assert [term - terms[0] for term in terms] == list(range(9))
    assert demo_trust.support["triggered"].min() < pd.Timestamp("2023-10-01")


@pytest.mark.parametrize(
    ("table", "urn", "day"),
    [
        ("staff_survey", "urn", "wave"),
        ("parent_survey", "urn", "wave"),
        ("pupil_survey", "urn", "wave"),
        ("talent_audit", "urn", "employed_since"),
        ("role_documents", "urn", "dated"),
        ("networks", "urn", "held"),
        ("priorities", "urn", "set_on"),
        ("source_judgements", "urn", "made"),
        ("peer_reviews", "reviewed_urn", "held"),
        ("peer_reviews", "reviewer_urn", "held"),
        ("pupil_visits", "visited_urn", "held"),
        ("pupil_visits", "visiting_urn", "held"),
        ("board_reports", "urn", "due"),
        ("qa_reviews", "urn", "planned"),
        ("self_evaluations", "urn", "made"),
        ("forecasts", "urn", "made"),
        ("projects", "urn", "started"),
        ("returns", "urn", "due"),
    ],
)
def test_no_school_has_a_record_in_the_trust_before_it_joined(
    demo_trust: Trust, table: str, urn: str, day: str
) -> None:
    rows = demo_trust.tables[table].dropna(subset=[urn])
    joined = rows[urn].astype("int64").map(demo_trust.schools.set_index("urn")["joined"])
    if day == "wave":
        terms = [
            Term.of(when) - Term.parse(wave) for when, wave in zip(joined, rows[day], strict=True)
        ]
        assert max(terms) <= 0
    else:
        assert (rows[day] >= joined).all()


def test_answers_are_enough_to_show_at_most_schools_and_too_few_at_two(demo_trust: Trust) -> None:
    staff = demo_trust.tables["staff_survey"]
    assert staff.groupby("wave").size().between(220, 260).all()
    answers = staff.groupby(["urn", "wave"]).size()
    assert set(answers[answers < 10].index.get_level_values("urn")) == {900007, 900014}
    for table in ("parent_survey", "pupil_survey"):
        assert demo_trust.tables[table].groupby("wave").size().between(250, 400).all()


def test_commitment_is_weakest_where_schools_joined_last(demo_trust: Trust) -> None:
    staff = demo_trust.tables["staff_survey"]
    means = staff.groupby("urn")[list(COMMITMENT_ITEMS)].mean().mean(axis=1).sort_values()
    assert set(means.index[:3]) == {900009, 900010, 900013}


def test_absence_has_a_new_cause_at_two_schools_only(demo_trust: Trust) -> None:
    table = demo_trust.tables["attendance"].sort_values("begins")
    table["absence"] = 100 * table["missed_sessions"] / table["possible_sessions"]
    charts = {
        urn: control_chart(rows["absence"].tolist(), direction="down")
        for urn, rows in table.groupby("urn")
    }
    variation = {
        urn: chart.variation for urn, chart in charts.items() if isinstance(chart, ControlChart)
    }
    assert len(variation) == 13
    assert {urn for urn, kind in variation.items() if kind != "common cause"} == {900004, 900012}
    assert (variation[900004], variation[900012]) == ("improvement", "concern")


def test_one_cohort_is_too_small_to_show_and_groups_add_up(demo_trust: Trust) -> None:
    table = demo_trust.tables["attainment"]
    small = table[table["pupils"] < 6]
    assert set(zip(small["urn"], small["group"], small["pupils"], strict=True)) == {
        (900007, "disadvantaged", 4)
    }
    counts = table.pivot_table(
        index=["urn", "results", "measure"], columns="group", values="pupils", observed=True
    )
    assert (counts["all"] == counts["disadvantaged"] + counts["not disadvantaged"]).all()


def test_one_author_wrote_three_sources_of_a_school(demo_trust: Trust) -> None:
    table = demo_trust.tables["source_judgements"]
    written = table.groupby(["urn", "area", "author"])["source"].nunique()
    assert written[written > 1].to_dict() == {(900005, "curriculum and teaching", "P010"): 3}


def test_evidence_is_stale_at_two_schools(demo_trust: Trust) -> None:
    last = demo_trust.tables["source_judgements"].groupby("urn")["made"].max()
    assert set(last[last < pd.Timestamp("2026-03-01")].index) == {900007, 900014}


def test_enough_reviews_are_judged_twice_for_agreement(demo_trust: Trust) -> None:
    assert demo_trust.tables["qa_reviews"]["second_band"].notna().sum() >= 20


def test_documents_can_be_read_and_speak_in_different_voices(demo_trust: Trust) -> None:
    names = demo_trust.tables["documents"]["file"].astype(str).tolist()
    texts = {name: read_text(paths.demo() / "documents" / name) for name in names}
    assert {Path(name).suffix for name in texts} == {".txt", ".docx", ".pdf"}
    assert all(150 <= len(text.split()) <= 400 for text in texts.values())
    assert "My vision" in texts["2018-founding-vision.txt"]
    assert "our vision" in texts["2022-our-vision.docx"]
    assert "every child known, every school giving" in " ".join(
        texts["2026-05-recruitment-pack.pdf"].split()
    )


def test_it_stays_small() -> None:
    assert sum(len(content) for content in _bytes(paths.demo()).values()) < 900_000


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
