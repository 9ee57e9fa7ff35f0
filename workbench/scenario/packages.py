"""The cheapest package: changes to a plan that together allow more schools, at the least cost.

Packages of a few levers are priced, put in order of their price and tried on common random numbers
until every number of further schools has been allowed or no package is left. The best of many seems
better than it is, so what is found is put to the proof with fresh luck and more futures, and only
what still holds is given. One lot of fresh luck serves every proof, so the error accepted is shared
out among all that may be made: the chance that any package is passed by luck stays within it
(Bonferroni's inequality).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

import pandas as pd

from workbench.errors import BadInput
from workbench.growth.absorb import Answer, first_draws, joiners_within_horizon
from workbench.growth.setting import Setting
from workbench.growth.simulate import Progress, run
from workbench.parameters.levers import LeverSizes
from workbench.parameters.scenario import Scenario
from workbench.scenario.changes import LeverName, Plan, change
from workbench.scenario.choosing import Changes, Cheapest, Judge, Package, choose
from workbench.scenario.costs import Spending, cost, spending
from workbench.scenario.levers import AsItStands, as_it_stands
from workbench.scenario.trial import Trial, changed_setting, trial
from workbench.scenario.yardstick import allowed, gained, judged
from workbench.trust.load import Trust

# Who joins is not for sale: levers here change what the trust does, with the same schools.
FOR_PACKAGES: tuple[LeverName, ...] = (
    "one more lead",
    "earlier hiring",
    "fewer schools a lead",
    "higher slice",
    "more intelligence",
    "slower pace",
)


@dataclass(frozen=True)
class Packages:
    """The cheapest packages.

    Attributes:
        planned: Schools the plan allows as it stands, with the futures of the proof.
        cheapest: One for each number of further schools, from 1.
        tried: Packages priced.
        replicates: Trajectories with which they were found.
        proof_replicates: Trajectories with which they were proved.
    """

    planned: Answer
    cheapest: tuple[Cheapest, ...]
    tried: int
    replicates: int
    proof_replicates: int

    def frame(self) -> pd.DataFrame:
        """Return one row a number of further schools; costs as proved, missing where none is.

        Columns: further, package, reason, capacity, extra_schools, pounds, pounds_low,
        pounds_high, pounds_a_school, school_low, school_high (over the draws), found_pounds and
        found_extra (as first found).
        """
        rows = [_row(one) for one in self.cheapest]
        return pd.DataFrame(rows).astype(
            {"capacity": "Int64", "extra_schools": "Int64", "found_extra": "Int64"}
        )


@dataclass(frozen=True)
class Search:
    """One lot of luck.

    Attributes:
        shared: Its trial.
        stands: The plan as it stands in it.
        by_joiners: Settings built so far, by who joins and when.
    """

    shared: Trial
    stands: AsItStands
    by_joiners: dict[str, Setting]

    def setting(self, plan: Plan) -> Setting:
        """Return a plan's setting; only other joiners, or another pace, need one built anew."""
        key = _joiners_key(plan)
        if key not in self.by_joiners:
            self.by_joiners[key] = self.shared.setting(Plan(plan.scenario))
        return changed_setting(self.by_joiners[key], plan)


