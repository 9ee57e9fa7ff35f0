from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from workbench.trust.people import spells_on

PEOPLE = pd.DataFrame({
    "post_id": ["ended", "open", "later"],
    "since": pd.to_datetime(["2025-01-06", "2025-09-01", "2026-04-13"]),
    "until": pd.to_datetime(pd.Series(["2025-12-31", None, None])),
})  # fmt: skip


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        ("2025-01-05", []),
        ("2025-01-06", ["ended"]),
        ("2025-12-31", ["ended", "open"]),
        ("2026-01-01", ["open"]),
        ("2026-04-13", ["open", "later"]),
    ],
)
def test_a_spell_stands_from_its_first_day_to_its_last(day: str, standing: list[str]) -> None:
    assert spells_on(PEOPLE, dt.date.fromisoformat(day))["post_id"].to_list() == standing


def test_an_empty_table_has_no_spells() -> None:
    assert spells_on(PEOPLE.head(0), dt.date(2026, 1, 1)).empty
