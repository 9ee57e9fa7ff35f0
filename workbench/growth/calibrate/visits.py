"""Inspections as the likelihood reads them: series of visits, in layers by their place in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.errors import BadInput
from workbench.parameters.model import BANDS

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

UNSEEN = -1  # nobody looked: a row that only says that covariates changed
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, eq=False)
class Visits:
    """R visits in S series, ordered by their place in their series, longest series first.

    Visits in the same place make a layer; layer k holds the k-th visit of the first `sizes[k]`
    series, so that a step of the recursion is one operation on whole arrays.

    Attributes:
        urns: School of each series, length S.
        place: Layer of each visit, length R.
        series: Series of each visit, length R.
        band: Band seen, length R; `UNSEEN` where nobody looked.
        years: Years since the visit before it in its series, length R; 0 for the first.
        rows: Distinct rows of covariates, C x p, each less its mean.
        row: Row of covariates over the years before the visit: those at the visit before it.
        last_row: Row of covariates at the last visit of each series, length S.
        stratum: Which starting mix each series has, length S.
        covariates: Names of the covariates.
        means: The mean of each covariate, which is where the baseline intensities hold.
        strata: Names of the starting mixes.
        order: Position of each visit in the frame it was read from, length R.
    """

    urns: Integers
    place: Integers
    series: Integers
    band: Integers
    years: Floats
    rows: Floats
    row: Integers
    last_row: Integers
    stratum: Integers
    covariates: tuple[str, ...]
    means: Floats
    strata: tuple[str, ...]
    order: Integers

    @property
    def sizes(self) -> Integers:
        """Visits in each layer."""
        return np.asarray(np.bincount(self.place))

    @property
    def starts(self) -> Integers:
        """First visit of each layer."""
        return np.asarray(np.concatenate([[0], np.cumsum(self.sizes)[:-1]]))


def read_visits(
    frame: pd.DataFrame, covariates: Sequence[str] = (), means: Sequence[float] | None = None
) -> Visits:
    """Return visits in the order of the likelihood.

    Args:
        frame: One row a visit: `urn`, `date` and `band` (0 urgent to 3 strong; missing where nobody
            looked and only covariates change); the covariates, as they hold from that day until the
            next row; optionally `series`, which tells apart several series of one school, and
            `stratum`, the name of the mix of true bands a series starts from.
        covariates: Columns that move the intensities.
        means: Where the baseline holds; the mean over visits where not given.

    Raises:
        BadInput: A column is missing, a band cannot be, a covariate is missing, or a school has two
            rows on one day.
    """
    _refuse(frame, covariates)
    keyed = frame.assign(series=frame.get("series", 0))
    keyed["stratum"] = frame.get("stratum", "all")
    keyed["row_of_frame"] = np.arange(len(frame))
    keyed = keyed.sort_values(["urn", "series", "date"], kind="stable")
    same = keyed.duplicated(["urn", "series", "date"])
    if same.any():
        first = keyed[same].iloc[0]
        raise BadInput(
            f"school {first['urn']} has two visits on {first['date']:%Y-%m-%d}",
            rule="one visit a day",
            mend="keep the one that was published",
        )
    groups = keyed.groupby(["urn", "series"], sort=False)
    keyed["place"], keyed["length"] = groups.cumcount(), groups["date"].transform("size")
    keyed["years"] = groups["date"].diff().dt.days.fillna(0.0) / DAYS_A_YEAR
    x = keyed[list(covariates)].to_numpy(float)
    centre = x.mean(axis=0) if means is None else np.asarray(means, dtype=float)
    rows, row = np.zeros((1, 0)), np.zeros(len(keyed), dtype=np.int64)
    if covariates:
        rows, row = np.unique(x - centre, axis=0, return_inverse=True)
    keyed["here"] = row.ravel()
    keyed["before"] = groups["here"].shift().fillna(0).astype(np.int64)
    keyed["number"] = groups.ngroup()
    return _layered(keyed, rows, tuple(covariates), centre)


def _layered(keyed: pd.DataFrame, rows: Floats, covariates: tuple[str, ...], centre: Floats
) -> Visits:  # fmt: skip
    """Return visits by layer, longest series first."""
    one = keyed[keyed["place"].eq(0)].sort_values("length", ascending=False, kind="stable")
    rank = pd.Series(np.arange(len(one)), index=one["number"])
    keyed["rank"] = keyed["number"].map(rank)
    layered = keyed.sort_values(["place", "rank"], kind="stable")
    last = keyed[keyed["place"].eq(keyed["length"] - 1)].set_index("rank").sort_index()
    strata, stratum = np.unique(one["stratum"].astype(str).to_numpy(), return_inverse=True)
    return Visits(
        urns=one["urn"].to_numpy(np.int64),
        place=layered["place"].to_numpy(np.int64),
        series=layered["rank"].to_numpy(np.int64),
        band=layered["band"].fillna(UNSEEN).to_numpy(np.int64),
        years=layered["years"].to_numpy(float),
        rows=rows,
        row=layered["before"].to_numpy(np.int64),
        last_row=last["here"].to_numpy(np.int64),
        stratum=stratum.astype(np.int64),
        covariates=covariates,
        means=centre,
        strata=tuple(str(name) for name in strata),
        order=layered["row_of_frame"].to_numpy(np.int64),
    )


def _refuse(frame: pd.DataFrame, covariates: Sequence[str]) -> None:
    lacking = [name for name in ("urn", "date", "band", *covariates) if name not in frame]
    if lacking or frame.empty:
        raise BadInput(
            f"visits lack {', '.join(lacking)}" if lacking else "there are no visits",
            rule="one row a visit with urn, date, band and each covariate",
            mend="build the frame from inspections with their dates",
        )
    band = frame["band"].dropna()
    wrong = band[~band.isin(range(len(BANDS)))]
    if len(wrong):
        raise BadInput(
            f"a band of {wrong.iloc[0]} cannot be",
            where=f"school {frame.loc[wrong.index[0], 'urn']}",
            rule="0 urgent, 1 needs attention, 2 secure, 3 strong",
            mend="turn grades into bands, or leave the band missing where nobody looked",
        )
    for name in ("urn", "date", *covariates):
        if frame[name].isna().any():
            raise BadInput(
                f"{name} is missing at {int(frame[name].isna().sum())} visits",
                rule="nothing missing is taken for a number",
                mend="leave the visits out, or add a covariate that says that it is missing",
            )
