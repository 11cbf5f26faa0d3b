"""Queries for items that mention the same subject as a log entry. `projections/due/joined.py`
stores the pairs of all teams; these queries return only pairs of which the reader may know both
items.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct

from access.ids import HexDigits
from access.who_may import scope
from domain.information import shared_mentions
from domain.information.shared_mentions import HUB, Clue, SharedMention
from domain.kernel.values import Reader
from projections.due.joined import ItemRow, KeyRow, PairRow, PartRow, State, clues_of
from projections.due.rows import RestrictedRow
from projections.kernel.database import Db
from projections.kernel.queries import select_each


class Met(Struct, frozen=True):
    """A pair of items that share mentions, as seen from one of them: the shared mentions, as
    written in each of the two items; and the row of the other item.
    """

    id: UUID
    other: ItemRow
    shared: tuple[SharedMention, ...]
    since: datetime | None
    state: State
    by: str | None = None
    decided: datetime | None = None
    reason: str | None = None


def item(db: Db, item_id: UUID) -> ItemRow | None:
    """Return the row of an item. The caller has checked that the reader may know of it."""
    rows = _items(db, [item_id])
    return rows.get(item_id)


def confirmed_with(db: Db, items: Collection[UUID]) -> list[tuple[UUID, UUID, UUID]]:
    """Return the pairs that contain one of these items and that an officer confirmed to mention the
    same subject: the id of the pair and its two items.

    Readers' rights are not checked, because the result is used to protect a child.
    """
    p = PairRow.table.c
    pairs = set()
    for side in (p.a, p.b):
        select = sa.select(p.id, p.a, p.b).where(p.state == "confirmed")
        pairs |= {tuple(row) for row in select_each(db, select, side, items)}
    return sorted(pairs)


def resolve_entry(db: Db, reader: Reader, ending: str) -> list[UUID]:
    """Return the log entries whose id is, or ends with, this text, among those that the reader may
    triage. Entries that no longer wait for an assessor, or that another officer graded, are not
    among them.
    """
    wanted = _digits(ending)
    c = ItemRow.table.c
    theirs = scope.may_act_on(reader, "triage", c.item, singly=True), c.kind == "words"
    if not wanted:
        return []
    select = sa.select(c.item).where(_ends(c.item, wanted), *theirs)
    entry_ids = set(db.execute(select).scalars())
    return sorted(scope.reached(db, reader, "triage", entry_ids))


def _digits(ending: str) -> str | None:
    wanted = ending.strip().lower().replace("-", "")
    return None if len(wanted) < 4 or set(wanted) - set("0123456789abcdef") else wanted


def _ends(column: sa.ColumnElement[UUID], wanted: str) -> sa.ColumnElement[bool]:
    if len(wanted) == 32:
        return column == UUID(wanted)
    return HexDigits(column).like(f"%{wanted}")


def _items(db: Db, ids: Collection[UUID]) -> dict[UUID, ItemRow]:
    c = ItemRow.table.c
    rows = db.execute(sa.select(ItemRow.table).where(c.item.in_(sorted(ids))))
    return {row.item: ItemRow(*row) for row in rows}


def list_pairs(db: Db, reader: Reader, item_id: UUID) -> list[Met]:
    """Return every pair of this item whose other item the reader may know of."""
    c = PairRow.table.c
    both = sa.or_(c.a == item_id, c.b == item_id)
    pairs = [PairRow(*row) for row in db.execute(sa.select(PairRow.table).where(both))]
    others = known_items(db, reader, {pair.b if pair.a == item_id else pair.a for pair in pairs})
    items = _items(db, others)
    return [
        _pair_seen_from(pair, item_id, items)
        for pair in pairs
        if {pair.a, pair.b} - {item_id} <= others
    ]


def _pair_seen_from(pair: PairRow, item_id: UUID, items: dict[UUID, ItemRow]) -> Met:
    mentions = [SharedMention(*mention_fields) for mention_fields in pair.shared]
    if pair.a != item_id:
        mentions = [
            mention._replace(mine=mention.theirs, theirs=mention.mine) for mention in mentions
        ]
    other = items[pair.b if pair.a == item_id else pair.a]
    state_fields = (pair.since, pair.state, pair.by, pair.decided, pair.reason)
    return Met(pair.id, other, tuple(mentions), *state_fields)


def list_weak_pairs(db: Db, reader: Reader, row: ItemRow, without: Collection[UUID]) -> list[Met]:
    """Return the items that share only a weak mention (a place or a description of a vehicle) with
    the item of `row`. No deadline requires a decision about them.

    A mention that occurs in more than `HUB` items of which the reader may know is ignored.
    """
    words = sorted(shared_mentions.listed_only_keys(clues_of(row)))
    c = KeyRow.table.c
    weak_pairs: list[Met] = []
    for word in words:
        select = sa.select(c.item).where(c.word == word, may_know(reader, c.item)).limit(HUB + 2)
        ids = set(db.execute(select).scalars()) - {row.item}
        if len(ids) <= HUB:
            items = _items(db, known_items(db, reader, ids - set(without)))
            for other in items.values():
                mentions = shared_mentions.find_shared(clues_of(row), clues_of(other))
                if mentions and not any(
                    weak_pair.other.item == other.item for weak_pair in weak_pairs
                ):
                    pair_id = shared_mentions.pair_id(row.item, other.item)
                    weak_pairs.append(Met(pair_id, other, mentions, None, "open"))
    return weak_pairs


def count_items_by_mention(db: Db, reader: Reader, clues: Collection[Clue]) -> dict[Clue, int]:
    """Return for each mention (such as a name or a place) the number of items with this mention of
    which the reader may know. Counting stops at `HUB` + 1: a mention in more than `HUB` items is
    too common to be listed.
    """
    c = KeyRow.table.c
    count_by_mention = {}
    for clue in clues:
        word = shared_mentions.own_key(clue)
        if word is None:
            continue
        select = sa.select(c.item).where(_is(db, word), may_know(reader, c.item)).limit(HUB + 1)
        count_by_mention[clue] = len(set(db.execute(select).scalars()))
    return count_by_mention


def _is(db: Db, word: str) -> sa.ColumnElement[bool]:
    """Return the SQL condition that an item has the mention with the key `word`. For the key of a
    part of a number plate, the item has to mention a plate with that part; of each team, only the
    newest such plates count.
    """
    c, p = KeyRow.table.c, PartRow.table.c
    if not word.startswith(shared_mentions.PART):
        return c.word == word
    plates = db.execute(sa.select(p.plates).where(p.part == word)).scalars()
    return c.word.in_(sorted({plate for team_plates in plates for plate in team_plates}))


def may_know(reader: Reader, column: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """Return the condition that the reader may know of an item's mentions, because they may triage
    it or see it."""
    if not reader.closed:
        return sa.and_(sa.true(), column.not_in(sa.select(RestrictedRow.table.c.item)))
    ways = (
        scope.may_act_on(reader, "triage", column, singly=True),
        scope.sees(reader, column, singly=True),
    )
    return sa.and_(sa.or_(*ways), column.not_in(sa.select(RestrictedRow.table.c.item)))


def known_items(db: Db, reader: Reader, ids: Collection[UUID]) -> set[UUID]:
    """Return the items among these that the reader may know of."""
    c = ItemRow.table.c
    select = sa.select(c.item).where(c.item.in_(sorted(ids)), may_know(reader, c.item))
    item_ids = set(db.execute(select).scalars())
    if not reader.closed:
        return item_ids
    return scope.reached(db, reader, "triage", item_ids) | scope.visible_items(db, reader, item_ids)


def hidden(db: Db, reader: Reader, item_id: UUID) -> set[UUID]:
    """Return the matching items that the reader may not know of, so that the teams that recorded
    them can be notified.
    """
    if not reader.closed:
        return set()
    c = PairRow.table.c
    select = sa.select(c.a, c.b).where(sa.or_(c.a == item_id, c.b == item_id))
    others: set[Any] = {other for pair in db.execute(select) for other in pair} - {item_id}
    return others - known_items(db, reader, others)


def find(db: Db, reader: Reader, ending: str) -> list[PairRow]:
    """Return the pairs whose id is, or ends with, this text, among those that the reader may know
    of."""
    wanted = _digits(ending)
    if not wanted:
        return []
    c = PairRow.table.c
    where = _ends(c.id, wanted), may_know(reader, c.a), may_know(reader, c.b)
    return [PairRow(*row) for row in db.execute(sa.select(PairRow.table).where(*where))]


def since(db: Db, reader: Reader, start: datetime | None, most: int) -> list[PairRow]:
    """Return, for a team's brief, at most `most` pairs of matching items that still need a
    decision, the oldest pair first. In each pair, the log entry itself has been decided about. With
    `start`, return only pairs that were found after that time.
    """
    c, i = PairRow.table.c, ItemRow.table.c
    if scope.reaches_nothing(reader, "triage") and scope.reaches_nothing(reader, "see-words"):
        return []  # a pair always has a log entry, and this reader sees none
    entry_query = sa.select(sa.literal(1)).where(i.item == c.a, i.decided)
    # the offset makes the database check `decided` row by row (access.who_may.conditions)
    decided = sa.exists(entry_query.limit(1).offset(0))
    where = [c.state == "open", decided, may_know(reader, c.a), may_know(reader, c.b)]
    where += [c.since > start] if start else []
    select = sa.select(PairRow.table).where(*where).order_by(c.since, c.id).limit(most)
    return [PairRow(*row) for row in db.execute(select)]
