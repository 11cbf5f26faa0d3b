"""The table of roles: for each role, the acts that it may do, and on which items.

docs/dpo.md shows it, and docs/decisions/access.md gives the reasons. An act that is not in the
table is denied.

The file is long because it is one table.
"""

from collections.abc import Mapping
from typing import Literal, get_args

from domain.kernel.acts import Act
from domain.kernel.values import Role

#: The items that an act of a role covers. "own": the user's own families and children, and the
#: user's own log entries without a case; "queue": also the team's queue, and what the user
#: assessed; "team": also everything of the user's team; "shared": also what teams share with each
#: other; "any": everything.
Width = Literal["own", "queue", "team", "shared", "any"]

ACTS: tuple[Act, ...] = get_args(Act)

#: Acts of every user: any user may be the first to hear something, so all may record.
EVERYBODY: Mapping[Act, Width] = {"record": "any", "escalate": "any"}

_INVESTIGATING: Mapping[Act, Width] = {
    "see-clock": "team",
    "see-case": "team",
    "see-child": "team",
    "see-conflict": "team",
    "see-outcome": "team",
    "see-risk": "team",
    "see-counts": "team",
    "see-trail-items": "team",
    "see-person": "team",
    "correct": "team",
    "refile": "team",
    "triage": "team",
    "assess": "team",
    "sanitise": "team",
    "disseminate": "team",
    "name": "shared",
    "link": "team",
    "judge": "shared",
    "refer": "team",
    "rate": "team",
    "work": "team",
    "close": "team",
    "confirm": "team",
    "evidence": "team",
    "outcome": "team",
    "brief": "team",
    "see-meeting": "team",
    "meet": "team",
    "import": "team",
    "export": "shared",
    "answer-subject": "team",
    "erase": "team",
    "break-glass": "any",
    "open-entry": "any",
}
_FAMILY: Mapping[Act, Width] = {
    "see-words": "own",
    "see-clock": "own",
    "see-case": "own",
    "see-child": "own",
    "see-person": "own",
    "correct": "own",
    "refile": "own",
    "refer": "own",
    "work": "own",
    "see-meeting": "team",
    "meet": "team",
    "supervise": "own",
    "answer-subject": "own",
    "break-glass": "any",
    "open-entry": "any",
}

_CHARITY: Mapping[Act, Width] = {
    **_FAMILY,
    "see-source": "own",
    "see-support": "own",
    "see-parent-risk": "own",
    "support": "own",
    "import": "any",
}
_DETECTIVE: Mapping[Act, Width] = {
    **_INVESTIGATING,
    "see-words": "queue",
    "see-network": "shared",
    "see-link": "shared",
    "see-report": "team",
}
#: Rights of users who are warned of a suspect near a placement. Only users who are admitted to the
#: placement's compartment see its address.
WARNED: tuple[Act, ...] = ("triage", "see-placement")
#: Further rights of senior users; "oversee" covers an override, an exit, and closing a case with
#: open matters.
_SENIOR: tuple[Act, ...] = ("oversee", "allocate", "see-alerts", "see-card", "review-glass")
#: Rights of users whose duty needs a child's identification number across agencies: children's
#: services, health, and the police officer responsible for the referral (Children Act 2004
#: s.16LC(10)) [verify].
_IDENTIFYING: tuple[Act, ...] = ("see-identifier", "identify")

#: Rights to open the page of a case; a user needs at least one of them.
OPENS_CASES: tuple[Act, ...] = ("work", "allocate", "rate", "find")

