"""The libraries that the workbench relies on against certified values of NIST.

Source of all data and values: National Institute of Standards and Technology, Statistical Reference
Datasets (StRD), linear regression and analysis of variance.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import statsmodels.api as sm
from scipy.stats import f_oneway

Floats = npt.NDArray[np.float64]

LONGLEY = {
    "const": -3482258.63459582,
    "GNPDEFL": 15.0618722713733,
    "GNP": -0.0358191792925910,
    "UNEMP": -2.02022980381683,
    "ARMED": -1.03322686717359,
    "POP": -0.0511041056535807,
    "YEAR": 1829.15146461355,
}
LONGLEY_R2 = 0.995479004577296
LONGLEY_SD = 304.854073561965
LONGLEY_F = 330.285339234588

# fmt: off
NORRIS_Y = [
    0.1, 338.8, 118.1, 888.0, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1,
    668.8, 339.3, 448.9, 10.8, 557.7, 228.3, 998.0, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888.0,
    998.5, 778.9, 10.2, 117.6, 228.9, 668.4, 449.2, 0.2,
]
NORRIS_X = [
    0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4, 0.6, 775.5,
    666.9, 338.0, 447.5, 11.6, 556.0, 228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2,
    999.0, 779.0, 11.1, 118.3, 229.2, 669.1, 448.9, 0.5,
]
# Resistivity of silicon (ohm cm) by five instruments.
SIRSTV = [
    [196.3052, 196.1240, 196.1890, 196.2569, 196.3403],
    [196.3042, 196.3825, 196.1669, 196.3257, 196.0422],
    [196.1303, 196.2005, 196.2889, 196.0343, 196.1811],
    [196.2795, 196.1748, 196.1494, 196.1485, 195.9885],
    [196.2119, 196.1051, 196.1850, 196.0052, 196.2090],
]
# Atomic weight of silver by two instruments: 107.868 and these ten-millionths.
ATMWTAG = [
    [
        1568, 1465, 1572, 1785, 1446, 1903, 1526, 1494, 1616, 1587, 1519, 1486,
        1419, 1569, 1508, 1672, 1385, 1518, 1662, 1424, 1360, 1333, 1610, 1477,
    ],
    [
        1079, 1344, 1513, 1197, 1604, 1385, 1642, 1365, 1151, 1082, 1517, 1448,
        1198, 1482, 1334, 1609, 1101, 1512, 1469, 1360, 1254, 1261, 1450, 1368,
    ],
]
# fmt: on


def agreeing_digits(found: float, certified: float) -> float:
    """Return the log relative error, about the number of digits in which both agree."""
    if found == certified:
        return 15.0
    return float(-np.log10(abs(found - certified) / abs(certified)))


def one_way_f(groups: list[Floats]) -> float:
    return float(f_oneway(*groups).statistic)


def smith_levels(replicates: int, shift: int) -> list[Floats]:
    """Return the constructed data SmLs: nine levels, each x.4, then as often -.1 as +.1 from it.

    The first level has the middle 1.4, the even ones 1.3 and the other odd ones 1.5, all moved by
    `shift`. Taken in tenths, so that centring is exact.
    """
    half = (replicates - 1) // 2
    middles = [4, 3, 5, 3, 5, 3, 5, 3, 5]
    offsets = np.array([0] + [-1, 1] * half)
    return [shift + (middle + offsets) / 10 for middle in middles]


@pytest.mark.parametrize("method", ["pinv", "qr"])
def test_regression_of_nearly_collinear_columns_has_nine_certified_digits(method: str) -> None:
    data = sm.datasets.longley.load_pandas()
    # The library carries the data of NIST: its first and last row.
    assert data.data.iloc[0].tolist() == [60323, 83.0, 234289, 2356, 1590, 107608, 1947]
    assert data.data.iloc[-1].tolist() == [70551, 116.9, 554894, 4007, 2827, 130081, 1962]
    fit = sm.OLS(data.endog, sm.add_constant(data.exog)).fit(method=method)
    for name, certified in LONGLEY.items():
        assert agreeing_digits(fit.params[name], certified) >= 9, name
    assert agreeing_digits(fit.rsquared, LONGLEY_R2) >= 9
    assert agreeing_digits(np.sqrt(fit.scale), LONGLEY_SD) >= 9
    assert agreeing_digits(fit.fvalue, LONGLEY_F) >= 9


def test_a_straight_line_has_nine_certified_digits() -> None:
    fit = sm.OLS(NORRIS_Y, sm.add_constant(NORRIS_X)).fit()
    assert agreeing_digits(fit.params[0], -0.262323073774029) >= 9
    assert agreeing_digits(fit.params[1], 1.00211681802045) >= 9
    assert agreeing_digits(fit.rsquared, 0.999993745883712) >= 9


def test_analysis_of_variance_of_silicon_has_nine_certified_digits() -> None:
    groups = [np.array(group) - 196.0 for group in SIRSTV]
    assert agreeing_digits(one_way_f(groups), 1.18046237440255) >= 9


def test_analysis_of_variance_of_silver_has_nine_certified_digits_once_centred() -> None:
    """Seven digits in common: as decimals the data themselves hold too few for nine."""
    certified = 15.946733567793
    assert agreeing_digits(one_way_f([np.array(group, float) for group in ATMWTAG]), certified) >= 9
    as_decimals = [107.868 + np.array(group) / 1e7 for group in ATMWTAG]
    assert agreeing_digits(one_way_f(as_decimals), certified) >= 8


@pytest.mark.parametrize("replicates", [21, 201, 2001])
def test_analysis_of_constructed_levels_has_nine_certified_digits(replicates: int) -> None:
    """SmLs01, 02 and 03: F equals the number of replicates."""
    groups = smith_levels(replicates, 1)
    assert agreeing_digits(one_way_f(groups), replicates) >= 9


@pytest.mark.parametrize("replicates", [21, 201, 2001])
@pytest.mark.parametrize("shift", [10**6, 10**12])
def test_analysis_of_levels_far_from_zero_needs_centring_first(shift: int, replicates: int) -> None:
    """SmLs04 to 09. In tenths and centred, whole numbers remain and nothing is lost."""
    tenths = [np.round((group - shift) * 10) for group in smith_levels(replicates, shift)]
    assert agreeing_digits(one_way_f(tenths), replicates) >= 9
