"""A calibration kept as tidy tables with a data dictionary; no school is in it."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pandas as pd

from workbench import __version__
from workbench.parameters.model import BANDS
from workbench.research.calibration import Calibration
from workbench.research.kept_tables import Dictionary, keep_tables

_BAND = ("True band: urgent, attention, secure or strong.", "")
_LOWER = "Lower end of its 95% interval."
_UPPER = "Upper end of its 95% interval."

CALIBRATION = Dictionary(
    "a calibration",
    MappingProxyType({
        "numbers": "One row a number of the fitted model.",
        "effects": "One row a covariate and what it multiplies.",
        "rates": "One row a parameter of the growth model that the fit speaks of.",
        "seen_and_expected": "One row a band before, span of years and band seen.",
        "later_grades": "One row a band last seen and band seen next, after the last day fitted.",
        "recovered": "One row a forecast of weak schools seen secure or better next.",
        "growth_model": "One row a set of values and what it expects of the same next grades.",
        "notes": "One row a reason for leaving something out.",
    }),
    MappingProxyType({
        "numbers": {
            "number": ("The number: a logarithm of moves a year, of a ratio, or a logit.", ""),
            "estimate": ("The likeliest value, given what was believed before.", ""),
            "error": ("Its standard error, by the curvature there.", ""),
            "lower": (_LOWER, ""),
            "upper": (_UPPER, ""),
        },
        "effects": {
            "effect": ("The covariate and the moves that it multiplies.", ""),
            "ratio": ("What one more of it multiplies them by.", "ratio"),
            "lower": (_LOWER, "ratio"),
            "upper": (_UPPER, "ratio"),
        },
        "rates": {
            "parameter": ("Its name in parameters/model.yaml.", ""),
            "declared": ("Its value in force.", "probability"),
            "fitted": ("Its fitted value, a chance a term averaged over schools, or an error of "
                       "inspection; within the range that anyone may set.", "probability"),
            "error": ("Its standard error.", "probability"),
            "distribution": ("What a proposal would say is believed of it.", ""),
            "proposed": ("Whether it is proposed: grades tell it, and it serves the simulation.",
                         ""),
            "held": ("Whether it was fitted beyond its range, and is held at the end of that.", ""),
        },
        "seen_and_expected": {
            "before": ("The band seen before.", ""),
            "years": ("Years since then.", ""),
            "band": ("The band seen now.", ""),
            "inspections": ("Inspections with that band before and those years, of all bands now.",
                            "inspections"),
            "seen": ("Those that saw the band.", "inspections"),
            "expected": ("Those that the model expects to, given all grades before.",
                         "inspections"),
        },
        "later_grades": {
            "last_seen": ("The band last seen before the last day fitted to.", ""),
            "band": _BAND,
            "schools": ("Schools last seen so that were graded again.", "schools"),
            "seen": ("Share of them seen in the band.", "share"),
            "forecast": ("The share forecast, each school for its own day.", "share"),
        },
        "recovered": {
            "forecast": ("As fitted; or had nothing moved in the months of the pandemic.", ""),
            "schools": ("Schools last seen to need attention that were graded again.", "schools"),
            "expected": ("Share expected to be seen secure or better.", "share"),
            "lower": ("Lower end of the interval for the share that will be seen.", "share"),
            "upper": ("Its upper end.", "share"),
            "seen": ("The share that was seen.", "share"),
        },
        "growth_model": {
            "by": ("The set of values; the first row is what was seen.", ""),
            "recovered": ("Mean chance of secure or better where attention was needed.", "share"),
            "weakened": ("Mean chance of weakness where the school was secure.", "share"),
            "log_score": ("Mean of minus the logarithm of the chance of the band seen; less is "
                          "better.", ""),
            "brier": ("Mean squared error of the chance of secure or better; less is better.", ""),
        },
        "notes": {
            "note": ("What was left out, and why.", ""),
            "count": ("How many.", ""),
        },
    }),
)  # fmt: skip


def keep_calibration(found: Calibration, folder: Path) -> Path:
    """Write a calibration's tables with their data dictionary.

    Args:
        found: The calibration.
        folder: As `kept_tables.keep_tables`.

    Raises:
        BadInput: The folder holds anything else.
    """
    about = {
        "workbench": __version__, "source": found.source, "schools": found.fitted.schools,
        "inspections": found.fitted.visits, "log_likelihood": found.fitted.log_likelihood,
        "statistic": found.fitness.statistic, "cells": found.fitness.cells,
        "p_between": list(found.fitness.p_between),
    }  # fmt: skip
    return keep_tables(tables_of(found), CALIBRATION, about, folder)


def tables_of(found: Calibration) -> dict[str, pd.DataFrame]:
    """Return a calibration as tables, columns in the order of the data dictionary.

    Those of later grades are empty where nothing is later.
    """
    fitted, (low, high) = found.fitted, found.fitted.interval()
    tables = {
        "numbers": pd.DataFrame({
            "number": list(fitted.form.names), "estimate": fitted.estimates,
            "error": fitted.errors, "lower": low, "upper": high,
        }),
        "effects": found.effects().reset_index(names="effect"),
        "rates": pd.DataFrame([
            (one.name, one.declared, one.value, one.error, one.distribution, one.told, one.held)
            for one in found.proposed
        ], columns=list(CALIBRATION.columns["rates"])),
        "seen_and_expected": _by_band(found.fitness.table, ["before", "years", "inspections"],
                                      ("seen", "expected")),
        "notes": pd.DataFrame(list(found.notes.items()), columns=["note", "count"]).astype(
            {"note": "str", "count": "int64"}
        ),
    } | _later(found)  # fmt: skip
    return {
        name: tables[name].reindex(columns=list(columns))
        for name, columns in CALIBRATION.columns.items()
    }


def _later(found: Calibration) -> dict[str, pd.DataFrame]:
    later = found.later
    if later is None:
        return {name: pd.DataFrame() for name in ("later_grades", "recovered", "growth_model")}
    grades = later.table.rename(columns={"last seen": "last_seen"})
    shares = {"as fitted": later.recovered, "nothing moved in the pandemic": later.paused}
    recovered = [
        (name, one.schools, one.expected, one.lower, one.upper, later.seen)
        for name, one in shares.items()
    ]
    return {
        "later_grades": _by_band(grades, ["last_seen", "schools"], ("seen", "forecast")),
        "recovered": pd.DataFrame(recovered, columns=list(CALIBRATION.columns["recovered"])),
        "growth_model": later.growth_model.rename(columns={"log score": "log_score"}).reset_index(
            names="by"
        ),
    }


def _by_band(wide: pd.DataFrame, kept: list[str], measures: tuple[str, str]) -> pd.DataFrame:
    """Return a row for each band where a table has columns for it, such as `seen secure`."""
    parts = [
        wide[kept].assign(band=band, **{name: wide[f"{name} {band}"] for name in measures})
        for band in BANDS
    ]
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
