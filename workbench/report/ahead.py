"""What the reviews of all schools of a trust share, worked out before the first is asked for."""

from __future__ import annotations

from workbench.report.school import review_school
from workbench.report.school_pillars import school_pillars
from workbench.trust.load import Trust


def review_ahead(trust: Trust) -> None:
    """Review one school, so that what is the same for all is remembered by the trust.

    It draws nothing and starts no thread: a process may do it and fork afterwards.

    Raises:
        BadInput: What the review needs cannot be read.
    """
    longest_there = trust.schools.sort_values(["joined", "urn"])["urn"].iloc[0]
    school_pillars(review_school(trust, int(longest_there)))
