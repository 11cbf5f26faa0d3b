"""Which plates, phones, handles and postcodes may be meant, whole or in part?"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import sqlalchemy as sa

from access import scope
from domain import forms
from domain.values import Reader
from projections.schema import Db, lacks, texts
from projections.search.index import HANDLE_START, PLATE_PART, MarkRow, PartRow, beginning, ending
from projections.search.ranking import SEEN, Hit, placed

#: Of several parts that were caught the rarest is looked up: so many of each are counted, and more
#: only where each has more.
RARE = (1_000, 10_000, 100_000)


@dataclass(frozen=True)
class Look:
    """One way in which something `told` may be a mark of a kind: what holds of such marks, and how
    each fits, with its score (None: it does not). It has all or (`each` false) one of the `parts`,
    if any are named."""

    told: str
    mark: str
    where: tuple[sa.ColumnElement[bool], ...]
    fits: Callable[[Any], tuple[str, float] | None]
    parts: tuple[str, ...] = ()
    each: bool = True
    most: int | None = SEEN


def looks(db: Db, words: Iterable[str]) -> list[Look]:
    """The ways in which these words may be plates, phones, handles and postcodes, or a part of one,
    each with the parts by which that is found. They are looked up whether or not there is such a
    mark: by how long it takes nobody learns what they may not see."""
    found = [look for told in words for look in _looks(told)]
    if lacks(db, PartRow, "part"):
        return [replace(look, parts=()) for look in found]
    by_parts = [(look, _found_by(db, look)) for look in found]
    return [replace(look, parts=parts) for look, parts in by_parts if parts or not look.parts]


def _found_by(db: Db, look: Look) -> tuple[str, ...]:
    """Of the parts of those that it looks up, those by which it finds them."""
    if len(look.parts) < 2:
        return look.parts
    if look.each:
        return (rarest(db, look.parts),)
    c = PartRow.table.c
    return tuple(db.execute(sa.select(c.part).where(c.part.in_(look.parts)).distinct()).scalars())


def hits(db: Db, reader: Reader, wanted: Iterable[Look]) -> Iterator[tuple[str, Hit]]:
    """The marks that are found so, each with what was told of it."""
    for look in wanted:
        fitting = ((row, fit) for row in _marked(db, reader, look) if (fit := look.fits(row)))
        for row, (why, score) in islice(fitting, SEEN):
            yield look.told, _hit(row, why, score)


def _looks(told: str) -> Iterator[Look]:
    c = MarkRow.table.c

    def look(
        mark: str,
        why: str,
        score: float,
        *where: sa.ColumnElement[bool],
        part: str | None = None,
    ) -> Look:
        parts = (part,) if part else ()
        return Look(told, mark, where, lambda _: (why, score), parts)

    spoken = forms.in_figures(forms.fold(told))
    if any(char.isdigit() for char in spoken) or told.isupper() or forms.plate(told):
        yield from _plates(told)
    if any(char.isdigit() for char in spoken):
        if phone := forms.phone(told):
            yield look("phone", "number", 1.0, c.normal == phone.e164)
        elif digits := forms.phone_ending(told):
            ends = c.normal.endswith(digits)
            yield look("phone", "number ends so", 0.85, ends, part=ending(digits))
        if postcode := forms.postcode(told):
            begins = c.normal >= postcode, c.normal < postcode + "\U0010ffff"
            yield look("postcode", "postcode", 1.0, *begins)
    if handle := forms.handle(told):
        name = forms.handle_name(handle)
        yield look("handle", "handle", 1.0, c.normal == handle)
        part = beginning(name) if len(name) >= HANDLE_START else None
        same = c.normal != handle, c.alike == name
        yield look("handle", "same name, another platform", 0.9, *same, part=beginning(name))
        longer = c.alike != name, c.alike.startswith(name, autoescape=True)
        yield look("handle", "handle begins so", 0.8, *longer, part=part)


def _plates(told: str) -> Iterator[Look]:
    """Plates that have these characters somewhere, look-alikes taken as one (an inner `*` is any
    character), and caught parts of the plate that was asked for."""
    asked, whole = forms.plate_partial(told), forms.plate(told)
    if asked is None:
        return
    c = MarkRow.table.c
    core = forms.confusables(asked.strip("*"))
    normal = whole.normal if whole else None
    yield Look(
        told,
        "vehicle",
        (c.alike.like("%" + core.replace("*", "_") + "%"),),
        lambda row: ("plate", 1.0) if row.normal == normal else ("plate fits", 0.9),
        parts=parts_in(core),
    )
    if whole:
        full = forms.confusables(whole.normal)
        runs = {full[at:end] for end in range(len(full) + 1) for at in range(end + 1)}
        yield Look(
            told,
            "vehicle",
            (c.normal.contains("*"),),
            lambda row: (
                ("part of the plate", 0.8) if forms.plate_matches(row.alike, full) else None
            ),
            parts=tuple(f"*{run}" for run in sorted(runs)),
            each=False,
            most=None,
        )


def parts_in(core: str) -> tuple[str, ...]:
    """The parts that every plate has in which this stands; none where no two characters stand
    together."""
    runs = [run for run in core.split("*") if len(run) > 1]
    size = min(PLATE_PART, max(map(len, runs), default=0))
    return tuple(sorted({run[at : at + size] for run in runs for at in range(len(run) - size + 1)}))


def rarest(db: Db, parts: Sequence[str]) -> str:
    """The one of these parts that the fewest marks have."""
    c, told, often = PartRow.table.c, texts(db, parts, "a_part"), dict[str, int]()
    for most in RARE:
        some = sa.select(c.part).where(c.part == told.c.value).limit(most + 1).correlate(told)
        many = sa.select(sa.func.count()).select_from(some.subquery()).scalar_subquery()
        often = dict(db.execute(sa.select(told.c.value, many)).all())
        if min(often.values()) <= most:
            break
    return min(parts, key=often.__getitem__)


def _marked(db: Db, reader: Reader, look: Look) -> list[Any]:
    """The newest marks that a look finds. Of somebody who reaches little they are found from their
    few items, and not from all marks or from a part."""
    table, p = MarkRow.table, PartRow.table.c
    c, seen = table.c, scope.sees(reader, table.c.item, singly=True)
    little = scope.sees_little(reader)
    kind = c.mark.concat("") if little else c.mark
    asked = sa.select(table).where(kind == look.mark, *look.where, seen)
    if not look.parts or little:
        asked = scope.from_little(db, reader, c.item, asked)
        newest = asked.order_by(asked.selected_columns.seq.desc())
        return list(db.execute(newest.limit(look.most)))
    same = sa.and_(p.normal == c.normal, p.item == c.item, p.seq == c.seq)
    if db.dialect.name == "postgresql":  # it would begin with all marks of this kind
        one = asked.where(same).limit(1).offset(0).correlate(PartRow.table).lateral()
        select = sa.select(one).select_from(PartRow.table.join(one, sa.true()))
    else:
        select = asked.join(PartRow.table, same)
    select = select.order_by(p.seq.desc()).limit(look.most)
    # one part after another: of several together SQLite would begin with all marks
    found = {
        (row.mark, row.normal, row.item, row.seq): row
        for part in look.parts
        for row in db.execute(select.where(p.part == part))
    }
    return sorted(found.values(), key=lambda row: -row.seq)[: look.most]


def _hit(row: Any, why: str, score: float) -> Hit:
    return Hit(row.item, row.kind, row.normal, row.mark, why, placed(row.kind, score))
