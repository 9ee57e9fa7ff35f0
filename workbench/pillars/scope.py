"""What an indicator is measured on: a whole trust or one of its schools, with declared numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench import paths
from workbench.errors import BadInput
from workbench.parameters.golden_rule import GoldenRulePolicy, load_golden_rule
from workbench.parameters.load import load_yaml
from workbench.parameters.model import ModelParameters, Support
from workbench.parameters.pillars import Indicator, Level, Pillars, load_pillars
from workbench.pillars.once import once_a_trust
from workbench.terms import Term
from workbench.trust.load import Trust


@dataclass(frozen=True)
class PillarSettings:
    """The declared numbers that the pillars read.

    Attributes:
        pillars: Indicators, their thresholds, and how they make a profile.
        policy: The golden rule's policy.
        travel: Road factor, road speed and working day, from the growth model's parameters.
    """

    pillars: Pillars
    policy: GoldenRulePolicy
    travel: Support

    def __hash__(self) -> int:
        """Return a hash of what has one: the indicators hold tables, and tell apart when equal."""
        return hash((self.policy, self.travel))


def pillar_settings(preset: str = "workbench") -> PillarSettings:
    """Read the settings from the parameter files, with one golden rule preset."""
    model = load_yaml(paths.parameters() / "model.yaml", ModelParameters)
    return PillarSettings(load_pillars(), load_golden_rule().policy(preset), model.support)


@dataclass(frozen=True)
class Scope:
    """A trust, or one school of it, on the day the trust is described.

    Attributes:
        trust: The trust.
        settings: The declared numbers.
        urn: The school; None for the whole trust.

    Raises:
        BadInput: The trust has no such school.
    """

    trust: Trust
    settings: PillarSettings
    urn: int | None = None

    def __post_init__(self) -> None:
        if self.urn is not None and self.urn not in set(self.trust.schools["urn"]):
            raise BadInput(
                f"{self.urn} is not a school of {self.trust.name}",
                where=str(self.trust.folder),
                rule="a URN of the table schools",
                mend="take a URN from schools",
            )

    @property
    def level(self) -> Level:
        """Whether this is a trust or a school."""
        return "trust" if self.urn is None else "school"

    @property
    def name(self) -> str:
        """The trust's or the school's name."""
        if self.urn is None:
            return self.trust.name
        schools = self.trust.schools
        return str(schools.loc[schools["urn"] == self.urn, "name"].iloc[0])

    @property
    def as_of(self) -> dt.date:
        """The day described."""
        return self.trust.as_of

    @property
    def term(self) -> Term:
        """The term of that day."""
        return Term.of(self.as_of)

    @property
    def term_elapsed(self) -> float:
        """Share of that term that has passed, the day itself included: above 0, at most 1."""
        first, after = self.term.first_day, (self.term + 1).first_day
        return ((self.as_of - first).days + 1) / (after - first).days

    @property
    def confidence(self) -> float:
        """Nominal coverage of intervals."""
        return self.settings.pillars.windows.confidence.value

    @property
    def recent_terms(self) -> int:
        """How many terms, the present one included, count as recent."""
        return int(self.settings.pillars.windows.recent_terms.value)

    @property
    def recent_from(self) -> dt.date:
        """First day of the recent terms."""
        return (self.term + (1 - self.recent_terms)).first_day

    @property
    def long_years(self) -> int:
        """Over how many years what happens seldom is counted."""
        return int(self.settings.pillars.windows.long_years.value)

    @property
    def long_from(self) -> dt.date:
        """First day of those years."""
        return self.years_ago(self.long_years)

    @property
    def in_the_long_years(self) -> str:
        """That span as a phrase: "in the last 3 years"."""
        return f"in the last {self.long_years} years" if self.long_years > 1 else "in the last year"

    def indicator(self, key: str) -> Indicator:
        """Return an indicator's declaration."""
        return self.settings.pillars.indicator(key)

    def rows(self, table: str, column: str = "urn") -> pd.DataFrame:
        """Return the rows of a table: all of the trust's, or those of the school in a column."""
        frame = self.trust.tables[table]
        if self.urn is None:
            return frame
        return _rows_of(self.trust, table, column, self.urn).copy(deep=False)

    def years_ago(self, years: int) -> dt.date:
        """Return the day as many years before the day described (28 for 29 February)."""
        day = self.as_of
        if (day.month, day.day) == (2, 29):
            day = day.replace(day=28)
        return day.replace(year=day.year - years)

    def between(
        self, frame: pd.DataFrame, column: str, first: dt.date | None = None
    ) -> pd.DataFrame:
        """Return rows whose day lies in the recent terms, or from `first`, up to the present."""
        days = frame[column].to_numpy(dtype="datetime64[s]")
        return frame[
            (days >= np.datetime64(first or self.recent_from)) & (days <= np.datetime64(self.as_of))
        ]


@once_a_trust
def _rows_of(trust: Trust, table: str, column: str, urn: int) -> pd.DataFrame:
    frame = trust.tables[table]
    return frame[(frame[column] == urn).to_numpy(dtype=bool, na_value=False)]
