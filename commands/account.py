"""Accounts, roles and assignments: who opens doors, and for whom.

Until somebody else than its first administrator has an account a store is open: a name is a label
that nobody checks, and anybody may add the first. That addition closes it for good.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid5

from access.decide import decide, require
from access.scope import HIDDEN, reached
from commands.colleague import colleague
from commands.desk import Desk, Prepared, Receipt, act, facts
from commands.lookalikes import looks
from commands.team import require_team
from domain import account
from domain.account import User, evolve, user_stream
from domain.envelope import Event, Submission
from domain.governance import CLOSING, STORE, StoreClosed, StoreMade
from domain.values import Hidden, Reader, Refused, Role
from projections import accounts

Decision = Callable[[User], tuple[Event, ...]]


def first_administrator(desk: Desk, reader: Reader, name: str) -> Receipt:
    """Whoever made the store keeps its accounts; asked again it answers with the first. Raises
    Refused for a name that no account can have."""
    events = _begun(User(), name, None, ("administrator",), (), service=False)
    submission = Submission(
        uuid5(STORE, "administrator"),
        b"",
        facts(reader, user_stream(name), 0, events),
    )
    return desk.save([Prepared(user_stream(name), {"access": submission}, reader)])[0]


def add(
    desk: Desk,
    reader: Reader,
    user: str,
    *,
    roles: Sequence[Role] = (),
    teams: Sequence[str] = (),
    controller: str | None = None,
    service: bool = False,
    can_prove: Callable[[str], bool] = lambda name: True,
    command_id: UUID | None = None,
) -> Receipt:
    """A new account, with its roles and teams, of a person or (`service`) of a program; the first
    one closes the store.

    Raises Denied for others than administrators, Refused for a name in use or one that looks like
    it, a team that is not there, roles that do not go together, and where closing the store would
    leave its administrator outside (`can_prove` says who could sign in).
    """
    require(reader, "manage-accounts")
    command_id = command_id or desk.new_random_id()
    body = [user, sorted(roles), list(teams), controller, *(["service"] if service else [])]
    if again := desk.repeated(command_id, "user.add", body, "access"):
        return again
    closing = not desk.logs["access"].history(CLOSING)
    if closing:
        keeper = administrator(desk)
        if not can_prove(keeper):
            raise Refused(
                "from now on everybody would have to sign in, and nobody could: first give the "
                f"administrator a password with: continuum user enrol {keeper}"
            )
        first_administrator(desk, reader, keeper)
    for team in teams:
        require_team(desk, team)
    _no_lookalike(desk, user)
    one = user_stream(user)
    state, version = desk.fold(one, User(), evolve, "access")
    made = facts(
        reader, one, version, _begun(state, user, controller, roles, teams, service=service)
    )
    if closing:
        made += facts(reader, CLOSING, 0, (StoreClosed(),))
    submission = Submission(command_id, desk.digest("user.add", body), made)
    return desk.save([Prepared(one, {"access": submission}, reader)])[0]


def _no_lookalike(desk: Desk, user: str) -> None:
    """Raises Refused where somebody has an account whose name would be taken for this one."""
    with desk.deciding() as db:
        there = {one.user for one in accounts.listed(db)} | {administrator(desk)}
    mine = looks(user)
    if alike := sorted(one for one in there - {user} if looks(one) & mine):
        raise Refused(f"{user} would be taken for {alike[0]}: take a name that looks otherwise")


def administrator(desk: Desk) -> str:
    """Who made the store, and so has its first account."""
    first = desk.logs["evidence"].history(STORE)[0].event
    assert isinstance(first, StoreMade)  # noqa: S101 (no other event begins this stream)
    return first.administrator


def _begun(
    state: User,
    user: str,
    controller: str | None,
    roles: Sequence[Role],
    teams: Sequence[str],
    *,
    service: bool,
) -> tuple[Event, ...]:
    events: tuple[Event, ...] = ()
    steps: list[Decision] = [
        lambda s: account.add(s, user, controller),
        *([lambda s: account.make_service(s, user)] if service else []),
        *(lambda s, role=role: account.give_role(s, user, role) for role in roles),
        *(lambda s, team=team: account.join(s, user, team) for team in teams),
    ]
    for step in steps:
        taken = step(state)
        events += taken
        for event in taken:
            state = evolve(state, event)
    return events


# --- one account --------------------------------------------------------------------------------


def leave(desk: Desk, reader: Reader, user: str, *, command_id: UUID | None = None) -> Receipt:
    """Somebody leaves for good. Raises Denied, Refused for the last administrator."""

    def decision(state: User) -> tuple[Event, ...]:
        _not_the_last(desk, reader, user)
        return account.leave(state, user)

    return manage(desk, reader, "leave", user, decision, [], command_id)


def lock(
    desk: Desk, reader: Reader, user: str, reason: str, *, command_id: UUID | None = None
) -> Receipt:
    """Close an account until it is unlocked. Raises Denied, Refused."""

    def decision(state: User) -> tuple[Event, ...]:
        _not_the_last(desk, reader, user)
        return account.lock(state, user, reason)

    return manage(desk, reader, "lock", user, decision, [reason], command_id)


def unlock(desk: Desk, reader: Reader, user: str, *, command_id: UUID | None = None) -> Receipt:
    """Open an account again. Raises Denied, Refused."""
    return manage(desk, reader, "unlock", user, lambda s: account.unlock(s, user), [], command_id)


def give_role(
    desk: Desk, reader: Reader, user: str, role: Role, *, command_id: UUID | None = None
) -> Receipt:
    """Raises Denied, Refused for roles that do not go together."""
    return manage(
        desk,
        reader,
        "give_role",
        user,
        lambda s: account.give_role(s, user, role),
        [role],
        command_id,
    )


def take_role(
    desk: Desk, reader: Reader, user: str, role: Role, *, command_id: UUID | None = None
) -> Receipt:
    """Raises Denied, Refused for the last administrator's."""

    def decision(state: User) -> tuple[Event, ...]:
        if role == "administrator":
            _not_the_last(desk, reader, user)
        return account.take_role(state, user, role)

    return manage(desk, reader, "take_role", user, decision, [role], command_id)


