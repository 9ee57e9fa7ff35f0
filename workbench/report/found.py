"""What inspectors found, in words: each era in its own, and none turned into the other's."""

from __future__ import annotations

import pandas as pd

from workbench.charts.wording import capital, count, listed
from workbench.trust.inspections import AREAS, REPORT_CARD, SUB_JUDGEMENTS, judgements
from workbench.trust.load import Trust


def inspections_of(trust: Trust, urn: int) -> pd.DataFrame:
    """Return a school's inspections, oldest first: `inspection_date, found, own, is_judgement`.

    `found` is in words; `own` is whether the inspection was made under the present URN.
    """
    oeif = trust.inspections_oeif[trust.inspections_oeif["urn"] == urn]
    cards = trust.inspections_report_card[trust.inspections_report_card["urn"] == urn]
    rows = judgements(oeif, cards)
    kinds = dict(zip(oeif["inspection_date"], oeif["kind"], strict=True))
    found = [_found(row, str(kinds.get(row["inspection_date"], ""))) for _, row in rows.iterrows()]
    return pd.DataFrame({
        "inspection_date": rows["inspection_date"],
        "found": pd.Series(found, index=rows.index, dtype="str"),
        "own": rows["own_urn"],
        "is_judgement": rows["is_judgement"],
    })  # fmt: skip


def areas_of(trust: Trust, urn: int) -> pd.DataFrame:
    """Return what the judgement that stands said of each area, in its own framework's words."""
    rows = judgements(
        trust.inspections_oeif[trust.inspections_oeif["urn"] == urn],
        trust.inspections_report_card[trust.inspections_report_card["urn"] == urn],
    )
    standing = rows[rows["is_judgement"] & rows["own_urn"]]
    columns = ["Area", "Found"]
    if standing.empty:
        return pd.DataFrame(columns=columns)
    last = standing.iloc[-1]
    if last["framework"] == REPORT_CARD:
        names, prefix, source = AREAS, "area_", rows.loc[standing.index[-1]]
    else:
        day, table = last["inspection_date"], trust.inspections_oeif
        names, prefix = SUB_JUDGEMENTS, ""
        source = table[(table["urn"] == urn) & (table["inspection_date"] == day)].iloc[0]
    said = [(area_words(name), source[prefix + name]) for name in names]
    return pd.DataFrame(
        [(capital(area), capital(str(word))) for area, word in said if not pd.isna(word)],
        columns=columns,
    )


def area_words(name: str) -> str:
    """Return a column's area as readers write it, such as `post-16`."""
    return {"post_16": "post-16"}.get(name, name.replace("_", " "))


def _found(row: pd.Series, kind: str) -> str:
    if row["framework"] == REPORT_CARD:
        return _report_card(row)
    if not row["is_judgement"]:
        return f"{capital(kind)} inspection" if kind not in ("", "nan") else "No grade given"
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
    return f"Report card: {words}{_concerns(row)}"


def _concerns(row: pd.Series) -> str:
    concerns = [] if pd.isna(row["category"]) else [str(row["category"])]
    if not pd.isna(row["safeguarding_met"]) and not row["safeguarding_met"]:
        concerns.append("safeguarding not met")
    return f"; {listed(concerns)}" if concerns else ""
