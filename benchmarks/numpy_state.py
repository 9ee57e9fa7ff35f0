"""What the NumPy version of the growth model works on: a batch of trajectories side by side.

Arrays are schools x trajectories: what holds for a trust is one row and broadcasts down the
schools, and sums over schools add row by row, in the order the model adds them.
Numbers that depend on a school's band are kept with it and changed only where its band changes.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.luck import Luck
from workbench.growth.setting import Setting

Array = npt.NDArray[Any]
URGENT, ATTENTION, SECURE, STRONG = range(4)
NEVER, NOT_JOINED = -1, -2
FAR_AHEAD = 30_000  # the term in which a school joins that has not
COUNTED_EXACTLY = 1024  # weights in whole parts of this many add up exactly in any order


def flat_places(which: Array) -> Array:
    """Return where something is so, as flat places in schools x trajectories."""
    return which.reshape(-1).nonzero()[0]  # half the time of `flatnonzero` on short arrays


def rows_within(b: Batch, t: int, terms: float | Array, top: int) -> list[int]:
    """Return which of the first `top` schools joined, in any trajectory, fewer terms ago."""
    most = np.max(terms)
    return [i for i in range(top) if t - b.latest_joined[i] < most]


class Given:
    """What holds for every batch of a setting.

    Args:
        setting: What is simulated.

    Raises:
        ValueError: A recipient's weight cannot be counted exactly.
    """

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.school = setting.school
        self.count = len(setting.school)
        self.existing = setting.existing
        self.policy = SimpleNamespace(
            **{name: setting.policy[0][name].tolist() for name in setting.policy.dtype.names or ()}
        )
        for weight in (self.policy.weight_urgent, self.policy.weight_attention):
            if weight * COUNTED_EXACTLY % 1.0:
                raise ValueError(f"a weight of {weight} does not add up exactly in any order")
        self.below = np.ascontiguousarray(setting.below.T)  # bounds x schools x draws
        self.km = setting.distances()
        self.nearest = setting.nearest().astype(np.intp)
        self.slots = setting.lead_slots()
        self.own_days = setting.school["days"] >= 0.0
        self.has_days = setting.school["days"][:, None] != 0.0
        self.join_term = setting.school["join_term"].tolist()
        self.pupils = setting.school["pupils"]
        self.small = np.int8 if self.count < 128 else np.int16
        self.place_bits = max(1, int(self.count - 1).bit_length())
        self.names = setting.params.dtype.names or ()
        self.same = {name: bool(np.ptp(setting.params[name]) == 0.0) for name in self.names}

    def parameters(self, draw: Array) -> SimpleNamespace:
        """Return each parameter as one number where all draws agree, else one a trajectory."""
        params = self.setting.params
        return SimpleNamespace(
            **{
                name: float(params[name][0]) if self.same[name] else params[name][draw]
                for name in self.names
            }
        )


class Batch:
    """Trajectories `first` to `last` (not included) at their start.

    Args:
        given: What holds for every batch.
        first: Number of the first trajectory.
        last: Number after the last trajectory.
        events: Trajectories for each draw of the parameters.
    """

    lead_fte: Array
    span: Array
    cover: Array
    stretch: Array
    lent: Array | None  # days lent, where any were
    strained: tuple[Array, Array] | None  # providers beyond their slack, and their odds of falling
    unmet: Array
    golden_margin: Array

    def __init__(self, given: Given, first: int, last: int, events: int) -> None:
        self.given = given
        self.luck = Luck(given.setting, first, last)
        self.lanes = lanes = last - first
        self.lane = np.arange(lanes)
        draw = np.arange(first, last) // events
        self.p = given.parameters(draw)
        self.derived = {
            name: given.setting.derived[name][draw]
            for name in ("rise", "fall", "frail", "frail_share", "income")
        }
        self.loss_per_km = given.setting.derived["loss_per_km"][draw]
        self._tables()
        self._trust()
        self._schools(given.below.take(draw, axis=2))
        self._posts()

    def wide(self, value: Any) -> Array:
        """Return a parameter as one number a trajectory."""
        return np.broadcast_to(np.asarray(value, dtype=np.float64), (self.lanes,))

    def of(self, value: Any, at: Array) -> Any:
        """Return a parameter for the trajectories of flat places in schools x trajectories."""
        return value[at % self.lanes] if isinstance(value, np.ndarray) else value

    def _tables(self) -> None:
        """Stack what depends on a band, bands x trajectories; the unrated last."""
        p, wide = self.p, self.wide
        needs = (p.need_urgent, p.need_attention, p.need_secure, p.need_strong)
        self.need_of = np.stack([wide(value) for value in needs]).ravel()
        rise, fall = self.derived["rise"].T.copy(), self.derived["fall"].T.copy()
        rise[STRONG], fall[URGENT] = 0.0, 0.0
        self.rise_of, self.fall_of = rise.ravel(), fall.ravel()
        earliest = (p.urgent_min, p.attention_min, p.routine_min, p.routine_min, p.unrated_min)
        latest = (p.urgent_max, p.attention_max, p.routine_max, p.routine_max, p.unrated_max)
        self.earliest_of = np.ceil(np.stack([wide(value) for value in earliest])).astype(np.int16)
        self.latest_of = np.stack([wide(value) for value in latest])
        km = self.given.km[:, -1, None]
        self.centre_share = np.maximum(p.least_efficiency, 1.0 - km * self.loss_per_km)
        self.centre_toll = 1.0 / self.centre_share

    def _trust(self) -> None:
        p, wide = self.p, self.wide
        self.vision, self.commitment = wide(p.vision).copy(), wide(p.commitment).copy()
        self.intelligence, self.reserves = wide(p.intelligence).copy(), wide(p.reserves).copy()
        self.sle_trained, self.pipeline = wide(p.sle_trained).copy(), wide(p.pipeline).copy()
        school, income = self.given.school, self.derived["income"].T
        self.school_income = school["pupils"][:, None] * income[school["phase"]]
        self.income = self.school_income[: self.given.existing].sum(axis=0)
        self.schools = np.full(self.lanes, self.given.existing, np.float64)
        self.over_terms, self.golden_terms, self.unmet_terms, self.fall_terms = np.zeros(
            (4, self.lanes), np.int64
        )
        self.breach = np.full((5, self.lanes), NEVER, np.int16)

    def _schools(self, below: Array) -> None:
        given, p = self.given, self.p
        school, shape = given.school, (given.count, self.lanes)
        truth, frailty, guess, _ = self.luck.start()
        self.true = (truth >= below).view(np.int8).sum(axis=0, dtype=np.int8)
        chance = self.derived["frail_share"].T[self.true, self.lane]
        sound, frail = self.derived["frail"].T
        self.slowed = np.where(frailty < chance, frail, sound)
        self.inspected = np.repeat(school["rated"][:, None], self.lanes, axis=1)
        believed = np.where(guess < p.intelligence, self.true, np.int8(SECURE))
        self.known = np.where(self.inspected < URGENT, believed, self.inspected).astype(np.int8)
        self.secured = np.where(self.true >= SECURE, 0, NEVER).astype(np.int16)
        self.active = np.zeros(shape, np.bool_)
        self.active[: given.existing] = True
        self.declined, self.offer_open = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
        self.deferred, self.waiting = np.zeros(shape, np.int16), np.zeros(shape, np.int16)
        self.joined = np.full(shape, FAR_AHEAD, np.int16)
        self.joined[: given.existing] = school["join_term"][: given.existing, None]
        self.latest_joined = self.joined.max(axis=1).tolist()
        self.head_age = np.repeat(school["head_terms"][:, None], self.lanes, axis=1)
        self.due, self.latest = np.full(shape, FAR_AHEAD, np.int16), np.zeros(shape)
        inside = np.arange(given.existing * self.lanes)
        counted = school["since"] + (school["rated"] < URGENT)  # an unrated school's first term too
        last = np.repeat(-counted[: given.existing], self.lanes)
        self.await_inspectors(inside, self.inspected.take(inside), last)
        cell = self.known.astype(np.intp) * self.lanes + self.lane
        self.need = self.need_of.take(cell)
        self.asked = self.need * self.centre_toll
        cell = self.true.astype(np.intp) * self.lanes + self.lane
        self.true_need, self.fall = self.need_of.take(cell), self.fall_of.take(cell)
        self.rise = self.rise_of.take(cell) * np.where(self.true <= ATTENTION, self.slowed, 1.0)
        self.top, self.full = given.existing, True
        self.open_rows = list(range(given.existing, given.count))
        self.start_secure = self.existing_secure()

    def learn(self, at: Array, band: Array) -> None:
        """Let the trust know the bands of schools at flat places: needs follow."""
        self.known.ravel()[at] = band
        need = self.need_of.take(band.astype(np.intp) * self.lanes + at % self.lanes)
        self.need.ravel()[at] = need
        self.asked.ravel()[at] = need * self.centre_toll.take(at)

    def turn(self, at: Array, band: Array) -> None:
        """Change the true bands of schools at flat places: need and odds of moving follow."""
        self.true.ravel()[at] = band
        cell = band.astype(np.intp) * self.lanes + at % self.lanes
        self.true_need.ravel()[at] = self.need_of[cell]
        self.fall.ravel()[at] = self.fall_of[cell]
        slowed = np.where(band <= ATTENTION, self.slowed.take(at), 1.0)
        self.rise.ravel()[at] = self.rise_of[cell] * slowed

    def await_inspectors(self, at: Array, band: Array, last: Array | int) -> None:
        """Note from when and until when schools at flat places are due, last inspected in a term.

        Args:
            at: Flat places.
            band: What was found; -1, the unrated, wraps to the end of the windows.
            last: The term of the last inspection, or before joining where there was none.
        """
        cell = band.astype(np.intp) % len(self.earliest_of) * self.lanes + at % self.lanes
        self.due.ravel()[at] = last + self.earliest_of.take(cell)
        self.latest.ravel()[at] = last + self.latest_of.take(cell)

    def existing_secure(self) -> Array:
        """Return the share of the schools already there that are truly secure or strong."""
        secure = self.true[: self.given.existing] >= SECURE
        return np.asarray(self.counted(secure) / self.given.existing)

    def counted(self, which: Array) -> Array:
        """Count schools of which something is so; bytes add many times faster than flags."""
        return np.asarray(np.add.reduce(which.view(np.int8), axis=0, dtype=self.given.small))

    def _posts(self) -> None:
        """Fill posts with the leads in post, the last perhaps part-time, and leave vacancies."""
        shape = (self.given.slots, self.lanes)
        self.in_post, self.fte = np.zeros(shape, np.bool_), np.ones(shape)
        self.post_terms = np.zeros(shape)
        left, posts = self.wide(self.p.leads).copy(), np.zeros(self.lanes)
        for slot in range(self.given.slots):
            filled = left > 0.0
            self.in_post[slot] = filled
            self.fte[slot] = np.where(filled, np.minimum(1.0, left), 1.0)
            self.post_terms[slot] = np.where(filled, 99.0, 0.0)
            left -= np.where(filled, self.fte[slot], 0.0)
            posts += filled
        posts += np.trunc(self.p.lead_vacancies)
        self.posts = np.minimum(self.given.slots, posts)
