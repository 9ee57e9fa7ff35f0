"""The explorer of a trust and sixty plans with hostile names: words, and nothing that runs."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect
from ruamel.yaml import YAML

from tests.explore.served import Running, started
from tests.report.hostile import PAYLOADS
from tests.report.hostile_checks import flat
from tests.report.hostile_trust import SCHOOLS, TRUST_NAME, write_hostile_trust
from workbench import paths

PATIENCE = 90_000  # a busy machine heats its first kernel slowly
STARTS = ("<iframe", "<img src=x", "<button", "<details", "<video", "<object", "<form", "<math")
TITLES = [flat(text) for text in PAYLOADS]
_OF_A_PAYLOAD = (
    "iframe, object, embed, base, form, math, video, audio, plaintext, frameset, noscript p, "
    "img[src='x'], [ontoggle], [onerror], [onload], [onclick], [onfocus], [onmouseover], "
    "[onbegin], [formaction], [ping], [style*='expression'], #forms, a#content"
)


@dataclass
class Visit:
    """A visitor's page, and what happened of itself."""

    page: Page
    running: Running
    happened: list[str] = field(default_factory=list)

    def refuse(self, asked: Dialog) -> None:
        """Close a dialog, which no page of ours opens."""
        self.happened.append(f"dialog {asked.message}")
        asked.dismiss()

    def look(self) -> list[str]:
        """Return what happened, and elements that are not of our making."""
        made = self.page.eval_on_selector_all(
            _OF_A_PAYLOAD, "all => all.map(one => one.outerHTML.slice(0, 90))"
        )
        inline = self.page.locator("script:not([src]):not([type*=json])").count()
        return [*self.happened, *made, *["a script"] * inline]


def make_home(folder: Path) -> Path:
    """Write a workbench's folder with a plan for each payload, and none else."""
    shutil.copytree(paths.parameters(), folder / "parameters")
    shutil.copytree(paths.notebooks(), folder / "notebooks")
    plans = folder / "parameters" / "scenarios"
    plan = YAML(typ="safe", pure=True).load((plans / "steady.yaml").read_text(encoding="utf-8"))
    for path in plans.glob("*.yaml"):
        path.unlink()
    for number, title in enumerate(TITLES):
        said = {"title": title, "question": f"{title} or not?", "description": f"{title}, near by"}
        with (plans / f"plan-{number:02}.yaml").open("w", encoding="utf-8") as stream:
            YAML(typ="safe", pure=True).dump(plan | said, stream)
    return folder


@pytest.fixture(scope="module")
def visit(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    folder = tmp_path_factory.mktemp("hostile")
    trust = write_hostile_trust(folder / "trust", SCHOOLS)
    command = [
        sys.executable, "-m", "workbench", "explore", str(trust), "--scenario", "plan-00",
        "--port", "0", "--kernels", "1", "--no-browser",
    ]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_HOME", str(make_home(folder / "home")))
        with started(command, folder / "errors") as running:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            visit = Visit(page, running)
            page.on("dialog", visit.refuse)
            page.on("pageerror", lambda fault: visit.happened.append(str(fault)))
            page.on("request", lambda asked: note(visit, asked.url))
            page.goto(running.address, wait_until="commit")
            page.wait_for_selector("[role=slider]", timeout=PATIENCE)
            yield visit
            page.close()


def note(visit: Visit, url: str) -> None:
    """Keep an address that is not the explorer's own."""
    if not re.match(rf"http://{re.escape(visit.running.host)}/|blob:|data:", url):
        visit.happened.append(f"request {url}")


def test_the_page_names_the_trust_and_all_sixty_plans_as_text(visit: Visit) -> None:
    page = visit.page
    assert page.title() == f"How many schools can we absorb? - {TRUST_NAME}"
    expect(page.locator(".masthead strong")).to_have_text(TRUST_NAME)
    offered = page.locator("select").first.locator("option").all_text_contents()
    assert [flat(text) for text in offered] == TITLES
    assert visit.look() == []


def test_starting_from_any_of_some_plans_runs_nothing(visit: Visit) -> None:
    verdict = visit.page.locator(".verdict")
    for place in (1, len(TITLES) // 2, len(TITLES) - 1):
        visit.page.locator("select").first.select_option(index=place)
        expect(visit.page).to_have_url(re.compile(f"plan-{place:02}"), timeout=PATIENCE)
        expect(verdict).not_to_be_empty()
        assert visit.look() == []


def test_a_plan_saved_under_a_hostile_name_is_kept_as_text(visit: Visit) -> None:
    page = visit.page
    named = f"{PAYLOADS[6]} again"
    page.get_by_label("Name for saving").fill(named)
    with page.expect_download() as started_download:
        page.get_by_role("button", name="Save this scenario").click()
    text = started_download.value.path().read_text(encoding="utf-8")
    assert YAML(typ="safe", pure=True).load(text)["title"] == named
    option = page.locator("select").first.locator("option", has_text="again")
    expect(option).to_have_text(named)
    assert visit.look() == []


def test_what_a_page_that_escaped_nothing_would_hold_is_noticed(visit: Visit) -> None:
    """This spoils the page, and is the last."""
    assert visit.look() == []
    put = "text => { document.querySelector('footer').innerHTML = text; }"
    tried = [payload for payload in PAYLOADS if payload.startswith(STARTS)]
    assert len(tried) > len(STARTS)
    for payload in tried:
        visit.page.evaluate(put, payload)
        assert visit.look(), payload
        visit.happened.clear()
