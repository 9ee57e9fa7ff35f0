"""What axe-core finds wrong with a page: every rule it has for today's pages, none left out."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# The size of targets, of WCAG 2.2 AA, is the one rule axe-core leaves out unless it is asked for.
_ALL = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
_NOT_FOR_US = {"experimental", "deprecated", "wcag2aaa"}
_CHECKER = Axe()


def violations(page: Page) -> list[str]:
    """Return each violation, best practice included, as its rule and an element that breaks it."""
    found = _CHECKER.run(page, options=_ALL).response
    outcomes = ("passes", "violations", "incomplete", "inapplicable")
    ran = {one["id"] for outcome in outcomes for one in found[outcome]}
    known = page.evaluate("axe.getRules().map(one => [one.ruleId, one.tags])")
    assert {rule for rule, tags in known if not _NOT_FOR_US & set(tags)} <= ran
    return [
        f"{one['id']} ({one['help']}): {node['html'][:160]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
