"""Small control charts: each school with its word, the headline naming those with a signal."""

from __future__ import annotations

from dataclasses import replace

from tests.charts.drawn import HOSTILE, sound
from tests.charts.test_control import STEADY
from workbench.charts.control_grid import MOST_PANELS, control_grid, word_for
from workbench.charts.figure import Figure
from workbench.measures.control_charts import control_chart
from workbench.research.trends import Trend


def trend(urn: int, *values: float) -> Trend:
    return Trend(
        urn=urn,
        values=values,
        absence=tuple(value + 5 for value in values),
        periods=tuple(f"Sep {2000 + place}" for place in range(len(values))),
        chart=control_chart(values, direction="down"),
    )


def draw(*trends: Trend, name: str = "School") -> Figure:
    names = {one.urn: f"{name} {one.urn}" for one in trends}
    return sound(lambda: control_grid(trends, names, whose="Alder Trust", source="s."))


WORSE, BETTER = trend(1, *STEADY, 9.0), trend(2, *STEADY, 1.0)
SILENT, SHORT = trend(3, *STEADY), trend(4, 5.0, 5.1)


def test_each_trend_has_its_word() -> None:
    assert [word_for(one) for one in (WORSE, BETTER, SILENT, SHORT)] == [
        "worse", "better", "no signal", "too few points",
    ]  # fmt: skip


def test_a_school_beside_all_phases_is_marked_so() -> None:
    figure = draw(replace(WORSE, own_phase=False), BETTER)
    assert figure.data["At its end"].tolist() == ["Worse, against all phases", "Better"]
    assert "School 1 ends at 9.0, worse, against all phases" in figure.alt
    assert "worse*</text>" in figure.svg
    assert "* against schools of all phases" in figure.svg
    assert "*</text>" not in draw(WORSE, BETTER).svg


def test_concern_and_improvement_are_named_apart() -> None:
    figure = draw(WORSE, BETTER, SILENT, SHORT)
    assert figure.headline == (
        "Absence against the trust's other schools shows a signal of concern at School 1 and of "
        "improvement at School 2"
    )
    assert "1 worse, 1 better, 1 no signal and 1 too few points" in figure.alt
    assert figure.alt.endswith("School 1 ends at 9.0, worse; School 2 ends at 1.0, better.")
    assert list(figure.data["School"]) == ["School 1", "School 2", "School 3", "School 4"]


def test_the_words_on_the_panels_name_only_the_few_farthest_from_their_means() -> None:
    figure = draw(*[trend(n, *STEADY, 9.0 + n) for n in range(10)], *[replace(SILENT, urn=90)])
    assert "11 small control charts" in figure.alt
    assert [f"School {n} ends" in figure.alt for n in (90, 0, 6, 7, 8, 9)] == [False] * 3 + [
        True
    ] * 3
    assert draw(SILENT).alt.endswith("points enough: 1 no signal.")


def test_a_row_of_data_holds_a_schools_panel() -> None:
    data = draw(WORSE, SHORT).data.set_index("School")
    assert data.loc["School 1", "Sep 2014"] == "9.0"
    assert data.loc["School 1", "Signals"] == (
        "shift: Sep 2002 to Sep 2013; outside limits: Sep 2014"
    )
    # Too few points have no limits; half-terms that a school was not there are blank, not zero.
    short = data.loc["School 4"]
    assert list(short[["Mean", "Lower limit", "Signals", "Sep 2001", "Sep 2002"]]) == [
        "", "", "", "5.1", "",
    ]  # fmt: skip


def test_many_panels_stay_light() -> None:
    figure = draw(*[trend(n, *STEADY, 9.0) for n in range(MOST_PANELS)])
    assert len(figure.svg) < 3_000 * MOST_PANELS


def test_no_signal_and_too_few_points_are_said() -> None:
    assert draw(SILENT).headline.endswith("no signal at any school")
    assert draw(SILENT, SHORT).headline.endswith("no signal at the 1 school judged")
    assert draw(SHORT).headline.startswith("Too few half-terms")
    assert draw().headline.startswith("No school has half-terms")


def test_a_large_trust_shows_signals_only_and_counts_the_others() -> None:
    quiet = [trend(100 + place, *STEADY) for place in range(MOST_PANELS)]
    figure = draw(WORSE, *quiet, SHORT)
    assert list(dict.fromkeys(figure.data["School"])) == ["School 1"]
    assert "not drawn: 24 schools without a signal and 1 school with too few" in figure.subtitle
    assert draw(*quiet, SHORT).data.empty


def test_more_signals_than_panels_leave_none_uncounted() -> None:
    figure = draw(*[trend(n, *STEADY, 9.0) for n in range(30)])
    assert figure.data["School"].nunique() == MOST_PANELS
    assert "6 more schools with a signal" in figure.subtitle
    assert figure.headline.endswith("and 25 more")


def test_hostile_names_are_drawn() -> None:
    assert HOSTILE in draw(WORSE, BETTER, name=HOSTILE).headline
