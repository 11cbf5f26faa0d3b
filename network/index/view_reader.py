"""Read rows of the views page by page, for the index of the network.

The module uses the database driver's own cursor, which is five times as fast for millions of rows,
and fetches at most one page at a time from a server.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from access.database import schema_of
from access.who_may.decide import ENDS
from projections.intelligence.people import JudgementRow
from projections.kernel.database import Db

EVER, NEVER = -(2**62), 2**62  # A time before all other times, and a time after all other times.
NO_DAY = -(2**31)
PAGE = 100_000
Place = tuple[Any, ...]

Page = Sequence[Sequence[Any]]
CATEGORY_COLUMNS = ("category", "known_from", f"coalesce(known_to, {NEVER})")
AGE_COLUMNS = ("coalesce(CAST(under_18 AS INTEGER), -1)", "born", "known_from")
#: `nullif` makes a missing root NULL: in SQLite, `hex` of it is an empty text.
_LINKS = f"""
SELECT {{link}}, l.since, {{a}}, {{b}}, l.kind, l.stage, coalesce(l.rank, -1), nullif({{root}}, ''),
    l.team, l.weight, l.stage = 'evidence' AND NOT l.undermined, coalesce(l.valid_from, {EVER}),
    coalesce(l.valid_to, {NEVER}), l.known_from, coalesce(l.known_to, {NEVER}), r.label, r.more
