"""What a trustee reads of when a simulation stopped."""

from __future__ import annotations

import pytest

from workbench.cli.answers import stopped
from workbench.growth.absorb import Stopping


@pytest.mark.parametrize(
    ("headline", "absolute", "words"),
    [
        (True, True, "Both answers are settled: more futures would not change them."),
        (False, False, "Neither answer is settled: more futures might change them."),
        (True, False, "The first answer is settled; more futures might change the second."),
        (False, True, "The second answer is settled; more futures might change the first."),
    ],
)
def test_it_says_which_answer_more_futures_might_change(
    headline: bool, absolute: bool, words: str
) -> None:
    fixed = Stopping(headline_settled=headline, absolute_settled=absolute)
    assert stopped(fixed) == words
    looked = Stopping((400, 1000), 2, 0.05, 0.05, headline, absolute)
    assert stopped(looked) == f"Stopped at look 2 of 2. {words}"
