"""Standing watches: a user is notified when a searched text comes up in a log entry (a standing
search), or when the network shows a pattern (a standing pattern).

A watch has a reason, a case and an owner, and ends automatically after at most 28 days. It is never
about a colleague or a parent, and about a child only while the child is missing. A search for a
plate, a number, an account or a name notifies its owner of each match; a pattern notifies its owner
once. There are three patterns: two people become connected by graded links; a third child is linked
to one car; a group meets in a town where it never met before.

The program must not be used for the surveillance of people. The limit of 28 days, the number of
links and the number of children are this program's own [verify].
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain import forms
from domain.kernel.codes import Shape
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    ABOUT,
    IDENTIFYING,
    MENTION,
    NOT_CHECKED,
    NOT_REACHED,
    OWNER,
    WRITTEN,
)
from domain.kernel.values import EntityKind, Refused

#: The longest time for which a user is notified. After this time the user has to give a reason
#: again.
ENDS_AFTER = timedelta(days=28)
#: The largest number of graded links in a chain that connects two people for a standing pattern.
STEPS = 4
#: The number of linked children from which on the pattern "a third child" notifies its owner.
CHILDREN = 3
#: The smallest number of members of a group whose links to one new place count as a meeting there.
MET = 2
#: The smallest numbers of characters in a standing search: of any searched text, and of a whole
#: plate.
_LEAST, _WHOLE = 3, 5

Watched = Literal["vrm", "vrm_partial", "phone", "handle", "name"]


class StandingSearchSet(Event, frozen=True):
    """A user requested to be notified, until a given moment, of new log entries that match this
    search. If the user looks for a missing child, `missing` is the child's case, and the search
    ends when the child returns.
    """

    stored: ClassVar = Stored(
        "standing_search.set", "evidence", "record", ("told", "normal", "reason")
    )
    meaning: ClassVar = Meaning(
        ("triage", "find"),
        commands=("standing_search.set",),
        enters=("standing-search", "set"),
        reach="request",
    )
    case: Annotated[UUID, ABOUT, OWNER]
    kind: Watched
    told: Annotated[str, IDENTIFYING]
    normal: Annotated[str, IDENTIFYING]
    until: datetime
    reason: Annotated[str, WRITTEN]
    missing: Annotated[UUID | None, NOT_CHECKED, MENTION] = None


class StandingSearchEnded(Event, frozen=True):
    """A standing search ended: its owner is not notified of matches any more."""

    stored: ClassVar = Stored("standing_search.ended", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("triage", "find"), commands=("standing_search.end",), turns="ended"
    )
    reason: Annotated[str, WRITTEN]


class StandingPatternSet(Event, frozen=True):
    """A user requested to be notified if this pattern becomes true for these people or things
    before a given moment. If the user looks for missing children, `missing` are the children's
    cases, and the pattern ends when one of the children returns.
    """

    stored: ClassVar = Stored("standing_pattern.set", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("triage", "find"),
        commands=("standing_pattern.set",),
        enters=("standing-pattern", "set"),
        reach="request",
    )
    case: Annotated[UUID, ABOUT, OWNER]
    shape: Shape
    about: Annotated[tuple[UUID, ...], NOT_CHECKED, OWNER]
    until: datetime
    reason: Annotated[str, WRITTEN]
    missing: Annotated[tuple[UUID, ...], NOT_CHECKED, MENTION] = ()


class StandingPatternMet(Event, frozen=True):
    """A standing pattern became true through these links, in the part of the network that the
    pattern's owner sees. `found` are the children or towns that made it true.
    """

    stored: ClassVar = Stored("standing_pattern.met", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store",))
    links: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED]
    found: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED] = ()


class StandingPatternEnded(Event, frozen=True):
    """A standing pattern ended: its owner is not notified any more."""

    stored: ClassVar = Stored("standing_pattern.ended", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("triage", "find"), commands=("standing_pattern.end",), turns="ended"
    )
    reason: Annotated[str, WRITTEN]


EVENTS = (
    StandingSearchSet,
    StandingSearchEnded,
    StandingPatternSet,
    StandingPatternMet,
    StandingPatternEnded,
)


class StandingWatch(Struct, frozen=True):
    """The state of one standing search or pattern: set, matched (a pattern), ended."""

    set_up: bool = False
    met: bool = False
    ended: bool = False


def evolve(state: StandingWatch, event: Event) -> StandingWatch:
    match event:
        case StandingSearchSet() | StandingPatternSet():
            return StandingWatch(set_up=True)
        case StandingPatternMet():
            return replace(state, set_up=True, met=True)
        case StandingSearchEnded() | StandingPatternEnded():
            return replace(state, set_up=True, ended=True)
    return state


# --- for whom, why and for how long -------------------------------------------------------------


class Whom(Struct, frozen=True):
    """The groups to which the watched people belong: colleagues, parents, children. `missing` has
    the cases of the children if every one of them is missing.
    """

    colleague: bool = False
    parent: bool = False
    child: bool = False
    missing: Collection[UUID] = ()


def _may_begin(reason: str, until: datetime, now: datetime, whom: Whom, field: str) -> None:
    """Raise Refused if a standing search or pattern may not begin: if it has no reason, if its end
    is in the past or more than `ENDS_AFTER` (28 days) from now, or if `refuse_protected` refuses a
    watched person.
    """
    if not reason.strip():
        raise Refused("give the reason for this alert", field="reason")
    refuse_protected(whom, field)
    if not now < until <= now + ENDS_AFTER:
        raise Refused(f"give a last day of the alert within {ENDS_AFTER.days} days", field="until")


def refuse_protected(whom: Whom, field: str) -> None:
    """Raise Refused if a watched person is a colleague, a parent, or a child who is not missing.
    The error names the form's field `field`.
    """
    if whom.colleague:
        raise Refused("an alert cannot be about a colleague", field=field)
    if whom.parent:
        raise Refused(
            "an alert cannot be about a parent: speak with the parent instead", field=field
        )
    if whom.child and not whom.missing:
        raise Refused("an alert can be about a child only while the child is missing", field=field)


# --- decisions ----------------------------------------------------------------------------------


def read(text: str) -> tuple[Watched, str]:
    """Return what a standing search looks for: the kind of its text (phone, account, plate or
    name), and the text in normal form. Raises Refused if the text is too short.
    """
    if phone := forms.phone(text):
        return "phone", phone.e164
    if "@" in text:
        return "handle", forms.handle(text)
    if (plate := forms.plate(text)) and len(plate.normal) >= _WHOLE:
        return "vrm", plate.normal
    part = forms.plate_partial(text) if any(map(str.isdigit, text)) else None
    if part and len(part.replace("*", "")) >= _LEAST:
        return "vrm_partial", part
    name = forms.name(text)
    if len(name) < _LEAST:
        raise Refused(
            "give a number plate, a phone number, an account or a name for this alert", field="what"
        )
    return "name", name


def begin_search(search: StandingSearchSet, now: datetime, whom: Whom) -> tuple[Event, ...]:
    """Begin a standing search, which notifies its owner of new log entries that match it. Raises
    Refused if there is no reason, if the end is in the past or more than `ENDS_AFTER` (28 days)
    from now, and if `refuse_protected` refuses a watched person.
    """
    _may_begin(search.reason, search.until, now, whom, "what")
    return (search,)


def begin_pattern(
    pattern: StandingPatternSet,
    kinds: Sequence[EntityKind],
    now: datetime,
    whom: Whom,
    already: Callable[[], bool],
) -> tuple[Event, ...]:
    """Begin a standing pattern about people or things, whose kinds are `kinds`. Raises Refused for
    the same reasons as `begin_search`, if a person or thing does not fit the pattern, and if the
    network already shows the pattern. The function `already` returns whether the network shows it;
    `already` is slow and therefore called last.
    """
    _refuse_unfit_kinds(pattern, kinds)
    _may_begin(pattern.reason, pattern.until, now, whom, "about")
    if already():
        raise Refused(
            "the network shows these links already: see continuum network path, common or who-met",
            field="about",
        )
    return (pattern,)


def _refuse_unfit_kinds(pattern: StandingPatternSet, kinds: Sequence[EntityKind]) -> None:
    """Raise Refused if the people and things of a standing pattern are not of the kinds that its
    shape accepts.
    """
    if len(set(pattern.about)) != len(pattern.about):
        raise Refused("name each person or thing once", field="about")
    match pattern.shape:
        case "connected" if len(kinds) != 2:
            raise Refused(
                "an alert about a connection needs two: name two people or things", field="about"
            )
        case "third-child" if len(kinds) != 1 or kinds[0] in ("person", "incident"):
            raise Refused("name exactly one vehicle, phone, account or place", field="about")
        case "new-town" if len(kinds) < MET or set(kinds) != {"person"}:
            raise Refused("an alert about a group needs two people or more", field="about")


def record_match(state: StandingWatch, event: StandingPatternMet, whom: Whom) -> tuple[Event, ...]:
    """Return the event which records that a standing pattern has become true in the network. Return
    () if an earlier match is recorded, or if the pattern was never set up or has ended. Raises
    Refused if `refuse_protected` now refuses a watched person.
    """
    refuse_protected(whom, "about")
    return () if not state.set_up or state.met or state.ended else (event,)


def end_search(state: StandingWatch, reason: str) -> tuple[Event, ...]:
    """End a standing search. Raises Refused if it has ended, and without a reason."""
    _may_end(state, reason)
    return (StandingSearchEnded(reason),)


def end_pattern(state: StandingWatch, reason: str) -> tuple[Event, ...]:
    """End a standing pattern. Raises Refused if `end_search` would."""
    _may_end(state, reason)
    return (StandingPatternEnded(reason),)


def _may_end(state: StandingWatch, reason: str) -> None:
    if not state.set_up or state.ended:
        raise Refused("this alert has ended")
    if not reason.strip():
        raise Refused("say why the alert ends", field="reason")
