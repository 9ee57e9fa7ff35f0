"""Contracts on vision, people and commitment: what a trust says, whom it has, what binds them."""

from __future__ import annotations

from workbench.trust.columns import TableContract
from workbench.trust.contract_parts import (
    choice,
    code,
    day,
    number,
    term,
    text,
    urn,
    whole,
    yes_no,
)

STAKEHOLDERS = ("pupils", "parents", "staff", "heads", "trustees", "local boards", "community")
DOCUMENT_KINDS = (
    "vision or strategy", "board paper", "newsletter", "website page", "policy", "recruitment pack",
)  # fmt: skip
SKILLS = (
    "data analysis", "lateral thinking", "influencing", "coaching", "resource planning",
    "holding to account", "improvement at scale",
)  # fmt: skip

KPIS = TableContract(
    "kpis",
    "One row for each key performance indicator that the trust's board watches.",
    (
        code("kpi_id", "The indicator's own code.", required=True),
        text("name", "What it measures.", required=True),
        choice("origin", "Where it comes from.",
               ("own vision", "external accountability", "statutory duty"), required=True),
        day("adopted", "Day the board adopted it.", required=True),
        day("retired", "Day the board dropped it; blank while it is watched."),
    ),
    key=("kpi_id",),
    born="adopted",
)  # fmt: skip

PRIORITIES = TableContract(
    "priorities",
    "One row for each improvement priority, of the trust or of one school.",
    (
        code("priority_id", "The priority's own code.", required=True),
        urn("School that has the priority; blank for the whole trust.", required=False),
        text("description", "The priority in a few words.", required=True),
        day("set_on", "Day it was set.", required=True),
        day("closed", "Day it was met or dropped; blank while it stands."),
        yes_no("vision_linked", "Does it follow from the trust's own vision?"),
    ),
    key=("priority_id",),
    born="set_on",
)

CONSULTATIONS = TableContract(
    "consultations",
    "One row for each time a group was asked about the trust's vision.",
    (
        code("consultation_id", "The consultation's own code.", required=True),
        day("held", "Day it was held.", required=True),
        choice("stakeholders", "Who was asked.", STAKEHOLDERS, required=True),
        urn("School where it was held; blank for the whole trust.", required=False),
        whole("participants", "How many people took part.", "people", 1, 20_000),
    ),
    key=("consultation_id",),
    born="held",
)

DOCUMENTS = TableContract(
    "documents",
    "One row for each document of the trust whose language is counted; the files lie in the "
    "folder `documents` beside the tables, as text, DOCX or PDF.",
    (
        code("document_id", "The document's own code.", required=True),
        text("title", "Its title.", required=True),
        choice("kind", "What sort of document it is.", DOCUMENT_KINDS, required=True),
        day("dated", "Day it was issued.", required=True),
        code("file", "Name of its file in `documents`: .txt, .docx or .pdf.", required=True),
    ),
    key=("document_id",),
    born="dated",
)  # fmt: skip

SKILLS_HELD = TableContract(
    "skills",
    "One row for each skill of an improvement lead that somebody has assessed.",
    (
        code("person", "Pseudonym of the person, as in `people`.", required=True),
        choice("skill", "One of the seven skills of an improvement lead.", SKILLS, required=True),
        choice("level", "How far the skill is secure.", ("developing", "secure", "expert"),
               required=True),
        day("assessed", "Day it was assessed.", required=True),
    ),
    key=("person", "skill"),
    born="assessed",
    rewritten=("assessed",),
)  # fmt: skip

SUCCESSION = TableContract(
    "succession",
    "One row for each critical role and possible successor; one with no successor named where "
    "there is none.",
    (
        code("role_id", "Code of the critical role, such as a post_id of `people`.", required=True),
        code("candidate", "Pseudonym of the possible successor, or none-1 where there is none.",
             required=True),
        choice("readiness", "When the candidate could take the role.",
               ("ready now", "within a year", "later", "no candidate"), required=True),
        day("reviewed", "Day this was last reviewed.", required=True),
    ),
    key=("role_id", "candidate"),
    born="reviewed",
    rewritten=("reviewed",),
)  # fmt: skip

TALENT_AUDIT = TableContract(
    "talent_audit",
    "One row for each member of staff: whether an audit has asked what they could offer others.",
    (
        code("person", "Pseudonym of the person.", required=True),
        urn("School of the person; blank for the central team.", required=False),
        day("employed_since", "Day the person came to the trust.", required=True),
        day("audited", "Day of the last audit; blank where there has been none."),
        yes_no("could_support", "Could the person support other schools?", known_with="audited"),
        day("stretch_offered", "Day a stretch role beyond the own school was offered; blank where "
            "none was."),
    ),
    key=("person",),
    born="employed_since",
    rewritten=("audited", "stretch_offered"),
)  # fmt: skip

EXECUTIVE_TIME = TableContract(
    "executive_time",
    "One row for each executive post and term: days spent on day-to-day school improvement.",
    (
        code("post_id", "The post, as in `people`.", required=True),
        term("term", "School term."),
        number("improvement_days", "Days the executive spent on leading improvement in schools "
               "from day to day.", "days a term", 0, 80, required=True),
    ),
    key=("post_id", "term"),
    born="term",
    born_at_end=True,
)  # fmt: skip

ROLE_DOCUMENTS = TableContract(
    "role_documents",
    "One row for each job description, appraisal or recruitment pack that was looked through.",
    (
        code("document_id", "The document's own code.", required=True),
        choice("kind", "What it is.", ("job description", "appraisal", "recruitment pack"),
               required=True),
        urn("School of the role; blank for the central team.", required=False),
        yes_no("senior", "Is it for a senior leader: head, deputy or central leader?"),
        day("dated", "Day it was written or agreed.", required=True),
        yes_no("trust_wide", "Does it name a duty, objective or expectation towards other schools "
               "of the trust?"),
        yes_no("vision_linked", "Does it link the role to the trust's vision?"),
    ),
    key=("document_id",),
    born="dated",
)  # fmt: skip

NETWORKS = TableContract(
    "networks",
    "One row for each meeting of a trust-wide network and school invited to it.",
    (
        text("network", "Name of the network.", required=True),
        day("held", "Day it met.", required=True),
        urn("School invited."),
        yes_no("attended", "Did anyone from the school attend?", required=True),
    ),
    key=("network", "held", "urn"),
    born="held",
)

STAFFING = TableContract(
    "staffing",
    "One row for each school and academic year: staff at its start, and how many of them left.",
    (
        urn("School."),
        day("year_end", "Last day of the year counted, such as 2026-08-31.", required=True),
        whole("staff_at_start", "Staff in post when the year began.", "people", 1, 2_000,
              required=True),
        whole("left_the_trust", "How many of them had left the trust when it ended.", "people", 0,
              2_000, required=True),
    ),
    key=("urn", "year_end"),
    born="year_end",
)  # fmt: skip

PEOPLE_AND_VISION = (
    KPIS, PRIORITIES, CONSULTATIONS, DOCUMENTS, SKILLS_HELD, SUCCESSION, TALENT_AUDIT,
    EXECUTIVE_TIME, ROLE_DOCUMENTS, NETWORKS, STAFFING,
)  # fmt: skip
