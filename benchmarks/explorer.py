"""How soon the explorer answers a key press, against the stock way to show the same engine.

Run by `python -m benchmarks.explorer`; needs Chromium and a quiet machine. Both pages are open in
one browser, each with a server and a kernel of its own, and take turns. The stock page has the same
sliders and asks the same engine, and draws with matplotlib into an Output widget; it refines
nothing, which favours it: the explorer is often still refining its last picture when the next key
comes.

A time runs in the page, from the key going down to the frame in which the new picture stands:
a frame is asked for when the picture is in the page, and the time taken when that frame was drawn.

Written to `outputs/bench/explorer.json`:

    machine       cores, load (what was running, on average over the minute before), python, browser
    futures       of each number of schools, in the first picture and refined
    explorer      keys (how many), p50, p95, worst: milliseconds from key to picture
    stock         the same
    refined       p50, p95, worst: seconds from key to the refined picture
    engine        p50, worst: milliseconds of the first picture without any browser
    ratio_p50, ratio_p95: of stock over explorer
    targets       each target: what, value, target, met
"""

from __future__ import annotations

import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat.v4 as nb
import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.measure import seconds
from workbench import paths
from workbench.explore.engine import Engine
from workbench.parameters.explorer import load_explorer_sizes
from workbench.trust.load import read_trust

SCENARIO, SEED = "ambitious", 2026
ROUNDS, KEYS = 6, 10
REFINED = 8
BETWEEN = (0.35, 0.75)  # seconds between keys: the explorer is refining then
KEY_TARGET, REFINED_TARGET, RATIO_TARGET = 150.0, 2.0, 2.0
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60_000
Figures = dict[str, Any]

_STOCK = """
import ipywidgets as widgets
import matplotlib.pyplot as plt
from IPython.display import clear_output
from workbench import paths
from workbench.explore.engine import Engine
from workbench.explore.panel import panel
from workbench.parameters.explorer import load_explorer_sizes
from workbench.trust.load import read_trust

engine = Engine(read_trust(paths.demo()), {scenario!r}, load_explorer_sizes(), seed={seed})
picture = engine.first(engine.start)
own = panel([({scenario!r}, {scenario!r})], {scenario!r}, known=engine.controls,
            state=engine.start, measures=picture.fans, measure="golden_margin")
out = widgets.Output()

def show(_=None):
    picture = engine.first(own.state(engine.start))
    curve, fan = picture.absorption.curve, picture.fans["golden_margin"]
    _, axes = plt.subplots(1, 3, figsize=(9, 4), layout="constrained")
    for place, columns in ((0, ("extra_risk", "extra_lower", "extra_upper")),
                           (1, ("probability", "lower", "upper"))):
        axes[place].plot(curve["joiners"], curve[columns[0]], marker="o")
        axes[place].fill_between(curve["joiners"], curve[columns[1]], curve[columns[2]], alpha=0.3)
    axes[2].fill_between(range(fan.shape[1]), fan[0], fan[4], alpha=0.3)
    axes[2].fill_between(range(fan.shape[1]), fan[1], fan[3], alpha=0.5)
    axes[2].plot(range(fan.shape[1]), fan[2])
    with out:
        clear_output(wait=True)
        plt.show()

for slider in own.sliders.values():
    slider.observe(show, "value")
show()
widgets.HBox([own.box(), out])
"""

# Takes the time of each key: from its going down to the frame after the picture is in the page.
_TIMER = """
(kind) => {
  window.taken = []; window.refinedTaken = []; let down = null; let first = null;
  addEventListener("keydown", () => { down = performance.now(); first = down; }, true);
  const after = (keep) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = keep;
    channel.port2.postMessage(0);
  });
  const seen = () => {
    if (kind === "explorer" && document.querySelector('[data-refined="true"]') && first !== null) {
      const since = first; first = null;
      after(() => window.refinedTaken.push(performance.now() - since));
    }
    if (down === null) return;
    const since = down; down = null;
    after(() => window.taken.push(performance.now() - since));
  };
  if (kind === "explorer") {
    new MutationObserver(seen).observe(document.querySelector("[data-painted]"),
      { attributes: true, attributeFilter: ["data-painted"] });
    return;
  }
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) {
      const image = node.querySelector?.("img") ?? (node.tagName === "IMG" ? node : null);
      if (image) image.decode().then(seen);
    }
  }).observe(document.querySelector(".jp-OutputArea, .widget-output, .jupyter-widgets-output-area"),
    { childList: true, subtree: true });
}
"""


