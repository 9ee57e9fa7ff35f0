"""Who can help whom, on hand-made tables: strengths, needs, reach, free days and allocation."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from workbench.research.allocation import allocate
from workbench.research.strengths import Known, known_by_area
from workbench.research.who_can_help import (
    Help,
    HelpSettings,
    help_matches,
    help_matrix,
    help_settings,
    who_can_help,
)
from workbench.trust.contracts import TABLES
from workbench.trust.load import Trust

A, B, C, D = 900001, 900002, 900003, 900004
AS_OF = dt.date(2026, 10, 31)  # autumn term 2026/27


@pytest.fixture(scope="module")
def settings() -> HelpSettings:
    return help_settings()


def _table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    contract = TABLES[name]
    frame = pd.DataFrame(rows, columns=list(contract.names))
    for column in contract.columns:
        if column.kind == "date":
            frame[column.name] = pd.to_datetime(frame[column.name])
    return frame.astype({column.name: column.dtype for column in contract.columns})


def _judged(urn: int, band: str, made: str = "2026-09-20", **more: object) -> dict[str, object]:
    return {"urn": urn, "area": "inclusion", "made": made, "source": "trust visit",
            "author": "P1", "band": band} | more  # fmt: skip


def _trust(judged: list[dict[str, object]], **tables: list[dict[str, object]]) -> Trust:
    """Four primaries 8 km apart in a row northwards, all in the trust since 2015."""
    schools: list[dict[str, object]] = [
        {"urn": urn, "name": f"School {letter}", "phase": "primary", "pupils": 200,
         "latitude": 53 + place * 0.072, "longitude": -1.0, "joined": "2015-09-01"}
        for place, (letter, urn) in enumerate(zip("ABCD", (A, B, C, D), strict=True))
    ]  # fmt: skip
    rows = {
        "schools": schools,
        "source_judgements": [one | {"judgement_id": f"J{n}"} for n, one in enumerate(judged)],
    } | tables
    filled = {name: _table(name, rows[name]) if name in rows else table.empty()
              for name, table in TABLES.items()}  # fmt: skip
    return Trust(70, "Alder Trust", AS_OF, Path("alder"), filled)


def _days(**days: float) -> list[dict[str, object]]:
    urns = {"a": A, "b": B, "c": C, "d": D}
    return [{"urn": urns[name], "term": "2026/27 autumn", "days_available": number}
            for name, number in days.items()]  # fmt: skip


def _known(trust: Trust, settings: HelpSettings, urn: int, area: str = "inclusion") -> Known:
    return known_by_area(trust, settings.policy, evidence_terms=3)[urn, area]


def _helpers(found: Help, urn: int, area: str = "inclusion") -> list[int]:
    return [match.helper.urn for match in found.matches[urn, area]]


def test_a_strength_needs_one_who_says_strong_and_nobody_who_says_need(
    settings: HelpSettings,
) -> None:
    trust = _trust([
        _judged(A, "strong"), _judged(B, "strong"),
        _judged(B, "needs attention", source="staff"), _judged(C, "secure"),
    ])  # fmt: skip
    assert _known(trust, settings, A).state == "strength"
    disputed = _known(trust, settings, B)
    assert (disputed.state, disputed.disputed) == ("need", True)
    assert "but trust visit: strong" in disputed.how
    assert _known(trust, settings, C).state == "secure"
    assert _known(trust, settings, D).state == "unknown"


def test_only_a_sources_latest_judgement_within_the_window_counts(settings: HelpSettings) -> None:
    trust = _trust([
        _judged(A, "urgent", "2026-05-01"), _judged(A, "strong", "2026-10-01"),
        _judged(B, "strong", "2025-12-31"), _judged(C, "strong", "2026-01-01"),
    ])  # fmt: skip
    assert _known(trust, settings, A).state == "strength"
    assert _known(trust, settings, B).state == "unknown"  # three terms back begin in January
    assert _known(trust, settings, C).state == "strength"


def test_of_two_reviewers_the_lower_band_counts(settings: HelpSettings) -> None:
    review = {"review_id": "R1", "urn": A, "area": "achievement", "planned": "2026-10-01",
              "done": "2026-10-02", "band": "strong", "second_band": "urgent"}  # fmt: skip
    trust = _trust([], qa_reviews=[review])
    assert _known(trust, settings, A, "achievement").state == "urgent need"


def test_a_report_card_speaks_by_area_and_the_older_framework_only_of_strengths(
    settings: HelpSettings,
) -> None:
    card = {"urn": A, "inspection_date": "2026-02-01", "safeguarding": "met",
            "inclusion": "exceptional", "curriculum_and_teaching": "needs attention",
            "post_16": "urgent improvement"}  # fmt: skip
    older = {"urn": B, "inspection_date": "2025-02-01", "kind": "graded",
             "quality_of_education": "outstanding",
             "behaviour_and_attitudes": "requires improvement"}  # fmt: skip
    trust = _trust([], inspections_report_card=[card], inspections_oeif=[older])

    assert _known(trust, settings, A).state == "strength"
    assert _known(trust, settings, A, "curriculum and teaching").state == "need"
    assert _known(trust, settings, A, "post-16").state == "urgent need"
    recorded = _known(trust, settings, B, "curriculum and teaching")
    assert recorded.state == "strength"
    assert "older framework" in recorded.how
    assert _known(trust, settings, B, "attendance and behaviour").state == "unknown"
    assert _known(trust, settings, B, "whole school").state == "need"
    assert _known(trust, settings, A, "whole school").state == "unknown"


def test_the_nearest_comes_first_and_days_are_less_what_is_committed(
    settings: HelpSettings,
) -> None:
    work = {"deployment_id": "D1", "provider_urn": B, "recipient_urn": C, "days": 4,
            "triggered": "2026-09-01", "started": "2026-09-10"}  # fmt: skip
    trust = _trust(
        [_judged(A, "needs attention"), _judged(B, "strong"), _judged(C, "strong")],
        support_capacity=_days(b=10, c=10), support=[work],
    )  # fmt: skip
    found = who_can_help(trust, settings)

    assert _helpers(found, A) == [B, C]
    nearest = found.matches[A, "inclusion"][0]
    assert nearest.helper.days_free == 6.0
    # 0.072 degrees of a meridian are 8.006 km; x 1.3 / 45 km an hour = 13.88 minutes.
    assert nearest.minutes == pytest.approx(13.88, abs=0.01)
    assert "10 days declared, 4 days committed" in nearest.why


def test_days_not_known_are_not_zero_and_come_after_days_known(settings: HelpSettings) -> None:
    judged = [_judged(A, "needs attention"), *(_judged(u, "strong") for u in (B, C, D))]
    found = help_matches(_trust(judged, support_capacity=_days(c=0, d=5)), settings)

    assert found["Helper URN"].tolist() == [D, B]  # C has said that it has none
    assert found["Days free"].tolist() == ["5 days", "days not known"]
    old = [{"urn": D, "term": "2025/26 autumn", "days_available": 5.0}]
    found = help_matches(_trust(judged, support_capacity=old), settings)
    assert set(found["Days free"]) == {"days not known"}


def test_a_school_in_its_first_year_or_in_urgent_need_is_not_asked(settings: HelpSettings) -> None:
    trust = _trust([_judged(A, "needs attention"), _judged(B, "strong"), _judged(C, "strong"),
                    _judged(C, "urgent", area="achievement")])  # fmt: skip
    schools = trust.schools.assign(
        joined=trust.schools["joined"].mask(trust.schools["urn"].eq(B), pd.Timestamp("2026-04-10"))
    )
    trust = replace(trust, tables={**trust.tables, "schools": schools})
    found = who_can_help(trust, settings)

    assert found.matches[A, "inclusion"] == ()
    assert found.none[A, "inclusion"] == (
        "2 schools strong there, but in the trust for 1 term, 3 are asked; in urgent need itself"
    )


def test_a_need_without_a_helper_says_how_much_is_not_known(settings: HelpSettings) -> None:
    trust = _trust([_judged(A, "urgent"), _judged(B, "secure")])
    found = help_matches(trust, settings)

    assert found["Helper"].tolist() == ["nobody yet"]
    assert found["Why"].tolist() == [
        "no other school is known to be strong in inclusion; of 2 schools it is not known"
    ]
    assert allocate(trust, settings).unmet["Why"].tolist() == found["Why"].tolist()


def test_a_school_too_far_by_road_is_not_named(settings: HelpSettings) -> None:
    trust = _trust([_judged(A, "needs attention"), _judged(B, "strong")])
    near = replace(settings, most_minutes=13.0)
    assert help_matches(trust, near)["Why"].tolist() == [
        "1 school strong there, none within 13 minutes by road"
    ]


def test_the_matrix_tells_unknown_from_not_applicable(settings: HelpSettings) -> None:
    matrix = help_matrix(_trust([_judged(A, "strong")]), settings).set_index("URN")
    assert matrix.loc[A, "Inclusion"] == "strength"
    assert matrix.loc[B, "Inclusion"] == "unknown"
    assert matrix.loc[A, "Post-16"] == "not applicable"
    assert matrix.loc[A, "Early years"] == "unknown"


def test_one_author_behind_two_kinds_of_source_counts_once(settings: HelpSettings) -> None:
    review = {"review_id": "R1", "urn": B, "area": "inclusion", "planned": "2026-10-01",
              "done": "2026-10-02", "reviewer": "P1", "band": "strong"}  # fmt: skip
    judged = [_judged(A, "strong"), _judged(A, "strong", source="staff"), _judged(B, "strong")]
    trust = _trust(judged, qa_reviews=[review])
    assert _known(trust, settings, A).kinds == 1
    assert _known(trust, settings, B).kinds == 1
    # Another author, or a second reviewer who finds the same, is a second voice.
    other = [judged[0], judged[1] | {"author": "P2"}, judged[2]]
    twice = review | {"second_reviewer": "P3", "second_band": "strong"}
    trust = _trust(other, qa_reviews=[twice])
    assert _known(trust, settings, A).kinds == 2
    assert _known(trust, settings, B).kinds == 2
    card = {"urn": A, "inspection_date": "2026-02-01", "safeguarding": "met",
            "inclusion": "strong standard"}  # fmt: skip
    assert _known(_trust(judged, inspections_report_card=[card]), settings, A).kinds == 2


def test_a_long_deployment_commits_only_what_falls_to_this_term(settings: HelpSettings) -> None:
    work = {"deployment_id": "D1", "provider_urn": B, "recipient_urn": C, "days": 12,
            "triggered": "2025-11-01", "started": "2025-11-05"}  # fmt: skip
    trust = _trust([_judged(A, "needs attention"), _judged(B, "strong")],
                   support_capacity=_days(b=10), support=[work])  # fmt: skip
    # Autumn, spring, summer and autumn: 3 days a term.
    assert who_can_help(trust, settings).helpers[B].days_committed == 3.0


@pytest.mark.parametrize(
    ("area", "days", "left"),
    [("inclusion", 3.0, 3.0), ("inclusion", 99.0, 99.0), ("achievement", 3.0, 0.0), (None, 3, 0)],
)
def test_days_already_underway_for_a_need_are_not_asked_for_again(
    settings: HelpSettings, area: str | None, days: float, left: float
) -> None:
    work = {"deployment_id": "D1", "provider_urn": C, "recipient_urn": A, "days": days,
            "triggered": "2026-09-01", "started": "2026-09-10", "area": area}  # fmt: skip
    trust = _trust([_judged(A, "needs attention"), _judged(B, "strong")],
                   support_capacity=_days(b=60), support=[work])  # fmt: skip
    found = allocate(trust, settings)
    assert found.allocated["Days"].sum() == pytest.approx(max(0.0, settings.need_days - left))
    assert found.unmet.empty
    # Nor is a school asked whose days are not known, where all is underway.
    unsaid = allocate(replace(trust, tables={
        **trust.tables, "support_capacity": trust.support_capacity.iloc[:0]
    }), settings)  # fmt: skip
    assert len(unsaid.allocated) == int(left < settings.need_days)
    asked = [settings.need_days - left] if left < settings.need_days else []
    assert unsaid.unmet["Days asked"].tolist() == pytest.approx(asked)


def test_support_that_names_no_area_is_for_the_school_as_a_whole(settings: HelpSettings) -> None:
    older = {"urn": B, "inspection_date": "2025-02-01", "kind": "graded",
             "quality_of_education": "requires improvement"}  # fmt: skip
    work = {"deployment_id": "D1", "recipient_urn": B, "days": 2.0,
            "triggered": "2026-09-01"}  # fmt: skip
    trust = _trust([], inspections_oeif=[older], support=[work])
    unmet = allocate(trust, settings).unmet
    assert unmet[["Area", "Days asked"]].to_numpy().tolist() == [
        ["whole school", settings.need_days - 2]
    ]


def test_urgent_needs_are_met_first_though_another_is_nearer(settings: HelpSettings) -> None:
    """B is next to A, which needs attention; D is twice as far and urgent: D gets the days."""
    trust = _trust([_judged(A, "needs attention"), _judged(B, "strong"), _judged(D, "urgent")],
                   support_capacity=_days(b=10))  # fmt: skip
    found = allocate(trust, settings)

    assert found.allocated["URN"].tolist() == [D]
    # Two thirds of a way of 41.6 minutes: 27.76 each way of a day of 420 minutes.
    assert found.allocated["Days"].tolist() == [round(10 / (1 + 2 * 27.76 / 420), 1)]
    assert found.unmet["URN"].tolist() == [D, A]
    assert found.unmet.loc[1, "Days unmet"] == settings.need_days


def test_with_enough_days_the_way_is_short_and_nothing_is_unmet(settings: HelpSettings) -> None:
    trust = _trust([_judged(A, "needs attention"), _judged(B, "strong"), _judged(C, "strong"),
                    _judged(D, "needs attention")], support_capacity=_days(b=60, c=60))  # fmt: skip
    found = allocate(trust, settings)

    pairs = list(zip(found.allocated["URN"], found.allocated["Helper URN"], strict=True))
    assert pairs == [(A, B), (D, C)]
    assert found.allocated["Days"].tolist() == [settings.need_days] * 2
    assert found.unmet.empty


def test_no_school_gives_more_days_than_it_has(demo_trust: Trust, settings: HelpSettings) -> None:
    found = allocate(demo_trust, settings)
    helpers = who_can_help(demo_trust, settings).helpers
    for urn, days in found.allocated.groupby("Helper URN")["Days"].sum().items():
        free = helpers[int(str(urn))].days_free
        assert free is None or days <= free + 0.2  # shown to a tenth of a day
    assert found.allocated.equals(allocate(demo_trust, settings).allocated)


def test_schools_with_unknown_days_are_to_be_asked_one_need_each(settings: HelpSettings) -> None:
    """A is urgent and B is not; C could help either and is nearer to B: A is asked for."""
    trust = _trust([_judged(A, "urgent"), _judged(B, "needs attention"), _judged(C, "strong")])
    found = allocate(trust, settings)

    assert found.allocated["URN"].tolist() == [A]
    assert found.allocated["Days"].isna().all()
    assert found.unmet["Why"].tolist() == [
        "School C could help; its free days are not known",
        "of 1 school that could help the days are not known",
    ]


def test_an_unknown_place_is_no_distance_of_zero(settings: HelpSettings) -> None:
    trust = _trust([_judged(A, "needs attention"), _judged(B, "strong"), _judged(C, "strong")],
                   support_capacity=_days(b=10, c=10))  # fmt: skip
    schools = trust.schools.assign(
        latitude=trust.schools["latitude"].mask(trust.schools["urn"].eq(B))
    )
    trust = replace(trust, tables={**trust.tables, "schools": schools})
    found = who_can_help(trust, settings)

    assert _helpers(found, A) == [C, B]
    assert found.matches[A, "inclusion"][1].minutes is None
    assert allocate(trust, settings).allocated["Helper URN"].tolist() == [C]


def test_an_imported_trust_with_inspections_only_is_matched(
    england: Path, tmp_path: Path, settings: HelpSettings
) -> None:
    from workbench.trust.load import read_trust
    from workbench.trust.published import import_trust

    trust = read_trust(import_trust(4119, england, tmp_path / "trust").target)
    found = help_matches(trust, settings)

    needs = found[["URN", "Area"]].drop_duplicates()
    assert len(needs) >= 1
    assert set(found["Days free"]) <= {"days not known", ""}
    assert found["Minutes by road"].dropna().le(settings.most_minutes).all()
