"""A back-test kept as tidy tables, in Parquet and CSV, with a data dictionary.

The same back-test gives the same bytes: nothing kept tells the time. Tables of real schools and
trusts name them by their numbers and are for outputs/ only.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from workbench import __version__
from workbench.research.backtest.dictionary import BACKTEST, COLUMNS
from workbench.research.backtest.run import (
    SEED,
    Backtest,
    by_reading,
    count_name,
    intervals,
    scores_table,
)
from workbench.research.backtest.trusts import CountTest
from workbench.research.kept_tables import keep_tables

_MIDDLE = (0.1, 0.9)  # of a trust's simulated counts


def tables_of(found: Backtest, seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return a back-test's tables by name, columns in the order of the data dictionary.

    Args:
        found: The back-test.
        seed: Seed of the resamples.
    """
    test = found.grades
    became = pd.DataFrame(columns=list(COLUMNS["became"])) if test.became is None else test.became
    tables = {
        "schools": _schools(found),
        "scores": scores_table(found, seed),
        "parts": by_reading(found),
        "reliability": test.reliability_table(),
        "by_size": test.by_size(),
        "became": became,
        "with_successors": test.with_successors(),
        "trusts": _trusts(found.counts),
        "intervals": intervals(found),
    }
    return {name: table[list(COLUMNS[name])] for name, table in tables.items()}


def keep_backtest(found: Backtest, folder: Path, seed: int = SEED) -> Path:
    """Write every table, the data dictionary, and what they rest on.

    Args:
        found: The back-test.
        folder: A new or empty folder, or one of an earlier back-test, which this takes the place
            of.
        seed: Seed of the resamples.

    Returns:
        The folder.

    Raises:
        BadInput: The folder holds anything else.
    """
    return keep_tables(tables_of(found, seed), BACKTEST, _about(found), folder)


def _about(found: Backtest) -> dict[str, object]:
    """Return what a back-test rests on, as plain data."""
    test = found.grades
    return {
        "about": "back-test",
        "workbench": __version__,
        "source": found.source,
        "source_sha256": found.digest,
        "published": [lists.model_dump(mode="json") for lists in found.published],
        "origin": test.origin.isoformat(),
        "target": test.target.isoformat(),
        "membership_of": None if found.started is None else found.started.isoformat(),
        "figures_known_when": found.known,
        "learnt_from": test.learnt_from,
        "rules": {
            name: getattr(found.rules, name).value for name in type(found.rules).model_fields
        },
        "not_tested": found.no_sizes or None,
        "notes": list(found.notes),
    }


def _schools(found: Backtest) -> pd.DataFrame:
    """Return each school's forecasts beside its grade, closed schools after the others."""
    test = found.grades
    pieces = [test.cases.assign(closed=False)]
    if test.closed is not None and len(test.closed):
        pieces.append(test.closed.assign(closed=True))
    return pd.concat(pieces).rename_axis("urn").reset_index().astype({"size": "str"})


def _trusts(counts: tuple[CountTest, ...]) -> pd.DataFrame:
    """Return each trust's simulated counts in short, beside the one seen."""
    pieces = []
    for count in counts:
        lower, upper = np.quantile(count.drawn, _MIDDLE, axis=0, method="inverted_cdf")
        columns = {"what": count_name(count.what), "day": pd.Timestamp(count.day).as_unit("s"),
                   "trust_uid": count.counts.index.to_numpy(),
                   "size": count.classes.astype("str").to_numpy(),
                   "forecast": count.drawn.mean(axis=0), "lower": lower.astype("int64"),
                   "upper": upper.astype("int64"), "seen": count.counts.to_numpy()}  # fmt: skip
        pieces.append(pd.DataFrame(columns))
    empty = pd.DataFrame(columns=list(COLUMNS["trusts"]))
    return pd.concat(pieces, ignore_index=True) if pieces else empty
