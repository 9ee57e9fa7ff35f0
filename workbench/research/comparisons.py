"""Schools compared by funnels: beyond chance or within it, never in order.

Absence sessions cluster in pupils, so a school's absence is a mean over pupils and not a count of
sessions. Schools differ by more than chance because they teach different pupils: the funnel makes
room for that by a variance between schools (Spiegelhalter 2005).

The trust's own numbers are the newer ones: where enough schools of a phase have a measure, they are
compared with each other, and the variance is that between them. A measure of a phase that the
trust's own numbers do not let be compared is taken from the published numbers, where the trust's
folder holds the schools of England: the centre and the variance are then those of England's other
schools of the phase.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.measures.funnels import Funnel, overdispersed_funnel
from workbench.pillars.indicator import counted
from workbench.pillars.once import once_a_trust
from workbench.pillars.scope import PillarSettings, Scope
from workbench.research.panel import Panel, panel_given
from workbench.terms import Term
from workbench.trust.load import Trust

PHASE_GROUPS = {
    "nursery": "primary", "primary": "primary", "secondary": "secondary",
    "all-through": "secondary", "16 plus": "secondary", "special": "special",
    "alternative provision": "special",
}  # fmt: skip
_KEY_STAGE_2 = "key stage 2 expected"
_ATTAINMENT_8 = "attainment 8"


@dataclass(frozen=True)
class Compared:
    """Schools of one phase compared on one measure.

    Attributes:
        key: Short name.
        measure: What is measured.
        unit: Its unit.
        phase: Phase of the schools.
        period: The period measured.
        source: Where the numbers come from.
        funnel: The funnel, its units indexed by URN.
        size: What a school's size is.
        size_factor: Size for each unit of the funnel's own size (1 / error squared).
        against: What the limits rest on, in words.
        left_out: Which schools have no figure and why; empty where all have one.
    """

    key: str
    measure: str
    unit: str
    phase: str
    period: str
    source: str
    funnel: Funnel
    size: str
    size_factor: float
    against: str
    left_out: str


@dataclass(frozen=True)
class _Numbers:
    """One measure of the trust's schools of one phase, with that of England where it is known.

    Attributes:
        frame: Columns `value`, `pupils`, indexed by URN.
        spread: Standard deviation between pupils of one school, in the unit.
        reference: As `frame`, of England; None without.
        withheld: Schools that have a figure too small to show.
    """

    key: str
    measure: str
    unit: str
    phase: str
    period: str
    source: str
    frame: pd.DataFrame
    spread: float
    reference: pd.DataFrame | None
    withheld: int = 0


def comparisons(scope: Scope, panel: Panel | None = None) -> tuple[Compared, ...]:
    """Return every comparison of absence and attainment that the trust's data bear.

    Each measure of a phase is compared once: on the trust's own numbers where enough of its schools
    have them, else on the published ones.

    Args:
        scope: The trust.
        panel: The schools of England, where the trust's folder holds them.
    """
    least = int(scope.settings.pillars.windows.fewest_schools.value)
    own = [
        numbers for numbers in (*_own_absence(scope), *_own_attainment(scope))
        if len(numbers.frame) >= least
    ]  # fmt: skip
    made = {(numbers.measure, numbers.phase) for numbers in own}
    published = [
        numbers for numbers in _published(scope, panel)
        if (numbers.measure, numbers.phase) not in made
    ]  # fmt: skip
    return tuple(_compared(scope, numbers) for numbers in (*own, *published))


@once_a_trust
def comparisons_of(trust: Trust, settings: PillarSettings) -> tuple[Compared, ...]:
    """Return every comparison in a trust, with the schools of England where its folder has them.

    Args:
        trust: The trust.
        settings: The declared numbers.
    """
    return comparisons(Scope(trust, settings), panel_given(trust))


def _compared(scope: Scope, numbers: _Numbers) -> Compared:
    reference = numbers.reference
    funnel = overdispersed_funnel(
        numbers.frame["value"],
        _error(numbers, numbers.frame),
        reference=None if reference is None else (reference["value"], _error(numbers, reference)),
    )
    against = (
        f"{counted(len(numbers.frame), 'school')} of the trust"
        if reference is None
        else f"{len(reference):,} {numbers.phase} schools of England"
    )
    schools = scope.trust.schools
    of_phase = schools[schools["phase"].map(PHASE_GROUPS) == numbers.phase]
    silent = len(of_phase) - len(numbers.frame) - numbers.withheld
    parts = [f"{counted(silent, 'school')} without a figure"] if silent else []
    if numbers.withheld:
        parts.append(f"{counted(numbers.withheld, 'school')} with too few pupils to show")
    return Compared(
        key=numbers.key, measure=numbers.measure, unit=numbers.unit, phase=numbers.phase,
        period=numbers.period, source=numbers.source, funnel=funnel, size="pupils",
        size_factor=numbers.spread**2, against=against,
        left_out="; ".join(parts),
    )  # fmt: skip


def _error(numbers: _Numbers, frame: pd.DataFrame) -> pd.Series:
    return frame["pupils"].astype("float64").pow(-0.5) * numbers.spread


def _phases(scope: Scope, frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Split rows by the phase of their school, in the order of the phases."""
    phase = scope.trust.schools.set_index("urn")["phase"].map(PHASE_GROUPS)
    for name in dict.fromkeys(PHASE_GROUPS.values()):
        own = frame[frame["urn"].map(phase) == name]
        if len(own):
            yield name, own


