"""Posts asked for in parts, falls of just the limit, and terms counted from a visit."""

from __future__ import annotations

from tests.growth.test_mechanisms import lived, made
from workbench.growth.oracle import Oracle
from workbench.growth.oracle_parts import Post


def test_a_fall_of_exactly_the_limit_is_within_it() -> None:
    """4 of 20 secure, then 1: a fall of 0.15, in whatever way the shares are rounded."""
    setting = made(*[2] * 4, *[0] * 16, terms=9, grace_terms=0, existing_fall=0.15)
    oracle = lived(setting)
    for secure in range(4, 21):
        for school in oracle.schools:
            school.true = 2 if school.number < secure else 0
        oracle.start_secure = oracle._existing_secure()
        for school in oracle.schools:
            school.true = 2 if school.number < secure - 3 else 0
        oracle.in_a_row["fall"] = 0
        oracle._judge(8)
        assert oracle.in_a_row["fall"] == 0, secure


def test_the_terms_since_an_inspection_before_the_start_are_those_since_the_visit() -> None:
    """Last visited one term before the start, at every fourth term: visited in terms 3, 7, 11."""
    window = {"routine_min": 4.0, "routine_max": 4.0, "error_low": 0.0, "error_high": 0.0}
    setting = made(2, terms=12, held=window)
    setting.school["since"] = 1
    visits = []

    class Visited(Oracle):
        def _inspect(self, luck: dict[int, list[float]]) -> None:
            super()._inspect(luck)
            visits.append(self.schools[0].since == 0)

    Visited(setting, 0, 1)
    assert [t for t, visited in enumerate(visits) if visited] == [3, 7, 11]


def test_leads_are_asked_for_in_halves_of_a_post() -> None:
    """One school more never opens a whole post at once."""
    held = {"post_part": 0.5}
    for schools, leads in ((4, 0.0), (5, 1.0), (8, 1.5), (11, 2.0), (12, 2.5)):
        oracle = lived(made(*[2] * schools, terms=0, held=held, schools_per_lead=5.5))
        assert oracle._leads_wanted(0) == leads
    post = Post()
    oracle._fill_or_empty(post, 0.25, (1.0, 0.0), 0.0)
    assert (post.in_post, post.fte) == (True, 0.25)


def test_nobody_is_hired_for_a_school_that_only_chance_may_offer() -> None:
    joiners = ((0, 2),) * 6
    setting = made(*[2] * 5, joiners=joiners, terms=2, offered=1, offer_chance=1e-9)
    assert lived(setting)._leads_wanted(1) == 1.0
    planned = made(*[2] * 5, joiners=joiners, terms=0)
    assert lived(planned)._leads_wanted(1) == 2.0


def test_the_rest_of_a_part_time_lead_is_appointed_where_the_policy_asks_for_more() -> None:
    oracle = lived(made(2, leads=0.5))
    for asked, fte in ((0.0, 0.5), (0.3, 0.5), (0.8, 0.8), (1.0, 1.0)):
        post = Post(fte=0.5, terms=4, in_post=True)
        oracle._fill_or_empty(post, asked, (1.0, 0.0), 0.0)
        assert (post.fte, post.terms, post.in_post) == (fte, 5, True)
