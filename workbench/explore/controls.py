"""What an analyst can move: the controls, how far each reaches, and where they all stand.

How far a slider reaches follows from the schema of a scenario; by what steps it moves is declared
in `parameters/explorer.yaml`.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from workbench.errors import BadInput
from workbench.parameters.explorer import ExplorerSizes
from workbench.parameters.scenario import MAXIMUM_JOINERS, Joiners, Policy, Scenario

WHOLE = 100.0
PERCENT = "%"
DECIMALS = 6  # of a value as the address holds it: a share of a mix may be a third


@dataclass(frozen=True)
class State:
    """Where the controls stand.

    Attributes:
        schools: Schools that join.
        weak: Weak ones among the schools of the mix, per cent.
        pace: Schools joining each year.
        leads: Improvement leads in post from the first term beyond those the trust has.
        ahead: Terms before a school joins that its lead is sought.
        intelligence: Investment in intelligence, per cent of full investment.
        slice: Share of income that the trust pools, per cent.
        ratio: Schools for each improvement lead.
    """

    schools: int
    weak: float
    pace: float
    leads: float
    ahead: int
    intelligence: float
    slice: float
    ratio: float

    def but(self, **changed: float) -> State:
        """Return the same state with some controls elsewhere; whole numbers stay whole."""
        kept = {name: type(getattr(self, name))(value) for name, value in changed.items()}
        return replace(self, **kept)


NAMES = tuple(field.name for field in fields(State))


@dataclass(frozen=True)
class Control:
    """One slider.

    Attributes:
        name: The field of `State` it moves.
        label: What it is called on the screen.
        unit: What one of it is, as it stands after a number.
        low: Smallest value.
        high: Largest value.
        step: By how much one key press moves it.
        decimals: Decimals shown.
    """

    name: str
    label: str
    unit: str
    low: float
    high: float
    step: float
    decimals: int

    @property
    def whole(self) -> bool:
        """Whether it counts whole things."""
        return self.name in ("schools", "ahead")

    def refusal(self, value: float) -> str | None:
        """Return why a value cannot be used, or None."""
        if not math.isfinite(value) or not self.low <= value <= self.high:
            return f"{self.label.lower()} lies between {self.low:g} and {self.high:g} {self.unit}"
        if self.whole and value != int(value):
            return f"{self.label.lower()} is a whole number of {self.unit}"
        return None


def controls(sizes: ExplorerSizes, most: int, pace: float = math.inf) -> dict[str, Control]:
    """Return the controls by name, in the order they stand on the screen.

    Args:
        sizes: Steps of the sliders.
        most: Largest number of schools that can be asked for.
        pace: Schools a year at the start; the slowest, if slower than a step of the slider.
    """
    step = {
        name: sizes.model_dump()[f"{name}_step"]["value"]
        for name in ("weak", "pace", "leads", "intelligence", "slice", "ratio")
    }
    _, fastest = _reach(Joiners, "a_year")
    slowest = min(step["pace"], pace)
    decimals = 1 if round(slowest, 1) == slowest else 2
    made = (
        Control("schools", "Schools joining", "schools", 0, most, 1, 0),
        Control("weak", "Weak schools among them", PERCENT, 0, WHOLE, step["weak"], 0),
        Control("pace", "Pace", "schools a year", slowest, fastest, step["pace"], decimals),
        Control("leads", "Further improvement leads", "posts", *_reach(Policy, "further_leads"),
                step["leads"], 1),
        Control("ahead", "Hire leads ahead by", "terms", *_reach(Policy, "hire_ahead_terms"), 1, 0),
        Control("intelligence", "Investment in intelligence", PERCENT, 0, WHOLE,
                step["intelligence"], 0),
        Control("slice", "Share of income pooled", PERCENT, *_reach(Policy, "top_slice_percent"),
                step["slice"], 1),
        Control("ratio", "Schools for each lead", "schools", *_reach(Policy, "schools_per_lead"),
                step["ratio"], 1),
    )  # fmt: skip
    return {control.name: control for control in made}


def most_schools(scenario: Scenario, sizes: ExplorerSizes, further: float) -> int:
    """Return how many schools the explorer looks up to when it starts from a scenario.

    Args:
        scenario: The scenario.
        sizes: The fewest that are shown.
        further: Schools beyond the plan up to which a report looks (`parameters/levers.yaml`).
    """
    wanted = max(sizes.schools_shown.value, scenario.joiners.schools + further)
    return int(min(MAXIMUM_JOINERS, wanted))


def checked(state: State, known: Mapping[str, Control]) -> State:
    """Return a state all of whose values are within reach.

    Raises:
        BadInput: A value is out of reach; all such are named.
    """
    faults = [
        f"{getattr(state, name):g}: {why}"
        for name, control in known.items()
        if (why := control.refusal(getattr(state, name)))
    ]
    if faults:
        raise BadInput(
            "; ".join(faults),
            where="the controls",
            rule="each control has a declared smallest and largest value",
            mend="choose a value in range",
        )
    return state


def as_query(state: State) -> dict[str, str]:
    """Return a state as the address of a page holds it."""
    return {name: f"{round(getattr(state, name), DECIMALS):.12g}" for name in NAMES}


def from_query(
    asked: Mapping[str, str], default: State, known: Mapping[str, Control]
) -> tuple[State, tuple[str, ...]]:
    """Read a state from the address of a page.

    Args:
        asked: What the address says, by name, without what other programs wrote there.
        default: What stands where the address says nothing, or nothing that can be used.
        known: The controls.

    Returns:
        The state, and a sentence for each part of the address that was refused.
    """
    state, refused = default, []
    for name, text in asked.items():
        if name not in known:
            close = difflib.get_close_matches(name, [*known, "scenario"], n=1)
            meant = f"; did it mean {close[0]!r}?" if close else ""
            refused.append(f"The address names {_short(name)}, which is no control{meant}")
            continue
        why = _why_not(text, known[name])
        if why is None:
            state = state.but(**{name: float(text)})
        else:
            kept = f"{getattr(default, name):g}"
            refused.append(f"The address says {name} = {_short(text)}: {why}. {kept} is used.")
    return state, tuple(refused)


def _why_not(text: str, control: Control) -> str | None:
    try:
        value = float(text)
    except ValueError:
        return f"{control.label.lower()} is a number"
    return control.refusal(value)


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:37]}...")


def _reach(model: type[Joiners | Policy], field: str) -> tuple[float, float]:
    """Return the smallest and largest value that a field of a scenario declares."""
    bounds = model.model_fields[field].metadata
    low = next((float(one.ge) for one in bounds if hasattr(one, "ge")), 0.0)
    high = next((float(one.le) for one in bounds if hasattr(one, "le")), math.inf)
    return low, high
