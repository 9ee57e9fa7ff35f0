"""A back-test by class of trust size, as reports quote it: sums over trusts, and no trust's own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from ruamel.yaml import YAML

from workbench.errors import BadInput
from workbench.measures.forecasts import brier
from workbench.measures.suppression import hidden_groups
from workbench.parameters.model import ModelParameters
from workbench.parameters.research import load_research
from workbench.parameters.track_record import (
    FILE,
    Counted,
    GradesCounted,
    GradesRecord,
    MadeBy,
    SizesRecord,
    Sum,
    TrackRecord,
    numbers_digest,
)
from workbench.research.backtest.grades import SIZES
from workbench.research.backtest.run import DEMO, SEED, Backtest
from workbench.research.backtest.trusts import FEWEST_TESTED, CountTest, backtest_good_schools

Integers = npt.NDArray[np.int64]

VERSION = "2026.2"
ENGLAND, MADE_UP = "England", "made-up schools"
OF_SUM, OF_TRUST = 0.95, 0.8  # intervals of the sum over a class, and of each trust's own count
_PLACES, _DIGEST = 4, 16
_HEAD = """\
# yaml-language-server: $schema=track_record.schema.json
# What the model would have said of trusts, told only what was known by a day, and what happened, by
# size of trust at the origin. Reports quote it. Written whole by a back-test, never by hand:
#   {command}
# No school or trust is in it, and classes of few trusts or schools are left out.
"""


def record_of(found: Backtest, model: ModelParameters, seed: int = SEED) -> TrackRecord:
    """Sum a back-test up by class of size of trusts.

    Args:
        found: The back-test.
        model: The declared parameters that it was made by.
        seed: Seed of the draws, as that of the back-test.

    Raises:
        BadInput: No trust had a school with a new grade.
    """
    test = found.grades
    goods = backtest_good_schools(test, found.rules, seed, fewest=1)
    if goods is None:
        raise BadInput(
            "there is no record to keep: no trust had a school with a new grade",
            rule="a record sums up what was forecast of the schools of trusts",
            mend="add a list of trusts' members of the origin's day or before to the folder",
        )
    fewest = int(found.rules.fewest_kept.value)
    sizes = found.sizes[-1] if found.sizes else None
    return TrackRecord(
        version=VERSION,
        place=ENGLAND if found.published else MADE_UP,
        made_by=MadeBy(version=model.version, numbers=numbers_digest(model, load_research())),
        figures_known_when=found.known,
        sources=found.published,
        digest=found.digest[:_DIGEST],
        grades=GradesRecord(
            origin=test.origin,
            target=test.target,
            learnt_from=test.learnt_from,
            classes=tuple(_grades(found, goods, fewest)),
        ),
        sizes=None
        if sizes is None or found.started is None
        else SizesRecord(
            origin=found.started, target=sizes.day, classes=tuple(_sizes(sizes, fewest))
        ),
    )


def record_text(record: TrackRecord) -> str:
    """Return a record as the text of its file, equal byte for byte for equal records."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.width = 100
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment] # its types say None
    # A day said twice is written twice.
    yaml.representer.ignore_aliases = lambda _: True
    page = io.StringIO()
    yaml.dump(_plain(record.model_dump(mode="python", exclude_defaults=True)), page)
    return _HEAD.format(command=_command(record)) + page.getvalue()


def write_record(record: TrackRecord, file: Path) -> None:
    """Write a record in one step, so that no reader meets half of it.

    Raises:
        BadInput: The file cannot be written there.
    """
    staged = file.with_name(f".{file.name}.new")
    try:
        staged.write_text(record_text(record), encoding="utf-8", newline="\n")
        staged.replace(file)
    except OSError as error:
        raise BadInput(
            "the record cannot be written",
            where=str(file),
            rule=str(error),
            mend="give a file in a folder that exists and may be written to",
        ) from error


def _command(record: TrackRecord) -> str:
    """Return the command that makes a record again, over the lines of a comment."""
    grades, sizes = record.grades, record.sizes
    days = f"--origin {grades.origin} --target {grades.target}"
    if sizes is not None:
        days += f" --membership-origin {sizes.origin} --membership-target {sizes.target}"
    reading = " --as-published" if record.figures_known_when == "published" else ""
    source = "FOLDER" if record.place == ENGLAND else DEMO
    return f"workbench backtest {days}\n#     --from {source}{reading} --record parameters/{FILE}"


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {name: _plain(entry) for name, entry in value.items()}
        case tuple():
            return [_plain(entry) for entry in value]
        case _:
            return value


