"""The national picture kept as tidy tables, in Parquet and CSV, with a data dictionary.

The same picture gives the same bytes: nothing kept tells the time. No table counts pupils, so none
has a number of them to suppress; every count is of schools or trusts, which are public.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from workbench import __version__, paths
from workbench.research.kept_tables import keep_tables
from workbench.research.national_picture.dictionary import COLUMNS, PICTURE
from workbench.research.national_picture.picture import NationalPicture
from workbench.trust.digests import digest_of_file, digest_of_text


def tables_of(picture: NationalPicture) -> dict[str, pd.DataFrame]:
    """Return the picture's tables by name, columns in the order of the data dictionary."""
    found = {
        "trusts": picture.trusts,
        "curves": picture.curves,
        "weak_schools": picture.weak,
        "reach": picture.reach,
        "placements": picture.placements,
    }
    return {name: table[list(COLUMNS[name])] for name, table in found.items()}


def keep_picture(picture: NationalPicture, folder: Path) -> Path:
    """Write every table, the data dictionary, and what they rest on.

    Args:
        picture: The picture.
        folder: A new or empty folder, or one of an earlier picture, which this takes the place of.

    Returns:
        The folder.

    Raises:
        BadInput: The folder holds anything else.
    """
    return keep_tables(tables_of(picture), PICTURE, about(picture), folder)


def about(picture: NationalPicture) -> dict[str, object]:
    """Return what a picture rests on, as plain data."""
    country = picture.country
    files = sorted(paths.parameters().glob("*.yaml"))
    return {
        "workbench": __version__,
        "source": country.source,
        "as_of": country.as_of.isoformat(),
        "read": dict(country.about),
        "scenario": picture.scenario.title,
        "scenario_sha256": digest_of_text(picture.scenario.model_dump_json()),
        "parameters_sha256": {path.name: digest_of_file(path) for path in files},
        "golden_rule": picture.policy,
        "tolerance": picture.tolerance,
        "minutes": list(picture.minutes),
        "minutes_a_km": {
            "fast": picture.pace.fast, "usual": picture.pace.usual, "slow": picture.pace.slow,
        },
        "joiners_within_horizon": picture.arriving,
        "replicates": picture.replicates,
        "draws": picture.draws,
        "seed": picture.seed,
        "trusts": len(picture.trusts),
        "schools": len(country.schools),
        "schools_unrated": picture.unrated,
        "schools_weak": len(picture.weak),
        "schools_weak_without_a_place": int((~picture.weak["placed"]).sum()),
        "notes": list(picture.notes),
    }  # fmt: skip
