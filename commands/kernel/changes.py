"""What changed, for another system of the force that keeps up with the record: each step that its
reader would be shown of an item, once, in the order in which it was recorded.

Records of others are passed by without a word of them being opened.
Nothing is left out and nothing comes twice: the place that was reached is one of the log, and what
the reader may see is complete up to the log's head when the question began. Of what they may not
see nothing can be told apart: neither a row nor a gap, nor that there is more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from access.who_may import telling
from commands.kernel.unit_of_work import Desk
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader, Refused
from projections.kernel import item_ids
from projections.kernel.database import Db

#: Of so many records at once it is asked whose they are; read are those that the reader sees.
AT_ONCE = 2_000


@dataclass(frozen=True)
class ItemChange:
    """A step of an item: what kind of item, what the step is called, its reference STREAM:VERSION,
    and when it was recorded. What it says is asked for with the item."""

    item: UUID
    kind: str
    event: str
    ref: str
    recorded: datetime


@dataclass(frozen=True)
class ChangePage:
    """Some of them; `reached` is the place in the log behind which the next ones begin, `more` that
    there are some already."""

    rows: tuple[ItemChange, ...]
    reached: int
    more: bool


def since(desk: Desk, reader: Reader, after: int, limit: int) -> ChangePage:
    """At most so many of the changes behind a place. Raises Refused for a place that the log has
    not come to, LogUnavailable where what the reader may see cannot be told."""
    log = desk.logs["evidence"]
    head, at = log.last(), after
    if after > head:
        raise Refused(
            "this place lies behind the end of the record, as after a backup was restored: ask "
            "again without a place"
        )
    found: list[ItemChange] = []
    reached = after
    with desk.deciding() as db:
        while at < head:
            places = log.streams(at, min(AT_ONCE, head - at))
            if not places:  # the log ends sooner than it says
                break
            at = places[-1][0]
            shown = item_ids.among(db, reader, {stream for _, stream in places})
            seen = [seq for seq, stream in places if stream in shown and seq <= head]
            for start in range(0, len(seen), limit + 1):
                some = seen[start : start + limit + 1]
                facts = [f for first, n in _runs(some) for f in log.read(first - 1, n, _unread)]
                for fact, change in _shown(db, reader, facts):
                    if len(found) == limit:
                        return ChangePage(tuple(found), reached, True)
                    found.append(change)
                    reached = fact.seq
    return ChangePage(tuple(found), head, False)


def _runs(seqs: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where records follow each other, and how many. What the views are asked about them is asked
    of all runs at once: hidden records part runs, and may not show in how long an answer takes."""
    begins = 0
    for at in range(1, len(seqs) + 1):
        if at == len(seqs) or seqs[at] != seqs[at - 1] + 1:
            yield seqs[begins], at - begins
            begins = at


def _unread(seq: int, reason: str) -> None:
    """What is damaged says nothing here: `verify` names it."""


def _shown(
    db: Db, reader: Reader, facts: Sequence[Recorded]
) -> Iterator[tuple[Recorded, ItemChange]]:
    told = telling.told(db, reader, facts).facts
    items = item_ids.of(db, reader, {fact.stream for fact in told})
    for fact in told:
        if row := items.get(fact.stream):
            name = fact.event.stored.name
            yield fact, ItemChange(fact.stream, row.kind, name, fact.ref, fact.recorded)
