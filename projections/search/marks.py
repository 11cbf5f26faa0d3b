"""Searches by plate, phone, handle and postcode, whole or in part.

The file is long because each kind of mark is read and searched by the same steps.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import groupby, islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain import forms
from domain.kernel.values import Reader
from projections.kernel.database import Db
from projections.kernel.queries import (
    PREPARED,
    Selected,
    after_another,
    as_parameter,
    is_one_of_parameter,
    texts,
    texts_at_once,
)
from projections.kernel.schema import lacks
from projections.search.index import (
    BEHIND,
    HANDLE_START,
    PLATE_PART,
    MarkRow,
    PartRow,
    beginning,
    ending,
)
from projections.search.ranking import SEEN, RankedHit, placed

#: To find the rarest of several parts, the stored marks with each part are counted up to the first
#: limit; if all parts reach the limit, up to the next one.
RARE = (1_000, 3_000, 10_000, 30_000, 100_000)
#: At most this many plates that have one half of the searched plate are ranked.
HALVES = 100


class MarkMeaning(Struct, frozen=True, eq=False):
    """A way to read a text of a query as a mark (plate, phone, handle or postcode). The SQL
    condition `where` selects stored marks; the names of its parameters begin with `name`. The
    function `fits` returns how a stored mark matches, in words and as a score; or None if it does
    not match.
    """

    name: str
    mark: str
    where: sa.ColumnElement[bool]
    fits: Callable[[Any, Mapping[str, str]], tuple[str, float] | None]
    # True if a mark must have every part of the searched text, False if one part is enough.
    each: bool = True
    most: int | None = SEEN


class MarkReading(Struct, frozen=True):
    """A text of a query, read as a mark such as a plate or a phone number, in the way `meaning`.
    `values` are the parameters of the SQL condition of `meaning`. `parts` are the parts of the mark
    by which matching marks can be looked up in an index, if any.
    """

    text: str
    meaning: MarkMeaning
    values: Mapping[str, str]
    parts: tuple[str, ...] = ()

    def named(self, dialect: sa.Dialect) -> dict[str, object]:
        """Return the parameters of this reading (the values and the parts), under their names in
        the SQL query.
        """
        values: dict[str, object] = dict(self.values)
        if self.parts:
            values["part"] = (
                self.parts[0] if self.meaning.each else as_parameter(dialect, self.parts)
            )
        return {f"{self.meaning.name}_{key}": value for key, value in values.items()}


def looks(db: Db, words: Iterable[str]) -> list[MarkReading]:
    """Return all ways to read a query as a mark (plate, phone, handle or postcode) or a part of
    one: the query as a whole, then each word.

    For each reading, the rarest of its parts is looked up, even if no stored mark has it: otherwise
    the duration would reveal marks that the reader may not see.
    """
    whole, *single = words
    plates = _HALF if forms.plate(whole) else _PLATE
    readings = [*_looks(whole, _PLATE), *(look for word in single for look in _looks(word, plates))]
    if lacks(db, PartRow, "part"):
        return [replace(look, parts=()) for look in readings]
    rare = rarest(
        db, [look.parts for look in readings if look.meaning.each and len(look.parts) > 1]
    )
    return [
        replace(look, parts=(rare[look.parts],)) if look.parts in rare else look
        for look in readings
    ]


def hits(db: Db, reader: Reader, wanted: Iterable[MarkReading]) -> Iterator[tuple[str, RankedHit]]:
    """Yield the hits for these readings of the query, each with the text of the query that it
    matches.
    """
    for look, row, (why, score) in _fitting(db, reader, wanted):
        yield look.text, _hit(row, why, score)


def matching_items(db: Db, reader: Reader, wanted: Iterable[MarkReading]) -> Iterator[UUID]:
    """Yield the ids of the items with a mark (plate, phone, handle or postcode) that matches one of
    these readings of a query.
    """
    return (row.item for _, row, _ in _fitting(db, reader, wanted))


def _fitting(
    db: Db, reader: Reader, wanted: Iterable[MarkReading]
) -> Iterator[tuple[MarkReading, Any, tuple[str, float]]]:
    """Yield the newest stored marks that match a reading of a query: each with the reading, the
    mark's row, and how the mark matches (in words, and as a score).
    """
    for look, rows in _marked(db, reader, wanted):
        fits = look.meaning.fits
        fitting = ((look, row, fit) for row in rows if (fit := fits(row, look.values)))
        yield from islice(fitting, SEEN)


_C = MarkRow.table.c


def _parameter(meaning: str, value: str) -> sa.BindParameter[str]:
    return sa.bindparam(f"{meaning}_{value}", type_=sa.Text())


def _as(why: str, score: float) -> Callable[[Any, Mapping[str, str]], tuple[str, float]]:
    return lambda row, told: (why, score)


def _plate(row: Any, query: Mapping[str, str]) -> tuple[str, float]:
    return ("plate", 1.0) if row.normal == query["normal"] else ("plate fits", 0.9)


def _caught(row: Any, query: Mapping[str, str]) -> tuple[str, float] | None:
    return ("part of the plate", 0.8) if forms.plate_matches(row.alike, query["alike"]) else None


#: A text as a part of a plate. Look-alike characters count as the same; `_` matches any character.
_PLATE = MarkMeaning("plate", "vehicle", _C.alike.like(_parameter("plate", "alike")), _plate)
#: A text as one half of a plate; the other half may have been misheard. At most `HALVES` plates
#: with this half are returned.
_LIKE = _C.alike.like(_parameter("half", "alike"))
_HALF = MarkMeaning("half", "vehicle", _LIKE, _plate, most=HALVES)
#: A text as a whole plate, which may match partial plates in the store.
_CAUGHT = MarkMeaning("caught", "vehicle", _C.normal.contains("*"), _caught, each=False, most=None)
_PHONE = MarkMeaning(
    "phone", "phone", _C.normal == _parameter("phone", "normal"), _as("number", 1.0)
)
_ENDS = _C.normal.like(_parameter("ending", "end"))
_PHONE_END = MarkMeaning("ending", "phone", _ENDS, _as("number ends so", 0.85))
_BEGINS = sa.and_(_C.normal >= _parameter("post", "begin"), _C.normal < _parameter("post", "end"))
_POSTCODE = MarkMeaning("post", "postcode", _BEGINS, _as("postcode", 1.0))
_HANDLE = MarkMeaning(
    "handle", "handle", _C.normal == _parameter("handle", "normal"), _as("handle", 1.0)
)
_SAME = sa.and_(_C.normal != _parameter("same", "normal"), _C.alike == _parameter("same", "alike"))
_HANDLE_ELSEWHERE = MarkMeaning("same", "handle", _SAME, _as("same name, another platform", 0.9))
_MORE = sa.and_(_C.alike > _parameter("more", "alike"), _C.alike < _parameter("more", "end"))
_HANDLE_BEGIN = MarkMeaning("more", "handle", _MORE, _as("handle begins so", 0.8))


def _looks(text: str, plates: MarkMeaning) -> Iterator[MarkReading]:
    spoken = forms.in_figures(forms.fold(text))
    if any(char.isdigit() for char in spoken) or text.isupper() or forms.plate(text):
        yield from _plates(text, plates)
    if any(char.isdigit() for char in spoken):
        if phone := forms.phone(text):
            yield MarkReading(text, _PHONE, {"normal": phone.e164})
        elif digits := forms.phone_ending(text):
            yield MarkReading(text, _PHONE_END, {"end": f"%{digits}"}, (ending(digits),))
        if postcode := forms.postcode(text):
            yield MarkReading(text, _POSTCODE, {"begin": postcode, "end": postcode + BEHIND})
    if handle := forms.handle(text):
        name = forms.handle_name(handle)
        part = (beginning(name),)
        yield MarkReading(text, _HANDLE, {"normal": handle})
        yield MarkReading(text, _HANDLE_ELSEWHERE, {"normal": handle, "alike": name}, part)
        begins = {"alike": name, "end": name + BEHIND}
        yield MarkReading(text, _HANDLE_BEGIN, begins, part if len(name) >= HANDLE_START else ())


def _plates(text: str, meaning: MarkMeaning) -> Iterator[MarkReading]:
    partial, whole = forms.plate_partial(text), forms.plate(text)
    if partial is None:
        return
    core = forms.confusables(partial.strip("*"))
    fits = {"alike": f"%{core.replace('*', '_')}%", "normal": whole.normal if whole else ""}
    yield MarkReading(text, meaning, fits, parts_in(core))
    if whole:
        full = forms.confusables(whole.normal)
        runs = {full[at:end] for end in range(len(full) + 1) for at in range(end + 1)}
        parts = tuple(f"*{run}" for run in sorted(runs))
        yield MarkReading(text, _CAUGHT, {"alike": full}, parts)


def parts_in(core: str) -> tuple[str, ...]:
    """Return the parts (runs of known characters) by which a plate with the characters `core` is
    looked up. `*` in `core` means unknown characters; without two known characters side by side,
    the result is ().
    """
    runs = [run for run in core.split("*") if len(run) > 1]
    size = min(PLATE_PART, max(map(len, runs), default=0))
    return tuple(sorted({run[at : at + size] for run in runs for at in range(len(run) - size + 1)}))


@cache
def _often(dialect: sa.Dialect) -> sa.Select[str, int]:
    """Return the query that counts, for each part in the parameter `parts`, the stored marks with
    the part. It stops counting at the parameter `most`.
    """
    alias = texts(dialect, texts_at_once(dialect, "parts"), "a_part")
    part, most = PartRow.table.c.part, sa.bindparam("most", type_=sa.Integer())
    matching_parts = sa.select(part).where(part == alias.c.value).limit(most).correlate(alias)
    many = sa.select(sa.func.count()).select_from(matching_parts.subquery()).scalar_subquery()
    return sa.select(alias.c.value, many)


def rarest(db: Db, several: Collection[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Return, for each tuple in `several`, which has the parts of one mark, the part that the
    fewest stored marks (such as plates or phones) have. Very frequent parts are not counted
    exactly.
    """
    rarest_by_parts = dict[tuple[str, ...], str]()
    for most in RARE:
        wanted = [parts for parts in several if parts not in rarest_by_parts]
        if not wanted:
            break
        part_parameter = as_parameter(
            db.dialect, sorted({part for parts in wanted for part in parts})
        )
        result = db.execute(_often(db.dialect), {"parts": part_parameter, "most": most + 1})
        often: dict[str, int] = dict(result.all())
        for parts in wanted:
            least = min(parts, key=often.__getitem__)
            if often[least] <= most or most == RARE[-1]:
                rarest_by_parts[parts] = least
    return rarest_by_parts


