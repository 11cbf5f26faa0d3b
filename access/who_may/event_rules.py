"""Check whether a user may record events. Each event needs one of several rights (acts), and that
right must cover the items that the event names.

Every command makes and saves its events in one place, which calls this module.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from uuid import UUID

from access.database import DecisionDb
from access.who_may.decide import decide
from access.who_may.scope import allowed, find_items, hidden_error, visible_items
from access.who_may.table import EVERYBODY, SAID
from domain import catalogue
from domain.data_protection.retention import CLAIMED, RestrictionPlaced, RestrictionRefused
from domain.kernel.acts import Act
from domain.kernel.codes import What
from domain.kernel.envelope import Event, Fact
from domain.kernel.fields import ABOUT, NAMED, Access, marked
from domain.kernel.values import Denied, Reader
from domain.people_and_teams.two_person import ProposalConfirmed, ProposalMade, ProposalRefused

#: The event that each kind of proposal leads to: a user who may record that event may also propose
#: it.
PROPOSES: dict[What, str] = {
    "close": "case.closed",
    "exit": "case.exit_assessed",
    "lower-rating": "case.threshold_assessed",
    "lower-urgency": "observation.urgency_lowered",
    "no-further-action": "justice.result_recorded",
    "lift-hold": "hold.lifted",
    "withdraw-words": "observation.withdrawn",
    "end-category": "person.classification_ended",
    "clear-person": "person.classified",
    "retract-link": "link.retracted",
    "withdraw-report": "report.withdrawn",
    "withdraw-exhibit": "evidence.withdrawn",
    "judge-identity": "identity.judged",
}
#: The rights with which a person may confirm each kind of proposal. "oversee" is a right of
#: supervisors and DCIs, so only they confirm a child's exit from exploitation.
CONFIRMS: dict[What, tuple[Act, ...]] = {
    "close": ("confirm",),
    "exit": ("oversee",),
    "lower-rating": ("confirm",),
    "lower-urgency": ("assess",),
    "no-further-action": ("outcome",),
    "lift-hold": ("erase", "approve-erasure"),
    "withdraw-words": ("assess",),
    "end-category": ("confirm",),
    "clear-person": ("confirm",),
    "retract-link": ("confirm",),
    "withdraw-report": ("confirm",),
    "withdraw-exhibit": ("confirm",),
    "judge-identity": ("confirm",),
}

#: For each event with which a second person confirms a proposal, the names of the proposal's events
#: in the same stream. An account, role or credential that is newer than the proposal cannot confirm
#: it. The event that reveals a source's identity needs no confirmation, because a threat to life
#: cannot wait.
SECOND: dict[str, tuple[str, ...]] = {
    "proposal.confirmed": ("proposal.made",),
    "erasure.approved": ("erasure.proposed",),
    "hold.confirmed": ("hold.ordered",),
    "release.confirmed": ("release.proposed",),
    "authority.approved": ("authority.given",),
    "succession.confirmed": ("succession.proposed",),
    "user.right_confirmed": ("user.right_proposed",),
    "user.invited": ("user.recovery_proposed",),
    "user.key_made": ("user.key_proposed",),
    "team.merged": ("team.merge_proposed",),
}

#: Events that need no right of their own if they accompany another event, whose name is the value.
#: A referral comes with its rating, a flag, or the proposal of a lower rating; the refusal to
#: withdraw a log entry comes with the return of the entry to its family.
SAID_WITH: dict[str, str] = {
    "case.threshold_assessed": "case.referral_received",
    "case.flagged": "case.referral_received",
    "proposal.made": "case.referral_received",
    "observation.refiled": "proposal.refused",
}


#: Events that may be about something other than an item of the record, such as an imported file or
#: a colleague's address; `commands.erasure.erasure_reach` decides about such events.
BY_ITSELF = frozenset({"erasure.proposed"})


def acts_of(name: str) -> tuple[Act, ...]:
    """Return the rights that allow recording the event with this stored name, of which a user needs
    one; () for an unknown name.
    """
    event = catalogue.by_name().get(name)
    return event.meaning.acts if event else ()


def require_all(reader: Reader, events: tuple[Event, ...]) -> None:
    """Raise Denied if one of these events may not be recorded by any of the reader's roles. An
    event that only accompanies another of these events needs no right of its own.
    """
    names = {event.stored.name for event in events}
    for event in events:
        if SAID_WITH.get(event.stored.name) not in names:
            _require(reader, takes(event), event.stored.name)


def takes(event: Event) -> tuple[Act, ...]:
    """Return the rights (acts) that allow recording this event; a user needs one of them. A
    proposal needs the rights for the proposed event, its confirmation the rights in `CONFIRMS`, and
    a restriction that was requested the rights to decide the request.
    """
    match event:
        case RestrictionPlaced() if event.ground in CLAIMED:
            return RestrictionRefused.meaning.acts
        case ProposalMade():
            return acts_of(PROPOSES[event.what])
        case ProposalConfirmed():
            return CONFIRMS[event.what]
        # the refusal is by a person who may confirm, or by the proposer, who withdraws the proposal
        case ProposalRefused():
            return (*CONFIRMS[event.what], *acts_of(PROPOSES[event.what]))
    return event.meaning.acts


def require_command(reader: Reader, command: str) -> None:
    """Raise Denied if none of the reader's roles may record the event of this command."""
    if event := catalogue.by_command().get(command):
        require_for_event(reader, event.stored.name)


