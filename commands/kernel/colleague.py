"""Find a named colleague: an active account with a suitable role and team.

Without this check, a typing error would allocate a child to a worker who does not exist. A store
without accounts cannot check names, and stores them as typed.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from uuid import UUID

from access.who_may import scope
from access.who_may.decide import decide
from access.who_may.table import MAY, SAID
from commands.kernel.unit_of_work import Desk
from domain import forms
from domain.kernel.acts import Act
from domain.kernel.values import Reader, Refused
from projections.families import cases
from projections.kernel.database import Db
from projections.people_and_teams import accounts

#: The largest number of similar names to suggest when a name of an account is refused.
OFFERED = 3


def colleague(
    desk: Desk,
    reader: Reader,
    name: str,
    *acts: Act,
    case: UUID | None = None,
    team: str | None = None,
) -> str:
    """Return the account with this name, if one of its roles may do one of these actions. With
    `case`, the account has to be in the case's team or already work with the family; with `team`,
    it has to be in that team or act for all teams. Otherwise raises Refused, and the message
    suggests the nearest names that the reader may see.
    """
    with desk.deciding() as db:
        if not accounts.is_closed(db) or not name.strip():
            return name.strip()
        fitting = [
            account
            for account in live_accounts(db)
            if _fits(db, account, acts, case)
            and (team is None or _acts_in_team(account, acts, team))
        ]
    meant = [account.user for account in fitting if forms.same_person(account.user, name)]
    if name.strip() in meant or len(meant) == 1:
        return name.strip() if name.strip() in meant else meant[0]
    raise Refused(
        f"no single colleague called {name.strip()!r} can {SAID[acts[0]]} in this case or team: "
        f"{suggest_nearest(reader, name, fitting)}",
        named=name,
    )


def colleagues(desk: Desk, reader: Reader, *acts: Act, team: str) -> list[str]:
    """Return the accounts of a team that may do one of these actions and are visible to the reader;
    [] on a store without accounts.
    """
    with desk.deciding() as db:
        if not accounts.is_closed(db):
            return []
        return [
            account.user
            for account in live_accounts(db, assigned=False)
            if _fits(db, account, acts, None)
            and _acts_in_team(account, acts, team)
            and _is_visible(reader, account)
        ]


def unallocated(db: Db, reader: Reader, most: int | None = None) -> "list[cases.Case]":
    """Return the open cases without a worker who has a live account; at most `most` cases."""
    return cases.unallocated(db, reader, open_accounts(db), most)


def unallocated_count(db: Db, reader: Reader) -> int:
    """Return how many open cases have no worker with an active account. Counting stops just above a
    fixed limit, so a number above the limit means "more than the limit".
    """
    return cases.unallocated_count(db, reader, open_accounts(db))


def open_accounts(db: Db) -> frozenset[str] | None:
    """Return the users whose account is open; None on a store without accounts."""
    return accounts.working(db) if accounts.is_closed(db) else None


def suggest_colleagues(desk: Desk, reader: Reader, name: str, *acts: Act) -> str:
    """Return a sentence with similar names, for a user whose name for a colleague was refused. The
    names are those of accounts that may do one of these actions.
    """
    with desk.deciding() as db:
        fitting = [
            account
            for account in live_accounts(db, assigned=False)
            if _fits(db, account, acts, None)
        ]
    return suggest_nearest(reader, name, fitting)


def live_accounts(db: Db, *, assigned: bool = True) -> "list[accounts.Account]":
    """Return the accounts of people who may sign in now. With `assigned`, each account is returned
    with the cases that are assigned to it.
    """
    everybody = accounts.list_accounts(db, assigned=assigned)
    return [
        account for account in everybody if not (account.left or account.locked or account.service)
    ]


def _fits(db: Db, account: "accounts.Account", acts: Sequence[Act], case: UUID | None) -> bool:
    if not any(act in MAY[role] for role in account.roles for act in acts):
        return False
    if case is None or case in account.cases:
        return True
    return any(
        scope_item.team in account.reach
        for scope_item in scope.find_items(db, [case]).get(case, ())
    )


def may_read_case(db: Db, account: "accounts.Account", act: Act, case: UUID) -> bool:
    """Return whether one of the account's roles may do this action and reaches this case."""
    own = case in account.cases
    widths = [MAY[role].get(act) for role in account.roles]
    return any(
        width == "any" or own or (width != "own" and _fits(db, account, (act,), case))
        for width in widths
        if width
    )


def _acts_in_team(account: "accounts.Account", acts: Sequence[Act], team: str) -> bool:
    return team in account.reach or any(
        MAY[role].get(act) == "any" for role in account.roles for act in acts
    )


def _is_visible(reader: Reader, account: "accounts.Account") -> bool:
    """Return whether the reader may know of this account: the account is in one of the reader's
    teams, or the reader manages accounts.
    """
    return decide(reader, "manage-accounts").allowed or not reader.teams.isdisjoint(account.reach)


def suggest_nearest(reader: Reader, name: str, fitting: "Sequence[accounts.Account]") -> str:
    """Return a suggestion for a refused name: the names nearest to it that the reader may know
    of."""
    names = {
        forms.name(account.user): account.user
        for account in fitting
        if _is_visible(reader, account)
    }
    near = get_close_matches(forms.name(name), names, n=OFFERED, cutoff=0.5)
    if not near:
        return "give the name of a live account of the team"
    return f"did you mean {' or '.join(names[text] for text in near)}?"