def _grades(found: Backtest, goods: CountTest, fewest: int) -> Iterator[GradesCounted]:
    """Yield what was forecast of schools with a new grade, class by class."""
    cases = found.grades.cases
    cases = cases[cases["trust_uid"].notna()]
    by_trust = cases.groupby("trust_uid")
    size = by_trust["size"].first().reindex(goods.counts.index)
    tested = by_trust.size().reindex(goods.counts.index)
    here = {str(name): cases[cases["size"].eq(name)] for name, _, _ in _classes()}
    kept = _kept(
        {
            name: (int(size.eq(name).sum()), int(rows["good"].sum()), int(rows["good"].eq(0).sum()))
            for name, rows in here.items()
        },
        fewest,
    )
    for name, least, most in _classes():
        rows = here[name]
        if name in kept:
            counted = _counted(goods, size.eq(name), tested.ge(FEWEST_TESTED), least, most)
            yield GradesCounted(
                **counted,
                schools=len(rows),
                by_table=round(float(rows["last_grade_table"].sum()), 1),
                brier=_rounded(brier(rows["model"], rows["good"])),
                table=_rounded(brier(rows["last_grade_table"], rows["good"])),
            )


def _sizes(test: CountTest, fewest: int) -> Iterator[Counted]:
    """Yield what was forecast of trusts' numbers of schools, class by class."""
    here = {name: test.classes.eq(name) for name, _, _ in _classes()}
    kept = _kept({name: (int(rows.sum()),) for name, rows in here.items()}, fewest)
    every = pd.Series(True, test.counts.index)
    for name, least, most in _classes():
        if name in kept:
            yield Counted(**_counted(test, here[name], every, least, most))


def _kept(counts: dict[str, tuple[int, ...]], fewest: int) -> frozenset[str]:
    """Return the classes to show: none with a small count, nor one that gives another away.

    The sum over all classes is published elsewhere, so that a single class left out could be found.
    """
    sizes = {name: min(each) for name, each in counts.items()}
    small = {name for name, size in sizes.items() if size < fewest}
    there = {name: each[0] for name, each in counts.items()}
    return frozenset(there) - small - hidden_groups(there, fewest, already=small)


def _counted(
    test: CountTest, here: pd.Series, judged: pd.Series, least: int, most: int | None
) -> dict[str, Any]:
    """Return the fields of a class of trusts: its sum, and single counts in their intervals.

    What chance allows is asked of the model's own futures, each taken as if it were what happened,
    so that what trusts have in common is part of it (G. E. P. Box, "Sampling and Bayes' inference
    in scientific modelling and robustness", JRSS A 143, 1980).
    """
    mine, own = here.to_numpy(dtype=bool), (here & judged).to_numpy(dtype=bool)
    seen, drawn = test.counts.to_numpy(), test.drawn[:, own]
    lower, upper = _middle(drawn, OF_TRUST)
    inside = ((drawn >= lower) & (drawn <= upper)).sum(axis=1)
    held = ((seen[own] >= lower) & (seen[own] <= upper)).sum()
    return {
        "least": least,
        "most": most,
        "trusts": int(mine.sum()),
        "total": _sum(test.drawn[:, mine].sum(axis=1), seen[mine].sum()),
        "judged": int(own.sum()),
        "held": _sum(inside, held),
    }


def _sum(drawn: Integers, seen: np.int64) -> Sum:
    lower, upper = _middle(drawn, OF_SUM)
    return Sum(
        forecast=round(float(drawn.mean()), 1), lower=int(lower), upper=int(upper), seen=int(seen)
    )


def _middle(drawn: Integers, share: float) -> tuple[Integers, Integers]:
    """Return the ends of the central interval of simulated counts, by column where there are any.

    As `interval_masses` has them: whole numbers, with at least half of what is left out below.
    """
    tail = (1.0 - share) / 2.0
    lower, upper = np.quantile(drawn, [tail, 1.0 - tail], axis=0, method="inverted_cdf")
    return lower.astype(np.int64), upper.astype(np.int64)


def _classes() -> Iterator[tuple[str, int, int | None]]:
    """Yield each class of trusts with its fewest and most schools; schools in none have no class.

    The last class has no end.
    """
    before = 0
    for place, (name, most) in enumerate(SIZES[1:], start=1):
        last = place == len(SIZES) - 1
        yield name, before + 1, None if last else most
        before = most


def _rounded(score: float | None) -> float:
    """Return a score of at least one school, to four places."""
    if score is None:
        raise BadInput("a class without schools has no score", rule="at least one school")
    return round(score, _PLACES)
