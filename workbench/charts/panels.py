"""Small multiples: many small panels of one kind in rows on one canvas."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from workbench.charts.style import GREY

COLUMNS = 3  # on a telephone each is still a thumb wide


def panels(
    canvas: Canvas, axes: Axes, count: int, columns: int = COLUMNS, *, common: bool = True
) -> list[Axes]:
    """Replace the one pair of axes by so many panels with a common scale along, row by row.

    Args:
        canvas: The canvas.
        axes: The axes to replace.
        count: Panels wanted, at least one.
        columns: Panels in a row.
        common: Whether the scale upwards is common too.
    """
    axes.remove()
    rows = -(-count // columns)
    grid = canvas.subplots(rows, columns, squeeze=False, sharex=True, sharey=common)
    made = list(grid.ravel())
    for spare in made[count:]:
        spare.set_visible(False)
    for place, panel in enumerate(made[:count]):
        # The lowest panel of each column carries the scale along, also above a spare place.
        lowest = place + columns >= count
        panel.tick_params(labelbottom=lowest, labelsize=8)
    return made[:count]


def align_ends(axes: Axes) -> None:
    """Let the names of the first and last tick reach inwards, clear of the next panel's."""
    labels = axes.get_xticklabels()
    if len(labels) > 1:
        labels[0].set_horizontalalignment("left")
        labels[-1].set_horizontalalignment("right")


def only_words(axes: Axes, words: str) -> None:
    """Say in words why there is nothing to draw."""
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.annotate(words, (0.5, 0.5), ha="center", va="center", fontsize=9.5, color=GREY)
