"""What the gate found: where, what, which rule it breaks, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

_LONGEST = 120


@dataclass(frozen=True)
class Finding:
    """Something in a finished file that may not leave the trust.

    Attributes:
        file: The file.
        place: Where in it, in words.
        what: What stands there.
        rule: The rule it breaks.
        mend: What to do about it.
        may_be_accepted: Whether two people may say, with a reason, that it is no fault: a number
            may count something else, and words may be the board's own. A name may not be.
    """

    file: str
    place: str
    what: str
    rule: str
    mend: str
    may_be_accepted: bool = False

    @property
    def key(self) -> str:
        """A short key that stays the same while the finding does."""
        return sha256("\0".join((self.file, self.place, self.what)).encode()).hexdigest()[:8]


def excerpt(text: str, begins: int = 0, ends: int | None = None) -> str:
    """Return a passage of a text with a little of what stands around it."""
    ends = len(text) if ends is None else ends
    first = max(0, begins - 30)
    last = min(len(text), max(ends, first) + 30, first + _LONGEST)
    return f"{'...' if first else ''}{text[first:last].strip()}{'...' if last < len(text) else ''}"