def main() -> None:
    """Measure, print and write the figures."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise SystemExit("there is no Chromium to measure with: run `make browser`")
    figures: Figures = {"machine": machine(browser), "engine": engine_figures()}
    sizes = load_explorer_sizes()
    figures["futures"] = [int(sizes.first_futures.value), int(sizes.futures.value)]
    with tempfile.TemporaryDirectory() as folder:
        figures |= page_figures(browser, Path(folder))
    figures["targets"] = targets(figures)
    path = paths.outputs() / "bench" / "explorer.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


def machine(browser: str) -> Figures:
    """Return what the figures were measured on."""
    said = subprocess.run([browser, "--version"], capture_output=True, text=True, check=False)
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "browser": said.stdout.strip(),
    }


def engine_figures() -> Figures:
    """Return how long the engine alone takes for first pictures of states it has not seen."""
    engine = Engine(read_trust(paths.demo()), SCENARIO, load_explorer_sizes(), seed=SEED)
    engine.first(engine.start)
    states = [engine.start.but(weak=float(weak)) for weak in range(0, 100, 5)]
    taken = [1000 * seconds(lambda s=one: engine.first(s), time.perf_counter) for one in states]  # type: ignore[misc]
    return {"p50": round(float(np.median(taken)), 1), "worst": round(max(taken), 1)}


def page_figures(browser: str, folder: Path) -> Figures:
    """Return the times of key presses in both pages, which take turns."""
    stock = folder / "stock.ipynb"
    stock.write_text(json.dumps(stock_notebook()), encoding="utf-8")
    drawn = random.Random(SEED)
    with served() as own, served(stock) as other, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        pages = {"explorer": open_page(chromium.new_page(), own, "explorer"),
                 "stock": open_page(chromium.new_page(), other, "stock")}  # fmt: skip
        for turn in range(ROUNDS):
            for name, page in pages.items():
                page.bring_to_front()
                press(page, turn, drawn)
                print(f"turn {turn + 1} of {ROUNDS}: {name}", file=sys.stderr)
        figures: Figures = {
            name: times(page.evaluate("window.taken")) for name, page in pages.items()
        }
        figures["refined"] = refined(pages["explorer"])
        chromium.close()
    for part in ("p50", "p95"):
        figures[f"ratio_{part}"] = round(figures["stock"][part] / figures["explorer"][part], 2)
    return figures


def stock_notebook() -> Any:
    """Return the notebook of the stock page."""
    source = _STOCK.format(scenario=SCENARIO, seed=SEED).strip()
    code = nb.new_code_cell(source)
    parameters = nb.new_code_cell("asked: int = 1  # nothing", metadata={"tags": ["parameters"]})
    return nb.new_notebook(
        cells=[nb.new_markdown_cell("# Stock"), parameters, code],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
    )


@contextmanager
def served(notebook: Path | None = None) -> Iterator[str]:
    """Serve the explorer, or another notebook the same way; give the address to open."""
    command = [sys.executable, "-m", "workbench", "explore", "--port", "0", "--no-browser",
               "--scenario", SCENARIO, "--kernels", "2"]  # fmt: skip
    if notebook is not None:
        code = (
            "from pathlib import Path; from workbench.explore.server import Served, serve; "
            f"serve(Served(trust='Stock', notebook=Path({str(notebook)!r}), parameters={{}}, "
            "port=0, kernels=2), ready=lambda address: print(address, flush=True))"
        )
        command = [sys.executable, "-c", code]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=paths.home()
    ) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def open_page(page: Page, address: str, name: str) -> Page:
    """Open a page and wait until its picture stands still."""
    page.goto(address, timeout=PATIENCE)
    ready = "[data-refined='true']" if name == "explorer" else ".jp-OutputArea img"
    page.wait_for_selector(ready, timeout=PATIENCE, state="attached")
    page.evaluate(_TIMER, name)
    return page


def press(page: Page, turn: int, drawn: random.Random) -> None:
    """Press arrow keys on one slider after another, forth first."""
    names = ("weak", "pace", "slice", "ratio", "intelligence", "leads")
    page.locator(f".workbench-control-{names[turn % len(names)]} .noUi-handle").focus()
    for _ in range(KEYS):
        before = page.evaluate("window.taken.length")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("(n) => window.taken.length > n", arg=before, timeout=PATIENCE)
        time.sleep(drawn.uniform(*BETWEEN))


def refined(page: Page) -> Figures:
    """Return the seconds from key presses to refined pictures, each waited for."""
    page.bring_to_front()
    page.locator(".workbench-control-weak .noUi-handle").focus()
    page.wait_for_timeout(4000)
    page.evaluate("() => { window.refinedTaken.length = 0; }")
    for number in range(REFINED):
        page.keyboard.press("ArrowLeft")
        page.wait_for_function(
            "(n) => window.refinedTaken.length > n", arg=number, timeout=PATIENCE
        )
    found = times(page.evaluate("window.refinedTaken"))
    return {key: round(found[key] / 1000, 2) for key in ("p50", "p95", "worst")}


def times(taken: list[float]) -> Figures:
    """Return how many times there are, their middle, 95th percentile and worst."""
    return {
        "keys": len(taken),
        "p50": round(float(np.percentile(taken, 50)), 1),
        "p95": round(float(np.percentile(taken, 95)), 1),
        "worst": round(max(taken), 1),
    }


def targets(figures: Figures) -> list[Figures]:
    """Return each target with its value and whether it is met."""
    own = figures["explorer"]["p95"]
    rows = (
        ("key to picture, p95, milliseconds", own, KEY_TARGET, own < KEY_TARGET),
        ("key to refined picture, p95, seconds", figures["refined"]["p95"], REFINED_TARGET,
         figures["refined"]["p95"] < REFINED_TARGET),
        ("stock over explorer, p95", figures["ratio_p95"], RATIO_TARGET,
         figures["ratio_p95"] >= RATIO_TARGET),
    )  # fmt: skip
    return [
        {"what": what, "value": value, "target": target, "met": met}
        for what, value, target, met in rows
    ]


if __name__ == "__main__":
    main()
