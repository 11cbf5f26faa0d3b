"""Links: the two linked items, the time in which the link is true, its evidence, and since when it
is recorded.

The view has a row for each version of a link, with the ids of the two ends as they were recorded,
and two times: when the link was true, and when this version was the recorded one. From these rows,
`network` computes pairs, merged people and independent sources, as known at a time.

The file is long because it is one view.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from msgspec import Struct, structs
from msgspec.structs import replace

from access.who_may import scope
from domain.data_protection import erasure
from domain.data_protection.erasure import ItemErased
from domain.data_protection.retention import (
    RestrictionChanged,
)
from domain.information.observation import ObservationWithdrawn, SourceTransferred
from domain.intelligence.corroboration import CorroborationJudged
from domain.intelligence.intelligence_report import ItemGraded, ReportWithdrawn
from domain.intelligence.link import LinkAsserted, LinkRetracted
from domain.justice.evidence import (
    EvidenceStatusChanged,
)
from domain.kernel.envelope import Recorded
from domain.kernel.values import LINK_KINDS, Grade, LinkKind, Reader, Stage
from projections.kernel.batch import RowBatch
from projections.kernel.column_types import to_micros
from projections.kernel.database import Db
from projections.kernel.queries import counted, is_one_of
from projections.kernel.restricted import restrict, restricted_rows
from projections.kernel.schema import View, rows


@rows(
    "links",
    key=("link", "since"),
    index=(
        ("a",),
        ("b",),
        ("kind", "rank"),
        ("since", "link"),
        ("known_from",),
    ),
    sparse=(("observation",), ("report",), ("exhibit",)),
)
class LinkRow(Struct, frozen=True):
    """A version of a link: from `known_from` until `known_to`, it was recorded that the link was
    true from `valid_from` to `valid_to`. `known_to` is None for the present version; None in
    `valid_from` or `valid_to` means that the time is not limited. `since` is the position in the
    log of the fact that made this version. `one_root` is the reason for a grade B with fewer than
    two independent sources.
    """

    table: ClassVar[sa.Table]
    link: UUID
    since: int
    version: int
    a: UUID
    b: UUID
    kind: LinkKind
    stage: Stage
    grade: str | None
    rank: int | None
    handling: str | None
    root: UUID | None
    observation: UUID | None
    report: UUID | None
    item: int | None
    exhibit: UUID | None
    undermined: bool
    team: str
    weight: float
    reference: str | None
    valid_from: datetime | None
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None
    one_root: str | None = None

    @property
    def evidence(self) -> tuple[UUID, ...]:
        """Return the observation, report and exhibit on which the link is based."""
        return tuple([i for i in (self.observation, self.report, self.exhibit) if i is not None])

    @property
    def exhibited(self) -> bool:
        """Return whether a valid item of evidence supports the link."""
        return self.stage == "evidence" and not self.undermined

    @property
    def last(self) -> datetime | None:
        """Return when the link was last true in the world, as far as a time is recorded."""
        return self.valid_to or self.valid_from

    def passes(self, floor: int | None) -> bool:
        """Return whether a filter with the minimum grade `floor` (`LinkFilter.min_rank`) includes
        this version of a link.
        """
        return floor is None or self.exhibited or (self.rank is not None and self.rank <= floor)


@rows("links_closed", key=("known_to", "link", "since"))
class ClosedRow(Struct, frozen=True):
    """A superseded version of a link, by the time when it ended. The index of all links
    (network/index/index.py) reads these rows in this order and continues where it stopped.
    """

    table: ClassVar[sa.Table]
    known_to: datetime
    link: UUID
    since: int


#: The rows of restricted items. A link is not shown if it is restricted, or if one of its ends or
#: an item that it is based on is restricted.
RestrictedRow = restricted_rows("links_restricted")


@rows("links_at", key=("one",), index=(("links",),))
class AtRow(Struct, frozen=True):
    """A person or item, and the number of links that were ever asserted with it as an end."""

    table: ClassVar[sa.Table]
    one: UUID
    links: int


@rows("links_corroborated", key=("report", "item"))
class CorroboratedRow(Struct, frozen=True):
    """The reason why an item of a report is graded B with fewer than two independent sources."""

    table: ClassVar[sa.Table]
    report: UUID
    item: int
    reason: str


def rank(grade: Grade | None) -> int | None:
    """Return the rank of a grade, from 0 for 1A to 14 for 3E: first by the letter, then by the
    digit. Return None if there is no grade.
    """
    if grade is None:
        return None
    return "ABCDE".index(grade.information) * 3 + int(grade.source) - 1


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case LinkAsserted() as event:
            if fact.version > 1:
                _close(batch, _open(batch, link=fact.stream), fact)
            else:
                for end in (event.a, event.b):
                    at = batch.get(AtRow, end)
                    batch.put(AtRow(end, at.links + 1 if at else 1))
            batch.put(_row(fact, event, _why(batch, event)))
        case LinkRetracted():
            _close(batch, _open(batch, link=fact.stream), fact)
        case ObservationWithdrawn():
            for row in _open(batch, observation=fact.stream):
                _turn(batch, row, fact, observation=None)
        case SourceTransferred() as event if event.root:
            for row in _open(batch, observation=fact.stream):
                _turn(batch, row, fact, root=event.root)
        case ReportWithdrawn():
            found_rows = _open(batch, report=fact.stream)
            for row in found_rows:
                _turn(batch, row, fact, **dict.fromkeys(_GRADED))
        case CorroborationJudged() | ItemGraded():
            _grade(fact, batch)
        case EvidenceStatusChanged() as event:
            undermined = event.status == "undermined"
            changes = {"undermined": undermined} | ({} if undermined else {"exhibit": None})
            for row in _open(batch, exhibit=fact.stream):
                _turn(batch, row, fact, **changes)
        case ItemErased(kind="observation") as event if erasure.is_destroyed(event):
            nothing = dict.fromkeys(("observation", "root", *_GRADED))
            for row in _open(batch, observation=fact.stream):
                _turn(batch, row, fact, **nothing)
        case RestrictionChanged():
            restrict(fact, batch, RestrictedRow)


def ahead(facts: Sequence[Recorded], batch: RowBatch) -> None:
    """Read in advance how many links the ends of new links have."""
    new = (fact.event for fact in facts if isinstance(fact.event, LinkAsserted))
    batch.read(AtRow, dict.fromkeys(end for event in new for end in (event.a, event.b)))


def _grade(fact: Recorded, batch: RowBatch) -> None:
    """Give links the grade of the report item that asserts them."""
    match fact.event:
        case CorroborationJudged() as event if event.reason:
            # the grade is in an event of its own
            batch.put(CorroboratedRow(fact.stream, event.item, event.reason))
        case CorroborationJudged() as event:
            batch.drop(CorroboratedRow, fact.stream, event.item)
        # a grade with a reason is a later grade of the item; the first grade has no reason
        case ItemGraded() as event if event.reason:
            if event.grade.information != "B":
                batch.drop(CorroboratedRow, fact.stream, event.item)
            why = batch.get(CorroboratedRow, fact.stream, event.item)
            grading = {"grade": event.grade.label, "handling": event.handling.code}
            for row in _open(batch, report=fact.stream, item=event.item):
                _turn(batch, row, fact, **grading, one_root=why.reason if why else None)


#: Fields of a link that come from a report; they are emptied when the report is withdrawn.
_GRADED = ("report", "item", "grade", "handling", "one_root")


def _why(batch: RowBatch, event: LinkAsserted) -> str | None:
    """Return why a report may grade this link B with only one independent source."""
    if not (event.report and event.item and event.grade and event.grade.information == "B"):
        return None
    row = batch.get(CorroboratedRow, event.report, event.item)
    return row.reason if row else None


def _row(fact: Recorded, event: LinkAsserted, why: str | None) -> LinkRow:
    return LinkRow(
        link=fact.stream,
        since=fact.seq,
        version=fact.version,
        a=event.a,
        b=event.b,
        kind=event.kind,
        stage=event.stage,
        grade=event.grade.label if event.grade else None,
        rank=rank(event.grade),
        handling=event.handling,
        root=event.root,
        observation=event.observation,
        report=event.report,
        item=event.item,
        exhibit=event.exhibit,
        undermined=False,
        team=fact.team,
        weight=event.weight,
        reference=event.reference,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
        known_from=fact.recorded,
        known_to=None,
        one_root=why,
    )


def _open(batch: RowBatch, **where: object) -> list[LinkRow]:
    return batch.having(LinkRow, **where, known_to=None)


def _close(batch: RowBatch, found_rows: Iterable[LinkRow], fact: Recorded) -> None:
    for row in found_rows:
        batch.put(structs.replace(row, known_to=fact.recorded))
        batch.put(ClosedRow(fact.recorded, row.link, row.since))


def _turn(batch: RowBatch, row: LinkRow, fact: Recorded, **changes: object) -> None:
    """End the present version of a link, and store a next version with other values for the fields
    in `changes`. The stage and rank of the next version follow from its fields. If the link no
    longer has an observation or an exhibit, no next version is stored.
    """
    _close(batch, [row], fact)
    after = structs.replace(row, **changes, since=fact.seq, known_from=fact.recorded)
    grade = Grade.parse(after.grade) if after.grade else None
    stage: Stage = "evidence" if after.exhibit else "intelligence" if grade else "information"
    if after.observation is None and after.exhibit is None:
        return  # the link has no evidence any more
    batch.put(structs.replace(after, stage=stage, rank=rank(grade)))


VIEW = View(
    "links",
    (LinkRow, ClosedRow, RestrictedRow, CorroboratedRow, AtRow),
    apply,
    moved_by=frozenset(
        {
            CorroborationJudged,
            EvidenceStatusChanged,
            ItemErased,
            ItemGraded,
            LinkAsserted,
            LinkRetracted,
            ObservationWithdrawn,
            ReportWithdrawn,
            RestrictionChanged,
            SourceTransferred,
        }
    ),
    ahead=ahead,
)


# --- queries ------------------------------------------------------------------------------------


def least(text: str | None, stages: Collection[str]) -> int | None:
    """Return the rank of the minimum grade that `text` names: of a grade such as 2C, or of the
    lowest grade for "graded". Return None for "any", which includes ungraded links.

    If `text` is None, ungraded links are included if `stages` contains "information", which is the
    stage without a grade. Raise ValueError if the grade is invalid.
    """
    if text == "any" or (text is None and "information" in stages):
        return None
    return LinkFilter().min_rank if text in (None, "graded") else rank(Grade.parse(text))


class LinkFilter(Struct, frozen=True):
    """A filter of links. If `min_rank` is None, ungraded links are included. A link with an exhibit
    is included whatever its grade, because grades are for intelligence, not for evidence.

    Two kinds of time are distinguished: when a link was true, and when it was recorded. `as_at` is
    a time at which the link was true, and `as_known` the time by which it was recorded; None means
    now. With `since` and `until`, the filter includes a link that was true at any time between
    them, or whose times are unknown.

    `ever` includes every version that was ever recorded, even of restricted items: an alert that
    needs review must not end when an item is restricted. `restricted` includes restricted items,
    for the protection of a person.
    """

    as_at: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    as_known: datetime | None = None
    min_rank: int | None = 14
    stages: frozenset[Stage] | None = None
    kinds: frozenset[LinkKind] | None = None
    ever: bool = False
    restricted: bool = False


def _conditions(db: Db, reader: Reader, link_filter: LinkFilter) -> list[sa.ColumnElement[bool]]:
    c = LinkRow.table.c
    where: list[sa.ColumnElement[bool]] = []
    if not (link_filter.ever or link_filter.restricted) and restricted_items(db):
        hidden = sa.select(RestrictedRow.table.c.item)
        named = (c.link, c.a, c.b, c.observation, c.report, c.exhibit)
        where += [sa.or_(column.is_(None), column.not_in(hidden)) for column in named]
    if link_filter.as_known is None and not link_filter.ever:
        where.append(c.known_to.is_(None))
    elif link_filter.as_known is not None:
        # `+ 0` keeps SQLite from using an index on this column: nearly all rows match here, and the
        # other conditions select few
        known_from = sa.type_coerce(c.known_from, sa.BigInteger) + 0
        where.append(known_from <= to_micros(link_filter.as_known))
        where.append(sa.or_(c.known_to.is_(None), c.known_to > link_filter.as_known))
    begun = [at for at in (link_filter.as_at, link_filter.until) if at is not None]
    not_over = [at for at in (link_filter.as_at, link_filter.since) if at is not None]
    where += [sa.or_(c.valid_from.is_(None), c.valid_from <= at) for at in begun]
    where += [sa.or_(c.valid_to.is_(None), c.valid_to >= at) for at in not_over]
    if link_filter.stages is not None:
        where.append(c.stage.in_(sorted(link_filter.stages)))
    if link_filter.kinds is not None:
        where.append(c.kind.in_(sorted(link_filter.kinds)))
    return where


def _graded(link_filter: LinkFilter) -> list[sa.ColumnElement[bool]]:
    c = LinkRow.table.c
    return (
        []
        if link_filter.min_rank is None
        else [sa.or_(c.rank <= link_filter.min_rank, _exhibited())]
    )


def _exhibited() -> sa.ColumnElement[bool]:
    c = LinkRow.table.c
    return sa.and_(c.stage == "evidence", ~c.undermined)


#: All restricted items. They are read once in each transaction, because most queries need them.
_RESTRICTED: WeakKeyDictionary[Db, frozenset[UUID]] = WeakKeyDictionary()


def restricted(db: Db, ids: Collection[UUID]) -> set[UUID]:
    """Return those of these items that are restricted."""
    return set(restricted_items(db).intersection(ids))


def restricted_items(db: Db) -> frozenset[UUID]:
    """Return all restricted items."""
    found_items = _RESTRICTED.get(db)
    if found_items is None:
        items = db.execute(sa.select(RestrictedRow.table.c.item)).scalars()
        found_items = _RESTRICTED[db] = frozenset(items)
    return found_items


def naming_restricted(db: Db) -> Iterator[tuple[UUID, int]]:
    """Yield the versions of links that name a restricted item, each as (link, position in the
    log).
    """
    c = LinkRow.table.c
    hidden = sa.select(RestrictedRow.table.c.item)
    for column in (c.link, c.a, c.b, c.observation, c.report, c.exhibit):
        db_rows = db.execute(sa.select(c.link, c.since).where(column.in_(hidden)))
        yield from (tuple(row) for row in db_rows)


def links(db: Db, reader: Reader, link_filter: LinkFilter) -> list[LinkRow]:
    """Return the links that match the filter."""
    where = _conditions(db, reader, link_filter) + _graded(link_filter)
    return _fetch(db, reader, where)


def list_ungraded_links(db: Db, observations: Collection[UUID]) -> list[LinkRow]:
    """Return every ungraded link that is based on one of these observations. Restricted links, and
    links that a reader does not see, are included, because a grade of the observation applies to
    them, too.
    """
    c = LinkRow.table.c
    where = is_one_of(db, c.observation, observations), c.report.is_(None), c.known_to.is_(None)
    select = sa.select(LinkRow.table).where(*where).order_by(c.link)
    return [LinkRow(*row) for row in db.execute(select)]


def many(db: Db, reader: Reader, link_filter: LinkFilter) -> int:
    """Return the number of links that match the filter."""
    c = LinkRow.table.c
    where = *_conditions(db, reader, link_filter), *_graded(link_filter), scope.sees(reader, c.link)
    number: int = db.execute(sa.select(sa.func.count()).where(*where)).scalar_one()
    return number


def count_left_out(db: Db, reader: Reader, link_filter: LinkFilter) -> tuple[int, int]:
    """Return two numbers of links that the filter leaves out because of its minimum grade: links
    without a grade, and links with a lower grade. A number above `COUNTED` is returned as `COUNTED`
    + 1.
    """
    c = LinkRow.table.c
    if link_filter.min_rank is None:
        return 0, 0
    seen = scope.sees(reader, c.link, singly=True)
    where = *_conditions(db, reader, link_filter), ~_exhibited(), seen
    links = sa.select(c.link).where(*where)
    ungraded, weaker = (
        counted(db, links.where(left_out))
        for left_out in (c.rank.is_(None), c.rank > link_filter.min_rank)
    )
    return ungraded, weaker


def at_shared(
    db: Db, reader: Reader, link_filter: LinkFilter, also: Collection[UUID]
) -> list[LinkRow]:
    """Return the links, of any grade, with an end that is in `also` or that ever had more than one
    link. In the second case, only the end to which the link leads counts, if the link has a
    direction.
    """
    c, at = LinkRow.table.c, AtRow.table.c
    where = _by_ends(db, reader, link_filter)
    shared = sa.select(at.one).where(at.links > 1)
    found_rows = _fetch(db, reader, [*where, c.b.in_(shared)])
    found_rows += _fetch(db, reader, [*where, c.kind.concat("").in_(_UNDIRECTED), c.a.in_(shared)])
    wanted = sorted(also)
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        found_rows += _fetch(db, reader, [*where, sa.or_(c.b.in_(chunk), c.a.in_(chunk))])
    return list({(row.link, row.since): row for row in found_rows}.values())


def _by_ends(db: Db, reader: Reader, link_filter: LinkFilter) -> list[sa.ColumnElement[bool]]:
    """Return the filter's conditions, written so that the database looks links up by their ends and
    not by their kinds."""
    where = _conditions(db, reader, replace(link_filter, kinds=None))
    kind = LinkRow.table.c.kind.concat("")
    return where if link_filter.kinds is None else [*where, kind.in_(sorted(link_filter.kinds))]


def touching(
    db: Db, reader: Reader, ids: Collection[UUID], link_filter: LinkFilter
) -> list[LinkRow]:
    """Return the links with at least one end among `ids`."""
    where = _by_ends(db, reader, link_filter) + _graded(link_filter)
    c = LinkRow.table.c
    ends = (c.a, c.b) if ids else ()
    found_rows = [
        row for end in ends for row in _fetch(db, reader, [*where, is_one_of(db, end, ids)])
    ]
    return list({(row.link, row.since): row for row in found_rows}.values())


def these(db: Db, reader: Reader, ids: Collection[UUID], link_filter: LinkFilter) -> list[LinkRow]:
    """Return the links with these ids that match the filter and that the reader sees. The query is
    made even if there are no ids, so that its duration reveals nothing.
    """
    where = _conditions(db, reader, link_filter) + _graded(link_filter)
    return _fetch(db, reader, [*where, is_one_of(db, LinkRow.table.c.link, ids)])


def all_linked(db: Db, reader: Reader, kinds: Collection[LinkKind]) -> set[UUID]:
    """Return both ends of every link of these kinds that was ever asserted and that the reader
    sees."""
    c = LinkRow.table.c
    where = c.kind.in_(sorted(kinds)), scope.sees(reader, c.link)
    return {end for row in db.execute(sa.select(c.a, c.b).where(*where)) for end in row}


def moved(db: Db, reader: Reader, since: datetime, until: datetime) -> set[UUID]:
    """Return both ends of every link that changed after `since` and up to `until` (a version of it
    began or ended), if the reader sees the link.
    """
    c, closed = LinkRow.table.c, ClosedRow.table.c
    ends = sa.select(c.a, c.b).where(scope.sees(reader, c.link))
    came = ends.where(c.known_from > since, c.known_from <= until)
    same = sa.and_(closed.link == c.link, closed.since == c.since)
    went = ends.join(ClosedRow.table, same)
    went = went.where(closed.known_to > since, closed.known_to <= until)
    return {end for select in (came, went) for row in db.execute(select) for end in row}


def latest(db: Db, reader: Reader, since: datetime, skip: int, most: int) -> list[LinkRow]:
    """Return the present versions of graded links that began after `since`, newest first: the next
    `most` after the first `skip`.
    """
    c = LinkRow.table.c
    where = [*_conditions(db, reader, LinkFilter()), *_graded(LinkFilter()), c.known_from > since]
    seen = scope.sees(reader, c.link, singly=True)
    newest_first = c.known_from.desc(), c.link
    select = sa.select(LinkRow.table).where(*where, seen).order_by(*newest_first)
    db_rows = db.execute(select.offset(skip).limit(most))
    return _shown(db, reader, scope.checked(db, reader, [LinkRow(*r) for r in db_rows], _id))


def _id(row: LinkRow) -> UUID:
    return row.link


def list_links(
    db: Db, reader: Reader, ids: Collection[UUID], link_filter: LinkFilter
) -> list[LinkRow]:
    """Return the links with at least one end among `ids`, as a reader may see them one by one (see
    `_shown`)."""
    return _shown(db, reader, touching(db, reader, ids, link_filter))


def versions(db: Db, reader: Reader, link: UUID) -> list[LinkRow]:
    """Return every version of this link, the oldest first."""
    return _shown(db, reader, _fetch(db, reader, [LinkRow.table.c.link == link]))


def newest(db: Db, reader: Reader, ids: Collection[UUID]) -> dict[UUID, LinkRow]:
    """Return the last version of each of these links."""
    if not ids:
        return {}
    found_rows = _fetch(db, reader, [is_one_of(db, LinkRow.table.c.link, ids)])
    return {row.link: row for row in _shown(db, reader, found_rows)}


def list_links_resting_on(db: Db, reader: Reader, item: UUID) -> list[LinkRow]:
    """Return the current links that are based on this observation, report or exhibit."""
    c = LinkRow.table.c
    basis = sa.or_(c.observation == item, c.report == item, c.exhibit == item)
    where = [c.known_to.is_(None), basis]
    if not scope.is_item_visible(db, reader, item):
        return []
    return _shown(db, reader, _fetch(db, reader, where))


def _fetch(db: Db, reader: Reader, where: list[sa.ColumnElement[bool]]) -> list[LinkRow]:
    c = LinkRow.table.c
    db_rows = scope.read(db, reader, c.link, where, (c.known_from, c.link), joins=True)
    return [LinkRow(*row) for row in db_rows]


def _shown(db: Db, reader: Reader, found_rows: list[LinkRow]) -> list[LinkRow]:
    """Return the links as a reader may see them one by one: without the ids of items that the
    reader does not see, and without positions in the log, which would count other people's records.

    These ids include the tokens of sources, which show which entries come from the same source.
    (Maps need the tokens, but show only the number of sources.)
    """
    if not reader.closed:
        return found_rows
    named = {item for row in found_rows for item in (row.root, *row.evidence) if item}
    seen = scope.visible_items(db, reader, named)

    def only(item: UUID | None) -> UUID | None:
        return item if item in seen else None

    return [
        structs.replace(
            row,
            since=number,
            root=only(row.root),
            observation=only(row.observation),
            report=only(row.report),
            exhibit=only(row.exhibit),
        )
        for number, row in enumerate(found_rows, start=1)
    ]


def among(db: Db, reader: Reader, ids: Collection[UUID], link_filter: LinkFilter) -> list[LinkRow]:
    """Return the links with both ends among `ids`."""
    c = LinkRow.table.c
    where = _conditions(db, reader, link_filter) + _graded(link_filter)
    both = is_one_of(db, c.a, ids), is_one_of(db, c.b, ids)
    return _fetch(db, reader, [*where, *both]) if ids else []


_UNDIRECTED = sorted(kind for kind, shape in LINK_KINDS.items() if not shape.directed)
