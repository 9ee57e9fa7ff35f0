"""How many sources a judgement truly rests on, and how far they are apart.

The mistake avoided is to count one author's sources as triangulation: a self-review, an action plan
and a presentation by the same person are one voice in three places.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from workbench.errors import BadInput


@dataclass(frozen=True)
class Finding:
    """What one source says.

    Attributes:
        family: The kind of source, such as survey, visit or records.
        author: Who wrote it.
        band: How good it says things are, 0 to 3.
        day: When it was found; None where not known.
    """

    family: str
    author: str
    band: int
    day: date | None = None

    def __post_init__(self) -> None:
        if not self.family.strip() or not self.author.strip():
            raise BadInput(
                f"a finding of family '{self.family}' and author '{self.author}' cannot be placed",
                rule="both are named",
                mend="name who wrote it and what kind of source it is",
            )
        if self.band not in range(4):
            raise BadInput(f"a band of {self.band} cannot be", rule="0 to 3", mend="mend the band")


def independent_families(findings: Iterable[Finding]) -> int:
    """Return the most findings of which no two share a family or an author.

    A maximum matching between families and authors (J. E. Hopcroft and R. M. Karp, "An n^5/2
    algorithm for maximum matchings in bipartite graphs", SIAM Journal on Computing 2, 1973):
    families that have only one author between them count once, and so does an author of many.
    """
    pairs = {(finding.family, finding.author) for finding in findings}
    families = {name: index for index, name in enumerate(sorted({pair[0] for pair in pairs}))}
    authors = {name: index for index, name in enumerate(sorted({pair[1] for pair in pairs}))}
    if not pairs:
        return 0
    joined = np.zeros((len(families), len(authors)), dtype=np.int8)
    for family, author in pairs:
        joined[families[family], authors[author]] = 1
    matched = maximum_bipartite_matching(csr_array(joined), perm_type="column")
    return int((matched >= 0).sum())


def disagreement(findings: Iterable[Finding]) -> int | None:
    """Return the range of the families' latest bands, 0 to 3; None with fewer than two families.

    A finding without a day counts as older than any with one. Of a family's findings on the same
    latest day the lowest band counts.
    """
    latest: dict[str, tuple[date, int]] = {}
    for finding in findings:
        # Later days go first, and on the same day lower bands.
        found = (finding.day or date.min, -finding.band)
        latest[finding.family] = max(found, latest.get(finding.family, found))
    bands = [-negative for _, negative in latest.values()]
    return max(bands) - min(bands) if len(bands) > 1 else None
