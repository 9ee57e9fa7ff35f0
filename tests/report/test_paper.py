"""What a masthead says of a report as a paper, and who may sign it."""

from __future__ import annotations

import pytest

from workbench.errors import BadInput
from workbench.report.paper import Paper, assurance_of, paper_of

SIGNED = {
    "signed": True,
    "analyst": "Growth analyst",
    "assurer": "Director of standards",
    "date": "2026-12-01",
    "limitations": ["Not after the next inspection."],
}


def test_a_paper_says_its_meeting_in_words() -> None:
    assert paper_of({"meeting": "2026-12-09"}).meeting == "9 December 2026"


def test_nothing_said_is_nothing_shown() -> None:
    assert paper_of({}) == paper_of({"meeting": None, "status": " "}) == Paper()


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput, match="next Tuesday"):
        paper_of({"meeting": "next Tuesday"})


def test_a_signed_report_names_both_roles_and_the_day() -> None:
    found = assurance_of(SIGNED)
    assert found is not None
    assert (found.analyst, found.assurer) == ("Growth analyst", "Director of standards")
    assert found.signed_on == "1 December 2026"
    assert found.limitations == ("Not after the next inspection.",)


@pytest.mark.parametrize("signed", [False, None, "yes", 1])
def test_only_true_is_signed(signed: object) -> None:
    assert assurance_of(SIGNED | {"signed": signed}) is None


def test_a_draft_has_no_signature() -> None:
    assert assurance_of({}) is None


@pytest.mark.parametrize(
    "fault",
    [{"analyst": ""}, {"assurer": None}, {"date": ""}, {"assurer": " growth ANALYST "}],
)
def test_half_a_signature_is_refused(fault: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="do not sign"):
        assurance_of(SIGNED | fault)
