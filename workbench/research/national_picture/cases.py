"""Every trust of a country as the growth model starts it, from public data and declared priors.

What public data says of a trust is its schools: phase, roll, place, date of joining, judgement. All
else (leads, reserves, levels) is the declared prior by size, drawn as `parameters/model.yaml` says,
so that two trusts of like schools have like answers. Trusts share every draw of the parameters and,
school by school, their luck; each starts just as a folder without any table that only the trust
itself could have filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.errors import BadInput
from workbench.growth.kernel.layout import MOST_SCHOOLS, PHASES, SCHOOL
from workbench.growth.setting import Records, Setting
from workbench.parameters.distributions import Floats
from workbench.parameters.limits import TrustSettings
from workbench.parameters.model import ModelParameters
from workbench.parameters.scenario import Scenario
from workbench.research.national_picture.country import Country
from workbench.scenario.bands import inspected_band, start_chances
from workbench.scenario.ground import PHASE_OF, Ground, ground_of
from workbench.scenario.people import UNKNOWN_DAYS
from workbench.scenario.places import places
from workbench.scenario.start import joined
from workbench.terms import Term
from workbench.trust.columns import TableContract
from workbench.trust.contracts import SCHOOLS, TRUST
from workbench.trust.load import Trust, of_schools_there

Ints = npt.NDArray[np.int64]
_SPREAD = 2_654_435_761  # Knuth's multiplicative hashing, The art of computer programming, 6.4
_WORD = 2**32


@dataclass(frozen=True, eq=False)
class Cases:
    """Every trust of a country, ready to be simulated: what a worker is sent once.

    Attributes:
        setting: The setting of one trust, whose joiners, policy and draws all share.
        leads: The prior by size, each of length M: schools to a lead, the fewest leads, and what
            the scenario adds.
        income: Income a pupil a year by phase, in pounds, 3 x M.
        reserves_share: Reserves as a share of income, length M.
        school: Records of all schools, those of a trust together.
        place: Kilometres of each east and north of its trust's centre.
        kind: For each school the row of `below` it starts as.
        below: P(true band < 1), P(< 2), P(< 3), kinds x M x 3.
        bounds: First school of each trust, and one past the last.
        trusts: UID of each, in the order they are simulated: large and small mixed, so that equal
            numbers of them cost about as much.
        replicates: Futures for each number of joiners.
        first: The first simulated term.
        notes: Sentences on what was assumed.
    """

    setting: Setting
    leads: tuple[Floats, Floats, float]
    income: Floats
    reserves_share: Floats
    school: Records
    place: Floats
    kind: Ints
    below: Floats
    bounds: Ints
    trusts: tuple[int, ...]
    replicates: int
    first: Term
    notes: tuple[str, ...]

    def setting_of(self, number: int) -> Setting:
        """Return the setting of one trust, by its place in `trusts`."""
        own = slice(int(self.bounds[number]), int(self.bounds[number + 1]))
        school, shared = self.school[own], self.setting
        arriving = slice(shared.existing, None)
        to_a_lead, fewest, further = self.leads
        params = shared.params.copy()
        params["leads"] = np.maximum(fewest, len(school) / to_a_lead) + further
        pounds = np.zeros(len(params))
        for phase in range(len(PHASES)):
            pounds = pounds + school["pupils"][school["phase"] == phase].sum() * self.income[phase]
        params["reserves"] = self.reserves_share * pounds
        own_below = self.below[self.kind[own]].transpose(1, 0, 2)
        return replace(
            shared,
            params=params,
            school=np.concatenate([school, shared.school[arriving]]),
            below=np.ascontiguousarray(
                np.concatenate([own_below, shared.below[:, arriving]], axis=1)
            ),
            place=np.vstack([self.place[own], shared.place[arriving]]),
        )


def cases_of(
    country: Country,
    scenario: Scenario,
    model: ModelParameters,
    settings: TrustSettings,
    *,
    joiners: int,
    replicates: int,
    seed: int,
) -> Cases:
    """Make every trust of a country ready to be simulated under one scenario.

    Args:
        country: The country.
        scenario: Whose mix, pace and policy every trust is given; no school is named in it.
        model: The declared parameters.
        settings: The board's limits and risk, the same for all.
        joiners: N, most schools that join.
        replicates: Futures for each number of joiners.
        seed: Seed of every stream.

    Raises:
        BadInput: There is no trust, one is too large, the scenario names schools, or a number
            cannot be used.
    """
    _refuse(country, scenario, joiners)
    ground = ground_of(
        public_trust(country, country.trusts[0]), scenario, model, replicates=replicates, seed=seed
    )
    prepared = joined(ground, scenario, settings, joiners=joiners)
    rows, bounds, order = _ordered(country)
    judged = rows.merge(country.judgements, on="urn", how="left", validate="one_to_one")
    school, no_roll = _records(judged, ground, model)
    kinds, kind = np.unique(
        np.column_stack([school["rated"], school["since"]]), axis=0, return_inverse=True
    )
    chances = start_chances(kinds[:, 0], kinds[:, 1], ground.drawn)
    own = [places(rows.iloc[first:last]) for first, last in pairwise(bounds)]
    drawn = ground.drawn
    return Cases(
        setting=prepared.setting,
        leads=(
            drawn["prior_schools_per_lead"],
            drawn["prior_fewest_leads"],
            scenario.policy.further_leads,
        ),
        income=np.stack([drawn[f"income_{phase}"] for phase in PHASES]),
        reserves_share=drawn["prior_reserves_share"],
        school=school,
        place=np.vstack([place for place, _ in own]),
        kind=kind.reshape(-1).astype(np.int64),
        below=np.ascontiguousarray(np.cumsum(chances, axis=2)[:, :, :3].transpose(1, 0, 2)),
        bounds=bounds,
        trusts=order,
        replicates=replicates,
        first=prepared.first,
        notes=_notes(prepared.notes, no_roll, sum(lost for _, lost in own), len(rows)),
    )


def public_trust(country: Country, uid: int) -> Trust:
    """Return one trust as public data alone knows it: its schools, and no table of its own.

    Its judgements are not among the tables: `cases_of` reads them from the country.
    """
    rows = _members(country)
    rows = rows[rows["trust_uid"] == uid]
    name = str(rows["trust_name"].iloc[0])
    one = pd.DataFrame({"trust_uid": [uid], "name": [name]})
    tables, _ = of_schools_there({"trust": _typed(one, TRUST), "schools": _typed(rows, SCHOOLS)})
    return Trust(uid, name, country.as_of, Path(), MappingProxyType(tables))


def _typed(rows: pd.DataFrame, contract: TableContract) -> pd.DataFrame:
    """Return rows as a typed table of a trust, what they do not tell missing."""
    types = {column.name: column.dtype for column in contract.columns}
    return rows.reset_index(drop=True).reindex(columns=list(types)).astype(types)


def _refuse(country: Country, scenario: Scenario, joiners: int) -> None:
    sizes = country.schools["trust_uid"].value_counts()
    largest = int(sizes.max()) if len(sizes) else 0
    rules: Mapping[str, tuple[bool, str]] = MappingProxyType({
        "there is no trust": (largest > 0, "a country has at least one trust with a school"),
        f"a trust of {largest} schools is too large": (
            largest + joiners <= MOST_SCHOOLS,
            f"at most {MOST_SCHOOLS} schools are simulated together, joiners among them",
        ),
        f"scenario {scenario.title!r} names the schools that join": (
            not scenario.joiners.named, "a plan for every trust names no school",
        ),
    })  # fmt: skip
    for what, (holds, rule) in rules.items():
        if not holds:
            raise BadInput(what, rule=rule, mend="choose other files, or another scenario")


def _members(country: Country) -> pd.DataFrame:
    """Return the schools of trusts with their date of joining, by trust and URN."""
    own = country.schools.dropna(subset=["trust_uid"])
    joined_on = country.membership.set_index("urn")["joined"]
    out = own.assign(joined=own["urn"].map(joined_on))
    return out.sort_values(["trust_uid", "urn"], ignore_index=True)


def _ordered(country: Country) -> tuple[pd.DataFrame, Ints, tuple[int, ...]]:
    """Return the schools of trusts, with the bounds and UIDs of trusts in the order simulated."""
    rows = _members(country)
    spread = (rows["trust_uid"].astype("int64") * _SPREAD) % _WORD
    rows = rows.assign(spread=spread).sort_values(
        ["spread", "trust_uid", "urn"], ignore_index=True, kind="stable"
    )
    uids = rows["trust_uid"].to_numpy(np.int64)
    firsts = np.flatnonzero(np.r_[True, uids[1:] != uids[:-1]])
    bounds = np.append(firsts, len(rows)).astype(np.int64)
    return rows.drop(columns="spread"), bounds, tuple(int(uid) for uid in uids[firsts])


def _records(rows: pd.DataFrame, ground: Ground, model: ModelParameters) -> tuple[Records, int]:
    """Return the records of all schools (`layout.SCHOOL`), and how many had no roll."""
    records = np.zeros(len(rows), SCHOOL)
    phases = rows["phase"].map(PHASE_OF)
    pupils = rows["pupils"].to_numpy(float, na_value=np.nan)
    unknown = np.isnan(pupils) | (pupils == 0)
    usual = {phase: float(np.median(ground.drawn[f"prior_pupils_{phase}"])) for phase in PHASES}
    records["key"] = rows["urn"].to_numpy(np.uint32)
    records["existing"] = 1
    records["phase"] = phases.map({phase: i for i, phase in enumerate(PHASES)})
    records["pupils"] = np.where(unknown, phases.map(usual), pupils)
    records["join_term"] = _terms(rows["joined"], ground.first)
    rated = rows["rated"].eq(True).to_numpy()
    seen = _terms(rows["inspection_date"].where(rated, rows["joined"]), ground.first)
    records["rated"] = [
        inspected_band({str(name): value for name, value in one.items()}, model.start_bands)
        for one in rows.assign(rated=rated).to_dict("records")
    ]
    records["since"] = np.where(rated, np.maximum(0, -seen), -seen)
    records["days"] = UNKNOWN_DAYS
    records["head_terms"] = int(ground.drawn["prior_head_terms"][0])
    return records, int(unknown.sum())


def _terms(days: pd.Series, first: Term) -> Ints:
    """Return the term of each day, counted from the first simulated one."""
    each = {day: Term.of(day.date()) - first for day in days.unique()}
    return days.map(each).to_numpy(np.int64)


def _notes(of_plan: tuple[str, ...], no_roll: int, no_place: int, schools: int) -> tuple[str, ...]:
    """Say what was assumed of all trusts; what the plan's own notes say of one school is left."""
    counted = {
        "taken at a typical roll for their phase": no_roll,
        "placed at their trust's centre, as their own place is not known": no_place,
    }
    assumed = [
        f"Of {schools} schools in trusts, {n} are {what}." for what, n in counted.items() if n
    ]
    plain = [
        note.replace("The trust's data describe", "The published data describe").replace(
            "measured on this trust", "measured on any trust"
        )
        for note in of_plan
        if not note.startswith("Schools without")  # of the one trust that was set up first
    ]
    return (*plain, *assumed)
