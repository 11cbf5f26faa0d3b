"""Commands of the store of release 0.1.0 that `Answers` does not contain. Their arguments and
command ids are derived from the facts that they recorded. Later stores contain all their commands.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from domain import catalogue
from domain.data_protection.retention import HoldLifted, HoldPlaced
from domain.families.compartment import CompartmentOpened, HealthNoted, PlacementMade
from domain.families.referral import CaseOpened, ExitAssessed, MissingFound
from domain.intelligence.identity import IdentityRevoked
from domain.kernel.envelope import Event, Recorded
from domain.people_and_teams.account import (
    RoleGiven,
    RoleTaken,
    TeamJoined,
    TeamMade,
    TeamMerged,
    TeamRenamed,
    UserAdded,
    UserLocked,
    UserUnlocked,
)
from domain.people_and_teams.store_admin import STORE

Facts = Sequence[Recorded]
Words = tuple[list[str], str]
#: The command ids of the sample events that `tests.kept.make` wrote; no command recorded these
#: events.
SAMPLES = frozenset(uuid5(NAMESPACE_OID, event.stored.topic) for event in catalogue.events())
#: The account that `init` gave to the user who made the store; no command can record it again.
FIRST_ACCOUNT = uuid5(STORE, "administrator")
#: A placeholder that is replaced by the case's own reference, as the stories use it.
CASE = "{case}"
#: The user name in all facts of a store without accounts. For some users, `ANOTHER` names another
#: user with access, who repeats their commands; this is possible because a command id belongs to no
#: user.
NOBODY = "nobody-in-particular"
ANOTHER = {NOBODY: "ds.hale", "health.penn": "ds.hale", "sw.birch": "ds.ostler"}


def _maybe(option: str, value: object) -> list[str]:
    told = value.isoformat() if isinstance(value, datetime) else value
    return [option, str(told)] if told is not None else []


def _found(one: UUID, event: MissingFound, facts: Facts) -> Words:
    own = (("--at", event.found), ("--where", event.where), ("--note", event.note))
    words = [part for option, value in own for part in _maybe(option, value)]
    return ["missing", "found", str(one), *words], ""


def _placed(one: UUID, event: PlacementMade, facts: Facts) -> Words:
    own = [*_maybe("--on", event.since), *_maybe("--note", event.words)]
    return ["placement", "made", CASE, "--kind", event.category, *own], event.address


def _noted(one: UUID, event: HealthNoted, facts: Facts) -> Words:
    own = ["--category", event.category, *_maybe("--on", event.happened)]
    return ["health", "note", CASE, *own], event.words


def _opened(one: UUID, event: CompartmentOpened, facts: Facts) -> Words:
    words = ["compartment", "open", CASE, event.compartment, event.worker]
    return [*words, "--reason", event.reason], ""


def _exit(one: UUID, event: ExitAssessed, facts: Facts) -> Words:
    return ["exit", str(one), "--outcome", event.outcome, "--reason", event.reason], ""


def _split(one: UUID, event: IdentityRevoked, facts: Facts) -> Words:
    return ["split", str(event.a), "--reason", event.reason], ""


def _hold(verb: str) -> Callable[[UUID, HoldPlaced | HoldLifted, Facts], Words]:
    return lambda one, event, facts: (
        ["hold", verb, str(event.item), "--reason", event.reason],
        "",
    )


def _user(verb: str) -> Callable[[UUID, UserLocked | UserUnlocked, Facts], Words]:
    def told(one: UUID, event: UserLocked | UserUnlocked, facts: Facts) -> Words:
        return ["user", verb, event.user, *_maybe("--reason", getattr(event, "reason", None))], ""

    return told


def _added(one: UUID, event: UserAdded, facts: Facts) -> Words:
    events = [fact.event for fact in facts]
    roles = [p for e in events if isinstance(e, RoleGiven) for p in ("--role", e.role)]
    teams = [p for e in events if isinstance(e, TeamJoined) for p in ("--team", e.team)]
    return ["user", "add", event.user, *roles, *teams], ""


def _role(verb: str) -> Callable[[UUID, RoleGiven | RoleTaken, Facts], Words]:
    return lambda one, event, facts: (["user", "role", verb, event.user, event.role], "")


def _team(verb: str, option: str = "") -> Callable[[UUID, TeamRenamed | TeamMerged, Facts], Words]:
    def told(one: UUID, event: TeamRenamed | TeamMerged, facts: Facts) -> Words:
        return ["team", verb, event.team, *([option] if option else []), event.into], ""

    return told


#: For each event class that a command records, a function that returns the command; the first event
#: of the command selects the function.
AGAIN: Mapping[type[Event], Callable[..., Words]] = {
    UserAdded: _added,
    PlacementMade: _placed,
    HealthNoted: _noted,
    CompartmentOpened: _opened,
    ExitAssessed: _exit,
    HoldLifted: _hold("lift"),
    HoldPlaced: _hold("place"),
    IdentityRevoked: _split,
    MissingFound: _found,
    RoleGiven: _role("give"),
    RoleTaken: _role("take"),
    TeamMade: lambda one, event, facts: (["team", "make", event.team], ""),
    TeamMerged: _team("merge", "--into"),
    TeamRenamed: _team("rename"),
    UserLocked: _user("lock"),
    UserUnlocked: _user("unlock"),
}
#: Stored names of events that no repeatable command recorded: without a command id that the test
#: can send again. Each has the reason.
NEVER = {
    "brief.held": "brief --hold takes no id: it says that the team looked, each time",
    "erasure.proposed": "its subject is gone, or was refused: it names nothing any more",
    "erasure.planned": "with erasure.proposed",
    "erasure.redactions_written": "with erasure.proposed",
    "erasure.approved": "erase --approve takes no id: it is carried out once, and goes on",
    "erasure.refused": "erase --refuse takes no id: it is refused once",
    "erasure.keys_destroyed": "with erasure.approved",
    "erasure.certified": "with erasure.approved",
    "item.erased": "with erasure.approved",
    "observation.redacted": "with erasure.approved",
    "record.consulted": "a look is written down each time",
    "search.touched": "a search is",
    "store.made": "init makes a store once",
    "person.alias_added": "a part of person add, of which others are given again",
}


def by_command(facts: Facts) -> dict[UUID, list[Recorded]]:
    """Return the recorded events by the id of the command that recorded them, without the sample
    events."""
    told: dict[UUID, list[Recorded]] = defaultdict(list)
    for fact in facts:
        if fact.command_id not in SAMPLES:
            told[fact.command_id].append(fact)
    return told


def of_a_file(recorded: Facts) -> bool:
    """Return whether these facts of a command came from an imported file; the tests import all
    files of a stored store again.
    """
    events = [fact.event for fact in recorded]
    rows = any(getattr(event, "origin", None) for event in events)
    return rows or any(event.stored.name == "file.received" for event in events)


def again(facts: Facts) -> Iterator[tuple[Recorded, list[str], str]]:
    """Yield the first fact of each command that the tests repeat, with the command's arguments and
    its standard input.
    """
    cases = {f.stream: f.event.reference for f in facts if isinstance(f.event, CaseOpened)}
    order = list(AGAIN)
    for command, recorded in by_command(facts).items():
        known = [fact for fact in recorded if type(fact.event) in AGAIN]
        if not known or command == FIRST_ACCOUNT:
            continue
        fact = min(known, key=lambda one: order.index(type(one.event)))
        words, text = AGAIN[type(fact.event)](fact.stream, fact.event, recorded)
        case = cases.get(getattr(fact.event, "case", fact.stream)) or ""
        words = [case if word == CASE else word for word in words]
        causes = [part for one in fact.because_of for part in ("--because-of", one)]
        by = ["--user", ANOTHER.get(fact.by, fact.by)]
        yield recorded[0], [*by, *words, *causes, "--command-id", str(command)], text