FROM {{schema}}.links AS l LEFT JOIN {{schema}}.reach AS r ON r.id = l.link AND r.number = 0
WHERE (l.since, l.link) > ({{mark}}, {{id_mark}}) AND l.since <= {{mark}}
ORDER BY l.since, l.link LIMIT {PAGE}
"""  # noqa: S608
SORTS = ", ".join(f"'{sort}'" for sort in (*ENDS, "link", "judgement"))


class IndexReader:
    """The queries of the index on one connection. An id is a text of 32
    hexadecimal digits; a time is a number of microseconds since 1970."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._postgres = db.dialect.name == "postgresql"
        self._mark = "%s" if self._postgres else "?"
        self._id_mark = self._mark if self._postgres else "unhex(?)"
        self._words = {"schema": schema_of(db), "mark": self._mark, "id_mark": self._id_mark}

    def _hex(self, name: str) -> str:
        return f"replace({name}::text, '-', '')" if self._postgres else f"hex({name})"

    def _ask(self, statement: str, *given: Any, **words: str) -> list[Any]:
        text = statement.format(**self._words, **words)
        return list(self._db.exec_driver_sql(text, given).cursor.fetchall())

    def number(self, statement: str, none: int) -> int:
        """Return one number from the database; `none` is returned for NULL."""
        ((value,),) = self._ask(statement)
        return none if value is None else int(value)

    def column(self, table: str, name: str) -> list[str]:
        """Return the distinct ids in the column `name` of a table."""
        select = f"SELECT DISTINCT {{told}} FROM {{schema}}.{table} WHERE {name} IS NOT NULL"  # noqa: S608
        return [value for (value,) in self._ask(select, told=self._hex(name))]

    def pages(
        self, table: str, key: Sequence[str], columns: Sequence[str], ones: Sequence[str] = ()
    ) -> Iterator[Page]:
        """Yield pages of a table's key and these columns, in the order of the key; with `ones`,
        only the rows of these ids.
        """
        column_list = ", ".join((self._hex(key[0]), *key[1:], *columns))
        keys, marks = ", ".join(key), ", ".join([self._id_mark, *[self._mark] * (len(key) - 1)])
        among = f"{key[0]} IN ({', '.join([self._id_mark] * len(ones))}) AND " if ones else ""
        select = f"SELECT {column_list} FROM {{schema}}.{table} WHERE {among}({keys}) > ({marks}) "  # noqa: S608
        after: Place = ("0" * 32, *(EVER for _ in key[1:]))
        while rows := self._ask(f"{select} ORDER BY {keys} LIMIT {PAGE}", *ones, *after):
            yield list(zip(*rows, strict=True))
            after = rows[-1][: len(key)]

    def entities(self, ones: Sequence[str] = ()) -> Iterator[Page]:
        """Yield pages about the items `ones`, or about all items if `ones` is empty: their ids,
        their kinds, the times when they were recorded, and their access labels.
        """
        for start in range(0, max(len(ones), 1), 500):
            batch = ones[start : start + 500]
            for ids, kinds, recorded_times in self.pages(
                "entities", ("entity",), ("kind", "known_from"), batch
            ):
                scopes = self.scopes(ids)
                yield ids, kinds, recorded_times, [scopes.get(item, ()) for item in ids]

    def scopes(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return the labels of each of these items, in order."""
        labels_by_item: dict[str, set[str]] = {}
        for start in range(0, len(ids), 500):
            batch = ids[start : start + 500]
            marks = ", ".join([self._id_mark] * len(batch))
            select = f"SELECT {{id}}, label FROM {{schema}}.reach WHERE id IN ({marks})"  # noqa: S608
            for item, label in self._ask(select, *batch, id=self._hex("id")):
                labels_by_item.setdefault(item, set()).add(label)
        return {item: tuple(sorted(labels)) for item, labels in labels_by_item.items()}

    def links(self, since: int, until: int = NEVER) -> Iterator[Page]:
        """Yield pages of the versions of links that were recorded after the position `since` in the
        log, up to the position `until`.
        """
        ends = {name: self._hex(f"l.{name}") for name in ("link", "a", "b", "root")}
        after: Place = since, "f" * 32
        while rows := self._ask(_LINKS, *after, until, **ends):
            yield list(zip(*rows, strict=True))
            after = rows[-1][1], rows[-1][0]

    def closed(self, since: int) -> list[Place]:
        """Return the versions of links that were replaced or ended in the log after the time
        `since`: the link, the position of the version in the log, and the time of its end.
        """
        select = "SELECT {link}, since, known_to FROM {schema}.links_closed WHERE known_to > {mark}"
        return self._ask(select, since, link=self._hex("link"))

    def versions(self, ones: Sequence[str]) -> Iterator[Place]:
        """Yield every version of the links `ones`, each as the link's id and the version's position
        in the log.
        """
        for start in range(0, len(ones), 500):
            batch = ones[start : start + 500]
            marks = ", ".join([self._id_mark] * len(batch))
            select = f"SELECT {{link}}, since FROM {{schema}}.links WHERE link IN ({marks})"  # noqa: S608
            yield from self._ask(select, *batch, link=self._hex("link"))

    def moved(self, since: int, until: int) -> tuple[list[tuple[str, str]], int]:
        """Return the items that were recorded, or whose access labels changed, after a position in
        the log, each with its sort; and the highest position of these changes, or `until` if that
        is higher.
        """
        # The rows are put together in Python: for GROUP BY, SQLite would read all of `reach` in the
        # order of its ids.
        where = f"moved > {{mark}} AND sort IN ({SORTS})"
        select = f"SELECT {{id}}, sort, moved FROM {{schema}}.reach WHERE {where}"  # noqa: S608
        rows = self._ask(select, since, id=self._hex("id"))
        once = sorted({(item, sort) for item, sort, _ in rows})
        return once, max([until, *(at for *_, at in rows)])

    def judged(self, pairs: Sequence[str] | None) -> list[str]:
        """Return the ids of all people about whom there is a judgement that they are, or are not,
        the same as another person. With `pairs`, only the people in these judged pairs are
        returned.
        """
        select = f"SELECT {{a}}, {{b}} FROM {{schema}}.{JudgementRow.table.name}"  # noqa: S608
        ends = {name: self._hex(name) for name in ("a", "b")}
        if pairs is None:
            return [person for row in self._ask(select, **ends) for person in row]
        people: list[str] = []
        for start in range(0, len(pairs), 500):
            batch = pairs[start : start + 500]
            marks = ", ".join([self._id_mark] * len(batch))
            for row in self._ask(f"{select} WHERE pair IN ({marks})", *batch, **ends):
                people += row
        return people
