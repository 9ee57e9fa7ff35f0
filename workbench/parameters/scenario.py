"""A growth scenario: which schools join, when, and the policies the trust grows under."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from workbench.errors import BadInput
from workbench.parameters.load import load_yaml
from workbench.parameters.model import BANDS, Band
from workbench.parameters.strict import StrictModel
from workbench.parameters.unseen import holds_unseen
from workbench.terms import Term

MAXIMUM_JOINERS = 60  # nearly doubles the largest trust of England: 75 schools (GIAS, 2022)
MAXIMUM_SCHOOLS = 300  # four times that trust; more rows than that are not one trust's
FURTHEST_KM = 300
_ENDINGS = {".yaml", ".yml"}


def _is_term(text: str) -> str:
    try:
        Term.parse(text)
    except BadInput as error:
        raise ValueError(f"{error.what}; {error.mend}") from None
    return text


def _is_seen(text: str) -> str:
    if holds_unseen(text):
        raise ValueError("it holds a character that cannot be seen; type the text afresh")
    return text


def _is_seen_on_lines(text: str) -> str:
    _is_seen(text.replace("\n", " "))
    return text


Words = Annotated[str, AfterValidator(_is_seen)]
Lines = Annotated[str, AfterValidator(_is_seen_on_lines)]
TermText = Annotated[str, AfterValidator(_is_term)]
Phase = Annotated[
    Literal["primary", "secondary", "special"],
    Field(description="phase; all-through schools count as secondary, nurseries as primary"),
]
JoinerBand = Annotated[Band, Field(description="band of the school's last inspection")]
Pupils = Annotated[int, Field(ge=10, le=3000, description="pupils on roll")]


class JoinerKind(StrictModel):
    """One kind of school that joins; kinds follow each other in the order of their shares."""

    share: float = Field(gt=0, le=1, description="share of the schools of the mix, 0 to 1")
    phase: Phase
    band: JoinerBand
    pupils: Pupils
    distance_km: float = Field(
        ge=0, le=FURTHEST_KM, description="kilometres from the trust's centre, as the crow flies"
    )


class NamedJoiner(StrictModel):
    """One particular school that joins in one particular term.

    Its place is either a distance or coordinates: from coordinates every distance to another school
    follows.
    """

    term: TermText = Field(description="term in which it joins, such as 2027/28 autumn")
    phase: Phase
    band: JoinerBand
    pupils: Pupils
    distance_km: float | None = Field(
        default=None, ge=0, le=FURTHEST_KM,
        description="kilometres from the trust's centre; left out where coordinates are given",
    )  # fmt: skip
    latitude: float | None = Field(
        default=None, ge=49, le=61, description="degrees north (WGS 84), within Great Britain"
    )
    longitude: float | None = Field(
        default=None, ge=-9, le=3,
        description="degrees east (WGS 84), negative west of Greenwich, within Great Britain",
    )  # fmt: skip
    urn: int | None = Field(
        default=None, ge=100_000, le=999_999,
        description="its URN, if known: its luck is then its own in every scenario that names it",
    )  # fmt: skip

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        both = self.latitude is not None and self.longitude is not None
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("latitude and longitude are given together")
        if both == (self.distance_km is not None):
            raise ValueError(
                "a place is either distance_km or latitude and longitude; give one of them"
            )
        return self


def _own_pace(given: dict[str, Any]) -> float | None:
    """The pace that the named terms belong to, remembered for plans made slower from this one."""
    return given.get("a_year") if given.get("named") else None


class Joiners(StrictModel):
    """Who joins, and how fast."""

    schools: int = Field(
        ge=0, le=MAXIMUM_JOINERS,
        description="how many schools join: those named first, by term, then schools of the mix",
    )  # fmt: skip
    first_term: TermText = Field(
        description="term from which schools of the mix join, such as 2027/28 autumn"
    )
    a_year: float = Field(
        gt=0, le=12,
        description="schools of the mix joining each year; when it is changed, the time between "
        "named schools changes with it",
    )  # fmt: skip
    arrival: Literal["planned", "offered"] = Field(
        default="planned",
        description="planned: a school joins in its term; offered: from its term on it may be "
        "offered, with offer_chance each term",
    )
    offer_chance: float = Field(
        default=1.0, gt=0, le=1,
        description="chance a term, 0 to 1, that a school due is offered; for arrival: offered",
    )  # fmt: skip
    mix: tuple[JoinerKind, ...] = Field(
        min_length=1, max_length=12,
        description="kinds of school that join, after those that are named; shares add up to 1",
    )  # fmt: skip
    named: tuple[NamedJoiner, ...] = Field(
        default=(), max_length=MAXIMUM_JOINERS,
        description="particular schools that join in particular terms, before any of the mix",
    )  # fmt: skip
    named_a_year: float | None = Field(
        default_factory=_own_pace, gt=0, le=12,
        description="pace at which the named schools' terms hold as written; leave it out: it is "
        "then a_year",
    )  # fmt: skip

    @model_validator(mode="after")
    def _shares(self) -> Self:
        total = sum(kind.share for kind in self.mix)
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the shares of mix add up to {total:g}, not 1")
        if self.arrival == "planned" and self.offer_chance != 1.0:
            raise ValueError("offer_chance belongs to arrival: offered")
        return self

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        urns = [joiner.urn for joiner in self.named if joiner.urn is not None]
        twice = sorted({urn for urn in urns if urns.count(urn) > 1})
        if twice:
            raise ValueError(f"URN {twice[0]} is named twice; a school joins once")
        if self.named_a_year is not None and not self.named:
            raise ValueError("named_a_year belongs to named schools")
        return self

    def in_order(self) -> tuple[NamedJoiner, ...]:
        """Return the named schools by term; those of one term in the order of the file."""
        return tuple(sorted(self.named, key=lambda joiner: Term.parse(joiner.term)))


class Policy(StrictModel):
    """The levers a trust holds while it grows."""

    gate: Literal["none", "golden rule", "span", "reserves", "all"] = Field(
        default="none",
        description="what a school must not break to be let in; else it is put off, then declined",
    )
    defer_terms: int = Field(
        default=3, ge=0, le=30, description="terms a school is put off before it is declined"
    )
    schools_per_lead: float = Field(
        default=5.5, ge=2, le=20, description="schools for each improvement lead"
    )
    executive_alone: int = Field(
        default=4, ge=1, le=10, description="schools the executive leads without improvement leads"
    )
    hire_ahead_terms: int = Field(
        default=1, ge=0, le=9, description="terms before a school joins that its lead is sought"
    )
    further_leads: float = Field(
        default=0.0, ge=0, le=10,
        description="improvement leads in post from the first term beyond those the trust has",
    )  # fmt: skip
    top_slice_percent: float = Field(
        default=5.0, ge=0, le=15, description="percent of schools' income that the trust pools"
    )
    vision_revisit_terms: int = Field(
        default=6, ge=0, le=30, description="terms from one revisit of the vision to the next; "
        "0 for never",
    )  # fmt: skip
    intelligence_investment: float = Field(
        default=0.0, ge=0, le=1, description="share of full investment in intelligence, 0 to 1"
    )
    framework: Literal["report card", "oeif"] = Field(
        default="report card", description="inspection framework whose windows apply"
    )


class Scenario(StrictModel):
    """Everything in one file of `parameters/scenarios/`."""

    title: Words = Field(min_length=3, max_length=120, description="what the plan is called")
    question: Words = Field(
        min_length=10, max_length=240, description="the question it answers, as the board asks it"
    )
    description: Lines = Field(min_length=10, description="the plan in a sentence or two")
    start: TermText = Field(description="first simulated term, such as 2026/27 spring")
    joiners: Joiners = Field(description="who joins, and how fast")
    policy: Policy = Field(description="the levers the trust holds; those left out keep defaults")
    assume: dict[str, float] = Field(
        default_factory=dict,
        description="parameters of model.yaml held at another value, by name, in their own unit",
    )

    @model_validator(mode="after")
    def _dates(self) -> Self:
        begin = Term.parse(self.start)
        if Term.parse(self.joiners.first_term) < begin:
            raise ValueError(
                f"joiners.first_term {self.joiners.first_term} is before start {self.start}"
            )
        for number, joiner in enumerate(self.joiners.named):
            if Term.parse(joiner.term) < begin:
                raise ValueError(
                    f"joiners.named.{number}.term {joiner.term} is before start {self.start}: "
                    "a school that has joined already belongs in the trust's table of schools"
                )
        return self


def read_scenario(name: str, folder: Path) -> Scenario:
    """Read the scenario of a name, or of a file named by its path.

    Args:
        name: A scenario of the folder, such as `steady`, or a path, such as `plans/five.yaml`.
        folder: The folder of scenarios that go by name.

    Raises:
        BadInput: There is no such scenario, or its file is wrong.
    """
    if is_scenario_path(name):
        return _read_file(Path(name))
    known = scenario_names(folder)
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        meant = f"did you mean {close[0]!r}? " if close else ""
        raise BadInput(
            f"there is no scenario {name!r}",
            where=str(folder),
            rule="a scenario is a file NAME.yaml in this folder, or a path to a YAML file",
            mend=f"{meant}use one of: {', '.join(known)}",
        )
    return load_yaml(folder / f"{name}.yaml", Scenario)


def is_scenario_path(name: str) -> bool:
    """Return whether a scenario is named by the path of its file rather than by its name."""
    return Path(name).suffix.lower() in _ENDINGS or len(Path(name).parts) > 1


def scenario_names(folder: Path) -> tuple[str, ...]:
    """Return the names of the scenarios in a folder, in order."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def _read_file(path: Path) -> Scenario:
    if path.suffix.lower() not in _ENDINGS or not path.is_file():
        raise BadInput(
            f"{path} is not a scenario file",
            where=str(path.parent),
            rule="a scenario given by its path is a file that ends in .yaml",
            mend="check the path, or name a scenario of parameters/scenarios/ without its ending",
        )
    return load_yaml(path, Scenario)


__all__ = ["BANDS", "JoinerKind", "Joiners", "NamedJoiner", "Policy", "Scenario", "read_scenario"]
