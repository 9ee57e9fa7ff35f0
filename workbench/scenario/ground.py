"""A trust at the start of a scenario, before any policy and any joiner: what plans can share.

Measuring a trust and drawing the parameters takes far longer than saying who joins, and depends on
little of a scenario. Plans that differ in the rest are set up from one ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.growth.derive import derive
from workbench.growth.draws import Cube, as_records, draw_parameters, events_for_each_draw
from workbench.growth.kernel.layout import PHASES, SCHOOL
from workbench.growth.setting import Records
from workbench.parameters.distributions import Floats
from workbench.parameters.model import ModelParameters
from workbench.parameters.scenario import Scenario
from workbench.scenario.admissible import held_parameters
from workbench.scenario.bands import inspected_band, start_chances
from workbench.scenario.levels import starting_levels
from workbench.scenario.people import (
    UNKNOWN_DAYS,
    Start,
    days_offered,
    head_terms,
    starting_people,
)
from workbench.scenario.places import places
from workbench.terms import Term
from workbench.trust.inspections import latest_inspections
from workbench.trust.load import Trust

LONGEST_LAG = 3  # terms that a trust's data may lie before the scenario's start
PHASE_OF = {
    "nursery": "primary",
    "primary": "primary",
    "secondary": "secondary",
    "all-through": "secondary",
    "16 plus": "secondary",
    "special": "special",
    "alternative provision": "special",
}


@dataclass(frozen=True)
class Ground:
    """A trust at the start of a scenario.

    Attributes:
        trust: The trust.
        rests_on: What of a scenario it depends on (`rests_on`).
        first: The first simulated term.
        shifted: Terms by which the scenario's dates were moved to meet the trust's data.
        drawn: Draws of the model's parameters, length M, by name.
        params: The same as records, with the trust's starting values, length M.
        derived: What follows from each draw, length M.
        school: Schools of the trust (`layout.SCHOOL`), length n.
        below: P(true band < 1), P(< 2), P(< 3) of each at the start, M x n x 3.
        place: Kilometres of each east and north of the centre, n x 2.
        seed: Seed of every stream.
        starting: Every starting value with its source, over the draws.
        notes: Sentences on what was assumed of the trust's schools.
    """

    trust: Trust
    rests_on: tuple[object, ...]
    first: Term
    shifted: int
    drawn: dict[str, Floats]
    params: Records
    derived: Records
    school: Records
    below: Floats
    place: Floats
    seed: int
    starting: tuple[Start, ...]
    notes: tuple[str, ...]

    def carries(self, scenario: Scenario) -> bool:
        """Whether a scenario starts from here."""
        return self.rests_on == rests_on(scenario)


def rests_on(scenario: Scenario) -> tuple[object, ...]:
    """Return what of a scenario its ground depends on: scenarios that share it share the ground."""
    return scenario.start, scenario.policy.framework, tuple(sorted(scenario.assume.items()))


def ground_of(
    trust: Trust,
    scenario: Scenario,
    model: ModelParameters,
    *,
    replicates: int,
    seed: int,
    cube: Cube | None = None,
) -> Ground:
    """Measure a trust at the start of a scenario, and draw the parameters.

    Args:
        trust: A trust that can be simulated (`admissible.refuse_trust`).
        scenario: A scenario that its schema allows.
        model: The declared parameters.
        replicates: Trajectories, which decide how many draws there are.
        seed: Seed of every stream.
        cube: As `start.prepare` takes it.

    Raises:
        BadInput: The scenario holds what is no parameter, or one out of its range.
    """
    first, shifted = _first_term(trust, scenario)
    held = held_parameters(scenario, model)
    draws = replicates // events_for_each_draw(replicates)
    if cube:
        draws = len(next(iter(cube.values())))
    drawn = draw_parameters(model, scenario.policy.framework, held, seed, draws, cube=cube)
    existing, place, notes = _schools(trust, model, first, drawn)
    levels = starting_levels(trust, model, drawn, held=held, seed=seed, cube=cube)
    starting, columns = _starting(trust, existing, drawn, levels)
    params = as_records(drawn | columns)
    return Ground(
        trust=trust,
        rests_on=rests_on(scenario),
        first=first,
        shifted=shifted,
        drawn=drawn,
        params=params,
        derived=derive(params),
        school=existing,
        below=_true_bands(existing, drawn),
        place=place,
        seed=seed,
        starting=starting,
        notes=notes,
    )


def _true_bands(existing: Records, drawn: dict[str, Floats]) -> Floats:
    """Return P(true band < 1), P(< 2), P(< 3) of the trust's schools at the start, M x n x 3."""
    chances = start_chances(existing["rated"], existing["since"], drawn)
    return np.asarray(np.cumsum(chances, axis=2)[:, :, :3])


