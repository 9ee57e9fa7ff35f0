"""The engines under test, with one parent process for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workbench.evidence.engines.engine import Choice
from workbench.evidence.engines.leases import can_fork, end_parent


@pytest.fixture(scope="module", autouse=True)
def _no_parent_left() -> Iterator[None]:
    yield
    end_parent()


@pytest.fixture(params=["fork", "warm"])
def engine(request: pytest.FixtureRequest) -> Choice:
    """Return each engine that forks."""
    if not can_fork():
        pytest.skip("this system cannot fork")
    choice: Choice = request.param
    return choice
