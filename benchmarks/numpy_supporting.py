"""sense, plan, support, in the NumPy version of the growth model.

Where leads have days for all, nobody queues. The other trajectories' columns are taken out and
sorted; and offers are worked out and lent only where a weak school is left short.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.numpy_state import SECURE, STRONG, Array, Batch, flat_places, rows_within

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
    p, posts = b.p, int(b.posts.max())
    ramp = np.minimum(1.0, (b.post_terms[:posts] + 1.0) / (p.ramp_terms + 1.0))
    ramp *= b.fte[:posts]
    ramp *= b.in_post[:posts]
    b.lead_fte = ramp.sum(axis=0)
    released = np.minimum(1.0, b.lead_fte / p.leads_to_release)
    b.span = p.lead_span * b.lead_fte + p.exec_span * (1.0 - released)
    b.cover = np.minimum(1.0, b.span / b.schools)
    b.over_terms = np.where(b.schools > b.span, b.over_terms + 1, 0)
    b.stretch = np.where(b.over_terms >= p.overstretch_terms, 1.0 - b.cover, 0.0)


def support(b: Batch, t: int) -> Array:
    """Give days: worst known first, then longest waiting; leads first, then nearest provider.

    Returns:
        Days received over days truly needed, 1 at most: schools in the trust x trajectories.
    """
    top = b.top
    received, asked, true_need = b.need[:top].copy(), b.asked[:top], b.true_need[:top]
    needed = true_need
    if not b.full:
        received *= b.active[:top]
        asked = asked * b.active[:top]
        needed = true_need * b.active[:top]
    pool = b.p.lead_days * (b.span / b.p.lead_span)
    short = (asked.sum(axis=0) > pool).nonzero()[0]
    b.lent, b.strained = None, None
    waited = b.waiting[:top].take(short, axis=1)
    b.waiting.fill(0)
    if short.size:
        queue = _queue(b, short, waited)
        _serve(b, t, queue, pool[short])
        received[:, short] = queue.received
        waited += 1
        waited *= queue.received < queue.need
        if not b.full:
            waited *= b.active[:top].take(short, axis=1)
        b.waiting[:top, short] = waited
    met = np.minimum(received, true_need, out=received)
    b.unmet = 1.0 - met.sum(axis=0) / needed.sum(axis=0)
    return np.asarray(met / true_need)


@dataclass
class Queue:
    """The trajectories in which leads cannot serve all, in columns taken out of the batch.

    Attributes:
        short: Which trajectories of the batch.
        need: Days due, schools x trajectories; nothing outside the trust.
        received: Days received, to be filled in.
        at: Flat places in `need` of schools by their claim, ranks x trajectories.
        weak: How many schools the trust knows to be weak: they come first.
    """

    short: Array
    need: Array
    received: Array
    at: Array
    weak: Array


def _queue(b: Batch, short: Array, waited: Array) -> Queue:
    """Sort the schools of some trajectories by claim to support."""
    top, bits = b.top, b.given.place_bits
    known = b.known[:top].take(short, axis=1)
    need = b.need[:top].take(short, axis=1)
    weak = known < SECURE
    rank = np.multiply(known, RANKS_A_BAND, dtype=np.int32)
    rank -= np.minimum(waited, WAITING_MOST)
    if not b.full:
        active = b.active[:top].take(short, axis=1)
        rank[~active] = OUTSIDE
        need *= active
        weak &= active
    rank += WAITING_MOST  # so that none is negative, and the place can be packed below
    rank <<= bits
    rank |= np.arange(top, dtype=np.int32)[:, None]
    packed = np.ascontiguousarray(rank.T)
    packed.sort(axis=1)
    packed &= (1 << bits) - 1
    at = np.ascontiguousarray(packed.T).astype(np.intp)
    at *= short.size
    at += np.arange(short.size)
    return Queue(short, need, np.zeros_like(need), at, b.counted(weak))


def _serve(b: Batch, t: int, queue: Queue, pool: Array) -> None:
    """Let leads serve the queue until their days are gone, then providers the weak schools."""
    short, top = queue.short, b.top
    asked = queue.need * b.centre_toll[:top].take(short, axis=1)
    rest = np.empty((top + 1, short.size))
    rest[0] = pool
    asked.take(queue.at, out=rest[1:])
    np.subtract.accumulate(rest, axis=0, out=rest)
    served = rest[1:] >= 0.0
    rank = b.counted(served).astype(np.intp)
    given = queue.need.take(queue.at)
    given *= served
    received = queue.received.reshape(-1)
    received[queue.at] = given
    lane = (rank < top).nonzero()[0]  # rounding may let the last be served after all
    rank = rank[lane]
    place = queue.at[rank, lane]
    need = queue.need.take(place)
    left = need - rest[rank, lane] * b.centre_share[place // short.size, short[lane]]
    received[place] = need - left
    needy = (rank < queue.weak[lane]).nonzero()[0]
    if needy.size:
        _lend(b, t, queue, lane[needy], rank[needy], left[needy])


def _lend(  # noqa: PLR0917 - what the queue left
    b: Batch, t: int, queue: Queue, lane: Array, rank: Array, left: Array
) -> None:
    """Let providers lend to the weak schools that leads leave short.

    The first short school of every trajectory together, then the second: what is left to lend
    depends on who was served before, in the same trajectory only.

    Args:
        b: The trajectories.
        t: The term.
        queue: Those in which leads cannot serve all.
        lane: Those of the queue in which a weak school is left short.
        rank: The first school left short in each.
        left: Days it still needs.
    """
    whole = queue.short[lane]
    offered = _offer(b, t, whole)
    free, many = offered.copy(), queue.weak[lane] - rank
    near, km = _useful_places(b, offered)
    spare = b.counted(offered > 0.0)
    received, need = queue.received.reshape(-1), queue.need.reshape(-1)
    for turn in range(int(many.max())):
        on = ((many > turn) & (spare > 0)).nonzero()[0]
        if not on.size:
            break
        place = queue.at[rank[on] + turn, lane[on]]
        school = place // queue.short.size
        wanting = need[place] if turn else left[on]
        share = 1.0 - km[:, school] * b.loss_per_km[whole[on]]
        np.maximum(share, b.of(b.p.least_efficiency, whole[on]), out=share)
        received[place] = need[place] - _from_neighbours(
            free, near[:, school], on, share, wanting, spare
        )
    offered -= free
    b.lent = np.zeros(b.lanes)
    b.lent[whole] = offered.sum(axis=0)
    at = flat_places(offered > b.of(b.p.provider_slack, whole))
    strained = at // whole.size * b.lanes + whole[at % whole.size]
    slack = b.of(b.p.provider_slack, strained)
    strain = (b.of(b.p.lending_fall_odds, strained) - 1.0) / slack
    b.strained = strained, 1.0 + strain * (offered.take(at) - slack)


def _offer(b: Batch, t: int, lane: Array) -> Array:
    """Return the days that providers offer, their own or the model's, times commitment."""
    top = b.top
    known = b.known[:top].take(lane, axis=1)
    provides = known >= SECURE
    inspected = b.inspected[:top].take(lane, axis=1)
    provides &= inspected.view(np.uint8) >= SECURE  # the unrated, -1, wrap to the top
    for i in rows_within(b, t, b.p.settle_terms, top):
        provides[i] &= t - b.joined[i, lane] >= b.of(b.p.settle_terms, lane)
    strong = b.of(b.p.provider_days_strong, lane)
    offered = np.where(known == STRONG, strong, b.of(b.p.provider_days_secure, lane))
    own = b.given.own_days[:top]
    offered[own] = b.given.school["days"][:top][own, None]
    offered *= b.commitment[lane] * b.sle_trained[lane]
    offered *= provides
    return np.asarray(offered)


