"""Files are named by day, URN, scenario and UID, whatever anything is called."""

from __future__ import annotations

import datetime as dt
import re

from hypothesis import given
from hypothesis import strategies as st

from workbench.evidence import names

ON = dt.date(2026, 12, 9)


def test_files_are_named_as_trusts_name_them() -> None:
    stem = names.stem_of("scenario", "ambitious", uid=90001, on=ON)
    assert names.pdf_name(stem) == "2026-12-09_growth_ambitious_UID90001.pdf"
    review = names.stem_of("school", "900012", uid=90001, on=ON)
    assert names.page_name(review) == "2026-12-09_school-review_URN900012_UID90001.html"
    assert names.all_reports_name(90001, ON) == "2026-12-09_all-reports_UID90001.zip"


@given(st.text())
def test_a_slug_is_always_a_safe_file_name(text: str) -> None:
    made = names.slug(text)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert len(made) <= 40
    assert names.slug(made) == made


@given(st.text(), st.text())
def test_no_name_leaves_the_folder(scenario: str, key: str) -> None:
    stem = names.stem_of("scenario", scenario, uid=1, on=ON)
    place = names.figure_data_name(stem, key)
    assert re.fullmatch(r"data/2026-12-09_growth_[a-z0-9-]+_UID1/[a-z0-9-]+\.csv", place)
