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
from workbench.report.board import Decision
from workbench.scenario.packages import Packages
from workbench.scenario.results import ScenarioResult

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
    broken, alone = 1 - result.hold.estimate, 1 - result.hold_without.estimate
    planned = count(result.joiners, "school")
    joining = f"with {planned} joining" if result.joiners else "with no school joining"
    lines = []
    row = answer.curve[answer.curve["joiners"] == result.joiners]
    if result.joiners and len(row):
        low, high = points(row["extra_lower"].iloc[0]), points(row["extra_upper"].iloc[0])
        lines.append(
            f"With none joining: {in_twenty(alone)}. So growth adds "
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
        f"{capital(in_twenty(broken))} futures break a limit {joining}",
        tuple(lines),
    )


def _breaks_first(answer: Absorption, result: ScenarioResult) -> Reply:
    """Say which limit goes first, at the first number of schools beyond the capacity."""
    binding = answer.binding[answer.binding["first_share"] > 0]
    joining = (
        f"{count(answer.binding_at, 'school')} joining" if answer.binding_at else "none joining"
    )
    if binding.empty:
        return Reply(
            "What breaks first?",
            "Nothing: no future breaks a limit",
            (f"With {joining}, every limit held in all {answer.replicates:,} simulated futures.",),
        )
    first = binding.iloc[0]
    others = [
        f"{row['limit']} {percent(row['first_share'])}"
        for _, row in binding.iloc[1:3].iterrows()
        if row["first_share"] >= _TOO_FEW
    ]
    ever = f"it is broken sooner or later in {percent(first['any_share'])} of them"
    line = (
        f"With {joining}, it goes first in {percent(first['first_share'])} of the futures that "
        f"break a limit; {ever}."
    )
    after = (f"Then {', '.join(others)}.",) if others else ()
    named = capital(str(first["limit"]))
    if len(binding) > 1 and _within_noise(answer, first["first_share"], binding.iloc[1]):
        named += f" or {binding['limit'].iloc[1]}, about equally"
    return Reply("What breaks first?", named, (line, *after))


def _within_noise(answer: Absorption, first: float, second: pd.Series) -> bool:
    """Say whether more futures might turn the two round: the lead is within two standard errors."""
    at = answer.curve[answer.curve["joiners"] == answer.binding_at].iloc[0]
    failed = max(1.0, (1.0 - at["probability"]) * answer.replicates)
    lead, both = first - second["first_share"], first + second["first_share"]
    return bool(lead < 2.0 * np.sqrt(max(0.0, both - lead**2) / failed))


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
    apart = any(one.proved and absorbing.only_later(one.proved) for one in packages.cheapest)
    return Reply(
        question,
        f"{schools}: {absorbing.package_said(best, plan)}",
        (
            f"{cost}; the cheapest of {packages.tried} packages tried"
            f"{', apart from only taking schools later' if apart else ''}.",
        ),
    )
