"""The capacity pillar: can people and schools carry the improvement that the trust needs?

Nothing missing becomes zero: an indicator whose inputs are absent says what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workbench.pillars import capacity_people, capacity_reach, capacity_support
from workbench.pillars.indicator import Measured
from workbench.pillars.measuring import Measure, measure
from workbench.pillars.scope import Scope

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {**capacity_reach.MEASURES, **capacity_people.MEASURES, **capacity_support.MEASURES}
)


def capacity(scope: Scope) -> tuple[Measured, ...]:
    """Measure the capacity pillar: one entry an indicator of the level, in the declared order."""
    return measure(scope, "capacity", MEASURES)