def _marked(
    db: Db, reader: Reader, wanted: Iterable[MarkReading]
) -> Iterator[tuple[MarkReading, Sequence[Any]]]:
    """Yield each reading of a query with the newest stored marks that match it in SQL. One SQL
    query serves all readings of a text. If the reader sees few items, only the marks of these items
    are searched.
    """
    ask = _of_few_items if scope.sees_little(reader) else _newest
    for _, group in groupby(wanted, lambda look: look.text):
        looks = list(group)
        ways = tuple((look.meaning, bool(look.parts)) for look in looks)
        values: dict[str, object] = {}
        for look in looks:
            values |= look.named(db.dialect)
        rows_by_meaning = defaultdict[str, list[Any]](list)
        for row in db.execute(ask(ways, reader, db.dialect), values).all():
            rows_by_meaning[row.meaning].append(row)
        yield from (
            (look, rows_by_meaning[look.meaning.name][: look.meaning.most]) for look in looks
        )


_Ways = tuple[tuple[MarkMeaning, bool], ...]


@lru_cache(maxsize=PREPARED)
def _of_few_items(ways: _Ways, reader: Reader, dialect: sa.Dialect) -> sa.Select[Any]:
    """Return the query for the marks (such as plates and phones) that match these readings, for a
    reader who sees few items. The reader's rights are checked once, not for each reading.
    """
    # `concat` keeps the database from beginning with the kind, which selects many rows
    mark = _C.mark.concat("")
    conditions = [
        (mark_meaning.name, sa.and_(mark == mark_meaning.mark, mark_meaning.where))
        for mark_meaning, _ in ways
    ]
    meaning = sa.case(*((where, sa.literal(name)) for name, where in conditions)).label("meaning")
    seen = scope.sees(reader, _C.item, singly=True)
    fitting = sa.select(MarkRow.table, meaning).where(
        sa.or_(*(where for _, where in conditions)), seen
    )
    select = scope.from_few_items(dialect, reader, _C.item, fitting)
    return select.order_by(select.selected_columns.seq.desc())


