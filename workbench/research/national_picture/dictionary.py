"""What every column of the national picture's tables means: the data dictionary, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from workbench.research.kept_tables import Dictionary

_UID = ("Group UID of the trust in GIAS.", "")
_URN = ("Unique reference number of the school.", "")
_NAME = ("Name of the trust.", "")
_MINUTES = ("Farthest way by road that is taken.", "minutes")
_ROOM = "Schools it could absorb with extra risk within the tolerance, "

TABLES: Mapping[str, str] = MappingProxyType({
    "trusts": "One row a trust with at least one school, by UID. In no order of merit.",
    "curves": "One row a trust and number of joining schools.",
    "weak_schools": "One row a school whose standing judgement gives it a recipient's weight under "
    "the golden rule in force. A school without a judgement is not here: nobody knows.",
    "reach": "One row a place of weak schools, region and distance: how many have a trust with "
    "room within it.",
    "placements": "One row a group of weak schools, tolerance and distance: how many an optimal "
    "assignment finds a trust for.",
})  # fmt: skip

COLUMNS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType({
    "trusts": {
        "trust_uid": _UID,
        "trust_name": _NAME,
        "schools": ("Schools of known phase in it on the day of the membership.", "schools"),
        "primary": ("Its nursery and primary schools.", "schools"),
        "secondary": ("Its secondary, all-through and 16-plus schools.", "schools"),
        "special": ("Its special schools and alternative provision.", "schools"),
        "rated": ("Its schools with a judgement under their present URN.", "schools"),
        "weak": ("Its schools with a recipient's weight under the golden rule.", "schools"),
        "golden_rule": ("Verdict on which both readings of unrated schools agree, else undecided.",
                        ""),
        "golden_rule_strict": ("Verdict if unrated schools may need support.", ""),
        "golden_rule_lenient": ("Verdict if unrated schools are neutral.", ""),
        "holds": ("Whether the lenient reading is met or no school needs support.", ""),
        "leads_asked": ("Improvement leads its number of schools asks for: none within one "
                        "executive's span, else schools over a lead's span, rounded up.", "leads"),
        "placed": ("Its schools whose place is known.", "schools"),
        "clusters": ("Groups of schools in which any two are within the near distance.", "groups"),
        "in_clusters_of_size": ("Its schools in groups of a size that can share people.",
                                "schools"),
        "alone": ("Its schools in a group of their own.", "schools"),
        "widest_minutes": ("Way by road between its two schools farthest apart.", "minutes"),
        "nearest_minutes": ("Median way from a school of it to the nearest other.", "minutes"),
        "room_sure": (_ROOM + "by the upper end of its interval: what is claimed.", "schools"),
        "room_estimated": (_ROOM + "by the estimate.", "schools"),
        "room_possible": (_ROOM + "by the lower end of its interval.", "schools"),
        "reason": ("Why the sure number is no larger; with already_beyond_limits no extra risk has "
                   "room to show and 0 stands for none that could be shown.", ""),
        "hold": ("Chance that every limit holds through the horizon with no joiner.",
                 "probability"),
        "hold_lower": ("Lower end of its 95% interval.", "probability"),
        "hold_upper": ("Upper end of its 95% interval.", "probability"),
        "breaks_most": ("The limit that breaks in most futures with no joiner.", ""),
        "breaks_share": ("The share of futures in which it breaks.", "share of futures"),
        "replicates": ("Futures simulated for each number of joiners.", "futures"),
        "draws": ("Independent draws of the parameters among them: the n of the intervals.",
                  "draws"),
    },
    "curves": {
        "trust_uid": _UID,
        "joiners": ("Schools that join.", "schools"),
        "probability": ("Chance that every limit holds through the horizon.", "probability"),
        "lower": ("Lower end of its 95% interval.", "probability"),
        "upper": ("Upper end of its 95% interval.", "probability"),
        "extra_risk": ("Chance of a breach with so many, less that with none, future by future.",
                       "probability"),
        "extra_lower": ("Lower end of its 95% interval.", "probability"),
        "extra_upper": ("Upper end of its 95% interval.", "probability"),
    },
    "weak_schools": {
        "urn": _URN,
        "name": ("Name of the school.", ""),
        "phase": ("Phase of education.", ""),
        "stage": ("The phase as the growth model knows it: primary, secondary or special.", ""),
        "region": ("Region of England, where published.", ""),
        "latitude": ("Latitude (WGS 84).", "degrees"),
        "longitude": ("Longitude (WGS 84).", "degrees"),
        "trust_uid": ("Group UID of its trust; blank outside any.", ""),
        "trust_name": _NAME,
        "weight": ("Its recipient's weight under the golden rule.", "weight"),
        "where": ("Outside any trust, or in one that holds the golden rule, or in another.", ""),
        "placed": ("Whether its place is known.", ""),
        "trusts_near": ("Other trusts with sure room and a school of its stage within the near "
                        "distance; blank where its place is not known.", "trusts"),
        "trusts_middle": ("The same within the middle distance.", "trusts"),
        "trusts_far": ("The same within the far distance.", "trusts"),
        "could_join": ("Group UID of the trust an optimal assignment gives it. A possibility on "
                       "paper, no advice.", ""),
        "could_join_name": ("Name of that trust.", ""),
        "could_join_minutes": ("Way by road to that trust's nearest school of its stage.",
                               "minutes"),
        "why_not": ("Why the assignment gives it none.", ""),
    },
    "reach": {
        "where": ("Outside any trust, or in one that holds the golden rule, or in another.", ""),
        "region": ("Region of England, or England.", ""),
        "minutes": _MINUTES,
        "weak": ("Weak schools.", "schools"),
        "placed": ("Those whose place is known: only they are counted as within.", "schools"),
        "within": ("Those with a trust with room and a school of their stage within the distance, "
                   "by the estimate of room and the declared roads.", "schools"),
        "within_low": ("The same with room that is sure and slow roads (95th percentile).",
                       "schools"),
        "within_high": ("The same with room that is possible and fast roads (5th percentile).",
                        "schools"),
    },
    "placements": {
        "group": ("Which weak schools look for a trust.", ""),
        "tolerance": ("Extra risk that every trust accepts.", "probability"),
        "minutes": _MINUTES,
        "schools": ("Weak schools that look for a trust.", "schools"),
        "placed": ("Those whose place is known: only they can be given one.", "schools"),
        "room": ("Schools that all trusts together surely have room for.", "schools"),
        "joined": ("Schools that the assignment finds a trust for: as many as can be.", "schools"),
        "none_in_reach": ("Schools without any trust with room in reach.", "schools"),
        "taken": ("Schools whose trusts in reach are full with others.", "schools"),
        "mean_minutes": ("Mean way of those who find one: the least for so many.", "minutes"),
    },
})  # fmt: skip


PICTURE = Dictionary("a national picture", TABLES, COLUMNS)


def data_dictionary() -> pd.DataFrame:
    """Return one row a column of every table: table, what_a_row_is, column, meaning, unit."""
    return PICTURE.frame()