def _first_term(trust: Trust, scenario: Scenario) -> tuple[Term, int]:
    """Return the first term and how far the scenario had to move to meet the trust's data."""
    planned = Term.parse(scenario.start)
    earliest = Term.of(trust.as_of) + 1
    lag = planned - earliest
    if 0 <= lag <= LONGEST_LAG:
        return planned, 0
    return earliest, -lag


def _schools(
    trust: Trust, model: ModelParameters, first: Term, drawn: dict[str, Floats]
) -> tuple[Records, Floats, tuple[str, ...]]:
    schools = trust.tables["schools"]
    judged = latest_inspections(trust).set_index("urn")
    offered, heads = days_offered(trust), head_terms(trust, first)
    records = np.zeros(len(schools), SCHOOL)
    unrecorded = int(drawn["prior_head_terms"][0])
    no_roll = 0
    for record, row in zip(records, schools.to_dict("records"), strict=True):
        urn, phase = int(row["urn"]), PHASE_OF[row["phase"]]
        judgement = {str(name): value for name, value in judged.loc[urn].items()}
        joined = Term.of(row["joined"].date()) - first
        since = -joined
        if judgement["rated"]:
            since = max(0, first - Term.of(judgement["inspection_date"].date()))
        pupils = row["pupils"]
        if pd.isna(pupils) or pupils == 0:
            pupils = float(np.median(drawn[f"prior_pupils_{phase}"]))
            no_roll += 1
        band = inspected_band(judgement, model.start_bands)
        write_school(
            record, urn, phase, band, since,
            existing=1, pupils=pupils, join_term=joined,
            days=offered.get(urn, UNKNOWN_DAYS), head_terms=heads.get(urn, unrecorded),
        )  # fmt: skip
    place, no_place = places(schools)
    notes = []
    if no_roll:
        notes.append(f"Schools without a roll, taken at a typical one for their phase: {no_roll}.")
    if no_place:
        notes.append(f"Schools without coordinates, placed at the trust's centre: {no_place}.")
    return records, place, tuple(notes)


def write_school(
    record: np.void,
    key: int,
    phase: str,
    band: int,
    since: int,
    **fields: float,
) -> None:
    """Write a school into its record; `fields` are the others of `layout.SCHOOL`."""
    record["key"], record["phase"] = key, PHASES.index(phase)
    record["rated"], record["since"] = band, since
    for name, value in fields.items():
        record[name] = value


def _starting(
    trust: Trust, schools: Records, drawn: dict[str, Floats], levels: Mapping[str, Start]
) -> tuple[tuple[Start, ...], dict[str, Floats]]:
    draws = len(drawn["vision"])
    people = starting_people(trust, drawn)
    pounds = np.zeros(draws)
    for index, phase in enumerate(PHASES):
        pupils = schools["pupils"][schools["phase"] == index].sum()
        pounds = pounds + pupils * drawn[f"income_{phase}"]
    row = trust.tables["trust"].iloc[0]
    income, reserves = row["annual_income_gbp"], row["reserves_gbp"]
    known = not pd.isna(income) and income > 0
    scale = float(income) / pounds if known else np.ones(draws)
    if pd.isna(reserves):
        held = drawn["prior_reserves_share"] * pounds * scale
        money = Start("Reserves", held, "pounds", "declared prior: share of income", False)
    else:
        held = np.full(draws, float(reserves))
        money = Start("Reserves", held, "pounds", "the trust's own table", True)
    source = "the trust's own table" if known else "modelled from pupils"
    turnover = Start("Annual income", pounds * scale, "pounds", source, known)
    columns = {name: start.values for name, start in (people | dict(levels)).items()}
    columns |= {"reserves": held, "income_scale": scale}
    return (*people.values(), turnover, money, *levels.values()), columns
