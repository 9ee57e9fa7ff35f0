"""What the reviews of all schools of a trust share, worked out before the first is asked for."""

from __future__ import annotations

from workbench.report.school import review_school
from workbench.report.school_pillars import school_pillars
from workbench.research.neighbours import know_groups
from workbench.research.panel import panel_given
from workbench.trust.load import Trust


def review_ahead(trust: Trust) -> None:
    """Review one school, so that what is the same for all is remembered by the trust.

    So are, for schools of every phase, all schools of England among which theirs are sought: to
    tell how like a school its neighbours are takes as long as half a review.

    It draws nothing and starts no thread: a process may do it and fork afterwards.

    Raises:
        BadInput: What the review needs cannot be read.
    """
    longest_there = trust.schools.sort_values(["joined", "urn"])["urn"].iloc[0]
    school_pillars(review_school(trust, int(longest_there)))
    panel = panel_given(trust)
    if panel is not None:
        know_groups(panel, trust.schools["urn"])
