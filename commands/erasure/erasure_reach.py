"""What is somebody's to erase, to keep from erasing, or to take out of use."""

from collections.abc import Collection
from uuid import UUID

from access.who_may import scope
from access.who_may.decide import Thing, decide
from commands.kernel.unit_of_work import Desk
from commands.kernel.users import worked_for
from domain.data_protection.erasure import ERASURES
from domain.data_protection.request_intake import RequestNoted
from domain.kernel.values import Denied, Reader
from domain.people_and_teams.notifying import AddressGiven
from domain.people_and_teams.store_admin import FileReceived

#: What is told where a subject of one's own stands in what others hold.
NOT_ALONE = "it is not yours alone: ask somebody who sees all teams to do it"


def reached(
    desk: Desk, reader: Reader, items: Collection[UUID], *, also_unknown: bool = False
) -> set[UUID]:
    """Which of these are the reader's to erase, a file of their own team's among them: what several
    hold is for the person who reaches it for each of them. With `also_unknown`, what is no item by
    itself goes with the others."""
    if not reader.closed:
        return set(items)
    with desk.deciding() as db:
        known = scope.things(db, items)
    found = {
        one for one, held in known.items() if all(decide(reader, "erase", t).allowed for t in held)
    }
    return found | {
        one
        for one in set(items) - known.keys()
        if also_unknown
        or _own_file(desk, reader, one)
        or _colleagues(desk, reader, one)
        or (noted(desk, one) and decide(reader, "find-subject").allowed)
    }


def _own_file(desk: Desk, reader: Reader, one: UUID) -> bool:
    first = desk.logs["evidence"].history(one)[:1]
    return bool(first) and isinstance(first[0].event, FileReceived) and _ours(reader, first[0].team)


def _colleagues(desk: Desk, reader: Reader, one: UUID) -> bool:
    """Whether it is the address of somebody who works, or worked, for a team of theirs."""
    first = desk.logs["access"].history(one)[:1]
    if not first or not isinstance(first[0].event, AddressGiven):
        return False
    return any(_ours(reader, team) for team in worked_for(desk, first[0].event.user))


def noted(desk: Desk, one: UUID) -> bool:
    """True if this is a request for access that was written down without its subject."""
    first = desk.logs["access"].history(one)[:1]
    return bool(first) and isinstance(first[0].event, RequestNoted)


def visible(desk: Desk, reader: Reader, records: Collection[UUID]) -> set[UUID]:
    """Those of these records that the reader sees; of what stands in no view of who sees what (an
    export, an older hold) what their team recorded."""
    if not reader.closed:
        return set(records)
    with desk.deciding() as db:
        known = scope.things(db, records)
        found = scope.seen(db, reader, known)
    return found | {
        one for one in set(records) - known.keys() if _recorded_by_ours(desk, reader, one)
    }


def _recorded_by_ours(desk: Desk, reader: Reader, one: UUID) -> bool:
    """Whether this was first recorded by a team of the reader's, or they reach all teams."""
    first = [fact for log in desk.logs.values() for fact in log.history(one)[:1]]
    ours = {reader.team, *reader.teams}
    return any(fact.team in ours or _ours(reader, fact.team) for fact in first)


def _ours(reader: Reader, team: str) -> bool:
    return decide(reader, "erase", Thing("words", ERASURES, team, "")).allowed


def require_reached(desk: Desk, reader: Reader, items: Collection[UUID]) -> None:
    """Raises Hidden for one item that is not the reader's to erase, Denied where several are not
    all theirs."""
    if hidden := set(items) - reached(desk, reader, items):
        if len(items) > 1:
            raise Denied(NOT_ALONE)
        raise scope.not_there("item", str(min(hidden)))
