"""The charity's support records: a worker's contacts with a family, and notes about it.

Contacts and notes are the charity's records under UK GDPR, not the police's. Whether a note is
relevant to a prosecution, or sensitive, is undecided until a disclosure officer decides it. An
opinion is marked apart from fact (Data Protection Act 2018 s.38), with its author, basis and review
date.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Struct

from domain.kernel.card_effects import Counts
from domain.kernel.codes import About, Channel, ContactKind, NoteKind, With
from domain.kernel.deadline_effects import Begins
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, IDENTIFYING, NOT_CHECKED, NOT_REACHED, OWNER, WRITTEN
from domain.kernel.values import EntityKind, FactOrOpinion, Refused

#: The controller of the charity's support records, and the law that applies to them. The
#: controller is called "charity" until an installation names its own controller
#: (`domain.people_and_teams.account.CharityNamed`).
CONTROLLER, REGIME = "charity", "uk-gdpr"

Verdict = Literal["safe", "ask-first", "unsafe"]
#: For each channel to a family, the kinds of destination at which another person may read the
#: message or hear the call.
ENDS_AT: dict[Channel, frozenset[EntityKind]] = {
    "visit": frozenset(),
    "phone": frozenset({"phone"}),
    "text": frozenset({"phone", "handle"}),
    "email": frozenset({"handle"}),
    "letter": frozenset({"place"}),
    "meeting": frozenset(),
    "court": frozenset(),
    "group": frozenset(),
}


class ContactMade(Event, frozen=True):
    """A contact of a worker with a family was recorded: kind, channel, person, duration, and travel
    in minutes.
    """

    stored: ClassVar = Stored("support.contact_made", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support",),
        kind="support note",
        enters=("support-contact", "kind"),
        reach="support",
        journey=("contact", "kind"),
        access_request="others-rights",
        card=(Counts("in-contact"),),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    kind: ContactKind
    channel: Channel
    whom: With
    happened: datetime | None = None
    minutes: int | None = None
    words: Annotated[str | None, WRITTEN] = None
    travel: int | None = None


class WayChecked(Event, frozen=True):
    """The program checked whether a way to contact a family is safe; the event records the result
    at that moment. The result "unsafe" raises an alert, because a person who may harm the child may
    have read the message. `told` is the number or address that was checked; None if the worker did
    not give it.
    """

    stored: ClassVar = Stored("support.way_checked", "evidence", "record", ("told",))
    meaning: ClassVar = Meaning(("support",), kind="support note", access_request="others-rights")
    case: Annotated[UUID, ABOUT, OWNER]
    verdict: Verdict
    channel: Annotated[UUID | None, NOT_CHECKED, NOT_REACHED] = None
    told: Annotated[str | None, IDENTIFYING] = None


class NoteWritten(Event, frozen=True):
    """A support note was written; it is a plain note, an attitude, a view or a fear. If it is an
    opinion, it has its author (`holder`), basis and review date.
    """

    stored: ClassVar = Stored(
        "support.note_written", "evidence", "record", ("words", "holder", "basis")
    )
    meaning: ClassVar = Meaning(
        ("support",),
        kind="support note",
        enters=("support-note", "kind"),
        reach="support",
        journey=("note", "kind"),
        access_request="others-rights",
        deadlines=(Begins("opinion-review", due="review"),),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    about: About
    kind: NoteKind
    opinion: FactOrOpinion
    words: Annotated[str, WRITTEN]
    holder: Annotated[str | None, IDENTIFYING] = None
    basis: Annotated[str | None, WRITTEN] = None
    review: date | None = None


EVENTS = (ContactMade, WayChecked, NoteWritten)


class SupportState(Struct, frozen=True):
    """The state of one support record, which is either a contact with a family or a note."""

    recorded: ContactMade | NoteWritten | None = None


def evolve(state: SupportState, event: Event) -> SupportState:
    match event:
        case ContactMade() | NoteWritten():
            return SupportState(event)
    return state


def make_contact(
    contact: ContactMade,
    way: WayChecked | None = None,
    *,
    done: bool = False,
    safe: tuple[str, ...] = (),
) -> tuple[Event, ...]:
    """Record a worker's contact with a family, and whether the way of contact is safe.

    Raises Refused if a planned contact goes to an unsafe destination. The error's message names
    safe destinations, and does not say who makes this one unsafe. A contact that was already made
    (`done`) is recorded and marked as unsafe.
    """
    if contact.minutes is not None and contact.minutes < 0:
        raise Refused("the length of a contact cannot be negative", field="minutes")
    if contact.travel is not None and contact.travel < 0:
        raise Refused("the travel time cannot be negative", field="travel")
    return record_message(contact, way, done=done, safe=safe)


def record_message(
    event: Event, way: WayChecked | None, *, done: bool, safe: tuple[str, ...]
) -> tuple[Event, ...]:
    """Record a message to a family, with the check whether the way of contact is safe. Raises
    Refused if `make_contact` would.
    """
    if way is None:
        return (event,)
    if way.verdict == "unsafe" and way.told and not done:
        raise Refused(
            f"{UNSAFE}. {advise_safe_ways(safe)}. "
            "If the message was sent already, record it as sent",
            field="to",
        )
    return (event, way)


UNSAFE = "send nothing there: a person who may harm the child shares this way of contact"


def advise_safe_ways(safe: tuple[str, ...]) -> str:
    """Return advice for a worker whose way of contacting a family is unsafe: to use one of the
    `safe` ways.
    """
    if not safe:
        return "No safe way of contact is recorded: speak to the parent in person, away from home"
    return f"No risk is recorded for {', '.join(safe)}; check with the parent before you use it"


def write_note(note: NoteWritten) -> tuple[Event, ...]:
    """Record a support note about a family. Raises Refused if there is no text, if an opinion lacks
    its author, basis or review date, and if a note about an attitude is not marked as an opinion.
    """
    if not note.words.strip():
        raise Refused("the note has no text: write it", field="words")
    if note.kind == "attitude" and note.opinion != "opinion":
        raise Refused(
            "a note about a person's attitude is an opinion: mark it as an opinion", field="opinion"
        )
    if note.opinion == "opinion":
        missing = [
            (word, name)
            for word, name in (
                ("whose it is", "holder"),
                ("on what it is based", "basis"),
                ("when it is to be reviewed", "review"),
            )
            if not getattr(note, name)
        ]
        if missing:
            words = ", ".join(word for word, _ in missing)
            raise Refused(
                f"complete this opinion: say {words} (DPA 2018 s.38)", field=missing[0][1]
            )
    return (note,)
