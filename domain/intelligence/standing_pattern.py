"""A standing pattern: a user is notified as soon as the network shows it.

Two people become connected by graded links; a third child is linked to one car; a group meets in a
town where it never met. It follows the rules of a standing search: a reason, a case, an owner, 28
days, never a colleague or a parent, a child only while missing. It notifies its owner once, by the
data that the owner may see then. Source: as `domain/intelligence/watch_limits.py`; the number of
steps and of children are the product's own [verify].
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from domain.intelligence import watch_limits
from domain.intelligence.watch_limits import Whom
from domain.kernel.codes import Shape
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, MENTION, NOT_CHECKED, NOT_REACHED, OWNER, WRITTEN
from domain.kernel.values import EntityKind, Refused

#: The most graded links in a row that count as a connection.
STEPS = 4
#: The number of children from which on it notifies.
CHILDREN = 3
#: The fewest members of a group in one place that count as a meeting.
MET = 2


class StandingPatternSet(Event, frozen=True):
    """A user requested a notification when this pattern becomes true of these people or items,
    until a moment. `missing` are the cases of the missing children for whom they watch: it ends
    when one of them returns.
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
    """The pattern became true through these links, as its owner sees the network; `found` are the
    children or the towns that made it so."""

    stored: ClassVar = Stored("standing_pattern.met", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store",))
    links: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED]
    found: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED] = ()


class StandingPatternEnded(Event, frozen=True):
    """The standing pattern ended."""

    stored: ClassVar = Stored("standing_pattern.ended", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("triage", "find"), commands=("standing_pattern.end",), turns="ended"
    )
    reason: Annotated[str, WRITTEN]


EVENTS = (StandingPatternSet, StandingPatternMet, StandingPatternEnded)


@dataclass(frozen=True)
class StandingPattern:
    """State of one pattern: set, matched, ended."""

    set_up: bool = False
    met: bool = False
    ended: bool = False


def evolve(state: StandingPattern, event: Event) -> StandingPattern:
    match event:
        case StandingPatternSet():
            return StandingPattern(set_up=True)
        case StandingPatternMet():
            return StandingPattern(True, True, state.ended)
        case StandingPatternEnded():
            return StandingPattern(True, state.met, ended=True)
    return state


def begin(
    pattern: StandingPatternSet,
    kinds: Sequence[EntityKind],
    now: datetime,
    whom: Whom,
    already: Callable[[], bool],
) -> tuple[Event, ...]:
    """Set a pattern; `kinds` are the kinds of its items. Raises Refused as `watch_limits.may_begin`
    does, for kinds that its shape does not take, and if it matches `already`, which is checked
    last."""
    _fits(pattern, kinds)
    watch_limits.may_begin(pattern.reason, pattern.until, now, whom, "about")
    if already():
        raise Refused(
            "the network shows this already: network path, common or who-met shows the links",
            field="about",
        )
    return (pattern,)


def _fits(pattern: StandingPatternSet, kinds: Sequence[EntityKind]) -> None:
    """Check the kinds of the items of a pattern. Raises Refused for others than this shape is
    about."""
    if len(set(pattern.about)) != len(pattern.about):
        raise Refused("each is named once", field="about")
    match pattern.shape:
        case "connected" if len(kinds) != 2:
            raise Refused("two become connected: name two", field="about")
        case "third-child" if len(kinds) != 1 or kinds[0] in ("person", "incident"):
            raise Refused("name one car, phone, account or place", field="about")
        case "new-town" if len(kinds) < MET or set(kinds) != {"person"}:
            raise Refused("a group is two people or more", field="about")


def record_match(
    state: StandingPattern, event: StandingPatternMet, whom: Whom
) -> tuple[Event, ...]:
    """Record a match, once, and not after its end. Raises Refused as `watch_limits.may_be` does, by
    today's facts about the people in it."""
    watch_limits.may_be(whom, "about")
    return () if not state.set_up or state.met or state.ended else (event,)


def end(state: StandingPattern, reason: str) -> tuple[Event, ...]:
    """End the watch. Raises Refused where it has ended, and without a reason."""
    watch_limits.may_end(state.set_up, state.ended, reason)
    return (StandingPatternEnded(reason),)
