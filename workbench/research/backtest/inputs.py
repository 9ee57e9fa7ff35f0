"""What a back-test is told: every graded visit, schools' figures, and who was in which trust."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from workbench.errors import BadInput
from workbench.parameters.model import BANDS, StartBands
from workbench.parameters.track_record import PublishedLists
from workbench.research.history.links import classify_links
from workbench.research.history.schools import combined_lives
from workbench.trust.published import kinds
from workbench.trust.published.files import Found, PublishedFile, count_rows, find, read
from workbench.trust.published.gias import membership, urn_links
from workbench.trust.published.lives import LIFE_KINDS, school_lives
from workbench.trust.published.ofsted import read_inspections
from workbench.trust.published.statistics import read_statistics, settled_first
from workbench.trust.published.text import whole_numbers

SCHOOL_YEAR_ENDS = (7, 31)
SECONDARY, ORDINARY = ("secondary", "all-through"), ("primary", "secondary", "all-through")
# What the layer reads: attainment of both key stages, absence, and whom a school takes in.
FIGURE_KINDS = (kinds.SCHOOL_ABSENCE, kinds.KEY_STAGE_2, kinds.KEY_STAGE_4, kinds.SCHOOL_CENSUS)
MEASURES = (
    "key_stage_2_expected_percent", "key_stage_2_higher_percent", "key_stage_2_reading_progress",
    "key_stage_2_writing_progress", "key_stage_2_maths_progress", "key_stage_2_reading_score",
    "key_stage_2_maths_score", "attainment_8", "grade_5_english_maths_percent", "progress_8",
    "absence_percent", "persistent_absence_percent",
    "fsm_percent", "fsm_ever_6_percent", "eal_percent", "sen_support_percent",
)  # fmt: skip
_LIFE_KINDS = (kinds.SCHOOL_INFORMATION, kinds.ESTABLISHMENTS, kinds.REPORT_CARDS,
               kinds.MANAGEMENT_INFORMATION, kinds.OFSTED_GRADES,
               kinds.EARLY_MANAGEMENT_INFORMATION)  # fmt: skip
_AUTHORITIES = ("LANAME", "LA (name)", "Local Authority", "Local authority")
# Of income deprivation affecting children where a school's pupils live, as inspectors list it.
_QUINTILES = ("The income deprivation affecting children index (IDACI) quintile", "IDACI quintile")
_QUINTILE = range(1, 6)


def no_closings() -> pd.DataFrame:
    """Return closings as `Inputs` has them, of no school."""
    columns = {"closed": pd.Series(dtype="datetime64[s]"), "successor": pd.Series(dtype="Int64")}
    return pd.DataFrame(columns, index=pd.Index([], dtype="int64", name="urn"))


@dataclass(frozen=True, eq=False)
class Inputs:
    """Everything a back-test may be told, with the day on which each part could be known.

    Attributes:
        visits: One row a grade in a file: urn, date, band (0 urgent to 3 strong), file, listed (the
            day the file describes; missing in a history), history (whether the file lists every
            graded inspection, without short ones).
        figures: School, school year and measure: urn, ended (last day of the year), measure, value.
        schools: By urn: phase, type (blank where nothing says), authority and deprivation (the
            quintile of the income deprivation affecting children index; missing where nothing
            says).
        members: Who was in which trust on each day: urn, trust_uid and, where it is published,
            joined (the day given).
        sources: The published files, or what else it was made from.
        closings: By urn, schools that closed: closed (the day; missing where only a link tells of
            it) and successor (the one school that it became; missing where links name none, or
            several).
        published: The same by kind, with the days or years that they describe.
    """

    visits: pd.DataFrame
    figures: pd.DataFrame
    schools: pd.DataFrame
    members: Mapping[dt.date, pd.DataFrame]
    sources: tuple[str, ...]
    closings: pd.DataFrame = field(default_factory=no_closings)
    published: tuple[PublishedLists, ...] = ()


def read_inputs(folder: Path, bands: StartBands) -> Inputs:
    """Return what a folder of published files holds, whatever their dates.

    Args:
        folder: Searched with its subfolders; files are known by their headers.
        bands: The declared table of grades and bands.

    Raises:
        BadInput: There is no such folder, or no inspections in it.
    """
    found = find(folder)
    inspected = found.of(*kinds.INSPECTION_KINDS)
    if not inspected:
        raise BadInput(
            f"there are no inspections in {folder}",
            where=str(folder),
            rule="a back-test needs lists of grades by its origin and by its target",
            mend="add Ofsted management information, or DfE school information, of both days; "
            "demo, in place of the folder, makes schools up",
        )
    grades = {str(grade): BANDS.index(band) for grade, band in bands.oeif.items()}
    visits = pd.concat([_visits(file, grades) for file in inspected], ignore_index=True)
    # Of several files of a year the first that has a school's figure is the one told.
    of_years = settled_first(found.of(*FIGURE_KINDS))
    yearly = [file for file in of_years if file.period is not None]
    figures = [_figures(file) for file in yearly]
    columns = {"urn": "int64", "ended": "datetime64[s]", "measure": "str", "value": "float64"}
    empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    linked = [file for file in found.of(kinds.GROUP_LINKS) if file.snapshot is not None]
    used = [*inspected, *yearly, *linked]
    lives = {file: school_lives(file) for file in found.of(*_LIFE_KINDS)}
    return Inputs(
        visits,
        pd.concat(figures, ignore_index=True) if figures else empty,
        _schools(lives),
        _members(linked),
        tuple(sorted(file.relative for file in used)),
        _closings(found, lives),
        _by_kind(used),
    )


def school_year_end(period: str) -> dt.date:
    """Return the last day of a school year such as `2017/18`."""
    return dt.date(int(period[:4]) + 1, *SCHOOL_YEAR_ENDS)


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the last day of the month some months after a day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def _by_kind(used: list[PublishedFile]) -> tuple[PublishedLists, ...]:
    """Return what was used by kind, in order of its title."""
    kept = {file.kind.title: file.kind.producer for file in used}
    days = {title: set[dt.date]() for title in kept}
    years = {title: set[str]() for title in kept}
    for file in used:
        if file.period is not None:
            years[file.kind.title].add(file.period)
        elif file.snapshot is not None:
            days[file.kind.title].add(file.snapshot)
    return tuple(
        PublishedLists(
            publisher=kept[title],
            title=title,
            days=tuple(sorted(days[title])),
            years=tuple(sorted(years[title])),
        )
        for title in sorted(kept)
    )


def _visits(file: PublishedFile, grades: Mapping[str, int]) -> pd.DataFrame:
    records = read_inspections(file).oeif
    records = records[records["overall"].isin(list(grades)) & records["urn"].notna()]
    history = file.kind == kinds.RATINGS_HISTORY
    listed = pd.NaT if history or file.snapshot is None else pd.Timestamp(file.snapshot)
    return pd.DataFrame(
        {
            "urn": records["urn"].astype("int64"),
            "date": records["inspection_date"].astype("datetime64[s]"),
            "band": records["overall"].map(grades).astype("int64"),
            "file": file.relative,
            "listed": pd.Series(listed, records.index, dtype="datetime64[s]"),
            "history": history,
            "rows": 0 if history else count_rows(file),
        }
    )


def _figures(file: PublishedFile) -> pd.DataFrame:
    table, _ = read_statistics(file)
    known = table[table["measure"].isin(MEASURES) & table["value"].notna()]
    ended = pd.Timestamp(school_year_end(str(file.period)))
    return pd.DataFrame(
        {
            "urn": known["urn"].astype("int64"),
            "ended": pd.Series(ended, known.index, dtype="datetime64[s]"),
            "measure": known["measure"].astype("str"),
            "value": known["value"].astype("float64"),
        }
    )


def _schools(lives: Mapping[PublishedFile, pd.DataFrame]) -> pd.DataFrame:
    """Return what hardly changes of each school, by URN, from the first file that says it."""
    columns = ["phase", "type", "authority", "deprivation"]
    tables: list[pd.DataFrame] = []
    for file, table in lives.items():
        tables.append(table[["urn", "phase", "type"]])
        texts, _ = read(file, ["URN", *_AUTHORITIES, *_QUINTILES])
        said = {"urn": whole_numbers(texts["URN"])}
        for name, those in (("authority", _AUTHORITIES), ("deprivation", _QUINTILES)):
            said[name] = texts[list(those)].replace("", None).bfill(axis=1).iloc[:, 0]
        tables.append(pd.DataFrame(said))
    if not tables:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in columns})
    every = pd.concat(tables, ignore_index=True).reindex(columns=["urn", *columns])
    every = every.dropna(subset=["urn"]).replace("", None).astype({"urn": "int64"})
    # Workbooks that have been through other hands write 3 as 3.0.
    fifth = whole_numbers(every["deprivation"].fillna("").str.removesuffix(".0"))
    every["deprivation"] = fifth.where(fifth.isin(_QUINTILE))
    return every.groupby("urn")[columns].first()


def _closings(found: Found, lives: Mapping[PublishedFile, pd.DataFrame]) -> pd.DataFrame:
    """Return schools that closed, with the one each became where links can be followed."""
    files = found.of(*LIFE_KINDS)
    if not files:
        return no_closings()
    every = combined_lives(files, lives)
    out = pd.DataFrame({"closed": every["close_date"]})
    file = found.latest(kinds.URN_LINKS)
    if file is None:
        return out.dropna().assign(successor=pd.array([pd.NA] * int(out["closed"].notna().sum()),
                                                      dtype="Int64"))  # fmt: skip
    as_of = pd.Timestamp(file.snapshot) if file.snapshot else None
    links = classify_links(urn_links(file), every, as_of)
    links = links[links["followed"]].set_index("old_urn")
    out = out.reindex(out.index.union(links.index).rename("urn"))
    out["successor"] = links["new_urn"].reindex(out.index).astype("Int64")
    out["closed"] = out["closed"].fillna(links["linked_on"].reindex(out.index))
    return out[out.notna().any(axis=1)].astype({"closed": "datetime64[s]"})


def _members(files: list[PublishedFile]) -> dict[dt.date, pd.DataFrame]:
    """Return who was in which trust on each day; of two lists of one day the first counts."""
    found: dict[dt.date, pd.DataFrame] = {}
    for file in files:
        if file.snapshot is not None and file.snapshot not in found:
            table = membership(file)[["urn", "trust_uid", "joined"]]
            table = table.astype({"urn": "int64", "trust_uid": "int64"}).drop_duplicates("urn")
            found[file.snapshot] = table.reset_index(drop=True)
    # A list of only some trusts would show the others as ended.
    whole, fullest = {}, 0
    for day, table in sorted(found.items()):
        if 2 * len(table) >= fullest:
            whole[day], fullest = table, max(fullest, len(table))
    return whole
