"""What could not be joined: counts with reasons, and every case in a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pandas as pd

from workbench.research.history.membership import MULTI
from workbench.trust.published.files import Found

QUALITY = "quality.csv"
LISTS = "could_not_join"


@dataclass(frozen=True, eq=False)
class Quality:
    """The report on the panel's data.

    Attributes:
        counts: One row a finding: about, finding, count, of (rows it was looked for in; missing
            where there is no whole), list (the file that names each case; blank without one).
        lists: The cases, by the name of the file.
    """

    counts: pd.DataFrame
    lists: Mapping[str, pd.DataFrame]

    def write(self, folder: Path) -> None:
        """Write counts as `quality.csv` and each list into the folder `could_not_join`."""
        self.counts.to_csv(folder / QUALITY, index=False, lineterminator="\n")
        (folder / LISTS).mkdir()
        for name, frame in self.lists.items():
            frame.to_csv(
                folder / LISTS / f"{name}.csv", index=False, lineterminator="\n",
                date_format="%Y-%m-%d",
            )  # fmt: skip


class Tell(Protocol):
    """Takes note of one finding and its cases."""

    def __call__(
        self, about: str, finding: str, cases: pd.DataFrame, of: int | None, name: str = ""
    ) -> None:
        """Count the cases, and list them under a name where one is given."""


@dataclass(frozen=True, eq=False)
class Findings:
    """What the making of the panel leaves to report on.

    Attributes:
        found: The published files.
        notes: What readers left out or did not understand, with how often: file, finding, count.
        snapshots: The table `snapshots`.
        set_aside: Rows of group links left out: urn, trust_uid, snapshot, reason.
        spelled: What `membership.spells` returns.
        links: What `links.classify_links` returns.
        links_as_of: The day the links describe; None where nothing says.
        schools: The table `schools`.
        grades: What `grades.owned` returns for the older frameworks and for report cards.
        inspections: The table `inspections`.
        disputes: Inspections whose grades differ between files.
    """

    found: Found
    notes: pd.DataFrame
    snapshots: pd.DataFrame
    set_aside: pd.DataFrame
    spelled: pd.DataFrame
    links: pd.DataFrame
    links_as_of: pd.Timestamp | None
    schools: pd.DataFrame
    grades: pd.DataFrame
    inspections: pd.DataFrame
    disputes: pd.DataFrame


def report(findings: Findings) -> Quality:
    """Return the report on a panel's data."""
    lists: dict[str, pd.DataFrame] = {}
    rows: list[tuple[str, str, int, int | None, str]] = []

    def tell(about: str, finding: str, cases: pd.DataFrame, of: int | None, name: str = "") -> None:
        if name and len(cases):
            said = cases.assign(finding=finding)
            lists[name] = pd.concat([lists[name], said]) if name in lists else said
        rows.append((about, finding, len(cases), of, name if len(cases) else ""))

    _membership(findings, tell)
    _links(findings, tell)
    _grades(findings, tell)
    for file, note, count in findings.notes.itertuples(index=False):
        rows.append((f"file {file}", note, int(count), None, ""))
    rows += [("files", f"not known: {name}", 1, None, "") for name in findings.found.unknown]
    rows += [("files", f"unreadable: {name}", 1, None, "") for name in findings.found.unreadable]
    counts = pd.DataFrame(rows, columns=["about", "finding", "count", "of", "list"])
    return Quality(counts.astype({"of": "Int64"}), lists)


def _membership(findings: Findings, tell: Tell) -> None:
    spelled, snapshots = findings.spelled, findings.snapshots
    places = ["urn", "trust_uid", "trust_name", "joined", "first_seen", "last_seen", "gone_by"]
    for reason, cases in findings.set_aside.groupby("reason"):
        tell("membership", str(reason), cases.drop(columns="reason"), len(snapshots), "membership")
    twice = snapshots[snapshots["group_type"].eq(MULTI)]
    twice = twice[twice.duplicated(["snapshot", "urn"], keep=False)]
    tell("membership", "school in several trusts at once", twice, len(snapshots), "membership")
    checks = {
        "joining day never published": spelled["joined"].isna(),
        "listed in a snapshot after the one it should first be in": spelled["listed_late"].fillna(
            False
        ),
        "joining day corrected later": spelled["first_joined"].notna(),
        "day of leaving not published: known only to lie between two snapshots": ~spelled[
            "left_exact"
        ].fillna(True),
        "joined another trust on the same day or before, as the register said later": spelled[
            "next_joined"
        ].le(spelled["joined"]),
        "left, and nothing says why": spelled["how_left"].eq("not known"),
        "absent from a snapshot, back in the same trust with the same joining day": _gaps(spelled),
    }
    for finding, marked in checks.items():
        tell("membership", finding, spelled.loc[marked, places], len(spelled), "membership")


def _gaps(spelled: pd.DataFrame) -> pd.Series:
    ordered = spelled.sort_values(["urn", "first_seen"])
    earlier = ordered.groupby("urn")[["trust_uid", "joined"]].shift()
    same = earlier["trust_uid"].eq(ordered["trust_uid"]) & earlier["joined"].eq(ordered["joined"])
    return same.reindex(spelled.index)


def _links(findings: Findings, tell: Tell) -> None:
    links, schools = findings.links, findings.schools
    tell("links", "followed", links[links["followed"]], len(links))
    reasons = links.loc[~links["followed"]].groupby("reason")
    for reason, cases in reasons:
        tell("links", f"not followed: {reason}", cases.drop(columns=["followed", "kind"]),
             len(links), "links")  # fmt: skip
    tell("links", "without any day", links[links["linked_on"].isna()], len(links))
    after = schools["open_date"].gt(
        pd.NaT if findings.links_as_of is None else findings.links_as_of
    ) & schools["academy"].eq(True)
    late = schools.loc[after & schools["predecessor"].isna(), ["urn", "name", "type", "open_date"]]
    tell("links", "academy opened after the day of the links: its predecessor is not yet in them",
         late, len(schools), "schools")  # fmt: skip


def _grades(findings: Findings, tell: Tell) -> None:
    grades, inspections = findings.grades, findings.inspections
    shown = ["urn", "date", "grade", "source"]
    for fault, cases in grades[grades["fault"].ne("")].groupby("fault"):
        once = cases.drop_duplicates(["urn", "date"])
        tell("grades", f"counted for nobody: {fault}", once[shown], len(grades), "grades")
    given = grades[grades["inherited"]].drop_duplicates(["owner", "date"])
    tell("grades", "given in a later school's row, counted for its predecessor", given, len(grades))
    tell("grades", "of which no file lists for the predecessor itself",
         inspections[inspections["inherited"]], len(inspections))  # fmt: skip
    tell("grades", "differ between files; the file trusted most is taken", findings.disputes,
         len(inspections), "disputed_grades")  # fmt: skip
    tell("grades", "inspection without an overall grade",
         inspections[inspections["grade"].isna()], len(inspections))  # fmt: skip
    known = findings.schools.loc[findings.schools["open_seen"].notna(), "urn"]
    unknown = inspections[~inspections["urn"].isin(findings.schools["urn"])]
    tell("grades", "of a school that no register file knows", unknown, len(inspections), "grades")
    current = findings.spelled[findings.spelled["how_left"].eq("still in")]
    bare = current[~current["chain"].isin(inspections["chain"]) & current["urn"].isin(known)]
    tell("grades", "school of a trust today without any grade along its chain",
         bare[["urn", "trust_uid", "trust_name", "joined"]], len(current), "schools")  # fmt: skip
