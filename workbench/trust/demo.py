"""Write the demo trust: fourteen invented schools, three years of history, real faults of life.

The story (`demo_story`) is fixed; places, sizes, days and statistics are drawn. Each table has a
stream of its own, so changing one table leaves the bytes of the others alone.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from pathlib import Path

from workbench.trust import demo_story as story
from workbench.trust.demo_draws import Draws, Row
from workbench.trust.demo_people import capacity_rows, people_rows, support_rows
from workbench.trust.demo_records import return_rows, statistic_rows

DEMO_SEED = 20261031
_KM_A_DEGREE = 111.2


def write_demo(folder: Path, seed: int = DEMO_SEED) -> None:
    """Write the nine tables of the demo trust as CSV files (UTF-8, line feeds).

    Args:
        folder: Where to write; made where it is absent, files of the same names replaced.
        seed: Seeds the drawn part; the committed `data/demo` has the default.
    """
    folder.mkdir(parents=True, exist_ok=True)
    people = people_rows(Draws(seed, "people"))
    capacity = capacity_rows(people, Draws(seed, "support_capacity"))
    schools = _schools(Draws(seed, "schools"))
    tables: dict[str, tuple[str, Iterable[Row]]] = {
        "trust": ("trust_uid,name,as_of,reserves_gbp,annual_income_gbp", _trust()),
        "schools": (
            "urn,name,phase,type,pupils,latitude,longitude,joined,opened,fsm_percent",
            schools,
        ),
        "inspections_oeif": (
            "urn,inspection_date,kind,overall,category,"
            + ",".join(story.OEIF_JUDGEMENTS)
            + ",safeguarding_effective,urn_at_inspection",
            _inspections_oeif(),
        ),
        "inspections_report_card": (
            "urn,inspection_date,publication_date,safeguarding,category,"
            + ",".join(story.REPORT_CARD_AREAS),
            _report_cards(),
        ),
        "people": (
            "post_id,role,urn,fte,status,person,since,until,"
            "trained_to_deliver,trained_to_lead,days_a_term",
            people,
        ),
        "support": (
            "deployment_id,provider_urn,provider_post,recipient_urn,triggered,started,ended,"
            "days,area,impact_reviewed",
            support_rows(people, Draws(seed, "support")),
        ),
        "support_capacity": ("urn,term,days_available", capacity),
        "returns": (
            "urn,return_name,due,received,on_template",
            return_rows(Draws(seed, "returns")),
        ),
        "school_statistics": (
            "urn,period,measure,value,unit,marker,raw,source",
            statistic_rows(schools, Draws(seed, "school_statistics")),
        ),
    }
    for name, (header, rows) in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(header + "\n")
            csv.writer(file, lineterminator="\n").writerows(rows)


def _trust() -> list[Row]:
    return [(story.TRUST_UID, story.TRUST_NAME, story.AS_OF, 2410000, 43600000)]


def _schools(draws: Draws) -> list[Row]:
    places: list[tuple[float, float]] = []
    rows: list[Row] = []
    for school in story.SCHOOLS:
        place = _place(draws, places)
        places.append(place)
        pupils = round(school.pupils * draws.between(0.97, 1.03))
        fsm = round(school.fsm * draws.between(0.95, 1.05), 1)
        rows.append(
            (school.urn, school.name, school.phase, school.type, pupils,
             f"{place[0]:.4f}", f"{place[1]:.4f}", school.joined, school.opened, fsm)
        )  # fmt: skip
    return rows


def _place(draws: Draws, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """A place in the county, at least 2 km from every other."""
    latitude, longitude = story.CENTRE
    km_east = _KM_A_DEGREE * math.cos(math.radians(latitude))
    while True:
        east, north = (draws.between(-story.RADIUS_KM, story.RADIUS_KM) for _ in range(2))
        if east * east + north * north > story.RADIUS_KM**2:
            continue
        place = (round(latitude + north / _KM_A_DEGREE, 4), round(longitude + east / km_east, 4))
        if all(
            math.hypot((place[0] - a) * _KM_A_DEGREE, (place[1] - b) * km_east) >= 2.0
            for a, b in taken
        ):
            return place


def _inspections_oeif() -> list[Row]:
    return [
        (
            found.urn, found.date, found.kind, found.overall, "", *found.words(),
            "yes" if found.kind == "graded" else "", found.urn_at_inspection or "",
        )
        for found in story.OEIF
    ]  # fmt: skip


def _report_cards() -> list[Row]:
    return [
        (card.urn, card.date, card.published, "met", card.category, *card.words())
        for card in story.REPORT_CARDS
    ]
