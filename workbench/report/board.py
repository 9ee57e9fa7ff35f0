"""The board's page on a scenario: the ask, a recommendation, three facts, why, and what else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd
from markupsafe import Markup

from workbench.charts.measures import MEASURES
from workbench.charts.wording import capital, count, in_twenty, percent, points
from workbench.growth.absorb import Absorption
from workbench.parameters.limits import TrustSettings
from workbench.report import html
from workbench.scenario.results import ANY_LIMIT, ScenarioResult

# Reasons that end an answer before any number of schools was seen to be too many.
_NOT_SEEN_TO_FAIL = ("limit_of_search", "limit_of_pace")
# How the notes begin that a board must see beside the question (see `workbench.scenario.start`).
FAULTY, SHIFTED = "Rows left out because they are faulty", "The trust's data describe"
NOT_JUDGED = "Reserves are not known"
# Below this chance that every limit holds, doubt about it has no room to show.
NEARLY_NEVER = 0.05
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
        warnings: What is wrong with the trust's files, before all else.
        ask: The question put to the board.
        moved: Where the plan's dates were moved to meet the trust's data, or a limit cannot be
            judged, the sentences that say so beside the question.
        own_risk: Where the trust's own position is the larger risk, the sentence that says so
            before any answer; else empty.
        recommendation: The answer the model supports.
        stricter: The answer by the stricter test, that every limit holds with confidence.
        rests_on: How much of the answer is checked and measured.
        headline: The recommendation in one line, for the index.
        facts: Three figures in plain odds, by what each is.
        why: Reasons, each with its figure.
        mind: What would change the recommendation.
    """

    warnings: tuple[str, ...]
    ask: str
    moved: tuple[str, ...]
    own_risk: str
    recommendation: str
    stricter: str
    rests_on: str
    headline: str
    facts: Mapping[str, str]
    why: tuple[str, ...]
    mind: tuple[str, ...]

    def recommended(self) -> str:
        """Return the recommendation as a sentence of its own."""
        return capital(self.recommendation)

    def parts(self, *first: Markup) -> tuple[Markup, ...]:
        """Return the decision as parts of a page.

        Args:
            first: What a reader sees before all else (`first_screen.as_part`).
        """
        return (
            *(Markup("<p><strong>Warning.</strong> {}</p>").format(note) for note in self.warnings),
            html.paragraphs(*self.moved),
            html.paragraphs(*([self.own_risk] if self.own_risk else [])),
            *first,
            html.paragraphs(self.stricter),
            html.facts(self.facts),
            Markup("<h3>Why</h3>"),
            html.bullets(self.why),
            Markup("<h3>What would change our mind</h3>"),
            html.bullets(self.mind),
        )


def decide(
    answer: Absorption,
    alone: Absorption,
    result: ScenarioResult,
    settings: TrustSettings,
    *,
    mind: tuple[str, ...],
    rests_on: str,
) -> Decision:
    """Turn the answers of the growth model into the board's page.

    Args:
        answer: How many schools can be absorbed under the scenario's mix, pace and policy.
        alone: The same asked of no school, for the limits that give without growth.
        result: What the scenario as planned would do.
        settings: The board's limits, tolerance and horizon.
        mind: What would change the answer (`levers.mind`).
        rests_on: How much of it is checked and measured (`register.rests_on`).
    """
    planned, horizon = result.joiners, result.terms[-1]
    headline, recommendation = _recommend(answer, result, settings)
    accepted = settings.risk.tolerance
    tolerance = f"the {'' if accepted.verified else 'proposed '}{percent(accepted.value)}"
    own_risk, (broken, without) = "", odds(answer, result)
    if without > 0.5:
        first = alone.binding["limit"].iloc[0]
        own_risk = (
            "The larger risk is the trust's own position: with no school joining, "
            f"{in_twenty(without)} futures break a limit by {horizon}, most often the {first} "
            "limit first."
        )
        if answer.capacity is not None:
            headline += f"; yet {in_twenty(without)} futures break a limit with none joining"
    return Decision(
        warnings=_noted(result, FAULTY),
        ask=result.scenario.question,
        moved=(*_noted(result, SHIFTED), *_noted(result, NOT_JUDGED)),
        own_risk=own_risk,
        recommendation=recommendation,
        stricter=_by_confidence(answer, result, settings),
        rests_on=rests_on,
        headline=headline,
        facts={
            f"futures break a limit by {horizon} if {count(planned, 'school')} "
            f"join{'s' if planned == 1 else ''}": in_twenty(broken),
            "futures break a limit if no school joins": in_twenty(without),
            f"most schools within {tolerance} of extra risk": _most(answer),
        },
        why=tuple(_why(answer, result)),
        mind=mind,
    )


