"""Where the pillars meet the growth model: measured scores set its starting levels.

The growth model's levels of vision, commitment, intelligence, process and assurance run from 0 to
1, and so do the scores of the pillars of the same names. A measured score takes the place of the
declared prior, draw by draw, with all its doubt; a pillar of which too little is measured leaves
the prior as it is. See `docs/decisions/0006-pillars-start-the-growth-model.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from weakref import WeakKeyDictionary

import numpy as np

from workbench.growth.draws import Cube, luck_of
from workbench.parameters.distributions import Floats
from workbench.parameters.model import ModelParameters
from workbench.parameters.pillars import Pillar
from workbench.pillars.indicator import counted
from workbench.pillars.profile import MEASURED_BY, PillarScore, pillar_score
from workbench.pillars.scope import PillarSettings, Scope, pillar_settings
from workbench.scenario.people import Start
from workbench.trust.load import Trust

PILLAR_OF: Mapping[str, Pillar] = MappingProxyType({
    "vision": "vision",
    "commitment": "collective commitment",
    "intelligence": "intelligence",
    "process": "process",
    "assurance": "quality assurance",
})  # fmt: skip
# A scenario is tried many times over on one trust, which is measured once with one set of numbers.
_MEASURED: WeakKeyDictionary[Trust, tuple[PillarSettings, Mapping[str, PillarScore]]] = (
    WeakKeyDictionary()
)


def starting_levels(
    trust: Trust,
    model: ModelParameters,
    drawn: Mapping[str, Floats],
    *,
    held: Mapping[str, float],
    seed: int,
    cube: Cube | None = None,
) -> dict[str, Start]:
    """Return the model's starting levels: measured where enough of the pillar is, else the prior.

    A measured level takes the quantiles of its pillar's score at the uniforms that the prior would
    have had, so that trusts measured and not measured share their luck.

    Args:
        trust: The trust.
        model: The declared parameters.
        drawn: Draws of the model's parameters, for the priors.
        held: Parameters that the scenario holds at a value of its own: these stand.
        seed: Seed of every stream.
        cube: Places that replace the named streams; a measured level it does not name stands still
            at the median of its score.
    """
    measured = measured_levels(trust)
    return dict(_levels(measured, model, drawn, held=held, seed=seed, cube=cube))


def measured_levels(trust: Trust) -> Mapping[str, PillarScore]:
    """Return the pillars that start the model's levels, by the level's name."""
    settings = pillar_settings()
    known = _MEASURED.get(trust)
    if known is not None and known[0] == settings:
        return known[1]
    scope = Scope(trust, settings)
    found = {
        name: pillar_score(scope, pillar, MEASURED_BY[pillar](scope))
        for name, pillar in PILLAR_OF.items()
    }
    _MEASURED[trust] = (settings, found)
    return found


def _levels(
    measured: Mapping[str, PillarScore],
    model: ModelParameters,
    drawn: Mapping[str, Floats],
    *,
    held: Mapping[str, float],
    seed: int,
    cube: Cube | None,
) -> Iterator[tuple[str, Start]]:
    for name, pillar in measured.items():
        what, unit = f"{name.capitalize()} of the trust", getattr(model.levels, name).unit
        values = drawn[name]
        if name in held:
            yield name, Start(what, values, unit, "held by the scenario", False)
        elif pillar.composite is None:
            source = f"declared prior: {pillar.why_not}"
            yield name, Start(what, values, unit, source, False)
        else:
            luck = luck_of(name, seed, len(values), cube)
            places = np.full(len(values), 0.5) if luck is None else luck
            scores = np.quantile(pillar.composite.draws, places)
            source = (
                f"the pillar as measured: {counted(len(pillar.scored), 'indicator')}, "
                f"{pillar.measured_share:.0%} of its weight"
            )
            yield name, Start(what, scores, unit, source, True)
