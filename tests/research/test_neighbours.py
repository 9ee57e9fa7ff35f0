"""Neighbours by intake: known answers on small panels, and on the real one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from workbench.errors import BadInput
from workbench.parameters.research import NeighbourRules, load_research
from workbench.research.neighbours import (
    Comparison,
    Neighbours,
    NotEnough,
    compare,
    neighbours,
    neighbours_within,
)
from workbench.research.panel import Panel, build_panel, read_panel
from workbench.trust.load import Trust
from workbench.trust.published.england import IDENTITY, INTAKE, OUTCOMES

RULES = load_research().neighbours


def _ruled(name: str, value: float) -> NeighbourRules:
    """The declared rules with another value for one of them."""
    quantity = getattr(RULES, name)
    return RULES.model_copy(update={name: quantity.model_copy(update={"value": value})})


def _panel(count: int = 60, **columns: Any) -> Panel:
    """Invented primaries; `fsm_percent` rises with the URN, all else is drawn."""
    draw = np.random.default_rng(20260901)
    frame = pd.DataFrame({
        "urn": np.arange(900001, 900001 + count), "name": [f"S{n}" for n in range(count)],
        "phase": "primary", "selective": pd.array([False] * count, dtype="boolean"),
        "trust_uid": pd.array([pd.NA] * count, dtype="Int64"),
    })  # fmt: skip
    frame = frame.reindex(columns=[*frame.columns, *(n for n in IDENTITY if n not in frame)])
    for name in (*INTAKE, *OUTCOMES):
        frame[name] = draw.uniform(5, 50, count)
        frame[f"{name}_period"] = "2025/26"
    frame["pupils"] = draw.uniform(100, 400, count)
    frame["fsm_percent"] = np.linspace(1, 60, count)
    return Panel(frame.assign(**columns), dt.date(2026, 9, 1), ("census",))


def _found(
    panel: Panel,
    urn: int = 900030,
    k: int | None = 10,
    own_trust: bool = False,
    rules: NeighbourRules = RULES,
) -> Neighbours:
    found = neighbours(panel, urn, k=k, own_trust=own_trust, rules=rules)
    assert isinstance(found, Neighbours)
    return found


def _changed(panel: Panel, urn: int, **values: Any) -> Panel:
    schools = panel.schools.copy()
    for name, value in values.items():
        schools.loc[schools["urn"].eq(urn), name] = value
    return Panel(schools, panel.as_of, panel.sources)


def test_the_distance_is_the_root_mean_square_of_standardised_differences() -> None:
    panel = _panel()
    found = _found(panel, k=1)
    rows = panel.schools.set_index("urn")
    intake = rows[["pupils", "fsm_percent", "eal_percent", "sen_support_percent",
                   "ehc_plan_percent"]].assign(pupils=np.log(rows["pupils"]))  # fmt: skip
    z = (intake - intake.mean()) / intake.std(ddof=1)
    by_hand = np.sqrt(((z - z.loc[900030]) ** 2).mean(axis=1)).drop(900030).sort_values()

    assert found.schools["urn"].tolist() == [by_hand.index[0]]
    assert found.schools["distance"].tolist() == pytest.approx([by_hand.iloc[0]])
    assert found.distance == pytest.approx(by_hand.iloc[0])


def test_outcomes_do_not_choose_the_neighbours() -> None:
    panel = _panel()
    turned: dict[str, Any] = {name: panel.schools[name].to_numpy()[::-1] for name in OUTCOMES}

    before = _found(panel).schools["urn"].tolist()
    assert _found(_panel(**turned)).schools["urn"].tolist() == before


def test_only_schools_of_the_same_phase_and_policy_are_neighbours() -> None:
    phases = ["primary", "secondary"] * 30
    assert _found(_panel(phase=phases), 900002).schools["phase"].eq("secondary").all()
    selective = pd.array([n % 3 == 0 for n in range(60)], dtype="boolean")
    grammar = _panel(phase="secondary", selective=selective)
    assert _found(grammar, 900001).schools["selective"].all()
    assert _found(grammar, 900001).group == "secondary, selective"
    assert not _found(grammar, 900002).schools["selective"].any()


def test_schools_of_the_own_trust_are_left_out_unless_asked_for() -> None:
    panel = _panel()
    nearest = int(_found(panel).schools["urn"].iloc[0])
    both = _changed(_changed(panel, 900030, trust_uid=70), nearest, trust_uid=70)

    assert nearest not in _found(both).schools["urn"].tolist()
    assert nearest in _found(both, own_trust=True).schools["urn"].tolist()


def test_what_a_neighbour_lacks_is_left_out_of_its_distance() -> None:
    panel = _panel()
    nearest = int(_found(panel).schools["urn"].iloc[0])
    found = _found(_changed(panel, nearest, eal_percent=np.nan)).schools.set_index("urn")
    assert found.loc[nearest, "shared"] == 4
    lacking = _changed(panel, nearest, eal_percent=np.nan, fsm_percent=np.nan, pupils=np.nan)
    assert nearest not in _found(lacking).schools["urn"].tolist()


def test_a_school_with_fewer_than_three_variables_is_told_what_lacks() -> None:
    panel = _changed(_panel(), 900030, eal_percent=np.nan, fsm_percent=np.nan, pupils=np.nan)
    found = neighbours(panel, 900030)
    assert isinstance(found, NotEnough)
    assert found.missing == (
        "pupils on roll", "% eligible for free school meals",
        "% with English as an additional language",
    )  # fmt: skip
    unknown = neighbours(panel, 123456)
    assert isinstance(unknown, NotEnough)


def test_a_school_unlike_any_other_is_a_poor_match_and_its_balance_says_where() -> None:
    panel = _changed(_panel(), 900030, eal_percent=400.0)
    found = _found(panel)

    assert found.alike == "poor match"
    balance = found.balance.set_index("variable")
    assert not balance.loc["eal_percent", "balanced"]
    assert balance.loc["eal_percent", "school"] == 400.0
    neighbours_mean = found.schools["eal_percent"].mean()
    assert balance.loc["eal_percent", "neighbours"] == pytest.approx(neighbours_mean)
    spread = panel.schools["eal_percent"].std(ddof=1)
    expected = (400.0 - neighbours_mean) / spread
    assert balance.loc["eal_percent", "difference"] == pytest.approx(expected)


def test_half_of_all_schools_are_closely_matched_and_a_tenth_poorly() -> None:
    panel = _panel(200)
    labels = [_found(panel, urn, 5).alike for urn in panel.schools["urn"]]

    assert labels.count("close") == 100
    assert labels.count("poor match") == 20


def test_the_rules_say_how_many_how_alike_and_how_few() -> None:
    panel = _panel(200)
    assert len(_found(panel, k=None).schools) == RULES.wanted.value
    assert len(_found(panel, k=None, rules=_ruled("wanted", 8)).schools) == 8
    for name, value, label, schools in (
        ("close_up_to", 0.25, "close", 50), ("fair_up_to", 0.75, "poor match", 50),
    ):  # fmt: skip
        rules = _ruled(name, value)
        labels: list[str] = [
            _found(panel, urn, 5, rules=rules).alike for urn in panel.schools["urn"]
        ]
        assert labels.count(label) == schools, name


def test_the_rules_say_what_is_unlike_and_how_little_is_too_little() -> None:
    panel = _panel()
    found = _found(panel)
    loose = _found(panel, rules=_ruled("unbalanced_above", 10.0))
    assert found.balance["balanced"].tolist() == (
        found.balance["difference"].abs().le(RULES.unbalanced_above.value).tolist()
    )
    assert not found.balance["balanced"].all()
    assert loose.balance["balanced"].all()
    few = compare(found, "attainment_8", rules=_ruled("fewest_compared", 11))
    assert isinstance(few, NotEnough)
    assert few.missing == ("attainment_8 in 2025/26 of 11 neighbours (10 have it)",)
    four = _changed(panel, 900030, eal_percent=np.nan)
    assert isinstance(neighbours(four, 900030, rules=_ruled("fewest_variables", 5)), NotEnough)


def test_a_comparison_counts_neighbours_above_and_gives_their_quartiles() -> None:
    found = _found(_panel())
    compared = compare(found, "attainment_8")

    assert isinstance(compared, Comparison)
    theirs = found.schools["attainment_8"]
    assert compared.median == pytest.approx(theirs.median())
    assert (compared.lower_quartile, compared.upper_quartile) == pytest.approx(
        (theirs.quantile(0.25), theirs.quantile(0.75))
    )
    assert compared.share_above == pytest.approx((theirs > compared.value).mean())
    assert (compared.n, compared.of, compared.period) == (10, 10, "2025/26")


def test_numbers_of_other_years_are_not_compared() -> None:
    periods = ["2025/26" if n == 29 else "2024/25" for n in range(60)]
    compared = compare(_found(_panel(attainment_8_period=periods)), "attainment_8")

    assert isinstance(compared, NotEnough)
    assert compared.missing == ("attainment_8 in 2025/26 of 5 neighbours (0 have it)",)


def test_a_measure_that_is_not_there_is_refused_and_one_unknown_of_the_school_is_said() -> None:
    found = _found(_changed(_panel(), 900030, progress_8=np.nan))
    with pytest.raises(BadInput, match="no measure 'happiness'"):
        compare(found, "happiness")
    assert isinstance(compare(found, "progress_8"), NotEnough)
    with pytest.raises(BadInput, match="0 neighbours"):
        neighbours(_panel(), 900030, k=0)


def test_a_trust_without_a_panel_compares_its_own_schools_and_says_so(demo_trust: Trust) -> None:
    assert read_panel(demo_trust.folder) is None
    urns = demo_trust.schools["urn"]
    answers = [neighbours_within(demo_trust, int(urn), rules=RULES) for urn in urns]
    assert max(len(one.schools) for one in answers if isinstance(one, Neighbours)) == (
        RULES.wanted_within.value
    )
    for found in answers:
        if isinstance(found, Neighbours):
            assert found.alike == "poor match"
            assert "no panel of England" in found.scope
            assert set(found.schools["urn"]) <= set(demo_trust.schools["urn"])
        else:
            assert found.missing


def test_a_neighbour_with_nobody_on_roll_has_no_part_in_the_balance_of_pupils() -> None:
    panel = _changed(_panel(11), 900002, pupils=0.0)
    balance = _found(panel, 900001).balance.set_index("variable")
    others = panel.schools["pupils"][panel.schools["urn"].gt(900002)]
    assert np.isfinite(balance["difference"]).all()
    assert balance.loc["pupils", "neighbours"] == pytest.approx(others.mean())


def test_a_spoilt_panel_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "england_schools.parquet").write_bytes(b"spoilt")
    with pytest.raises(BadInput, match="cannot be read"):
        read_panel(tmp_path)


def test_neighbours_of_a_real_school_are_like_it_and_of_other_trusts(england: Path) -> None:
    panel = build_panel(england)
    found = _found(panel, 135935, 15) if 135935 in set(panel.schools["urn"]) else None
    urns = panel.schools.loc[panel.schools["trust_uid"].eq(4119), "urn"]
    answers = [neighbours(panel, int(urn), rules=RULES) for urn in urns]
    known = [one for one in answers if isinstance(one, Neighbours)]

    assert found is None or len(found.schools) == 15
    assert len(known) >= 30
    assert all(not one.schools["trust_uid"].eq(4119).any() for one in known)
    assert sum(one.alike == "poor match" for one in known) <= len(known) / 5
