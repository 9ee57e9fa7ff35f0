"""Turn a trust, a scenario and the declared parameters into a setting that can be simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.growth.derive import derive
from workbench.growth.draws import (
    Cube,
    as_records,
    draw_parameters,
    events_for_each_draw,
)
from workbench.growth.kernel.layout import GATES, PHASES, POLICY, SCHOOL
from workbench.growth.setting import Records, Setting, one_record
from workbench.parameters.distributions import Floats
from workbench.parameters.golden_rule import load_golden_rule
from workbench.parameters.limits import LIMITS, TrustSettings
from workbench.parameters.model import BANDS, ModelParameters
from workbench.parameters.scenario import JoinerKind, Scenario
from workbench.scenario.admissible import (
    checked,
    held_parameters,
    refuse_numbers,
    refuse_trust,
)
from workbench.scenario.arrivals import Arrival, arrivals, joiner_kinds, left_out
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
class Prepared:
    """A setting with what a reader must know of how it was started.

    Attributes:
        setting: The arrays to simulate.
        first: The first simulated term.
        shifted: Terms by which the scenario's dates were moved to meet the trust's data.
        starting: Every starting value with its source, over the draws.
        joiners: Kind of each joiner, in order.
        notes: Sentences on what was assumed of this trust.
    """

    setting: Setting
    first: Term
    shifted: int
    starting: tuple[Start, ...]
    joiners: tuple[JoinerKind, ...]
    notes: tuple[str, ...]

    def register(self) -> pd.DataFrame:
        """Return one row for each starting value: what, value, low, high, unit, source, measured.

        `value` is the median over the draws, `low` and `high` their 5th and 95th percentiles.
        """
        rows = []
        for start in self.starting:
            low, middle, high = np.quantile(start.values, [0.05, 0.5, 0.95])
            rows.append(
                {
                    "what": start.what,
                    "value": middle,
                    "low": low,
                    "high": high,
                    "unit": start.unit,
                    "source": start.source,
                    "measured": start.measured,
                }
            )
        return pd.DataFrame(rows)


def prepare(
    trust: Trust,
    scenario: Scenario,
    model: ModelParameters,
    settings: TrustSettings,
    *,
    joiners: int,
    replicates: int,
    seed: int,
    cube: Cube | None = None,
) -> Prepared:
    """Build the setting of a trust under a scenario.

    With a `cube` (uniforms by parameter, each of length M) there are M draws whatever `replicates`
    says, and every parameter the cube does not name stands still (`draws.draw_parameters`).

    Raises:
        BadInput: The trust, the scenario or a number cannot be simulated (`admissible`), or a named
            school cannot join (`arrivals`).
    """
    refuse_numbers(joiners, replicates, seed)
    refuse_trust(trust)
    scenario = checked(scenario)
    first, shifted = _first_term(trust, scenario)
    held = held_parameters(scenario, model)
    draws = replicates // events_for_each_draw(replicates)
    if cube:
        draws = len(next(iter(cube.values())))
    drawn = draw_parameters(model, scenario.policy.framework, held, seed, draws, cube=cube)
    existing, place, notes = _schools(trust, model, first, drawn)
    joining = arrivals(scenario, trust.tables["schools"], joiners)
    arriving = _joiners(joining, drawn)
    school = np.concatenate([existing, arriving])
    levels = starting_levels(trust, model, drawn, held=held, seed=seed, cube=cube)
    starting, columns = _starting(trust, existing, drawn, levels)
    unknown = ("reserves",) if pd.isna(trust.tables["trust"].iloc[0]["reserves_gbp"]) else ()
    params = as_records(drawn | columns)
    setting = Setting(
        params=params,
        derived=derive(params),
        policy=_policy(scenario, settings, unknown),
        school=school,
        below=np.concatenate(
            [_true_bands(existing, drawn), _stated_bands(arriving, draws)], axis=1
        ),
        place=np.vstack([place, *(one.place for one in joining)]),
        terms=settings.risk.horizon_terms,
        seed=seed,
    )
    if shifted:
        notes = (*notes, _shift_note(trust, first, shifted))
    late = int((arriving["join_term"] >= setting.terms).sum())
    if late:
        notes = (*notes, _pace_note(scenario, len(joining) - late, setting.terms))
    if scenario.joiners.schools < len(scenario.joiners.named):
        notes = (*notes, left_out(scenario.joiners))
    if unknown:
        notes = (*notes, "Reserves are not known, so the limit on reserves is not judged.")
    notes = (*_faulty_note(trust), *notes, *_assumed_note(starting))
    return Prepared(setting, first, shifted, starting, tuple(one.kind for one in joining), notes)


def _true_bands(existing: Records, drawn: dict[str, Floats]) -> Floats:
    """Return P(true band < 1), P(< 2), P(< 3) of the trust's schools at the start, M x n x 3."""
    chances = start_chances(existing["rated"], existing["since"], drawn)
    return np.asarray(np.cumsum(chances, axis=2)[:, :, :3])


