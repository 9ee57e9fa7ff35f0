"""A browser that reaches nothing outside the page it shows, and the pages to show in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, sync_playwright

from tests.report.committed import KINDS, report_page

NAMES = ("chromium", "chromium-browser", "google-chrome")  # as .ci/browser looks for them
ADDRESS = "https://report.invalid/report.html"
HEIGHT = 900


@dataclass
class Shown:
    """A page in the browser.

    Attributes:
        page: The page, to look at and to act on.
        asked_for: Every address it asked for that is not within itself.
        faults: What the browser wrote to its console as a fault, and dialogs that opened.
    """

    page: Page
    asked_for: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )


OpenPage = Callable[..., Shown]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, started once a module; tests that need it skip where there is none.

    Playwright's loop runs as long as it is open, and no other loop can: it ends with the module.
    """
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, NAMES)), None)
        own = playwright.chromium.executable_path
        if found is None and not Path(own).exists():
            pytest.skip("needs Chromium: `make browser` installs one")
        chromium = playwright.chromium.launch(
            executable_path=found or own,
            args=["--no-sandbox"],  # Chromium refuses to run as root with it
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open a page's text in a window of some width, cut off from every network."""
    opened: list[Page] = []

    def show(text: str, *, width: int = 1280, javascript: bool = True) -> Shown:
        page = browser.new_page(
            viewport={"width": width, "height": HEIGHT}, java_script_enabled=javascript
        )
        opened.append(page)
        shown = Shown(page)

        def answer(route: Route) -> None:
            if route.request.url == ADDRESS and not shown.page.url.startswith("https:"):
                route.fulfill(body=text, content_type="text/html; charset=utf-8")
            else:
                shown.asked_for.append(route.request.url)
                route.abort()

        page.route("**/*", answer)
        page.on(
            "console",
            lambda said: shown.faults.append(said.text) if said.type == "error" else None,
        )
        page.on("pageerror", lambda fault: shown.faults.append(str(fault)))
        page.on("dialog", lambda asked: _refuse(asked, shown))
        page.goto(ADDRESS)
        return shown

    yield show
    for page in opened:
        page.close()


def _refuse(asked: Dialog, shown: Shown) -> None:
    """Close a dialog, which no page of ours opens."""
    shown.faults.append(f"it opened a dialog: {asked.message}")
    asked.dismiss()


@pytest.fixture(scope="session")
def report_pages() -> dict[str, str]:
    """The page of every kind of report as a draft, and one that is signed."""
    signed = {"signed": report_page("school_review", signed=True)}
    return {kind: report_page(kind) for kind in KINDS} | signed
