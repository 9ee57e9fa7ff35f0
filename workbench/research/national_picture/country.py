"""England as the national picture sees it: every state-funded school, its trust, its standing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from workbench.errors import BadInput
from workbench.parameters.golden_rule import GoldenRulePolicy
from workbench.pillars.golden_rule import role_of
from workbench.pillars.standings import Standing
from workbench.scenario.ground import PHASE_OF
from workbench.trust.published import kinds, national_judgements, national_membership
from workbench.trust.published.england import england_schools
from workbench.trust.published.facts import Log
from workbench.trust.published.files import Found, find, read
from workbench.trust.published.text import dates, whole_numbers

Source = Literal["published", "demo"]
PLACE = ["latitude", "longitude"]
_OF_A_SCHOOL = ("urn", "name", "phase", "region", *PLACE, "pupils", "trust_uid", "trust_name")


@dataclass(frozen=True, eq=False)
class Country:
    """A country on one day.

    Attributes:
        as_of: The day of the membership.
        source: `published` files, or `demo` where it is made up.
        schools: One row a state-funded school, sorted by URN: urn, name, phase, region, latitude,
            longitude, pupils, trust_uid (missing outside trusts), trust_name.
        membership: One row a school of a trust: urn, trust_uid, trust_name, joined.
        judgements: One row a school with a judgement, as `trust.inspections.standing_judgements`.
        about: What was read, in words, by what it says: `membership`, `judgements`, `schools`.
    """

    as_of: dt.date
    source: Source
    schools: pd.DataFrame
    membership: pd.DataFrame
    judgements: pd.DataFrame
    about: Mapping[str, str]

    @property
    def trusts(self) -> tuple[int, ...]:
        """The UIDs of the trusts with a school of known phase, in order."""
        return tuple(int(uid) for uid in sorted(self.schools["trust_uid"].dropna().unique()))


def read_country(folder: Path) -> Country:
    """Read every trust and state-funded school of England from a folder of published files.

    Args:
        folder: Files as DfE and Ofsted publish them, known by their headers.

    Raises:
        BadInput: There are no group links, no inspections, or no school with a place in them.
    """
    membership, judgements = national_membership(folder), national_judgements(folder)
    as_of, log = dt.date.fromisoformat(membership.attrs["as_of"]), Log()
    found = find(folder)
    england = england_schools(found, as_of, log)
    gone = closed_by(found, as_of) - frozenset(membership["urn"])
    schools = england.loc[~england["urn"].isin(gone), list(_OF_A_SCHOOL)]
    schools = schools.sort_values("urn", ignore_index=True)
    if not schools[PLACE].notna().all(axis=1).any():
        raise BadInput(
            "no school has a place, so no distance can be told",
            where=str(folder),
            rule="eastings and northings, or latitudes and longitudes, of schools are published",
            mend="add the all-data extract of Get Information about Schools",
        )
    joined = membership.sort_values(["urn", "joined"], kind="stable").drop_duplicates(
        "urn", keep="last"
    )
    known = joined[joined["urn"].isin(schools["urn"])]
    _refuse_undated(known, membership.attrs["file"])
    return Country(
        as_of=as_of,
        source="published",
        schools=schools,
        membership=known[["urn", "trust_uid", "trust_name", "joined"]].reset_index(drop=True),
        judgements=judgements,
        about={
            "membership": f"{membership.attrs['file']}, {as_of.isoformat()}",
            "judgements": f"{judgements.attrs['file']}, latest inspection "
            f"{judgements.attrs['latest_inspection'] or 'not dated'}",
            "schools": "; ".join(sorted(file.relative for file in log.used)),
        },
    )


def closed_by(found: Found, day: dt.date) -> frozenset[int]:
    """Return the schools that published files say are closed, or were to close by a day.

    A census keeps a school that closed at the end of its year: no one source of schools does.

    Args:
        found: The published files.
        day: The day described.
    """
    gone: set[int] = set()
    for kind, status, date in (
        (kinds.ESTABLISHMENTS, "EstablishmentStatus (name)", "CloseDate"),
        (kinds.SCHOOL_INFORMATION, "SCHSTATUS", "CLOSEDATE"),
    ):
        for file in found.of(kind):
            table, _ = read(file, ["URN", status, date])
            closes = dates(table[date], kinds.UK_DATES)
            over = closes.le(pd.Timestamp(day))
            # A later file knows of closures yet to come, and dates them.
            over |= table[status].str.casefold().str.startswith("closed") & closes.isna()
            gone.update(int(urn) for urn in whole_numbers(table["URN"])[over].dropna())
    return frozenset(gone)


def _refuse_undated(members: pd.DataFrame, file: str) -> None:
    undated = members["urn"][members["joined"].isna()]
    if len(undated):
        raise BadInput(
            f"{len(undated)} schools of trusts have no date of joining, school {undated.iloc[0]} "
            "first",
            where=file,
            rule="a joining dip and a first inspection are counted from the day of joining",
            mend="take a later snapshot of the group links, or fill the dates in",
        )


def with_standing(country: Country, policy: GoldenRulePolicy) -> pd.DataFrame:
    """Return the schools with what they are under a policy and where their weakness would count.

    Args:
        country: The country.
        policy: The golden rule whose weights say which school needs support; each inspection era
            speaks by its own words.

    Returns:
        The columns of `Country.schools`, `stage` (the model's phase: primary, secondary, special),
        `rated`, `weak` (rated, with a recipient's weight) and `weight`.
    """
    rated = country.judgements[country.judgements["rated"].astype(bool)]
    weights = {
        int(urn): role_of(standing, policy).strict
        for urn, standing in zip(rated["urn"], Standing.each(rated), strict=True)
    }
    out = country.schools.copy()
    out["stage"] = out["phase"].map(PHASE_OF)
    out["weight"] = out["urn"].map(weights).astype(float)
    out["rated"] = out["weight"].notna()
    out["weak"] = out["weight"].gt(0.0)
    return out


def in_place(schools: pd.DataFrame) -> pd.Series:
    """Return which schools have a known place."""
    return pd.Series(
        ~np.isnan(schools[PLACE].to_numpy(float, na_value=np.nan)).any(axis=1), schools.index
    )