def _useful_places(b: Batch, offered: Array) -> tuple[Array, Array]:
    """Return for each school those that offer days in any trajectory, nearest first, and how far.

    Both are places x n. A school that offers days itself has a neighbour fewer that does: it ends
    its own column, and is no provider where it is weak.
    """
    offers = np.zeros(b.given.count, np.bool_)
    offers[: b.top] = offered.any(axis=1)
    rows = [row[offers[row]].tolist() for row in b.given.nearest]
    most = max(map(len, rows))
    near = np.array([row + [i] * (most - len(row)) for i, row in enumerate(rows)], np.intp)
    return np.ascontiguousarray(near.T), b.given.km[np.arange(b.given.count), near.T]


def _from_neighbours(  # noqa: PLR0917 - arrays one by one
    free: Array, near: Array, lane: Array, share: Array, left: Array, spare: Array
) -> Array:
    """Serve one school of each trajectory; return the days each still needs.

    All its neighbours at once: they give all they have, nearest first, until one has enough.

    Args:
        free: In and out: days left to lend, schools x trajectories.
        near: Schools that may offer days, nearest first, places x schools served.
        lane: The trajectory of each school served.
        share: Share of a day left after travel, of each place.
        left: Days each school still needs.
        spare: In and out, of every trajectory: how many of its schools have days to lend.
    """
    theirs = near * free.shape[1]
    theirs += lane
    days = free.take(theirs)
    still = np.empty((len(near) + 1, len(lane)))
    still[0] = left
    np.multiply(days, share, out=still[1:])
    np.subtract.accumulate(still, axis=0, out=still)
    enough = still[1:] <= 0.0
    place = len(near) - np.add.reduce(enough.view(np.int8), axis=0, dtype=np.intp)
    ends = (place < len(near)).nonzero()[0]
    answer = still[-1].copy()
    answer[ends] = 0.0
    days *= enough
    last = place[ends], ends
    days[last] = np.maximum(0.0, days[last] - still[last] / share[last])
    free.reshape(-1)[theirs] = days
    spare[lane] = np.add.reduce((days > 0.0).view(np.int8), axis=0, dtype=spare.dtype)
    return np.asarray(answer)
