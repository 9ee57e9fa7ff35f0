"""The whole back-test in one call: grades, trusts' sizes, their good schools, the golden rule."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from workbench import paths
from workbench.errors import WorkbenchError
from workbench.parameters.golden_rule import load_golden_rule
from workbench.parameters.load import load_yaml
from workbench.parameters.model import ModelParameters
from workbench.parameters.research import BacktestRules, load_research
from workbench.parameters.track_record import PublishedLists
from workbench.research.backtest.cases import refuse_order
from workbench.research.backtest.grades import APART, LATEST_YEAR, GradeTest, Known, backtest_grades
from workbench.research.backtest.inputs import Inputs, read_inputs
from workbench.research.backtest.made_up import made_up_inputs
from workbench.research.backtest.told import what_is_not_reached
from workbench.research.backtest.trusts import (
    GOODS,
    SIZES,
    CountTest,
    RuleTest,
    backtest_golden_rule,
    backtest_good_schools,
    backtest_sizes,
)
from workbench.trust.published.files import sha256

DEMO = "demo"
SEED = 2026
_SHORT = {SIZES: "schools", GOODS: "good schools"}
POLICY = "article"  # the preset of the golden rule whose ratio is asked


@dataclass(frozen=True, eq=False)
class Backtest:
    """Everything that one back-test found.

    Attributes:
        source: What it was made from.
        known: When a figure counted as known.
        rules: The declared numbers.
        grades: Schools' next grades.
        sizes: Schools of each trust at each later list; none where they cannot be tested.
        no_sizes: Why they cannot, where so.
        good_schools: Good schools of each trust; None where no trust has two tested.
        golden_rule: Trusts that meet it; None where there are none.
        digest: Of the files' bytes, by which a result is known to be of these files.
        published: What was given, by kind.
        started: The day of the lists from which trusts' sizes were forecast; None without one.
        notes: Where the files end before a day that was asked for, or begin after it.
    """

    source: str
    known: Known
    rules: BacktestRules
    grades: GradeTest
    sizes: tuple[CountTest, ...]
    no_sizes: str
    good_schools: CountTest | None
    golden_rule: RuleTest | None
    digest: str
    published: tuple[PublishedLists, ...] = ()
    started: dt.date | None = None
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> tuple[CountTest, ...]:
        """Every count that was tested."""
        return self.sizes if self.good_schools is None else (*self.sizes, self.good_schools)


def backtest(
    source: str | Path,
    origin: dt.date,
    target: dt.date,
    *,
    membership_origin: dt.date | None = None,
    membership_target: dt.date | None = None,
    known: Known = "ended",
    seed: int = SEED,
) -> Backtest:
    """Tell the model only what was known by a day, and score it on what happened by another.

    Args:
        source: A folder of published files, or `demo` for made-up ones.
        origin: The last day known of grades.
        target: The last day of a grade that is scored.
        membership_origin: The last day known of who is in which trust; the origin if not given.
        membership_target: The last day of lists of trusts that are scored; the target if not given.
        known: Whether a figure is known once its school year has ended, or when it is published.
        seed: Seed of all draws.

    Raises:
        BadInput: The target is not after the origin, or the folder lacks what one of the days needs
            of grades. What only trusts' sizes need is told in `no_sizes`.
        RunFailed: A fit did not end.
    """
    refuse_order(origin, target)
    model = load_yaml(paths.parameters() / "model.yaml", ModelParameters)
    declared = load_research()
    rules = declared.backtest
    made_up = str(source) == DEMO
    inputs = made_up_inputs(seed) if made_up else read_inputs(Path(source), model.start_bands)
    grades = backtest_grades(inputs, declared.calibration, rules, origin, target, known=known)
    days = membership_origin or origin, membership_target or target
    sizes, why = _sizes(inputs, rules, days, seed)
    policy = load_golden_rule()
    return Backtest(
        inputs.sources[0] if made_up else f"{len(inputs.sources)} published tables",
        known,
        rules,
        grades,
        sizes,
        why,
        backtest_good_schools(grades, rules, seed),
        backtest_golden_rule(
            grades,
            inputs,
            rules,
            ratio=policy.policy(POLICY).ratio.value,
            fewest=int(policy.minimum_schools.value),
            seed=seed,
        ),
        _digest(Path(source), inputs, made_up),
        inputs.published,
        max((day for day in inputs.members if day <= days[0]), default=None),
        what_is_not_reached(
            inputs, (origin, target), days,
            int(rules.publication_months.value) if known == "published" else 0,
        ),
    )  # fmt: skip


def summary(found: Backtest, seed: int = SEED) -> dict[str, Any]:
    """Return a back-test as plain numbers, for a machine.

    `brier` and `log_score` hold the model and the three baselines fitted to the same past; other
    forecasts, among them the table fitted in hindsight, stand apart. `pit` holds for each count
    the share of the transform in each tenth, and how far it is from even: `p_value` takes its
    values for independent, `joint_p_value` is the share of the model's own futures as far from it,
    and `joint_shape_p_value` that share once each future's level has been taken out.
    """
    test = found.grades
    scores = test.scores(found.rules.least_chance.value)
    apart = {kind: {n: v for n, v in each.items() if n in APART} for kind, each in scores.items()}
    plain = {kind: {n: v for n, v in each.items() if n not in APART}
             for kind, each in scores.items()}  # fmt: skip
    return {
        "source": found.source,
        "digest": found.digest,
        "origin": test.origin,
        "target": test.target,
        "figures_known_when": found.known,
        "schools": len(test.cases),
        "learnt_from": test.learnt_from,
        **plain,
        "pit": [_counted(count) for count in found.counts],
        "gain": {
            name: None if each is None else asdict(each)
            for name, each in test.gains(found.rules, seed).items()
        },
        "apart": apart,
        "parts": test.parts.to_dict("records"),
        "share_good": {"seen": float(test.cases["good"].mean()),
                       "forecast": float(test.cases["model"].mean())},
        "reliability": test.reliability_table().to_dict("records"),
        "by_size": test.by_size().to_dict("records"),
        "closed": {
            "counts": None if test.became is None else test.became.to_dict("records"),
            "scores": test.with_successors().to_dict("records"),
        },
        "golden_rule": None if found.golden_rule is None else asdict(found.golden_rule),
        "not_tested": found.no_sizes or None,
        "notes": list(found.notes),
    }  # fmt: skip


def _counted(count: CountTest) -> dict[str, Any]:
    table = count.table()
    return {
        "what": count.what, "day": count.day, "trusts": count.trusts, "forecast": count.forecast,
        "seen": count.seen, "histogram": count.histogram.tolist(), **asdict(count.evenness),
        "joint_p_value": count.joint.p_value, "joint_shape_p_value": count.joint.shape_p_value,
        "intervals": table.to_dict("records"),
    }  # fmt: skip


def _sizes(
    inputs: Inputs, rules: BacktestRules, days: tuple[dt.date, dt.date], seed: int
) -> tuple[tuple[CountTest, ...], str]:
    """Return trusts' sizes held against forecasts, or why they cannot be."""
    try:
        return backtest_sizes(inputs, rules, *days, seed), ""
    except WorkbenchError as fault:
        return (), fault.what


