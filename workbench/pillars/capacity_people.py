"""Capacity as people: who leads improvement, how long posts stand empty, who comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from workbench.measures.resampling import median_interval
from workbench.pillars.indicator import Measured, counted, measured, not_applicable, not_enough
from workbench.pillars.measuring import Measure, middle_day, share_of
from workbench.pillars.scope import Scope
from workbench.trust.contracts_people import SKILLS
from workbench.trust.load import Trust
from workbench.trust.people import spells_on

_HELD = ("secure", "expert")
_LEAD, _EXECUTIVE, _SPECIALIST = "improvement lead", "executive", "specialist leader"
_NO_LEAD = "no lead is in post: see the executive's span"


def in_post(trust: Trust, role: str) -> pd.DataFrame:
    """Return the filled posts of a role on the day the trust is described."""
    return _spells(trust, role, "filled", trust.as_of)


def _spells(trust: Trust, role: str, status: str, day: dt.date) -> pd.DataFrame:
    people = spells_on(trust.people, day)
    return people[(people["role"] == role) & (people["status"] == status)]


def _executive_span(scope: Scope) -> Measured:
    key = "executive_span"
    indicator = scope.indicator(key)
    executives = float(in_post(scope.trust, _EXECUTIVE)["fte"].sum())
    if not in_post(scope.trust, _LEAD).empty:
        return not_applicable(key, indicator, "improvement leads are in post")
    if executives == 0:
        return not_enough(key, indicator, "an executive in post in the table people")
    schools = len(scope.trust.schools)
    return measured(
        key, indicator, schools / executives,
        as_of=scope.as_of, n=schools, n_of="school", evidence_date=scope.as_of,
    )  # fmt: skip


def _lead_span(scope: Scope) -> Measured:
    key = "lead_span"
    indicator = scope.indicator(key)
    leads = in_post(scope.trust, _LEAD)
    if leads.empty:
        return not_applicable(key, indicator, _NO_LEAD)
    schools, fte = len(scope.trust.schools), float(leads["fte"].sum())
    return measured(
        key, indicator, schools / fte,
        as_of=scope.as_of, n=len(leads), n_of="filled lead post", evidence_date=scope.as_of,
        note=f"{schools} schools, {fte:g} full-time equivalent in post",
    )  # fmt: skip


def _lead_vacancy(scope: Scope) -> Measured:
    key = "lead_vacancy_weeks"
    indicator = scope.indicator(key)
    vacant = _spells(scope.trust, _LEAD, "vacant", scope.as_of)
    posts = len(vacant) + len(in_post(scope.trust, _LEAD))
    if posts == 0:
        return not_enough(key, indicator, "improvement lead posts in the table people")
    days = 0 if vacant.empty else (pd.Timestamp(scope.as_of) - vacant["since"].min()).days
    return measured(
        key, indicator, days / 7,
        as_of=scope.as_of, n=posts, n_of="lead post", evidence_date=scope.as_of,
        note=f"{len(vacant)} of {posts} lead posts vacant",
    )  # fmt: skip


def _weeks_to_fill(scope: Scope) -> Measured:
    key = "weeks_to_fill_lead"
    indicator = scope.indicator(key)
    people = scope.trust.people
    leads = people[people["role"] == _LEAD]
    vacant = leads[leads["status"] == "vacant"]
    ended = scope.between(vacant, "until", scope.long_from)
    # A spell holds on its last day: one that ends today still stands.
    ended = ended[ended["until"] < pd.Timestamp(scope.as_of)]
    filled = ended[[_is_filled_next(leads, spell, scope.as_of) for _, spell in ended.iterrows()]]
    if filled.empty:
        return _without_appointment(scope, key, leads)
    weeks = ((filled["until"] - filled["since"]).dt.days + 1) / 7
    standing = len(_spells(scope.trust, _LEAD, "vacant", scope.as_of))
    unfilled = len(ended) - len(filled)
    notes = (
        f"{standing} more still vacant and not counted" if standing else "",
        f"{unfilled} more ended without anyone in post and not counted" if unfilled else "",
    )
    return measured(
        key, indicator, float(weeks.median()),
        as_of=scope.as_of, n=len(filled), n_of="appointment",
        evidence_date=middle_day(filled["until"]),
        interval=median_interval(weeks.tolist(), scope.confidence), estimated=True,
        note="; ".join(part for part in notes if part),
    )  # fmt: skip


def _without_appointment(scope: Scope, key: str, leads: pd.DataFrame) -> Measured:
    """Say why no lead post was filled: none stood empty, or the table does not tell."""
    indicator, first, today = scope.indicator(key), scope.long_from, pd.Timestamp(scope.as_of)
    begun = leads[leads["since"] <= today]
    until = begun["until"].fillna(today).where(lambda days: days < today, today)
    late = begun[until >= pd.Timestamp(first)]
    if late.empty:
        return not_enough(
            key, indicator, f"improvement lead posts in the table people {scope.in_the_long_years}"
        )
    if late["status"].eq("filled").all() and not _has_gap(begun.assign(until=until), first):
        return not_applicable(
            key, indicator, f"no lead post stood empty {scope.in_the_long_years}"
        )  # fmt: skip
    return not_enough(
        key, indicator, f"a vacancy of a lead post that was filled {scope.in_the_long_years}"
    )


def _has_gap(leads: pd.DataFrame, first: dt.date) -> bool:
    """Whether a post has days since the first between two spells: empty, though no row says so."""
    for _, spells in leads.sort_values("since").groupby("post_id"):
        held = spells["until"].cummax().shift()
        gap = (spells["since"] > held + pd.Timedelta(days=1)) & (
            spells["since"] > pd.Timestamp(first)
        )
        if gap.any():
            return True
    return False


def _is_filled_next(leads: pd.DataFrame, vacancy: pd.Series, as_of: dt.date) -> bool:
    """Whether somebody came into the post after a vacancy, rather than that it was closed."""
    later = leads[(leads["post_id"] == vacancy["post_id"]) & (leads["since"] > vacancy["until"])]
    later = later[later["since"] <= pd.Timestamp(as_of)].sort_values("since")
    return not later.empty and bool(later["status"].iloc[0] == "filled")


def _executive_days(scope: Scope) -> Measured:
    key = "executive_days"
    indicator = scope.indicator(key)
    # As many schools as an executive can see to alone; the article's line says how many.
    line = scope.indicator("executive_span").threshold
    few, schools = None if line is None else line.watch, len(scope.trust.schools)
    if few is not None and schools <= few:
        return not_applicable(
            key, indicator, f"with up to {few:g} schools the executive can lead improvement itself"
        )
    last = scope.term + -1
    table = scope.trust.tables["executive_time"]
    said = table[table["term"] == str(last)]
    if said.empty:
        return not_enough(key, indicator, f"days of executives on improvement in {last}")
    end = scope.term.first_day - dt.timedelta(days=1)
    executives = set(_spells(scope.trust, _EXECUTIVE, "filled", end)["post_id"])
    silent = len(executives - set(said["post_id"]))
    days = float(said["improvement_days"].sum())
    note = f"{last}" + (f"; at least: {counted(silent, 'executive')} did not say" if silent else "")
    result = measured(
        key, indicator, days,
        as_of=scope.as_of, n=len(said), n_of="executive", evidence_date=end, note=note,
    )  # fmt: skip
    if silent and result.rating == "on track":
        return not_enough(key, indicator, f"days of {counted(silent, 'more executive')} in {last}")
    return result


def _ready_successors(scope: Scope) -> Measured:
    key = "ready_successors"
    table = scope.trust.tables["succession"]
    known = table[table["reviewed"] <= pd.Timestamp(scope.as_of)]
    if known.empty:
        return not_enough(key, scope.indicator(key), "a review of who could follow in each role")
    ready = known[known["readiness"] == "ready now"]
    roles, people = known["role_id"].nunique(), ready["candidate"].nunique()
    bare = roles - ready["role_id"].nunique()
    return measured(
        key, scope.indicator(key), people / roles,
        as_of=scope.as_of, n=roles, n_of="critical role",
        evidence_date=middle_day(known["reviewed"]),
        note=f"{counted(people, 'ready successor')}, each counted once however many roles; "
        f"{bare} of {roles} roles have nobody ready",
    )  # fmt: skip


def _sles_trained(scope: Scope) -> Measured:
    leaders = in_post(scope.trust, _SPECIALIST)
    return share_of(
        scope, "sles_trained_to_lead", leaders["trained_to_lead"],
        n_of="specialist leader",
        lacking="specialist leaders in post, and whether each is trained to lead",
        estimated=False,
    )  # fmt: skip


def _skill_coverage(scope: Scope) -> Measured:
    key = "lead_skill_coverage"
    indicator = scope.indicator(key)
    leads = in_post(scope.trust, _LEAD)
    if leads.empty:
        return not_applicable(key, indicator, _NO_LEAD)
    table = scope.trust.tables["skills"]
    seen = table["person"].isin(leads["person"].dropna())
    known = table[seen & (table["assessed"] <= pd.Timestamp(scope.as_of))]
    if known.empty:
        return not_enough(key, indicator, "an assessment of the skills of the leads in post")
    people = int(leads["person"].nunique() + leads["person"].isna().sum())
    held = set(known.loc[known["level"].isin(_HELD), "skill"])
    assessed = known.groupby("skill")["person"].nunique()
    lacked = [skill for skill in SKILLS if skill not in held and assessed.get(skill, 0) == people]
    unknown = [skill for skill in SKILLS if skill not in held and skill not in lacked]
    if unknown and not lacked:
        return not_enough(
            key, indicator, f"an assessment of every lead in post in {', '.join(unknown)}",
            note=f"{len(held)} of {len(SKILLS)} held",
        )  # fmt: skip
    notes = (
        f"held by nobody: {', '.join(lacked)}" if lacked else "",
        f"at least: not every lead has been assessed in {', '.join(unknown)}" if unknown else "",
    )
    return measured(
        key, indicator, 100 * len(held) / len(SKILLS),
        as_of=scope.as_of, n=people, n_of="lead",
        evidence_date=middle_day(known["assessed"]),
        note="; ".join(part for part in notes if part),
    )  # fmt: skip


def _talent_audit(scope: Scope) -> Measured:
    staff = scope.rows("talent_audit")
    staff = staff[staff["employed_since"] <= pd.Timestamp(scope.as_of)]
    begin, end = pd.Timestamp(scope.years_ago(2)), pd.Timestamp(scope.as_of)
    return share_of(
        scope, "talent_audit_coverage", staff["audited"].between(begin, end),
        n_of="staff member", lacking="staff in the audit of talents", estimated=False,
    )  # fmt: skip


MEASURES: Mapping[str, Measure] = MappingProxyType({
    "executive_span": _executive_span,
    "lead_span": _lead_span,
    "lead_vacancy_weeks": _lead_vacancy,
    "weeks_to_fill_lead": _weeks_to_fill,
    "executive_days": _executive_days,
    "ready_successors": _ready_successors,
    "sles_trained_to_lead": _sles_trained,
    "lead_skill_coverage": _skill_coverage,
    "talent_audit_coverage": _talent_audit,
})  # fmt: skip
