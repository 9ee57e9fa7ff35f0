"""What each indicator of a pillar is: question, formula, direction, threshold and its source."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal, Self

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
Level = Literal["trust", "school"]


class Threshold(StrictModel):
    """Where an indicator stops being on track.

    Attributes:
        limit: Beyond it, act; None where another file sets it, as `set_by` says.
        watch: Beyond it, watch; None where there is only one line.
        set_by: The parameter that sets the limit, where this file does not.
        source: Who says so.
        verified: Whether somebody other than its author has checked it against its source.
        review: The day by which it should be looked at again.
    """

    limit: float | None = None
    watch: float | None = None
    set_by: Sentence | None = None
    source: Source
    verified: bool
    review: dt.date

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if (self.limit is None) == (self.set_by is None):
            raise ValueError("give either limit, or set_by naming the parameter that sets it")
        return self


class Indicator(StrictModel):
    """One declared indicator.

    Attributes:
        pillar: Which of the seven pillars it belongs to.
        level: Whether it describes a trust or one school.
        name: What readers see.
        question: What it answers.
        formula: How it is worked out, in words.
        inputs: Tables it reads.
        unit: Unit of the value.
        direction: Whether more ("up") or less ("down") is better.
        decimals: Digits shown after the point: what the data bears.
        threshold: Where it stops being on track; None where nobody has a line to offer.
    """

    pillar: Pillar
    level: Level
    name: Sentence
    question: Sentence
    formula: Sentence
    inputs: Annotated[tuple[str, ...], Field(min_length=1)]
    unit: Annotated[str, Field(min_length=1)]
    direction: Literal["up", "down"]
    decimals: int = Field(ge=0, le=3)
    threshold: Threshold | None

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
    """How far back indicators look, and how sure their intervals are."""

    recent_terms: Quantity
    confidence: Quantity


class Pillars(StrictModel):
    """Everything in `parameters/pillars.yaml`."""

    version: str = Field(min_length=1)
    windows: Windows
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
