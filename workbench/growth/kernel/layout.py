"""The arrays a trajectory works on: what is given, what changes, and what comes out.

Structured NumPy arrays let the compiled model read fields by name. Bands are 0 urgent, 1 needs
attention, 2 secure, 3 strong; -1 is unrated. Terms count from 0, the scenario's first; a school
that joined before has a negative joining term.
"""

from __future__ import annotations

import numpy as np

URGENT, ATTENTION, SECURE, STRONG = 0, 1, 2, 3
ROUNDING = 1e-9  # what two shares may differ by and still be the same
UNRATED = -1
NEVER, NOT_JOINED = -1, -2
PHASES = ("primary", "secondary", "special")

# What is given of each school: those of the trust first, then joiners in their order.
SCHOOL = np.dtype(
    [
        ("key", np.uint32),  # URN, or the joiner's number
        ("existing", np.int8),
        ("phase", np.int8),  # index into PHASES
        ("pupils", np.float64),
        ("join_term", np.int16),
        ("rated", np.int8),  # band of the last inspection
        ("since", np.int16),  # at the first term: since the last inspection, or joining if unrated
        ("days", np.float64),  # days a term it can offer; negative where unknown
        ("head_terms", np.int16),  # terms its head has been in post
    ],
    align=True,
)

# Most schools of a setting, those of the trust and joiners together. Every field of `STATE` has
# this length, so that the compiler knows no two fields to overlap, and works on eight schools at
# once; being no multiple of a power of two, it spreads the fields over the processor's cache.
MOST_SCHOOLS = 376
LANES = 8  # schools worked on at once: loops over schools run to a multiple of it

# What changes of each school: field by field, all as numbers of one width.
_STATE_FIELDS = (
    "active",  # 1 in the trust, else 0
    "true",
    "known",
    "inspected",
    "frail",  # 1 frail, else 0
    "joined",  # term
    "since",  # terms since the last inspection, or since joining if unrated
    "waiting",  # terms running in which its need was not met
    "head_age",
    "head_effect",
    "intervened",
    "secured",
    "need",  # days due by what the trust knows
    "true_need",
    "offered",
    "free",  # days left to lend this term
    "received",
    "asked",  # leads' days that its need takes, travel included
    "days",  # days a term it can offer; negative where unknown
    "reach",  # share of a lead's day left after travel from the centre
    "toll",  # a lead's days for a day of support: 1 / reach
    "declined",
    "deferred",
    "offer_open",
)
STATE = np.dtype(
    [(field, np.float64, (MOST_SCHOOLS,)) for field in _STATE_FIELDS]
    + [("claim", np.int64, (MOST_SCHOOLS,))]  # to support: smaller is stronger
)

# What changes of the trust.
TRUST = np.dtype(
    [
        ("vision", np.float64),
        ("commitment", np.float64),
        ("intelligence", np.float64),
        ("sle_trained", np.float64),
        ("pipeline", np.float64),
        ("reserves", np.float64),
        ("lead_fte", np.float64),
        ("span", np.float64),
        ("cover", np.float64),
        ("stretch", np.float64),
        ("income", np.float64),  # a year, of the schools in the trust
        ("lent", np.float64),  # days, this term, by all providers
        ("lead_pool", np.float64),
        ("golden_margin", np.float64),
        ("unmet_share", np.float64),
        ("start_secure", np.float64),
        ("existing", np.int32),
        ("limit", np.int32),  # schools considered: the existing and the first joiners
        ("lanes", np.int32),  # the same, rounded up to whole `LANES`
        ("providers_free", np.int32),
        ("schools", np.int32),
        ("posts", np.int32),
        ("over_terms", np.int32),
        ("golden_terms", np.int32),
        ("unmet_terms", np.int32),
        ("fall_terms", np.int32),
    ],
    align=True,
)

# What follows from one draw of the parameters and holds for a whole trajectory.
DERIVED = np.dtype(
    [
        ("rise", np.float64, (4,)),  # odds of rising by true band, centred, before the dose
        ("fall", np.float64, (4,)),  # odds of falling by true band, centred, before the dose
        ("frail", np.float64, (2,)),  # factor on rising out of weakness: sound, frail
        ("frail_share", np.float64, (4,)),  # chance of frailty at the start, by true band
        ("loss_per_km", np.float64),  # share of a day that a kilometre of distance takes
        ("income", np.float64, (3,)),  # pounds a pupil a year, by phase
        ("need", np.float64, (4,)),  # days a term, by band
        ("earliest", np.float64, (5,)),  # window of inspection in terms since the last one,
        ("latest", np.float64, (5,)),  # by inspected band; first the unrated
    ],
    align=True,
)

LEAD = np.dtype([("fte", np.float64), ("terms", np.int16), ("in_post", np.int8)], align=True)

GATES = ("none", "golden rule", "span", "reserves", "all")
POLICY = np.dtype(
    [
        ("gate", np.int8),
        ("defer_terms", np.int16),
        ("schools_per_lead", np.float64),
        ("executive_alone", np.int16),
        ("hire_ahead_terms", np.int16),
        ("top_slice", np.float64),  # share of income
        ("vision_revisit_terms", np.int16),
        ("intelligence_investment", np.float64),
        ("offered", np.int8),
        ("offer_chance", np.float64),
        ("providers_per_weight", np.float64),
        ("weight_attention", np.float64),
        ("weight_urgent", np.float64),
        ("grace_terms", np.int16),
        ("unmet_need", np.float64),
        ("existing_fall", np.float64),
        ("reserves_floor", np.float64),
        ("apply", np.int8, (5,)),  # one flag a limit, in the order of LIMITS
    ],
    align=True,
)

# What comes out of each term, in this order.
SERIES = (
    "schools",
    "secure_share",
    "existing_secure_share",
    "pupils_secure_share",
    "capacity_use",
    "golden_margin",
    "unmet_share",
    "commitment",
    "vision",
    "intelligence",
    "leads",
    "vacancies",
    "reserves_share",
)

STREAMS = ("school start", "school term", "head term", "lead term", "offer term")
START_STREAM, SCHOOL_STREAM, HEAD_STREAM, LEAD_STREAM, OFFER_STREAM = range(len(STREAMS))
