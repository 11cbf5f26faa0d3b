"""Finds the accounts that confirm an administrator's proposals: DCIs, and managers of the teams
concerned.
"""

from collections.abc import Collection

from commands.kernel.unit_of_work import Desk
from domain import forms
from domain.kernel.values import Reader, Refused
from projections.people_and_teams import accounts


def confirmers(desk: Desk, teams: Collection[str] = (), without: str = "") -> list[str]:
    """Return the names of the accounts that can confirm a proposed role now: DCIs and managers or,
    with `teams`, DCIs and managers of one of these teams. Accounts that may not sign in, and the
    account `without`, are left out.
    """
    with desk.deciding() as db:
        found_accounts = [
            account
            for account in accounts.list_accounts(db)
            if not (account.left or account.locked or account.service)
        ]
    return [
        account.user
        for account in found_accounts
        if not forms.same_person(account.user, without)
        and (
            "dci" in account.roles
            or ("manager" in account.roles and (not teams or set(account.reach) & set(teams)))
        )
    ]


def require_confirmer(
    desk: Desk, reader: Reader, teams: Collection[str], without: str = ""
) -> None:
    """Raise Refused if the reader, who is no DCI and manages none of these teams, may not confirm
    this proposal because another account (of a DCI, or a manager of one of the teams) can.
    """
    if not reader.closed or "dci" in reader.roles or set(teams) & reader.teams or not teams:
        return
    if able := confirmers(desk, teams, without=without):
        raise Refused(
            f"you cannot confirm this proposal for these teams: {', '.join(sorted(teams))}. "
            f"{' or '.join(able)} can confirm it"
        )
