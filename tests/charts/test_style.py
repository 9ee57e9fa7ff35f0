"""The SVG of a figure: equal bytes for equal data, nothing that loads, dates or leaks."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

from tests.charts.frames import ABOUT, fans
from workbench.charts.dots import first_limit_dots
from workbench.charts.fan import fan

_PROGRAM = """
from tests.charts.frames import ABOUT, fans
from workbench.charts.fan import fan
print(fan(fans([0.08, 0.06, 0.04], 0.01), "reserves_share", futures=2, limit=0.05, **ABOUT).svg)
"""


def picture() -> str:
    return fan(fans([0.08, 0.06, 0.04], 0.01), "reserves_share", futures=2, limit=0.05, **ABOUT).svg


def test_two_processes_draw_the_same_bytes() -> None:
    root = Path(__file__).parents[2]
    other = subprocess.run(
        [sys.executable, "-c", _PROGRAM], cwd=root, check=True, capture_output=True, text=True
    )
    assert other.stdout == picture() + "\n"


def test_a_last_bit_of_arithmetic_does_not_change_the_bytes() -> None:
    nearly = fan(
        fans([0.08 + 1e-15, 0.06, 0.04], 0.01), "reserves_share", futures=2, limit=0.05, **ABOUT
    )
    assert nearly.svg == picture()


def test_it_is_one_well_formed_picture_without_date_link_or_comment() -> None:
    svg = picture()
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert not re.search(r"<metadata|<!--|<!DOCTYPE|<script|20\d\d-\d\d-\d\d", svg)
    namespaces = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert set(re.findall(r"https?://[^\"\s<]+", svg)) <= namespaces


def test_words_can_be_read_off_the_picture() -> None:
    root = ElementTree.fromstring(picture())
    said = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "the board's limit, 5.0%" in " ".join(filter(None, said))


def test_hostile_words_stay_words() -> None:
    limit = pd.Series(["<script>alert(1)</script>-->", r"$\frac{$ and $x^2$"], dtype="str")
    svg = first_limit_dots(limit, horizon="2031/32 autumn", **ABOUT).svg
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert "<script" not in svg
