"""Scenarios set against each other on the same luck: which is better, how surely, at what price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from workbench import paths
from workbench.errors import BadInput
from workbench.growth.absorb import INTERVAL_LEVEL
from workbench.growth.ranges import workers
from workbench.growth.simulate import Progress
from workbench.measures.nested import nested_difference, nested_share
from workbench.parameters.limits import TrustSettings
from workbench.parameters.scenario import Scenario, read_scenario, scenario_names
from workbench.scenario.answers import MOST_REPLICATES, read_model, read_settings
from workbench.scenario.compared import (
    by_draw,
    differences,
    differences_by_term,
    dominance_table,
    mean_of,
    order_table,
    regret_table,
    robustness_table,
)
from workbench.scenario.defaults import COMPARED_REPLICATES, SEED
from workbench.scenario.pairs import (
    PairedRun,
    draws_and_events,
    effect_on_existing,
    outcomes,
    run_pair,
)
from workbench.scenario.results import breach_by_term, fans
from workbench.trust.load import Trust

Verdict = Literal["within", "not shown", "beyond", "no room"]


@dataclass(frozen=True)
class Comparison:
    """What came of several scenarios in the same futures.

    Attributes:
        trust: Name of the trust.
        uid: Its group UID.
        scenarios: The scenarios by title, in the order asked for.
        terms: Names of the simulated terms of each scenario.
        overview: One row a scenario: scenario, joiners, first_term, last_term, joins_from, hold,
            hold_lower, hold_upper, hold_without, extra_risk, extra_lower, extra_upper, extra_level
            (the board's, of that interval), verdict (against the board's tolerance), and for each
            other measure of `compared.COMPARED` its mean, with _lower and _upper (95%).
        fans: As `ScenarioResult.fans`, with the scenario first.
        breach: As `ScenarioResult.breach`, with the scenario first and, last, with_joiners: whether
            its joiners join.
        effect: As `pairs.effect_on_existing`, with the scenario first.
        differences: As `compared.differences`.
        by_term: As `compared.differences_by_term`.
        by_draw: As `compared.by_draw`.
        regret: As `compared.regret_table`.
        robustness: As `compared.robustness_table`.
        dominance: As `compared.dominance_table`.
        orders: As `compared.order_table`.
        starting: Register of starting values (`Prepared.register`), with the scenario first.
        notes: What a reader must know of how the scenarios differ and were started.
        replicates: Futures of each scenario.
        draws: Draws of the parameters among them.
        seed: Seed of every stream.
    """

    trust: str
    uid: int
    scenarios: Mapping[str, Scenario]
    terms: Mapping[str, tuple[str, ...]]
    overview: pd.DataFrame
    fans: pd.DataFrame
    breach: pd.DataFrame
    effect: pd.DataFrame
    differences: pd.DataFrame
    by_term: pd.DataFrame
    by_draw: pd.DataFrame
    regret: pd.DataFrame
    robustness: pd.DataFrame
    dominance: pd.DataFrame
    orders: pd.DataFrame
    starting: pd.DataFrame
    notes: tuple[str, ...]
    replicates: int
    draws: int
    seed: int

    @property
    def events(self) -> int:
        """Futures for each draw of the parameters."""
        return self.replicates // self.draws

    def as_json(self) -> dict[str, Any]:
        """Return the comparison as plain data, without single draws."""
        shown = ("overview", "differences", "by_term", "effect", "breach", "regret", "robustness",
                 "dominance", "orders", "starting")  # fmt: skip
        return {
            "trust": self.trust,
            "uid": self.uid,
            "scenarios": list(self.scenarios),
            "replicates": self.replicates,
            "draws": self.draws,
            "seed": self.seed,
            "interval_level": INTERVAL_LEVEL,
            **{name: getattr(self, name).to_dict("records") for name in shown},
            "notes": list(self.notes),
        }


def compare(
    trust: Trust,
    scenarios: Sequence[Scenario | str],
    *,
    replicates: int = COMPARED_REPLICATES,
    seed: int = SEED,
    threads: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare scenarios on common random numbers: same seed, same horizon, same limits.

    Args:
        trust: The trust.
        scenarios: At least two scenarios, or the names of their files.
        replicates: Futures of each scenario, and as many without its joiners.
        seed: Seed of every stream.
        threads: Worker threads (default: all cores); the result does not depend on it.
        cluster: Address of a Dask scheduler to run on in place of threads; the result does not
            depend on it.
        progress: Called with the trajectories just finished.

    Raises:
        BadInput: There are fewer than two scenarios or two share a title, an argument is out of
            range, a scenario cannot be simulated, or the cluster is not there or runs other code.
        RunFailed: The cluster lost its workers over and over.
    """
    chosen = _by_title(scenarios)
    _check(replicates, seed)
    model, settings = read_model(), read_settings()
    with workers(threads, cluster) as ranges:
        runs = {
            title: run_pair(
                trust,
                scenario,
                model,
                settings,
                replicates=replicates,
                seed=seed,
                progress=progress,
                ranges=ranges,
            )
            for title, scenario in chosen.items()
        }
    return compare_runs(trust, runs, settings, replicates=replicates, seed=seed)