@lru_cache(maxsize=PREPARED)
def _newest(ways: _Ways, reader: Reader, dialect: sa.Dialect) -> Selected:
    """Return the query for the newest marks that match these readings. For a reading with parts,
    the database looks marks up by a part.

    The query is cached, because building it takes longer than running it.
    """
    return after_another(
        [_matching_marks(meaning, reader, dialect, by_part=by_part) for meaning, by_part in ways]
    )


def _matching_marks(
    meaning: MarkMeaning, reader: Reader, dialect: sa.Dialect, *, by_part: bool
) -> sa.Select[Any]:
    seen, p = scope.sees(reader, _C.item, singly=True), PartRow.table.c
    name = sa.literal(meaning.name).label("meaning")
    base_select = sa.select(MarkRow.table, name).where(meaning.where, seen)
    if not by_part:
        of_kind = base_select.where(_C.mark == meaning.mark)
        return of_kind.order_by(_C.seq.desc()).limit(meaning.most)
    if not meaning.each:
        # an event with several of these parts is returned once
        parts = texts_at_once(dialect, f"{meaning.name}_part")
        events = sa.select(p.seq).where(is_one_of_parameter(p.part, parts))
        select_in_order = base_select.where(_C.mark == meaning.mark, _C.seq.in_(events))
        return select_in_order.order_by(_C.seq.desc()).limit(meaning.most)
    same = p.seq == _C.seq
    # PostgreSQL would otherwise begin with all marks of this kind
    if dialect.name == "postgresql":
        correlated = (
            base_select.where(same, _C.mark == meaning.mark).offset(0).correlate(PartRow.table)
        )
        lateral = correlated.lateral()
        select = sa.select(lateral).select_from(PartRow.table.join(lateral, sa.true()))
    # `concat` makes SQLite look up the part, and not read all marks of this kind
    else:
        select = base_select.where(_C.mark.concat("") == meaning.mark).join(PartRow.table, same)
    select = select.where(p.part == _parameter(meaning.name, "part"))
    return select.order_by(p.seq.desc()).limit(meaning.most)


def _hit(row: Any, why: str, score: float) -> RankedHit:
    return RankedHit(row.item, row.kind, row.normal, row.mark, why, placed(row.kind, score))
