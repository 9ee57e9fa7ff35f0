"""What the published files say of each school of a trust, gathered file by file."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pandas as pd

from workbench.trust.contracts import TABLES
from workbench.trust.published import kinds
from workbench.trust.published.files import Found, PublishedFile
from workbench.trust.published.gias import coordinates, establishments, urn_links
from workbench.trust.published.inspections import combine_cards, combine_oeif
from workbench.trust.published.national import nearest
from workbench.trust.published.ofsted import Read, read_inspections, read_pupils
from workbench.trust.published.statistics import (
    combine,
    newest,
    read_statistics,
    settled_first,
)

_MOST_PUPILS = 10_000


@dataclass
class Log:
    """What was used for which table, and what was left out, as the work goes on."""

    used: dict[PublishedFile, set[str]] = field(default_factory=lambda: defaultdict(set))
    notes: Counter[str] = field(default_factory=Counter)

    def use(self, file: PublishedFile, *tables: str) -> None:
        """Record that a file fed some tables."""
        self.used[file].update(tables)

    def note(self, notes: Counter[str], file: PublishedFile | None = None) -> None:
        """Add counted notes, saying which file they are about."""
        for what, count in notes.items():
            self.notes[what if file is None else f"{file.relative}: {what}"] += count


def statistics_table(found: Found, urns: frozenset[int], as_of: dt.date, log: Log) -> pd.DataFrame:
    """Return `school_statistics` from every yearly file whose year is known."""
    frames = []
    for file in settled_first(found.of(*kinds.STATISTIC_KINDS)):
        if file.period is None:
            log.notes[
                f"{file.relative}: left out, no academic year in its name or its folder's name"
            ] += 1
            continue
        frame, notes = read_statistics(file, urns)
        log.note(notes, file)
        if len(frame):
            frames.append(frame)
            log.use(file, "school_statistics")
    return combine(frames, as_of)


def schools_table(
    members: pd.DataFrame, statistics: pd.DataFrame, found: Found, as_of: dt.date, log: Log
) -> pd.DataFrame:
    """Return `schools`: membership, then GIAS's record, coordinates, census and Ofsted's roll.

    Each value comes from the first source that has it, in that order; of several snapshots the one
    nearest before `as_of` speaks first. Only gaps are filled from snapshots after `as_of`: what
    seldom changes (place, phase, type, opening day) in silence, pupil numbers and free school
    meals with a note that names the file and its day.
    """
    urns = frozenset(int(urn) for urn in members["urn"])
    facts = _establishments(found, urns, as_of, log)
    out = members.set_index("urn")[["name", "phase", "type", "joined"]]
    for name in ("phase", "type"):
        out[name] = out[name].where(out[name].ne(""), facts[name])
    out = out.join(facts[["opened", "pupils", "fsm_percent", "latitude", "longitude"]])
    out = _with_coordinates(out, found, as_of, log)
    for name in ("pupils", "fsm_percent"):
        census = newest(statistics, name).reindex(out.index).astype(out[name].dtype)
        out[name] = out[name].fillna(census)
    out = _with_ofsted_roll(out, found, as_of, log)
    out["pupils"] = out["pupils"].where(out["pupils"].between(0, _MOST_PUPILS))
    return out.reset_index()[list(TABLES["schools"].names)]


def inspection_tables(
    schools: pd.DataFrame, found: Found, as_of: dt.date, log: Log
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return `inspections_oeif` and `inspections_report_card` from every file of inspections."""
    urns = frozenset(int(urn) for urn in schools["urn"])
    reads: list[Read] = []
    for kind in kinds.INSPECTION_KINDS:
        for file in found.of(kind):
            read = read_inspections(file, urns)
            log.note(read.notes, file)
            reads.append(read)
            if len(read.oeif):
                log.use(file, "inspections_oeif")
            if len(read.cards):
                log.use(file, "inspections_report_card")
    if not reads:
        return (
            TABLES["inspections_oeif"].empty(),
            TABLES["inspections_report_card"].empty(),
        )
    opened = schools.set_index("urn")["opened"].astype("datetime64[s]")
    oeif, notes = combine_oeif(reads, opened, _predecessors(found, urns, log), as_of)
    log.note(notes)
    cards, notes = combine_cards(reads, as_of)
    log.note(notes)
    return oeif, cards


def _establishments(found: Found, urns: frozenset[int], as_of: dt.date, log: Log) -> pd.DataFrame:
    """Return GIAS's record of each school, snapshot by snapshot."""
    facts, _ = establishments((), urns)
    for file in nearest(found.of(kinds.ESTABLISHMENTS), as_of):
        before = facts
        facts, used = establishments([file], urns, before)
        if not used:
            continue
        log.use(file, "schools")
        for name in ("pupils", "fsm_percent"):
            _note_later(log, file, name, facts[name].notna() & before[name].isna(), as_of)
    return facts


def _note_later(
    log: Log, file: PublishedFile, name: str, filled: pd.Series, as_of: dt.date
) -> None:
    """Note how many schools have a value of a day after the one the folder describes."""
    if file.snapshot is not None and file.snapshot > as_of and filled.any():
        what = f"{name} taken from a snapshot of {file.snapshot}, after {as_of}; schools"
        log.notes[f"{file.relative}: {what}"] += int(filled.sum())


def _with_coordinates(out: pd.DataFrame, found: Found, as_of: dt.date, log: Log) -> pd.DataFrame:
    """Fill positions GIAS does not give from files of coordinates, both numbers together."""
    for file in nearest(found.of(kinds.COORDINATES), as_of):
        lacking = out["latitude"].isna() | out["longitude"].isna()
        if not lacking.any():
            break
        known = coordinates(file, frozenset(int(urn) for urn in out.index[lacking]))
        if known.empty:
            continue
        log.use(file, "schools")
        for name in ("latitude", "longitude"):
            out.loc[known.index, name] = known[name]
    return out


def _with_ofsted_roll(out: pd.DataFrame, found: Found, as_of: dt.date, log: Log) -> pd.DataFrame:
    """Fill pupil numbers that neither GIAS nor the census gives from management information."""
    files = found.of(
        kinds.REPORT_CARDS, kinds.MANAGEMENT_INFORMATION, kinds.EARLY_MANAGEMENT_INFORMATION
    )
    for file in nearest(files, as_of):
        lacking = out["pupils"].isna()
        if not lacking.any():
            break
        known = read_pupils(file, frozenset(int(urn) for urn in out.index[lacking]))
        if len(known):
            log.use(file, "schools")
            _note_later(log, file, "pupils", lacking & known.reindex(out.index).notna(), as_of)
            out["pupils"] = out["pupils"].fillna(known.reindex(out.index))
    return out


def _predecessors(found: Found, urns: frozenset[int], log: Log) -> pd.Series:
    """Return the predecessor's URN of each school that has exactly one."""
    file = next(iter(found.of(kinds.URN_LINKS)), None)
    if file is None:
        return pd.Series(dtype="Int64")
    links = urn_links(file)
    earlier = links[
        links["link"].str.casefold().str.startswith("predecessor")
        & links["urn"].isin(urns)
        & links["linked_urn"].notna()
    ].drop_duplicates(["urn", "linked_urn"])
    if len(earlier):
        log.use(file, "inspections_oeif")
    only = earlier[~earlier.duplicated("urn", keep=False)]
    return only.set_index("urn")["linked_urn"]