def require_for_event(reader: Reader, name: str) -> None:
    """Raise Denied if none of the reader's roles may record an event with this stored name. The
    event itself need not exist yet.
    """
    _require(reader, acts_of(name), name)


def _require(reader: Reader, acts: tuple[Act, ...], name: str) -> None:
    if reader.closed and not any(decide(reader, act).allowed for act in acts):
        forbidden = SAID[acts[0]] if acts else f"record {name}"
        raise Denied(f"your role does not allow you to {forbidden}")


def may_touch(db: DecisionDb, reader: Reader, command: str, item: UUID) -> bool:
    """Return whether the reader may use this command on the item with this id: one of the rights
    that the command requires has to cover the item. Return True if there is no item with this id.
    """
    item_things = find_items(db, [item]).get(item, [])
    event = catalogue.by_command().get(command)
    acts = event.meaning.acts if event else ()
    return not item_things or any(allowed(reader, act, item_things) for act in acts)


def facts_to_check(reader: Reader, facts: Sequence[Fact]) -> list[Fact]:
    """Return those of these facts for which the user's access to the named items has to be checked.
    A new log entry that names no item and no cause is left out, so that recording it does not have
    to wait for the views.
    """
    if not reader.closed:
        return []
    return [
        fact
        for fact, part in zip(facts, _parts(facts), strict=True)
        if fact.header.because_of or not (part or _anyone_may_record(fact.event))
    ]


def _parts(facts: Sequence[Fact]) -> list[bool]:
    """Return for each of these facts whether it only accompanies another of them, about the same
    item. Such a fact needs no right of its own.
    """
    together = {(fact.originator_id, fact.event.stored.name) for fact in facts}
    return [
        (fact.originator_id, SAID_WITH.get(fact.event.stored.name)) in together for fact in facts
    ]


def _anyone_may_record(event: Event) -> bool:
    named = marked(type(event), NAMED)
    return not named and not EVERYBODY.keys().isdisjoint(event.meaning.acts)


def require_reach(
    db: DecisionDb,
    reader: Reader,
    facts: Sequence[Fact],
    is_own: Callable[[UUID], bool] = lambda item: False,
) -> None:
    """Raise Hidden if none of the rights for an event covers the item that it changes, or if the
    event names an item that the reader does not see. The message is the same as for an item that
    does not exist. Items that the reader has just recorded (`is_own`) are accepted while the views
    have not read them yet.
    """
    streams = {fact.originator_id for fact in facts}
    about = {item for fact in facts for item in _ids(fact.event, ABOUT)}
    named = {item for fact in facts for item in (*_ids(fact.event, NAMED), *_causes(fact))}
    mine = {item for item in about | named if is_own(item)}
    things = find_items(db, streams | about | mine)
    unread = mine - things.keys()
    for fact, part in zip(facts, _parts(facts), strict=True):
        if part:
            continue
        acts = takes(fact.event)
        # the stream of the event is checked only if an item with its id exists already
        own = {fact.originator_id} & things.keys()
        for item_id in (*own, *_ids(fact.event, ABOUT)):
            if item_id in unread or (item_id not in things and fact.event.stored.name in BY_ITSELF):
                continue
            if not any(allowed(reader, act, things.get(item_id, ())) for act in acts):
                raise hidden_error("item", str(item_id))
    if hidden := named - visible_items(db, reader, named) - streams - unread:
        raise hidden_error("item", str(min(hidden)))


def _ids(event: Event, marker: Access) -> Iterator[UUID]:
    for name in marked(type(event), marker):
        value = getattr(event, name)
        yield from value if isinstance(value, Collection) else [value] if value else []


def _causes(fact: Fact) -> Iterator[UUID]:
    """Yield the ids of the items that caused this fact."""
    for ref in fact.header.because_of:
        with suppress(ValueError):  # a cause may be "none-known" instead of an id
            yield UUID(ref.partition(":")[0])
