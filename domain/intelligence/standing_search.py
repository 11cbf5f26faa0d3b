"""A standing search: a user is notified when a plate, a number, an account or a name comes up.

It has a reason, a case and an owner, and ends by itself. `domain/intelligence/watch_limits.py` says
who may be searched for, and for how long.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from domain import forms
from domain.intelligence import watch_limits
from domain.intelligence.watch_limits import Whom
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, IDENTIFYING, MENTION, NOT_CHECKED, OWNER, WRITTEN
from domain.kernel.values import Refused

Watched = Literal["vrm", "vrm_partial", "phone", "handle", "name"]


class StandingSearchSet(Event, frozen=True):
    """A user requested notifications of new matches for this search, until a moment. `missing` is
    the case of the missing child for whom they watch; it ends when the child returns.
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
    """The standing search ended."""

    stored: ClassVar = Stored("standing_search.ended", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("triage", "find"), commands=("standing_search.end",), turns="ended"
    )
    reason: Annotated[str, WRITTEN]


EVENTS = (StandingSearchSet, StandingSearchEnded)


@dataclass(frozen=True)
class StandingSearch:
    """State of one standing search: set, ended."""

    set_up: bool = False
    ended: bool = False


def evolve(state: StandingSearch, event: Event) -> StandingSearch:
    match event:
        case StandingSearchSet():
            return StandingSearch(set_up=True)
        case StandingSearchEnded():
            return StandingSearch(set_up=True, ended=True)
    return state


def read(told: str) -> tuple[Watched, str]:
    """Return the kind and the normal form of what is searched for. Raises Refused if it is too
    short."""
    if found := forms.phone(told):
        return "phone", found.e164
    if "@" in told:
        return "handle", forms.handle(told)
    if (plate := forms.plate(told)) and len(plate.normal) >= _WHOLE:
        return "vrm", plate.normal
    part = forms.plate_partial(told) if any(map(str.isdigit, told)) else None
    if part and len(part.replace("*", "")) >= _LEAST:
        return "vrm_partial", part
    name = forms.name(told)
    if len(name) < _LEAST:
        raise Refused("give a plate, a number, an account or a name to watch for", field="what")
    return "name", name


_LEAST, _WHOLE = 3, 5


def begin(search: StandingSearchSet, now: datetime, whom: Whom) -> tuple[Event, ...]:
    """Begin a standing search. Raises Refused as `watching.may_begin`."""
    watch_limits.may_begin(search.reason, search.until, now, whom, "what")
    return (search,)


def end(state: StandingSearch, reason: str) -> tuple[Event, ...]:
    """End the watch. Raises Refused where it has ended, and without a reason."""
    watch_limits.may_end(state.set_up, state.ended, reason)
    return (StandingSearchEnded(reason),)
