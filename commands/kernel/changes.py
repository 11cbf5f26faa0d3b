"""The feed of changes to items for another system of the force: each recorded step of an item that
the system may see, once, in the order of recording.

Hidden records are skipped without being decrypted, and leave no trace: neither a row nor a gap, nor
a sign that there is more. A position in the feed is a position in the log, so that no change is
missing or repeated. Each query uses the system's access as it is at the end of the log.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from access.who_may import telling
from commands.kernel.unit_of_work import Desk
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader, Refused
from projections.kernel import item_ids
from projections.kernel.database import Db

#: The number of records of the log whose access is checked in one query. Only visible records are
#: then read.
AT_ONCE = 2_000


class ItemChange(Struct, frozen=True):
    """One step in the feed of changes: the kind of item, the name of the step, its reference
    STREAM:VERSION, and when it was recorded. The reading program gets the item's content by a
    separate request.
    """

    item: UUID
    kind: str
    event: str
    ref: str
    recorded: datetime


class ChangePage(Struct, frozen=True):
    """A page of the feed of changes. The next page begins after the log position `reached`; `more`
    says whether it has any changes.
    """

    rows: tuple[ItemChange, ...]
    reached: int
    more: bool


def changes_after(desk: Desk, reader: Reader, after: int, limit: int) -> ChangePage:
    """Return at most `limit` changes to items after a position in the log. Raises Refused if the
    position is beyond the end of the log; LogUnavailable if the reader's access cannot be
    determined.
    """
    log = desk.logs["evidence"]
    head, at = log.last(), after
    if after > head:
        raise Refused(
            "the position `after` is beyond the end of the record, perhaps because a backup was "
            "restored: request the changes again without `after`"
        )
    changes: list[ItemChange] = []
    reached = after
    with desk.deciding() as db:
        while at < head:
            places = log.streams(at, min(AT_ONCE, head - at))
            if not places:  # the log has fewer records than the view says it has read
                break
            at = places[-1][0]
            shown = item_ids.among(db, reader, {stream for _, stream in places})
            seen = [seq for seq, stream in places if stream in shown and seq <= head]
            for start in range(0, len(seen), limit + 1):
                window = seen[start : start + limit + 1]
                facts = [
                    f for first, n in _runs(window) for f in log.read(first - 1, n, _log_damaged)
                ]
                for fact, change in _shown(db, reader, facts):
                    if len(changes) == limit:
                        return ChangePage(tuple(changes), reached, True)
                    changes.append(change)
                    reached = fact.seq
    return ChangePage(tuple(changes), head, False)


def _runs(seqs: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first position and the length of each run of consecutive positions."""
    begins = 0
    for at in range(1, len(seqs) + 1):
        if at == len(seqs) or seqs[at] != seqs[at - 1] + 1:
            yield seqs[begins], at - begins
            begins = at


def _log_damaged(seq: int, reason: str) -> None:
    """Log why a record is damaged, and return None in its place; the command `verify` reports
    it.
    """


def _shown(
    db: Db, reader: Reader, facts: Sequence[Recorded]
) -> Iterator[tuple[Recorded, ItemChange]]:
    readable = telling.readable_facts(db, reader, facts).facts
    items = item_ids.of(db, reader, {fact.stream for fact in readable})
    for fact in readable:
        if row := items.get(fact.stream):
            name = fact.event.stored.name
            yield fact, ItemChange(fact.stream, row.kind, name, fact.ref, fact.recorded)
