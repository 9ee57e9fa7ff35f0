"""Made-up grades, figures and trusts, so that the back-test can be shown and tried anywhere.

Schools move and are inspected as the growth model has it; a hidden trait of each moves both its
rates and its figures. Trusts grow by the process of `trust_growth`. Nothing here exists.
"""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType

import numpy as np
import pandas as pd

from workbench.growth.calibrate.planted import FIRST_URN, Planted, planted_panel
from workbench.parameters.model import BANDS
from workbench.research.backtest.inputs import MEASURES, Inputs, school_year_end

SOURCE = "made-up inspections, figures and trusts"
ORIGIN, TARGET = dt.date(2014, 8, 31), dt.date(2018, 8, 31)
SCHOOLS, TRUSTS, YEARS = 3_000, 500, 12.0
SHOWN = ("key_stage_2_expected_percent", "absence_percent")
# The trait makes rises rarer and falls commoner; secondary schools differ a little. Schools are
# seen again after as long whatever their grade: were weak ones seen sooner, the last grades of four
# years would be better than those of three, from which the model learns.
PLANTED = Planted(
    effects=MappingProxyType({"secondary": (-0.2, 0.1), "trait": (-0.8, 0.8)}),
    waits=((1.5, 4.5),) * len(BANDS),
)
_FIGURES = MappingProxyType({SHOWN[0]: (70.0, -12.0, 8.0), SHOWN[1]: (4.2, 1.0, 0.8)})
_FIRST_UID, _NEVER = 700_001, 800_001
_UNSEEN = 20_000  # schools that are listed, may join a trust, and are never inspected
_JOINING, _BY_SIZE, _LASTING = 0.12, 0.8, 0.5  # a year; power of size; variance of a factor
_ENDING, _LEAVING = 0.03, 0.01  # a year: of trusts of one, and of each school
_LARGEST = 30


def made_up_inputs(seed: int = 2026, schools: int = SCHOOLS, trusts: int = TRUSTS) -> Inputs:
    """Make up what a back-test is told from, from 2006 to 2018.

    Args:
        seed: The same seed makes the same schools.
        schools: How many schools are inspected.
        trusts: How many trusts there are at first.
    """
    panel = planted_panel(PLANTED, schools, YEARS, seed)
    stream = np.random.Generator(np.random.Philox(seed + 1))
    one = panel.drop_duplicates("urn").set_index("urn")
    phase = one["secondary"].map({1.0: "secondary", 0.0: "primary"})
    area = "Area " + pd.Series(stream.integers(1, 41, len(one)), one.index).astype("str")
    known = pd.DataFrame({"phase": phase, "type": "other", "authority": area})
    return Inputs(
        _listed(panel), _figures(one["trait"], stream), known, _members(one.index, trusts, stream),
        (SOURCE,),
    )  # fmt: skip


def _listed(panel: pd.DataFrame) -> pd.DataFrame:
    """Return every visit as a history and as two lists, of all schools, of each latest grade."""
    history = panel[["urn", "date", "band"]].assign(file="made-up history", history=True, rows=0)
    history["listed"] = pd.Series(pd.NaT, history.index, dtype="datetime64[s]")
    lists = []
    for day in (ORIGIN, TARGET):
        stamp = pd.Timestamp(day).as_unit("s")
        by_then = panel[panel["date"].le(stamp)].drop_duplicates("urn", keep="last")
        rows = by_then[["urn", "date", "band"]].assign(file=f"made-up list of {day}", history=False)
        lists.append(rows.assign(listed=stamp, rows=len(rows) + _UNSEEN))
    return pd.concat([history, *lists], ignore_index=True)


def _figures(trait: pd.Series, stream: np.random.Generator) -> pd.DataFrame:
    """Return figures of four school years that go with the hidden trait."""
    frames = []
    for year in range(ORIGIN.year - 4, ORIGIN.year):
        ended = pd.Timestamp(school_year_end(f"{year}/{(year + 1) % 100:02d}")).as_unit("s")
        for measure in MEASURES:
            if measure in _FIGURES:
                middle, slope, noise = _FIGURES[measure]
                values = middle + slope * trait + noise * stream.standard_normal(len(trait))
                rows = {"urn": trait.index, "ended": ended, "measure": measure, "value": values}
                frames.append(pd.DataFrame(rows).reset_index(drop=True))
    return pd.concat(frames, ignore_index=True)


def _members(
    urns: pd.Index, trusts: int, stream: np.random.Generator
) -> dict[dt.date, pd.DataFrame]:
    """Return who was in which trust at eight yearly lists; some schools are never inspected."""
    sizes = np.minimum(stream.geometric(0.25, trusts), _LARGEST)
    owner = np.repeat(_FIRST_UID + np.arange(trusts), sizes)
    pool = [*stream.permutation(urns.to_numpy()).tolist(), *range(_NEVER, _NEVER + _UNSEEN)]
    members = dict(zip(pool[: len(owner)], owner.tolist(), strict=True))
    free = iter(pool[len(owner) :])
    factor = stream.gamma(1.0 / _LASTING, _LASTING, trusts)
    found = {}
    for year in range(ORIGIN.year - 3, TARGET.year + 1):
        table = pd.DataFrame({"urn": list(members), "trust_uid": list(members.values())})
        found[dt.date(year, 8, 31)] = table.astype("int64")
        counts = table.groupby("trust_uid").size()
        for uid, size in counts.items():
            place = int(str(uid)) - _FIRST_UID
            if stream.random() < _ENDING / size:
                members = {urn: other for urn, other in members.items() if other != uid}
                continue
            rate = _JOINING * factor[place] * float(size) ** _BY_SIZE
            members |= {next(free): int(str(uid)) for _ in range(stream.poisson(rate))}
        gone = stream.random(len(members)) < _LEAVING
        shares = pd.Series(list(members.values())).value_counts()
        members = {
            urn: uid
            for (urn, uid), leaves in zip(members.items(), gone, strict=True)
            if not leaves or shares[uid] == 1
        }
    return found


__all__ = ["FIRST_URN", "ORIGIN", "SOURCE", "TARGET", "made_up_inputs"]
