"""What each indicator of a pillar is: question, formula, direction, threshold and its source."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from workbench import paths
from workbench.errors import BadInput
from workbench.parameters.load import load_yaml
from workbench.parameters.quantity import Quantity, Sentence, Source
from workbench.parameters.strict import StrictModel

Pillar = Literal[
    "vision",
    "capacity",
    "collective commitment",
    "intelligence",
    "process",
    "improvement activity",
    "quality assurance",
]
PILLARS: tuple[Pillar, ...] = get_args(Pillar)
Level = Literal["trust", "school"]


class Threshold(StrictModel):
    """Where an indicator stops being on track.

    Attributes:
        limit: Beyond it, act; None where another file sets it, as `set_by` says.
        limits: Lower and upper limit, where the direction is "within".
        watch: Beyond it, watch; None where there is only one line.
        set_by: The parameter that sets the limit, where this file does not.
        source: Who says so.
        verified: Whether somebody other than its author has checked it against its source.
        review: The day by which it should be looked at again.
    """

    limit: float | None = None
    limits: tuple[float, float] | None = None
    watch: float | None = None
    set_by: Sentence | None = None
    source: Source
    verified: bool
    review: dt.date

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        given = sum(one is not None for one in (self.limit, self.limits, self.set_by))
        if given != 1:
            raise ValueError("give one of limit, limits, or set_by naming what sets it")
        if self.limits is not None and self.limits[0] >= self.limits[1]:
            raise ValueError("the lower of the two limits comes first")
        return self


class Indicator(StrictModel):
    """One declared indicator.

    Attributes:
        pillar: Which of the seven pillars it belongs to.
        level: Whether it describes a trust, one school, or either.
        name: What readers see.
        question: What it answers.
        formula: How it is worked out, in words.
        inputs: Tables without which it cannot be worked out.
        also_reads: Tables that it reads where they are there.
        unit: Unit of the value.
        direction: Whether more ("up") or less ("down") is better, or neither beyond two limits
            ("within").
        decimals: Digits shown after the point: what the data bears.
        threshold: Where it stops being on track; None where nobody has a line to offer.
        scale: The value that counts 0 in the pillar's score and the one that counts 1; for
            "within" the two values outside the limits that count 0. None leaves it out.
        weight: Its weight within the pillar.
        critical: Whether failing it caps the pillar's score, whatever the others say.
    """

    pillar: Pillar
    level: Level | Literal["both"]
    name: Sentence
    question: Sentence
    formula: Sentence
    inputs: tuple[str, ...]
    also_reads: tuple[str, ...] = ()
    unit: Annotated[str, Field(min_length=1)]
    direction: Literal["up", "down", "within"]
    decimals: int = Field(ge=0, le=3)
    threshold: Threshold | None
    scale: tuple[float, float] | None = None
    weight: float = Field(default=1.0, gt=0, le=10)
    critical: bool = False

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels it is measured at."""
        return get_args(Level) if self.level == "both" else (self.level,)

    @model_validator(mode="after")
    def _reads_something(self) -> Self:
        if not self.inputs and not self.also_reads:
            raise ValueError("name the tables it reads, in inputs or also_reads")
        return self

    @model_validator(mode="after")
    def _scale_runs_the_right_way(self) -> Self:
        line = self.threshold
        if (self.direction == "within") != (line is not None and line.limits is not None):
            raise ValueError("the direction within goes with a threshold of two limits")
        if self.scale is None:
            if self.critical:
                raise ValueError("a critical indicator counts in its pillar: give its scale")
            return self
        first, last = self.scale
        if line is not None and line.limits is not None:
            if not (first < line.limits[0] and line.limits[1] < last):
                raise ValueError("scale lies outside the two limits")
        elif (first < last) != (self.direction == "up"):
            raise ValueError(f"scale {first:g} to {last:g} runs against direction {self.direction}")
        return self

    @model_validator(mode="after")
    def _watch_before_limit(self) -> Self:
        line = self.threshold
        if line is None or line.watch is None or line.limit is None:
            return self
        past = line.watch > line.limit if self.direction == "down" else line.watch < line.limit
        if past:
            raise ValueError(
                f"watch {line.watch:g} lies beyond limit {line.limit:g} (direction "
                f"{self.direction})"
            )
        return self


class Windows(StrictModel):
    """How far back indicators look, how sure they are, and how few records are too few."""

    recent_terms: Quantity
    confidence: Quantity
    fewest_respondents: Quantity
    fewest_pupils: Quantity
    fewest_for_interval: Quantity
    fewest_points: Quantity
    firm_points: Quantity
    absence_spread: Quantity
    attainment_8_spread: Quantity
    long_years: Quantity
    theory_days: Quantity
    fewest_schools: Quantity
    least_omega: Quantity


class ProfileRules(StrictModel):
    """How indicators become the profile of the seven pillars."""

    floor: Quantity
    least_measured: Quantity
    weight_spread: Quantity
    noticeable: Quantity
    draws: Quantity
    seed: Quantity


class Pillars(StrictModel):
    """Everything in `parameters/pillars.yaml`."""

    version: str = Field(min_length=1)
    windows: Windows
    profile: ProfileRules
    indicators: dict[str, Indicator]

    def indicator(self, key: str) -> Indicator:
        """Return an indicator by its key.

        Raises:
            BadInput: The file does not declare it.
        """
        if key not in self.indicators:
            raise BadInput(
                f"indicator {key!r} is not declared",
                where="parameters/pillars.yaml, indicators",
                rule="every indicator that is worked out has its declaration",
                mend="restore its entry",
            )
        return self.indicators[key]


def load_pillars(path: Path | None = None) -> Pillars:
    """Read the indicators, from `parameters/pillars.yaml` unless told otherwise.

    Raises:
        BadInput: The file cannot be read or breaks its schema.
    """
    return load_yaml(path or paths.parameters() / "pillars.yaml", Pillars)
