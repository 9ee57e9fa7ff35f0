"""What paper can show, and where a long word may be broken."""

from __future__ import annotations

import pytest

from workbench.report.letters import with_breaks, writable


@pytest.mark.parametrize("text", ["plain", "\u00a3 \u2212 \u00e9\u00fc \u2026", "a\tb\nc", ""])
def test_what_can_be_shown_stays(text: str) -> None:
    assert writable(text) == text


@pytest.mark.parametrize("sign", ["\u4e2d", "\ud800", "\x07", "\ue123"])
def test_a_sign_without_a_picture_is_replaced(sign: str) -> None:
    assert writable(f"a{sign}b") == "a\u25a1b"


def test_a_sign_that_was_lost_before_is_not_taken_for_a_letter_that_cannot_be_read() -> None:
    assert writable("a\ufffdb") == "a\u25a1b"


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200b", "\ufeff"])
def test_a_sign_that_turns_or_hides_is_left_out(sign: str) -> None:
    assert writable(f"a{sign}b") == "ab"


def test_only_words_that_are_too_long_may_be_broken() -> None:
    assert with_breaks("short and neat, looong", 5) == "short and neat, " + "\u200b".join("looong")
