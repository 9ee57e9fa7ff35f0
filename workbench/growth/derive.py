"""What follows from a draw of the parameters and holds for a whole trajectory."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workbench.growth.kernel.layout import DERIVED
from workbench.growth.setting import Records

MINUTES_AN_HOUR = 60.0


def derive(params: Records) -> Records:
    """Return what follows from each draw of the parameters (`layout.DERIVED`), length M.

    The odds of rising and falling are centred, so that a trust like the calibration population has
    the fitted rates: average support must not count twice. A switch of a mechanism (`dip_odds` held
    at 1, say) is made on the parameters after this, so that it moves the schools concerned and not
    the centre.

    Args:
        params: Draws of the parameters, length M.
    """
    derived = np.zeros(len(params), DERIVED)
    dose = 1.0 + (params["support_rise_odds"] - 1.0) * params["dose_reference"]
    for band, name in enumerate(("rise_urgent", "rise_attention", "rise_secure")):
        derived["rise"][:, band] = odds(params[name]) * params["trust_odds"] / dose
    centre = 1.0 + (params["unsupported_fall_odds"] - 1.0) * (1.0 - params["dose_reference"])
    centre *= 1.0 + (params["overstretch_fall_odds"] - 1.0) * params["overstretch_reference"]
    centre *= 1.0 + (params["turnover_fall_odds"] - 1.0) * new_head_share(params)
    centre *= 1.0 + (params["dip_odds"] - 1.0) * params["dip_reference"]
    for band, name in enumerate(("fall_attention", "fall_secure", "fall_strong"), start=1):
        derived["fall"][:, band] = odds(params[name]) / centre
    share = params["frail_share"]
    sound = 1.0 / (1.0 - share + share * params["frail_odds"])
    derived["frail"] = np.column_stack([sound, sound * params["frail_odds"]])
    minutes = params["road_factor"] / params["road_speed"] * MINUTES_AN_HOUR
    derived["loss_per_km"] = 2.0 * minutes / params["workday_minutes"]
    for phase, name in enumerate(("income_primary", "income_secondary", "income_special")):
        derived["income"][:, phase] = params[name] * params["income_scale"]
    for band, name in enumerate(("need_urgent", "need_attention", "need_secure", "need_strong")):
        derived["need"][:, band] = params[name]
    for band, kind in enumerate(("unrated", "urgent", "attention", "routine", "routine")):
        derived["earliest"][:, band] = params[f"{kind}_min"]
        derived["latest"][:, band] = params[f"{kind}_max"]
    return derived


def odds(probability: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the odds of a probability."""
    return np.asarray(probability / (1.0 - probability))


def new_head_share(params: Records) -> npt.NDArray[np.float64]:
    """Return the share of school terms within the effect of a change of head, in the long run."""
    return np.asarray(
        1.0 - (1.0 - params["head_leaves"]) ** params["head_effect_terms"].astype(int)
    )
