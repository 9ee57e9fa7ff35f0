"""Trials over settings made by hand, whose answers can be worked out on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import numpy as np

from tests.growth.test_mechanisms import made
from workbench import paths
from workbench.growth.setting import Setting
from workbench.measures.nested import Outcomes
from workbench.parameters.levers import LeverSizes, load_lever_sizes
from workbench.parameters.scenario import read_scenario
from workbench.scenario.answers import read_model, read_settings
from workbench.scenario.trial import Trial
from workbench.scenario.yardstick import Yardstick

GOLDEN_ALONE = [1, 0, 0, 0, 0]
DRAWS, EVENTS = 10, 4


def hand_trial(replicates: int = DRAWS * EVENTS, **sizes: Any) -> Trial:
    """A trial without a trust, for settings made by hand; sizes are by their names in the file."""
    return Trial(
        trust=cast("Any", None),
        scenario=read_scenario("steady", paths.scenarios()),
        model=read_model(),
        settings=read_settings(),
        sizes=sized(**sizes),
        replicates=replicates,
        seed=1,
        threads=1,
        progress=None,
    )


def sized(**values: float) -> LeverSizes:
    """The committed sizes with some at other values."""
    sizes = load_lever_sizes()
    changed = {
        name: getattr(sizes, name).model_copy(update={"value": value})
        for name, value in values.items()
    }
    return sizes.model_copy(update=changed)


def golden(*bands: int, joiners: tuple[tuple[int, int], ...], **policy: Any) -> Setting:
    """A trust in which nothing moves and the golden rule alone counts, in ten equal draws.

    Three providers are asked for each weak school; joiners never settle, so provide nothing.
    """
    setting = made(
        *bands,
        joiners=joiners,
        terms=15,
        leads=9,
        held={"settle_terms": 20.0},
        apply=GOLDEN_ALONE,
        **policy,
    )
    return in_draws(setting, DRAWS)


def in_draws(setting: Setting, draws: int) -> Setting:
    """The same setting with its one draw repeated."""
    return replace(
        setting,
        params=np.repeat(setting.params, draws),
        derived=np.repeat(setting.derived, draws),
        below=np.repeat(setting.below, draws, axis=0),
    )


def share_broken(*shares: float) -> Callable[[int], Outcomes]:
    """What breaks a limit with 0, 1, ... joiners: the first so many of 400 trajectories."""
    return lambda joiners: np.arange(400) < round(shares[joiners] * 400)


def from_share(without: float) -> Yardstick:
    """A yardstick from a share of 400 trajectories in 100 draws, tolerance 0.1, ceiling 0.8."""
    return Yardstick(share_broken(without)(0), 4, 0.1, 0.8, 0.95)
