"""Commands for accounts, their roles and case assignments.

A new store is open: a user's name is an unchecked label, and any user may add an account to the
accounts that the command `init` named. Adding this account closes the store for good. On a live
store, a new role, or another team for an account with a role, has to be confirmed by a second
person (`commands.people_and_teams.role_proposal`).

The file is long because an account has many acts.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Unpack
from uuid import UUID, uuid5

from access.who_may.decide import decide, require
from access.who_may.scope import hidden_error, reached
from commands.kernel import item_references
from commands.kernel.colleague import colleague
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, earlier_receipt, facts
from commands.people_and_teams.confirmers import confirmers
from commands.people_and_teams.team import Reorganised, require_team, with_uncovered_cases
from domain import forms
from domain.forms.lookalikes import visual_forms
from domain.kernel.envelope import Event, Submission
from domain.kernel.values import Reader, Refused, Role
from domain.people_and_teams import account
from domain.people_and_teams.account import User, evolve, user_stream
from domain.people_and_teams.store_admin import CLOSING, STORE, StoreClosed, StoreMade
from projections.people_and_teams import accounts

Decision = Callable[[User], tuple[Event, ...]]


def first_administrator(desk: Desk, reader: Reader, name: str) -> Receipt:
    """Record that the user who creates the store is its first administrator. A repeated call
    records nothing and returns the first receipt. Raises Refused for a name that no account can
    have.
    """
    events = _opening_events(User(), name, None, ("administrator",), (), service=False)
    submission = Submission(
        uuid5(STORE, "administrator"),
        b"",
        facts(reader, user_stream(name), 0, events),
    )
    return desk.save([Prepared(user_stream(name), {"access": submission}, reader)])[0]


def first_confirmer(desk: Desk, reader: Reader, user: str, role: Role, team: str) -> Receipt:
    """Add the second of a store's first two accounts, which `init` names: a manager or a DCI, who
    confirms the administrator's proposals. Raises Refused if there are other accounts already.
    """
    if desk.logs["access"].history(CLOSING):
        raise Refused(
            "this store has accounts already: propose the role instead (user role give), and "
            "another person confirms it"
        )
    if forms.same_person(user, administrator(desk)):
        raise Refused(f"{user} is the administrator: name another person as the second person")
    require_team(desk, team)
    item = user_stream(user)
    command = uuid5(STORE, f"confirmer {user} {role}")
    body = [user, role, team]
    if again := desk.repeated(command, "user.first", body, "access"):
        return again
    state, version = desk.fold(item, User(), evolve, "access")
    events = _opening_events(state, user, None, [role], [team], service=False)
    submission = Submission(
        command, desk.digest("user.first", body), facts(reader, item, version, events)
    )
    return desk.save([Prepared(item, {"access": submission}, reader)])[0]


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
    """Add an account, with its teams, for a person or (`service`) a program. The first account
    closes the store to users without an account. On a trial store the account gets its roles at
    once. On a live store the roles are only proposed; until a second person confirms them, the new
    user can only record.

    Raises Denied if the reader is not an administrator; Refused for a name that is in use or looks
    like a name in use, an unknown team, or roles that exclude each other. Also raises Refused if
    closing the store would lock out its administrator (`can_prove` returns whether a user could
    sign in), or if no account could then confirm a role.
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
                "once there is a second account, everybody must sign in, and no account can sign "
                "in yet. First "
                f"give the administrator a password: continuum user enrol {keeper}"
            )
        first_administrator(desk, reader, keeper)
        if not (desk.trial() or confirmers(desk)):
            raise Refused(
                "once there is a second account, a second person confirms each role, and no "
                "account can confirm "
                "a role yet. First name the manager or the DCI: continuum init --manager NAME, "
                "or --dci NAME"
            )
    for team in teams:
        require_team(desk, team)
    _refuse_lookalike(desk, user)
    item = user_stream(user)
    state, version = desk.fold(item, User(), evolve, "access")
    proposal = None if desk.trial() else (reader.name, desk.clock())
    begun = _opening_events(
        state, user, controller, roles, teams, service=service, proposal=proposal
    )
    made = facts(reader, item, version, begun)
    if closing:
        made += facts(reader, CLOSING, 0, (StoreClosed(),))
    submission = Submission(command_id, desk.digest("user.add", body), made)
    return desk.save([Prepared(item, {"access": submission}, reader)])[0]


def _refuse_lookalike(desk: Desk, user: str) -> None:
    """Raise Refused if the name of a new account could be mistaken for the name of an existing
    account.
    """
    with desk.deciding() as db:
        there = {one.user for one in accounts.list_accounts(db)} | {administrator(desk)}
    mine = visual_forms(user)
    if alike := sorted(text for text in there - {user} if visual_forms(text) & mine):
        raise Refused(
            f"the name {user} looks like {alike[0]}: choose a name that cannot be confused with it"
        )


