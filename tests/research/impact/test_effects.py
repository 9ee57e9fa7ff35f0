"""Difference-in-differences against sums by hand, and against what was planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from workbench.errors import BadInput
from workbench.measures.differences import told_apart
from workbench.research.impact.effects import group_time_effects
from workbench.research.impact.made_up import Planted, made_up_panel
from workbench.research.impact.panel import NEVER, impact_panel
from workbench.research.impact.plan import declared_plan

QUIET = Planted(effect_sd=0.0, trust_sd=0.0, noise_sd=1e-6)


def test_two_periods_are_the_plain_difference_of_differences() -> None:
    planted = Planted(periods=2, cohorts=(2,))
    table = made_up_panel(planted)
    found = group_time_effects(impact_panel(table))
    wide = table.pivot(index="urn", columns="period", values="outcome")
    change = wide[2] - wide[1]
    inside = table.groupby("urn")["trust_uid"].first().notna()
    by_hand = change[inside].mean() - change[~inside].mean()
    assert found.overall().value == pytest.approx(by_hand, rel=1e-9)
    regressed = smf.ols(
        "outcome ~ C(urn) + C(period) + supported",
        table.assign(supported=table["joined_period"].le(table["period"]).fillna(False).astype(int))
        .query("urn < 920040 or urn > 920120"),
    )  # fmt: skip
    same = group_time_effects(impact_panel(table.query("urn < 920040 or urn > 920120")))
    assert same.overall().value == pytest.approx(regressed.fit().params["supported"], rel=1e-6)


def test_each_cell_is_compared_with_schools_not_yet_supported() -> None:
    panel = impact_panel(made_up_panel(Planted()))
    cells = group_time_effects(panel).cells.set_index(["cohort", "period"])
    never = int((panel.joined == NEVER).sum())
    later = int((panel.joined == 5).sum())
    assert cells.loc[(4, 4), "comparison"] == never + later
    assert cells.loc[(4, 5), "comparison"] == never
    assert cells.loc[(5, 4 - 1), "comparison"] == never, "cohort 4 had joined by the base period"
    alone = group_time_effects(panel, declared_plan(comparison="never")).cells
    assert set(alone["comparison"]) == {never}
    change = panel.outcome[:, 3] - panel.outcome[:, 2]
    expected = change[panel.joined == 4].mean() - change[panel.joined > 4].mean()
    assert cells.loc[(4, 4), "estimate"] == pytest.approx(expected)


def test_planted_effect_is_found_period_by_period() -> None:
    panel = impact_panel(made_up_panel(replace(QUIET, effect=2.0, growing=1.5)))
    found = {since: one.value for since, one in group_time_effects(panel).by_since().items()}
    expected = {-4: 0.0, -3: 0.0, -2: 0.0, 0: 2.0, 1: 3.5, 2: 5.0}
    assert found == pytest.approx(expected, abs=1e-4)


def test_overall_effect_counts_supported_schools_alike() -> None:
    # By hand: cohort 4 sees 2.0, 3.5, 5.0 (mean 3.5), cohort 5 sees 2.0, 3.5 (mean 2.75).
    panel = impact_panel(made_up_panel(replace(QUIET, effect=2.0, growing=1.5)))
    first, second = (panel.joined == 4).sum(), (panel.joined == 5).sum()
    expected = (3.5 * first + 2.75 * second) / (first + second)
    assert group_time_effects(panel).overall().value == pytest.approx(expected, abs=1e-4)


def test_growing_effects_do_not_spoil_later_cohorts() -> None:
    """A regression with school and period effects takes early joiners for comparisons."""
    table = made_up_panel(replace(QUIET, effect=0.0, growing=4.0, comparison=20))
    table["supported"] = table["joined_period"].le(table["period"]).fillna(False).astype(int)
    both = table[["outcome", "supported"]]
    within = both - both.groupby(table["urn"]).transform("mean")
    naive = smf.ols("outcome ~ C(period) + supported", within.assign(period=table["period"]))
    cells = group_time_effects(impact_panel(table)).cells.query("since >= 0")
    assert cells["estimate"].to_numpy() == pytest.approx(4.0 * cells["since"], abs=1e-4)
    overall = group_time_effects(impact_panel(table)).overall().value
    assert abs(naive.fit().params["supported"] - overall) > 0.2


def test_bad_luck_is_no_effect_once_earlier_numbers_are_equal() -> None:
    planted = Planted(effect=0.0, effect_sd=0.0, cohorts=(4,), picked_low=True)
    plain, equal = [], []
    for seed in range(12):
        panel = impact_panel(made_up_panel(planted, seed=seed))
        plain.append(group_time_effects(panel).overall())
        equal.append(group_time_effects(panel, declared_plan(adjusted="earlier numbers")).overall())
    assert all(told_apart(one.interval) and one.value > 1 for one in plain)
    assert np.mean([one.value for one in equal]) == pytest.approx(0.0, abs=0.8)
    assert sum(told_apart(one.interval) for one in equal) <= 3


def test_earlier_numbers_are_those_of_an_analysis_of_covariance() -> None:
    planted = Planted(periods=3, cohorts=(3,))
    table = made_up_panel(planted)
    wide = table.pivot(index="urn", columns="period", values="outcome").add_prefix("y")
    wide["mine"] = table.groupby("urn")["trust_uid"].first().notna().astype(int)
    expected = smf.ols("y3 ~ mine + y1 + y2", wide).fit().params["mine"]
    found = group_time_effects(impact_panel(table), declared_plan(adjusted="earlier numbers"))
    at_joining = found.cells.query("since == 0")["estimate"].item()
    assert at_joining == pytest.approx(expected, rel=1e-8)


def test_small_cells_are_left_out_with_the_reason() -> None:
    table = made_up_panel(Planted(trusts=4, schools=(3,), comparison=30, cohorts=(4, 5)))
    panel = impact_panel(table)
    with pytest.raises(BadInput, match="no cohort has enough schools"):
        group_time_effects(panel)
    found = group_time_effects(panel, replace(declared_plan(), fewest_schools=6, fewest_trusts=2))
    assert not found.left_out
    uneven = pd.concat([table, *[_more(table, n) for n in range(1, 4)]])
    found = group_time_effects(impact_panel(uneven), replace(declared_plan(), fewest_trusts=2))
    assert set(found.cells["cohort"]) == {4}
    assert {(c, reason) for c, _, reason in found.left_out} == {(5, "too few supported schools")}


def _more(table: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return the schools of cohort 4 once more, as other schools."""
    own = table[table["joined_period"].eq(4).fillna(False)]
    moved = own.assign(urn=own["urn"] + 10_000 * number)
    return moved.assign(outcome=moved["outcome"] + moved["urn"] % 7)


