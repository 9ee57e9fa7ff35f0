"""The intelligence pillar: does the trust know its schools, from many sides, of today, with care?

This module measures how reports and returns are gathered; judgements of different sources and the
numbers of pupils have modules of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from workbench.measures.concentration import top_share
from workbench.pillars import intelligence_pupils, intelligence_sources
from workbench.pillars.indicator import Measured, counted, measured, not_enough
from workbench.pillars.measuring import Measure, measure, middle_day, share_of
from workbench.pillars.scope import Scope
from workbench.terms import Term


def intelligence(scope: Scope) -> tuple[Measured, ...]:
    """Measure the intelligence pillar: one entry an indicator of the level, in declared order."""
    return measure(scope, "intelligence", MEASURES)


def _returns_on_time(scope: Scope) -> Measured:
    return _on_time(scope, "returns_on_time", "returns", "return")


def _board_reports_on_time(scope: Scope) -> Measured:
    return _on_time(scope, "board_reports_on_time", "board_reports", "report")


def _on_time(scope: Scope, key: str, table: str, n_of: str) -> Measured:
    """Share that arrived by its day; one that never arrived is late, and not missing."""
    today = pd.Timestamp(scope.as_of)
    due = scope.between(scope.rows(table), "due")
    arrived = due["received"].notna() & (due["received"] <= today)
    # One due today that has not arrived may yet do so.
    settled = arrived | (due["due"] < today)
    due, arrived = due[settled], arrived[settled]
    never = len(due) - int(arrived.sum())
    return share_of(
        scope, key, arrived & (due["received"] <= due["due"]),
        n_of=n_of, lacking=f"{n_of}s due in the recent terms", dates=due["due"],
        note=f"{never} not arrived at all" if never else "",
    )  # fmt: skip


def _received(scope: Scope) -> pd.DataFrame:
    return scope.between(scope.rows("returns"), "received")


def _on_template(scope: Scope) -> Measured:
    received = _received(scope)
    return share_of(
        scope, "returns_on_template", received["on_template"],
        n_of="return", dates=received["received"],
        lacking="returns received in the recent terms that say whether they are on the template",
    )  # fmt: skip


def _staff_hours(scope: Scope) -> Measured:
    """Hours a school and term; a return that is silent is taken to have cost the mean of others.

    The present term counts by the share of it that has passed, as only its returns so far are in:
    a whole one would make the hours fall on its first day. Over less than one school term in all
    there is no value, for a few days tell nothing of a term.
    """
    key = "staff_hours"
    received = _received(scope)
    said = received["staff_hours"].dropna()
    if said.empty:
        return not_enough(
            key, scope.indicator(key), "returns of the recent terms that say the hours they took"
        )
    senders = scope.rows("schools")
    asked = len(senders)
    senders = senders[senders["urn"].isin(received["urn"])]
    terms = sum(_terms(scope, joined) for joined in senders["joined"])
    if terms < 1:
        return not_enough(key, scope.indicator(key), "returns of one school term or more")
    silent = len(received) - len(said)
    notes = (
        f"{counted(len(senders), 'school')} over {_in_words(terms)}, the present one by the share "
        "of it that has passed",
        f"{counted(silent, 'return')} without hours taken to have cost the mean of the others"
        if silent else "",
        f"{counted(asked - len(senders), 'school')} sent no return and not counted"
        if asked > len(senders) else "",
    )  # fmt: skip
    return measured(
        key, scope.indicator(key), float(said.mean()) * len(received) / terms,
        as_of=scope.as_of, n=len(said), n_of="return",
        evidence_date=middle_day(received.loc[said.index, "received"]), estimated=silent > 0,
        note="; ".join(part for part in notes if part),
    )  # fmt: skip


def _terms(scope: Scope, joined: pd.Timestamp) -> float:
    """Recent terms in which a school was in the trust, at least the one it is in so far."""
    past = min(scope.recent_terms - 1, scope.term - Term.of(joined.date()))
    return max(0, past) + scope.term_elapsed


def _in_words(terms: float) -> str:
    shown = f"{terms:.1f}".removesuffix(".0")
    return "1 school term" if shown == "1" else f"{shown} school terms"


def _capturers_trained(scope: Scope) -> Measured:
    received = _received(scope)
    named = received[received["captured_by"].notna()].sort_values("received", kind="stable")
    # `last` passes over what is not said, so that a person's latest word counts.
    people = named.groupby("captured_by").agg({"capturer_trained": "last", "received": "max"})
    silent = len(received) - len(named)
    return share_of(
        scope, "capturers_trained", people["capturer_trained"],
        n_of="data gatherer", dates=people["received"],
        lacking="who gathered the returns of the recent terms, and whether they are trained to",
        note=f"{counted(silent, 'return')} without a name" if silent else "", estimated=False,
    )  # fmt: skip


def _top_two_capturers(scope: Scope) -> Measured:
    key = "top_two_capturers"
    received = _received(scope)
    named = received[received["captured_by"].notna()]
    by_person = named["captured_by"].value_counts()
    share = top_share(by_person.to_numpy(float))
    if share is None:
        return not_enough(key, scope.indicator(key), "who gathered the returns of the recent terms")
    silent = len(received) - len(named)
    return measured(
        key, scope.indicator(key), 100 * share,
        as_of=scope.as_of, n=len(named), n_of="return",
        evidence_date=middle_day(named["received"]),
        note=f"gathered by {counted(len(by_person), 'data gatherer')}"
        + (f"; {counted(silent, 'return')} without a name" if silent else ""),
    )  # fmt: skip


MEASURES: Mapping[str, Measure] = MappingProxyType({
    "returns_on_time": _returns_on_time,
    "returns_on_template": _on_template,
    "staff_hours": _staff_hours,
    "capturers_trained": _capturers_trained,
    "top_two_capturers": _top_two_capturers,
    "board_reports_on_time": _board_reports_on_time,
    **intelligence_sources.MEASURES,
    **intelligence_pupils.MEASURES,
})  # fmt: skip
