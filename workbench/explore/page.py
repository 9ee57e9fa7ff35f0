"""The explorer as a notebook shows it: controls on one side, their answer on the other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from workbench import paths
from workbench.errors import BadInput, RunFailed, WorkbenchError
from workbench.evidence.names import slug
from workbench.explore.axes import Axes
from workbench.explore.controls import State, from_query
from workbench.explore.drawing import Shown, drawing, measure_shown
from workbench.explore.engine import Engine, Picture
from workbench.explore.panel import panel
from workbench.explore.picture import PictureWidget
from workbench.explore.refine import Refiner
from workbench.explore.reporting import make_report
from workbench.explore.saving import save, scenario_text, titled
from workbench.parameters.explorer import load_explorer_sizes
from workbench.parameters.scenario import Scenario, read_scenario, scenario_names
from workbench.scenario.defaults import SEED
from workbench.trust.load import read_trust

_UNPIN, _PIN = "Take the comparison away", "Pin as comparison"
_FEWEST_LETTERS = 3
_NAME_IT = "Give it a name of three letters or more, in 'Name for saving'."
_START = "scenario"
_OPENED = {"kind": "opened"}  # what the page says when it is


def explorer(trust_dir: str | Path, scenario: str = "steady", seed: int = SEED) -> Any:
    """Return the explorer of a trust, a widget that answers how many schools it can absorb.

    Args:
        trust_dir: The trust's folder of tables; a relative one is below the workbench's folder.
        scenario: Name of the scenario to start from.
        seed: Start of the draws: the same seed gives the same pictures.

    Raises:
        BadInput: The trust, the scenario or the seed cannot be used.
    """
    trust = read_trust(paths.home() / trust_dir)
    return Explorer(Engine(trust, scenario, load_explorer_sizes(), seed=seed)).root


class Explorer:
    """What happens at the screen: moves of the controls become pictures.

    Attributes:
        engine: What simulates.
        state: Where the controls stand.
        shown: The picture shown.
        panel: The controls' widgets.
        picture: The widget that draws.
        root: All of it.
    """

    def __init__(self, engine: Engine) -> None:
        """Lay out the screen with a first picture."""
        self.engine, self.state = engine, engine.start
        self.shown: Picture = engine.first(engine.start)
        self._pinned: Picture | None = None
        self._axes, self._serial, self._quiet = Axes(), 0, False
        self._refiner = Refiner(engine)
        self._measure = measure_shown(self.shown)
        self._making: asyncio.Task[None] | None = None
        self.panel = panel(
            _titles(),
            engine.scenario,
            known=engine.controls,
            state=engine.start,
            measures=self.shown.fans,
            measure=self._measure,
        )
        self.picture = PictureWidget(
            units={name: one.unit for name, one in engine.controls.items()}
        )
        self._send()
        sides = widgets.HBox([self.panel.box(), self.picture])
        sides.add_class("workbench-sides")
        self.root = widgets.VBox([sides])
        self.root.add_class("workbench-explorer")
        self._listen()
        self._refine()

    def _listen(self) -> None:
        own = self.panel
        for slider in own.sliders.values():
            slider.observe(self._moved, "value")
        own.start.observe(self._started, "value")
        own.follow.observe(self._followed, "value")
        own.pin.on_click(lambda _: self._pin())
        own.reset.on_click(lambda _: self._reset())
        own.save.on_click(lambda _: self._saved())
        own.report.on_click(lambda _: self._reported())
        self.picture.observe(self._asked, "asked")
        self.picture.on_msg(lambda _, said, __: self._list() if said == _OPENED else None)

    def go_to(self, state: State) -> None:
        """Put all controls where a state has them, with one picture for all."""
        with self._silent():
            self.panel.put(state, self.engine.controls)
        self._look(state)

    def _reset(self) -> None:
        self._axes = Axes()
        self.go_to(self.engine.start)

    def _moved(self, _: object) -> None:
        if not self._quiet and (state := self.panel.state(self.state)) != self.state:
            self._look(state)

    def _look(self, state: State) -> None:
        """Show a state at once, and begin to refine it."""
        self._refiner.leave_off()
        with self._refusing():
            self.shown = self.engine.first(state)
            self.state = state
            self._send()
            self._refine()

    def _refine(self) -> None:
        if not self.shown.final:
            state = self.state
            self._refiner.begin(lambda: self.engine.refining(state), self._refined)

    def _refined(self, picture: Picture) -> None:
        if picture.state == self.state and picture.plan == self.shown.plan:
            self.shown = picture
            self._send()

    def _send(self) -> None:
        self._serial += 1
        about = Shown(
            settings=self.engine.settings, controls=self.engine.controls, measure=self._measure,
            axes=self._axes, pinned=self._pinned, scenario=self.engine.scenario,
            futures=self.engine.futures,
        )  # fmt: skip
        self.picture.picture = {"serial": self._serial, **drawing(self.shown, about)}

    def _started(self, change: Any) -> None:
        if not self._quiet:
            self._start_from(change["new"])

    def _start_from(self, name: str) -> None:
        with self._refusing():
            self._refiner.leave_off()
            self.engine.begin_from(name)
            self._axes = Axes()
            self.go_to(self.engine.start)
            return
        with self._silent():
            self.panel.start.value = self.engine.scenario

    def _list(self) -> None:
        """Offer the scenarios there are now: the page may be opened long after it was made."""
        titles, name = _titles(), self.engine.scenario
        if all(name != other for _, other in titles):
            titles.append((self.engine.base.title, name))
        with self._silent():
            self.panel.start.options = titles
            self.panel.start.value = name

    def _followed(self, change: Any) -> None:
        self._measure = change["new"]
        self._send()

    def _pin(self) -> None:
        if self._pinned is None:
            self._refiner.leave_off()
            self.shown = self._pinned = self.engine.refined(self.state)
        else:
            self._pinned = None
        self.panel.pin.description = _PIN if self._pinned is None else _UNPIN
        self._send()

    def _saved(self) -> str | None:
        """Save the plan on the screen; return its name, or None where it was refused."""
        with self._refusing():
            title = self.panel.title.value
            if sum(letter.isalnum() for letter in title) < _FEWEST_LETTERS:
                self._say(_NAME_IT, refused=True)
                self.picture.send({"kind": "name"})
                return None
            plan = titled(self.shown.plan, self.engine.base, self.state, title)
            try:
                path = save(plan, paths.scenarios())
            except RunFailed:
                self._hand_over(plan)
                raise
            self._hand_over(plan)
            self._list()
            self._say(
                f"Saved as {plan.title!r}, in the file {path.name}. `workbench report` makes its "
                "report, and the list to start from has it."
            )
            return path.stem
        return None

    def _hand_over(self, plan: Scenario) -> None:
        """Give the page the scenario's file, to keep wherever the reader is."""
        name, text = f"{slug(plan.title)}.yaml", scenario_text(plan)
        self.picture.send({"kind": "file", "name": name, "text": text})

    def _reported(self) -> None:
        """Make the board's report of the plan on the screen: of its scenario, or saved first."""
        if self._making is not None and not self._making.done():
            self._say("The report is being made already.", refused=True)
            return
        as_it_is = self.shown.plan == self.engine.base
        name = self.engine.scenario if as_it_is else self._saved()
        if name is None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._say("Nothing runs here that could wait for the report.", refused=True)
            return
        self._making = loop.create_task(self._make(name))

    async def _make(self, name: str) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        making = loop.run_in_executor(None, make_report, self.engine.trust, name)
        while not making.done():
            self._say(
                f"Making the board report of {name}: {loop.time() - began:.0f} seconds so far. "
                "You can go on exploring."
            )
            await asyncio.wait([making], timeout=5)
        with self._refusing():
            report = making.result()
            found = report.headline.rstrip(".")
            self._say(f"The board report of {name} is made. {found}. It is kept in {report.page}.")
            text = report.page.read_text(encoding="utf-8")
            self.picture.send({"kind": "report", "name": report.page.name, "text": text})

    def _asked(self, change: Any) -> None:
        """Go where the page's address says, and say what of it was refused."""
        asked = {str(name): str(value) for name, value in change["new"].items()}
        refused: list[str] = []
        name = asked.pop(_START, self.engine.scenario)
        if name != self.engine.scenario:
            try:
                self.engine.begin_from(name)
                self._axes = Axes()
                self._list()
            except BadInput as fault:
                refused.append(f"{str(fault).splitlines()[0]}: {self.engine.scenario} is used.")
        state, more = from_query(asked, self.engine.start, self.engine.controls)
        self.go_to(state)
        if refused := [*refused, *more]:
            self._say("\n".join(refused), refused=True)

    def _say(self, words: str, *, refused: bool = False) -> None:
        self.picture.notice = {"text": words, "kind": "refused" if refused else ""}

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """Say in words what could not be done, and leave all else as it was."""
        if self.picture.notice.get("kind"):
            self._say("")
        try:
            yield
        except WorkbenchError as fault:
            self._say(str(fault), refused=True)

    @contextmanager
    def _silent(self) -> Iterator[None]:
        """Move controls without asking for a picture of each move."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False


def _titles() -> list[tuple[str, str]]:
    """Return title and name of every scenario that can be read, in the order of their names."""
    found: list[tuple[str, str]] = []
    for name in scenario_names(paths.scenarios()):
        try:
            title = read_scenario(name, paths.scenarios()).title
        except BadInput:
            continue  # the one that cannot be read is named by `workbench report`
        twice = any(title == other for other, _ in found)
        found.append((f"{title} ({name})" if twice else title, name))
    return found


__all__ = ["Explorer", "explorer"]
