"""People and other entities: names and aliases, categories, ages, and judgements that two entities
are the same.

Every row has the time since when it is recorded, so that a person can be shown as known at an
earlier time. People who were judged the same form a cluster; the rows of each of them are not
changed by the judgement.

The file is long because all these queries need the judgements, and a view reads no other view.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from access.who_may.decide import PERSONS
from domain import forms
from domain.data_protection.retention import (
    RestrictionChanged,
)
from domain.information.source import RootsJoined, RootsParted
from domain.intelligence.entity import (
    AgeRecorded,
    AliasAdded,
    ClassificationEnded,
    NameAdded,
    PersonClassified,
    PersonNamed,
    PersonRecorded,
    ThingRecorded,
)
from domain.intelligence.identity import IdentityChanged, IdentityJudged, IdentityRevoked
from domain.kernel.acts import Act
from domain.kernel.codes import IncidentSort
from domain.kernel.envelope import Recorded
from domain.kernel.values import (
    CLEARED_CATEGORIES,
    OFFENDER_CATEGORIES,
    VICTIM_CATEGORIES,
    EntityKind,
    PoleCategory,
    Reader,
)
from projections.kernel.batch import RowBatch
from projections.kernel.column_types import Moment, to_micros
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.kernel.queries import (
    PREPARED,
    Selected,
    as_parameter,
    counted,
    ids_parameter,
    is_one_of,
    is_one_of_parameter,
    place_of,
    select_each,
)
from projections.kernel.schema import View, rows


@rows("entities", key=("entity",), index=(("kind", "known_from", "entity"),))
class EntityRow(Struct, frozen=True):
    """An entity (person, vehicle, phone, place, account or incident) as first recorded; for an
    incident, also its sort and time.
    """

    table: ClassVar[sa.Table]
    entity: UUID
    seq: int
    kind: EntityKind
    description: str | None
    flags: tuple[str, ...]
    by: str
    team: str
    known_from: datetime
    restricted: bool = False
    sort: IncidentSort | None = None
    since: datetime | None = None
    until: datetime | None = None


@rows("names", key=("entity", "seq"), index=(("normal",),))
class NameRow(Struct, frozen=True):
    """A name of an entity. `label` means that it replaced the former display name of the entity.
    `normal` is the normal form, which is the same for several spellings of the name.
    """

    table: ClassVar[sa.Table]
    entity: UUID
    seq: int
    name: str
    normal: str
    kind: str
    label: bool
    known_from: datetime


@rows("place_doors", key=("entity", "seq"), index=(("door",),))
class DoorRow(Struct, frozen=True):
    """The number and street of a place, by which a house is recognised in any spelling."""

    table: ClassVar[sa.Table]
    entity: UUID
    seq: int
    door: str
    normal: str


@rows("categories", key=("entity", "seq"), index=(("category",),))
class CategoryRow(Struct, frozen=True):
    """A category of a person, such as suspect, with the time from which and until which it was
    recorded."""

    table: ClassVar[sa.Table]
    entity: UUID
    seq: int
    category: PoleCategory
    grounds: str
    by: str
    known_from: datetime
    known_to: datetime | None


@rows("ages", key=("entity", "seq"))
class AgeRow(Struct, frozen=True):
    """An age of a person, as recorded, and since when it is recorded. Words such as "11 yrs" say
    the age on the day `as_of`.
    """

    table: ClassVar[sa.Table]
    entity: UUID
    seq: int
    under_18: bool | None
    born: date | None
    words: str | None
    known_from: datetime
    as_of: date | None = None


@rows("judgements", key=("pair", "seq"), index=(("a",), ("b",)))
class JudgementRow(Struct, frozen=True):
    """A judgement whether two entities or, with `what` = "roots", two tokens of independent sources
    are the same.
    """

    table: ClassVar[sa.Table]
    pair: UUID
    seq: int
    what: str
    a: UUID
    b: UUID
    judgement: str
    reason: str
    by: str
    known_from: datetime
    known_to: datetime | None


def apply(fact: Recorded, batch: RowBatch) -> None:
    item, seq, at = fact.stream, fact.seq, fact.recorded
    match fact.event:
        case PersonRecorded() as event:
            batch.put(EntityRow(item, seq, "person", event.description, (), fact.by, fact.team, at))
            name = event.called or "not known"
            kind = "name" if event.known else "called"
            batch.put(NameRow(item, seq, name, forms.name(name), kind, True, at))
            if event.under_18 is not None or event.born is not None:
                batch.put(AgeRow(item, seq, event.under_18, event.born, None, at))
        case ThingRecorded() as event:
            when = event.happened
            batch.put(
                EntityRow(
                    entity=item,
                    seq=seq,
                    kind=event.kind,
                    description=event.description,
                    flags=event.flags,
                    by=fact.by,
                    team=fact.team,
                    known_from=at,
                    sort=event.sort,
                    since=when.start if when else None,
                    until=when.end if when else None,
                )
            )
            name = event.told if event.kind in ("place", "incident") else event.normal
            batch.put(NameRow(item, seq, name, event.normal, event.kind, True, at))
            if event.kind == "place" and (door := forms.door(event.normal)):
                batch.put(DoorRow(item, seq, door, event.normal))
        case AliasAdded() as event:
            batch.put(NameRow(item, seq, event.name, forms.name(event.name), event.kind, False, at))
        case PersonNamed() as event:
            batch.put(NameRow(item, seq, event.name, forms.name(event.name), "name", True, at))
        case PersonClassified() as event:
            batch.put(CategoryRow(item, seq, event.category, event.grounds, fact.by, at, None))
        case ClassificationEnded() as event:
            for row in batch.having(
                CategoryRow, entity=item, category=event.category, known_to=None
            ):
                batch.put(replace(row, known_to=at))
        case AgeRecorded() as event:
            fields = event.under_18, event.born, event.words, at, event.as_of
            batch.put(AgeRow(item, seq, *fields))
        case IdentityJudged() as event:
            _judge(fact, batch, "entities", event.a, event.b, event.judgement, event.reason)
        case IdentityRevoked():
            _end(fact, batch)
        case RootsJoined() as event:
            _judge(fact, batch, "roots", event.a, event.b, "same", event.reason)
        case RootsParted():
            _end(fact, batch)
        case RestrictionChanged() as event:
            if entity := batch.get(EntityRow, event.item):
                batch.put(replace(entity, restricted=event.placed))


def _judge(
    fact: Recorded, batch: RowBatch, kind: str, a: UUID, b: UUID, judgement: str, reason: str
) -> None:
    _end(fact, batch)
    batch.put(
        JudgementRow(
            fact.stream, fact.seq, kind, a, b, judgement, reason, fact.by, fact.recorded, None
        )
    )


def _end(fact: Recorded, batch: RowBatch) -> None:
    for row in batch.having(JudgementRow, pair=fact.stream, known_to=None):
        batch.put(replace(row, known_to=fact.recorded))


VIEW = View(
    "people",
    (EntityRow, NameRow, DoorRow, CategoryRow, AgeRow, JudgementRow),
    apply,
    moved_by=frozenset(
        {
            AgeRecorded,
            ClassificationEnded,
            IdentityChanged,
            PersonClassified,
            NameAdded,
            PersonRecorded,
            RestrictionChanged,
            RootsJoined,
            RootsParted,
            ThingRecorded,
        }
    ),
)


# --- queries ------------------------------------------------------------------------------------

#: The time in which a fact was the recorded one: from the first moment until the second (None:
#: until now).
Span = tuple[datetime, datetime | None]
_e = EntityRow.table.c
#: The columns of the table of entities that are read for an `Entity`.
_OF_ENTITIES = (
    *(_e.entity, _e.restricted, _e.kind, _e.description, _e.flags),
    *(_e.known_from, _e.sort, _e.since, _e.until),
)


class Entity(Struct, frozen=True):
    """An entity as known at a time. `is_child` means that the person was then under 18, or counts
    as a child (see `entities`). `identified` is false if only a nickname or a description of the
    person is known.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "name"),
        Column("called", "other names"),
        Column("recorded_as", "category"),
        Column("is_child", "under 18", "mark"),
        Column("known_from", "recorded", "moment"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("known_from", "id")
    id: UUID
    kind: EntityKind
    label: str
    names: tuple[str, ...]
    categories: frozenset[PoleCategory]
    is_child: bool
    identified: bool
    born: date | None
    description: str | None
    flags: tuple[str, ...]
    known_from: datetime
    sort: IncidentSort | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def called(self) -> str:
        """Return the other names of the entity, as one text."""
        return ", ".join(name for name in self.names if name != self.label)

    @property
    def recorded_as(self) -> tuple[PoleCategory, ...]:
        """Return the person's categories."""
        return tuple(sorted(self.categories))

    @property
    def cleared(self) -> bool:
        """Return whether the person was eliminated or acquitted. Such a person is marked as
        cleared, and left out of key people.
        """
        return bool(self.categories & CLEARED_CATEGORIES)


def _known_at(
    table: sa.Table, as_known: datetime | sa.ColumnElement[datetime] | None
) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = []
    if as_known is not None:
        where.append(table.c.known_from <= as_known)
    if "known_to" in table.c:
        end = table.c.known_to.is_(None)
        where.append(end if as_known is None else sa.or_(end, table.c.known_to > as_known))
    return where


def _rows_of(
    db: Db, reader: Reader, row: Any, ids: Collection[UUID] | None, as_known: datetime | None
) -> dict[UUID, list[Any]]:
    rows_by_item: dict[UUID, list[Any]] = defaultdict(list)
    for values in _read(db, reader, row, ids, as_known):
        rows_by_item[values[0]].append(row(*values))
    return rows_by_item


def _read(
    db: Db,
    reader: Reader,
    row: Any,
    ids: Collection[UUID] | None,
    as_known: datetime | None = None,
    only: tuple[sa.Column[Any], ...] = (),
) -> list[Any]:
    """Return the rows of these entities, or of all entities if `ids` is None, oldest first; with
    `only`, only these columns.
    """
    if ids is not None and not ids:
        return []
    values: dict[str, Any] = {"known": as_known} if as_known else {}
    if ids is not None:
        values |= {"ids": as_parameter(db.dialect, ids)}
    return scope.answer(db, _question(db.dialect, reader, row, *values, only=only), values)


@lru_cache(maxsize=PREPARED)
def _question(
    dialect: sa.Dialect, reader: Reader, row: Any, *told: str, only: tuple[sa.Column[Any], ...]
) -> scope.ScopedQuestion:
    entity, order = row.table.c.entity, (row.table.c.seq,)
    known_at = sa.bindparam("known", type_=Moment()) if "known" in told else None
    where = _known_at(row.table, known_at)
    if "ids" in told:
        where.append(is_one_of_parameter(entity, ids_parameter(dialect)))
    return scope.question(dialect, reader, entity, where, order, only=only)


def _grouped(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    """Group rows by the value of their first column. Each row in a group has only the columns after
    the first.
    """
    rows_by_id: dict[UUID, list[Any]] = defaultdict(list)
    for item, *values in rows:
        rows_by_id[item].append(values)
    return rows_by_id


def _label(names: Sequence[tuple[str, bool]]) -> str:
    """Return the display name among these names: the last name that was recorded as a display
    name.
    """
    return next((name for name, label in reversed(names) if label), "not known")


def _is_child(
    ages: Sequence[tuple[bool | None, date | None]],
    categories: frozenset[PoleCategory],
    as_at: datetime,
) -> tuple[bool, date | None]:
    born = next((born for _, born in reversed(ages) if born), None)
    if born is not None:
        on = as_at.date()
        years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        return years < 18, born
    stated_under_18 = next(
        (under_18 for under_18, _ in reversed(ages) if under_18 is not None), None
    )
    if stated_under_18 is not None:
        return stated_under_18, born
    return bool(categories & VICTIM_CATEGORIES), born


def entities(
    db: Db,
    reader: Reader,
    ids: Collection[UUID] | None = None,
    *,
    as_known: datetime | None = None,
    as_at: datetime | None = None,
    restricted: bool = False,
) -> dict[UUID, Entity]:
    """Return entities as known at `as_known`, with their ages at `as_at`: the entities with the ids
    `ids`, or all entities if `ids` is None.

    Without a date of birth, a person is a child if they were last recorded as under 18 or, if there
    is no such record, as a victim. With `restricted`, restricted entities are included; this is
    only for the protection of a person.
    """
    base = {
        item: values
        for item, limited, *values in _read(db, reader, EntityRow, ids, as_known, only=_OF_ENTITIES)
        if restricted or not limited
    }
    theirs, of_them = base.keys() if reader.closed else ids, scope.unlimited(reader)
    n, c, a = NameRow.table.c, CategoryRow.table.c, AgeRow.table.c
    names = _grouped(
        _read(db, of_them, NameRow, theirs, as_known, only=(n.entity, n.name, n.label, n.kind))
    )
    categories = _grouped(
        _read(db, of_them, CategoryRow, theirs, as_known, only=(c.entity, c.category))
    )
    ages = _grouped(
        _read(db, of_them, AgeRow, theirs, as_known, only=(a.entity, a.under_18, a.born))
    )
    found_entities: dict[UUID, Entity] = {}
    for item, (kind, description, flags, known_from, sort, since, until) in base.items():
        called = names.get(item, [])
        cats = frozenset(category for (category,) in categories.get(item, []))
        child, born = _is_child(ages.get(item, []), cats, as_at or known_from)
        found_entities[item] = Entity(
            id=item,
            kind=kind,
            label=_label([(name, label) for name, label, _ in called]),
            names=tuple(dict.fromkeys(name for name, _, _ in called)),
            categories=cats,
            is_child=kind == "person" and child,
            identified=any(label and told_as != "called" for _, label, told_as in called),
            born=born,
            description=description,
            flags=flags,
            known_from=known_from,
            sort=sort,
            since=since,
            until=until,
        )
    return found_entities


class EntityNames(Struct, frozen=True):
    """An entity's present display name, and all names it ever had."""

    kind: EntityKind
    label: str
    names: tuple[str, ...]


def visible_names(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, EntityNames]:
    """Return the kind, the display name and all names of each of these entities that the reader
    sees."""
    e, n = EntityRow.table.c, NameRow.table.c
    db_rows = _read(db, reader, EntityRow, ids, only=(e.entity, e.kind, e.restricted))
    kinds: dict[UUID, EntityKind] = {
        entity: kind for entity, kind, restricted in db_rows if not restricted
    }
    names: dict[UUID, list[tuple[str, bool]]] = {kind: [] for kind in kinds}
    of_them = scope.unlimited(reader)
    for entity, name, label in _read(db, of_them, NameRow, kinds, only=(n.entity, n.name, n.label)):
        names[entity].append((name, label))
    return {
        item: EntityNames(
            kind,
            _label(names[item]),
            tuple(dict.fromkeys(name for name, _ in names[item])),
        )
        for item, kind in kinds.items()
    }


class IndexedItem(Struct, frozen=True):
    """A recorded item, in the form in which a search index reads it."""

    id: UUID
    known_from: datetime
    description: str | None
    names: tuple[str, ...]


def of_kind(kind: EntityKind) -> sa.Select[tuple[UUID]]:
    """Return the query for the ids of all entities of this kind. Only conditions of other queries
    may use it, because a reader may not see all of these entities.
    """
    return sa.select(EntityRow.table.c.entity).where(EntityRow.table.c.kind == kind)


def list_unrestricted(db: Db, reader: Reader, kind: EntityKind) -> list[IndexedItem]:
    """Return all unrestricted entities of this kind that the reader sees, in the order of
    recording."""
    e, n = EntityRow.table.c, NameRow.table.c
    in_use = sa.not_(e.restricted)
    where = e.kind == kind, in_use
    found_rows = [
        EntityRow(*row) for row in scope.read(db, reader, e.entity, where, (e.known_from, e.entity))
    ]
    names: dict[UUID, list[str]] = defaultdict(list)
    for item, name in db.execute(
        sa.select(n.entity, n.name).where(n.entity.in_(of_kind(kind).where(in_use))).order_by(n.seq)
    ):
        names[item].append(name)
    return [
        IndexedItem(row.entity, row.known_from, row.description, tuple(names[row.entity]))
        for row in found_rows
    ]


class Since(NamedTuple):
    """The position of an entity in the list of its kind: when it was first recorded, and its id."""

    known_from: datetime
    id: UUID


class OfKind(Struct, frozen=True):
    """The list of all unrestricted entities of a kind that a reader sees, the last recorded first.

    Entities that were judged the same are listed once, with the oldest id and at its position. They
    are few, and `merged` has all of them; the other entities are read page by page. If the reader
    may see only a few entities of the kind, `few` has their ids, and pages are read from these
    entities alone.
    """

    db: Db
    reader: Reader
    kind: EntityKind
    merged: tuple[Since, ...]
    few: set[UUID] | None

    def page(self, skip: int, most: int, after: Since | None = None) -> list[Since]:
        """Return the next `most` entities after the first `skip`, counted from the position
        `after`.
        """
        merged = [entry for entry in self.merged if after is None or entry < after]
        # `merged` has at most `len(merged)` of the skipped entities; the query can skip the others
        behind = max(0, skip - len(merged))
        c = EntityRow.table.c
        select = self._alone(c.known_from, c.entity)
        if after:
            at = sa.type_coerce(c.known_from, sa.BigInteger), c.entity
            place = to_micros(after.known_from), after.id
            select = select.where(sa.tuple_(*at) < place_of(at, place))
        known_from: sa.ColumnElement[Any] = c.known_from
        # `+ 0` keeps the database from using the index on this column, in whose order it would read
        # all rows
        if self.few is not None:
            known_from = sa.type_coerce(c.known_from, sa.BigInteger) + 0
        select = select.order_by(known_from.desc(), c.entity.desc())
        db_rows = self.db.execute(select.offset(behind or None).limit(skip - behind + most))
        both = sorted([*merged, *(Since(*row) for row in db_rows)], reverse=True)
        return both[skip - behind :][:most]

    def count(self, most: int) -> int:
        """Return the number of entities in the list. It is exact up to `most`; for a longer list,
        `most` + 1 is returned.
        """
        alone = counted(self.db, self._alone(sa.literal(1)), most)
        return min(alone + len(self.merged), most + 1)

    def _alone(self, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        """Return the query for the entities of the list that are not judged the same as another
        entity that the reader sees.
        """
        c, j = EntityRow.table.c, JudgementRow.table.c

        def judged(first: Any, second: Any) -> sa.ColumnElement[bool]:
            seen = scope.sees(self.reader, second, singly=True)
            return sa.exists(sa.select(sa.literal(1)).where(*_same(), first == c.entity, seen))

        seen = scope.sees(self.reader, c.entity, singly=True)
        where = [c.kind == self.kind, sa.not_(c.restricted), seen]
        if self.few is not None:
            where.append(c.entity.in_(self.few))
        return sa.select(*columns).where(*where, ~judged(j.a, j.b), ~judged(j.b, j.a))


def pages_of_kind(db: Db, reader: Reader, kind: EntityKind) -> OfKind:
    """Return the list of all entities of a kind, whose pages are read on demand."""
    c, j = EntityRow.table.c, JudgementRow.table.c
    there = sa.select(j.a, j.b).where(*_same(), *(scope.sees(reader, end) for end in (j.a, j.b)))
    pairs = db.execute(there.where(sa.exists().where(c.entity == j.a, c.kind == kind)))
    ids = {end for pair in pairs for end in pair}
    first: dict[UUID, datetime] = {}
    lead = leaders(db, reader, ids)
    where = c.kind == kind, sa.not_(c.restricted), scope.sees(reader, c.entity)
    select = sa.select(c.entity, c.known_from).where(*where)
    for end, since in select_each(db, select, c.entity, lead):
        first[lead[end]] = min(since, first.get(lead[end], since))
    merged = sorted((Since(since, item) for item, since in first.items()), reverse=True)
    few = scope.few_visible(db, reader, PERSONS) if kind == "person" else None
    return OfKind(db, reader, kind, tuple(merged), few)


def _same() -> tuple[sa.ColumnElement[bool], ...]:
    """Return the SQL conditions for judgements, still valid, that two entities are the same."""
    table = JudgementRow.table
    return table.c.what == "entities", table.c.judgement == "same", *_known_at(table, None)


def ages(
    db: Db, reader: Reader, ids: Collection[UUID], as_known: datetime | None = None
) -> dict[UUID, list[AgeRow]]:
    """Return the recorded ages, oldest first, of the people among these whom the reader sees."""
    return _rows_of(db, reader, AgeRow, ids, as_known)


def births_that_differ(db: Db, reader: Reader) -> set[UUID]:
    """Return the people whom the reader sees and for whom two different dates of birth are
    recorded."""
    a = AgeRow.table.c
    select = sa.select(a.entity).where(*_known_at(AgeRow.table, None), scope.sees(reader, a.entity))
    two = select.group_by(a.entity).having(sa.func.count(a.born.distinct()) > 1)
    return scope.visible_items(db, reader, db.scalars(two).all())


def normal_forms(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return the kind and the first normal form of each of these entities that the reader sees."""
    rows_by_item = _rows_of(db, reader, EntityRow, ids, None)
    kinds = {item: row.kind for item, (row, *_) in rows_by_item.items() if not row.restricted}
    of_them = _rows_of(db, scope.unlimited(reader), NameRow, kinds, None)
    return {item: (kinds[item], rows[0].normal) for item, rows in of_them.items()}


def judged_different(
    db: Db, reader: Reader, ids: Collection[UUID]
) -> dict[frozenset[UUID], datetime]:
    """Return the pairs of an entity among `ids` and an entity that is judged different from it,
    with the time of the judgement; only pairs of which the reader sees both.
    """
    c = JudgementRow.table.c
    where = c.what == "entities", c.judgement == "different", c.known_to.is_(None)
    both = scope.sees(reader, c.a), scope.sees(reader, c.b)
    select = sa.select(c.a, c.b, c.known_from).where(*where, *both)
    return {frozenset((a, b)): since for a, b, since in select_each(db, select, c.a, ids)}


def names(db: Db, reader: Reader, item: UUID) -> tuple[str, ...]:
    """Return all present and former names of an entity; none if the reader does not see it."""
    e, n = EntityRow.table.c, NameRow.table.c
    entity_rows = scope.read(
        db, reader, e.entity, (e.entity == item, sa.not_(e.restricted)), (e.seq,)
    )
    if not entity_rows:
        return ()
    name_rows = db.execute(sa.select(n.name).where(n.entity == item).order_by(n.seq))
    return tuple(dict.fromkeys(name_rows.scalars()))


def recorded_as(db: Db, reader: Reader, categories: Collection[PoleCategory]) -> list[UUID]:
    """Return the people who are now recorded in one of these categories, oldest first."""
    c = CategoryRow.table.c
    where = (c.category.in_(sorted(categories)), *_known_at(CategoryRow.table, None))
    db_rows = scope.read(db, reader, c.entity, where, (c.entity, c.seq))
    return list(dict.fromkeys(CategoryRow(*row).entity for row in db_rows))


def suspected(
    db: Db, reader: Reader, ids: Collection[UUID]
) -> dict[UUID, tuple[list[Span], list[Span]]]:
    """Return for each of these people two lists: the intervals in which they were recorded as an
    offender (Data Protection Act 2018, s.38), and those in which they were recorded as eliminated
    or acquitted.
    """
    spans_by_person: dict[UUID, tuple[list[Span], list[Span]]] = {}
    c = CategoryRow.table.c
    where = is_one_of(db, c.entity, ids)
    for values in scope.read(db, reader, c.entity, (where,), (c.seq,)) if ids else ():
        row = CategoryRow(*values)
        offending, cleared = spans_by_person.setdefault(row.entity, ([], []))
        if row.category in OFFENDER_CATEGORIES:
            offending.append((row.known_from, row.known_to))
        elif row.category in CLEARED_CATEGORIES:
            cleared.append((row.known_from, row.known_to))
    return spans_by_person


def judgements(
    db: Db, reader: Reader, *, kind: str = "entities", as_known: datetime | None = None
) -> list[JudgementRow]:
    """Return the judgements about two entities, as known at `as_known`, that the reader sees;
    oldest first."""
    table = JudgementRow.table
    both = scope.sees(reader, table.c.a), scope.sees(reader, table.c.b)
    select = sa.select(table).where(table.c.what == kind, *_known_at(table, as_known), *both)
    return [JudgementRow(*row) for row in db.execute(select.order_by(table.c.seq))]


def parted_since(db: Db, since: datetime) -> bool:
    """Return whether a judgement that two entities are the same was revoked after `since`."""
    c = JudgementRow.table.c
    where = c.what == "entities", c.judgement == "same", c.known_to > since
    return db.execute(sa.select(sa.literal(1)).where(*where).limit(1)).first() is not None


def clusters(
    db: Db, reader: Reader, *, kind: str = "entities", as_known: datetime | None = None
) -> dict[UUID, UUID]:
    """Return each id that was judged the same as another id, with the oldest id of its cluster, as
    known at a time.

    For tokens of independent sources (`kind` = "roots"), judgements that the reader may not see
    count, too, because links of one source are weaker evidence than links of two. The tokens
    themselves are not shown.
    """
    asking = scope.unlimited(reader) if kind == "roots" else reader
    leader: dict[UUID, UUID] = {}

    def lead(item: UUID) -> UUID:
        while leader.setdefault(item, item) != item:
            leader[item] = leader[leader[item]]
            item = leader[item]
        return item

    for row in judgements(db, asking, kind=kind, as_known=as_known):
        if row.judgement == "same":
            a, b = sorted((lead(row.a), lead(row.b)))
            leader[b] = a
    return {item: lead(item) for item in leader}


def leaders(
    db: Db,
    reader: Reader,
    ids: Collection[UUID],
    *,
    kind: str = "entities",
    as_known: datetime | None = None,
) -> dict[UUID, UUID]:
    """Return for each of these ids, and for every other id that was judged the same as one of them,
    the oldest id of its cluster (possibly itself). Only judgements about these clusters are read.

    Exactly one query is made, even without ids, so that the number of queries does not reveal a
    judgement.
    """
    asking = scope.unlimited(reader) if kind == "roots" else reader
    same = _judged_same(db.dialect, asking, kind, as_known is not None)
    parameters = {"known": as_known} if as_known else {}
    leader = {item: item for item in ids}
    beside: dict[UUID, set[UUID]] = defaultdict(set)
    for a, b in map(tuple, db.execute(same, {**parameters, "ids": as_parameter(db.dialect, ids)})):
        beside[a].add(b)
        beside[b].add(a)
    visited: set[UUID] = set()
    for start in sorted(beside):
        if start in visited:
            continue
        cluster, frontier = {start}, {start}
        while frontier:
            frontier = {item for member in frontier for item in beside[member]} - cluster
            cluster |= frontier
        visited |= cluster
        leader |= dict.fromkeys(cluster, start)
    return leader


@lru_cache(maxsize=PREPARED)
def _judged_same(dialect: sa.Dialect, reader: Reader, kind: str, as_known: bool) -> Selected:
    """Return the query for all pairs judged the same that are connected with the ids in the
    parameter, directly or through other pairs. Pairs are used only if the reader sees both members.
    """
    table = JudgementRow.table
    c, known_at = table.c, sa.bindparam("known", type_=Moment()) if as_known else None
    stood = c.what == kind, c.judgement == "same", *_known_at(table, known_at)
    both = sa.select(c.a, c.b).where(*stood, scope.sees(reader, c.a), scope.sees(reader, c.b))
    id_parameter = ids_parameter(dialect)
    first = both.where(sa.or_(*(is_one_of_parameter(end, id_parameter) for end in (c.a, c.b))))
    met = first.cte("met", recursive=True)
    beside = sa.or_(*(end == element for end in (c.a, c.b) for element in (met.c.a, met.c.b)))
    met = met.union(both.join(met, beside))
    return sa.select(met.c.a, met.c.b)


def all_merged_ids(
    db: Db, reader: Reader, who: UUID, as_known: datetime | None = None
) -> list[UUID]:
    """Return the id `who` and every id that was judged to be of the same person or thing, oldest
    first: all of them are shown under the first.
    """
    leaders = clusters(db, reader, as_known=as_known)
    mine = leaders.get(who, who)
    return sorted({who, *(item for item, leader in leaders.items() if leader == mine)})


def find_by_exact_name(db: Db, reader: Reader, normal: str) -> list[UUID]:
    """Return the people with exactly this name or alias (in its normal form), oldest first."""
    c, e = NameRow.table.c, EntityRow.table.c
    select = (
        sa.select(c.entity)
        .join(EntityRow.table, e.entity == c.entity)
        .where(
            c.normal == normal,
            e.kind == "person",
            sa.not_(e.restricted),
            scope.sees(reader, c.entity),
        )
        .distinct()
    )
    return sorted(db.execute(select).scalars())


def bearing(db: Db, reader: Reader, normals: Collection[str]) -> set[UUID]:
    """Return the people with one of these names or aliases (in their normal forms)."""
    c, e = NameRow.table.c, EntityRow.table.c
    found_items: set[UUID] = set()
    wanted = sorted(set(normals))
    for chunk in (wanted[at : at + 500] for at in range(0, len(wanted), 500)):
        # `concat` lets SQLite look up these few names, and not read all people from the index of
        # kinds
        person = e.kind.concat("") == "person", sa.not_(e.restricted)
        select = sa.select(c.entity).join(EntityRow.table, e.entity == c.entity)
        found_items |= set(db.execute(select.where(c.normal.in_(chunk), *person)).scalars())
    return scope.visible_items(db, reader, found_items)


def similar_accounts(db: Db, reader: Reader, account: UUID) -> list[UUID]:
    """Return the other accounts on social platforms with the same name as this account that may be
    the same account, because the platform of one of the two is unknown. Return [] for an entity
    that is no account.
    """
    c = NameRow.table.c
    own = db.execute(sa.select(c.normal).where(c.entity == account, c.kind == "handle")).scalar()
    if own is None:
        return []
    name = forms.handle_name(own)
    same = c.normal == name if own != name else c.normal.endswith(f":{name}", autoescape=True)
    where = c.kind == "handle", c.entity != account, same, scope.sees(reader, c.entity)
    return sorted(set(db.execute(sa.select(c.entity).where(*where)).scalars()))


def reached(db: Db, reader: Reader, act: Act) -> list[UUID]:
    """Return all people about whom the reader may do this act, sorted by id."""
    c = EntityRow.table.c
    theirs = scope.may_act_on(reader, act, c.entity, singly=True)
    return sorted(db.execute(sa.select(c.entity).where(c.kind == "person", theirs)).scalars())


def find_things(db: Db, reader: Reader, kind: EntityKind, normal: str) -> list[UUID]:
    """Return the things of a kind with this normal form, oldest first."""
    c, e = NameRow.table.c, EntityRow.table.c
    select = (
        sa.select(c.entity)
        .join(EntityRow.table, e.entity == c.entity)
        .where(c.normal == normal, e.kind == kind, scope.sees(reader, c.entity))
        .distinct()
    )
    return sorted(db.execute(select).scalars())


def at_address(db: Db, reader: Reader, normal: str) -> list[UUID]:
    """Return the places that may be the house at this address (in its normal form), oldest first. A
    flat in the house, a place recorded as outside the house, and the same address without a town
    are included.
    """
    found_items = set(find_things(db, reader, "place", normal))
    if door := forms.door(normal):
        c = DoorRow.table.c
        select = sa.select(c.entity, c.normal).where(c.door == door, scope.sees(reader, c.entity))
        found_items |= {
            row.entity for row in db.execute(select) if forms.may_be_same_house(row.normal, normal)
        }
    return sorted(found_items)


def addresses(db: Db, reader: Reader, places: Collection[UUID]) -> list[str]:
    """Return the normal forms of the addresses of these places, without addresses that have no
    house number."""
    c = DoorRow.table.c
    select = sa.select(c.normal).where(
        is_one_of(db, c.entity, places), scope.sees(reader, c.entity)
    )
    return sorted(set(db.execute(select).scalars()))
