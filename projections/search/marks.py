"""Which plates, phones, handles and postcodes may be meant, whole or in part?"""

from collections.abc import Sequence
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


def hits(db: Db, reader: Reader, told: str) -> list[Hit]:
    """The plates, phones, handles and postcodes that this may be, or a part of."""
    c = MarkRow.table.c
    found: list[Hit] = []

    def look(
        mark: str, why: str, score: float, *where: sa.ColumnElement[bool], part: str | None = None
    ) -> None:
        marked = _marked(db, reader, mark, *where, parts=[part] if part else [])
        found.extend(_hit(row, why, score) for row in marked)

    spoken = forms.in_figures(forms.fold(told))
    if any(char.isdigit() for char in spoken) or told.isupper() or forms.plate(told):
        found += _plates(db, reader, told)
    if any(char.isdigit() for char in spoken):
        if phone := forms.phone(told):
            look("phone", "number", 1.0, c.normal == phone.e164)
        elif digits := forms.phone_ending(told):
            ends = c.normal.endswith(digits)
            look("phone", "number ends so", 0.85, ends, part=ending(digits))
        if postcode := forms.postcode(told):
            begins = c.normal >= postcode, c.normal < postcode + "\U0010ffff"
            look("postcode", "postcode", 1.0, *begins)
    if handle := forms.handle(told):
        name = forms.handle_name(handle)
        look("handle", "handle", 1.0, c.normal == handle)
        part = beginning(name) if len(name) >= HANDLE_START else None
        same = c.normal != handle, c.alike == name
        look("handle", "same name, another platform", 0.9, *same, part=beginning(name))
        longer = c.alike != name, c.alike.startswith(name, autoescape=True)
        look("handle", "handle begins so", 0.8, *longer, part=part)
    return found


def _plates(db: Db, reader: Reader, told: str) -> list[Hit]:
    """Plates that have these characters somewhere, look-alikes taken as one (an inner `*` is any
    character), and caught parts of the plate that was asked for."""
    asked, whole = forms.plate_partial(told), forms.plate(told)
    if asked is None:
        return []
    c = MarkRow.table.c
    core = forms.confusables(asked.strip("*"))
    found = [
        _hit(row, "plate", 1.0)
        if whole and row.normal == whole.normal
        else _hit(row, "plate fits", 0.9)
        for row in _marked(
            db,
            reader,
            "vehicle",
            c.alike.like("%" + core.replace("*", "_") + "%"),
            parts=rarest(db, core),
        )
    ]
    if whole:
        full = forms.confusables(whole.normal)
        runs = {full[at:end] for end in range(len(full) + 1) for at in range(end + 1)}
        runs_of = [f"*{run}" for run in sorted(runs)]
        caught = _marked(db, reader, "vehicle", c.normal.contains("*"), parts=runs_of, most=None)
        fitting = (row for row in caught if forms.plate_matches(row.alike, full))
        found += [_hit(row, "part of the plate", 0.8) for row in islice(fitting, SEEN)]
    return found


def rarest(db: Db, core: str) -> list[str]:
    """Of the parts that stand in what was caught, the one that the fewest plates have; none where
    no two characters stand together."""
    runs = [run for run in core.split("*") if len(run) > 1]
    size = min(PLATE_PART, max(map(len, runs), default=0))
    parts = {run[at : at + size] for run in runs for at in range(len(run) - size + 1)}
    if len(parts) < 2 or lacks(db, PartRow, "part"):
        return sorted(parts)
    c, told, often = PartRow.table.c, texts(db, sorted(parts), "a_part"), dict[str, int]()
    for most in RARE:
        some = sa.select(c.part).where(c.part == told.c.value).limit(most + 1).correlate(told)
        many = sa.select(sa.func.count()).select_from(some.subquery()).scalar_subquery()
        often = dict(db.execute(sa.select(told.c.value, many)).all())
        if min(often.values()) <= most:
            break
    return [min(sorted(parts), key=often.__getitem__)]


def _marked(
    db: Db,
    reader: Reader,
    mark: str,
    *where: sa.ColumnElement[bool],
    parts: Sequence[str] = (),
    most: int | None = SEEN,
) -> list[Any]:
    """The newest marks of a kind of which this holds and that have one of the parts, if any are
    named. Of somebody who reaches little they are found from their few items, and not from all
    marks or from a part."""
    table, p = MarkRow.table, PartRow.table.c
    c, seen = table.c, scope.sees(reader, table.c.item, singly=True)
    little = scope.sees_little(reader)
    kind = c.mark.concat("") if little else c.mark
    asked = sa.select(table).where(kind == mark, *where, seen)
    if not parts or little or lacks(db, PartRow, "part"):
        asked = scope.from_little(db, reader, c.item, asked)
        return list(db.execute(asked.order_by(asked.selected_columns.seq.desc()).limit(most)))
    same = sa.and_(p.normal == c.normal, p.item == c.item, p.seq == c.seq)
    if db.dialect.name == "postgresql":  # it would begin with all marks of this kind
        one = asked.where(same).limit(1).offset(0).correlate(PartRow.table).lateral()
        select = sa.select(one).select_from(PartRow.table.join(one, sa.true()))
    else:
        select = asked.join(PartRow.table, same)
    select = select.order_by(p.seq.desc()).limit(most)
    # one part after another: of several together SQLite would begin with all marks
    found = {
        (row.mark, row.normal, row.item, row.seq): row
        for part in _held(db, parts)
        for row in db.execute(select.where(p.part == part))
    }
    return sorted(found.values(), key=lambda row: -row.seq)[:most]


def _held(db: Db, parts: Sequence[str]) -> Sequence[str]:
    """Those of these parts that some mark has."""
    c = PartRow.table.c
    if len(parts) == 1:
        return parts
    return db.execute(sa.select(c.part).where(c.part.in_(parts)).distinct()).scalars().all()


def _hit(row: Any, why: str, score: float) -> Hit:
    return Hit(row.item, row.kind, row.normal, row.mark, why, placed(row.kind, score))
