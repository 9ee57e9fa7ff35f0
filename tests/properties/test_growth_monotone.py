"""What ought to help a trust to grow never lowers the number of schools it can absorb.

Five truths are tried on 500 random trusts: more leads (a whole one, and a half), closer schools,
more intelligence, a slower pace and stronger joiners. The trust as it is and the trust with the one
change meet the same draws of the parameters and the same luck.

The capacity at a tolerance is the largest n such that the risk with every m <= n joiners is within
it. It is lower with the change at *some* tolerance if and only if, for some n, the risk with the
change is above the risk as it is with every m <= n. That is what is tested, so nothing hangs on one
tolerance. Three things are held equal on both sides:

- One yardstick. The extra risk is counted from the trust as it is with no joiner, with the change
  and without. Against a yardstick of its own a better staffed trust can show *more* extra risk: one
  that fails anyway leaves growth nothing to break.
- Equal terms after each join. With n joiners a trust is judged until `TERMS_AFTER` terms after the
  n-th has joined. A slower pace moves that day, and with it the terms in which a trust may fail
  that has nobody join; each joiner is therefore charged with what it adds to the risk in its own
  `TERMS_AFTER` terms, and the risk of n joiners is the sum of what each of them adds.
- Unmet need is judged on true quality, and the limit on reserves is off: leads and intelligence
  cost money, and what they cost is no question of monotony.

Every draw of the parameters has one event of its own, so trajectories are independent, and the
evidence is exact for any number of them: an e-value (a bet on bounded differences: Waudby-Smith and
Ramdas, 2024, Estimating means of bounded random variables by betting, Journal of the Royal
Statistical Society B 86:1-27), whose inverse is a p-value. Holm's procedure over every comparison
holds the chance of any false alarm at 1%.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import logsumexp
from statsmodels.stats.multitest import multipletests

from tests.properties.growth_trusts import (
    Change,
    closer_schools,
    half_a_lead_more,
    joining,
    more_intelligence,
    more_leads,
    random_trusts,
    slower_pace,
    stronger_joiners,
)
from workbench.growth.setting import Setting
from workbench.growth.simulate import Breaches, run_curve

Counts = npt.NDArray[np.int64]
Comparison = tuple[str, int | None]  # a truth, and the number of a trust or none for all together

TRUSTS = 500
DRAWS = 160
JOINERS = 4
TERMS_AFTER = 9  # three school years
FAMILY_WISE = 0.01
STAKES = np.array([0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9])

TRUTHS: Mapping[str, Change] = {
    "more leads": more_leads,
    "half a lead more": half_a_lead_more,
    "closer schools": closer_schools,
    "more intelligence": more_intelligence,
    "slower pace": slower_pace,
    "stronger joiners": stronger_joiners,
}


class Pair(NamedTuple):
    """A trust with a change and as it is: risk of 0, 1, ... N joiners, each (N + 1) x draws.

    `reach` is the furthest a difference between the two can go down, by number of joiners.
    """

    changed: Counts
    as_is: Counts
    reach: Sequence[int]

    def reversed(self) -> Pair:
        """The same change, with what it does held for what it undoes."""
        return Pair(self.as_is, self.changed, self.reach)


Pairs = Mapping[str, Sequence[Pair]]
Evidence = Mapping[Comparison, float]


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    """What each truth is tried on, trust by trust."""
    found: dict[str, list[Pair]] = {truth: [] for truth in TRUTHS}
    trusts = random_trusts(TRUSTS, draws=DRAWS, joiners=JOINERS, terms_after=TERMS_AFTER)
    for trust in trusts:
        before = run_curve(trust, DRAWS)
        for truth, change in TRUTHS.items():
            changed = change(trust)
            found[truth].append(compared(trust, before, changed, run_curve(changed, DRAWS)))
    return found


@pytest.fixture(scope="module")
def harm(pairs: Pairs) -> Evidence:
    """The evidence of harm in each."""
    return evidence_of_all(pairs)


def compared(
    trust: Setting, before: Sequence[Breaches], changed: Setting, after: Sequence[Breaches]
) -> Pair:
    """Return the risks to compare: those added where joiners come later, else the whole risk."""
    until, later = judged_until(trust), judged_until(changed)
    if until == later:
        return Pair(risk(after, until), risk(before, until), [1] * (JOINERS + 1))
    return Pair(added(after, later), added(before, until), range(1, JOINERS + 2))


def judged_until(setting: Setting) -> list[int]:
    """Return the term before which 0, 1, ... N joiners are judged; none as long as the first."""
    last = setting.school["join_term"][joining(setting)] + TERMS_AFTER
    return [int(last[0]), *(int(term) for term in last)]


def risk(curve: Sequence[Breaches], until: Sequence[int]) -> Counts:
    """Return whether each trajectory breached a limit in time, for 0, 1, ... N joiners."""
    return np.array([beyond(now, term) for now, term in zip(curve, until, strict=True)])


def added(curve: Sequence[Breaches], until: Sequence[int]) -> Counts:
    """Return what the first n joiners added, each judged over its own terms; from -n to 1."""
    steps = [
        beyond(curve[n], until[n]) - beyond(curve[n - 1], until[n]) for n in range(1, len(curve))
    ]
    return np.asarray(np.cumsum([np.zeros_like(steps[0]), *steps], axis=0))


def beyond(breach: Breaches, term: int) -> Counts:
    """Return whether each trajectory breached any limit before a term, as 0 or 1."""
    return np.asarray(((breach >= 0) & (breach < term)).any(axis=1), np.int64)


def evidence(difference: Counts, reach: int) -> float:
    """Return the evidence that independent differences have a mean above 0.

    Args:
        difference: Differences, none below minus `reach`.
        reach: As above.

    Returns:
        The log of an e-value: of something that is 1 at most on average, unless they have.
    """
    values, times = np.unique(difference, return_counts=True)
    return averaged(np.log1p(np.outer(STAKES / reach, values)) @ times)


def averaged(logs: npt.ArrayLike) -> float:
    """Return the log of the mean of e-values given by their logs: again an e-value."""
    return float(logsumexp(logs) - np.log(np.size(logs)))


def evidence_of_harm(pair: Pair) -> float:
    """Return the evidence that the change lowers the capacity at some tolerance.

    With n joiners it does where its risk is above the risk as it is with every m <= n, so the
    weakest evidence counts; over n, e-values are averaged.
    """
    return averaged(
        [
            min(evidence(pair.changed[n] - pair.as_is[m], pair.reach[n]) for m in range(n + 1))
            for n in range(JOINERS + 1)
        ]
    )


def evidence_on_average(pairs: Sequence[Pair]) -> float:
    """Return the evidence that the risk with all joiners rises over the trusts together."""
    difference = np.concatenate([pair.changed[-1] - pair.as_is[-1] for pair in pairs])
    return evidence(difference, pairs[0].reach[-1])


def evidence_of_all(pairs: Pairs) -> Evidence:
    """Return the evidence of harm for each truth on each trust, and on the trusts together."""
    found: dict[Comparison, float] = {
        (truth, number): evidence_of_harm(pair)
        for truth, tried in pairs.items()
        for number, pair in enumerate(tried)
    }
    return found | {(truth, None): evidence_on_average(tried) for truth, tried in pairs.items()}


def harmed(found: Evidence) -> list[Comparison]:
    """Return the comparisons that show harm, wrong in any of them with a chance of 1% at most."""
    chances = [np.exp(-max(0.0, value)) for value in found.values()]
    rejected = multipletests(chances, alpha=FAMILY_WISE, method="holm")[0]
    return [name for name, worse in zip(found, rejected, strict=True) if worse]


def reversed_truth(pairs: Pairs, truth: str) -> Evidence:
    """Return the evidence where one truth is turned round on every trust."""
    return evidence_of_all({truth: [pair.reversed() for pair in pairs[truth]]})


def test_no_change_for_the_better_lowers_the_capacity_of_any_trust(harm: Evidence) -> None:
    assert harmed(harm) == []


@pytest.mark.parametrize("truth", TRUTHS)
def test_a_change_for_the_worse_that_is_called_better_is_found(
    pairs: Pairs, harm: Evidence, truth: str
) -> None:
    assert (truth, None) in harmed({**harm, **reversed_truth(pairs, truth)})


def test_fewer_leads_called_more_are_found_in_single_trusts(pairs: Pairs, harm: Evidence) -> None:
    found = harmed({**harm, **reversed_truth(pairs, "more leads")})

    assert sum(number is not None for _, number in found) > TRUSTS / 4


def test_one_trust_alone_in_which_fewer_leads_are_called_more_is_found(
    pairs: Pairs, harm: Evidence
) -> None:
    turned = reversed_truth(pairs, "more leads")
    worst = max((("more leads", number) for number in range(TRUSTS)), key=lambda one: turned[one])

    assert harmed({**harm, worst: turned[worst]}) == [worst]


def test_growth_puts_most_of_the_trusts_at_risk_and_few_are_beyond_it_before(pairs: Pairs) -> None:
    """Truths about capacity say little of trusts that always hold their limits, or never do."""
    none, all_join = np.array(
        [(pair.as_is[0].mean(), pair.as_is[-1].mean()) for pair in pairs["more leads"]]
    ).T

    assert np.mean((none > 0.05) & (none < 0.8)) > 0.75
    assert np.mean(all_join - none > 0.1) > 0.5


@pytest.mark.parametrize("reach", [1, 2])
def test_no_bet_on_fair_differences_is_worth_more_than_its_stake(reach: int) -> None:
    """The mean e-value over every outcome of three fair differences, each -reach, 0 or 1."""
    chance = {-reach: 0.4 / reach, 1: 0.4, 0: 0.6 - 0.4 / reach}
    worth = 0.0
    for outcome in product(chance, repeat=3):
        weight = np.prod([chance[value] for value in outcome])
        worth += float(weight) * np.exp(evidence(np.array(outcome), reach))

    assert worth == pytest.approx(1.0)


def test_what_joiners_add_is_charged_in_their_own_terms_only() -> None:
    """By hand: judged until term 9 with none or one joiner, and until 12 with two.

    The first trajectory fails at term 10 whoever joins: no joiner is charged for it. The second
    fails when one joins: the first joiner is charged, and the second takes nothing back. In the
    third the second joiner saves what the first would have broken.
    """
    curve = [breaches(10, -1, -1), breaches(10, 5, 5), breaches(10, 11, -1)]

    np.testing.assert_array_equal(added(curve, [9, 9, 12]).T, [[0, 0, 0], [0, 1, 1], [0, 1, 0]])
    np.testing.assert_array_equal(risk(curve, [9, 9, 12]).T, [[0, 0, 1], [0, 1, 1], [0, 1, 0]])


def breaches(*terms: int) -> Breaches:
    """Breaches of one limit alone, one trajectory each."""
    found = np.full((len(terms), 5), -1, np.int16)
    found[:, 1] = terms
    return found
