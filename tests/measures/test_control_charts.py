"""XmR charts: published limits, each rule at its edge, and what the icons say."""

from __future__ import annotations

import math
from dataclasses import asdict

import pytest

from workbench.errors import BadInput
from workbench.measures import control_charts
from workbench.measures.control_charts import (
    ControlChart,
    Direction,
    Signal,
    TooFewPoints,
    control_chart,
)

# NIST/SEMATECH e-Handbook of Statistical Methods, section 6.3.2.2: ten flow rates.
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]

# Mean 10, every moving range 2: limits 10 -+ 5.32, two thirds of the way 10 -+ 3.5467. Turning at
# each point, it holds no pattern itself and ends above the mean.
QUIET = [9.0, 11.0] * 6


def charted(
    values: list[float],
    *,
    direction: Direction = "up",
    target: float | None = None,
    baseline: int | None = None,
) -> ControlChart:
    chart = control_chart(values, direction=direction, target=target, baseline=baseline, fewest=2)
    assert isinstance(chart, ControlChart)
    return chart


def after_quiet(*later: float, direction: Direction = "up") -> ControlChart:
    return charted([*QUIET, *later], direction=direction, baseline=len(QUIET))


def rules(chart: ControlChart) -> list[tuple[str, str, tuple[int, ...]]]:
    """Return rule, side and points, counted from the first point after the quiet ones."""
    start = len(QUIET)
    return [
        (signal.rule, signal.side, tuple(point - start for point in signal.points))
        for signal in chart.signals
    ]


def test_limits_match_the_published_example() -> None:
    chart = control_chart(FLOW, direction="up", fewest=10, factor=3 / 1.128)
    assert isinstance(chart, ControlChart)
    assert chart.mean == pytest.approx(50.81)
    assert chart.mean_moving_range == pytest.approx(1.8778, abs=5e-5)
    assert (round(chart.upper, 4), round(chart.lower, 4)) == (55.8041, 45.8159)
    assert chart.signals == ()


def test_the_rounded_factor_is_the_default() -> None:
    chart = charted(FLOW)
    assert (round(chart.upper, 4), round(chart.lower, 4)) == (55.8049, 45.8151)


@pytest.mark.parametrize(
    ("jump", "screened", "mean"), [(4.115, 0, (11 + 4.115) / 12), (4.116, 1, 1.0)]
)
def test_a_moving_range_at_3_267_times_the_mean_is_left_out_once(
    jump: float, screened: int, mean: float
) -> None:
    """Eleven ranges of 1 and one of r: r is 12 r / (11 + r) means, 3.267 at r = 4.1151."""
    chart = charted([0.0, 1.0] * 6 + [1.0 + jump])
    assert chart.screened == screened
    assert chart.mean_moving_range == pytest.approx(mean)


