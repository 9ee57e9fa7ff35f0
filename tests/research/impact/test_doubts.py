"""What could feign an effect: luck, another path beforehand, what trusts share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from workbench.errors import BadInput
from workbench.measures.differences import told_apart
from workbench.research.impact.doubts import bounce, mixed_model, placebo
from workbench.research.impact.made_up import Planted, made_up_panel
from workbench.research.impact.panel import impact_panel


def test_schools_picked_on_a_low_number_rise_by_the_luck_they_lose() -> None:
    """Of a distance below the mean the share 1 - r is luck (Barnett et al. 2005, equation 1)."""
    planted = Planted(comparison=6000, periods=2, cohorts=(2,))
    found = bounce(impact_panel(made_up_panel(planted)), 1, share=0.2)
    reliability = 8.0**2 / (8.0**2 + 4.0**2)
    assert found.correlation == pytest.approx(reliability, abs=0.02)
    picked_above = found.below * found.picked / found.others
    expected = (1 - reliability) * (found.below + picked_above)
    assert found.risen.value == pytest.approx(expected, abs=3 * found.risen.error)
    assert told_apart(found.risen.interval)
    assert (found.picked, found.others) == (1200, 4800)


def test_where_high_is_weak_the_high_ones_are_picked_and_fall() -> None:
    panel = impact_panel(made_up_panel(Planted()))
    weak = bounce(panel, 2, share=0.2, low_is_weak=False)
    assert weak.below < 0
    assert weak.risen.value < 0
    assert weak.risen.value == pytest.approx(
        -bounce(replace(panel, outcome=-panel.outcome), 2, share=0.2).risen.value
    )


def test_no_bounce_can_be_seen_after_the_last_period() -> None:
    panel = impact_panel(made_up_panel(Planted()))
    for period in (6, 9):
        with pytest.raises(BadInput, match="seen in the next"):
            bounce(panel, period, share=0.2)


def test_placebo_uses_no_number_from_after_joining() -> None:
    table = made_up_panel(Planted())
    after = table["period"].ge(table["joined_period"]).fillna(False).astype(bool)
    spoilt = table.assign(outcome=table["outcome"] + 1000 * after)
    one, other = (placebo(impact_panel(each)).overall() for each in (table, spoilt))
    assert one == other
    assert not told_apart(one.interval)


def test_placebo_finds_a_path_that_began_before_joining() -> None:
    table = made_up_panel(Planted(trust_sd=0.1, noise_sd=1.0))
    early = (table["joined_period"] - table["period"]).between(1, 2).fillna(False).astype(bool)
    found = placebo(impact_panel(table.assign(outcome=table["outcome"] + 2.0 * early)))
    assert found.overall().value == pytest.approx(2.0, abs=0.5)
    assert told_apart(found.overall().interval)


def test_placebo_needs_a_history() -> None:
    panel = impact_panel(made_up_panel(Planted(periods=2, cohorts=(2,))))
    with pytest.raises(BadInput, match="no cohort has enough"):
        placebo(panel)


def test_mixed_model_parts_the_spread_as_planted() -> None:
    planted = Planted(effect_sd=0.0, trust_sd=0.0, trusts=40, comparison=200, periods=5)
    found = mixed_model(impact_panel(made_up_panel(planted)), most_schools=2000)
    assert found.school == pytest.approx(8.0, rel=0.1)
    assert found.luck == pytest.approx(4.0, rel=0.1)
    assert found.trust < 2.5
    assert abs(found.effect - 2.0) < 3 * found.error
    assert found.rows == 5 * (200 + 40 * 18 // 4)


def test_mixed_model_takes_a_part_of_many_comparison_schools() -> None:
    panel = impact_panel(made_up_panel(Planted(trusts=8, comparison=150)))
    joined = int(np.isin(panel.joined, [4, 5]).sum())
    assert mixed_model(panel, most_schools=50).rows == 6 * (joined + 50)
