"""Every number of joiners at once: trajectories that part where the next joiner first matters.

On common random numbers a trust that n schools join lives through the same terms as one that more
join, until the trust first looks ahead to the school that n leaves out. So one trunk is run, with
all joiners, and a branch leaves it for each smaller number: about half the work, and the same bits
as each number on its own.
"""

from __future__ import annotations

from workbench.growth.kernel.compiled import compiled, inlined
from workbench.growth.kernel.layout import LANES, NEVER
from workbench.growth.kernel.luck import Luck, cast_lots
from workbench.growth.kernel.term import begin, leave_out, one_term
from workbench.growth.kernel.world import Array, Record, World


@compiled
def run_curve_chunk(  # noqa: PLR0917 - compiled code takes arrays one by one
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
    parts: Array,
    breach: Array,
    moves: Array,
    state: Array,
    trust: Array,
    lead: Array,
    fields: Array,
    luck: Luck,
) -> None:
    """Run trajectories `first` to `last` (not included) for 0, 1, ... N joiners.

    `parts` has for n = 0 ... N - 1 the term at which a trajectory of n joiners leaves the trunk,
    never falling, and negative where they differ from the very start. The first breaches come out
    in `breach`, (N + 1) x rows x 5. `state`, `trust` and `lead` are room for two worlds
    each, `fields` the same memory as `state`, field by field; `moves` is empty.
    """
    joiners = parts.size
    existing = school.size - joiners
    for r in range(first, last):
        row, draw = r - first, r // events
        cast_lots(luck, r % events if shared_luck else r, names, keys, terms)
        trunk = World(
            params[draw], policy, derived[draw], school, below[draw], km, nearest,
            state[0], trust[0], lead[0], luck,
        )  # fmt: skip
        branch = World(
            params[draw], policy, derived[draw], school, below[draw], km, nearest,
            state[1], trust[1], lead[1], luck,
        )  # fmt: skip
        n = 0
        while n < joiners and parts[n] < 0:
            begin(branch, existing + n)
            breach[n, row] = NEVER
            _live(branch, 0, terms, breach[n, row], moves)
            n += 1
        begin(trunk, school.size)
        breach[joiners, row] = NEVER
        for t in range(terms):
            while n < joiners and parts[n] <= t:
                trust[1] = trust[0]
                _part(trunk, branch, fields, existing + n)
                _copy(breach[joiners, row], breach[n, row])
                _live(branch, t, terms, breach[n, row], moves)
                n += 1
            one_term(t, trunk, breach[joiners, row], moves)
        while n < joiners:
            _copy(breach[joiners, row], breach[n, row])
            n += 1


@compiled
def _live(w: World, start: int, terms: int, breach: Array, moves: Array) -> None:
    for t in range(start, terms):
        one_term(t, w, breach, moves)


@inlined
def _copy(source: Array, target: Array) -> None:
    for i in range(source.size):
        target[i] = source[i]


@inlined
def _part(trunk: World, branch: World, fields: Array, limit: int) -> None:
    """Copy the trunk's state into the branch, and leave out the schools from `limit` on."""
    branch.trust.limit = limit
    branch.trust.lanes = (limit + LANES - 1) // LANES * LANES
    for field in range(fields.shape[1]):
        for i in range(branch.trust.lanes):
            fields[1, field, i] = fields[0, field, i]
    leave_out(branch, limit)
    for post in range(trunk.lead.size):
        branch.lead[post] = trunk.lead[post]
