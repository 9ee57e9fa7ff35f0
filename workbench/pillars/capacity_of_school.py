"""The capacity pillar as it shows at one school: its role, what it gave and got, who is near."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from workbench.pillars.capacity import capacity
from workbench.pillars.capacity_reach import verdict_of
from workbench.pillars.capacity_support import support_known
from workbench.pillars.golden_rule import Role
from workbench.pillars.indicator import Measured
from workbench.pillars.scope import PillarSettings, Scope
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


def school_capacity(trust: Trust, urn: int, settings: PillarSettings) -> SchoolCapacity:
    """Measure the capacity pillar at one school.

    Raises:
        BadInput: The trust has no such school.
    """
    scope = Scope(trust, settings, urn)
    role = verdict_of(scope).by_school[urn]
    known = support_known(scope)
    received = known[known["recipient_urn"] == urn]
    unfinished = received["ended"].isna()
    return SchoolCapacity(
        urn=urn,
        role=role,
        running=received[unfinished & received["started"].notna()].reset_index(drop=True),
        unsupported=_unsupported(trust, role, bool(unfinished.any())),
        indicators=capacity(scope),
    )


def _unsupported(trust: Trust, role: Role, has_support: bool) -> bool | None:
    if trust.support.empty or role.name == "unrated":
        return None
    return role.name == "recipient" and not has_support
