"""A trust as it stood on an earlier day: nothing of it is later knowledge."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.trust.folders import SCHOOLS, write_trust
from workbench.errors import BadInput
from workbench.trust import history
from workbench.trust.contracts import TABLES
from workbench.trust.crosschecks import CODES_REFERRED_TO
from workbench.trust.history import as_known_on, term_ends
from workbench.trust.intake import check_folder
from workbench.trust.intake_files import as_text
from workbench.trust.load import Trust, read_trust

FIRST_JOINED = dt.date(2016, 9, 1)  # of the demo trust's schools
days = st.dates(FIRST_JOINED, dt.date(2026, 10, 31))
over_the_demo = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def small(folder: Path, **tables: str) -> Trust:
    """Return a trust of three schools, joined in Septembers of 2020 to 2022, with these tables."""
    trust = read_trust(write_trust(folder, **tables))
    assert not any(trust.quarantined.values())
    return trust


def assert_same(one: Trust, other: Trust) -> None:
    assert one.as_of == other.as_of
    for name in TABLES:
        pd.testing.assert_frame_equal(one.tables[name], other.tables[name], obj=name)


@over_the_demo
@given(day=days)
def test_looking_twice_from_one_day_changes_nothing(demo_trust: Trust, day: dt.date) -> None:
    once = as_known_on(demo_trust, day)

    assert_same(as_known_on(once, day), once)


@over_the_demo
@given(earlier=days, later=days)
def test_what_is_known_on_a_day_is_the_same_seen_from_any_day_after_it(
    demo_trust: Trust, earlier: dt.date, later: dt.date
) -> None:
    earlier, later = sorted((earlier, later))
    step = as_known_on(as_known_on(demo_trust, later), earlier)

    assert_same(step, as_known_on(demo_trust, earlier))


def test_on_the_day_the_folder_describes_the_trust_is_as_it_is(demo_trust: Trust) -> None:
    assert as_known_on(demo_trust, demo_trust.as_of) is demo_trust


@over_the_demo
@given(day=days)
def test_nothing_known_lies_after_the_day_and_every_reference_holds(
    demo_trust: Trust, day: dt.date
) -> None:
    trust, when = as_known_on(demo_trust, day), pd.Timestamp(day)

    urns = set(trust.schools["urn"])
    for name, table in TABLES.items():
        rows = trust.tables[name]
        assert [str(dtype) for dtype in rows.dtypes] == [c.dtype for c in table.columns]
        for column in table.known_by_as_of:
            if table.column(column).kind == "date":
                assert not (rows[column] > when).any(), (name, column)
        for column in table.references:
            assert set(rows[column].dropna()) <= urns, (name, column)
    for name, column, other, code in CODES_REFERRED_TO:
        if TABLES[name].column(column).required:
            assert set(trust.tables[name][column]) <= set(trust.tables[other][code]), name
    assert trust.tables["trust"]["as_of"].dt.date.tolist() == [day] == [trust.as_of]


@pytest.mark.parametrize("day", ["2019-12-31", "2024-08-31", "2026-04-15"])
def test_the_past_keeps_every_rule_of_the_contracts(
    demo_trust: Trust, tmp_path: Path, day: str
) -> None:
    trust = as_known_on(demo_trust, dt.date.fromisoformat(day))
    for name, table in TABLES.items():
        as_text(table, trust.tables[name]).to_csv(tmp_path / f"{name}.csv", index=False)

    faults = [fault for fault in check_folder(tmp_path).faults if fault.file != "documents.csv"]

    # A post that gives support may have been set up after the support was asked for.
    assert {fault.rule for fault in faults} <= {"post_unknown"}


def test_rows_are_known_from_their_day_on(tmp_path: Path) -> None:
    trust = small(tmp_path, consultations="consultation_id,held,stakeholders\n"
                  "C1,2024-05-01,staff\nC2,2024-05-02,staff\nC3,2024-05-03,staff\n")  # fmt: skip

    known = as_known_on(trust, dt.date(2024, 5, 2)).tables["consultations"]

    assert known["consultation_id"].tolist() == ["C1", "C2"]
    assert known.index.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("day", "terms"),
    [
        ("2024-03-31", ["2023/24 autumn", "2023/24 spring"]),
        ("2024-04-01", ["2023/24 autumn", "2023/24 spring", "2023/24 summer"]),
    ],
)
def test_a_row_about_a_term_is_known_from_its_first_day(
    tmp_path: Path, day: str, terms: list[str]
) -> None:
    rows = "".join(f"900001,2023/24 {season},3\n" for season in ("autumn", "spring", "summer"))
    trust = small(tmp_path, support_capacity="urn,term,days_available\n" + rows)

    known = as_known_on(trust, dt.date.fromisoformat(day)).support_capacity

    assert sorted(known["term"]) == sorted(terms)


@pytest.mark.parametrize(
    ("day", "periods"),
    [
        ("2023-08-31", ["2022/23 spring"]),
        ("2023-09-01", ["2022/23", "2022/23 spring"]),
        ("2023-12-31", ["2022/23", "2022/23 spring"]),
        ("2024-01-01", ["2022/23", "2022/23 spring", "2023/24 autumn"]),
    ],
)
def test_a_published_number_is_known_once_its_period_has_ended(
    tmp_path: Path, day: str, periods: list[str]
) -> None:
    rows = "".join(f"900001,{period},absence_percent,5,percent\n"
                   for period in ("2022/23", "2022/23 spring", "2023/24 autumn"))  # fmt: skip
    trust = small(tmp_path, school_statistics="urn,period,measure,value,unit\n" + rows)

    known = as_known_on(trust, dt.date.fromisoformat(day)).school_statistics

    assert sorted(known["period"]) == periods


def test_later_days_are_blanked_with_what_became_known_on_them(tmp_path: Path) -> None:
    returns = (
        "urn,return_name,due,received,on_template,staff_hours\n"
        "900001,early,2024-05-01,2024-04-30,yes,2\n"
        "900002,late,2024-05-01,2024-06-30,yes,2\n"
        "900003,not due yet,2024-07-01,2024-04-30,yes,2\n"
    )
    known = as_known_on(small(tmp_path, returns=returns), dt.date(2024, 5, 31)).returns

    assert known["return_name"].tolist() == ["early", "late"]
    assert known["received"].isna().tolist() == [False, True]
    assert known["on_template"].isna().tolist() == [False, True]
    assert known["staff_hours"].isna().tolist() == [False, True]


def test_days_that_are_settled_beforehand_stay(tmp_path: Path) -> None:
    people = "post_id,role,fte,status,person,since,until\nE1,executive,1,filled,P1,2021-01-01,{}\n"
    trust = small(tmp_path, people=people.format("2025-08-31"))

    [until] = as_known_on(trust, dt.date(2024, 5, 31)).people["until"]

    assert until == pd.Timestamp("2025-08-31")


def test_a_school_that_joined_later_is_left_out_with_the_rows_that_name_it(tmp_path: Path) -> None:
    reviews = (
        "review_id,held,reviewed_urn,reviewer_urn,reviewer\n"
        "V1,2021-10-01,900001,900003,P1\nV2,2021-10-01,900001,900002,P1\n"
    )
    trust = small(tmp_path, peer_reviews=reviews)

    known = as_known_on(trust, dt.date(2022, 8, 31))

    assert known.schools["urn"].tolist() == [900001, 900002]
    assert known.tables["peer_reviews"]["review_id"].tolist() == ["V2"]


PROJECTS = (
    "project_id,urn,title,area,started,stage,closed,prompted_by,decided,decision,effect,"
    "effect_error\n"
    "PJ1,900001,One,achievement,2023-09-01,closed,2024-06-01,diagnosed need,2024-05-01,stop,0.1,"
    "0.2\n"
    "PJ2,900003,Two,achievement,2023-09-01,deliver,,diagnosed need,,,,\n"
)


def test_a_project_that_closed_later_was_under_review_and_had_no_effect_yet(tmp_path: Path) -> None:
    trust = small(tmp_path, projects=PROJECTS)

    [first, second] = as_known_on(trust, dt.date(2024, 5, 31)).tables["projects"].to_dict("records")

    assert (first["stage"], second["stage"]) == ("review", "deliver")
    assert pd.isna([first["closed"], first["effect"], first["effect_error"]]).all()
    assert first["decision"] == "stop"
    before = as_known_on(trust, dt.date(2024, 4, 30)).tables["projects"]
    assert pd.isna(before["decision"][0])


def test_what_hangs_on_a_row_not_known_yet_is_left_out(tmp_path: Path) -> None:
    """The review of a project that itself names no school goes with the project of a school."""
    schools = SCHOOLS.replace("2022-09-01", "2024-06-01")
    trust = small(
        tmp_path, schools=schools, projects=PROJECTS,
        project_reviews="project_id,due\nPJ1,2024-01-01\nPJ2,2024-01-01\n",
    )  # fmt: skip

    known = as_known_on(trust, dt.date(2024, 5, 31)).tables["project_reviews"]

    assert known["project_id"].tolist() == ["PJ1"]


LAST_ONLY = {
    "process_steps": "step_id,step,reviewed\nS1,Ask,2024-01-10\nS2,Send,2024-05-02\n",
    "skills": "person,skill,level,assessed\nP1,coaching,secure,2024-01-10\n"
              "P1,influencing,secure,2024-05-02\n",
    "succession": "role_id,candidate,readiness,reviewed\nE1,P2,ready now,2024-01-10\n"
                  "E1,P3,later,2024-05-02\n",
    "talent_audit": "person,employed_since,audited,stretch_offered\nP1,2021-01-01,2024-05-02,\n"
                    "P2,2021-01-01,2024-01-10,2024-01-11\n",
    "theory_of_the_case": "claim_id,stated,pillar,claim,refuted_if,reviewed,schools_at_review\n"
                          "T1,2021-10-01,vision,It is so,It is not,2024-05-02,3\n"
                          "T2,2021-10-01,vision,It is so,It is not,,2\n",
}  # fmt: skip
PEOPLE = "post_id,role,fte,status,person,since\nE1,executive,1,filled,P1,2021-01-01\n"


@pytest.mark.parametrize("table", LAST_ONLY)
def test_a_table_of_last_states_is_left_empty_once_a_row_was_written_over_later(
    tmp_path: Path, table: str
) -> None:
    """What the row said before is gone, and a row left out would read as one that was not there."""
    trust = small(tmp_path, people=PEOPLE, **{table: LAST_ONLY[table]})

    assert len(as_known_on(trust, dt.date(2024, 5, 2)).tables[table]) == 2
    assert as_known_on(trust, dt.date(2024, 5, 1)).tables[table].empty
    assert len(trust.tables[table]) == 2


def test_a_stretch_role_offered_later_may_have_been_offered_before_too(tmp_path: Path) -> None:
    audit = LAST_ONLY["talent_audit"].replace("2024-01-11", "2024-06-01")
    trust = small(tmp_path, talent_audit=audit)

    assert as_known_on(trust, dt.date(2024, 5, 31)).tables["talent_audit"].empty
    assert len(as_known_on(trust, dt.date(2024, 6, 1)).tables["talent_audit"]) == 2


def test_tables_that_keep_only_the_last_state_are_those_that_a_last_day_is_kept_of() -> None:
    last = {
        (table.name, column.name)
        for table in TABLES.values()
        for column in table.columns
        if column.kind == "date" and (" last " in column.description or column.name == "assessed")
        and column.name not in {"as_of", "until", "ends", "year_end"}
    }  # fmt: skip
    rewritten = {(table.name, column) for table in TABLES.values() for column in table.rewritten}

    assert last == rewritten - {("talent_audit", "stretch_offered")}


def test_what_the_past_cannot_tell_is_named_by_its_tables() -> None:
    assert history.__doc__ is not None
    named = re.findall(r"`(\w+)`", history.__doc__)

    assert named
    assert set(named) <= set(TABLES)
    undated = {"schools", "people", "support", "priorities", "projects", "role_documents"}
    assert undated <= set(named)


@pytest.mark.parametrize(
    ("day", "waves"), [("2024-03-30", ["2023/24 autumn"]),
                       ("2024-03-31", ["2023/24 autumn", "2023/24 spring"])],
)  # fmt: skip
def test_a_wave_and_the_days_of_executives_are_known_when_their_term_ends(
    tmp_path: Path, day: str, waves: list[str]
) -> None:
    """Neither says on which day of the term it was gathered, and neither can be before it ends."""
    terms = ("2023/24 autumn", "2023/24 spring")
    trust = small(
        tmp_path, people=PEOPLE,
        executive_time="post_id,term,improvement_days\n" + "".join(f"E1,{t},9\n" for t in terms),
        parent_survey="wave,respondent,urn\n" + "".join(f"{t},R1,900001\n" for t in terms),
    )  # fmt: skip

    known = as_known_on(trust, dt.date.fromisoformat(day)).tables

    assert sorted(known["parent_survey"]["wave"]) == waves
    assert sorted(known["executive_time"]["term"]) == waves


def test_on_its_own_day_the_trust_knows_the_wave_of_a_term_still_running(tmp_path: Path) -> None:
    survey = "wave,respondent,urn\n2026/27 autumn,R1,900001\n"
    trust = small(tmp_path, parent_survey=survey)

    assert len(as_known_on(trust, trust.as_of).tables["parent_survey"]) == 1
    assert as_known_on(trust, dt.date(2026, 10, 30)).tables["parent_survey"].empty


@pytest.mark.parametrize(
    ("day", "said"), [("2026-11-01", "is after 2026-10-31"), ("2020-08-31", "no school had joined")]
)
def test_a_day_that_cannot_be_looked_from_is_bad_input(tmp_path: Path, day: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        as_known_on(small(tmp_path), dt.date.fromisoformat(day))


def test_the_trust_given_is_left_as_it_was(tmp_path: Path) -> None:
    trust = small(tmp_path, projects=PROJECTS)
    before = {name: rows.copy() for name, rows in trust.tables.items()}

    as_known_on(trust, dt.date(2024, 1, 1))

    for name, rows in before.items():
        pd.testing.assert_frame_equal(rows, trust.tables[name])


def test_terms_end_on_the_day_before_the_next_begins(tmp_path: Path) -> None:
    trust = small(tmp_path)

    assert term_ends(trust, 4) == [
        dt.date(2025, 8, 31), dt.date(2025, 12, 31), dt.date(2026, 3, 31), dt.date(2026, 8, 31),
    ]  # fmt: skip
    assert term_ends(trust, 0) == []


def test_terms_before_the_first_school_joined_are_left_out(tmp_path: Path) -> None:
    trust = small(tmp_path)

    assert term_ends(trust, 100)[0] == dt.date(2020, 12, 31)
    for day in term_ends(trust, 100):
        assert as_known_on(trust, day).as_of == day