def cheapest_packages(
    trust: Trust,
    scenario: Scenario,
    sizes: LeverSizes,
    *,
    replicates: int,
    seed: int,
    levers: Sequence[LeverName] = FOR_PACKAGES,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Packages:
    """Find the cheapest package for each number of further schools.

    Args:
        trust: The trust.
        scenario: The plan as it stands.
        sizes: How far levers are pulled, how many at once, and how packages are proved.
        replicates: Trajectories for each package and number of joiners.
        seed: Seed of every stream.
        levers: Levers that a package may hold, of `FOR_PACKAGES`.
        threads: Worker threads (default: all cores); no answer depends on it.
        progress: Called with the trajectories just finished.

    Raises:
        BadInput: A lever changes who joins, or there are too few trajectories.
    """
    _refuse_others(levers)
    shared = trial(
        trust, scenario, sizes, replicates=replicates, seed=seed, threads=threads, progress=progress
    )
    found, proof = search_of(shared), search_of(shared.proof())
    planned = proof.stands.answer
    priced = in_order_of_price(found, possible(scenario, sizes, levers))
    asked = range(1, int(sizes.package_schools.value) + 1)
    within = _within(proof)
    chosen = choose(
        priced,
        _judge(found, planned),
        _judge(_strict(proof), planned),
        further=within,
        tries=int(sizes.package_tries.value),
    )
    beyond = (Cheapest(further, None, None, "limit_of_search") for further in asked[len(within) :])
    return Packages(
        planned=planned,
        cheapest=(*chosen, *beyond),
        tried=len(priced),
        replicates=replicates,
        proof_replicates=proof.shared.replicates,
    )


def held_on_fresh(shared: Trial, plans: Mapping[LeverName, Plan]) -> dict[LeverName, Answer]:
    """Return what changed plans allow on the fresh luck of packages, by the same strict proof.

    Args:
        shared: The trial in which the changes were found.
        plans: The changed plans by the lever that was pulled.
    """
    if not plans:
        return {}
    proof = _strict(search_of(shared.proof()))
    most, measured = proof.shared.most, proof.stands.measured
    held = {}
    for name, plan in plans.items():
        setting = proof.setting(plan)
        arriving = joiners_within_horizon(setting)
        held[name] = allowed(proof.shared.broken(setting), measured, most=most, arriving=arriving)
    return held


def _within(proof: Search) -> list[int]:
    """Return the numbers of further schools that are asked for and looked at."""
    shared, now = proof.shared, proof.stands.answer.capacity or 0
    asked = range(1, int(shared.sizes.package_schools.value) + 1)
    return [further for further in asked if now + further <= shared.most]


def _strict(proof: Search) -> Search:
    """Return the search of the proof with its error shared out among all that may be made."""
    return stricter(
        proof, int(proof.shared.sizes.package_tries.value) * max(1, len(_within(proof)))
    )


def _refuse_others(levers: Sequence[LeverName]) -> None:
    others = [lever for lever in levers if lever not in FOR_PACKAGES]
    if others:
        raise BadInput(
            f"a package cannot hold: {', '.join(others)}",
            where="levers",
            rule="a package changes what the trust does, with the same schools joining",
            mend=f"choose among: {', '.join(FOR_PACKAGES)}",
        )


def possible(
    scenario: Scenario, sizes: LeverSizes, levers: Sequence[LeverName]
) -> Iterator[tuple[Changes, Plan]]:
    """Yield every different package of up to the declared number of levers and steps each.

    A lever that has reached a bound changes nothing further, and a package equal to another of
    fewer or smaller changes is left out.
    """
    seen = {_key(Plan(scenario))}
    steps = range(1, int(sizes.package_steps.value) + 1)
    for count in range(1, int(sizes.package_changes.value) + 1):
        for chosen in combinations(levers, count):
            for taken in product(steps, repeat=count):
                changes, plan = tuple(zip(chosen, taken, strict=True)), Plan(scenario)
                for lever, number in changes:
                    plan = change(plan, lever, sizes, number)
                if _key(plan) not in seen:
                    seen.add(_key(plan))
                    yield changes, plan


def _key(plan: Plan) -> str:
    return json.dumps([plan.scenario.model_dump(mode="json"), plan.further_leads])


def search_of(shared: Trial) -> Search:
    """Return the search with one trial's luck, with the plan as it stands already tried."""
    setting = shared.setting(Plan(shared.scenario))
    key = _joiners_key(Plan(shared.scenario))
    return Search(shared, as_it_stands(shared, setting), {key: setting})


def stricter(search: Search, proofs: int) -> Search:
    """Return a search whose intervals are wide enough for several proofs on the same luck.

    Each is given its part of the error accepted (Bonferroni's inequality). What the plan allows as
    it stands keeps its own interval: it is what packages are set beside, not one of them.

    Args:
        search: The search.
        proofs: Most proofs that may be made.
    """
    measured = search.stands.measured
    level = 1.0 - (1.0 - measured.level) / proofs
    return replace(search, stands=replace(search.stands, measured=replace(measured, level=level)))


def _joiners_key(plan: Plan) -> str:
    return plan.scenario.joiners.model_dump_json()


def in_order_of_price(
    found: Search, offered: Iterable[tuple[Changes, Plan]]
) -> list[tuple[Changes, Plan]]:
    """Price packages on a share of the draws, the same for all, and sort them; ties as given."""
    plan = _part_spending(found, Plan(found.shared.scenario))
    priced = [
        (cost(_part_spending(found, changed), plan).pounds, place, changes, changed)
        for place, (changes, changed) in enumerate(offered)
    ]
    return [(changes, changed) for _, _, changes, changed in sorted(priced, key=lambda p: p[:2])]


def _part_spending(found: Search, plan: Plan) -> Spending:
    shared = found.shared
    setting = found.setting(plan).with_joiners(shared.scenario.joiners.schools)
    draws = len(setting.params)
    events = shared.replicates // draws
    size = events * max(1, int(draws * shared.sizes.pricing_share.value))
    part = first_draws(setting, size, events)
    done = run(part, size, threads=shared.threads, record=True, progress=shared.progress)
    return spending(part, done)


def _judge(search: Search, planned: Answer) -> Judge:
    """Return what a package allows in one lot of luck, beside what the plan is proved to allow."""
    shared, stands = search.shared, search.stands
    now = planned.capacity or 0

    def judge(changes: Changes, plan: Plan, least: int) -> Package | None:
        setting = search.setting(plan)
        broken, late = shared.broken(setting), judged(setting, _judged_terms(shared))
        if least > 0 and late < now + least:
            return None
        if least > 0 and not stands.measured.is_beyond:
            one_run = broken(now + least)  # rules most packages out
            if not stands.measured.accepts(one_run):
                return None
        arriving = joiners_within_horizon(setting)
        answer = allowed(broken, stands.measured, most=shared.most, arriving=arriving)
        funded = setting.with_joiners(shared.scenario.joiners.schools)
        spends = spending(funded, shared.run(funded, record=True))
        return Package(
            changes, plan, answer, gained(answer, planned, late), cost(spends, stands.spends)
        )

    return judge


def _judged_terms(shared: Trial) -> int:
    return int(shared.sizes.judged_terms.value)


def _row(one: Cheapest) -> dict[str, object]:
    held, found = one.proved, one.package
    schools = held.extra_schools if held else None
    return {
        "further": one.further,
        "package": "; ".join(named(held.changes)) if held else None,
        "reason": one.reason,
        "capacity": held.answer.capacity if held else None,
        "extra_schools": schools,
        "pounds": held.cost.pounds if held else None,
        "pounds_low": held.cost.low if held else None,
        "pounds_high": held.cost.high if held else None,
        "pounds_a_school": held.cost.pounds / schools if held and schools else None,
        "school_low": held.cost.low / schools if held and schools else None,
        "school_high": held.cost.high / schools if held and schools else None,
        "found_pounds": found.cost.pounds if found else None,
        "found_extra": found.extra_schools if found else None,
    }


def named(changes: Changes) -> tuple[str, ...]:
    """Return the changes of a package by name, with steps where there are several."""
    return tuple(f"{lever} ({steps} steps)" if steps > 1 else lever for lever, steps in changes)


__all__ = [
    "FOR_PACKAGES", "Changes", "Cheapest", "Judge", "Package", "Packages", "Search",
    "cheapest_packages", "choose", "held_on_fresh", "in_order_of_price", "named", "possible",
    "search_of", "stricter",
]  # fmt: skip
