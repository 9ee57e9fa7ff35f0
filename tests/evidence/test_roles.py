"""Who may sign and release: roles, and nobody by name."""

from __future__ import annotations

import pytest

from workbench.errors import BadInput
from workbench.evidence.roles import refuse_roles
from workbench.report.gate.protected import Name, Policy, Protected

PROTECTED = Protected(
    policy=Policy(10, 6, "1"),
    names={("will", "head"): Name("Will Head", "table people, column person", ordinary=True)},
    runs={},
    whole={},
    counts=(),
    folders=(),
)


@pytest.mark.parametrize(
    "name",
    ["Jane Smith", "J. Smith", "Jane M Smith", "Zo\u00eb O\u2019Neill", "Ada McBride-Hill"],
)
def test_a_name_is_refused_though_no_table_knows_it(name: str) -> None:
    with pytest.raises(BadInput, match="person's name, and a role is asked for") as refused:
        refuse_roles(("released by", name), ("checked by", "Governance lead"), PROTECTED)
    assert "Director of standards" in str(refused.value)


def test_a_name_of_the_tables_is_refused_though_its_words_are_of_roles() -> None:
    with pytest.raises(BadInput, match="table people"):
        refuse_roles(("analyst", "Will Head"), ("assurer", "Governance lead"), PROTECTED)


@pytest.mark.parametrize(
    "role",
    ["Chief Executive", "R&D lead", "HR Director", "Governance Lead", "Estates supervisor",
     "Bursar", "Chair of Trustees", "Head of Research and Development"],
)  # fmt: skip
def test_roles_pass_however_they_are_written(role: str) -> None:
    refuse_roles(("released by", role), ("checked by", "Trustee"), PROTECTED)
