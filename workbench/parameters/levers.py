"""How far a plan is changed to see what would help: the sizes in `parameters/levers.yaml`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from workbench import paths
from workbench.parameters.load import load_yaml
from workbench.parameters.model import Band
from workbench.parameters.quantity import Quantity, Sentence, Source
from workbench.parameters.strict import StrictModel

Share = Annotated[float, Field(ge=0, le=1)]
Pace = Annotated[float, Field(gt=0, le=12)]


class BandShares(StrictModel):
    """Shares of joining schools by the band of their last inspection."""

    secure: Share
    needs_attention: Share
    urgent: Share

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = sum(self.by_band().values())
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the shares of a mix add up to {total:g}, not 1")
        return self

    def by_band(self) -> dict[Band, float]:
        """Return the share of each band, strongest first."""
        return {
            "secure": self.secure,
            "needs attention": self.needs_attention,
            "urgent": self.urgent,
        }


class FrontierGrid(StrictModel):
    """Mixes of joiners and paces for which the schools that can be absorbed are counted."""

    mixes: dict[str, BandShares] = Field(min_length=1, max_length=8)
    paces: tuple[Pace, ...] = Field(min_length=1, max_length=12)
    unit: str
    description: Sentence
    source: Source
    verified: bool
    review: dt.date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if list(self.paces) != sorted(set(self.paces)):
            raise ValueError("paces must rise, none twice")
        return self


class LeverSizes(StrictModel):
    """Everything in `parameters/levers.yaml`.

    Attributes:
        version: The file's own version.
        schools_kept: Share of joining schools kept where fewer are to join.
        pace_kept: Share of the pace kept where schools are to join more slowly.
        hire_earlier: Terms by which leads are hired earlier.
        fewer_schools_a_lead: Schools by which each lead serves fewer.
        higher_slice: Percentage points by which the pooled share of income rises.
        intelligence: Investment in intelligence to which the plan is raised.
        further_schools: Schools beyond the plan up to which the capacity is sought.
        further_leads: Leads in post from the first term beyond those the trust has.
        joiners_within: Kilometres from the centre where only neighbours are to join.
        judged_terms: Terms in the trust before a school's joining counts as tried.
        warning_terms: Terms ahead within which a warning must come true.
        warning_skill: Youden's J that a warning must beat beyond doubt.
        warning_overlap: Share of warnings in common from which two tripwires are one.
        package_changes: Most changes in a package.
        package_steps: Steps by which a package may make one change.
        package_schools: Further schools up to which a package is sought.
        package_tries: Packages put to the proof for each number of schools.
        proof_factor: Times as many futures for the proof.
        pricing_share: Share of the draws on which packages are priced for ranking.
        frontier: Mixes and paces of the frontier.
    """

    version: str
    schools_kept: Quantity
    pace_kept: Quantity
    hire_earlier: Quantity
    fewer_schools_a_lead: Quantity
    higher_slice: Quantity
    intelligence: Quantity
    further_schools: Quantity
    further_leads: Quantity
    joiners_within: Quantity
    judged_terms: Quantity
    warning_terms: Quantity
    warning_skill: Quantity
    warning_overlap: Quantity
    package_changes: Quantity
    package_steps: Quantity
    package_schools: Quantity
    package_tries: Quantity
    proof_factor: Quantity
    pricing_share: Quantity
    frontier: FrontierGrid


def load_lever_sizes(path: Path | None = None) -> LeverSizes:
    """Read the sizes, from `parameters/levers.yaml` unless told otherwise.

    Raises:
        BadInput: The file cannot be read or breaks its schema.
    """
    return load_yaml(path or paths.parameters() / "levers.yaml", LeverSizes)
