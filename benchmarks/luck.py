"""The model's own random numbers in bulk, for versions of it that cannot draw one at a time.

The same addresses as `workbench.growth.kernel` (seed, stream, replicate, school key or post, term),
drawn by a compiled loop, so that the other tools are compared on the model and not on how fast
Python can multiply integers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.growth.kernel.compiled import compiled, inlined
from workbench.growth.kernel.layout import (
    HEAD_STREAM,
    LEAD_STREAM,
    OFFER_STREAM,
    SCHOOL_STREAM,
    START_STREAM,
)
from workbench.growth.kernel.luck import POST_TERMS, WORDS
from workbench.growth.kernel.philox import philox, unit
from workbench.growth.setting import Setting

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


@inlined
def _row(out: Any, first: int, who: int, term: int, key: Array) -> None:
    """Write the four uniforms of one address into `out`, for each of a row of trajectories."""
    one, two, three, four = out
    k0, k1 = key[0], key[1]
    for lane in range(one.size):
        words = philox(who, term, first + lane, 0, k0, k1)
        one[lane], two[lane] = unit(words[0]), unit(words[1])
        three[lane], four[lane] = unit(words[2]), unit(words[3])


@compiled
def fill(out: Array, first: int, who: Array, term: int, key: Array) -> None:
    """Write the uniforms of each address into `out`, 4 x who x trajectories from `first` on."""
    for i in range(out.shape[1]):
        row = (out[0, i], out[1, i], out[2, i], out[3, i])
        _row(row, first, who[i], term, key)


class Luck:
    """The uniforms of a run of trajectories, `first` to `last` (not included), by term.

    Args:
        setting: What is simulated.
        first: Number of the first trajectory.
        last: Number after the last trajectory.

    Raises:
        ValueError: The setting shares luck between draws, which no version but the kernel does.
    """

    def __init__(self, setting: Setting, first: int, last: int) -> None:
        if setting.shared_luck:
            raise ValueError("only the compiled kernel shares luck between draws")
        self.first = first
        self.lanes = last - first
        self.keys = setting.keys()
        self.schools = np.ascontiguousarray(setting.school["key"])
        self.posts = np.arange(setting.lead_slots(), dtype=np.uint32)
        self.buffers: dict[int, Floats] = {}

    def _drawn(self, stream: int, who: Array, term: int) -> Floats:
        """Fill the stream's own buffer, which the next term writes over."""
        out = self.buffers.get(stream)
        if out is None or out.shape[1] != len(who):
            out = np.empty((WORDS, len(who), self.lanes))
            self.buffers[stream] = out
        fill(out, self.first, who, term, self.keys[stream])
        return out

    def start(self) -> Floats:
        """Return 4 x n x replicates: truth, frailty, what is known of the unrated, unused."""
        return self._drawn(START_STREAM, self.schools, 0)

    def school(self, term: int, count: int) -> Floats:
        """Return 4 x count x replicates: luck, sight, visit and verdict of the first schools."""
        return self._drawn(SCHOOL_STREAM, self.schools[:count], term)

    def head(self, term: int) -> Floats:
        """Return n x replicates: the head's luck; a block lasts four terms."""
        if term % WORDS == 0:
            self._drawn(HEAD_STREAM, self.schools, term // WORDS)
        return np.asarray(self.buffers[HEAD_STREAM][term % WORDS])

    def lead(self, term: int, posts: int) -> Floats:
        """Return 2 x posts x replicates: leaving and arriving; a block lasts two terms."""
        block = self.buffers.get(LEAD_STREAM)
        if term % POST_TERMS == 0 or block is None or block.shape[1] < posts:
            block = self._drawn(LEAD_STREAM, self.posts[:posts], term // POST_TERMS)
        first = WORDS // POST_TERMS * (term % POST_TERMS)
        return block[first : first + WORDS // POST_TERMS, :posts]

    def offer(self, term: int) -> Floats:
        """Return 4 x n x replicates: whether an offer comes, whether vision attracts; unused."""
        return self._drawn(OFFER_STREAM, self.schools, term)


@dataclass(frozen=True)
class Drawn:
    """One trajectory's uniforms as plain lists, which Python reads fastest.

    Attributes:
        start: Of each school, four.
        school: Of each term and school, four.
        head: Of each term and school, one.
        lead: Of each term and post, two.
        offer: Of each term and school, four; nothing where there are no offers.
    """

    start: list[list[float]]
    school: list[list[list[float]]]
    head: list[list[float]]
    lead: list[list[list[float]]]
    offer: list[list[list[float]]]


def drawn(setting: Setting, first: int, last: int) -> Iterator[Drawn]:
    """Yield the uniforms of trajectories `first` to `last` (not included), drawn all at once.

    Raises:
        ValueError: The setting shares luck between draws.
    """
    luck, count = Luck(setting, first, last), len(setting.school)
    terms = range(setting.terms)
    start = luck.start().transpose(2, 1, 0)
    school = _by_trajectory([luck.school(t, count).copy() for t in terms])
    head = np.stack([luck.head(t).copy() for t in terms]).transpose(2, 0, 1)
    lead = _by_trajectory([luck.lead(t, len(luck.posts)).copy() for t in terms])
    offered = bool(setting.policy["offered"][0])
    offer = (
        _by_trajectory([luck.offer(t).copy() for t in terms])
        if offered
        else np.empty((luck.lanes, 0))
    )
    for each in zip(start, school, head, lead, offer, strict=True):
        yield Drawn(*(array.tolist() for array in each))


def _by_trajectory(terms: list[Floats]) -> Floats:
    return np.stack(terms).transpose(3, 0, 2, 1)
