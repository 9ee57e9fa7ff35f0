"""A trajectory's luck: every uniform it may need, drawn by address before it starts.

Drawing a whole stream in one plain loop lets the compiler work on several blocks at once, which is
several times faster than drawing where a number is needed; and the same draws serve every number
of joiners, since luck does not depend on it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from workbench.growth.kernel.compiled import compiled, inlined
from workbench.growth.kernel.layout import (
    HEAD_STREAM,
    LEAD_STREAM,
    OFFER_STREAM,
    SCHOOL_STREAM,
    START_STREAM,
)
from workbench.growth.kernel.philox import philox, unit

Array = Any
WORDS = 4
POST_TERMS = 2  # terms of a lead post that one block serves


class Luck(NamedTuple):
    """Uniform draws in (0, 1) of one trajectory.

    Attributes:
        start: For each school at the start: truth, frailty, what is known, 4 x n.
        school: For each term and school: quality, sight, visit, verdict, terms x 4 x n.
        head: For each term and school's head, (terms rounded up to fours) x n.
        lead: For each term and lead post: leaving, arriving, (terms rounded up to twos) x 2 x
            posts.
        offer: For each term and school: offer, kind of offer, terms x 2 x n; 0 x 2 x n if none.
    """

    start: Array
    school: Array
    head: Array
    lead: Array
    offer: Array


@compiled
def cast_lots(luck: Luck, replicate: int, names: Array, keys: Array, terms: int) -> None:
    """Draw all the luck of a trajectory.

    Args:
        luck: Out.
        replicate: Number of the events.
        names: Key of each school, which is part of the address.
        keys: Key words of the random streams, 5 x 2.
        terms: Number of terms.
    """
    _draw_four(luck.start, replicate, names, keys[START_STREAM], 0)
    for t in range(terms):
        _draw_four(luck.school[t], replicate, names, keys[SCHOOL_STREAM], t)
        if t % WORDS == 0:
            _draw_four(luck.head[t : t + WORDS], replicate, names, keys[HEAD_STREAM], t // WORDS)
        if t % POST_TERMS == 0:
            _draw_posts(
                luck.lead[t : t + POST_TERMS], replicate, keys[LEAD_STREAM], t // POST_TERMS
            )
    for t in range(luck.offer.shape[0]):
        _draw_two(luck.offer[t], replicate, names, keys[OFFER_STREAM], t)


@inlined
def _draw_four(out: Array, replicate: int, names: Array, key: Array, term: int) -> None:
    k0, k1 = key[0], key[1]
    for i in range(names.size):
        a, b, c, d = philox(names[i], term, replicate, 0, k0, k1)
        out[0, i], out[1, i], out[2, i], out[3, i] = unit(a), unit(b), unit(c), unit(d)


@inlined
def _draw_two(out: Array, replicate: int, names: Array, key: Array, term: int) -> None:
    k0, k1 = key[0], key[1]
    for i in range(names.size):
        a, b, _, _ = philox(names[i], term, replicate, 0, k0, k1)
        out[0, i], out[1, i] = unit(a), unit(b)


@inlined
def _draw_posts(out: Array, replicate: int, key: Array, term: int) -> None:
    k0, k1 = key[0], key[1]
    for post in range(out.shape[2]):
        a, b, c, d = philox(post, term, replicate, 0, k0, k1)
        out[0, 0, post], out[0, 1, post] = unit(a), unit(b)
        out[1, 0, post], out[1, 1, post] = unit(c), unit(d)
