"""The controls as widgets: a scenario to start from, sliders, what to follow, and buttons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as widgets

from workbench.charts.measures import MEASURES
from workbench.charts.wording import capital
from workbench.explore.controls import DECIMALS, Control, State

_DUST = 1e-9  # what is left of a sum of tenths


@dataclass(frozen=True)
class Panel:
    """The widgets an analyst moves.

    Attributes:
        start: The scenario started from, by name.
        sliders: A slider for each control, by name.
        follow: The measure whose fan is shown.
        pin: Pins the picture as the one to compare with, or takes the pin away.
        reset: Puts the controls back.
        title: What a saved scenario is to be called.
        save: Saves the scenario.
        report: Makes the board's report.
    """

    start: Any
    sliders: Mapping[str, Any]
    follow: Any
    pin: Any = field(default_factory=lambda: _button("Pin as comparison"))
    reset: Any = field(default_factory=lambda: _button("Reset"))
    title: Any = field(default_factory=lambda: _text("Name for saving"))
    save: Any = field(default_factory=lambda: _button("Save this scenario"))
    report: Any = field(default_factory=lambda: _button("Make the board report"))

    def box(self) -> Any:
        """Return all of it in the order in which it is read and reached by keyboard."""
        box = widgets.VBox([
            self.start, *self.sliders.values(), self.follow,
            _row(self.pin, self.reset), self.title, _row(self.save, self.report),
        ])  # fmt: skip
        box.add_class("workbench-controls")
        return box

    def state(self, held: State) -> State:
        """Return where the sliders stand.

        A browser says back what it was told, on the steps of its slider and with the dust of its
        arithmetic: that is no move.

        Args:
            held: What the sliders were told to show.
        """
        stands = {name: (one, getattr(held, name)) for name, one in self.sliders.items()}
        return held.but(
            **{
                name: round(slider.value, DECIMALS)
                for name, (slider, was) in stands.items()
                if abs(slider.value - was) > slider.step / 2 + _DUST
            }
        )

    def put(self, state: State, known: Mapping[str, Control]) -> None:
        """Put the sliders where a state has them, within other bounds if these changed."""
        for name, slider in self.sliders.items():
            control, value = known[name], getattr(state, name)
            if slider.max != control.high:
                slider.value = min(slider.value, control.high)
                slider.max = control.high
            if slider.min != control.low:
                slider.min, slider.readout_format = control.low, _format(control)
            slider.step = _step(control, value)
            slider.value = value


def panel(
    titles: Iterable[tuple[str, str]],
    scenario: str,
    *,
    known: Mapping[str, Control],
    state: State,
    measures: Iterable[str],
    measure: str,
) -> Panel:
    """Make the widgets.

    Args:
        titles: Title and name of each scenario.
        scenario: Name of the one started from.
        known: The controls.
        state: Where they stand.
        measures: Measures whose fan can be shown.
        measure: The one that is.
    """
    return Panel(
        start=widgets.Dropdown(
            options=list(titles), value=scenario, description="Start from the scenario"
        ),
        sliders={name: _slider(one, getattr(state, name)) for name, one in known.items()},
        follow=widgets.Dropdown(
            options=[(capital(MEASURES[name].label), name) for name in measures],
            value=measure,
            description="Follow over the terms",
        ),
    )


def _slider(control: Control, value: float) -> Any:
    kind = widgets.IntSlider if control.whole else widgets.FloatSlider
    unit = "" if control.unit in control.label.lower() else f" ({control.unit})"
    slider = kind(
        value=value, min=control.low, max=control.high, step=_step(control, value),
        description=f"{control.label}{unit}", continuous_update=True,
        readout_format=_format(control),
    )  # fmt: skip
    slider.add_class(f"workbench-control-{control.name}")
    return slider


def _step(control: Control, value: float) -> float:
    """Return the step of a slider that shows a value: a finer one where it is off the steps."""
    steps = (value - control.low) / control.step
    if abs(steps - round(steps)) <= _DUST:
        return control.step
    return min(control.step, 10.0**-control.decimals)


def _format(control: Control) -> str:
    return "d" if control.whole else f".{control.decimals}f"


def _button(words: str) -> Any:
    return widgets.Button(description=words)


def _text(words: str) -> Any:
    # Sent whole when it is left: a click would overtake letters that are sent one by one.
    text = widgets.Text(description=words, continuous_update=False)
    text.add_class("workbench-name")
    return text


def _row(*buttons: Any) -> Any:
    row = widgets.HBox(list(buttons))
    row.add_class("workbench-buttons")
    return row
