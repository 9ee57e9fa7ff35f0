"""What tests of the explorer share: the demo trust's engine with few futures, and a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from workbench.explore.engine import Engine
from workbench.parameters.explorer import ExplorerSizes, load_explorer_sizes
from workbench.trust.load import Trust

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIRST, ALL = 100, 400


@pytest.fixture(scope="session")
def few() -> ExplorerSizes:
    """The sizes as declared, but with few futures and no pause."""
    declared = load_explorer_sizes()
    less = {
        name: getattr(declared, name).model_copy(update={"value": value})
        for name, value in (("first_futures", FIRST), ("futures", ALL), ("pause", 0.0))
    }
    return declared.model_copy(update=less)


@pytest.fixture
def engine(demo_trust: Trust, few: ExplorerSizes) -> Engine:
    """The demo trust, started from the steady scenario."""
    return Engine(demo_trust, "steady", few, seed=2026)


@pytest.fixture(scope="module")
def blank() -> Iterator[Page]:
    """An empty page of a browser that may load nothing; tests that need it skip without one."""
    sync = pytest.importorskip("playwright.sync_api")
    path = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if path is None:
        pytest.skip("needs Chromium: run `make browser`")
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": 1280, "height": 900})
        browser.close()
