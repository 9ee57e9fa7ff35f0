"""Between the controls and a scenario: where a scenario puts them, and the plan they make of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench import paths
from workbench.errors import BadInput
from workbench.explore.controls import WHOLE, State
from workbench.parameters.load import validate
from workbench.parameters.scenario import (
    BANDS,
    JoinerKind,
    Joiners,
    Scenario,
    is_scenario_path,
    read_scenario,
)

_SECURE = BANDS.index("secure")
_MOST_KINDS = 12  # of a mix, as its schema declares
_SHARE_DECIMALS = 9


def scenario_named(name: str) -> Scenario:
    """Return the scenario of a name, to start from.

    Raises:
        BadInput: There is no such scenario, its file is wrong, or it is named by a path.
    """
    if is_scenario_path(name):
        raise BadInput(
            f"{name} is the path of a file, and the explorer starts from a scenario by its name",
            where=str(paths.scenarios()),
            rule="its list, the page's address and the board's report name scenarios of this "
            "folder",
            mend=f"copy the file into this folder, and name it {Path(name).stem!r}",
        )
    return read_scenario(name, paths.scenarios())


def state_of(scenario: Scenario) -> State:
    """Return where a scenario puts the controls."""
    joiners, policy = scenario.joiners, scenario.policy
    return State(
        schools=joiners.schools,
        weak=WHOLE * weak_share(joiners),
        pace=joiners.a_year,
        leads=policy.further_leads,
        ahead=policy.hire_ahead_terms,
        intelligence=WHOLE * policy.intelligence_investment,
        slice=policy.top_slice_percent,
        ratio=policy.schools_per_lead,
    )


def plan_of(base: Scenario, state: State, *, title: str | None = None) -> Scenario:
    """Return the scenario that the controls make of another.

    What no control moves stays as it is: dates, kinds of school, gates, the schools named.

    Args:
        base: The scenario started from.
        state: Where the controls stand.
        title: What the plan is called; as the scenario started from, if None.

    Raises:
        BadInput: The schema of a scenario refuses the plan.
    """
    stands = state_of(base)
    if state == stands and title is None:
        return base
    content = base.model_dump()
    joiners, policy = content["joiners"], content["policy"]
    joiners |= {"schools": state.schools, "a_year": state.pace}
    if state.weak != stands.weak:
        joiners["mix"] = mix_with(base.joiners, state.weak / WHOLE)
    policy |= {
        "further_leads": state.leads,
        "hire_ahead_terms": state.ahead,
        "intelligence_investment": state.intelligence / WHOLE,
        "top_slice_percent": state.slice,
        "schools_per_lead": state.ratio,
    }
    if title is not None:
        content["title"] = title
    return validate(content, Scenario, where=f"the plan made from scenario {base.title!r}")


def weak_share(joiners: Joiners) -> float:
    """Return the share of weak schools in the mix: those whose last judgement is below secure."""
    weak = sum(kind.share for kind in joiners.mix if _is_weak(kind))
    return round(min(1.0, weak), _SHARE_DECIMALS)  # shares add up to 1 but for their rounding


def mix_with(joiners: Joiners, weak: float) -> list[dict[str, Any]]:
    """Return a mix with another share of weak schools.

    Weak kinds keep their shares of one another, and so do sound ones. Where all kinds are of one
    sort, the other sort is the same schools in the other band: secure, or needs attention.

    Args:
        joiners: Who joins.
        weak: Share of weak schools wanted, 0 to 1.
    """
    weaker = [kind for kind in joiners.mix if _is_weak(kind)]
    sound = [kind for kind in joiners.mix if not _is_weak(kind)]
    weaker = weaker or [kind.model_copy(update={"band": BANDS[_SECURE - 1]}) for kind in sound]
    sound = sound or [kind.model_copy(update={"band": BANDS[_SECURE]}) for kind in weaker]
    if len(weaker) + len(sound) > _MOST_KINDS:
        weaker, sound = ([max(kinds, key=lambda kind: kind.share)] for kinds in (weaker, sound))
    parts = [*_sharing(sound, 1.0 - weak), *_sharing(weaker, weak)]
    return [kind for kind in parts if kind["share"] > 0]


def _sharing(kinds: list[JoinerKind], total: float) -> list[dict[str, Any]]:
    whole = sum(kind.share for kind in kinds)
    return [kind.model_dump() | {"share": kind.share / whole * total} for kind in kinds]


def _is_weak(kind: JoinerKind) -> bool:
    return BANDS.index(kind.band) < _SECURE
