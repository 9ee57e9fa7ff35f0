"""The plan of an analysis of impact in words, and which of it was written before results."""

from __future__ import annotations

from workbench.charts.wording import count, percent
from workbench.research.impact.analysis import DEMO
from workbench.research.impact.plan import Plan, digest
from workbench.research.impact.published import GRADE_OUTCOME, OUTCOMES

GRADE_WORDS = {1: "Outstanding", 2: "Good", 3: "Requires improvement", 4: "Inadequate"}
_COMPARED = {
    "never and not yet": "schools that never joined, or had not yet",
    "never": "schools that never joined",
}
_AVERAGED = {
    "cohorts by their schools": "each cohort's periods, cohorts counting by their schools",
    "schools and periods alike": "all schools and periods alike",
}
_NUMBERED = {
    "straight line": "a drift that goes on",
    "lasting gap": "a last number before joining that was off",
}
_WRITTEN = {
    "in part before results": "Written before results could be seen: the comparison, the estimator "
    "and its numbers. Written while they could be: which outcomes, whom to leave out, and what the "
    "test of earlier differences might miss.",
    "after results": "Exploratory: the plan was written after a first look at results. What is "
    "found is to be tried on years that were not looked at.",
}
_ALIKE = {
    "last two grades": "with the same last two grades on the day of joining, ",
    "last two grades and their age": "with the same last two grades on the day of joining, the "
    "last as old, ",
    "nothing": "",
}


def plan_sentences(plan: Plan) -> tuple[str, ...]:
    """Return the plan in words; every part of it that numbers are analysed by."""
    within = "within the same group, such as a phase" if plan.within == "group" else "all alike"
    counted = "a trust's schools counted as one cluster" if plan.clusters == "trust" else (
        "each school by itself"
    )  # fmt: skip
    at = "" if plan.adjusted == "nothing" else (
        f" Schools are compared at equal numbers in {count(plan.earlier_periods, 'period')} before."
    )  # fmt: skip
    return (
        f"Outcomes planned for: {'; '.join(_outcomes(plan))}.",
        f"Compared with: {_COMPARED[plan.comparison]}, {within}.{at}",
        f"Effect: the change from the {_base(plan.base)} before joining, less the change of the "
        f"others; support counts from {plan.support_from} on. The average is over "
        f"{_AVERAGED[plan.averaged]}.",
        f"Left out, beside schools whose joining bears no date: {'; '.join(plan.excluded)}.",
        f"Intervals of {percent(plan.confidence)}, {counted}.",
        f"An effect on fewer than {plan.fewest_schools} schools or {plan.fewest_trusts} trusts is "
        "not shown.",
        "One outcome, one average effect; every other number is a check on it. Who looks at "
        "several outcomes finds an effect where there is none more often than 1 time in 20.",
        f"A placebo {count(plan.placebo_periods, 'period')} before joining must find nothing.",
        f"Differences before joining are tested together at {percent(plan.before_level)}, and "
        f"stand with what the test might miss: {_NUMBERED[plan.departs]}, of the size that "
        f"{percent(plan.power)} of tests would find.",
    )


def _base(periods: int) -> str:
    return "last period" if periods == 1 else f"period that is {periods} periods"


def _outcomes(plan: Plan) -> tuple[str, ...]:
    titles = {name: one.title.lower() for name, one in OUTCOMES.items()}
    titles[GRADE_OUTCOME] = "good or better at the next inspection"
    return tuple(
        f"{titles.get(one.name, one.name)} (planned {one.written})" for one in plan.outcomes
    )


def written_sentence(plan: Plan, outcome: str) -> str:
    """Say whether an outcome's plan was written before results could be seen.

    Args:
        plan: The plan.
        outcome: The outcome's name; `demo` for made-up schools.
    """
    if outcome == DEMO:
        return "Schools are made up: what is tried on them is the method alone."
    written = plan.written(outcome)
    if written is None:
        return "This outcome was not planned for: read what follows as a search for questions."
    return _WRITTEN[written]


def grade_plan_sentences(plan: Plan) -> tuple[str, ...]:
    """Return the plan for grades in words; every part of it that they are analysed by."""
    asked = plan.grades
    which = "first graded inspection" if asked.inspections_since == 1 else (
        f"first {asked.inspections_since} graded inspections"
    )  # fmt: skip
    outcome = "good or better" if asked.good_up_to == 2 else GRADE_WORDS[asked.good_up_to].lower()
    joined = "had not joined by their own inspection" if asked.comparison == "never and not yet" \
        else "never joined"  # fmt: skip
    return (
        f"Outcome: {outcome} at the {which} after joining, within "
        f"{count(asked.years_after, 'year')}. {written_sentence(plan, GRADE_OUTCOME)}",
        f"Schools: those last at {last_grades(plan)} (satisfactory until August 2012 counts as "
        "requires improvement), for each of their next inspections is a full one and listed.",
        f"Compared with: schools of the same phase that {joined}, {_ALIKE[asked.alike]}inspected "
        f"in the same year since; {asked.fewest_equals} or more for each that joined.",
        f"Left out, beside schools whose joining bears no date: {'; '.join(asked.excluded)}.",
        "Check before joining: earlier grades than those two, "
        f"{count(asked.years_before, 'year')} back, tested together at "
        f"{percent(plan.before_level)}, with what the test might miss.",
        f"Intervals of {percent(plan.confidence)}, a trust's schools counted as one cluster; a "
        f"year with fewer than {plan.fewest_schools} schools on either side or "
        f"{plan.fewest_trusts} trusts is not shown.",
    )


def last_grades(plan: Plan) -> str:
    """Return the last grades of the schools in the planned effect, in words."""
    return " or ".join(GRADE_WORDS[grade].lower() for grade in plan.grades.last_grades)


def registered_sentence(plan: Plan, registered: str) -> str:
    """Say whether a plan is the one that was registered.

    Args:
        plan: The plan that is carried out.
        registered: Digest of the plan that was written down (`plan.digest`).
    """
    own = digest(plan)
    if own == registered:
        return f"The plan is the registered one (digest {own})."
    return (
        f"This is NOT the registered plan: its digest is {own}, not {registered}. Read what "
        "follows as a search for questions, not as an answer."
    )
