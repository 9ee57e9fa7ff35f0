"""The likelihood of grades seen, by brute force and by small steps."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.linalg import expm

from tests.growth.calibrate.test_chain import generator
from workbench.errors import BadInput
from workbench.growth.calibrate.form import (
    Form,
    frail_second,
    read_numbers,
    seen_as,
    starting_numbers,
)
from workbench.growth.calibrate.likelihood import log_likelihood, with_gradient
from workbench.growth.calibrate.planted import Planted, planted_panel
from workbench.growth.calibrate.visits import Floats, read_visits

MOVES = (0.5, 0.4, 0.06, 0.05, 0.1, 0.2)


def panel(schools: int = 150, seed: int = 3) -> pd.DataFrame:
    planted = Planted(effects={"intake": (-0.3, 0.2), "size": (0.0, 0.4)}, frail_share=0.2)
    frame = planted_panel(planted, schools, 12.0, seed)
    return frame.assign(stratum=np.where(frame["urn"] % 2 == 0, "even", "odd"))


def shaken(form: Form, seed: int = 5) -> Floats:
    theta = starting_numbers(form, MOVES, (0.05, 0.07))
    return theta + 0.2 * np.random.Generator(np.random.Philox(seed)).standard_normal(len(theta))


FORMS = {
    "shared errors": Form(("intake", "size"), strata=("even", "odd")),
    "errors by band": Form(("intake", "size"), errors="by band", strata=("even", "odd")),
    "frailty and moves of their own": Form(
        ("intake", "size"), {"size": ("move",)}, frailty=True, strata=("even", "odd")
    ),
    "errors held and moves named": Form(
        ("intake", "size"), {"intake": ("rise_attention", "fall")}, errors=(0.03, 0.05),
        strata=("even", "odd"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_the_gradient_is_that_of_small_steps(name: str) -> None:
    form, visits = FORMS[name], read_visits(panel(), ["intake", "size"])
    theta = shaken(form)
    value, gradient = with_gradient(form, visits, theta)
    assert value == pytest.approx(log_likelihood(form, visits, theta), rel=1e-13)
    steps = 1e-5 * np.eye(len(theta))
    slopes = [
        (log_likelihood(form, visits, theta + s) - log_likelihood(form, visits, theta - s)) / 2e-5
        for s in steps
    ]
    assert_allclose(gradient, slopes, rtol=1e-4, atol=1e-4)


def test_the_likelihood_is_the_sum_over_every_path_of_true_bands() -> None:
    """Four visits, one of them unseen, and 4^4 paths added up one by one."""
    frame = pd.DataFrame(
        {
            "urn": 900001,
            "date": pd.to_datetime(["2010-01-01", "2011-06-01", "2012-01-01", "2014-03-01"]),
            "band": [1.0, 0.0, np.nan, 2.0],
            "fell": [0.0, 0.0, 1.0, 1.0],
        }
    )
    form = Form(("fell",), frailty=True)
    visits, theta = read_visits(frame, ["fell"], means=[0.0]), shaken(form)
    numbers = read_numbers(form, theta, np.array([[0.0], [1.0]]))
    years = frame["date"].diff().dt.days.to_numpy() / 365.25
    total = 0.0
    for which in range(2):
        moved = [
            expm(generator(np.exp(numbers.log_intensities[which, int(fell)])) * year)
            for fell, year in zip(frame["fell"], years[1:], strict=False)
        ]
        for path in itertools.product(range(4), repeat=4):
            chance = numbers.share[which] * numbers.start[which, 0, path[0]]
            for place, moves in enumerate(moved):
                chance *= moves[path[place], path[place + 1]]
            for true, band in zip(path, frame["band"], strict=True):
                chance *= 1.0 if np.isnan(band) else numbers.seen[true, int(band)]
            total += chance
    assert log_likelihood(form, visits, theta) == pytest.approx(np.log(total), rel=1e-10)


def test_the_order_of_rows_and_of_schools_does_not_matter() -> None:
    frame, form = panel(), FORMS["shared errors"]
    shuffled = frame.sample(frac=1.0, random_state=1)
    one, other = (read_visits(each, ["intake", "size"]) for each in (frame, shuffled))
    assert log_likelihood(form, one, shaken(form)) == pytest.approx(
        log_likelihood(form, other, shaken(form)), rel=1e-12
    )


def test_an_unseen_row_without_a_change_says_nothing() -> None:
    frame, form = panel(), Form(("intake", "size"))
    extra = frame.groupby("urn").first().reset_index()
    extra = extra.assign(date=extra["date"] + pd.Timedelta(days=100), band=np.nan)
    more = pd.concat([frame, extra]).drop(columns="stratum")
    first = read_visits(frame.drop(columns="stratum"), ["intake", "size"], means=[0, 0])
    second = read_visits(more, ["intake", "size"], means=[0, 0])
    assert log_likelihood(form, first, shaken(form)) == pytest.approx(
        log_likelihood(form, second, shaken(form)), rel=1e-12
    )


def test_which_class_comes_first_changes_no_likelihood() -> None:
    """The class that rises less readily is put second; all else is told anew around it."""
    form, visits = FORMS["frailty and moves of their own"], read_visits(panel(), ["intake", "size"])
    theta = shaken(form)
    theta[form.slices()["frailty"]] = (1.3, 0.4)
    turned = frail_second(form, theta)
    assert turned[form.slices()["frailty"]].tolist() == [-1.3, -0.4]
    assert log_likelihood(form, visits, turned) == pytest.approx(
        log_likelihood(form, visits, theta), rel=1e-12
    )


def test_inspectors_see_no_band_beyond_the_ends() -> None:
    """As the simulation has it: `improving.inspect` holds what is seen within the bands."""
    expected = [
        [0.94, 0.06, 0.0, 0.0],
        [0.04, 0.90, 0.06, 0.0],
        [0.0, 0.04, 0.90, 0.06],
        [0.0, 0.0, 0.04, 0.96],
    ]
    assert_allclose(seen_as(0.04, 0.06), expected)


def test_what_cannot_be_visits_is_refused() -> None:
    frame = panel(5)
    with pytest.raises(BadInput, match="lack absence"):
        read_visits(frame, ["absence"])
    with pytest.raises(BadInput, match="a band of 4"):
        read_visits(frame.assign(band=4))
    with pytest.raises(BadInput, match="intake is missing"):
        read_visits(frame.assign(intake=np.nan), ["intake"])
    with pytest.raises(BadInput, match="two visits on"):
        read_visits(pd.concat([frame, frame.head(1)]))
    with pytest.raises(BadInput, match="no covariate"):
        Form(("intake",), {"size": ("rise",)})
    with pytest.raises(BadInput, match="cannot be"):
        Form(errors=(0.3, 0.4))
