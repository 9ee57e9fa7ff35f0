"""National Grid eastings and northings to latitude and longitude.

The formulas are those of Ordnance Survey, "A guide to coordinate systems in Great Britain":
annex C.2 (grid to latitude and longitude on the Airy 1830 ellipsoid), annex B (to and from
Cartesian coordinates) and section 6.6 (the seven-parameter Helmert transformation, here from OSGB36
to WGS84). The result is good to about five metres anywhere in Great Britain, which is far finer
than a journey between schools needs, and saves a large dependency.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]

AIRY_1830 = (6_377_563.396, 6_356_256.909)  # semi-major and semi-minor axes, metres
WGS84 = (6_378_137.000, 6_356_752.314_245)
SCALE = 0.999_601_271_7  # on the central meridian
TRUE_ORIGIN = (np.radians(49.0), np.radians(-2.0))  # latitude, longitude
FALSE_ORIGIN = (400_000.0, -100_000.0)  # easting, northing of the true origin, metres
SHIFT = (446.448, -125.157, 542.060)  # metres
TURN = tuple(np.radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))
STRETCH = -20.4894e-6


def to_latitude_longitude(easting: Reals, northing: Reals) -> tuple[Reals, Reals]:
    """Return WGS84 latitudes and longitudes, in degrees, of National Grid points in metres.

    Args:
        easting: Eastings, shape (n,).
        northing: Northings, shape (n,).
    """
    latitude, longitude = grid_to_airy(easting, northing)
    x, y, z = _to_cartesian(latitude, longitude, AIRY_1830)
    turn_x, turn_y, turn_z = TURN
    grown = 1 + STRETCH
    moved = (
        SHIFT[0] + x * grown - y * turn_z + z * turn_y,
        SHIFT[1] + x * turn_z + y * grown - z * turn_x,
        SHIFT[2] - x * turn_y + y * turn_x + z * grown,
    )
    latitude, longitude = _from_cartesian(*moved, WGS84)
    return np.degrees(latitude), np.degrees(longitude)


def grid_to_airy(easting: Reals, northing: Reals) -> tuple[Reals, Reals]:
    """Return latitudes and longitudes in radians on the Airy 1830 ellipsoid (annex C.2)."""
    major, minor = AIRY_1830
    eccentricity2 = 1 - minor**2 / major**2
    foot = (northing - FALSE_ORIGIN[1]) / (major * SCALE) + TRUE_ORIGIN[0]
    for _ in range(8):  # each pass gains about three digits; eight reach below a micrometre
        foot = foot + (northing - FALSE_ORIGIN[1] - _meridian_arc(foot)) / (major * SCALE)
    sine2, tangent, secant = np.sin(foot) ** 2, np.tan(foot), 1 / np.cos(foot)
    nu = major * SCALE / np.sqrt(1 - eccentricity2 * sine2)
    rho = major * SCALE * (1 - eccentricity2) * (1 - eccentricity2 * sine2) ** -1.5
    eta2 = nu / rho - 1
    t2 = tangent**2
    seven = tangent / (2 * rho * nu)
    eight = tangent / (24 * rho * nu**3) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2)
    nine = tangent / (720 * rho * nu**5) * (61 + 90 * t2 + 45 * t2**2)
    ten = secant / nu
    eleven = secant / (6 * nu**3) * (nu / rho + 2 * t2)
    twelve = secant / (120 * nu**5) * (5 + 28 * t2 + 24 * t2**2)
    twelve_a = secant / (5040 * nu**7) * (61 + 662 * t2 + 1320 * t2**2 + 720 * t2**3)
    d = easting - FALSE_ORIGIN[0]
    latitude = foot - seven * d**2 + eight * d**4 - nine * d**6
    longitude = TRUE_ORIGIN[1] + ten * d - eleven * d**3 + twelve * d**5 - twelve_a * d**7
    return latitude, longitude


def _meridian_arc(latitude: Reals) -> Reals:
    """Return the distance along the meridian from the true origin, in metres (annex C.1)."""
    major, minor = AIRY_1830
    n = (major - minor) / (major + minor)
    less, more = latitude - TRUE_ORIGIN[0], latitude + TRUE_ORIGIN[0]
    arc = (
        (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less
        - (3 * n + 3 * n**2 + 21 / 8 * n**3) * np.sin(less) * np.cos(more)
        + (15 / 8 * n**2 + 15 / 8 * n**3) * np.sin(2 * less) * np.cos(2 * more)
        - 35 / 24 * n**3 * np.sin(3 * less) * np.cos(3 * more)
    )
    return np.asarray(minor * SCALE * arc, dtype=np.float64)


def _to_cartesian(
    latitude: Reals, longitude: Reals, axes: tuple[float, float]
) -> tuple[Reals, Reals, Reals]:
    eccentricity2 = 1 - axes[1] ** 2 / axes[0] ** 2
    nu = axes[0] / np.sqrt(1 - eccentricity2 * np.sin(latitude) ** 2)
    return (
        nu * np.cos(latitude) * np.cos(longitude),
        nu * np.cos(latitude) * np.sin(longitude),
        nu * (1 - eccentricity2) * np.sin(latitude),
    )


def _from_cartesian(x: Reals, y: Reals, z: Reals, axes: tuple[float, float]) -> tuple[Reals, Reals]:
    eccentricity2 = 1 - axes[1] ** 2 / axes[0] ** 2
    flat = np.hypot(x, y)
    latitude = np.arctan2(z, flat * (1 - eccentricity2))
    for _ in range(6):
        nu = axes[0] / np.sqrt(1 - eccentricity2 * np.sin(latitude) ** 2)
        latitude = np.arctan2(z + eccentricity2 * nu * np.sin(latitude), flat)
    return latitude, np.arctan2(y, x)
