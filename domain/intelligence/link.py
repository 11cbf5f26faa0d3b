"""A link between two people or things, such as "associates with" or "uses". Only a person's
assertion makes a link; a shared mention never does.

The stream's id is the link's permanent id. Each event `link.asserted` is a version of the link. A
link based on a log entry is ungraded information; a report gives it a grade; an item of evidence
that names the link makes the link evidence.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Struct, structs
from msgspec.structs import replace

from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    BASIS,
    CODE,
    END,
    NOT_CHECKED,
    NOT_REACHED,
    OCCURRED,
    RESTS_ON,
    WRITTEN,
)
from domain.kernel.values import (
    LINK_KINDS,
    EntityKind,
    Grade,
    HandlingCode,
    LinkKind,
    Refused,
    Stage,
    TakesTwo,
)


class LinkAsserted(Event, frozen=True):
    """A person added a link between two people or things. The link is true from `valid_from` until
    `valid_to`, whenever it was recorded. `observation` (a log entry), `report` and `exhibit` are
    the items on which the link is based; `root` is the token (random id) of the independent source.
    `weight` is the weight that an import file gives to the link (1 by default); `reference` is the
    identifier of the link in another system.
    """

    stored: ClassVar = Stored("link.asserted", "evidence", "record", sealed=("note",))
    meaning: ClassVar = Meaning(
        ("link",),
        doubts=(
            "exit",
            "result",
        ),
        overtakes="the link was recorded again",
        brief="kind",
    )
    a: Annotated[UUID, NOT_CHECKED, END]
    b: Annotated[UUID, NOT_CHECKED, END]
    kind: LinkKind
    stage: Stage
    observation: Annotated[UUID | None, NOT_CHECKED, BASIS, RESTS_ON] = None
    report: Annotated[UUID | None, NOT_CHECKED, BASIS, RESTS_ON] = None
    item: int | None = None
    exhibit: Annotated[UUID | None, NOT_CHECKED, BASIS, RESTS_ON] = None
    grade: Grade | None = None
    handling: HandlingCode | None = None
    root: Annotated[UUID | None, NOT_CHECKED, NOT_REACHED] = None
    valid_from: Annotated[datetime | None, OCCURRED] = None
    valid_to: datetime | None = None
    weight: float = 1.0
    reference: Annotated[str | None, CODE] = None
    note: Annotated[str | None, WRITTEN] = None


class LinkRetracted(Event, frozen=True):
    """A link was retracted. A map as known at an earlier time still shows the link."""

    stored: ClassVar = Stored("link.retracted", "evidence", "record", sealed=("reason",))
    meaning: ClassVar = Meaning(
        ("link",), commands=("link.retract",), turns="retracted", step="beside", hides=True
    )
    reason: Annotated[str, WRITTEN]


EVENTS = (LinkAsserted, LinkRetracted)

LinkState = Literal["none", "live", "retracted"]


class Link(Struct, frozen=True):
    """The state of one link: not asserted, live or retracted; and its last assertion."""

    state: LinkState = "none"
    last: LinkAsserted | None = None


def evolve(state: Link, event: Event) -> Link:
    match event:
        case LinkAsserted():
            return Link("live", event)
        case LinkRetracted():
            return replace(state, state="retracted")
    return state


def assert_link(
    state: Link, draft: LinkAsserted, ends: tuple[EntityKind, EntityKind]
) -> tuple[Event, ...]:
    """Add a link between two people or things, or add an existing link again with other evidence.
    Raises Refused if the two people or things do not fit the kind of link.
    """
    shape = LINK_KINDS[draft.kind]
    if draft.a == draft.b:
        raise Refused("a link needs two different ends: name another end")
    if ends[0] not in shape.source or ends[1] not in shape.target:
        raise Refused(f"a link of the kind {draft.kind!r} does not join a {ends[0]} to a {ends[1]}")
    if draft.valid_from and draft.valid_to and draft.valid_to < draft.valid_from:
        raise Refused("the link ends before it begins: correct one of the dates")
    if draft.stage == "information" and draft.grade:
        raise Refused(
            "a link that is based on ungraded information has no grade: leave the grade out"
        )
    if state.last and (state.last.a, state.last.b) != (draft.a, draft.b):
        raise Refused("the ends of a link cannot be changed: add another link instead")
    return (draft,)


def take_grade(
    state: Link, draft: LinkAsserted, *, without_exhibit: bool = False
) -> tuple[Event, ...]:
    """Return the event that records a link again after its log entry was graded, with the grade,
    handling, report and source of `draft`. Return () if the link is not current. If
    `without_exhibit` is True, the link no longer has an item of evidence.
    """
    if state.state != "live" or state.last is None:
        return ()
    exhibit = None if without_exhibit else state.last.exhibit
    return (
        structs.replace(
            state.last,
            stage="evidence" if exhibit else "intelligence",
            observation=draft.observation,
            report=draft.report,
            item=draft.item,
            exhibit=exhibit,
            grade=draft.grade,
            handling=draft.handling,
            root=draft.root,
            note=None,  # the note applies only to the earlier version of the link
        ),
    )


def retract(
    state: Link, reason: str, *, warned: bool = False, agreed: bool = False
) -> tuple[Event, ...]:
    """Retract a link between two people or things. Raises TakesTwo if a warning about a person
    depends on the link (`warned`), unless a second person `agreed`.
    """
    if state.state == "none":
        raise Refused("there is no link with this id")
    if state.state == "retracted":
        raise Refused("this link was retracted already")
    if not reason.strip():
        raise Refused("give the reason for retracting this link", field="reason")
    if warned and not agreed:
        raise TakesTwo(
            "a warning about a person depends on this link, so retracting it takes two people"
        )
    return (LinkRetracted(reason),)