def administrator(desk: Desk) -> str:
    """Return the name of the store's maker, who has its first account."""
    first = desk.logs["evidence"].history(STORE)[0].event
    assert isinstance(first, StoreMade)  # noqa: S101 (no other event begins this stream)
    return first.administrator


def _opening_events(
    state: User,
    user: str,
    controller: str | None,
    roles: Sequence[Role],
    teams: Sequence[str],
    *,
    service: bool,
    proposal: tuple[str, datetime] | None = None,
) -> tuple[Event, ...]:
    """Return the events that record a new account with its roles and teams. With `proposal`, which
    has the proposer and the time, the roles are only proposed.
    """

    def given(role: Role, state: User) -> tuple[Event, ...]:
        if proposal is None:
            return account.give_role(state, user, role)
        return account.propose(state, user, (role, None), *proposal)

    events: tuple[Event, ...] = ()
    steps: list[Decision] = [
        lambda s: account.add(s, user, controller),
        *([lambda s: account.make_service(s, user)] if service else []),
        *(lambda s, team=team: account.join(s, user, team) for team in teams),
        *(partial(given, role) for role in roles),
    ]
    for step in steps:
        taken = step(state)
        events += taken
        for event in taken:
            state = evolve(state, event)
    return events


# --- one account --------------------------------------------------------------------------------


def leave(desk: Desk, reader: Reader, user: str, **command: Unpack[Command]) -> Reorganised:
    """Deactivate a leaver's account for good, and end their sessions. Raises Denied, Refused for
    the last administrator.
    """

    def decision(state: User) -> tuple[Event, ...]:
        _refuse_last_administrator(desk, reader, user)
        return account.leave(state, user)

    left = manage(desk, reader, "leave", user, decision, [], **command)
    desk.doors.shut_out(user, for_good=True)
    return with_uncovered_cases(desk, left)


def lock(desk: Desk, reader: Reader, user: str, reason: str, **command: Unpack[Command]) -> Receipt:
    """Lock an account until it is unlocked, and end its sessions at once. Raises Denied,
    Refused."""

    def decision(state: User) -> tuple[Event, ...]:
        _refuse_last_administrator(desk, reader, user)
        return account.lock(state, user, reason)

    locked = manage(desk, reader, "lock", user, decision, [reason], **command)
    desk.doors.shut_out(user)
    return locked


def unlock(desk: Desk, reader: Reader, user: str, **command: Unpack[Command]) -> Receipt:
    """Unlock an account, and clear its failed sign-in attempts. Raises Denied, Refused."""
    unlocked = manage(
        desk, reader, "unlock", user, lambda s: account.unlock(s, user), [], **command
    )
    desk.doors.forgive(user)
    return unlocked


def give_role(
    desk: Desk, reader: Reader, user: str, role: Role, **command: Unpack[Command]
) -> Receipt:
    """Give a role to a user; on a live store, only propose the role, which a second person has to
    confirm. Raises Denied, and Refused if the user would have roles that exclude each other.
    """
    by, now = reader.name, desk.clock()

    def decision(state: User) -> tuple[Event, ...]:
        if desk.trial():
            return account.give_role(state, user, role)
        return account.propose(state, user, (role, None), by, now)

    return manage(desk, reader, "give_role", user, decision, [role], **command)


def take_role(
    desk: Desk, reader: Reader, user: str, role: Role, **command: Unpack[Command]
) -> Receipt:
    """Remove a role from a user's account. Raises Denied, and Refused for the role of the last
    administrator.
    """

    def decision(state: User) -> tuple[Event, ...]:
        if role == "administrator":
            _refuse_last_administrator(desk, reader, user)
        return account.take_role(state, user, role)

    return manage(desk, reader, "take_role", user, decision, [role], **command)


def join(desk: Desk, reader: Reader, user: str, team: str, **command: Unpack[Command]) -> Receipt:
    """Add an account to a team. On a live store, a second person has to confirm this if the account
    has a role or a proposed role, because the role sees more in another team. Raises Denied,
    Refused for an unknown team.
    """
    by, now = reader.name, desk.clock()

    def decision(state: User) -> tuple[Event, ...]:
        require_team(desk, team)
        if desk.trial() or not (state.roles or state.rights):
            return account.join(state, user, team)
        return account.propose(state, user, (None, team), by, now)

    return manage(desk, reader, "join", user, decision, [team], **command)


