"""Starting bands: what an inspection of either era says of a school when a simulation begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.growth.kernel.layout import ATTENTION, SECURE, STRONG, UNRATED, URGENT
from workbench.parameters.distributions import Floats
from workbench.parameters.model import BANDS, StartBands


def inspected_band(judgement: Mapping[str, Any], rule: StartBands) -> int:
    """Return the band a standing judgement starts a school in, or UNRATED.

    Args:
        judgement: One row of `workbench.trust.inspections.latest_inspections`.
        rule: The declared, versioned table of the model's parameters.
    """
    if not judgement["rated"]:
        return UNRATED
    safeguarding = judgement["safeguarding_met"]
    if not pd.isna(judgement["category"]) or (not pd.isna(safeguarding) and not safeguarding):
        return URGENT
    if judgement["framework"] == "oeif":
        grade = judgement["overall"]
        if pd.isna(grade):
            grade = judgement["worst_judgement"]
        return BANDS.index(rule.oeif[grade])
    areas = rule.report_card
    if judgement["urgent_areas"] >= areas.urgent_areas:
        return URGENT
    if judgement["attention_areas"] >= areas.attention_areas:
        return ATTENTION
    share = judgement["strong_areas"] / judgement["judged_areas"]
    return STRONG if share >= areas.strong_share else SECURE


def start_chances(
    bands: npt.ArrayLike, since: npt.ArrayLike, drawn: Mapping[str, Floats]
) -> Floats:
    """Return P(true band) at the start of each school, M x n x 4, for each draw of the parameters.

    What inspectors saw is turned round by Bayes' rule: the chance that a school of each true band
    is seen so, times how common that band is in the long run at the draw's own rates. The result is
    carried forward from the inspection to the start at those rates. A school with no judgement
    under its present URN starts from the declared mix.

    Args:
        bands: Band of each school's last judgement, or UNRATED, length n.
        since: Terms since that judgement, length n.
        drawn: Draws of the model's parameters, each of length M.
    """
    bands, since = np.asarray(bands), np.asarray(since)
    seen, chain, common = seen_chances(drawn), one_term(drawn), long_run_mix(drawn)
    chances = np.empty((len(common), len(bands), 4))
    for i, (band, terms) in enumerate(zip(bands, since, strict=True)):
        if band == UNRATED:
            chances[:, i] = _unrated_mix(drawn)
            continue
        at_visit = seen[:, :, band] * common
        at_visit /= at_visit.sum(axis=1, keepdims=True)
        later = np.linalg.matrix_power(chain, max(0, int(terms)))
        chances[:, i] = np.einsum("mb,mbc->mc", at_visit, later)
    return chances


def seen_chances(drawn: Mapping[str, Floats]) -> Floats:
    """Return P(seen band | true band), M x 4 true x 4 seen: inspectors are at most one band off."""
    low, high = drawn["error_low"], drawn["error_high"]
    seen = np.zeros((len(low), 4, 4))
    for band in range(4):
        seen[:, band, max(URGENT, band - 1)] += low
        seen[:, band, min(STRONG, band + 1)] += high
        seen[:, band, band] += 1.0 - low - high
    return seen


def one_term(drawn: Mapping[str, Floats]) -> Floats:
    """Return P(band next term | band), M x 4 x 4, at the calibration population's rates."""
    rise = [drawn[name] for name in ("rise_urgent", "rise_attention", "rise_secure")]
    fall = [drawn[name] for name in ("fall_attention", "fall_secure", "fall_strong")]
    chain = np.zeros((len(rise[0]), 4, 4))
    for band in range(3):
        chain[:, band, band + 1] = rise[band]
        chain[:, band + 1, band] = fall[band]
    stay = np.arange(4)
    chain[:, stay, stay] = 1.0 - chain.sum(axis=2)
    return chain


def long_run_mix(drawn: Mapping[str, Floats]) -> Floats:
    """Return how common each band is in the long run, M x 4.

    Bands change one at a time, so in balance as many schools rise from one as fall back to it.
    """
    weight = np.ones((len(drawn["rise_urgent"]), 4))
    steps = (
        ("rise_urgent", "fall_attention"),
        ("rise_attention", "fall_secure"),
        ("rise_secure", "fall_strong"),
    )
    for band, (rise, fall) in enumerate(steps):
        weight[:, band + 1] = weight[:, band] * drawn[rise] / drawn[fall]
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def _unrated_mix(drawn: Mapping[str, Floats]) -> Floats:
    urgent, attention = drawn["unrated_urgent"], drawn["unrated_attention"]
    strong = drawn["unrated_strong"]
    return np.column_stack([urgent, attention, 1.0 - urgent - attention - strong, strong])
