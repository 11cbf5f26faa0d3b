"""The names of the items of an erasure, for the two people who decide about it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from access.who_may.decide import decide
from commands.erasure.erasure import Progress
from commands.kernel.display_names import kind_name, names, names_with_children
from commands.kernel.unit_of_work import Desk
from domain.data_protection.erasure import Planned
from domain.kernel.values import Reader
from projections.kernel.database import Db
from projections.people_and_teams import accounts

#: States of an erasure in which a second person still has to read the proposal.
OPEN = ("proposed", "approved")
#: Name of the log of sources. The day of its records is not shown, because a day could identify the
#: source.
SECRET = "sources"


class NamedItem(Struct, frozen=True):
    """An item of an erasure: its name, or its kind if the reader may not read the name; and when it
    was first recorded. `ids` are the id of the item and the ids of other items that its name
    mentions.
    """

    name: str
    recorded: datetime | None
    ids: tuple[UUID, ...]


def named_items(
    desk: Desk, db: Db, reader: Reader, items: Collection[Planned], of: Progress | None = None
) -> Mapping[UUID, NamedItem]:
    """Return the names of `items`, which an erasure removes; `of` is the erasure, if it was already
    proposed. An officer who approves an erasure has to know what it removes. So this officer gets
    also the names that only the proposer may read, but never the words of log entries.
    """
    named, sees = names(db, reader, [item.id for item in items]), reader
    if of and of.state in OPEN and decide(reader, "approve-erasure").allowed:
        sees = accounts.reader(db, structs.replace(reader, name=of.proposed_by), desk.clock())
        unnamed = [item.id for item in items if item.id not in named]
        named = names(db, sees, unnamed, words=False) | named
    cases = [item.id for item in items if item.kind == "case" and item.id in named]
    named |= names_with_children(db, sees, cases)
    found_items: dict[UUID, NamedItem] = {}
    for item in items:
        first = desk.logs[item.log].history(item.id)[:1] if item.log != SECRET else ()
        recorded = first[0].recorded if first else None
        description, others, _ = named.get(item.id, (kind_name(item.kind), (), None))
        ids = (item.id, *others) if item.id in named else ()
        found_items[item.id] = NamedItem(description, recorded, ids)
    return found_items
