"""Schools that closed before they were graded again: how many, and what became of them.

Lists of grades are of schools that are open, so that forecasts are scored on those that remained.
What the others would have scored is told by their successors, where there is one and it was graded.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from workbench.parameters.model import BANDS
from workbench.research.backtest.cases import (
    GOOD,
    Cases,
    asked_at,
    cases_of,
    known_by,
    latest_grades,
)
from workbench.research.backtest.inputs import Inputs

EVERY = "every band"


def successors_after(inputs: Inputs, origin: dt.date, target: dt.date, test: Cases) -> Cases:
    """Return closed schools whose successor was graded by the target, told of as if open still.

    Each stands under its own URN with the day and band of its successor's last grade by the target.

    Args:
        inputs: What there is.
        origin: The last day known.
        target: The last day of a grade.
        test: The schools graded again, which are left out.
    """
    told = known_by(inputs.visits, origin)
    gone = _closed(inputs, origin, target, test)["successor"].dropna()
    visits = inputs.visits[~inputs.visits["history"]]
    after = visits["date"].gt(pd.Timestamp(origin)) & visits["date"].le(pd.Timestamp(target))
    later = latest_grades(visits[after]).set_index("urn")[["date", "band"]]
    # A successor that is asked about itself would count twice.
    gone = gone[
        gone.isin(later.index) & ~gone.isin(test.asked.index) & gone.index.isin(told["urn"])
    ]
    asked = later.loc[gone.astype("int64")].set_axis(gone.index).rename_axis("urn").reset_index()
    return cases_of(asked, told)


def what_became(
    inputs: Inputs, origin: dt.date, target: dt.date, test: Cases, successors: Cases
) -> pd.DataFrame:
    """Count the schools asked about at the origin by what became of them, and by their last band.

    Args:
        inputs: What there is.
        origin: The last day known.
        target: The last day of a grade.
        test: Those graded again.
        successors: Those whose successor was, as `successors_after` returns them.

    Returns:
        One row a band and one for every band: last, asked, graded, closed (by the target, without
        a new grade), followed (those of them with one successor), successors_graded,
        successors_good, and neither (open still, as far as is known, without a new grade).
    """
    told = known_by(inputs.visits, origin)
    last = latest_grades(told.assign(listed=0)).set_index("urn")["band"]
    last = last[last.index.isin(asked_at(inputs, origin))]
    gone = _closed(inputs, origin, target, test)
    flags = pd.DataFrame({"last": last, "asked": True})
    flags["graded"] = last.index.isin(test.asked.index)
    flags["closed"] = last.index.isin(gone.index)
    flags["followed"] = last.index.isin(gone.index[gone["successor"].notna()])
    flags["successors_graded"] = last.index.isin(successors.asked.index)
    good = successors.asked.index[successors.asked["band"].ge(GOOD)]
    flags["successors_good"] = last.index.isin(good)
    flags["neither"] = ~(flags["graded"] | flags["closed"])
    counts = flags.groupby("last").sum().reindex(range(len(BANDS)), fill_value=0)
    counts.index = pd.Index(BANDS, name="last")
    counts.loc[EVERY] = counts.sum()
    return counts.astype("int64").reset_index()


def _closed(inputs: Inputs, origin: dt.date, target: dt.date, test: Cases) -> pd.DataFrame:
    """Return closings by the target of schools asked about at the origin and not graded again."""
    urns = asked_at(inputs, origin).difference(test.asked.index)
    gone = inputs.closings[inputs.closings["closed"].le(pd.Timestamp(target))]
    found: pd.DataFrame = gone.loc[gone.index.intersection(urns)]
    return found.sort_index()
