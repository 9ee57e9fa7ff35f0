"""The quality assurance pillar: would the trust know, and would others see the same?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from workbench.measures.agreement import weighted_kappa
from workbench.measures.forecasts import brier_skill, brier_skill_interval
from workbench.measures.resampling import mean_interval
from workbench.pillars.indicator import Measured, counted, measured, not_enough
from workbench.pillars.measuring import (
    Measure,
    borne,
    due_by_now,
    measure,
    middle_day,
    share_of,
)
from workbench.pillars.scope import Scope
from workbench.pillars.standings import standings
from workbench.trust.contract_parts import OWN_BANDS

A_YEAR = pd.Timedelta(days=366)  # three terms, wherever they begin
_SERVES_CHILDREN = ("pupils' needs", "own vision")


def assurance(scope: Scope) -> tuple[Measured, ...]:
    """Measure the quality assurance pillar of a trust or school, in the declared order."""
    return measure(scope, "quality assurance", MEASURES)


def self_evaluations_reviewed(scope: Scope) -> pd.DataFrame:
    """Return self-evaluations beside the quality review that followed within three terms.

    Each review meets the latest self-evaluation of that school and area before it, at most a year
    old. Columns: `urn`, `area`, `made`, `done`, `own` and `reviewed` (0 urgent to 3 strong), `gap`
    (own less reviewed, in bands).
    """
    reviews = scope.between(scope.rows("qa_reviews"), "done", scope.long_from)
    reviews = reviews[reviews["band"].notna()].sort_values(["done", "review_id"])
    own = scope.rows("self_evaluations").sort_values(["made", "urn", "area"])
    met = pd.merge_asof(
        reviews[["urn", "area", "done", "band"]],
        own[["urn", "area", "made", "band"]],
        left_on="done", right_on="made", by=["urn", "area"],
        suffixes=("_reviewed", "_own"), tolerance=A_YEAR,
    )  # fmt: skip
    met = met[met["made"].notna()].reset_index(drop=True)
    place = {band: number for number, band in enumerate(OWN_BANDS)}
    met["own"] = met["band_own"].map(place).astype("int64")
    met["reviewed"] = met["band_reviewed"].map(place).astype("int64")
    met["gap"] = met["own"] - met["reviewed"]
    return met[["urn", "area", "made", "done", "own", "reviewed", "gap"]]


def _safeguarding_met(scope: Scope) -> Measured:
    table = standings(scope.trust)
    if scope.urn is not None:
        table = table[table["urn"] == scope.urn]
    said = table["safeguarding_met"].astype("boolean")
    failing = table.loc[~said.fillna(True).astype(bool), "name"]
    return share_of(
        scope, "safeguarding_met", said,
        n_of="school", lacking="a standing judgement that says whether safeguarding is met",
        dates=table["inspection_date"], estimated=False,
        note=f"not met at {', '.join(failing)}" if len(failing) and scope.urn is None else "",
    )  # fmt: skip


def _reviews_done(scope: Scope) -> Measured:
    planned = scope.between(scope.rows("qa_reviews"), "planned")
    planned = due_by_now(scope, planned, "planned", "done")
    return share_of(
        scope, "qa_reviews_done", planned["done"].notna(),
        n_of="planned review", lacking="quality reviews planned for the recent terms",
        dates=planned["planned"],
    )  # fmt: skip


def _reviews_external(scope: Scope) -> Measured:
    done = scope.between(scope.rows("qa_reviews"), "done")
    return share_of(
        scope, "qa_reviews_external", done["external"],
        n_of="review", lacking="quality reviews done in the recent terms, and who took part",
        dates=done["done"],
    )  # fmt: skip


def _reviewer_kappa(scope: Scope) -> Measured:
    key = "reviewer_kappa"
    done = scope.between(scope.rows("qa_reviews"), "done", scope.long_from)
    pairs = done[done["band"].notna() & done["second_band"].notna()]
    found = weighted_kappa(
        list(pairs["band"]), list(pairs["second_band"]), OWN_BANDS, confidence=scope.confidence
    )
    if found is None:
        return not_enough(
            key, scope.indicator(key),
            "quality reviews with a second, independent reviewer, and findings that differ",
        )  # fmt: skip
    same = int((pairs["band"] == pairs["second_band"]).sum())
    return measured(
        key, scope.indicator(key), found.estimate,
        as_of=scope.as_of, n=len(pairs), n_of="review judged twice|reviews judged twice",
        evidence_date=middle_day(pairs["done"]), interval=found, estimated=True,
        note=f"the same band in {same} of {len(pairs)}",
    )  # fmt: skip


def _self_evaluation_gap(scope: Scope) -> Measured:
    key = "self_evaluation_gap"
    met = self_evaluations_reviewed(scope)
    if met.empty:
        return not_enough(
            key, scope.indicator(key), "self-evaluations that a review of the area followed"
        )
    above, below = int((met["gap"] > 0).sum()), int((met["gap"] < 0).sum())
    return measured(
        key, scope.indicator(key), float(met["gap"].mean()),
        as_of=scope.as_of, n=len(met), n_of="self-evaluation reviewed|self-evaluations reviewed",
        evidence_date=middle_day(met["done"]),
        interval=borne(scope, len(met), mean_interval(met["gap"].to_list(), scope.confidence)),
        estimated=True,
        note=f"above the review in {above}, below it in {below}, the same in "
        f"{len(met) - above - below}",
    )  # fmt: skip


def _actions_closed(scope: Scope) -> Measured:
    due = due_by_now(scope, scope.between(scope.rows("qa_actions"), "due"), "due", "closed")
    in_time = due["closed"].notna() & (due["closed"] <= due["due"])
    # An action closed in time of which nobody says whether it was verified is neither.
    verified = due["verified"].where(in_time, False)
    late = int((~in_time).sum())
    return share_of(
        scope, "actions_closed", verified,
        n_of="action due|actions due", lacking="actions that were due in the recent terms",
        dates=due["due"], note=f"{counted(late, 'action')} late or open" if late else "",
    )  # fmt: skip


def _criteria_traceable(scope: Scope) -> Measured:
    criteria = scope.trust.tables["review_criteria"]
    return share_of(
        scope, "criteria_traceable", criteria["traces_to"].isin(_SERVES_CHILDREN),
        n_of="criterion|criteria", lacking="criteria", dates=criteria["adopted"], estimated=False,
    )  # fmt: skip


def _forecast_skill(scope: Scope) -> Measured:
    key = "forecast_skill"
    resolved = scope.between(scope.rows("forecasts"), "resolved", scope.long_from)
    known = resolved[resolved["happened"].notna()]
    chances, came = known["probability"].to_list(), known["happened"].astype(float).to_list()
    skill = brier_skill(chances, came)
    if skill is None:
        return not_enough(
            key, scope.indicator(key),
            f"forecasts that came true and others that did not, {scope.in_the_long_years}",
        )  # fmt: skip
    return measured(
        key, scope.indicator(key), skill,
        as_of=scope.as_of, n=len(known), n_of="forecast",
        evidence_date=middle_day(known["resolved"]),
        interval=brier_skill_interval(
            chances, came, seed=int(scope.settings.pillars.profile.seed.value),
            confidence=scope.confidence,
            fewest=int(scope.settings.pillars.windows.fewest_for_interval.value),
        ),
        estimated=True,
        note=f"{int(sum(came))} of {len(came)} came true",
    )  # fmt: skip


MEASURES: Mapping[str, Measure] = MappingProxyType({
    "safeguarding_met": _safeguarding_met,
    "qa_reviews_done": _reviews_done,
    "qa_reviews_external": _reviews_external,
    "reviewer_kappa": _reviewer_kappa,
    "self_evaluation_gap": _self_evaluation_gap,
    "actions_closed": _actions_closed,
    "criteria_traceable": _criteria_traceable,
    "forecast_skill": _forecast_skill,
})  # fmt: skip
