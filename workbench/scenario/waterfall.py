"""What each mechanism contributes to the change that joining schools bring.

Every set of mechanisms is simulated, with the joiners and without them, on the same luck. The
change under a set is the outcome with joiners less the outcome without, both with only that set at
work; Shapley values divide it among the mechanisms exactly (`measures.attribution`). A mechanism is
switched off on the parameters after the model was centred, or on what is given of the joiners, so
that nothing else moves.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workbench.growth.absorb import INTERVAL_LEVEL, any_breach
from workbench.growth.kernel.layout import SECURE, SERIES
from workbench.growth.setting import Setting
from workbench.growth.simulate import Progress, events_of, run
from workbench.measures.attribution import Floats, shapley
from workbench.measures.paired import draw_values, mean_over_draws
from workbench.parameters.scenario import Scenario
from workbench.scenario.answers import read_model, read_settings
from workbench.scenario.defaults import SEED
from workbench.scenario.start import prepare
from workbench.trust.load import Trust

REPLICATES = 1000  # of each of the 2^n sets
OUTCOMES = ("breach", "existing_secure_share")
START, PRESENCE, END = "none join", "more schools, were all else equal", "all join"
# Leaders reach this many times the schools; a power of two, so that ratios of spans keep every bit.
_NO_LIMIT = 2.0**20


@dataclass(frozen=True)
class Mechanism:
    """One way in which joining schools change a trust.

    Attributes:
        name: Its name in plain words.
        off: What is assumed where it is switched off.
        switch: Returns a setting with it switched off.
        moves_existing: Whether switching it off may change a trust that no school joins.
    """

    name: str
    off: str
    switch: Callable[[Setting], Setting]
    moves_existing: bool = True


def _held(setting: Setting, **values: float | Floats) -> Setting:
    """Return a setting with parameters at other values and its centring as it was."""
    params = setting.params.copy()
    for name, value in values.items():
        params[name] = value
    return replace(setting, params=params)


def _all_secure(setting: Setting) -> Setting:
    joining = setting.school["existing"] == 0
    school, below = setting.school.copy(), setting.below.copy()
    school["rated"][joining] = SECURE
    below[:, joining] = (0.0, 0.0, 1.0)
    return replace(setting, school=school, below=below)


def _as_committed_and_near(setting: Setting) -> Setting:
    near = np.where((setting.school["existing"] == 0)[:, None], 0.0, setting.place)
    own = setting.params["commitment"]
    return replace(_held(setting, joiner_commitment=own, distance_dilution=0.0), place=near)


def _reaching_all(setting: Setting) -> Setting:
    """Stretch both spans alike: the days that leadership gives follow from their ratio."""
    params = setting.params
    return _held(
        setting,
        exec_span=params["exec_span"] * _NO_LIMIT,
        lead_span=params["lead_span"] * _NO_LIMIT,
    )


MECHANISMS = (
    Mechanism(
        "how weak the joining schools are",
        "every joining school is judged secure, and truly is",
        _all_secure,
        moves_existing=False,
    ),
    Mechanism(
        "thinner commitment and longer roads",
        "joining schools are as committed as the trust was at the start, and at its centre",
        _as_committed_and_near,
        moves_existing=False,
    ),
    Mechanism(
        "the dip after joining",
        "joining itself makes no school likelier to fall, or to rise",
        lambda setting: _held(setting, dip_odds=1.0, joining_odds=1.0),
    ),
    Mechanism(
        "leaders stretched over more schools",
        "the executive and leads can cover any number of schools",
        _reaching_all,
    ),
    Mechanism(
        "providers lending beyond their slack",
        "lending days, however many, does a provider no harm",
        lambda setting: _held(setting, lending_fall_odds=1.0),
    ),
    Mechanism(
        "what joining costs",
        "taking in a school costs nothing, and brings no grant",
        lambda setting: _held(setting, joining_cost=0.0, joining_cost_weak=0.0, joining_grant=0.0),
        moves_existing=False,
    ),
    Mechanism(
        "seeing less of new schools",
        "the trust sees new schools as well as its own",
        lambda setting: _held(setting, sense_joiner=1.0),
    ),
)


def waterfall(
    setting: Setting,
    replicates: int,
    *,
    mechanisms: Sequence[Mechanism] = MECHANISMS,
    threads: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Divide the change that joiners bring among mechanisms.

    Args:
        setting: The trust with all its joiners.
        replicates: Trajectories of each set of mechanisms; a multiple of the setting's draws.
        mechanisms: The mechanisms n; 2^n sets are simulated.
        threads: Worker threads (default: all cores); the result does not depend on it.
        progress: Called with the trajectories just finished.

    Returns:
        One row an outcome and step, in order: outcome (`breach`, the chance of breaking any limit,
        or `existing_secure_share` at the end), step, contribution, lower, upper (95%, over draws),
        start, end. The first step is the trust without joiners, the second what is left of the
        change with every mechanism switched off, the last the trust with all its joiners; the
        contributions between add up to their difference.
    """
    workers = threads or os.cpu_count() or 1
    sets = 1 << len(mechanisms)
    joined = np.empty((sets, len(OUTCOMES), len(setting.params)))
    alone: dict[int, Floats] = {}
    changed = np.empty_like(joined)
    for at_work in range(sets):
        own = _switched(setting, mechanisms, at_work)
        joined[at_work] = _outcomes(own, replicates, workers, progress)
        # Without joiners, only some mechanisms matter: the others' sets share one run.
        key = sum(1 << i for i, one in enumerate(mechanisms)
                  if one.moves_existing and not at_work >> i & 1)  # fmt: skip
        if key not in alone:
            alone[key] = _outcomes(own.with_joiners(0), replicates, workers, progress)
        changed[at_work] = joined[at_work] - alone[key]
    parts = np.concatenate([changed[:1], shapley(changed)])  # steps x outcomes x draws
    names = [PRESENCE, *(one.name for one in mechanisms)]
    tables = [
        _steps(outcome, names, parts[:, o], alone[0][o], joined[-1, o])
        for o, outcome in enumerate(OUTCOMES)
    ]
    return pd.concat(tables, ignore_index=True)


