"""What comparing and matching schools ask: the numbers in `parameters/research.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import model_validator

from workbench import paths
from workbench.parameters.load import load_yaml
from workbench.parameters.quantity import Quantity
from workbench.parameters.strict import StrictModel


class HelpRules(StrictModel):
    """What matching schools in need with schools that could help asks.

    The days that a need takes are the growth model's own, `plan.need_urgent` and
    `plan.need_attention` of `parameters/model.yaml`; they are declared there alone.

    Attributes:
        evidence_terms: Terms, the present one included, for which the trust's findings count.
        most_minutes: Farthest way by road that staff are asked to go.
        other_phase_minutes: What help from another phase weighs, as minutes of way.
        lone_source_minutes: What a strength that only one kind of source names weighs.
        own_needs_minutes: What it weighs that the helper has a need of its own.
    """

    evidence_terms: Quantity
    most_minutes: Quantity
    other_phase_minutes: Quantity
    lone_source_minutes: Quantity
    own_needs_minutes: Quantity

    @model_validator(mode="after")
    def _whole_terms(self) -> Self:
        _refuse_unless_count("evidence_terms", self.evidence_terms)
        return self


class NeighbourRules(StrictModel):
    """What a statistical neighbour is, and how alike neighbours are called.

    Attributes:
        wanted: Neighbours sought among the schools of England.
        wanted_within: Neighbours sought among the schools of the trust itself.
        fewest_variables: Variables that two schools must share to be compared.
        fewest_compared: Neighbours with a number below which an outcome is not compared.
        close_up_to: Share of England's own nearest distances up to which a match is close.
        fair_up_to: Share of them up to which it is fair; beyond, it is poor.
        unbalanced_above: Difference of means, in standard deviations, above which a variable is
            unlike.
    """

    wanted: Quantity
    wanted_within: Quantity
    fewest_variables: Quantity
    fewest_compared: Quantity
    close_up_to: Quantity
    fair_up_to: Quantity
    unbalanced_above: Quantity

    @model_validator(mode="after")
    def _counts_are_whole(self) -> Self:
        for name in ("wanted", "wanted_within", "fewest_variables", "fewest_compared"):
            _refuse_unless_count(name, getattr(self, name))
        return self

    @model_validator(mode="after")
    def _close_before_fair(self) -> Self:
        close, fair = self.close_up_to.value, self.fair_up_to.value
        if not 0 <= close < fair <= 1:
            raise ValueError(
                f"close_up_to {close:g} must be less than fair_up_to {fair:g}, both shares of 1"
            )
        return self


class NationalRules(StrictModel):
    """How far a trust with room is looked for, and which tolerances are tried.

    Attributes:
        near_minutes: The nearest of three distances by road, also the reach of a cluster.
        middle_minutes: The middle one.
        far_minutes: The farthest one.
        cluster_fewest: Fewest schools of a cluster that can share people.
        cluster_most: Most schools of one.
        strict_tolerance: A tolerance of extra risk below the board's own.
        lax_tolerance: One above it.
    """

    near_minutes: Quantity
    middle_minutes: Quantity
    far_minutes: Quantity
    cluster_fewest: Quantity
    cluster_most: Quantity
    strict_tolerance: Quantity
    lax_tolerance: Quantity

    @property
    def minutes(self) -> tuple[float, float, float]:
        """The three distances, nearest first."""
        return self.near_minutes.value, self.middle_minutes.value, self.far_minutes.value

    @model_validator(mode="after")
    def _grow(self) -> Self:
        near, middle, far = self.minutes
        if not 0 < near < middle < far:
            raise ValueError(f"minutes {near:g}, {middle:g} and {far:g} must grow")
        for name in ("cluster_fewest", "cluster_most"):
            _refuse_unless_count(name, getattr(self, name))
        if self.cluster_fewest.value > self.cluster_most.value:
            raise ValueError("cluster_fewest may not be more than cluster_most")
        if not 0 <= self.strict_tolerance.value <= self.lax_tolerance.value <= 1:
            raise ValueError("strict_tolerance may not be more than lax_tolerance")
        return self


class BacktestRules(StrictModel):
    """How the back-test learns from the past, and how it scores.

    Attributes:
        window_years: School years before the origin whose inspections the layer is fitted to.
        fewest_visits: Inspections below which it is not fitted.
        penalty: What a coefficient of the layer costs, on the scale of standardised columns.
        fading_years: Years in which what a school's figures say of its grade fades to 37%.
        publication_months: Months from the end of a school year to the publication of its figures.
        least_chance: Chances nearer to 0 or 1 than this are held there by the logarithmic score.
        year_shock: Scale of the prior of what moves all schools or trusts of a year together.
        trust_variance: How unlike trusts are in how many schools join them, before lists are seen.
        trust_variance_width: How far that may be off.
        trust_variance_by_size: How far it may go with a trust's size.
        draws: Simulated futures of each trust.
        resamples: Resamples of each interval.
        fewest_kept: Trusts, schools good and schools not good below which a class of size is left
            out of the record.
    """

    window_years: Quantity
    fewest_visits: Quantity
    penalty: Quantity
    fading_years: Quantity
    publication_months: Quantity
    least_chance: Quantity
    year_shock: Quantity
    trust_variance: Quantity
    trust_variance_width: Quantity
    trust_variance_by_size: Quantity
    draws: Quantity
    resamples: Quantity
    fewest_kept: Quantity

    @model_validator(mode="after")
    def _possible(self) -> Self:
        counts = ("window_years", "fewest_visits", "publication_months", "draws", "resamples",
                  "fewest_kept")  # fmt: skip
        for name in counts:
            _refuse_unless_count(name, getattr(self, name))
        for name in ("penalty", "fading_years", "year_shock", "trust_variance",
                     "trust_variance_width", "trust_variance_by_size"):  # fmt: skip
            if getattr(self, name).value <= 0:
                raise ValueError(f"{name} must be more than 0")
        if not 0 < self.least_chance.value < 0.5:
            raise ValueError("least_chance must lie between 0 and 0.5")
        return self


class CalibrationRules(StrictModel):
    """What was believed of the growth model's rates before grades were looked at, and of the fit.

    A fit that began from values in force, once these were fitted themselves, would count the same
    grades twice.

    Attributes:
        believed_rise_urgent: Chance a term, and so for the other five moves.
        believed_rise_attention: Likewise.
        believed_rise_secure: Likewise.
        believed_fall_attention: Likewise.
        believed_fall_secure: Likewise.
        believed_fall_strong: Likewise.
        believed_error_low: Chance that inspectors see a school a band too low.
        believed_error_high: A band too high.
        rates_within: Standard deviation of the logarithms of these beliefs.
        widening: What standard errors of the fit are multiplied by for the model file.
    """

    believed_rise_urgent: Quantity
    believed_rise_attention: Quantity
    believed_rise_secure: Quantity
    believed_fall_attention: Quantity
    believed_fall_secure: Quantity
    believed_fall_strong: Quantity
    believed_error_low: Quantity
    believed_error_high: Quantity
    rates_within: Quantity
    widening: Quantity

    def believed(self, name: str) -> float:
        """Return what was believed of a rate or error of inspection, by its parameter's name."""
        quantity: Quantity = getattr(self, f"believed_{name}")
        return quantity.value

    @property
    def errors(self) -> tuple[float, float]:
        """The believed errors of inspection: a band too low, and too high."""
        return self.believed("error_low"), self.believed("error_high")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        for name in type(self).model_fields:
            value = getattr(self, name).value
            if name.startswith("believed_") and not 0 < value < 0.5:
                raise ValueError(f"{name} {value:g} must lie between 0 and 0.5")
        if self.rates_within.value <= 0:
            raise ValueError("rates_within must be more than 0")
        if self.widening.value < 1:
            raise ValueError("widening must be 1 or more: a fit is not surer than it says")
        return self


