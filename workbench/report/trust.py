"""A trust on one page, for the review of its quality: pillars, schools compared, who helps."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from workbench.charts.wording import capital, count, day, inside, listed, number, percent
from workbench.pillars.change import Change, compare, profiles_over
from workbench.pillars.profile import Profile
from workbench.pillars.reading import gaps
from workbench.pillars.scope import Scope, pillar_settings
from workbench.pillars.surveys import survey_summary
from workbench.report import html
from workbench.report.found_left_out import left_out
from workbench.report.language import headline, sentence
from workbench.report.pillar_pages import FULL_MARKS, missing_said, ratings
from workbench.research.allocation import Allocation, allocate
from workbench.research.comparisons import Compared, comparisons
from workbench.research.neighbours import NotEnough, neighbours
from workbench.research.neighbours import compare as beside
from workbench.research.panel import Panel, read_panel
from workbench.research.theory import Claim, claims
from workbench.research.trends import Trend, absence_trends
from workbench.research.who_can_help import help_settings
from workbench.terms import Term
from workbench.trust.load import Trust

EARLIER_TERMS = 3
_FEW = 8  # as many gaps are named in full at a glance


@dataclass(frozen=True, eq=False)
class TrustReview:
    """What is known of a trust.

    Attributes:
        trust: The trust.
        profile: Its seven pillars on the day described.
        earlier: Its profiles at the end of earlier terms, oldest first.
        change: What changed since the last of those; None without one.
        panel: The schools of England; None where its folder holds none.
        compared: Its schools by funnels.
        trends: The absence of each of its schools from half-term to half-term.
        claims: Its theory of the case, judged.
        help: Who could help whom.
    """

    trust: Trust
    profile: Profile
    earlier: tuple[Profile, ...]
    change: Change | None
    panel: Panel | None
    compared: tuple[Compared, ...]
    trends: tuple[Trend, ...]
    claims: tuple[Claim, ...]
    help: Allocation

    @property
    def scope(self) -> Scope:
        """What was measured."""
        return self.profile.scope

    @property
    def headline(self) -> str:
        """The finding in two or three sentences."""
        return headline(self.profile, self.trust.name)

    @property
    def names(self) -> dict[int, str]:
        """Each school's name by URN."""
        schools = self.trust.schools
        return dict(zip(schools["urn"].tolist(), schools["name"].tolist(), strict=True))


def review_trust(trust: Trust) -> TrustReview:
    """Gather what a review of a trust needs."""
    scope = Scope(trust, pillar_settings())
    *earlier, now = profiles_over(scope, EARLIER_TERMS)
    panel = read_panel(trust.folder)
    return TrustReview(
        trust=trust,
        profile=now,
        earlier=tuple(earlier),
        change=compare(now, earlier[-1]) if earlier else None,
        panel=panel,
        compared=comparisons(scope, panel),
        trends=absence_trends(scope),
        claims=claims(now),
        help=allocate(trust, help_settings()),
    )


def glance(review: TrustReview) -> tuple[Markup, ...]:
    """Return the first words on a trust as parts of a page."""
    profile, trust = review.profile, review.trust
    facts = {
        "schools": str(len(trust.schools)),
        "pillars that can be scored, of seven": str(len(profile.scored)),
        "indicators beyond their line": str(
            sum(one.rating == "act" for one in profile.indicators.values())
        ),
        "indicators without enough evidence": str(
            sum(one.rating == "not enough evidence" for one in profile.indicators.values())
        ),
    }
    failing = [sentence(one) for one in profile.failing]
    lines = [
        *(("Cannot be bought off", line) for line in failing),
        ("What is not known", missing_said(profile)),
        *(("Left out", line) for line in left_out(trust)),
    ]
    said = (Markup("<p><strong>{}:</strong> {}</p>").format(name, line) for name, line in lines)
    return (html.paragraphs(review.headline), html.facts(facts), *said)


def scores_over_terms(review: TrustReview) -> list[tuple[str, str, float, float, float]]:
    """Return the score of each scored pillar at each term: term, pillar, score, lower, upper."""
    return [
        (str(Term.of(one.scope.as_of)), name, *(FULL_MARKS * value for value in ends))
        for one in (*review.earlier, review.profile)
        for name, found in one.scored.items()
        for ends in [(found.score, found.lower, found.upper)]
    ]


def claims_table(review: TrustReview) -> pd.DataFrame:
    """Return each claim of the theory: its test, what the data say of it, and when it is due."""
    return pd.DataFrame(
        [
            {
                "Claim": one.claim,
                "Pillar": capital(one.pillar),
                "Refuted if": one.refuted_if,
                "Now": "" if one.indicator is None else sentence(one.indicator),
                "Verdict": f"{capital(one.verdict)}: {one.why}",
                "Stated": day(one.stated),
                "Last reviewed": "never" if one.reviewed is None else day(one.reviewed),
                "Review due": capital(one.due) or "No",
            }
            for one in review.claims
        ]
    )


