"""Where schools are, in kilometres from the trust's centre."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.parameters.distributions import Floats

GOLDEN_ANGLE = 2.399963229728653  # radians; spreads joiners evenly around the trust
KM_A_DEGREE = 111.195  # of latitude, on a sphere of mean Earth radius


def places(schools: pd.DataFrame) -> tuple[Floats, int]:
    """Return kilometres east and north of the centre, n x 2, and how many had no coordinates.

    A school without coordinates is placed at the centre.
    """
    latitude, longitude, known = _coordinates(schools)
    place = np.zeros((len(schools), 2))
    middle = centre(schools)
    if middle is not None:
        place[known] = kilometres(latitude[known], longitude[known], middle)
    return place, int((~known).sum())


def centre(schools: pd.DataFrame) -> tuple[float, float] | None:
    """Return the mean latitude and longitude of schools; None where no school has any."""
    latitude, longitude, known = _coordinates(schools)
    if not known.any():
        return None
    return float(latitude[known].mean()), float(longitude[known].mean())


def kilometres(
    latitude: npt.ArrayLike, longitude: npt.ArrayLike, middle: tuple[float, float]
) -> Floats:
    """Return kilometres east and north of a centre, n x 2, on a plane that touches it there."""
    north = (np.atleast_1d(latitude) - middle[0]) * KM_A_DEGREE
    shrink = np.cos(np.radians(middle[0]))
    east = (np.atleast_1d(longitude) - middle[1]) * KM_A_DEGREE * shrink
    return np.column_stack([east, north])


def around(number: int, distance_km: float) -> Floats:
    """Return a place at a distance from the centre; numbers spread evenly around it."""
    angle = number * GOLDEN_ANGLE
    return np.array([distance_km * np.cos(angle), distance_km * np.sin(angle)])


def _coordinates(schools: pd.DataFrame) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    latitude = schools["latitude"].to_numpy(float, na_value=np.nan)
    longitude = schools["longitude"].to_numpy(float, na_value=np.nan)
    return latitude, longitude, ~(np.isnan(latitude) | np.isnan(longitude))