def _digest(folder: Path, inputs: Inputs, made_up: bool) -> str:
    digest = hashlib.sha256("\n".join(inputs.sources).encode())
    if not made_up:
        places = sorted({source.split(" [")[0] for source in inputs.sources})
        for place in places:
            digest.update(sha256(folder / place).encode())
    return digest.hexdigest()


def scores_table(found: Backtest, seed: int = SEED) -> pd.DataFrame:
    """Return one row a forecast: Brier and log score, the model's gain on it, lower and upper."""
    scores = found.grades.scores(found.rules.least_chance.value)
    out = pd.DataFrame(scores)
    gains = found.grades.gains(found.rules, seed)
    for name in ("share", "lower", "upper"):
        known = {key: getattr(each, name) for key, each in gains.items() if each is not None}
        out["gain" if name == "share" else name] = pd.Series(known, dtype="float64")
    return out.rename_axis("forecast").reset_index()


def by_reading(found: Backtest) -> pd.DataFrame:
    """Return what the model is made of, with its gain on two last-grade tables.

    They are that of the same past, and that of its latest school year alone.
    """
    latest = found.grades.scores(found.rules.least_chance.value)["brier"][LATEST_YEAR]
    parts = found.grades.parts
    return parts.assign(gain_on_latest_year=1.0 - parts["brier"] / latest)


def count_name(what: str) -> str:
    """Return the short name of what a `CountTest` counts, as tables have it."""
    return _SHORT.get(what, what)


def intervals(found: Backtest) -> pd.DataFrame:
    """Return every count's intervals: what, day and `CountTest.table`."""
    tables = [
        each.table().assign(what=count_name(each.what), day=each.day) for each in found.counts
    ]
    columns = ["what", "day", "trusts", "count", "level", "model", "seen", "difference",
               "doubt"]  # fmt: skip
    return (
        pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
    )
