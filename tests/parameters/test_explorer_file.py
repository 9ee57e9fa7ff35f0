"""The explorer's sizes keep their promises to one another."""

from __future__ import annotations

from workbench.parameters.explorer import load_explorer_sizes


def test_a_picture_begins_with_hundreds_of_futures_and_ends_with_thousands() -> None:
    sizes = load_explorer_sizes()
    assert sizes.first_futures.value >= 400
    assert sizes.futures.value >= 5000


def test_futures_share_the_draws_of_both_pictures() -> None:
    # Four events for each draw of the parameters, as a run of 5,000 has them.
    sizes = load_explorer_sizes()
    assert sizes.first_futures.value % 4 == sizes.futures.value % 4 == 0
