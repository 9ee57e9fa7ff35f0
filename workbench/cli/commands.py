"""The commands and their options. Exit codes: 0 done, 1 failed, 2 bad usage or bad input.

Packages that take long to import are imported by the command that needs them.
"""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import asdict
from typing import Any

import typer
from typer.core import TyperGroup

from workbench import paths
from workbench.cli.assure import assure
from workbench.cli.backtest import backtest
from workbench.cli.calibrate import calibrate
from workbench.cli.compare import compare
from workbench.cli.explore import explore
from workbench.cli.growth import absorb, simulate
from workbench.cli.history import history
from workbench.cli.impact import impact
from workbench.cli.national import national
from workbench.cli.options import (
    AS_JSON,
    AsJson,
    CheckOut,
    Folder,
    Force,
    Overwrite,
    SchoolsOf,
    Source,
    Target,
    TemplatesFolder,
    Uid,
    Version,
)
from workbench.cli.pillars import pillars
from workbench.cli.plan import plan
from workbench.cli.printing import print_error, print_json, print_table, progress, records
from workbench.cli.release import release
from workbench.cli.report import report
from workbench.cli.runs import runs
from workbench.cli.verify import verify
from workbench.cli.why import why
from workbench.errors import BadInput, WorkbenchError

OBJECTS_BEFORE_COLLECTING = 100_000


class _Commands(TyperGroup):
    """The commands, with one place where a known error becomes words and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except WorkbenchError as error:
            print_error(error, as_json=ctx.meta.get(AS_JSON, False))
            raise typer.Exit(error.exit_code) from error


def _examples(*lines: str) -> str:
    """Lay out examples for the end of a command's help, one a line."""
    return "\n".join(["\b", "Examples:", *(f"  workbench {line}" for line in lines)])


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Pillar metrics and a growth model for English multi-academy trusts.",
    epilog="\b\nExit codes: 0 done, 1 failed, 2 bad usage or bad input.\n"
    "verify has more of its own: see its help.\n\n"
    + _examples(
        "report data/demo",
        "check data/my-trust",
        "absorb data/demo --scenario ambitious --joiners 0..20",
        "COMMAND --help",
    ),
)


@app.callback()
def workbench(
    version: Version = False,
) -> None:
    """Take the options that stand before a command."""


app.command(
    epilog=_examples(
        "report data/demo",
        "report data/my-trust --schools 900001,900002 --scenarios none",
        "report data/my-trust --schools none --scenarios steady,plans/five.yaml --out board-papers",
        "report data/my-trust --meeting 2026-12-09 --status 'For decision'",
        "report data/my-trust --schools none --scenarios none --trust-review",
        "report data/my-trust --dry-run",
        "report data/my-trust --resume outputs/latest",
    )
)(report)
app.command(epilog=_examples("runs", "runs --out board-papers --json"))(runs)
app.command(
    epilog=_examples(
        "verify outputs/latest",
        "verify outputs/latest --rerun",
        "verify board-papers/2026-12-09_101500-my-trust --trust data/my-trust",
    )
)(verify)


@app.command(
    epilog=_examples(
        "check data/demo",
        "check data/my-trust --json",
        "check data/my-trust --out checked",
    )
)
def check(folder: Folder, out: CheckOut = None, as_json: AsJson = False) -> None:
    """Report every fault in a trust's tables in one pass.

    Exits with 2 if anything needs mending. Rows in are always accepted + quarantined + blank.
    """
    from workbench.trust.faults import describe
    from workbench.trust.intake import check_folder

    intake = check_folder(folder)
    if out is not None:
        from workbench.trust.intake_files import write_intake

        write_intake(intake, out)
    tallies = {name: asdict(tally) for name, tally in intake.tallies.items()}
    if as_json:
        quarantine = {name: records(rows) for name, rows in intake.quarantine.items()}
        print_json(
            {
                "folder": folder,
                "tables": tallies,
                "faults": [asdict(fault) for fault in intake.faults],
                "quarantine": {name: rows for name, rows in quarantine.items() if rows},
                "refused": intake.refused,
                "absent": intake.absent,
                "unknown": intake.unknown,
                "out": out,
            }
        )
    else:
        print_table(
            ["table", "rows in", "accepted", "quarantined", "blank"],
            [[name, *tally.values()] for name, tally in tallies.items()],
        )
        for label in ("refused", "absent", "unknown"):
            if named := getattr(intake, label):
                typer.echo(f"{label}: {', '.join(named)}")
        for fault in intake.faults:
            typer.echo(describe(fault))
        count = len(intake.to_mend)
        typer.echo(f"{count} to mend" if count else "nothing to mend")
        if out is not None:
            typer.echo(f"written to {out}")
    if intake.to_mend:
        raise typer.Exit(BadInput.exit_code)


