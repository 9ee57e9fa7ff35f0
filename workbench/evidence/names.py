"""What the files of a run are called: by day, kind, URN or scenario, and UID; never by a name.

A trust finds a paper by its meeting's date, and knows schools and trusts by their numbers.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

Kind = Literal["trust", "school", "scenario", "comparison"]
INDEX = "index.html"
RUN_FILE = "run.json"
LEDGER = "ledger.sqlite"
MANIFEST = "ro-crate-metadata.json"
SUMS = "SHA256SUMS"
UNSEALED: Mapping[str, None] = {SUMS: None, MANIFEST: None}  # what goes before a run is changed
NOTEBOOKS = "notebooks"
RESULTS = "results"
DATA = "data"
FAILED = "failed"
_LONGEST_SLUG = 40
_LONGEST_KEY = 120


def slug(text: str, longest: int = _LONGEST_SLUG) -> str:
    """Return text as part of a file name: small ASCII letters, digits and single hyphens."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")
    return words[:longest].rstrip("-") or "unnamed"


def stem_of(kind: Kind, key: str, *, uid: int, on: dt.date) -> str:
    """Return the name of a report's files without their endings.

    Args:
        kind: What the report is about.
        key: URN of a school, or name of a scenario; not used for the trust and for comparisons.
        uid: The trust's UID.
        on: The day of the meeting, or of the run.
    """
    about = {
        "trust": "trust-review",
        "school": f"school-review_URN{slug(key)}",
        "scenario": f"growth_{slug(key)}",
        "comparison": "scenarios-compared",
    }[kind]
    return f"{on.isoformat()}_{about}_UID{uid}"


def page_name(stem: str) -> str:
    """Return the name of a report's page."""
    return f"{stem}.html"


def pdf_name(stem: str) -> str:
    """Return the name of a report's PDF."""
    return f"{stem}.pdf"


def workbook_name(stem: str) -> str:
    """Return the name of a report's workbook."""
    return f"{stem}.xlsx"


def notebook_name(stem: str) -> str:
    """Return the place of a report's executed notebook in the run's folder."""
    return f"{NOTEBOOKS}/{stem}.ipynb"


def failed_name(stem: str) -> str:
    """Return the place of a notebook that did not come to its end."""
    return f"{NOTEBOOKS}/{FAILED}_{stem}.ipynb"


def results_name(stem: str) -> str:
    """Return the place of a report's results, apart from how any file shows them."""
    return f"{RESULTS}/{stem}.json"


def figure_data_name(stem: str, key: str) -> str:
    """Return the place of a figure's data in the run's folder."""
    return f"{DATA}/{stem}/{slug(key, _LONGEST_KEY)}.csv"


def all_reports_name(uid: int, on: dt.date) -> str:
    """Return the name of the zip of a run that can be e-mailed; it is no board pack."""
    return f"{on.isoformat()}_all-reports_UID{uid}.zip"


def board_pack_name(uid: int, on: dt.date) -> str:
    """Return the name of the board pack, which only the release gate makes."""
    return f"{on.isoformat()}_board-pack_UID{uid}.zip"
