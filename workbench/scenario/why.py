"""Why does the plan hold or fail? What moves the answer, and in which futures the plan fails."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from workbench import paths
from workbench.errors import BadInput
from workbench.growth.discovery import Discovery, discover
from workbench.growth.draws import Cube
from workbench.growth.morris import Screening, screen
from workbench.growth.sensitivity import evaluated
from workbench.growth.simulate import Progress
from workbench.growth.sobol import SMALLEST, Indices, part_of, sobol
from workbench.growth.tornado import Tornado, tornado
from workbench.measures.intervals import Interval
from workbench.measures.nested import nested_share
from workbench.parameters.distributions import Floats
from workbench.parameters.scenario import MAXIMUM_JOINERS, Scenario, read_scenario
from workbench.scenario.answers import read_model, read_settings
from workbench.scenario.defaults import SEED
from workbench.scenario.effort import FULL, Effort
from workbench.scenario.sampled import Asked, Plan
from workbench.trust.load import Trust

RARE = 0.02  # chance of holding, or of failing, that leaves too little to explain


@dataclass(frozen=True)
class Why:
    """What moves the answer of one plan, and in which futures it fails.

    Every table has the columns `factor` (name of the parameter) and `label` (in plain words), and
    limits of boxes also the `unit` they are in.

    Attributes:
        trust: Name of the trust.
        uid: Its group UID.
        scenario: The plan.
        joiners: Number of schools that join.
        terms: Names of the first and last simulated term.
        asked: The outcome explained: `every limit holds` (a chance), `extra risk` of growth, or
            `time before a breach` (mean share of the terms).
        hold: Chance that every limit holds, over all that is believed.
        factors: One row a factor: factor, label, description, unit, value (where it stands still),
            low, high (5th and 95th percentile of what is believed), measured (on this trust).
        screening: Morris effects of all factors, with `chosen`: whether it went on to the indices.
        indices: Sobol indices of the chosen factors, whether they have settled, and how much of
            the outcome's variance is simulation noise.
        rest: Share of the variance over all factors that those left out of the indices have a part
            in; None where there are none, or where all the variance is chance.
        tornado: One factor at a time.
        failing: Boxes of the factors in which the plan fails.
        holding: Boxes in which every limit holds, which say more where most futures fail.
        trajectories: Trajectories simulated.
        effort: Sizes of the samples.
        seed: Seed of every stream.
        notes: Sentences on what was assumed, or on what could not be explained.
    """

    trust: str
    uid: int
    scenario: Scenario
    joiners: int
    terms: tuple[str, str]
    asked: Asked
    hold: Interval
    factors: pd.DataFrame
    screening: Screening
    indices: Indices
    rest: Interval | None
    tornado: Tornado
    failing: Discovery
    holding: Discovery
    trajectories: int
    effort: Effort
    seed: int
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        found = self.indices
        return {
            "trust": self.trust, "uid": self.uid, "scenario": self.scenario.title,
            "joiners": self.joiners, "first_term": self.terms[0], "last_term": self.terms[1],
            "asked": self.asked, "hold": asdict(self.hold), "factors": _records(self.factors),
            "screening": _records(self.screening.table),
            "indices": _records(found.table), "convergence": _records(found.convergence),
            "settling": {**asdict(found.settling), "verdict": found.settling.verdict},
            "noise": asdict(found.noise), "floor": found.floor,
            "rest": None if self.rest is None else asdict(self.rest),
            "tornado": _records(self.tornado.table), "base": asdict(self.tornado.base),
            "failing": _boxes_as_json(self.failing), "holding": _boxes_as_json(self.holding),
            "trajectories": self.trajectories, "effort": asdict(self.effort), "seed": self.seed,
            "notes": list(self.notes),
        }  # fmt: skip


def why(
    trust: Trust,
    scenario: Scenario | str,
    *,
    joiners: int | None = None,
    asked: Asked | None = None,
    effort: Effort = FULL,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Why:
    """Say what moves the answer of a plan at a fixed number of joiners, and where it fails.

    All factors are screened; the most influential go on to the Sobol indices, the others then
    standing still at their own value, and the share these have a part in is reported.

    Args:
        trust: The trust.
        scenario: A plan, or the name of its file.
        joiners: Number of schools that join; the plan's own if None.
        asked: The outcome to explain; if None, whether every limit holds, or the time before a
            breach where too few futures hold, or too few fail, to explain the difference.
        effort: Sizes of the samples; `effort.trajectories` says what they come to.
        seed: Seed of every stream.
        threads: Worker threads (default: all cores); the answer does not depend on it.
        progress: Called with the trajectories just finished.

    Raises:
        BadInput: An argument is out of range, the trust or plan cannot be simulated, or the outcome
            is the same whatever the parameters.
    """
    if not isinstance(scenario, Scenario):
        scenario = read_scenario(scenario, paths.scenarios())
    count = scenario.joiners.schools if joiners is None else joiners
    _check(count, seed, effort)
    told = _Counted(progress)
    plan = Plan(
        trust, scenario, read_model(), read_settings(), count, seed,
        threads or os.cpu_count() or 1, told,
    )  # fmt: skip
    names, sample = list(plan.quantities), plan.believed(effort.futures)
    believed = plan.asked(names, effort.events, "every limit holds", shared=False)
    held = evaluated(believed, rows_of(sample))
    hold = nested_share(np.asarray(held == 1.0).ravel(), effort.events)
    what, notes = _outcome(asked, hold)
    screened = screen(plan.asked(names, effort.events, what), names, paths=effort.paths, seed=seed)
    chosen = [str(name) for name in screened.table["factor"][: effort.factors]]
    indices = sobol(
        plan.asked(chosen, effort.events, what), chosen,
        size=effort.size, seed=seed, tolerance=effort.tolerance,
    )  # fmt: skip
    moved = tornado(plan.asked(names, effort.tornado_events, what), names, centre_of(plan))
    rest = _rest(plan, sample, chosen, what, effort)
    active = screened.table["factor"][screened.table["mu_star"] > 0.0]
    values, fails = plan.values(sample)[[str(name) for name in active]], 1.0 - held.mean(axis=1)
    still, factors = plan.prepared({}), plan.factors()
    return _labelled(Why(
        trust=trust.name, uid=trust.uid, scenario=scenario, joiners=count,
        terms=(str(still.first), str(still.first + (still.setting.terms - 1))),
        asked=what, hold=hold, factors=factors,
        screening=replace(
            screened, table=screened.table.assign(chosen=screened.table["factor"].isin(chosen))
        ),
        indices=indices, rest=rest, tornado=moved,
        failing=_boxes(values, fails, effort, seed),
        holding=_boxes(values, 1.0 - fails, effort, seed),
        trajectories=told.count, effort=effort, seed=seed, notes=(*notes, *still.notes),
    ))  # fmt: skip


@dataclass
class _Counted:
    """Counts trajectories, and passes the news on."""

    onward: Progress | None
    count: int = 0

    def __call__(self, done: int) -> None:
        """Count trajectories just finished."""
        self.count += done
        if self.onward is not None:
            self.onward(done)


def rows_of(cube: Cube) -> Floats:
    """Return places in the unit cube as rows, M x D, in the cube's order of factors."""
    return np.column_stack(list(cube.values()))


