"""What staff, parents and pupils of the demo trust answered; no one is followed between waves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from workbench.terms import Term
from workbench.trust import demo_story as story
from workbench.trust.contracts_evidence import COMMITMENT_ITEMS, STAFF_LEVELS
from workbench.trust.demo_draws import Draws, Row
from workbench.trust.demo_standing import STANDINGS, joined

STAFF_WAVES = (Term(2025, 0), Term(2025, 1), Term(2025, 2), Term(2026, 0))
OTHER_WAVES = (Term(2025, 0), Term(2025, 2), Term(2026, 0))

_FEW_ANSWERS = {900007: 6, 900014: 8}  # too few to show: suppression has work to do
_SMALL, _CENTRAL = 25, 8
_STAFF_ITEMS = {
    "our_vision": 4.42,
    "vision_in_my_role": 4.15,
    "our_schools": 3.95,
    "willing_to_give": 3.85,
    "gain_from_others": 3.75,
    "time_to_give": 3.0,
    "part_of_something": 3.9,
    "workload": 3.0,
    "development": 3.6,
    "school_improving": 3.8,
}
_DAILY_LIFE = ("workload", "development", "school_improving")
_LEVEL_SHARES = (0.09, 0.28, 0.66, 1.0)  # senior, middle, teachers, support: cumulative
_LEVEL_MOVES = {"senior leader": 0.45, "middle leader": 0.15, "teacher": 0.0, "support staff": -0.2}
_PARENT_ITEMS = {
    "happy": 4.1, "safe": 4.2, "taught_well": 4.0, "informed": 3.6, "school_improving": 3.7,
}  # fmt: skip
_PUPIL_ITEMS = {
    "enjoy": 3.7, "safe": 4.0, "learn": 4.0, "listened_to": 3.3, "school_improving": 3.6,
}  # fmt: skip
_ANSWER_BLANK = 0.02


def staff_survey_rows(staff: Mapping[object, Sequence[str]], draws: Draws) -> list[Row]:
    """Write four waves of the staff survey: about half of the staff answer each.

    Args:
        staff: Pseudonyms of the staff of each school; the central team stands under "".
        draws: The table's stream.
    """
    rows: list[Row] = []
    for wave in STAFF_WAVES:
        numbers = _numbers()
        for urn in story.BY_URN:
            if Term.of(joined(urn)) > wave:
                continue
            # Where everybody knows everybody, more people answer.
            share = (
                draws.between(0.68, 0.78) if len(staff[urn]) < _SMALL else draws.between(0.46, 0.54)
            )
            answers = _FEW_ANSWERS.get(urn) or round(len(staff[urn]) * share)
            for number in range(answers):
                level = STAFF_LEVELS[0] if number == 0 else _level(draws)
                rows.append((wave, next(numbers), urn, *_staff_answers(urn, level, wave, draws)))
        for _ in range(_CENTRAL):
            level = "senior leader" if draws.happens(0.4) else "support staff"
            rows.append((wave, next(numbers), "", *_staff_answers(0, level, wave, draws)))
    return rows


def _numbers() -> Iterator[str]:
    return (f"R{number:04d}" for number in range(1, 10_000))


def _level(draws: Draws) -> str:
    share = draws.between(0, 1)
    return next(
        level for level, upto in zip(STAFF_LEVELS, _LEVEL_SHARES, strict=True) if share <= upto
    )


def _staff_answers(urn: int, level: str, wave: Term, draws: Draws) -> list[object]:
    standing = STANDINGS.get(urn)
    belonging, climate = (standing.belonging, standing.climate) if standing else (0.4, 0.0)
    # Commitment mends slowly in the terms after a school joined.
    if urn in story.BY_URN and belonging < -0.4:
        belonging += 0.06 * (wave - Term.of(joined(urn)))
    person = draws.near(_LEVEL_MOVES[level], 0.62)
    answers: list[object] = [level]
    for name, middle in _STAFF_ITEMS.items():
        bound = name in COMMITMENT_ITEMS or name not in _DAILY_LIFE
        move = belonging if bound else climate
        answers.append(_answer(middle + move + person, draws))
    return answers


def _answer(middle: float, draws: Draws) -> object:
    value = draws.near(middle, 0.62)
    return "" if draws.happens(_ANSWER_BLANK) else max(1, min(5, round(value)))


def parent_survey_rows(draws: Draws) -> list[Row]:
    """Write three waves of the parent survey; the special school asks its parents in person."""
    return _family_rows(_PARENT_ITEMS, 0.062, draws)


def pupil_survey_rows(draws: Draws) -> list[Row]:
    """Write three waves of the pupil survey; the special school asks its pupils in person."""
    return _family_rows(_PUPIL_ITEMS, 0.056, draws)


def _family_rows(items: Mapping[str, float], share: float, draws: Draws) -> list[Row]:
    rows: list[Row] = []
    for wave in OTHER_WAVES:
        numbers = _numbers()
        for school in story.SCHOOLS:
            if school.phase == "special" or Term.of(joined(school.urn)) > wave:
                continue
            for _ in range(round(school.pupils * share * draws.between(0.85, 1.15))):
                rows.append((wave, next(numbers), school.urn,
                             *_family_answers(items, school.urn, wave, draws)))  # fmt: skip
    return rows


def _family_answers(items: Mapping[str, float], urn: int, wave: Term, draws: Draws) -> list[object]:
    climate = STANDINGS[urn].climate
    moves = {"safe": -0.5 if urn == 900006 else 0.0}
    since = wave - OTHER_WAVES[0]
    moves["school_improving"] = {900004: 0.3, 900008: 0.1 * since, 900012: -0.15 * since}.get(
        urn, 0
    )
    person = draws.near(0.0, 0.6)
    return [
        _answer(middle + climate + moves.get(name, 0.0) + person, draws)
        for name, middle in items.items()
    ]
