"""Statistical neighbours: schools with a like intake, to set a school's outcomes beside.

Neighbours are chosen on intake alone, never on outcomes, among schools of the same phase (and of
the same admissions policy, for secondary schools). The distance between two schools is the root
mean square of their differences in the variables that both have, each in standard deviations over
all schools of the group, pupils in logarithms. It is the standardised Euclidean distance of the
statistical neighbours model for local authorities (Benton, Chamberlain, Wilson and Teeman, "The
Development of the Children's Services Statistical Neighbour Benchmarking Model", NFER 2007), here
with equal weights: weights fitted to outcomes would let outcomes choose the neighbours.

A comparison shows what else such schools reach. It says nothing of why, and makes no league table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from workbench.errors import BadInput
from workbench.parameters.research import NeighbourRules, load_research
from workbench.research.panel import Panel, panel_of_trust
from workbench.trust.load import Trust

Reals = npt.NDArray[np.float64]
Alike = Literal["close", "fair", "poor match"]

VARIABLES = {
    "pupils": "pupils on roll",
    "fsm_percent": "% eligible for free school meals",
    "eal_percent": "% with English as an additional language",
    "sen_support_percent": "% with SEN support",
    "ehc_plan_percent": "% with an education, health and care plan",
}
_WITH_POLICIES = ("secondary", "all-through")


@dataclass(frozen=True)
class NotEnough:
    """Why there is no answer.

    Attributes:
        urn: The school.
        missing: What would have to be known, in words.
    """

    urn: int
    missing: tuple[str, ...]

    def __str__(self) -> str:
        return f"not enough evidence: {', '.join(self.missing)}"


@dataclass(frozen=True)
class Neighbours:
    """The schools most like one school by intake.

    Attributes:
        urn: The school.
        own: Its row of the panel.
        schools: Rows of the panel, nearest first, with `distance` (standard deviations), `shared`
            (variables compared) and `alike`.
        group: Among which schools they were sought, in words.
        variables: What they were chosen by.
        lacking: Variables that are not known of the school.
        distance: Mean distance, in standard deviations.
        alike: That mean against the same mean for every school of the group: close, fair or a poor
            match, at the shares of schools that the rules say.
        balance: One row a variable: `variable`, `what`, `school`, `neighbours` (mean),
            `difference` (school less neighbours, in standard deviations), `balanced`.
        scope: Where they were sought, and as of when.
    """

    urn: int
    own: pd.Series
    schools: pd.DataFrame
    group: str
    variables: tuple[str, ...]
    lacking: tuple[str, ...]
    distance: float
    alike: Alike
    balance: pd.DataFrame
    scope: str


@dataclass(frozen=True)
class Comparison:
    """One outcome of a school beside its neighbours'.

    Attributes:
        measure: The measure's name.
        period: The academic year of all numbers.
        value: The school's.
        median: The neighbours' median.
        lower_quartile: A quarter of the neighbours are at or below it.
        upper_quartile: A quarter are at or above it.
        share_above: Share of neighbours with a higher number; ties count half.
        n: Neighbours with a number for that year.
        of: Neighbours in all.
        alike: How alike the neighbours are.
    """

    measure: str
    period: str
    value: float
    median: float
    lower_quartile: float
    upper_quartile: float
    share_above: float
    n: int
    of: int
    alike: Alike


@dataclass(frozen=True)
class _Group:
    """Schools of one kind, their variables standardised; NaN where not known."""

    rows: pd.DataFrame
    scaled: Reals
    centre: Reals
    spread: Reals
    pooled: Reals
    means: Reals


def neighbours(
    panel: Panel,
    urn: int,
    *,
    k: int | None = None,
    own_trust: bool = False,
    rules: NeighbourRules | None = None,
) -> Neighbours | NotEnough:
    """Return the schools most like one by intake.

    Args:
        panel: Where to look.
        urn: The school.
        k: How many are wanted, at most; as many as the rules say unless given.
        own_trust: Whether schools of the same trust may be among them.
        rules: What a neighbour is; those of `parameters/research.yaml` unless given.

    Raises:
        BadInput: Fewer than one neighbour is asked for.
    """
    rules = rules or load_research().neighbours
    wanted = _wanted(k, rules)
    rows = panel.schools
    own = rows[rows["urn"].eq(urn)]
    if own.empty:
        return NotEnough(urn, ("the school's published intake",))
    phase, policy = str(own["phase"].iloc[0]), _policy(own).iloc[0]
    group = _group(panel, phase, str(policy), wanted)
    place = int(np.flatnonzero(group.rows["urn"].to_numpy() == urn)[0])
    point = group.scaled[place]
    lacking = tuple(name for name, z in zip(VARIABLES, point, strict=True) if np.isnan(z))
    if len(VARIABLES) - len(lacking) < rules.fewest_variables.value:
        return NotEnough(urn, tuple(VARIABLES[name] for name in lacking))
    distances, shared = _distances(group.scaled, point)
    allowed = (shared >= rules.fewest_variables.value) & _others(group.rows, own, own_trust)
    if not allowed.any():
        return NotEnough(urn, (f"other schools of the group {_words(phase, str(policy))}",))
    candidates = np.flatnonzero(allowed)
    # Rows are sorted by URN, so equal distances fall in one order on every machine.
    nearest = candidates[np.argsort(distances[candidates].round(12), kind="stable")][:wanted]
    found = group.rows.iloc[nearest].reset_index(drop=True)
    found["distance"], found["shared"] = distances[nearest], shared[nearest]
    found["alike"] = [_alike(d, group.pooled, panel, rules) for d in found["distance"]]
    when = f"{panel.as_of.day} {panel.as_of:%B %Y}"
    return Neighbours(
        urn=urn,
        own=own.iloc[0],
        schools=found,
        group=_words(phase, str(policy)),
        variables=tuple(name for name in VARIABLES if name not in lacking),
        lacking=lacking,
        distance=float(found["distance"].mean()),
        alike=_alike(float(found["distance"].mean()), group.means, panel, rules),
        balance=_balance(own, found, group, lacking, rules.unbalanced_above.value),
        scope=(
            f"state-funded schools of England, {when}"
            if panel.of_england
            else f"this trust's own schools only, {when}: no panel of England is at hand"
        ),
    )


def know_groups(panel: Panel, urns: Iterable[int]) -> None:
    """Work out the groups in which neighbours of schools are sought; they are remembered.

    Args:
        panel: Where they are sought.
        urns: The schools; those that the panel does not have are passed over.
    """
    wanted = _wanted(None, load_research().neighbours)
    own = panel.schools[panel.schools["urn"].isin(set(urns))]
    for phase, policy in sorted({*zip(own["phase"].astype(str), _policy(own), strict=True)}):
        _group(panel, phase, str(policy), wanted)


def neighbours_within(
    trust: Trust, urn: int, *, k: int | None = None, rules: NeighbourRules | None = None
) -> Neighbours | NotEnough:
    """Return the most like schools of the trust itself, where there is no panel of England.

    However near they are, they count as a poor match: a handful of schools that share their
    leadership are no picture of schools with such an intake.

    Args:
        trust: The trust.
        urn: The school.
        k: How many are wanted, at most; as many as the rules say unless given.
        rules: What a neighbour is; those of `parameters/research.yaml` unless given.

    Raises:
        BadInput: Fewer than one neighbour is asked for.
    """
    rules = rules or load_research().neighbours
    wanted = int(rules.wanted_within.value) if k is None else k
    return neighbours(panel_of_trust(trust), urn, k=wanted, own_trust=True, rules=rules)


def compare(
    found: Neighbours, measure: str, *, rules: NeighbourRules | None = None
) -> Comparison | NotEnough:
    """Set one outcome of a school beside its neighbours', in the same academic year.

    Args:
        found: The school and its neighbours.
        measure: A measure of the panel, such as `key_stage_2_expected_percent`.
        rules: How few neighbours are too few; those of `parameters/research.yaml` unless given.

    Raises:
        BadInput: The panel has no such measure.
    """
    if f"{measure}_period" not in found.schools:
        names = [str(name) for name in found.schools]
        known = [name.removesuffix("_period") for name in names if name.endswith("_period")]
        raise BadInput(
            f"the panel has no measure '{measure}'",
            rule=f"one of {', '.join(sorted(known))}",
            mend="use one of these",
        )
    value, period = found.own[measure], found.own[f"{measure}_period"]
    if pd.isna(value) or pd.isna(period):
        return NotEnough(found.urn, (f"{measure} of the school",))
    same = found.schools[found.schools[f"{measure}_period"].eq(period)]
    others = same[measure].dropna().to_numpy(np.float64)
    fewest = (rules or load_research().neighbours).fewest_compared.value
    if len(others) < fewest:
        needed = f"{measure} in {period} of {fewest:g} neighbours ({len(others)} have it)"
        return NotEnough(found.urn, (needed,))
    low, middle, high = np.quantile(others, [0.25, 0.5, 0.75])
    above = (others > value).mean() + (others == value).mean() / 2
    return Comparison(
        measure, str(period), float(value), float(middle), float(low), float(high),
        float(above), len(others), len(found.schools), found.alike,
    )  # fmt: skip


def _wanted(k: int | None, rules: NeighbourRules) -> int:
    """Return how many neighbours are sought."""
    if k is not None and k < 1:
        raise BadInput(
            f"{k} neighbours cannot be found",
            rule="1 or more",
            mend=f"ask for {rules.wanted.value:g}, or leave k out",
        )
    return int(rules.wanted.value) if k is None else k


def _policy(rows: pd.DataFrame) -> pd.Series:
    """Return "selective" for secondary schools that admit by ability; blank for all others."""
    chosen = rows["selective"].eq(True).fillna(False) & rows["phase"].isin(_WITH_POLICIES)
    return pd.Series("", index=rows.index).mask(chosen.astype(bool), "selective")


def _words(phase: str, policy: str) -> str:
    if phase not in _WITH_POLICIES:
        return phase
    return f"{phase}, {policy or 'not known to be selective'}"


@lru_cache(maxsize=16)
def _group(panel: Panel, phase: str, policy: str, k: int) -> _Group:
    """Return a group standardised, with England's own nearest distances to judge others by."""
    rows = panel.schools
    rows = rows[rows["phase"].eq(phase) & _policy(rows).eq(policy)].reset_index(drop=True)
    raw = np.column_stack([rows[name].to_numpy(np.float64, na_value=np.nan) for name in VARIABLES])
    raw[:, 0] = np.log(np.where(raw[:, 0] > 0, raw[:, 0], np.nan))
    known = ~np.isnan(raw)
    count = known.sum(axis=0)
    safe = np.maximum(count, 1)
    centre = np.where(known, raw, 0.0).sum(axis=0) / safe
    squares = np.where(known, (raw - centre) ** 2, 0.0).sum(axis=0)
    spread = np.sqrt(squares / np.maximum(count - 1, 1))
    # A variable that does not vary in the group tells its schools apart by nothing.
    usable = (count > 1) & (spread > 1e-12)
    scaled = np.full_like(raw, np.nan)
    scaled[:, usable] = (raw[:, usable] - centre[usable]) / spread[usable]
    whole = scaled[~np.isnan(scaled[:, usable]).any(axis=1)][:, usable]
    pooled = np.empty((0, 0))
    if usable.any() and len(whole) > k:
        pooled = np.asarray(cKDTree(whole).query(whole, k=k + 1)[0])[:, 1:] / np.sqrt(usable.sum())
    means = np.sort(pooled.mean(axis=1)) if pooled.size else np.empty(0)
    return _Group(rows, scaled, centre, spread, np.sort(pooled.ravel()), means)