def centre_of(plan: Plan) -> Floats:
    """Return where each factor's own value lies, length D."""
    return np.array([places[0] for places in plan.centre().values()])


def _check(joiners: int, seed: int, effort: Effort) -> None:
    rules = (
        (0 <= joiners <= MAXIMUM_JOINERS, f"{joiners} joiners", f"0 to {MAXIMUM_JOINERS} joiners"),
        (0 <= seed < 2**63 - 1, f"seed {seed}", "a seed from 0 to 2^63 - 2"),
        (effort.events >= 2, f"{effort.events} events", "at least 2 events, to tell chance apart"),
        (effort.factors >= 1, f"{effort.factors} factors", "at least one factor"),
        (
            effort.size >= 2 * SMALLEST and not effort.size & (effort.size - 1),
            f"a sequence of {effort.size} points",
            f"a power of two, at least {2 * SMALLEST}",
        ),
        (effort.paths >= 2, f"{effort.paths} paths", "at least 2 paths"),
        (
            2 <= effort.pairs <= effort.futures,
            f"{effort.pairs} pairs of {effort.futures} futures",
            "at least 2 pairs, and no more than there are futures",
        ),
        (effort.tornado_events >= 2, f"{effort.tornado_events} futures", "at least 2 futures"),
    )
    for holds, what, rule in rules:
        if not holds:
            raise BadInput(f"{what} cannot be used", rule=rule, mend="choose a value in range")


def _outcome(asked: Asked | None, hold: Interval) -> tuple[Asked, tuple[str, ...]]:
    """Choose what is explained where nothing is asked, and say why."""
    if asked is not None:
        return asked, ()
    if RARE <= hold.estimate <= 1.0 - RARE:
        return "every limit holds", ()
    return "time before a breach", (
        f"Every limit holds in {hold.estimate:.1%} of futures, which leaves too little to explain: "
        "the time before the first breach is explained instead.",
    )


def _rest(
    plan: Plan, sample: Cube, chosen: Sequence[str], what: Asked, effort: Effort
) -> Interval | None:
    """Return the share of the variance that factors not chosen have a part in."""
    others = [name for name in sample if name not in chosen]
    if not others:
        return None
    first = {name: places[: effort.pairs] for name, places in sample.items()}
    redrawn = first | {name: plan.again(effort.pairs)[name] for name in others}
    model = plan.asked(list(first), effort.events, what)
    return part_of(model, rows_of(first), rows_of(redrawn))


def _boxes(values: pd.DataFrame, outcome: Floats, effort: Effort, seed: int) -> Discovery:
    return discover(
        values, outcome, seed=seed, boxes=effort.boxes, least_mass=effort.least_mass,
        resamples=effort.resamples,
    )  # fmt: skip


def _labelled(answer: Why) -> Why:
    """Give every table a column of plain words beside the parameter's name."""
    known = answer.factors.set_index("factor")
    labels, units = known["label"], known["unit"]

    def named(table: pd.DataFrame) -> pd.DataFrame:
        columns = list(table.columns)
        after = columns.index("factor") + 1
        labelled = table.assign(label=table["factor"].map(labels))
        return labelled[[*columns[:after], "label", *columns[after:]]]

    indices = answer.indices
    return replace(
        answer,
        screening=replace(answer.screening, table=named(answer.screening.table)),
        indices=replace(
            indices, table=named(indices.table), convergence=named(indices.convergence)
        ),
        tornado=replace(answer.tornado, table=named(answer.tornado.table)),
        failing=_boxes_named(answer.failing, named, units),
        holding=_boxes_named(answer.holding, named, units),
    )


def _boxes_named(found: Discovery, named: Callable[[pd.DataFrame], pd.DataFrame],
                 units: pd.Series[str]) -> Discovery:  # fmt: skip
    limits = named(found.limits)
    limits = limits.assign(unit=limits["factor"].map(units))
    return replace(found, limits=limits, peeling=named(found.peeling))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain data, with None for what is empty."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _boxes_as_json(found: Discovery) -> dict[str, Any]:
    return {
        "share": found.base,
        "futures": found.rows,
        "boxes": _records(found.boxes),
        "limits": _records(found.limits),
    }
