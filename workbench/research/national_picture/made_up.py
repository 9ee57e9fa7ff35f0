"""A made-up country, for showing and testing the national picture where no file is at hand.

Nothing in it is real: places lie around five towns that do not exist, names are made of two lists,
and grades are drawn. Every draw is of the counter-based generator, so the same seed makes the same
country.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.errors import BadInput
from workbench.growth.kernel.philox import uniforms
from workbench.parameters.distributions import Floats
from workbench.research.national_picture.country import Country
from workbench.trust.contract_parts import OEIF_GRADES
from workbench.trust.contracts import INSPECTIONS_OEIF, INSPECTIONS_REPORT_CARD
from workbench.trust.inspections import standing_judgements

Ints = npt.NDArray[np.int64]

AS_OF = dt.date(2026, 9, 15)
FIRST_URN, FIRST_UID = 910_000, 800_000
_REGIONS = ("Northmarch", "Eastfold", "Westmere", "Southdown", "Midvale")
_TOWNS = ((54.6, -1.8), (52.6, 0.6), (52.4, -2.7), (51.0, -0.4), (52.9, -1.2))
_SIZES = (1, 2, 4, 7, 13, 25)  # schools of a trust
_OF_SIZE = (0.11, 0.15, 0.28, 0.27, 0.14, 0.05)  # about the shares of March 2024
_PHASES = ("primary", "secondary", "special", "all-through")
_OF_PHASE = (0.74, 0.18, 0.06, 0.02)
_ROLLS = (270.0, 1000.0, 120.0, 1200.0)
_OF_GRADE = (0.15, 0.72, 0.10, 0.03)  # outstanding to inadequate
_OF_GRADE_OUTSIDE = (0.17, 0.73, 0.085, 0.015)
_UNRATED, _UNPLACED = 0.15, 0.01
_FIRST = ("Alder", "Birch", "Clay", "Dove", "Elm", "Fern", "Glade", "Hazel", "Ivy", "Juniper")
_SECOND = ("bridge", "combe", "dale", "field", "ford", "hurst", "leigh", "mere", "stead", "wick")
_SPREAD_KM, _TOWN_KM, _KM_A_DEGREE = 9.0, 45.0, 111.0


def made_up_country(trusts: int = 40, *, seed: int = 2026) -> Country:
    """Make up a country of trusts of every size, and as many schools again outside them.

    Args:
        trusts: How many trusts.
        seed: Seed of every draw.

    Raises:
        BadInput: There is no trust, or more than fit the numbers of made-up schools.
    """
    if not 1 <= trusts <= 4000:
        raise BadInput(
            f"{trusts} trusts cannot be made up", rule="1 to 4000 trusts", mend="ask for fewer"
        )
    sizes = np.array(_SIZES)[_drawn("size", seed, trusts, _OF_SIZE)]
    inside = int(sizes.sum())
    schools = 2 * inside
    owner = np.r_[np.repeat(np.arange(trusts), sizes), np.full(schools - inside, -1)]
    frame = _schools(owner, trusts, seed)
    grades = _grades(frame, seed)
    membership = frame.dropna(subset=["trust_uid"])[["urn", "trust_uid", "trust_name", "joined"]]
    return Country(
        as_of=AS_OF,
        source="demo",
        schools=frame.drop(columns="joined"),
        membership=membership.astype({"trust_uid": "int64"}).reset_index(drop=True),
        judgements=standing_judgements(
            grades, INSPECTIONS_REPORT_CARD.empty(), grades["urn"].tolist()
        ).astype({"urn": "int64"}),
        about=dict.fromkeys(("membership", "judgements", "schools"), "made up"),
    )


def _schools(owner: Ints, trusts: int, seed: int) -> pd.DataFrame:
    """Return the schools, with the day of joining for those of trusts."""
    count, inside = len(owner), owner >= 0
    home = _drawn("town", seed, trusts, (0.2,) * len(_TOWNS))
    town = np.where(inside, home[owner], _drawn("own town", seed, count, (0.2,) * len(_TOWNS)))
    base = np.where(inside[:, None], _around("trust", seed, trusts, _TOWN_KM)[owner], 0.0)
    reach = np.where(inside, _SPREAD_KM, _TOWN_KM)[:, None]
    km = base + reach * _around("school", seed, count, 1.0)
    place = np.array(_TOWNS)[town] + km / _KM_A_DEGREE * np.array([1.0, 1.6])
    place[uniforms(seed, "made up: unplaced", count) < _UNPLACED] = np.nan
    phase = _drawn("phase", seed, count, _OF_PHASE)
    roll = np.array(_ROLLS)[phase] * (0.5 + uniforms(seed, "made up: roll", count))
    years = 9.0 * uniforms(seed, "made up: joined", count)
    joined = pd.Timestamp(AS_OF) - pd.to_timedelta(np.floor(365.25 * years), unit="D")
    name = _names("school", seed, count)
    trust = [f"{one} Learning Trust" for one in _names("trust", seed, trusts)]
    uid = pd.array(np.where(inside, FIRST_UID + owner, 0), dtype="Int64")
    return pd.DataFrame({
        "urn": np.arange(FIRST_URN, FIRST_URN + count),
        "name": [f"{one} School" for one in name],
        "phase": np.array(_PHASES, dtype=object)[phase],
        "region": np.array(_REGIONS, dtype=object)[town],
        "latitude": place[:, 0],
        "longitude": place[:, 1],
        "pupils": np.round(roll),
        "trust_uid": pd.Series(uid).where(inside),
        "trust_name": [trust[i] if i >= 0 else None for i in owner],
        "joined": pd.Series(joined.astype("datetime64[s]")).where(inside),
    }).astype({"phase": "str", "region": "str", "trust_name": "str"})  # fmt: skip


def _grades(schools: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return one inspection of the older framework for each rated school."""
    count, inside = len(schools), schools["trust_uid"].notna().to_numpy(bool)
    grade = np.where(
        inside,
        _drawn("grade", seed, count, _OF_GRADE),
        _drawn("grade outside", seed, count, _OF_GRADE_OUTSIDE),
    )
    rated = uniforms(seed, "made up: rated", count) >= _UNRATED
    ago = np.floor(700 + 900 * uniforms(seed, "made up: inspected", count))
    rows = pd.DataFrame({
        "urn": schools["urn"],
        "inspection_date": pd.Timestamp(AS_OF) - pd.to_timedelta(ago, unit="D"),
        "kind": "graded",
        "overall": np.array(OEIF_GRADES, dtype=object)[grade],
    })[rated]  # fmt: skip
    types = {column.name: column.dtype for column in INSPECTIONS_OEIF.columns}
    return rows.reset_index(drop=True).reindex(columns=list(types)).astype(types)


def _drawn(what: str, seed: int, count: int, shares: tuple[float, ...]) -> Ints:
    """Return the number of the share that each draw falls into."""
    ends = np.cumsum(shares)
    places = uniforms(seed, f"made up: {what}", count) * ends[-1]
    return np.asarray(np.minimum(np.searchsorted(ends, places, side="right"), len(shares) - 1))


def _around(what: str, seed: int, count: int, km: float) -> Floats:
    """Return places evenly within a disc, kilometres north and east, count x 2."""
    turn = 2.0 * np.pi * uniforms(seed, f"made up: {what} turn", count)
    far = km * np.sqrt(uniforms(seed, f"made up: {what} far", count))
    return np.column_stack([far * np.cos(turn), far * np.sin(turn)])


def _names(what: str, seed: int, count: int) -> list[str]:
    """Return made-up names, numbered so that each is one alone."""
    first = _drawn(f"{what} first", seed, count, (1.0,) * len(_FIRST))
    second = _drawn(f"{what} second", seed, count, (1.0,) * len(_SECOND))
    pairs = enumerate(zip(first, second, strict=True), 1)
    return [f"{_FIRST[one]}{_SECOND[other]} {number}" for number, (one, other) in pairs]
