"""Who is near enough to support whom, worked out by hand on a trust of three schools."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pillars.small import FIRST, SECOND, THIRD, Rows, one
from workbench.pillars.capacity import MEASURES

Row = dict[str, Any]


def _schools(count: int) -> Rows:
    return [
        {"urn": 900001 + place, "name": f"School {place}", "phase": "primary",
         "joined": "2019-09-01", "latitude": 53.6, "longitude": 1.3}
        for place in range(count)
    ]  # fmt: skip


def _inspection(urn: int, overall: str) -> Row:
    return {"urn": urn, "inspection_date": "2022-03-01", "kind": "graded", "overall": overall,
            "safeguarding_effective": "yes"}  # fmt: skip


def _spare(*urns: int) -> Rows:
    return [{"urn": urn, "term": "2026/27 autumn", "days_available": 20} for urn in urns]


def test_pairs_are_all_of_a_provider_and_a_recipient() -> None:
    # Kilometres to THIRD: 12.9 from FIRST (22 minutes at factor 1.3 and 45 km/h), 10.3 from SECOND
    # (18 minutes): one of two pairs lies within 20.
    rows = [_inspection(FIRST, "good"), _inspection(SECOND, "good")]
    rows += [_inspection(THIRD, "requires improvement")]
    found = one(
        MEASURES,
        "pairs_within_reach",
        inspections_oeif=rows,
        support_capacity=_spare(FIRST, SECOND),
    )
    assert (found.value, found.n, found.rating) == (50.0, 2, "act")
    assert found.note == "1 of 2 within 20 minutes by road; 2 providers, 1 recipient"


def test_pairs_need_a_recipient_a_provider_and_to_know_which_schools_provide() -> None:
    good = [_inspection(urn, "good") for urn in (FIRST, SECOND, THIRD)]
    found = one(MEASURES, "pairs_within_reach", inspections_oeif=good)
    assert found.note == "no school is judged to need support"
    weak = [_inspection(urn, "requires improvement") for urn in (FIRST, SECOND, THIRD)]
    found = one(MEASURES, "pairs_within_reach", inspections_oeif=weak)
    assert found.note == "no school is judged able to provide support"
    mixed = [*good[:2], weak[2]]
    found = one(MEASURES, "pairs_within_reach", inspections_oeif=mixed)
    assert found.missing == ("which schools can provide",)


@pytest.mark.parametrize("key", ["pairs_within_reach", "recipients_near_provider"])
def test_without_a_judgement_of_every_school_nobody_knows_that_none_needs_support(key: str) -> None:
    good = [_inspection(FIRST, "good"), _inspection(SECOND, "good")]
    for seen, count in ((good, "1 school"), (good[:1], "2 schools")):
        found = one(MEASURES, key, inspections_oeif=seen, support_capacity=_spare(FIRST, SECOND))
        assert found.rating == "not enough evidence"
        assert found.missing == (f"a judgement under the present URN of {count}",)
    # With all three judged none needs support; with one that does, the others are reached or not.
    whole = one(MEASURES, key, inspections_oeif=[*good, _inspection(THIRD, "good")])
    assert whole.rating == "not applicable"
    weak = [_inspection(FIRST, "good"), _inspection(THIRD, "requires improvement")]
    known = one(MEASURES, key, inspections_oeif=weak, support_capacity=_spare(FIRST))
    assert known.value == 0.0


def test_a_school_is_near_another_by_road_and_those_that_are_not_are_named() -> None:
    # Schools 0 and 1 stand in one place; school 2 lies a degree of latitude, 111 km, to the north,
    # which is beyond twenty minutes at any road speed that a car may keep.
    schools = [dict(row) for row in _schools(3)]
    schools[2]["latitude"] = 54.6
    found = one(MEASURES, "schools_near_another", schools=schools)
    assert found.n == 3
    assert found.value == pytest.approx(200 / 3)  # two of three
    assert "further away: School 2" in found.note


def test_nearness_is_not_known_without_places_and_does_not_apply_to_one_school() -> None:
    alone = one(MEASURES, "schools_near_another", schools=_schools(1))
    assert alone.rating == "not applicable"
    nowhere = [{**row, "latitude": None} for row in _schools(2)]
    found = one(MEASURES, "schools_near_another", schools=nowhere)
    assert found.missing == ("latitude and longitude of every school",)
