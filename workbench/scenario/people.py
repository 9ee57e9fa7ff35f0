"""Who a trust has to lead and give support at the start, from its tables or a declared prior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.parameters.distributions import Floats
from workbench.terms import TERMS_A_YEAR, Term
from workbench.trust.load import Trust

HEAD_TERMS_UNKNOWN = 9
FEWEST_LEADS = 0.5  # full-time leads a trust without a people table is taken to have at least
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
    """Return the people rows of a role that stand on the day the data describes."""
    people = trust.tables["people"]
    day = pd.Timestamp(trust.as_of)
    now = (people["since"] <= day) & (people["until"].isna() | (people["until"] > day))
    return people[now & (people["role"] == role)]


def starting_people(trust: Trust, drawn: dict[str, Floats]) -> dict[str, Start]:
    """Return leads, vacancies, and the training of specialist leaders at the start.

    Args:
        trust: The trust.
        drawn: Draws of the model's parameters, for the priors.

    Returns:
        `leads`, `lead_vacancies`, `sle_trained` and `pipeline`.
    """
    draws = len(drawn["prior_sle_trained"])
    if trust.tables["people"].empty:
        count = len(trust.tables["schools"])
        leads = np.maximum(FEWEST_LEADS, count / drawn["prior_schools_per_lead"])
        prior = "declared prior by number of schools: no people table"
        return {
            "leads": Start("Improvement leads in post", leads, "FTE", prior, False),
            "lead_vacancies": Start("Lead posts vacant", np.zeros(draws), "posts", prior, False),
            "sle_trained": _sle(drawn["prior_sle_trained"], "deliver", prior, False),
            "pipeline": _sle(drawn["prior_pipeline"], "lead", prior, False),
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
    """Return days a term each school can offer: the mean of its last three recorded terms."""
    capacity = trust.tables["support_capacity"]
    if capacity.empty:
        return {}
    order = capacity["term"].map(lambda text: Term.parse(text) - Term(2000, 0))
    recent = capacity.assign(order=order).sort_values("order").groupby("urn").tail(TERMS_A_YEAR)
    means = recent.groupby("urn", as_index=False)["days_available"].mean()
    return {
        int(urn): float(days)
        for urn, days in zip(means["urn"], means["days_available"], strict=True)
    }