class ImpactRules(StrictModel):
    """What an estimate of what support did asks before it is shown.

    Attributes:
        fewest_schools: Supported and comparison schools below which an effect is left out.
        fewest_trusts: Trusts with supported schools below which an effect is left out.
        power: Power at which the smallest detectable effect is named.
        picked_share: Share of the weakest schools shown moving with no support.
        placebo_periods: Periods before the true joining at which none is tried.
        most_comparison_schools: Comparison schools that the mixed model takes.
        grade_years_after: Years since joining in which a first inspection counts.
        grade_years_before: Years before joining in which differences of grades are looked at.
    """

    fewest_schools: Quantity
    fewest_trusts: Quantity
    power: Quantity
    picked_share: Quantity
    placebo_periods: Quantity
    most_comparison_schools: Quantity
    grade_years_after: Quantity
    grade_years_before: Quantity

    @model_validator(mode="after")
    def _counts_are_whole(self) -> Self:
        counts = (
            "fewest_schools", "fewest_trusts", "placebo_periods", "most_comparison_schools",
            "grade_years_after", "grade_years_before",
        )  # fmt: skip
        for name in counts:
            _refuse_unless_count(name, getattr(self, name))
        if self.fewest_trusts.value < 2:
            raise ValueError("fewest_trusts must be 2 or more: one leaves no doubt to measure")
        for name in ("power", "picked_share"):
            if not 0 < getattr(self, name).value < 1:
                raise ValueError(f"{name} must lie between 0 and 1")
        return self


class ResearchRules(StrictModel):
    """Everything in `parameters/research.yaml`.

    Attributes:
        version: The file's own version.
        helping: Who could help whom.
        neighbours: Schools with a like intake.
        national: Weak schools and trusts with room.
        calibration: What the fit of rates to grades begins from, and how it is widened.
        backtest: The model told only what was known by a day, and scored.
        impact: What support did.
    """

    version: str
    helping: HelpRules
    neighbours: NeighbourRules
    national: NationalRules
    calibration: CalibrationRules
    backtest: BacktestRules
    impact: ImpactRules


def load_research(path: Path | None = None) -> ResearchRules:
    """Read the numbers, from `parameters/research.yaml` unless told otherwise.

    Raises:
        BadInput: The file cannot be read or breaks its schema.
    """
    return load_yaml(path or paths.parameters() / "research.yaml", ResearchRules)


def _refuse_unless_count(name: str, quantity: Quantity) -> None:
    if quantity.value < 1 or not quantity.value.is_integer():
        raise ValueError(f"{name} {quantity.value:g} must be a whole number, 1 or more")
