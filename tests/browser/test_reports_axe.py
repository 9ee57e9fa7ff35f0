"""Every kind of report in a browser: no violation, no request, nothing wider than the window."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.conftest import OpenPage
from tests.report.committed import KINDS

PAGES = (*KINDS, "signed")
NARROW, WIDE = 320, 1280


def open_everything(page: Page) -> None:
    """Open all that is folded, so that nothing escapes the check."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("kind", PAGES)
def test_a_report_breaks_no_rule_asks_for_nothing_and_fits(
    open_page: OpenPage, report_pages: dict[str, str], kind: str, width: int
) -> None:
    shown = open_page(report_pages[kind], width=width)
    assert shown.overflow() <= 0
    open_everything(shown.page)
    assert shown.overflow() <= 0
    assert violations(shown.page) == []
    assert shown.asked_for == []
    assert shown.faults == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_is_drawn_and_readable(
    open_page: OpenPage, report_pages: dict[str, str], kind: str
) -> None:
    """A picture the browser cannot read has no size; one too small cannot be read by anyone."""
    shown = open_page(report_pages[kind], width=NARROW)
    open_everything(shown.page)
    drawn = shown.page.eval_on_selector_all(
        "figure img", "all => all.map(one => [one.complete, one.naturalWidth, one.width])"
    )
    assert drawn
    assert all(complete and natural > 0 and width >= 450 for complete, natural, width in drawn)


def test_the_download_of_a_figure_opens(open_page: OpenPage, report_pages: dict[str, str]) -> None:
    shown = open_page(report_pages["school_review"])
    link = shown.page.locator("a.download").first
    with shown.page.expect_download() as started:
        link.click()
    download = started.value
    assert download.suggested_filename.endswith(".csv")
    text = download.path().read_text(encoding="utf-8-sig")
    columns = link.locator("xpath=ancestor::figure").locator("thead th").all_text_contents()
    assert text.splitlines()[0].replace('"', "") == ",".join(columns)


def test_everything_is_reached_by_keyboard(
    open_page: OpenPage, report_pages: dict[str, str]
) -> None:
    shown = open_page(report_pages["school_review"])
    shown.page.keyboard.press("Tab")
    focused = "document.activeElement"
    assert shown.page.evaluate(f"{focused}.className") == "skip"
    shown.page.keyboard.press("Tab")
    assert shown.page.evaluate(f"{focused}.textContent") == "Contents"
    assert shown.page.evaluate(f"getComputedStyle({focused}).outlineWidth") == "3px"
    shown.page.keyboard.press("Enter")
    assert shown.page.locator(".contents details").get_attribute("open") is not None


def test_on_paper_annexes_are_printed_and_what_folds_is_not(
    open_page: OpenPage, report_pages: dict[str, str]
) -> None:
    text = report_pages["growth_scenario"].replace(
        "</main>",
        '<details class="annex"><summary>Open</summary><p id="deep">x</p></details></main>',
    )
    shown = open_page(text)
    assert not shown.page.locator("#deep").is_visible()
    shown.page.emulate_media(media="print")
    assert shown.page.locator("#deep").is_visible()
    assert not shown.page.locator("details.data").first.is_visible()


SOUND = (
    '<!DOCTYPE html><html lang="en-GB"><title>A report</title><main><h1>A report</h1>'
    '<nav aria-label="Contents"><a href="#made">How it was made</a></nav><h2 id="made">How</h2>'
    "{}</main></html>"
)


def test_the_check_passes_a_sound_page(open_page: OpenPage) -> None:
    assert violations(open_page(SOUND.format("<p>words</p>")).page) == []


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ('<img src="data:image/svg+xml,%3Csvg/%3E">', "image-alt"),
        ('<p style="color:#aaa">pale</p>', "color-contrast"),
        ("<h5>deep</h5>", "heading-order"),
        ('<nav aria-label="Contents"><a href="#made">How</a></nav>', "landmark-unique"),
        ('<a href="#made" style="font-size:6px">a</a><a href="#made">b</a>', "target-size"),
    ],
)
def test_the_check_finds_faults(open_page: OpenPage, fault: str, rule: str) -> None:
    shown = open_page(SOUND.format(fault))
    assert any(said.startswith(rule) for said in violations(shown.page))


def test_a_request_and_an_overflow_would_be_noticed(open_page: OpenPage) -> None:
    outside = "https://example.org/x.png"
    shown = open_page(f'<p style="width:2000px">wide</p><img src="{outside}" alt="x">')
    assert shown.asked_for == [outside]
    assert shown.overflow() > 0
