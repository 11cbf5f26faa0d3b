"""The groups of commands in `continuum -h` and docs/commands/ (`python -m tests.commands_page`)."""

import re
from functools import cache
from typing import NamedTuple

from console.help.listed import places

#: A pattern of the space between two sentences.
_SENTENCE = re.compile(r"(?<=\.) ")


class HelpGroup(NamedTuple):
    """A group of commands in the help, for one kind of work. `commands` has whole names of
    commands, and first words that several commands share. A command that no group's `commands`
    names is added at the end of the group whose `room` is the folder of the command's use case."""

    title: str
    commands: tuple[str, ...]
    room: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names in the group, in their order in help."""
        return *self.commands, *(name for name, room in _others().items() if room == self.room)


GROUPS = (
    HelpGroup(
        "the support worker",
        (
            *("record", "log-photo", "read", "correct", "refile", "withdraw", "urgency", "urgent"),
            *("confirm", "misread", "mine"),
        ),
        room="information",
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
        room="families",
    ),
    HelpGroup(
        "the team",
        (
            *("meeting", "week", "workload", "supervision", "charter", "prevention", "card"),
            *("target", "service", "services", "cost", "stages", "costs", "figures"),
            *("parents-ethnicity", "interview", "interviews"),
        ),
        room="people_and_teams",
    ),
    HelpGroup(
        "the network",
        (
            *("link", "retract", "incident", "network", "vehicle", "phone", "place", "chart"),
            "analyse",
        ),
        room="intelligence",
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
        room="justice",
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
            *("reporting", "rules", "rectify", "retention", "hold", "restrict"),
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
        room="data_protection",
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

#: The help of a word with which several commands begin, but which is no command itself. If one file
#: of use cases declares exactly the commands that begin with the word, its help is the first
#: sentence of that file.
SUBJECTS = {
    "alert": "List alerts, and answer them.",
    "arrest": "List arrests.",
    "authority": "Give a person access to one case for a time.",
    "charging": "Record charging decisions and their review.",
    "checkpoint": "Compare checkpoints of the logs.",
    "clock": "Confirm, by two people, that the clock is right.",
    "compartment": "Manage access to health and placement records.",
    "cost": "State a force's own unit costs.",
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
    "incident": "Record incidents.",
    "join": "Confirm or dismiss a possible corroboration.",
    "keys": "Show and rotate the keys that encrypt the record.",
    "interview": "Record interviews of an evaluation.",
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
    "request": "Answer a subject's request.",
    "restriction": "Record or refuse a request to restrict an item.",
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
    "service": "State which services a team offers.",
    "target": "Set targets for the report card.",
    "team": "Make, rename and merge teams.",
    "user": "Manage accounts.",
    "user key": "Manage API keys.",
    "user role": "Add and remove an account's roles.",
    "user team": "Add and remove an account's teams.",
    "vehicle": "List vehicles.",
    "views": "Check and rebuild the views.",
    "waiting": "Record families without a worker.",
    "witness": "Sign a signer's checkpoints as a second organisation. A witness needs no store.",
}


@cache
def _others() -> dict[str, str]:
    """Return the first words of the commands that no group names, in alphabetical order, each with
    the folder of the commands' use case."""
    named = {name for group in GROUPS for name in group.commands}
    first = {command.split()[0]: module.split(".")[1] for command, module in places().items()}
    return {word: room for word, room in sorted(first.items()) if word not in named}


@cache
def _positions() -> dict[str, tuple[int, int]]:
    """Return for each name in help the number of its group and its place in the group."""
    return {
        name: (number, place)
        for number, group in enumerate(GROUPS)
        for place, name in enumerate(group.names)
    }


def place_of(command: str) -> tuple[int, int]:
    """Return a command's position in the help: the number of its group, and its place within the
    group. Among the names and first words in all groups, the longest with which the command begins
    decides. Raises KeyError if no group has the command.
    """
    words = command.split()
    names = (" ".join(words[:many]) for many in range(len(words), 0, -1))
    for name in names:
        if name in _positions():
            return _positions()[name]
    raise KeyError(command)


def first_sentence(text: str | None) -> str:
    """Return the first sentence of a help text, for lists of commands."""
    return _SENTENCE.split(" ".join((text or "").split()), maxsplit=1)[0]