def _others(rows: pd.DataFrame, own: pd.DataFrame, own_trust: bool) -> npt.NDArray[np.bool_]:
    """Return which rows are of another school, and of another trust unless it may be the same."""
    others = ~rows["urn"].eq(own["urn"].iloc[0])
    trust = own["trust_uid"].iloc[0]
    if not own_trust and not pd.isna(trust):
        others &= ~rows["trust_uid"].eq(trust).fillna(False)
    return others.to_numpy(dtype=bool)


def _distances(scaled: Reals, point: Reals) -> tuple[Reals, npt.NDArray[np.int64]]:
    """Return root mean square differences over shared variables, and how many are shared."""
    squares = (scaled - point) ** 2
    shared = (~np.isnan(squares)).sum(axis=1)
    total = np.where(np.isnan(squares), 0.0, squares).sum(axis=1)
    return np.sqrt(total / np.maximum(shared, 1)), shared


def _alike(distance: float, known: Reals, panel: Panel, rules: NeighbourRules) -> Alike:
    if not panel.of_england or not known.size:
        return "poor match"
    if distance <= float(np.quantile(known, rules.close_up_to.value)):
        return "close"
    return "fair" if distance <= float(np.quantile(known, rules.fair_up_to.value)) else "poor match"


def _balance(
    own: pd.DataFrame,
    found: pd.DataFrame,
    group: _Group,
    lacking: tuple[str, ...],
    unbalanced_above: float,
) -> pd.DataFrame:
    """Return each variable of the school against its neighbours' mean."""
    rows = []
    for place, (name, what) in enumerate(VARIABLES.items()):
        theirs = found[name].dropna().to_numpy(np.float64)
        if name == "pupils":
            theirs = theirs[theirs > 0]  # none on roll is not known, and has no logarithm
        if name in lacking or not len(theirs):
            continue
        value = float(own[name].iloc[0])
        both = (np.log(value), np.log(theirs)) if name == "pupils" else (value, theirs)
        difference = float((both[0] - np.mean(both[1])) / group.spread[place])
        balanced = abs(difference) <= unbalanced_above
        rows.append((name, what, value, float(theirs.mean()), difference, balanced))
    columns = ["variable", "what", "school", "neighbours", "difference", "balanced"]
    return pd.DataFrame(rows, columns=columns)
