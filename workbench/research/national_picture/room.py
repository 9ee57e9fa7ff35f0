"""Room for schools: how many each trust of a country could absorb, simulated in one go.

The curve of a trust is the very one of `growth.absorb`, at a fixed number of futures: no look is
taken before all are run, so that every trust is judged on as many.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from workbench.errors import BadInput
from workbench.growth.absorb import (
    INTERVAL_LEVEL,
    any_breach,
    at_most,
    by_extra_risk,
    joiners_within_horizon,
)
from workbench.growth.ranges import Ranges, threaded
from workbench.growth.simulate import Progress, curve_range, events_of
from workbench.measures.nested import difference_ends, draw_means, share_ends
from workbench.parameters.distributions import Floats
from workbench.parameters.limits import LIMITS, Risk
from workbench.research.national_picture.cases import Cases

CURVE = ("probability", "lower", "upper", "extra_risk", "extra_lower", "extra_upper")
TRUSTS_AT_ONCE = 4  # by one thread before it takes the next; small, so that all end together
READINGS = ("sure", "estimated", "possible")


class Found(NamedTuple):
    """What simulating one trust gave.

    Attributes:
        curve: (N + 1) x 6, as `CURVE`.
        broken: Share of futures in which each limit breaks with no joiner, as `LIMITS`.
    """

    curve: Floats
    broken: Floats


@dataclass(frozen=True, eq=False)
class Room:
    """How many schools each trust could absorb.

    Attributes:
        curves: One row a trust and number of joiners: trust_uid, joiners, and `CURVE`.
        broken: One row a trust and limit: trust_uid, limit, share of futures in which it breaks
            with no joiner.
        arriving: Joiners that come within the horizon: nothing is claimed of more.
        replicates: Futures for each number of joiners.
        draws: Draws of the parameters among them.
        level: Of the intervals, one number of joiners at a time.
    """

    curves: pd.DataFrame
    broken: pd.DataFrame
    arriving: int
    replicates: int
    draws: int
    level: float = INTERVAL_LEVEL


def room_of(
    cases: Cases,
    *,
    threads: int | None = None,
    ranges: Ranges | None = None,
    progress: Progress | None = None,
) -> Room:
    """Simulate every trust with 0, 1, ... N joiners.

    Args:
        cases: The trusts.
        threads: Worker threads (default: all cores); the result does not depend on it.
        ranges: What runs ranges of trusts in place of threads, such as `growth.cluster.over`.
        progress: Called with the number of trusts just done.
    """
    found: list[Found] = []
    run = ranges or threaded(threads or os.cpu_count() or 1, TRUSTS_AT_ONCE)
    for count, piece in run(some_trusts, cases, len(cases.trusts)):
        found.extend(piece)
        if progress is not None:
            progress(count)
    order = np.argsort(cases.trusts)
    uids = np.asarray(cases.trusts)[order]
    numbers = len(found[0].curve)
    curves = pd.DataFrame(np.vstack([found[i].curve for i in order]), columns=list(CURVE))
    curves.insert(0, "trust_uid", np.repeat(uids, numbers))
    curves.insert(1, "joiners", np.tile(np.arange(numbers), len(uids)))
    broken = pd.DataFrame({
        "trust_uid": np.repeat(uids, len(LIMITS)),
        "limit": np.tile(np.array(LIMITS, dtype=object), len(uids)),
        "share": np.concatenate([found[i].broken for i in order]),
    })  # fmt: skip
    return Room(
        curves=curves,
        broken=broken.astype({"limit": "str"}),
        arriving=joiners_within_horizon(cases.setting),
        replicates=cases.replicates,
        draws=len(cases.setting.params),
    )


def some_trusts(cases: Cases, first: int, last: int) -> list[Found]:
    """Simulate trusts `first` to `last` (not included): the unit of work of a thread or worker."""
    return [_one(cases, number) for number in range(first, last)]


def _one(cases: Cases, number: int) -> Found:
    setting = cases.setting_of(number)
    events = events_of(setting, cases.replicates)
    breaches = curve_range(setting, 0, cases.replicates, events=events)
    beyond = [draw_means(any_breach(breach), events) for breach in breaches]
    means = np.stack(beyond)
    holds = share_ends(1.0 - means, events, INTERVAL_LEVEL)
    extra = difference_ends(means - means[0], events, INTERVAL_LEVEL)
    curve = np.column_stack([*holds, *extra])
    curve[0, 4:] = 0.0  # no joiner adds no risk, for certain
    return Found(curve, np.asarray((breaches[0] >= 0).mean(axis=0), float))


def capacities(room: Room, risk: Risk, *, tolerance: float | None = None) -> pd.DataFrame:
    """Read off how many schools each trust has room for.

    A trust already beyond its limits has no room that could be shown: none is counted, and the
    reason says so.

    Args:
        room: The curves.
        risk: The board's risk.
        tolerance: Extra risk accepted, where not the board's own.

    Returns:
        One row a trust: trust_uid; `sure`, `estimated` and `possible`, schools by the upper end,
        the estimate and the lower end of the extra risk; `reason`, of the sure number, as
        `growth.absorb.Answer`; `hold`, `hold_lower`, `hold_upper`, the chance that every limit
        holds with no joiner.

    Raises:
        BadInput: The tolerance is not between 0 and 1.
    """
    accepted = risk.tolerance.value if tolerance is None else tolerance
    if not 0.0 <= accepted <= 1.0:
        raise BadInput(
            f"a tolerance of {accepted:g} cannot be used",
            rule="extra risk is a probability from 0 to 1",
            mend="write 0.1 for ten percentage points",
        )
    ceiling, columns = risk.baseline_ceiling.value, ("extra_upper", "extra_risk", "extra_lower")
    rows = []
    for uid, curve in room.curves.groupby("trust_uid", sort=True):
        tried = curve.iloc[: room.arriving + 1].reset_index(drop=True)
        answer = at_most(by_extra_risk(tried, accepted, ceiling), room.arriving, len(curve) - 1)
        none = answer.capacity is None
        counts = [
            0 if none else min(_in_order(tried[column] <= accepted), room.arriving)
            for column in columns
        ]
        alone = tried.loc[0, ["probability", "lower", "upper"]]
        rows.append((uid, *counts, answer.reason, *alone))
    return pd.DataFrame(
        rows,
        columns=["trust_uid", *READINGS, "reason", "hold", "hold_lower", "hold_upper"],
    ).astype({"trust_uid": "int64", "reason": "str"})


def _in_order(within: pd.Series) -> int:
    """Return the largest number of joiners with every number up to it within."""
    beyond = np.flatnonzero(~within.to_numpy(bool))
    return int(beyond[0]) - 1 if len(beyond) else len(within) - 1