def _stated_bands(arriving: Records, draws: int) -> Floats:
    """Return the same of joiners: each truly is what the scenario says, as due diligence found."""
    below = arriving["rated"][:, None] < np.arange(1, 4)
    return np.broadcast_to(below.astype(float), (draws, *below.shape))


def _first_term(trust: Trust, scenario: Scenario) -> tuple[Term, int]:
    """Return the first term and how far the scenario had to move to meet the trust's data."""
    planned = Term.parse(scenario.start)
    earliest = Term.of(trust.as_of) + 1
    lag = planned - earliest
    if 0 <= lag <= LONGEST_LAG:
        return planned, 0
    return earliest, -lag


def _shift_note(trust: Trust, first: Term, shifted: int) -> str:
    way = "later" if shifted > 0 else "earlier"
    return (
        f"The trust's data describe {trust.as_of:%-d %B %Y}, so the scenario starts in {first}: "
        f"all its dates are {abs(shifted)} terms {way} than its file says."
    )


def _faulty_note(trust: Trust) -> Iterator[str]:
    """Say which rows the answer leaves out because the folder's files are faulty."""
    left = {
        table: trust.quarantined.get(table, 0) + trust.set_aside.get(table, 0)
        for table in trust.tables
    }
    rows = [f"{count} of {table}" for table, count in left.items() if count]
    if rows:
        yield (
            f"Rows left out because they are faulty or name a faulty school: {', '.join(rows)}. "
            f"Run `workbench check` on the trust's folder and mend them first."
        )


def _assumed_note(starting: Sequence[Start]) -> Iterator[str]:
    """Name what was not measured on this trust, so that no output passes a prior off as data."""
    assumed = [start.what[0].lower() + start.what[1:] for start in starting if not start.measured]
    if assumed:
        yield (
            f"{len(starting) - len(assumed)} of {len(starting)} starting values are measured on "
            f"this trust; assumed from declared priors: {', '.join(assumed)}."
        )


def _pace_note(scenario: Scenario, joining: int, terms: int) -> str:
    return (
        f"At {scenario.joiners.a_year:g} schools a year only {joining} join within the "
        f"{terms} terms simulated: larger numbers show the same risk as {joining}."
    )


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
        _write_school(
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


def _write_school(
    record: np.void,
    key: int,
    phase: str,
    band: int,
    since: int,
    **fields: float,
) -> None:
    record["key"], record["phase"] = key, PHASES.index(phase)
    record["rated"], record["since"] = band, since
    for name, value in fields.items():
        record[name] = value


def _joiners(joining: Sequence[Arrival], drawn: dict[str, Floats]) -> Records:
    since = int(drawn["joiner_since_inspection"][0])
    records = np.zeros(len(joining), SCHOOL)
    for record, one in zip(records, joining, strict=True):
        _write_school(
            record, one.key, one.kind.phase, BANDS.index(one.kind.band), since,
            existing=0, pupils=float(one.kind.pupils), join_term=one.due,
            days=UNKNOWN_DAYS, head_terms=int(drawn["prior_head_terms"][0]),
        )  # fmt: skip
    return records


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


def _policy(scenario: Scenario, settings: TrustSettings, unknown: Sequence[str]) -> Records:
    """Return levers and limits; a limit on what is `unknown` of the trust is not judged."""
    policy, limits, joiners = scenario.policy, settings.limits, scenario.joiners
    rule = load_golden_rule().policy(limits.golden_rule)
    return one_record(
        POLICY,
        gate=GATES.index(policy.gate),
        defer_terms=policy.defer_terms,
        schools_per_lead=policy.schools_per_lead,
        executive_alone=policy.executive_alone,
        hire_ahead_terms=policy.hire_ahead_terms,
        top_slice=policy.top_slice_percent / 100,
        vision_revisit_terms=policy.vision_revisit_terms,
        intelligence_investment=policy.intelligence_investment,
        offered=joiners.arrival == "offered",
        offer_chance=joiners.offer_chance,
        providers_per_weight=rule.ratio.value,
        weight_attention=rule.weights.needs_attention.value,
        weight_urgent=rule.weights.category.value,
        grace_terms=int(limits.grace_terms.value),
        unmet_need=limits.unmet_need.value,
        existing_fall=limits.existing_fall.value,
        reserves_floor=limits.reserves_floor.value,
        apply=[name in limits.apply and name not in unknown for name in LIMITS],
    )


__all__ = ["Prepared", "joiner_kinds", "prepare"]
