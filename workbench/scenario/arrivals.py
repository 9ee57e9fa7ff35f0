"""Who joins, when and where: the schools a scenario names, then schools of its mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.errors import BadInput
from workbench.parameters.distributions import Floats
from workbench.parameters.scenario import (
    FURTHEST_KM,
    JoinerKind,
    Joiners,
    NamedJoiner,
    Scenario,
)
from workbench.scenario.places import around, centre, kilometres
from workbench.terms import TERMS_A_YEAR, Term

_SLACK = 1e-9  # so that a third of three terms is one term


@dataclass(frozen=True)
class Arrival:
    """One school that joins.

    Attributes:
        key: Its URN, or its number among the joiners, from 1: what its luck hangs on.
        kind: What it is like; its distance is that of `place`.
        due: Term it joins in, counted from the scenario's first.
        place: Kilometres east and north of the trust's centre.
    """

    key: int
    kind: JoinerKind
    due: int
    place: Floats


def arrivals(scenario: Scenario, schools: pd.DataFrame, count: int) -> tuple[Arrival, ...]:
    """Return the schools that join, in order: those named by their terms, then the mix.

    Args:
        scenario: The scenario.
        schools: The trust's table of schools.
        count: How many join.

    Raises:
        BadInput: A named school is in the trust already, or cannot be placed.
    """
    named = scenario.joiners.in_order()[:count]
    dues = named_dues(scenario)
    come = [
        Arrival(joiner.urn or j + 1, _kind(joiner, place), due, place)
        for j, (joiner, due) in enumerate(zip(named, dues, strict=False))
        for place in [_place_of(scenario, joiner, j, schools)]
    ]
    kinds = joiner_kinds(scenario.joiners.mix, count - len(named))
    mixed_dues = mix_dues(scenario, len(kinds))
    for j, (kind, due) in enumerate(zip(kinds, mixed_dues, strict=True), start=len(named)):
        come.append(Arrival(j + 1, kind, due, around(j, kind.distance_km)))
    return tuple(come)


def named_dues(scenario: Scenario) -> list[int]:
    """Return the term each named school is due in, counted from the scenario's first.

    At another pace than that of the written terms, the time since the first named school is longer
    or shorter in proportion.
    """
    joiners = scenario.joiners
    if not joiners.named:
        return []
    written = [_from_start(scenario, joiner.term) for joiner in joiners.in_order()]
    stretch = (joiners.named_a_year or joiners.a_year) / joiners.a_year
    return [written[0] + int((due - written[0]) * stretch + _SLACK) for due in written]


def mix_dues(scenario: Scenario, count: int) -> list[int]:
    """Return the term each school of the mix is due in, counted from the scenario's first.

    They follow at the scenario's pace, from its first term on and after the last named school.
    """
    begin = _from_start(scenario, scenario.joiners.first_term)
    after = waits(count + 1, scenario.joiners.a_year)
    dues = [begin + wait for wait in after[:count]]
    named = named_dues(scenario)
    if not named:
        return dues
    return [max(due, named[-1] + wait) for due, wait in zip(dues, after[1:], strict=True)]


def waits(count: int, a_year: float) -> list[int]:
    """Return the terms from the first of some schools to each of them, at a pace.

    Args:
        count: Schools.
        a_year: Schools joining each year.
    """
    return [int(j * TERMS_A_YEAR / a_year + _SLACK) for j in range(count)]


def left_out(joiners: Joiners) -> str:
    """Say how many of the schools a scenario names are to join."""
    return (
        f"The scenario names {len(joiners.named)} schools and lets {joiners.schools} join: the "
        "later ones are left out."
    )


def joiner_kinds(mix: Sequence[JoinerKind], count: int) -> tuple[JoinerKind, ...]:
    """Return the kind of each joiner in order: at every number the mix is as near as can be."""
    given = [0] * len(mix)
    kinds = []
    for number in range(1, count + 1):
        lag = [kind.share * number - have for kind, have in zip(mix, given, strict=True)]
        chosen = max(range(len(mix)), key=lambda i: (round(lag[i], 9), -i))
        given[chosen] += 1
        kinds.append(mix[chosen])
    return tuple(kinds)


def _from_start(scenario: Scenario, term: str) -> int:
    # Terms count from the first simulated one, which moves with the whole scenario.
    return Term.parse(term) - Term.parse(scenario.start)


def _kind(joiner: NamedJoiner, place: Floats) -> JoinerKind:
    return JoinerKind(
        share=1.0,
        phase=joiner.phase,
        band=joiner.band,
        pupils=joiner.pupils,
        distance_km=float(np.hypot(*place)),
    )


def _place_of(
    scenario: Scenario, joiner: NamedJoiner, number: int, schools: pd.DataFrame
) -> Floats:
    """Return where a named school is, and refuse one that cannot join from there."""
    where = f"scenario {scenario.title!r}, the named school of {joiner.term}"
    if joiner.urn is not None and joiner.urn in set(schools["urn"]):
        raise BadInput(
            f"school {joiner.urn} is in the trust already",
            where=where,
            rule="a joiner is not yet one of the trust's schools",
            mend="take it out of joiners.named, or out of the trust's table of schools",
        )
    if joiner.distance_km is not None:
        return around(number, joiner.distance_km)
    middle = centre(schools)
    if middle is None or joiner.latitude is None or joiner.longitude is None:
        raise BadInput(
            "the named school has coordinates, and no school of the trust has any",
            where=where,
            rule="distances are measured from the schools of the trust",
            mend="give the trust's schools their coordinates, or this one a distance_km",
        )
    [place] = kilometres(joiner.latitude, joiner.longitude, middle)
    away = float(np.hypot(*place))
    if away > FURTHEST_KM:
        raise BadInput(
            f"latitude {joiner.latitude:g} and longitude {joiner.longitude:g} are {away:.0f} km "
            "from the trust's centre",
            where=where,
            rule=f"a joiner is at most {FURTHEST_KM} km away",
            mend="check both numbers, and that they are not the other way round",
        )
    return np.asarray(place)
