"""A range of trajectories: what one thread or worker runs without coming up for air."""

from __future__ import annotations

from workbench.growth.kernel.compiled import compiled
from workbench.growth.kernel.luck import Luck, cast_lots
from workbench.growth.kernel.term import trajectory
from workbench.growth.kernel.world import Array, Record, World


@compiled
def run_chunk(  # noqa: PLR0917 - compiled code takes arrays one by one
    first: int,
    last: int,
    events: int,
    shared_luck: bool,
    params: Array,
    derived: Array,
    policy: Record,
    school: Array,
    names: Array,
    below: Array,
    km: Array,
    nearest: Array,
    keys: Array,
    terms: int,
    breach: Array,
    secured: Array,
    series: Array,
    moves: Array,
    state: Record,
    trust: Record,
    lead: Array,
    luck: Luck,
) -> None:
    """Run trajectories `first` to `last` (not included) into the rows of the outputs."""
    for r in range(first, last):
        row, draw = r - first, r // events
        cast_lots(luck, r % events if shared_luck else r, names, keys, terms)
        w = World(
            params[draw],
            policy,
            derived[draw],
            school,
            below[draw],
            km,
            nearest,
            state,
            trust,
            lead,
            luck,
        )
        trajectory(w, terms, breach[row], secured[row], series[row], moves[row])