@app.command(
    epilog=_examples(
        "templates to-fill-in",
        "templates to-fill-in --trust data/my-trust",
    )
)
def templates(
    folder: TemplatesFolder,
    trust: SchoolsOf = None,
    force: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Write Excel templates of every table, for schools and teams to fill in.

    The contracts they are made from are the ones that check what comes back.
    """
    from workbench.trust.load import read_trust
    from workbench.trust.templates import write_templates

    with progress("Writing templates"):
        schools = read_trust(trust) if trust else None
        written = write_templates(folder, trust=schools, force=force)
    if as_json:
        print_json({str(one.path): one.tables for one in written})
        return
    for one in written:
        typer.echo(f"{one.path}: {', '.join(one.tables)}")
    typer.echo(f"{len(written)} workbooks, {sum(len(one.tables) for one in written)} tables")
    typer.echo(
        "Next: send each to whoever fills it in, put what comes back in the trust's folder "
        "in place of a file with the same table, and "
        f"run: workbench check {trust or 'data/my-trust'}"
    )


@app.command("import", epilog=_examples("import --trust 3725 --from published --to data/my-trust"))
def import_(
    trust: Uid,
    source: Source,
    target: Target,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Build a trust's folder from published files.

    Files are known by their headers, not their names; what was used is written beside the tables.
    """
    from workbench.trust.published import import_trust

    with progress(f"Reading {source}"):
        result = import_trust(trust, source, target, force=force)
    if as_json:
        print_json(asdict(result))
    else:
        typer.echo(result)


@app.command("golden-rule", epilog=_examples("golden-rule --from published"))
def golden_rule(source: Source, as_json: AsJson = False) -> None:
    """Judge every trust of England by the golden rule.

    Each preset of parameters/golden_rule.yaml is read in two ways: strict takes a school without a
    judgement for one that may need support; lenient, for neutral.
    """
    import datetime as dt

    from workbench.parameters.golden_rule import load_golden_rule
    from workbench.pillars.national import golden_rule_national, summarise, why_none_met
    from workbench.trust.published import national_judgements, national_membership

    rule = load_golden_rule()
    with progress(f"Reading {source}"):
        membership, judgements = national_membership(source), national_judgements(source)
        national = golden_rule_national(
            membership,
            judgements,
            rule.presets,
            as_of=dt.date.fromisoformat(membership.attrs["as_of"]),
            minimum_schools=int(rule.minimum_schools.value),
        )
    summary = summarise(national)
    sources = {"membership": membership.attrs, "judgements": judgements.attrs}
    if as_json:
        print_json({"sources": sources, "summary": records(summary), "trusts": records(national)})
    else:
        typer.echo(f"membership of {membership.attrs['as_of']}: {membership.attrs['file']}")
        latest = judgements.attrs["latest_inspection"] or "none"
        typer.echo(f"judgements: {judgements.attrs['file']}, latest inspection {latest}")
        print_table(list(summary.columns), summary.to_numpy().tolist())
        for line in why_none_met(summary, rule.presets):
            typer.echo(line)


app.command(epilog=_examples("history --from published", "history --from published --json"))(
    history
)
app.command(
    epilog=_examples(
        "absorb data/demo --scenario ambitious",
        "absorb data/demo --scenario steady --joiners 20 --replicates 10000 --confidence 0.9",
        "absorb data/demo --scenario rescue --seed 7 --json",
        "absorb data/demo --scenario ambitious --cluster tcp://10.0.0.5:8786",
    )
)(absorb)
app.command(
    epilog=_examples(
        "simulate data/demo --scenario steady",
        "simulate data/demo --scenario rescue --replicates 10000 --json",
        "simulate data/demo --scenario rescue --to outputs/rescue",
    )
)(simulate)
app.command(
    epilog=_examples(
        "why data/demo --scenario ambitious",
        "why data/demo --scenario steady --joiners 2 --quick",
        "why data/my-trust --scenario rescue --json",
    )
)(why)
app.command(
    epilog=_examples(
        "plan data/demo --scenario steady",
        "plan data/my-trust --scenario rescue --replicates 1000 --json",
    )
)(plan)
app.command(
    epilog=_examples(
        "pillars data/demo",
        "pillars data/demo --school 900012 --on 2026-03-31",
        "pillars data/my-trust --json",
    )
)(pillars)
app.command(
    epilog=_examples(
        "compare data/demo",
        "compare data/demo --scenario steady --scenario rescue --json",
        "compare data/my-trust --to outputs/compared",
    )
)(compare)
app.command(
    epilog=_examples(
        "national published",
        "national published --scenario steady --to outputs/steady",
        "national published --cluster tcp://10.0.0.5:8786 --json",
    )
)(national)


app.command(
    epilog=_examples(
        "calibrate demo",
        "calibrate published --until 2018-07-31 --check-to 2022-04-30",
        "calibrate published --write",
    )
)(calibrate)
app.command(
    epilog=_examples(
        "backtest --origin 2018-07-31 --target 2022-04-30 --from published",
        "backtest --origin 2018-07-31 --target 2022-04-30 --from published --as-published --json",
        "backtest --origin 2014-08-31 --target 2018-08-31 --from demo --to outputs/backtest",
    )
)(backtest)
app.command(
    epilog=_examples(
        "impact demo",
        "impact published --outcome attainment_8",
        "impact published --json",
    )
)(impact)
app.command(
    epilog=_examples(
        "explore",
        "explore data/my-trust --scenario steady",
        "explore data/my-trust --port 9000 --no-browser",
    )
)(explore)
app.command(
    epilog=_examples(
        "assure outputs/latest --analyst 'R&D lead' --assurer 'Director of standards'",
        "assure outputs/latest --assurer 'Director of standards' --withdraw",
    )
)(assure)
app.command(
    epilog=_examples(
        "release outputs/latest --released-by 'Chief executive' --checked-by 'Governance lead'",
        "release outputs/latest --check",
    )
)(release)


@app.command(epilog=_examples("lab"))
def lab() -> None:
    """Open the notebooks in JupyterLab."""
    root = f"--ServerApp.root_dir={paths.home()}"
    start = "--ServerApp.default_url=/lab/tree/notebooks"
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", root, start])


def main() -> None:
    """Run the command line."""
    # Imports make many objects and hardly any rubbish: looking for it took a tenth of a command.
    gc.set_threshold(OBJECTS_BEFORE_COLLECTING)
    app()