def part(
    desk: Desk, reader: Reader, user: str, team: str, **command: Unpack[Command]
) -> Reorganised:
    """Remove an account from a team. Raises Denied, Refused."""
    parted = manage(
        desk, reader, "part", user, lambda s: account.part(s, user, team), [team], **command
    )
    return with_uncovered_cases(desk, parted)


def manage(
    desk: Desk,
    reader: Reader,
    name: str,
    user: str,
    decision: Decision,
    body: Sequence[object],
    **command: Unpack[Command],
) -> Receipt:
    """Record an administrator's decision about an account. Raises Denied if the reader is not an
    administrator, and what `decision` raises.
    """
    require(reader, "manage-accounts")
    return act(
        desk,
        reader,
        f"user.{name}",
        user_stream(user),
        User(),
        evolve,
        decision,
        body,
        log="access",
        **command,
    )


def require_account(desk: Desk, user: str) -> None:
    """Raise Refused if the account does not exist."""
    account.require_account(desk.fold(user_stream(user), User(), evolve, "access")[0])


def _refuse_last_administrator(desk: Desk, reader: Reader, user: str) -> None:
    """Raise Denied if the reader is not an administrator, Refused if no administrator would remain
    without this user.
    """
    require(reader, "manage-accounts")
    with desk.deciding() as db:
        keeping = [
            one.user
            for one in accounts.list_accounts(db)
            if "administrator" in one.roles and not one.locked
        ]
    if keeping == [user]:
        raise Refused(
            f"{user} is the last administrator: add another administrator first", field="user"
        )


# --- case assignments -----------------------------------------------------------------------------


def assign(
    desk: Desk, reader: Reader, user: str, family: str, **command: Unpack[Command]
) -> Receipt:
    """Assign the named family or child to a user. Raises Denied unless the reader allocates workers
    to the case (or is an administrator of a trial store), Hidden if there is no such family or
    child, and Refused if the user has no active account that sees cases; the message suggests the
    nearest name.
    """

    def decided(state: User, case: UUID | None, child: UUID | None) -> tuple[Event, ...]:
        if not desk.trial() and reader.closed:
            # an administrator alone may not open a case to a user, so this right is required, too
            require(reader, "allocate")
        colleague(desk, reader, user, "see-case", "see-words")
        return account.assign(state, user, case, child)

    return _of_family(desk, reader, "user.assign", user, family, decided, **command)


def end_assignment(
    desk: Desk, reader: Reader, user: str, family: str, **command: Unpack[Command]
) -> Receipt:
    """End the assignment of a family or child to a user. Raises what `assign` raises."""

    def decided(state: User, case: UUID | None, child: UUID | None) -> tuple[Event, ...]:
        return account.end_assignment(state, user, case, child)

    return _of_family(desk, reader, "user.end_assignment", user, family, decided, **command)


def _of_family(
    desk: Desk,
    reader: Reader,
    name: str,
    user: str,
    family: str,
    decided: Callable[[User, UUID | None, UUID | None], tuple[Event, ...]],
    **command: Unpack[Command],
) -> Receipt:
    stream = user_stream(user)
    fields = [family]
    if again := earlier_receipt(
        desk,
        name,
        str(stream),
        fields,
        lambda: stream,
        log="access",
        former=lambda: [str(item) for item in _family(desk, reader, family)],
        **command,
    ):
        return again
    case, child = _assignable(desk, reader, family)
    return act(
        desk,
        reader,
        name,
        stream,
        User(),
        evolve,
        lambda s: decided(s, case, child),
        fields,
        log="access",
        target=str(stream),
        **command,
    )


def _family(desk: Desk, reader: Reader, text: str) -> tuple[UUID | None, UUID | None]:
    """Return the case and the child that `text` names, one of which is None. An administrator has
    to give a whole id, because administrators see neither cases nor children.
    """
    with desk.deciding() as db:
        try:
            item = UUID(text.strip())
        except ValueError:
            item = item_references.item(desk, db, reader, text.strip(), "case", "person")
        child = bool(accounts.cases_of(db, None, item))
    return (None, item) if child else (item, None)


def _assignable(desk: Desk, reader: Reader, text: str) -> tuple[UUID | None, UUID | None]:
    keeps = decide(reader, "manage-accounts").allowed
    if not keeps:
        require(reader, "allocate")
    case, child = _family(desk, reader, text)
    with desk.deciding() as db:
        found_items = accounts.cases_of(db, case, child)
        theirs = set(found_items) if keeps else reached(db, reader, "allocate", found_items)
    if not found_items or theirs != set(found_items):
        raise hidden_error("family or child", str(case or child))
    return case, child
