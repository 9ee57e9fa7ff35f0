"""The growth model in SimPy: the trust, each school and each lead's post are processes.

The clock counts terms. Within a term the trust rings bells, events shared by all who wait for them,
and goes on when everybody has acted: fewer events than a timeout for each school. Random numbers
come in bulk from compiled code (`benchmarks.luck`), so that SimPy is not slowed down by Philox in
Python, and what an actor does is in `benchmarks.plain_school` and `plain_trust`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from benchmarks.plain_school import Post, School
from benchmarks.plain_trust import Trust, run_plain
from workbench.growth.setting import Setting
from workbench.growth.simulate import Trajectories

Process = Generator[Any, Any, None]


class Bells:
    """What the trust rings in a term, in this order: gate, sense, live, hire.

    Args:
        env: The clock.
    """

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self.gate, self.sense, self.live, self.hire = (env.event() for _ in range(4))

    def ring(self, name: str) -> Any:
        """Wake all who wait for a bell; return what to wait for until they have acted."""
        bell = getattr(self, name)
        setattr(self, name, self.env.event())
        bell.succeed()
        return self.env.timeout(0)


class Life:
    """One trust's processes.

    Args:
        trust: Whose trajectory it is.
        rows: Where to append each term's measures, if anywhere.
    """

    def __init__(self, trust: Trust, rows: list[list[float]] | None) -> None:
        self.trust, self.rows, self.env = trust, rows, simpy.Environment()
        self.bells = Bells(self.env)
        self.brought = self.sight = self.leaves = self.arrives = self.wanted = 0.0
        for school in trust.schools:
            self.env.process(self.school(school))
        for number, post in enumerate(trust.posts):
            self.env.process(self.lead(number, post))
        self.env.process(self.terms())
        self.env.run()

    def terms(self) -> Process:
        """Take the trust through its terms."""
        trust, bells = self.trust, self.bells
        for t in range(trust.given.terms):
            before, self.brought = len(trust.members), 0.0
            yield bells.ring("gate")
            trust.mix(before, self.brought)
            self.sight = trust.sight()
            yield bells.ring("sense")
            trust.plan()
            trust.support(t)
            yield bells.ring("live")
            self.leaves, self.arrives = trust.renew(t)
            first = len(trust.posts)
            self.wanted, new = trust.hire(t)
            for number, post in enumerate(new, start=first):
                self.env.process(self.lead(number, post))
            yield self.env.timeout(0)
            yield bells.ring("hire")
            trust.account()
            trust.judge(t)
            if self.rows is not None:
                self.rows.append(trust.measures())
            yield self.env.timeout(1)

    def school(self, school: School) -> Process:
        """Wait at the gate until let in or declined; then live through the terms."""
        trust, bells, env, number = self.trust, self.bells, self.env, school.number
        while not school.active:
            yield bells.gate
            self.brought += trust.stand_at_gate(int(env.now), school) or 0.0
            if school.declined:
                return
        while True:
            yield bells.sense
            t = int(env.now)
            luck = trust.luck.school[t][number]
            school.sense(t, self.sight, luck[1])
            yield bells.live
            school.live(t, trust.stretch, luck, trust.luck.head[t][number])

    def lead(self, number: int, post: Post) -> Process:
        """Leave and be replaced, term after term."""
        luck, env = self.trust.luck.lead, self.env
        while True:
            yield self.bells.hire
            its_luck = luck[int(env.now)][number]
            post.turn_over(its_luck, self.leaves, self.arrives, self.wanted - number)


def _live(trust: Trust, rows: list[list[float]] | None) -> None:
    Life(trust, rows)


def run_simpy(setting: Setting, replicates: int, *, record: bool = False) -> Trajectories:
    """Run trajectories of a setting, as `workbench.growth.simulate.run` does on one thread.

    Args:
        setting: What is simulated.
        replicates: Number of trajectories; a multiple of the setting's draws.
        record: Keep the series of each term (moves between bands are not kept).

    Raises:
        ValueError: `replicates` is not a multiple of the number of draws, or luck is shared.
    """
    return run_plain(_live, setting, replicates, record=record)
