"""The capacity pillar as it shows at one school: its role, what it gave and got, who is near."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from workbench.errors import BadInput
from workbench.parameters.pillars import Pillars
from workbench.pillars.capacity import CapacitySettings, ended_recently, middle_day
from workbench.pillars.golden_rule import GoldenRuleVerdict, Role, judge
from workbench.pillars.indicator import Measured, measured, not_applicable, not_enough
from workbench.pillars.reach import nearest, road_minutes
from workbench.pillars.standings import standings
from workbench.trust.load import Trust


@dataclass(frozen=True)
class SchoolCapacity:
    """One school under the capacity pillar.

    Attributes:
        urn: The school.
        role: Its role under the golden rule, with the reason and its weights.
        running: Support the school receives now, one row a deployment as in the table `support`.
        unsupported: It needs support by the rule, and none is running or waiting; None where the
            table `support` is absent or the role is not settled.
        indicators: Measured indicators of the school, in the declared order.
    """

    urn: int
    role: Role
    running: pd.DataFrame
    unsupported: bool | None
    indicators: tuple[Measured, ...]


def school_capacity(trust: Trust, urn: int, settings: CapacitySettings) -> SchoolCapacity:
    """Measure the capacity pillar at one school.

    Raises:
        BadInput: The trust has no such school.
    """
    if urn not in set(trust.schools["urn"]):
        raise BadInput(
            f"{urn} is not a school of {trust.name}",
            where=str(trust.folder),
            rule="a URN of the table schools",
            mend="take a URN from schools",
        )
    verdict = judge(standings(trust), settings.policy)
    role = verdict.by_school[urn]
    received = trust.support[trust.support["recipient_urn"] == urn]
    unfinished = received["ended"].isna()
    return SchoolCapacity(
        urn=urn,
        role=role,
        running=received[unfinished & received["started"].notna()].reset_index(drop=True),
        unsupported=_unsupported(trust, role, bool(unfinished.any())),
        indicators=(
            _days(trust, settings.pillars, "days_lent", "provider_urn", urn),
            _days(trust, settings.pillars, "days_received", "recipient_urn", urn),
            _days_waiting(trust, settings.pillars, urn),
            _nearest_provider(trust, verdict, urn, settings),
        ),
    )


def _unsupported(trust: Trust, role: Role, has_support: bool) -> bool | None:
    if trust.support.empty or role.name == "unrated":
        return None
    return role.name == "recipient" and not has_support


def _days(trust: Trust, pillars: Pillars, key: str, side: str, urn: int) -> Measured:
    indicator = pillars.indicator(key)
    if trust.support.empty:
        return not_enough(key, indicator, "the table support")
    ended = ended_recently(trust, pillars)
    own = ended[ended[side] == urn]
    return measured(
        key, indicator, float(own["days"].sum()),
        as_of=trust.as_of, n=len(own), n_of="ended deployment",
        evidence_date=middle_day(own["ended"]),
    )  # fmt: skip


def _days_waiting(trust: Trust, pillars: Pillars, urn: int) -> Measured:
    key = "days_waiting"
    indicator = pillars.indicator(key)
    if trust.support.empty:
        return not_enough(key, indicator, "the table support")
    own = trust.support[trust.support["recipient_urn"] == urn]
    waiting = own[own["started"].isna()]
    since = waiting["triggered"].min()
    return measured(
        key, indicator, float(waiting["days"].sum()),
        as_of=trust.as_of, n=len(waiting), n_of="waiting deployment",
        evidence_date=trust.as_of,
        note="" if waiting.empty else f"waiting since {since.day} {since:%B %Y}",
    )  # fmt: skip


def _nearest_provider(
    trust: Trust, verdict: GoldenRuleVerdict, urn: int, settings: CapacitySettings
) -> Measured:
    key = "nearest_provider_minutes"
    indicator = settings.pillars.indicator(key)
    providers = [other for other in verdict.schools_as("provider") if other != urn]
    if any(other != urn for other in verdict.schools_as("possible provider")):
        return not_enough(key, indicator, "which schools can provide")
    if not providers:
        return not_applicable(key, indicator, "the trust has no other provider")
    minutes = road_minutes(trust.schools, settings.travel)
    if minutes.loc[[urn, *providers]].isna().all(axis="columns").any():
        return not_enough(key, indicator, "latitude and longitude of this school and of providers")
    found = nearest(minutes, urn, providers)
    if found is None:
        return not_enough(key, indicator, "latitude and longitude of this school and of providers")
    closest, way = found
    name = trust.schools.set_index("urn")["name"][closest]
    return measured(
        key, indicator, way,
        as_of=trust.as_of, n=len(providers), n_of="provider", evidence_date=trust.as_of,
        note=f"{name} ({closest})",
    )  # fmt: skip
