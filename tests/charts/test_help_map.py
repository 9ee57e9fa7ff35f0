"""Strengths and needs: unknown is never secure, a need without a strength is said, links add up."""

from __future__ import annotations

import pandas as pd

from tests.charts.drawn import HOSTILE, sound
from workbench.charts.figure import Figure
from workbench.charts.help_map import help_matrix_figure, support_links
from workbench.research.allocation import ALLOCATED_HEADINGS
from workbench.research.who_can_help import MATRIX_HEADINGS


def matrix(
    *rows: tuple[str, ...], name: str = "School", disputed: tuple[tuple[int, str], ...] = ()
) -> Figure:
    """Draw schools whose first areas are as given and the others unknown."""
    areas = len(MATRIX_HEADINGS) - 2
    frame = pd.DataFrame(
        [(urn, f"{name} {urn}", *states, *["unknown"] * (areas - len(states)))
         for urn, states in enumerate(rows, 1)],
        columns=list(MATRIX_HEADINGS),
    )  # fmt: skip
    return sound(
        lambda: help_matrix_figure(
            frame, trust="Alder", period="three terms", source="s.", disputed=disputed
        )
    )


def links(*rows: tuple[int, int, float | None, float | None], name: str = "School") -> Figure:
    frame = pd.DataFrame(
        [(urn, f"{name} {urn}", "inclusion", "need", helper, f"{name} {helper}", days, minutes, "")
         for helper, urn, days, minutes in rows],
        columns=list(ALLOCATED_HEADINGS),
    ).astype({"Days": "float64", "Minutes by road": "float64"})  # fmt: skip
    places = pd.DataFrame({
        "urn": [1, 2, 3, 4], "name": [f"{name} {urn}" for urn in (1, 2, 3, 4)],
        "latitude": [53.7, 53.6, 53.8, None], "longitude": [1.4, 1.3, 1.2, None],
    })  # fmt: skip
    return sound(
        lambda: support_links(frame, places, trust="Alder", as_of="1 May 2026", source="s.")
    )


def test_a_need_that_nobody_is_strong_in_is_said() -> None:
    figure = matrix(("need", "urgent need"), ("strength", "secure"))
    assert figure.headline == (
        "2 needs, 1 of them urgent; no school is known to be strong in curriculum and teaching"
    )
    assert "Inclusion: strength 1, need 1;" in figure.alt


def test_needs_that_can_all_be_met_and_none_are_said() -> None:
    met = matrix(("need",), ("strength",))
    assert met.headline == "1 need, each in an area where a school is strong"
    none = matrix(("strength",), ("secure",))
    assert none.headline == "No need is known in any area; 1 strength known"
    assert matrix().data.empty


def test_unknown_secure_and_disputed_are_drawn_apart() -> None:
    pictures = {
        matrix(("secure",)).svg, matrix(("unknown",)).svg, matrix(("not applicable",)).svg,
        matrix(("need",)).svg, matrix(("need",), disputed=((1, "inclusion"),)).svg,
    }  # fmt: skip
    assert len(pictures) == 5
    figure = matrix(("need",), disputed=((1, "inclusion"),))
    assert list(figure.data["Inclusion"]) == ["Need, disputed"]


def test_days_and_needs_of_links_add_up() -> None:
    figure = links((1, 2, 3.5, 12.0), (3, 2, 1.5, 20.0), (3, 1, None, 18.0))
    assert figure.headline == (
        "One possible allocation: 2 schools could help, 5 free days a term for 1 need and 1 need "
        "to ask about"
    )
    assert "1 school could help, 1 free day a term for 1 need" in links((1, 2, 1.0, 9.0)).headline
    assert "School 3 to School 1 in inclusion, days to be asked, 18 minutes" in figure.alt
    assert list(figure.data["Days a term"]) == ["3.5", "1.5", "to be asked"]


def test_a_school_without_a_place_is_counted_and_kept_in_words() -> None:
    figure = links((4, 2, 2.0, None))
    assert "1 school whose place is not known not drawn" in figure.subtitle
    assert "School 4 to School 2" in figure.alt
    assert list(figure.data["Minutes by road"]) == ["not known"]


def test_no_link_and_hostile_names_are_drawn() -> None:
    assert links().headline.startswith("No need can be matched")
    assert len(links((1, 2, 1.0, 9.0), name=HOSTILE).data) == 1
    assert len(matrix(("need",), ("strength",), name=HOSTILE).data) == 2
