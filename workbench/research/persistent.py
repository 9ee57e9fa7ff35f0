"""How many pupils are persistently absent, by school, with small numbers held back."""

from __future__ import annotations

import pandas as pd

from workbench.measures.suppression import Published, publish_counts
from workbench.pillars.indicator import counted
from workbench.pillars.scope import Scope
from workbench.research.half_terms import half_terms

ABSENT, OTHERS = "persistently absent", "other pupils"


def persistent_absence(scope: Scope) -> tuple[Published, str] | None:
    """Return counts of pupils by school and the half-term they are of; None without any.

    The latest half-term is taken, on whichever day a school began it. Schools whose number for it
    is not known are left out, and so are their pupils; how many they are is said. Numbers under the
    declared fewest pupils are held back, with as many others as keep them from being worked out
    from the totals: who is one of three pupils can be known in a playground.

    Args:
        scope: The trust.

    Returns:
        The table with its totals, schools (URN as text) by persistently absent and other pupils,
        and the half-term in words, with how many schools are left out.
    """
    table = scope.trust.tables["attendance"]
    known = table[
        table["persistently_absent"].notna() & (table["ends"] <= pd.Timestamp(scope.as_of))
    ].sort_values("begins")
    if known.empty:
        return None
    half_term = half_terms(known["begins"])
    latest = known[half_term == half_term.max()].drop_duplicates("urn", keep="last")
    latest = latest.sort_values("urn")
    counts = pd.DataFrame(
        {
            ABSENT: latest["persistently_absent"].to_numpy("int64"),
            OTHERS: (latest["pupils"] - latest["persistently_absent"]).to_numpy("int64"),
        },
        index=latest["urn"].astype(str),
    )
    fewest = int(scope.settings.pillars.windows.fewest_pupils.value)
    begins, ends = latest["begins"].min(), latest["ends"].max()
    silent = len(scope.trust.schools) - len(latest)
    left_out = f"; without {counted(silent, 'school')} that gave no number" if silent else ""
    return publish_counts(counts, threshold=fewest), f"{begins:%B} to {ends:%B %Y}{left_out}"
