"""Finds the stream of a user's e-mail address by the user's name, and the teams for which the user
has worked.
"""

from itertools import count
from uuid import UUID

from commands.kernel.unit_of_work import Desk
from domain.data_protection.erasure import is_destroyed
from domain.people_and_teams.account import TeamJoined, user_stream
from domain.people_and_teams.notifying import address_of


def address_stream(desk: Desk, user: str) -> UUID:
    """Return the id of the stream that holds this user's e-mail address. Streams of erased
    addresses are skipped.
    """
    return next(
        item
        for item in (address_of(user, erased) for erased in count())
        if not any(map(is_destroyed, (fact.event for fact in desk.logs["access"].history(item))))
    )


def worked_for(desk: Desk, user: str) -> set[str]:
    """Return the teams that a user of this name has ever worked for."""
    history = desk.logs["access"].history(user_stream(user))
    return {fact.event.team for fact in history if isinstance(fact.event, TeamJoined)}
