"""The panel of England, built once for the tests of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.research.history import build


@pytest.fixture(scope="session")
def england_panel(england: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The panel of the published files of England; tests that need it skip without them."""
    return build(england, tmp_path_factory.mktemp("history") / "england")
