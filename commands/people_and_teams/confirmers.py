"""Who confirms what an administrator proposes: DCIs, and managers of the teams it is about."""

from collections.abc import Collection

from commands.kernel.unit_of_work import Desk
from domain import forms
from domain.kernel.values import Reader, Refused
from projections.people_and_teams import accounts


def confirmers(desk: Desk, teams: Collection[str] = (), without: str = "") -> list[str]:
    """Who can confirm a role now: of accounts that may sign in, by name, the DCIs and the managers,
    or those managers alone who work for one of these `teams`."""
    with desk.deciding() as db:
        found = [one for one in accounts.listed(db) if not (one.left or one.locked or one.service)]
    return [
        one.user
        for one in found
        if not forms.same_person(one.user, without)
        and (
            "dci" in one.roles
            or ("manager" in one.roles and (not teams or set(one.reach) & set(teams)))
        )
    ]


def require_confirmer(
    desk: Desk, reader: Reader, teams: Collection[str], without: str = ""
) -> None:
    """Raises Refused for a manager of other teams than these, where one of these could confirm."""
    if not reader.closed or "dci" in reader.roles or set(teams) & reader.teams or not teams:
        return
    if able := confirmers(desk, teams, without=without):
        raise Refused(f"{' or '.join(able)} can confirm this, for {', '.join(sorted(teams))}")
