"""A picture as plain data for the page: what is drawn, what it says, and the same as tables.

Everything a reader sees is made here; the page only lays it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbench.charts.measures import MEASURES, Measure
from workbench.charts.wording import capital, count, number, percent
from workbench.evidence.names import slug
from workbench.explore import words
from workbench.explore.axes import Axes, ticks
from workbench.explore.controls import Control, as_query
from workbench.explore.engine import Picture
from workbench.parameters.limits import TrustSettings
from workbench.report import board
from workbench.scenario.results import QUANTILES

HUNDRED = 100.0
_MIDDLE = list(QUANTILES).index("p50")


@dataclass(frozen=True)
class Shown:
    """What a drawing is made of, besides the picture.

    Attributes:
        settings: The board's limits and risk.
        controls: The controls by name.
        measure: The measure whose fan is shown, one of `engine.FOLLOWED`.
        axes: The axes of this sitting.
        pinned: The picture to compare with, if any.
        scenario: Name of the scenario started from.
        futures: Futures to which a picture is refined.
    """

    settings: TrustSettings
    controls: dict[str, Control]
    measure: str
    axes: Axes
    pinned: Picture | None
    scenario: str
    futures: int


def drawing(picture: Picture, shown: Shown) -> dict[str, Any]:
    """Return a picture as the page's own data: plain lists, numbers and words."""
    return {
        "verdict": words.verdict(picture),
        "odds": words.odds(picture, shown.settings),
        "further": list(words.further(picture, shown.settings)),
        "rests_on": words.shown(picture, shown.futures),
        "final": picture.final,
        "pinned": _pinned_said(picture, shown),
        "figures": [_extra_risk(picture, shown), _fan(picture, shown), _holds(picture, shown)],
        "query": {"scenario": shown.scenario, **as_query(picture.state)},
        "file": f"{slug(picture.plan.title)}_{count(picture.state.schools, 'school')}".replace(
            " ", "-"
        ),
    }


def measure_shown(picture: Picture) -> str:
    """Return the measure that shows the limit most often broken first, of those there are."""
    binding = board.measure_that_binds(picture.absorption)
    return binding if binding in picture.fans else next(iter(picture.fans))


def _pinned_said(picture: Picture, shown: Shown) -> str:
    if shown.pinned is None:
        return ""
    was = shown.pinned.state
    moved = {
        name: one
        for name, one in shown.controls.items()
        if getattr(was, name) != getattr(picture.state, name)
    }
    differs = words.state_said(was, moved) if moved else "the same as now"
    if shown.pinned.plan.title != picture.plan.title:
        differs = f"{shown.pinned.plan.title}; {differs}"
    return f"Dashed, as pinned: {differs}. Then: {words.verdict(shown.pinned)}."


def _extra_risk(picture: Picture, shown: Shown) -> dict[str, Any]:
    answer = picture.absorption
    columns = ["extra_risk", "extra_lower", "extra_upper"]
    rows = _in_time(picture, columns)
    line = answer.tolerance * HUNDRED
    axis = shown.axes.holding("extra", [*rows.ravel(), 2 * line, 0.0, *_pinned(shown, columns)])
    accepted = "tolerance" if shown.settings.risk.tolerance.verified else "proposed tolerance"
    limit = words.binds(answer)
    within = answer.headline.capacity
    return _curve(
        picture, shown, rows, axis,
        key="extra-risk",
        download="Download the added risk (CSV)",
        headline="Risk that joining adds",
        subtitle=f"Chance of breaking a limit by {picture.terms[-1]}, percentage points beyond "
        f"that with none joining; filled marks are within the tolerance{_late(picture)}",
        unit="points",
        line={"value": line, "label": f"{accepted}, {number(line)} points"},
        column="extra_risk",
        first_beyond=None if limit is None or answer.binding_at == 0 or not _seen(picture)
        else {"at": answer.binding_at, "label": f"{limit} goes first"},
        within=[within is not None and n <= within for n in range(len(rows))],
        names=("Extra risk, points", "From", "To"),
    )  # fmt: skip


def _holds(picture: Picture, shown: Shown) -> dict[str, Any]:
    answer = picture.absorption
    rows = _in_time(picture, ["probability", "lower", "upper"])
    line = answer.confidence * HUNDRED
    asked = "asked for" if shown.settings.risk.confidence.verified else "proposed"
    passes = answer.absolute.capacity
    return _curve(
        picture, shown, rows, (0.0, HUNDRED),
        key="all-limits-hold",
        download="Download the chances (CSV)",
        headline="Chance that every limit holds",
        subtitle=f"By {picture.terms[-1]}, per cent of futures; filled marks reach the line"
        f"{_late(picture)}",
        unit="%",
        line={"value": line, "label": f"{asked} confidence, {number(line)}%"},
        column="probability",
        first_beyond=None,
        within=[passes is not None and n <= passes for n in range(len(rows))],
        names=("Every limit holds, %", "From", "To"),
    )  # fmt: skip


def _seen(picture: Picture) -> bool:
    """Whether a number of schools was seen to be too many, so that a limit can be named at it."""
    return picture.absorption.reason not in ("limit_of_search", "limit_of_pace")