def _own_absence(scope: Scope) -> Iterator[_Numbers]:
    """Absence over the last year of half-terms, from the trust's own attendance table."""
    table = scope.trust.tables["attendance"]
    # From the day after: with both ends a year of half-terms could hold seven of them.
    year = scope.between(table, "ends", scope.years_ago(1) + dt.timedelta(days=1))
    if year.empty:
        return
    sums = year.groupby("urn", as_index=False).agg(
        missed=("missed_sessions", "sum"), possible=("possible_sessions", "sum"),
        pupils=("pupils", "mean"),
    )  # fmt: skip
    sums["value"] = 100 * sums["missed"].astype(float) / sums["possible"].astype(float)
    spread = scope.settings.pillars.windows.absence_spread.value
    period = f"{year['begins'].min():%B %Y} to {year['ends'].max():%B %Y}"
    for phase, own in _phases(scope, sums):
        yield _Numbers(
            f"absence-{phase}", "Absence", "% of sessions", phase, period,
            "the trust's own attendance table.", own.set_index("urn")[["value", "pupils"]], spread,
            None,
        )  # fmt: skip


def _own_attainment(scope: Scope) -> Iterator[_Numbers]:
    """The main measure of each phase in the latest academic year of results, the trust's own.

    Schools may enter their results on different days; of a school's own days the last one counts.
    """
    table = scope.trust.tables["attainment"]
    known = table[(table["results"] <= pd.Timestamp(scope.as_of)) & table["group"].eq("all")]
    windows = scope.settings.pillars.windows
    for measure, phase in ((_KEY_STAGE_2, "primary"), (_ATTAINMENT_8, "secondary")):
        rows = dict(_phases(scope, known[known["measure"] == measure])).get(phase)
        if rows is None:
            continue
        years = pd.Series([Term.of(day.date()).year for day in rows["results"]], rows.index)
        latest = rows[years == years.max()].sort_values("results")
        latest = latest.drop_duplicates("urn", keep="last").set_index("urn").sort_index()
        enough = latest["pupils"] >= int(windows.fewest_pupils.value)
        shown = latest[enough].astype({"pupils": "float64"})
        if shown.empty:
            continue
        unit = "% of pupils" if measure == _KEY_STAGE_2 else "points"
        yield _Numbers(
            f"{measure.replace(' ', '-')}-{phase}", measure.capitalize(), unit, phase,
            f"summer {latest['results'].max():%Y}", "the trust's own attainment table.",
            shown[["value", "pupils"]],
            _share_spread(shown)
            if measure == _KEY_STAGE_2
            else _points_spread(shown, windows.attainment_8_spread.value),
            None, withheld=int((~enough).sum()),
        )  # fmt: skip


def _share_spread(rows: pd.DataFrame) -> float:
    """Standard deviation between pupils of a share in per cent, pooled over schools.

    Two successes and two failures are added, so that it is not zero where all or none succeed
    (Agresti and Coull, The American Statistician 52, 1998).
    """
    pupils = float(rows["pupils"].sum())
    share = (float((rows["value"] * rows["pupils"]).sum()) / 100 + 2) / (pupils + 4)
    return 100 * float(np.sqrt(share * (1 - share)))


def _points_spread(rows: pd.DataFrame, declared: float) -> float:
    """Standard deviation between pupils pooled over schools that give theirs; else as declared."""
    known = rows[rows["spread"] > 0]
    if known.empty:
        return declared
    return float(np.sqrt(np.average(known["spread"] ** 2, weights=known["pupils"])))


_PUBLISHED = (
    ("absence_percent", "Absence", "% of sessions", ("primary", "secondary", "special"), "pupils"),
    ("key_stage_2_expected_percent", "Key stage 2 expected", "% of pupils", ("primary",),
     "key_stage_2_pupils"),
    ("attainment_8", "Attainment 8", "points", ("secondary",), "key_stage_4_pupils"),
)  # fmt: skip


def _published(scope: Scope, panel: Panel | None) -> Iterator[_Numbers]:
    """Published numbers of the trust's schools, with those of England's other schools."""
    if panel is None:
        return
    windows = scope.settings.pillars.windows
    for column, measure, unit, phases, size in _PUBLISHED:
        if column not in panel.schools or size not in panel.schools:
            continue
        rows = panel.schools[["urn", "phase", column, size, f"{column}_period"]].dropna()
        rows = rows[rows[size] >= windows.fewest_pupils.value]
        if rows.empty:
            continue
        period = str(rows[f"{column}_period"].mode().iloc[0])
        rows = rows[rows[f"{column}_period"] == period]
        for phase in phases:
            group = rows[rows["phase"].map(PHASE_GROUPS) == phase].set_index("urn")
            numbers = pd.DataFrame(
                {"value": group[column].astype(float), "pupils": group[size].astype(float)}
            )
            spread = {
                "% of pupils": _share_spread(numbers),
                "points": windows.attainment_8_spread.value,
                "% of sessions": windows.absence_spread.value,
            }[unit]
            mine = numbers[numbers.index.isin(scope.trust.schools["urn"])]
            least = int(windows.fewest_schools.value)
            if len(mine) and len(numbers) - len(mine) >= least:
                yield _Numbers(
                    f"{column.replace('_', '-')}-{phase}", measure, unit, phase, period,
                    "published figures of the Department for Education.", mine, spread,
                    numbers[~numbers.index.isin(mine.index)],
                )  # fmt: skip
