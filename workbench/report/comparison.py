"""The board's page on several scenarios: which, how surely, at what price, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd
from markupsafe import Markup

from workbench.charts.wording import capital, count, in_twenty, listed, percent, points
from workbench.growth.absorb import Absorption
from workbench.parameters.levers import load_lever_sizes
from workbench.parameters.limits import TrustSettings
from workbench.parameters.model import ModelParameters
from workbench.report import html, register
from workbench.report.board import FAULTY, NOT_JUDGED, SHIFTED
from workbench.report.comparison_words import DECIDED_BY, lead, value_said
from workbench.scenario.compare import Comparison
from workbench.scenario.compared import DECIDING

# The measure that shows how near a limit is; a fall of existing schools has no level of its own.
_SHOWN_BY: Mapping[str, str] = MappingProxyType({
    "golden rule": "golden_margin",
    "overstretch": "capacity_use",
    "unmet need": "unmet_share",
    "reserves": "reserves_share",
})  # fmt: skip


@dataclass(frozen=True)
class ComparisonDecision:
    """What a board needs of a comparison on one printed page.

    Attributes:
        warnings: What is wrong with the trust's files, before all else.
        ask: The question put to the board.
        moved: Where a plan's dates were moved, or a limit cannot be judged, the sentences that say
            so.
        own_risk: Where the trust's own position is the larger risk, the sentence that says so.
        recommendation: The answer the model supports.
        rests_on: How much of it is checked and measured.
        headline: The answer in one line, for the index.
        facts: Three figures in plain odds, by what each is.
        why: Reasons, each with its figure.
        mind: What would change the answer.
    """

    warnings: tuple[str, ...]
    ask: str
    moved: tuple[str, ...]
    own_risk: str
    recommendation: str
    rests_on: str
    headline: str
    facts: Mapping[str, str]
    why: tuple[str, ...]
    mind: tuple[str, ...]

    def parts(self) -> tuple[Markup, ...]:
        """Return the decision as parts of a page."""
        return (
            *(Markup("<p><strong>Warning.</strong> {}</p>").format(note) for note in self.warnings),
            Markup("<p><strong>{}</strong></p>").format(self.ask),
            html.paragraphs(*self.moved),
            html.paragraphs(*([self.own_risk] if self.own_risk else [])),
            Markup("<p><strong>The model's answer:</strong> {}</p>").format(self.recommendation),
            html.paragraphs(f"How sure this is: {self.rests_on}"),
            html.facts(self.facts),
            Markup("<h3>Why</h3>"),
            html.bullets(self.why),
            Markup("<h3>What would change our mind</h3>"),
            html.bullets(self.mind),
        )


def decide(
    comparison: Comparison,
    settings: TrustSettings,
    *,
    allowed: Mapping[str, Absorption],
    rests_on: str,
) -> ComparisonDecision:
    """Turn a comparison into the board's page.

    Args:
        comparison: What came of the scenarios.
        settings: The board's limits, tolerance and horizon.
        allowed: How many schools each plan lets join, by its title.
        rests_on: How much of it is checked and measured (`register.rests_on`).
    """
    overview = comparison.overview
    without = 1.0 - float(overview["hold_without"].mean())
    headline, recommendation = recommend(comparison, settings, allowed)
    own_risk = ""
    if without > 0.5:
        own_risk = (
            "The larger risk is the trust's own position: with no school joining, "
            f"{in_twenty(without)} futures break a limit within the period."
        )
    least = first_by(overview, "extra_risk")
    surest = first_by(overview, "hold", most=True)
    return ComparisonDecision(
        warnings=_noted(comparison, FAULTY),
        ask=(
            f"Which of {len(overview)} plans for growth should the trust take, if any: "
            f"{listed(map(str, overview['scenario']), 'or')}?"
        ),
        moved=(*_noted(comparison, SHIFTED), *_noted(comparison, NOT_JUDGED)),
        own_risk=own_risk,
        recommendation=recommendation,
        rests_on=rests_on,
        headline=headline,
        facts={
            f"points of risk added by {least['scenario']}, the least of all plans; "
            f"{_tolerance(settings)} is {points(settings.risk.tolerance.value)}": points(
                least["extra_risk"]
            ),
            f"futures in which every limit holds with {surest['scenario']}, the most of all "
            "plans": in_twenty(surest["hold"]),
            "futures in which every limit holds if no school joins": in_twenty(1.0 - without),
        },
        why=why(comparison),
        mind=mind(comparison, settings),
    )


def recommend(
    comparison: Comparison, settings: TrustSettings, allowed: Mapping[str, Absorption]
) -> tuple[str, str]:
    """Return the headline and the recommendation: the tolerance first, then who is better.

    A plan that is too large as a whole may still let some of its schools join: its own report says
    how many, and so does this page.
    """
    overview = comparison.overview
    verdicts = overview["verdict"]
    within = [str(name) for name in overview.loc[verdicts == "within", "scenario"]]
    best = best_of_all(comparison)
    overall = (
        f"{best} is better than every other in all {_measures()}"
        if best
        else f"no plan is better than every other in all {_measures()}"
    )
    tolerance = f"{_tolerance(settings)} of {points(settings.risk.tolerance.value)} points"
    nearest = first_by(overview, "extra_risk")
    least, risk = str(nearest["scenario"]), points(nearest["extra_risk"])
    if (verdicts == "no room").any():
        alone = in_twenty(1.0 - float(overview["hold_without"].mean()))
        return (
            "Not yet: the trust is likely to break a limit with no school joining",
            f"not yet. With no school joining, {alone} futures already break a limit: there is no "
            f"room to show what a plan adds. For the rest, {overall}.",
        )
    if not within:
        unsure = [str(name) for name in overview.loc[verdicts == "not shown", "scenario"]]
        maybe = f" {listed(unsure)} may, but too few futures were run to be sure." if unsure else ""
        return (
            _in_part(allowed) or f"None as it stands: {least} adds the least risk, {risk} points",
            f"none in full. No plan is shown to keep the risk it adds within {tolerance}."
            f"{maybe} {least} comes nearest and adds {risk} points; {overall}. "
            f"Schools that could join within {_tolerance(settings)}: {_each_allows(allowed)}.",
        )
    if len(within) == 1:
        return (
            f"{within[0]}: the only plan within the tolerance",
            f"{within[0]}. It is the only plan shown to keep the risk it adds within {tolerance} "
            f"({_adds(overview, within[0])}); {overall}.",
        )
    if best in within:
        return (
            f"{best}: within the tolerance, and better than every other plan",
            f"{best}. It keeps within {tolerance} ({_adds(overview, str(best))}), and {overall}.",
        )
    return (
        f"A choice: {listed(within)} keep within the tolerance",
        f"{listed(within, 'or')}, by what the board values more. "
        f"{'Both' if len(within) == 2 else 'All'} keep within {tolerance}, and {overall}: "
        f"{_trade(comparison, within)}.",
    )


def _in_part(allowed: Mapping[str, Absorption]) -> str:
    """Return the headline where no plan will do in full but some let schools join; else nothing."""
    most = max(answer.capacity or 0 for answer in allowed.values())
    if not most:
        return ""
    plans = [name for name, answer in allowed.items() if answer.capacity == most]
    return (
        f"None in full: {listed(plans)} let{'s' if len(plans) == 1 else ''} the most join, {most}"
    )


def _each_allows(allowed: Mapping[str, Absorption]) -> str:
    return ", ".join(
        f"{answer.capacity or 'none'} under {name}" for name, answer in allowed.items()
    )


def first_by(rows: pd.DataFrame, column: str, *, most: bool = False) -> pd.Series:
    """Return the row with the least of a column, or with the most; of equals the first."""
    return rows.sort_values(column, ascending=not most, kind="stable").iloc[0]


def best_of_all(comparison: Comparison) -> str | None:
    """Return the scenario clearly better than each other in every measure that decides, if any."""
    for name in comparison.scenarios:
        leads = [
            lead(comparison.differences, name, other, measure)
            for other in comparison.scenarios
            for measure in DECIDING
            if other != name
        ]
        if all(each.lower > 0 for each in leads):
            return name
    return None


def why(comparison: Comparison) -> tuple[str, ...]:
    """Say for each measure that decides who leads, by how much, and whether beyond doubt."""
    reasons = [_order(comparison, measure) for measure in DECIDING]
    effect = comparison.effect[comparison.effect["measure"] == "existing_secure_share"]
    ends = effect[effect["index"] == effect.groupby("scenario")["index"].transform("max")]
    worst = first_by(ends, "difference")
    if worst["upper"] < 0:
        reasons.append(
            f"Today's schools: growth lowers the share of them secure or better most under "
            f"{worst['scenario']}, by {abs(worst['difference']) * 100:.1f} percentage points by "
            "the last term."
        )
    return tuple(reasons)


def _order(comparison: Comparison, measure: str) -> str:
    """Say who leads in one measure; a lead too small to show in the figures is none."""
    rows = comparison.dominance.sort_values(measure, ascending=False, kind="stable")
    names = [str(name) for name in rows["scenario"]]
    values = [value_said(measure, float(value)) for value in rows[measure]]
    clear = lead(comparison.differences, names[0], names[1], measure).lower > 0
    if values[0] == values[1]:
        said = f"{names[0]} and {names[1]} are level at {values[0]}"
    elif clear:
        said = f"{names[0]} is ahead with {values[0]}, before {names[1]} with {values[1]}"
    else:
        said = f"no plan is clearly ahead; {names[0]} has {values[0]} and {names[1]} {values[1]}"
    last = "" if len(names) == 2 else f"; {names[-1]} comes last with {values[-1]}"
    if len(names) > 2 and values[-1] == values[0]:
        last = ", and so is every other plan"
    return f"{capital(DECIDED_BY[measure])}: {said}{last}."


def mind(comparison: Comparison, settings: TrustSettings) -> tuple[str, ...]:
    """Say how far the answer depends on the assumptions, from the draws of them."""
    rows = comparison.robustness
    rows = rows[rows["requirement"] == "extra_breach"].dropna(subset=["met"])
    said = []
    if len(rows):
        said.append(_robust(rows, comparison.events, settings))
    regret = comparison.regret[comparison.regret["measure"] == "hold"]
    least = first_by(regret, "mean")
    if least["mean"] <= 0:
        said.append(
            f"In no set of assumptions that was tried is another plan likelier to keep every limit "
            f"than {least['scenario']}: checking assumptions would not change which is safest."
        )
    else:
        said.append(
            f"{least['scenario']} is likeliest to keep every limit, or shares that place, in "
            f"{in_twenty(least['best_share'])} sets of assumptions; at worst it is "
            f"{points(least['worst'])} points behind."
        )
    return tuple(said)


def _robust(rows: pd.DataFrame, events: int, settings: TrustSettings) -> str:
    best = first_by(rows, "met", most=True)
    judged = "sets of assumptions that leave room to tell"
    if best["met"] <= 0:
        return (
            f"No plan keeps the risk it adds within {_tolerance(settings)} in any of the {judged}: "
            "checking assumptions alone will not change that answer."
        )
    tied = int((rows["met"] == best["met"]).sum()) > 1
    return (
        f"{best['scenario']} keeps the risk it adds within {_tolerance(settings)} in "
        f"{in_twenty(best['met'])} {judged}, {'no fewer' if tied else 'more'} than any other plan; "
        f"with {events} futures to judge each set, the true share may lie anywhere from "
        f"{percent(best['surely'])} to {percent(best['perhaps'])}."
    )


def _adds(overview: pd.DataFrame, name: str) -> str:
    row = overview[overview["scenario"] == name].iloc[0]
    return f"it adds {points(row['extra_risk'])}, at most {points(row['extra_upper'])}"


def _trade(comparison: Comparison, within: list[str]) -> str:
    means = comparison.dominance.set_index("scenario").loc[within]
    return "; ".join(
        f"{DECIDED_BY[measure]} favours {means[measure].idxmax()} "
        f"({value_said(measure, means[measure].max())})"
        for measure in DECIDING
    )


def _measures() -> str:
    return f"{len(DECIDING)} measures below"


def _tolerance(settings: TrustSettings) -> str:
    return f"the {'' if settings.risk.tolerance.verified else 'proposed '}tolerance"


def _noted(comparison: Comparison, beginning: str) -> tuple[str, ...]:
    return tuple(note for note in comparison.notes if beginning in note)


def limitations(comparison: Comparison) -> tuple[str, ...]:
    """Say what the paper does not tell its reader."""
    measured = starting_once(comparison)
    return (
        "What would become of the joining schools outside the trust: pupils in secure schools are "
        "counted where they are, so that a plan with more schools counts more of them, many of "
        "whom were in a secure school before it joined.",
        "Plans that were not drawn up: only those named are compared, and another may be better "
        "than all of them.",
        f"What each set of assumptions truly leads to: each is judged by {comparison.events} "
        "futures, which blurs regret and robustness; the tables say by how much.",
        "How much the board should value one measure against another: the paper sets them side by "
        "side and adds up none.",
        "What differs between plans besides schools: each has its own policy too, and a plan's own "
        "report tries its levers one at a time.",
        "Whether the assumptions hold here: "
        f"{int(measured['measured'].sum())} of {len(measured)} starting values were measured on "
        "this trust, and the model's own figures are proposals until checked.",
    )


def measure_at_risk(comparison: Comparison) -> str:
    """Return the measure that shows how near the limit is that most futures break."""
    rows = comparison.breach[comparison.breach["with_joiners"]]
    ends = rows[rows["index"] == rows.groupby("scenario")["index"].transform("max")]
    chances = ends.groupby("limit")["probability"].mean().sort_values(ascending=False)
    return next(_SHOWN_BY[str(limit)] for limit in chances.index if limit in _SHOWN_BY)


def starting_once(comparison: Comparison) -> pd.DataFrame:
    """Return each starting value once; it is measured where it is so under every scenario."""
    measured = comparison.starting.groupby("what", sort=False)["measured"].all()
    return pd.DataFrame({"what": measured.index, "measured": measured.to_numpy(dtype=bool)})


def identified(
    comparison: Comparison, model: ModelParameters, settings: TrustSettings
) -> tuple[str, ...]:
    """Say which parameters each scenario used, so that any changed value shows on the page."""
    sizes = load_lever_sizes()
    return tuple(
        f"{title}. {register.identified(model, settings, sizes, scenario)}"
        for title, scenario in comparison.scenarios.items()
    )


def opening(comparison: Comparison) -> str:
    """Return the title of the paper as a question."""
    return f"Which of {count(len(comparison.scenarios), 'plan')} for growth, if any?"
