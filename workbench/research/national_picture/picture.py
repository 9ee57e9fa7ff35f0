"""The whole picture from a country and a scenario: tables, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from workbench import paths
from workbench.errors import BadInput
from workbench.growth.ranges import workers
from workbench.growth.simulate import Progress
from workbench.parameters.golden_rule import load_golden_rule
from workbench.parameters.research import load_research
from workbench.parameters.scenario import Scenario, read_scenario
from workbench.research.national_picture.assignment import Placement
from workbench.research.national_picture.cases import cases_of
from workbench.research.national_picture.country import Country, read_country, with_standing
from workbench.research.national_picture.made_up import made_up_country
from workbench.research.national_picture.reach import (
    HELD,
    placements,
    weak_schools,
    within_reach,
)
from workbench.research.national_picture.room import capacities, room_of
from workbench.research.national_picture.travel import Pace, pace_of, ways
from workbench.research.national_picture.trusts import trust_table, with_room
from workbench.scenario.admissible import checked, refuse_numbers
from workbench.scenario.answers import read_model, read_settings
from workbench.scenario.defaults import SEED

SCENARIO = "rescue"  # the question is of weak schools, so weak schools are what joins
JOINERS = 10
REPLICATES = 1000


@dataclass(frozen=True, eq=False)
class NationalPicture:
    """What a country's trusts could absorb, and which weak schools they could reach.

    Attributes:
        country: The country.
        scenario: Whose mix, pace and policy every trust was given.
        trusts: One row a trust (`trusts.with_room`).
        curves: One row a trust and number of joiners (`room.Room.curves`).
        weak: One row a weak school (`reach.weak_schools`), with trusts_near, trusts_middle and
            trusts_far (trusts with sure room within the three distances), could_join,
            could_join_name, could_join_minutes (the assignment of all in need of a trust), and
            why_not.
        reach: Weak schools with a trust with room near (`reach.within_reach`).
        placements: The assignments tried (`reach.placements`).
        unrated: State-funded schools without a judgement: nobody knows whether they are weak.
        tolerance: Extra risk the board accepts.
        policy: Name of the golden rule's reading.
        pace: Minutes a kilometre.
        minutes: The three distances by road.
        arriving: Joiners that come within the horizon.
        replicates: Futures for each number of joiners.
        draws: Draws of the parameters among them.
        seed: Seed of every stream.
        notes: Sentences on what was assumed.
    """

    country: Country
    scenario: Scenario
    trusts: pd.DataFrame
    curves: pd.DataFrame
    weak: pd.DataFrame
    reach: pd.DataFrame
    placements: pd.DataFrame
    unrated: int
    tolerance: float
    policy: str
    pace: Pace
    minutes: tuple[float, float, float]
    arriving: int
    replicates: int
    draws: int
    seed: int
    notes: tuple[str, ...]


def country_from(source: str, folder: str) -> Country:
    """Return the country that a notebook or a command asks for.

    Args:
        source: `demo` for a made-up country, `published` for a folder of published files.
        folder: That folder.

    Raises:
        BadInput: The source is neither, or the files cannot be read.
    """
    if source == "demo":
        return made_up_country()
    if source == "published" and folder:
        return read_country(Path(folder))
    raise BadInput(
        f"source {source!r} with folder {folder!r} names no country",
        where="the parameters source and folder",
        rule="source is demo, or published with a folder of published files",
        mend="write source = 'published' and the folder's path",
    )


def national_picture(
    country: Country,
    scenario: Scenario | str = SCENARIO,
    *,
    joiners: int = JOINERS,
    replicates: int = REPLICATES,
    seed: int = SEED,
    threads: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> NationalPicture:
    """Draw the national picture.

    Args:
        country: A country, read (`country.read_country`) or made up.
        scenario: A scenario, or the name of its file.
        joiners: Most schools that join a trust.
        replicates: Futures for each number of joiners.
        seed: Seed of every stream.
        threads: Worker threads (default: all cores); the picture does not depend on it.
        cluster: Address of a Dask scheduler to simulate on; the picture does not depend on it.
        progress: Called with the number of trusts just simulated.

    Raises:
        BadInput: A number or the scenario cannot be used, or the cluster is not there.
        RunFailed: The cluster lost its workers over and over.
    """
    refuse_numbers(joiners, replicates, seed)
    plan = checked(
        read_scenario(scenario, paths.scenarios()) if isinstance(scenario, str) else scenario
    )
    model, settings, rules = read_model(), read_settings(), load_research().national
    name = settings.limits.golden_rule
    policy, pace = load_golden_rule().policy(name), pace_of(model.support, seed)
    cases = cases_of(
        country, plan, model, settings, joiners=joiners, replicates=replicates, seed=seed
    )
    if cluster is None:
        room = room_of(cases, threads=threads, progress=progress)
    else:
        with workers(cluster=cluster) as ranges:
            room = room_of(cases, ranges=ranges, progress=progress)
    schools = with_standing(country, policy)
    trusts = trust_table(country, schools, (name, policy), model=model, rules=rules, pace=pace)
    own = settings.risk.tolerance.value
    rooms = {
        tolerance: capacities(room, settings.risk, tolerance=tolerance)
        for tolerance in (own, rules.strict_tolerance.value, rules.lax_tolerance.value)
    }
    weak = weak_schools(schools, trusts)
    hosts = schools[schools["trust_uid"].notna()]
    near = ways(weak, hosts, rules.far_minutes.value / pace.fast)
    tried, done = placements(weak, near, rooms, pace, rules.minutes)
    return NationalPicture(
        country=country,
        scenario=plan,
        trusts=with_room(trusts, room, rooms[own]),
        curves=room.curves,
        weak=_told(weak, near.assign(minutes=near["km"] * pace.usual), rooms[own], rules.minutes,
                   done=list(done.values())[-1], trusts=trusts),
        reach=within_reach(weak, near, rooms[own], pace, rules.minutes),
        placements=tried,
        unrated=int((~schools["rated"]).sum()),
        tolerance=own,
        policy=name,
        pace=pace,
        minutes=rules.minutes,
        arriving=room.arriving,
        replicates=replicates,
        draws=room.draws,
        seed=seed,
        notes=cases.notes,
    )  # fmt: skip


def _told(
    weak: pd.DataFrame,
    near: pd.DataFrame,
    room: pd.DataFrame,
    minutes: tuple[float, float, float],
    *,
    done: Placement,
    trusts: pd.DataFrame,
) -> pd.DataFrame:
    """Add to each weak school how many trusts with room are near, and what was assigned to it."""
    able = near[near["trust_uid"].isin(room.loc[room["sure"] > 0, "trust_uid"])]
    out = weak.copy()
    for name, most in zip(("near", "middle", "far"), minutes, strict=True):
        counts = able.loc[able["minutes"] <= most, "urn"].value_counts()
        number = out["urn"].map(counts).fillna(0).where(out["placed"])  # unknown, not none
        out[f"trusts_{name}"] = number.astype("Int64")
    joined, why = done.joined.set_index("urn"), done.left.set_index("urn")["why"]
    out["could_join"] = out["urn"].map(joined["trust_uid"]).astype("Int64")
    out["could_join_name"] = out["could_join"].map(trusts.set_index("trust_uid")["trust_name"])
    out["could_join_minutes"] = out["urn"].map(joined["minutes"])
    settled = out["where"].eq(HELD)
    out["why_not"] = out["urn"].map(why).mask(settled, "its trust holds the golden rule")
    return out.astype({"could_join_name": "str", "why_not": "str", "could_join_minutes": "float64"})
