"""The deadlines of stored data: requests, complaints, holds, restrictions, retention and copies."""

from datetime import timedelta

from domain.clocks.rule import INVESTIGATORS, ClockRule, Rules

CLOCKS: Rules = {
    "restriction-review": ClockRule(
        says="review a restriction",
        begins="the use of a record was restricted",
        source="Data Protection Act 2018 s.47 sets no limit: half a year is the "
        "team's own limit [verify]",
        after=timedelta(days=182),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        extends=(*INVESTIGATORS, "manager", "dci", "disclosure-officer"),
    ),
    "restriction-request": ClockRule(
        says="answer a request to restrict the use of data",
        begins="a request for restriction was received",
        source="Data Protection Act 2018 s.54, UK GDPR art.12(3): within a month; 28 days are "
        "never longer than a month [verify]",
        after=timedelta(days=28),
        role="supervisor",
        chain=("dci",),
        tier="law",
        extends=("disclosure-officer",),
        done_by="deciding on the request: restrict {item} --ground GROUND, or --refuse",
    ),
    "retention-review": ClockRule(
        says="review a retained record",
        begins="a retention review decided that a record is retained until a day",
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
        source="the day that the user set, or else half a year [verify]",
        after=timedelta(days=182),
        role="detective",
        chain=("manager", "dci"),
        tier="law",
        extends=(*INVESTIGATORS, "manager", "dci", "disclosure-officer"),
    ),
    "hold-confirmation": ClockRule(
        says="confirm, as a second person, a hold on the whole store, in force until it is lifted",
        begins="a hold on the whole store was ordered",
        source="two people decide on a hold on everything; the limit of 72 hours is the "
        "product's own",
        after=timedelta(hours=72),
        role="manager",
        chain=("dci",),
        tier="law",
        verb="Countersign",
        done_by="confirming the hold: hold confirm {item}",
    ),
    "access-request": ClockRule(
        says="answer an access request",
        begins="an access request was received, or its time was extended",
        source="Data Protection Act 2018 s.54, UK GDPR arts.12 and 12A, as in force since 5 "
        "February 2026: a month, or three; days of waiting for the subject do not count",
        after=None,
        role="disclosure-officer",
        chain=("manager", "dci"),
        tier="law",
        verb="Answer",
        access_log=True,
        done_by="answering the request: request answer; request extend gives two further months",
    ),
    "access-request-search": ClockRule(
        says="search all records for the subject of an access request, whom the person who "
        "received it did not find",
        begins="an access request was recorded before its subject was found",
        source="Data Protection Act 2018 s.54, UK GDPR art.12: a month from receipt",
        after=None,
        role="intelligence-officer",
        chain=("dci",),
        tier="law",
        verb="Answer",
        access_log=True,
        done_by="attaching the subject or recording a nil answer: request find {item}, or "
        "request nil {item}",
    ),
    "access-act": ClockRule(
        says="review a change of access that was proposed, or that one person made alone",
        begins="a role, a team, a sign-in, a program's key or a merger of teams was proposed on a "
        "live store, or one person gave access alone",
        source="security of processing: Data Protection Act 2018 s.66, UK GDPR art.32; that it "
        "is due at once is the product's own rule",
        after=timedelta(0),
        role="manager",
        chain=("dci",),
        tier="law",
        verb="Countersign",
        access_log=True,
        done_by="confirming or refusing the change at Access to confirm, or unusual-access review",
    ),
    "access-request-part": ClockRule(
        says="decide which of your team's records an access request receives",
        begins="another team was asked which records it has about the subject",
        source="Data Protection Act 2018 s.54, UK GDPR art.12(3): the day on which the "
        "access request is due [verify]",
        after=None,
        role="disclosure-officer",
        chain=("supervisor", "dci"),
        tier="law",
        verb="Answer",
        access_log=True,
        done_by="completing the team's part: request complete {item}",
    ),
    "access-request-asked": ClockRule(
        says="a person who made an access request has not answered a question: ask again",
        begins="the subject of an access request was asked who they are, or which records they "
        "mean",
        source="the time to answer is paused meanwhile (Data Protection Act 2018 s.54(3C)); the "
        "limit of two weeks is the product's own [verify]",
        after=timedelta(days=14),
        role="disclosure-officer",
        chain=("manager",),
        tier="practice",
        verb="Answer",
        access_log=True,
        done_by="recording their answer: request reply",
    ),
    "victim-information-request": ClockRule(
        says="decide which support notes a request for a victim's information receives",
        begins="a request for information about a victim was received",
        source="Police, Crime, Sentencing and Courts Act 2022 ss.44A-44F and its code: the day "
        "that the requester set; without a day, the "
        "team's own limit of 28 days [verify]",
        after=timedelta(days=28),
        role="psw",
        chain=("manager",),
        tier="practice",
        verb="Answer",
        extends=("psw", "charity-worker"),
        done_by="deciding on the request: victim-request decide {item}, then hand-over",
    ),
    "complaint-acknowledged": ClockRule(
        says="acknowledge a complaint about data",
        begins="a complaint about the use of data was received",
        source="Data Protection Act 2018 s.164A(3) (Data (Use and Access) Act 2025 s.103), in "
        "force 19 June 2026: within 30 days",
        after=timedelta(days=30),
        role="disclosure-officer",
        chain=("manager", "dci"),
        tier="law",
        verb="Answer",
        access_log=True,
        owners_only=True,
        done_by="acknowledging the complaint: complaint acknowledge {item}",
    ),
    "complaint-outcome": ClockRule(
        says="tell a person the outcome of their complaint about data",
        begins="a complaint about the use of data was received",
        source="Data Protection Act 2018 s.164A(4): without undue delay; the limit "
        "of 90 days is the product's own [verify]",
        after=timedelta(days=90),
        role="disclosure-officer",
        chain=("manager", "dci"),
        tier="practice",
        verb="Answer",
        access_log=True,
        owners_only=True,
        extends=("disclosure-officer", "psw", "charity-worker", "manager"),
        done_by="telling the person the outcome: complaint outcome {item}",
    ),
    "glass-review": ClockRule(
        says="review, as another person, an emergency access",
        begins="a person used emergency access to a case",
        source="each emergency access is reviewed; the limit of a day is the product's own",
        after=timedelta(hours=24),
        role="supervisor",
        chain=("dci",),
        tier="practice",
        access_log=True,
        done_by="reviewing the emergency access: glass lists it",
    ),
    "copy-destroyed": ClockRule(
        says="destroy a numbered copy and record how",
        begins="a numbered copy was printed, with the day by which it is destroyed",
        source="the day that is printed on the copy, by the organisation's own rule for "
        "OFFICIAL-SENSITIVE papers, or else four weeks [verify]",
        after=None,
        role="supervisor",
        chain=("manager", "dci"),
        tier="practice",
        access_log=True,
        owners_only=True,
        done_by="recording how the copy was destroyed: copies destroyed {item}",
    ),
}
