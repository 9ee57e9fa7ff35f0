"""Random numbers by counter: Philox4x32-10, one key for each named stream.

A draw is a function of its address alone (seed, stream, replicate, school, term) and never of what
was drawn before it. So scenarios share luck school by school, a new mechanism shifts no other draw,
and any split of the work over threads or machines gives the same bytes.

Source: Salmon, Moraes, Dror and Shaw (2011), Parallel random numbers: as easy as 1, 2, 3.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from workbench.growth.kernel.compiled import compiled, inlined

TWO_TO_MINUS_32 = 2.0**-32


@inlined
def philox(  # noqa: PLR0917 - a counter and a key of plain words
    c0: int, c1: int, c2: int, c3: int, k0: int, k1: int
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four 32-bit words of one block, each held in 64 bits.

    Args:
        c0: First word of the counter.
        c1: Second word of the counter.
        c2: Third word of the counter.
        c3: Fourth word of the counter.
        k0: First word of the key.
        k1: Second word of the key.
    """
    mask = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    # Told that these have 32 bits, the compiler multiplies the words of several blocks at once.
    x0, x1, x2, x3 = np.uint64(c0) & mask, np.uint64(c1) & mask, np.uint64(c2) & mask, np.uint64(c3)
    x3, y0, y1 = x3 & mask, np.uint64(k0) & mask, np.uint64(k1) & mask
    for _ in range(10):
        left = np.uint64(0xD2511F53) * x0
        right = np.uint64(0xCD9E8D57) * x2
        x0 = (right >> half) ^ x1 ^ y0
        x1 = right & mask
        x2 = (left >> half) ^ x3 ^ y1
        x3 = left & mask
        y0 = (y0 + np.uint64(0x9E3779B9)) & mask
        y1 = (y1 + np.uint64(0xBB67AE85)) & mask
    return x0, x1, x2, x3


@inlined
def unit(word: np.uint64) -> float:
    """Map a 32-bit word to the middle of its cell in (0, 1)."""
    return (np.float64(word) + 0.5) * TWO_TO_MINUS_32


@compiled
def _fill(out: npt.NDArray[np.float64], k0: int, k1: int) -> None:
    for block in range((out.size + 3) // 4):
        words = philox(block, 0, 0, 0, k0, k1)
        for word in range(min(4, out.size - 4 * block)):
            out[4 * block + word] = unit(words[word])


def stream_key(seed: int, name: str) -> tuple[int, int]:
    """Return the two key words of a named stream."""
    digest = hashlib.sha256(f"{seed}\0{name}".encode()).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:8], "little")


def uniforms(seed: int, name: str, count: int) -> npt.NDArray[np.float64]:
    """Return the first `count` uniforms in (0, 1) of a named stream."""
    out = np.empty(count)
    _fill(out, *stream_key(seed, name))
    return out