def test_a_range_of_just_the_limit_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranges 1, 1, 1, 9: the last is three times their mean."""
    monkeypatch.setattr(control_charts, "RANGE_LIMIT", 3.0)
    assert charted([0, 1, 0, 1, 10]).screened == 1


def test_screening_is_not_repeated() -> None:
    """Of ranges 1 (20 times), 7 and 30 only the last goes: 7 is 5 times the mean that remains."""
    chart = charted([0.0, 1.0] * 10 + [0.0, 7.0, 37.0])
    assert chart.screened == 1
    assert chart.mean_moving_range == pytest.approx(27 / 21)


def test_a_point_beyond_a_limit_is_a_special_cause() -> None:
    assert rules(after_quiet(15.33)) == [("outside limits", "above", (0,))]
    assert rules(after_quiet(4.67)) == [("outside limits", "below", (0,))]
    assert rules(after_quiet(15.31)) == rules(after_quiet(4.69)) == []


def test_seven_rising_points_are_a_trend_and_six_are_not() -> None:
    rising = [9.0, 9.3, 9.6, 9.9, 10.2, 10.5, 10.8]
    assert rules(after_quiet(*rising)) == [("trend", "above", tuple(range(7)))]
    assert rules(after_quiet(*rising[:6])) == []


def test_seven_falling_points_are_a_trend_below() -> None:
    falling = [11.5, 10.8, 10.5, 10.2, 9.9, 9.6, 9.3]
    chart = after_quiet(12.0, 9.0, *falling)
    assert rules(chart) == [("trend", "below", tuple(range(2, 9)))]


def test_the_numbers_1_to_7_are_a_trend() -> None:
    """Mean 4, limits 4 -+ 2.66: the ends are outside, and precedence leaves the rest the trend."""
    signals = charted([1, 2, 3, 4, 5, 6, 7]).signals
    assert Signal(6, "trend", "above", (1, 2, 3, 4, 5)) in signals


def test_an_equal_step_breaks_a_trend() -> None:
    assert rules(after_quiet(9.0, 9.3, 9.6, 9.6, 9.9, 10.2, 10.5, 10.8)) == []


def test_a_longer_trend_is_one_signal_at_its_last_point() -> None:
    chart = after_quiet(*[8.5 + step / 4 for step in range(9)])
    assert [(signal.rule, signal.at) for signal in chart.signals] == [("trend", 20)]
    assert len(chart.signals[0].points) == 9


def test_seven_points_on_one_side_are_a_shift_and_six_are_not() -> None:
    low = [9.5, 9.4, 9.5, 9.4, 9.5, 9.4, 9.5]
    assert rules(after_quiet(*low)) == [("shift", "below", tuple(range(7)))]
    assert rules(after_quiet(*low[:6])) == []


def test_a_point_on_the_mean_breaks_a_shift() -> None:
    assert rules(after_quiet(9.5, 9.4, 9.5, 10.0, 9.4, 9.5, 9.4, 9.5)) == []


def test_a_point_on_a_mean_that_rounds_is_still_on_it() -> None:
    """The mean of 0.1, 0.2, 0.3 is a rounding above 0.2."""
    baseline = [0.1, 0.3, 0.2] * 4
    chart = charted([*baseline, *[0.2] * 7], baseline=12)
    assert chart.mean != 0.2
    assert chart.signals == ()


def test_two_of_three_beyond_two_thirds_of_the_way_are_a_special_cause() -> None:
    for later, points in (([13.55, 13.55], (0, 1)), ([13.55, 10.5, 13.55], (0, 2))):
        assert rules(after_quiet(*later)) == [("two of three", "above", points)]
    assert rules(after_quiet(6.45, 10.5, 6.45)) == [("two of three", "below", (0, 2))]


@pytest.mark.parametrize(
    "later",
    [
        [13.54, 13.54],  # 13.5467 is two thirds of the way
        [13.55, 10.5, 9.5, 13.55],  # two of four
        [13.55, 6.45, 10.5],  # on opposite sides
        [13.55],
    ],
)
def test_less_than_two_of_three_on_one_side_is_none(later: list[float]) -> None:
    assert rules(after_quiet(*later)) == []


def test_overlapping_windows_are_one_signal_and_separate_ones_two() -> None:
    assert rules(after_quiet(13.6, 9.5, 13.6, 9.5, 13.6)) == [("two of three", "above", (0, 2, 4))]
    assert rules(after_quiet(13.6, 13.6, 9.5, 9.6, 13.6, 13.6)) == [
        ("two of three", "above", (0, 1)),
        ("two of three", "above", (4, 5)),
    ]


def test_a_point_carries_the_rule_of_highest_precedence() -> None:
    trend_to_outside = after_quiet(9.0, 9.4, 9.8, 10.2, 10.6, 14.0, 16.0)
    assert rules(trend_to_outside) == [
        ("outside limits", "above", (6,)),
        ("trend", "above", (0, 1, 2, 3, 4, 5)),
    ]
    trend_near_the_limit = after_quiet(9.9, 9.5, 9.0, 8.0, 7.0, 6.3, 6.2)
    # The quiet series ends above: its last point starts the fall.
    assert rules(trend_near_the_limit) == [("trend", "below", tuple(range(-1, 7)))]
    shift_near_the_limit = after_quiet(9.5, 9.4, 6.2, 6.3, 9.5, 9.4, 9.5)
    assert rules(shift_near_the_limit) == [
        ("two of three", "below", (2, 3)),
        ("shift", "below", (0, 1, 4, 5, 6)),
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RANGE_LIMIT", 5.0),
        ("TREND_POINTS", 6),
        ("TREND_POINTS", 8),
        ("SHIFT_POINTS", 6),
        ("SHIFT_POINTS", 8),
        ("NEAR_POINTS", 3),
        ("NEAR_WINDOW", 2),
        ("NEAR_LIMIT", 0.6),
        ("NEAR_LIMIT", 0.7),
    ],
)
def test_every_constant_of_the_method_matters(
    name: str, value: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A series with a jump, and each pattern twice: just long enough, and one point too short."""
    baseline = [*QUIET, 17.0, 3.0, 11.0, 9.0]  # the range of 14 is left out; two thirds are 4.825
    rise, low = [9.0, 9.3, 9.6, 9.9, 10.2, 10.5, 10.8], [9.5, 9.4] * 4
    series = [*baseline, *rise, *rise[:6], 10.0, *low[:7], 10.0, *low[:6], 10.1]
    series += [14.9, 9.9, 14.9, 9.9, 10.1, 14.5, 14.5, 9.9]
    before = asdict(charted(series, baseline=16))
    monkeypatch.setattr(control_charts, name, value)
    assert asdict(charted(series, baseline=16)) != before


