"""Great-circle distances."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.measures.distance import EARTH_RADIUS_KM, great_circle_km

latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)


def test_a_degree_along_a_meridian_is_a_360th_of_the_circle() -> None:
    expected = 2 * math.pi * EARTH_RADIUS_KM / 360
    assert great_circle_km(53.0, 1.0, 54.0, 1.0) == pytest.approx(expected, rel=1e-12)


def test_nashville_to_los_angeles() -> None:
    # The worked example of Rosetta Code, "Haversine formula": 2887.26 km on a radius of 6372.8 km.
    found = float(great_circle_km(36.12, -86.67, 33.94, -118.40))
    assert found * 6372.8 / EARTH_RADIUS_KM == pytest.approx(2887.2599506, abs=1e-6)


@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_symmetric_and_at_most_half_the_circle(
    a: float, b: float, c: float, d: float
) -> None:
    there, back = great_circle_km(a, b, c, d), great_circle_km(c, d, a, b)
    assert there == pytest.approx(float(back), abs=1e-6)
    assert 0 <= there <= math.pi * EARTH_RADIUS_KM + 1e-6


def test_an_unknown_place_gives_an_unknown_distance() -> None:
    assert np.isnan(great_circle_km(np.array([53.0, np.nan]), 1.0, 54.0, 1.0)).tolist() == [
        False,
        True,
    ]
