"""Group sessions: which families were invited, in which way, and which of them attended."""

from collections import defaultdict
from datetime import date
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from domain.kernel.codes import About, Came, Channel, Offer
from domain.kernel.values import Reader
from projections.families import cases, family_contact
from projections.families.family_contact import InvitationRow
from projections.kernel.columns import Column
from projections.kernel.database import Db

#: Kinds of group sessions, which several families attend on one day.
GROUPS: tuple[Offer, ...] = ("grooming-session", "keeping-a-log", "parents-group")


class Invited(Struct, frozen=True):
    """A family that was invited to a session, and whether they attended."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("held", "date", "day"),
        Column("offer", "session"),
        Column("number", "case"),
        Column("whom", "family member"),
        Column("invited_by", "invited by"),
        Column("came", "attendance"),
        Column("case", "id", "key"),
    )
    order: ClassVar[tuple[str, ...]] = ("-held", "offer", "number", "whom")
    held: date
    offer: Offer
    case: UUID
    number: int
    whom: About
    invited_by: Channel
    came: Came


class ByWay(Struct, frozen=True):
    """The number of families that were invited in one way, and of those that attended."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("invited_by", "invited by"),
        Column("invited", "families invited", "figure"),
        Column("came", "families that came", "figure"),
    )
    order: ClassVar[tuple[str, ...]] = ("invited_by",)
    invited_by: Channel
    invited: int
    came: int


def list_sessions(
    db: Db, reader: Reader, on: date | None = None
) -> tuple[list[Invited], list[ByWay]]:
    """Return the invitations of families to group sessions (on one day, or on all days), and the
    attendance by the channel through which families were invited. Only families that the reader
    sees are included. If an invitation was recorded more than once, the last record is valid.
    """
    last: dict[tuple[UUID, About, Offer, date], InvitationRow] = {}
    for row in family_contact.list_invitations(db, reader):
        if row.offer in GROUPS and row.held and on in (None, row.held):
            last[row.case, row.whom, row.offer, row.held] = row
    numbers = cases.numbers(db, reader, {row.case for row in last.values()})
    invited = [
        Invited(held_day, offer, case, numbers[case], whom, row.invited_by, row.came)
        for (case, whom, offer, held_day), row in last.items()
        if case in numbers
    ]
    ways: dict[Channel, list[bool]] = defaultdict(list)
    for invitation in invited:
        ways[invitation.invited_by].append(invitation.came == "came")
    return invited, [ByWay(way, len(came), sum(came)) for way, came in ways.items()]
