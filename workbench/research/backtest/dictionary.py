"""What every column of a kept back-test means: the data dictionary, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workbench.research.kept_tables import Dictionary

_URN = ("Unique reference number of the school.", "")
_UID = ("Group UID in GIAS of its trust in the last list by the origin; blank in none.", "")
_CHANCE = "Chance of good or better "
_BRIER = ("Mean squared error of the chances of good or better; less is better.", "")
_GAIN = ("Share by which the model's Brier score is less.", "share")
_LAST = "Band of the last grade by the origin: urgent 0, needs attention 1, secure 2, strong 3."
_SEEN = ("Share that were good or better.", "share")
_FORECAST = ("Share that the model expects to be.", "share")
_WHAT = ("What is counted: schools of a trust, or good ones among those with a new grade.", "")
_DAY = ("Day of the list, or last day of a grade.", "date")
_CLASS = ("Class of size of trusts in the last list by the origin.", "")

TABLES: Mapping[str, str] = MappingProxyType({
    "schools": "One row a school that was graded again, or whose successor was.",
    "scores": "One row a forecast of the schools graded again.",
    "parts": "One row a part of the model, under both readings of when a figure is known.",
    "reliability": "One row a tenth of the model's forecasts, from low to high.",
    "by_size": "One row a class of size of trusts, and one for schools in none.",
    "became": "One row a band, and one for all: what became of the schools asked about.",
    "with_successors": "One row a group of schools: scores without closed schools and with them.",
    "trusts": "One row a trust, what is counted of it, and a day.",
    "intervals": "One row a class of size, what is counted, a day, and an interval.",
})  # fmt: skip

COLUMNS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType({
    "schools": {
        "urn": _URN,
        "closed": ("Whether it closed without a new grade: date and band are its successor's, and "
                   "no main score counts it.", ""),
        "date": ("Day of the grade asked about.", "date"),
        "last": (_LAST, "band"),
        "band": ("Band of the grade asked about.", "band"),
        "good": ("Whether that was good or better.", "0 or 1"),
        "trust_uid": _UID,
        "size": ("Class of size of that trust.", ""),
        "authority": ("Local authority.", ""),
        "model": (_CHANCE + "by the model.", "probability"),
        "persistence": (_CHANCE + "if the last grade stays.", "probability"),
        "marginal": (_CHANCE + "of any school of the past learnt from.", "probability"),
        "last_grade_table": (_CHANCE + "of those with the same last grade.", "probability"),
        "last_grade_table_of_latest_year": ("The same in its latest school year.", "probability"),
        "last_grade_table_in_hindsight": ("The same in what happened: nobody could have had it.",
                                          "probability"),
    },
    "scores": {
        "forecast": ("The forecast.", ""),
        "brier": _BRIER,
        "log_score": ("Mean of minus the logarithm of the chance of what happened.", ""),
        "gain": ("Share by which the model's Brier score is less; blank for the model.", "share"),
        "lower": ("Lower end of its 95% interval, of whole trusts and areas.", "share"),
        "upper": ("Upper end.", "share"),
    },
    "parts": {
        "part": ("What the forecast is made of, and when figures count as known.", ""),
        "brier": _BRIER,
        "gain": ("Share by which it is below the last-grade table's.", "share"),
        "gain_on_latest_year": ("The same of the table of the latest school year.", "share"),
    },
    "reliability": {
        "forecast": ("Mean chance.", "probability"),
        "seen": _SEEN,
        "lower": ("Lower end of its 95% interval.", "share"),
        "upper": ("Upper end.", "share"),
        "schools": ("Schools.", "schools"),
    },
    "by_size": {
        "size": ("Class of size of the trust a school was in.", ""),
        "schools": ("Schools graded again.", "schools"),
        "seen": _SEEN,
        "forecast": _FORECAST,
        "brier": _BRIER,
        "table": ("The same of the last-grade table.", ""),
        "gain": _GAIN,
    },
    "became": {
        "last": ("Band of the last grade by the origin.", ""),
        "asked": ("Schools graded in the list that speaks for the origin.", "schools"),
        "graded": ("Of them, graded again by the target.", "schools"),
        "closed": ("Of them, closed by the target without a new grade.", "schools"),
        "followed": ("Of those closed, with one successor that links name.", "schools"),
        "successors_graded": ("Of those followed, whose successor was graded by the target and is "
                              "not asked about itself.", "schools"),
        "successors_good": ("Of those, good or better.", "schools"),
        "neither": ("Open still, as far as is known, without a new grade.", "schools"),
    },
    "with_successors": {
        "schools": ("Which schools.", ""),
        "count": ("How many.", "schools"),
        "seen": _SEEN,
        "forecast": _FORECAST,
        "brier": _BRIER,
        "table": ("The same of the last-grade table.", ""),
        "gain": _GAIN,
    },
    "trusts": {
        "what": _WHAT,
        "day": _DAY,
        "trust_uid": ("Group UID of the trust in GIAS.", ""),
        "size": _CLASS,
        "forecast": ("Mean of the simulated counts.", "schools"),
        "lower": ("Lower end of their middle 80%.", "schools"),
        "upper": ("Upper end.", "schools"),
        "seen": ("The count seen; 0 where the trust is listed no more.", "schools"),
    },
    "intervals": {
        "what": _WHAT,
        "day": _DAY,
        "trusts": _CLASS,
        "count": ("Trusts of that class.", "trusts"),
        "level": ("Nominal share of the central interval.", "share"),
        "model": ("The model's own chance of it, more than nominal for whole numbers.", "share"),
        "seen": ("Share of counts in it.", "share"),
        "difference": ("Seen less model: above 0 intervals were too wide.", "share"),
        "doubt": ("Standard deviation of the share from future to future.", "share"),
    },
})  # fmt: skip

BACKTEST = Dictionary("a back-test", TABLES, COLUMNS)
