"""What the documents of the demo trust say: from one leader's vision to that of all schools."""

from __future__ import annotations

from typing import NamedTuple


class Document(NamedTuple):
    """One document, with its paragraphs after the title; letters of ASCII only."""

    code: str
    title: str
    kind: str
    dated: str
    file: str
    paragraphs: tuple[str, ...]


DOCUMENTS = (
    Document(
        "DOC1", "My vision for the trust", "vision or strategy", "2018-09-05",
        "2018-founding-vision.txt", (
            "When I founded this trust I had one picture before me: a family of schools in which "
            "no child is written off. My vision has not changed since. I want every head to know "
            "what I expect, and I shall visit each school every fortnight to see it done.",
            "I have set three goals. First, I want each school to be judged good. Second, I want "
            "us to grow: six schools now, twelve schools within five years, and I have told the "
            "regional director that I am ready for more. Third, I want my heads to share one way "
            "of teaching reading, because I have seen it work in my own school.",
            "People ask me how I can lead so many schools at once. My answer is that I know them. "
            "I know each building, I know each head, and I know on a Friday what went wrong on a "
            "Thursday. My door is open and my telephone is on.",
            "I am proud of what I have built. The trust is the fastest growing in the county, and "
            "six schools are only the beginning. My promise to parents is simple: I shall not "
            "rest until every school of mine is a school that I would choose for my own children.",
        ),
    ),
    Document(
        "DOC2", "Our vision: every child known, every school giving", "vision or strategy",
        "2022-09-28", "2022-our-vision.docx", (
            "This is our vision. It was written by pupils, parents, staff, heads and trustees of "
            "our schools over two terms, and it belongs to all of us. We shall measure ourselves "
            "against it before anybody else measures us.",
            "Every child known. In our schools each child is known by name, by need and by gift. "
            "We find early who struggles with reading, and we act within three weeks. We ask our "
            "pupils what they think, and we tell them what we changed because of it. Our children "
            "take part each year in something larger than their own school.",
            "Every school giving. None of our schools has nothing to give and none has nothing to "
            "learn. We lend our best people to each other because the children of the school down "
            "the road are our children too. When we give, we gain: our staff grow, and they come "
            "home with something new.",
            "How we shall know. We have chosen six measures of our own. They stand beside the "
            "published results in every report to our board. Where our measures and the published "
            "ones disagree, we shall ask why before we explain it away.",
            "What we promise each other. We say what we found, also when it is unwelcome. We keep "
            "our vision short enough to remember. We look at it again with new colleagues whenever "
            "a school joins us, for it must become their vision as well as ours.",
        ),
    ),
    Document(
        "DOC3", "Chief executive's report to the board, autumn 2023", "board paper", "2023-12-06",
        "2023-12-board-paper.txt", (
            "Trustees asked in September how support between our schools is going. In this term "
            "we gave three deployments to three schools, each with a plan and a last day. Our "
            "colleagues spent 34 days in other classrooms. Heads of the schools that "
            "lent them report that lessons at home did not suffer.",
            "Copperwold High School remains our greatest concern. Achievement in mathematics is "
            "far below what we want for its pupils. We have agreed a diagnosis with the head and "
            "the local board, and a lead of ours works there one day a week.",
            "I remain in schools more than I should. I spent 24 days on improvement from day to "
            "day. With eleven schools this cannot last, and I ask trustees to hold me to the plan "
            "by which our leads take over what I do by habit.",
            "Our own measures: pupils who took part in a project beyond their school rose from "
            "31 to 38 per cent. Staff who say that our vision is theirs was asked for the first "
            "time, and we shall report it in spring.",
            "We were asked whether we wish to take a further school. Our answer is: not until we "
            "have filled the second lead post. We would rather be strong than large.",
        ),
    ),
    Document(
        "DOC4", "News from our schools, summer 2025", "newsletter", "2025-07-11",
        "2025-07-newsletter.txt", (
            "Dear families and friends, what a term it has been for our schools. Pupils of seven "
            "schools met at Dovelight Meadow for the summer of voices, and nobody could tell "
            "which child came from where. That is what we mean when we say our children.",
            "Thank you to those who gave. Colleagues of Quillmarsh, Hollowthorn and Lanternhythe "
            "spent days in other classrooms this term. Mossgable wrote to us: you did not come "
            "to tell us, you came to think with us. We are grateful to the classes at home who "
            "did without their teachers on those days.",
            "Saltpenny's new breakfast club feeds sixty children each morning, and we shall see in "
            "autumn whether attendance follows. Two more of our schools will try the same. We "
            "look carefully at whether it works before we go further.",
            "In September we welcome Skylletmoor School. Its sixth form has much to teach us, and "
            "we hope to be good company. Our vision will be read with its staff, questioned by "
            "them and, where they are right, changed.",
            "We wish you a good summer. Read something together, and tell us in autumn which book "
            "it was.",
        ),
    ),
    Document(
        "DOC5", "About us", "website page", "2025-10-01", "2025-10-website-about-us.txt", (
            "Merrowfen Learning Trust is a trust of 12 schools and one of the largest in the "
            "county. Since 2016 the trust has grown from two schools to 12 schools, educating "
            "more than four thousand pupils. A further primary school joins in January, and the "
            "trust expects to be a trust of 14 schools by next autumn.",
            "The trust offers schools that join a complete service: finance, estates, people, "
            "information technology and school improvement. A team of improvement leads, all with "
            "long experience, stands ready to raise standards. The number of schools served has "
            "grown by more than half in six years.",
            "The chief executive has led the trust since 2019. Under this leadership the number of "
            "schools has risen from seven schools to 12 schools and income to more than forty "
            "million pounds. I am always glad to hear from governing bodies that consider their "
            "next step; my office will arrange a visit.",
            "Read our vision on the next page. Vacancies, policies and accounts are found in the "
            "menu. We publish the dates of our board meetings and the names of our committees, and "
            "we answer questions from the public within ten working days.",
        ),
    ),
    Document(
        "DOC6", "Policy on support between our schools", "policy", "2024-09-18",
        "2024-09-support-policy.txt", (
            "Purpose. This policy sets out how our schools give support to each other and receive "
            "it. It serves our vision that every school gives and every child is known.",
            "Principles. We start from a need that has been diagnosed, never from a grant that "
            "has to be spent. We agree the diagnosis with the head and the local board. We write "
            "down the aim, the days and the last day before the first visit takes place.",
            "Roles. The improvement lead owns the plan. The head who receives support owns the "
            "change. The head who lends a colleague agrees the dates and says no where pupils at "
            "home would suffer. The chief executive approves plans of more than ten days.",
            "Times. We aim to begin within fifteen working days after a need was recognised. "
            "Where we cannot, we tell the school why, and we say when we shall come.",
            "Review. Progress is looked at each half-term. Within a month after the last day "
            "somebody who did not give the support asks what changed for pupils. We thank our "
            "colleagues in public, and we record what we learnt for the next plan.",
            "Records. Each deployment is entered in the register on the day it is agreed. This "
            "policy is read again every two years, or when three schools have joined us since.",
        ),
    ),
    Document(
        "DOC7", "Improvement lead: information for applicants", "recruitment pack", "2026-05-13",
        "2026-05-recruitment-pack.pdf", (
            "Thank you for your interest in joining us. We are looking for an improvement lead "
            "who will work across our primary schools, with two days a week at Mossgable and "
            "Wrenlock to begin with.",
            "Who we are. Our schools lie within half an hour of each other. We have nine primary "
            "schools, three secondary schools and a special school. What binds us is our vision: "
            "every child known, every school giving. You will hear it in our classrooms more "
            "often than in our offices.",
            "What you will do. You will look at evidence from many sides: surveys, visits, "
            "pupils' own words, numbers. You will agree with heads what the need is. You will "
            "find colleagues in our schools who can help, and you will see to it that their days "
            "lead somewhere. You will also leave in time, so that the school goes on without you.",
            "Whom we seek. You read data without being ruled by it. You have turned round a "
            "subject or a school. You can coach, and you can hold a friend to account. You have "
            "ideas that do not come from a handbook. You can plan the days of other people and "
            "keep to your own.",
            "What we offer. We give you six schools, not ten. We give you time to learn with the "
            "two other leads, and a say in what we do next. Like every senior role with us, "
            "this one carries a duty to all our schools.",
            "How to apply. Write us two pages: what you have improved, how you know that it was "
            "better, and what you would do differently now.",
        ),
    ),
    Document(
        "DOC8", "Paper for the board: what joining has asked of us", "board paper", "2026-10-14",
        "2026-10-board-paper.txt", (
            "Three schools have joined us within thirteen months. We are now a trust of 14 "
            "schools. This paper does not count schools; it asks what has become of our vision.",
            "Our staff survey shows that colleagues in the eleven schools that have been with us "
            "longest call the vision ours as firmly as before. In the three that joined it is "
            "weaker; at Skylletmoor many tell us that they have seen leaders and their plans "
            "come and go. We take this as a debt of ours, not as a fault of theirs.",
            "Our leads are stretched. One post has been vacant since March. The leads we have "
            "spend most of their days at Copperwold, where the head left in summer, and where "
            "absence has jumped this half-term beyond anything we saw before. We ask trustees to "
            "read that number as a signal, not as a bad month.",
            "Support begins later than our policy says. Half of our deployments started a "
            "fortnight or more after we recognised the need. Three steps wait for one person's "
            "signature, and we propose to end that.",
            "We know too little about Cobblewick and Dovelight Meadow. Nothing in our file on them "
            "is newer than December. Both are strong schools, and that is why nobody looked.",
            "We recommend that no further school joins before next autumn, that the vacant post be "
            "filled, and that our vision be read anew with all 14 schools in spring.",
        ),
    ),
)  # fmt: skip
