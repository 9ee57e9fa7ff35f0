"""Visits of inspectors to the schools of England, as the multi-state model reads them.

Every grade published for a school under its own URN, up to a day, with what is known of the school:
its phase, how it became an academy, its intake and absence, when it joined a trust, and the trust's
size. Two things that change between visits have rows of their own, without a grade: the years since
joining, and the inspection regime.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.errors import BadInput
from workbench.growth.calibrate.form import Acts
from workbench.parameters.model import BANDS, OeifGrade, StartBands
from workbench.trust.published import kinds
from workbench.trust.published.england import england_schools
from workbench.trust.published.facts import Log
from workbench.trust.published.files import Found, PublishedFile, find, read
from workbench.trust.published.gias import establishments, membership
from workbench.trust.published.inspections import continues
from workbench.trust.published.national import membership_file, nearest
from workbench.trust.published.ofsted import read_inspections
from workbench.trust.published.text import whole_numbers

# "Satisfactory" became "requires improvement" on that day; grades before are not fitted to.
FIRST_DAY = dt.date(2012, 9, 1)
# Since about that day weak schools have been judged good less readily, and good ones weak.
REGIME = dt.date(2016, 9, 1)
NEWLY_JOINED_YEARS = 3  # for which joining a trust is looked for (EPI and LSE: it fades in three)
SCHOOLS_A_DOUBLING = 2.0
MIDDLE, SPREADS_ACROSS = 0.5, 3.5  # ranks run evenly; their own spread is 1 / 12 ** 0.5
LATEST = dt.date(2100, 1, 1)  # what hardly changes is taken from any year
# What moves which moves. Rises into strong and falls out of it are too few to be told apart.
ACTS: dict[str, tuple[Acts, ...]] = {
    "before_regime": ("rise_attention", "fall_secure"),
    "secondary": ("direction",),
    "special_or_other": ("direction",),
    "sponsor_led": ("direction",),
    "converter": ("direction",),
    "free_meals": ("direction",),
    "absence": ("direction",),
    "newly_joined": ("direction",),
    "trust_size": ("direction",),
}
COVARIATES = tuple(ACTS)
_INSPECTORS_WORDS = {"pru": "alternative provision", "pupil referral unit": "alternative provision"}


@dataclass(frozen=True, eq=False)
class CalibrationData:
    """Visits, and where they came from.

    Attributes:
        visits: `urn`, `date`, `band` (missing where only covariates change) and `COVARIATES`.
        later: The next grade of each school after the last day, for comparison: urn, date, band.
        schools: What is known of each school, by `urn`: `phase` and the covariates that stay.
        notes: What was left out, counted.
        files: The published files used.
        until: The last day an inspection may have.
    """

    visits: pd.DataFrame
    later: pd.DataFrame
    schools: pd.DataFrame
    notes: Counter[str]
    files: tuple[str, ...]
    until: dt.date


def calibration_data(
    source: Path,
    bands: StartBands,
    *,
    until: dt.date | None = None,
    check_to: dt.date | None = None,
    since: dt.date = FIRST_DAY,
    regime: dt.date = REGIME,
) -> CalibrationData:
    """Return every graded visit to a school of England between two days.

    Args:
        source: A folder of published files.
        bands: The declared table of grades and bands.
        until: Last day a visit may have, and day of the membership of trusts; the latest if not
            given.
        check_to: Last day of later grades; the latest if not given.
        since: First day.
        regime: Day before which rising out of weakness and falling into it went otherwise.

    Raises:
        BadInput: There is no such folder, no school in it was inspected between the two days, or
            later grades would end before they begin.
    """
    if check_to is not None and (until is None or check_to <= until):
        raise BadInput(
            f"later grades up to {check_to} cannot be held against a fit to "
            + ("all grades" if until is None else f"grades up to {until}"),
            rule="--check-to is after --until, which leaves the later grades out of the fit",
            mend="give an earlier --until, or no --check-to",
        )
    found, notes = find(source), Counter[str]()
    every, files = _grades(found, source, bands, until, notes)
    links, _ = membership_file(found, until)
    until = until or (LATEST if every.empty else every["date"].max().date())
    last, end = pd.Timestamp(until), pd.Timestamp(check_to or LATEST)
    # The next grade and not the last one: forecasts know of none between, and whoever is found weak
    # is seen again sooner, so that more of the last grades are good.
    later = every[every["date"].gt(last) & every["date"].le(end)].sort_values("date", kind="stable")
    later = later.drop_duplicates("urn", keep="first").reset_index(drop=True)
    grades = every[every["date"].between(pd.Timestamp(since), last)]
    if grades.empty:
        raise BadInput(
            f"no school was graded between {since} and {until}",
            where=str(source),
            rule="a history of grades, or several snapshots of them",
            mend="add Ofsted's management information of several years to the folder",
        )
    schools, joined, log = _schools(found, links, grades, until)
    notes["school of which no file says its phase, taken for a primary school"] += int(
        schools["phase"].isna().sum()
    )
    visits = _with_changes(grades, schools, joined, (pd.Timestamp(regime), pd.Timestamp(until)))
    used = sorted({*files, links.relative, *(file.relative for file in log.used)})
    return CalibrationData(visits, later, schools, notes, tuple(used), until)


def _grades(
    found: Found, source: Path, bands: StartBands, until: dt.date | None, notes: Counter[str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return urn, date and band of every inspection of a school under its own URN."""
    day = until or LATEST
    files = nearest(found.of(*kinds.INSPECTION_KINDS), day)
    read = [read_inspections(file).oeif for file in files]
    if not read:
        raise BadInput(
            f"there are no inspections in {source}",
            where=str(source),
            rule="rates are fitted to grades with their dates, as Ofsted and DfE publish them",
            mend="add Ofsted management information or its ratings history; demo, in place of the "
            "folder, makes schools up",
        )
    records = pd.concat([one.assign(rank=rank) for rank, one in enumerate(read)], ignore_index=True)
    records = records[records["overall"].ne("") & records["inspection_date"].notna()]
    urns = frozenset(int(urn) for urn in records["urn"].unique())
    facts, _ = establishments(nearest(found.of(kinds.ESTABLISHMENTS), day), urns)
    opened = pd.Series(facts["opened"].reindex(records["urn"]).to_numpy(), records.index)
    other = records["urn_at_inspection"].notna()
    other &= records["urn_at_inspection"].fillna(0).ne(records["urn"])
    theirs = other | records["own"].eq("no")
    theirs |= opened.notna() & records["inspection_date"].lt(opened)
    notes["grade of a predecessor, in the row of the school that followed it"] += int(theirs.sum())
    own = records[~theirs].sort_values(["urn", "inspection_date", "rank"], kind="stable")
    own = own[~continues(own["urn"], own["inspection_date"])]
    grades: dict[OeifGrade, int] = {g: BANDS.index(band) for g, band in bands.oeif.items()}
    out = pd.DataFrame({"urn": own["urn"].astype("int64"), "date": own["inspection_date"]})
    out["band"] = own["overall"].map(grades).astype("float64")
    return out.reset_index(drop=True), tuple(file.relative for file in files)


