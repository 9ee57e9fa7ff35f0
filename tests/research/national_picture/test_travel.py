"""Ways over a country are those of every pair looked at one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.measures.distance import great_circle_km
from workbench.pillars.reach import road_minutes
from workbench.research.national_picture.travel import Pace, clusters_of, pace_of, ways
from workbench.scenario.answers import read_model

PACE = Pace(1.5, 2.0, 2.5)
TRAVEL = read_model().support


def scattered(count: int, seed: int, trusts: int) -> pd.DataFrame:
    """Schools here and there, a third of them outside any trust, some without a place."""
    luck = np.random.default_rng(seed)
    uid = pd.array(luck.integers(1, trusts + 1, count), dtype="Int64")
    uid[luck.random(count) < 1 / 3] = pd.NA
    out = pd.DataFrame({
        "urn": np.arange(100_000, 100_000 + count),
        "stage": luck.choice(["primary", "secondary", "special"], count),
        "latitude": luck.uniform(51.0, 52.0, count),
        "longitude": luck.uniform(-1.0, 0.5, count),
        "trust_uid": uid,
    })  # fmt: skip
    out.loc[luck.random(count) < 0.1, ["latitude", "longitude"]] = np.nan
    return out


def test_ways_are_those_of_every_pair_looked_at() -> None:
    schools = scattered(150, 1, 8)
    hosts = schools.dropna(subset=["trust_uid"])
    expected: dict[tuple[int, int], float] = {}
    for one in schools.dropna(subset=["latitude"]).to_dict("records"):
        for other in hosts.dropna(subset=["latitude"]).to_dict("records"):
            ends = [each[name] for each in (one, other) for name in ("latitude", "longitude")]
            km = float(great_circle_km(*ends))
            own = not pd.isna(one["trust_uid"]) and one["trust_uid"] == other["trust_uid"]
            if km <= 30.0 and one["stage"] == other["stage"] and not own:
                key = (int(one["urn"]), int(other["trust_uid"]))
                expected[key] = min(km, expected.get(key, np.inf))
    found = ways(schools, hosts, 30.0)
    pairs = zip(found["urn"], found["trust_uid"], strict=True)
    assert list(pairs) == sorted(expected)
    np.testing.assert_allclose(found["km"], [expected[key] for key in sorted(expected)], rtol=1e-12)


@pytest.mark.parametrize("stages", [["primary"], ["special"]])
def test_where_nobody_is_near_there_are_no_ways(stages: list[str]) -> None:
    schools = scattered(20, 2, 3)
    others = schools[~schools["stage"].isin(stages)].dropna(subset=["trust_uid"])
    found = ways(schools[schools["stage"].isin(stages)], others, 30.0)
    assert found.empty
    assert list(found.columns) == ["urn", "trust_uid", "km"]
    alone = ways(schools.assign(latitude=np.nan), others, 30.0)
    assert alone.empty


def test_a_pair_exactly_at_the_farthest_way_is_within() -> None:
    pair = pd.DataFrame({
        "urn": [1, 2], "stage": "primary", "latitude": [51.0, 51.2], "longitude": [0.0, 0.1],
        "trust_uid": pd.array([pd.NA, 9], "Int64"),
    })  # fmt: skip
    km = float(great_circle_km(51.0, 0.0, 51.2, 0.1))
    assert len(ways(pair.iloc[:1], pair.iloc[1:], km)) == 1
    assert len(ways(pair.iloc[:1], pair.iloc[1:], km * 0.999)) == 0


def test_minutes_are_those_that_pillars_tell_at_the_declared_roads() -> None:
    schools = scattered(12, 3, 2).dropna(subset=["latitude"])
    minutes = road_minutes(schools, TRAVEL).to_numpy()
    km = great_circle_km(
        schools["latitude"].to_numpy()[:, None], schools["longitude"].to_numpy()[:, None],
        schools["latitude"].to_numpy(), schools["longitude"].to_numpy(),
    )  # fmt: skip
    np.testing.assert_allclose(km * pace_of(TRAVEL, 1).usual, minutes, rtol=1e-12)


def test_the_pace_holds_nine_in_ten_of_what_is_believed_of_roads() -> None:
    pace = pace_of(TRAVEL, 1)
    luck = np.random.default_rng(4).random((2, 200_000))
    factor, speed = TRAVEL.road_factor.draws(luck[0]), TRAVEL.road_speed.draws(luck[1])
    low, high = np.quantile(factor / speed * 60, [0.05, 0.95])
    assert pace.fast == pytest.approx(low, rel=0.02)
    assert pace.slow == pytest.approx(high, rel=0.02)
    assert pace.fast < pace.usual < pace.slow


def at(*east_km: float) -> pd.DataFrame:
    """Schools on the equator, by kilometres east, where a degree is 111.195 km."""
    return pd.DataFrame({"latitude": 0.0, "longitude": np.array(east_km) / 111.195})


def test_a_chain_of_near_schools_is_no_cluster_of_all() -> None:
    # 10 minutes apart each (5 km at 2 minutes a kilometre): three are 20 minutes end to end.
    chain = clusters_of(at(0, 5, 10, 15), PACE, 20.5, (2, 6))
    assert (chain.placed, chain.clusters, chain.in_size, chain.alone) == (4, 2, 4, 0)
    assert chain.widest == pytest.approx(30.0, rel=1e-4)
    assert chain.to_nearest == pytest.approx(10.0, rel=1e-4)


def test_every_two_schools_of_a_cluster_are_within_reach_and_sizes_are_counted() -> None:
    crowd = clusters_of(at(0, 1, 2, 3, 4, 5, 6, 60, 120, 121), PACE, 20.0, (2, 6))
    assert (crowd.clusters, crowd.in_size, crowd.alone) == (3, 2, 1)  # seven are too many


@pytest.mark.parametrize("places", [(), (3.0,), (3.0, np.nan)])
def test_fewer_than_two_known_places_have_no_way_between_them(places: tuple[float, ...]) -> None:
    schools = at(*places).assign(latitude=lambda frame: frame["longitude"] * 0.0)
    few = clusters_of(schools, PACE, 20.0, (2, 6))
    assert (few.placed, few.alone) == (min(len(places), 1), min(len(places), 1))
    assert few.widest is None
    assert few.to_nearest is None
