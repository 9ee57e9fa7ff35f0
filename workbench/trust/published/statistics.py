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
from workbench.trust.published.text import Number, heading, number

FIELDS = TABLES["school_statistics"].names
ACADEMIC_YEAR_BEGINS = 9  # September


@dataclass(frozen=True)
class Measure:
    """One published column.

    Args:
        columns: Its header, in the spellings in use; the first that a file has is read.
        name: The measure's name in the trust tables.
        unit: Unit of the value.
    """

    columns: tuple[str, ...]
    name: str
    unit: str


def _m(name: str, unit: str, *columns: str) -> Measure:
    return Measure(columns, name, unit)


MEASURES: Mapping[kinds.Kind, tuple[Measure, ...]] = MappingProxyType({
    kinds.SCHOOL_CENSUS: (
        _m("pupils", "pupils", "NOR"),
        _m("fsm_pupils", "pupils", "NUMFSM"),
        _m("fsm_ever_6_percent", "percent", "PNUMFSMEVER"),
        _m("eal_percent", "percent", "PNUMEAL"),
        _m("sen_support_percent", "percent", "PSENELK"),
        _m("ehc_plan_percent", "percent", "PSENELSE"),
    ),
    kinds.SCHOOL_WORKFORCE: (
        _m("teachers_fte", "full-time equivalent",
           "Total Number of Teachers (Full-Time Equivalent)"),
        _m("teaching_assistants_fte", "full-time equivalent",
           "Total Number of Teaching Assistants (Full-Time Equivalent)"),
        _m("pupil_teacher_ratio", "pupils for each teacher", "Pupil: Teacher Ratio"),
        _m("mean_teacher_pay_gbp", "pounds", "Mean Gross FTE Salary of All Teachers (£s)"),
    ),
    kinds.SCHOOL_ABSENCE: (
        _m("absence_percent", "percent", "PERCTOT"),
        _m("persistent_absence_percent", "percent", "PPERSABS10"),
        _m("absence_pupils", "pupils", "ENROLMENTS"),
        _m("absence_possible_sessions", "sessions", "SESS_POSSIBLE"),
        _m("absence_missed_sessions", "sessions", "SESS_OVERALL"),
    ),
    kinds.KEY_STAGE_2: (
        _m("key_stage_2_pupils", "pupils", "TELIG", "KS2 Pupils"),
        _m("key_stage_2_expected_percent", "percent", "PTRWM_EXP", "Overall Meet Std"),
        _m("key_stage_2_higher_percent", "percent", "PTRWM_HIGH", "Overall Exceed Std"),
        _m("key_stage_2_reading_progress", "points", "READPROG", "Reading Progress"),
        _m("key_stage_2_writing_progress", "points", "WRITPROG", "Writing Progress"),
        _m("key_stage_2_maths_progress", "points", "MATPROG", "Maths Progress"),
        _m("key_stage_2_reading_score", "points", "READ_AVERAGE", "Reading Score"),
        _m("key_stage_2_maths_score", "points", "MAT_AVERAGE", "Maths Score"),
    ),
    kinds.KEY_STAGE_4: (
        _m("key_stage_4_pupils", "pupils", "TPUP", "KS4 Pupils"),
        _m("attainment_8", "points", "ATT8SCR", "Attainment 8"),
        _m("grade_5_english_maths_percent", "percent", "PTL2BASICS_95", "Eng Maths Grade 5"),
        _m("progress_8", "points", "P8MEA", "Progress 8"),
        _m("progress_8_pupils", "pupils", "P8PUP"),
        _m("progress_8_lower", "points", "P8CILOW"),
        _m("progress_8_upper", "points", "P8CIUPP"),
    ),
})  # fmt: skip

# Of several files for one year the most settled speaks first.
_SETTLED = {"final": 0, "revised": 1, "provisional": 3}
_UNNAMED = 2


def read_statistics(
    file: PublishedFile, urns: frozenset[int] | None = None
) -> tuple[pd.DataFrame, Counter[str]]:
    """Return one file's numbers for some schools as `school_statistics`, and what was left out.

    A blank says nothing and gives no row; a marker (SUPP, NE, NP, LOWCOV, x, z, c, low) gives a row
    without a number. `fsm_percent` is worked out from the census counts, as GIAS defines it.

    Args:
        file: A file of one of `kinds.STATISTIC_KINDS`, with its period known.
        urns: The schools; None for every row that has a URN.
    """
    known = frozenset(heading(name) for name in file.header)
    measures = {
        next((name for name in measure.columns if heading(name) in known), ""): measure
        for measure in MEASURES[file.kind]
    }
    measures.pop("", None)
    texts, set_aside = read(file, ["URN", *measures], urns)
    texts = texts[texts["URN"].str.fullmatch(r"\d{1,15}")]
    notes: Counter[str] = Counter()
    if set_aside:
        notes["row with more fields than the header"] = set_aside
    frames = [
        _numbers(texts["URN"], texts[column], notes).assign(measure=measure.name, unit=measure.unit)
        for column, measure in measures.items()
    ]
    columns = [name for name in FIELDS if name not in ("period", "source")]
    out = pd.concat(frames, ignore_index=True)[columns]
    if file.kind == kinds.SCHOOL_CENSUS:
        out = pd.concat([out, _fsm_percent(out)], ignore_index=True)
    out = out.assign(period=file.period, source=file.relative)
    return out.drop_duplicates(["urn", "measure"])[list(FIELDS)], notes


def settled_first(files: Sequence[PublishedFile]) -> tuple[PublishedFile, ...]:
    """Return files with final figures first, then revised, unnamed and provisional ones."""

    def rank(file: PublishedFile) -> int:
        name = file.path.stem.casefold()
        return next((place for word, place in _SETTLED.items() if word in name), _UNNAMED)

    return tuple(sorted(files, key=rank))


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


def _numbers(urns: pd.Series, texts: pd.Series, notes: Counter[str]) -> pd.DataFrame:
    """Return what one column publishes, one row a school that has a number or a marker.

    Each spelling is read once, for a national file repeats few of them often.
    """
    found: dict[str, Number] = {}
    for text, count in texts.value_counts().items():
        try:
            value = number(str(text))
        except ValueError:
            notes[f"{texts.name} is not a number or a known marker: '{text}'"] += int(count)
            continue
        if value is not None:
            found[str(text)] = value
    kept = texts[texts.isin(list(found))]
    return pd.DataFrame(
        {
            "urn": urns[kept.index].astype("int64"),
            "value": kept.map({text: one.value for text, one in found.items()}).astype("float64"),
            "marker": kept.map({text: one.marker for text, one in found.items()}).astype("object"),
            "raw": kept.map({text: one.raw for text, one in found.items()}),
        }
    )


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