def claims_said(review: TrustReview) -> str:
    """Say how the theory of the case fares."""
    found = review.claims
    if not found:
        return (
            "The trust has not written down its theory of how it improves schools: the table of "
            "the theory of the case has no row. What would show that it is wrong?"
        )
    tally = [
        f"{number_of} {verdict}"
        for verdict in ("refuted", "stands", "cannot be told", "no test")
        if (number_of := sum(one.verdict == verdict for one in found))
    ]
    due = sum(bool(one.due) for one in found)
    later = f"; {count(due, 'claim')} due for review" if due else "; none is due for review"
    return f"Of {count(len(found), 'claim')}: {listed(tally)}{later}."


def neighbours_table(review: TrustReview) -> pd.DataFrame:
    """Return each school beside its statistical neighbours of all England, chosen on intake."""
    panel = review.panel
    if panel is None:
        return pd.DataFrame()
    rows = []
    for urn, name in sorted(review.names.items(), key=lambda pair: pair[1]):
        found = neighbours(panel, urn)
        row = {"School": name}
        if isinstance(found, NotEnough):
            rows.append(row | {"Neighbours": capital(str(found)), "Alike": "", "Outcomes": ""})
            continue
        said = [
            f"{inside(words)} {number(one.value, 1)} (middle half of neighbours "
            f"{number(one.lower_quartile, 1)} to {number(one.upper_quartile, 1)}, {one.period})"
            for measure, words in OUTCOME_WORDS.items()
            if not isinstance(one := beside(found, measure), NotEnough)
        ]
        rows.append(
            row
            | {
                "Neighbours": f"{count(len(found.schools), 'school')}: {found.group}",
                "Alike": capital(found.alike),
                "Outcomes": capital("; ".join(said)) or "None published",
            }
        )
    return pd.DataFrame(rows, columns=["School", "Neighbours", "Alike", "Outcomes"])


OUTCOME_WORDS = {
    "absence_percent": "Absence, % of sessions",
    "persistent_absence_percent": "Persistent absence, % of pupils",
    "key_stage_2_expected_percent": "Key stage 2 expected, % of pupils",
    "attainment_8": "Attainment 8, points",
    "progress_8": "Progress 8, points",
}


def surveys_table(scope: Scope) -> pd.DataFrame:
    """Return what staff, parents and pupils say, with how many answered and how sure it is."""
    rows = []
    figures = {"school improving": "Agree that the school is getting better",
               "all statements": "Agree with the statements put to them, on average"}  # fmt: skip
    for row in survey_summary(scope).to_dict("records"):
        withheld = str(row["withheld"])
        rows.append(
            {
                "Asked": capital(str(row["source"])),
                "Figure": figures[str(row["figure"])],
                "Share": "" if withheld else percent(float(row["share"])),
                "Likely": ""
                if withheld
                else f"{percent(float(row['lower']))} to {percent(float(row['upper']))}",
                "Answers": "" if withheld else str(row["n"]),
                "Term": str(row["wave"]),
                "Note": capital(withheld),
            }
        )
    return pd.DataFrame(rows)


def sides_said(frame: pd.DataFrame) -> str:
    """Say where sources disagree, over the schools of a trust."""
    if frame.empty:
        return (
            "No source has judged a school in the recent terms, or the tables of judgements, "
            "reviews and self-evaluations are not there: nothing can be set side by side."
        )
    schools = frame.drop_duplicates("urn")
    apart = schools.loc[schools["areas_apart"] > 0, "name"]
    if apart.empty:
        return f"At none of {count(len(schools), 'school')} do sources differ by two bands or more."
    return (
        f"Sources differ by two bands or more in some area at {listed(apart)} "
        f"({len(apart)} of {count(len(schools), 'school')} with evidence): go and look there first."
    )


def limitations(review: TrustReview) -> tuple[str, ...]:
    """Return what the page does not tell."""
    windows = review.scope.settings.pillars.windows
    unverified = [
        one for one in review.scope.settings.pillars.indicators.values()
        if one.threshold is not None and not one.threshold.verified
    ]  # fmt: skip
    return (
        "A pillar's score says how far the indicators are met that the trust keeps data on. It "
        "does not say whether schools are good.",
        f"{len(unverified)} of the lines are proposals that nobody has checked against local "
        "figures; the page would judge otherwise with others.",
        f"The recent terms are the last {int(windows.recent_terms.value)}: what is compared with "
        "last term shares most of its records with it.",
        "Schools that have left the trust are not in its tables, so neither are they in the past.",
        "What the older inspection grades would be today: the two frameworks are not comparable.",
        f"No figure rests on fewer than {int(windows.fewest_respondents.value)} answers to a "
        f"survey or {int(windows.fewest_pupils.value)} pupils; some are held back so that others "
        "cannot be worked out.",
    )


def ratings_said(review: TrustReview) -> str:
    """Say how many indicators have which rating."""
    return f"Indicators of the trust: {listed(ratings(review.profile))}."


def missing_first(review: TrustReview) -> tuple[str, ...]:
    """Return the needs that would tell most, in words."""
    return tuple(gap.need for gap in gaps(review.profile)[:_FEW])
