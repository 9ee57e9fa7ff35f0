"""Make the pictures of every report kind from the demo trust: `make pictures`.

Needs Chromium on the path. Each picture is the top of a real report, as wide as a laptop's window.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from workbench import paths
from workbench.errors import RunFailed
from workbench.evidence.batch import run_batch

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE = "1000,1300"


def main() -> None:
    """Run one report of each kind and picture it, and the index of the run."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise RunFailed("there is no Chromium to take pictures with", mend="run `make browser`")
    with tempfile.TemporaryDirectory() as folder:
        batch = run_batch(
            paths.demo(),
            schools=[900012],
            scenarios=["steady"],
            trust_review=True,
            out=Path(folder),
        )
        if batch.failed:
            raise RunFailed(batch.failed[0].message, where=batch.failed[0].part.stem)
        pages = {result.part.notebook: str(result.files.html) for result in batch.results}
        for name, page in (pages | {"index": batch.index.name}).items():
            take(browser, batch.folder / page, HERE / f"{name}.png")
            print(HERE.relative_to(paths.home()) / f"{name}.png")


def take(browser: str, page: Path, picture: Path) -> None:
    """Picture the top of a page."""
    options = ["--headless", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=1"]
    subprocess.run(
        [browser, *options, f"--window-size={SIZE}", f"--screenshot={picture}", page.as_uri()],
        check=True,
        capture_output=True,
    )


if __name__ == "__main__":
    main()
