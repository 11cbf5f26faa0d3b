"""Commands that make enrolment codes, with which people set their passwords, and API keys for
programs.

The maker of a code or key could use it themselves, so the access log records the making before the
code or key is shown. The credentials file stores only its hash, and the log is checked at each use.
"""

from datetime import datetime
from difflib import get_close_matches
from uuid import UUID, uuid5

from access.who_may.decide import decide, require, require_any
from commands.kernel.unit_of_work import Desk, Receipt, act
from commands.people_and_teams.account import manage
from commands.people_and_teams.confirmers import confirmers, require_confirmer
from domain.kernel.envelope import Event
from domain.kernel.values import Denied, Reader
from domain.people_and_teams import account
from domain.people_and_teams.account import User, evolve, user_stream
from projections.people_and_teams import accounts

KEYS = UUID("5f0e7d0c-6a3e-5c3b-9a51-2f4f0c8d7a22")


def invite(desk: Desk, reader: Reader, user: str, *, command_id: UUID | None = None) -> Receipt:
    """Record that a user will get a code to set their password. Raises Denied, and Refused if the
    account is not active or belongs to a program.
    """
    return manage(
        desk,
        reader,
        "invite",
        user,
        lambda s: account.invite(s, user),
        [],
        command_id=command_id,
    )


def recover(
    desk: Desk,
    reader: Reader,
    user: str,
    *,
    enrolled: bool,
    command_id: UUID | None = None,
) -> bool:
    """Record an invitation, or one of the two steps of a recovery; return whether the user's new
    code may be made now.

    Two people are needed on a store with accounts for a user who can sign in already (`enrolled`),
    and for a name that belonged to another person before. On a live store they are also needed for
    the first code of an account that sees more than its own families, because the maker of the code
    could sign in with it. An administrator proposes; another administrator, a manager or a DCI
    confirms; after the first of these steps the result is False. Raises what `invite` raises, and
    Refused if one person would take both steps.
    """
    state, _ = desk.fold(user_stream(user), User(), evolve, "access")
    wide = _sees_more(desk, user, state)
    if not (reader.closed and (enrolled or state.returned or wide)):
        invite(desk, reader, user, command_id=command_id)
        return True
    by, now = reader.name, desk.clock()
    require_any(reader, "manage-accounts", "confirm-access")
    keeps = decide(reader, "manage-accounts").allowed
    act(
        desk,
        reader,
        "user.invite",
        user_stream(user),
        User(),
        evolve,
        lambda s: account.recover(
            s, user, by, now, keeps=keeps, guarded=not desk.trial(), first=wide and not enrolled
        ),
        ["recover", by],
        log="access",
        command_id=command_id,
    )
    state, _ = desk.fold(user_stream(user), User(), evolve, "access")
    return state.recovery is None


def _sees_more(desk: Desk, user: str, state: User) -> bool:
    """Return whether two people are needed for this account's first sign-in, because the account
    sees more than its own families, and another person can confirm. A new worker sees no existing
    records, and so can be added and record at once, even at night.
    """
    if desk.trial() or not state.sees_more:
        return False
    return any(desk.doors.proves_since(text) for text in confirmers(desk, without=user))


def make_key(
    desk: Desk,
    reader: Reader,
    user: str,
    until: datetime,
    *,
    command_id: UUID | None = None,
) -> UUID | None:
    """Return the id of a program's new API key; the program's present key remains valid. A repeated
    command returns the same id. On a live store an administrator proposes the key (the result is
    then None), and a manager or a DCI repeats the command. Raises Denied, and Refused if the
    account is a person's, or if the expiry is past or more than a year away.
    """
    require_any(reader, "manage-accounts", "confirm-access")
    command_id = command_id or desk.new_random_id()
    key, now, by = uuid5(KEYS, str(command_id)), desk.clock(), reader.name
    keeps = decide(reader, "manage-accounts").allowed

    def decision(state: User) -> tuple[Event, ...]:
        if desk.trial() or not reader.closed:
            require(reader, "manage-accounts")
            return account.make_key(state, user, key, until, now)
        if not keeps:
            require_confirmer(desk, reader, state.teams, without=user)
        return account.make_key_by_two(state, user, key, until, by, now, keeps=keeps)

    act(
        desk,
        reader,
        "user.make_key",
        user_stream(user),
        User(),
        evolve,
        decision,
        [str(key), until],
        log="access",
        command_id=command_id,
    )
    state, _ = desk.fold(user_stream(user), User(), evolve, "access")
    return key if key in state.keys else None


def end_key(
    desk: Desk, reader: Reader, user: str, key: UUID, *, command_id: UUID | None = None
) -> Receipt:
    """End a program's API key. Raises Denied, and Refused if there is no such key."""
    return manage(
        desk,
        reader,
        "end_key",
        user,
        lambda s: account.end_key(s, user, key),
        [str(key)],
        command_id=command_id,
    )


def may_sign_in(desk: Desk, user: str) -> bool:
    """Return whether this account exists and a person may sign in to it now; False for a program's
    account. This reads the log, because an outdated view could admit a user who was locked since.
    """
    state, _ = desk.fold(user_stream(user), User(), evolve, "access")
    return state.exists and not (state.left or state.locked or state.service)


def is_program(desk: Desk, user: str) -> bool:
    """Return whether this is a program's account that may be used now. Reads the log."""
    state, _ = desk.fold(user_stream(user), User(), evolve, "access")
    return state.exists and state.service and not (state.left or state.locked)


def refusal_of_name(desk: Desk, name: str) -> Denied | None:
    """Return why an account's name has no rights on a store with accounts, with the nearest names;
    None for an active account. Use this only where users are trusted to give their own name,
    because the text would help an attacker to guess names.
    """
    if may_sign_in(desk, name):
        return None
    with desk.deciding() as db:
        live = [one.user for one in accounts.list_accounts(db) if not (one.left or one.locked)]
    near = get_close_matches(name, live, n=3, cutoff=0.6)
    meant = f"did you mean {' or '.join(near)}?" if near else "ask who keeps the accounts."
    return Denied(f"there is no account {name!r} in this store: {meant}")


def is_key_usable(desk: Desk, user: str, key: UUID) -> bool:
    """Return whether a program's account and this API key of it may be used now."""
    state, _ = desk.fold(user_stream(user), User(), evolve, "access")
    until = state.keys.get(key)
    return state.exists and not state.locked and until is not None and until > desk.clock()
