"""What follows from a draw of the parameters before a trajectory begins: odds, centred.

The declared rates are those of the calibration population. There, schools had some support, some
new heads, some frailty; a factor on the odds is therefore divided by its average over that
population (`reference.py` simulates it and writes the averages into `parameters/model.yaml`), or
average support would count twice. This is the one place where it is done.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workbench.growth.kernel.layout import DERIVED
from workbench.growth.setting import Records
from workbench.terms import TERMS_A_YEAR

Floats = npt.NDArray[np.float64]

MINUTES_AN_HOUR = 60.0
RISES = ("rise_urgent", "rise_attention", "rise_secure")  # from bands 0, 1, 2
FALLS = ("fall_attention", "fall_secure", "fall_strong")  # from bands 1, 2, 3
BALANCING_STEPS = 40  # each gains a digit or so; frailty settles to the last bit well before


def derive(params: Records) -> Records:
    """Return what follows from each draw of the parameters (`layout.DERIVED`), length M.

    The odds of rising and falling are centred, so that the reference population has the declared
    rates whatever the odds ratios drawn. A switch of a mechanism (`dip_odds` held at 1, say) is
    made on the parameters after this, so that it moves the schools concerned and not the centre.

    Args:
        params: Draws of the parameters, length M.
    """
    derived = np.zeros(len(params), DERIVED)
    frail, sound = frailty(params)
    derived["frail_share"] = frail
    sound = np.column_stack([sound, odds(params["rise_secure"])])
    fade = mean_factor(params["joining_odds"], params["mean_fade"])
    for band, name in enumerate(RISES):
        dose = params[f"mean_dose_{name.removeprefix('rise_')}"]
        centre = mean_factor(params["support_rise_odds"], dose) * fade
        derived["rise"][:, band] = sound[:, band] * params["trust_odds"] / centre
        derived["rise"][:, band] *= params[f"adjust_{name}"]
    for band, name in enumerate(FALLS, start=1):
        centre = fall_centre(params, name.removeprefix("fall_"))
        derived["fall"][:, band] = odds(params[name]) / centre * params[f"adjust_{name}"]
    derived["frail"] = np.column_stack([np.ones(len(params)), params["frail_odds"]])
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


def odds(probability: Floats) -> Floats:
    """Return the odds of a probability."""
    return np.asarray(probability / (1.0 - probability))


def mean_factor(odds_ratio: Floats, mean_cause: Floats) -> Floats:
    """Return the average factor of an odds ratio whose cause, 0 to 1, has this average."""
    return np.asarray(1.0 + (odds_ratio - 1.0) * mean_cause)


def fall_centre(params: Records, band: str) -> Floats:
    """Return the average factor on the odds of falling from a band in the reference population."""
    centre = mean_factor(params["unsupported_fall_odds"], 1.0 - params[f"mean_dose_{band}"])
    centre = centre * mean_factor(params["overstretch_fall_odds"], params["mean_stretch"])
    centre = centre * mean_factor(params["turnover_fall_odds"], new_head_share(params))
    centre = centre * mean_factor(params["dip_odds"], params["mean_dip"])
    # Average providers lend within their slack, so that lending needs no centre.
    return np.asarray(centre)


def new_head_share(params: Records) -> Floats:
    """Return the share of school terms within the effect of a change of head, in the long run.

    A head's time in post is a renewal process: the share is the expected number of terms within
    the effect over the expected number of terms in post. Heads changed by an intervention come on
    top; they are few, and the adjustments of the rates take them in.
    """
    terms = params["head_effect_terms"].astype(int)[:, None]
    leaves = params["head_leaves"]
    ages = np.arange(max(TERMS_A_YEAR, int(terms.max())))
    staying = 1.0 - np.where(
        ages < TERMS_A_YEAR, params["head_leaves_new"][:, None], leaves[:, None]
    )
    reached = np.column_stack([np.ones(len(params)), np.cumprod(staying, axis=1)])
    within = np.where(ages < terms, reached[:, :-1], 0.0).sum(axis=1)
    first_year, settled = reached[:, :TERMS_A_YEAR].sum(axis=1), reached[:, TERMS_A_YEAR]
    # The mean time in post is first_year + settled / leaves; both are multiplied by `leaves`.
    return np.asarray(within * leaves / (first_year * leaves + settled))


def frailty(params: Records) -> tuple[Floats, Floats]:
    """Return where frail schools are in the long run, and how readily sound ones rise.

    Frail schools rise rarely, so they gather in the lowest bands. In balance as many frail schools
    rise from a band as fall back to it, and so of sound ones; falling does not depend on frailty.
    The odds that a school is frail are therefore higher in a band than in the next one up by the
    ratio of the two chances of rising. The weak schools together have the declared share, and
    frail and sound schools of a band together rise at the declared rate.

    Returns:
        Share of frail schools by true band, M x 4, and odds of a sound school rising out of the
        two weak bands, M x 2, before anything else acts on them.

    Source: detailed balance of birth and death chains (Kelly 1979, Reversibility and stochastic
    networks, section 1.3).
    """
    share, ratio = params["frail_share"], params["frail_odds"]
    urgent = params["fall_attention"] / (params["fall_attention"] + params["rise_urgent"])
    low = high = np.asarray(share)  # share of frail among urgent, and among those one band up
    for _ in range(BALANCING_STEPS):
        sound = [
            sound_odds(rate, frail, ratio)
            for rate, frail in ((params["rise_urgent"], low), (params["rise_attention"], high))
        ]
        slower = [ratio * (1.0 + each) / (1.0 + ratio * each) for each in sound]
        # urgent * low + (1 - urgent) * high = share, with odds(low) = odds(high) / slower.
        high = _positive_root(
            (1.0 - urgent) * (1.0 - slower[0]),
            urgent + (1.0 - urgent) * slower[0] - share * (1.0 - slower[0]),
            share * slower[0],
        )
        low = high / (high + (1.0 - high) * slower[0])
    upper = high * slower[1] / (high * slower[1] + 1.0 - high)
    return np.column_stack([low, high, upper, upper]), np.column_stack(sound)


def sound_odds(rate: Floats, frail: Floats, ratio: Floats) -> Floats:
    """Return odds of sound schools with which sound and frail together have a rate.

    Args:
        rate: Probability of the two together.
        frail: Share of frail schools.
        ratio: Odds of a frail school over those of a sound one.
    """
    mixed = 1.0 - frail + frail * ratio
    return _positive_root(ratio * (1.0 - rate), mixed - rate * (1.0 + ratio), rate)


def _positive_root(a: Floats, b: Floats, c: Floats) -> Floats:
    """Return the root at or above 0 of a x2 + b x = c, for a and c at or above 0."""
    # This form of the root, unlike the schoolbook's, has a value where a is 0.
    return np.asarray(2.0 * c / (b + np.sqrt(b * b + 4.0 * a * c)))
