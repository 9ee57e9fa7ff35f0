"""A growth scenario: which schools join, when, and the policies the trust grows under."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from workbench.errors import BadInput
from workbench.parameters.load import load_yaml
from workbench.parameters.model import BANDS, Band
from workbench.parameters.strict import StrictModel
from workbench.terms import Term

MAXIMUM_JOINERS = 60


def _is_term(text: str) -> str:
    try:
        Term.parse(text)
    except BadInput as error:
        raise ValueError(f"{error.what}; {error.mend}") from None
    return text


TermText = Annotated[str, AfterValidator(_is_term)]


class JoinerKind(StrictModel):
    """One kind of school that joins; kinds follow each other in the order of their shares."""

    share: float = Field(gt=0, le=1)
    phase: Literal["primary", "secondary", "special"]
    band: Band
    pupils: int = Field(ge=10, le=3000)
    distance_km: float = Field(ge=0, le=300)


class Joiners(StrictModel):
    """Who joins, and how fast."""

    schools: int = Field(ge=0, le=MAXIMUM_JOINERS)
    first_term: TermText
    a_year: float = Field(gt=0, le=12, description="schools joining each year")
    arrival: Literal["planned", "offered"] = "planned"
    offer_chance: float = Field(default=1.0, gt=0, le=1, description="chance a term, if offered")
    mix: tuple[JoinerKind, ...] = Field(min_length=1, max_length=12)

    @model_validator(mode="after")
    def _shares(self) -> Self:
        total = sum(kind.share for kind in self.mix)
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the shares of mix add up to {total:g}, not 1")
        if self.arrival == "planned" and self.offer_chance != 1.0:
            raise ValueError("offer_chance belongs to arrival: offered")
        return self


class Policy(StrictModel):
    """The levers a trust holds while it grows."""

    gate: Literal["none", "golden rule", "span", "reserves", "all"] = "none"
    defer_terms: int = Field(default=3, ge=0, le=30)
    schools_per_lead: float = Field(default=5.5, ge=2, le=20)
    executive_alone: int = Field(default=4, ge=1, le=10)
    hire_ahead_terms: int = Field(default=1, ge=0, le=9)
    top_slice_percent: float = Field(default=5.0, ge=0, le=15)
    vision_revisit_terms: int = Field(default=6, ge=0, le=30)
    intelligence_investment: float = Field(default=0.0, ge=0, le=1)
    framework: Literal["report card", "oeif"] = "report card"


class Scenario(StrictModel):
    """Everything in one file of `parameters/scenarios/`."""

    title: str = Field(min_length=3, max_length=120)
    question: str = Field(min_length=10, max_length=240)
    description: str = Field(min_length=10)
    start: TermText
    joiners: Joiners
    policy: Policy
    assume: dict[str, float] = Field(
        default_factory=dict, description="parameters of model.yaml held at another value"
    )

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if Term.parse(self.joiners.first_term) < Term.parse(self.start):
            raise ValueError(
                f"joiners.first_term {self.joiners.first_term} is before start {self.start}"
            )
        return self


def read_scenario(name: str, folder: Path) -> Scenario:
    """Read the scenario file of a name.

    Raises:
        BadInput: There is no such scenario, or its file is wrong.
    """
    known = scenario_names(folder)
    if name not in known:
        raise BadInput(
            f"there is no scenario {name!r}",
            where=str(folder),
            rule="a scenario is a file NAME.yaml in this folder",
            mend=f"use one of: {', '.join(known)}",
        )
    return load_yaml(folder / f"{name}.yaml", Scenario)


def scenario_names(folder: Path) -> tuple[str, ...]:
    """Return the names of the scenarios in a folder, in order."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


__all__ = ["BANDS", "JoinerKind", "Joiners", "Policy", "Scenario", "read_scenario"]
