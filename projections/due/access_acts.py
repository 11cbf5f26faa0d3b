"""Deadlines by which a manager reviews changes of access on a live store.

There are two kinds. One is for a proposal that waits for a second person: a change of a role, team,
sign-in or key, or a merger of teams. The other is for a change that one person made alone.
`projections/due/looked.py` stores these deadlines.
"""

from typing import ClassVar
from uuid import UUID, uuid5

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from domain.data_protection.access_log import UnusualAccessReviewed
from domain.kernel.codes import Clock
from domain.kernel.envelope import Event, Recorded
from domain.people_and_teams import deadline
from domain.people_and_teams.account import (
    KeyMade,
    KeyProposed,
    RecoveryProposed,
    RightConfirmed,
    RightGivenAlone,
    RightProposed,
    RightRefused,
    RoleLent,
    SignInEnded,
    TeamMerged,
    TeamMergeProposed,
    UserInvited,
)
from projections.due.rows import LookedRow, begin, end
from projections.kernel.batch import RowBatch
from projections.kernel.schema import rows

ACT: Clock = "access-act"
LIVE = True


@rows("due_live", key=("is_live",))
class LiveRow(Struct, frozen=True):
    """The row that exists if the store is live. On a trial store one person may give access alone,
    so changes of access begin no deadline.
    """

    table: ClassVar[sa.Table]
    is_live: bool


def apply(fact: Recorded, batch: RowBatch) -> None:
    """Begin and end the deadline of each change of access."""
    event, stream = fact.event, fact.stream
    match event:
        case RightProposed() | RecoveryProposed() | KeyProposed() | TeamMergeProposed():
            _begin(batch, fact, _key(stream, event))
        case RightGivenAlone() | RoleLent():
            end(batch, _key(stream, event), ACT, LookedRow)
            _begin(batch, fact, uuid5(stream, fact.ref))
        case UserInvited():
            waited = batch.get(LookedRow, deadline.stream(_key(stream, event), ACT))
            end(batch, _key(stream, event), ACT, LookedRow)
            if waited is None or waited.ended:  # one person made this sign-in code alone
                _begin(batch, fact, uuid5(stream, fact.ref))
        case RightConfirmed() | RightRefused() | KeyMade() | TeamMerged():
            end(batch, _key(stream, event), ACT, LookedRow)
        case SignInEnded():
            for row in batch.having(LookedRow, item=stream):
                _over(batch, row)
        case UnusualAccessReviewed() if fact.by != event.user:
            for row in batch.having(LookedRow, not_by=event.user):
                _over(batch, row)


def _key(stream: UUID, event: Event) -> UUID:
    """Return the key of a deadline, which is the same for a proposal and the decision about it."""
    match event:
        case RightProposed() | RightConfirmed() | RightRefused() | RightGivenAlone():
            return uuid5(stream, f"right {event.role} {event.team}")
        case KeyProposed() | KeyMade():
            return uuid5(stream, "key")
        case TeamMergeProposed() | TeamMerged():
            return uuid5(stream, f"into {event.into}")
    return uuid5(stream, "sign-in")


def _begin(batch: RowBatch, fact: Recorded, key: UUID) -> None:
    if isinstance(fact.event, RightProposed | KeyProposed | TeamMergeProposed):
        batch.put(LiveRow(LIVE))
    elif batch.get(LiveRow, LIVE) is None:
        return
    begin(
        *(batch, fact, fact.stream, ACT), at=fact.recorded, not_by=fact.by, key=key, kind=LookedRow
    )


def _over(batch: RowBatch, row: LookedRow) -> None:
    if row.clock == ACT and not row.ended:
        batch.put(replace(row, ended=True))
