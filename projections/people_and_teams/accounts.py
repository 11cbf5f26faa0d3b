"""The view of accounts: which users may sign in, in which roles and teams, for which families, and
with which temporary access.

An allocated worker is assigned to the case automatically. So is the person who referred the child,
until a worker is allocated for the parents. A team that was renamed or merged is shown under its
present name. The file is long because all of these decide a user's rights.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct, structs
from msgspec.structs import replace

from access.who_may import scope
from access.who_may.decide import decide
from access.who_may.table import MAY
from domain.clocks import CLOCKS
from domain.data_protection.access_log import LOOKS
from domain.families.charity_support import CONTROLLER
from domain.families.referral import CaseOpened, WorkerAllocated
from domain.kernel.codes import Clock
from domain.kernel.envelope import Event, Recorded
from domain.kernel.values import Reader, Role
from domain.people_and_teams.account import (
    DEFAULT_TEAMS,
    AssignmentEnded,
    CharityNamed,
    RoleGiven,
    RoleLent,
    RoleTaken,
    ServiceMade,
    TeamJoined,
    TeamLeft,
    TeamMade,
    TeamMerged,
    TeamRenamed,
    TeamReplaced,
    UserAdded,
    UserAssigned,
    UserLeft,
    UserLocked,
    UserUnlocked,
)
from domain.people_and_teams.grant import (
    AuthorityApproved,
    AuthorityEnded,
    AuthorityGiven,
    EntryAsked,
    EntryOpened,
    EntryOpenedAlone,
    EntryReviewed,
    GlassBroken,
    GlassClosed,
    GlassReviewed,
)
from domain.people_and_teams.store_admin import StoreClosed
from projections.kernel.batch import RowBatch
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.schema import View, rows

GrantKind = Literal["glass", "audit", "disclosure", "entry"]


@rows("users", key=("user",))
class UserRow(Struct, frozen=True):
    """An account; a `service` is the account of a program."""

    table: ClassVar[sa.Table]
    user: str
    controller: str | None
    added: datetime
    left: bool = False
    locked: bool = False
    service: bool = False


@rows("closings", key=("closed",))
class ClosedRow(Struct, frozen=True):
    """A name that has no account, with the time since which it has no rights."""

    table: ClassVar[sa.Table]
    closed: datetime


@rows("charity", key=("controller",))
class CharityRow(Struct, frozen=True):
    """The data controller (UK GDPR) that the charity's workers record under."""

    table: ClassVar[sa.Table]
    controller: str


@rows("user_roles", key=("user", "role"))
class RoleRow(Struct, frozen=True):
    """A role of a user."""

    table: ClassVar[sa.Table]
    user: str
    role: Role


@rows("user_roles_lost", key=("user", "role"))
class LostRow(Struct, frozen=True):
    """A role that was taken from a user."""

    table: ClassVar[sa.Table]
    user: str
    role: Role


@rows("user_roles_lent", key=("user", "role"))
class LentRow(Struct, frozen=True):
    """A role that a user has only until an end date."""

    table: ClassVar[sa.Table]
    user: str
    role: Role
    until: datetime


@rows("user_teams", key=("user", "team"))
class MemberRow(Struct, frozen=True):
    """A team of a user. A user with several teams records for the one that they joined first."""

    table: ClassVar[sa.Table]
    user: str
    team: str
    seq: int


@rows("user_items", key=("user", "item", "how"), index=(("item",),))
class AssignedRow(Struct, frozen=True):
    """A case or child for which a user has rights. `how` says why: the user is assigned to it, is
    allocated for the child or the parents, or referred the child.
    """

    table: ClassVar[sa.Table]
    user: str
    item: UUID
    how: Literal["case", "child", "allocated-child", "allocated-parents", "referred"]


@rows("children_cases", key=("child", "case"))
class ChildRow(Struct, frozen=True):
    """The child of a case."""

    table: ClassVar[sa.Table]
    child: UUID
    case: UUID


@rows("teams", key=("team",))
class TeamRow(Struct, frozen=True):
    """A team.

    If the team was renamed, `into` is its new name; if it was merged, `into` is the team of which
    it became a part. `merged` is the time of the merger, None for a rename.
    """

    table: ClassVar[sa.Table]
    team: str
    into: str | None = None
    merged: datetime | None = None


