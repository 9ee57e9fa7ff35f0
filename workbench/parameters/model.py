"""The growth model's parameters, one section for each mechanism of a term, in its order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from workbench.parameters.quantity import Quantity
from workbench.parameters.strict import StrictModel

Band = Literal["urgent", "needs attention", "secure", "strong"]
BANDS: tuple[Band, ...] = ("urgent", "needs attention", "secure", "strong")

OeifGrade = Literal["outstanding", "good", "requires improvement", "inadequate"]


class ReportCardRule(StrictModel):
    """How a report card's areas start a school in a band."""

    urgent_areas: int = Field(ge=1, description="this many urgent areas, or any category: urgent")
    attention_areas: int = Field(ge=1, description="this many areas needing attention")
    strong_share: float = Field(gt=0, le=1, description="share of areas strong or exceptional")


class StartBands(StrictModel):
    """The declared table that turns either era's grades into a starting band.

    It is used only to start a simulation; the two eras are never equated in any output.
    """

    version: int = Field(ge=1)
    reason: str
    oeif: dict[OeifGrade, Band]
    report_card: ReportCardRule

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = {"outstanding", "good", "requires improvement", "inadequate"} - set(self.oeif)
        if missing:
            raise ValueError(f"no band for {', '.join(sorted(missing))}")
        return self


class Levels(StrictModel):
    """Starting levels of the trust, 0 to 1, where its own pillars have not been measured."""

    vision: Quantity
    commitment: Quantity
    intelligence: Quantity
    process: Quantity
    assurance: Quantity


class Start(StrictModel):
    """What is believed of a trust and its schools before the first term."""

    unrated_urgent: Quantity
    unrated_attention: Quantity
    unrated_strong: Quantity
    frail_share: Quantity
    frail_odds: Quantity
    trust_odds: Quantity
    prior_schools_per_lead: Quantity
    prior_sle_trained: Quantity
    prior_pipeline: Quantity
    prior_head_terms: Quantity
    prior_fewest_leads: Quantity
    prior_pupils_primary: Quantity
    prior_pupils_secondary: Quantity
    prior_pupils_special: Quantity
    prior_reserves_share: Quantity


class Join(StrictModel):
    """Schools arriving."""

    joiner_commitment: Quantity
    distance_dilution: Quantity
    settle_terms: Quantity
    dip_terms: Quantity
    dip_odds: Quantity
    joining_odds: Quantity
    joining_fade_terms: Quantity
    vision_attracts: Quantity
    joining_cost: Quantity
    joining_cost_weak: Quantity
    joining_grant: Quantity
    joiner_reserves_share: Quantity
    joiner_since_inspection: Quantity


class Sense(StrictModel):
    """The trust sees changes in its schools."""

    sense_floor: Quantity
    sense_full: Quantity
    sense_assurance: Quantity
    sense_vision: Quantity
    sense_joiner: Quantity
    intelligence_gain: Quantity
    intelligence_cost: Quantity


class Plan(StrictModel):
    """Need in days, and how far leadership reaches."""

    exec_span: Quantity
    lead_span: Quantity
    leads_to_release: Quantity
    need_urgent: Quantity
    need_attention: Quantity
    need_secure: Quantity
    need_strong: Quantity
    overstretch_terms: Quantity


class Support(StrictModel):
    """Days supplied, and what travel takes of them."""

    lead_days: Quantity
    provider_days_secure: Quantity
    provider_days_strong: Quantity
    provider_slack: Quantity
    workday_minutes: Quantity
    road_factor: Quantity
    road_speed: Quantity
    least_efficiency: Quantity


class Improve(StrictModel):
    """True quality rising and falling, at most one band a term."""

    rise_urgent: Quantity
    rise_attention: Quantity
    rise_secure: Quantity
    fall_attention: Quantity
    fall_secure: Quantity
    fall_strong: Quantity
    support_rise_odds: Quantity
    unsupported_fall_odds: Quantity
    overstretch_fall_odds: Quantity
    lending_fall_odds: Quantity
    turnover_fall_odds: Quantity


