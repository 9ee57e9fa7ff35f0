"""The national picture in words and tables: counts and their doubt, no name, no rank."""

from __future__ import annotations

import pandas as pd

from workbench.charts.wording import capital, count, day, number, percent
from workbench.parameters.limits import LIMITS
from workbench.research.national_picture.keep import about
from workbench.research.national_picture.picture import NationalPicture
from workbench.research.national_picture.reach import ALL

_VERDICTS = {
    "no recipients": "No school in need",
    "met": "Met",
    "failed": "Failed",
    "undecided": "Undecided",
}


def whose(picture: NationalPicture) -> str:
    """Return the country's name as within a sentence: England, or that it is made up."""
    return "England" if picture.country.source == "published" else "a made-up country"


def headline(picture: NationalPicture) -> str:
    """Return the finding in one sentence."""
    whole = picture.placements[picture.placements["tolerance"] == picture.tolerance]
    far = whole[whole["minutes"] == picture.minutes[2]].iloc[0]
    placed, every = int(far["placed"]), int(far["schools"])
    known = "" if placed == every else (
        f" whose place is known (that of {every - placed} more is not)"
    )  # fmt: skip
    return (
        f"Of {count(placed, 'weak school')} outside any trust{known}, "
        f"{far['joined']} could join a trust that surely has room within "
        f"{picture.minutes[2]:g} minutes; all trusts together have room for "
        f"{count(int(far['room']), 'school')}"
    )


def golden_rule_table(picture: NationalPicture) -> pd.DataFrame:
    """Count trusts by the golden rule's verdict in either reading of unrated schools."""
    trusts = picture.trusts
    rows = [
        (said, int(trusts["golden_rule_strict"].eq(verdict).sum()),
         int(trusts["golden_rule_lenient"].eq(verdict).sum()))
        for verdict, said in _VERDICTS.items()
    ]  # fmt: skip
    headings = ["Golden rule", "Unrated schools may need support", "Unrated schools are neutral"]
    return pd.DataFrame(rows, columns=headings)


def spans_table(picture: NationalPicture) -> pd.DataFrame:
    """Return the middle and the middle half of trusts in what their span and places ask for."""
    trusts = picture.trusts
    near = f"{picture.minutes[0]:g} minutes"
    measures = {
        "Schools in the trust": trusts["schools"],
        "Improvement leads that its number of schools asks for": trusts["leads_asked"],
        f"Clusters of schools within {near} of each other": trusts["clusters"],
        "Schools in clusters of a size that can share people (%)": 100
        * trusts["in_clusters_of_size"] / trusts["placed"].where(trusts["placed"] > 0),
        "Minutes between the schools farthest apart": trusts["widest_minutes"],
        "Minutes from a school to the nearest other": trusts["nearest_minutes"],
    }  # fmt: skip
    rows = []
    for what, values in measures.items():
        low, middle, high = values.dropna().quantile([0.25, 0.5, 0.75])
        rows.append((what, number(middle), f"{number(low)} to {number(high)}", values.count()))
    return pd.DataFrame(rows, columns=["Of each trust", "Middle trust", "Middle half", "Trusts"])


def reach_table(picture: NationalPicture) -> pd.DataFrame:
    """Return how many weak schools have a trust with room within each distance."""
    whole = picture.reach[picture.reach["region"] == ALL]
    return pd.DataFrame(
        {
            "Weak schools": [capital(where) for where in whole["where"]],
            "Within minutes": [f"{minutes:g}" for minutes in whole["minutes"]],
            "All": whole["weak"].to_numpy(),
            "Place known": whole["placed"].to_numpy(),
            "With a trust with room": whole["within"].to_numpy(),
            "At least": whole["within_low"].to_numpy(),
            "At most": whole["within_high"].to_numpy(),
        }
    )


def regions_table(picture: NationalPicture) -> pd.DataFrame:
    """Return the same by region at the nearest distance, all weak schools together."""
    reach = picture.reach[picture.reach["minutes"] == picture.minutes[0]]
    columns = ["weak", "placed", "within", "within_low", "within_high"]
    sums = reach[reach["region"] != ALL].groupby("region")[columns].sum().reset_index()
    sums["region"] = sums["region"].map(capital)
    sums.columns = pd.Index([
        "Region", "Weak schools", "Place known", "With a trust with room", "At least", "At most",
    ])  # fmt: skip
    return sums


def placements_table(picture: NationalPicture) -> pd.DataFrame:
    """Return what the assignment finds at each tolerance and distance."""
    table = picture.placements
    ways = ["none" if pd.isna(one) else number(one, 1) for one in table["mean_minutes"]]
    return pd.DataFrame(
        {
            "Who looks for a trust": [capital(group) for group in table["group"]],
            "Extra risk accepted": [percent(one) for one in table["tolerance"]],
            "Within minutes": [f"{minutes:g}" for minutes in table["minutes"]],
            "Schools with a known place": table["placed"],
            "Room of all trusts": table["room"],
            "Find a trust": table["joined"],
            "None in reach": table["none_in_reach"],
            "Trusts in reach are full": table["taken"],
            "Mean minutes": ways,
        }
    )


def breaks_table(picture: NationalPicture) -> pd.DataFrame:
    """Count trusts by the limit that breaks in most futures with no school joining."""
    counts = picture.trusts["breaks_most"].value_counts().reindex(list(LIMITS)).fillna(0)
    rows = [(capital(limit), int(counts[limit])) for limit in LIMITS]
    return pd.DataFrame(rows, columns=["Limit that breaks most often", "Trusts"])


def limitations(picture: NationalPicture) -> list[str]:
    """Say what the picture does not tell."""
    said = about(picture)
    return [
        "What any trust is truly able to do: its leads, days, money and culture are not public, "
        "and stand at declared priors by size. Two trusts of like schools have like answers, and "
        "one that is better led than most has more room than is said here.",
        f"Whether {count(picture.unrated, 'school')} without a judgement are weak: nobody has "
        "said. They are in no count of weak schools.",
        f"The way of {said['schools_weak_without_a_place']} weak schools whose place is not known.",
        f"True journeys: minutes are kilometres as the crow flies at {picture.pace.usual:.2f} "
        f"minutes each ({picture.pace.fast:.2f} to {picture.pace.slow:.2f} believed), no road map.",
        "Who should join whom: an assignment on paper knows nothing of faith, governors, pupils' "
        "ways to school and wishes. No trust is better for having room, and none is ranked.",
        f"Judgements later than those read ({picture.country.about['judgements']}).",
        *picture.notes,
    ]


def described(picture: NationalPicture) -> str:
    """Return the day described, in words."""
    return day(picture.country.as_of)
