"""The waterfall adds up exactly, and gives nothing to what is not there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.growth.settings import random_setting
from tests.growth.test_mechanisms import made
from workbench.growth.absorb import any_breach
from workbench.growth.kernel.layout import SECURE, SERIES
from workbench.growth.setting import Setting
from workbench.growth.simulate import run
from workbench.scenario.waterfall import (
    END,
    MECHANISMS,
    OUTCOMES,
    PRESENCE,
    START,
    Mechanism,
    mechanisms_table,
    waterfall,
)


def setting(joiners: int = 4) -> Setting:
    return random_setting(14, draws=10, joiners=joiners, terms=8)


@pytest.fixture(scope="module")
def steps() -> pd.DataFrame:
    return waterfall(setting(), 40, threads=1)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_contributions_add_up_to_the_change_that_was_simulated(
    steps: pd.DataFrame, outcome: str
) -> None:
    rows = steps[steps["outcome"] == outcome]
    own = setting()
    with_them, without = (run(each, 40, record=True) for each in (own, own.with_joiners(0)))
    levels = [
        any_breach(found.breach).mean()
        if outcome == "breach"
        else found.series[:, -1, SERIES.index(outcome)].mean()
        for found in (without, with_them)
    ]
    by_step = rows.set_index("step")["contribution"]
    assert by_step[START] == pytest.approx(levels[0])
    assert by_step[END] == pytest.approx(levels[1])
    assert by_step.drop([START, END]).sum() == pytest.approx(levels[1] - levels[0], abs=1e-12)
    assert rows["end"].iloc[-2] == pytest.approx(levels[1])
    assert len(rows) == len(MECHANISMS) + 3


def test_the_steps_hang_together(steps: pd.DataFrame) -> None:
    for _, rows in steps.groupby("outcome"):
        changes = rows.iloc[1:-1]
        assert (changes["end"] - changes["start"]).tolist() == pytest.approx(
            changes["contribution"].tolist()
        )
        assert changes["start"].tolist()[1:] == changes["end"].tolist()[:-1]
        assert (changes["lower"] <= changes["contribution"]).all()
        assert (changes["contribution"] <= changes["upper"]).all()


def test_a_mechanism_without_effect_contributes_nothing() -> None:
    nothing = Mechanism("nothing", "as it is", lambda own: own)
    rows = waterfall(setting(), 40, mechanisms=[nothing, MECHANISMS[0]], threads=1)
    assert rows[rows["step"] == "nothing"]["contribution"].tolist() == [0.0, 0.0]


def test_sharing_runs_without_joiners_changes_nothing(steps: pd.DataFrame) -> None:
    each = [replace(one, moves_existing=True) for one in MECHANISMS]
    pd.testing.assert_frame_equal(
        waterfall(setting(), 40, mechanisms=each, threads=1), steps, check_exact=True
    )


def test_runs_without_joiners_are_shared_only_where_the_mechanism_does_not_move_them() -> None:
    """A mechanism said to leave the trust alone, though it does not, would spoil the sum."""
    alone = setting().with_joiners(0)
    for one in MECHANISMS:
        if not one.moves_existing:
            as_is, off = (run(each, 40, record=True) for each in (alone, one.switch(alone)))
            assert np.array_equal(as_is.breach, off.breach)
            assert np.array_equal(as_is.series, off.series)


def test_every_mechanism_changes_something_when_it_is_switched_off() -> None:
    own = random_setting(3, draws=20, joiners=12, terms=15, held={"provider_slack": 1.0})
    as_is = run(own, 200, record=True)
    for one in MECHANISMS:
        off = run(one.switch(own), 200, record=True)
        assert not np.array_equal(as_is.series, off.series), one.name


def test_switching_off_leaves_the_centring_alone() -> None:
    own = setting()
    assert all(one.switch(own).derived is own.derived for one in MECHANISMS)


def named(words: str) -> Mechanism:
    (found,) = [one for one in MECHANISMS if words in one.name]
    return found


@pytest.mark.parametrize("leads", [0.0, 0.5, 3.0])
def test_leaders_unstretched_give_the_same_days(leads: float) -> None:
    """Where leaders cover every school anyway, to stretch no further changes nothing at all.

    Days follow from the span over a lead's own span, also where the executive alone gives them.
    """
    reach = {"exec_span": 5.0, "lead_span": 6.0, "lead_days": 5.0}
    own = made(0, 0, terms=6, leads=leads, joiners=((2, 0),), held=reach, executive_alone=9)
    as_is, off = (
        run(each, 40, record=True) for each in (own, named("leaders stretched").switch(own))
    )
    assert (as_is.series[:, :, SERIES.index("capacity_use")] < 1).all()
    needed = as_is.series[:, :, SERIES.index("unmet_share")]
    assert needed.min() > 0, "were every need met, the days would not show"
    kept = [i for i, name in enumerate(SERIES) if name != "capacity_use"]
    assert np.array_equal(as_is.series[:, :, kept], off.series[:, :, kept])
    assert np.array_equal(as_is.moves, off.moves)
    assert np.array_equal(as_is.breach, off.breach)


def test_leaders_unstretched_cover_every_school() -> None:
    own = made(1, 1, 1, 1, 1, 1, 1, 1, terms=4, apply=[0, 1, 0, 0, 0])
    as_is, off = (run(each, 4) for each in (own, named("leaders stretched").switch(own)))
    assert any_breach(as_is.breach).all()
    assert not any_breach(off.breach).any()


def test_joiners_switched_to_secure_are_secure_and_existing_schools_are_not_touched() -> None:
    own = setting()
    secure = MECHANISMS[0].switch(own)
    joining = own.school["existing"] == 0
    assert (secure.school["rated"][joining] == SECURE).all()
    assert (secure.below[:, joining] == (0.0, 0.0, 1.0)).all()
    assert np.array_equal(secure.below[:, ~joining], own.below[:, ~joining])
    assert np.array_equal(secure.school[~joining], own.school[~joining])


def test_nobody_joining_changes_nothing() -> None:
    rows = waterfall(setting(joiners=0), 40, mechanisms=MECHANISMS[:2], threads=1)
    changes = rows[~rows["step"].isin([START, END])]
    assert (changes["contribution"] == 0).all()
    assert PRESENCE in set(changes["step"])


def test_threads_do_not_change_it() -> None:
    few = MECHANISMS[:2]
    own = replace(setting(), terms=5)
    one, two = (waterfall(own, 600, mechanisms=few, threads=threads) for threads in (1, 2))
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_every_mechanism_is_said_in_plain_words() -> None:
    table = mechanisms_table()
    assert len(table) == len(MECHANISMS)
    assert not [column for column in table.columns if "_" in column]
    assert table["Mechanism"].is_unique
