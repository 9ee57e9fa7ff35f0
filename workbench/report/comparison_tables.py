"""The tables of a comparison as a board reads them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import pandas as pd

from workbench.charts.wording import capital, in_twenty, number, percent, points
from workbench.growth.absorb import Absorption
from workbench.report.comparison_words import (
    DECIDED_BY,
    NAMES,
    difference_said,
    unit_of,
    value_said,
)
from workbench.scenario.compare import Comparison
from workbench.scenario.compared import COMPARED, DECIDING
from workbench.scenario.waterfall import END, START

_VERDICTS = {
    "within": "yes",
    "beyond": "no",
    "not shown": "not shown: too few futures",
    "no room": "cannot be told: the trust alone is beyond its limits",
}


def overview_table(comparison: Comparison, allowed: Mapping[str, Absorption]) -> pd.DataFrame:
    """Return the scenarios with what a board weighs, one row each.

    Args:
        comparison: What came of the scenarios.
        allowed: How many schools each lets join, by its title.
    """
    rows = comparison.overview
    return pd.DataFrame({
        "Plan": rows["scenario"],
        "Schools joining": [
            f"{joiners} from {first}" if joiners else "none"
            for joiners, first in zip(rows["joiners"], rows["joins_from"], strict=True)
        ],
        "Every limit holds": [
            f"{in_twenty(hold)} futures ({percent(hold)})" for hold in rows["hold"]
        ],
        f"Risk added (points, {rows['extra_level'].iloc[0] * 100:g}% interval)": [
            f"{points(extra)} ({points(low)} to {points(high)})"
            for extra, low, high in zip(
                rows["extra_risk"], rows["extra_lower"], rows["extra_upper"], strict=True
            )
        ],
        "Within tolerance": [_VERDICTS[str(verdict)] for verdict in rows["verdict"]],
        "Most that could join within it": [_most(allowed[str(name)]) for name in rows["scenario"]],
        "Pupils in secure or better schools at the end": [
            f"{number(round(pupils, -1))} ({percent(share)})"
            for pupils, share in zip(
                rows["pupils_secure"], rows["pupils_secure_share"], strict=True
            )
        ],
        "Reserves at the end": [value_said("reserves_share", one)
                                for one in rows["reserves_share"]],
    })  # fmt: skip


def _most(answer: Absorption) -> str:
    """Return the most schools that could join; a search that met no bound says `or more`."""
    if answer.reason == "limit_of_search":
        return f"{answer.capacity} or more"
    return str(answer.capacity) if answer.capacity else "none"


def differences_table(comparison: Comparison) -> pd.DataFrame:
    """Return every paired difference with its interval: a row a measure, a column a pair."""
    apart = comparison.differences
    table = pd.DataFrame({
        "At the end of the period (95% interval)": [
            f"{capital(NAMES[measure])} ({unit_of(measure)})" for measure in COMPARED
        ]
    })  # fmt: skip
    for name, other in combinations(comparison.scenarios, 2):
        pair = apart[(apart["scenario"] == name) & (apart["other"] == other)]
        by_measure = {str(row["measure"]): row for _, row in pair.iterrows()}
        table[f"{name} less {other}"] = [_apart(measure, by_measure[measure])
                                         for measure in COMPARED]  # fmt: skip
    return table


def _apart(measure: str, row: pd.Series) -> str:
    low, high = (difference_said(measure, float(row[end])) for end in ("lower", "upper"))
    doubt = "" if row["lower"] > 0 or row["upper"] < 0 else ", no clear difference"
    return f"{difference_said(measure, float(row['difference']))} ({low} to {high}{doubt})"


def regret_table(comparison: Comparison) -> pd.DataFrame:
    """Return how far each plan falls behind the best of each set of assumptions."""
    rows = comparison.regret
    return pd.DataFrame({
        "Measure": [
            f"{capital(DECIDED_BY[measure])} ({unit_of(measure)})" for measure in rows["measure"]
        ],
        "Plan": rows["scenario"],
        "No plan is better in": [in_twenty(share) for share in rows["best_share"]],
        "Behind the best on average": [
            _span(measure, low, high)
            for measure, low, high in zip(
                rows["measure"], rows["at_least"], rows["mean"], strict=True
            )
        ],
        "In 9 of 10 no more than": [
            _plain(measure, value)
            for measure, value in zip(rows["measure"], rows["p90"], strict=True)
        ],
        "At worst": [
            _plain(measure, value)
            for measure, value in zip(rows["measure"], rows["worst"], strict=True)
        ],
    })  # fmt: skip


def robustness_table(comparison: Comparison) -> pd.DataFrame:
    """Return in how many sets of assumptions each plan does what the board asks for."""
    asked = {
        "hold": "Every limit holds in at least {} of futures",
        "extra_breach": "Joining schools add at most {} of risk",
    }
    rows = [
        {
            "What is asked": asked[str(row["requirement"])].format(percent(row["required"])),
            "Plan": row["scenario"],
            "Can be judged": percent(row["room"]),
            "Met in": _met(row["met"]) if known else "cannot be told",
            "As simulated": percent(row["met"]) if known else "",
            "Surely, and perhaps": (
                " to ".join(dict.fromkeys((percent(row["surely"]), percent(row["perhaps"]))))
                if known
                else ""
            ),
            "With half the futures": percent(row["with_half"]) if known else "",
        }
        for row, known in (
            (row, not pd.isna(row["met"])) for row in comparison.robustness.to_dict("records")
        )
    ]
    return pd.DataFrame(rows)


def _met(share: float) -> str:
    return "none that was tried" if share == 0 else in_twenty(share)


def dominance_table(comparison: Comparison) -> pd.DataFrame:
    """Return for each plan whether another is as good in everything and better in something.

    The last column names what it dominates (`choices.first_order`), with the share of sets of
    assumptions in which it is better.
    """
    rows = comparison.dominance
    orders = comparison.orders[comparison.orders["dominates"]]
    table = pd.DataFrame({"Plan": rows["scenario"]})
    for measure in DECIDING:
        table[capital(DECIDED_BY[measure])] = [value_said(measure, one) for one in rows[measure]]
    table["Another plan is better all round"] = [
        f"yes, {beaten.replace(';', ' and')}" if beaten else ("no" if kept else "not clearly")
        for beaten, kept in zip(rows["beaten_by"], rows["undominated"], strict=True)
    ]
    table["At no level behind, from its worst set of assumptions to its best"] = [
        "; ".join(
            f"{other} by {DECIDED_BY[str(measure)]} (better in {percent(better)} of sets)"
            for other, measure, better in orders[orders["scenario"] == name][
                ["other", "measure", "better"]
            ].itertuples(index=False)
        )
        or "none"
        for name in rows["scenario"]
    ]
    return table


def mechanisms_by_scenario(steps: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return each mechanism's contribution to one outcome, a column a scenario, in points.

    Args:
        steps: As `scenario.waterfall.waterfall`, with a column scenario.
        outcome: The outcome.
    """
    rows = steps[steps["outcome"] == outcome]
    names = list(dict.fromkeys(rows["step"]))
    table = pd.DataFrame({"Step": [capital(str(name)) for name in names]})
    for scenario, own in rows.groupby("scenario", sort=False):
        by_step = own.set_index("step")
        table[f"{scenario} (95% interval)"] = [_step(name, by_step.loc[name]) for name in names]
    return table


