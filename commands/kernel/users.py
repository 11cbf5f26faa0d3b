"""A user's name: where its address is recorded, and the teams that somebody of it worked for."""

from itertools import count
from uuid import UUID

from commands.kernel.unit_of_work import Desk
from domain.data_protection.erasure import gone
from domain.people_and_teams.account import TeamJoined, user_stream
from domain.people_and_teams.notifying import address_of


def address_stream(desk: Desk, user: str) -> UUID:
    """The stream of this name's address: of one that was erased nothing is said any more."""
    return next(
        one
        for one in (address_of(user, erased) for erased in count())
        if not any(map(gone, (fact.event for fact in desk.logs["access"].history(one))))
    )


def worked_for(desk: Desk, user: str) -> set[str]:
    """The teams that somebody of this name has ever worked for."""
    history = desk.logs["access"].history(user_stream(user))
    return {fact.event.team for fact in history if isinstance(fact.event, TeamJoined)}
