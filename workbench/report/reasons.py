"""Why the answer is what it is: figures and sentences on what moves it and where a plan fails."""

from __future__ import annotations

from typing import Any

from workbench.charts.convergence import index_convergence
from workbench.charts.failure_boxes import Ending, box_ranges, box_sentences
from workbench.charts.figure import Figure
from workbench.charts.indices import index_bars
from workbench.charts.tornado import tornado_bars
from workbench.growth.discovery import Discovery
from workbench.scenario.why import Why

# Share of futures that end one way above which a box of them tells nothing apart.
NEARLY_ALWAYS = 0.9


def one_at_a_time(answer: Why) -> Figure:
    """Return how far each assumption moves the answer alone, all others at their own value."""
    return tornado_bars(
        answer.tornado.table,
        base=answer.tornado.base.estimate,
        asked=answer.asked,
        replicates=answer.effort.tornado_events,
        **_about(answer),
    )


def all_together(answer: Why) -> tuple[Figure, ...]:
    """Return what each assumption explains where all move together, and how settled that is."""
    about, found = _about(answer), answer.indices
    noise, rest = found.noise.common, answer.rest
    return (
        index_bars(
            found.table,
            settled=found.settling.settled,
            noise=noise,
            rest=None if rest is None else rest.estimate,
            asked=answer.asked,
            evaluations=found.size * (len(found.table) + 2),
            **about,
        ),
        index_convergence(
            found.convergence,
            change=found.settling.change,
            widest=found.settling.widest,
            tolerance=found.settling.tolerance,
            asked=answer.asked,
            **about,
        ),
    )


def boxes(answer: Why) -> tuple[Figure, ...]:
    """Return in which futures the plan fails, and holds, where any box of assumptions says so."""
    return tuple(
        box_ranges(
            found.boxes,
            found.limits,
            ending=ending,
            share=found.base,
            futures=found.rows,
            **_about(answer),
        )
        for ending, found in _endings(answer)
        if len(found.boxes)
    )


def sentences(answer: Why) -> tuple[str, ...]:
    """Say each box in a sentence, and that there is none where there is none."""
    said = [
        line
        for ending, found in _endings(answer)
        for line in box_sentences(found.boxes, found.limits, ending)
    ]
    none = "No set of assumptions was found in which the plan fails, or holds, clearly more often."
    return tuple(said) or (none,)


def _endings(answer: Why) -> tuple[tuple[Ending, Discovery], ...]:
    """Return what there is to tell apart: where nearly every future ends alike, no box says why."""
    both: tuple[tuple[Ending, Discovery], ...] = (
        ("fails", answer.failing),
        ("holds", answer.holding),
    )
    return tuple((ending, found) for ending, found in both if found.base <= NEARLY_ALWAYS)


def _about(answer: Why) -> dict[str, Any]:
    return {
        "trust": answer.trust,
        "scenario": answer.scenario.title,
        "joiners": answer.joiners,
        "horizon": answer.terms[1],
    }
