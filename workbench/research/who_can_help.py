"""Who can help whom: the needs of schools beside the strengths of others, by area.

It is what standard reporting is for: "who has what others need" needs every school described alike
(Forum Education, MAT Development: 7 Pillars of Improvement at Scale, 2017). For each need the
schools with a strength in the same area are ranked, with the way there, the days they have free,
and the reasons. A list opens a conversation between heads; it settles nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench import paths
from workbench.parameters.golden_rule import GoldenRulePolicy, load_golden_rule
from workbench.parameters.load import load_yaml
from workbench.parameters.model import ModelParameters, Support
from workbench.parameters.research import load_research
from workbench.pillars.capacity_support import days_of_term
from workbench.pillars.indicator import counted
from workbench.pillars.once import once_a_trust
from workbench.pillars.reach import road_minutes
from workbench.pillars.standings import Standing, standings
from workbench.research.strengths import HELP_AREAS, WHOLE_SCHOOL, Known, known_by_area
from workbench.terms import Term
from workbench.trust.load import Trust
from workbench.trust.people import spells_on

_SEVERITY = {"urgent need": 0, "need": 1}
MATRIX_HEADINGS = ("URN", "School", *(area.capitalize() for area in HELP_AREAS))
MATCH_HEADINGS = (
    "URN", "School in need", "Area", "Need", "How known", "Rank", "Helper URN", "Helper", "Why",
    "Minutes by road", "Days free",
)  # fmt: skip


@dataclass(frozen=True)
class HelpSettings:
    """What the matching asks, as `parameters/` declares it.

    Attributes:
        policy: The golden rule's policy: how long a school must have been in the trust before it
            provides, and how old a declaration of free days may be.
        travel: Road factor, road speed and working day.
        urgent_days: Days of support an urgent need asks in a term, as the growth model has it.
        need_days: Days another need asks in a term, as the growth model has it.
        evidence_terms: Terms, the present one included, for which the trust's findings count.
        most_minutes: Farthest way by road that staff are asked to go.
        other_phase_minutes: What help from another phase weighs, as minutes of way.
        lone_source_minutes: What a strength that only one kind of source names weighs.
        own_needs_minutes: What it weighs that the helper has a need of its own.
    """

    policy: GoldenRulePolicy
    travel: Support
    urgent_days: float
    need_days: float
    evidence_terms: int
    most_minutes: float
    other_phase_minutes: float
    lone_source_minutes: float
    own_needs_minutes: float


@dataclass(frozen=True)
class Helper:
    """What a school could give, whatever the area.

    Attributes:
        urn: The school.
        name: Its name.
        phase: Its phase.
        days_declared: Days a term it last declared; None where none is known or too old.
        days_committed: Days this term of unfinished deployments that it gives, those of a long
            deployment spread over its terms so far.
        trained: Specialist leaders in post who are trained to deliver.
        has_needs: It has a need in some area itself.
        barred: Why it is not asked to help; empty where it may be.
    """

    urn: int
    name: str
    phase: str
    days_declared: float | None
    days_committed: float
    trained: int
    has_needs: bool
    barred: str

    @property
    def days_free(self) -> float | None:
        """Days still free; None where they are not known, never zero for that."""
        if self.days_declared is None:
            return None
        return max(0.0, self.days_declared - self.days_committed)


@dataclass(frozen=True)
class Match:
    """One school that could help with one need.

    Attributes:
        need: The need.
        helper: The school that could help.
        strength: What is known of its strength there.
        same_phase: Whether both are of one phase.
        minutes: By road, one way; None where a place is not known.
        weight: Minutes and what else weighs, as minutes; lower is better; None without minutes.
        why: The reasons, in sentences.
    """

    need: Known
    helper: Helper
    strength: Known
    same_phase: bool
    minutes: float | None
    weight: float | None
    why: str


@dataclass(frozen=True)
class Help:
    """Needs and who could meet them.

    Attributes:
        known: What is known of every school and area.
        helpers: Every school as a helper, by URN.
        needs: Every need, most severe first.
        matches: For each need, the schools that could help, best first.
        none: For each need that nobody could help with, why.
    """

    known: dict[tuple[int, str], Known]
    helpers: dict[int, Helper]
    needs: tuple[Known, ...]
    matches: dict[tuple[int, str], tuple[Match, ...]]
    none: dict[tuple[int, str], str]


def help_settings(preset: str = "workbench") -> HelpSettings:
    """Read the settings from the parameter files, with one golden rule preset.

    Raises:
        BadInput: A file cannot be read or breaks its schema, or there is no such preset.
    """
    model = load_yaml(paths.parameters() / "model.yaml", ModelParameters)
    asked = load_research().helping
    return HelpSettings(
        policy=load_golden_rule().policy(preset),
        travel=model.support,
        urgent_days=model.plan.need_urgent.value,
        need_days=model.plan.need_attention.value,
        evidence_terms=int(asked.evidence_terms.value),
        most_minutes=asked.most_minutes.value,
        other_phase_minutes=asked.other_phase_minutes.value,
        lone_source_minutes=asked.lone_source_minutes.value,
        own_needs_minutes=asked.own_needs_minutes.value,
    )


def who_can_help(trust: Trust, settings: HelpSettings) -> Help:
    """Match every need of a trust's schools with the schools that are strong there.

    A helper has a strength in the area, is settled in the trust, is in no grave need itself, and
    is within reach. Helpers with free days come first, then those whose days are not known; among
    them the nearest, with additions for another phase, a lone source and needs of their own.
    """
    known = known_by_area(trust, settings.policy, evidence_terms=settings.evidence_terms)
    helpers = _helpers(trust, known, settings)
    ways = _Ways.between(trust.schools, settings.travel)
    names = {urn: helper.name for urn, helper in helpers.items()}
    order = {area: place for place, area in enumerate(HELP_AREAS)}
    needs = sorted(
        (one for one in known.values() if one.state in _SEVERITY),
        key=lambda one: (_SEVERITY[one.state], names[one.urn], one.urn, order[one.area]),
    )
    strengths: dict[str, list[Known]] = {}
    for one in known.values():
        if one.state == "strength":
            strengths.setdefault(one.area, []).append(one)
    matches: dict[tuple[int, str], tuple[Match, ...]] = {}
    none: dict[tuple[int, str], str] = {}
    for need in needs:
        strong = [one for one in strengths.get(need.area, ()) if one.urn != need.urn]
        able = [one for one in strong if not helpers[one.urn].barred]
        found = [_match(need, one, helpers, ways, settings) for one in able]
        near = [one for one in found if one.minutes is None or
                one.minutes <= settings.most_minutes]  # fmt: skip
        with_days = [one for one in near if one.helper.days_free != 0]
        key = (need.urn, need.area)
        matches[key] = tuple(sorted(with_days, key=_rank))
        if not with_days:
            none[key] = _why_none(
                need, known, helpers,
                strong=strong, able=able, near=near, most=settings.most_minutes,
            )  # fmt: skip
    return Help(known, helpers, tuple(needs), matches, none)


def open_support(trust: Trust) -> pd.DataFrame:
    """Return deployments that wait or go on, with the days of each that fall to this term."""
    work = trust.support[trust.support["ended"].isna()]
    return work.assign(days=days_of_term(work, Term.of(trust.as_of)))


def help_matrix(trust: Trust, settings: HelpSettings | None = None) -> pd.DataFrame:
    """Return schools by areas, each strength, secure, need, urgent need, unknown or not applicable.

    Columns: `MATRIX_HEADINGS`, in the order of the schools' names.
    """
    settings = settings or help_settings()
    known = known_by_area(trust, settings.policy, evidence_terms=settings.evidence_terms)
    schools = trust.schools.sort_values(["name", "urn"])
    rows = [
        (int(urn), name, *(known[int(urn), area].state for area in HELP_AREAS))
        for urn, name in zip(schools["urn"], schools["name"], strict=True)
    ]
    return pd.DataFrame(rows, columns=list(MATRIX_HEADINGS))


def help_matches(
    trust: Trust, settings: HelpSettings | None = None, *, most: int = 3
) -> pd.DataFrame:
    """Return every need with the schools that could help, best first.

    Columns: `MATCH_HEADINGS`. Days free are words, for "days not known" is not zero. A need that
    nobody could help with has one row without a helper, which says why.

    Args:
        trust: The trust.
        settings: What the matching asks; the parameter files' unless given.
        most: Helpers shown for each need.
    """
    return _matches(trust, settings or help_settings(), most).copy(deep=False)


@once_a_trust
def _matches(trust: Trust, settings: HelpSettings, most: int) -> pd.DataFrame:
    found = who_can_help(trust, settings)
    rows: list[tuple[object, ...]] = []
    for need in found.needs:
        key = (need.urn, need.area)
        head = (need.urn, found.helpers[need.urn].name, need.area, need.state, need.how)
        for rank, match in enumerate(found.matches[key][:most], 1):
            helper = match.helper
            rows.append((*head, rank, helper.urn, helper.name, match.why, match.minutes,
                         days_in_words(helper.days_free)))  # fmt: skip
        if key in found.none:
            rows.append((*head, pd.NA, pd.NA, "nobody yet", found.none[key], None, ""))
    frame = pd.DataFrame(rows, columns=list(MATCH_HEADINGS))
    kinds = {"URN": "int64", "Rank": "Int64", "Helper URN": "Int64", "Minutes by road": "float64"}
    return frame.astype(kinds)


def days_in_words(days: float | None) -> str:
    """Return free days a term in words."""
    return "days not known" if days is None else counted_days(days)


def counted_days(days: float) -> str:
    """Return days with their noun."""
    return "1 day" if days == 1 else f"{days:.3g} days"


def _helpers(
    trust: Trust, known: dict[tuple[int, str], Known], settings: HelpSettings
) -> dict[int, Helper]:
    table = standings(trust)
    phases = trust.schools.set_index("urn")["phase"]
    committed = open_support(trust).groupby("provider_urn")["days"].sum()
    people = spells_on(trust.people, trust.as_of)
    trained = people[
        people["role"].eq("specialist leader")
        & people["status"].eq("filled")
        & people["trained_to_deliver"].eq(True).fillna(False)
    ]
    posts = trained.groupby("urn").size()
    out = {}
    for urn, name, standing in zip(table["urn"], table["name"], Standing.each(table), strict=True):
        fresh = standing.spare_days_age is not None and (
            standing.spare_days_age <= settings.policy.declared_terms.value
        )
        out[int(urn)] = Helper(
            urn=int(urn),
            name=str(name),
            phase=str(phases[urn]),
            days_declared=standing.spare_days if fresh else None,
            days_committed=float(committed.get(urn, 0.0)),
            trained=int(posts.get(urn, 0)),
            has_needs=any(known[int(urn), area].state in _SEVERITY for area in HELP_AREAS),
            barred=_barred(int(urn), standing, known, settings),
        )
    return out


def _barred(
    urn: int, standing: Standing, known: dict[tuple[int, str], Known], settings: HelpSettings
) -> str:
    """Say why a school is not asked to help, whatever its strengths."""
    if standing.category is not None:
        return "in a category of concern"
    if standing.safeguarding_met is False:
        return "safeguarding not met"
    if any(known[urn, area].state == "urgent need" for area in HELP_AREAS):
        return "in urgent need itself"
    least = settings.policy.settled_terms.value
    if standing.terms_in_trust is not None and standing.terms_in_trust < least:
        return f"in the trust for {counted(standing.terms_in_trust, 'term')}, {least:g} are asked"
    return ""


@dataclass(frozen=True)
class _Ways:
    """Minutes by road between schools, each pair found at once: a large trust has many."""

    minutes: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    place: dict[int, int]

    @classmethod
    def between(cls, schools: pd.DataFrame, travel: Support) -> _Ways:
        minutes = road_minutes(schools, travel)
        place = {int(urn): number for number, urn in enumerate(minutes.index)}
        return cls(minutes.to_numpy(np.float64), place)

    def of(self, one: int, other: int) -> float:
        return float(self.minutes[self.place[one], self.place[other]])


def _match(
    need: Known, strength: Known, helpers: dict[int, Helper], ways: _Ways,
    settings: HelpSettings,
) -> Match:  # fmt: skip
    helper = helpers[strength.urn]
    way = ways.of(need.urn, helper.urn)
    known_way = None if math.isnan(way) else way
    same = helper.phase == helpers[need.urn].phase
    added = (
        settings.other_phase_minutes * (not same)
        + settings.lone_source_minutes * (strength.kinds < 2)
        + settings.own_needs_minutes * helper.has_needs
    )
    return Match(
        need, helper, strength, same, known_way,
        None if known_way is None else known_way + added,
        _why(helper, strength, same, known_way),
    )  # fmt: skip


def _why(helper: Helper, strength: Known, same: bool, way: float | None) -> str:
    whole = strength.area == WHOLE_SCHOOL
    parts = [f"{'Sound as a whole' if whole else f'Strong in {strength.area}'}: {strength.how}."]
    parts.append(f"{'Same' if same else 'Another'} phase ({helper.phase}).")
    parts.append("The way is not known." if way is None else f"{way:.0f} minutes by road.")
    if helper.days_declared is None:
        parts.append("Its free days are not known: ask.")
    elif helper.days_committed:
        parts.append(
            f"{counted_days(helper.days_declared)} declared, "
            f"{counted_days(helper.days_committed)} committed."
        )
    else:
        parts.append(f"{counted_days(helper.days_declared)} declared, none committed.")
    if helper.trained:
        parts.append(f"{counted(helper.trained, 'specialist leader')} trained to deliver.")
    if helper.has_needs:
        parts.append("It has a need of its own in another area.")
    return " ".join(parts)


def _rank(match: Match) -> tuple[bool, bool, float, int]:
    unknown_days = match.helper.days_free is None
    return unknown_days, match.weight is None, match.weight or 0.0, match.helper.urn


def _why_none(
    need: Known,
    known: dict[tuple[int, str], Known],
    helpers: dict[int, Helper],
    *,
    strong: list[Known],
    able: list[Known],
    near: list[Match],
    most: float,
) -> str:
    if not strong:
        unknown = sum(
            one.state == "unknown" and one.area == need.area and one.urn != need.urn
            for one in known.values()
        )
        more = f"; of {counted(unknown, 'school')} it is not known" if unknown else ""
        return f"no other school is known to be strong in {need.area}{more}"
    if not able:
        reasons = sorted({helpers[one.urn].barred for one in strong})
        return f"{counted(len(strong), 'school')} strong there, but {'; '.join(reasons)}"
    if not near:
        return f"{counted(len(able), 'school')} strong there, none within {most:g} minutes by road"
    return f"{counted(len(near), 'school')} strong there and near, with no day free"
