"""A trust and a scenario become arrays as the files say, and the register names every prior."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from workbench import paths
from workbench.errors import BadInput
from workbench.growth.kernel.layout import UNRATED
from workbench.parameters.limits import LIMITS
from workbench.parameters.scenario import Scenario, read_scenario
from workbench.scenario.answers import read_model, read_settings
from workbench.scenario.people import in_post
from workbench.scenario.start import Prepared, joiner_kinds, prepare
from workbench.terms import Term
from workbench.trust.load import Trust


def started(trust: Trust, scenario: Scenario | None = None, joiners: int = 4) -> Prepared:
    scenario = scenario or read_scenario("steady", paths.scenarios())
    return prepare(
        trust, scenario, read_model(), read_settings(), joiners=joiners, replicates=400, seed=1
    )


def rows(prepared: Prepared) -> dict[str, dict[Any, Any]]:
    """The register of starting values, by name."""
    return {str(row["what"]): row for row in prepared.register().to_dict("records")}


def without(trust: Trust, *names: str) -> Trust:
    """The trust with tables emptied, as an imported one has them."""
    return replace(trust, tables={**trust.tables, **{n: trust.tables[n].iloc[:0] for n in names}})


def test_schools_keep_their_urn_place_and_time_since_joining(demo_trust: Trust) -> None:
    prepared = started(demo_trust)
    school = prepared.setting.school
    assert school["key"][:14].tolist() == demo_trust.schools["urn"].tolist()
    assert school["key"][14:].tolist() == [1, 2, 3, 4]
    joined = [Term.of(day.date()) - prepared.first for day in demo_trust.schools["joined"]]
    assert school["join_term"][:14].tolist() == joined
    assert (school["rated"] == UNRATED).sum() >= 1, "the demo trust has an unrated school"
    assert np.abs(prepared.setting.place[:14].mean(axis=0)).max() < 0.1, "centred"
    assert np.hypot(*prepared.setting.place[14]) == pytest.approx(12.0), "12 km, as its file says"


def test_leads_and_vacancies_come_from_the_people_table(demo_trust: Trust) -> None:
    prepared = started(demo_trust)
    posts = in_post(demo_trust, "improvement lead")
    filled = posts.loc[posts["status"] == "filled", "fte"].sum()
    assert set(prepared.setting.params["leads"]) == {filled}
    assert set(prepared.setting.params["lead_vacancies"]) == {1.0}
    register = rows(prepared)
    assert register["Improvement leads in post"]["measured"]
    assert register["Vision of the trust"]["measured"], "its pillar starts it"


def test_a_trust_without_people_starts_from_a_named_and_wider_prior(demo_trust: Trust) -> None:
    bare = without(demo_trust, "people", "support_capacity")
    prepared = started(bare)
    leads = prepared.setting.params["leads"]
    assert leads.min() >= 0.5
    assert np.ptp(leads) > 0.3
    register = rows(prepared)
    assert "no leads in a people table" in register["Improvement leads in post"]["source"]
    assert (prepared.setting.school["days"] < 0).all()
    note = next(note for note in prepared.notes if "declared priors" in note)
    assert "improvement leads in post" in note
    assert note.startswith("7 of 11"), "five levels from their pillars, income and reserves"


def test_heads_alone_in_the_people_table_are_not_a_trust_without_leads(demo_trust: Trust) -> None:
    people = demo_trust.tables["people"]
    heads = replace(
        demo_trust, tables={**demo_trust.tables, "people": people[people["role"] == "head"]}
    )
    assert started(heads).setting.params["leads"].min() >= 0.5
    no_lead = people[people["role"] != "improvement lead"]
    led = replace(demo_trust, tables={**demo_trust.tables, "people": no_lead})
    assert set(started(led).setting.params["leads"]) == {0.0}, "an executive is recorded, no lead"


def test_rows_left_out_are_named_before_anything_else(demo_trust: Trust) -> None:
    spoilt = replace(demo_trust, quarantined={"people": 5}, set_aside={"support": 2})
    said = started(spoilt).notes[0]
    assert said.startswith("Rows left out because they are faulty or name a faulty school: 5 of")
    assert "5 of people, 2 of support" in said
    assert not any("left out" in note for note in started(demo_trust).notes)


def test_a_limit_on_what_is_not_known_is_not_judged(demo_trust: Trust) -> None:
    table = demo_trust.tables["trust"].copy()
    assert started(demo_trust).setting.policy["apply"][0].tolist() == [1, 1, 1, 1, 1]
    table["reserves_gbp"] = np.nan
    prepared = started(replace(demo_trust, tables={**demo_trust.tables, "trust": table}))
    assert prepared.setting.policy["apply"][0].tolist() == [1, 1, 1, 1, 0]
    assert prepared.judged == LIMITS[:-1]
    assert started(demo_trust).judged == LIMITS
    assert any("reserves is not judged" in note for note in prepared.notes)


def test_reserves_and_income_missing_are_priors_and_are_named(demo_trust: Trust) -> None:
    table = demo_trust.tables["trust"].copy()
    table["reserves_gbp"] = np.nan
    table["annual_income_gbp"] = np.nan
    prepared = started(replace(demo_trust, tables={**demo_trust.tables, "trust": table}))
    register = rows(prepared)
    assert register["Reserves"]["source"].startswith("declared prior")
    assert register["Annual income"]["source"] == "modelled from pupils"
    assert 20e6 < register["Annual income"]["value"] < 90e6


def test_old_data_move_the_scenario_and_say_so(demo_trust: Trust) -> None:
    old = replace(demo_trust, as_of=dt.date(2022, 9, 15))
    prepared = started(old)
    assert str(prepared.first) == "2022/23 spring"
    assert prepared.shifted == -12
    assert any("12 terms earlier" in note for note in prepared.notes)
    fresh = started(demo_trust)
    assert fresh.shifted == 0
    joins = "join_term"
    assert prepared.setting.school[joins][14:].tolist() == fresh.setting.school[joins][14:].tolist()


def test_pace_sets_when_schools_join(demo_trust: Trust) -> None:
    scenario = read_scenario("steady", paths.scenarios())

    def joining(a_year: float) -> list[int]:
        joiners = scenario.joiners.model_copy(update={"a_year": a_year})
        paced = started(demo_trust, scenario.model_copy(update={"joiners": joiners}))
        return [int(term) for term in paced.setting.school["join_term"][14:]]

    # From spring 2026/27 to autumn 2027/28 are two terms.
    assert joining(1.5) == [2, 4, 6, 8]
    assert joining(12.0) == [2, 2, 2, 2]
    assert joining(0.5) == [2, 8, 14, 20]


def test_the_mix_is_as_near_as_can_be_at_every_number() -> None:
    mix = read_scenario("ambitious", paths.scenarios()).joiners.mix
    kinds = joiner_kinds(mix, 40)
    for number in range(1, 41):
        for kind in mix:
            have = sum(k is kind for k in kinds[:number])
            assert abs(have - kind.share * number) < 1.0
    assert joiner_kinds(mix, 5) == kinds[:5], "a joiner more changes none before it"


def test_assumptions_hold_a_parameter_and_are_checked(demo_trust: Trust) -> None:
    scenario = read_scenario("steady", paths.scenarios())
    held = scenario.model_copy(update={"assume": {"lead_leaves": 0.2}})
    assert set(started(demo_trust, held).setting.params["lead_leaves"]) == {0.2}
    wrong = (
        ({"lead_leaves": 2.0}, "outside its range"),
        ({"led": 1.0}, "not a parameter"),
        ({"reference_joining": 0.5}, "not a parameter"),
        ({"routine_min": 20.0}, "is after routine_max"),
    )
    for assume, said in wrong:
        with pytest.raises(BadInput, match=said):
            started(demo_trust, scenario.model_copy(update={"assume": assume}))


def test_a_school_without_roll_or_coordinates_is_named_in_a_note(demo_trust: Trust) -> None:
    schools = demo_trust.schools.copy()
    schools.loc[0, "pupils"] = pd.NA
    schools.loc[1, "latitude"] = np.nan
    prepared = started(replace(demo_trust, tables={**demo_trust.tables, "schools": schools}))
    assert len([note for note in prepared.notes if note.startswith("Schools without")]) == 2
    assert prepared.setting.school["pupils"][0] > 0
    assert prepared.setting.place[1].tolist() == [0.0, 0.0]


def test_a_trust_without_a_school_cannot_be_simulated(demo_trust: Trust) -> None:
    with pytest.raises(BadInput, match="no school"):
        started(without(demo_trust, "schools"))