@rows("grants", key=("id", "user"), index=(("user",), ("item",)))
class GrantRow(Struct, frozen=True):
    """Temporary access of a person to a case, or to an entry of the source register. While it waits
    for a second person (`waits`), it gives no access.
    """

    table: ClassVar[sa.Table]
    id: UUID
    user: str
    kind: GrantKind
    item: UUID
    until: datetime | None
    reason: str
    by: str
    opened: datetime
    waits: bool = False
    ended: bool = False
    judged: str | None = None


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case StoreClosed():
            batch.put(ClosedRow(fact.recorded))
        case UserAdded() as event:
            batch.put(UserRow(event.user, event.controller, fact.recorded))
        case UserLeft() as event:
            _leave(batch, event.user)
        case UserLocked() as event:
            _user(batch, event.user, locked=True)
            batch.drop_all(LentRow, "user", event.user)
        case ServiceMade() as event:
            _user(batch, event.user, service=True)
        case UserUnlocked() as event:
            _user(batch, event.user, locked=False)
        case RoleGiven() as event:
            batch.put(RoleRow(event.user, event.role))
            batch.drop(LostRow, event.user, event.role)
        case RoleLent() as event:
            batch.put(LentRow(event.user, event.role, event.until))
        case RoleTaken() as event:
            batch.drop(LentRow, event.user, event.role)
            batch.drop(RoleRow, event.user, event.role)
            batch.put(LostRow(event.user, event.role))
        case TeamJoined() as event:
            batch.put(MemberRow(event.user, event.team, fact.seq))
        case TeamLeft() as event:
            batch.drop(MemberRow, event.user, event.team)
        case UserAssigned() as event:
            for how, item in _items(event):
                batch.put(AssignedRow(event.user, item, how))
        case AssignmentEnded() as event:
            for how, item in _items(event):
                batch.drop(AssignedRow, event.user, item, how)
        case WorkerAllocated() as event:
            _allocate(batch, fact.stream, event)
        case CaseOpened() as event:
            batch.put(ChildRow(event.child, fact.stream))
            batch.put(AssignedRow(fact.by, fact.stream, "referred"))
        case CharityNamed() | TeamMade() | TeamReplaced():
            _team(fact, batch)
        case _:
            _grant(fact, batch)


def _team(fact: Recorded, batch: RowBatch) -> None:
    """Store teams, the teams into which they were renamed or merged, and the charity's
    controller."""
    match fact.event:
        case CharityNamed() as event:
            batch.put(CharityRow(event.controller))
        case TeamMade() as event:
            batch.put(TeamRow(event.team))
        case TeamReplaced() as event:
            merged = fact.recorded if isinstance(event, TeamMerged) else None
            batch.put(TeamRow(event.team, event.into, merged))
            if not batch.get(TeamRow, event.into):
                batch.put(TeamRow(event.into))


def _items(event: Any) -> Iterable[tuple[Any, UUID]]:
    return [(how, item) for how, item in (("case", event.case), ("child", event.child)) if item]


def _allocate(batch: RowBatch, case: UUID, event: WorkerAllocated) -> None:
    how: Any = f"allocated-{event.allocated_for}"
    over = [how, "referred"] if event.allocated_for == "parents" else [how]
    for row in batch.among(AssignedRow, "how", over, item=case):
        batch.drop(AssignedRow, row.user, row.item, row.how)
    batch.put(AssignedRow(event.worker, case, how))


def _user(batch: RowBatch, user: str, **changes: Any) -> None:
    if row := batch.get(UserRow, user):
        batch.put(structs.replace(row, **changes))


def _leave(batch: RowBatch, user: str) -> None:
    """Remove all rights of a user who leaves. Their allocations stay under their name until another
    worker takes over."""
    _user(batch, user, left=True)
    batch.drop_all(RoleRow, "user", user)
    batch.drop_all(LentRow, "user", user)
    batch.drop_all(MemberRow, "user", user)
    for item in batch.having(AssignedRow, user=user):
        if item.how in ("case", "child", "referred"):
            batch.drop(AssignedRow, user, item.item, item.how)


