"""Which reports a run makes: for whom, from which notebook, with which parameters, named how."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from workbench import paths
from workbench.errors import BadInput
from workbench.evidence.declared import Value, check_parameters, declared_parameters
from workbench.evidence.names import Kind, stem_of
from workbench.parameters.scenario import is_scenario_path, read_scenario, scenario_names
from workbench.trust.load import Trust

NOTEBOOKS: Mapping[Kind, str] = {
    "trust": "trust_review",
    "school": "school_review",
    "scenario": "growth_scenario",
    "comparison": "scenario_comparison",
}


@dataclass(frozen=True)
class Part:
    """One report of a run.

    Attributes:
        kind: What it is about.
        key: UID of the trust, URN or name of the scenario; of a comparison, the scenarios' names.
        name: The trust's or school's name, or the scenario's title, for people.
        notebook: The notebook's file name without its ending.
        parameters: What the notebook is given, checked against what it declares.
        stem: Name of the files it writes, without their endings.
    """

    kind: Kind
    key: str
    name: str
    notebook: str
    parameters: Mapping[str, Value]
    stem: str


def plan(
    trust: Trust,
    *,
    schools: Sequence[int] | None = None,
    scenarios: Sequence[str] | None = None,
    trust_review: bool | None = None,
    on: dt.date | None = None,
) -> tuple[Part, ...]:
    """Return the parts of a run: the trust, every school and scenario where none is named.

    Two scenarios or more are also compared.

    Args:
        trust: The trust.
        schools: URNs to review; every school where None.
        scenarios: Names of scenarios to report, or paths of their files; every scenario of the
            workbench where None.
        trust_review: Whether to review the trust; where None, if neither schools nor scenarios
            are named.
        on: The day that files are named by; today where None.

    Raises:
        BadInput: A school is not in the trust, a scenario does not exist or its file is wrong, two
            scenarios bear one title, a notebook does not declare what it is given, or one report
            is asked for twice, or a path cannot be written down.
    """
    refuse_unspelled([str(trust.folder.resolve()), *map(placed, scenarios or ())])
    names = dict(zip(trust.schools["urn"].tolist(), trust.schools["name"].tolist(), strict=True))
    urns = list(names) if schools is None else list(schools)
    strangers = [str(urn) for urn in urns if urn not in names]
    if strangers:
        raise BadInput(
            f"{', '.join(strangers)} is not a school of {trust.name}",
            where=str(trust.folder),
            rule="a school review is made for a school in the trust's schools table",
            mend=f"use one of: {', '.join(map(str, names))}",
        )
    whole = schools is None and scenarios is None if trust_review is None else trust_review
    about = _About(trust, str(trust.folder.resolve()), on or dt.date.today())
    titles = _titles(scenario_names(paths.scenarios()) if scenarios is None else scenarios)
    parts = [_trust(about)] if whole else []
    parts += [_school(about, urn, str(names[urn])) for urn in urns]
    parts += [_scenario(about, name, title) for name, title in titles]
    parts += [_comparison(about, [name for name, _ in titles])] if len(titles) > 1 else []
    if not parts:
        raise BadInput(
            "there is no report to make",
            where=about.folder,
            rule="a run makes at least one review or scenario report",
            mend="name a school or a scenario, or ask for the trust's review",
        )
    _refuse_doubles(parts)
    _refuse_equal_titles(titles)
    return tuple(_checked(parts))


@dataclass(frozen=True)
class _About:
    """What the parts of a plan share: the trust, the path of its folder, the day of the files."""

    trust: Trust
    folder: str
    on: dt.date

    def stem(self, kind: Kind, key: str = "") -> str:
        return stem_of(kind, key, uid=self.trust.uid, on=self.on)


def _trust(about: _About) -> Part:
    return Part(
        kind="trust",
        key=str(about.trust.uid),
        name=about.trust.name,
        notebook=NOTEBOOKS["trust"],
        parameters={"trust_dir": about.folder},
        stem=about.stem("trust"),
    )


def _school(about: _About, urn: int, name: str) -> Part:
    return Part(
        kind="school",
        key=str(urn),
        name=name,
        notebook=NOTEBOOKS["school"],
        parameters={"trust_dir": about.folder, "urn": urn},
        stem=about.stem("school", str(urn)),
    )


def _scenario(about: _About, name: str, title: str) -> Part:
    return Part(
        kind="scenario",
        key=_key(name),
        name=title,
        notebook=NOTEBOOKS["scenario"],
        parameters={"trust_dir": about.folder, "scenario": name},
        stem=about.stem("scenario", _key(name)),
    )


def _comparison(about: _About, names: Sequence[str]) -> Part:
    return Part(
        kind="comparison",
        key=",".join(map(_key, names)),
        name=f"{len(names)} scenarios compared",
        notebook=NOTEBOOKS["comparison"],
        parameters={"trust_dir": about.folder, "scenarios": ",".join(names)},
        stem=about.stem("comparison"),
    )


def _titles(scenarios: Sequence[str]) -> list[tuple[str, str]]:
    """Return each scenario, by its name or the whole path of its file, with its title."""
    found = [placed(name) for name in scenarios]
    split = [name for name in found if "," in name]
    if split:
        raise BadInput(
            f"{split[0]} cannot be given, as there is a comma in its path",
            rule="scenarios are listed with commas between them",
            mend="put the file into a folder, and under a name, without a comma",
        )
    return [(name, read_scenario(name, paths.scenarios()).title) for name in found]


def placed(scenario: str) -> str:
    """Return a scenario's name, or the whole path of its file."""
    return str(Path(scenario).expanduser().resolve()) if is_scenario_path(scenario) else scenario


