"""The golden rule as a versioned policy: who may provide, who receives, how much each weighs."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from workbench import paths
from workbench.errors import BadInput
from workbench.parameters.load import load_yaml
from workbench.parameters.quantity import Quantity, Sentence, Source
from workbench.parameters.strict import StrictModel

Reading = Literal["strict", "lenient"]
READINGS: tuple[Reading, ...] = ("strict", "lenient")
PRESETS = ("article", "workbench")


class RecipientWeights(StrictModel):
    """What one school that needs support weighs, by what inspectors found.

    The first four belong to report cards, the last two to the older framework; a category of
    concern weighs the same in both.
    """

    category: Quantity
    urgent: Quantity
    leadership_needs_attention: Quantity
    needs_attention: Quantity
    inadequate: Quantity
    requires_improvement: Quantity


class UnratedWeights(StrictModel):
    """What a school without a judgement under its present URN weighs; 0 leaves it neutral."""

    strict: Quantity
    lenient: Quantity


class GoldenRulePolicy(StrictModel):
    """One reading of the golden rule.

    Attributes:
        title: Name for people.
        description: What this reading asks, in one sentence.
        source: Who proposed it.
        ratio: Providers asked for each unit of recipient weight.
        settled_terms: Terms in the trust before a school may provide; 0 does not ask.
        sustained_terms: Terms since the unbroken run of sound judgements began; 0 does not ask.
        spare_days: A provider has more free days a term than this; None does not ask.
        declared_terms: Oldest declaration of free days that still counts, in terms.
        weights: Recipient weights.
        unrated: Weight of an unrated school in each reading.
    """

    title: Sentence
    description: Sentence
    source: Source
    ratio: Quantity
    settled_terms: Quantity
    sustained_terms: Quantity
    spare_days: Quantity | None
    declared_terms: Quantity
    weights: RecipientWeights
    unrated: UnratedWeights

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.ratio.value <= 0:
            raise ValueError(f"ratio {self.ratio.value:g} must be more than 0")
        negative = [
            f"{group}.{name}"
            for group in ("weights", "unrated")
            for name, quantity in getattr(self, group)
            if quantity.value < 0
        ]
        if negative:
            raise ValueError(f"a weight may not be negative: {', '.join(negative)}")
        if self.unrated.strict.value < self.unrated.lenient.value:
            raise ValueError("unrated.strict may not weigh less than unrated.lenient")
        return self


class GoldenRule(StrictModel):
    """Everything in `parameters/golden_rule.yaml`."""

    version: str = Field(min_length=1)
    minimum_schools: Quantity
    presets: dict[str, GoldenRulePolicy]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [name for name in PRESETS if name not in self.presets]
        if missing:
            raise ValueError(f"the presets {' and '.join(missing)} must be kept")
        return self

    def policy(self, name: str) -> GoldenRulePolicy:
        """Return a preset by name.

        Raises:
            BadInput: There is no such preset.
        """
        if name not in self.presets:
            raise BadInput(
                f"there is no golden rule preset {name!r}",
                where="parameters/golden_rule.yaml, presets",
                rule=f"one of {', '.join(self.presets)}",
                mend="use one of these, or add a preset to the file",
            )
        return self.presets[name]


def load_golden_rule(path: Path | None = None) -> GoldenRule:
    """Read the golden rule's policies, from `parameters/golden_rule.yaml` unless told otherwise.

    Raises:
        BadInput: The file cannot be read or breaks its schema.
    """
    return load_yaml(path or paths.parameters() / "golden_rule.yaml", GoldenRule)
