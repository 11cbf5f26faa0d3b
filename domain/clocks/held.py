"""The deadlines (clocks) of stored data: requests, complaints, holds, restrictions, retention and
copies.
"""

from datetime import timedelta

from domain.clocks.rule import INVESTIGATORS, ClockRule, Rules

CLOCKS: Rules = {
    "restriction-review": ClockRule(
        says="review a restriction",
        begins="something was restricted",
        source="Data Protection Act 2018 s.47 has no day: half a year is the team's own [verify]",
        after=timedelta(days=182),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        extends=(*INVESTIGATORS, "manager", "dci", "disclosure-officer"),
    ),
    "restriction-request": ClockRule(
        says="answer a request to restrict the use of data",
        begins="a request for restriction was received",
        source="Data Protection Act 2018 s.54, UK GDPR art.12(3): within a month, for which these "
        "28 days are never too long [verify]",
        after=timedelta(days=28),
        role="supervisor",
        chain=("dci",),
        tier="law",
        extends=("disclosure-officer",),
        done_by="deciding about it: restrict {item} --ground GROUND, or --refuse",
    ),
    "retention-review": ClockRule(
        says="review a retained record",
        begins="a review retained something until a day",
        source="Police Information and Records Management Code of Practice 2023 [verify]",
        after=None,
        role="detective",
        chain=("manager", "dci"),
        tier="law",
        extends=(*INVESTIGATORS, "manager", "dci"),
    ),
    "hold-review": ClockRule(
        says="review a legal hold",
        begins="a legal hold was ordered or reviewed",
        source="the day that was set; half a year where none was [verify]",
        after=timedelta(days=182),
        role="detective",
        chain=("manager", "dci"),
        tier="law",
        extends=(*INVESTIGATORS, "manager", "dci", "disclosure-officer"),
    ),
    "hold-confirmation": ClockRule(
        says="confirm, as a second person, a hold on the whole store, in force until it is lifted",
        begins="a hold on the whole store was ordered",
        source="two people hold everything; 72 hours are the product's own",
        after=timedelta(hours=72),
        role="manager",
        chain=("dci",),
        tier="law",
        done_by="confirming the hold: hold confirm {item}",
    ),
    "access-request": ClockRule(
        says="answer an access request",
        begins="a request for access was received, or extended",
        source="Data Protection Act 2018 s.54, UK GDPR arts.12 and 12A, as in force since 5 "
        "February 2026: a month, or three; days of asking the subject do not count",
        after=None,
        role="disclosure-officer",
        chain=("manager", "dci"),
        tier="law",
        done_by="answering it: request answer; request extend gives two further months",
    ),
    "access-request-search": ClockRule(
        says="everything is searched for the subject of a request, whom the person who received it "
        "did not find",
        begins="a request for access was written down without its subject",
        source="Data Protection Act 2018 s.54, UK GDPR art.12: a month from receipt",
        after=None,
        role="intelligence-officer",
        chain=("dci",),
        tier="law",
        done_by="attaching who was found, request find {item}; or a nil answer, request nil {item}",
    ),
    "access-act": ClockRule(
        says="somebody was to get access, or got it by one person: a manager looks at it",
        begins="a role, a team, a sign-in, a program's key or a merger of teams was proposed on a "
        "live store, or one person gave access alone",
        source="security of processing: Data Protection Act 2018 s.66, UK GDPR art.32; told at "
        "once is the product's own",
        after=timedelta(0),
        role="manager",
        chain=("dci",),
        tier="law",
        done_by="confirming or refusing it at Access to confirm, or unusual-access review",
    ),
    "access-request-part": ClockRule(
        says="decide which of your team's records an access request receives",
        begins="another team was asked what it holds",
        source="Data Protection Act 2018 s.54, UK GDPR art.12(3): the request's own day [verify]",
        after=None,
        role="disclosure-officer",
        chain=("supervisor", "dci"),
        tier="law",
        done_by="completing the team's part: request complete {item}",
    ),
    "access-request-asked": ClockRule(
        says="a person who made an access request has not answered a question: ask again",
        begins="the subject of a request was asked who they are, or what they mean",
        source="their clock stands still (Data Protection Act 2018 s.54(3C)), and nobody forgets "
        "them; two weeks are the product's own [verify]",
        after=timedelta(days=14),
        role="disclosure-officer",
        chain=("manager",),
        tier="practice",
        done_by="telling what they answered: request reply",
    ),
    "victim-information-request": ClockRule(
        says="decide which support notes a request for a victim's information receives",
        begins="information about a victim was asked for",
        source="Police, Crime, Sentencing and Courts Act 2022 ss.44A-44F and its code: the day "
        "that the requester set; 28 days are the team's own [verify]",
        after=timedelta(days=28),
        role="psw",
        chain=("manager",),
        tier="practice",
        extends=("psw", "charity-worker"),
        done_by="deciding about it: victim-request decide {item}, then hand-over",
    ),
    "complaint-acknowledged": ClockRule(
        says="acknowledge a complaint about data",
        begins="a complaint about data came in",
        source="Data Protection Act 2018 s.164A(3) (Data (Use and Access) Act 2025 s.103), in "
        "force 19 June 2026: within 30 days",
        after=timedelta(days=30),
        role="disclosure-officer",
        chain=("manager", "dci"),
        tier="law",
        done_by="telling them: complaint acknowledge {item}",
    ),
    "complaint-outcome": ClockRule(
        says="tell a person the outcome of their complaint about data",
        begins="a complaint about data came in",
        source="Data Protection Act 2018 s.164A(4): without undue delay; 90 days are the "
        "product's own [verify]",
        after=timedelta(days=90),
        role="disclosure-officer",
        chain=("manager", "dci"),
        tier="practice",
        extends=("disclosure-officer", "psw", "charity-worker", "manager"),
        done_by="telling them: complaint outcome {item}",
    ),
    "glass-review": ClockRule(
        says="review, as another person, an emergency access",
        begins="somebody broke the glass of a case",
        source="the person who looks is looked at; a day is the product's own",
        after=timedelta(hours=24),
        role="supervisor",
        chain=("dci",),
        tier="practice",
        done_by="reviewing it: glass lists it",
    ),
    "copy-destroyed": ClockRule(
        says="destroy a numbered copy and record how",
        begins="a numbered copy was printed, with the day by which it is destroyed",
        source="the day that stands on the copy: the organisation's own rule for handling what is "
        "OFFICIAL-SENSITIVE; four weeks where nobody set a day [verify]",
        after=None,
        role="supervisor",
        chain=("manager", "dci"),
        tier="practice",
        done_by="saying how it was destroyed: copies destroyed {item}",
    ),
}
