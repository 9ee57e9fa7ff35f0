"""The figures of a trust's review: each from what the review holds, none where there is nothing."""

from __future__ import annotations

from workbench.charts.control_grid import control_grid
from workbench.charts.figure import Figure
from workbench.charts.funnel import funnel_plot
from workbench.charts.help_map import help_matrix_figure, support_links
from workbench.charts.over_terms import pillars_over_terms
from workbench.charts.pillar_profile import FULL_MARKS, pillar_profile
from workbench.charts.roles import golden_rule_roles
from workbench.charts.sides import sides_of_schools
from workbench.charts.wording import day
from workbench.pillars.evidence_sides import sides as what_sides_say
from workbench.report.language import profile_finding
from workbench.report.pillar_pages import pillar_marks
from workbench.report.trust import TrustReview
from workbench.research.comparisons import Compared
from workbench.research.survey_comparisons import survey_comparisons
from workbench.terms import Term

_OWN = "the trust's own tables."


def pillars(review: TrustReview) -> Figure:
    """Return the seven pillars side by side."""
    return pillar_profile(
        pillar_marks(review.profile, review.change),
        headline=profile_finding(review.profile),
        whose=review.trust.name,
        as_of=day(review.trust.as_of),
    )


def over_terms(review: TrustReview) -> tuple[Figure, ...]:
    """Return the pillars at the end of each of the last terms, where there is an earlier one."""
    scores = [
        (
            str(Term.of(one.scope.as_of)),
            str(name),
            FULL_MARKS * found.score,
            FULL_MARKS * found.lower,
            FULL_MARKS * found.upper,
        )
        for one in (*review.earlier, review.profile)
        for name, found in one.scored.items()
    ]
    if len({term for term, *_ in scores}) < 2:
        return ()
    return (pillars_over_terms(scores, whose=review.trust.name, source=_OWN),)


def roles(review: TrustReview) -> Figure:
    """Return the trust's schools by their role under the golden rule."""
    verdict = next(iter(review.verdicts.values()))
    names = review.trust.schools[["urn", "name"]]
    return golden_rule_roles(
        verdict.roles.merge(names, on="urn", validate="one_to_one"),
        providers=verdict.strict.providers,
        needed=(verdict.lenient.needed, verdict.strict.needed),
        trust=review.trust.name,
        as_of=day(review.trust.as_of),
        policy=verdict.policy,
    )


def funnels(review: TrustReview) -> tuple[Figure, ...]:
    """Return a funnel for each comparison that the data bear."""
    names, trust = review.names, review.trust.name
    return tuple(funnel_figure(one, names, trust) for one in review.compared)


def funnel_figure(
    one: Compared, names: dict[int, str], trust: str, urn: int | None = None
) -> Figure:
    """Return one comparison as a funnel, with a school pointed out where one is named."""
    return funnel_plot(
        one.funnel,
        names,
        key=one.key,
        measure=one.measure,
        unit=one.unit,
        size=one.size,
        size_factor=one.size_factor,
        whose=trust,
        period=one.period,
        source=one.source,
        factor=100.0 if one.funnel.kind == "binomial" else 1.0,
        decimals=0 if one.funnel.kind == "binomial" else 1,
        urn=urn,
        left_out="; ".join(part for part in (f"limits from {one.against}", one.left_out) if part),
    )


def survey_funnels(review: TrustReview) -> tuple[Figure, ...]:
    """Return a funnel for what staff and parents say, where enough schools have a figure."""
    return tuple(
        funnel_figure(one, review.names, review.trust.name)
        for one in survey_comparisons(review.scope)
    )


def trends(review: TrustReview) -> tuple[Figure, ...]:
    """Return the absence of every school as small control charts."""
    if not review.trends:
        return ()
    source = "the trust's own attendance table."
    return (control_grid(review.trends, review.names, whose=review.trust.name, source=source),)


def sides(review: TrustReview) -> tuple[Figure, ...]:
    """Return what each side says of each school."""
    frame = what_sides_say(review.scope)
    if frame.empty:
        return ()
    return (sides_of_schools(frame, trust=review.trust.name, period=_recent(review), source=_OWN),)


def help_map(review: TrustReview) -> tuple[Figure, ...]:
    """Return strengths and needs by area, and who would help whom on the map."""
    trust = review.trust
    found = [
        help_matrix_figure(
            review.areas,
            trust=trust.name,
            period=f"own evidence of {_recent(review)}, and the judgements that stand",
            source="the trust's own tables and Ofsted's inspections.",
        )
    ]
    if len(review.help.allocated):
        places = trust.schools[["urn", "name", "latitude", "longitude"]]
        found.append(
            support_links(
                review.help.allocated, places, trust=trust.name, as_of=day(trust.as_of), source=_OWN
            )
        )
    return tuple(found)


def _recent(review: TrustReview) -> str:
    first, last = Term.of(review.scope.recent_from), review.scope.term
    return f"{first} to {last}"
