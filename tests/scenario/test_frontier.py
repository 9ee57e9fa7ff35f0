"""The frontier's cells are absorption's answers, and can be worked out where nothing moves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenario.trials import golden, hand_trial, sized
from workbench import paths
from workbench.growth.absorb import absorb_setting
from workbench.growth.setting import Setting
from workbench.parameters.levers import BandShares, FrontierGrid, LeverSizes
from workbench.parameters.model import Band
from workbench.parameters.scenario import read_scenario
from workbench.scenario.frontier import (
    AS_PLANNED,
    absorption_frontier,
    bands_in_order,
    frontier_of,
    mixed,
    of_band,
    paced,
)
from workbench.scenario.trial import Trial, trial
from workbench.trust.load import Trust

STEADY = read_scenario("steady", paths.scenarios())
HALF = BandShares(secure=0.5, needs_attention=0.5, urgent=0)
JOINERS = 8
BANDS: tuple[Band, ...] = ("secure", "needs attention")


def asked(**grid: Any) -> LeverSizes:
    """The committed sizes with another grid."""
    sizes = sized()
    return sizes.model_copy(update={"frontier": sizes.frontier.model_copy(update=grid)})


def hand(*bands: int) -> Setting:
    """Six providers, and joiners of the bands in turn; a category weighs as two weak schools."""
    joiners = tuple((0, bands[j % len(bands)]) for j in range(JOINERS))
    return golden(*[2] * 6, joiners=joiners, weight_urgent=2.0)


def test_the_frontier_of_a_trust_that_stands_still_is_what_the_golden_rule_leaves() -> None:
    shared = hand_trial()
    settings = {"secure": hand(2), "half": hand(2, 1), "weak": hand(1), "category": hand(0)}
    frame = frontier_of(shared, settings)
    fast = frame[frame["pace"] == 6].set_index("mix")
    # 6 providers carry two weak schools or one in a category; every second of the halves is weak.
    assert fast["capacity"].to_dict() == {"secure": 8, "half": 5, "weak": 2, "category": 1}
    assert fast["reason"].to_dict() == {
        "secure": "limit_of_search",
        "half": "extra_risk_exceeds_tolerance",
        "weak": "extra_risk_exceeds_tolerance",
        "category": "extra_risk_exceeds_tolerance",
    }
    assert fast.loc[["half", "weak", "category"], "beyond_risk"].tolist() == [1, 1, 1]
    assert fast["extra_risk"].tolist() == [0, 0, 0, 0]
    assert fast["beyond_risk"].isna().tolist() == [True, False, False, False]
    assert set(frame["n"]) == {shared.replicates}
    # Where the rule is what stops it, a slower pace never allows fewer.
    beyond = frame[frame["reason"] == "extra_risk_exceeds_tolerance"]
    for _, rows in beyond.groupby("mix"):
        assert rows.sort_values("pace")["capacity"].is_monotonic_decreasing


def test_a_school_that_joins_at_the_very_end_breaks_nothing_and_is_so_named() -> None:
    # At one a year weak joiners arrive in terms 0, 3, ... 12: the third, in term 6, breaks it.
    # From term 13 on the rule would be broken for two terms only, within the grace.
    shared = hand_trial()
    row = frontier_of(shared, {"weak": hand(1)}).set_index("pace").loc[1.0]
    assert (row["capacity"], row["arriving"]) == (2, 5)
    nearly = golden(*[2] * 6, joiners=((0, 1), (0, 1), (13, 1)))
    broken = shared.broken(nearly)
    assert not broken(3).any()


@pytest.fixture(scope="module")
def shared(demo_trust: Trust) -> Trial:
    sizes = asked(mixes={"half weak": HALF}, paces=(1.0, 3.0))
    return trial(demo_trust, STEADY, sizes, replicates=100, seed=5, threads=2)


def test_a_cell_is_the_answer_of_absorption(shared: Trial, demo_trust: Trust) -> None:
    frame = absorption_frontier(demo_trust, STEADY, shared.sizes, replicates=100, seed=5, threads=1)
    assert list(dict.fromkeys(frame["mix"])) == [AS_PLANNED, "half weak"]
    risk = shared.settings.risk
    for pace in (1.0, 3.0):
        scenario = STEADY.model_copy(
            update={"joiners": STEADY.joiners.model_copy(update={"a_year": pace})}
        )
        answer = absorb_setting(
            shared.prepared(scenario).setting, range(shared.most + 1), 100,
            tolerance=risk.tolerance.value, confidence=0.9, ceiling=risk.baseline_ceiling.value,
        )  # fmt: skip
        (cell,) = frame[(frame["mix"] == AS_PLANNED) & (frame["pace"] == pace)].to_dict("records")
        curve = answer.curve.set_index("joiners")
        assert (cell["capacity"], cell["reason"]) == (answer.capacity, answer.reason)
        for at, name in ((cell["capacity"], "extra"), (cell["capacity"] + 1, "beyond")):
            ends = curve.loc[at, ["extra_risk", "extra_lower", "extra_upper"]].tolist()
            found = [cell[f"{name}_{end}"] for end in ("risk", "lower", "upper")]
            assert found == pytest.approx(ends)


@pytest.mark.parametrize("pace", [0.7, 1.0, 1.5, 3.5, 12.0])
def test_another_pace_is_the_pace_a_scenario_would_set(shared: Trial, pace: float) -> None:
    joiners = STEADY.joiners.model_copy(update={"a_year": pace})
    whole = shared.prepared(STEADY.model_copy(update={"joiners": joiners})).setting
    short = paced(shared.prepared(STEADY).setting, pace)
    assert (short.school == whole.school).all()


def test_joiners_of_a_mix_differ_in_their_band_alone(shared: Trial) -> None:
    by_band = {band: shared.prepared(of_band(STEADY, band)).setting for band in BANDS}
    bands = bands_in_order(HALF, STEADY, 9)
    assert bands[:4] == ("secure", "needs attention", "secure", "needs attention")
    half = mixed(by_band, bands)
    at = half.existing
    assert half.school["rated"][at : at + 4].tolist() == [2, 1, 2, 1]
    for field in ("key", "phase", "pupils", "join_term", "days"):
        assert (half.school[field] == by_band["secure"].school[field]).all()
    assert (half.below[:, at + 1] == by_band["needs attention"].below[:, at + 1]).all()
    assert (half.below[:, at] == by_band["secure"].below[:, at]).all()
    assert (half.place == by_band["secure"].place).all()


def test_a_grid_is_refused_where_shares_or_paces_make_no_sense() -> None:
    with pytest.raises(ValueError, match=r"add up to 0\.9"):
        BandShares(secure=0.5, needs_attention=0.4, urgent=0)
    grid = sized().frontier.model_dump()
    with pytest.raises(ValueError, match="paces must rise"):
        FrontierGrid.model_validate(grid | {"paces": (2.0, 1.0)})
