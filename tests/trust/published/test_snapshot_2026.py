"""From files as published in 2026 to a verdict on every trust and an answer on growth."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.trust.published.synthetic import (
    ALL_DATA,
    card,
    link,
    oeif,
    rows_of,
    write_csv,
    write_links,
    write_report_cards,
)
from workbench.parameters.golden_rule import load_golden_rule
from workbench.pillars.national import golden_rule_national
from workbench.scenario.answers import absorb
from workbench.trust.inspections import latest_inspections
from workbench.trust.intake import check_folder
from workbench.trust.load import Trust, read_trust
from workbench.trust.published import import_trust, national_judgements, national_membership

MIXED, WEAK = 70, 71
SCHOOLS = {MIXED: range(900101, 900106), WEAK: range(900201, 900204)}
PREDECESSORS = {
    "Does the latest OEIF graded inspection relate to the URN of the current school?": "No",
    "URN at time of latest OEIF graded inspection": 800105,
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Group links, all data and management information of autumn 2026, about two trusts."""
    folder = tmp_path_factory.mktemp("published")
    names = {MIXED: "Alder\u2019s Trust", WEAK: "Birch Trust"}
    write_links(
        folder / "grouplinks_edubaseallacademiesandfree20261101.csv",
        [
            link(urn, uid, "01-09-2018", **{"Group Name": names[uid]})
            for uid, urns in SCHOOLS.items()
            for urn in urns
        ],
    )
    records = [
        {
            "URN": urn, "EstablishmentName": f"St Anne\u2019s {urn}", "OpenDate": "01-09-2018",
            "TypeOfEstablishment (code)": 34, "TypeOfEstablishment (name)": "Academy converter",
            "EstablishmentStatus (code)": 1, "EstablishmentStatus (name)": "Open",
            "PhaseOfEducation (code)": 2, "PhaseOfEducation (name)": "Primary",
            "Trusts (code)": uid, "Easting": "438711", "Northing": "114792",
            "NumberOfPupils": 210, "PercentageFSM": "24.5",
        }
        for uid, urns in SCHOOLS.items()
        for urn in urns
    ]  # fmt: skip
    write_csv(folder / "edubasealldata20261101.csv", ALL_DATA, rows_of(ALL_DATA, records, ""))
    write_report_cards(
        folder / "Management_information_-_latest_inspections_as_at_31_Oct_2026.csv",
        [
            card(900101, "12/01/2026", Achievement="Needs attention")
            | oeif(900101, "02/02/2020", "1"),
            card(900102, "03/03/2026", "Strong standard") | oeif(900102, "05/05/2022", "3"),
            oeif(900103, "02/02/2020", "2"),
            oeif(900104, "03/04/2025", "Not judged"),
            oeif(900105, "05/05/2016", "4", **PREDECESSORS),
            card(900201, "12/01/2026", Inclusion="Urgent improvement")
            | oeif(900201, "02/02/2020", "2"),
            card(900202, "12/01/2026"),
            oeif(900203, "03/04/2025", "Not judged"),
        ],
    )
    return folder


@pytest.fixture(scope="module")
def trust(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Trust:
    target = tmp_path_factory.mktemp("imported") / "trust"
    import_trust(MIXED, published, target)
    assert check_folder(target).faults == ()
    return read_trust(target)


def test_each_school_has_the_judgement_that_stands(trust: Trust) -> None:
    found = latest_inspections(trust).set_index("urn")

    assert trust.as_of == dt.date(2026, 11, 1)
    assert found["basis"].fillna("").tolist() == [
        "report card", "report card", "overall", "sub-judgements", "",
    ]  # fmt: skip
    assert found["rated"].tolist() == [True, True, True, True, False]
    assert found["below_expected_areas"].dropna().tolist() == [1, 0]
    assert found["overall"].dropna().tolist() == ["good"]


def test_the_trust_alone_and_all_of_england_are_judged_alike(trust: Trust, published: Path) -> None:
    alone = latest_inspections(trust).set_index("urn")

    everyone = national_judgements(published).set_index("urn").loc[alone.index]

    assert alone.astype("str").equals(everyone.astype("str"))


def test_the_golden_rule_of_england_takes_each_era_at_its_own_word(published: Path) -> None:
    membership = national_membership(published)

    found = golden_rule_national(
        membership,
        national_judgements(published),
        load_golden_rule().presets,
        as_of=dt.date.fromisoformat(membership.attrs["as_of"]),
    ).set_index(["policy", "trust_uid"])

    # One weak school for three sound ones: a report card, a grade, and judgements of 2024-25.
    assert found.loc[("article", MIXED), "verdict"] == "met"
    assert found.loc[("article", MIXED), "unrated"] == 1
    # Its former grade of good does not make up for a report card with urgent improvement.
    assert found.loc[("article", WEAK), "verdict"] == "failed"


def test_growth_is_answered_from_published_files_alone(trust: Trust) -> None:
    answer = absorb(trust, "steady", joiners=range(3), replicates=40)

    curve = answer.absorption.curve
    assert curve["joiners"].tolist() == [0, 1, 2]
    assert curve["probability"].between(0, 1).all()
    assert answer.uid == MIXED
    assert answer.terms[0] == "2026/27 spring"  # the first that is still to come
