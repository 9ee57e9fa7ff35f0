"""Random numbers by address: known answers, ranges and independence of one stream from another."""

import numpy as np

from workbench.growth.kernel.philox import philox, stream_key, uniforms
from workbench.growth.oracle_parts import philox as plain_philox

ALL_ONES = 0xFFFFFFFF
# Known answers of Philox4x32-10 from Random123 (Salmon et al. 2011).
KNOWN = {
    (0, 0, 0, 0, 0, 0): (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
    (ALL_ONES,) * 6: (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
}


def test_compiled_and_plain_generators_give_the_known_answers() -> None:
    for address, words in KNOWN.items():
        assert tuple(int(word) for word in philox(*address)) == words
        assert plain_philox(address[:4], address[4:]) == words


def test_uniforms_lie_strictly_between_0_and_1_and_fill_the_range() -> None:
    drawn = uniforms(7, "any", 20_001)
    assert 0 < drawn.min() < 0.001
    assert 0.999 < drawn.max() < 1
    # Kolmogorov-Smirnov distance at 1% for n = 20,001 is 1.63 / sqrt(n) = 0.0115.
    steps = (np.arange(len(drawn)) + 0.5) / len(drawn)
    assert np.abs(np.sort(drawn) - steps).max() < 0.0115


def test_a_stream_depends_on_seed_and_name_alone() -> None:
    assert stream_key(1, "a") != stream_key(1, "b")
    assert stream_key(1, "a") != stream_key(2, "a")
    assert np.array_equal(uniforms(1, "a", 5), uniforms(1, "a", 9)[:5])
