"""Who may come in now: people by a code for their password, programs by a key for the API.

The person who makes one could use it, so it is a fact of the access log before it is told to
anybody. What it opens stands with the credentials, by its hash alone, and is asked of the log at
every use.
"""

from datetime import datetime
from difflib import get_close_matches
from uuid import UUID, uuid5

from access.who_may.decide import decide, require_any
from commands.kernel.desk import Desk, Receipt, act
from commands.people_and_teams.account import manage
from domain.kernel.values import Denied, Reader
from domain.people_and_teams import account
from domain.people_and_teams.account import User, evolve, user_stream
from projections.people_and_teams import accounts

KEYS = UUID("5f0e7d0c-6a3e-5c3b-9a51-2f4f0c8d7a22")


def invite(desk: Desk, reader: Reader, user: str, *, command_id: UUID | None = None) -> Receipt:
    """Somebody will get a code with which they set their password. Raises Denied, Refused for no
    live account, and for a program's."""
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
    """As `invite`; of somebody who can sign in (`enrolled`), or whose name was somebody's before,
    it takes two people on a store with accounts: an administrator proposes it, and another one, a
    manager or a DCI confirms. Whether the code may be made now: False after the first of the two.
    Raises as `invite`, Refused where one would do both."""
    state, _ = desk.fold(user_stream(user), User(), evolve, "access")
    if not (reader.closed and (enrolled or state.returned)):
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
        lambda s: account.recover(s, user, by, now, keeps=keeps, guarded=not desk.trial()),
        ["recover", by],
        log="access",
        command_id=command_id,
    )
    state, _ = desk.fold(user_stream(user), User(), evolve, "access")
    return state.recovery is None


def make_key(
    desk: Desk,
    reader: Reader,
    user: str,
    until: datetime,
    *,
    command_id: UUID | None = None,
) -> UUID:
    """A program gets a key, beside the one that it has while it changes over; its id, which is the
    same for the same command. Raises Denied, Refused for a person and for an end that is past or
    more than a year away."""
    command_id = command_id or desk.new_random_id()
    key, now = uuid5(KEYS, str(command_id)), desk.clock()
    manage(
        desk,
        reader,
        "make_key",
        user,
        lambda s: account.make_key(s, user, key, until, now),
        [str(key), until],
        command_id=command_id,
    )
    return key


def end_key(
    desk: Desk, reader: Reader, user: str, key: UUID, *, command_id: UUID | None = None
) -> Receipt:
    """A program's key counts for nothing any more. Raises Denied, Refused where there is none."""
    return manage(
        desk,
        reader,
        "end_key",
        user,
        lambda s: account.end_key(s, user, key),
        [str(key)],
        command_id=command_id,
    )


def lives(desk: Desk, user: str) -> bool:
    """Whether somebody may sign in to this account now: asked of the log, so that no view that is
    behind lets anybody in. A program never signs in."""
    state, _ = desk.fold(user_stream(user), User(), evolve, "access")
    return state.exists and not (state.left or state.locked or state.service)


def is_program(desk: Desk, user: str) -> bool:
    """Whether this is the account of a program, and may be used now; asked of the log."""
    state, _ = desk.fold(user_stream(user), User(), evolve, "access")
    return state.exists and state.service and not (state.left or state.locked)


def unknown(desk: Desk, name: str) -> Denied | None:
    """Why this name has no rights on a store with accounts, with the nearest names; None for an
    account that lives. For a store that believes names, and only there: it would help to guess."""
    if lives(desk, name):
        return None
    with desk.deciding() as db:
        live = [one.user for one in accounts.listed(db) if not (one.left or one.locked)]
    near = get_close_matches(name, live, n=3, cutoff=0.6)
    meant = f"did you mean {' or '.join(near)}?" if near else "ask who keeps the accounts."
    return Denied(f"there is no account {name!r} in this store: {meant}")


def serves(desk: Desk, user: str, key: UUID) -> bool:
    """Whether a program's account may be used now, and this key of it."""
    state, _ = desk.fold(user_stream(user), User(), evolve, "access")
    until = state.keys.get(key)
    return state.exists and not state.locked and until is not None and until > desk.clock()
