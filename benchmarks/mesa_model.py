"""The growth model in Mesa 3: a model of the trust, and agents for schools and leads' posts.

Agents act mechanism by mechanism, in the order they stand in, so nothing is shuffled. Random
numbers come in bulk from compiled code (`benchmarks.luck`), so that Mesa is not slowed down by
Philox in Python, and what an actor does is in `benchmarks.plain_school` and `plain_trust`.
"""

from __future__ import annotations

from typing import Any

import mesa  # type: ignore[import-untyped]
from mesa.agent import AgentSet  # type: ignore[import-untyped]

from benchmarks import plain_school
from benchmarks.plain_trust import Trust, run_plain
from workbench.growth.setting import Setting
from workbench.growth.simulate import Trajectories


class School(mesa.Agent):  # type: ignore[misc]
    """A school of the trust, or one that may join."""

    def __init__(self, model: TrustModel, school: plain_school.School) -> None:
        super().__init__(model)
        self.school = school

    def stand_at_gate(self, t: int) -> None:
        """Ask to join; once in, be a member, and once declined, go away."""
        brought = self.model.trust.stand_at_gate(t, self.school)
        if brought is not None:
            self.model.brought += brought
            self.model.members.add(self)
            self.model.waiting.remove(self)
        elif self.school.declined:
            self.model.waiting.remove(self)

    def sense(self, t: int, sight: float) -> None:
        """Show the trust its true quality, perhaps."""
        luck = self.model.trust.luck.school[t]
        self.school.sense(t, sight, luck[self.school.number][1])

    def live(self, t: int) -> None:
        """Improve or worsen, be inspected, and perhaps change heads."""
        trust, number = self.model.trust, self.school.number
        luck, head = trust.luck.school[t][number], trust.luck.head[t][number]
        self.school.live(t, trust.stretch, luck, head)


class LeadPost(mesa.Agent):  # type: ignore[misc]
    """An improvement-lead post."""

    def __init__(self, model: TrustModel, number: int, post: plain_school.Post) -> None:
        super().__init__(model)
        self.number, self.post = number, post

    def turn_over(self, t: int, leaves: float, arrives: float, wanted: float) -> None:
        """Let the lead go, or a new one come."""
        luck = self.model.trust.luck.lead[t][self.number]
        self.post.turn_over(luck, leaves, arrives, wanted - self.number)


class TrustModel(mesa.Model):  # type: ignore[misc]
    """One trust's trajectory.

    Args:
        trust: Whose trajectory it is.
        rows: Where to append each term's measures, if anywhere.
    """

    def __init__(self, trust: Trust, rows: list[list[float]] | None) -> None:
        super().__init__(rng=0)
        self.trust, self.rows, self.brought = trust, rows, 0.0
        schools = [School(self, school) for school in trust.schools]
        inside = [agent for agent in schools if agent.school.active]
        outside = [agent for agent in schools if not agent.school.active]
        self.members = AgentSet(inside, random=self.random)
        self.waiting = AgentSet(outside, random=self.random)
        for number, post in enumerate(trust.posts):
            LeadPost(self, number, post)

    def step(self) -> None:
        """Live through one term."""
        trust, t = self.trust, self.steps - 1
        before, self.brought = len(trust.members), 0.0
        if self.waiting:
            self.waiting.do("stand_at_gate", t)
        trust.mix(before, self.brought)
        self.members.do("sense", t, trust.sight())
        trust.plan()
        trust.support(t)
        self.members.do("live", t)
        chances = trust.renew(t)
        first = len(trust.posts)
        wanted, new = trust.hire(t)
        for number, post in enumerate(new, start=first):
            LeadPost(self, number, post)
        if LeadPost in self.agents_by_type:
            self.agents_by_type[LeadPost].do("turn_over", t, *chances, wanted)
        trust.account()
        trust.judge(t)
        if self.rows is not None:
            self.rows.append(trust.measures())
        self.running = self.steps < trust.given.terms


def _live(trust: Trust, rows: list[list[float]] | None) -> None:
    model = TrustModel(trust, rows)
    model.run_model()
    ids: Any = vars(mesa.Agent)["_ids"]
    ids.pop(model, None)  # Mesa counts agents by model and would keep every model for ever


def run_mesa(setting: Setting, replicates: int, *, record: bool = False) -> Trajectories:
    """Run trajectories of a setting, as `workbench.growth.simulate.run` does on one thread.

    Args:
        setting: What is simulated.
        replicates: Number of trajectories; a multiple of the setting's draws.
        record: Keep the series of each term (moves between bands are not kept).

    Raises:
        ValueError: `replicates` is not a multiple of the number of draws, or luck is shared.
    """
    return run_plain(_live, setting, replicates, record=record)
