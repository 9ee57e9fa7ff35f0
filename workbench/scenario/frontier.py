"""The absorption frontier: how many schools can be absorbed, by what joins and how fast.

Joiner j has the same phase, size, place and luck in every mix: only the band differs. Joiner j
joins at the same pace in every row. A cell is read off by the rule of absorption.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from workbench.growth.absorb import any_breach, joiners_within_horizon
from workbench.growth.setting import Setting
from workbench.growth.simulate import Progress
from workbench.measures.intervals import Interval
from workbench.measures.nested import Outcomes
from workbench.parameters.levers import BandShares, LeverSizes
from workbench.parameters.model import Band
from workbench.parameters.scenario import Scenario
from workbench.scenario.arrivals import waits
from workbench.scenario.changes import with_other_joiners
from workbench.scenario.start import joiner_kinds
from workbench.scenario.trial import Trial, trial
from workbench.scenario.yardstick import capacity, yardstick
from workbench.trust.load import Trust

AS_PLANNED = "as planned"


def absorption_frontier(
    trust: Trust,
    scenario: Scenario,
    sizes: LeverSizes,
    *,
    replicates: int,
    seed: int,
    threads: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Count the schools that can be absorbed for each declared mix of joiners and pace.

    Args:
        trust: The trust.
        scenario: The plan, whose joiners' phases, sizes and places, and whose policy are kept.
        sizes: Mixes and paces, and how many schools are looked at.
        replicates: Trajectories for each number of joiners.
        seed: Seed of every stream.
        threads: Worker threads (default: all cores); no answer depends on it.
        progress: Called with the trajectories just finished.

    Returns:
        One row a mix and pace: mix, pace (schools a year), capacity, reason, extra_risk,
        extra_lower and extra_upper with that many joiners, beyond_risk, beyond_lower and
        beyond_upper with one more, arriving (joiners within the horizon), n (trajectories). Missing
        where no such number was tried. The plan's own mix comes first.
    """
    shared = trial(
        trust, scenario, sizes, replicates=replicates, seed=seed, threads=threads, progress=progress
    )
    return frontier_of(shared, _settings(shared))


def frontier_of(shared: Trial, settings: Mapping[str, Setting]) -> pd.DataFrame:
    """Return the frontier over settings whose joiners differ in their bands alone.

    Args:
        shared: The trial.
        settings: The setting of each mix, with as many joiners as are looked at.
    """
    rows: list[dict[str, object]] = []
    known: dict[bytes, Outcomes] = {}
    for mix, setting in settings.items():
        for pace in shared.sizes.frontier.paces:
            cell = _cell(shared, paced(setting, pace), known)
            rows.append({"mix": mix, "pace": pace} | cell)
    risks = [f"{name}_{end}" for name in ("extra", "beyond") for end in ("risk", "lower", "upper")]
    return pd.DataFrame(rows).astype({"capacity": "Int64"} | dict.fromkeys(risks, "float64"))


def paced(setting: Setting, a_year: float) -> Setting:
    """Return a setting whose joiners arrive at another pace, from the same first term.

    Args:
        setting: The setting.
        a_year: Schools joining each year.
    """
    school = setting.school.copy()
    due = school["join_term"][setting.existing :]
    later = waits(len(due), a_year)
    school["join_term"][setting.existing :] = due.min(initial=setting.terms) + later
    return replace(setting, school=school)


def mixed(by_band: Mapping[Band, Setting], bands: Sequence[Band]) -> Setting:
    """Return a setting whose joiner j is of band j, from settings all of one band.

    Args:
        by_band: For each band, the setting with all joiners of that band.
        bands: Band of each joiner, in order.
    """
    base = by_band[bands[0]] if bands else next(iter(by_band.values()))
    school, below = base.school.copy(), base.below.copy()
    for at, band in enumerate(bands, start=base.existing):
        school[at] = by_band[band].school[at]
        below[:, at] = by_band[band].below[:, at]
    return replace(base, school=school, below=below)


def bands_in_order(shares: BandShares, scenario: Scenario, count: int) -> tuple[Band, ...]:
    """Return the band of each joiner: at every number the shares are as near as can be."""
    kind = scenario.joiners.mix[0]
    kinds = [
        kind.model_copy(update={"band": band, "share": share})
        for band, share in shares.by_band().items()
        if share > 0
    ]
    return tuple(one.band for one in joiner_kinds(kinds, count))


def of_band(scenario: Scenario, band: Band) -> Scenario:
    """Return a scenario whose joiners are all of one band."""
    return with_other_joiners(scenario, lambda _: {"band": band})


def _settings(shared: Trial) -> dict[str, Setting]:
    """Return the setting of each mix, the plan's own first."""
    mixes = shared.sizes.frontier.mixes
    needed = {
        band for shares in mixes.values() for band, share in shares.by_band().items() if share > 0
    }
    by_band = {band: shared.prepared(of_band(shared.scenario, band)).setting for band in needed}
    own = shared.prepared(shared.scenario).setting
    return {AS_PLANNED: own} | {
        name: mixed(by_band, bands_in_order(shares, shared.scenario, own.joiners))
        for name, shares in mixes.items()
    }


def _cell(shared: Trial, setting: Setting, known: dict[bytes, Outcomes]) -> dict[str, object]:
    def broken(joiners: int) -> Outcomes:
        """Tell which trajectories break a limit; paces under which the same join share them."""
        now = setting.with_joiners(joiners)
        key = now.school.tobytes()
        if key not in known:
            known[key] = any_breach(shared.run(now).breach)
        return known[key]

    arriving = joiners_within_horizon(setting)
    measured = yardstick(shared, setting, broken(0))
    answer = capacity(broken, measured, most=setting.joiners, arriving=arriving)
    at = answer.capacity
    beyond = None if at is None or at >= min(arriving, setting.joiners) else at + 1
    return {
        "capacity": at,
        "reason": answer.reason,
        **_risk("extra", None if at is None else measured.extra(broken(at)), nothing=at == 0),
        **_risk("beyond", None if beyond is None else measured.extra(broken(beyond))),
        "arriving": arriving,
        "n": shared.replicates,
    }


def _risk(name: str, extra: Interval | None, *, nothing: bool = False) -> dict[str, float | None]:
    """Return an extra risk and its ends under names; with no joiner it is nothing, surely."""
    if extra is None:
        values: tuple[float | None, ...] = (None,) * 3
    else:
        values = (0.0,) * 3 if nothing else (extra.estimate, extra.lower, extra.upper)
    return dict(zip((f"{name}_risk", f"{name}_lower", f"{name}_upper"), values, strict=True))
