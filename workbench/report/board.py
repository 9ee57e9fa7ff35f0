"""The board's page on a scenario: the ask, a recommendation, three facts, why, and what else."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd
from markupsafe import Markup

from workbench.charts.measures import MEASURES
from workbench.charts.wording import capital, count, in_twenty, percent, signed
from workbench.growth.absorb import Absorption
from workbench.parameters.limits import TrustSettings
from workbench.parameters.scenario import Scenario
from workbench.report import html
from workbench.report.levers import Lever
from workbench.scenario.results import ANY_LIMIT, ScenarioResult
from workbench.terms import TERMS_A_YEAR, Term

MOST_TRIED = 20
# The measure that shows how near a limit is; a fall of existing schools has no level of its own.
_SHOWN_BY: Mapping[str, str] = MappingProxyType({
    "golden rule": "golden_margin",
    "overstretch": "capacity_use",
    "unmet need": "unmet_share",
    "reserves": "reserves_share",
})  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """What a board needs on one printed page.

    Attributes:
        ask: The question put to the board.
        recommendation: The answer the model supports.
        headline: The recommendation in one line, for the index.
        facts: Three figures in plain odds, by what each is.
        why: Reasons, each with its figure.
        mind: What would change the recommendation.
    """

    ask: str
    recommendation: str
    headline: str
    facts: Mapping[str, str]
    why: tuple[str, ...]
    mind: tuple[str, ...]

    def parts(self) -> tuple[Markup, ...]:
        """Return the decision as parts of a page."""
        return (
            Markup("<p><strong>{}</strong></p>").format(self.ask),
            Markup("<p><strong>The model's answer:</strong> {}</p>").format(self.recommendation),
            html.facts(self.facts),
            Markup("<h3>Why</h3>"),
            html.bullets(self.why),
            Markup("<h3>What would change our mind</h3>"),
            html.bullets(self.mind),
        )


def numbers_to_try(scenario: Scenario, settings: TrustSettings) -> range:
    """Return 0, 1, ... up to the most schools that can have joined by the horizon, 20 at most.

    A school that would arrive after the last term adds no risk: to try it would say too much.
    """
    joiners = scenario.joiners
    waits = Term.parse(joiners.first_term) - Term.parse(scenario.start)
    left = settings.risk.horizon_terms - waits
    arrive = 0 if left <= 0 else math.ceil(left * joiners.a_year / TERMS_A_YEAR)
    return range(min(MOST_TRIED, arrive) + 1)


def decide(
    answer: Absorption, result: ScenarioResult, levers: tuple[Lever, ...], settings: TrustSettings
) -> Decision:
    """Turn the answers of the growth model into the board's page.

    Args:
        answer: How many schools can be absorbed under the scenario's mix, pace and policy.
        result: What the scenario as planned would do.
        levers: What one change at a time would do.
        settings: The board's limits, tolerance and horizon.
    """
    planned, horizon = result.joiners, result.terms[-1]
    headline, recommendation = _recommend(answer, result, settings)
    most = answer.capacity
    facts = {
        f"futures break a limit by {horizon} if {count(planned, 'school')} "
        f"join{'s' if planned == 1 else ''}": in_twenty(1 - result.hold.estimate),
        "futures break a limit if no school joins": in_twenty(1 - result.hold_without.estimate),
        f"most schools within the {percent(settings.risk.tolerance.value)} of extra risk "
        "the board accepts": "none" if not most else _most(answer),
    }
    return Decision(
        ask=result.scenario.question,
        recommendation=recommendation,
        headline=headline,
        facts=facts,
        why=tuple(_why(answer, result)),
        mind=tuple(_mind(levers, result)),
    )


def _most(answer: Absorption) -> str:
    at_least = answer.reason == "limit_of_search"
    return f"{answer.capacity} or more" if at_least else str(answer.capacity)


def _recommend(
    answer: Absorption, result: ScenarioResult, settings: TrustSettings
) -> tuple[str, str]:
    planned, capacity = result.joiners, answer.capacity
    if answer.reason == "already_beyond_limits":
        alone = in_twenty(1 - result.hold_without.estimate)
        return (
            "Not yet: the trust is likely to break a limit with no school joining",
            f"not yet. With no school joining, {alone} futures already break a limit (most often "
            f"first: {answer.binding['limit'].iloc[0]}). Mend that before taking on schools.",
        )
    tolerance = percent(settings.risk.tolerance.value)
    if not capacity:
        return (
            "Not yet: even one school may add more risk than the board accepts",
            f"not yet. Even one school may add more than the {tolerance} of extra risk that the "
            "board accepts.",
        )
    if capacity >= planned:
        return (
            f"Yes: {count(planned, 'school')} can join within the risk the board accepts",
            f"yes. {capital(count(planned, 'school'))} can join as planned, and the risk this adds "
            f"stays within the {tolerance} that the board accepts.",
        )
    if answer.reason == "limit_of_search":
        return (
            f"Yes, as far as can be seen: all {capacity} that can join by {result.terms[-1]}",
            f"yes, as far as can be seen. By {result.terms[-1]} the pace lets "
            f"{count(capacity, 'school')} join, and the risk this adds stays within the "
            f"{tolerance} that the board accepts. What the others add lies beyond that term.",
        )
    return (
        f"In part: {capacity} of {count(planned, 'school')} can join within the risk the board "
        "accepts",
        f"take on {capacity} now, and decide on the other {planned - capacity} when a change named "
        f"below has been made. More than {capacity} may add more than the {tolerance} of extra "
        "risk that the board accepts.",
    )


def _why(answer: Absorption, result: ScenarioResult) -> list[str]:
    planned = answer.curve[answer.curve["joiners"] == result.joiners]
    reasons = []
    if len(planned) and result.joiners and answer.reason != "already_beyond_limits":
        row = planned.iloc[0]
        reasons.append(
            f"{capital(count(result.joiners, 'joining school'))} add {_points(row['extra_risk'])} "
            "percentage points to the chance of breaking a limit (between "
            f"{_points(row['extra_lower'])} and {_points(row['extra_upper'])})."
        )
    worst = breach_at_end(result)
    worst = worst[worst["limit"] != ANY_LIMIT].sort_values("probability", ascending=False)
    for _, row in worst.head(2).iterrows():
        reasons.append(
            f"{capital(str(row['limit']))}: this limit is broken in "
            f"{in_twenty(row['probability'])} futures."
        )
    for measure in ("secure_share", "reserves_share"):
        reasons.append(_movement(result, measure))
    return reasons


def _points(risk: float) -> str:
    return signed(str(round(risk * 100)))


def _movement(result: ScenarioResult, measure: str) -> str:
    shown = MEASURES[measure]
    rows = result.fans[result.fans["measure"] == measure].sort_values("index")
    start, end = rows["p50"].iloc[0], rows["p50"].iloc[-1]
    low, high = rows["p05"].iloc[-1], rows["p95"].iloc[-1]
    return (
        f"{capital(shown.label)}: {shown.show(start)} in the first term, {shown.show(end)} in the "
        f"middle future of {result.terms[-1]} (9 in 10 futures between {shown.show(low)} and "
        f"{shown.show(high)})."
    )


def _mind(levers: tuple[Lever, ...], result: ScenarioResult) -> list[str]:
    helpful = [lever for lever in levers if round(lever.gain * 100) >= 1][:3]
    if not helpful:
        return [
            "No single change that was tried makes it more likely that every limit holds: it would "
            "take several at once, or other limits."
        ]
    now = in_twenty(result.hold.estimate)
    return [
        f"{lever.change}: every limit then holds in {in_twenty(lever.hold)} futures, not {now}."
        for lever in helpful
    ]


def breach_at_end(result: ScenarioResult) -> pd.DataFrame:
    """Return the chance of each limit being broken by the last term, as `ScenarioResult.breach`."""
    return result.breach[result.breach["index"] == len(result.terms) - 1]


def breach_table(result: ScenarioResult) -> pd.DataFrame:
    """Return the chance of breaking each limit by the last term, as a board reads it."""
    rows = breach_at_end(result)
    return pd.DataFrame({
        "Limit": [capital(str(limit)) for limit in rows["limit"]],
        "Futures that break it": [in_twenty(chance) for chance in rows["probability"]],
        "Chance": [percent(chance) for chance in rows["probability"]],
        "Between": [
            f"{percent(low)} and {percent(high)}"
            for low, high in zip(rows["lower"], rows["upper"], strict=True)
        ],
    })  # fmt: skip


def joiners_table(result: ScenarioResult) -> pd.DataFrame:
    """Return how each joining school fares: whether it joins, becomes secure, and how soon."""
    rows = result.time_to_secure
    return pd.DataFrame({
        "Joining school": rows["joiner"].astype(int),
        "Phase": [capital(phase) for phase in rows["phase"]],
        "Joins as": rows["band"],
        "Secure at some time": [in_twenty(share) for share in rows["secure_share"]],
        "Terms until secure, middle": [_terms(value) for value in rows["median"]],
        "Half between": [
            "" if low != low else f"{low:.0f} and {high:.0f}"  # noqa: PLR0124
            for low, high in zip(rows["p25"], rows["p75"], strict=True)
        ],
    })  # fmt: skip


def _terms(value: float) -> str:
    return "not reached" if value != value else f"{value:.0f}"  # noqa: PLR0124


def measure_that_binds(answer: Absorption) -> str:
    """Return the measure that shows how near the limit most often broken first is."""
    binding = [str(limit) for limit in answer.binding["limit"]]
    return next(_SHOWN_BY[limit] for limit in binding if limit in _SHOWN_BY)


def limit_of(measure: str, settings: TrustSettings) -> float:
    """Return the board's limit on a measure that shows one.

    Raises:
        KeyError: The measure shows no limit.
    """
    return {
        "golden_margin": 0.0,
        "capacity_use": 1.0,
        "unmet_share": settings.limits.unmet_need.value,
        "reserves_share": settings.limits.reserves_floor.value,
    }[measure]


def limitations(result: ScenarioResult) -> tuple[str, ...]:
    """Say what the paper does not tell its reader."""
    spread = result.epistemic_sd
    doubt = (
        ()
        if spread is None
        else (
            "How sure the chance itself is: between one believable set of assumptions and another, "
            f"the chance that every limit holds typically differs by {round(spread * 100)} "
            "percentage points.",
        )
    )
    return (
        *doubt,
        "Whether inspectors would agree: the model follows true quality and lets inspections "
        "lag behind it, and its rates come from a framework that report cards have replaced.",
        "Which schools will ask to join: joining schools are described by kind, not by name, and "
        "due diligence on a real school replaces what is assumed of it.",
        "What pupils achieve: schools are followed by how secure their quality is, not by results.",
        "Shocks outside the model: funding, rolls and national policy stay as assumed.",
        "Whether the assumptions hold here: they are proposals until they have been checked "
        "against their sources and this trust's own history.",
    )
