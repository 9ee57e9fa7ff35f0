"""What the files of a back-test do not reach: said beside its scores, so that no day is claimed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from workbench.research.backtest.cases import speaking_for
from workbench.research.backtest.inputs import Inputs
from workbench.research.backtest.layer import figures_known


def what_is_not_reached(
    inputs: Inputs,
    grades: tuple[dt.date, dt.date],
    members: tuple[dt.date, dt.date],
    publication_months: int,
) -> tuple[str, ...]:
    """Say where the files end before a day that was asked for, or begin after it.

    Args:
        inputs: What there is.
        grades: The last day known of grades, and the last day scored.
        members: The same of who is in which trust.
        publication_months: Months after a school year until its figures count as known.
    """
    return tuple(_sentences(inputs, grades, members, publication_months))


def _sentences(
    inputs: Inputs,
    grades: tuple[dt.date, dt.date],
    members: tuple[dt.date, dt.date],
    publication_months: int,
) -> Iterator[str]:
    origin, target = grades
    listed = inputs.visits.loc[~inputs.visits["history"], "listed"].dropna()
    if len(listed) and listed.max().date() < target:
        yield (
            f"The latest list of grades is of {listed.max():%Y-%m-%d}: what was graded after it, "
            f"by {target}, is not scored."
        )
    spoken = speaking_for(inputs.visits, origin)["listed"]
    if len(spoken) and spoken.iloc[0].date() > origin:
        yield (
            f"No list of all schools is of {origin} or before: who is asked about comes from the "
            f"next, of {spoken.iloc[0]:%Y-%m-%d}, so schools that closed between are left out."
        )
    if not figures_known(inputs, origin, publication_months).ended:
        fifths = "deprivation" in inputs.schools and inputs.schools["deprivation"].notna().any()
        beside = "phase, type and deprivation" if fifths else "phase and type"
        yield (
            f"No figures of schools (attainment, absence, intake) were known by {origin}: the "
            f"model is told grades, {beside} alone."
        )
    if inputs.members and max(inputs.members) < members[1]:
        yield (
            f"The latest list of trusts is of {max(inputs.members)}: trusts are not followed from "
            f"there to {members[1]}."
        )
