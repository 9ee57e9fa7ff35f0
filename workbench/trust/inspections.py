"""What inspectors last found at each school: two eras side by side, never equated.

An ungraded or a monitoring visit leaves the last judgement standing. An inspection carried out
under another URN (the school's predecessor) is shown but does not rate the school. In 2024-25
schools were given sub-judgements without an overall grade: such a school is rated, its `overall`
stays blank, and `worst_judgement` is the lowest sub-judgement given.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from workbench.trust.contract_parts import OEIF_GRADES, REPORT_CARD_GRADES
from workbench.trust.contracts import INSPECTIONS_OEIF, INSPECTIONS_REPORT_CARD
from workbench.trust.load import Trust

OEIF = "oeif"
REPORT_CARD = "report card"
SUB_JUDGEMENTS = tuple(
    column.name
    for column in INSPECTIONS_OEIF.columns
    if column.choices == OEIF_GRADES and column.name != "overall"
)
AREAS = tuple(
    column.name
    for column in INSPECTIONS_REPORT_CARD.columns
    if column.choices == REPORT_CARD_GRADES
)
LEADERSHIP_AREA = "leadership_and_governance"
_DTYPES = {
    "rated": "bool",
    "framework": "str",
    "basis": "str",
    "inspection_date": "datetime64[s]",
    "overall": "str",
    "worst_judgement": "str",
    "category": "str",
    "safeguarding_met": "boolean",
    "judged_areas": "Int64",
    "urgent_areas": "Int64",
    "attention_areas": "Int64",
    "below_expected_areas": "Int64",
    "strong_areas": "Int64",
    "leadership_needs_attention": "boolean",
    **{f"area_{area}": "str" for area in AREAS},
    "performing_since": "datetime64[s]",
    "last_visit": "datetime64[s]",
    "urn_at_inspection": "Int64",
    "predecessor_inspected": "datetime64[s]",
}


def latest_inspections(trust: Trust) -> pd.DataFrame:
    """Return one row per school of the trust: the judgement that stands (`standing_judgements`)."""
    return standing_judgements(
        trust.inspections_oeif, trust.inspections_report_card, trust.schools["urn"]
    )


def standing_judgements(
    oeif: pd.DataFrame, report_cards: pd.DataFrame, urns: Iterable[int]
) -> pd.DataFrame:
    """Return one row per school: the judgement that stands.

    Columns: `urn`; `rated` (a judgement stands under the present URN); `framework` ("oeif",
    "report card"); `basis` ("overall", "sub-judgements", "report card"); `inspection_date`;
    `overall` and `worst_judgement` (older framework only); `category` of concern;
    `safeguarding_met`; for report cards the counts `judged_areas`, `urgent_areas`,
    `attention_areas`, `below_expected_areas` (the last two added), `strong_areas` (strong or
    exceptional), `leadership_needs_attention` (that area below expected) and each area as
    `area_…`; `performing_since` (first day of the unbroken run of judgements, each good or better
    or with no area below expected by its own framework); `last_visit` (any inspection of any
    kind); `urn_at_inspection` of the standing judgement; `predecessor_inspected` (last inspection
    under another URN). Blank is missing, never a grade.

    Args:
        oeif: Inspections shaped as the table `inspections_oeif`.
        report_cards: Inspections shaped as the table `inspections_report_card`.
        urns: The schools, each once.
    """
    found = judgements(oeif, report_cards)
    rating = found[found["is_judgement"] & found["own_urn"]]
    standing = rating.drop_duplicates("urn", keep="last").set_index("urn")
    schools = pd.Index(urns, name="urn")
    latest = standing.reindex(schools)
    latest["rated"] = schools.isin(standing.index)
    latest["performing_since"] = _performing_since(rating).reindex(schools)
    by_urn = found.groupby("urn")["inspection_date"].max()
    latest["last_visit"] = by_urn.reindex(schools)
    elsewhere = found[~found["own_urn"]].groupby("urn")["inspection_date"].max()
    latest["predecessor_inspected"] = elsewhere.reindex(schools)
    return latest[list(_DTYPES)].astype(_DTYPES).reset_index()


def judgements(oeif: pd.DataFrame, report_cards: pd.DataFrame) -> pd.DataFrame:
    """Return every inspection of both eras in one frame, oldest first within each school.

    Args:
        oeif: The table `inspections_oeif`, or columns of it (urn, inspection_date needed).
        report_cards: The table `inspections_report_card`.
    """
    both = pd.concat([_oeif(oeif), _report_cards(report_cards)], ignore_index=True)
    return both.sort_values(["urn", "inspection_date"], kind="stable", ignore_index=True)


def _oeif(table: pd.DataFrame) -> pd.DataFrame:
    subs = table[list(SUB_JUDGEMENTS)]
    given = subs.notna().any(axis="columns")
    overall = table["overall"]
    ungraded = table["kind"].isin(["ungraded", "monitoring"])
    effective = table["safeguarding_effective"].astype("boolean")
    frame = pd.DataFrame(
        {
            "urn": table["urn"],
            "inspection_date": table["inspection_date"],
            "framework": OEIF,
            "basis": pd.Series("overall", table.index)
            .where(overall.notna(), "sub-judgements")
            .where(overall.notna() | given),
            "overall": overall,
            "worst_judgement": overall.where(overall.notna(), _worst(subs)),
            "category": table["category"],
            "safeguarding_met": effective,
            "is_judgement": (overall.notna() | given) & ~ungraded,
            "urn_at_inspection": table["urn_at_inspection"],
        }
    )
    sound = frame["worst_judgement"].isin(["good", "outstanding"])
    frame["performing"] = sound & frame["category"].isna() & effective.fillna(True).astype(bool)
    return _with_own_urn(frame)


def _report_cards(table: pd.DataFrame) -> pd.DataFrame:
    areas = table[list(AREAS)]
    met = (table["safeguarding"] == "met").astype("boolean").where(table["safeguarding"].notna())
    urgent = (areas == "urgent improvement").sum(axis="columns")
    attention = (areas == "needs attention").sum(axis="columns")
    frame = pd.DataFrame(
        {
            "urn": table["urn"],
            "inspection_date": table["inspection_date"],
            "framework": REPORT_CARD,
            "basis": REPORT_CARD,
            "category": table["category"],
            "safeguarding_met": met,
            "is_judgement": areas.notna().any(axis="columns"),
            "urn_at_inspection": pd.array([pd.NA] * len(table), dtype="Int64"),
            "judged_areas": areas.notna().sum(axis="columns"),
            "urgent_areas": urgent,
            "attention_areas": attention,
            "below_expected_areas": urgent + attention,
            "strong_areas": areas.isin(["strong standard", "exceptional"]).sum(axis="columns"),
            "leadership_needs_attention": areas[LEADERSHIP_AREA].isin(REPORT_CARD_GRADES[:2]),
            **{f"area_{area}": areas[area] for area in AREAS},
        }
    )
    frame["performing"] = (
        (frame["below_expected_areas"] == 0)
        & frame["category"].isna()
        & met.fillna(False).astype(bool)
    )
    return _with_own_urn(frame)


def _with_own_urn(frame: pd.DataFrame) -> pd.DataFrame:
    at_inspection = frame["urn_at_inspection"].astype("Int64")
    frame["own_urn"] = (at_inspection.isna() | (at_inspection == frame["urn"])).astype(bool)
    return frame


def _worst(words: pd.DataFrame) -> pd.Series:
    rank = {word: number for number, word in enumerate(OEIF_GRADES)}  # best first
    numbers = pd.DataFrame({name: words[name].map(rank) for name in words}).astype("float64")
    worst: pd.Series = numbers.max(axis="columns").map(dict(enumerate(OEIF_GRADES)))
    return worst


def _performing_since(rating: pd.DataFrame) -> pd.Series:
    """First day of each school's unbroken run of sound judgements; schools without one absent."""
    failed = (~rating["performing"].astype(bool)).astype(int)
    later_failures = failed[::-1].groupby(rating["urn"][::-1]).cumsum()[::-1]
    run = rating[later_failures == 0]
    return run.groupby("urn")["inspection_date"].min()