def odds(answer: Absorption, result: ScenarioResult) -> tuple[float, float]:
    """Return the chance of breaking a limit with the plan, and with no school joining.

    Both come from one set of futures, that of the extra risk, so that the extra risk is their
    difference; where it was not asked of so many schools, from those of the plan.
    """
    holds = answer.curve.set_index("joiners")["probability"]
    if result.joiners in holds.index and 0 in holds.index:
        return 1.0 - float(holds[result.joiners]), 1.0 - float(holds[0])
    return 1.0 - result.hold.estimate, 1.0 - result.hold_without.estimate


def _noted(result: ScenarioResult, beginning: str) -> tuple[str, ...]:
    return tuple(note for note in result.notes if note.startswith(beginning))


def _most(answer: Absorption) -> str:
    match answer.reason:
        case "limit_of_search":
            return f"{answer.capacity} or more"
        case "limit_of_pace" if not answer.capacity:
            return "none can join in time"
        case "limit_of_pace":
            return f"all {answer.capacity} that can join in time"
        case _:
            return str(answer.capacity) if answer.capacity else "none"


def _recommend(
    answer: Absorption, result: ScenarioResult, settings: TrustSettings
) -> tuple[str, str]:
    """Return the headline and the recommendation: what binds decides before how many."""
    planned, capacity, horizon = result.joiners, answer.capacity, result.terms[-1]
    set_by_board = settings.risk.tolerance.verified
    within = f"within the {'' if set_by_board else 'proposed '}tolerance"
    tolerance = _tolerance(settings)
    if answer.reason == "already_beyond_limits" or capacity is None:
        alone = in_twenty(odds(answer, result)[1])
        return (
            "Not yet: the trust is likely to break a limit with no school joining",
            f"not yet. With no school joining, {alone} futures already break a limit. Mend that "
            "before taking on schools.",
        )
    if capacity >= planned:
        return (
            f"Yes: {count(planned, 'school')} can join {within}",
            f"yes. {capital(count(planned, 'school'))} can join as planned, and the risk this adds "
            f"stays within {tolerance}.",
        )
    if answer.reason in _NOT_SEEN_TO_FAIL:
        return _as_far_as_seen(capacity, horizon, tolerance)
    if answer.reason == "not_shown_within_tolerance":
        more = "one school" if not capacity else f"{capacity + 1} schools"
        beyond = (
            f"{capital(more)} may keep within {tolerance}, but too few futures were simulated to "
            "be sure."
        )
    else:
        more = "even one school" if not capacity else f"more than {capacity}"
        beyond = f"{capital(more)} may add more risk than {tolerance}."
    if not capacity:
        return f"Not yet: even one school is not shown to be {within}", f"not yet. {beyond}"
    return (
        f"In part: {capacity} of {count(planned, 'school')} can join {within}",
        f"take on {capacity} now, and decide on the other {planned - capacity} later. {beyond}",
    )


def _tolerance(settings: TrustSettings) -> str:
    """Name the tolerance once for all to see: the board's own, or only proposed to it."""
    tolerance = settings.risk.tolerance
    if tolerance.verified:
        return f"the tolerance of {percent(tolerance.value)} that the board accepts"
    return f"a proposed tolerance of {percent(tolerance.value)}, which the board has not yet set"