class Centring(StrictModel):
    """Averages over the reference population, computed by `workbench.growth.reference`."""

    mean_dose_urgent: Quantity
    mean_dose_attention: Quantity
    mean_dose_secure: Quantity
    mean_dose_strong: Quantity
    mean_stretch: Quantity
    mean_dip: Quantity
    mean_fade: Quantity
    adjust_rise_urgent: Quantity
    adjust_rise_attention: Quantity
    adjust_rise_secure: Quantity
    adjust_fall_attention: Quantity
    adjust_fall_secure: Quantity
    adjust_fall_strong: Quantity


class Windows(StrictModel):
    """Earliest and latest term, since the last inspection, at which the next one comes."""

    routine_min: Quantity
    routine_max: Quantity
    attention_min: Quantity
    attention_max: Quantity
    urgent_min: Quantity
    urgent_max: Quantity
    unrated_min: Quantity
    unrated_max: Quantity


class Inspect(StrictModel):
    """Inspection: when it comes, how well it sees, and what follows."""

    report_card: Windows
    oeif: Windows
    error_low: Quantity
    error_high: Quantity
    intervention_head_change: Quantity
    overdue: Quantity


class Hire(StrictModel):
    """People leaving, arriving and learning; vision and commitment renewed."""

    lead_leaves: Quantity
    lead_appoint: Quantity
    vision_recruits: Quantity
    vision_retains: Quantity
    vision_middling: Quantity
    pipeline_recruits: Quantity
    surest_appointment: Quantity
    post_part: Quantity
    ramp_terms: Quantity
    head_leaves_new: Quantity
    head_leaves: Quantity
    head_effect_terms: Quantity
    sle_training: Quantity
    sle_attrition: Quantity
    pipeline_training: Quantity
    pipeline_attrition: Quantity
    commitment_recovery: Quantity
    commitment_ceiling: Quantity
    vision_decay: Quantity
    vision_revisit_gain: Quantity


class Account(StrictModel):
    """Money."""

    income_primary: Quantity
    income_secondary: Quantity
    income_special: Quantity
    central_share: Quantity
    lead_cost: Quantity
    sle_day_cost: Quantity
    in_year_balance: Quantity


class Reference(StrictModel):
    """The population whose rates are declared: trusts of three sizes, of average strength."""

    reference_small_trust: Quantity
    reference_middling_trust: Quantity
    reference_large_trust: Quantity
    reference_in_small_trusts: Quantity
    reference_in_large_trusts: Quantity
    reference_school_radius: Quantity
    reference_joining: Quantity


class ModelParameters(StrictModel):
    """Everything in `parameters/model.yaml`."""

    version: str
    start_bands: StartBands
    levels: Levels
    start: Start
    join: Join
    sense: Sense
    plan: Plan
    support: Support
    improve: Improve
    centring: Centring
    inspect: Inspect
    hire: Hire
    account: Account
    reference: Reference

    def quantities(self) -> Iterator[tuple[str, Quantity]]:
        """Yield every quantity with its dotted name, in the order of the file."""
        yield from _quantities(self, "")

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        for name, windows in (
            ("report_card", self.inspect.report_card),
            ("oeif", self.inspect.oeif),
        ):
            for kind in ("routine", "attention", "urgent", "unrated"):
                low = getattr(windows, f"{kind}_min").value
                high = getattr(windows, f"{kind}_max").value
                if low > high:
                    raise ValueError(
                        f"inspect.{name}.{kind}_min {low:g} is after {kind}_max {high:g}"
                    )
        start = self.start
        unrated = (start.unrated_urgent, start.unrated_attention, start.unrated_strong)
        if sum(quantity.range[1] for quantity in unrated) > 1:
            raise ValueError("the ranges of start.unrated_* may not add up to more than 1")
        shares = (
            self.reference.reference_in_small_trusts,
            self.reference.reference_in_large_trusts,
        )
        if sum(quantity.range[1] for quantity in shares) > 1:
            raise ValueError(
                "the ranges of reference.reference_in_*_trusts may not add up to more than 1"
            )
        return self


def _quantities(node: StrictModel, prefix: str) -> Iterator[tuple[str, Quantity]]:
    for name in type(node).model_fields:
        value = getattr(node, name)
        if isinstance(value, Quantity):
            yield prefix + name, value
        elif isinstance(value, StrictModel):
            yield from _quantities(value, f"{prefix}{name}.")
