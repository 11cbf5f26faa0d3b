"""Whether a reader may record events: they hold one of the acts that each event says it takes, and
these acts reach what its fields say it is about.

Every command makes and saves its facts in one place, and that place asks here.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from uuid import UUID

from access.database import DecisionDb
from access.who_may.decide import decide
from access.who_may.scope import allowed, not_there, seen, things
from access.who_may.table import EVERYBODY, SAID
from domain import catalogue
from domain.data_protection.retention import CLAIMED, RestrictionPlaced, RestrictionRefused
from domain.kernel.acts import Act
from domain.kernel.codes import What
from domain.kernel.envelope import Event, Fact
from domain.kernel.fields import ABOUT, NAMED, Access, marked
from domain.kernel.values import Denied, Reader
from domain.people_and_teams.two_person import ProposalConfirmed, ProposalMade, ProposalRefused

#: What takes two is proposed by those who record what it becomes.
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
#: And who confirms it: an exit is a supervisor's or a DCI's to confirm.
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

#: What a second person confirms, and by which event it was proposed in the same stream: an account,
#: role or credential that is younger than the proposal confirms nothing of it. To open who told us
#: something is no such act: a threat to life does not wait.
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

#: What a referral says of itself: it comes with it, from the person who may refer; a lower rating
#: than the case has comes as a proposal. Words go back to their family with the refusal of what
#: took them out of it.
SAID_WITH: dict[str, str] = {
    "case.threshold_assessed": "case.referral_received",
    "case.flagged": "case.referral_received",
    "proposal.made": "case.referral_received",
    "observation.refiled": "proposal.refused",
}


#: What may be about something that is no item of the record, a file that came in or a colleague's
#: address: whose that is the command decides (`commands.erasure.erasure_reach`).
BY_ITSELF = frozenset({"erasure.proposed"})


def acts_of(name: str) -> tuple[Act, ...]:
    """The acts of which one records the event of this stored name; none for a name that no event
    has."""
    event = catalogue.by_name().get(name)
    return event.meaning.acts if event else ()


def require_all(reader: Reader, events: tuple[Event, ...]) -> None:
    """Raises Denied for an event that none of the reader's roles records; what is part of another
    one, recorded with it, needs no role of its own."""
    names = {event.stored.name for event in events}
    for event in events:
        if SAID_WITH.get(event.stored.name) not in names:
            _require(reader, takes(event), event.stored.name)


def takes(event: Event) -> tuple[Act, ...]:
    """The acts of which one records this event; of a proposal and its confirmation, those of what
    it becomes; of a restriction that somebody asks for, those of who decides about that."""
    match event:
        case RestrictionPlaced() if event.ground in CLAIMED:
            return RestrictionRefused.meaning.acts
        case ProposalMade():
            return acts_of(PROPOSES[event.what])
        case ProposalConfirmed():
            return CONFIRMS[event.what]
        case ProposalRefused():  # by a confirmer, or taken back by the proposer
            return (*CONFIRMS[event.what], *acts_of(PROPOSES[event.what]))
    return event.meaning.acts


def require_command(reader: Reader, command: str) -> None:
    """Raises Denied for a command whose event none of the reader's roles records."""
    if event := catalogue.by_command().get(command):
        require_one(reader, event.stored.name)


def require_one(reader: Reader, name: str) -> None:
    """As `require_all`, for an event by its stored name, before it is known what it will say."""
    _require(reader, acts_of(name), name)


def _require(reader: Reader, acts: tuple[Act, ...], name: str) -> None:
    if reader.closed and not any(decide(reader, act).allowed for act in acts):
        raise Denied(f"your role does not {SAID[acts[0]] if acts else f'record {name}'}")


def may_touch(db: DecisionDb, reader: Reader, command: str, item: UUID) -> bool:
    """Whether one of the acts that a command takes reaches what it is about, where that is an item
    by itself."""
    held = things(db, [item]).get(item, [])
    event = catalogue.by_command().get(command)
    acts = event.meaning.acts if event else ()
    return not held or any(allowed(reader, act, held) for act in acts)


def to_check(reader: Reader, facts: Sequence[Fact]) -> list[Fact]:
    """Those facts that may touch or name what is not the reader's. Words that come in are none of
    them, unless they name what led to them: recording waits for no view."""
    if not reader.closed:
        return []
    return [
        fact
        for fact, part in zip(facts, _parts(facts), strict=True)
        if fact.header.because_of or not (part or _anybodys(fact.event))
    ]


def _parts(facts: Sequence[Fact]) -> list[bool]:
    """Of each fact, whether it is part of another one that is recorded of the same with it."""
    together = {(fact.originator_id, fact.event.stored.name) for fact in facts}
    return [
        (fact.originator_id, SAID_WITH.get(fact.event.stored.name)) in together for fact in facts
    ]


def _anybodys(event: Event) -> bool:
    named = marked(type(event), NAMED)
    return not named and not EVERYBODY.keys().isdisjoint(event.meaning.acts)


def require_reach(db: DecisionDb, reader: Reader, facts: Sequence[Fact]) -> None:
    """Raises Hidden, in the words for what does not exist, where none of the acts that an event
    takes reaches what it is recorded of, or where it names what the reader does not see."""
    streams = {fact.originator_id for fact in facts}
    about = {one for fact in facts for one in _ids(fact.event, ABOUT)}
    known = things(db, streams | about)
    for fact, part in zip(facts, _parts(facts), strict=True):
        if part:
            continue
        acts = takes(fact.event)
        own = {fact.originator_id} & known.keys()  # else it is new, or no item by itself
        for one in (*own, *_ids(fact.event, ABOUT)):
            if one not in known and fact.event.stored.name in BY_ITSELF:
                continue
            if not any(allowed(reader, act, known.get(one, ())) for act in acts):
                raise not_there("item", str(one))
    named = {one for fact in facts for one in (*_ids(fact.event, NAMED), *_causes(fact))}
    if hidden := named - seen(db, reader, named) - streams:
        raise not_there("item", str(min(hidden)))


def _ids(event: Event, marker: Access) -> Iterator[UUID]:
    for name in marked(type(event), marker):
        value = getattr(event, name)
        yield from value if isinstance(value, Collection) else [value] if value else []


def _causes(fact: Fact) -> Iterator[UUID]:
    """What led to it, as told."""
    for ref in fact.header.because_of:
        with suppress(ValueError):  # "none-known" names nothing
            yield UUID(ref.partition(":")[0])
