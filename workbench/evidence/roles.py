"""The roles of those who sign and release: two of them, and no one's name."""

from __future__ import annotations

import re
from pathlib import Path

from workbench.errors import BadInput
from workbench.evidence.run_file import Run
from workbench.report.gate.addresses import address_findings
from workbench.report.gate.letters import level, tokens
from workbench.report.gate.parts import Piece
from workbench.report.gate.protected import Protected
from workbench.report.gate.wording import wording_findings
from workbench.trust.load import Trust, read_trust

_LONGEST_ROLE = 80
# Two to four words, each with a capital, as names are written: 'Jo Hill', 'J. R. O'Neill-Hill'.
_AS_A_NAME = re.compile(r"(?:[A-Z](?:\.|(?:['-]?[A-Z]?[a-z]+)*)(?:\s+|$)){2,4}")
# Words of which one at least is in a role whose words all have capitals.
_OF_ROLES = frozenset({
    "accountant", "administrator", "adviser", "advisor", "analyst", "assistant", "auditor",
    "board", "business", "bursar", "chair", "chief", "clerk", "committee", "company",
    "consultant", "coordinator", "data", "deputy", "director", "education", "executive",
    "finance", "governance", "governor", "head", "headteacher", "improvement", "lead", "leader",
    "leadership", "manager", "member", "office", "officer", "operations", "partner",
    "performance", "planning", "policy", "principal", "quality", "research", "researcher",
    "reviewer", "school", "schools", "secretary", "senior", "standards", "strategy", "teacher",
    "team", "treasurer", "trust", "trustee", "vice",
})  # fmt: skip


def trust_of(run: Run, folder: Path | None = None) -> Trust:
    """Return the trust that a run is about, read again.

    Args:
        run: The run.
        folder: Where the trust lies, if it has been moved since.

    Raises:
        BadInput: It does not lie there, or another trust does.
    """
    lies = folder or Path(run.trust.folder)
    if not lies.is_dir():
        raise BadInput(
            f"the trust's tables are not in {lies}",
            where=str(run.folder),
            rule="who may be named is known from the tables a run was made from",
            mend="say where they are now with --trust DIR",
        )
    trust = read_trust(lies)
    if trust.uid != run.trust.uid:
        raise BadInput(
            f"{lies} holds trust {trust.uid}, and the run is about {run.trust.uid}",
            where=str(run.folder),
            rule="a run is signed and released with the tables it was made from",
            mend="name the folder of that trust with --trust DIR",
        )
    return trust


def refuse_roles(first: tuple[str, str], second: tuple[str, str], protected: Protected) -> None:
    """Refuse roles that are one and the same, are no role, or name somebody.

    Args:
        first: What the first role is for, such as `analyst`, and the role.
        second: The same of the second.
        protected: Who may not be named.

    Raises:
        BadInput: A role is empty, too long, names somebody or is written as a name, or both are
            the same but for case, spaces and look-alike letters.
    """
    for label, role in (first, second):
        if not tokens(role) or len(role) > _LONGEST_ROLE:
            raise BadInput(
                f"{role!r} is no role",
                where=label,
                rule=f"a role has words, and {_LONGEST_ROLE} characters at most",
                mend="write what the person does, such as 'Director of standards'",
            )
        refuse_words(label, role, protected)
        if _AS_A_NAME.fullmatch(level(role)) and _OF_ROLES.isdisjoint(tokens(role)):
            raise BadInput(
                f"{role!r} is written as a person's name, and a role is asked for",
                where=label,
                rule="reports and packs name roles, and nobody",
                mend="write what the person does, such as 'Director of standards', with a capital "
                "for the first word alone",
            )
    if "".join(tokens(first[1])) == "".join(tokens(second[1])):
        raise BadInput(
            f"{first[0]} and {second[0]} are both {second[1]!r}",
            rule="nobody checks their own work: the two roles differ",
            mend=f"let somebody else be the {second[0]}",
        )


def refuse_words(label: str, text: str, protected: Protected) -> None:
    """Refuse words that will stand on a report and may not leave the trust.

    Raises:
        BadInput: They name somebody, quote free text, or hold an address or a path.
    """
    piece = (Piece(label, text),)
    found = [
        *wording_findings(label, piece, protected),
        *address_findings(label, piece, (), protected.folders),
    ]
    for one in found:
        raise BadInput(
            f"it holds {one.what}",
            where=label,
            rule=one.rule,
            mend="write roles, such as 'R&D lead', and no names",
        )
