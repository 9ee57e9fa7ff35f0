"""The explorer as `workbench explore` serves it, in a browser: seen, tabbed through and dropped.

One page of one server is walked from its first picture to the loss of its process: a page takes a
process and some seconds. The tests stand in that order, and the last ones end it.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.explore.served import Running, started, wait_until
from workbench import paths

WIDTHS = (1280, 320)
PATIENCE = 60_000  # a busy machine heats its first kernel slowly
SLIDER = "[role=slider]"
REFINED = "5,000 simulated futures"


# Whether the answer covers what is focused, and whether its two parts are within the window.
_STANDS = """() => {
  const box = (one) => one.getBoundingClientRect();
  const answer = box(document.querySelector(".answer"));
  const at = box(document.activeElement);
  return [at.top < answer.bottom && answer.top < at.bottom,
    [".verdict", ".odds"].map((name) => box(document.querySelector(name))).map(
      (part) => part.height > 0 && part.top >= 0 && part.bottom <= window.innerHeight)];
}"""


@dataclass
class Visit:
    """One visitor's page.

    Attributes:
        page: The page.
        running: Its server.
        asked_for: Every address it asked for.
        faults: What the browser called a fault.
    """

    page: Page
    running: Running
    asked_for: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def own_home(folder: Path) -> Path:
    """A workbench's folder for what a visitor saves and makes."""
    for name in ("parameters", "notebooks"):
        shutil.copytree(paths.home() / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def visit(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    home = own_home(tmp_path_factory.mktemp("home"))
    command = [
        "env", f"WORKBENCH_HOME={home}",
        sys.executable, "-m", "workbench", "explore", str(paths.demo()), "--scenario", "steady",
        "--port", "0", "--kernels", "1", "--no-browser",
    ]  # fmt: skip
    with started(command, tmp_path_factory.mktemp("explorer") / "errors") as running:
        page = browser.new_page(viewport={"width": WIDTHS[0], "height": 900})
        visit = Visit(page, running)
        page.on("request", lambda asked: visit.asked_for.append(asked.url))
        page.on("websocket", lambda opened: visit.asked_for.append(opened.url))
        page.on("pageerror", lambda fault: visit.faults.append(str(fault)))
        page.on(
            "console",
            lambda said: visit.faults.append(said.text) if said.type == "error" else None,
        )
        page.goto(running.address, wait_until="commit")
        page.wait_for_selector(SLIDER, timeout=PATIENCE)
        expect(page.get_by_text(REFINED)).to_be_visible(timeout=PATIENCE)
        yield visit
        page.close()


def test_the_page_says_what_it_is_and_no_longer_that_it_is_opening(visit: Visit) -> None:
    page = visit.page
    assert page.title() == "How many schools can we absorb? - Merrowfen Learning Trust"
    assert page.evaluate("document.documentElement.lang") == "en-GB"
    assert page.get_by_role("main").get_by_role("heading", level=1).count() == 1
    assert page.locator("main svg[role=img]").count() >= 2
    assert "Opening the explorer" not in page.inner_text("body")
    assert not re.search(r"Traceback|Warning|Widget\(|model_id", page.inner_text("body"))


def test_the_key_leaves_the_address_for_a_cookie_no_script_can_read(visit: Visit) -> None:
    page = visit.page
    assert "token" not in page.url
    assert "workbench" not in page.evaluate("document.cookie")
    cookies = [one for one in page.context.cookies() if one["name"].startswith("workbench-")]
    assert [(one["httpOnly"], one["sameSite"]) for one in cookies] == [(True, "Strict")]


def test_nothing_is_asked_of_another_machine_and_no_rule_of_the_page_is_broken(
    visit: Visit,
) -> None:
    outside = [
        url
        for url in visit.asked_for
        if not re.match(rf"(http|ws)://{re.escape(visit.running.host)}/|blob:|data:", url)
    ]
    assert len(visit.asked_for) > 20
    assert outside == []
    assert visit.faults == []


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(visit: Visit, width: int) -> None:
    page = visit.page
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(300)
    try:
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    finally:
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def test_in_a_narrow_window_the_answer_stays_in_view_beside_every_control(visit: Visit) -> None:
    page = visit.page
    page.set_viewport_size({"width": WIDTHS[-1], "height": 640})
    try:
        stops = page.locator(".workbench-controls").locator(f"{SLIDER}, select, input, button")
        for at in range(stops.count()):
            page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
            stops.nth(at).focus()
            covered, shown = page.evaluate(_STANDS)
            assert shown == [True, True], "the verdict and the odds are within the window"
            assert not covered, "and not over what is focused"
        odds, slider = page.locator(".odds"), page.locator(SLIDER).nth(6)
        before = odds.inner_text()
        slider.press("PageUp")
        expect(odds).not_to_have_text(before)
        assert page.evaluate(_STANDS) == [False, [True, True]]
        slider.press("PageDown")
        assert violations(page) == []
        page.set_viewport_size({"width": WIDTHS[-1], "height": 256})
        position = "getComputedStyle(document.querySelector('.answer')).position"
        assert page.evaluate(position) == "static", "magnified fourfold, it would fill the window"
    finally:
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    expect(page.get_by_text(REFINED)).to_be_visible(timeout=PATIENCE)


def test_a_page_that_is_refused_is_as_plain_to_all(visit: Visit, browser: Browser) -> None:
    stranger = browser.new_page(viewport={"width": WIDTHS[-1], "height": 600})
    stranger.goto(f"http://{visit.running.host}/")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This page needs its key")
    assert violations(stranger) == []
    stranger.close()


def test_the_first_key_press_skips_to_the_content(visit: Visit) -> None:
    page = visit.page
    page.evaluate(
        "document.body.tabIndex = -1; document.body.focus(); "
        "document.body.removeAttribute('tabindex')"
    )
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the explorer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_keyboard_alone_reaches_a_slider_and_changes_the_answer(visit: Visit) -> None:
    page = visit.page
    odds = page.locator("[role=status].odds")
    before = odds.inner_text()
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "slider":
            break
    slider = page.locator(f"{SLIDER}:focus")
    expect(slider).to_have_attribute("aria-label", "Schools joining")
    assert slider.evaluate("one => getComputedStyle(one).outlineStyle") != "none"
    page.keyboard.press("ArrowRight")
    expect(odds).not_to_have_text(before)
    expect(page.get_by_text(REFINED)).to_be_visible(timeout=PATIENCE)


def test_what_was_chosen_is_in_the_address_and_there_again_after_a_reload(visit: Visit) -> None:
    page = visit.page
    chosen = page.locator(SLIDER).first.get_attribute("aria-valuenow")
    expect(page).to_have_url(re.compile(rf"[?&]schools={float(chosen or 0):g}(&|$)"))
    address = page.url
    page.reload(wait_until="commit")
    page.wait_for_selector(SLIDER, timeout=PATIENCE)
    expect(page.locator(SLIDER).first).to_have_attribute("aria-valuenow", chosen or "")
    assert page.url == address


def test_a_page_nobody_moved_makes_the_report_of_its_scenario(visit: Visit) -> None:
    page = visit.page
    page.goto(f"http://{visit.running.host}/", wait_until="commit")
    page.wait_for_selector(SLIDER, timeout=PATIENCE)
    expect(page.get_by_text(REFINED)).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Make the board report").click()
    expect(page.locator(".notice")).to_contain_text("Making the board report of steady")


def test_what_is_wrong_in_an_address_is_said_until_the_reader_moves_something(
    visit: Visit,
) -> None:
    page = visit.page
    page.goto(
        f"http://{visit.running.host}/?schools=99&school=7&scenario=nonsense&leads=0.3",
        wait_until="commit",
    )
    page.wait_for_selector(SLIDER, timeout=PATIENCE)
    expect(page.get_by_text(REFINED)).to_be_visible(timeout=PATIENCE)
    notice = page.locator(".notice")
    for said in ("schools = '99'", "'school'", "no scenario 'nonsense'"):
        expect(notice).to_contain_text(said)
    handle = page.get_by_role("slider", name="Further improvement leads")
    expect(handle).to_have_attribute("aria-valuenow", "0.3")
    handle.press("ArrowRight")
    expect(notice).to_be_empty()
    page.get_by_role("button", name="Reset").click()
    expect(handle).to_have_attribute("aria-valuenow", "0.0")


def test_a_plan_without_a_name_is_asked_for_one_where_it_is_typed(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Save this scenario").click()
    expect(page.locator(".notice")).to_contain_text("Give it a name of three letters or more")
    expect(page.get_by_label("Name for saving")).to_be_focused()
    page.keyboard.type("../Four by night")
    page.get_by_role("button", name="Save this scenario").click()
    expect(page.locator(".notice")).to_contain_text("in the file four-by-night.yaml")


def test_a_page_that_cannot_reach_its_server_says_so_until_it_can(visit: Visit) -> None:
    page, lost = visit.page, visit.page.get_by_role("alert")
    page.context.set_offline(True)
    expect(lost).to_contain_text("The explorer cannot be reached", timeout=PATIENCE)
    page.context.set_offline(False)
    expect(lost).to_be_empty(timeout=PATIENCE)
    page.locator(SLIDER).first.press("ArrowLeft")
    expect(page.locator(SLIDER).first).to_be_focused()


def test_a_page_whose_process_dies_says_so_and_offers_to_start_again(visit: Visit) -> None:
    page, lost = visit.page, visit.page.get_by_role("alert")
    kernel = page.evaluate(
        "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"
    )
    notice, handle = page.locator(".notice"), page.locator(SLIDER).first
    expect(notice).to_contain_text("Saved as")
    for process in visit.running.kernels(kernel):
        os.kill(process, signal.SIGKILL)
    expect(lost).to_contain_text("This page has lost its calculations", timeout=PATIENCE)
    expect(notice).to_be_hidden()
    stood = handle.get_attribute("aria-valuenow")
    handle.evaluate("one => one.focus()")
    page.keyboard.press("ArrowRight")
    box = handle.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 60, box["y"] + box["height"] / 2)
    assert handle.get_attribute("aria-valuenow") == stood
    page.get_by_role("button", name="Start again").focus()
    expect(page.get_by_role("button", name="Start again")).to_be_focused()
    assert page.locator(".output").evaluate("one => one.inert")
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(lost).to_be_empty(timeout=PATIENCE)
    expect(page.get_by_text("Opening the explorer")).to_be_visible()


def test_ctrl_c_ends_the_server_with_every_process_it_started(visit: Visit) -> None:
    assert wait_until(visit.running.processes)  # a kernel is being heated again
    left = visit.running.processes()
    visit.running.process.send_signal(signal.SIGINT)
    assert visit.running.process.wait(5) == 0
    assert not visit.running.still_running(left)
