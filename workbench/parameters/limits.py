"""What the board will not accept: limits, tolerance and horizon, in `parameters/trust.yaml`."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from pydantic import Field, field_validator

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
    error: Quantity
    looks: tuple[int, ...] = Field(
        min_length=1,
        description="simulated futures at which a run may stop once its answer is settled",
    )

    @field_validator("looks")
    @classmethod
    def _grow(cls, looks: tuple[int, ...]) -> tuple[int, ...]:
        if looks[0] <= 0 or any(later <= now for now, later in pairwise(looks)):
            raise ValueError("looks must be above 0 and each larger than the one before")
        return looks


class TrustSettings(StrictModel):
    """Everything in `parameters/trust.yaml`."""

    version: str
    limits: Limits
    risk: Risk