def join(
    desk: Desk, reader: Reader, user: str, team: str, *, command_id: UUID | None = None
) -> Receipt:
    """Somebody works for a team, too. Raises Denied, Refused for a team that is not there."""

    def decision(state: User) -> tuple[Event, ...]:
        require_team(desk, team)
        return account.join(state, user, team)

    return manage(desk, reader, "join", user, decision, [team], command_id)


def part(
    desk: Desk, reader: Reader, user: str, team: str, *, command_id: UUID | None = None
) -> Receipt:
    """Somebody no longer works for a team. Raises Denied, Refused."""
    return manage(
        desk, reader, "part", user, lambda s: account.part(s, user, team), [team], command_id
    )


def manage(
    desk: Desk,
    reader: Reader,
    name: str,
    user: str,
    decision: Decision,
    body: list[Any],
    command_id: UUID | None,
) -> Receipt:
    """One decision of whoever keeps the accounts about one of them. Raises Denied for others, and
    what the decision raises."""
    require(reader, "manage-accounts")
    return _user(desk, reader, name, user, decision, body, command_id)


def _user(
    desk: Desk,
    reader: Reader,
    name: str,
    user: str,
    decision: Decision,
    body: list[Any],
    command_id: UUID | None,
) -> Receipt:
    return act(
        desk,
        reader,
        f"user.{name}",
        user_stream(user),
        User(),
        evolve,
        decision,
        body,
        command_id=command_id,
        log="access",
    )


def _not_the_last(desk: Desk, reader: Reader, user: str) -> None:
    """Raises Denied for others than administrators, Refused where nobody would be left who keeps
    the accounts."""
    require(reader, "manage-accounts")
    with desk.deciding() as db:
        keeping = [
            one.user
            for one in accounts.listed(db)
            if "administrator" in one.roles and not one.locked
        ]
    if keeping == [user]:
        raise Refused(f"{user} is the last administrator: add another first")


# --- whose a family is --------------------------------------------------------------------------


def assign(
    desk: Desk,
    reader: Reader,
    user: str,
    *,
    case: UUID | None = None,
    child: UUID | None = None,
    command_id: UUID | None = None,
) -> Receipt:
    """A family or a child becomes somebody's. Raises Denied for others than administrators and
    those who allocate the case, Hidden for what is not there, Refused with the nearest name for who
    has no live account that sees cases."""
    _assignable(desk, reader, case, child)

    def decided(state: User) -> tuple[Event, ...]:
        colleague(desk, reader, user, "see-case", "see-words")
        return account.assign(state, user, case, child)

    return _user(
        desk,
        reader,
        "assign",
        user,
        decided,
        [str(case), str(child)],
        command_id,
    )


def end_assignment(
    desk: Desk,
    reader: Reader,
    user: str,
    *,
    case: UUID | None = None,
    child: UUID | None = None,
    command_id: UUID | None = None,
) -> Receipt:
    """A family or a child is no longer somebody's. Raises as `assign`."""
    _assignable(desk, reader, case, child)
    return _user(
        desk,
        reader,
        "end_assignment",
        user,
        lambda s: account.end_assignment(s, user, case, child),
        [str(case), str(child)],
        command_id,
    )


def _assignable(desk: Desk, reader: Reader, case: UUID | None, child: UUID | None) -> None:
    keeps = decide(reader, "manage-accounts").allowed
    if not keeps:
        require(reader, "allocate")
    with desk.deciding() as db:
        found = accounts.cases_of(db, case, child)
        theirs = set(found) if keeps else reached(db, reader, "allocate", found)
    if not found or theirs != set(found):
        raise Hidden(HIDDEN.format(what="family or child", name=str(case or child)))
