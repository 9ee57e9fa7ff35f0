"""What is measured: the demo trust, and trusts of other sizes made of its schools."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from workbench import paths
from workbench.growth.setting import Setting
from workbench.parameters.scenario import read_scenario
from workbench.scenario.answers import read_model, read_settings
from workbench.scenario.start import prepare
from workbench.trust.load import read_trust

SCENARIO = "ambitious"
SEED = 1
NEW_KEY = 100_000  # added to the key of a copied school, once for each copy
TURN = 2.4  # radians by which a copy is turned about the trust's centre: no two share a place


def demo_setting(joiners: int, replicates: int, seed: int = SEED) -> Setting:
    """Return the demo trust under the ambitious scenario."""
    prepared = prepare(
        read_trust(paths.demo()),
        read_scenario(SCENARIO, paths.scenarios()),
        read_model(),
        read_settings(),
        joiners=joiners,
        replicates=replicates,
        seed=seed,
    )
    return prepared.setting


def with_draws(setting: Setting, draws: int) -> Setting:
    """Return the setting with its first draws of the parameters alone.

    Run as often for each draw, it has the first trajectories of the whole setting.
    """
    first = slice(draws)
    return replace(
        setting,
        params=setting.params[first],
        derived=setting.derived[first],
        below=setting.below[first],
    )


def with_schools(setting: Setting, count: int) -> Setting:
    """Return a trust of `count` schools, joiners in the same share, leads and reserves to match.

    Its schools are the setting's own, over and over, each copy with a key and a place of its own.
    """
    size = len(setting.school)
    joiners = round(count * setting.joiners / size)
    rows = np.r_[
        np.arange(count - joiners) % setting.existing,
        setting.existing + np.sort(np.arange(joiners) % setting.joiners),
    ]
    copy = np.array([np.count_nonzero(rows[:i] == row) for i, row in enumerate(rows)])
    school, params = setting.school[rows], setting.params.copy()
    school["key"] += (NEW_KEY * copy).astype(np.uint32)
    for name in ("leads", "reserves"):
        params[name] *= count / size
    sine, cosine = np.sin(TURN * copy), np.cos(TURN * copy)
    east, north = setting.place[rows].T
    place = np.column_stack([cosine * east - sine * north, sine * east + cosine * north])
    below = np.ascontiguousarray(setting.below[:, rows])
    return replace(setting, school=school, params=params, below=below, place=place)