def _grant(fact: Recorded, batch: RowBatch) -> None:
    item, at = fact.stream, fact.recorded
    match fact.event:
        case GlassBroken() as e:
            batch.put(GrantRow(item, e.user, "glass", e.case, e.until, e.reason, fact.by, at))
        case AuthorityGiven() as e:
            waits = e.given_for == "disclosure"
            batch.put(
                GrantRow(item, e.user, e.given_for, e.case, e.until, e.reason, fact.by, at, waits)
            )
        case EntryAsked() as e:
            batch.put(
                GrantRow(item, e.user, "entry", e.entry, None, e.reason, fact.by, at, waits=True)
            )
        case EntryOpened() as e:
            (first,) = _grants(batch, item)
            for person in e.people:
                batch.put(structs.replace(first, user=person, until=e.until, waits=False))
        case EntryOpenedAlone() as e:
            _turn(batch, item, until=e.until, waits=False)
        case AuthorityApproved():
            _turn(batch, item, waits=False)
        case GlassClosed() | AuthorityEnded():
            _turn(batch, item, ended=True)
        case GlassReviewed() | EntryReviewed() as e:
            _turn(batch, item, ended=True, judged=e.judged)


def _grants(batch: RowBatch, item: UUID) -> list[GrantRow]:
    return batch.having(GrantRow, id=item)


def _turn(batch: RowBatch, item: UUID, /, **changes: Any) -> None:
    for row in _grants(batch, item):
        batch.put(structs.replace(row, **changes))


#: Events that may change a user's rights. A test checks that all such events that `apply` handles
#: are listed.
MOVING: frozenset[type[Event]] = frozenset(
    {
        AssignmentEnded,
        AuthorityApproved,
        AuthorityEnded,
        AuthorityGiven,
        CaseOpened,
        CharityNamed,
        EntryAsked,
        EntryOpened,
        EntryOpenedAlone,
        EntryReviewed,
        GlassBroken,
        GlassClosed,
        GlassReviewed,
        RoleGiven,
        RoleLent,
        RoleTaken,
        ServiceMade,
        StoreClosed,
        TeamJoined,
        TeamLeft,
        TeamMade,
        TeamMerged,
        TeamRenamed,
        UserAdded,
        UserAssigned,
        UserLeft,
        UserLocked,
        UserUnlocked,
        WorkerAllocated,
    }
)

VIEW = View(
    "accounts",
    (
        UserRow,
        ClosedRow,
        CharityRow,
        RoleRow,
        LentRow,
        LostRow,
        MemberRow,
        AssignedRow,
        ChildRow,
        TeamRow,
        GrantRow,
    ),
    apply,
    ("evidence", "access"),
    passes=LOOKS,
    moved_by=MOVING,
)


# --- queries ------------------------------------------------------------------------------------


class Account(Struct, frozen=True):
    """An account with its present rights; a `service` is the account of a program. `teams` are the
    teams that the user joined, beginning with the one for which the user records. `reach` are these
    teams and the former teams that were merged into them.
    """

    user: str
    controller: str | None
    service: bool
    left: bool
    locked: bool
    roles: tuple[Role, ...]
    teams: tuple[str, ...]
    reach: tuple[str, ...]
    cases: tuple[UUID, ...]
    children: tuple[UUID, ...]

    @property
    def state(self) -> str:
        """Return in words whether the user may sign in."""
        state = "left" if self.left else "locked" if self.locked else "active"
        return f"{state}, a program" if self.service else state


class Member(Struct, frozen=True):
    """An account in a list of users: with the number of its families, but not the families
    themselves.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("user", "name"),
        Column("state", "status"),
        Column("roles", "roles"),
        Column("teams", "teams"),
        Column("controller", "controller"),
        Column("families", "families"),
    )
    order: ClassVar[tuple[str, ...]] = ("user",)
    user: str
    state: str
    controller: str | None
    roles: tuple[Role, ...]
    teams: tuple[str, ...]
    families: int

    @property
    def stands(self) -> str:
        """Return, as a code, whether the user may sign in."""
        return self.state.partition(",")[0]


class Team(Struct, frozen=True):
    """A current team, and the former teams that were merged into it."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("team", "team"),
        Column("people", "people"),
        Column("formerly", "former names"),
    )
    order: ClassVar[tuple[str, ...]] = ("team",)
    team: str
    formerly: tuple[str, ...]
    people: int


