"""What the masthead says of a report as a paper: its meeting, its status, and who signed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.charts.wording import day
from workbench.errors import BadInput


@dataclass(frozen=True)
class Paper:
    """A report as a paper for a meeting; every part is empty where nobody said.

    Attributes:
        meeting: The day of the meeting, in words.
        status: What is asked of the meeting, such as `For decision`.
        classification: Who may read it, such as `Official`.
        workbook: Name of the workbook with every table.
        pdf: Name of the report's PDF.
    """

    meeting: str = ""
    status: str = ""
    classification: str = ""
    workbook: str = ""
    pdf: str = ""


@dataclass(frozen=True)
class Assurance:
    """What somebody other than the analyst signed.

    Attributes:
        analyst: Role of whoever made the report.
        assurer: Role of whoever checked it.
        signed_on: The day it was signed, in words.
        statement: What the assurer says of it.
        limitations: What the assurer says it must not be used for.
    """

    analyst: str
    assurer: str
    signed_on: str
    statement: str = ""
    limitations: tuple[str, ...] = ()


def paper_of(said: Mapping[str, object]) -> Paper:
    """Read what a notebook's metadata says of the paper.

    Raises:
        BadInput: The day of the meeting is no date.
    """
    texts = {name: _text(said, name) for name in ("status", "classification", "workbook", "pdf")}
    return Paper(meeting=_day(said, "meeting"), **texts)


def assurance_of(said: Mapping[str, object]) -> Assurance | None:
    """Read who signed a report from its metadata; None where it is not signed.

    Raises:
        BadInput: It is called signed, and a role or the day is missing, or both roles are one.
    """
    if said.get("signed") is not True:
        return None
    analyst, assurer, date = _text(said, "analyst"), _text(said, "assurer"), _day(said, "date")
    if not (analyst and assurer and date) or analyst.casefold() == assurer.casefold():
        raise BadInput(
            f"analyst {analyst!r}, assurer {assurer!r} and date {date!r} do not sign a report",
            where="the notebook's metadata, assurance",
            rule="a report is signed on a day, by another role than the one that made it",
            mend="sign it again with `workbench assure`",
        )
    limitations = said.get("limitations") or ()
    listed = [limitations] if isinstance(limitations, str) else list(limitations)  # type: ignore[call-overload]
    return Assurance(
        analyst=analyst,
        assurer=assurer,
        signed_on=date,
        statement=_text(said, "statement"),
        limitations=tuple(str(one) for one in listed),
    )


def _text(said: Mapping[str, object], name: str) -> str:
    value = said.get(name)
    return "" if value is None else str(value).strip()


def _day(said: Mapping[str, object], name: str) -> str:
    text = _text(said, name)
    if not text:
        return ""
    try:
        return day(dt.date.fromisoformat(text[:10]))
    except ValueError as error:
        raise BadInput(
            f"{text!r} is no date",
            where=f"the notebook's metadata, {name}",
            rule="dates are written as 2026-12-09",
            mend="write the date as year, month and day",
        ) from error
