"""The figures that the pillars add to a school's review."""

from __future__ import annotations

from workbench.charts.control import control_plot
from workbench.charts.figure import Figure
from workbench.charts.neighbours import neighbour_comparison
from workbench.charts.pillar_profile import pillar_profile
from workbench.charts.sides import sides_matrix
from workbench.charts.wording import day
from workbench.parameters.research import load_research
from workbench.report.language import profile_finding
from workbench.report.pillar_pages import pillar_marks
from workbench.report.school_pillars import SchoolPillars
from workbench.report.trust_charts import funnel_figure
from workbench.research.neighbours import NotEnough
from workbench.terms import Term


def pillars(found: SchoolPillars) -> Figure:
    """Return the seven pillars as they show at the school."""
    return pillar_profile(
        pillar_marks(found.profile, found.change),
        headline=profile_finding(found.profile),
        whose=found.scope.name,
        as_of=day(found.scope.as_of),
    )


def sides(found: SchoolPillars) -> tuple[Figure, ...]:
    """Return what each side says of the school, area by area."""
    if found.sides.empty:
        return ()
    period = f"{Term.of(found.scope.recent_from)} to {found.scope.term}"
    source = "the trust's own tables."
    return (sides_matrix(found.sides, school=found.scope.name, period=period, source=source),)


def trend(found: SchoolPillars) -> tuple[Figure, ...]:
    """Return the control chart of the school's absence."""
    one = found.trend
    if one is None:
        return ()
    return (
        control_plot(
            one.chart,
            list(one.values),
            list(one.periods),
            key="absence-trend",
            measure="Absence against "
            + ("its peers" if one.own_phase else "schools of all phases"),
            unit="percentage points",
            whose=found.scope.name,
            source="the trust's own attendance table.",
            direction="down",
        ),
    )


def funnels(found: SchoolPillars) -> tuple[Figure, ...]:
    """Return the funnels that the school stands in, the school pointed out."""
    trust = found.scope.trust
    names = dict(zip(trust.schools["urn"].tolist(), trust.schools["name"].tolist(), strict=True))
    return tuple(funnel_figure(one, names, trust.name, found.scope.urn) for one in found.compared)


def neighbours(found: SchoolPillars) -> tuple[Figure, ...]:
    """Return the school's outcomes beside those of schools like it."""
    alike = found.neighbours
    if isinstance(alike, NotEnough) or not found.outcomes:
        return ()
    source = (
        "published figures of the Department for Education."
        if found.of_england
        else "published numbers in the trust's own tables."
    )
    return (
        neighbour_comparison(
            alike,
            list(found.outcomes.values()),
            school=found.scope.name,
            source=source,
            fewest=int(load_research().neighbours.fewest_compared.value),
        ),
    )
