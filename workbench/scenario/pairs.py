"""A scenario run beside the same trust without its joiners, future by future on the same luck."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.errors import BadInput
from workbench.growth.absorb import INTERVAL_LEVEL, any_breach
from workbench.growth.draws import EVENTS_PREFERRED
from workbench.growth.kernel.layout import NOT_JOINED, SERIES
from workbench.growth.ranges import Ranges, workers
from workbench.growth.simulate import Progress, Trajectories, run
from workbench.measures.paired import paired_difference
from workbench.parameters.limits import TrustSettings
from workbench.parameters.model import ModelParameters
from workbench.parameters.scenario import Scenario
from workbench.scenario.start import Prepared, prepare
from workbench.trust.load import Trust

# Events for each draw, most first: many tell one draw's chance well, many draws tell the doubt.
EVENTS_TRIED = (40, 20, 10, 8, 4, 2)
FEWEST_DRAWS = 100
# What the schools already there are followed by.
EFFECTS = ("existing_secure_share", "pupils_secure_share")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PairedRun:
    """A scenario and what came of it, with its joiners and without.

    Attributes:
        scenario: The scenario.
        prepared: How it was started.
        with_them: What came with all joiners, with the series of each term.
        without: The same futures had no school joined.
    """

    scenario: Scenario
    prepared: Prepared
    with_them: Trajectories
    without: Trajectories

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the simulated terms."""
        return tuple(str(self.prepared.first + t) for t in range(self.prepared.setting.terms))

    @property
    def events(self) -> int:
        """Futures for each draw of the parameters."""
        return self.with_them.events


def draws_and_events(replicates: int) -> tuple[int, int]:
    """Return how many draws of the parameters share the futures, and how many each has.

    Judging single draws asks for more events in each than an average does: as many as leave at
    least 100 draws, and an even number, for regret is judged from both halves.

    Raises:
        BadInput: The futures cannot be shared so.
    """
    for events in EVENTS_TRIED:
        draws = replicates // events
        if replicates % events == 0 and draws >= min(FEWEST_DRAWS, replicates // 2):
            return draws, events
    raise BadInput(
        f"{replicates} futures cannot be shared evenly by draws of the parameters",
        rule="each draw has an even number of futures",
        mend="ask for a round number, such as 10000",
    )


def run_pair(
    trust: Trust,
    scenario: Scenario,
    model: ModelParameters,
    settings: TrustSettings,
    *,
    replicates: int,
    seed: int,
    joiners: int | None = None,
    draws: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    ranges: Ranges | None = None,
) -> PairedRun:
    """Run a scenario with its joiners and without, and keep the series of both.

    Args:
        trust: The trust.
        scenario: The scenario.
        model: The declared parameters.
        settings: The board's limits and horizon.
        replicates: Futures of each.
        seed: Seed of every stream.
        joiners: Number of schools that join; the scenario's own if None.
        draws: Draws of the parameters that share the futures; by `draws_and_events` if None.
        threads: Worker threads (default: all cores); the result does not depend on it.
        progress: Called with the trajectories just finished.
        ranges: What runs ranges of trajectories, in place of threads (`ranges.workers`).
    """
    if draws is None:
        draws, _ = draws_and_events(replicates)
    prepared = prepare(
        trust,
        scenario,
        model,
        settings,
        joiners=scenario.joiners.schools if joiners is None else joiners,
        replicates=draws * EVENTS_PREFERRED[0],  # prepared for so many draws
        seed=seed,
    )
    with nullcontext(ranges) if ranges else workers(threads) as given:
        with_them, without = (
            run(setting, replicates, record=True, progress=progress, ranges=given)
            for setting in (prepared.setting, prepared.setting.with_joiners(0))
        )
    return PairedRun(scenario, prepared, with_them, without)


def outcomes(pair: PairedRun) -> pd.DataFrame:
    """Return what a board weighs of each future, one row a trajectory.

    Columns: hold and hold_without (1 where every limit holds throughout), extra_breach (1 where
    only the joiners bring a breach, -1 where they avert one), and at the end of the last term
    secure_share, existing_secure_share, pupils_secure_share (0 to 1), pupils_secure (pupils) and
    reserves_share (of a year's income).
    """
    last = pd.DataFrame(pair.with_them.series[:, -1, :], columns=list(SERIES))
    broken, broken_without = any_breach(pair.with_them.breach), any_breach(pair.without.breach)
    pupils = pair.prepared.setting.school["pupils"]
    in_trust = (pair.with_them.secured != NOT_JOINED) @ pupils
    return pd.DataFrame(
        {
            "hold": (~broken).astype(float),
            "hold_without": (~broken_without).astype(float),
            "extra_breach": broken.astype(float) - broken_without.astype(float),
            "secure_share": last["secure_share"],
            "existing_secure_share": last["existing_secure_share"],
            "pupils_secure_share": last["pupils_secure_share"],
            "pupils_secure": last["pupils_secure_share"] * in_trust,
            "reserves_share": last["reserves_share"],
        }
    )


def effect_on_existing(pair: PairedRun) -> pd.DataFrame:
    """Return what growth does to the schools already there and to pupils, term by term.

    Columns: measure (today's schools secure or better; pupils in secure or better schools, of the
    trust's own at the time), term, index, with_joiners, without, difference, lower, upper (95%,
    paired on the same futures).
    """
    rows = []
    for measure in EFFECTS:
        place = SERIES.index(measure)
        for t, term in enumerate(pair.terms):
            now = pair.with_them.series[:, t, place]
            alone = pair.without.series[:, t, place]
            apart = paired_difference(now, alone, pair.events, INTERVAL_LEVEL)
            rows.append(
                (measure, term, t, now.mean(), alone.mean(), apart.estimate, apart.lower,
                 apart.upper)
            )  # fmt: skip
    columns = ["measure", "term", "index", "with_joiners", "without", "difference"]
    return pd.DataFrame(rows, columns=[*columns, "lower", "upper"])
