"""Starting bands: either era's judgement through the declared table, carried forward to today."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from workbench.growth.layout import ATTENTION, SECURE, STRONG, UNRATED, URGENT
from workbench.scenario.answers import read_model
from workbench.scenario.bands import inspected_band, true_band_chances

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
        ({"rated": False}, UNRATED),
    ],
)
def test_each_judgement_starts_its_band(judgement: dict[str, Any], band: int) -> None:
    assert inspected_band(judgement, MODEL.start_bands) == band


def test_a_fresh_judgement_is_doubted_only_by_the_inspectors_error() -> None:
    chances = true_band_chances(SECURE, 0, MODEL)
    low, high = MODEL.inspect.error_low.value, MODEL.inspect.error_high.value
    assert chances.tolist() == pytest.approx([0, high, 1 - low - high, low])


def test_an_old_judgement_says_less_than_a_fresh_one_and_ends_nearly_forgotten() -> None:
    certainty = [true_band_chances(ATTENTION, since, MODEL)[ATTENTION] for since in range(20)]
    assert certainty == sorted(certainty, reverse=True)
    long_ago = [true_band_chances(band, 2000, MODEL) for band in range(4)]
    assert np.ptp(np.array(long_ago), axis=0).max() < 1e-6
    for band in (UNRATED, *range(4)):
        assert true_band_chances(band, 7, MODEL).sum() == pytest.approx(1)
