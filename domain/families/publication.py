"""Publications about a child, and the check of a text for the press.

A person who states that they are the victim of a sexual offence stays anonymous for life: from the
allegation on, nothing may be published that could identify them (Sexual Offences (Amendment) Act
1992 s.1). A child in a youth court is not named (Children and Young Persons Act 1933 s.49), a child
in another court is not named if the court orders it (Youth Justice and Criminal Evidence Act 1999
ss.45 and 45A). This summary of the law is of 27 November 2026 [verify]. An adult victim may consent
to being named (s.5 of the Act of 1992), but gives that consent to the publisher: a team never names
a victim.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.forms.patterns import lazy_regex
from domain.kernel.codes import MediaDone, MediaKind
from domain.kernel.deadline_effects import Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, IDENTIFYING, OWNER, WRITTEN
from domain.kernel.values import Refused

#: Phrases that identify a child without a name. The Act lists the child's address, school or work,
#: and pictures (s.3A); naming relatives, or an age with a place, identifies a child as well.
_LEADS = (
    (
        lazy_regex(
            r"\b(?:pupils?|students?|years? (?:[7-9]|1[0-3])|schools?|colleges?|academy"
            r"|sixth form)\b",
            re.IGNORECASE,
        ),
        "a school",
    ),
    (
        lazy_regex(
            r"\b(?:daughters?|sons?|sisters?|brothers?|mothers?|fathers?|mum|dad|step\w+"
            r"|grand(?:mother|father|parents?)|nephews?|nieces?|twins?) (?:of|to)\b",
            re.IGNORECASE,
        ),
        "whose child they are",
    ),
    (lazy_regex(r"\b(?:photographs?|photos?|pictures?|pictured)\b", re.IGNORECASE), "a picture"),
    (
        lazy_regex(r"\b(?:works? (?:at|for)|employed (?:at|by)|apprentice)\b", re.IGNORECASE),
        "where they work",
    ),
    (
        lazy_regex(
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
    """A publication about a child or a family was recorded: its outlet, and whether it identifies
    the child.
    """

    stored: ClassVar = Stored("publication.noted", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support", "work", "outcome"),
        commands=("publication.note",),
        enters=("publication", "open"),
        reach="member",
        journey=("published about them", "kind"),
        files=True,
    )
    case: Annotated[UUID, ABOUT, OWNER]
    kind: MediaKind
    identifies: bool
    words: Annotated[str, WRITTEN]
    happened: datetime | None = None


class PublicationAnswered(Event, frozen=True):
    """The response to a publication about a child or a family was recorded."""

    stored: ClassVar = Stored("publication.answered", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("oversee", "outcome"),
        commands=("publication.answer",),
        turns="did",
        journey=("done about what was published", "did"),
        deadlines=(Ends("publication"),),
    )
    did: MediaDone
    words: Annotated[str, WRITTEN]


class PressChecked(Event, frozen=True):
    """A text for the press about a case passed the check: it does not identify the child. This
    wording may be given to this recipient.
    """

    stored: ClassVar = Stored("press.checked", "evidence", "record", ("outlet", "words"))
    meaning: ClassVar = Meaning(
        ("support", "work", "outcome"),
        commands=("press.check",),
        kind="publication",
        enters=("press-text", "checked"),
        reach="member",
        journey=("a text for the press was checked",),
        files=True,
    )
    case: Annotated[UUID, ABOUT, OWNER]
    outlet: Annotated[str, IDENTIFYING]
    words: Annotated[str, WRITTEN]


EVENTS = (PublicationNoted, PublicationAnswered, PressChecked)


class Publication(Struct, frozen=True):
    """The state of one publication about a child: its content, and whether the team responded to
    it.
    """

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
    """Record a past or planned publication about a child or a family. Raises Refused if no text
    describes the publication, and if a publication in the future is not recorded as planned.
    """
    if not noted.words.strip():
        raise Refused("say where the article or post is published, and what it says", field="words")
    if noted.happened and noted.happened > now and noted.kind != "planned":
        raise Refused(
            "the time of publication is in the future: record it with the kind planned",
            field="happened",
        )
    return (noted,)


def answer(state: Publication, answered: PublicationAnswered) -> tuple[Event, ...]:
    """Record the response to a publication about a child or a family. Raises Refused if there is no
    publication, if a response is recorded already, and if there is no text.
    """
    if state.noted is None:
        raise Refused("there is no publication with this id")
    if state.answered:
        raise Refused("the response to this publication was recorded already")
    if not answered.words.strip():
        raise Refused(
            "say what was done about the publication, or why nothing was done", field="words"
        )
    return (answered,)


def leads(text: str) -> dict[str, str]:
    """Return the phrases of a text that identify a child without a name, each with what it
    reveals."""
    return {match[0]: why for pattern, why in _LEADS for match in pattern.finditer(text)}


def check(checked: PressChecked, named: Mapping[str, str]) -> tuple[Event, ...]:
    """Check a text for the press. `named` are the names of people, places and things in the text
    that may not be published, each with the reason.

    Raises Refused if the text has such names or a phrase that identifies a child, and if the text
    or the outlet is missing. No role can override this: the text has to be rewritten.
    """
    if not checked.outlet.strip():
        raise Refused("say for whom the press text is", field="outlet")
    if not checked.words.strip():
        raise Refused("write the text for the press", field="words")
    if problems := leads(checked.words) | dict(named):
        listed = "; ".join(f"{words!r}: {why}" for words, why in problems.items())
        raise Refused(
            f"this text cannot be given to the press: {listed}. {ANONYMITY.capitalize()}",
            field="words",
        )
    return (checked,)
