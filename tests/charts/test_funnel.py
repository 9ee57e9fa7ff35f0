"""A funnel says who is beyond chance, names them clear of each other, and ranks nobody."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text

from tests.charts.drawn import HOSTILE, sound
from workbench.charts.figure import Figure
from workbench.charts.funnel import funnel_plot
from workbench.measures.funnels import Funnel, binomial_funnel, overdispersed_funnel

URNS = [900001, 900002, 900003, 900004]
NAMES = {urn: f"School {urn % 10}" for urn in URNS}


def counted(*hits: int, trials: int = 100, centre: float = 0.3) -> Funnel:
    urns = URNS[: len(hits)]
    return binomial_funnel(
        pd.Series(hits, index=urns), pd.Series([trials] * len(hits), index=urns), centre=centre
    )


def draw(funnel: Funnel, names: dict[int, str] = NAMES, urn: int | None = None) -> Figure:
    return sound(
        lambda: funnel_plot(
            funnel, names, key="f", measure="Absence", unit="% of pupils", size="pupils",
            whose="Alder Trust", period="2025/26", source="s.", factor=100, urn=urn,
        )
    )  # fmt: skip


def test_those_beyond_the_limits_are_named_with_their_side() -> None:
    # Binomial(100, 0.3): 95% limits are about 21.5 and 39.5, 99.8% limits about 17 and 45.
    figure = draw(counted(30, 55, 31, 10))
    assert figure.headline == (
        "Absence: beyond what chance would do at School 2 (above) and School 4 (below)"
    )
    assert "School 2 above the mean, beyond 99.8%" in figure.alt
    assert list(figure.data["Place"]) == ["Within", "Beyond 99.8%", "Within", "Beyond 99.8%"]
    assert list(figure.data["Absence (% of pupils)"]) == ["30.0", "55.0", "31.0", "10.0"]
    assert "two funnels at the 95% and 99.8% limits" in figure.alt


def test_limits_of_shares_stay_within_0_and_100() -> None:
    funnel = overdispersed_funnel(
        pd.Series([3.0, 97.0, 50.0, 52.0], index=URNS), pd.Series([30.0] * 4, index=URNS)
    )
    for unit, least, most in (("% of pupils", "0.0", "100.0"), ("points", "\u2212", "1")):
        data = funnel_plot(
            funnel, NAMES, key="f", measure="Absence", unit=unit, size="pupils", whose="T",
            period="p", source="s",
        ).data  # fmt: skip
        assert all(value.startswith(least) for value in data["99.8% limit, lower"])
        assert all(value.startswith(most) for value in data["99.8% limit, upper"])
    assert not data["99.8% limit, upper"].eq("100.0").any()


@pytest.mark.parametrize(("unit", "kept"), [("% of pupils", True), ("points", False)])
def test_the_axis_of_shares_stays_within_0_and_100(
    unit: str, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Canvas] = []

    def keep(page: Canvas) -> str:
        drawn.append(page)
        return ""

    monkeypatch.setattr("workbench.charts.funnel.to_svg", keep)
    funnel = overdispersed_funnel(
        pd.Series([3.0, 97.0, 50.0, 52.0], index=URNS), pd.Series([30.0] * 4, index=URNS)
    )
    funnel_plot(
        funnel, NAMES, key="f", measure="Absence", unit=unit, size="pupils", whose="T", period="p",
        source="s",
    )  # fmt: skip
    [axes] = drawn[0].axes
    assert (axes.get_ylim() == (0, 100)) == kept
    heights = [float(y) for line in axes.lines for y in np.asarray(line.get_ydata(), float)]
    assert (min(heights) >= 0 and max(heights) <= 100) == kept


def test_nobody_beyond_is_said() -> None:
    figure = draw(counted(30, 29, 31))
    assert figure.headline == "Absence: schools differ no more than chance would make them"
    assert "Every school lies within the inner funnel" in figure.alt


def test_one_school_is_held_against_the_mean() -> None:
    assert draw(counted(30)).headline.startswith("Absence: School 1 differs from the mean no")
    assert "at School 1 (above)" in draw(counted(60)).headline


def test_an_overdispersed_funnel_shows_no_numbers_for_a_size_it_does_not_know() -> None:
    funnel = overdispersed_funnel(
        pd.Series([5.0, 5.5, 9.0, 4.5], index=URNS), pd.Series([0.4, 0.5, 0.4, 0.3], index=URNS)
    )
    assert "Pupils" not in draw(funnel).data
    known = funnel_plot(
        funnel, NAMES, key="f", measure="Absence", unit="%", size="pupils", whose="T",
        period="p", source="s", size_factor=16.0,
    )  # fmt: skip
    assert list(known.data["Pupils"]) == ["100", "64", "100", "178"]


def test_many_schools_beyond_are_counted_in_the_headline() -> None:
    urns = range(900001, 900021)
    funnel = binomial_funnel(
        pd.Series([60] * 20, index=urns), pd.Series([100] * 20, index=urns), centre=0.3
    )
    figure = draw(funnel, dict.fromkeys(urns, "School"))
    assert figure.headline.endswith("and 15 more")
    assert len(figure.data) == 20


def test_a_name_stands_beside_a_limit_and_not_upon_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[Canvas] = []

    def keep(page: Canvas) -> str:
        pages.append(page)
        return ""

    monkeypatch.setattr("workbench.charts.funnel.to_svg", keep)
    # Just beyond the 95% limit of 100 trials at 0.3, which runs along on its left: 39 is within.
    for hits in ((30, 41, 31, 29), (30, 20, 31, 29)):
        funnel_plot(
            counted(*hits), NAMES, key="f", measure="Absence", unit="% of pupils", size="pupils",
            whose="T", period="p", source="s", factor=100,
        )  # fmt: skip
        [axes] = pages[-1].axes
        pages[-1].draw_without_rendering()
        [name] = [one for one in axes.texts if one.get_text() == "School 2"]
        box = Text.get_window_extent(name)
        for line in axes.lines:
            path = line.get_transform().transform_path(line.get_path())
            assert not path.intersects_bbox(box, filled=False)


def test_hostile_names_are_cut_in_the_picture_and_whole_in_words() -> None:
    figure = draw(counted(30, 60, 62), dict.fromkeys(URNS, HOSTILE), urn=900001)
    assert HOSTILE in figure.headline
    assert list(figure.data["School"]) == [HOSTILE] * 3
