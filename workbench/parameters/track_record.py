"""What the model said of trusts in the past, and what happened: `parameters/track_record.yaml`.

The file is written whole by a back-test (`workbench backtest --record`); reports quote it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from workbench import paths
from workbench.parameters.load import load_yaml
from workbench.parameters.model import ModelParameters
from workbench.parameters.quantity import Quantity, Sentence
from workbench.parameters.research import ResearchRules
from workbench.parameters.strict import StrictModel

FILE = "track_record.yaml"
# Grades as bands, moves between bands, inspection: a model with others is not the one tested.
TESTED_PARTS = ("start_bands", "improve", "inspect")
_SHOWN = 16  # characters of a digest, as in the provenance of a report

Count = Annotated[int, Field(ge=0)]
Amount = Annotated[float, Field(ge=0.0)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class PublishedLists(StrictModel):
    """Published tables of one kind that the back-test was given.

    Attributes:
        publisher: Who publishes them.
        title: What they are.
        days: The days they describe.
        years: The school years they describe, where they describe years.
    """

    publisher: Sentence
    title: Sentence
    days: tuple[dt.date, ...] = ()
    years: tuple[str, ...] = ()


class MadeBy(StrictModel):
    """The version of the model that made the forecasts.

    Attributes:
        version: Of `parameters/model.yaml`.
        numbers: Digest of the numbers that make it so (`numbers_digest`).
    """

    version: str
    numbers: str = Field(pattern=r"^[0-9a-f]{16}$")


class Sum(StrictModel):
    """A number forecast and seen.

    Attributes:
        forecast: Its mean over the model's futures.
        lower: Lower end of the middle 95% of them.
        upper: Upper end.
        seen: What it was.
    """

    forecast: Amount
    lower: Count
    upper: Count
    seen: Count

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.lower > self.upper:
            raise ValueError("lower may not be more than upper")
        return self

    @property
    def allowed(self) -> bool:
        """Whether what was seen lies within what the model held possible at 95%."""
        return self.lower <= self.seen <= self.upper


class Counted(StrictModel):
    """A count forecast for each trust of a class of size, beside what was seen.

    Attributes:
        least: Fewest schools of a trust of this class, at the origin.
        most: Most schools; nothing where the class has no end.
        trusts: Trusts counted.
        total: The counts of all of them together.
        judged: Trusts whose own count was held against the model's 80% interval of it.
        held: Of those, how many counts lie within their intervals. The model's own forecast is more
            than 80% of them, for an interval of whole numbers holds more.
    """

    least: Count
    most: Count | None
    trusts: Count
    total: Sum
    judged: Count
    held: Sum

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.most is not None and self.most < self.least:
            raise ValueError("most may not be less than least")
        if not max(self.held.seen, self.held.upper) <= self.judged <= self.trusts:
            raise ValueError("held may not be more than judged, nor judged more than trusts")
        return self

    def is_of(self, schools: int) -> bool:
        """Say whether a trust of so many schools is of this class."""
        return self.least <= schools and (self.most is None or schools <= self.most)


class GradesCounted(Counted):
    """Schools of the trusts inspected again, and how many of them were good or better.

    Attributes:
        schools: Schools with a new grade.
        by_table: How many of them a table of last grades, fitted to the same past, expected.
        brier: Brier score of the model's forecasts of them.
        table: Brier score of that table's.
    """

    schools: Count
    by_table: Amount
    brier: Share
    table: Share

    @model_validator(mode="after")
    def _within_schools(self) -> Self:
        if max(self.total.seen, self.total.upper) > self.schools:
            raise ValueError("good schools may not be more than schools")
        return self


class GradesRecord(StrictModel):
    """Schools' next grades: good or better, or not.

    Attributes:
        origin: The last day known.
        target: The last day of a grade.
        learnt_from: Grades that the forecasts were fitted to.
        classes: By class of size; one with too few trusts or schools is left out.
    """

    origin: dt.date
    target: dt.date
    learnt_from: Count
    classes: tuple[GradesCounted, ...]


class SizesRecord(StrictModel):
    """How many schools each trust has at a later day.

    Attributes:
        origin: The last day known.
        target: The day on which schools were counted.
        classes: By class of size; one with too few trusts is left out.
    """

    origin: dt.date
    target: dt.date
    classes: tuple[Counted, ...]


class TrackRecord(StrictModel):
    """Everything in `parameters/track_record.yaml`.

    Attributes:
        version: The file's own version.
        place: Whose schools and trusts these are.
        made_by: The version of the model that made the forecasts.
        figures_known_when: When a figure of a school counted as known: once its school year had
            `ended`, or when it was `published`.
        sources: What the back-test was given.
        digest: Of the bytes of the files given.
        grades: Schools' next grades.
        sizes: Trusts' numbers of schools; nothing where they could not be tested.
    """

    version: str
    place: Sentence
    made_by: MadeBy
    figures_known_when: Annotated[str, Field(pattern="^(ended|published)$")]
    sources: tuple[PublishedLists, ...]
    digest: str = Field(pattern=r"^[0-9a-f]{16}$")
    grades: GradesRecord
    sizes: SizesRecord | None


def load_track_record(path: Path | None = None) -> TrackRecord | None:
    """Read the record, from `parameters/track_record.yaml` unless told otherwise; None without one.

    Raises:
        BadInput: The file cannot be read or breaks its schema.
    """
    file = path or paths.parameters() / FILE
    return load_yaml(file, TrackRecord) if file.exists() else None


def numbers_digest(model: ModelParameters, rules: ResearchRules) -> str:
    """Return a digest of what makes the model the one that was tested, 16 characters.

    It is of every number that a back-test reads, and of the rates in force of the moves that it
    tests. What people may read of a number, such as its source, does not count; nor does the rest
    of the model, of which a back-test says nothing.
    """
    told = {part: _numbers(getattr(model, part)) for part in TESTED_PARTS}
    told |= {"backtest": _numbers(rules.backtest), "calibration": _numbers(rules.calibration)}
    text = json.dumps(told, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_SHOWN]


def _numbers(node: object) -> object:
    """Return a part of the parameters as plain values, each quantity as its value alone."""
    match node:
        case Quantity():
            return node.value
        case StrictModel():
            return {name: _numbers(getattr(node, name)) for name in type(node).model_fields}
        case dict():
            return {str(key): _numbers(value) for key, value in node.items()}
        case _:
            return node
