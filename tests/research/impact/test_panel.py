"""The table that impact is estimated from: what it must hold, and how it is laid out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.errors import BadInput
from workbench.research.impact.panel import NEVER, impact_panel


def _table() -> pd.DataFrame:
    """Four schools over three years: one joins in 2020, one in 2018, two never."""
    return pd.DataFrame(
        {
            "urn": np.repeat([11, 12, 13, 14], 3),
            "trust_uid": pd.array([7] * 3 + [7] * 3 + [None] * 6, dtype="Int64"),
            "period": [2020, 2018, 2019] * 4,
            "outcome": [3.0, 1.0, 2.0, 1, 1, 1, 5.0, np.nan, 6.0, np.nan, np.nan, np.nan],
            "joined_period": pd.array([2020] * 3 + [2018] * 3 + [None] * 6, dtype="Int64"),
        }
    )


def test_schools_are_laid_out_by_period_in_order() -> None:
    panel = impact_panel(_table())
    assert panel.urn.tolist() == [11, 13]
    assert panel.periods.tolist() == [2018, 2019, 2020]
    assert panel.outcome[0].tolist() == [1.0, 2.0, 3.0]
    assert np.isnan(panel.outcome[1, 0])
    assert panel.joined.tolist() == [2020, NEVER]
    assert panel.cohorts.tolist() == [2020]


def test_schools_that_show_no_change_are_left_out_and_counted() -> None:
    assert impact_panel(_table()).left_out == {
        "supported from the first period on": 1,
        "without any number": 1,
    }


def test_schools_of_a_trust_are_one_cluster_and_others_their_own() -> None:
    table = pd.concat([_table(), _table().assign(urn=lambda t: t["urn"] + 100)])
    panel = impact_panel(table)
    assert panel.urn.tolist() == [11, 13, 111, 113]
    assert panel.clusters[0] == panel.clusters[2]
    assert len(set(panel.clusters.tolist())) == 3


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (_table().drop(columns="outcome"), "no column outcome"),
        (pd.concat([_table(), _table().tail(1)]), "school 14 has two rows"),
        (_table()[lambda t: t["period"].eq(2018)], "at least two periods"),
        (_table().assign(trust_uid=pd.array([None] * 12, dtype="Int64")), "no known trust"),
        (
            _table().assign(joined_period=pd.array([2020, 2019, *[2020] * 10], dtype="Int64")),
            "school 11 changes its joined_period",
        ),
    ],
)
def test_a_bad_table_is_refused(spoilt: pd.DataFrame, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        impact_panel(spoilt)
