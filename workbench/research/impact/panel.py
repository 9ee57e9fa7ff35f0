"""Schools over periods, checked: the one table that every estimate of impact works on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.errors import BadInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

COLUMNS = ("urn", "trust_uid", "period", "outcome", "joined_period")


@dataclass(frozen=True)
class ImpactPanel:
    """Outcomes of schools by period, and when support began.

    Attributes:
        urn: URN of each school, length n.
        clusters: Number of each school's cluster: its trust's; the school's own outside any.
        joined: First period with support, length n; `NEVER` where none is known of.
        group: Group of each school, such as its phase, as a number from 0; schools are compared
            within it.
        periods: The periods, in order, length p.
        outcome: Schools x periods; NaN where nothing was published.
        left_out: Schools that cannot be used, by reason.
    """

    urn: Ints
    clusters: Ints
    joined: Ints
    group: Ints
    periods: Ints
    outcome: Floats
    left_out: dict[str, int]

    def before(self, period: int, back: int = 1) -> int:
        """Return the place of the period `back` before one, in `periods`; negative if none is."""
        return int(np.searchsorted(self.periods, period)) - back

    @property
    def cohorts(self) -> Ints:
        """Periods in which support began for some school."""
        return np.unique(self.joined[self.joined != NEVER])


NEVER = np.iinfo(np.int64).max


def impact_panel(table: pd.DataFrame) -> ImpactPanel:
    """Check a tidy table and lay it out by school and period.

    A school whose support had begun by the first period shows no change by it and is left out, and
    so is one without any number. A cluster is a trust, for its schools share what it does; a school
    in none is its own.

    Args:
        table: One row a school and period: `urn`, `trust_uid` (of the trust it joins or is in;
            missing if none), `period` (whole number, such as the year an academic year begins in),
            `outcome` (missing if not published), `joined_period` (first period with support;
            missing if never), and if wanted `group` (text: schools are compared within it).

    Raises:
        BadInput: A column is missing, a school has two rows for a period, changes its trust or
            joining period from row to row, or joins no known trust; or there are not two periods.
    """
    _refuse_bad(table)
    firsts = table.drop_duplicates("urn").set_index("urn").sort_index()
    wide = table.pivot(index="urn", columns="period", values="outcome").astype("float64")
    wide = wide.sort_index(axis=1).reindex(firsts.index)
    periods = wide.columns.to_numpy("int64")
    joined = firsts["joined_period"].astype("Int64").fillna(NEVER).to_numpy("int64")
    already = joined <= periods[0]
    blank = wide.isna().all(axis=1).to_numpy(bool) & ~already
    # A joining after the last period changes nothing yet: those schools are comparisons.
    kept = ~already & ~blank
    urn = firsts.index.to_numpy("int64")
    own = pd.Series(-urn, index=firsts.index)
    clusters = firsts["trust_uid"].astype("Int64").fillna(own).to_numpy("int64")
    return ImpactPanel(
        urn[kept], clusters[kept], joined[kept], _groups(table, firsts.index)[kept], periods,
        wide.to_numpy()[kept],
        {"supported from the first period on": int(already.sum()),
         "without any number": int(blank.sum())},
    )  # fmt: skip


def _groups(table: pd.DataFrame, urns: pd.Index) -> Ints:
    if "group" not in table:
        return np.zeros(len(urns), dtype=np.int64)
    said = table.drop_duplicates("urn").set_index("urn")["group"].reindex(urns)
    return np.asarray(pd.factorize(said.fillna(""), sort=True)[0], dtype=np.int64)


def _refuse_bad(table: pd.DataFrame) -> None:
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        raise BadInput(
            f"the table has no column {', '.join(missing)}",
            rule=f"columns {', '.join(COLUMNS)}",
            mend="name the columns so",
        )
    if table[["urn", "period"]].isna().any(axis=None) or table["period"].nunique() < 2:
        raise BadInput(
            "impact needs every row's school and period, and at least two periods",
            rule="one period before support began and one after",
            mend="bring figures of another year",
        )
    _refuse_where(
        table.duplicated(["urn", "period"]), table, "has two rows for one period",
        "one row a school and period",
    )  # fmt: skip
    for column in ("trust_uid", "joined_period", *(["group"] if "group" in table else [])):
        said = table.drop_duplicates(["urn", column])
        varied = table["urn"].isin(said.loc[said["urn"].duplicated(), "urn"])
        _refuse_where(varied, table, f"changes its {column}", f"one {column} a school")
    _refuse_where(
        table["joined_period"].notna() & table["trust_uid"].isna(), table,
        "is supported by no known trust", "a school that joins has a trust_uid",
    )  # fmt: skip


def _refuse_where(wrong: pd.Series, table: pd.DataFrame, what: str, rule: str) -> None:
    if wrong.any():
        urn = table.loc[wrong, "urn"].iloc[0]
        raise BadInput(
            f"school {urn} {what}", where="column urn", rule=rule, mend="mend the school's rows"
        )