def test_a_school_without_a_number_is_left_out_of_its_cells_alone() -> None:
    table = made_up_panel(Planted())
    first = table["urn"].iloc[0]
    gap = table["urn"].eq(first) & table["period"].eq(6)
    whole = group_time_effects(impact_panel(table)).cells
    found = group_time_effects(impact_panel(table.assign(
        outcome=table["outcome"].mask(gap)))).cells  # fmt: skip
    cohort = int(table["joined_period"].iloc[0])
    changed = found["schools"].ne(whole["schools"])
    assert found[changed][["cohort", "period"]].to_numpy().tolist() == [[cohort, 6]]


def test_no_effect_after_the_last_period_has_an_average() -> None:
    panel = impact_panel(made_up_panel(Planted(cohorts=(4,))))
    early = replace(panel, outcome=np.where(panel.periods >= 4, np.nan, panel.outcome))
    with pytest.raises(BadInput, match="after its support began"):
        group_time_effects(early).overall()


def test_schools_are_compared_within_their_group() -> None:
    """Supported schools are mostly of a group whose numbers rise by 10 for all of it."""
    table = made_up_panel(replace(QUIET, periods=2, cohorts=(2,)))
    inside = table["trust_uid"].notna()
    other = (table["urn"] % 4 == 0) ^ inside
    table["outcome"] += 10.0 * other * (table["period"] == 2)
    apart = group_time_effects(impact_panel(table)).overall()
    within = group_time_effects(
        impact_panel(table.assign(group=other.map({True: "one", False: "two"})))
    ).overall()
    assert apart.value > 5.0
    assert within.value == pytest.approx(2.0, abs=1e-4)