def _step(name: str, row: pd.Series) -> str:
    value, low, high = (number(row[each] * 100, 1) for each in ("contribution", "lower", "upper"))
    if name in {START, END}:
        return f"{value}% ({low} to {high})"
    if value == low == high == "0.0":
        return "under 0.1"
    return f"{value} ({low} to {high})"


def _plain(measure: str, value: float) -> str:
    return difference_said(measure, value).removeprefix("+")


def _span(measure: str, low: float, high: float) -> str:
    ends = tuple(dict.fromkeys((_plain(measure, low), _plain(measure, high))))
    return " to ".join(ends)


def noise(comparison: Comparison) -> tuple[str, ...]:
    """Say what judging single sets of assumptions by few futures does to the tables."""
    events, draws = comparison.events, comparison.draws
    return (
        f"A set of assumptions is one draw of every uncertain figure: {draws} were drawn, and each "
        f"plan met the same {events} futures in each.",
        "Regret: the best of several plans looks better in a few futures than it is, so the larger "
        "figure of an average errs upwards; the smaller picks the best plan in one half of the "
        "futures and values it in the other, and errs downwards. The last two columns err upwards.",
        f"Robustness: {events} futures tell a set's own chance only roughly. Surely and perhaps "
        "are the shares at the cautious and at the generous end of each set's own range; what "
        "half the futures would have shown tells how far the noise still moves the figure. A set "
        "in which the trust alone is beyond its limits leaves added risk no room, and is not "
        "judged.",
        "At no level behind: with each plan's sets of assumptions ordered from its worst to its "
        "best, the plan's are as good as the other's in every place, as simulated and with no "
        "allowance for noise, and its average lead is beyond doubt. It may still be behind in "
        "single sets: the share in which it is better is given. Few futures can hide such a lead, "
        "so that where none is named there may be one.",
    )