def _curve(
    picture: Picture, shown: Shown, rows: Any, axis: tuple[float, float], **given: Any
) -> dict[str, Any]:
    column, names = given.pop("column"), given.pop("names")
    selected, unit = picture.state.schools, given["unit"]
    value, low, high = (number(end) for end in rows[min(selected, picture.arriving)])
    sign = "%" if unit == "%" else f" {unit}"
    within = sum(given["within"]) - 1
    claim = f"Up to {count(within, 'school')} within" if within > 0 else "No number above 0 within"
    return given | {
        "kind": "curve",
        "rows": [[round(float(end), 2) for end in row] for row in rows],
        "selected": selected,
        "most": len(picture.absorption.curve) - 1,
        "axis": list(axis),
        "ticks": ticks(axis),
        "pinned": [round(v, 2) for v in _pinned(shown, [column])],
        "across": "Schools joining",
        "alt": (
            f"Line over 0 to {len(rows) - 1} schools joining, with bars of what more futures would "
            f"narrow. With {count(selected, 'school')} {words.joining(picture)}: {value}{sign} "
            f"({low} to {high}). "
            f"{claim} the dashed line, {given['line']['label']}."
        ),
        "table": {
            "caption": f"{given['headline']}, by number of schools joining",
            "columns": ["Schools joining", *names],
            "decimals": [0, 1, 1, 1],
            "rows": [[n, *(round(float(end), 1) for end in row)] for n, row in enumerate(rows)],
        },
    }


def _pinned(shown: Shown, columns: list[str]) -> list[float]:
    if shown.pinned is None:
        return []
    return [float(value) for value in _in_time(shown.pinned, columns).ravel()]


def _in_time(picture: Picture, columns: list[str]) -> Any:
    """Return percentages by number of schools, up to the last that can join by the horizon."""
    return picture.absorption.curve[columns].to_numpy()[: picture.arriving + 1] * HUNDRED


def _late(picture: Picture) -> str:
    if picture.arriving == len(picture.absorption.curve) - 1:
        return ""
    return f"; hatched, more schools than can join by {picture.terms[-1]}"


def _fan(picture: Picture, shown: Shown) -> dict[str, Any]:
    name = shown.measure if shown.measure in picture.fans else measure_shown(picture)
    measure, fan = MEASURES[name], picture.fans[name]
    levels = fan * measure.scale
    was = None if shown.pinned is None else shown.pinned.fans.get(name)
    before = [] if was is None else (was * measure.scale).round(3).tolist()
    limit = _limit(name, shown.settings)
    line = (
        None
        if limit is None
        else {"value": limit * measure.scale, "label": f"limit, {measure.show(limit)}"}
    )
    reach = [*levels.ravel(), *(value for row in before for value in row)]
    axis = shown.axes.holding(
        f"fan {name}",
        [*reach, *([] if limit is None else [limit * measure.scale]), *_whole(measure)],
    )
    first, last = picture.terms[0], picture.terms[-1]
    return {
        "kind": "fan",
        "download": "Download the fan (CSV)",
        "key": f"fan-{name.replace('_', '-')}",
        "headline": f"{capital(measure.label)} if {_join(picture)}",
        "subtitle": f"{first} to {last}, {_unit(measure)}",
        "unit": measure.unit,
        "terms": list(picture.terms),
        "rows": levels.round(3).tolist(),
        "axis": list(axis),
        "ticks": ticks(axis),
        "line": line,
        "pinned": before,
        "alt": _fan_alt(picture, measure, fan, limit),
        "table": _fan_table(picture, measure, levels),
    }


def _join(picture: Picture) -> str:
    schools = picture.state.schools
    if schools > picture.arriving:
        are = "is" if schools == 1 else "are"
        return f"{count(schools, 'school')} {are} planned and {words.in_time(picture)}"
    return f"{count(schools, 'school')} join{'s' if schools == 1 else ''}"


def _whole(measure: Measure) -> list[float]:
    """Shares of schools run over the whole of their axis, whatever the first picture needs."""
    return [0.0, HUNDRED] if measure.label.startswith("schools secure") else [0.0]


def _limit(name: str, settings: TrustSettings) -> float | None:
    try:
        return board.limit_of(name, settings)
    except KeyError:
        return None


def _unit(measure: Measure) -> str:
    return "per cent" if measure.unit == "%" else measure.unit


def _fan_alt(picture: Picture, measure: Measure, fan: Any, limit: float | None) -> str:
    def said(at: int) -> str:
        low, _, middle, _, high = (measure.show(float(value)) for value in fan[:, at])
        return f"the middle future at {middle}, 9 in 10 between {low} and {high}"

    against = "" if limit is None else f" A dashed line marks the limit, {measure.show(limit)}."
    return (
        f"Fan over {count(len(picture.terms), 'term')}: in {picture.terms[0]} {said(0)}; in "
        f"{picture.terms[-1]} {said(-1)}.{against}"
    )


def _fan_table(picture: Picture, measure: Measure, levels: Any) -> dict[str, Any]:
    shares = [percent(quantile) for quantile in QUANTILES.values()]
    return {
        "caption": f"{capital(measure.label)} by term, {_unit(measure)}",
        "columns": ["Term", *(f"{s} of futures below" for s in shares[:_MIDDLE]), "Middle future",
                    *(f"{s} of futures below" for s in shares[_MIDDLE + 1 :])],
        "decimals": [0] + [measure.decimals] * len(shares),
        "rows": [
            [term, *(round(float(v), measure.decimals) for v in levels[:, at])]
            for at, term in enumerate(picture.terms)
        ],
    }  # fmt: skip
