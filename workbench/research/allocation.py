"""One possible allocation of free days to needs, the most severe first, with the least travel.

First as many days of urgent need as can be met are met, then of other needs, then the way is made
short: a linear programme in three stages (each keeps what the one before reached), solved by HiGHS
(Q. Huangfu and J. A. J. Hall, "Parallelizing the dual revised simplex method", Mathematical
Programming Computation 10, 2018). Days that open deployments already bring to a need this term are
not asked for again. Schools whose free days are not known give no days here; each is matched with
one need that nobody else can meet, to be asked, by linear assignment (D. F. Crouse, "On
implementing 2D rectangular assignment algorithms", IEEE Transactions on Aerospace and Electronic
Systems 52, 2016).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linear_sum_assignment, linprog

from workbench.errors import RunFailed
from workbench.pillars.indicator import counted
from workbench.pillars.reach import travel_share
from workbench.research.strengths import WHOLE_SCHOOL, Known
from workbench.research.who_can_help import (
    Help,
    HelpSettings,
    Match,
    counted_days,
    open_support,
    who_can_help,
)
from workbench.trust.load import Trust

Reals = npt.NDArray[np.float64]
_LEAST_DAYS = 0.05  # less than half an hour of a day is nothing to send anyone for
_SLACK = 1e-7
ALLOCATED_HEADINGS = (
    "URN", "School in need", "Area", "Need", "Helper URN", "Helper", "Days", "Minutes by road",
    "Why",
)  # fmt: skip
UNMET_HEADINGS = ("URN", "School in need", "Area", "Need", "Days asked", "Days unmet", "Why")


@dataclass(frozen=True)
class Allocation:
    """Who would help whom.

    Attributes:
        allocated: `ALLOCATED_HEADINGS`, a row a need and helper; days missing where they are to be
            asked for.
        unmet: `UNMET_HEADINGS`, a row a need not met in full, most severe first; days asked are
            those beyond what open deployments bring.
    """

    allocated: pd.DataFrame
    unmet: pd.DataFrame


def allocate(trust: Trust, settings: HelpSettings) -> Allocation:
    """Allocate the free days of a trust's schools to its needs.

    A need asks for its days less those that fall to this term of deployments waiting or going on
    for the same school and area (without an area: for the school as a whole). A need that they
    meet in full is in neither table.

    Args:
        trust: The trust.
        settings: What the matching asks, and how many days each need does.

    Raises:
        RunFailed: The solver finds no optimum.
    """
    found = who_can_help(trust, settings)
    asked = _asked(found.needs, _underway(trust), settings)
    known = [one for need in found.needs for one in found.matches[need.urn, need.area]
             if one.helper.days_free is not None and one.minutes is not None]  # fmt: skip
    given = _shared_out(known, found, asked, settings)
    met = {key for key, days in asked.items() if days < _LEAST_DAYS}
    to_ask = _to_ask(found, met | {(m.need.urn, m.need.area) for m, _ in given})
    return Allocation(_allocated(found, given, to_ask), _unmet(found, given, to_ask, asked))


def _underway(trust: Trust) -> dict[tuple[int, str], float]:
    """Return days this term of open deployments, by the school that receives them and area."""
    work = open_support(trust)
    days: dict[tuple[int, str], float] = {}
    areas = work["area"].fillna(WHOLE_SCHOOL)
    for urn, area, of_term in zip(work["recipient_urn"], areas, work["days"], strict=True):
        days[int(urn), area] = days.get((int(urn), area), 0.0) + float(of_term)
    return days


def _asked(
    needs: tuple[Known, ...], underway: dict[tuple[int, str], float], settings: HelpSettings
) -> dict[tuple[int, str], float]:
    """Return the days each need asks for beyond those underway, by URN and area."""
    asked = {}
    for need in needs:
        whole = settings.urgent_days if need.state == "urgent need" else settings.need_days
        asked[need.urn, need.area] = max(0.0, whole - underway.get((need.urn, need.area), 0.0))
    return asked


def _shared_out(
    matches: list[Match], found: Help, asked: dict[tuple[int, str], float], settings: HelpSettings
) -> list[tuple[Match, float]]:
    """Return days for each match that gets some."""
    if not matches:
        return []
    needs = [(need.urn, need.area) for need in found.needs]
    helpers = sorted({one.helper.urn for one in matches})
    limits: Reals = np.zeros((len(needs) + len(helpers), len(matches)))
    urgent: Reals = np.zeros(len(matches))
    for column, one in enumerate(matches):
        limits[needs.index((one.need.urn, one.need.area)), column] = 1.0
        way = travel_share(one.minutes or 0.0, settings.travel)
        limits[len(needs) + helpers.index(one.helper.urn), column] = 1.0 + way
        urgent[column] = one.need.state == "urgent need"
    ceilings = [
        *(asked[key] for key in needs),
        *(found.helpers[urn].days_free or 0.0 for urn in helpers),
    ]
    # A hair's weight by place makes one of several equal answers the only one.
    ways = np.array([one.weight or 0.0 for one in matches]) + 1e-6 * np.arange(len(matches))
    days = _in_stages(limits, np.array(ceilings), [-urgent, -(1.0 - urgent), ways])
    return [(one, float(d)) for one, d in zip(matches, days, strict=True) if d >= _LEAST_DAYS]


def _in_stages(limits: Reals, ceilings: Reals, aims: list[Reals]) -> Reals:
    """Minimise several aims in turn, each without giving up what the ones before reached."""
    days: Reals = np.zeros(limits.shape[1])
    for aim in aims:
        answer = linprog(aim, A_ub=limits, b_ub=ceilings, method="highs")
        if not answer.success:
            raise RunFailed(
                f"the allocation of support has no optimum: {answer.message}",
                rule="days, free days and ways are finite and not negative",
                mend="look for an odd number in support_capacity and support",
            )
        days = np.asarray(answer.x, dtype=np.float64)
        limits = np.vstack([limits, aim])
        ceilings = np.append(ceilings, float(aim @ days) + _SLACK)
    return days


def _to_ask(found: Help, met: set[tuple[int, str]]) -> list[Match]:
    """Match needs not met at all with schools whose days are not known, one need a school."""
    needs = [need for need in found.needs if (need.urn, need.area) not in met]
    options = [
        one for need in needs for one in found.matches[need.urn, need.area]
        if one.helper.days_free is None
    ]  # fmt: skip
    if not options:
        return []
    helpers = sorted({one.helper.urn for one in options})
    ways = [one.weight for one in options if one.weight is not None]
    far = max(ways, default=0.0) + 1.0  # a helper whose way is not known comes after all others
    table: dict[tuple[int, int], Match] = {}
    # One column a need besides the helpers: staying unmet, dearer than any help; urgent dearest.
    unmet = (len(needs) + 1) * far
    cost: Reals = np.full((len(needs), len(helpers) + len(needs)), unmet)
    for row, need in enumerate(needs):
        urgent = need.state == "urgent need"
        cost[row] = unmet * (len(needs) + 1 if urgent else 1)
        cost[row, : len(helpers)] *= 2
        for one in found.matches[need.urn, need.area]:
            if one.helper.days_free is None:
                column = helpers.index(one.helper.urn)
                table[row, column] = one
                cost[row, column] = far if one.weight is None else one.weight
    rows, columns = linear_sum_assignment(cost)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return [table[pair] for pair in pairs if pair in table]


def _allocated(found: Help, given: list[tuple[Match, float]], to_ask: list[Match]) -> pd.DataFrame:
    pairs: list[tuple[Match, float | None]] = [*given, *((one, None) for one in to_ask)]
    place = {(need.urn, need.area): n for n, need in enumerate(found.needs)}
    pairs.sort(key=lambda pair: (place[pair[0].need.urn, pair[0].need.area], -(pair[1] or 0.0),
                                 pair[0].helper.urn))  # fmt: skip
    rows = [
        (one.need.urn, found.helpers[one.need.urn].name, one.need.area, one.need.state,
         one.helper.urn, one.helper.name, None if days is None else round(days, 1), one.minutes,
         one.why)
        for one, days in pairs
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(ALLOCATED_HEADINGS))
    return frame.astype({"Days": "float64", "Minutes by road": "float64"})


def _unmet(
    found: Help, given: list[tuple[Match, float]], to_ask: list[Match],
    asked: dict[tuple[int, str], float],
) -> pd.DataFrame:  # fmt: skip
    got: dict[tuple[int, str], float] = {}
    for one, days in given:
        key = (one.need.urn, one.need.area)
        got[key] = got.get(key, 0.0) + days
    asking = {(one.need.urn, one.need.area): one.helper.name for one in to_ask}
    rows = []
    for need in found.needs:
        key = (need.urn, need.area)
        left = asked[key] - got.get(key, 0.0)
        if left < _LEAST_DAYS:
            continue
        why = _why_unmet(found, key, got.get(key, 0.0), asking)
        name = found.helpers[need.urn].name
        rows.append((need.urn, name, need.area, need.state, asked[key], round(left, 1), why))
    frame = pd.DataFrame(rows, columns=list(UNMET_HEADINGS))
    return frame.astype({"Days asked": "float64", "Days unmet": "float64"})


def _why_unmet(
    found: Help, key: tuple[int, str], got: float, asking: dict[tuple[int, str], str]
) -> str:
    if key in found.none:
        return found.none[key]
    if key in asking:
        return f"{asking[key]} could help; its free days are not known"
    options = found.matches[key]
    silent = sum(one.helper.days_free is None for one in options)
    lost = sum(one.helper.days_free is not None and one.minutes is None for one in options)
    reasons = []
    if silent + lost < len(options):
        reasons.append("the free days of schools that could help go to needs at least as grave")
    if silent:
        reasons.append(f"of {counted(silent, 'school')} that could help the days are not known")
    if lost:
        reasons.append(f"to {counted(lost, 'school')} that could help the way is not known")
    start = [f"{counted_days(round(got, 1))} found"] if got else []
    return "; ".join([*start, *reasons])
