"""What is published about a child, and what never may be.

A person who says that a sexual offence was done to them stays anonymous for life: nothing that
leads to them may be published, from the allegation on (Sexual Offences (Amendment) Act 1992 s.1). A
child in a youth court is not named (Children and Young Persons Act 1933 s.49), one in another court
where it says so (Youth Justice and Criminal Evidence Act 1999 ss.45 and 45A). Checked 27 November
2026 [verify]. The consent by which a grown-up victim may be named (s.5 of the Act of 1992) is
theirs to give to the person who publishes: a team never names them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from domain.kernel.codes import MediaDone, MediaKind
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, IDENTIFYING, OWNER, WRITTEN
from domain.kernel.values import Refused

#: What leads to a child although it names nobody: the Act speaks of their address, school or work,
#: and pictures (s.3A); kin and an age beside a place do the same.
_LEADS = (
    (
        re.compile(
            r"\b(?:pupils?|students?|years? (?:[7-9]|1[0-3])|schools?|colleges?|academy"
            r"|sixth form)\b",
            re.IGNORECASE,
        ),
        "a school",
    ),
    (
        re.compile(
            r"\b(?:daughters?|sons?|sisters?|brothers?|mothers?|fathers?|mum|dad|step\w+"
            r"|grand(?:mother|father|parents?)|nephews?|nieces?|twins?) (?:of|to)\b",
            re.IGNORECASE,
        ),
        "whose child they are",
    ),
    (re.compile(r"\b(?:photographs?|photos?|pictures?|pictured)\b", re.IGNORECASE), "a picture"),
    (
        re.compile(r"\b(?:works? (?:at|for)|employed (?:at|by)|apprentice)\b", re.IGNORECASE),
        "where they work",
    ),
    (
        re.compile(
            r"\b(?:pregnan\w+|abortions?|foster\w*|children'?s home|in care)\b", re.IGNORECASE
        ),
        "what few children of a place have in common",
    ),
)
ANONYMITY = (
    "a victim stays anonymous for life (Sexual Offences (Amendment) Act 1992 s.1), a child before "
    "a court as it orders (CYPA 1933 s.49, YJCEA 1999 s.45)"
)


class PublicationNoted(Event, frozen=True):
    """Something was published about a child or a family, or will be: where, and whether it
    identifies the child."""

    stored: ClassVar = Stored("publication.noted", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support", "work", "outcome"),
        commands=("publication.note",),
        enters=("publication", "open"),
        reach="member",
        journey=("published about them", "kind"),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    kind: MediaKind
    identifies: bool
    words: Annotated[str, WRITTEN]
    happened: datetime | None = None


class PublicationAnswered(Event, frozen=True):
    """What was done about a publication."""

    stored: ClassVar = Stored("publication.answered", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("oversee", "outcome"),
        commands=("publication.answer",),
        turns="did",
        journey=("done about what was published", "did"),
    )
    did: MediaDone
    words: Annotated[str, WRITTEN]


class PressChecked(Event, frozen=True):
    """A text for the press about a case was checked and does not identify the child: this wording
    may leave, for whom."""

    stored: ClassVar = Stored("press.checked", "evidence", "record", ("outlet", "words"))
    meaning: ClassVar = Meaning(
        ("support", "work", "outcome"),
        commands=("press.check",),
        kind="publication",
        enters=("press-text", "checked"),
        reach="member",
        journey=("a text for the press was checked",),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    outlet: Annotated[str, IDENTIFYING]
    words: Annotated[str, WRITTEN]


EVENTS = (PublicationNoted, PublicationAnswered, PressChecked)


@dataclass(frozen=True)
class Publication:
    """What decisions need to know of one publication."""

    noted: PublicationNoted | None = None
    answered: bool = False


def evolve(state: Publication, event: Event) -> Publication:
    match event:
        case PublicationNoted():
            return Publication(event)
        case PublicationAnswered():
            return replace(state, answered=True)
    return state


def note(noted: PublicationNoted, now: datetime) -> tuple[Event, ...]:
    """Raises Refused without what it says and where, and for a time to come of what was
    published."""
    if not noted.words.strip():
        raise Refused("say where it stands, and what it says", field="words")
    if noted.happened and noted.happened > now and noted.kind != "planned":
        raise Refused("that is still to come: planned is what is about to be", field="happened")
    return (noted,)


def answer(state: Publication, answered: PublicationAnswered) -> tuple[Event, ...]:
    """Raises Refused for nothing that was published, what was answered, and without what was
    done."""
    if state.noted is None:
        raise Refused("nothing was published under this id")
    if state.answered:
        raise Refused("it was answered already")
    if not answered.words.strip():
        raise Refused("say what was done, or why nothing was", field="words")
    return (answered,)


def leads(text: str) -> dict[str, str]:
    """What in a text leads to a child without naming anybody, and to what."""
    return {found[0]: why for pattern, why in _LEADS for found in pattern.finditer(text)}


def check(checked: PressChecked, named: Mapping[str, str]) -> tuple[Event, ...]:
    """A text for the press; `named` are the words in it that name people, places and things, and
    why each may not stand there. Raises Refused for any of them, for what leads to a child, and
    without a text or for whom it is. No role passes it over: the text is written again."""
    if not checked.outlet.strip():
        raise Refused("say for whom it is", field="outlet")
    if not checked.words.strip():
        raise Refused("give the text", field="words")
    if found := leads(checked.words) | dict(named):
        told = "; ".join(f"{words!r}: {why}" for words, why in found.items())
        raise Refused(f"it may not leave so: {told}. {ANONYMITY.capitalize()}", field="words")
    return (checked,)
