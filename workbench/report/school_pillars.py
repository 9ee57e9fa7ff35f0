"""The seven pillars as they show at one school, beside schools like it and its trust."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from workbench.charts.wording import capital, count, listed, number
from workbench.measures.control_charts import ControlChart
from workbench.pillars.change import Change, change_since_last_term
from workbench.pillars.evidence_sides import sides
from workbench.pillars.profile import Profile, profile
from workbench.pillars.scope import Scope
from workbench.report.help_words import help_given_said, helpers_table
from workbench.report.language import headline, profile_finding
from workbench.report.pillar_pages import pillar_questions, survey_rows
from workbench.report.school import SchoolReview
from workbench.research.comparisons import PHASE_GROUPS, Compared, comparisons_of
from workbench.research.neighbours import (
    Comparison,
    Neighbours,
    NotEnough,
    compare,
    neighbours,
    neighbours_within,
)
from workbench.research.panel import panel_given
from workbench.research.trends import FEWEST_PEERS, Trend, absence_trends
from workbench.research.who_can_help import help_matches

OUTCOMES = {
    "absence_percent": ("Absence", "% of sessions"),
    "persistent_absence_percent": ("Persistent absence", "% of pupils"),
    "key_stage_2_expected_percent": ("Key stage 2 expected", "% of pupils"),
    "attainment_8": ("Attainment 8", "points"),
    "progress_8": ("Progress 8", "points"),
}
MIXED_PEERS = (
    f"It is set beside schools of all phases, for want of {FEWEST_PEERS} others of its own: a "
    "signal may be one of the phase."
)


@dataclass(frozen=True, eq=False)
class SchoolPillars:
    """What the pillars and schools like it say of one school.

    Attributes:
        profile: The seven pillars as they show at the school.
        change: What changed since the end of the term before; None where it was not there yet.
        sides: What each side says of it, as `evidence_sides.sides`.
        trend: Its absence from half-term to half-term; None without attendance.
        compared: The funnels it stands in.
        neighbours: Its statistical neighbours, or why there are none.
        of_england: Whether they were sought in all England, not only in the trust.
        outcomes: Its outcomes beside theirs, by measure.
        matches: Needs of the school with those who could help, and needs that it could help with.
    """

    profile: Profile
    change: Change | None
    sides: pd.DataFrame
    trend: Trend | None
    compared: tuple[Compared, ...]
    neighbours: Neighbours | NotEnough
    of_england: bool
    outcomes: dict[str, Comparison]
    matches: pd.DataFrame

    @property
    def scope(self) -> Scope:
        """What was measured."""
        return self.profile.scope

    @property
    def headline(self) -> str:
        """The finding in two or three sentences."""
        return headline(self.profile, self.scope.name)


def school_pillars(review: SchoolReview) -> SchoolPillars:
    """Gather what the pillars say of the school under review."""
    trust, urn = review.trust, review.urn
    scope = Scope(trust, review.settings, urn)
    found = profile(scope)
    panel = panel_given(trust)
    alike = neighbours_within(trust, urn) if panel is None else neighbours(panel, urn)
    beside = (
        {}
        if isinstance(alike, NotEnough)
        else {
            measure: one
            for measure in OUTCOMES
            if not isinstance(one := compare(alike, measure), NotEnough)
        }
    )
    matches = help_matches(trust)
    mine = matches["URN"].eq(urn) | matches["Helper URN"].eq(urn).fillna(False)
    trends = absence_trends(scope)
    return SchoolPillars(
        profile=found,
        change=change_since_last_term(scope, found),
        sides=sides(scope),
        trend=trends[0] if trends else None,
        compared=tuple(
            one for one in comparisons_of(trust, review.settings) if urn in one.funnel.units.index
        ),
        neighbours=alike,
        of_england=panel is not None,
        outcomes=beside,
        matches=matches[mine.astype(bool)],
    )


def compared_said(found: SchoolPillars) -> tuple[str, ...]:
    """Say where the school stands in each funnel."""
    if not found.compared:
        phase = str(_school(found)["phase"])
        return (
            f"It cannot be compared: there are too few {PHASE_GROUPS[phase]} schools with numbers "
            "in the trust, and no schools of England in its folder.",
        )
    lines = []
    for one in found.compared:
        row = one.funnel.units.loc[[found.scope.urn]].iloc[0]
        value = f"{number(float(row['value']), 1)}{_unit(one.unit)}"
        mean = f"{number(one.funnel.centre, 1)}{_unit(one.unit)}"
        place = (
            "no further from it than chance and the schools' differences would make it"
            if row["place"] == "within"
            else f"{row['side']} it, {row['place']} of what chance and the schools' differences do"
        )
        lines.append(
            f"{one.measure}, {one.period}: {value}; the mean of {one.against} is {mean}. It is "
            f"{place}."
        )
    return tuple(lines)


def trend_said(found: SchoolPillars) -> str:
    """Say what the control chart of its absence shows."""
    trend = found.trend
    if trend is None:
        return "There is no attendance by half-term to follow."
    if not isinstance(trend.chart, ControlChart):
        points = count(trend.chart.points, "half-term")
        be = "is" if trend.chart.points == 1 else "are"
        return (
            f"{capital(points)} {be} not enough to tell a signal from noise: it takes "
            f"{trend.chart.needed}."
        )
    mixed = "" if trend.own_phase else f" {MIXED_PEERS}"
    if trend.chart.variation == "common cause":
        return (
            "Against its peers its absence varies as it always has: nothing needs explaining."
            f"{mixed}"
        )
    way = "worse" if trend.chart.variation == "concern" else "better"
    return (
        f"Its absence has got {way} against that of its peers, beyond noise: what happened?{mixed}"
    )


def sides_said(found: SchoolPillars) -> str:
    """Say on how many sides each area is seen, and where they differ."""
    frame = found.sides
    if frame.empty:
        return "No source has judged the school in the recent terms: there is nothing to compare."
    areas = frame.drop_duplicates("area")
    apart = areas.loc[areas["bands_apart"] >= 2, "area"]
    alone = areas.loc[areas["flags"].str.contains("single source"), "area"]
    one_voice = areas.loc[areas["flags"].str.contains("one author"), "area"]
    parts = [f"{capital(count(len(areas), 'area'))} judged in the recent terms."]
    if len(apart):
        parts.append(f"Sources differ by two bands or more on {listed(apart)}: look there first.")
    if len(alone):
        parts.append(f"On {listed(alone)} there is a single source: nothing confirms it.")
    if len(one_voice):
        parts.append(f"On {listed(one_voice)} several sources carry one author's voice.")
    return " ".join(parts)


def surveys_table(found: SchoolPillars) -> pd.DataFrame:
    """Return what its staff, parents and pupils say, with how many answered."""
    return survey_rows(found.scope)


def neighbours_said(found: SchoolPillars) -> tuple[str, ...]:
    """Say who the statistical neighbours are, how alike, and which differences remain."""
    alike = found.neighbours
    if isinstance(alike, NotEnough):
        return (f"Schools like it cannot be found: it takes {listed(alike.missing)}.",)
    lines = [
        f"{capital(count(len(alike.schools), 'school'))} most like it by intake, sought among "
        f"schools of one kind: {alike.group} ({alike.scope}). "
        f"The match is {alike.alike.removesuffix(' match')}."
    ]
    uneven = alike.balance.loc[~alike.balance["balanced"].astype(bool), "what"]
    if len(uneven):
        lines.append(f"Still unlike its neighbours in {listed(uneven)}: allow for that.")
    return tuple(lines)


def neighbours_table(found: SchoolPillars) -> pd.DataFrame:
    """Return the school's outcomes beside its neighbours', each with n and the middle half."""
    rows = []
    for measure, one in found.outcomes.items():
        words, unit = OUTCOMES[measure]
        rows.append(
            {
                "Outcome": f"{words}, {unit}",
                "Year": one.period,
                "This school": number(one.value, 1),
                "Neighbours' median": number(one.median, 1),
                "Their middle half": f"{number(one.lower_quartile, 1)} to "
                f"{number(one.upper_quartile, 1)}",
                "Neighbours counted": f"{one.n} of {one.of}",
            }
        )
    return pd.DataFrame(rows)


def help_table(found: SchoolPillars) -> pd.DataFrame:
    """Return who could help it with each of its needs; no row where no need is on record."""
    return helpers_table(found.matches, _urn(found))


def help_lines(found: SchoolPillars) -> tuple[str, ...]:
    """Return whom it could help, or that nothing is known of that."""
    nothing = "No school is known to have a need that it could help with."
    own = [] if len(help_table(found)) else ["No need of its own is on record."]
    return (*own, *(help_given_said(found.matches, _urn(found)) or (nothing,)))


def glance(found: SchoolPillars, questions: int) -> tuple[Markup, ...]:
    """Return what the pillars and those who know the school add to the first words on it.

    Args:
        found: What the pillars say.
        questions: How many other questions there are; those of the pillars are counted here.
    """
    lines = [("Pillars", f"{profile_finding(found.profile)}.")]
    if found.trend is not None:
        lines.append(("Absence over time", trend_said(found)))
    if not found.sides.empty:
        lines.append(("What different people say", sides_said(found)))
    pillars = len(pillar_questions(found.profile))
    beside = f", {pillars} of them from the pillars" if pillars and questions else ""
    asked = f"{capital(count(questions + pillars, 'question'))} to ask, below{beside}."
    lines.append(("Questions", asked))
    return tuple(
        Markup("<p><strong>{}:</strong> {}</p>").format(name, words) for name, words in lines
    )


def _urn(found: SchoolPillars) -> int:
    urn = found.scope.urn
    assert urn is not None  # these are one school's pillars
    return urn


def _school(found: SchoolPillars) -> pd.Series:
    schools = found.scope.trust.schools
    return schools[schools["urn"] == found.scope.urn].iloc[0]


def _unit(unit: str) -> str:
    return unit if unit.startswith("%") else f" {unit}"
