"""A setting: everything a simulation is given, as arrays, for a trust and a number of joiners."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.growth.kernel.layout import STREAMS
from workbench.growth.kernel.philox import stream_key

Records = npt.NDArray[np.void]


@dataclass(frozen=True)
class Setting:
    """What a simulation is given.

    Attributes:
        params: One record for each draw of the parameters, length M.
        derived: What follows from each draw (`derive.derive`), length M.
        policy: One record of levers and limits (`layout.POLICY`), length 1.
        school: Schools of the trust, then all joiners in their order (`layout.SCHOOL`).
        below: P(true band < 1), P(< 2), P(< 3) at the start, M x n x 3.
        place: Kilometres east and north of the trust's centre, n x 2.
        terms: Number of terms.
        seed: Seed of every random stream.
        shared_luck: Whether every draw of the parameters meets the same events, so that two draws
            differ by their parameters alone; else each meets events of its own.
    """

    params: Records
    derived: Records
    policy: Records
    school: Records
    below: npt.NDArray[np.float64]
    place: npt.NDArray[np.float64]
    terms: int
    seed: int
    shared_luck: bool = False

    @property
    def existing(self) -> int:
        """Number of schools in the trust at the start."""
        return int(self.school["existing"].sum())

    @property
    def joiners(self) -> int:
        """Number of schools that join."""
        return len(self.school) - self.existing

    def with_joiners(self, count: int) -> Setting:
        """Return the same setting with only the first `count` joiners."""
        if not 0 <= count <= self.joiners:
            raise ValueError(f"{count} joiners asked for, 0 to {self.joiners} are planned")
        kept = self.existing + count
        below = np.ascontiguousarray(self.below[:, :kept])
        return replace(self, school=self.school[:kept], below=below, place=self.place[:kept])

    def distances(self) -> npt.NDArray[np.float64]:
        """Return kilometres between schools, n x (n + 1); the last column is the centre."""
        return self._km

    def nearest(self) -> npt.NDArray[np.int16]:
        """Return for each school the others, nearest first, n x (n - 1); ties by place in file."""
        return self._by_nearness

    @cached_property
    def _km(self) -> npt.NDArray[np.float64]:
        apart = self.place[:, None, :] - np.vstack([self.place, np.zeros((1, 2))])[None, :, :]
        return np.ascontiguousarray(np.sqrt((apart**2).sum(axis=2)))

    @cached_property
    def _by_nearness(self) -> npt.NDArray[np.int16]:
        km = self._km[:, :-1].copy()
        np.fill_diagonal(km, np.inf)
        order = np.argsort(km, axis=1, kind="stable")[:, : len(self.school) - 1]
        return np.ascontiguousarray(order.astype(np.int16))

    def lead_slots(self) -> int:
        """Return how many lead posts a trajectory may ever need."""
        at_start = self.params["leads"].max() + self.params["lead_vacancies"].max()
        wanted = len(self.school) / float(self.policy["schools_per_lead"][0])
        return int(np.ceil(at_start) + np.ceil(wanted)) + 1

    def keys(self) -> npt.NDArray[np.uint32]:
        """Return the key words of the random streams, 5 x 2."""
        return np.array([stream_key(self.seed, name) for name in STREAMS], dtype=np.uint32)


def one_record(dtype: np.dtype[Any], **fields: object) -> Records:
    """Return a length-1 structured array with every field given.

    Raises:
        TypeError: A field is missing or unknown.
    """
    names = set(dtype.names or ())
    if names != set(fields):
        raise TypeError(f"fields differ: {sorted(names.symmetric_difference(fields))}")
    record = np.zeros(1, dtype)
    for name, value in fields.items():
        record[name] = value
    return record
