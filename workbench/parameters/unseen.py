"""Characters that nobody sees and that change what a text says: none may stand in what people read.

They turn words around, hide in them, or end them for one program and not for another.

Source of the idea: The Unicode Consortium, Unicode Technical Report 36, "Unicode Security
Considerations".
"""

from __future__ import annotations

import re

UNSEEN = (
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
"""A pattern of one such character: control and format characters, and those that are no letters."""
_UNSEEN = re.compile(f"{UNSEEN}|[\ud800-\udfff]")  # halves of letters: YAML can spell them


def holds_unseen(text: str) -> bool:
    """Return whether a text holds a character that cannot be seen; line breaks are some."""
    return _UNSEEN.search(text) is not None
