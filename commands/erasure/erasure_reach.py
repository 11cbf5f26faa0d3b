"""Find which items a reader may erase, hold or restrict."""

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

#: The message that refuses an erasure if records of other teams contain the subject.
NOT_ALONE = "some of these items belong to other teams: ask a user who sees all teams to do this"


def reached(
    desk: Desk, reader: Reader, items: Collection[UUID], *, also_unknown: bool = False
) -> set[UUID]:
    """Return those of these items that the reader may erase; if several teams have an item, the
    reader needs the right in each of them. Files of the reader's own team are included although no
    access view lists them. With `also_unknown`, all ids that no access view lists are included.
    """
    if not reader.closed:
        return set(items)
    with desk.deciding() as db:
        things = scope.find_items(db, items)
    found_items = {
        item
        for item, held_things in things.items()
        if all(decide(reader, "erase", t).allowed for t in held_things)
    }
    return found_items | {
        item
        for item in set(items) - things.keys()
        if also_unknown
        or _own_file(desk, reader, item)
        or _is_colleagues_address(desk, reader, item)
        or (is_unidentified_request(desk, item) and decide(reader, "find-subject").allowed)
    }


def _own_file(desk: Desk, reader: Reader, item: UUID) -> bool:
    first = desk.logs["evidence"].history(item)[:1]
    return (
        bool(first)
        and isinstance(first[0].event, FileReceived)
        and _is_own_team(reader, first[0].team)
    )


def _is_colleagues_address(desk: Desk, reader: Reader, item: UUID) -> bool:
    """Return whether this is the e-mail address of a person who works, or worked, for one of the
    reader's teams.
    """
    first = desk.logs["access"].history(item)[:1]
    if not first or not isinstance(first[0].event, AddressGiven):
        return False
    return any(_is_own_team(reader, team) for team in worked_for(desk, first[0].event.user))


def is_unidentified_request(desk: Desk, item: UUID) -> bool:
    """Return whether this access request was recorded without an identified subject."""
    first = desk.logs["access"].history(item)[:1]
    return bool(first) and isinstance(first[0].event, RequestNoted)


def visible(desk: Desk, reader: Reader, records: Collection[UUID]) -> set[UUID]:
    """Return those of these records that the reader sees. A record that is in no access view, such
    as an export, is visible if the reader's team recorded it.
    """
    if not reader.closed:
        return set(records)
    with desk.deciding() as db:
        things = scope.find_items(db, records)
        found_items = scope.visible_items(db, reader, things)
    return found_items | {
        item for item in set(records) - things.keys() if _recorded_by_ours(desk, reader, item)
    }


def _recorded_by_ours(desk: Desk, reader: Reader, item: UUID) -> bool:
    """Return whether a team of the reader recorded this item first, or the reader may reach all
    teams.
    """
    first = [fact for log in desk.logs.values() for fact in log.history(item)[:1]]
    ours = {reader.team, *reader.teams}
    return any(fact.team in ours or _is_own_team(reader, fact.team) for fact in first)


def _is_own_team(reader: Reader, team: str) -> bool:
    return decide(reader, "erase", Thing("words", ERASURES, team, "")).allowed


def require_reached(desk: Desk, reader: Reader, items: Collection[UUID]) -> None:
    """Raise an error if the reader may not erase all of these items: Hidden for a single item,
    Denied for several.
    """
    if hidden := set(items) - reached(desk, reader, items):
        if len(items) > 1:
            raise Denied(NOT_ALONE)
        raise scope.hidden_error("item", str(min(hidden)))
