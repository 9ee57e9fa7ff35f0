"""What every kept table and column means, and its unit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Single figures of an answer that the manifest holds itself.
FACTS = (
    "seed", "replicates", "draws", "joiners", "hold", "hold_without_joiners", "epistemic_sd",
    "variance", "capacity", "reason", "criterion", "absolute", "confidence", "binding_at", "notes",
)  # fmt: skip

TABLES: Mapping[str, str] = MappingProxyType({
    "fans": "Where each measure may go: mean and quantiles over futures, by term.",
    "breach": "Chance that each limit, or any, has been broken by the end of each term.",
    "time_to_secure": "How each joining school fares.",
    "futures": "One row a simulated future: each measure at the end, and what broke first.",
    "starting": "What the simulation started from, measured or assumed.",
    "effect_on_existing": "Schools and pupils with joining schools and without, in pairs, by term.",
    "waterfall": "What each mechanism contributes to the change that joining schools bring.",
    "curve": "Risk by number of joining schools.",
    "binding": "Which limit is broken first, and which ever, among futures that break any.",
    "overview": "One row a scenario, with what a board weighs.",
    "differences": "Each scenario's lead over every later one at the end, in pairs.",
    "differences_by_term": "The same term by term, counted from each scenario's first.",
    "by_draw": "Each scenario's values in each draw of the parameters: means over its futures.",
    "regret": "How far each scenario falls behind the best of each draw.",
    "robustness": "In how many draws each scenario does what the board asks for.",
    "dominance": "Which scenarios no other matches in all that decides and beats in one.",
    "orders": "How one scenario's values over the draws stand to another's, both ways.",
})  # fmt: skip

_SHARE = "share, 0 to 1"
_OWN = "the measure's own: shares 0 to 1, schools, posts or pupils"
_ANY: Mapping[str, tuple[str, str]] = MappingProxyType({
    "scenario": ("Title of the scenario.", "text"),
    "other": ("Title of the scenario it is compared with.", "text"),
    "measure": ("What is measured.", "name"),
    "term": ("The school term.", "text"),
    "index": ("The term's number from the scenario's first.", "terms from 0"),
    "mean": ("Mean over futures.", _OWN),
    "p05": ("1 in 20 futures lie below.", _OWN),
    "p25": ("1 in 4 futures lie below.", _OWN),
    "p50": ("Half of futures lie below.", _OWN),
    "p75": ("1 in 4 futures lie above.", _OWN),
    "p95": ("1 in 20 futures lie above.", _OWN),
    "n": ("Futures simulated.", "futures"),
    "limit": ("The limit, or any limit.", "name"),
    "probability": ("Chance.", _SHARE),
    "lower": ("Lower end of the interval.", "as the estimate"),
    "upper": ("Upper end of the interval.", "as the estimate"),
    "with_joiners": ("Whether the joining schools join.", "yes or no"),
    "joiner": ("Number of the joining school, in order.", "number from 1"),
    "phase": ("Phase of the school.", "name"),
    "band": ("Band on joining.", "name"),
    "joined_share": ("Share of futures in which it joins.", _SHARE),
    "secure_share": ("Share of schools truly secure or better.", _SHARE),
    "median": ("Middle number of terms from joining to truly secure.", "terms"),
    "schools": ("Schools in the trust.", "schools"),
    "existing_secure_share": ("Share of today's schools truly secure or better.", _SHARE),
    "pupils_secure_share": ("Share of pupils in truly secure or better schools.", _SHARE),
    "pupils_secure": ("Pupils in truly secure or better schools.", "pupils"),
    "capacity_use": ("Schools over the schools leadership can cover.", "ratio"),
    "golden_margin": ("Providers beyond those the golden rule asks for.", "schools"),
    "unmet_share": ("Share of days truly needed that go unmet.", _SHARE),
    "commitment": ("Collective commitment.", "level, 0 to 1"),
    "vision": ("Vision.", "level, 0 to 1"),
    "intelligence": ("Intelligence.", "level, 0 to 1"),
    "leads": ("Improvement leads in post.", "full-time posts"),
    "vacancies": ("Vacant lead posts.", "posts"),
    "reserves_share": ("Reserves over a year's income.", "share of income"),
    "breached": ("Whether any limit was broken.", "yes or no"),
    "first_limit": ("The limit broken first; empty where all hold.", "name"),
    "what": ("The starting value.", "text"),
    "value": ("Its median over the draws.", "as in unit"),
    "low": ("Its 5th percentile.", "as in unit"),
    "high": ("Its 95th percentile.", "as in unit"),
    "unit": ("What one of it is.", "text"),
    "source": ("Where it comes from.", "text"),
    "measured": ("Whether it was measured on this trust.", "yes or no"),
    "without": ("Mean without joining schools.", _SHARE),
    "difference": ("Estimate of the paired difference.", "as the measure"),
    "outcome": ("What changes: chance of a breach, or share of today's schools secure.", "name"),
    "step": ("The mechanism, or the level before and after.", "text"),
    "contribution": ("The mechanism's Shapley value; for the first and last step, the level.",
                     _SHARE),
    "start": ("Level before the step.", _SHARE),
    "end": ("Level after the step.", _SHARE),
    "joiners": ("Number of joining schools.", "schools"),
    "extra_risk": ("Chance of a breach that joining schools add.", _SHARE),
    "extra_lower": ("Lower end of the extra risk.", _SHARE),
    "extra_upper": ("Upper end of the extra risk.", _SHARE),
    "extra_level": ("Confidence level of the interval of the extra risk.", _SHARE),
    "first_share": ("Share of breaching futures in which it goes first.", _SHARE),
    "any_share": ("Share of breaching futures in which it goes at all.", _SHARE),
    "first_term": ("First simulated term.", "text"),
    "last_term": ("Last simulated term.", "text"),
    "joins_from": ("Term in which the first school joins.", "text"),
    "hold": ("Chance that every limit holds.", _SHARE),
    "hold_without": ("The same, had no school joined.", _SHARE),
    "verdict": ("The extra risk against the board's tolerance.", "name"),
    "other_value": ("Mean of the scenario it is compared with.", "as the measure"),
    "draw": ("Number of the draw of the parameters.", "number from 0"),
    "extra_breach": ("Chance of a breach with joining schools less without.", _SHARE),
    "at_least": ("Mean regret, best plan chosen and valued on different events.", "as the measure"),
    "p90": ("Regret that 9 draws in 10 do not exceed.", "as the measure"),
    "worst": ("Largest regret.", "as the measure"),
    "best_share": ("Share of draws in which no scenario is better.", _SHARE),
    "requirement": ("What the board asks for: hold, or extra_breach.", "name"),
    "required": ("The board's figure.", _SHARE),
    "room": ("Share of draws that can be judged.", _SHARE),
    "met": ("Share of these draws that meet it as simulated.", _SHARE),
    "surely": ("Share that meet it at the cautious end of each draw's own interval.", _SHARE),
    "perhaps": ("Share that meet it at the generous end.", _SHARE),
    "with_half": ("Share that meet it, had each draw half as many events.", _SHARE),
    "undominated": ("Whether no scenario matches it in all and beats it in one.", "yes or no"),
    "beaten_by": ("Scenarios clearly better in one measure and clearly worse in none.", "text"),
    "better": ("Share of draws in which it is better.", _SHARE),
    "worse": ("Share of draws in which it is worse.", _SHARE),
    "above": ("Most by which fewer of its draws lie at or below a value.", _SHARE),
    "below": ("Most by which more of its draws lie at or below a value.", _SHARE),
    "lead_lower": ("Lower end of its mean lead, paired draw by draw.", "as the measure"),
    "dominates": ("Whether it is at no level behind, and its mean lead beyond doubt.", "yes or no"),
})  # fmt: skip

# Names that mean something else in one table.
_ONE: Mapping[tuple[str, str], tuple[str, str]] = MappingProxyType({
    ("time_to_secure", "secure_share"): (
        "Share of futures in which it becomes truly secure.", _SHARE),
    ("time_to_secure", "p25"): ("Terms to secure that 1 in 4 do not exceed.", "terms"),
    ("time_to_secure", "p75"): ("Terms to secure that 3 in 4 do not exceed.", "terms"),
    ("effect_on_existing", "with_joiners"): ("Mean with joining schools.", _SHARE),
    ("curve", "probability"): ("Chance that every limit holds.", _SHARE),
    ("differences", "value"): ("Mean of the scenario.", "as the measure"),
    ("regret", "mean"): ("Mean regret; errs upwards.", "as the measure"),
    ("dominance", "pupils_secure"): ("Mean pupils in secure or better schools.", "pupils"),
})  # fmt: skip


def what_is(table: str) -> str:
    """Return what a kept table is, in a sentence."""
    return TABLES[table]


def described(table: str, column: str) -> dict[str, str]:
    """Return what a column of a kept table means, and its unit.

    Raises:
        KeyError: Nobody has said what it means.
    """
    known = dict(_ANY)
    for measure in ("hold", *_MEANS):
        for end, words in (("lower", "Lower"), ("upper", "Upper")):
            what, unit = _ANY[measure]
            known[f"{measure}_{end}"] = (f"{words} end of the interval. {what}", unit)
    what, unit = _ONE.get((table, column)) or known[column]
    return {"what": what, "unit": unit}


_MEANS = (
    "secure_share", "existing_secure_share", "pupils_secure_share", "pupils_secure",
    "reserves_share",
)  # fmt: skip
