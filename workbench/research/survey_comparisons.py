"""What staff say at each school against what chance would do with as many answers."""

from __future__ import annotations

from workbench.measures.funnels import binomial_funnel
from workbench.pillars.indicator import counted
from workbench.pillars.scope import Scope
from workbench.pillars.surveys import Survey, agreement_by_school, latest_wave
from workbench.research.comparisons import Compared

# Statement, what agreeing with it is called, and the short name of the comparison.
STATEMENTS: tuple[tuple[Survey, str, str, str], ...] = (
    ("staff_survey", "our_vision", "Staff who share the vision", "staff-share-vision"),
    ("parent_survey", "school_improving", "Parents who find the school better", "parents-better"),
)
FEWEST_SCHOOLS = 3  # two would each be compared with the other


def survey_comparisons(scope: Scope) -> tuple[Compared, ...]:
    """Return the schools of a trust by their answers, where enough of them have a figure to show.

    Answers are counted, so the limits are the exact binomial ones around the share of all answers
    shown. Schools whose figure is held back have no part in it.

    Args:
        scope: The trust.
    """
    found = []
    for table, item, measure, key in STATEMENTS:
        wave = latest_wave(scope, table)
        rows = agreement_by_school(scope.trust, scope.settings, table, item).set_index("urn")
        shown = rows[rows["n"].notna()].astype({"agree": "int64", "n": "int64"})
        if wave is None or len(shown) < FEWEST_SCHOOLS:
            continue
        silent = len(rows) - len(shown)
        schools = counted(silent, "school")
        found.append(
            Compared(
                key=key, measure=measure, unit="% of answers", phase="all phases",
                period=str(wave), source="the trust's own surveys.",
                funnel=binomial_funnel(shown["agree"], shown["n"]),
                size="answers", size_factor=1.0,
                against=f"{counted(len(shown), 'school')} of the trust",
                left_out=f"{schools} without a figure or held back" if silent else "",
            )
        )  # fmt: skip
    return tuple(found)
