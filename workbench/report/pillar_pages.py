"""The seven pillars as parts of a page: the picture's marks, each pillar in words, questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd
from markupsafe import Markup

from workbench.charts.pillar_profile import FULL_MARKS, PillarMark
from workbench.charts.wording import capital, count, inside, listed, number, percent
from workbench.measures.intervals import Interval
from workbench.pillars.change import Change
from workbench.pillars.indicator import Measured
from workbench.pillars.profile import PillarScore, Profile
from workbench.pillars.reading import Gap, Reading, certainty, gaps, is_held_back, read
from workbench.pillars.scope import Scope
from workbench.pillars.surveys import survey_summary
from workbench.report import html
from workbench.report.language import asked_for, grounded, score_said, sentence, verdict
from workbench.report.school_indicators import indicator_table, plain_needs

WHERE_TO_FILL_IN = Markup(
    "The command <code>workbench templates</code> writes workbooks with a sheet for each table; "
    "what comes back goes into the folder of the trust."
)
MOST_QUESTIONS = 3  # for each pillar: what a reviewer can follow up in one visit
_SORTED = (
    ("strong", "Strong", "on the right side of their line"),
    ("weak", "Weak", "short of their line"),
    ("uncertain", "Too close to call", "the data cannot tell on which side of their line"),
    ("unlined", "Shown without a line", "nobody has set one"),
    ("unknown", "Not known", "what it takes is said"),
)


def pillar_marks(profile: Profile, change: Change | None) -> list[PillarMark]:
    """Return each pillar as the picture draws it.

    The score of the term before is that of the indicators measured on both days, moved so that the
    difference is the one that the comparison found.
    """
    moved = {} if change is None else {one.pillar: one.interval.estimate for one in change.pillars}
    marks = []
    for name, pillar in profile.pillars.items():
        found = pillar.composite
        before = None
        if found is not None and name in moved:
            before = min(max(found.score - moved[name], 0.0), 1.0)
        marks.append(
            PillarMark(
                pillar=name,
                score=None if found is None else FULL_MARKS * found.score,
                lower=None if found is None else FULL_MARKS * found.lower,
                upper=None if found is None else FULL_MARKS * found.upper,
                measured=pillar.measured_share,
                indicators=len(pillar.scored),
                held_down_by=()
                if found is None
                else tuple(
                    inside(profile.indicators[key].indicator.name) for key in found.capped_by
                ),
                before=None if before is None else FULL_MARKS * before,
            )
        )
    return marks


def pillar_sections(profile: Profile) -> Markup:
    """Return every pillar in words: score, what is strong, weak and uncertain, what to ask."""
    return Markup("").join(_section(pillar) for pillar in profile.pillars.values())


def pillar_questions(profile: Profile) -> tuple[str, ...]:
    """Return the questions that the pillars raise, those of failing critical indicators first."""
    asked = [one for pillar in profile.pillars.values() for one in _to_ask(read(pillar))]
    first = sorted(asked, key=lambda one: not (one.indicator.critical and one.rating == "act"))
    return tuple(_question(one) for one in first)


def gaps_table(found: Iterable[Gap]) -> pd.DataFrame:
    """Return what is missing, with what it would tell, that which would tell most first."""
    return pd.DataFrame(
        [
            {
                "Missing": capital(plain_needs([gap.need])),
                "Would tell": capital(listed(inside(one.indicator.name) for one in gap.indicators)),
                "Pillars": capital(listed(gap.pillars)),
            }
            for gap in found
        ],
        columns=["Missing", "Would tell", "Pillars"],
    )


def missing_said(profile: Profile) -> str:
    """Say in a sentence how much is not known."""
    found = profile.indicators.values()
    asked = [one for one in found if one.rating != "not applicable"]
    unknown = [one for one in asked if one.rating == "not enough evidence"]
    if not unknown:
        return f"All {count(len(asked), 'indicator')} that apply here have a value."
    have = "has" if len(unknown) == 1 else "have"
    said = (
        f"Of {count(len(asked), 'indicator')} that apply here {len(unknown)} {have} no figure yet."
    )
    waiting = gaps(profile)
    if not waiting:
        return said
    first = waiting[0]
    return (
        f"{said} Most would be gained by {plain_needs([first.need])}: "
        f"{count(len(first.indicators), 'indicator')} "
        f"{'waits' if len(first.indicators) == 1 else 'wait'} for it."
    )


def gaps_said(profile: Profile, most: int = 5) -> tuple[str, ...]:
    """Say what is missing and what it would tell, that which would tell most first."""
    return tuple(
        f"Missing: {plain_needs([gap.need])}. It would tell "
        f"{listed(inside(one.indicator.name) for one in gap.indicators)}."
        for gap in gaps(profile)[:most]
    )


def measured_table(profile: Profile) -> pd.DataFrame:
    """Return each pillar with its score, how it was made, and how it holds under other choices."""
    rows = []
    for name, pillar in profile.pillars.items():
        found = pillar.composite
        share = "" if pillar.measured_share is None else percent(pillar.measured_share)
        row = {"Pillar": capital(name), "Weight measured": share}
        if found is None:
            row |= {"Score": "Not known", "Likely": "", "By method": "", "Leans most on": ""}
        else:
            low, high = min(found.methods.values()), max(found.methods.values())
            row |= {
                "Score": number(FULL_MARKS * found.score),
                "Likely": f"{number(FULL_MARKS * found.lower)} to "
                f"{number(FULL_MARKS * found.upper)}",
                "By method": f"{number(FULL_MARKS * low)} to {number(FULL_MARKS * high)}",
                "Leans most on": _leans_on(pillar),
            }
        rows.append(row)
    columns = ["Pillar", "Score", "Likely", "Weight measured", "By method", "Leans most on"]
    return pd.DataFrame(rows, columns=columns)


def survey_rows(scope: Scope) -> pd.DataFrame:
    """Return what staff, parents and pupils say, with how many answered and how sure it is."""
    rows = []
    figures = {"school improving": "Agree that the school is getting better",
               "all statements": "Agree with the statements put to them, on average"}  # fmt: skip
    for row in survey_summary(scope).to_dict("records"):
        withheld = str(row["withheld"])
        if withheld and not row["wave"]:
            continue  # there is no such survey: nothing to show, and the gaps say so
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
    table = pd.DataFrame(rows)
    return table if table.empty or table["Note"].any() else table.drop(columns="Note")


def table_parts(frame: pd.DataFrame, caption: str) -> tuple[Markup, ...]:
    """Return a table as a part of a page, or nothing where it has no row.

    For tables whose lack is said in words beside them.
    """
    return (html.table_html(frame, caption=caption),) if len(frame) else ()


def folded_parts(frame: pd.DataFrame, caption: str) -> tuple[Markup, ...]:
    """Return a long table for a reader to open, or nothing where it has no row.

    For lists that a picture or a sentence beside them sums up.
    """
    parts = table_parts(frame, caption)
    return tuple(html.folded(f"{caption} ({len(frame)})", part) for part in parts)


def _section(pillar: PillarScore) -> Markup:
    found = read(pillar)
    title = capital(pillar.pillar)
    parts = [Markup("<h3>{}</h3>").format(f"{title}: {_score(pillar)}")]
    for field, words, meaning in _SORTED:
        held: tuple[Measured, ...] = getattr(found, field)
        if held:
            said = _unknown(held) if field == "unknown" else tuple(map(sentence, held))
            parts.append(
                Markup("<p><strong>{}</strong> ({}):</p>").format(words, meaning)
                + html.bullets(said)
            )
    asked = _to_ask(found)
    if asked:
        parts.append(Markup("<p><strong>Ask next:</strong></p>"))
        parts.append(html.bullets(map(_question, asked)))
    table = html.table_html(
        indicator_table(pillar.indicators), caption=f"Indicators of {pillar.pillar}"
    )
    parts.append(html.folded(f"All {count(len(pillar.indicators), 'indicator')} of {title}", table))
    return Markup("").join(parts)


def _unknown(held: Iterable[Measured]) -> tuple[str, ...]:
    """Say what is not known, those that wait for the same thing together."""
    waiting: dict[tuple[str, ...], list[str]] = {}
    for one in held:
        waiting.setdefault(one.missing, []).append(inside(one.indicator.name))
    return tuple(
        f"{capital(listed(names))}: {'it takes' if len(names) == 1 else 'they take'} "
        f"{plain_needs(missing)}."
        for missing, names in waiting.items()
    )


def _score(pillar: PillarScore) -> str:
    found = pillar.composite
    if found is None:
        return f"no score, {pillar.why_not}"
    held = " (held down by a critical indicator that fails)" if found.capped_by else ""
    interval = Interval(found.score, found.lower, found.upper, found.confidence)
    return f"{score_said(interval)}{held}"


def _to_ask(found: Reading) -> tuple[Measured, ...]:
    """Return what to ask about: what fails first, then what is uncertain, then what is unknown.

    Where nothing at all is known there is nothing to ask of the data: what it takes is said.
    """
    if not (found.strong or found.weak or found.uncertain or found.unlined):
        return ()
    critical = sorted(found.weak, key=lambda one: (not one.indicator.critical, _score_of(one)))
    unsure = sorted(found.uncertain, key=_score_of)
    unknown = [one for one in found.unknown if not all(map(is_held_back, one.missing))]
    return tuple([*critical, *unsure, *unknown][:MOST_QUESTIONS])


def _score_of(one: Measured) -> float:
    return 1.0 if one.score is None else one.score


def _question(one: Measured) -> str:
    """Return an indicator's own question with what the evidence says so far."""
    question = one.indicator.question
    if one.value is None:
        return f"{question} Nobody can say yet: it takes {plain_needs(one.missing)}."
    if certainty(one) == "too close to call":
        return f"{question} {one.indicator.name}: {grounded(one)}. {verdict(one)}"
    asked = asked_for(one)
    against = f", where {asked} is asked for" if asked else ""
    return f"{question} {one.indicator.name}: {grounded(one)}{against}."


def _leans_on(pillar: PillarScore) -> str:
    """Return the indicator without which the score would move most, and to where."""
    found = pillar.composite
    if found is None or not found.without:
        return ""
    names = {one.key: one.indicator.name for one in pillar.indicators}
    key = max(found.without, key=lambda key: (abs(found.without[key] - found.score), key))
    return f"{names[key]} ({number(FULL_MARKS * found.without[key])} without it)"


def ratings(profile: Profile) -> Iterator[str]:
    """Yield how many indicators have each rating, such as `12 on track`."""
    found = [one.rating for one in profile.indicators.values()]
    for rating in ("on track", "watch", "act", "not rated", "not enough evidence"):
        if rating in found:
            yield f"{found.count(rating)} {rating}"
