"""Trusts of a country in a funnel: a share held against what chance does at their size, unnamed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from workbench.charts.figure import Figure
from workbench.charts.labels import drawable
from workbench.charts.panels import only_words
from workbench.charts.style import BLUE, GREY, INK, MID_BLUE, ORANGE, drawing, frame, to_svg
from workbench.charts.wording import capital, count, number
from workbench.measures.funnels import Funnel, binomial_funnel, limits_over

_LEAST_SIZE, _MOST_SIZE = 8.0, 220.0  # areas of the mark of one trust and of the most on a spot
_LIMITS = (("95", "95% limits", MID_BLUE, (4, 2)), ("998", "99.8% limits", GREY, (1, 2)))
_BY_CHANCE = 0.05  # of units that differ by chance alone, at most so many beyond the 95% limits


def national_funnel(
    hits: pd.Series,
    schools: pd.Series,
    *,
    key: str,
    measure: str,
    where: str,
    as_of: str,
    source: str,
) -> Figure:
    """Draw the share of each trust's schools with exact binomial limits, and name no trust.

    Trusts of one size and share lie on one spot: the mark's area says how many.

    Args:
        hits: Schools of each trust that count.
        schools: Schools of each trust that could, same index; trusts without any are left out.
        key: Short name of the figure.
        measure: What is measured, such as `Weak schools`.
        where: Which country.
        as_of: The day described, in words.
        source: Where the numbers come from.
    """
    kept = schools > 0
    trials, successes = schools[kept].astype("int64"), hits[kept].astype("int64")
    varied = 0 < int(successes.sum()) < int(trials.sum())
    funnel = binomial_funnel(successes, trials) if varied else None
    spots = _spots(funnel)
    with drawing(1.0 if funnel is None else 4.0) as (canvas, axes):
        if funnel is None:
            only_words(axes, "all trusts have the same share")
        else:
            _draw(axes, funnel, spots, measure)
            canvas.legend(loc="outside lower center", ncols=5, frameon=False, fontsize=9)
        svg = to_svg(canvas)
    lost = int((~kept).sum())
    return Figure(
        key=key,
        headline=_headline(funnel, measure),
        subtitle=(
            f"{measure} as a share of schools with a judgement, {count(len(trials), 'trust')} of "
            f"{where}, {as_of}; the larger a mark, the more trusts on one spot"
            + (f"; {count(lost, 'trust')} without a judgement left out" if lost else "")
        ),
        alt=_alt(funnel, spots),
        source=source,
        data=pd.DataFrame(
            {
                "Schools with a judgement": spots["schools"].tolist(),
                f"{measure} (% of schools)": [number(one, 1) for one in spots["share"]],
                "Trusts": spots["trusts"].tolist(),
                "Place": [capital(place) for place in spots["place"]],
            }
        ),
        svg=svg,
    )


def _spots(funnel: Funnel | None) -> pd.DataFrame:
    """Return one row a size and share: schools, share in per cent, trusts, place, side."""
    columns = ["schools", "share", "place", "side", "trusts"]
    if funnel is None:
        return pd.DataFrame(columns=columns)
    units = funnel.units.assign(schools=funnel.units["size"].astype("int64"),
                                share=100 * funnel.units["value"])  # fmt: skip
    counted = units.groupby(columns[:-1], sort=True).size()
    return counted.rename("trusts").reset_index()


def _draw(axes: Axes, funnel: Funnel, spots: pd.DataFrame, measure: str) -> None:
    largest = int(spots["schools"].max())
    lines = limits_over(funnel, np.arange(1.0, largest + 1.0))
    for end, words, colour, dashes in _LIMITS:
        for side in ("lower", "upper"):
            axes.plot(lines["size"], 100 * lines[f"{side}_{end}"], color=colour, linewidth=1.3,
                      linestyle=(0, dashes), zorder=1,
                      label=words if side == "lower" else None)  # fmt: skip
    axes.axhline(100 * funnel.centre, color=BLUE, linewidth=1, zorder=1, label="All schools")
    area = (_MOST_SIZE - _LEAST_SIZE) / max(int(spots["trusts"].max()) - 1, 1)
    for beyond, group in spots.groupby(spots["place"] != "within"):
        axes.scatter(group["schools"], group["share"],
                     s=_LEAST_SIZE + area * (group["trusts"] - 1), zorder=3,
                     color=ORANGE if beyond else BLUE, marker="D" if beyond else "o",
                     edgecolors=INK if beyond else BLUE, linewidths=0.5,
                     label="Beyond" if beyond else "Within")  # fmt: skip
    axes.set_xlabel("Schools of the trust with a judgement")
    axes.set_ylabel(drawable(f"{measure} (% of schools)"))
    axes.set_xlim(0, largest * 1.05 + 1)
    axes.set_ylim(-4, 104)
    frame(axes, grid="y")


def _beyond(spots: pd.DataFrame, side: str) -> int:
    out = spots[(spots["place"] != "within") & (spots["side"] == side)]
    return int(out["trusts"].sum())


def _headline(funnel: Funnel | None, measure: str) -> str:
    if funnel is None:
        return f"{measure}: no trust differs from another"
    spots = _spots(funnel)
    above, below, total = _beyond(spots, "above"), _beyond(spots, "below"), len(funnel.units)
    expected = f"chance alone would put about {max(1, round(_BY_CHANCE * total))} or fewer there"
    if above + below == 0:
        return f"{measure}: trusts differ no more than chance would make them"
    return (
        f"{measure}: {above + below} of {count(total, 'trust')} lie beyond the 95% limits, "
        f"{above} above and {below} below; {expected}"
    )


def _alt(funnel: Funnel | None, spots: pd.DataFrame) -> str:
    if funnel is None:
        return "No picture: there is nothing to hold trusts against."
    most = spots.nlargest(1, "trusts").iloc[0]
    return (
        f"Marks for trusts by schools with a judgement and share, around a mean of "
        f"{100 * funnel.centre:.1f}%, within two funnels that narrow as trusts grow. "
        f"Most trusts on one spot: {most['trusts']}, with "
        f"{count(int(most['schools']), 'school')} and {number(float(most['share']), 1)}%. "
        "No trust is named."
    )
