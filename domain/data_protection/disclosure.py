"""A disclosure of information to people outside: its purpose, lawful basis, recipients and text.

Each disclosure is a stream. A disclosure that proves wrong is recalled, and every recipient has to
be informed (Data Protection Act 2018 s.38(5) [verify], s.48(3)).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    CODE,
    IDENTIFYING,
    LEFT,
    NAMED,
    WRITTEN,
)
from domain.kernel.values import Handling, Refused

Basis = Literal[
    "law-enforcement",
    "safeguarding",
    "vital-interests",
    "legal-obligation",
    "court-order",
    "public-task",
    "criminal-proceedings",
    "subject-access",
    "victim-request",
]
#: The lawful bases of a disclosure in words, each with its source. Check each source before you
#: rely on it [verify].
BASES: dict[Basis, str] = {
    "law-enforcement": "a law-enforcement purpose (DPA 2018 s.31, s.35)",
    "safeguarding": "safeguarding of a child or an individual at risk (DPA 2018 sch.1 para.18, "
    "sch.8 para.4)",
    "vital-interests": "vital interests (UK GDPR art.6(1)(d), DPA 2018 sch.8 para.3)",
    "legal-obligation": "a legal obligation (UK GDPR art.6(1)(c))",
    "court-order": "an order of a court",
    "public-task": "a public task (UK GDPR art.6(1)(e))",
    "criminal-proceedings": "disclosure in criminal proceedings (CPIA 1996)",
    "subject-access": "the subject's own right of access (DPA 2018 s.45, UK GDPR art.15)",
    "victim-request": "a victim information request (Police, Crime, Sentencing and Courts Act 2022 "
    "s.44A)",
}
#: The lawful bases of a disclosure that answers a request. A user begins such a disclosure only on
#: the page of the request.
ANSWERING: frozenset[Basis] = frozenset({"subject-access", "victim-request"})
#: The lawful bases on which log entries that are not graded may be shared to keep a child safe. The
#: shared text is then marked as ungraded.
WORDS_MAY_GO: frozenset[Basis] = frozenset(
    {"safeguarding", "vital-interests", "court-order", "criminal-proceedings"}
)
#: Lawful bases on which one person may share information at once. If the shared text may identify a
#: source, another officer reviews it within a day.
PREVENTS_HARM: frozenset[Basis] = frozenset({"safeguarding", "vital-interests"})


def at_once(basis: Basis, urgent: str | None) -> bool:
    """Return True if a disclosure prevents harm: its basis is vital interests, or safeguarding with
    a reason why it is urgent. The user need not prove their identity again before such a
    disclosure.
    """
    return basis == "vital-interests" or (basis == "safeguarding" and bool((urgent or "").strip()))


class DisclosureMade(Event, frozen=True):
    """Information was disclosed to recipients outside the team. `items` are the records from which
    the text was taken, `needed` is when the need to share arose.

    The SHA-256 of each shared text, and of the whole document, is in another event
    (`copy.fingerprinted`), encrypted with a key that an erasure destroys.
    """

    stored: ClassVar = Stored(
        "disclosure.made",
        "access",
        "record",
        ("purpose", "recipients", "conditions_met", "urgent_reason", "checked"),
        version=2,
    )
    meaning: ClassVar = Meaning(
        ("disclose", "disseminate", "support"), commands=("disclosure.make",)
    )
    basis: Basis
    items: Annotated[tuple[UUID, ...], NAMED, LEFT]
    marking: Annotated[str, CODE]
    handling: Literal["P", "C"]
    purpose: Annotated[str, WRITTEN]
    recipients: Annotated[tuple[str, ...], IDENTIFYING]
    checked: Annotated[str, CODE]
    conditions_met: Annotated[str | None, WRITTEN] = None
    urgent_reason: Annotated[str | None, WRITTEN] = None
    needed: datetime | None = None


class DisclosureMade1(DisclosureMade, frozen=True, kw_only=True):
    """Information was disclosed, as an old release stored it: with the unkeyed SHA-256 of every
    text.
    """

    stored: ClassVar = Stored(
        "disclosure.made",
        "access",
        "record",
        ("purpose", "recipients", "hashes", "conditions_met", "urgent_reason", "checked"),
    )
    meaning: ClassVar = Meaning(
        ("disclose", "disseminate", "support"), commands=("disclosure.make",)
    )
    hashes: Annotated[tuple[str, ...], CODE]


class DisclosureRecalled(Event, frozen=True):
    """A disclosure was recalled, because it proved wrong or should not have been made; its
    recipients have to be informed.
    """

    stored: ClassVar = Stored("disclosure.recalled", "access", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("disclose", "disseminate", "support"), commands=("disclosure.recall",)
    )
    reason: Annotated[str, WRITTEN]


class RecipientTold(Event, frozen=True):
    """One recipient of a recalled disclosure was informed of the recall."""

    stored: ClassVar = Stored("disclosure.recipient_told", "access", "record", ("recipient",))
    meaning: ClassVar = Meaning(
        ("disclose", "disseminate", "support"), commands=("disclosure.tell",)
    )
    recipient: Annotated[str, IDENTIFYING]


EVENTS = (DisclosureMade1, DisclosureMade, DisclosureRecalled, RecipientTold)


class Disclosure(Struct, frozen=True):
    """The state of one disclosure: its recipients, whether it was recalled, and which recipients
    were informed of the recall.
    """

    recipients: tuple[str, ...] = ()
    recalled: bool = False
    told: frozenset[str] = frozenset()


def evolve(state: Disclosure, event: Event) -> Disclosure:
    match event:
        case DisclosureMade():
            return Disclosure(event.recipients)
        case DisclosureRecalled():
            return replace(state, recalled=True)
        case RecipientTold():
            return replace(state, told=state.told | {event.recipient})
    return state


def check_handling(handlings: Sequence[Handling], conditions_met: str | None) -> Literal["P", "C"]:
    """Return the handling code that applies to all disclosed items together: C if one of the items
    has C, otherwise P. Raises Refused if an item has code C and the officer does not say how its
    conditions are met (3x5x2).
    """
    under = [handling for handling in handlings if handling.code == "C"]
    if not under:
        return "P"
    if not (conditions_met or "").strip():
        conditions = "; ".join(
            dict.fromkeys(handling.conditions for handling in under if handling.conditions)
        )
        raise Refused(
            "this has handling code C: say how its handling conditions are met"
            + (f". The conditions are: {conditions}" if conditions else ""),
            field="conditions_met",
        )
    return "C"


def disclose(state: Disclosure, made: DisclosureMade) -> tuple[Event, ...]:
    """Record a disclosure of information to recipients outside. Raises Refused if there is no
    purpose, recipient or item, and if no text says how it was checked that the information is
    accurate, complete and up to date (s.38(4) [verify]).
    """
    if state.recipients:
        raise Refused("this disclosure was made already")
    if not made.items:
        raise Refused("give the text to share")
    if not made.purpose.strip():
        raise Refused("say for what purpose the item is shared", field="purpose")
    if not any(recipient.strip() for recipient in made.recipients):
        raise Refused("say who receives the item", field="recipients")
    if not made.checked.strip():
        raise Refused(
            "say how you checked that the text is accurate, complete and up to date",
            field="checked",
        )
    return (made,)


def recall(state: Disclosure, reason: str) -> tuple[Event, ...]:
    if not state.recipients:
        raise Refused("there is no disclosure with this id")
    if state.recalled:
        raise Refused("this disclosure was recalled already")
    if not reason.strip():
        raise Refused("give the reason of the recall, which the recipients read", field="reason")
    return (DisclosureRecalled(reason),)


def tell(state: Disclosure, recipient: str) -> tuple[Event, ...]:
    if not state.recalled:
        raise Refused("this disclosure was not recalled")
    if recipient not in state.recipients:
        raise Refused(f"{recipient!r} did not receive this disclosure", field="recipient")
    return () if recipient in state.told else (RecipientTold(recipient),)
