"""Starting bands: what an inspection of either era says of a school when a simulation begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from workbench.growth.layout import ATTENTION, SECURE, STRONG, UNRATED, URGENT
from workbench.parameters.distributions import Floats
from workbench.parameters.model import BANDS, ModelParameters, StartBands


def inspected_band(judgement: Mapping[str, Any], rule: StartBands) -> int:
    """Return the band a standing judgement starts a school in, or UNRATED.

    Args:
        judgement: One row of `workbench.trust.inspections.latest_inspections`.
        rule: The declared, versioned table of the model's parameters.
    """
    if not judgement["rated"]:
        return UNRATED
    if judgement["framework"] == "oeif":
        grade = judgement["overall"]
        if pd.isna(grade):
            grade = judgement["worst_judgement"]
        return BANDS.index(rule.oeif[grade])
    areas = rule.report_card
    in_category = not pd.isna(judgement["category"]) or not judgement["safeguarding_met"]
    if in_category or judgement["urgent_areas"] >= areas.urgent_areas:
        return URGENT
    if judgement["attention_areas"] >= areas.attention_areas:
        return ATTENTION
    share = judgement["strong_areas"] / judgement["judged_areas"]
    return STRONG if share >= areas.strong_share else SECURE


def true_band_chances(band: int, since: int, model: ModelParameters) -> Floats:
    """Return probabilities of the true band now, length 4, given what was inspected when.

    An inspection may have seen one band off, and the school has moved since: the calibration
    population's rates carry the judgement forward, at most one band a term.
    """
    if band == UNRATED:
        low, attention, strong = (
            model.start.unrated_urgent.value,
            model.start.unrated_attention.value,
            model.start.unrated_strong.value,
        )
        return np.array([low, attention, 1.0 - low - attention - strong, strong])
    chances = np.zeros(4)
    under, over = model.inspect.error_low.value, model.inspect.error_high.value
    chances[min(STRONG, band + 1)] += under
    chances[max(URGENT, band - 1)] += over
    chances[band] += 1.0 - under - over
    return np.asarray(chances @ np.linalg.matrix_power(_one_term(model), max(0, since)))


def _one_term(model: ModelParameters) -> Floats:
    improve = model.improve
    rise = (improve.rise_urgent, improve.rise_attention, improve.rise_secure)
    fall = (improve.fall_attention, improve.fall_secure, improve.fall_strong)
    chain = np.zeros((4, 4))
    for band in range(3):
        chain[band, band + 1] = rise[band].value
        chain[band + 1, band] = fall[band].value
    return chain + np.diag(1.0 - chain.sum(axis=1))
