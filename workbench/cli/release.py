"""The command that makes the board pack, where the release gate lets it pass."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.charts.wording import count
from workbench.cli.assure import Reports, RunFolder, TrustMoved
from workbench.cli.options import AsJson
from workbench.cli.printing import print_json, progress
from workbench.errors import BadInput

if TYPE_CHECKING:
    from workbench.report.gate.findings import Finding

ReleasedBy = Annotated[
    str,
    typer.Option("--released-by", metavar="ROLE", help="Role of whoever releases; never a name."),
]
CheckedBy = Annotated[
    str,
    typer.Option("--checked-by", metavar="ROLE", help="Role of whoever checked; another role."),
]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        "--accept",
        metavar="KEY=REASON",
        help="A number or quotation that is no fault, by its key; may be repeated.",
    ),
]
Check = Annotated[
    bool, typer.Option("--check", help="Only say whether anything changed since the release.")
]


def release(
    run: RunFolder,
    released_by: ReleasedBy = "",
    checked_by: CheckedBy = "",
    reports: Reports = None,
    accept: Accept = None,
    check: Check = False,
    trust: TrustMoved = None,
    as_json: AsJson = False,
) -> None:
    """Read the finished files of a run, and make the board pack if nothing in them must stay.

    Looked for are small numbers of people, names, free text, addresses and links. Exits with 2
    where anything is found, and says where.
    """
    from workbench.evidence import release as gate

    if check:
        _check(gate.check_release(run), as_json=as_json)
        return
    _refuse_missing({"--released-by": released_by, "--checked-by": checked_by})
    with progress("Reading the finished files"):
        verdict = gate.release(
            run,
            released_by=released_by,
            checked_by=checked_by,
            reports=reports or (),
            accept=_reasons(accept or ()),
            trust=trust,
        )
    if as_json:
        rows = [{"key": one.key, **asdict(one)} for one in verdict.findings]
        record = None if verdict.record is None else asdict(verdict.record)
        print_json({"pack": verdict.pack, "record": record, "findings": rows})
    elif verdict.record is not None:
        accepted = verdict.record.accepted
        found = f"{count(len(accepted), 'finding')} accepted" if accepted else "nothing found"
        typer.echo(f"{count(len(verdict.record.scanned), 'file')} read, {found}")
        for taken in accepted:
            typer.echo(f"Accepted [{taken.key}] {taken.file}: {taken.place}: {taken.reason}")
        typer.echo(verdict.record.policy)
        for one in verdict.record.not_searched:
            typer.echo(f"Not looked for: {one}")
        typer.echo(verdict.pack)
    else:
        for finding in verdict.findings:
            _print(finding)
        typer.echo(f"{count(len(verdict.findings), 'finding')}: no board pack was made", err=True)
    if verdict.findings:
        raise typer.Exit(BadInput.exit_code)


def _refuse_missing(roles: dict[str, str]) -> None:
    missing = [option for option, role in roles.items() if not role.strip()]
    if missing:
        raise BadInput(
            f"nobody is given with {' and '.join(missing)}",
            where=missing[0],
            rule="a board pack is released by one role and checked by another",
            mend="give both, such as --released-by 'Chief executive' "
            "--checked-by 'Governance lead'",
        )


def _check(changed: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        print_json({"changed": changed})
    else:
        for line in changed or ("The pack and every file in it are as they were released.",):
            typer.echo(line)
    if changed:
        raise typer.Exit(BadInput.exit_code)


def _reasons(given: list[str] | tuple[str, ...]) -> dict[str, str]:
    reasons = {}
    for text in given:
        key, equals, reason = text.partition("=")
        if not equals or not reason.strip():
            raise BadInput(
                f"{text!r} gives no reason",
                where="--accept",
                rule="a finding is accepted by its key, for a reason that is written down",
                mend="write --accept 'KEY=REASON'",
            )
        reasons[key.strip()] = reason.strip()
    return reasons


def _print(finding: Finding) -> None:
    accepted = f" [{finding.key}]" if finding.may_be_accepted else ""
    typer.echo(f"{finding.file}: {finding.place}{accepted}")
    typer.echo(f"  found: {finding.what}")
    typer.echo(f"  rule: {finding.rule}")
    typer.echo(f"  mend: {finding.mend}")
