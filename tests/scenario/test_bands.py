"""Starting bands: either era's judgement through the declared table, carried forward to today."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from workbench.growth.draws import draw_parameters
from workbench.growth.kernel.layout import ATTENTION, SECURE, STRONG, UNRATED, URGENT
from workbench.scenario.answers import read_model
from workbench.scenario.bands import (
    inspected_band,
    long_run_mix,
    seen_chances,
    start_chances,
)

MODEL = read_model()


def card(**changes: Any) -> dict[str, Any]:
    return {
        "rated": True,
        "framework": "report card",
        "category": pd.NA,
        "safeguarding_met": True,
        "judged_areas": 6,
        "urgent_areas": 0,
        "attention_areas": 0,
        "strong_areas": 2,
    } | changes


def older(overall: str | None, worst: str = "good") -> dict[str, Any]:
    return {
        "rated": True,
        "framework": "oeif",
        "overall": overall if overall else pd.NA,
        "worst_judgement": worst,
        "category": pd.NA,
        "safeguarding_met": True,
    }


@pytest.mark.parametrize(
    ("judgement", "band"),
    [
        (card(), SECURE),
        (card(strong_areas=3), STRONG),
        (card(attention_areas=1, strong_areas=5), ATTENTION),
        (card(urgent_areas=1), URGENT),
        (card(safeguarding_met=False), URGENT),
        (card(category="special measures"), URGENT),
        (older("outstanding"), STRONG),
        (older("good"), SECURE),
        (older("requires improvement"), ATTENTION),
        (older("inadequate"), URGENT),
        (older(None, "requires improvement"), ATTENTION),
        (older(None, "requires improvement") | {"category": "special measures"}, URGENT),
        (older("good") | {"safeguarding_met": False}, URGENT),
        (older("good") | {"safeguarding_met": pd.NA}, SECURE),
        ({"rated": False}, UNRATED),
    ],
)
def test_each_judgement_starts_its_band(judgement: dict[str, Any], band: int) -> None:
    assert inspected_band(judgement, MODEL.start_bands) == band


def chances(band: int, since: int, **held: float) -> npt.NDArray[np.float64]:
    """Start chances over a few draws, mean over them."""
    drawn = draw_parameters(MODEL, "report card", held, 1, 50)
    return np.asarray(start_chances([band], [since], drawn)[:, 0].mean(axis=0))


def test_a_fresh_judgement_is_turned_round_by_bayes_rule() -> None:
    """By hand: error .1 each way; bands 1 : 4 : 16 : 4 in the long run, from rates 4 : 1 and so on.

    Seen as secure: truth is needs attention (4 x .1), secure (16 x .8) or strong (4 x .1), of 13.6.
    """
    held = {
        "error_low": 0.1, "error_high": 0.1,
        "rise_urgent": 0.2, "fall_attention": 0.05, "rise_attention": 0.2, "fall_secure": 0.05,
        "rise_secure": 0.02, "fall_strong": 0.08,
    }  # fmt: skip
    found = chances(SECURE, 0, **held)
    assert found.tolist() == pytest.approx([0, 0.4 / 13.6, 12.8 / 13.6, 0.4 / 13.6])


def test_an_old_judgement_says_less_than_a_fresh_one_and_ends_forgotten() -> None:
    certainty = [chances(ATTENTION, since)[ATTENTION] for since in range(20)]
    assert certainty == sorted(certainty, reverse=True)
    long_ago = np.array([chances(band, 3000) for band in range(4)])
    assert np.ptp(long_ago, axis=0).max() < 1e-6
    drawn = draw_parameters(MODEL, "report card", {}, 1, 50)
    assert long_ago[0] == pytest.approx(long_run_mix(drawn).mean(axis=0), abs=1e-6)


def test_every_row_of_chances_adds_up_to_one() -> None:
    drawn = draw_parameters(MODEL, "report card", {}, 3, 20)
    found = start_chances([UNRATED, 0, 1, 2, 3], [4, 0, 5, 9, 30], drawn)
    assert found.shape == (20, 5, 4)
    assert found.min() >= 0
    assert found.sum(axis=2) == pytest.approx(1)
    assert seen_chances(drawn).sum(axis=2) == pytest.approx(1)


def test_doubt_about_the_unrated_mix_and_its_assumptions_reach_the_start() -> None:
    drawn = draw_parameters(MODEL, "report card", {}, 1, 30)
    assert np.ptp(start_chances([UNRATED], [0], drawn)[:, 0, ATTENTION]) > 0.05
    assert chances(UNRATED, 0, unrated_attention=0.4)[ATTENTION] == pytest.approx(0.4)