def compare_runs(
    trust: Trust,
    runs: Mapping[str, PairedRun],
    settings: TrustSettings,
    *,
    replicates: int,
    seed: int,
) -> Comparison:
    """Compare scenarios that have been run, by title; see `compare`."""
    draws, events = draws_and_events(replicates)
    found = {title: outcomes(pair) for title, pair in runs.items()}
    apart = differences(found, events)
    return Comparison(
        trust=trust.name,
        uid=trust.uid,
        scenarios={title: pair.scenario for title, pair in runs.items()},
        terms={title: pair.terms for title, pair in runs.items()},
        overview=pd.DataFrame(
            [_overview(title, pair, found[title], settings) for title, pair in runs.items()]
        ),
        fans=_stacked({title: fans(pair.with_them, pair.terms) for title, pair in runs.items()}),
        breach=_stacked({title: _breach(pair) for title, pair in runs.items()}),
        effect=_stacked({title: effect_on_existing(pair) for title, pair in runs.items()}),
        differences=apart,
        by_term=differences_by_term(runs),
        by_draw=by_draw(found, events),
        regret=regret_table(found, events),
        robustness=robustness_table(found, events, settings),
        dominance=dominance_table(found, apart),
        orders=order_table(found, events),
        starting=_stacked({title: pair.prepared.register() for title, pair in runs.items()}),
        notes=_notes(runs),
        replicates=replicates,
        draws=draws,
        seed=seed,
    )


def chosen_scenarios(named: str) -> tuple[str, ...]:
    """Return the scenarios of a list such as `steady,rescue`, or all where nothing is named."""
    names = tuple(name.strip() for name in named.split(",") if name.strip())
    return names or scenario_names(paths.scenarios())


def verdict(
    extra_lower: float, extra_upper: float, broken_without: float, settings: TrustSettings
) -> Verdict:
    """Judge the risk that joiners add by the board's tolerance, as far as the interval allows."""
    risk = settings.risk
    if broken_without > risk.baseline_ceiling.value:
        return "no room"
    if extra_upper <= risk.tolerance.value:
        return "within"
    return "beyond" if extra_lower > risk.tolerance.value else "not shown"


def _by_title(scenarios: Sequence[Scenario | str]) -> dict[str, Scenario]:
    read = [
        read_scenario(one, paths.scenarios()) if isinstance(one, str) else one for one in scenarios
    ]
    titles = [one.title for one in read]
    twice = sorted({title for title in titles if titles.count(title) > 1})
    if len(read) < 2 or twice:
        raise BadInput(
            f"{', '.join(twice)} stands twice" if twice else f"{len(read)} scenarios to compare",
            where=str(paths.scenarios()),
            rule="a comparison is of at least two scenarios, each with a title of its own",
            mend="name two or more scenario files with different titles",
        )
    return dict(zip(titles, read, strict=True))


