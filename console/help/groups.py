"""The groups of commands in `continuum -h` and docs/commands/ (`python -m tests.commands_page`)."""

import re
from typing import NamedTuple

#: A pattern of the space between two sentences.
_SENTENCE = re.compile(r"(?<=\.) ")


class HelpGroup(NamedTuple):
    """A group of commands in help, for one kind of work. A name in the group means all commands
    that begin with it, except commands that another group names in full.
    """

    title: str
    commands: tuple[str, ...]


GROUPS = (
    HelpGroup(
        "the support worker",
        (
            *("record", "log-photo", "read", "correct", "refile", "withdraw", "urgency", "urgent"),
            *("confirm", "misread", "mine"),
        ),
    ),
    HelpGroup("files", ("import", "original")),
    HelpGroup(
        "the assessor",
        (
            *("queue", "triage", "take", "due", "rota", "brief", "read-out", "assess", "sanitise"),
            *("said-before", "join", "report", "consent", "disseminate", "releases", "lint"),
        ),
    ),
    HelpGroup(
        "the case",
        (
            *("refer", "threshold", "allocate", "missing", "patterns", "engagement", "marac"),
            *("exit", "close", "proposals", "flag", "cases", "journey", "identifier"),
        ),
    ),
    HelpGroup(
        "who is who",
        (
            *("person", "suggestions", "same-person", "same", "different", "unsure", "judge"),
            *("split", "train-weights", "search", "search-list", "standing-search"),
            *("standing-pattern", "ethnicity", "nationality"),
        ),
    ),
    HelpGroup("who told us", ("source", "source drift", "roots")),
    HelpGroup(
        "the family",
        (
            *("family", "waiting", "media", "parent", "exploitation", "support", "contact"),
            *("health", "placement", "compartment", "alerts", "alert", "consider", "voices"),
        ),
    ),
    HelpGroup(
        "the team",
        (
            *("meeting", "week", "workload", "supervision", "charter", "prevention", "card"),
            *("target", "service", "services", "cost", "stages", "costs", "figures"),
            *("parents-ethnicity", "interview", "interviews"),
        ),
    ),
    HelpGroup(
        "the network",
        (
            *("link", "retract", "incident", "network", "vehicle", "phone", "place", "chart"),
            "analyse",
        ),
    ),
    HelpGroup(
        "the network over time",
        (
            *("network changes", "network counts", "network timeline", "network frames"),
            "network moves",
        ),
    ),
    HelpGroup(
        "what follows",
        (
            *("evidence", "outcome", "arrest", "notice", "notices", "charging", "court"),
            *("proceedings", "flags"),
        ),
    ),
    HelpGroup(
        "who may, and who looked",
        (
            *("login", "logout", "whoami", "user", "team", "glass", "authority", "entry"),
            *("who-looked", "unusual-access", "hits", "escalate", "escalations"),
        ),
    ),
    HelpGroup(
        "data protection",
        (
            *("disclose", "disclosure", "access-request", "request", "victim-request"),
            *("complaint", "reporting", "rules", "rectify", "retention", "hold", "restrict"),
            *(
                "restriction",
                "unrestrict",
                "erase",
                "certificate",
                "copies",
                "material",
                "schedule",
            ),
        ),
    ),
    HelpGroup(
        "the auditor",
        (
            *("show", "trail", "lanes", "replay", "views", "verify", "proof", "pack", "receipt"),
            *("anchor", "checkpoint"),
        ),
    ),
    HelpGroup("the signer, the witness", ("signer", "witness")),
    HelpGroup(
        "other forces",
        ("offer", "offers", "withdraw-offer", "matches", "decide-match", "exchange"),
    ),
    HelpGroup(
        "running it",
        (
            *("init", "demo", "serve", "watch", "doctor", "backup", "restore", "drill", "keys"),
            *("setup", "site", "new-origin", "clock"),
        ),
    ),
    HelpGroup("help", ("help", "search-help")),
)

