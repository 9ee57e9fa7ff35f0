"""A trust's review in words and tables: at a glance, compared, who can help, what is missing."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from workbench.charts.sides import schools_apart
from workbench.charts.wording import capital, count, day, inside, listed, number
from workbench.measures.control_charts import ControlChart
from workbench.parameters.research import load_research
from workbench.pillars.evidence_sides import sides
from workbench.report import html
from workbench.report.found_left_out import left_out
from workbench.report.help_words import needs_table
from workbench.report.language import sentence
from workbench.report.pillar_pages import missing_said, survey_rows
from workbench.report.school_indicators import READINGS
from workbench.report.trust import TrustReview
from workbench.report.trust_places import support_said
from workbench.research.comparisons import PHASE_GROUPS
from workbench.research.neighbours import NotEnough, neighbours
from workbench.research.neighbours import compare as beside
from workbench.research.persistent import persistent_absence
from workbench.research.theory import Claim
from workbench.research.trends import FEWEST_PEERS

OUTCOME_WORDS = {
    "absence_percent": "Absence, % of sessions",
    "persistent_absence_percent": "Persistent absence, % of pupils",
    "key_stage_2_expected_percent": "Key stage 2 expected, % of pupils",
    "attainment_8": "Attainment 8, points",
    "progress_8": "Progress 8, points",
}


def glance(review: TrustReview) -> tuple[Markup, ...]:
    """Return the first words on a trust as parts of a page."""
    profile, trust = review.profile, review.trust
    facts = {
        "schools": str(len(trust.schools)),
        "pillars that can be scored, of seven": str(len(profile.scored)),
        "indicators that miss what is asked for": str(
            sum(one.rating == "act" for one in profile.indicators.values())
        ),
        "indicators without enough evidence": str(
            sum(one.rating == "not enough evidence" for one in profile.indicators.values())
        ),
    }
    lines = [
        *(("In another reading", line) for line in _other_reading(review)),
        *(("Schools compared", line) for line in _beyond(review)),
        *([("Absence over time", " ".join(trends_said(review)[:2]))] if review.trends else []),
        ("Support between schools", support_said(review)),
        ("What is not known", missing_said(profile)),
        *(("Left out", line) for line in left_out(trust)),
    ]
    said = (Markup("<p><strong>{}:</strong> {}</p>").format(name, line) for name, line in lines)
    return (html.paragraphs(review.headline), html.facts(facts), *said)


def _other_reading(review: TrustReview) -> tuple[str, ...]:
    """Say where the golden rule fails in the trust's own reading and is met in another."""
    if "golden_rule" not in {one.key for one in review.profile.failing}:
        return ()
    met = [
        f"'{one.policy}' ({count(one.strict.providers, 'provider')}, {one.strict.needed:g} needed)"
        for one in review.verdicts.values()
        if one.verdict == "met"
    ]
    return (f"The golden rule is met in {listed(met)}.",) if met else ()


def _beyond(review: TrustReview) -> tuple[str, ...]:
    """Say in one line which schools stand out in a funnel, and in which."""
    found = []
    for one in review.compared:
        out = one.funnel.units[one.funnel.units["place"] != "within"].sort_index()
        found += [
            f"{review.names[int(str(urn))]} "
            f"({inside(one.measure)} {row['side']} the mean, {one.period})"
            for urn, row in out.iterrows()
        ]
    if not review.compared:
        return ()
    if not found:
        return ("None stands out beyond what chance and usual differences would do.",)
    return (f"Beyond what chance and usual differences would do: {listed(found)}.",)


def claims_parts(review: TrustReview) -> Markup:
    """Return each claim of the theory: its test, what the data say of it, and when it is due."""
    return Markup("").join(_claim(one) for one in review.claims)


