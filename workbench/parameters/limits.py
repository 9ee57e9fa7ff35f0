"""What the board will not accept: limits, tolerance and horizon, in `parameters/trust.yaml`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from workbench.parameters.quantity import Quantity
from workbench.parameters.strict import StrictModel

LIMITS = ("golden rule", "overstretch", "unmet need", "existing schools", "reserves")
LimitName = Literal["golden rule", "overstretch", "unmet need", "existing schools", "reserves"]


class Limits(StrictModel):
    """The limits every school must stay within, and for how long a breach is forgiven."""

    golden_rule: str = Field(description="preset of golden_rule.yaml that the simulation keeps")
    grace_terms: Quantity
    unmet_need: Quantity
    existing_fall: Quantity
    reserves_floor: Quantity
    apply: tuple[LimitName, ...] = Field(min_length=1, description="limits that count")


class Risk(StrictModel):
    """How much risk the board accepts, and how far ahead it looks."""

    horizon_terms: int = Field(ge=3, le=60)
    tolerance: Quantity
    confidence: Quantity
    baseline_ceiling: Quantity


class TrustSettings(StrictModel):
    """Everything in `parameters/trust.yaml`."""

    version: str
    limits: Limits
    risk: Risk
