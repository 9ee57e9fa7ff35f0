"""The pictures of a whole country count, name nobody and rank nobody."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from tests.charts.drawn import sound
from workbench.charts.figure import Figure
from workbench.charts.national_funnel import national_funnel
from workbench.charts.national_map import national_map
from workbench.charts.national_room import national_room
from workbench.measures.funnels import binomial_funnel

ABOUT = {"where": "a made-up country", "as_of": "15 September 2026", "source": "s."}
MINUTES = (20.0, 40.0, 60.0)
SCHOOLS = pd.DataFrame({
    "latitude": [52.0, 52.3, 52.6, 53.0, np.nan], "longitude": [-1.0, -0.8, -1.4, -2.0, np.nan]
})  # fmt: skip


def weak(*counts: tuple[int, int, int] | None) -> pd.DataFrame:
    """Weak schools by trusts with room within each distance; None where no place is known."""
    rows = [(np.nan,) * 5 if one is None else (52.0 + i / 10, -1.0, *one)
            for i, one in enumerate(counts)]  # fmt: skip
    columns = ["latitude", "longitude", "trusts_near", "trusts_middle", "trusts_far"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:], "Int64"))


def mapped(schools: pd.DataFrame, ground: pd.DataFrame = SCHOOLS) -> Figure:
    return sound(lambda: national_map(schools, ground, minutes=MINUTES, **ABOUT))


def test_each_weak_school_is_in_the_band_of_its_nearest_trust_with_room() -> None:
    figure = mapped(weak((1, 2, 3), (0, 1, 1), (0, 0, 2), (0, 0, 0), (0, 0, 0), None))
    assert figure.data["Weak schools"].tolist() == [1, 1, 1, 2]
    assert figure.headline == (
        "1 of 5 weak schools surely has a trust with room within 20 minutes; 2 have none within 60 "
        "minutes"
    )
    assert "1 weak school whose place is not known not drawn" in figure.subtitle
    for words in ("Within 20 minutes: 1", "None within 60 minutes: 2", "miles); north is up"):
        assert words in figure.svg


def test_a_map_where_every_weak_school_has_a_trust_says_so() -> None:
    figure = mapped(weak((1, 1, 1), (0, 0, 1)))
    assert figure.headline.endswith("within 20 minutes, and all within 60 minutes")


def test_a_map_without_any_place_says_so_in_words() -> None:
    lost = SCHOOLS.assign(latitude=np.nan)
    assert mapped(weak(None), lost).headline == "No weak school has a known place"
    assert mapped(weak()).headline == "No weak school has a known place"


def funnelled(hits: list[int], schools: list[int]) -> Figure:
    return sound(
        lambda: national_funnel(
            pd.Series(hits), pd.Series(schools), key="f", measure="Weak schools", **ABOUT
        )
    )


def test_trusts_on_one_spot_are_counted_and_those_beyond_told_by_side() -> None:
    hits, schools = [1] * 30 + [14, 0], [10] * 30 + [20, 0]
    expected = binomial_funnel(pd.Series(hits[:-1]), pd.Series(schools[:-1])).units
    above = int(((expected["place"] != "within") & (expected["side"] == "above")).sum())
    figure = funnelled(hits, schools)
    assert above == 1
    assert figure.headline.startswith(
        "Weak schools: 1 of 31 trusts lie beyond the 95% limits, 1 above and 0 below"
    )
    assert figure.data["Trusts"].tolist() == [30, 1]
    assert figure.data["Place"].tolist() == ["Within", "Beyond 99.8%"]
    assert "1 trust without a judgement left out" in figure.subtitle


@pytest.mark.parametrize(("hits", "schools"), [([0, 0], [3, 4]), ([3, 4], [3, 4]), ([0], [0])])
def test_where_no_trust_differs_there_is_no_funnel(hits: list[int], schools: list[int]) -> None:
    assert funnelled(hits, schools).headline == "Weak schools: no trust differs from another"


def test_trusts_within_chance_are_not_told_apart() -> None:
    figure = funnelled([1, 2, 1, 2], [10, 10, 10, 10])
    assert figure.headline == "Weak schools: trusts differ no more than chance would make them"


def test_room_is_counted_by_size_and_trusts_beyond_their_limits_apart() -> None:
    trusts = pd.DataFrame({
        "schools": [1, 2, 4, 5, 30, 30],
        "room_sure": [0, 0, 1, 5, 2, 0],
        "reason": ["extra_risk_exceeds_tolerance", "already_beyond_limits"] + ["x"] * 4,
        "replicates": 1000,
    })  # fmt: skip
    figure = sound(lambda: national_room(trusts, scenario="Rescue", tolerance=0.1, **ABOUT))
    assert figure.headline == (
        "3 of 6 trusts surely have room for at least one school as Rescue brings them"
    )
    data = figure.data.set_index("Schools in the trust")
    assert list(data.loc["1"]) == [0, 1, 0, 0, 0]
    assert list(data.loc["2"]) == [1, 0, 0, 0, 0]
    assert list(data.loc["3 to 5"]) == [0, 0, 1, 0, 1]
    assert list(data.loc["21 or more"]) == [0, 1, 0, 1, 0]
    assert "6 to 10" not in data.index  # no trust of that size
    assert "at most 10 points more risk" in figure.subtitle
    assert re.search(r"n = 2", figure.svg)
