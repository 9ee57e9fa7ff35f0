"""How each simulated measure is named, scaled, rounded and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workbench.charts.wording import number


@dataclass(frozen=True)
class Measure:
    """One thing a simulation follows from term to term.

    Attributes:
        label: Its name as it stands inside a sentence.
        unit: `%` for shares, or a noun.
        scale: What the simulated value is multiplied by to be shown.
        decimals: Decimals its uncertainty bears.
        low_is_bad: Whether trouble lies below a limit rather than above it.
    """

    label: str
    unit: str
    scale: float = 1.0
    decimals: int = 0
    low_is_bad: bool = True

    def show(self, value: float) -> str:
        """Write a simulated value with its unit."""
        gap = "" if self.unit == "%" else " "
        return f"{number(value * self.scale, self.decimals)}{gap}{self.unit}"


MEASURES: Mapping[str, Measure] = MappingProxyType({
    "schools": Measure("schools in the trust", "schools"),
    "secure_share": Measure("schools secure or better", "%", 100),
    "existing_secure_share": Measure("today's schools secure or better", "%", 100),
    "pupils_secure_share": Measure("pupils in schools secure or better", "%", 100),
    "capacity_use": Measure("use of leadership capacity", "%", 100, low_is_bad=False),
    "golden_margin": Measure("golden-rule margin", "schools", decimals=0),
    "unmet_share": Measure("support needed but not given", "%", 100, low_is_bad=False),
    "commitment": Measure("collective commitment", "out of 100", 100),
    "intelligence": Measure("strength of intelligence", "out of 100", 100),
    "leads": Measure("improvement leads in post", "full-time posts", decimals=1),
    "vacancies": Measure("vacant lead posts", "full-time posts", decimals=1, low_is_bad=False),
    "reserves_share": Measure("reserves as a share of income", "%", 100, decimals=1),
})  # fmt: skip
