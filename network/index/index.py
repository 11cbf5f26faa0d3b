"""The index of the network, cached in memory: every version of every link, in arrays.

The index has a row for each version, with the two times of a link (in the world, and in the log),
its ends and sources as small numbers, and the labels that decide who sees the row
(`access.who_may.labels`). A process builds the index for the first query about the whole network.
Before each later query it adds what was recorded since: new versions, ended versions, and changes
of access. Links that a reader may not see are left out before any link is followed or counted.
After an erasure the views are rebuilt as another generation (a separate copy), which has an index
of its own.

The index answers with the positions of rows. Everything that a reader sees is then read from the
views at these positions, by the views' own rules.

The file is long because the index and its growth are one structure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock, RLock
from typing import Any, get_args
from uuid import UUID
from weakref import WeakKeyDictionary

import numpy as np

from access.who_may import labels
from access.who_may.decide import ENDS, JOINS
from domain.kernel.values import CATEGORIES, ENTITY_KINDS, STAGES, LinkKind, Reader
from network.index.growing_columns import ID, Array, Columns, Ints, Numbers, from_hex, packed
from network.index.view_reader import (
    AGE_COLUMNS,
    CATEGORY_COLUMNS,
    EVER,
    NEVER,
    NO_DAY,
    IndexReader,
    Page,
)
from projections.intelligence import links, people
from projections.intelligence.links import LinkFilter
from projections.kernel import runner, schema
from projections.kernel.column_types import to_micros
from projections.kernel.database import Db, Engine
from projections.people_and_teams import item_access
from projections.people_and_teams.item_access import ReachRow

KINDS: tuple[LinkKind, ...] = get_args(LinkKind)
VIEWS = (item_access.VIEW.name, links.VIEW.name, people.VIEW.name)
#: The largest number of readers whose rights the index caches.
READERS = 64
#: At most this many of the newest rows of the index are unsorted; a query searches these rows one
#: by one.
BEHIND = 20_000


@dataclass
class Sight:
    """A reader's rights, by the number of each set of access labels: `link` says whether the reader
    sees a link that has this set of labels, `end` whether the reader sees an item at the end of a
    link that has this set. `own` are the numbers of items that the reader may see whatever their
    labels.
    """

    link: Array
    end: Array
    own: Ints


@dataclass
class Index:
    """The cached index of the network. `things` are in the order of the numbers in `ids`; times are
    microseconds since 1970.
    """

    ids: Numbers = field(default_factory=Numbers)
    roots: Numbers = field(default_factory=Numbers)
    links: Columns = field(
        default_factory=lambda: Columns(
            link=ID, since="i8", a="i4", b="i4", kind="u1", stage="u1", rank="i1", root="i4",
            team="i2", scope="i4", weight="f8", exhibited="?", valid_from="i8", valid_to="i8",
            known_from="i8", known_to="i8",
        )
    )  # fmt: skip
    things: Columns = field(
        default_factory=lambda: Columns(kind="u1", known_from="i8", scope="i4", judged="?")
    )
    categories: Columns = field(
        default_factory=lambda: Columns(who="i4", code="u1", known_from="i8", known_to="i8")
    )
    ages: Columns = field(
        default_factory=lambda: Columns(who="i4", under="i1", born="i4", known_from="i8")
    )
    lock: RLock = field(default_factory=RLock, repr=False)
    teams: dict[str, int] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._closed, self._moved = EVER, 0
        self._labels: list[tuple[str, ...]] = [()]
        self._scopes: dict[tuple[str, ...], int] = {(): 0}
        self._sights: dict[Reader, Sight] = {}
        self._ends: tuple[Array, Array] | None = None
        self._sorted = 0
        self._hidden: tuple[tuple[int, int, frozenset[UUID]], Ints] | None = None

    # --- selecting rows ---------------------------------------------------------------------------

    def touching(self, whom: Array) -> Ints:
        """Return the rows of links that have one of these items as an end."""
        starts, rows = self.by_end()
        numbered = whom[whom < len(starts) - 1]
        first, last = starts[numbered], starts[numbered + 1]
        arrays = [rows[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
        behind = np.arange(self._sorted, self.links.size)
        if len(behind):
            new = np.isin(self.links["a"][behind], whom) | np.isin(self.links["b"][behind], whom)
            arrays.append(behind[new])
        return np.unique(np.concatenate(arrays)) if arrays else np.empty(0, np.int64)

    def by_end(self) -> tuple[Array, Array]:
        """Return the rows of links sorted by the item at an end, and where the rows of each item
        begin. Each row occurs once for each of its two ends.
        """
        if self._ends is None or self.links.size - self._sorted > max(BEHIND, self._sorted // 8):
            size = self.links.size
            ends = np.concatenate((self.links["a"], self.links["b"]))
            rows = np.argsort(ends, kind="stable").astype(np.int32)
            starts = np.searchsorted(ends[rows], np.arange(len(self.ids) + 1))
            rows[rows >= size] -= size
            self._ends, self._sorted = (starts, rows), size
        return self._ends

    def visible_rows(
        self, db: Db, reader: Reader, link_filter: LinkFilter, rows: Array | None = None
    ) -> Ints:
        """Return the rows of the links that the reader may see and that match the query, whatever
        the grade of the links. With `rows`, only these rows are considered.
        """
        keep = self._asked(link_filter, slice(None) if rows is None else rows)
        places = np.flatnonzero(keep)
        array: Ints = places if rows is None else rows[places]
        if reader.closed:
            sight, scope = self._sight(reader), self.things["scope"]
            array = array[sight.link[self.links["scope"][array]]]
            for end in ("a", "b"):
                whom = self.links[end][array]
                seen = sight.end[scope[whom]]
                if len(sight.own):
                    seen |= np.isin(whom, sight.own)
                array = array[seen]
        hidden = self.restricted(db)
        return array[~np.isin(array, hidden)] if len(hidden) else array

    def passing(self, rows: Array, floor: int | None) -> tuple[Array, Array]:
        """Return two arrays about the rows. The first says which rows have a link of the grade
        `floor` or better; the second says which rows are excluded because their link has no grade.
        A link with a valid item of evidence is never excluded.
        """
        if floor is None:
            return np.ones(len(rows), bool), np.zeros(len(rows), bool)
        rank, exhibited = self.links["rank"][rows], self.links["exhibited"][rows]
        return exhibited | (rank >= 0) & (rank <= floor), ~exhibited & (rank < 0)

    def _asked(self, link_filter: LinkFilter, rows: Any) -> Array:
        link_columns = self.links
        cutoff = NEVER - 1 if link_filter.as_known is None else to_micros(link_filter.as_known)
        keep: Array = link_columns["known_to"][rows] > cutoff
        if link_filter.as_known is not None:
            keep &= link_columns["known_from"][rows] <= cutoff
        for moment in (link_filter.as_at, link_filter.until):
            if moment is not None:
                keep &= link_columns["valid_from"][rows] <= to_micros(moment)
        for moment in (link_filter.as_at, link_filter.since):
            if moment is not None:
                keep &= link_columns["valid_to"][rows] >= to_micros(moment)
        if link_filter.stages is not None:
            keep &= np.array([stage in link_filter.stages for stage in STAGES])[
                link_columns["stage"][rows]
            ]
        if link_filter.kinds is not None:
            keep &= np.array([kind in link_filter.kinds for kind in KINDS])[
                link_columns["kind"][rows]
            ]
        return keep

    def _sight(self, reader: Reader) -> Sight:
        """Return the reader's view of each set of labels. Sets of labels may be added later; a set
        never changes.
        """
        sight = self._sights.get(reader)
        if sight is None or len(sight.link) < len(self._labels):
            verdicts = labels.verdicts(reader)
            sorts = [{verdicts[label] for label in label_set} for label_set in self._labels]
            link, end = (
                np.array([not sort.isdisjoint(which) for sort in sorts]) for which in (JOINS, ENDS)
            )
            sight = Sight(link, end, np.empty(0, np.int64))
            self._sights.pop(reader, None)
            while len(self._sights) >= READERS:
                del self._sights[next(iter(self._sights))]
            self._sights[reader] = sight
        if own := sorted(labels.verdicts(reader).own):
            sight.own = self._own(reader, own)
        return sight

    def _own(self, reader: Reader, own: Sequence[UUID]) -> Ints:
        verdicts, scope = labels.verdicts(reader), self.things["scope"]
        numbers = self.ids.numbers_of(packed(own))
        return np.array(
            [
                number
                for item, number in zip(own, numbers.tolist(), strict=True)
                if number >= 0
                and any(
                    verdicts.verdict_for(label, item) in ENDS
                    for label in self._labels[scope[number]]
                )
            ],
            np.int64,
        )

    def restricted(self, db: Db) -> Ints:
        """Return the rows of the links that name a restricted item, as far as these views have read
        the log. The query also runs if no item is restricted, so that its duration does not reveal
        that another team restricted an item.
        """
        items = links.restricted_items(db)
        key = self.links.size, schema.read_to(db, links.VIEW, "evidence"), items
        if self._hidden is None or self._hidden[0] != key:
            link_rows = self._places(links.naming_restricted(db) if items else ())
            self._hidden = key, np.unique(np.fromiter(link_rows, np.int64))
        return self._hidden[1]

    def _places(self, versions: Iterable[Sequence[Any]]) -> Iterator[int]:
        """Yield the rows of the index that have these versions of links; a version is given as the
        link's id and its position in the log.
        """
        since, array = self.links["since"], self.links["link"]
        for link, at in versions:
            first, last = np.searchsorted(since, (at, at + 1))
            same = array[first:last] == packed([link])[0]
            yield from (int(first) + np.flatnonzero(same)).tolist()

    # --- updating
    # -----------------------------------------------------------------------------------

    def follow(self, db: Db) -> None:
        """Add to the index what these views have read from the log since its last update. If the
        index has read further than these views, it is not changed.
        """
        with self.lock:
            at = _positions(db)
            if all(self.at.get(view, -1) >= at[view] for view in VIEWS):
                return
            read = IndexReader(db)
            if not self.at:
                self._make(read)
            else:
                self._more(read, min(self._moved, self.at[people.VIEW.name]))
            self.at = {view: max(at[view], self.at.get(view, 0)) for view in VIEWS}

    def _make(self, read: IndexReader) -> None:
        self._closed = read.number("SELECT max(known_to) FROM {schema}.links_closed", EVER)
        self._moved = read.number("SELECT max(moved) FROM {schema}.reach", 0)
        self.roots = Numbers(from_hex(read.column("links", "root")))
        self.take_all_but_links(read, Numbers(from_hex(read.column("entities", "entity"))))
        for page in read.links(EVER):
            self._take_links(read, page)

    def take_all_but_links(self, read: IndexReader, ids: Numbers) -> None:
        """Read the facts about all items (their sorts, categories, ages and judgements), but no
        links. `ids` are the numbers of the items. This method is for an object that reads the links
        in portions.
        """
        self.ids, size = ids, len(ids)
        self.things.add(
            {"kind": np.zeros(size), "known_from": np.full(size, NEVER), "scope": np.zeros(size),
             "judged": np.zeros(size)}
        )  # fmt: skip
        for page in read.entities():
            self._take_entities(page)
        for page in read.pages("categories", ("entity", "seq"), CATEGORY_COLUMNS):
            self._take_categories(page)
        for page in read.pages("ages", ("entity", "seq"), AGE_COLUMNS):
            self._take_ages(page)
        self._judge(read.judged(None))

    def only(self, read: IndexReader, page: Page) -> None:
        """Load the links of this page in place of the previous links."""
        self.links.size, self.roots = 0, Numbers()
        self._ends, self._sorted, self._hidden = None, 0, None
        self._take_links(read, page)

    def _more(self, read: IndexReader, moved: int) -> None:
        """Read from the views what was recorded since the last update of the index. If items were
        changed after the position `moved`, read all facts about these items again.
        """
        last = int(self.links["since"][-1]) if self.links.size else EVER
        closed = read.closed(self._closed)
        for page in read.links(last):
            self._take_links(read, page)
        for link, since, known_to in closed:
            for place in self._places([(UUID(link), since)]):
                self.links["known_to"][place] = known_to
            self._closed = max(self._closed, known_to)
        changed, self._moved = read.moved(moved, self._moved)
        self._again(read, [item_id for item_id, sort in changed if sort in ENDS])
        self._judge(read.judged([item_id for item_id, sort in changed if sort == "judgement"]))
        ties = [item_id for item_id, sort in changed if sort == "link"]
        scopes = read.scopes(ties)
        for link, since in read.versions(ties):
            for place in self._places([(UUID(link), since)]):
                self.links["scope"][place] = self._scope(scopes.get(link, ()))

    def _again(self, read: IndexReader, ones: Sequence[str]) -> None:
        """Read the categories, ages and other facts about the items `ones` from the views again."""
        if not ones:
            return
        self.number(from_hex(ones))
        whom = self.ids.numbers_of(from_hex(ones))
        for columns in (self.categories, self.ages):
            columns["known_from"][np.isin(columns["who"], whom)] = NEVER
        for page in read.entities(ones):
            self._take_entities(page)
        for batch in (ones[at : at + 500] for at in range(0, len(ones), 500)):
            for page in read.pages("categories", ("entity", "seq"), CATEGORY_COLUMNS, batch):
                self._take_categories(page)
            for page in read.pages("ages", ("entity", "seq"), AGE_COLUMNS, batch):
                self._take_ages(page)

    def number(self, ids: Array) -> Ints:
        """Return the numbers of these ids in the index; a new id gets a new number. An id without a
        record is treated as a person about whom nothing is recorded yet.
        """
        before = len(self.ids)
        array = self.ids.numbers_of(ids, new=True)
        if more := len(self.ids) - before:
            self.things.add(
                {"kind": np.zeros(more), "known_from": np.full(more, NEVER),
                 "scope": np.zeros(more), "judged": np.zeros(more)}
            )  # fmt: skip
        return array

    def _take_entities(self, page: Page) -> None:
        ids, kinds, recorded_times, scopes = page
        whom = self.number(from_hex(ids))
        self.things["kind"][whom] = [ENTITY_KINDS.index(kind) for kind in kinds]
        self.things["known_from"][whom] = recorded_times
        self.things["scope"][whom] = [self._scope(scope) for scope in scopes]

    def _take_categories(self, page: Page) -> None:
        ids, _, category, known_from, known_to = page
        code = {category_name: number for number, category_name in enumerate(CATEGORIES)}
        who = self.number(from_hex(ids))
        self.categories.add(
            {"who": who, "code": [code[category_name] for category_name in category],
             "known_from": known_from, "known_to": known_to}
        )  # fmt: skip

    def _take_ages(self, page: Page) -> None:
        ids, _, under, born, known_from = page
        days = [NO_DAY if value is None else _days(value) for value in born]
        who = self.number(from_hex(ids))
        self.ages.add(
            {"who": who, "under": [int(value) for value in under], "born": days,
             "known_from": known_from}
        )  # fmt: skip

    def _take_links(self, read: IndexReader, page: Page) -> None:
        link, since, a, b, kind, stage, rank, root, team, weight, exhibited, *times, label, more = (
            page
        )
        scopes: list[tuple[str, ...]] = [(value,) if value else () for value in label]
        if several := [value for value, number in zip(link, more, strict=True) if number]:
            all_of = read.scopes(several)
            scopes = [all_of.get(value, of) for value, of in zip(link, scopes, strict=True)]
        stated_roots = [value for value in root if value]
        roots = np.full(len(root), -1, np.int64)
        roots[[value is not None for value in root]] = self.roots.numbers_of(
            from_hex(stated_roots), new=True
        )
        for value in set(team):
            self.teams.setdefault(value, len(self.teams))
        kinds = {value: number for number, value in enumerate(KINDS)}
        valid_from, valid_to, known_from, known_to = times
        self.links.add(
            {
                "link": from_hex(link), "since": since, "a": self.number(from_hex(a)),
                "b": self.number(from_hex(b)), "kind": [kinds[value] for value in kind],
                "stage": [STAGES.index(value) for value in stage], "rank": rank, "root": roots,
                "team": [self.teams[value] for value in team], "weight": weight,
                "exhibited": [bool(value) for value in exhibited],
                "scope": [self._scope(scope) for scope in scopes], "valid_from": valid_from,
                "valid_to": valid_to, "known_from": known_from, "known_to": known_to,
            }
        )  # fmt: skip

    def _judge(self, ends: Sequence[str]) -> None:
        # an erased item is in no table any more, except as the end of a link
        whom = self.number(from_hex(ends))
        self.things["judged"][whom] = True

    def _scope(self, labels: tuple[str, ...]) -> int:
        """Return the number by which the index stores this set of access labels."""
        number = self._scopes.get(labels)
        if number is None:
            number = self._scopes[labels] = len(self._labels)
            self._labels.append(labels)
        return number


def _days(day: str | date) -> int:
    born = day if isinstance(day, date) else date.fromisoformat(day)
    return (born - date(1970, 1, 1)).days


# --- one index for each generation of the views that a process has open ---------------------------

#: The index of each engine. On a server, generations of the views share a connection pool, but each
#: has its own engine and index.
_KEPT: WeakKeyDictionary[Engine, Index] = WeakKeyDictionary()
_KEEPING = Lock()


def read_index(db: Db) -> Index | None:
    """Return the updated index of these views, if this process has built one and may cache it; None
    for views that lost rows to an erasure, or whose position is unknown."""
    index = _KEPT.get(db.engine)
    if index is None:
        return None
    if not _may_be_cached(db):
        _KEPT.pop(db.engine, None)
        return None
    index.follow(db)
    return index


def of(db: Db) -> Index:
    """Return the updated index of these views; build it if there is none."""
    index = read_index(db)
    if index is None:
        index = Index()
        if _may_be_cached(db):
            with _KEEPING:
                index = _KEPT.setdefault(db.engine, index)
        index.follow(db)
    return index


def read_ahead(db: Db) -> None:
    """Build or update the index of these views now, for the next query, if this process may cache
    it."""
    if _may_be_cached(db):
        of(db).restricted(db)


def _positions(db: Db) -> dict[str, int]:
    positions_by_view = runner.positions(db)
    return {view: positions_by_view.get((view, "evidence"), 0) for view in VIEWS}


def _may_be_cached(db: Db) -> bool:
    lacking = db.get_execution_options().get("lacking") or {}
    if lacking.get(ReachRow.table.name):
        # the views were made by an older release, which did not record changes of access
        return False
    return not schema.struck(db, VIEWS) and min(_positions(db).values()) > 0
