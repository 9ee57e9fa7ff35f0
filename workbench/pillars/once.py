"""Work that a review asks for a dozen times, done once for each trust."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from workbench.trust.load import Trust

Asked = ParamSpec("Asked")
Found = TypeVar("Found")


def once_a_trust(
    work: Callable[Concatenate[Trust, Asked], Found],
) -> Callable[Concatenate[Trust, Asked], Found]:
    """Let a function be worked out once for a trust and what else it is asked, and remembered.

    What it returned is forgotten together with the trust, so it must not hold the trust itself;
    and nobody may change it, as the next to ask is given the same.

    Args:
        work: Takes a trust first; everything else it takes can be hashed.
    """
    known: WeakKeyDictionary[Trust, dict[object, Found]] = WeakKeyDictionary()

    @wraps(work)
    def remembered(trust: Trust, /, *args: Asked.args, **kwargs: Asked.kwargs) -> Found:
        of_trust = known.setdefault(trust, {})
        asked = (args, tuple(sorted(kwargs.items())))
        if asked not in of_trust:
            of_trust[asked] = work(trust, *args, **kwargs)
        return of_trust[asked]

    return remembered
