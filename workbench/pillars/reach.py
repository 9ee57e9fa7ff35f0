"""How far schools are from each other by road, and what that costs in days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.measures.distance import great_circle_km
from workbench.parameters.model import Support


def road_minutes(schools: pd.DataFrame, travel: Support) -> pd.DataFrame:
    """Return minutes by road between every two schools, as a square frame by URN.

    Great-circle distance x road factor / road speed; NaN where a school's place is not known.

    Args:
        schools: The table `schools`: urn, latitude, longitude.
        travel: The travel part of `parameters/model.yaml`.
    """
    latitude = schools["latitude"].to_numpy(np.float64)
    longitude = schools["longitude"].to_numpy(np.float64)
    km = great_circle_km(latitude[:, None], longitude[:, None], latitude, longitude)
    minutes = km * travel.road_factor.value / travel.road_speed.value * 60
    urns = schools["urn"].to_numpy()
    return pd.DataFrame(minutes, index=urns, columns=urns)


def travel_share(minutes: float, travel: Support) -> float:
    """Return the share of a working day that a return journey takes."""
    return 2 * minutes / travel.workday_minutes.value


def nearest(minutes: pd.DataFrame, urn: int, others: list[int]) -> tuple[int, float] | None:
    """Return the nearest of other schools and its minutes; None where none has a known place."""
    row = minutes.loc[urn, [other for other in others if other != urn]].dropna()
    if row.empty:
        return None
    place = int(row.to_numpy().argmin())
    return int(row.index[place]), float(row.to_numpy()[place])
