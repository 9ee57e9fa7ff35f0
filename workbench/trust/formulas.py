"""Text that a spreadsheet program would run, and how it is disarmed in every CSV we write."""

from __future__ import annotations

import re

# The wide forms are signs of a formula to spreadsheet programs set up for East Asian languages.
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def without_formula(text: str) -> str:
    """Return text that no spreadsheet program takes for a formula; numbers stay as they are."""
    if text.startswith(_STARTS_FORMULA) and _NUMBER.fullmatch(text) is None:
        return f"'{text}"
    return text