def _claim(one: Claim) -> Markup:
    now = "" if one.indicator is None else f"Now: {sentence(one.indicator)}"
    reviewed = "never reviewed" if one.reviewed is None else f"last reviewed {day(one.reviewed)}"
    due = f"Review due: {one.due}." if one.due else ""
    lines = [
        f"Refuted if: {_stop(one.refuted_if)}",
        now,
        f"{capital(one.verdict)}: {_stop(one.why)}",
        f"{capital(one.pillar)}; stated {day(one.stated)}, {reviewed}. {due}".strip(),
    ]
    return Markup("<h3>{}</h3>").format(one.claim) + html.bullets(filter(None, lines))


def _stop(text: str) -> str:
    return f"{text.rstrip('.')}."


def claims_said(review: TrustReview) -> str:
    """Say how the theory of the case fares."""
    found = review.claims
    if not found:
        return (
            "The trust has not written down its theory of how it improves schools: the table of "
            "the theory of the case has no row. What would show that it is wrong?"
        )
    verdicts = {
        "refuted": ("is refuted", "are refuted"),
        "stands": ("stands", "stand"),
        "cannot be told": ("cannot be told", "cannot be told"),
        "no test": ("has no test", "have no test"),
    }
    tally = [
        f"{number_of} {one_does if number_of == 1 else several_do}"
        for verdict, (one_does, several_do) in verdicts.items()
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
    rows, rules = [], load_research().neighbours
    for urn, name in sorted(review.names.items(), key=lambda pair: pair[1]):
        found = neighbours(panel, urn, rules=rules)
        row = {"School": name}
        if isinstance(found, NotEnough):
            rows.append(row | {"Neighbours": capital(str(found)), "Alike": "", "Outcomes": ""})
            continue
        said = [
            f"{inside(words)} {number(one.value, 1)} (middle half of neighbours "
            f"{number(one.lower_quartile, 1)} to {number(one.upper_quartile, 1)}, {one.period})"
            for measure, words in OUTCOME_WORDS.items()
            if not isinstance(one := beside(found, measure, rules=rules), NotEnough)
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


def surveys_table(review: TrustReview) -> pd.DataFrame:
    """Return what staff, parents and pupils say, with how many answered and how sure it is."""
    return survey_rows(review.scope)


def sides_said(review: TrustReview) -> str:
    """Say where sources disagree, over the schools of a trust."""
    frame = sides(review.scope)
    if frame.empty:
        return (
            "No source has judged a school in the recent terms, or the tables of judgements, "
            "reviews and self-evaluations are not there: nothing can be set side by side."
        )
    schools = frame["urn"].nunique()
    inside, overall = schools_apart(frame)
    if not inside and not overall:
        return f"At none of {count(schools, 'school')} do sources differ by two bands or more."
    said = [f"in some area at {listed(inside)}"] if inside else []
    said += [
        f"only overall, in what they say over all areas taken together, at {listed(overall)}"
    ] * bool(overall)
    return (
        f"Sources differ by two bands or more at {len(inside) + len(overall)} of "
        f"{count(schools, 'school')} with evidence: {'; '.join(said)}. Go and look there first."
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


def readings_table(review: TrustReview) -> pd.DataFrame:
    """Return the golden rule of the trust in every reading."""
    rows = []
    for verdict in review.verdicts.values():
        for answer in (verdict.strict, verdict.lenient):
            most = answer.providers + answer.possible_providers
            few = str(answer.providers)
            rows.append(
                {
                    "Reading of the rule": verdict.policy,
                    "Schools without a judgement": READINGS[answer.reading],
                    "Providers": few if most == answer.providers else f"{few} to {most}",
                    "Needed": number(answer.needed, int(answer.needed % 1 > 0)),
                    "Verdict": capital(answer.verdict),
                }
            )
    return pd.DataFrame(rows)


def compared_said(review: TrustReview) -> tuple[str, ...]:
    """Say what the funnels rest on and which comparisons the data do not bear."""
    if not review.compared:
        return (
            "No comparison can be made: it takes attendance or results of enough schools "
            "of one phase, or the schools of England, which an import of published files brings.",
        )
    against = dict.fromkeys(f"{inside(one.measure)} ({one.phase}) against {one.against}"
                            for one in review.compared)  # fmt: skip
    done = {one.phase for one in review.compared}
    phases = review.trust.schools["phase"].map(PHASE_GROUPS).value_counts(sort=False)
    left = [f"{name} ({count(int(n), 'school')})" for name, n in phases.items() if name not in done]
    few = f" Too few to compare: {listed(left)}." if left else ""
    return (f"Compared are {listed(against)}.{few}",)


def persistent_table(review: TrustReview) -> tuple[pd.DataFrame, str]:
    """Return how many pupils are persistently absent at each school, small numbers held back.

    Returns:
        The table, without rows where nothing is known, and its caption.
    """
    found = persistent_absence(review.scope)
    if found is None:
        return pd.DataFrame(), "Pupils who missed a tenth or more of their sessions"
    published, when = found
    names = {str(urn): name for urn, name in review.names.items()}
    shown = published.shown.astype("string").fillna("held back")
    table = shown.rename(columns=capital).reset_index(names="School")
    table["School"] = [names.get(str(urn), str(urn)) for urn in table["School"]]
    return table, f"Pupils who missed a tenth or more of their sessions, {when}"


def trends_said(review: TrustReview) -> tuple[str, ...]:
    """Say which schools' absence shows a signal, and for which there are too few points."""
    if not review.trends:
        return (
            "No trend can be shown: it takes attendance of the same half-terms at enough schools.",
        )
    names = review.names
    parts = []
    for variation, words in (("concern", "got worse"), ("improvement", "got better")):
        found = [
            names[one.urn]
            for one in review.trends
            if isinstance(one.chart, ControlChart) and one.chart.variation == variation
        ]
        if found:
            parts.append(
                f"Absence {words} against that of its peers, beyond noise, at {listed(found)}."
            )
    few = [names[one.urn] for one in review.trends if not isinstance(one.chart, ControlChart)]
    if few:
        parts.append(f"Too few points to tell signal from noise at {listed(few)}.")
    quiet = (
        len(review.trends)
        - len(few)
        - sum(
            isinstance(one.chart, ControlChart) and one.chart.variation != "common cause"
            for one in review.trends
        )
    )
    parts.append(f"No signal at {count(quiet, 'school')}: nothing there needs explaining.")
    mixed = [names[one.urn] for one in review.trends if not one.own_phase]
    if mixed:
        parts.append(
            f"Set beside schools of all phases, for want of {FEWEST_PEERS} others of the same: "
            f"{listed(mixed)}. A signal there may be one of the phase."
        )
    return tuple(parts)


def help_table(review: TrustReview) -> pd.DataFrame:
    """Return each need in one row, with the schools that could help, best first."""
    return needs_table(review.matches)


def unmet_said(review: TrustReview) -> str:
    """Say how many needs the trust's own schools cannot meet in full."""
    needs = len(review.matches[["URN", "Area"]].drop_duplicates())
    if not needs:
        return "No need is on record in any area."
    left = len(review.help.unmet)
    if not left:
        return f"The trust's own schools could meet {'it' if needs == 1 else f'all {needs} needs'}."
    return (
        f"Of {count(needs, 'need')} the trust's own schools cannot meet {left} in full with the "
        "days that they have free."
    )


def unmet_table(review: TrustReview) -> pd.DataFrame:
    """Return the needs that the trust's own schools cannot meet in full, and why."""
    rows = review.help.unmet.drop(columns=["URN"])
    days = {column: [f"{value:.1f}" for value in rows[column]]
            for column in ("Days asked", "Days unmet")}  # fmt: skip
    words = {column: rows[column].map(capital) for column in ("Area", "Need", "Why")}
    return rows.assign(**words, **days)


def neighbours_said(review: TrustReview) -> tuple[str, ...]:
    """Say where neighbours come from, or why there are none."""
    if review.panel is None:
        return (
            "The trust's folder holds no schools of England to choose from: an import of published "
            "files (workbench import) brings them.",
        )
    panel = review.panel
    return (
        f"Chosen from {len(panel.schools):,} schools of England as of {day(panel.as_of)}, by "
        "numbers of pupils, free school meals, English as an additional language and special "
        "needs. A poor match says little.",
    )
