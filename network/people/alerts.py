"""What somebody has to look at now: a suspect near a placement, a suspect in a child's home, an
arrest of a victim or of a parent, a message by a way that a suspect shares, a contact with the
child of somebody who was convicted or sentenced before.

An alert is a question at a moment, so it is there as soon as the link or the arrest is. Once it has
been there it stays until somebody answers it: whatever closes, moves, ends, is taken back, cleared
or restricted since. Where a child is placed shows to those alone who hold that compartment.
(IICSA, and the report's tracing of moved children; victims and parents arrested while the child was
exploited.)
"""

from collections import defaultdict
from dataclasses import replace
from typing import Unpack
from uuid import UUID

from access.who_may import scope
from commands.families.protection import Warned, answer_alert
from commands.kernel import item_references
from commands.kernel.unit_of_work import Command, Desk, Receipt
from domain.families.protection import Ringing
from domain.kernel.codes import AlertAnswer
from domain.kernel.values import Reader
from network.people.alert import Alert
from network.people.alert_signs import Signs
from projections.kernel.database import Db

__all__ = ["SOMEBODY", "Alert", "alerts", "answer", "ringing", "unanswered", "waiting"]

SOMEBODY = "somebody whom the team looks at: ask the sergeant"


def alerts(db: Db, reader: Reader, case: UUID | None = None) -> list[Alert]:
    """Every alert of a case (or of this one) that the reader may see, open or closed: unanswered
    ones first, then newest."""
    shown = _named(db, reader, Signs(db, reader, case).answered())
    return sorted(shown, key=lambda one: (one.answer is not None, -one.since.timestamp(), one.id))


def waiting(db: Db, reader: Reader, *, every: bool = False) -> list[Alert]:
    """As `alerts`, those that wait for an answer, or `every` one."""
    return [one for one in alerts(db, reader) if every or one.answer is None]


def answer(
    desk: Desk,
    reader: Reader,
    which: str,
    said: AlertAnswer,
    reason: str,
    **command: Unpack[Command],
) -> Receipt:
    """Say what was done about an alert, named by its id or the end of it. Raises Hidden for one
    that the reader does not see, Refused without a reason."""

    def find() -> Warned:
        with desk.deciding() as db:
            found = {one.id: one for one in alerts(db, reader)}
        one = found[item_references.ending(which, found, "alert")]
        return one.id, one.case, one.kind

    return answer_alert(desk, reader, which, find, said, reason, **command)


def unanswered(db: Db, reader: Reader, case: UUID) -> list[UUID]:
    """The alerts of one case that wait for an answer."""
    return [one.id for one in alerts(db, reader, case) if one.answer is None]


def ringing(db: Db, reader: Reader) -> list[Ringing]:
    """The alerts that wait for an answer, with the ids that they had before."""
    looking = Signs(db, reader, None)
    found = [one for one in looking.answered() if one.answer is None]
    former = defaultdict[UUID, list[UUID]](list)
    for before, now in looking.former_ids(found).items():
        if before != now:
            former[now].append(before)
    return [Ringing(one.id, one.case, one.kind, one.since, tuple(former[one.id])) for one in found]


def _named(db: Db, reader: Reader, found: list[Alert]) -> list[Alert]:
    """The alerts, each naming its subject, the thing of theirs and the link to those alone who may
    see them."""
    named = {one for each in found for one in (each.subject, each.via, *each.links) if one}
    seen = scope.seen(db, reader, named)
    return [_shown(one, seen) for one in found]


def _shown(one: Alert, seen: set[UUID]) -> Alert:
    """As the reader is told it: without the link where they may not know the place."""
    who, told = one.subject in seen, not (one.holders or one.unheld)
    return replace(
        one,
        subject=one.subject if who else None,
        subject_label=_called(one, seen),
        via=one.via if told and one.via in seen and (who or one.subject is None) else None,
        links=tuple(link for link in one.links if link in seen) if told and who else (),
    )


def _called(one: Alert, seen: set[UUID]) -> str:
    if one.subject is None:
        return one.subject_label
    return one.subject_label if one.subject in seen else SOMEBODY
