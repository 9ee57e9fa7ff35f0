"""sense, plan, support, in the NumPy version of the growth model.

Who is served next differs between trajectories, so support loops over ranks in the queue, and for a
school the leads leave short over its neighbours, nearest first; each step takes only the
trajectories that still have something to give and someone to give it to.
"""

from __future__ import annotations

import numpy as np

from benchmarks.numpy_state import SECURE, Array, Batch, flat_places, rows_within

WAITING_MOST = 999
RANKS_A_BAND = WAITING_MOST + 1
OUTSIDE = 8 * RANKS_A_BAND


def sense(b: Batch, t: int, sight: Array) -> None:
    """See the true quality of some schools; what is not seen cannot be supported."""
    p, top = b.p, b.top
    strength = (1.0 - p.sense_assurance) * b.intelligence + p.sense_assurance * p.assurance
    aimed = strength * (1.0 - p.sense_vision * (1.0 - b.vision))
    settled = p.sense_floor + (p.sense_full - p.sense_floor) * aimed
    seen = sight < settled
    for i in rows_within(b, t, p.dip_terms, top):
        dips = t - b.joined[i] < p.dip_terms
        seen[i] = sight[i] < np.where(dips, settled * p.sense_joiner, settled)
    seen &= b.known[:top] != b.true[:top]
    if not b.full:
        seen &= b.active[:top]
    at = flat_places(seen)
    b.learn(at, b.true.take(at))


def plan(b: Batch) -> None:
    """Work out the span of leadership and its cover; needs are kept with what is known."""
    p = b.p
    ramp = np.minimum(1.0, (b.post_terms + 1.0) / (p.ramp_terms + 1.0))
    b.lead_fte = np.where(b.in_post, b.fte * ramp, 0.0).sum(axis=0)
    released = np.minimum(1.0, b.lead_fte / p.leads_to_release)
    b.span = p.lead_span * b.lead_fte + p.exec_span * (1.0 - released)
    b.cover = np.minimum(1.0, b.span / b.schools)
    b.over_terms = np.where(b.schools > b.span, b.over_terms + 1, 0)
    b.stretch = np.where(b.over_terms >= p.overstretch_terms, 1.0 - b.cover, 0.0)


def offer(b: Batch, t: int) -> None:
    """Let providers offer their own days, or the model's, times commitment."""
    top = b.top
    provides = b.known[:top] >= SECURE
    provides &= b.inspected[:top].view(np.uint8) >= SECURE  # the unrated, -1, wrap to the top
    for i in rows_within(b, t, b.p.settle_terms, top):
        provides[i] &= t - b.joined[i] >= b.p.settle_terms
    offered = b.offered[:top]
    np.multiply(b.days[:top], b.commitment, out=offered)
    offered *= b.sle_trained
    np.copyto(offered, 0.0, where=~provides)


def support(b: Batch, t: int) -> Array:
    """Give days: worst known first, then longest waiting; leads first, then nearest provider.

    Returns:
        The dose of support, schools in the trust x trajectories.
    """
    top = b.top
    offer(b, t)
    b.free = b.offered.copy()
    at, weak = _queue(b)
    need = b.need.take(at)
    left = _lead_days(b, need.copy(), at)
    b.lends = _provider_days(b, at, left, weak)
    b.lent = b.offered - b.free
    np.maximum(left, 0.0, out=left)
    np.subtract(need, left, out=left)
    received = np.empty((top, b.lanes))
    received.ravel()[at] = left
    true_need = b.true_need[:top]
    needed = true_need
    if not b.full:
        received[~b.active[:top]] = 0.0
        needed = true_need * b.active[:top]
    b.waiting[:top] += 1
    b.waiting[:top] *= (received < b.need[:top]) & (b.active[:top] | b.full)
    met = np.minimum(received, true_need, out=received)
    b.unmet = 1.0 - met.sum(axis=0) / needed.sum(axis=0)
    met /= true_need
    met *= b.cover * b.p.process
    return met


def _queue(b: Batch) -> tuple[Array, Array]:
    """Sort schools by claim to support.

    Returns:
        Flat places of schools, ranks x trajectories; and whether the trust knows them to be weak.
    """
    top, bits = b.top, b.given.place_bits
    rank = np.multiply(b.known[:top], RANKS_A_BAND, dtype=np.int32)
    rank -= np.minimum(b.waiting[:top], WAITING_MOST)
    if not b.full:
        rank[~b.active[:top]] = OUTSIDE
    rank += WAITING_MOST  # so that none is negative, and the place can be packed below
    rank <<= bits
    rank |= np.arange(top, dtype=np.int32)[:, None]
    packed = np.ascontiguousarray(rank.T)
    packed.sort(axis=1)
    rank = np.ascontiguousarray(packed.T)
    weak = rank < (SECURE * RANKS_A_BAND << bits)
    rank &= (1 << bits) - 1
    at = rank.astype(np.intp)
    at *= b.lanes
    at += b.lane
    return at, weak


