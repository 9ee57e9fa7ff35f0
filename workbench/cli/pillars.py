"""The command `pillars`: the seven pillars of a trust or school in a terminal, or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from workbench.cli.options import AsJson, Folder, On, School
from workbench.cli.printing import print_json, print_table, progress

if TYPE_CHECKING:
    from workbench.measures.intervals import Interval
    from workbench.pillars.change import Change
    from workbench.pillars.indicator import Measured
    from workbench.pillars.profile import PillarScore, Profile


def pillars(folder: Folder, school: School = None, on: On = None, as_json: AsJson = False) -> None:
    """Print the seven pillars: scores with their doubt, what is missing, and what has changed."""
    from workbench.pillars.change import change_since_last_term
    from workbench.pillars.profile import profile
    from workbench.pillars.scope import Scope, pillar_settings
    from workbench.trust.history import as_known_on
    from workbench.trust.load import read_trust

    with progress("Measuring"):
        trust = read_trust(folder)
        known = trust if on is None else as_known_on(trust, on.date())
        scope = Scope(known, pillar_settings(), school)
        found = profile(scope)
        change = change_since_last_term(scope, found)
    if as_json:
        print_json(as_plain(found, change))
    else:
        _print(found, change)


def as_plain(found: Profile, change: Change | None) -> dict[str, Any]:
    """Return a profile and what changed as JSON knows it; what is not known is null."""
    scope = found.scope
    return {
        "trust": {"uid": scope.trust.uid, "name": scope.trust.name},
        "urn": scope.urn,
        "as_of": scope.as_of.isoformat(),
        "scale": [0, 1],
        "parameters": scope.settings.pillars.version,
        "pillars": {name: _pillar(pillar) for name, pillar in found.pillars.items()},
        "lowest": None if found.order is None else dict(found.order.first),
        "critical_failures": [one.key for one in found.failing],
        "critical_unknown": [one.key for one in found.unknown_critical],
        "change": None if change is None else _change(change),
    }


def _pillar(pillar: PillarScore) -> dict[str, Any]:
    score = pillar.composite
    return {
        "score": None if score is None else score.score,
        "lower": None if score is None else score.lower,
        "upper": None if score is None else score.upper,
        "confidence": None if score is None else score.confidence,
        "measured_share": pillar.measured_share,
        "held_down_by": [] if score is None else list(score.capped_by),
        "why_not": pillar.why_not or None,
        "by_method": None if score is None else dict(score.methods),
        "without": None if score is None else dict(score.without),
        "indicators": {one.key: _indicator(one) for one in pillar.indicators},
    }


def _indicator(one: Measured) -> dict[str, Any]:
    return {
        "name": one.indicator.name,
        "value": one.value,
        "unit": one.unit,
        "n": one.n,
        "n_of": one.basis or None,
        "interval": _interval(one.interval),
        "rating": one.rating,
        "limit": one.limit,
        "limits": None if one.limits is None else list(one.limits),
        "score": one.score,
        "evidence_date": None if one.evidence_date is None else one.evidence_date.isoformat(),
        "evidence_age_terms": one.evidence_age_terms,
        "missing": list(one.missing),
        "note": one.note or None,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "since": change.before.isoformat(),
        "pillars": {
            one.pillar: {
                "by": one.interval.estimate,
                "interval": _interval(one.interval),
                "indicators_compared": one.compared,
                "told_apart": one.told_apart,
            }
            for one in change.pillars
        },
        "indicators": {
            one.now.key: {
                "by": one.by,
                "interval": _interval(one.interval),
                "told_apart": one.told_apart,
                "better": one.better,
            }
            for one in change.indicators
        },
    }


def _interval(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.lower, interval.upper]


def _print(found: Profile, change: Change | None) -> None:
    from workbench.charts.wording import capital, day, inside, listed
    from workbench.report.language import (
        asked_for,
        change_said,
        headline,
        robustness,
        value_said,
    )
    from workbench.report.pillar_pages import gaps_said, measured_table, missing_said
    from workbench.report.school_indicators import plain_note
    from workbench.report.values import range_said

    scope = found.scope
    whose = scope.name
    typer.echo(f"{whose}, {day(scope.as_of)}")
    typer.echo()
    typer.echo(headline(found, whose))
    typer.echo()
    table = measured_table(found).drop(columns="Leans most on")
    print_table(list(table.columns), table.to_numpy().tolist())
    for pillar in found.pillars.values():
        typer.echo()
        typer.echo(capital(pillar.pillar))
        rows = [
            [one.indicator.name, value_said(one), range_said(one).removeprefix("likely "),
             one.basis, asked_for(one), one.rating, plain_note(one.note)]
            for one in pillar.indicators
            if one.value is not None
        ]  # fmt: skip
        if rows:
            print_table(
                ["indicator", "value", "likely", "rests on", "asked for", "rating", "note"], rows
            )
        for rating in ("not enough evidence", "not applicable"):
            names = [inside(one.indicator.name) for one in pillar.rated(rating)]
            if names:
                typer.echo(f"{capital(rating)}: {listed(names)}.")
    typer.echo()
    for line in (*robustness(found), *change_said(change), missing_said(found), *gaps_said(found)):
        typer.echo(line)
