"""What cannot be simulated is refused here, before any work, with what to mend."""

from __future__ import annotations

import difflib

from workbench.errors import BadInput
from workbench.growth.draws import applicable
from workbench.parameters.load import validate
from workbench.parameters.model import ModelParameters
from workbench.parameters.quantity import Quantity
from workbench.parameters.scenario import MAXIMUM_JOINERS, MAXIMUM_SCHOOLS, Scenario
from workbench.trust.faults import describe
from workbench.trust.intake import check_folder
from workbench.trust.load import Trust

WINDOWS = ("routine", "attention", "urgent", "unrated")
_SHOWN = 5


def refuse_numbers(joiners: int, replicates: int, seed: int) -> None:
    """Refuse a number of joiners, replicates or a seed that cannot be used.

    Raises:
        BadInput: A number is out of range.
    """
    rules = (
        (0 <= joiners <= MAXIMUM_JOINERS, f"{joiners} joiners", f"0 to {MAXIMUM_JOINERS} joiners"),
        (replicates >= 1, f"{replicates} replicates", "at least one replicate"),
        (0 <= seed < 2**63, f"seed {seed}", "a seed from 0 to 2^63 - 1"),
    )
    for holds, what, rule in rules:
        if not holds:
            raise BadInput(f"{what} cannot be used", rule=rule, mend="choose a value in range")


def refuse_trust(trust: Trust) -> None:
    """Refuse a trust whose schools cannot be simulated.

    Raises:
        BadInput: It has no school, too many, a faulty row, or a school with fewer than 0 pupils.
    """
    schools, where = trust.tables["schools"], str(trust.folder)
    check = f"run `workbench check {trust.folder}` and mend the table schools"
    if schools.empty:
        raise BadInput(
            "the trust has no school",
            where=where,
            rule="a simulation needs at least one school",
            mend=check,
        )
    if trust.quarantined.get("schools", 0):
        raise _faulty_schools(trust, check)
    if len(schools) > MAXIMUM_SCHOOLS:
        raise BadInput(
            f"the trust has {len(schools)} schools",
            where=where,
            rule=f"at most {MAXIMUM_SCHOOLS} schools are simulated: four times the largest trust "
            "of England",
            mend="keep the schools of one trust in its table schools",
        )
    short = schools[schools["pupils"].fillna(0) < 0]
    if len(short):
        first = short.iloc[0]
        raise BadInput(
            f"school {first['urn']} has {first['pupils']} pupils",
            where=f"{where}, table schools, column pupils",
            rule="pupils on roll are 0 or more, or blank where not known",
            mend="write the number on roll, or leave it blank",
        )


def _faulty_schools(trust: Trust, check: str) -> BadInput:
    """A trust without some of its schools is another trust, so no answer about it is given."""
    count = trust.quarantined["schools"]
    faults: list[str] = []
    if trust.folder.is_dir():
        found = check_folder(trust.folder).to_mend
        own = [fault for fault in found if "schools" in f"{fault.file} {fault.sheet}"]
        faults = [describe(fault) for fault in own]
    return BadInput(
        f"{count} {'row' if count == 1 else 'rows'} of the table schools cannot be read",
        where="".join([str(trust.folder), *(f"\n    {line}" for line in faults[:_SHOWN])]),
        rule="a simulation knows every school of the trust: one left out changes every answer",
        mend=check,
    )


def checked(scenario: Scenario) -> Scenario:
    """Return a scenario judged anew by its schema, as a copy made in Python may break it.

    Raises:
        BadInput: A field is out of range, or two contradict each other.
    """
    return validate(scenario.model_dump(), Scenario, where=f"scenario {scenario.title!r}")


def held_parameters(scenario: Scenario, model: ModelParameters) -> dict[str, float]:
    """Return the parameters a scenario holds at a value of its own.

    Raises:
        BadInput: It names what is no parameter, or a value is outside the parameter's range.
    """
    known = applicable(model, scenario.policy.framework)
    where = f"scenario {scenario.title!r}"
    for name, value in scenario.assume.items():
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            raise BadInput(
                f"assume.{name} is not a parameter of the model",
                where=where,
                rule="assume holds parameters of parameters/model.yaml by their own name",
                mend=(f"did you mean {close[0]!r}? " if close else "")
                + "spell it as in that file, or remove it",
            )
        low, high = known[name].range
        if not low <= value <= high:
            raise BadInput(
                f"assume.{name} = {value:g} is outside its range",
                where=where,
                rule=f"{name} lies between {low:g} and {high:g} {known[name].unit}",
                mend="choose a value within the range",
            )
    _refuse_windows(scenario, known)
    return dict(scenario.assume)


def _refuse_windows(scenario: Scenario, known: dict[str, Quantity]) -> None:
    for kind in WINDOWS:
        first, last = (
            scenario.assume.get(f"{kind}_{end}", known[f"{kind}_{end}"].value)
            for end in ("min", "max")
        )
        if first > last:
            raise BadInput(
                f"assume.{kind}_min {first:g} is after {kind}_max {last:g}",
                where=f"scenario {scenario.title!r}",
                rule="an inspection window begins before it ends",
                mend="hold both ends of the window",
            )