def _schools(
    found: Found, links: PublishedFile, grades: pd.DataFrame, until: dt.date
) -> tuple[pd.DataFrame, pd.Series, Log]:
    """Return the covariates that stay, by URN, and the day each school joined its trust.

    Args:
        found: The published files.
        links: The group links that say who was in which trust.
        grades: Visits.
        until: Last day of them; whoever joined a trust later was in none.
    """
    log = Log()
    members = membership(links).sort_values("joined").drop_duplicates("urn")
    members = members.set_index(members["urn"].astype("int64"))
    members = members[~members["joined"].gt(pd.Timestamp(until))]
    england = england_schools(found, LATEST, log).set_index("urn")
    urns = pd.Index(sorted(grades["urn"].unique()), name="urn")
    facts, _ = establishments(
        nearest(found.of(kinds.ESTABLISHMENTS), until), frozenset(int(urn) for urn in urns)
    )
    phase = england["phase"].reindex(urns)
    phase = phase.fillna(pd.Series(facts["phase"].reindex(urns).to_numpy(), urns))
    # Closed schools count too: leaving them out would leave out those that did not recover.
    known = pd.DataFrame({"phase": phase.fillna(_inspectors_phases(found).reindex(urns))})
    kind = pd.Series(facts["type"].reindex(known.index).to_numpy(), known.index).fillna("")
    known["secondary"] = known["phase"].isin(["secondary", "all-through"]).astype(float)
    ordinary = known["phase"].isin(["primary", "secondary", "all-through"])
    known["special_or_other"] = (~ordinary & known["phase"].notna()).astype(float)
    known["sponsor_led"] = kind.eq("sponsor led").astype(float)
    known["converter"] = kind.eq("converter").astype(float)
    for name, measure in (("free_meals", "fsm_percent"), ("absence", "absence_percent")):
        known[name] = _standing(england[measure].reindex(known.index), known["phase"])
    size = members.groupby("trust_uid")["urn"].transform("size")
    doublings = np.log(size.reindex(known.index)) / np.log(SCHOOLS_A_DOUBLING)
    known["trust_size"] = doublings.fillna(0.0).round(1)
    return known, members["joined"].reindex(known.index), log


