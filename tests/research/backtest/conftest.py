"""The back-test of the made-up country, made once."""

from __future__ import annotations

import pytest

from workbench.research.backtest.made_up import ORIGIN, TARGET
from workbench.research.backtest.run import Backtest, backtest


@pytest.fixture(scope="session")
def found() -> Backtest:
    """The back-test of the notebook."""
    return backtest("demo", ORIGIN, TARGET)
