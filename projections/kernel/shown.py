"""Which families each user was shown, by day; and the words of names in the records, for comparison
with users' own names.

With this view, a user who looks at unusually many families is noticed without reading all accesses
again. The access log and the evidence log are read one after the other; the rows are the same
whether an item is shown before or after it is filed, filed elsewhere or named.

Erased items are removed at once. A family that was shown only by an erased item is counted until
the view is made again.

The file is long because it is one view.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Literal, TypeAlias, TypeVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from domain import forms
from domain.data_protection.access_log import RecordConsulted, unpacked
from domain.families.referral import CaseClosed, CaseOpened, CaseReopened, WorkerAllocated
from domain.forms.local import LONDON
from domain.intelligence.entity import (
    NameAdded,
    PersonRecorded,
    ThingRecorded,
)
from domain.intelligence.intelligence_report import ItemGraded
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader
from projections.kernel import case_filing
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.schema import View, rows

#: How a user was shown a family: by its case or an item filed in it, or by its child.
Via: TypeAlias = Literal["case", "child"]
#: The least number of letters with which a word of a name is used to compare names.
LEAST_LETTERS = 3
AT_ONCE = 500


@rows("shown_items", key=("item", "by", "team"))
class ItemRow(Struct, frozen=True):
    """The last day, by London time, on which a user of a team was shown this item."""

    table: ClassVar[sa.Table]
    item: UUID
    by: str
    team: str
    last: date


@rows("shown_newest", key=("by", "team"))
class NewestRow(Struct, frozen=True):
    """The last day on which a user of a team was shown anything."""

    table: ClassVar[sa.Table]
    by: str
    team: str
    last: date


@rows("shown_families", key=("by", "team", "case", "via"), index=(("last",), ("case",)))
class FamilyRow(Struct, frozen=True):
    """The last day on which a user of a team was shown an item of this case."""

    table: ClassVar[sa.Table]
    by: str
    team: str
    case: UUID
    via: Via
    last: date


@rows("shown_held", key=("item", "case"), index=(("case",),))
class HeldRow(Struct, frozen=True):
    """A case to which an item belongs, because the item is the case itself, its child, or filed in
    it.
    """

    table: ClassVar[sa.Table]
    item: UUID
    case: UUID
    via: Via


@rows("shown_cases", key=("case",), index=(("child",),))
class CaseRow(Struct, frozen=True):
    """A case and the workers allocated to it. `several` means that its child has had
    another case."""

    table: ClassVar[sa.Table]
    case: UUID
    child: UUID
    team: str
    worker_child: str | None = None
    worker_parents: str | None = None
    closed: bool = False
    several: bool = False

    def is_allocated_to(self, name: str, teams: Collection[str]) -> bool:
        """Return whether the case belongs to one of these teams, or this user is its worker."""
        return self.team in teams or name in (self.worker_child, self.worker_parents)


@rows("shown_names", key=("word", "entity"))
class WordRow(Struct, frozen=True):
    """A word of a present or former name of an entity."""

    table: ClassVar[sa.Table]
    word: str
    entity: UUID


def apply(fact: Recorded, batch: RowBatch) -> None:
    match fact.event:
        case RecordConsulted() as event:
            day = (event.at or fact.recorded).astimezone(LONDON).date()
            _looked(batch, fact.by, fact.team, day, dict.fromkeys(unpacked(event.ids)))
        case CaseOpened() as event:
            others = [
                row for row in batch.having(CaseRow, child=event.child) if row.case != fact.stream
            ]
            several = bool(others)
            batch.put(CaseRow(fact.stream, event.child, event.team, several=several))
            for row in others:
                batch.put(replace(row, several=True))
            _add_case(batch, fact.stream, fact.stream, "case")
            _add_case(batch, event.child, fact.stream, "child")
        case WorkerAllocated() as event:
            _change(batch, fact, **{f"worker_{event.allocated_for}": event.worker})
        case CaseClosed() | CaseReopened() as event:
            _change(batch, fact, closed=isinstance(event, CaseClosed))
        case ItemGraded() as event:
            filed = batch.having(HeldRow, item=event.observation, via="case")
            if filed and not batch.having(HeldRow, item=fact.stream, via="case"):
                _add_case(batch, fact.stream, filed[0].case, "case")
        case PersonRecorded() as event:
            _name(batch, fact, event.called or "")
        case NameAdded() as event:
            _name(batch, fact, event.name)
        case ThingRecorded() as event:
            is_place_or_incident = event.kind in ("place", "incident")
            _name(batch, fact, event.told if is_place_or_incident else event.normal)
        case event:
            if case := case_filing.case_of(event):
                _file(batch, fact.stream, case)


def ahead(facts: Sequence[Recorded], batch: RowBatch) -> None:
    """Read in advance the cases of the items that these facts file, and the users who were shown
    these items.
    """
    filed = dict.fromkeys(fact.stream for fact in facts if case_filing.case_of(fact.event))
    batch.among(HeldRow, "item", filed, via="case")
    batch.among(ItemRow, "item", filed)


def _looked(batch: RowBatch, by: str, team: str, day: date, ids: Collection[UUID]) -> None:
    newest = batch.get(NewestRow, by, team)
    # a later access was read before this one, so the stored day may be later
    if newest and day < newest.last:
        shown = batch.among(ItemRow, "item", ids, by=by, team=team)
        later = {row.item for row in shown if row.last >= day}
        ids = [item for item in ids if item not in later]
    elif newest is None or day > newest.last:
        batch.put(NewestRow(by, team, day))
    for item in ids:
        batch.put(ItemRow(item, by, team, day))
    families = {(row.case, row.via) for row in batch.among(HeldRow, "item", ids)}
    if newest and day < newest.last:
        _show(batch, by, team, families, day)
    else:
        for family in families:
            batch.put(FamilyRow(by, team, *family, day))


def _show(
    batch: RowBatch, by: str, team: str, families: Collection[tuple[UUID, Via]], day: date
) -> None:
    shown = batch.among(FamilyRow, "case", [case for case, _ in families], by=by, team=team)
    last_by_family = {(row.case, row.via): row.last for row in shown}
    for family in families:
        if family not in last_by_family or last_by_family[family] < day:
            batch.put(FamilyRow(by, team, *family, day))


def _add_case(batch: RowBatch, item: UUID, case: UUID, via: Via) -> None:
    """Store that an item belongs to a case. Users who were shown the item were therefore shown the
    family of the case.
    """
    batch.put(HeldRow(item, case, via))
    for row in batch.having(ItemRow, item=item):
        _show(batch, row.by, row.team, [(case, via)], row.last)


def _file(batch: RowBatch, item: UUID, case: UUID) -> None:
    """Store that an item is filed under this case, and under no other case."""
    before = batch.having(HeldRow, item=item, via="case")
    for row in before:
        if row.case != case:
            batch.drop(HeldRow, item, row.case)
            _show_without(batch, row.case)
    if not any(held_row.case == case for held_row in before):
        _add_case(batch, item, case, "case")


def _show_without(batch: RowBatch, case: UUID) -> None:
    """Update which users were shown a case, and when, after an item was moved out of the case: only
    accesses to the remaining items count.
    """
    left = batch.having(HeldRow, case=case, via="case")
    last: dict[tuple[str, str], date] = {}
    for row in batch.among(ItemRow, "item", [held_row.item for held_row in left]):
        who = row.by, row.team
        last[who] = max(last.get(who, row.last), row.last)
    for family in batch.having(FamilyRow, case=case, via="case"):
        if day := last.get((family.by, family.team)):
            batch.put(replace(family, last=day))
        else:
            batch.drop(FamilyRow, family.by, family.team, case, family.via)


def _change(batch: RowBatch, fact: Recorded, **changes: Any) -> None:
    if row := batch.get(CaseRow, fact.stream):
        batch.put(replace(row, **changes))


def _name(batch: RowBatch, fact: Recorded, name: str) -> None:
    for word in set(forms.tokens(name)):
        if len(word) >= LEAST_LETTERS:
            batch.put(WordRow(word, fact.stream))


VIEW = View(
    "shown",
    (ItemRow, NewestRow, FamilyRow, HeldRow, CaseRow, WordRow),
    apply,
    ("access", "evidence"),
    ahead=ahead,
    when_queried=True,
)


# --- queries ------------------------------------------------------------------------------------


class Families(Struct, frozen=True):
    """The number of foreign cases that a user was shown (cases on which neither the user nor a team
    of the user works), and the number of closed cases.
    """

    foreign: int
    closed: int


NONE = Families(0, 0)
_NOBODY: sa.ColumnElement[str] = sa.literal_column("''")


def families(
    db: Db, reader: Reader, teams: Mapping[str, Collection[str]], days: Collection[date]
) -> dict[str, Families]:
    """Return for each user in `teams` the number of foreign and of closed cases that they were last
    shown on one of these days. Only accesses about which the reader gets alerts are counted, even
    to cases that the reader may not see.

    `teams` has the teams of each user. A case is foreign if neither the user nor one of these teams
    works on it. If a child has several cases and the user works on one of them, seeing the child
    makes none of the others foreign.
    """
    f, c = FamilyRow.table.c, CaseRow.table.c
    # days in a list: for a condition "since the day …", SQLite would read all rows
    on = f.last.in_(sorted(days))
    theirs = [scope.may_see_access_of(reader, f.by, f.team, "see-alerts"), on]
    workers = [sa.func.coalesce(column, _NOBODY) for column in (c.worker_child, c.worker_parents)]
    works = f.by.in_(workers)
    plain = sa.or_(f.via == "case", sa.not_(c.several))
    counted = (
        sa.func.count(sa.distinct(sa.case((plain, f.case)))),
        sa.func.count(sa.distinct(sa.case((c.closed, f.case)))),
    )
    joined = sa.join(FamilyRow.table, CaseRow.table, c.case == f.case)
    select = sa.select(f.by, c.team, works, *counted).select_from(joined).where(*theirs)
    foreign, closed = defaultdict[str, int](int), defaultdict[str, int](int)
    for user, team, at_work, cases, over in db.execute(select.group_by(f.by, c.team, works)):
        closed[user] += over
        if not at_work and team not in teams.get(user, ()):
            foreign[user] += cases
    for user, cases in _of_siblings(db, teams, theirs).items():
        foreign[user] += len(cases)
    return {user: Families(foreign[user], closed[user]) for user in teams}


def _of_siblings(
    db: Db, teams: Mapping[str, Collection[str]], theirs: list[sa.ColumnElement[bool]]
) -> dict[str, set[UUID]]:
    """Return for each user the cases that they were shown only by being shown a child with several
    cases, if neither the user nor the user's team works on any case of the child.
    """
    f, c = FamilyRow.table.c, CaseRow.table.c
    joined = sa.join(FamilyRow.table, CaseRow.table, c.case == f.case)
    select = sa.select(f.by, c.child, f.case).select_from(joined).where(*theirs)
    shown = db.execute(select.where(f.via == "child", c.several).distinct()).all()
    siblings: dict[UUID, list[CaseRow]] = defaultdict(list)
    for portion in _portions({row.child for row in shown}):
        for row in db.execute(sa.select(CaseRow.table).where(c.child.in_(portion))):
            siblings[row.child].append(CaseRow(*row))
    found_items: dict[str, set[UUID]] = defaultdict(set)
    for user, child, case in shown:
        own = teams.get(user, ())
        if not any(sibling.is_allocated_to(user, own) for sibling in siblings[child]):
            found_items[user].add(case)
    for portion in _portions({case for cases in found_items.values() for case in cases}):
        counted = sa.select(f.by, f.case).where(*theirs, f.via == "case", f.case.in_(portion))
        for user, case in db.execute(counted):
            found_items[user].discard(case)
    return found_items


def bearing(
    db: Db, reader: Reader, words: Collection[str], first: date
) -> dict[str, dict[str, set[UUID]]]:
    """Return by user, and for each of these words, the items with the word in a present or former
    name that the user was shown since the day `first`. Only users about whom the reader gets alerts
    are included.
    """
    i, n = ItemRow.table.c, WordRow.table.c
    joined = sa.join(WordRow.table, ItemRow.table, i.item == n.entity)
    theirs = scope.may_see_access_of(reader, i.by, i.team, "see-alerts"), i.last >= first
    found_items: dict[str, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    for portion in _portions(words):
        select = sa.select(i.by, n.word, i.item).select_from(joined)
        for user, word, item in db.execute(select.where(n.word.in_(portion), *theirs)):
            found_items[user][word].add(item)
    return found_items


T = TypeVar("T", UUID, str)


def _portions(wanted: Collection[T]) -> Iterator[list[T]]:
    """Yield the values in order, in portions. If there are none, yield one empty portion, so that
    the number of statements does not reveal this.
    """
    ordered = sorted(wanted)
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered) or 1, AT_ONCE))