def _as_far_as_seen(capacity: int, horizon: str, tolerance: str) -> tuple[str, str]:
    """Say what can be said where the search or the pace, and no risk, ends the answer."""
    if not capacity:
        return (
            f"Not known: no school can join by {horizon}",
            f"not known. At the planned pace no school can have joined by {horizon}, so the model "
            "cannot say what joining would add.",
        )
    join = f"{count(capacity, 'school')} join{'s' if capacity == 1 else ''}"
    return (
        f"Yes, as far as can be seen: {count(capacity, 'school')} by {horizon}",
        f"yes, as far as can be seen. By {horizon} {join}, and the risk this adds stays within "
        f"{tolerance}. What the others add lies beyond that term.",
    )


def _by_confidence(answer: Absorption, result: ScenarioResult, settings: TrustSettings) -> str:
    """Say how many schools pass the stricter test, in one sentence."""
    strict = answer.absolute
    proposed = "" if settings.risk.confidence.verified else "a proposed "
    test = (
        "By the stricter test, that every limit holds with "
        f"{proposed}{percent(answer.confidence)} confidence,"
    )
    match strict.capacity:
        case None:
            broken = in_twenty(odds(answer, result)[1])
            return (
                f"{test} no number of schools passes, not even none: the trust would break a limit "
                f"in {broken} futures without growth."
            )
        case 0 if strict.reason == "limit_of_pace":
            return f"{test} the trust passes, and no school can join by {result.terms[-1]}."
        case 0 if strict.reason != "limit_of_search":
            return f"{test} the trust passes only as it is: not even one school can join."
        case most if strict.reason == "limit_of_pace":
            return (
                f"{test} {count(most, 'school')} can join: every one that the pace lets join by "
                f"{result.terms[-1]}."
            )
        case most if strict.reason == "limit_of_search":
            return f"{test} {count(most, 'school')} or more can join."
        case most:
            return f"{test} {count(most, 'school')} can join, and no more."


def _why(answer: Absorption, result: ScenarioResult) -> list[str]:
    planned = answer.curve[answer.curve["joiners"] == result.joiners]
    reasons = []
    if len(planned) and result.joiners and answer.reason != "already_beyond_limits":
        row = planned.iloc[0]
        reasons.append(
            f"{capital(count(result.joiners, 'joining school'))} add {points(row['extra_risk'])} "
            "percentage points to the chance of breaking a limit (between "
            f"{points(row['extra_lower'])} and {points(row['extra_upper'])})."
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
            " and ".join(dict.fromkeys((percent(low), percent(high))))
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
        "Joins by the end": [in_twenty(share) for share in rows["joined_share"]],
        "Truly secure at some time": [in_twenty(share) for share in rows["secure_share"]],
        "Futures so, of those simulated": [
            f"{round(share * result.replicates):,} of {result.replicates:,}"
            for share in rows["secure_share"]
        ],
        "Terms until secure, middle of these": [_terms(value) for value in rows["median"]],
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


def _doubt(result: ScenarioResult, spread: float) -> str:
    """Say how far the chance depends on the assumptions, where it has room to."""
    start = "How sure the chance itself is:"
    hold, without = result.hold.estimate, result.hold_without.estimate
    if hold < NEARLY_NEVER:
        nearly = "with or without growth" if without < NEARLY_NEVER else "with this plan"
        return (
            f"{start} {nearly} a limit is nearly always broken, so doubt about the assumptions "
            "hardly shows in that chance."
        )
    return (
        f"{start} between one believable set of assumptions and another, the chance that every "
        f"limit holds typically differs by {round(spread * 100)} percentage points."
    )


def limitations(result: ScenarioResult) -> tuple[str, ...]:
    """Say what the paper does not tell its reader."""
    doubt = () if result.epistemic_sd is None else (_doubt(result, result.epistemic_sd),)
    return (
        *doubt,
        "Doubt on top of the bars: the range on a bar is only what simulating more futures would "
        "narrow; doubt about the assumptions is already inside every figure.",
        "Whether inspectors would agree: the model follows true quality and lets inspections "
        "lag behind it, and its rates come from a framework that report cards have replaced.",
        "Which schools will ask to join: joining schools are described by kind, not by name, and "
        "due diligence on a real school replaces what is assumed of it.",
        "What pupils achieve: schools are followed by how secure their quality is, not by results.",
        "Shocks outside the model: funding, rolls and national policy stay as assumed.",
        "Whether the assumptions hold here: they are proposals until they have been checked "
        "against their sources and this trust's own history.",
    )