def is_closed(db: Db) -> bool:
    """Return whether the store has an account besides its first administrator's, so that each user
    needs an account.
    """
    return db.execute(sa.select(ClosedRow.table.c.closed).limit(1)).first() is not None


def _successors(db: Db) -> dict[str, str]:
    """Return the present name of every team that ever existed, by its former name."""
    into = {row.team: row.into for row in db.execute(sa.select(TeamRow.table))}
    successors: dict[str, str] = {}
    for team in {*DEFAULT_TEAMS, *into}:
        now, passed = team, {team}
        while (next_one := into.get(now)) and next_one not in passed:
            passed.add(next_one)
            now = next_one
        successors[team] = now
    return successors


def mergers(db: Db) -> list[tuple[str, str, datetime]]:
    """Return each merger of teams, oldest first: the team that ended, the team into which it was
    merged, and the time.
    """
    team_rows = db.execute(sa.select(TeamRow.table))
    rows = [(row.team, row.into, row.merged) for row in team_rows if row.into and row.merged]
    return sorted(rows, key=lambda row: (row[2], row[0]))


def _with_former(teams: Collection[str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Return these teams and the former teams that were merged into them."""
    return tuple(sorted({*teams, *(old for old, to in now.items() if to in teams)}))


def account(db: Db, user: str) -> Account | None:
    """Return an account in its present state; None if there is no such account."""
    return next(iter(list_accounts(db, [user])), None)


def list_accounts(
    db: Db, users: Collection[str] | None = None, *, assigned: bool = True
) -> list[Account]:
    """Return these accounts, or all accounts if `users` is None, in their present state, sorted by
    name, even of people who left. The cases and children assigned to them are read only with
    `assigned`.
    """

    def of_each(user: sa.ColumnElement[str], *more: Any) -> dict[str, list[Any]]:
        """Return the rows of a table by user, without the column of the user, sorted by their last
        column.
        """
        theirs = () if users is None else (user.in_(sorted(users)),)
        rows_by_user = defaultdict[str, list[Any]](list)
        for row in db.execute(sa.select(user, *more).where(*theirs).order_by(user, more[-1])):
            rows_by_user[row[0]].append(row[1:])
        return rows_by_user

    r, m, a, k = (row_type.table.c for row_type in (RoleRow, MemberRow, AssignedRow, ChildRow))
    roles, joined = of_each(r.user, r.role), of_each(m.user, m.team, m.seq)
    items = of_each(a.user, a.how, a.item) if assigned else defaultdict[str, list[Any]](list)
    now = _successors(db)
    children = {item for rows in items.values() for how, item in rows if how == "child"}
    case_of = defaultdict[UUID, set[UUID]](set)
    for child, case in db.execute(sa.select(k.child, k.case).where(k.child.in_(sorted(children)))):
        case_of[child].add(case)
    c = UserRow.table.c
    theirs = () if users is None else (c.user.in_(sorted(users)),)
    accounts = []
    for row in db.execute(sa.select(UserRow.table).where(*theirs).order_by(c.user)):
        teams = tuple(dict.fromkeys(now.get(team, team) for team, _ in joined[row.user]))
        own = {item for how, item in items[row.user] if how == "child"}
        cases = {item for how, item in items[row.user] if how != "child"}
        accounts.append(
            Account(
                user=row.user,
                controller=row.controller,
                service=row.service,
                left=row.left,
                locked=row.locked,
                roles=tuple(role for (role,) in roles[row.user]),
                teams=teams,
                reach=_with_former(teams, now),
                cases=tuple(sorted(cases.union(*(case_of[child] for child in own)))),
                children=tuple(sorted(own)),
            )
        )
    return accounts


def reach(db: Db, users: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return for each of these users their teams, with the former teams that were merged into
    them."""
    m, now = MemberRow.table.c, _successors(db)
    teams_by_user: dict[str, set[str]] = {}
    for user, team in db.execute(sa.select(m.user, m.team).where(m.user.in_(sorted(users)))):
        teams_by_user.setdefault(user, set()).add(now.get(team, team))
    return {user: _with_former(teams, now) for user, teams in teams_by_user.items()}


class AccountRights(Struct, frozen=True):
    """A user's rights, including temporary rights and their ends; `at` returns the rights at a
    moment.
    """

    reader: Reader
    opened: tuple[tuple[GrantKind, UUID, datetime], ...] = ()
    lent: tuple[tuple[Role, datetime], ...] = ()

    def at(self, now: datetime) -> Reader:
        """Return the reader with the rights that the user has at this moment."""
        live = [(kind, item) for kind, item, until in self.opened if until > now]
        lent = frozenset(role for role, until in self.lent if until > now)
        if not live and not lent:
            return self.reader
        held_items = {kind: frozenset(item for k, item in live if k == kind) for kind, _ in live}
        return msgspec.structs.replace(
            self.reader,
            roles=self.reader.roles | lent,
            glass=held_items.get("glass", frozenset()),
            audited=held_items.get("audit", frozenset()),
            disclosed=held_items.get("disclosure", frozenset()),
            entries=held_items.get("entry", frozenset()),
        )


def reader(db: Db, label: Reader, now: datetime) -> Reader:
    """Return the reader whose name and team `label` gives, with the rights that this reader has at
    the moment `now`.
    """
    return read_rights(db, label).at(now)


def read_rights(db: Db, label: Reader) -> AccountRights:
    """Return the rights of the reader with the name and team in `label`. On a store without
    accounts, these are the label's own rights; on a store with accounts, a name without an active
    account has none.

    A reader records for the label's team, if they belong to it; otherwise for the team that they
    joined first.
    """
    if not is_closed(db):
        return AccountRights(label)
    found_account = account(db, label.name)
    if found_account is None or found_account.left or found_account.locked:
        return AccountRights(reader_without_account(label))
    now_called = _successors(db).get(label.team, label.team)
    reader = msgspec.structs.replace(
        reader_without_account(label),
        team=now_called
        if now_called in found_account.teams
        else (*found_account.teams, label.team)[0],
        controller=found_account.controller or label.controller,
        keeps_for=found_account.controller,
        charity=charity(db),
        roles=frozenset(found_account.roles),
        teams=frozenset(found_account.reach),
        cases=frozenset(found_account.cases),
        children=frozenset(found_account.children),
        assessor=any("assess" in MAY[role] for role in found_account.roles),
    )
    c = GrantRow.table.c
    lasting = (c.user == label.name, c.until.is_not(None), ~c.waits, ~c.ended)
    opened = db.execute(sa.select(c.kind, c.item, c.until).where(*lasting))
    lent = LentRow.table.c
    found_lent = db.execute(sa.select(lent.role, lent.until).where(lent.user == label.name))
    return AccountRights(
        reader,
        tuple((row.kind, row.item, row.until) for row in opened),
        tuple((row.role, row.until) for row in found_lent),
    )


def controllers(db: Db) -> set[str]:
    """Return the controllers (in the sense of data protection) for whom there are accounts."""
    users = db.execute(sa.select(UserRow.table.c.controller).distinct()).scalars()
    return {user for user in users if user}


def charity(db: Db) -> str:
    """Return the name of the charity's controller."""
    named = db.execute(sa.select(CharityRow.table.c.controller)).scalar()
    return named or CONTROLLER


def reader_without_account(label: Reader) -> Reader:
    """Return a reader for a user without an active account, on a store with accounts. The reader
    sees nothing, but may still record.
    """
    return Reader(
        label.name, label.team, label.controller, label.regime, assessor=False, closed=True
    )


def working(db: Db) -> frozenset[str]:
    """Return the names of the users who may sign in now."""
    c = UserRow.table.c
    users = sa.select(c.user).where(sa.not_(sa.or_(c.left, c.locked, c.service)))
    return frozenset(db.execute(users).scalars())


def clocks_lost(db: Db) -> tuple[tuple[str, frozenset[Clock]], ...]:
    """Return the users whose deadlines have to pass to other users, each with the types of these
    deadlines: all types for a user who left or is locked; for a user who lost a role, the types
    that the user may no longer end.
    """
    c, lost = UserRow.table.c, LostRow.table.c
    left = set(db.scalars(sa.select(c.user).where(sa.or_(c.left, c.locked))))
    clocks_by_user: dict[str, frozenset[Clock]] = dict.fromkeys(left, frozenset(CLOCKS))
    taken = defaultdict[str, set[Role]](set)
    for row in db.execute(sa.select(lost.user, lost.role)):
        taken[row.user].add(row.role)
    for user, roles in taken.items():
        if user not in left and (user_account := account(db, user)):
            clocks_by_user[user] = frozenset(
                clock
                for clock, rule in CLOCKS.items()
                if rule.ending_roles & roles and not rule.ending_roles & set(user_account.roles)
            )
    return tuple(sorted((user, clocks) for user, clocks in clocks_by_user.items() if clocks))


def within(db: Db, reader: Reader, accounts: Sequence[Account]) -> list[Account]:
    """Return the accounts, each only with the families and children that the reader sees: the
    others would reveal how many families another team has. The account administrator gets all
    families and children.
    """
    if decide(reader, "manage-accounts").allowed:
        return list(accounts)
    theirs = {
        item for account_row in accounts for item in (*account_row.cases, *account_row.children)
    }
    seen = scope.visible_items(db, reader, theirs)
    return [
        replace(
            account_row,
            cases=tuple(case for case in account_row.cases if case in seen),
            children=tuple(child for child in account_row.children if child in seen),
        )
        for account_row in accounts
    ]


def members(db: Db, reader: Reader) -> list[Member]:
    """Return every account that the reader may see, including accounts of people who
    left, by name.
    """
    return [
        Member(
            account_row.user,
            account_row.state,
            account_row.controller,
            account_row.roles,
            account_row.teams,
            len(account_row.cases),
        )
        for account_row in within(db, reader, list_accounts(db))
    ]


def teams(db: Db) -> list[Team]:
    """Return the present teams, sorted by name."""
    now = _successors(db)
    people: dict[str, set[str]] = {}
    for row in db.execute(sa.select(MemberRow.table)):
        people.setdefault(now.get(row.team, row.team), set()).add(row.user)
    return [
        Team(
            team,
            tuple(sorted(old for old, to in now.items() if to == team and old != team)),
            len(people.get(team, ())),
        )
        for team in sorted(set(now.values()))
    ]


def cases_of(db: Db, case: UUID | None, child: UUID | None) -> list[UUID]:
    """Return the case with this id, or the cases of the child with this id; [] if neither
    exists."""
    c = ChildRow.table.c
    return list(
        db.execute(sa.select(c.case).where(sa.or_(c.case == case, c.child == child))).scalars()
    )


def ownerless(db: Db, open_cases: Iterable[tuple[UUID, str]]) -> list[UUID]:
    """Return those of these cases, given as (id, team), that have no worker and whose team has no
    members.
    """
    manned = {old for team in teams(db) if team.people for old in (team.team, *team.formerly)}
    c = AssignedRow.table.c
    had = set(db.execute(sa.select(c.item).where(c.how != "referred").distinct()).scalars())
    return [case for case, team in open_cases if team not in manned and case not in had]


def grant(db: Db, item: UUID) -> list[GrantRow]:
    """Return one grant of temporary access, as a row for each of its users."""
    table = GrantRow.table
    select = sa.select(table).where(table.c.id == item).order_by(table.c.user)
    return [GrantRow(*row) for row in db.execute(select)]


def unreviewed(db: Db) -> list[GrantRow]:
    """Return the temporary access that was not reviewed yet, oldest first."""
    table = GrantRow.table
    wanted = table.c.kind.in_(["glass", "entry"]), table.c.judged.is_(None), ~table.c.waits
    select = sa.select(table).where(*wanted).order_by(table.c.opened, table.c.id, table.c.user)
    return [GrantRow(*row) for row in db.execute(select)]


def granted_now(db: Db, now: datetime) -> list[GrantRow]:
    """Return every active or waiting grant of temporary access, sorted by the user's name."""
    table = GrantRow.table
    live = sa.or_(table.c.until > now, table.c.until.is_(None)), ~table.c.ended
    select = sa.select(table).where(*live).order_by(table.c.user, table.c.opened, table.c.id)
    return [GrantRow(*row) for row in db.execute(select)]
