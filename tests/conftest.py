"""What tests in every folder share: the published data of England, and the demo trust."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from workbench import paths

if TYPE_CHECKING:
    from workbench.trust.load import Trust


@pytest.fixture(scope="session")
def england() -> Path:
    """The folder of files as DfE and Ofsted publish them; tests that need it skip without it."""
    folder = paths.england()
    if folder is None:
        pytest.skip("needs published files: set WORKBENCH_ENGLAND to a folder of them")
    return folder


@pytest.fixture(scope="session")
def demo_trust() -> Trust:
    """The committed demo trust, read once."""
    from workbench.trust.load import read_trust

    return read_trust(paths.demo())
