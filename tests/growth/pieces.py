"""Ranges of trajectories, put together again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbench.growth.simulate import Trajectories


def joined(pieces: Sequence[Trajectories]) -> Trajectories:
    """Return ranges run one after another as one."""
    return Trajectories(
        np.concatenate([piece.breach for piece in pieces]),
        np.concatenate([piece.secured for piece in pieces]),
        np.concatenate([piece.series for piece in pieces]),
        np.concatenate([piece.moves for piece in pieces]),
        pieces[0].events,
    )
