"""What each side says: bands as given, distance said from two bands on, silence left blank."""

from __future__ import annotations

import pandas as pd

from tests.charts.drawn import HOSTILE, sound
from tests.charts.words import words_of
from workbench.charts.figure import Figure
from workbench.charts.sides import schools_apart, sides_matrix, sides_of_schools

AREA = ["area", "source", "band", "day", "authors", "independent", "bands_apart", "flags"]
SCHOOL = ["urn", "name", "source", "band", "lowest", "areas", "day", "bands_apart", "areas_apart",
          "flags"]  # fmt: skip
DAY = pd.Timestamp("2026-10-01")


def of_school(*rows: tuple[str, str, str, int], school: str = "Alder School") -> Figure:
    frame = pd.DataFrame(
        [(area, source, band, DAY, 1, 2, apart, "") for area, source, band, apart in rows],
        columns=AREA,
    )
    return sound(lambda: sides_matrix(frame, school=school, period="three terms", source="s."))


def of_trust(*rows: tuple[int, str, str, int, int], name: str = "School") -> Figure:
    frame = pd.DataFrame(
        [(urn, f"{name} {urn}", source, band, band, 2, DAY, apart, inside, "")
         for urn, source, band, apart, inside in rows],
        columns=SCHOOL,
    )  # fmt: skip
    return sound(lambda: sides_of_schools(frame, trust="Alder", period="three terms", source="s."))


def test_areas_where_sources_are_far_apart_lead() -> None:
    figure = of_school(
        ("inclusion", "staff", "strong", 3), ("inclusion", "data", "urgent", 3),
        ("achievement", "staff", "secure", 0),
    )  # fmt: skip
    assert figure.headline == (
        "Sources are two or more bands apart on inclusion; somebody calls inclusion urgent"
    )
    assert "Inclusion: urgent by data, strong by staff." in figure.alt
    assert list(figure.data["Band"]) == ["Strong", "Urgent", "Secure"]


def test_one_band_apart_is_not_a_disagreement() -> None:
    figure = of_school(("inclusion", "staff", "strong", 1), ("inclusion", "data", "secure", 1))
    assert figure.headline == "Sources differ by no more than one band in the one area judged"


def test_a_full_cell_and_none_and_a_hostile_name_are_drawn() -> None:
    every = [("post-16", source, "strong", 0) for source in (
        "staff", "parents", "pupils", "peer review", "trust visit", "local board", "data",
        "external review", "quality review", "the school itself",
    )]  # fmt: skip
    assert len(of_school(*every, school=HOSTILE).data) == 10
    assert of_school().headline.startswith("No source says anything")


def test_schools_where_sources_are_apart_are_named() -> None:
    figure = of_trust(
        (1, "staff", "strong", 2, 1), (1, "data", "needs attention", 2, 1),
        (2, "staff", "secure", 0, 1), (3, "data", "secure", 0, 0),
        (4, "staff", "strong", 2, 0),
    )  # fmt: skip
    assert figure.headline == (
        "Sources are two or more bands apart at 3 of 4 schools: in some area at School 1 and "
        "School 2; only overall at School 4"
    )
    assert "School 1: needs attention by data, strong by staff." in figure.alt
    said = [one.text for one in words_of(figure.svg)]
    assert (said.count("in 1 area"), said.count("overall: 2 bands")) == (2, 2)


def test_schools_apart_are_one_list_of_those_in_an_area_and_those_only_overall() -> None:
    frame = pd.DataFrame(
        [(1, "A", 2, 1), (1, "A", 2, 1), (2, "B", 0, 2), (3, "C", 3, 0), (4, "D", 1, 0)],
        columns=["urn", "name", "bands_apart", "areas_apart"],
    )
    assert schools_apart(frame) == (["A", "B"], ["C"])


def test_the_words_on_a_grid_name_only_the_few_farthest_apart() -> None:
    rows = [(urn, "staff", "strong", 2, urn % 2) for urn in range(1, 21)]
    figure = of_trust(*rows, (21, "data", "urgent", 3, 0), (21, "staff", "strong", 3, 0))
    assert "21 strong, 0 secure, 0 needs attention and 1 urgent" in figure.alt
    assert "School 21: urgent by data, strong by staff. School 1: strong by staff." in figure.alt
    assert figure.alt.count("School ") == 3
    assert figure.alt.endswith("Two bands or more at 18 other schools.")


def test_a_row_of_data_is_a_school_with_each_source_in_its_column() -> None:
    data = of_trust((1, "staff", "strong", 2, 1), (1, "data", "urgent", 2, 1),
                    (2, "staff", "secure", 0, 0)).data  # fmt: skip
    assert list(data.columns[:3]) == ["School", "Staff", "Data"]
    assert data.iloc[:, 1:5].to_numpy().tolist() == [
        ["Strong", "Urgent", 1, 2],
        ["Secure", "", 0, 0],
    ]


def test_agreement_and_silence_of_schools_are_said() -> None:
    assert of_trust((1, "staff", "secure", 0, 0)).headline.endswith("the one school with evidence")
    assert of_trust().data.empty


def test_many_schools_with_hostile_names_are_drawn() -> None:
    rows = [(urn, "staff", "urgent", 2, 0) for urn in range(30)]
    assert len(of_trust(*rows, name=HOSTILE).data) == 30
