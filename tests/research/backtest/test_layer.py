"""What figures were known by a day, and a layer that finds what was planted."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import special

from workbench.research.backtest.cases import Cases
from workbench.research.backtest.inputs import Inputs
from workbench.research.backtest.layer import Figures, columns_of, figures_known, fit_layer

ORIGIN = dt.date(2018, 7, 31)
MEASURE = "absence_percent"


def inputs(rows: list[tuple[int, str, float]]) -> Inputs:
    figures = pd.DataFrame(rows, columns=["urn", "ended", "value"]).assign(measure=MEASURE)
    figures["ended"] = pd.to_datetime(figures["ended"]).astype("datetime64[s]")
    nothing = pd.DataFrame()
    return Inputs(nothing, figures, nothing, {}, ())


def test_a_figure_is_known_when_its_year_has_ended_or_when_it_is_published() -> None:
    told = inputs([(1, "2017-07-31", 4.0), (2, "2017-07-31", 6.0),
                   (1, "2018-07-31", 9.0), (2, "2018-07-31", 5.0)])  # fmt: skip
    ended, published = (figures_known(told, ORIGIN, months) for months in (0, 8))
    assert ended.ended[MEASURE] == pd.Timestamp("2018-07-31")
    assert published.ended[MEASURE] == pd.Timestamp("2017-07-31")
    # Of two numbers each is half a standard deviation of a sample from their middle, times root 2.
    assert ended.values[MEASURE].tolist() == pytest.approx([0.5**0.5, -(0.5**0.5)])
    assert published.values[MEASURE].tolist() == pytest.approx([-(0.5**0.5), 0.5**0.5])


def test_no_figure_of_a_year_that_had_not_ended_is_known() -> None:
    told = inputs([(1, "2019-07-31", 4.0), (2, "2019-07-31", 6.0)])
    assert figures_known(told, ORIGIN, 0).ended == {}


def one_case(day: str) -> Cases:
    asked = pd.DataFrame(
        {"date": pd.to_datetime([day]).astype("datetime64[s]"), "band": [2], "last": [1],
         "before": [2.0], "third": [np.nan], "graded": [2], "mean": [1.5], "waited": [3.0]},
        index=pd.Index([1], name="urn"),
    )  # fmt: skip
    return Cases(asked, pd.DataFrame())


def test_a_figure_fades_with_the_years_between_it_and_the_grade() -> None:
    figures = Figures(pd.DataFrame({MEASURE: [2.0]}, [1]), {MEASURE: pd.Timestamp("2018-07-31")})
    schools = pd.DataFrame({"phase": ["secondary"], "type": ["converter"]}, [1])
    near, far = (
        columns_of(one_case(day), schools, figures, 4.0).loc[1]
        for day in ("2018-07-31", "2022-07-31")
    )
    assert near[MEASURE] == 2.0
    assert far[MEASURE] == pytest.approx(2.0 * np.exp(-1.0), rel=1e-3)
    assert near["absence in secondary"] == 2.0
    assert (near["last 1"], near["before 1"], near["no third grade"], near["converter"]) == (
        1.0, 0.0, 1.0, 1.0,
    )  # fmt: skip
    assert near["waited 1"] == pytest.approx(np.log(4.0))


def test_a_school_without_a_figure_is_put_in_the_middle_and_marked() -> None:
    figures = Figures(pd.DataFrame({MEASURE: [2.0]}, [7]), {MEASURE: pd.Timestamp("2018-07-31")})
    schools = pd.DataFrame({"phase": ["primary"], "type": ["other"]}, [1])
    found = columns_of(one_case("2019-07-31"), schools, figures, 4.0).loc[1]
    assert (found[MEASURE], found[f"no {MEASURE}"]) == (0.0, 1.0)
    assert found.notna().all()


def test_deprivation_counts_from_the_middle_fifth_where_any_school_has_it() -> None:
    """Of one case alone nothing may be known: its columns are those of all cases nevertheless."""
    figures, case = Figures(pd.DataFrame(), {}), one_case("2019-07-31")
    schools = pd.DataFrame({"phase": "primary", "type": "other", "deprivation": [5, 1]}, [1, 2])
    unknown = schools.assign(deprivation=pd.array([pd.NA, 1], dtype="Int64"))
    nowhere = unknown.assign(deprivation=pd.array([pd.NA] * 2, dtype="Int64"))

    assert columns_of(case, schools, figures, 4.0).loc[1, "deprivation"] == 2.0
    assert columns_of(case, unknown, figures, 4.0).loc[1, "deprivation"] == 0.0
    assert "deprivation" not in columns_of(case, nowhere, figures, 4.0)


def test_without_a_penalty_the_layer_is_logistic_regression() -> None:
    """Against the maximum likelihood of statsmodels."""
    rng = np.random.default_rng(1)
    x = pd.DataFrame(rng.standard_normal((800, 2)), columns=["one", "two"])
    y = rng.random(800) < special.expit(0.4 + x["one"] - 0.5 * x["two"])
    found = fit_layer(x, y, 0.0).coefficients
    expected = sm.Logit(y.astype(float), sm.add_constant(x)).fit(disp=0).params
    assert found.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-4)


def test_a_penalty_holds_slopes_back_and_leaves_the_mean_right() -> None:
    rng = np.random.default_rng(2)
    x = pd.DataFrame(rng.standard_normal((800, 1)), columns=["one"])
    y = rng.random(800) < special.expit(1.0 + 2.0 * x["one"])
    free, held = fit_layer(x, y, 0.0), fit_layer(x, y, 100.0)
    assert 0 < held.coefficients["one"] < 0.8 * free.coefficients["one"]
    assert held.chances(x).mean() == pytest.approx(y.mean(), abs=1e-4)
