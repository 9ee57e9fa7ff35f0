"""Distances on the globe."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

EARTH_RADIUS_KM = 6371.0088  # mean radius R1 of the GRS 80 ellipsoid (Moritz 2000)
Floats = npt.NDArray[np.float64]


def great_circle_km(
    latitude: npt.ArrayLike,
    longitude: npt.ArrayLike,
    other_latitude: npt.ArrayLike,
    other_longitude: npt.ArrayLike,
) -> Floats:
    """Return great-circle distances in kilometres; arguments in degrees, broadcast together.

    The haversine form, exact for small distances (R. W. Sinnott, "Virtues of the haversine", Sky
    and Telescope 68, 1984). NaN where a coordinate is NaN.
    """
    phi, lam = np.radians(latitude), np.radians(longitude)
    other_phi, other_lam = np.radians(other_latitude), np.radians(other_longitude)
    haversine = (
        np.sin((other_phi - phi) / 2) ** 2
        + np.cos(phi) * np.cos(other_phi) * np.sin((other_lam - lam) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(haversine, 1.0))))
