"""How many pupils are persistently absent, by school, with small numbers held back."""

from __future__ import annotations

import pandas as pd

from workbench.measures.suppression import Published, publish_counts
from workbench.pillars.scope import Scope

ABSENT, OTHERS = "persistently absent", "other pupils"


def persistent_absence(scope: Scope) -> tuple[Published, str] | None:
    """Return counts of pupils by school and the half-term they are of; None without any.

    The latest half-term is taken; schools whose number is not known are left out, and so are their
    pupils. Numbers under the declared fewest pupils are held back, with as many others as keep them
    from being worked out from the totals: who is one of three pupils can be known in a playground.

    Args:
        scope: The trust.

    Returns:
        The table with its totals, schools (URN as text) by persistently absent and other pupils,
        and the half-term in words.
    """
    table = scope.trust.tables["attendance"]
    known = table[
        table["persistently_absent"].notna() & (table["ends"] <= pd.Timestamp(scope.as_of))
    ]
    latest = known[known["begins"] == known["begins"].max()]
    if latest.empty:
        return None
    counts = pd.DataFrame(
        {
            ABSENT: latest["persistently_absent"].to_numpy("int64"),
            OTHERS: (latest["pupils"] - latest["persistently_absent"]).to_numpy("int64"),
        },
        index=latest["urn"].astype(str),
    )
    fewest = int(scope.settings.pillars.windows.fewest_pupils.value)
    begins, ends = latest["begins"].iloc[0], latest["ends"].max()
    return publish_counts(counts, threshold=fewest), f"{begins:%B} to {ends:%B %Y}"
