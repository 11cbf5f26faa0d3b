"""The view of proposed roles, teams, keys and sign-ins that wait for a second person; and of
changes of accounts and copies that another person should review.
"""

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from domain.data_protection.access_log import LOOKS, UnusualAccessReviewed
from domain.data_protection.copies import BackupMade, StoreRestored
from domain.kernel.envelope import Recorded
from domain.people_and_teams.account import (
    KeyMade,
    KeyProposed,
    RecoveryProposed,
    Right,
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
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import View, rows

#: Name of the proposal for a new code with which a user sets a password.
SIGN_IN = "a new sign-in"
#: Name of the proposal for an access key of a program.
KEY = "a key of the program"


@rows("waiting_rights", key=("user", "what"))
class WaitingRow(Struct, frozen=True):
    """A proposal about an account that waits for a second person, with the time until which it can
    be confirmed. It is for a role (`role`), a team (`team`) or, if `role`, `team` and `into` are
    empty, a new sign-in or a key. For a merger of teams, `user` is the team that ends and `into`
    the team that stays.
    """

    table: ClassVar[sa.Table]
    columns: ClassVar[tuple[Column, ...]] = (
        Column("user", "account"),
        Column("what", "proposal"),
        Column("by", "proposed by"),
        Column("proposed", "proposed", "moment"),
        Column("until", "until", "moment"),
    )
    order: ClassVar[tuple[str, ...]] = ("proposed", "user", "what")
    user: str
    what: str
    by: str
    proposed: datetime
    until: datetime
    role: str | None = None
    team: str | None = None
    into: str | None = None


@rows("access_acts", key=("seq",), index=(("at",),))
class ActRow(Struct, frozen=True):
    """A user's change of an account or a copy, in words that follow the user's name. `alone` is set
    if the user gave a right without a second person: it is the account that got the right ("" for a
    restore). It becomes None when another person has reviewed the user's changes.
    """

    table: ClassVar[sa.Table]
    seq: int
    at: datetime
    by: str
    team: str
    did: str
    alone: str | None = None


@rows("sealed_to", key=("kind",))
class SealedRow(Struct, frozen=True):
    """The public key with which copies of the store, or of its keys, were last encrypted."""

    table: ClassVar[sa.Table]
    kind: str
    key: str


def merging(into: str) -> str:
    """Return the name of the proposal to merge a team into the team `into`."""
    return f"the merger into {into}"


def name_of_proposal(right: Right) -> str:
    """Return the name under which the proposal of this right is stored."""
    role, team = right
    return f"the role {role}" if role else f"the team {team}"


def _by_two(fact: Recorded, batch: RowBatch) -> None:
    """Store proposed keys of programs, and proposed mergers of teams, that wait for a second
    person."""
    match fact.event:
        case KeyProposed() as event:
            batch.put(WaitingRow(event.user, KEY, event.by, fact.recorded, event.until))
            _did(fact, batch, f"proposed a key for the program {event.user}")
        case KeyMade() as event:
            waited = batch.get(WaitingRow, event.user, KEY)
            batch.drop(WaitingRow, event.user, KEY)
            so = f", which {waited.by} proposed" if waited else ""
            _did(fact, batch, f"made a key for the program {event.user}{so}")
        case TeamMergeProposed() as event:
            merger = merging(event.into)
            batch.put(
                WaitingRow(
                    *(event.team, merger, event.by, fact.recorded, event.until), into=event.into
                )
            )
            _did(fact, batch, f"proposed that {event.team} becomes part of {event.into}")
        case TeamMerged() as event:
            merger = merging(event.into)
            row = batch.get(WaitingRow, event.team, merger)
            batch.drop(WaitingRow, event.team, merger)
            if row:  # on a trial store, teams are merged without a proposal
                so = f", which {row.by} proposed"
                _did(fact, batch, f"merged {event.team} into {event.into}{so}")


def apply(fact: Recorded, batch: RowBatch) -> None:
    _by_two(fact, batch)
    match fact.event:
        case RightProposed() as event:
            right = name_of_proposal((event.role, event.team))
            batch.put(
                WaitingRow(
                    event.user, right, event.by, fact.recorded, event.until, event.role, event.team
                )
            )
            _did(fact, batch, f"proposed {right} for {event.user}")
        case RightConfirmed() as event:
            right = name_of_proposal((event.role, event.team))
            batch.drop(WaitingRow, event.user, right)
            _did(
                fact,
                batch,
                f"confirmed {right} for {event.user}, which {event.proposed_by} proposed",
            )
        case RightRefused() as event:
            batch.drop(WaitingRow, event.user, name_of_proposal((event.role, event.team)))
        case RightGivenAlone() as event:
            right = name_of_proposal((event.role, event.team))
            batch.drop(WaitingRow, event.user, right)
            _did(
                fact,
                batch,
                f"gave {event.user} {right} ALONE, without a second person",
                alone=event.user,
            )
        case RoleLent() as event:
            did = f"lent {event.user} the role {event.role} ALONE, for some hours"
            _did(fact, batch, did, alone=event.user)
        case RecoveryProposed() as event:
            batch.put(WaitingRow(event.user, SIGN_IN, event.by, fact.recorded, event.until))
            _did(fact, batch, f"proposed a new sign-in for {event.user}")
        case UserInvited() as event:
            again = batch.get(WaitingRow, event.user, SIGN_IN)
            batch.drop(WaitingRow, event.user, SIGN_IN)
            so = f", which {again.by} proposed" if again else ""
            _did(fact, batch, f"made the code by which {event.user} signs in{so}")
        case SignInEnded() as event:
            batch.drop_all(WaitingRow, "user", event.user)
        case BackupMade() as event:
            known_row = batch.get(SealedRow, event.kind)
            if event.sealed_to is None:
                _did(fact, batch, f"copied the {event.kind} in the clear")
            elif known_row is None or known_row.key != event.sealed_to:
                key = event.sealed_to[:16]
                _did(fact, batch, f"sealed copies of the {event.kind} to another public key, {key}")
                batch.put(SealedRow(event.kind, event.sealed_to))
        case UnusualAccessReviewed() as event:
            for row in batch.having(ActRow, by=event.user):
                if row.alone is not None and fact.by not in (row.by, row.alone):
                    batch.put(replace(row, alone=None))
        case StoreRestored() as event:
            so = f", with {event.waived_by} answering for it" if event.waived_by else ""
            description = "brought the store back from a backup"
            if event.waived_by or event.without or event.readable:
                description += f", in which what was erased may be readable again{so}"
            _did(fact, batch, description, alone="" if event.waived_by else None)


def _did(fact: Recorded, batch: RowBatch, did: str, *, alone: str | None = None) -> None:
    batch.put(ActRow(fact.seq, fact.recorded, fact.by, fact.team, did, alone))


VIEW = View(
    "waiting_rights",
    (WaitingRow, ActRow, SealedRow),
    apply,
    ("access",),
    passes=LOOKS,
    when_queried=True,
)


def list_proposals(db: Db, now: datetime) -> list[WaitingRow]:
    """Return the proposals that wait at this moment, oldest first."""
    c = WaitingRow.table.c
    select = sa.select(WaitingRow.table).where(c.until >= now)
    return [WaitingRow(*row) for row in db.execute(select.order_by(c.proposed, c.user, c.what))]


def acts(db: Db, since: datetime | None) -> dict[str, list[ActRow]]:
    """Return, by user, the changes of accounts and copies since a moment, each user's oldest change
    first.
    """
    c = ActRow.table.c
    select = sa.select(ActRow.table).order_by(c.seq)
    if since is not None:
        select = select.where(c.at >= since)
    rows_by_user: dict[str, list[ActRow]] = {}
    for row in db.execute(select):
        rows_by_user.setdefault(row.by, []).append(ActRow(*row))
    return rows_by_user


def alone_unreviewed(db: Db) -> list[ActRow]:
    """Return the rights that one person gave without a second person and that are not reviewed yet,
    oldest first.
    """
    c = ActRow.table.c
    return [
        ActRow(*row)
        for row in db.execute(sa.select(ActRow.table).where(c.alone.is_not(None)).order_by(c.seq))
    ]