def _inspectors_phases(found: Found) -> pd.Series:
    """Return the phase that files of inspections give, by URN."""
    said = []
    for file in found.of(*kinds.INSPECTION_KINDS):
        texts, _ = read(file, ["URN", "Ofsted phase"])
        words = texts["Ofsted phase"].str.casefold().replace(_INSPECTORS_WORDS)
        urns = whole_numbers(texts["URN"])
        said.append(pd.Series(words.to_numpy(), urns)[(words.ne("") & urns.notna()).to_numpy()])
    every = pd.concat(said).rename_axis("urn").reset_index(name="phase").drop_duplicates("urn")
    return pd.Series(every["phase"].to_numpy(), index=every["urn"])


def _standing(values: pd.Series, phase: pd.Series) -> pd.Series:
    """Return how far a school is from the middle of its phase, in spreads, to a quarter.

    It goes by rank, so that a few extreme schools decide nothing; a school without a number is put
    in the middle, which moves it nowhere.
    """
    rank = values.groupby(phase).rank(pct=True).fillna(MIDDLE)
    return pd.Series(((rank - MIDDLE) * SPREADS_ACROSS * 4.0).round() / 4.0, values.index)


def _with_changes(
    grades: pd.DataFrame,
    schools: pd.DataFrame,
    joined: pd.Series,
    days: tuple[pd.Timestamp, pd.Timestamp],
) -> pd.DataFrame:
    """Return visits with their covariates, and rows at the days on which covariates change.

    Args:
        grades: Visits.
        schools: Covariates that stay.
        joined: When each school joined its trust.
        days: The day of the new regime, and the last day.
    """
    (regime, until), first = days, grades.groupby("urn")["date"].min()
    settled = joined + pd.DateOffset(years=NEWLY_JOINED_YEARS)
    changes = [pd.Series(regime, schools.index), joined, settled]
    rows = [grades]
    for change in changes:
        day = change.reindex(first.index)
        within = day.gt(first) & day.lt(until)
        rows.append(pd.DataFrame({"urn": day.index[within], "date": day[within].to_numpy()}))
    visits = pd.concat(rows, ignore_index=True)
    visits = visits.sort_values(["urn", "date", "band"], kind="stable", na_position="last")
    visits = visits.drop_duplicates(["urn", "date"]).reset_index(drop=True)
    visits["before_regime"] = visits["date"].lt(regime).astype(float)
    start = pd.Series(joined.reindex(visits["urn"]).to_numpy(), visits.index)
    end = pd.Series(settled.reindex(visits["urn"]).to_numpy(), visits.index)
    visits["newly_joined"] = (visits["date"].ge(start) & visits["date"].lt(end)).astype(float)
    stay = [name for name in COVARIATES if name in schools]
    known = schools.loc[visits["urn"], stay].reset_index(drop=True)
    return pd.concat([visits, known], axis=1)[["urn", "date", "band", *COVARIATES]]
