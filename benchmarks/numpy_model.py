"""The growth model in NumPy: trajectories side by side in arrays, a mechanism at a time.

Written to be as fast as NumPy allows: large batches, sums down the schools, bytes instead of flags,
work only at the places where something changes and in the trajectories where leads cannot serve
all, and random numbers in bulk from compiled code (`benchmarks.luck`), which is faster than any
Philox in NumPy.
"""

from __future__ import annotations

import numpy as np

from benchmarks.numpy_joining import golden_margin, join
from benchmarks.numpy_state import NEVER, NOT_JOINED, SECURE, Array, Batch, Given
from benchmarks.numpy_supporting import plan, sense, support
from benchmarks.numpy_terms import account, hire, improve, inspect, leads_in_post, leads_wanted
from workbench.growth.kernel.layout import ROUNDING, SERIES
from workbench.growth.setting import Setting
from workbench.growth.simulate import Trajectories, events_of

BATCH = 8192  # trajectories at a time: the fastest where this was written


def run_numpy(
    setting: Setting, replicates: int, *, record: bool = False, batch: int = BATCH
) -> Trajectories:
    """Run trajectories of a setting, as `workbench.growth.simulate.run` does on one thread.

    Args:
        setting: What is simulated.
        replicates: Number of trajectories; a multiple of the setting's draws.
        record: Keep the series of each term (moves between bands are not kept).
        batch: Trajectories at a time; the result does not depend on it.

    Raises:
        ValueError: `replicates` is not a multiple of the number of draws, luck is shared between
            draws, or a recipient's weight cannot be counted exactly.
    """
    events = events_of(setting, replicates)
    given = Given(setting)
    breach = np.empty((replicates, 5), np.int16)
    secured = np.empty((replicates, given.count), np.int16)
    series = np.empty((replicates, setting.terms if record else 0, len(SERIES)))
    for first in range(0, replicates, batch):
        last = min(first + batch, replicates)
        b = begin(given, first, last, events)
        for t in range(setting.terms):
            one_term(b, t)
            judge(b, t)
            if record:
                series[first:last, t] = measures(b)
        breach[first:last] = b.breach.T
        secured[first:last] = np.where(b.active, b.secured, NOT_JOINED).T
    return Trajectories(breach, secured, series, np.zeros((replicates, 0, 3), np.int32), events)


def begin(given: Given, first: int, last: int, events: int) -> Batch:
    """Return a batch of trajectories at their start."""
    b = Batch(given, first, last, events)
    b.posts = np.minimum(given.slots, np.maximum(b.posts, np.ceil(leads_wanted(b, 0))))
    plan(b)
    b.over_terms[:] = 0
    return b


def one_term(b: Batch, t: int) -> None:
    """Live through one term."""
    join(b, t)
    luck, sight, visit, verdict = b.luck.school(t, b.top)
    sense(b, t, sight)
    plan(b)
    met = support(b, t)
    improve(b, t, luck, met)
    urgent = inspect(b, t, visit, verdict)
    hire(b, t, urgent)
    account(b)


def judge(b: Batch, t: int) -> None:
    """Write the first term of a breach of each limit; -1 stays where there is none."""
    policy = b.given.policy
    b.golden_margin = golden_margin(b, t, b.top)
    fallen = b.existing_secure() < b.start_secure - policy.existing_fall - ROUNDING
    b.golden_terms = (b.golden_terms + 1) * (b.golden_margin < 0.0)
    b.unmet_terms = (b.unmet_terms + 1) * (b.unmet > policy.unmet_need)
    b.fall_terms = (b.fall_terms + 1) * fallen
    beyond = (
        b.golden_terms > policy.grace_terms,
        b.over_terms >= b.p.overstretch_terms,
        b.unmet_terms > policy.grace_terms,
        b.fall_terms > policy.grace_terms,
        b.reserves < policy.reserves_floor * b.income,
    )
    for limit, is_beyond in enumerate(beyond):
        if policy.apply[limit]:
            b.breach[limit][is_beyond & (b.breach[limit] == NEVER)] = t


def measures(b: Batch) -> Array:
    """Return what `layout.SERIES` names, trajectories x 13."""
    secure = b.active & (b.true >= SECURE)
    pupils = b.given.pupils[:, None]
    filled = b.in_post.sum(axis=0)
    columns = (
        b.schools,
        secure.sum(axis=0) / b.schools,
        b.existing_secure(),
        (pupils * secure).sum(axis=0) / (pupils * b.active).sum(axis=0),
        b.schools / b.span,
        b.golden_margin,
        b.unmet,
        b.commitment,
        b.vision,
        b.intelligence,
        leads_in_post(b),
        b.posts - filled,
        b.reserves / b.income,
    )
    return np.stack(columns, axis=1)
