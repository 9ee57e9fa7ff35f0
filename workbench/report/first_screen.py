"""What a board sees first: can we, how sure, what breaks first, and what would buy more.

Four questions, each with one large answer and the figures it rests on, side by side, so that a
reader shown nothing but the first screen of the report has the whole of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import Markup

from workbench.charts.wording import capital, count, in_twenty, percent, points
from workbench.growth.absorb import Absorption
from workbench.parameters.scenario import Scenario
from workbench.report import absorbing
from workbench.report.board import Decision, breach_at_end, odds
from workbench.scenario.packages import Packages
from workbench.scenario.results import ANY_LIMIT, ScenarioResult

_TOO_FEW = 0.005  # a share that is shown as 0%


@dataclass(frozen=True)
class Reply:
    """One question, its answer in a few words, and what the answer rests on."""

    question: str
    answer: str
    because: tuple[str, ...]

    def part(self) -> Markup:
        """Return the reply as a part of a page."""
        said = Markup("").join(Markup("<p>{}</p>").format(line) for line in self.because)
        return Markup('<div class="reply"><h3>{}</h3><p class="answer">{}</p>{}</div>').format(
            self.question, self.answer, said
        )


def replies(
    decision: Decision, answer: Absorption, result: ScenarioResult, packages: Packages
) -> tuple[Reply, ...]:
    """Return the four questions with their answers.

    Args:
        decision: The board's page, for the recommendation and what it rests on.
        answer: How many schools can be absorbed under the scenario's mix, pace and policy.
        result: What the scenario as planned would do.
        packages: The cheapest packages of changes that let further schools join.
    """
    return (
        Reply("Can we?", decision.headline.partition(";")[0], (decision.recommended(),)),
        _how_sure(decision, answer, result),
        _breaks_first(answer, result),
        _buys_more(packages, result.scenario),
    )


def as_part(given: tuple[Reply, ...]) -> Markup:
    """Return the replies as one part of a page, two by two where there is room."""
    return Markup('<div class="replies">{}</div>').format(
        Markup("").join(reply.part() for reply in given)
    )


def _how_sure(decision: Decision, answer: Absorption, result: ScenarioResult) -> Reply:
    broken, alone = odds(answer, result)
    planned = count(result.joiners, "school")
    joining = f"with {planned} joining" if result.joiners else "with no school joining"
    lines = []
    row = answer.curve[answer.curve["joiners"] == result.joiners]
    if result.joiners and len(row):
        low, high = points(row["extra_lower"].iloc[0]), points(row["extra_upper"].iloc[0])
        lines.append(
            f"With none joining: {in_twenty(alone)} ({percent(alone)}). So growth adds "
            f"{points(row['extra_risk'].iloc[0])} percentage points ({low} to {high}; "
            f"{answer.replicates:,} simulated futures)."
        )
    if result.epistemic_sd is not None and result.epistemic_sd >= _TOO_FEW:
        lines.append(
            "From one believable set of assumptions to another, the chance typically differs by "
            f"{points(result.epistemic_sd)} points."
        )
    lines.append(capital(decision.rests_on))
    return Reply(
        "How sure are we?",
        f"{capital(in_twenty(broken))} futures ({percent(broken)}) break a limit {joining}",
        tuple(lines),
    )


def _breaks_first(answer: Absorption, result: ScenarioResult) -> Reply:
    """Say which limit goes first with the schools planned, and with the first school too many."""
    question = "What breaks first?"
    joining = f"{count(result.joiners, 'school') if result.joiners else 'none'} joining"
    broken = result.futures.loc[result.futures["breached"].astype(bool), "first_limit"]
    if broken.empty:
        return Reply(
            question,
            "Nothing: no future breaks a limit",
            (f"With {joining}, every limit held in all {result.replicates:,} simulated futures.",),
        )
    first = _shares(broken)
    ever = breach_at_end(result).set_index("limit")["probability"] * len(result.futures)
    ever = (ever.drop(ANY_LIMIT) / len(broken)).sort_values(ascending=False, kind="stable")
    limit, most = str(first.index[0]), str(ever.index[0])
    lines = [
        f"With {joining}, the {limit} limit goes first in {percent(first.iloc[0])} of the "
        "futures that break a limit; it is broken sooner or later in "
        f"{percent(ever[limit])} of them."
    ]
    others = [f"{name} {percent(part)}" for name, part in first[1:3].items() if part >= _TOO_FEW]
    if others:
        lines.append(f"Then {', '.join(others)}.")
    if most != limit:
        lines.append(f"Broken in the most, sooner or later: {most}, in {percent(ever[most])}.")
    named = capital(limit)
    if len(first) > 1 and _within_noise(first, len(broken)):
        named += f" or {first.index[1]}, about equally"
    return Reply(question, named, (*lines, *_one_too_many(answer, result)))


def _one_too_many(answer: Absorption, result: ScenarioResult) -> tuple[str, ...]:
    """Say what goes first with the first number beyond the capacity, where it is not the plan's."""
    binding, at = answer.binding.iloc[0], answer.binding_at
    if at == result.joiners or at <= (answer.capacity or 0) or binding["first_share"] <= 0:
        return ()
    return (
        f"With {at}, the first number too many, the {binding['limit']} limit goes first in "
        f"{percent(binding['first_share'])}.",
    )


def _shares(limits: pd.Series) -> pd.Series:
    """Return the share of futures in which each limit goes first, the commonest on top."""
    counted = limits.value_counts(normalize=True, sort=False)
    order = sorted(counted.index, key=lambda name: (-counted[name], name))
    return counted.loc[order]


def _within_noise(shares: pd.Series, futures: int) -> bool:
    """Say whether more futures might turn the two round: the lead is within two standard errors."""
    lead, both = shares.iloc[0] - shares.iloc[1], shares.iloc[0] + shares.iloc[1]
    return bool(lead < 2.0 * np.sqrt(max(0.0, both - lead**2) / futures))


def _buys_more(packages: Packages, plan: Scenario) -> Reply:
    question, best = "What would buy more?", absorbing.recommended(packages)
    if best is None:
        why = absorbing.cheapest_said(packages, plan)
        return Reply(question, "Nothing that was tried", (why,))
    schools = capital(count(best.extra_schools, "more school"))
    cost = absorbing.cost_said(best)
    if absorbing.only_later(best):
        only = "This only takes schools later than planned."
        return Reply(
            question,
            f"{schools}, but later: {absorbing.package_said(best, plan)}",
            (f"{cost}. {only}",),
        )
    each = " for each school" if best.cost.pounds > 0 else ""
    apart = any(one.proved and absorbing.only_later(one.proved) for one in packages.cheapest)
    return Reply(
        question,
        f"{schools}: {absorbing.package_said(best, plan)}",
        (
            f"{cost}; of {packages.tried} packages tried, none that holds is clearly cheaper{each}"
            f"{', apart from only taking schools later' if apart else ''}.",
        ),
    )
