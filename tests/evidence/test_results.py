"""Results hold whatever a reader sees of a report, and nothing that differs between two makings."""

from __future__ import annotations

import json
from collections.abc import Callable

import nbformat.v4 as nb
import pandas as pd
import pytest
from markupsafe import Markup

from tests.report.cells import executed, opened
from workbench.charts.figure import Figure
from workbench.evidence.results import differences, results_of
from workbench.report import emit
from workbench.report.contents import contents_of
from workbench.report.emit import records
from workbench.report.exporter import ReportExporter

FRAME = pd.DataFrame({"Year": [2024, 2025], "Share": [0.4, 0.45]})
DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0L9 {}"/></svg>'


def results(
    *,
    said: str = "The trust should take on 5 schools.",
    item: str = "Attendance",
    panel: str = "It can afford them.",
    height: int = 5,
    capacity: float = 0.1 + 0.2,
    source: str = "The demo",
    printed: str = "done",
    made: str = "1 May 2026",
    picture: int = 1,
) -> str:
    """Return the results of a report that says and shows a little of everything."""

    def show() -> None:
        opened("A title")
        emit.show_panel("At a glance", Markup("<p>{}</p>").format(panel))
        emit.say(said, "It was looked at.")
        emit.say_list(item, "Behaviour")
        emit.show_table(FRAME, "Shares")
        svg = DRAWN.format(height)
        emit.show_figure(Figure("share", "It grew", "Share", "A line", source, FRAME, svg))
        emit.record("capacity", capacity)

    notebook = executed(show)
    outputs = [
        nb.new_output("stream", name="stdout", text=printed),
        nb.new_output("display_data", {"image/svg+xml": DRAWN.format(picture)}),
    ]
    notebook.cells.append(nb.new_code_cell("", outputs=outputs))
    notebook.cells.append(nb.new_markdown_cell("## What *this* does\n\n- one\n- two"))
    notebook.metadata["workbench"] = {"Run": made}
    page = ReportExporter().from_notebook_node(notebook)[0]
    return results_of(contents_of(page), records(notebook))


def test_every_line_is_there_in_its_order() -> None:
    words = json.loads(results())["words"]
    assert [line for line in words if line not in {"A title", "A report."}] == [
        "At a glance", "It can afford them.", "The trust should take on 5 schools.",
        "It was looked at.", "Attendance", "Behaviour", "done", "What this does", "one", "two",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"said": "The trust should close 5 schools."},
         ("the words 'The trust should take on 5 schools.'",
          "the words 'The trust should close 5 schools.'")),
        ({"item": "Absence"}, ("the words 'Attendance'", "the words 'Absence'")),
        ({"panel": "It cannot afford them."},
         ("the words 'It can afford them.'", "the words 'It cannot afford them.'")),
        ({"height": 6}, ("the picture of figure share",)),
        ({"picture": 2}, ("picture 1 (A picture drawn by this notebook, which says nothing of it"
                          " in words.)",)),
        ({"source": "A guess"}, ("figure share",)),
        ({"capacity": 0.3}, ("the recorded capacity",)),
        ({"printed": "It was looked at."}, ("the words 'It was looked at.'", "the words 'done'")),
    ],
)  # fmt: skip
def test_one_word_bar_or_last_digit_makes_other_results_and_is_named(
    change: dict[str, str], named: tuple[str, ...]
) -> None:
    make: Callable[..., str] = results
    assert differences(results(), make(**change)) == named


def test_when_it_was_made_and_where_in_memory_something_lay_make_no_other() -> None:
    one = results(printed="<object at 0x7f00aa12>", made="1 May 2026")
    assert one == results(printed="<object at 0x7f00bb34>", made="2 May 2026")
    assert differences(one, one) == ()


def test_lines_that_changed_places_are_named() -> None:
    content = json.loads(results())
    content["words"].reverse()
    assert differences(results(), json.dumps(content)) == ("their order",)


def test_results_of_the_first_form_are_compared_in_what_they_held() -> None:
    content = json.loads(results())
    first = {name: content[name] for name in ("title", "recorded", "tables")} | {"form": 1}
    later = {"subtitle", "source", "picture"}
    first["figures"] = [
        {name: value for name, value in one.items() if name not in later}
        for one in content["figures"]
    ]
    assert differences(json.dumps(first), results(height=6)) == ()
    assert differences(json.dumps(first), results(capacity=1.0)) == ("the recorded capacity",)
