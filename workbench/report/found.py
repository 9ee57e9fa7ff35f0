"""What inspectors found, in words: each era in its own, and none turned into the other's."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from pandas.api.typing import NAType

from workbench.charts.wording import capital, count, day, listed
from workbench.pillars.once import once_a_trust
from workbench.trust.inspections import AREAS, REPORT_CARD, SUB_JUDGEMENTS, judgements
from workbench.trust.load import Trust


def inspections_of(trust: Trust, urn: int) -> pd.DataFrame:
    """Return a school's inspections, oldest first: `inspection_date, found, own, is_judgement`.

    `found` is in words; `own` is whether the inspection was made under the present URN.
    """
    oeif = trust.inspections_oeif[trust.inspections_oeif["urn"] == urn]
    rows = _judgements_of(trust, urn)
    kinds = dict(zip(oeif["inspection_date"], oeif["kind"], strict=True))
    found = [_found(row, str(kinds.get(row["inspection_date"], ""))) for _, row in rows.iterrows()]
    return pd.DataFrame({
        "inspection_date": rows["inspection_date"],
        "found": pd.Series(found, index=rows.index, dtype="str"),
        "own": rows["own_urn"],
        "is_judgement": rows["is_judgement"],
    })  # fmt: skip


def areas_of(trust: Trust, urn: int) -> pd.DataFrame:
    """Return what the judgement that stands said of each area, in its own framework's words.

    Safeguarding always stands first: met, not met or not recorded.
    """
    rows = _judgements_of(trust, urn)
    standing = rows[rows["is_judgement"] & rows["own_urn"]]
    said = [("safeguarding", safeguarding_of(trust, urn))]
    if not standing.empty:
        last = standing.iloc[-1]
        if last["framework"] == REPORT_CARD:
            names, prefix, source = AREAS, "area_", rows.loc[standing.index[-1]]
        else:
            when, table = last["inspection_date"], trust.inspections_oeif
            names, prefix = SUB_JUDGEMENTS, ""
            source = table[(table["urn"] == urn) & (table["inspection_date"] == when)].iloc[0]
        given = source[[prefix + name for name in names]].dropna()
        said += [
            (area_words(str(key).removeprefix(prefix)), str(given[key])) for key in given.index
        ]
    return pd.DataFrame(
        [(capital(area), capital(word)) for area, word in said],
        columns=["Area", "Found"],
    )


def safeguarding_of(trust: Trust, urn: int) -> str:
    """Return what inspectors recorded of safeguarding: `met`, `not met` or `not recorded`.

    It is that of the judgement that stands; a later visit that recorded otherwise is named.
    """
    rows = _judgements_of(trust, urn)
    own = rows[rows["own_urn"]]
    standing = own[own["is_judgement"]]
    if standing.empty:
        return "not recorded under its present URN"
    last = standing.iloc[-1]
    word = _met(last["safeguarding_met"])
    later = own[
        (own["inspection_date"] > last["inspection_date"]) & own["safeguarding_met"].notna()
    ]
    if later.empty or _met(later["safeguarding_met"].iloc[-1]) == word:
        return word
    visit = later.iloc[-1]
    return f"{word}; {_met(visit['safeguarding_met'])} on {day(visit['inspection_date'])}"


def latest_inspection_given(trust: Trust) -> dt.date | None:
    """Return the day of the latest inspection of any school in the trust's tables."""
    tables = (trust.inspections_oeif, trust.inspections_report_card)
    last = pd.concat([table["inspection_date"] for table in tables]).max()
    return None if pd.isna(last) else pd.Timestamp(last).date()


@once_a_trust
def _judgements_of(trust: Trust, urn: int) -> pd.DataFrame:
    oeif, cards = trust.inspections_oeif, trust.inspections_report_card
    return judgements(oeif[oeif["urn"] == urn], cards[cards["urn"] == urn])


def _met(met: bool | NAType) -> str:
    return "not recorded" if pd.isna(met) else "met" if met else "not met"


def area_words(name: str) -> str:
    """Return a column's area as readers write it, such as `post-16`."""
    return {"post_16": "post-16"}.get(name, name.replace("_", " "))


def _found(row: pd.Series, kind: str) -> str:
    if row["framework"] == REPORT_CARD:
        return _report_card(row)
    if not row["is_judgement"]:
        visit = f"{capital(kind)} inspection" if kind not in ("", "nan") else "No grade given"
        return visit + _concerns(row)
    words = (
        capital(str(row["overall"]))
        if row["basis"] == "overall"
        else f"No overall grade; lowest judgement {row['worst_judgement']}"
    )
    return words + _concerns(row)


def _report_card(row: pd.Series) -> str:
    below, urgent = int(row["below_expected_areas"]), int(row["urgent_areas"])
    if below == 0:
        words = "no area below the expected standard"
    else:
        words = f"{count(below, 'area')} below the expected standard"
        words += f", {urgent} of them urgent" if urgent else ""
    return f"Report card with {words}{_concerns(row)}"


def _concerns(row: pd.Series) -> str:
    concerns = [] if pd.isna(row["category"]) else [str(row["category"])]
    if not pd.isna(row["safeguarding_met"]) and not row["safeguarding_met"]:
        concerns.append("safeguarding not met")
    return f"; {listed(concerns)}" if concerns else ""
