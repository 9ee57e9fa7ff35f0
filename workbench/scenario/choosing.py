"""Which package to choose: the cheapest that is proved, or one of fewer changes at about its cost.

A package is some changes to a plan. What each allows is told by judges, one with the luck with
which packages are found and one with fresh luck.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workbench.growth.absorb import Answer
from workbench.scenario.changes import LeverName, Plan
from workbench.scenario.costs import Cost

_LATER: LeverName = "slower pace"
Changes = tuple[tuple[LeverName, int], ...]


@dataclass(frozen=True)
class Package:
    """Some changes to a plan, what they allow and what they cost.

    Attributes:
        changes: Each lever and the steps it is pulled by.
        plan: The changed plan.
        answer: Schools it allows, measured from the trust as it stands.
        extra_schools: Schools it allows beyond the plan.
        cost: What it costs a year with the schools planned.
    """

    changes: Changes
    plan: Plan
    answer: Answer
    extra_schools: int
    cost: Cost


Judge = Callable[[Changes, Plan, int], Package | None]


@dataclass(frozen=True)
class Cheapest:
    """The cheapest package that allows so many further schools.

    Attributes:
        further: Further schools asked for.
        package: The package, as it was found, or None.
        proved: The same package on fresh luck and more futures, or None.
        reason: Why there is none: `no_package_allows_them`, `none_proved`, `limit_of_search`; else
            empty.
        failed: Cheaper packages that did not hold on fresh luck.
    """

    further: int
    package: Package | None
    proved: Package | None
    reason: str
    failed: tuple[Package, ...] = ()


def choose(
    priced: Sequence[tuple[Changes, Plan]],
    found: Judge,
    proof: Judge,
    *,
    further: Sequence[int],
    tries: int,
) -> tuple[Cheapest, ...]:
    """Choose for each number of further schools the first package that allows it, and proves it.

    Where one of fewer changes costs about the same (the intervals of the two costs overlap) and is
    proved too, within the tries, it is chosen instead: it is easier to do.

    Args:
        priced: Packages, cheapest first.
        found: What a package allows; None where it surely allows less than a number of further
            schools.
        proof: The same on fresh luck. It is asked at most `tries` times for each number, so its
            error is to be shared out among `tries` times as many proofs as there are numbers.
        further: Numbers of further schools, rising.
        tries: Packages put to the proof for each number before none is said to hold.
    """
    settled: dict[int, Cheapest] = {}
    failed: dict[int, list[Package]] = {one: [] for one in further}
    for changes, plan in priced:
        still = [one for one in further if one not in settled and len(failed[one]) < tries]
        if not still:
            break
        package = found(changes, plan, still[0])
        promised = [one for one in still if package and one <= package.extra_schools]
        if package is None or not promised:
            continue
        again = proof(changes, plan, 0)
        for one in further:
            if again is not None and one <= again.extra_schools:
                # What holds for more holds for fewer, even where cheaper tries were used up.
                settled.setdefault(one, Cheapest(one, package, again, "", tuple(failed[one])))
            elif one in promised:
                failed[one].append(package)
    simpler: dict[Changes, Cheapest] = {}
    for asked in sorted(settled, reverse=True):
        chosen = settled[asked]
        if chosen.package is None:
            continue
        known = simpler.get(chosen.package.changes)
        if known is None:
            known = _simplest(chosen, chosen.package, priced, found, proof, tries=tries)
            simpler[chosen.package.changes] = known
        settled[asked] = replace(chosen, package=known.package, proved=known.proved)
    return tuple(settled.get(one) or _none(one, failed[one]) for one in further)


def _simplest(
    chosen: Cheapest,
    cheapest: Package,
    priced: Sequence[tuple[Changes, Plan]],
    found: Judge,
    proof: Judge,
    *,
    tries: int,
) -> Cheapest:
    """Return a package of fewer changes whose cost overlaps the chosen one's, if one is proved.

    Only the tries left over are used: the error was shared out among so many proofs and no more.
    One that only takes schools later is no simpler way of letting more join.
    """
    left = tries - 1 - len(chosen.failed)
    fewer = [one for one in priced if len(one[0]) < len(cheapest.changes)]
    for changes, plan in sorted(fewer, key=lambda one: len(one[0])):
        if left <= 0:
            break
        if all(lever == _LATER for lever, _ in changes):
            continue
        package = found(changes, plan, chosen.further)
        if package is None or package.extra_schools < chosen.further:
            continue
        if package.cost.low > cheapest.cost.high:
            continue
        left -= 1
        again = proof(changes, plan, 0)
        if again is not None and again.extra_schools >= chosen.further:
            return replace(chosen, package=package, proved=again)
    return chosen


def _none(further: int, failed: Sequence[Package]) -> Cheapest:
    reason = "none_proved" if failed else "no_package_allows_them"
    return Cheapest(further, None, None, reason, tuple(failed))
