"""Grid references become latitude and longitude to within a few metres."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from workbench.measures.distance import great_circle_km
from workbench.trust.published.grid import grid_to_airy, to_latitude_longitude

# Ordnance Survey, OSTN15 developer pack, OSTN15_OSGM15_TestInput/Output: easting, northing, ETRS89
# latitude and longitude of TP01 to TP05 (Isles of Scilly to Southampton). ETRS89 lies within a
# metre of WGS84.
TEST_POINTS = np.array(
    [
        (91492.146, 11318.804, 49.92226393730, -6.29977752014),
        (170370.718, 11572.405, 49.96006137820, -5.20304609998),
        (250359.811, 62016.569, 50.43885825610, -4.10864563561),
        (449816.371, 75335.861, 50.57563665000, -1.29782277240),
        (438710.920, 114792.250, 50.93127937910, -1.45051433700),
    ]
)


def test_the_worked_example_of_the_ordnance_survey_guide() -> None:
    """A guide to coordinate systems in Great Britain, annex C: the Caister water tower."""
    latitude, longitude = grid_to_airy(np.array([651409.903]), np.array([313177.270]))

    assert np.degrees(latitude[0]) == pytest.approx(52 + 39 / 60 + 27.2531 / 3600, abs=1e-8)
    assert np.degrees(longitude[0]) == pytest.approx(1 + 43 / 60 + 4.5177 / 3600, abs=1e-8)


def test_published_test_points_are_within_five_metres() -> None:
    latitude, longitude = to_latitude_longitude(TEST_POINTS[:, 0], TEST_POINTS[:, 1])

    away = great_circle_km(latitude, longitude, TEST_POINTS[:, 2], TEST_POINTS[:, 3])
    assert away.max() < 0.005


def test_surrey_schools_lie_where_a_separate_list_puts_them(england: Path) -> None:
    """The list is on the old datum, some 125 m off, the same way everywhere."""
    with (england / "gias" / "school_coordinates.csv").open() as file:
        listed = {row["URN"]: row for row in csv.DictReader(file)}
    with (england / "gias" / "edubasealldata_surrey2021.csv").open() as file:
        schools = [row for row in csv.DictReader(file) if row["Easting"] and row["URN"] in listed]

    latitude, longitude = to_latitude_longitude(
        np.array([float(row["Easting"]) for row in schools]),
        np.array([float(row["Northing"]) for row in schools]),
    )
    away = great_circle_km(
        latitude,
        longitude,
        [float(listed[row["URN"]]["Latitude"]) for row in schools],
        [float(listed[row["URN"]]["Longitude"]) for row in schools],
    )
    assert len(schools) > 400
    assert np.percentile(away, 95) < 0.15
