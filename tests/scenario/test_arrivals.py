"""Schools that a scenario names join in their own terms and places, before any of the mix."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from workbench import paths
from workbench.errors import BadInput
from workbench.parameters.levers import load_lever_sizes
from workbench.parameters.load import validate
from workbench.parameters.scenario import Scenario, read_scenario
from workbench.scenario.answers import read_model, read_settings, simulate
from workbench.scenario.arrivals import arrivals, mix_dues, named_dues
from workbench.scenario.changes import changed_plans
from workbench.scenario.places import centre, kilometres
from workbench.scenario.start import Prepared, prepare
from workbench.trust.load import Trust

# One degree of latitude is 111.2 km on a sphere of mean Earth radius 6,371 km (pi / 180 x 6371).
KM_A_DEGREE = np.pi / 180 * 6371

FAR = {"term": "2028/29 spring", "phase": "secondary", "band": "urgent", "pupils": 812}
NEAR = {"term": "2027/28 autumn", "phase": "primary", "band": "secure", "pupils": 199}


def naming(*named: dict[str, Any], **joiners: Any) -> Scenario:
    """The steady scenario, which starts in spring 2026/27, with named schools."""
    content = read_scenario("steady", paths.scenarios()).model_dump(mode="json")
    del content["joiners"]["named_a_year"]
    content["joiners"] |= {"schools": len(named), "named": list(named)} | joiners
    return validate(content, Scenario, where="here")


def started(trust: Trust, scenario: Scenario, joiners: int = 4) -> Prepared:
    return prepare(
        trust, scenario, read_model(), read_settings(), joiners=joiners, replicates=40, seed=1
    )


def joining(prepared: Prepared, field: str) -> list[Any]:
    """A field of the schools that join."""
    setting = prepared.setting
    values: list[Any] = setting.school[field][setting.existing :].tolist()
    return values


def test_named_schools_come_first_in_order_of_their_terms(demo_trust: Trust) -> None:
    scenario = naming(FAR | {"distance_km": 30.0, "urn": 123456}, NEAR | {"distance_km": 4.0})
    prepared = started(demo_trust, scenario)
    # Terms from spring 2026/27: autumn 2027/28 is 2, spring 2028/29 is 6.
    assert joining(prepared, "join_term")[:2] == [2, 6]
    assert joining(prepared, "key") == [1, 123456, 3, 4]
    assert joining(prepared, "pupils")[:2] == [199, 812]
    assert joining(prepared, "rated")[:2] == [2, 0]
    assert [kind.phase for kind in prepared.joiners[:2]] == ["primary", "secondary"]
    away = np.hypot(*prepared.setting.place[prepared.setting.existing :].T)
    assert away[:2] == pytest.approx([4.0, 30.0])
    assert [kind.distance_km for kind in prepared.joiners] == pytest.approx(away)
    mix = scenario.joiners.mix
    assert [kind.pupils for kind in prepared.joiners[2:]] == [mix[0].pupils, mix[1].pupils]


def test_schools_of_the_mix_follow_the_last_named_at_the_pace() -> None:
    scenario = naming(NEAR | {"distance_km": 4.0}, FAR | {"distance_km": 3.0})
    assert named_dues(scenario) == [2, 6]
    assert mix_dues(scenario, 3) == [8, 10, 12], "1.5 a year: every other term"
    later = naming(NEAR | {"distance_km": 4.0}, first_term="2029/30 autumn")
    assert mix_dues(later, 2) == [8, 10], "not before the mix's own first term"
    alone = read_scenario("steady", paths.scenarios())
    assert named_dues(alone) == []
    assert mix_dues(alone, 3) == [2, 4, 6]


def test_coordinates_place_a_school_among_those_of_the_trust(demo_trust: Trust) -> None:
    middle = centre(demo_trust.schools)
    assert middle is not None
    north = NEAR | {"latitude": middle[0] + 0.1, "longitude": middle[1]}
    east = NEAR | {"latitude": middle[0], "longitude": middle[1] + 0.1}
    prepared = started(demo_trust, naming(north, east), joiners=2)
    place = prepared.setting.place[prepared.setting.existing :]
    tenth = KM_A_DEGREE / 10
    assert place[0] == pytest.approx([0, tenth], rel=1e-3, abs=1e-9)
    assert place[1] == pytest.approx([tenth * np.cos(np.radians(middle[0])), 0], rel=1e-3, abs=1e-9)
    assert prepared.joiners[0].distance_km == pytest.approx(tenth, rel=1e-3)

    # On a school of the trust: nothing apart from it, and as far from the others as that one is.
    first = demo_trust.schools.iloc[0]
    twin = NEAR | {"latitude": float(first["latitude"]), "longitude": float(first["longitude"])}
    km = started(demo_trust, naming(twin), joiners=1).setting.distances()
    assert km[0, 14] == pytest.approx(0, abs=1e-9)
    assert km[14, 1:14] == pytest.approx(km[0, 1:14])
    assert kilometres(middle[0], middle[1], middle).tolist() == [[0.0, 0.0]]


def test_a_named_school_keeps_its_luck_in_whatever_place_it_comes(demo_trust: Trust) -> None:
    mine = FAR | {"distance_km": 30.0, "urn": 123456}
    first = started(demo_trust, naming(mine), joiners=1)
    second = started(demo_trust, naming(NEAR | {"distance_km": 4.0}, mine), joiners=2)
    assert first.setting.school[14]["key"] == second.setting.school[15]["key"] == 123456
    assert first.setting.school[14]["join_term"] == second.setting.school[15]["join_term"]


def test_a_slower_pace_stretches_the_named_terms_and_fewer_schools_keep_the_first(
    demo_trust: Trust,
) -> None:
    scenario = naming(
        NEAR | {"distance_km": 4.0},
        FAR | {"distance_km": 3.0},
        NEAR | {"distance_km": 9.0, "term": "2029/30 autumn"},
    )
    assert named_dues(scenario) == [2, 6, 8]
    plans = changed_plans(scenario, load_lever_sizes())
    slower = plans["slower pace"].scenario
    kept = slower.joiners.a_year / scenario.joiners.a_year
    assert kept < 1
    assert named_dues(slower) == [2, 2 + int(4 / kept + 1e-9), 2 + int(6 / kept + 1e-9)]
    assert mix_dues(slower, 1)[0] > named_dues(slower)[-1]
    fewer = plans["fewer schools"].scenario
    assert fewer.joiners.schools < 3
    whole = started(demo_trust, scenario, joiners=3)
    part = started(demo_trust, fewer, joiners=fewer.joiners.schools)
    assert joining(part, "join_term") == joining(whole, "join_term")[: fewer.joiners.schools]
    assert any("the later ones are left out" in note for note in part.notes)
    assert not any("left out" in note for note in whole.notes)


def test_old_data_move_named_terms_with_the_rest(demo_trust: Trust) -> None:
    old = replace(demo_trust, as_of=dt.date(2022, 9, 15))
    prepared = started(old, naming(NEAR | {"distance_km": 4.0}), joiners=1)
    assert prepared.shifted == -12
    assert joining(prepared, "join_term") == [2]


def test_named_schools_can_be_simulated(demo_trust: Trust) -> None:
    scenario = naming(
        FAR | {"latitude": 53.6, "longitude": 1.2, "urn": 123456}, NEAR | {"distance_km": 4.0}
    )
    result = simulate(demo_trust, scenario, replicates=40, threads=1)
    rows = result.time_to_secure
    assert rows["band"].tolist() == ["secure", "urgent"]
    assert (rows["joined_share"] == 1.0).all()


REFUSED: Sequence[tuple[dict[str, Any], str]] = (
    ({"distance_km": 4.0, "term": "2026/27 autumn"}, "2026/27 autumn is before start"),
    ({"distance_km": 4.0, "latitude": 53.0, "longitude": 1.0}, "give one of them"),
    ({}, "give one of them"),
    ({"latitude": 53.0}, "latitude and longitude are given together"),
    ({"distance_km": 4.0, "latitude": 53.0}, "latitude and longitude are given together"),
    ({"latitude": 1.0, "longitude": 53.0}, "greater than or equal to 49"),
    ({"latitude": 53.0, "longitude": 40.0}, "less than or equal to 3"),
    ({"distance_km": -1.0}, "greater than or equal to 0"),
    ({"distance_km": 4.0, "pupils": -30}, "greater than or equal to 10"),
    ({"distance_km": 4.0, "urn": 17}, "greater than or equal to 100000"),
    ({"distance_km": 4.0, "band": "outstanding"}, "it should be"),
)


@pytest.mark.parametrize(("change", "said"), REFUSED)
def test_a_wrong_named_school_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput) as raised:
        naming(NEAR | change)
    assert said in raised.value.what
    assert "joiners.named.0" in raised.value.what


def test_a_school_joins_once_and_only_from_outside(demo_trust: Trust) -> None:
    twice = [NEAR | {"distance_km": 4.0, "urn": 123456}] * 2
    with pytest.raises(BadInput, match="URN 123456 is named twice"):
        naming(*twice)
    own = int(demo_trust.schools["urn"].iloc[0])
    with pytest.raises(BadInput, match=f"{own} is in the trust already"):
        started(demo_trust, naming(NEAR | {"distance_km": 4.0, "urn": own}))
    with pytest.raises(BadInput, match="named_a_year belongs to named schools"):
        naming(named_a_year=2.0)


def test_a_place_too_far_or_without_reference_is_refused(demo_trust: Trust) -> None:
    lerwick = naming(NEAR | {"latitude": 60.15, "longitude": -1.15})
    with pytest.raises(BadInput, match="km from the trust's centre"):
        started(demo_trust, lerwick)
    schools = demo_trust.schools.copy()
    schools["latitude"] = np.nan
    with pytest.raises(BadInput, match="no school of the trust has any"):
        arrivals(lerwick, schools, 1)
    assert arrivals(lerwick, schools, 0) == ()


@pytest.mark.parametrize("gate", ["none", "golden rule", "span", "reserves", "all"])
def test_offers_pass_every_gate_of_a_scenario_file(demo_trust: Trust, gate: str) -> None:
    scenario = offered(gate)
    assert scenario.policy.gate == gate
    prepared = started(demo_trust, scenario, joiners=8)
    assert prepared.setting.policy["offered"][0] == 1
    result = simulate(demo_trust, scenario, joiners=8, replicates=40, threads=1)
    assert result.time_to_secure["joined_share"].between(0, 1).all()


def offered(gate: str) -> Scenario:
    """Eight weak schools offered within two years to a trust that hires late."""
    content = read_scenario("rescue", paths.scenarios()).model_dump(mode="json")
    content["joiners"] |= {"schools": 8, "a_year": 4.0, "arrival": "offered", "offer_chance": 0.7}
    content["policy"] |= {"gate": gate, "defer_terms": 1, "hire_ahead_terms": 0}
    return validate(content, Scenario, where="here")


def test_a_gate_lets_in_no_more_than_none_does_and_all_of_them_the_fewest(
    demo_trust: Trust,
) -> None:
    gates = ("none", "golden rule", "span", "reserves", "all")
    let_in = {
        gate: simulate(
            demo_trust, offered(gate), joiners=8, replicates=100, threads=1
        ).time_to_secure["joined_share"].sum()
        for gate in gates
    }  # fmt: skip
    for one, other in itertools.product(gates, gates):
        if one == "all" or other == "none":
            assert let_in[one] <= let_in[other] + 1e-9, f"{one} against {other}"
    assert all(let_in[gate] < let_in["none"] for gate in gates[1:]), "each keeps some school out"
