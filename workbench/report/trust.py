"""Everything that a review of a trust rests on, gathered once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from workbench.parameters.golden_rule import load_golden_rule
from workbench.pillars.change import Change, compare, profiles_over
from workbench.pillars.golden_rule import GoldenRuleVerdict, verdict_on
from workbench.pillars.profile import Profile
from workbench.pillars.reading import Gap, gaps
from workbench.pillars.scope import Scope, pillar_settings
from workbench.report.language import headline
from workbench.research.allocation import Allocation, allocate
from workbench.research.comparisons import Compared, comparisons_of
from workbench.research.panel import Panel, panel_given
from workbench.research.theory import Claim, claims
from workbench.research.trends import Trend, absence_trends
from workbench.research.who_can_help import help_matches, help_matrix, help_settings
from workbench.trust.load import Trust

EARLIER_TERMS = 3
PRESETS = ("workbench", "article")


@dataclass(frozen=True, eq=False)
class TrustReview:
    """What is known of a trust.

    Attributes:
        trust: The trust.
        profile: Its seven pillars on the day described.
        earlier: Its profiles at the end of earlier terms, oldest first.
        change: What changed since the last of those; None without one.
        panel: The schools of England; None where its folder holds none.
        compared: Its schools by funnels.
        trends: The absence of each of its schools from half-term to half-term.
        claims: Its theory of the case, judged.
        help: Who could help whom.
        areas: Each school's strengths and needs by area, as `help_matrix` gives them.
        matches: Every need with the schools that could help, best first.
        verdicts: The golden rule in each reading of it, by preset.
    """

    trust: Trust
    profile: Profile
    earlier: tuple[Profile, ...]
    change: Change | None
    panel: Panel | None
    compared: tuple[Compared, ...]
    trends: tuple[Trend, ...]
    claims: tuple[Claim, ...]
    help: Allocation
    areas: pd.DataFrame
    matches: pd.DataFrame
    verdicts: Mapping[str, GoldenRuleVerdict]

    @property
    def scope(self) -> Scope:
        """What was measured."""
        return self.profile.scope

    @property
    def headline(self) -> str:
        """The finding in two or three sentences."""
        return headline(self.profile, self.trust.name)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing, that which would tell most first."""
        return gaps(self.profile)

    @property
    def names(self) -> dict[int, str]:
        """Each school's name by URN."""
        schools = self.trust.schools
        return dict(zip(schools["urn"].tolist(), schools["name"].tolist(), strict=True))


def review_trust(trust: Trust) -> TrustReview:
    """Gather what a review of a trust needs."""
    scope = Scope(trust, pillar_settings())
    *earlier, now = profiles_over(scope, EARLIER_TERMS)
    panel = panel_given(trust)
    asked, rule = help_settings(), load_golden_rule()
    return TrustReview(
        trust=trust,
        profile=now,
        earlier=tuple(earlier),
        change=compare(now, earlier[-1]) if earlier else None,
        panel=panel,
        compared=comparisons_of(trust, scope.settings),
        trends=absence_trends(scope),
        claims=claims(now),
        help=allocate(trust, asked),
        areas=help_matrix(trust, asked),
        matches=help_matches(trust, asked),
        verdicts={name: verdict_on(trust, rule.policy(name)) for name in PRESETS},
    )