#: The help of each word that has commands below it. A word that is a command itself has its own
#: help.
SUBJECTS = {
    "alert": "List alerts, and answer them.",
    "arrest": "List arrests.",
    "authority": "Give a person access to one case for a time.",
    "charging": "Record charging decisions and their review.",
    "chart": "Save maps under a name, for colleagues to open.",
    "charter": "Show the support worker's role charter.",
    "checkpoint": "Compare checkpoints of the logs.",
    "clock": "Confirm, by two people, that the clock is right.",
    "compartment": "Manage access to health and placement records.",
    "cost": "State a force's own unit costs.",
    "complaint": "Record complaints about the use of data.",
    "consent": "Ask for, give or refuse originator's consent.",
    "contact": "Check ways to contact a family.",
    "court": "Record bail, pleas, hearings, orders and appeals.",
    "disclosure": "List disclosures, and recall wrong ones.",
    "entry": "See the source of an entry, as two people.",
    "evidence": "Record evidence, and what becomes of it.",
    "exchange": "Exchange offers with other forces. See docs/hub.md.",
    "exploitation": "Assess by which model a child is exploited.",
    "family": "Record a family's members, contacts and needs.",
    "glass": "See a case in an emergency, and review it.",
    "health": "Record a child's health needs.",
    "hold": "Place, review and lift legal holds. A hold prevents every erasure and disposal.",
    "identifier": "Record a child's single number across agencies.",
    "incident": "Record incidents.",
    "join": "Confirm or dismiss a possible corroboration.",
    "keys": "Show and rotate the keys that encrypt the record.",
    "interview": "Record interviews of an evaluation.",
    "marac": "Refer a young person to a MARAC.",
    "material": "Review unused material for disclosure.",
    "media": "Record publications, and check press texts.",
    "meeting": "Call meetings, and record what they decide.",
    "network": "Show who is linked to whom, on what evidence.",
    "new-origin": "Copy the record into a new origin, by two people. The copy holds no hash from "
    "which a file can be guessed.",
    "notice": "Record service and breaches of warning notices.",
    "outcome": "Record arrests, charges, notices and results.",
    "parent": "Record risks to a parent.",
    "person": "Record people, and show who they are.",
    "phone": "List phones.",
    "place": "List places.",
    "placement": "Record where a child is placed.",
    "report": "Add to an intelligence report.",
    "reporting": "Record the duty to report child sexual abuse.",
    "restriction": "Record or refuse a request to restrict an item.",
    "request": "Answer a subject's request.",
    "roots": "Count two sources as one, or as two again.",
    "rota": "Show and set who is on call.",
    "setup": "Prepare a database server for a store.",
    "signer": "Sign checkpoints of the logs. The signer is a process of its own.",
    "site": "Run a store at several sites. One writes, the others follow.",
    "source": "Grade sources, and show who they are.",
    "source drift": "Review sources for covert status (CHIS).",
    "standing-pattern": "Watch the network for a pattern.",
    "standing-search": "Watch for a plate, number, account or name.",
    "supervision": "Record and list workers' supervision.",
    "support": "Record contacts with a family, and notes.",
    "service": "State what a team offers.",
    "target": "Set targets for the report card.",
    "team": "Make, rename and merge teams.",
    "user": "Manage accounts.",
    "user key": "Manage API keys.",
    "user role": "Add and remove an account's roles.",
    "user team": "Add and remove an account's teams.",
    "vehicle": "List vehicles.",
    "victim-request": "Answer requests for a victim's information.",
    "views": "Check and rebuild the views.",
    "waiting": "Record families without a worker.",
    "witness": "Sign a signer's checkpoints as a second organisation. A witness needs no store.",
}


#: The position of each command in help, by its stored name: the number of its group, and its place
#: in the group.
_PLACES = {
    name: (number, place)
    for number, group in enumerate(GROUPS)
    for place, name in enumerate(group.commands)
}


def place_of(command: str) -> tuple[int, int]:
    """Return the position of a command in help: the number of its group, and its place in the
    group.

    The longest declared name that the command begins with counts. Raises KeyError if no group names
    it.
    """
    words = command.split()
    names = (" ".join(words[:many]) for many in range(len(words), 0, -1))
    for name in names:
        if name in _PLACES:
            return _PLACES[name]
    raise KeyError(command)


def first_sentence(text: str | None) -> str:
    """Return the first sentence of a help text, for lists of commands."""
    return _SENTENCE.split(" ".join((text or "").split()), maxsplit=1)[0]