MAY: Mapping[Role, Mapping[Act, Width]] = {
    "psw": _CHARITY,
    "detective": _DETECTIVE,
    "intelligence-officer": {
        **dict.fromkeys(_INVESTIGATING, "any"),
        "see-words": "any",
        "see-trail-words": "any",
        "see-network": "any",
        "see-link": "any",
        "see-report": "any",
        "see-placement": "any",
        "analyse": "any",
        "offer": "any",
        "review-glass": "any",
        "give-authority": "any",
        "approve-erasure": "any",
        "find-subject": "any",
    },
    "source-handler": {
        "see-source": "any",
        "see-conflict": "any",
        "see-alerts": "any",
        "grade-source": "any",
        "join-roots": "any",
        "carry-over": "any",
        "review-glass": "any",
    },
    "social-worker": {
        **_FAMILY,
        "see-health": "own",
        "see-placement": "own",
        "see-identifier": "own",
        "identify": "own",
        "see-risk": "own",
        "rate": "own",
        "import": "any",
    },
    "childrens-support-worker": {**_FAMILY, "see-health": "own", "see-placement": "own"},
    "manager": {
        "see-clock": "team",
        "see-case": "team",
        "see-counts": "team",
        "see-card": "team",
        "see-alerts": "team",
        "allocate": "team",
        "rate": "team",
        "confirm": "team",
        "brief": "team",
        "see-meeting": "team",
        "meet": "team",
        "supervise": "team",
        "review-glass": "team",
        "give-authority": "any",
        "approve-erasure": "any",
        "confirm-access": "any",
    },
    "disclosure-officer": {
        "see-words": "own",
        "see-clock": "own",
        "see-case": "own",
        "see-child": "own",
        "see-person": "own",
        "see-network": "shared",
        "see-link": "own",
        "see-report": "own",
        "see-outcome": "own",
        "see-trail-words": "own",
        "see-trail-items": "own",
        "disclose": "own",
        "answer-subject": "own",
        "schedule": "own",
        "see-identifier": "own",
        "export": "own",
        "erase": "own",
    },
    "auditor": {
        "see-clock": "any",
        "see-case": "any",
        "see-network": "any",
        "see-link": "any",
        "see-report": "any",
        "see-outcome": "any",
        "see-counts": "any",
        "see-card": "any",
        "see-alerts": "any",
        "see-meeting": "any",
        "see-trail-items": "any",
        "review-glass": "any",
        "verify": "any",
        "replay": "any",
    },
    "administrator": {
        "manage-accounts": "any",
        "run-store": "any",
        "verify": "any",
    },
    "supervisor": {
        **_DETECTIVE,
        **dict.fromkeys((*_SENIOR, *_IDENTIFYING), "team"),
        "see-parent-risk": "team",
        "open-alone": "any",
    },
    "dci": {
        **dict.fromkeys((*_DETECTIVE, *_SENIOR, *_IDENTIFYING), "any"),
        "analyse": "any",
        "offer": "any",
        "give-authority": "any",
        "approve-erasure": "any",
        "find-subject": "any",
        "open-alone": "any",
        "confirm-access": "any",
    },
    # requirement R16: this role sees missing episodes, and data that help to locate a child: the
    # child's address (if this user has access to it), and the suspects, vehicles, phones and places
    # that teams share
    "missing-coordinator": {
        "see-words": "own",
        "see-clock": "own",
        "see-case": "team",
        "see-child": "team",
        "see-person": "own",
        "see-network": "shared",
        "see-link": "shared",
        "see-placement": "own",
        "see-alerts": "team",
        "see-meeting": "team",
        "meet": "team",
        "correct": "own",
        "refer": "own",
        "find": "team",
        "import": "any",
        "break-glass": "any",
        "open-entry": "any",
    },
    "health-worker": {
        **_FAMILY,
        "see-health": "own",
        "see-identifier": "own",
        "identify": "own",
    },
    "charity-worker": _CHARITY,
    # requirements R20, R28: this role sees figures of past years, without small numbers
    "evaluator": {"see-card": "team"},
}

#: Rights of a role that only accounts of the charity's controller have.
CHARITYS: Mapping[Role, frozenset[Act]] = {"supervisor": frozenset({"see-parent-risk"})}


