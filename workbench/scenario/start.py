"""Turn a trust, a scenario and the declared parameters into a setting that can be simulated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.growth.draws import Cube
from workbench.growth.kernel.layout import GATES, POLICY, SCHOOL
from workbench.growth.setting import Records, Setting, one_record
from workbench.parameters.distributions import Floats
from workbench.parameters.golden_rule import load_golden_rule
from workbench.parameters.limits import LIMITS, TrustSettings
from workbench.parameters.model import BANDS, ModelParameters
from workbench.parameters.scenario import JoinerKind, Scenario
from workbench.scenario.admissible import checked, refuse_numbers, refuse_trust
from workbench.scenario.arrivals import Arrival, arrivals, joiner_kinds, left_out
from workbench.scenario.ground import Ground, ground_of, write_school
from workbench.scenario.people import UNKNOWN_DAYS, Start
from workbench.terms import Term
from workbench.trust.load import Trust


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

    @property
    def judged(self) -> tuple[str, ...]:
        """Names of the limits that are judged: set by the board, and known of the trust."""
        applies = self.setting.policy["apply"].ravel()
        return tuple(limit for limit, on in zip(LIMITS, applies, strict=True) if on)

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
    ground = ground_of(trust, scenario, model, replicates=replicates, seed=seed, cube=cube)
    return joined(ground, scenario, settings, joiners=joiners)


def joined(
    ground: Ground, scenario: Scenario, settings: TrustSettings, *, joiners: int
) -> Prepared:
    """Build the setting of a scenario on a ground that it shares with others.

    Args:
        ground: The trust at the scenario's start.
        scenario: A scenario that its schema allows.
        settings: The board's limits and risk.
        joiners: Schools that join, at most.

    Raises:
        BadInput: A named school cannot join (`arrivals`).
        ValueError: The scenario starts from another ground.
    """
    if not ground.carries(scenario):
        raise ValueError(f"scenario {scenario.title!r} starts from another ground")
    trust, first, params = ground.trust, ground.first, ground.params
    joining = arrivals(scenario, trust.tables["schools"], joiners)
    arriving = _joiners(joining, ground.drawn)
    unknown = ("reserves",) if pd.isna(trust.tables["trust"].iloc[0]["reserves_gbp"]) else ()
    if scenario.policy.further_leads:
        params = params.copy()
        params["leads"] += scenario.policy.further_leads
    setting = Setting(
        params=params,
        derived=ground.derived,
        policy=_policy(scenario, settings, unknown),
        school=np.concatenate([ground.school, arriving]),
        below=np.concatenate([ground.below, _stated_bands(arriving, len(params))], axis=1),
        place=np.vstack([ground.place, *(one.place for one in joining)]),
        terms=settings.risk.horizon_terms,
        seed=ground.seed,
    )
    notes = ground.notes
    if ground.shifted:
        notes = (*notes, _shift_note(trust, first, ground.shifted))
    late = int((arriving["join_term"] >= setting.terms).sum())
    if late:
        notes = (*notes, _pace_note(scenario, len(joining) - late, setting.terms))
    if scenario.joiners.schools < len(scenario.joiners.named):
        notes = (*notes, left_out(scenario.joiners))
    if scenario.policy.further_leads:
        notes = (*notes, _leads_note(scenario))
    if unknown:
        notes = (*notes, "Reserves are not known, so the limit on reserves is not judged.")
    notes = (*_faulty_note(trust), *notes, *_assumed_note(ground.starting))
    kinds = tuple(one.kind for one in joining)
    return Prepared(setting, first, ground.shifted, ground.starting, kinds, notes)


def _stated_bands(arriving: Records, draws: int) -> Floats:
    """Return the same of joiners: each truly is what the scenario says, as due diligence found."""
    below = arriving["rated"][:, None] < np.arange(1, 4)
    return np.broadcast_to(below.astype(float), (draws, *below.shape))


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


def _leads_note(scenario: Scenario) -> str:
    further = scenario.policy.further_leads
    return (
        f"The plan has {further:g} more improvement lead{'' if further == 1 else 's'} in post from "
        "the first term than the trust's data show."
    )


def _pace_note(scenario: Scenario, joining: int, terms: int) -> str:
    return (
        f"At {scenario.joiners.a_year:g} schools a year only {joining} join within the "
        f"{terms} terms simulated: larger numbers show the same risk as {joining}."
    )


def _joiners(joining: Sequence[Arrival], drawn: dict[str, Floats]) -> Records:
    since = int(drawn["joiner_since_inspection"][0])
    records = np.zeros(len(joining), SCHOOL)
    for record, one in zip(records, joining, strict=True):
        write_school(
            record, one.key, one.kind.phase, BANDS.index(one.kind.band), since,
            existing=0, pupils=float(one.kind.pupils), join_term=one.due,
            days=UNKNOWN_DAYS, head_terms=int(drawn["prior_head_terms"][0]),
        )  # fmt: skip
    return records


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
