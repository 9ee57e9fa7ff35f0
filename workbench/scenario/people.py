"""Who a trust has to lead and give support at the start, from its tables or a declared prior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.parameters.distributions import Floats
from workbench.terms import TERMS_A_YEAR, Term
from workbench.trust.load import Trust
from workbench.trust.people import spells_on

UNKNOWN_DAYS = -1.0


@dataclass(frozen=True)
class Start:
    """One starting value, over the draws, and where it comes from.

    Attributes:
        what: Its name in plain words.
        values: One for each draw of the parameters.
        unit: What one of it is.
        source: The trust's own table, or the declared prior, in plain words.
        measured: Whether it was measured on the trust's own data.
    """

    what: str
    values: Floats
    unit: str
    source: str
    measured: bool


def in_post(trust: Trust, role: str) -> pd.DataFrame:
    """Return the posts of a role, filled or vacant, on the day the data describes."""
    people = spells_on(trust.tables["people"], trust.as_of)
    return people[people["role"] == role]


def starting_people(trust: Trust, drawn: dict[str, Floats]) -> dict[str, Start]:
    """Return leads, vacancies, and the training of specialist leaders at the start.

    Args:
        trust: The trust.
        drawn: Draws of the model's parameters, for the priors.

    Returns:
        `leads`, `lead_vacancies`, `sle_trained` and `pipeline`.
    """
    draws = len(drawn["prior_sle_trained"])
    roles = set(trust.tables["people"]["role"])
    if not roles & {"executive", "improvement lead"}:  # who leads improvement was not recorded
        count = len(trust.tables["schools"])
        leads = np.maximum(drawn["prior_fewest_leads"], count / drawn["prior_schools_per_lead"])
        prior = "declared prior by number of schools: no leads in a people table"
        return {
            "leads": Start("Improvement leads in post", leads, "FTE", prior, False),
            "lead_vacancies": Start("Lead posts vacant", np.zeros(draws), "posts", prior, False),
            "sle_trained": _trained(trust, "deliver", drawn["prior_sle_trained"]),
            "pipeline": _trained(trust, "lead", drawn["prior_pipeline"]),
        }
    posts = in_post(trust, "improvement lead")
    own = "the trust's people table"
    fte = float(posts.loc[posts["status"] == "filled", "fte"].sum())
    vacant = int((posts["status"] == "vacant").sum())
    return {
        "leads": Start("Improvement leads in post", np.full(draws, fte), "FTE", own, True),
        "lead_vacancies": Start(
            "Lead posts vacant", np.full(draws, float(vacant)), "posts", own, True
        ),
        "sle_trained": _trained(trust, "deliver", drawn["prior_sle_trained"]),
        "pipeline": _trained(trust, "lead", drawn["prior_pipeline"]),
    }


def _sle(values: Floats, purpose: str, source: str, measured: bool) -> Start:
    return Start(
        f"Specialist leaders trained to {purpose} improvement", values, "share", source, measured
    )


def _trained(trust: Trust, purpose: str, prior: Floats) -> Start:
    """Return the share of specialist leaders trained, or the prior where nobody's is recorded."""
    leaders = in_post(trust, "specialist leader")
    trained = leaders.loc[leaders["status"] == "filled", f"trained_to_{purpose}"].dropna()
    if trained.empty:
        return _sle(prior, purpose, "declared prior: no training recorded", False)
    share = np.full(len(prior), float(trained.astype(float).mean()))
    return _sle(share, purpose, f"the trust's people table, n = {len(trained)}", True)


def head_terms(trust: Trust, start: Term) -> dict[int, int]:
    """Return terms in post at the start for the head of each school that has one recorded."""
    heads = in_post(trust, "head")
    heads = heads[(heads["status"] == "filled") & heads["urn"].notna()]
    return {
        int(urn): max(0, start - Term.of(since.date()))
        for urn, since in zip(heads["urn"], heads["since"], strict=True)
    }


def days_offered(trust: Trust) -> dict[int, float]:
    """Return days a term each school can offer: the mean of its declarations in the last year."""
    now, capacity = Term.of(trust.as_of), trust.tables["support_capacity"]
    ages = [now - Term.parse(term) for term in capacity["term"]]
    recent = capacity[np.array([0 <= age < TERMS_A_YEAR for age in ages], dtype=bool)]
    means = recent.groupby("urn", as_index=False)["days_available"].mean()
    return {
        int(urn): float(days)
        for urn, days in zip(means["urn"], means["days_available"], strict=True)
    }