def waterfalls(
    trust: Trust,
    scenarios: Iterable[Scenario],
    *,
    replicates: int = REPLICATES,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the waterfall of each scenario, with its title in a first column `scenario`.

    Args:
        trust: The trust.
        scenarios: The scenarios, each with a title of its own.
        replicates: Trajectories of each set of mechanisms.
        seed: Seed of every stream.
        threads: Worker threads (default: all cores); the result does not depend on it.
        progress: Called with the trajectories just finished.

    Raises:
        BadInput: A scenario cannot be simulated.
    """
    model, settings, tables = read_model(), read_settings(), []
    for scenario in scenarios:
        prepared = prepare(
            trust,
            scenario,
            model,
            settings,
            joiners=scenario.joiners.schools,
            replicates=replicates,
            seed=seed,
        )
        steps = waterfall(prepared.setting, replicates, threads=threads, progress=progress)
        steps.insert(0, "scenario", scenario.title)
        tables.append(steps)
    return pd.concat(tables, ignore_index=True)


def mechanisms_table(mechanisms: Sequence[Mechanism] = MECHANISMS) -> pd.DataFrame:
    """Return what is assumed where each mechanism is switched off, as a reader sees it."""
    rows = [(one.name.capitalize(), one.off.capitalize()) for one in mechanisms]
    return pd.DataFrame(rows, columns=["Mechanism", "Where it is switched off"])


def _switched(setting: Setting, mechanisms: Sequence[Mechanism], at_work: int) -> Setting:
    """Return the setting with only those mechanisms at work whose bit is set."""
    for place, one in enumerate(mechanisms):
        if not at_work >> place & 1:
            setting = one.switch(setting)
    return setting


def _outcomes(setting: Setting, replicates: int, threads: int, progress: Progress | None) -> Floats:
    """Return each draw's chance of a breach and mean share of existing schools secure, 2 x M."""
    events = events_of(setting, replicates)
    found = run(setting, replicates, threads=threads, record=True, progress=progress)
    secure = found.series[:, -1, SERIES.index("existing_secure_share")]
    broken = any_breach(found.breach).astype(float)
    return np.array([draw_values(broken, events), draw_values(secure, events)])


def _steps(
    outcome: str, names: Sequence[str], parts: Floats, start: Floats, end: Floats
) -> pd.DataFrame:
    level = mean_over_draws(start, INTERVAL_LEVEL)
    rows = [(outcome, START, level.estimate, level.lower, level.upper, 0.0, level.estimate)]
    at = level.estimate
    for name, part in zip(names, parts, strict=True):
        own = mean_over_draws(part, INTERVAL_LEVEL)
        rows.append((outcome, name, own.estimate, own.lower, own.upper, at, at + own.estimate))
        at += own.estimate
    level = mean_over_draws(end, INTERVAL_LEVEL)
    rows.append((outcome, END, level.estimate, level.lower, level.upper, 0.0, level.estimate))
    columns = ["outcome", "step", "contribution", "lower", "upper", "start", "end"]
    return pd.DataFrame(rows, columns=columns)
