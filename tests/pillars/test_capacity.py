"""The capacity pillar of the demo trust, by hand, and of trusts with something missing."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from workbench.errors import BadInput
from workbench.pillars.capacity import MEASURES, capacity
from workbench.pillars.capacity_of_school import SchoolCapacity, school_capacity
from workbench.pillars.indicator import Measured
from workbench.pillars.reach import nearest, road_minutes, travel_share
from workbench.pillars.scope import PillarSettings, Scope, pillar_settings
from workbench.trust.contracts import TABLES
from workbench.trust.load import Trust

OPTIONAL = [name for name, table in TABLES.items() if not table.needed]


@pytest.fixture(scope="module")
def settings() -> PillarSettings:
    return pillar_settings()


def _by_key(trust: Trust, settings: PillarSettings) -> dict[str, Measured]:
    return {found.key: found for found in capacity(Scope(trust, settings))}


def _with(trust: Trust, name: str, table: pd.DataFrame) -> Trust:
    return replace(trust, tables={**trust.tables, name: table})


def _without(trust: Trust, *names: str) -> Trust:
    return replace(trust, tables={**trust.tables, **{n: TABLES[n].empty() for n in names}})


def _school(found: SchoolCapacity) -> dict[str, Measured]:
    return {measured.key: measured for measured in found.indicators}


def test_the_demo_trusts_capacity_by_hand(demo_trust: Trust, settings: PillarSettings) -> None:
    found = _by_key(demo_trust, settings)
    rule = found["golden_rule"]
    assert (rule.rating, rule.value, rule.limit) == ("act", 8 / 5, 3.0)
    span = found["lead_span"]
    assert (span.rating, span.n) == ("on track", 3)
    assert span.value == pytest.approx(14 / 2.8)
    vacancy = found["lead_vacancy_weeks"]
    assert (vacancy.rating, vacancy.value) == ("not rated", 31.0)  # 28 March to 31 October 2026
    assert found["executive_span"].rating == "not applicable"
    assert found["recipients_near_provider"].value == 100.0


def test_the_declared_order_and_every_declaration_are_kept(
    demo_trust: Trust, settings: PillarSettings
) -> None:
    at_trust = [found.key for found in capacity(Scope(demo_trust, settings))]
    at_school = [found.key for found in school_capacity(demo_trust, 900001, settings).indicators]
    pillars = settings.pillars.indicators
    declared = {key: one for key, one in pillars.items() if one.pillar == "capacity"}
    assert at_trust == [key for key, one in declared.items() if "trust" in one.levels]
    assert at_school == [key for key, one in declared.items() if "school" in one.levels]
    assert set(MEASURES) == set(declared)


def test_support_days_count_travel_and_say_who_did_not_declare(
    demo_trust: Trust, settings: PillarSettings
) -> None:
    found = _by_key(demo_trust, settings)["support_days_ratio"]
    capacity = demo_trust.support_capacity
    declared = capacity.loc[capacity["term"] == "2026/27 autumn", "days_available"]
    minutes = road_minutes(demo_trust.schools, settings.travel)
    from_anywhere = float(minutes[900012].drop(900012).mean())
    from_school = float(minutes[900006].to_numpy()[minutes.index == 900001][0])
    asked = 20 * (1 + 2 * from_anywhere / 420) + 8 * (1 + 2 * from_school / 420)
    assert found.value == pytest.approx((declared.sum() + 52 + 40 + 50) / asked)
    assert found.n == 13
    assert "at least: 1 school did not declare" in found.note


def test_too_few_days_are_not_called_too_few_while_a_school_is_silent(
    demo_trust: Trust, settings: PillarSettings
) -> None:
    scarce = demo_trust.support.assign(days=demo_trust.support["days"] * 10)
    found = _by_key(_with(demo_trust, "support", scarce), settings)["support_days_ratio"]
    assert found.rating == "not enough evidence"
    assert found.missing == ("days_available of 1 school",)


def test_without_leads_the_executive_carries_every_school(
    demo_trust: Trust, settings: PillarSettings
) -> None:
    people = demo_trust.people
    alone = people[people["role"] != "improvement lead"]
    found = _by_key(_with(demo_trust, "people", alone), settings)
    assert (found["executive_span"].rating, found["executive_span"].value) == ("act", 14.0)
    assert found["lead_span"].rating == "not applicable"
    assert found["lead_span"].value is None
    assert found["lead_vacancy_weeks"].rating == "not enough evidence"


def test_a_spell_that_has_ended_or_not_begun_is_not_in_post(
    demo_trust: Trust, settings: PillarSettings
) -> None:
    people = demo_trust.people.copy()
    people.loc[people["post_id"] == "LEAD-2", "until"] = pd.Timestamp("2026-10-30")
    found = _by_key(_with(demo_trust, "people", people), settings)["lead_span"]
    assert found.value == pytest.approx(14 / 2.0)
    people.loc[people["post_id"] == "LEAD-2", "until"] = pd.Timestamp("2026-10-31")
    found = _by_key(_with(demo_trust, "people", people), settings)["lead_span"]
    assert found.value == pytest.approx(14 / 2.8)
    people.loc[people["post_id"] == "LEAD-1", "since"] = pd.Timestamp("2026-11-01")
    found = _by_key(_with(demo_trust, "people", people), settings)["lead_span"]
    assert found.value == pytest.approx(14 / 1.8)


def test_a_vacancy_filled_is_no_weeks_and_not_missing(
    demo_trust: Trust, settings: PillarSettings
) -> None:
    people = demo_trust.people[demo_trust.people["status"] == "filled"]
    found = _by_key(_with(demo_trust, "people", people), settings)["lead_vacancy_weeks"]
    assert (found.value, found.n) == (0.0, 3)


def test_reviews_that_nobody_recorded_are_left_out_and_counted(
    demo_trust: Trust, settings: PillarSettings
) -> None:
    before = _by_key(demo_trust, settings)["impact_reviewed"]
    assert before.n is not None
    assert before.interval is not None
    assert before.interval.lower < before.interval.estimate < before.interval.upper
    support = demo_trust.support.copy()
    last = support["ended"].idxmax()
    support.loc[last, "impact_reviewed"] = pd.NA
    after = _by_key(_with(demo_trust, "support", support), settings)["impact_reviewed"]
    assert after.n == before.n - 1
    assert after.note == "1 more does not say"


@pytest.mark.parametrize("absent", [*([name] for name in OPTIONAL), OPTIONAL])
def test_nothing_missing_becomes_zero_or_nan(
    demo_trust: Trust, settings: PillarSettings, absent: list[str]
) -> None:
    trust = _without(demo_trust, *absent)
    at_schools = (school_capacity(trust, urn, settings).indicators for urn in (900001, 900012))
    for found in [*capacity(Scope(trust, settings)), *(one for row in at_schools for one in row)]:
        has_value = found.rating in ("on track", "watch", "act", "not rated")
        assert (found.value is not None) == has_value
        assert found.value is None or math.isfinite(found.value)
        assert "nan" not in found.shown.casefold()
        assert found.value is None or not set(found.indicator.inputs) & set(absent)
        if found.rating == "not enough evidence":
            assert found.missing


def test_without_days_the_demo_trust_has_still_failed_and_the_value_is_the_most_it_can_be(
    demo_trust: Trust, settings: PillarSettings
) -> None:
    found = _by_key(_without(demo_trust, "support_capacity"), settings)["golden_rule"]
    assert found.rating == "act"
    assert found.value == pytest.approx(9 / 5)  # the special school might have days after all
    assert found.note.startswith("at most; ")


def test_an_unknown_place_makes_distances_unknown(
    demo_trust: Trust, settings: PillarSettings
) -> None:
    schools = demo_trust.schools.assign(latitude=float("nan"))
    trust = _with(demo_trust, "schools", schools)
    found = _by_key(trust, settings)
    assert found["recipients_near_provider"].rating == "not enough evidence"
    assert found["support_days_ratio"].rating == "not enough evidence"
    near = _school(school_capacity(trust, 900012, settings))["nearest_provider_minutes"]
    assert near.rating == "not enough evidence"


def test_a_school_is_told_its_role_what_it_waits_for_and_who_is_near(
    demo_trust: Trust, settings: PillarSettings
) -> None:
    attention = school_capacity(demo_trust, 900006, settings)
    assert (attention.role.name, attention.unsupported) == ("recipient", False)
    waiting = _school(attention)["days_waiting"]
    assert (waiting.rating, waiting.value) == ("act", 8.0)
    assert waiting.note == "waiting since 12 October 2026"
    category = school_capacity(demo_trust, 900012, settings)
    assert category.running["deployment_id"].tolist() == ["D033"]
    near = _school(category)["nearest_provider_minutes"]
    assert near.note == "Skylletmoor School (900013)"
    assert near.value is not None
    forgotten = school_capacity(demo_trust, 900008, settings)
    assert forgotten.unsupported
    assert school_capacity(demo_trust, 900010, settings).unsupported is None


def test_days_lent_and_received_count_the_recent_terms_only(
    demo_trust: Trust, settings: PillarSettings
) -> None:
    support = demo_trust.support
    recent = support[support["ended"] >= pd.Timestamp("2026-01-01")]  # three terms back
    for urn in (900001, 900012):
        found = _school(school_capacity(demo_trust, urn, settings))
        assert found["days_lent"].value == recent.loc[recent["provider_urn"] == urn, "days"].sum()
        received = recent.loc[recent["recipient_urn"] == urn, "days"].sum()
        assert found["days_received"].value == received


def test_a_school_of_another_trust_is_refused(demo_trust: Trust, settings: PillarSettings) -> None:
    with pytest.raises(BadInput, match="123456 is not a school of Merrowfen"):
        school_capacity(demo_trust, 123456, settings)


def test_minutes_by_road_are_distance_times_factor_over_speed(settings: PillarSettings) -> None:
    # 0.1 degree along a meridian is 11.1195 km; x 1.3 / 45 km an hour = 19.274 minutes.
    schools = pd.DataFrame(
        {"urn": [1, 2, 3], "latitude": [53.0, 53.1, math.nan], "longitude": [1.0, 1.0, 1.0]}
    )
    minutes = road_minutes(schools, settings.travel)
    assert minutes.loc[1, 2] == pytest.approx(19.274, abs=0.001)
    assert minutes.loc[2, 1] == pytest.approx(19.274, abs=0.001)
    assert nearest(minutes, 1, [1, 2, 3]) == (2, minutes.loc[1, 2])
    assert nearest(minutes, 1, [3]) is None
    assert travel_share(21.0, settings.travel) == pytest.approx(0.1)
