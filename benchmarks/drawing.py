"""How many random numbers a trajectory takes, and how fast they can be drawn and nothing else.

Blocks are counted by formula, which `tests/benchmarks` holds against the kernel's own function, run
as plain Python. The kernel draws all of a trajectory's luck before it starts, also what it turns
out not to need (schools that have not joined, posts never opened); what the model needs at least is
counted apart, by the oracle.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.growth.kernel.compiled import compiled, inlined
from workbench.growth.kernel.layout import (
    HEAD_STREAM,
    LEAD_STREAM,
    SCHOOL_STREAM,
    START_STREAM,
)
from workbench.growth.kernel.luck import POST_TERMS, WORDS
from workbench.growth.kernel.philox import philox
from workbench.growth.oracle import Oracle
from workbench.growth.setting import Setting

Array = npt.NDArray[Any]


def blocks_drawn(setting: Setting) -> int:
    """Return the Philox blocks that the kernel draws for each trajectory.

    A school's head takes a block for four terms, a lead's post one for two.
    """
    schools, terms = len(setting.school), setting.terms
    offers = schools * terms if setting.policy["offered"][0] else 0
    heads = schools * -(-terms // WORDS)
    leads = setting.lead_slots() * -(-terms // POST_TERMS)
    return schools + schools * terms + heads + leads + offers


class CountingOracle(Oracle):
    """The oracle, noting every address it asks luck of.

    Attributes:
        addresses: Stream, school or post, and term of each block, once.
        school_terms: Terms that schools of the trust have lived through.
    """

    def __init__(self, setting: Setting, replicate: int, events: int) -> None:
        self.addresses: set[tuple[str, int, int]] = set()
        super().__init__(setting, replicate, events)
        self.school_terms = sum(stream == "school term" for stream, _, _ in self.addresses)

    def _uniforms(self, stream: str, who: int, term: int) -> list[float]:
        self.addresses.add((stream, who, term))
        return super()._uniforms(stream, who, term)


def blocks_needed(setting: Setting, trajectories: int, events: int) -> tuple[float, float]:
    """Return the mean blocks that a trajectory needs at least, and its mean school terms."""
    counted = [CountingOracle(setting, replicate, events) for replicate in range(trajectories)]
    blocks = [len(oracle.addresses) for oracle in counted]
    return float(np.mean(blocks)), float(np.mean([oracle.school_terms for oracle in counted]))


@inlined
def _traced(who: int, term: int, replicate: int, key: Array) -> np.uint64:
    """Draw a block and fold it into one word, so that none is optimised away."""
    words = philox(who, term, replicate, 0, key[0], key[1])
    return words[0] ^ words[1] ^ words[2] ^ words[3]


@compiled
def _row(names: Array, term: int, replicate: int, key: Array) -> np.uint64:
    """Draw a block of each name; the compiler may draw several at once."""
    trace = np.uint64(0)
    for i in range(names.size):
        trace ^= _traced(names[i], term, replicate, key)
    return trace


@compiled
def _one(who: int, term: int, replicate: int, key: Array) -> np.uint64:
    """Draw a block by a call of its own, as where each number is drawn when it is needed."""
    return _traced(who, term, replicate, key)


@compiled
def draw_in_bulk(names: Array, posts: Array, terms: int, last: int, keys: Array) -> np.uint64:
    """Draw a stream after another, at the addresses the kernel draws, for trajectories 0 to last.

    Args:
        names: Key of each school.
        posts: Number of each post.
        terms: Number of terms.
        last: Trajectories.
        keys: Key words of the streams, 5 x 2.

    Returns:
        All words folded into one.
    """
    trace = np.uint64(0)
    for replicate in range(last):
        trace ^= _row(names, 0, replicate, keys[START_STREAM])
        for t in range(terms):
            trace ^= _row(names, t, replicate, keys[SCHOOL_STREAM])
            if t % WORDS == 0:
                trace ^= _row(names, t // WORDS, replicate, keys[HEAD_STREAM])
            if t % POST_TERMS == 0:
                trace ^= _row(posts, t // POST_TERMS, replicate, keys[LEAD_STREAM])
    return trace


@compiled
def draw_one_by_one(names: Array, posts: Array, terms: int, last: int, keys: Array) -> np.uint64:
    """Draw the same blocks, each by a call of its own: no two side by side.

    Args:
        names: Key of each school.
        posts: Number of each post.
        terms: Number of terms.
        last: Trajectories.
        keys: Key words of the streams, 5 x 2.

    Returns:
        All words folded into one.
    """
    trace = np.uint64(0)
    for replicate in range(last):
        for i in range(names.size):
            trace ^= _one(names[i], 0, replicate, keys[START_STREAM])
        for t in range(terms):
            for i in range(names.size):
                trace ^= _one(names[i], t, replicate, keys[SCHOOL_STREAM])
                if t % WORDS == 0:
                    trace ^= _one(names[i], t // WORDS, replicate, keys[HEAD_STREAM])
            if t % POST_TERMS == 0:
                for s in range(posts.size):
                    trace ^= _one(posts[s], t // POST_TERMS, replicate, keys[LEAD_STREAM])
    return trace


def addresses(setting: Setting) -> tuple[Array, Array, int]:
    """Return the schools' keys, the posts' numbers and the terms of a setting without offers.

    Raises:
        ValueError: Schools arrive by offers, which are not drawn here.
    """
    if setting.policy["offered"][0]:
        raise ValueError("offers are not among the blocks drawn here")
    names = np.ascontiguousarray(setting.school["key"])
    return names, np.arange(setting.lead_slots(), dtype=np.uint32), setting.terms
