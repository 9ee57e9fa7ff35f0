"""The golden rule's picture counts roles truly and finds the school under review."""

from __future__ import annotations

import pandas as pd

from workbench.charts.figure import Figure
from workbench.charts.roles import golden_rule_roles


def roles(*names: str, providers: int, needed: tuple[float, float], urn: int = 900001) -> Figure:
    frame = pd.DataFrame({
        "urn": range(900001, 900001 + len(names)),
        "name": [f"School {place}" for place in range(len(names))],
        "role": pd.Series(names, dtype="str"),
        "reason": "because",
    })  # fmt: skip
    return golden_rule_roles(
        frame, providers=providers, needed=needed, trust="Alder Trust", as_of="1 May 2026",
        policy="Workbench", urn=urn,
    )  # fmt: skip


def test_both_readings_of_unrated_schools_are_given() -> None:
    figure = roles("recipient", "unrated", "provider", providers=1, needed=(3.0, 4.5))
    assert figure.headline == (
        "The rule asks for 3 to 4.5 providers, depending on how unrated schools are read, and the "
        "trust has 1 provider"
    )
    assert "ringed among those marked recipient" in figure.alt


def test_one_answer_is_given_where_the_readings_agree() -> None:
    figure = roles("provider", "recipient", providers=1, needed=(3.0, 3.0))
    assert figure.headline == "The rule asks for 3 providers and the trust has 1 provider"


def test_schools_that_may_be_providers_are_counted_apart() -> None:
    figure = roles("possible provider", "recipient", providers=0, needed=(3.0, 3.0))
    assert figure.headline.endswith("the trust has no providers and 1 that may be")


def test_nobody_in_need_is_said() -> None:
    figure = roles("provider", "provider", providers=2, needed=(0.0, 0.0))
    assert figure.headline == "No school needs support, and the trust has 2 providers"


def test_a_large_trust_and_an_empty_one_are_drawn() -> None:
    large = roles(*["provider"] * 75, providers=75, needed=(0.0, 0.0))
    assert len(large.data) == 75
    assert "provider 75" in large.alt
    empty = roles(providers=0, needed=(0.0, 0.0))
    assert empty.data.empty
    assert "no schools" in empty.alt
