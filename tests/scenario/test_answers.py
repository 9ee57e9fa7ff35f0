"""The board's questions are put to the model as they were asked, or refused in words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from workbench.errors import BadInput
from workbench.parameters.limits import TrustSettings
from workbench.scenario import answers
from workbench.scenario.answers import absorb, read_settings, simulate
from workbench.trust.load import Trust


def with_risk(**changes: object) -> Callable[[], TrustSettings]:
    """What reads the committed settings with some fields of the risk changed."""
    settings = read_settings()
    risk = settings.risk.model_copy(update=changes)
    return lambda: settings.model_copy(update={"risk": risk})


def test_an_absorption_without_a_number_of_replicates_looks_as_often_as_the_board_declares(
    demo_trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "read_settings", with_risk(looks=(80, 200)))
    answer = absorb(demo_trust, "steady", joiners=range(2)).absorption
    assert answer.stopping.looks == (80, 200)
    assert answer.replicates == answer.stopping.looks[answer.stopping.taken - 1]
    assert answer.stopping.error == read_settings().risk.error.value
    assert answer.stopping.spent <= answer.stopping.error


def test_a_limit_that_is_not_judged_has_no_chance_of_being_broken(
    demo_trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read_settings()
    limits = settings.limits.model_copy(update={"apply": settings.limits.apply[:2]})
    less = settings.model_copy(update={"limits": limits})
    monkeypatch.setattr(answers, "read_settings", lambda: less)
    result = simulate(demo_trust, "steady", replicates=40)
    assert result.judged == ("golden rule", "overstretch")
    assert list(result.breach["limit"].unique()) == [*result.judged, "any limit"]


def test_a_fixed_number_of_replicates_is_run_whole_and_looked_at_once(demo_trust: Trust) -> None:
    answer = absorb(demo_trust, "steady", joiners=range(2), replicates=100)
    assert answer.absorption.replicates == 100
    assert answer.absorption.stopping.looks == ()
    assert answer.absorption.stopping.spent == answer.absorption.stopping.error
    plain = answer.as_json()
    assert (plain["scenario"], plain["interval_level"]) == (answer.scenario.title, 0.95)
    assert plain["stopping"]["taken"] == 1


def test_an_early_stop_has_the_estimates_of_a_run_of_that_length(
    demo_trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "read_settings", with_risk(looks=(80, 200)))
    long = absorb(demo_trust, "steady", joiners=range(2)).absorption
    alone = absorb(demo_trust, "steady", joiners=range(2), replicates=long.replicates).absorption
    assert long.curve["probability"].tolist() == alone.curve["probability"].tolist()
    assert long.curve["extra_risk"].tolist() == alone.curve["extra_risk"].tolist()


def test_a_board_that_allows_more_error_gets_narrower_intervals(
    demo_trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = absorb(demo_trust, "steady", joiners=range(2), replicates=100).absorption.curve
    error = read_settings().risk.error.model_copy(update={"value": 0.2})
    monkeypatch.setattr(answers, "read_settings", with_risk(error=error))
    after = absorb(demo_trust, "steady", joiners=range(2), replicates=100).absorption.curve
    assert (after["upper"] < before["upper"]).all()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"joiners": range(1, 3)}, "joiners [1, 2]"),
        ({"joiners": range(0)}, "joiners []"),
        ({"replicates": 10}, "10 replicates"),
        ({"seed": -1}, "seed -1"),
        ({"confidence": 0.4}, "confidence 0.4"),
    ],
)
def test_a_question_out_of_range_is_refused(
    demo_trust: Trust, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(BadInput, match=re.escape(said)):
        absorb(demo_trust, "steady", **changes)  # type: ignore[arg-type]


def test_declared_looks_that_would_split_a_draws_events_are_refused(
    demo_trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "read_settings", with_risk(looks=(90, 200)))
    with pytest.raises(BadInput, match="a look at 90 replicates"):
        absorb(demo_trust, "steady", joiners=range(2))


def test_simulating_refuses_too_few_replicates(demo_trust: Trust) -> None:
    with pytest.raises(BadInput, match="10 replicates"):
        simulate(demo_trust, "steady", replicates=10)


def test_doubt_and_chance_are_told_apart_and_add_up(demo_trust: Trust) -> None:
    found = simulate(demo_trust, "steady", replicates=200)
    parts = found.variance
    assert parts is not None
    assert parts.epistemic + parts.chance == pytest.approx(parts.total)
    assert parts.epistemic == pytest.approx((found.epistemic_sd or 0.0) ** 2)
    assert found.as_json()["variance"]["chance"] == parts.chance
