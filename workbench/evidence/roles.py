"""The roles of those who sign and release: two of them, and no one's name."""

from __future__ import annotations

from pathlib import Path

from workbench.errors import BadInput
from workbench.evidence.run_file import Run
from workbench.report.gate.addresses import address_findings
from workbench.report.gate.letters import tokens
from workbench.report.gate.parts import Piece
from workbench.report.gate.protected import Protected
from workbench.report.gate.wording import wording_findings
from workbench.trust.load import Trust, read_trust

_LONGEST_ROLE = 80


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
        BadInput: A role is empty, too long or names somebody, or both are the same but for case,
            spaces and look-alike letters.
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