#: For accounts of the charity (True) and for all other accounts (False): for each role and act, the
#: items that the act covers.
WIDTHS: Mapping[bool, Mapping[Role, Mapping[Act, Width]]] = {
    charitys: {
        role: {
            act: width
            for act, width in {**may, **EVERYBODY}.items()
            if charitys or act not in CHARITYS.get(role, ())
        }
        for role, may in MAY.items()
    }
    for charitys in (False, True)
}


#: Acts that a user may do on a case that was opened for them: by emergency access (GLASS), an
#: auditor's authority (AUDIT) or a disclosure officer's authority (DISCLOSURE). Only the last,
#: which two people approved, includes the identity of the source. None includes the charity's
#: support notes, for which a victim information request is needed.
GLASS: frozenset[Act] = frozenset(
    {
        "see-words",
        "see-clock",
        "see-case",
        "see-child",
        "see-person",
        "see-report",
        "see-outcome",
        "see-health",
        "see-placement",
        "see-link",
        "see-trail-items",
        "see-trail-words",
    }
)
AUDIT: frozenset[Act] = frozenset({"see-words", "see-child", "see-person", "see-trail-words"})
DISCLOSURE: frozenset[Act] = GLASS - {"see-health"} | {"see-source"}

#: Each act in words that follow "your role does not allow you to …".
SAID: Mapping[Act, str] = {
    "see-words": "read the first words of a log entry",
    "see-clock": "see the queue",
    "see-case": "see cases",
    "see-child": "see children",
    "see-person": "see people",
    "see-network": "see the network",
    "see-link": "see links",
    "see-report": "see reports",
    "see-outcome": "see evidence and outcomes",
    "see-source": "see who the source is",
    "see-conflict": "see the flags on a source",
    "see-health": "see health information",
    "see-placement": "see placements",
    "see-support": "see support notes",
    "see-identifier": "see a child's number",
    "see-parent-risk": "see threats to a parent",
    "see-risk": "see children who are possibly at risk",
    "see-counts": "see figures",
    "see-card": "see report cards",
    "see-alerts": "see alerts",
    "see-meeting": "see meetings",
    "analyse": "analyse the whole network",
    "see-trail-words": "follow a trail to the first words",
    "see-trail-items": "follow a trail",
    "record": "record log entries",
    "correct": "correct log entries",
    "refile": "move log entries to another case",
    "import": "import files",
    "triage": "decide about entries in the queue",
    "assess": "assess information",
    "sanitise": "sanitise information",
    "disseminate": "disseminate reports",
    "offer": "offer intelligence to other forces",
    "name": "record people and things",
    "link": "assert links",
    "judge": "judge whether two records are the same",
    "refer": "refer children",
    "rate": "rate the risk to a child",
    "allocate": "allocate workers to families",
    "work": "work on cases",
    "find": "report children missing and found",
    "close": "close cases",
    "confirm": "confirm proposals",
    "oversee": "decide as a supervisor",
    "evidence": "handle evidence",
    "outcome": "record outcomes",
    "brief": "prepare briefs",
    "meet": "take part in meetings",
    "support": "write support notes",
    "grade-source": "grade sources",
    "join-roots": "judge whether sources are independent",
    "carry-over": "look after the register of sources",
    "export": "export data",
    "disclose": "disclose information",
    "answer-subject": "answer subject access requests",
    "find-subject": "search all records for the subject of a request",
    "schedule": "schedule unused material",
    "erase": "erase records",
    "approve-erasure": "approve an erasure",
    "break-glass": "open a restricted item in an emergency",
    "review-glass": "review emergency access",
    "give-authority": "give authorities",
    "open-entry": "open the identity of a source",
    "open-alone": "open the identity of a source alone",
    "escalate": "report a concern outside your line management",
    "manage-accounts": "manage accounts",
    "confirm-access": "confirm changes to access",
    "run-store": "run the store",
    "verify": "verify the log",
    "replay": "replay what was known at a time",
    "supervise": "record supervision",
    "identify": "record a child's number",
}