def _lead_days(b: Batch, left: Array, at: Array) -> Array:
    """Let leads serve the queue; return the days still needed, ranks x trajectories."""
    share, toll = b.centre_share.take(at), b.centre_toll.take(at)
    pool = b.p.lead_days * (b.span / b.p.lead_span)
    given = np.empty(b.lanes)
    for rank in range(b.top):
        np.multiply(pool, share[rank], out=given)
        np.minimum(left[rank], given, out=given)
        left[rank] -= given
        given *= toll[rank]
        pool -= given
        np.maximum(pool, 0.0, out=pool)
        if rank % 4 == 3 and not pool.any():
            break
    return left


def _provider_days(b: Batch, at: Array, left: Array, weak: Array) -> bool:
    """Let neighbours serve the weak schools the leads leave short; say whether any had to.

    The first short school of every trajectory together, then the second: what is left to lend
    depends on who was served before, in the same trajectory only.
    """
    short = weak & (left > 0.0)
    spare = b.counted(b.offered > 0.0)  # providers with days to lend
    short &= spare > 0
    lane, rank = np.nonzero(np.ascontiguousarray(short.T))
    if not lane.size:
        return False
    near, km = _useful_places(b)
    queue, days = at.reshape(-1), left.reshape(-1)
    many = np.bincount(lane, minlength=b.lanes)
    before = np.cumsum(many) - many
    for turn in range(int(many.max())):
        lane = ((many > turn) & (spare > 0)).nonzero()[0]
        if not lane.size:
            break
        cell = rank[before[lane] + turn] * b.lanes + lane
        school = queue[cell] // b.lanes
        days[cell] = _from_neighbours(b, (near[:, school], km[:, school]), lane, days[cell], spare)
    return True


def _useful_places(b: Batch) -> tuple[Array, Array]:
    """Return for each school those that offer days in any trajectory, nearest first, and how far.

    Both are places x n. A school that offers days itself has a neighbour fewer that does: it ends
    its own column, and is no provider where it is weak.
    """
    offers = np.asarray(b.offered.any(axis=1))
    rows = [row[offers[row]].tolist() for row in b.given.nearest]
    most = max(map(len, rows))
    near = np.array([row + [i] * (most - len(row)) for i, row in enumerate(rows)], np.intp).T
    return near, b.given.km[np.arange(b.given.count), near]


def _from_neighbours(
    b: Batch, neighbours: tuple[Array, Array], lane: Array, left: Array, spare: Array
) -> Array:
    """Serve one school of each trajectory; return the days each still needs.

    All its neighbours at once: they give all they have, nearest first, until one has more than is
    still needed.

    Args:
        b: The trajectories.
        neighbours: Schools that may offer days, and kilometres to each, places x schools served.
        lane: The trajectory of each school served.
        left: Days still needed.
        spare: In and out, of every trajectory: how many of its schools have days to lend.
    """
    near, km = neighbours
    share = np.maximum(b.of(b.p.least_efficiency, lane), 1.0 - km * b.loss_per_km[lane])
    theirs = near * b.lanes
    theirs += lane
    free = b.free.take(theirs)
    still = np.empty((len(near) + 1, len(lane)))
    still[0] = left
    np.multiply(free, share, out=still[1:])
    np.subtract.accumulate(still, axis=0, out=still)
    enough = free > still[:-1] / share
    np.logical_or.accumulate(enough, axis=0, out=enough)
    place = len(near) - b.counted(enough).astype(np.intp)
    answer = still[place, np.arange(len(lane))]
    free *= enough
    last = (place < len(near)).nonzero()[0]
    while last.size:  # the one that has enough; what rounding leaves over goes to the next
        here = place[last], last
        used = np.minimum(free[here], answer[last] / share[here])
        free[here] -= used
        answer[last] -= used * share[here]
        last = last[answer[last] > 0.0]
        later = (np.arange(len(near))[:, None] > place[last]) & (free[:, last] > 0.0)
        place[last] = later.argmax(axis=0)
        last = last[later.any(axis=0)]
    b.free.ravel()[theirs] = free
    spare[lane] = b.counted(free > 0.0)
    return np.asarray(answer)
