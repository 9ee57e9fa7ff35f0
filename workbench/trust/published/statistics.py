"""Readers of school-level statistics into one long table: a number or its marker, never both."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from workbench.trust.contracts import TABLES
from workbench.trust.published import kinds
from workbench.trust.published.files import PublishedFile, read
from workbench.trust.published.text import number

FIELDS = TABLES["school_statistics"].names
ACADEMIC_YEAR_BEGINS = 9  # September


@dataclass(frozen=True)
class Measure:
    """One published column.

    Args:
        column: Its header.
        name: The measure's name in the trust tables.
        unit: Unit of the value.
    """

    column: str
    name: str
    unit: str


MEASURES: Mapping[kinds.Kind, tuple[Measure, ...]] = MappingProxyType({
    kinds.SCHOOL_CENSUS: (
        Measure("NOR", "pupils", "pupils"),
        Measure("NUMFSM", "fsm_pupils", "pupils"),
        Measure("PNUMFSMEVER", "fsm_ever_6_percent", "percent"),
        Measure("PNUMEAL", "eal_percent", "percent"),
        Measure("PSENELK", "sen_support_percent", "percent"),
        Measure("PSENELSE", "ehc_plan_percent", "percent"),
    ),
    kinds.SCHOOL_WORKFORCE: (
        Measure("Total Number of Teachers (Full-Time Equivalent)", "teachers_fte",
                "full-time equivalent"),
        Measure("Total Number of Teaching Assistants (Full-Time Equivalent)",
                "teaching_assistants_fte", "full-time equivalent"),
        Measure("Pupil: Teacher Ratio", "pupil_teacher_ratio", "pupils for each teacher"),
        Measure("Mean Gross FTE Salary of All Teachers (£s)", "mean_teacher_pay_gbp", "pounds"),
    ),
    kinds.SCHOOL_ABSENCE: (
        Measure("PERCTOT", "absence_percent", "percent"),
        Measure("PPERSABS10", "persistent_absence_percent", "percent"),
    ),
    kinds.KEY_STAGE_4: (
        Measure("TPUP", "key_stage_4_pupils", "pupils"),
        Measure("ATT8SCR", "attainment_8", "points"),
        Measure("P8MEA", "progress_8", "points"),
    ),
})  # fmt: skip


def read_statistics(file: PublishedFile, urns: frozenset[int]) -> tuple[pd.DataFrame, Counter[str]]:
    """Return one file's numbers for some schools as `school_statistics`, and what was left out.

    A blank says nothing and gives no row; a marker (SUPP, NE, NP, LOWCOV, x, z, c, low) gives a row
    without a number. `fsm_percent` is worked out from the census counts, as GIAS defines it.

    Args:
        file: A file of one of `kinds.STATISTIC_KINDS`, with its period known.
        urns: The schools.
    """
    measures = MEASURES[file.kind]
    texts, set_aside = read(file, ["URN", *(measure.column for measure in measures)], urns)
    notes: Counter[str] = Counter()
    if set_aside:
        notes["row with more fields than the header"] = set_aside
    rows: list[dict[str, object]] = []
    for measure in measures:
        for urn, text in zip(texts["URN"], texts[measure.column], strict=True):
            try:
                found = number(text)
            except ValueError:
                notes[f"{measure.column} is not a number or a known marker: '{text}'"] += 1
                continue
            if found is not None:
                rows.append({
                    "urn": int(urn), "measure": measure.name, "unit": measure.unit,
                    "value": found.value, "marker": found.marker, "raw": found.raw,
                })  # fmt: skip
    out = pd.DataFrame(rows, columns=[name for name in FIELDS if name not in ("period", "source")])
    if file.kind == kinds.SCHOOL_CENSUS:
        out = pd.concat([out, _fsm_percent(out)], ignore_index=True)
    out = out.assign(period=file.period, source=file.relative)
    return out.drop_duplicates(["urn", "measure"])[list(FIELDS)], notes


def combine(frames: Sequence[pd.DataFrame], as_of: dt.date) -> pd.DataFrame:
    """Return the `school_statistics` table; of two files for one year the first given counts.

    Years that began after `as_of` are left out.
    """
    if not frames:
        return TABLES["school_statistics"].empty()
    together = pd.concat(frames, ignore_index=True)
    began = together["period"].str[:4].astype("int64")
    latest = as_of.year if as_of.month >= ACADEMIC_YEAR_BEGINS else as_of.year - 1
    known = together[began <= latest].drop_duplicates(["urn", "period", "measure"])
    return known.sort_values(["urn", "period", "measure"]).reset_index(drop=True)


def newest(table: pd.DataFrame, measure: str) -> pd.Series:
    """Return each school's latest number of a measure, by URN; a marker is no number."""
    rows = table[table["measure"].eq(measure) & table["value"].notna()].sort_values("period")
    latest = rows.drop_duplicates("urn", keep="last")
    return pd.Series(latest["value"].to_numpy("float64"), index=latest["urn"].astype("Int64"))


def _fsm_percent(census: pd.DataFrame) -> pd.DataFrame:
    """Return free school meal eligibility worked out from the counts, raw text showing both."""
    counts = census[census["value"].notna()].set_index("urn")
    eligible = counts.loc[counts["measure"].eq("fsm_pupils"), ["value", "raw"]]
    roll = counts.loc[counts["measure"].eq("pupils"), ["value", "raw"]].add_suffix("_roll")
    both = eligible.join(roll, how="inner")
    both = both[both["value_roll"] > 0]
    return pd.DataFrame(
        {
            "urn": both.index,
            "measure": "fsm_percent",
            "unit": "percent",
            "value": (100 * both["value"] / both["value_roll"]).round(1).to_numpy(),
            "marker": None,
            "raw": (both["raw"] + " of " + both["raw_roll"]).to_numpy(),
        }
    )