def test_a_series_without_variation_has_limits_without_width() -> None:
    chart = charted([0.1] * 12, target=0.1)
    assert (chart.lower, chart.upper, chart.mean_moving_range) == pytest.approx((0.1, 0.1, 0))
    assert (chart.screened, chart.signals) == (0, ())
    assert (chart.variation, chart.assurance) == ("common cause", "hit or miss")
    changed = charted([0.1] * 12 + [0.2], baseline=12)
    assert changed.signals == (Signal(12, "outside limits", "above", (12,)),)


def test_a_baseline_sets_the_limits_and_all_points_are_judged() -> None:
    chart = after_quiet(30.0, 10.0)
    assert (chart.mean, chart.mean_moving_range, chart.baseline) == (10, 2, 12)
    assert len(chart.values) == 14
    assert rules(chart) == [("outside limits", "above", (0,))]


@pytest.mark.parametrize(
    ("last", "direction", "variation"),
    [
        (16.0, "up", "improvement"),
        (16.0, "down", "concern"),
        (4.0, "up", "concern"),
        (4.0, "down", "improvement"),
        (10.5, "up", "common cause"),
    ],
)
def test_variation_is_judged_by_the_latest_point(
    last: float, direction: Direction, variation: str
) -> None:
    assert after_quiet(last, direction=direction).variation == variation
    assert after_quiet(last, 9.9, direction=direction).variation == "common cause"


@pytest.mark.parametrize(
    ("target", "up", "down"),
    [
        (4.67, "consistently passes", "consistently fails"),
        (4.69, "hit or miss", "hit or miss"),
        (15.31, "hit or miss", "hit or miss"),
        (15.33, "consistently fails", "consistently passes"),
    ],
)
def test_assurance_asks_on_which_side_of_the_limits_the_target_lies(
    target: float, up: str, down: str
) -> None:
    assert charted(QUIET, target=target).assurance == up
    assert charted(QUIET, target=target, direction="down").assurance == down


def test_without_a_target_there_is_no_assurance() -> None:
    assert charted(QUIET).assurance is None


def test_eleven_points_are_too_few_twelve_give_trial_limits_and_thirteen_limits() -> None:
    assert control_chart(QUIET[:11], direction="up") == TooFewPoints(11, 12)
    twelve = control_chart(QUIET, direction="up")
    thirteen = control_chart([*QUIET, 9.0], direction="up")
    assert isinstance(twelve, ControlChart)
    assert isinstance(thirteen, ControlChart)
    assert (twelve.limits, thirteen.limits) == ("trial limits", "limits")


def test_a_baseline_must_be_long_enough_and_complete() -> None:
    assert control_chart(QUIET * 2, direction="up", baseline=6) == TooFewPoints(6, 12)
    assert control_chart(QUIET, direction="up", baseline=20) == TooFewPoints(12, 20)
    frozen = control_chart(QUIET * 2, direction="up", baseline=12)
    assert isinstance(frozen, ControlChart)
    assert frozen.limits == "trial limits"
    assert control_chart([], direction="up") == TooFewPoints(0, 12)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_missing_or_infinite_value_is_refused(bad: float) -> None:
    with pytest.raises(BadInput, match="point 13 of 14"):
        control_chart([*QUIET, bad, 9.0], direction="up")
    with pytest.raises(BadInput, match="target"):
        control_chart(QUIET, direction="up", target=bad)


@pytest.mark.parametrize(("fewest", "baseline"), [(1, None), (2, 0)])
def test_impossible_numbers_of_points_are_refused(fewest: int, baseline: int | None) -> None:
    with pytest.raises(BadInput, match="limits cannot be set"):
        control_chart(QUIET, direction="up", fewest=fewest, baseline=baseline)
