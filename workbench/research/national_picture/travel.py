"""Minutes by road over a whole country: from schools to trusts, and within trusts.

Minutes are great-circle kilometres times a road factor over a road speed, both declared and
uncertain in `parameters/model.yaml`; no road map is asked. Real ways differ, across water most.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial import cKDTree
from scipy.spatial.distance import squareform

from workbench.growth.draws import luck_of
from workbench.measures.distance import EARTH_RADIUS_KM, great_circle_km
from workbench.parameters.distributions import Floats
from workbench.parameters.model import Support
from workbench.research.national_picture.country import in_place

MINUTES_AN_HOUR = 60.0
SURE = (0.05, 0.95)
_DRAWS = 4096
_SLACK = 1.0 + 1e-9  # a chord is rounded, and a pair on the limit must not be lost


@dataclass(frozen=True)
class Pace:
    """Minutes by road for a kilometre as the crow flies.

    Attributes:
        fast: The 5th percentile of what is believed.
        usual: At the declared values.
        slow: The 95th percentile.
    """

    fast: float
    usual: float
    slow: float


def pace_of(travel: Support, seed: int) -> Pace:
    """Return minutes a kilometre with what is believed of road factor and speed.

    Args:
        travel: The travel part of `parameters/model.yaml`.
        seed: Seed of the draws.
    """
    factor, speed = (
        quantity.value if luck is None else quantity.draws(luck)
        for name, quantity in (
            ("road_factor", travel.road_factor), ("road_speed", travel.road_speed),
        )
        for luck in [luck_of(name, seed, _DRAWS) if quantity.is_uncertain else None]
    )  # fmt: skip
    fast, slow = np.quantile(np.atleast_1d(factor / speed * MINUTES_AN_HOUR), SURE)
    usual = travel.road_factor.value / travel.road_speed.value * MINUTES_AN_HOUR
    return Pace(min(float(fast), usual), usual, max(float(slow), usual))


def ways(schools: pd.DataFrame, hosts: pd.DataFrame, most_km: float) -> pd.DataFrame:
    """Return how far each school lies from each trust: from its nearest school of the same stage.

    A trust without a school of that stage is no host to the school, and neither is its own.

    Args:
        schools: Those that look for a trust: urn, stage, latitude, longitude, trust_uid.
        hosts: Schools of trusts: the same columns.
        most_km: Farthest as the crow flies.

    Returns:
        urn, trust_uid, km; sorted by URN, then trust; only pairs within reach. Schools without a
        place are in no pair.
    """
    found = [
        _pairs(schools[schools["stage"] == stage], hosts[hosts["stage"] == stage], most_km)
        for stage in sorted(set(schools["stage"]) & set(hosts["stage"]))
    ]
    columns = {"urn": "int64", "trust_uid": "int64", "km": "float64"}
    if not found:
        return pd.DataFrame(columns=list(columns)).astype(columns)
    pairs = pd.concat(found, ignore_index=True)
    nearest = pairs.groupby(["urn", "trust_uid"], sort=True)["km"].min().reset_index()
    return nearest.astype(columns)


def _pairs(schools: pd.DataFrame, hosts: pd.DataFrame, most_km: float) -> pd.DataFrame:
    """Return every school of one frame with every one of another within reach."""
    schools, hosts = schools[in_place(schools)], hosts[in_place(hosts)]
    if schools.empty or hosts.empty:
        return pd.DataFrame({"urn": [], "trust_uid": [], "km": []})
    chord = 2.0 * np.sin(min(most_km / (2.0 * EARTH_RADIUS_KM), np.pi / 2)) * _SLACK
    near = cKDTree(_on_sphere(hosts)).query_ball_point(_on_sphere(schools), chord)
    rows = np.repeat(np.arange(len(schools)), [len(each) for each in near])
    columns = np.fromiter((one for each in near for one in each), np.int64, len(rows))
    one, other = schools.iloc[rows], hosts.iloc[columns]
    km = great_circle_km(
        *(each[name].to_numpy(float) for each in (one, other) for name in ("latitude", "longitude"))
    )
    own = one["trust_uid"].fillna(0).to_numpy(np.int64)  # no trust has the UID 0
    away = own != other["trust_uid"].to_numpy(np.int64)
    kept = away & (km <= most_km)
    return pd.DataFrame({
        "urn": one["urn"].to_numpy()[kept],
        "trust_uid": other["trust_uid"].to_numpy(np.int64)[kept],
        "km": km[kept],
    })  # fmt: skip


def _on_sphere(schools: pd.DataFrame) -> Floats:
    """Return places on a sphere of radius 1, n x 3."""
    phi = np.radians(schools["latitude"].to_numpy(float))
    lam = np.radians(schools["longitude"].to_numpy(float))
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


@dataclass(frozen=True)
class Clusters:
    """How the schools of one trust lie.

    Attributes:
        placed: Schools with a known place.
        clusters: Groups of schools in which every two are within the minutes asked.
        in_size: Schools in clusters of a size asked for.
        alone: Schools in a cluster of their own.
        widest: Minutes between the two schools farthest apart; None below two.
        to_nearest: Median minutes from a school to the nearest other; None below two.
    """

    placed: int
    clusters: int
    in_size: int
    alone: int
    widest: float | None
    to_nearest: float | None


def clusters_of(
    schools: pd.DataFrame, pace: Pace, minutes: float, sizes: tuple[int, int]
) -> Clusters:
    """Group a trust's schools by travel time.

    By complete linkage, cut at the minutes asked: two groups join only where all their schools are
    within reach of each other (T. Sorensen, "A method of establishing groups of equal amplitude in
    plant sociology", Biologiske Skrifter 5, 1948). Chains of schools, each near the next, are none.

    Args:
        schools: latitude and longitude of the trust's schools.
        pace: Minutes a kilometre; the usual one is used.
        minutes: Within how many minutes by road any two schools of a cluster are.
        sizes: Fewest and most schools of a cluster of the size asked for.
    """
    known = schools[in_place(schools)]
    if len(known) < 2:
        return Clusters(len(known), len(known), 0, len(known), None, None)
    latitude, longitude = (known[name].to_numpy(float) for name in ("latitude", "longitude"))
    apart = great_circle_km(latitude[:, None], longitude[:, None], latitude, longitude) * pace.usual
    near = squareform(apart, checks=False)
    labels: npt.NDArray[np.int32] = fcluster(linkage(near, "complete"), minutes, "distance")
    counts = np.bincount(labels)[1:]
    fewest, most = sizes
    np.fill_diagonal(apart, np.inf)
    return Clusters(
        placed=len(known),
        clusters=len(counts),
        in_size=int(counts[(counts >= fewest) & (counts <= most)].sum()),
        alone=int((counts == 1).sum()),
        widest=float(near.max()),
        to_nearest=float(np.median(apart.min(axis=1))),
    )
