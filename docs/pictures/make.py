"""Make the pictures of every report kind and of the explorer from the demo trust: `make pictures`.

Needs Chromium. Each page is pictured at its top, as wide as a laptop's window and a telephone's.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from workbench import paths
from workbench.errors import RunFailed
from workbench.evidence.batch import run_batch

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = {1280: 1300, 320: 900}  # width and height of the window, in pixels
SETTLED = "[data-refined='true']"


def main() -> None:
    """Run one report of each kind and picture them, the index of the run, and the explorer."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        batch = run_batch(
            paths.demo(),
            schools=[900012],
            scenarios=["steady", "ambitious"],
            trust_review=True,
            out=Path(folder),
        )
        if batch.failed:
            raise RunFailed(batch.failed[0].message, where=batch.failed[0].part.stem)
        pages = {result.part.notebook: str(result.files.html) for result in batch.results[::-1]}
        for name, page in (pages | {"index": batch.index.name}).items():
            take(browser, (batch.folder / page).as_uri(), name)
    with chromium() as browser, explorer() as address:
        take(browser, address, "absorption", settled=SETTLED)


def take(browser: Browser, address: str, name: str, *, settled: str = "") -> None:
    """Picture the top of a page at each width, once what it waits for is there."""
    for width, height in WIDTHS.items():
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(address)
        if settled:
            page.wait_for_selector(settled, state="attached", timeout=120_000)
        picture = HERE / f"{name}_{width}.png"
        page.screenshot(path=picture)
        page.close()
        print(picture.relative_to(paths.home()))


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, BROWSERS)), None)
        if found is None and not Path(playwright.chromium.executable_path).exists():
            raise RunFailed("there is no Chromium to take pictures with", mend="run `make browser`")
        # Chromium refuses to run as root with its sandbox.
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def explorer() -> Iterator[str]:
    """The address of an explorer that is served as long as it is looked at."""
    command = [sys.executable, "-m", "workbench", "explore", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        try:
            yield served.stdout.readline().strip()
        finally:
            served.terminate()


if __name__ == "__main__":
    main()
