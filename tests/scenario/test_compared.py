"""The tables of a comparison, on outcomes small enough to work out by hand."""

from __future__ import annotations

import pytest

from tests.scenario.compared_frames import outcome
from workbench.scenario.answers import read_settings
from workbench.scenario.compared import (
    COMPARED,
    DECIDING,
    by_draw,
    clearly_better_than,
    differences,
    dominance_table,
    order_table,
    regret_table,
    robustness_table,
)

SETTINGS = read_settings()
# Two draws of four futures each.
SAFE = outcome([1, 1, 1, 1, 1, 1, 1, 0], pupils=900.0)
BOLD = outcome([1, 1, 0, 0, 0, 0, 0, 0], pupils=1200.0)
FOUND = {"Safe": SAFE, "Bold": BOLD}


def test_paired_differences_are_differences_of_means() -> None:
    table = differences(FOUND, 4).set_index("measure")
    assert list(table.index) == list(COMPARED)
    for measure in COMPARED:
        row = table.loc[measure]
        apart = SAFE[measure].mean() - BOLD[measure].mean()
        assert row["difference"] == pytest.approx(apart)
        assert row["value"] - row["other_value"] == pytest.approx(apart)
        assert row["lower"] <= row["difference"] <= row["upper"]
    assert table.loc["hold", "difference"] == pytest.approx(5 / 8)


def test_a_share_keeps_a_width_where_no_difference_was_seen() -> None:
    row = differences({"A": SAFE, "B": SAFE}, 4).set_index("measure").loc["hold"]
    assert row["lower"] < 0 == row["difference"] < row["upper"]


def test_every_draw_is_kept_with_its_means() -> None:
    table = by_draw(FOUND, 4)
    assert table[["scenario", "draw"]].to_numpy().tolist() == [
        ["Safe", 0], ["Safe", 1], ["Bold", 0], ["Bold", 1],
    ]  # fmt: skip
    assert table["hold"].tolist() == [1.0, 0.75, 0.5, 0.0]


def test_regret_is_judged_in_each_draw() -> None:
    table = regret_table(FOUND, 4).set_index(["measure", "scenario"])
    assert table.loc[("hold", "Safe"), "mean"] == 0.0
    assert table.loc[("hold", "Bold"), "mean"] == pytest.approx((0.5 + 0.75) / 2)
    assert table.loc[("hold", "Bold"), "worst"] == 0.75
    assert table.loc[("pupils_secure", "Safe"), "at_least"] == 300.0
    assert table.loc[("reserves_share", "Safe"), "best_share"] == 1.0
    assert set(table.index.get_level_values("measure")) == set(DECIDING)


def test_robustness_asks_what_the_board_asks() -> None:
    table = robustness_table(FOUND, 4, SETTINGS).set_index(["requirement", "scenario"])
    assert table.loc[("hold", "Safe"), "required"] == SETTINGS.risk.confidence.value
    assert table.loc[("hold", "Safe"), "met"] == 0.5  # 1.0 and .75 against .9
    assert table.loc[("extra_breach", "Safe"), "met"] == 0.5  # 0 and .25 against .1
    assert table.loc[("extra_breach", "Bold"), "met"] == 0.0
    assert (table["surely"] <= table["met"]).all()
    assert (table["met"] <= table["perhaps"]).all()


def test_added_risk_is_not_judged_where_the_trust_alone_leaves_it_no_room() -> None:
    broken = [0, 0, 0, 0]
    half = outcome([*broken, 1, 1, 1, 1], alone=[*broken, 1, 1, 1, 1])
    none = outcome(broken * 2, alone=broken * 2)
    table = robustness_table({"Half": half, "None": none}, 4, SETTINGS)
    extra = table[table["requirement"] == "extra_breach"].set_index("scenario")
    assert extra["room"].to_dict() == {"Half": 0.5, "None": 0.0}
    assert extra.loc["Half", "met"] == 1.0
    assert extra["met"].isna().to_dict() == {"Half": False, "None": True}


def test_a_plan_beaten_in_everything_is_named_with_what_beats_it() -> None:
    poor = outcome([0] * 8, pupils=800.0, reserves=0.05)
    found = FOUND | {"Poor": poor}
    apart = differences(found, 4)
    table = dominance_table(found, apart).set_index("scenario")
    assert table["undominated"].to_dict() == {"Safe": True, "Bold": True, "Poor": False}
    assert table["beaten_by"].tolist() == ["", "", "Safe; Bold"]


def test_a_lead_within_the_noise_beats_nobody() -> None:
    nearly = outcome([1, 1, 1, 1, 1, 1, 0, 1], pupils=900.0)
    apart = differences({"Safe": SAFE, "Nearly": nearly}, 4)
    assert clearly_better_than("Safe", apart) == clearly_better_than("Nearly", apart) == ()


def test_orders_are_given_both_ways() -> None:
    table = order_table(FOUND, 4).set_index(["measure", "scenario"])
    assert table.loc[("hold", "Safe"), "better"] == 1.0
    assert table.loc[("hold", "Bold"), "worse"] == 1.0
    assert table.loc[("pupils_secure", "Bold"), "above"] == 1.0
    assert len(table) == 2 * len(DECIDING)
