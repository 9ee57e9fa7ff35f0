"""What the model would have said of trusts like this one, and what happened: a line for boards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import Markup

from workbench import paths
from workbench.charts.wording import count
from workbench.parameters.load import load_yaml
from workbench.parameters.model import ModelParameters
from workbench.parameters.research import load_research
from workbench.parameters.track_record import (
    TESTED_PARTS,
    Counted,
    GradesCounted,
    SizesRecord,
    Sum,
    TrackRecord,
    load_track_record,
    numbers_digest,
)

Class = TypeVar("Class", bound=Counted)

QUESTION = "Were such forecasts right before?"
SCORED = "This tests inspections, with settings chosen in hindsight, not what growth does."
# How a year's figures came to be known, for the words "from what ... by".
_KNOWN = {"published": "was published", "ended": "was over, published or not,"}
# What a back-test tests, what none has, and how clean this one was: see docs/methods/backtest.md.
_REACH = "How well the growth model foretells growth:"
_UNTESTED = "what growth does to a trust's capacity has not been tested against the past."
_TESTED = (
    "tested against the past are its form of rising and falling, at rates fitted to what was known "
    "then, with a layer on schools' results that no report uses, and how trusts' sizes "
    "change{sizes}, some parts and settings chosen with these results in view;"
)


@dataclass(frozen=True)
class Track:
    """What a board reads of the model's past.

    Attributes:
        line: What it would have said of trusts like this one and what happened, or why that is not
            known.
        reach: What was tested and what was not, for the list of what a paper does not tell.
    """

    line: str
    reach: str

    def part(self) -> Markup:
        """Return the line as a part of a page, after the question that it answers."""
        asked = Markup('<p class="track-record"><strong>{}</strong> {}</p>')
        return asked.format(QUESTION, self.line)


def track_record(schools: int, held: Iterable[str] = ()) -> Track:
    """Say what the model would have said of trusts of a size, and what happened.

    Args:
        schools: How many schools the trust has now.
        held: Names of parameters that a scenario holds at values of its own.

    Raises:
        BadInput: A file of parameters cannot be read or breaks its schema.
    """
    model = load_yaml(paths.parameters() / "model.yaml", ModelParameters)
    found = of_record(load_track_record(), schools, numbers_digest(model, load_research()))
    if any(name.partition(".")[0] in TESTED_PARTS for name in held):
        own = " A plan here holds some rates of rising, falling or inspection at values of its own."
        return Track(found.line + own, found.reach)
    return found


def of_record(record: TrackRecord | None, schools: int, numbers: str) -> Track:
    """Say the line of a record, or why there is none.

    Args:
        record: What is on record; None where nothing is.
        schools: How many schools the trust has now.
        numbers: Digest of the numbers of the report's model (`numbers_digest`).
    """
    if record is None:
        return _not_known("no test against the past is on record.")
    if record.made_by.numbers != numbers:
        return _not_known(
            f"the test on record was made by another version of the model "
            f"({record.made_by.version}), with other rates or settings than this report's."
        )
    found = _of_size(record.grades.classes, schools)
    if found is None:
        return _not_known(
            f"too few trusts of {count(schools, 'school')} had a school inspected again between "
            f"{_month(record.grades.origin)} and {_month(record.grades.target)}."
        )
    sizes = "" if record.sizes is None else _sizes_said(record.sizes, schools)
    reach = f"{_REACH} {_TESTED.format(sizes=sizes)} {_UNTESTED}"
    return Track(f"{_grades_said(record, found)} {SCORED}", reach)


def _not_known(why: str) -> Track:
    return Track(f"Not known for a trust like this one: {why}", f"{_REACH} {_UNTESTED}")


def _of_size(classes: Iterable[Class], schools: int) -> Class | None:
    return next((one for one in classes if one.is_of(schools)), None)


def _grades_said(record: TrackRecord, found: GradesCounted) -> str:
    grades, total = record.grades, found.total
    verdict = _verdict(total, "too hopeful", "too cautious")
    seen = f"{total.seen:,} were{',' if total.allowed else ':'} {verdict}"
    return (
        f"From what {_KNOWN[record.figures_known_when]} by {_month(grades.origin)} the model would "
        f"have said that {total.forecast:,.0f} (95%: {total.lower:,} to {total.upper:,}) of "
        f"{found.schools:,} schools inspected again by {_month(grades.target)}, in "
        f"{found.trusts:,} trusts of {_size(found)} in {record.place}, would be good or better; "
        f"{seen}. Last grades alone would have said {found.by_table:,.0f}."
    )


def _sizes_said(record: SizesRecord, schools: int) -> str:
    found = _of_size(record.classes, schools)
    if found is None:
        return ""
    held = found.held
    return (
        f" (80% ranges for the sizes of such trusts in {_month(record.target)}, told what was "
        f"known by {_month(record.origin)}, held for {held.seen:,} of {found.judged:,}, "
        f"{held.forecast:,.0f} expected: {_verdict(held, 'too narrow', 'too wide')})"
    )


def _verdict(number: Sum, fewer: str, more: str) -> str:
    """Say whether what was seen lies within the forecast's own range, and what it means if not."""
    if number.allowed:
        return "within its range"
    return f"{fewer if number.seen < number.lower else more}, beyond its range"


def _month(date: dt.date) -> str:
    return f"{date:%B %Y}"


def _size(found: Counted) -> str:
    if found.most is None:
        return f"{found.least} or more schools"
    joined = "or" if found.most == found.least + 1 else "to"
    return f"{found.least} {joined} {found.most} schools"