def _key(scenario: str) -> str:
    """Return what a scenario goes by: its name, or that of its file without the ending."""
    return Path(scenario).stem if is_scenario_path(scenario) else scenario


def refuse_unspelled(names: Iterable[str]) -> None:
    """Refuse paths and file names with bytes that are no text: nothing could be written of them.

    Raises:
        BadInput: There is one.
    """
    for name in names:
        try:
            name.encode()
        except UnicodeEncodeError as fault:
            raise BadInput(
                f"the name {name!a} cannot be written down",
                rule="names of files and folders that a run is made from are text in UTF-8",
                mend="rename the file or folder",
            ) from fault


def _refuse_equal_titles(titles: Sequence[tuple[str, str]]) -> None:
    """Refuse two scenarios of one title: side by side, nobody could tell them apart."""
    taken: dict[str, str] = {}
    for name, title in titles:
        other = taken.setdefault(title, name)
        if other is not name:
            raise BadInput(
                f"the scenarios {_key(other)!r} and {_key(name)!r} bear one title, {title!r}",
                where=name,
                rule="each scenario of a run has a title of its own",
                mend="change the title in one of the files, or leave one of them out",
            )


def _refuse_doubles(parts: Iterable[Part]) -> None:
    taken: dict[str, Part] = {}
    for part in parts:
        other = taken.setdefault(part.stem, part)
        if other is not part:
            raise BadInput(
                f"{part.kind} {part.key!r} and {other.key!r} would write the same file",
                where=f"{part.stem}.html",
                rule="each report of a run has a file of its own",
                mend="name each school and scenario once",
            )


def _checked(parts: Iterable[Part]) -> Iterable[Part]:
    declared = {
        name: declared_parameters(nbformat.read(notebook_path(name), as_version=4), where=name)
        for name in {part.notebook for part in parts}
    }
    for part in parts:
        check_parameters(declared[part.notebook], part.parameters, where=part.notebook)
        yield part


def notebook_path(name: str) -> Path:
    """Return the file of a notebook.

    Raises:
        BadInput: There is no such notebook.
    """
    path = paths.notebooks() / f"{name}.ipynb"
    if not path.is_file():
        raise BadInput(
            f"there is no notebook {name!r}",
            where=str(paths.notebooks()),
            rule="a report is made from a notebook in this folder",
            mend="restore it from the repository",
        )
    return path
