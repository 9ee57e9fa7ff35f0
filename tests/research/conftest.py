"""The panel of England, built once for every test of research that asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench import paths
from workbench.research.history import built


@pytest.fixture(scope="session")
def england_panel(england: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The panel of the published files of England; tests that need it skip without them.

    It lies where `built` looks for it once `paths.outputs` is `england_panel.parents[1]`, apart
    from anybody's own outputs.
    """
    apart = tmp_path_factory.mktemp("outputs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "outputs", lambda: apart)
        panel = built(england)
    assert panel.parents[1] == apart
    return panel


@pytest.fixture
def england_built(england: Path, england_panel: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of published files, whose panel is found rather than built once more."""
    monkeypatch.setattr(paths, "outputs", lambda: england_panel.parents[1])
    return england