def _check(replicates: int, seed: int) -> None:
    if not 20 <= replicates <= MOST_REPLICATES or not 0 <= seed < 2**63:
        raise BadInput(
            f"{replicates} replicates with seed {seed} cannot be used",
            rule=f"between 20 and {MOST_REPLICATES} replicates, and a seed from 0 to 2^63 - 1",
            mend="choose values in range",
        )


def _overview(
    title: str, pair: PairedRun, own: pd.DataFrame, settings: TrustSettings
) -> dict[str, object]:
    events = pair.events
    held, alone = own["hold"].to_numpy() > 0.5, own["hold_without"].to_numpy() > 0.5
    hold, without = (nested_share(each, events, INTERVAL_LEVEL) for each in (held, alone))
    level = 1.0 - settings.risk.error.value
    extra = nested_difference(~held, ~alone, events, level)
    # With nobody joining the two runs are one, and no doubt about their difference is left.
    lower, upper = (extra.lower, extra.upper) if pair.prepared.joiners else (0.0, 0.0)
    row: dict[str, object] = {
        "scenario": title,
        "joiners": len(pair.prepared.joiners),
        "first_term": pair.terms[0],
        "last_term": pair.terms[-1],
        "joins_from": str(_joins_from(pair)),
        "hold": hold.estimate,
        "hold_lower": hold.lower,
        "hold_upper": hold.upper,
        "hold_without": without.estimate,
        "extra_risk": extra.estimate,
        "extra_lower": lower,
        "extra_upper": upper,
        "extra_level": level,
        "verdict": verdict(lower, upper, 1.0 - without.estimate, settings),
    }
    for measure in own.columns.difference(["hold", "hold_without", "extra_breach"], sort=False):
        mean = mean_of(own, measure, events)
        row |= {
            measure: mean.estimate,
            f"{measure}_lower": mean.lower,
            f"{measure}_upper": mean.upper,
        }
    return row


def _breach(pair: PairedRun) -> pd.DataFrame:
    return pd.concat(
        [
            breach_by_term(found, pair.terms, pair.prepared.judged).assign(with_joiners=joining)
            for found, joining in ((pair.with_them, True), (pair.without, False))
        ],
        ignore_index=True,
    )


def _joins_from(pair: PairedRun) -> str:
    joining = pair.prepared.setting.school["existing"] == 0
    if not joining.any():
        return "nobody joins"
    first = int(pair.prepared.setting.school["join_term"][joining].min())
    return str(pair.prepared.first + first)


def _stacked(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Stack tables of one kind, each row with its scenario first."""
    parts = []
    for title, table in tables.items():
        named = table.copy()
        named.insert(0, "scenario", title)
        parts.append(named)
    return pd.concat(parts, ignore_index=True)


def _notes(runs: Mapping[str, PairedRun]) -> tuple[str, ...]:
    """Say where the scenarios are not alike, and what was assumed in starting each."""
    firsts = {title: pair.terms[0] for title, pair in runs.items()}
    same_start = len(set(firsts.values())) == 1
    begins = (
        f"All scenarios start in {next(iter(firsts.values()))}"
        if same_start
        else "The scenarios start in different terms ("
        + "; ".join(f"{title}: {term}" for title, term in firsts.items())
        + "), and are compared by terms since their start"
    )
    joins = "; ".join(
        f"{title}: {len(pair.prepared.joiners)} from {_joins_from(pair)}"
        if pair.prepared.joiners
        else f"{title}: none"
        for title, pair in runs.items()
    )
    terms = next(iter(runs.values())).prepared.setting.terms
    said = [
        f"{begins}, look {terms} terms ahead and meet the same luck school by school. "
        f"They differ in how many schools join and when ({joins}), in kind of school and in policy."
    ]
    for title, pair in runs.items():
        said += [
            note if len({note in other.prepared.notes for other in runs.values()}) == 1
            else f"{title}: {note}"
            for note in pair.prepared.notes
        ]  # fmt: skip
    return tuple(dict.fromkeys(said))
