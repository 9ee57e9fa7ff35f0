"""The published numbers on one school: the latest of each, how old it is, and those before it."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from workbench.charts.wording import age, capital, count, signed
from workbench.report.school import SchoolReview
from workbench.terms import SEASONS, Term

_OLD_YEARS = 2
_PERIOD = re.compile(rf"(\d{{4}})/\d{{2}}( (?:{'|'.join(SEASONS)}))?")
_FEW = 2  # so many earlier values are listed, and more are said as a range
_MARKERS = {
    "z": "not applicable",
    "x": "not available",
    "c": "suppressed",
    "SUPP": "suppressed",
    "low": "rounds to nothing",
    "u": "unreliable",
    "LOWCOV": "too few covered",
    "NE": "no entries",
    "NP": "not published",
}
_SPELT = {
    "fsm": "free school meals",
    "eal": "English as an additional language",
    "sen": "SEN",
    "ehc": "EHC",
    "fte": "full-time equivalent",
}


def statistics_table(review: SchoolReview) -> pd.DataFrame:
    """Return each measure's latest published number with its age, and its earlier ones."""
    rows = review.trust.school_statistics
    rows = rows[rows["urn"] == review.urn].sort_values("measure", kind="stable")
    return pd.DataFrame(
        [
            _line(str(measure), held, review.trust.as_of)
            for measure, held in rows.groupby("measure", sort=True)
        ],
        columns=["Measure", "Latest", "Period", "Age", "Earlier"],
    )


def _line(measure: str, held: pd.DataFrame, as_of: dt.date) -> dict[str, str]:
    ordered = held.iloc[held["period"].map(_end).argsort(kind="stable")]
    latest = ordered.iloc[-1]
    return {
        "Measure": _measure_words(measure),
        "Latest": _value(latest),
        "Period": str(latest["period"]),
        "Age": _age(_end(str(latest["period"])), as_of),
        "Earlier": _earlier(ordered.iloc[:-1]),
    }


def _end(period: str) -> dt.date:
    """Return the last day of an academic year or a term; the first of days for anything else."""
    match = _PERIOD.fullmatch(period)
    if match is None:
        return dt.date.min
    if match[2] is None:
        return dt.date(int(match[1]) + 1, 8, 31)
    return (Term.parse(period) + 1).first_day - dt.timedelta(days=1)


def _age(end: dt.date, as_of: dt.date) -> str:
    if end == dt.date.min:
        return "not known"
    if end >= as_of:
        return "present"
    old = (as_of - end).days > _OLD_YEARS * 365.25
    return f"{age(end, as_of)}{', over two years old' if old else ''}"


def _value(row: pd.Series) -> str:
    if pd.isna(row["value"]):
        return _MARKERS.get(str(row["marker"]), str(row["marker"]))
    figure, unit = _figure(float(row["value"])), str(row["unit"])
    if unit == "percent":
        return f"{figure}%"
    return f"£{figure}" if unit == "pounds" else f"{figure} {unit}"


def _figure(value: float) -> str:
    figures = f"{value:,.2f}"
    return signed(figures.rstrip("0").rstrip("."))


def _earlier(rows: pd.DataFrame) -> str:
    known = rows[rows["value"].notna()]
    if known.empty:
        return "none"
    periods = [str(period) for period in known["period"]]
    if len(known) <= _FEW:
        pairs = zip(periods, known["value"], strict=True)
        return "; ".join(f"{_figure(float(value))} in {period}" for period, value in pairs)
    low, high = float(known["value"].min()), float(known["value"].max())
    lengths = {" " in period for period in periods}
    what = "period" if len(lengths) > 1 else "term" if lengths.pop() else "year"
    return (
        f"{_figure(low)} to {_figure(high)} in {count(len(known), what)}, "
        f"{periods[0]} to {periods[-1]}"
    )


def _measure_words(measure: str) -> str:
    plain = measure.removesuffix("_percent").removesuffix("_gbp")
    return capital(" ".join(_SPELT.get(word, word) for word in plain.split("_")))
