"""The page's script in a browser: hostile words stay words, and keys, tables and files work."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.report.hostile import FORMULAS, PAYLOADS
from workbench.explore.axes import Axes
from workbench.explore.drawing import Shown, drawing
from workbench.explore.engine import Engine
from workbench.explore.page import _OPENED
from workbench.explore.picture import _STATIC, script

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

_RENDER = """
async ([source, styles, picture, notice, units]) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { default: widget } = await import(url);
  const state = { picture, notice, units, asked: {} };
  const heard = {};
  window.model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; window.asked = state.asked; },
    save_changes: () => {},
    send: (message) => { window.sent = message; },
    on: (event, done) => { heard[event] = done; },
    give: (name, value) => { state[name] = value; heard[`change:${name}`]?.(); },
    tell: (message) => heard["msg:custom"]?.(message),
  };
  document.documentElement.lang = "en-GB";
  const style = document.createElement("style");
  style.textContent = styles;
  document.head.replaceChildren(style);
  document.body.replaceChildren();
  const el = document.createElement("div");
  document.body.append(el);
  widget.render({ model: window.model, el });
}
"""
_HOSTILE_ALIVE = """
() => [...document.querySelectorAll("*")].filter((node) =>
  ["SCRIPT", "IFRAME", "IMG", "OBJECT", "EMBED", "LINK", "META", "BASE", "FORM", "VIDEO"].includes(
    node.tagName.toUpperCase()) && node.closest("body")
  || [...node.attributes].some((attribute) => attribute.name.startsWith("on"))
).map((node) => node.outerHTML.slice(0, 80))
"""


def picture(engine: Engine) -> dict[str, Any]:
    """A drawing with something pinned, so that all parts of it are there."""
    pinned = engine.first(engine.start)
    about = Shown(
        settings=engine.settings, controls=engine.controls, measure="golden_margin", axes=Axes(),
        pinned=pinned, scenario="steady", futures=engine.futures,
    )  # fmt: skip
    return {"serial": 1, **drawing(engine.first(engine.start.but(weak=60.0)), about)}


def poisoned(value: Any, text: str) -> Any:
    """The same data with every word in it replaced."""
    if isinstance(value, dict):
        return {
            key: held if key in ("kind", "key") else poisoned(held, text)
            for key, held in value.items()
        }
    if isinstance(value, list):
        return [poisoned(held, text) for held in value]
    return text if isinstance(value, str) else value


def render(page: Page, drawn: dict[str, Any], notice: str = "") -> None:
    styles = (_STATIC / "explorer.css").read_text(encoding="utf-8")
    page.evaluate(_RENDER, [script(), styles, drawn, {"text": notice, "kind": ""}, {}])


def refuse(dialog: Dialog, dialogs: list[str]) -> None:
    dialogs.append(dialog.message)
    dialog.dismiss()


@pytest.fixture
def quiet(blank: Page) -> Page:
    """The page, which fails a test if anything is asked of the network or a dialog opens."""
    blank.goto("about:blank")
    return blank


def test_hostile_words_stay_words(quiet: Page, engine: Engine) -> None:
    asked: list[str] = []
    dialogs: list[str] = []
    quiet.on("request", lambda request: asked.append(request.url))
    quiet.on("dialog", lambda dialog: refuse(dialog, dialogs))
    drawn = picture(engine)
    for text in PAYLOADS:
        render(quiet, poisoned(drawn, text), text)
        quiet.locator("summary").click()
        assert quiet.evaluate(_HOSTILE_ALIVE) == [], text
        assert quiet.locator(".verdict").text_content() == text
        assert quiet.locator("svg").first.get_attribute("aria-label") == text
        assert quiet.locator("caption").first.text_content() == text
    assert dialogs == []
    assert [url for url in asked if not url.startswith(("blob:", "about:", "data:"))] == []


def test_every_chart_has_a_name_and_its_figures_as_a_table(quiet: Page, engine: Engine) -> None:
    drawn = picture(engine)
    render(quiet, drawn)
    assert quiet.locator("svg[role=img]").count() == len(drawn["figures"])
    quiet.locator("summary").focus()
    quiet.keyboard.press("Enter")
    first = quiet.locator("table").first
    assert first.locator("caption").text_content() == drawn["figures"][0]["table"]["caption"]
    cells = first.locator("tbody tr").nth(3).locator("th, td").all_text_contents()
    row = drawn["figures"][0]["table"]["rows"][3]
    assert cells == [f"{row[0]}", *(f"{v:.1f}".replace("-", "\u2212") for v in row[1:])]
    assert quiet.locator("th[scope=col]").count() > 0
    assert quiet.locator("th[scope=row]").count() > 0


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_screen_and_no_label_leaves_its_chart(
    quiet: Page, engine: Engine, width: int
) -> None:
    quiet.set_viewport_size({"width": width, "height": 800})
    render(quiet, picture(engine))
    assert quiet.evaluate("document.documentElement.scrollWidth") <= width
    outside = """() => [...document.querySelectorAll("svg text")].filter((text) => {
      const box = text.getBoundingClientRect();
      const chart = text.closest("svg").getBoundingClientRect();
      return box.left < chart.left - 1 || box.right > chart.right + 1
        || box.bottom > chart.bottom + 1;
    }).map((text) => text.textContent)"""
    assert quiet.evaluate(outside) == []


def test_names_beside_the_fan_do_not_overlap(quiet: Page, engine: Engine) -> None:
    overlaps = """() => {
      const names = [...document.querySelectorAll("svg text.side")]
        .map((name) => name.getBoundingClientRect());
      return names.filter((one, at) => names.slice(at + 1).some((other) =>
        one.left < other.right && other.left < one.right
        && one.top + 2 < other.bottom && other.top + 2 < one.bottom)).length;
    }"""
    for width in (320, 1280):
        quiet.set_viewport_size({"width": width, "height": 800})
        for limit in (None, {"value": 0.0, "label": "limit, 0 schools"}):
            drawn = picture(engine)
            drawn["figures"][1]["line"] = limit
            render(quiet, drawn)
            assert quiet.evaluate(overlaps) == 0


def test_files_hold_the_table_with_negative_numbers_intact(
    quiet: Page, engine: Engine, tmp_path: Path
) -> None:
    drawn = picture(engine)
    drawn["figures"][0]["table"]["rows"][1][1] = -3.25
    render(quiet, drawn)
    with quiet.expect_download() as got:
        quiet.locator(".downloads button").first.click()
    assert got.value.suggested_filename == f"{drawn['file']}_extra-risk.csv"
    got.value.save_as(tmp_path / "risk.csv")
    text = (tmp_path / "risk.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == drawn["figures"][0]["table"]["columns"]
    assert len(rows) == len(drawn["figures"][0]["table"]["rows"]) + 1
    assert rows[2][1] in {"-3.3", "-3.2"}


def test_no_cell_of_a_file_begins_a_formula(engine: Engine) -> None:
    for figure in picture(engine)["figures"]:
        words = [*figure["table"]["columns"], *(row[0] for row in figure["table"]["rows"])]
        texts = [str(word) for word in words if isinstance(word, str)]
        assert not [text for text in texts if text.startswith(tuple(f[0] for f in FORMULAS))]


def test_words_that_stay_the_same_are_not_said_again(quiet: Page, engine: Engine) -> None:
    drawn = picture(engine)
    render(quiet, drawn)
    quiet.evaluate("""() => {
      window.said = 0;
      new MutationObserver((changes) => { window.said += changes.length; }).observe(
        document.querySelector(".odds"), { childList: true, characterData: true, subtree: true });
    }""")
    quiet.evaluate("(p) => window.model.give('picture', p)", drawn | {"serial": 2})
    quiet.wait_for_timeout(50)
    assert quiet.evaluate("window.said") == 0
    quiet.evaluate("(p) => window.model.give('picture', p)", drawn | {"odds": "Other odds."})
    quiet.wait_for_timeout(50)
    assert quiet.evaluate("window.said") > 0


def test_a_paint_follows_each_picture(quiet: Page, engine: Engine) -> None:
    drawn = picture(engine)
    render(quiet, drawn)
    quiet.evaluate("(p) => window.model.give('picture', p)", drawn | {"serial": 7, "verdict": "V"})
    assert quiet.locator("[data-painted='7'] .verdict").text_content() == "V"


def test_numbers_that_cannot_join_in_time_are_hatched_and_have_no_mark(
    quiet: Page, engine: Engine
) -> None:
    drawn = picture(engine)
    render(quiet, drawn)
    risk = quiet.locator("svg").first
    assert risk.locator(".late").count() == 1
    assert risk.locator(".mark").count() == len(drawn["figures"][0]["rows"]) == 8
    assert "12" in risk.locator("text.tick").all_text_contents()


def test_a_page_says_that_it_is_opened(quiet: Page, engine: Engine) -> None:
    render(quiet, picture(engine))
    assert quiet.evaluate("window.sent") == _OPENED


@pytest.mark.parametrize(("voila", "asked"), [("voila", {"schools": "3"}), ("", None)])
def test_the_address_is_read_on_the_own_page_though_it_holds_a_shell_of_the_lab(
    quiet: Page, engine: Engine, voila: str, asked: dict[str, str] | None
) -> None:
    quiet.goto("about:blank?schools=3")
    quiet.evaluate(
        """(voila) => {
          document.documentElement.className = "jp-LabShell";
          if (voila) document.body.dataset.voila = voila;
          window.asked = null;
        }""",
        voila,
    )
    render(quiet, picture(engine))
    assert quiet.evaluate("window.asked") == asked


def test_a_finished_report_can_be_opened_and_kept(quiet: Page, engine: Engine) -> None:
    render(quiet, picture(engine))
    page = "<!DOCTYPE html><title>Report</title><h1>Board report</h1>"
    quiet.evaluate(
        "(m) => window.model.tell(m)", {"kind": "report", "name": "r.html", "text": page}
    )
    assert quiet.locator(".report a").all_text_contents() == [
        "Open the report", "Download the report",
    ]  # fmt: skip
    with quiet.expect_popup() as opened:
        quiet.locator(".report a").first.click()
    assert opened.value.locator("h1").text_content() == "Board report"


def test_pinned_lines_are_dashed_in_every_chart(quiet: Page, engine: Engine) -> None:
    render(quiet, picture(engine))
    assert [quiet.locator("svg").nth(at).locator("path.pinned").count() for at in range(3)] == [
        1,
        3,
        1,
    ]


def test_the_drawing_of_no_limit_at_all_still_stands(quiet: Page, engine: Engine) -> None:
    first = engine.first(engine.start.but(schools=0))
    about = Shown(
        settings=engine.settings, controls=engine.controls, measure="secure_share", axes=Axes(),
        pinned=None, scenario="steady", futures=engine.futures,
    )  # fmt: skip
    drawn = drawing(replace(first, notes=()), about)
    assert drawn["figures"][1]["line"] is None
    render(quiet, {"serial": 1, **drawn})
    assert quiet.locator("svg").count() == 3
